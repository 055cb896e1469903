"""The cycle as it was lived: what came before whom in which month, how long a quarter's report took, what followed a plan.

Facts for pictures and tables, not verdicts: those are the clause tests' (`pmf_lib.assurance.checks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.checks.common import by, in_words, plans_in_force
from pmf_lib.assurance.checks.meetings import timetable
from pmf_lib.assurance.checks.minutes import BOARDS, heard, held, item_title
from pmf_lib.assurance.checks.turns import this_year
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.clauses import Parameter
from pmf_lib.framework.model import Framework
from pmf_lib.periods import Period, containing, parse_quarter

REPORT = "performance-report"
"""The item of an agenda that is the report on a quarter's performance."""
ROUTE: Mapping[str, str] = MappingProxyType(
    {
        "service": "service-meeting",
        "directorate": "directorate-board",
        "cmt": "cmt",
        "cabinet": "cabinet",
        "scrutiny": "scrutiny",
    }
)
"""Level → the body that hears a quarter's report there, the first level first."""
STAGES: Mapping[str, str] = MappingProxyType(
    {"plan": "planned_on", "do": "delivered_on", "check": "checked_on", "act": "acted_on"}
)
"""Stage of the planning cycle → the column of objectives with its day."""
DONE = {"planned_on": "planned", "delivered_on": "delivered", "checked_on": "checked", "acted_on": "acted on"}
CALENDAR = ("body", "unit", "item", "title", "month", "held", "on_agenda")
LAGS = ("quarter", "level", "unit", "service", "meeting_id", "held_on", "lag_days")
CYCLE = (
    *("objective_id", "plan_id", "title", "owner", "due_on", *STAGES.values()),
    *("stage", "is_in_order", "why", "source_file", "source_row"),
)
ROUTES = ("quarter", "level", "units_n", "first_on", "last_on", "lag_days", "state")


def asked_items(framework: Framework) -> pd.DataFrame:
    """What the framework wants on whose agenda: one row per body and item, in the order of its agendas, then of its clauses.

    Columns: body, item, title.
    """
    agendas = [(body, one.id) for agenda in framework.agendas for body in BOARDS for one in agenda.items]
    told = [one.parameters for one in framework.clauses if one.check == "item_was_on_agenda"]
    pairs = dict.fromkeys([*agendas, *((str(one["body"]), str(one["item"])) for one in told)])
    rows = [(body, item, item_title(framework, item)) for body, item in pairs]
    return pd.DataFrame(rows, columns=["body", "item", "title"], dtype="str")


def agenda_calendar(evidence: Evidence, year: Period | None = None) -> pd.DataFrame:
    """Board agenda by month, for a picture of the year: one row per body, unit, item that the framework asks for, and month.

    Parameters
    ----------
    evidence
        The records of a unit as they stood at a date; bodies of which no meeting is recorded are left out.
    year
        A financial year; the quarter's, where none is given.

    Returns
    -------
    DataFrame
        body, unit (id of the directorate, '' for a body of the whole council), item, title, month (``YYYY-MM``, April first),
        held (meetings of the body held in the month), on_agenda (those of them that had the item). A month yet to come has
        neither.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    asked = asked_items(evidence.framework)
    meetings = _by_month(held(evidence, *asked["body"].unique()))
    items = _by_month(heard(evidence, *asked["body"].unique())).drop_duplicates(["meeting_id", "item"])
    units = meetings[["body", "unit"]].drop_duplicates()
    grid = asked.merge(units, on="body").merge(_months(year or evidence.quarter.financial_year), how="cross")
    grid = _counted(grid, meetings, ["body", "unit", "month"], "held")
    return _counted(grid, items, ["body", "unit", "item", "month"], "on_agenda")[list(CALENDAR)]


def timetable_calendar(evidence: Evidence) -> pd.DataFrame:
    """The framework's timetable of the year, item by item: one row per activity, in the order of the timetable.

    Columns: those of `pmf_lib.assurance.checks.meetings.timetable`, and state: ``recorded``, ``missed``, or ``awaited`` where
    its quarter has not ended.

    Raises
    ------
    NotSentError
        Nobody sent the table of registers.
    """
    rows = timetable(evidence)
    ends = pd.Series([parse_quarter(label).end for label in rows["quarter"]], rows.index, dtype=object)
    state = pd.Series("recorded", rows.index).mask(rows["missing"] != "", "missed")
    return rows.assign(state=state.mask((rows["missing"] != "") & (ends > evidence.as_at), "awaited"))


def attendance(evidence: Evidence) -> pd.DataFrame:
    """Who came, of the posts that the framework's clauses want: one row per body, unit and post, in the year so far.

    Columns: body, unit (id of the directorate, or ''), post (words of it), meetings_n (that name who was present), present_n.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings.
    """
    told = [one.parameters for one in evidence.framework.clauses if one.check == "post_was_present"]
    wanted = [(str(one["body"]), str(post)) for one in told for post in _listed(one["posts"])]
    met = held(evidence)
    met = met[this_year(evidence).holds(met["held_on"]) & (met["present"] != "")]
    rows = pd.DataFrame(list(dict.fromkeys(wanted)), columns=["body", "post"], dtype="str").merge(
        met, on="body"
    )
    came = [
        post.casefold() in there.casefold() for post, there in zip(rows["post"], rows["present"], strict=True)
    ]
    rows = rows.assign(came=pd.Series(came, rows.index, dtype=bool), unit=rows["directorate"])
    found = rows.groupby(["body", "unit", "post"], sort=False)["came"].agg(["size", "sum"]).reset_index()
    return found.rename(columns={"size": "meetings_n", "sum": "present_n"})


def _listed(posts: Parameter) -> tuple[str, ...]:
    return posts if isinstance(posts, tuple) else (str(posts),)


def reporting_lag(evidence: Evidence, item: str = REPORT) -> pd.DataFrame:
    """When each quarter's report was first heard, by whom: one row per quarter, level, unit and service.

    Columns: quarter, level (of `ROUTE`), unit (id of the directorate), service, meeting_id, held_on, lag_days (days from the
    quarter's end to the meeting). Only items that name the quarter which they report on are counted. Of a directorate it is
    its own way: its services and its board, then the bodies of the whole council.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    evidence, levels = _on_the_way(evidence), {body: level for level, body in ROUTE.items()}
    services = held(evidence)[["meeting_id", "service"]]
    rows = heard(evidence, *levels, item=item).drop(columns="service").merge(services, on="meeting_id")
    rows = rows[rows["quarter"] != ""]
    rows = rows.assign(level=rows["body"].map(levels), unit=rows["directorate"])
    first = rows.sort_values(["held_on", "meeting_id"]).drop_duplicates(
        ["quarter", "level", "unit", "service"]
    )
    ends = {label: pd.Timestamp(parse_quarter(label).end) for label in first["quarter"].unique()}
    first = first.assign(lag_days=(first["held_on"] - pd.to_datetime(first["quarter"].map(ends))).dt.days)
    return _in_route(first, "unit", "service")[list(LAGS)]


def reporting_route(lags: pd.DataFrame) -> pd.DataFrame:
    """How far each quarter's report got: one row per quarter and level of `ROUTE`, from rows of `reporting_lag`.

    Returns
    -------
    DataFrame
        quarter, level, units_n (directorates and services that heard it there), first_on and last_on (days), lag_days (from
        the quarter's end to the last of them, missing where none did), state: ``heard``; ``early`` where the level heard it
        before one that comes before it; ``skipped`` where only later levels heard it; ``awaited`` where none did from here on.
    """
    found = lags.groupby(["quarter", "level"]).agg(
        units_n=("meeting_id", "size"),
        first_on=("held_on", "min"),
        last_on=("held_on", "max"),
        lag_days=("lag_days", "max"),
    )
    every = pd.MultiIndex.from_product([sorted(lags["quarter"].unique()), ROUTE], names=["quarter", "level"])
    route = found.reindex(every).reset_index()
    return route.assign(units_n=route["units_n"].fillna(0).astype(int), state=_states(route))[list(ROUTES)]


def planning_cycle(evidence: Evidence) -> pd.DataFrame:
    """Plan, do, check, act, dated in order: one row per objective of a plan in force.

    Returns
    -------
    DataFrame
        objective_id, plan_id, title, owner, due_on, the days of `STAGES` (one after the as-at date is empty), stage (the last
        that was reached without a gap: a key of `STAGES`, or ''), is_in_order, why (what is amiss with the first stage that
        is out of order, or ''), source_file, source_row.

    Raises
    ------
    NotSentError
        Nobody sent the table of plans, or of objectives.
    """
    objectives, plans = evidence.kept("objectives"), plans_in_force(evidence)["plan_id"]
    rows = objectives[objectives["plan_id"].isin(plans)].reset_index(drop=True)
    rows = rows.assign(**{day: by(rows[day], evidence.as_at) for day in STAGES.values()})
    reached = rows[list(STAGES.values())].notna().cumprod(axis=1).sum(axis=1)
    why = _out_of_order(rows)
    made = rows.assign(stage=reached.map(dict(enumerate(["", *STAGES]))), is_in_order=why == "", why=why)
    return made[list(CYCLE)]


def _on_the_way(evidence: Evidence) -> Evidence:
    """The same evidence, its meetings with those of the whole council's bodies."""
    meetings, agenda = evidence.of_council("meetings"), evidence.of_council("agenda")
    own = meetings["directorate"].isin(["", evidence.directorate]) | (evidence.directorate == "")
    return replace(evidence, tables={**evidence.tables, "meetings": meetings[own], "agenda": agenda})


def _out_of_order(rows: pd.DataFrame) -> pd.Series[str]:
    """Of each objective the first stage that came without, or before, the one before it, in a sentence."""
    words, why = in_words(rows, *STAGES.values()), pd.Series("", rows.index, dtype="str")
    days = list(STAGES.values())
    for before, stage in pairwise(days):
        gap = rows[stage].notna() & rows[before].isna()
        turned = rows[stage] < rows[before]
        head = f"It was {DONE[stage]} on " + words[stage]
        said = (head + f", and no day is recorded on which it was {DONE[before]}.").where(gap, "")
        said = said.mask(turned, head + f", before it was {DONE[before]} on " + words[before] + ".")
        why = why.where(why != "", said)
    return why


def _states(route: pd.DataFrame) -> pd.Series[str]:
    """The state of each quarter's level, the levels in order."""
    first = route["first_on"]
    before = first.groupby(route["quarter"]).shift().groupby(route["quarter"]).ffill()
    later = first.groupby(route["quarter"]).bfill()
    state = pd.Series("heard", route.index).mask(first < before, "early")
    return state.mask(first.isna(), "awaited").mask(first.isna() & later.notna(), "skipped")


def _by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Meetings (or items of them) with the month in which they were held, and their unit."""
    return rows.assign(month=rows["held_on"].dt.strftime("%Y-%m"), unit=rows["directorate"])


def _months(year: Period) -> pd.DataFrame:
    """The months of a year, in order."""
    first = containing("month", year.start)
    return pd.DataFrame({"month": [first.shift(step).label for step in range(12)]})


def _counted(grid: pd.DataFrame, rows: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    """The grid with a column more: how many of the rows there are of each key."""
    counted = rows.groupby(keys).size().rename(name).reset_index()
    return grid.merge(counted, on=keys, how="left").fillna({name: 0}).astype({name: int})


def _in_route(rows: pd.DataFrame, *then: str) -> pd.DataFrame:
    """The rows by quarter, and in the order of the route."""
    place = rows["level"].map({level: n for n, level in enumerate(ROUTE)})
    ordered = rows.assign(place=place).sort_values(["quarter", "place", *then], kind="stable")
    return ordered.drop(columns="place").reset_index(drop=True)
