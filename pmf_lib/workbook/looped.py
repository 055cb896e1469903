"""The closed loop of a unit's missed measures, as the board's page shows it and its notebook records it."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.workbook.book import Book


def closed_loop(book: Book, records: Evidence) -> pd.DataFrame:
    """One row per missed measure and action, as `pmf_lib.assurance.escalation.loop.closed_loop` has it.

    Without rows where nobody sent escalations or actions, and of published figures.
    """
    try:
        return loop.closed_loop(records, book.schemes.escalation) if records.is_own else _none()
    except NotSentError:
        return _none()


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=list(loop.LOOP_COLUMNS), dtype="str")
