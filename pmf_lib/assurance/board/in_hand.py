"""What is being done about each missed measure: the actions in hand with their days, or that none is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.common import by
from pmf_lib.assurance.escalation.answers import answers
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import date_words

NONE = "none"
UNKNOWN = "not known"


def in_hand(evidence: Evidence, missed: pd.DataFrame) -> dict[str, str]:
    """What is in hand about each missed measure, by measure_id: its actions with their days, in words; `NONE` where none is.

    `missed` has one row per missed measure. An action that is done is in hand until it can be told that it changed nothing
    (`pmf_lib.assurance.escalation.answers`). Where nobody sent the actions, it is `UNKNOWN`.
    """
    if "actions" not in evidence.sent:
        return dict.fromkeys(missed["measure_id"], UNKNOWN)
    rows = answers(evidence, missed)
    rows = rows[rows["is_in_hand"]].assign(done_on=by(rows["done_on"], evidence.as_at))
    lines = rows.to_dict("records")
    said = (
        pd.Series([_words(one) for one in lines], rows["measure_id"], dtype="str")
        .groupby(level=0)
        .agg("; ".join)
    )
    return dict.fromkeys(missed["measure_id"], NONE) | said.to_dict()


def _words(one: Mapping[Any, Any]) -> str:
    """An action with the day on which it was done, or by which it is due.

    >>> crew = {"title": "A new crew", "done_on": pd.NaT, "due_on": pd.Timestamp("2025-03-31")}
    >>> _words(crew), _words({**crew, "due_on": pd.NaT})
    ('“A new crew”, due on 31 March 2025', '“A new crew”, without a day')
    """
    if pd.notna(one["done_on"]):
        return f"“{one['title']}”, done on {date_words(one['done_on'].date())}"
    due = f"due on {date_words(one['due_on'].date())}" if pd.notna(one["due_on"]) else "without a day"
    return f"“{one['title']}”, {due}"
