"""What records other than events tell of a month that a timetable names: plans that went live, conversations that were held.

Which records tell of a month, the framework's own clauses say: the one whose test asks for that month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.clauses import Clause, Parameter
from pmf_lib.periods import Period

Told = tuple[str, str]
"""State of a month's activity, and what the records say of it."""


def told_by_records(evidence: Evidence, month: Period) -> Told | None:
    """State and note of what the framework asks of a month; None where no clause asks anything of it."""
    for clause in evidence.framework.clauses:
        if clause.check in _TELLERS and _month(clause) == month.start.month:
            return _told(evidence, clause, month)
    return None


def _told(evidence: Evidence, clause: Clause, month: Period) -> Told:
    """As the clause's records tell; what is not recorded in a month that is not over may still come."""
    table = _TABLES[clause.check]
    if table not in evidence.sent:
        return "unknown", f"Nobody sent the table of {table}."
    state, note = _TELLERS[clause.check](evidence, clause.parameters, month)
    return ("awaited", "") if state != "recorded" and month.end >= evidence.as_at else (state, note)


def _month(clause: Clause) -> int:
    """The number of the month that the clause's test asks for."""
    told = clause.parameters
    return int(str(told["month"])) if "month" in told else int(str(told.get("by", "03-31")).split("-")[0])


def _plans_live(evidence: Evidence, told: Mapping[str, Parameter], month: Period) -> Told:
    """Did plans of these levels that began in the year begin in the month?"""
    plans, levels = evidence.kept("plans"), told["levels"]
    wanted = plans["level"].isin(levels if isinstance(levels, tuple) else [str(levels)])
    year = month.financial_year
    began = plans.loc[wanted & _within(plans["valid_from"], year, evidence), "valid_from"]
    if began.empty:
        return "unknown", f"No plan that began in {year.label} is recorded."
    live = int(_within(began, month, evidence).sum())
    note = f"{live} of {_plans(len(began))} that began in {year.label} went live in {month.words}."
    return ("recorded" if live else "missed"), note


def _conversations_held(evidence: Evidence, told: Mapping[str, Parameter], month: Period) -> Told:
    """Had each service held its conversations of the year with the share of staff that is asked?"""
    rows, year = evidence.kept("conversations"), month.financial_year
    rows = rows[(rows["year"] == year.label) & (rows["staff_n"] > 0)]
    if rows.empty:
        return "unknown", f"No conversations of {year.label} are recorded."
    is_short = rows["held_n"].fillna(0) * 100 < rows["staff_n"] * float(str(told["percent"]))
    held, staff = rows["held_n"].sum(), rows["staff_n"].sum()
    note = f"{held:,.0f} of {staff:,.0f} staff had theirs for {year.label}"
    short = f"; {int(is_short.sum())} of {len(rows)} services held too few" if is_short.any() else ""
    return ("missed" if is_short.any() else "recorded"), f"{note}{short}."


def _within(days: pd.Series[pd.Timestamp], period: Period, evidence: Evidence) -> pd.Series[bool]:
    """Which days lie in a period and had come by the as-at date."""
    last = min(period.end, evidence.as_at)
    return days.between(pd.Timestamp(period.start), pd.Timestamp(last))


def _plans(count: int) -> str:
    return f"{count:,} plan" + ("s" if count != 1 else "")


_TELLERS: Mapping[str, Callable[[Evidence, Mapping[str, Parameter], Period], Told]] = {
    "plan_starts_in": _plans_live,
    "conversations_are_held": _conversations_held,
}
_TABLES = {"plan_starts_in": "plans", "conversations_are_held": "conversations"}
