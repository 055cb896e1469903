"""The quarterly cycle: of each item that a body is to have each quarter, in which quarters of the year it came up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.minutes import NAMES, began, heard, held, item_title, reported_on
from pmf_lib.assurance.checks.turns import Span
from pmf_lib.assurance.clauses import asked_in
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.clauses import Clause
from pmf_lib.periods import Period, containing

NOTES = {
    "recorded": "",
    "awaited": "",
    "unknown": "Of this time no meeting of the body is recorded.",
    "missed": "It was not before the body for this quarter.",
}
NOT_SENT = "Meetings were not sent with their agendas."


def quarterly(evidence: Evidence) -> Iterator[tuple[Any, ...]]:
    """One row per item and quarter: body, item, force, source, False (not each month), quarter, '', state, last_on, note."""
    first = containing("quarter", evidence.quarter.financial_year.start)
    is_sent = {"meetings", "agenda"} <= evidence.sent
    for clause in _asked(evidence):
        body, item = str(clause.parameters["body"]), str(clause.parameters["item"])
        head = (NAMES[body], item_title(evidence.framework, item), clause.force, clause.source, False)
        had, since = _had(evidence, body, item) if is_sent else (None, None)
        for quarter in (first.shift(step) for step in range(4)):
            state, last_on = _state(had, quarter, since, evidence.as_at)
            yield (*head, quarter.label, "", state, last_on, NOTES[state] if is_sent else NOT_SENT)


def _asked(evidence: Evidence) -> list[Clause]:
    """Clauses of the unit that want an item before a body each quarter."""
    level = "directorate" if evidence.directorate else "council"
    asked = [one for one in asked_in(evidence.framework.clauses, level) if one.check == "item_was_on_agenda"]
    return [one for one in asked if one.parameters["per"] == "quarter"]


def _had(evidence: Evidence, body: str, item: str) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """When the body had the item, for what day it counts (`counts_on`), and since when its meetings are recorded."""
    had = heard(evidence, body, item=item)
    return had.assign(counts_on=reported_on(had)), began(held(evidence, body))


def _state(
    had: pd.DataFrame | None, quarter: Period, since: pd.Timestamp | None, as_at: date
) -> tuple[str, pd.Timestamp | None]:
    """State and last day of an item of one quarter; until the next quarter has ended it may still come."""
    if had is None or since is None:
        return "unknown", None
    own = had.loc[Span.of(quarter).holds(had["counts_on"]), "held_on"]
    if len(own):
        return "recorded", own.max()
    if quarter.shift(1).end >= as_at:
        return "awaited", None
    return ("missed" if pd.Timestamp(quarter.start) >= since else "unknown"), None
