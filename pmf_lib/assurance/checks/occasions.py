"""Did the occasion of a duty arise? What clause tests need to say that it is known that nothing did.

A register without a row in the whole council tells nothing of any unit: that nobody keeps it is as likely as that nothing
happened.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.evidence import Answer, Evidence, or_nothing_arose
from pmf_lib.periods import date_words

RATED = ("met", "near", "missed")
"""States of a measure that was rated against a target."""


def none_missed(evidence: Evidence, answer: Answer) -> Answer:
    """The answer of a test of missed measures; where measures were rated and none missed its target, that nothing arose."""
    rated = len(evidence.rated_as(*RATED))
    of = "the one that was rated" if rated == 1 else f"{rated:,} that were rated"
    return or_nothing_arose(
        answer, is_none_missed(evidence), f"no measure missed its target in the quarter, of {of}"
    )


def is_none_missed(evidence: Evidence) -> bool:
    """Were measures rated for the quarter, and did none of them miss its target?"""
    return bool(len(evidence.rated_as(*RATED))) and evidence.rated_as("missed").empty


def is_kept(evidence: Evidence, *tables: str) -> bool:
    """Does each of these tables hold a row of anybody in the council?"""
    return all(table in evidence.sent and len(evidence.of_council(table)) for table in tables)


def acts(evidence: Evidence, actions: pd.DataFrame) -> bool:
    """Is it known which actions the unit took: it has some, or others have and no measure of its own called for one?"""
    return bool(len(actions)) or (is_kept(evidence, "actions") and is_none_missed(evidence))


def is_dated(rows: pd.DataFrame, day: str, *ends: str) -> bool:
    """Has each row a day of this kind, but for those that have ended?"""
    ended = rows[list(ends)].notna().any(axis=1) if ends else pd.Series(False, rows.index)
    return bool((rows[day].notna() | ended).all())


def year_to(evidence: Evidence) -> str:
    """The twelve months before the as-at date, in words."""
    return f"the twelve months to {date_words(evidence.as_at)}"
