"""The year's calendar: the framework's timetable item by item, and what comes up each quarter.

The dates of a timetable are examples, or indicative: one that went by without a record is an observation and fails nobody.
Duties of the quarterly cycle stand beside with their own force; whether one is met is for its clause's test to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.meetings import timetable
from pmf_lib.assurance.cycle.quarters import quarterly
from pmf_lib.assurance.cycle.told import Told, told_by_records
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.parts import Activity
from pmf_lib.periods import Period, containing, parse_quarter

YEAR = (
    *("kind", "stream", "what", "force", "source", "each_month", "quarter", "month"),
    *("state", "last_on", "note"),
)
YEAR_STATES = ("recorded", "missed", "awaited", "unknown")
"""What the records say of an item of the calendar; ``unknown``: they can't say."""
NO_REGISTER = "No register of events is kept."


def timetable_calendar(evidence: Evidence) -> pd.DataFrame:
    """The framework's timetable of the year, item by item: one row per activity, in the order of the timetable.

    Columns: those of `pmf_lib.assurance.checks.meetings.timetable`, and state: ``recorded``, ``missed``, or ``awaited`` where
    its quarter has not ended. No row where nobody keeps a register of events.

    Raises
    ------
    NotSentError
        Nobody sent the table of registers.
    """
    rows = timetable(evidence)
    ends = pd.Series([parse_quarter(label).end for label in rows["quarter"]], rows.index, dtype=object)
    state = pd.Series("recorded", rows.index).mask(rows["missing"] != "", "missed")
    return rows.assign(state=state.mask((rows["missing"] != "") & (ends > evidence.as_at), "awaited"))


def year_calendar(evidence: Evidence) -> pd.DataFrame:
    """The financial year as the framework has it: one row per item of its timetable, then per item and quarter of its cycle.

    Nothing is raised where a table was not sent: what it would tell is unknown.

    Returns
    -------
    DataFrame
        kind (``timetable`` or ``cycle``), stream (in the document's words; of the cycle the body), what, force, source
        (section), each_month (is it asked in each month?), quarter, month (``YYYY-MM``, '' where the text names none), state
        (of `YEAR_STATES`), last_on (the last day on which it was recorded), note (what the records say, or why they don't).

    Source: the framework's ``timetable.yml``, and its clauses that want an item before a body each quarter.
    """
    events = _events(evidence)
    rows = [_activity(evidence, one, events.get(one.id)) for one in evidence.framework.timetable]
    rows += [("cycle", *row) for row in quarterly(evidence)]
    made = pd.DataFrame(rows, columns=list(YEAR))
    texts = [name for name in YEAR if name not in ("each_month", "last_on")]
    made = made.astype(dict.fromkeys(texts, "str") | {"each_month": bool})
    return made.assign(last_on=pd.to_datetime(made["last_on"]).astype("datetime64[us]"))


def _events(evidence: Evidence) -> Mapping[str, Mapping[str, Any]]:
    """Activity → its row of the timetable, as the whole council's register of events has it; none where it is not kept."""
    if "registers" not in evidence.sent:
        return {}
    registers = {"registers": evidence.of_council("registers")}
    rows = timetable_calendar(replace(evidence, tables={**evidence.tables, **registers}))
    return dict(zip(rows["activity"], rows.to_dict("records"), strict=True))


def _activity(evidence: Evidence, one: Activity, event: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """The row of one item of the timetable."""
    quarter = containing("quarter", evidence.quarter.financial_year.start).shift(one.quarter - 1)
    month = _month(quarter, one.month)
    head = ("timetable", one.stream, one.what, one.force, one.source, one.frequency == "monthly")
    state, note = _told(evidence, month, event)
    last_on = event["last_on"] if event else pd.NaT
    return (*head, quarter.label, month.label if month else "", state, last_on, note)


def _told(evidence: Evidence, month: Period | None, event: Mapping[str, Any] | None) -> Told:
    """State and note of an item: as its events tell, else as records of its month do."""
    told = told_by_records(evidence, month) if month else None
    if told and not (event and event["events_n"]):
        return told
    if event is None:
        return "unknown", NO_REGISTER
    is_missed = event["state"] == "missed"
    return event["state"], f"No event records it in {event['missing']}." if is_missed else ""


def _month(quarter: Period, number: int) -> Period | None:
    """The month of a quarter with this number; None where the timetable names none, or one of another quarter."""
    months = [containing("month", quarter.start).shift(step) for step in range(3)]
    return next((month for month in months if month.start.month == number), None)
