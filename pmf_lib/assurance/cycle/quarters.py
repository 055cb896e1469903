"""The quarterly cycle: of each item that a body is to have each quarter, in which quarters of the year it came up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.agendas import of_panel
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
TOO_SELDOM = "It was before the body for this quarter, and not as often as is asked."
NOT_SENT = "Meetings were not sent with their agendas."


def quarterly(evidence: Evidence) -> Iterator[tuple[Any, ...]]:
    """One row per item and quarter: body, item, force, source, False (not each month), quarter, '', state, last_on, note."""
    first = containing("quarter", evidence.quarter.financial_year.start)
    is_sent = {"meetings", "agenda"} <= evidence.sent
    for clause in _asked(evidence):
        body, item = str(clause.parameters["body"]), str(clause.parameters["item"])
        panel, times = str(clause.parameters.get("panel", "")), int(str(clause.parameters["times"]))
        who = f"{NAMES[body]} ({panel})" if panel else NAMES[body]
        head = (who, item_title(evidence.framework, item), clause.force, clause.source, False)
        had, since, taken = _had(evidence, body, item, panel, times) if is_sent else (None, None, frozenset())
        for quarter in (first.shift(step) for step in range(4)):
            may_come = quarter.label not in taken and quarter.shift(1).end >= evidence.as_at
            state, last_on = _state(had, quarter, since, times=times, may_come=may_come)
            note = TOO_SELDOM if state == "missed" and last_on is not None else NOTES[state]
            yield (*head, quarter.label, "", state, last_on, note if is_sent else NOT_SENT)


def _asked(evidence: Evidence) -> list[Clause]:
    """Clauses of the unit that want an item before a body each quarter."""
    level = "directorate" if evidence.directorate else "council"
    asked = [one for one in asked_in(evidence.framework.clauses, level) if one.check == "item_was_on_agenda"]
    return [one for one in asked if one.parameters["per"] == "quarter"]


def _had(
    evidence: Evidence, body: str, item: str, panel: str, times: int
) -> tuple[pd.DataFrame, pd.Timestamp | None, frozenset[str]]:
    """When the body had the item (`counts_on`: for what day), since when its meetings are recorded, which quarters it took.

    A body took a quarter at as many meetings as are asked, of whose items any names that quarter: what was not before it then comes no more.
    """
    every, met = of_panel(heard(evidence, body), panel), of_panel(held(evidence, body), panel)
    taken = every.drop_duplicates(["meeting_id", "quarter"])["quarter"].value_counts()
    had = every[every["item"] == item].drop_duplicates(["meeting_id", "quarter"])
    return had.assign(counts_on=reported_on(had)), began(met), frozenset(taken.index[taken >= times])


def _state(
    had: pd.DataFrame | None, quarter: Period, since: pd.Timestamp | None, *, times: int, may_come: bool
) -> tuple[str, pd.Timestamp | None]:
    """State and last day of an item of one quarter; it may still come until the body took the quarter, or the next has ended."""
    if had is None or since is None:
        return "unknown", None
    own = had.loc[Span.of(quarter).holds(had["counts_on"]), "held_on"]
    last_on = own.max() if len(own) else None
    if len(own) >= times:
        return "recorded", last_on
    if may_come:
        return "awaited", last_on
    return ("missed" if pd.Timestamp(quarter.start) >= since else "unknown"), last_on
