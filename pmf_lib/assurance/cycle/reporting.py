"""The report on a quarter on its way up: which level heard it when, and how long after the quarter's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.checks.minutes import heard, held
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import parse_quarter

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
"""Level → the body that hears a quarter's report there, as records name it. Which levels a report goes to, and in which
order, is the framework's to say (``reporting_route`` of its ``bodies.yml``)."""
LAGS = ("quarter", "level", "unit", "service", "meeting_id", "held_on", "lag_days")
ROUTES = ("quarter", "level", "units_n", "first_on", "last_on", "lag_days", "state")


def reporting_lag(evidence: Evidence, item: str = REPORT) -> pd.DataFrame:
    """When each quarter's report was first heard, by whom: one row per quarter, level, unit and service.

    Columns: quarter, level (of the framework's ``reporting_route``), unit (id of the directorate), service, meeting_id, held_on, lag_days (days from the
    quarter's end to the meeting). Only items that name the quarter which they report on are counted. Of a directorate it is
    its own way: its services and its board, then the bodies of the whole council.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    route = evidence.framework.reporting_route
    evidence, levels = _on_the_way(evidence), {ROUTE[level]: level for level in route}
    services = held(evidence)[["meeting_id", "service"]]
    rows = heard(evidence, *levels, item=item).drop(columns="service").merge(services, on="meeting_id")
    rows = rows[rows["quarter"] != ""]
    rows = rows.assign(level=rows["body"].map(levels), unit=rows["directorate"])
    first = rows.sort_values(["held_on", "meeting_id"]).drop_duplicates(
        ["quarter", "level", "unit", "service"]
    )
    ends = {label: pd.Timestamp(parse_quarter(label).end) for label in first["quarter"].unique()}
    first = first.assign(lag_days=(first["held_on"] - pd.to_datetime(first["quarter"].map(ends))).dt.days)
    return _in_route(first, route, "unit", "service")[list(LAGS)]


def reporting_route(lags: pd.DataFrame, levels: Sequence[str] = tuple(ROUTE)) -> pd.DataFrame:
    """How far each quarter's report got: one row per quarter and level (in this order), from rows of `reporting_lag`.

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
    every = pd.MultiIndex.from_product([sorted(lags["quarter"].unique()), levels], names=["quarter", "level"])
    route = found.reindex(every).reset_index()
    return route.assign(units_n=route["units_n"].fillna(0).astype(int), state=_states(route))[list(ROUTES)]


def _on_the_way(evidence: Evidence) -> Evidence:
    """The same evidence, its meetings with those of the whole council's bodies."""
    meetings, agenda = evidence.of_council("meetings"), evidence.of_council("agenda")
    own = meetings["directorate"].isin(["", evidence.directorate]) | (evidence.directorate == "")
    return replace(evidence, tables={**evidence.tables, "meetings": meetings[own], "agenda": agenda})


def _states(route: pd.DataFrame) -> pd.Series[str]:
    """The state of each quarter's level, the levels in order."""
    first = route["first_on"]
    before = first.groupby(route["quarter"]).shift().groupby(route["quarter"]).ffill()
    later = first.groupby(route["quarter"]).bfill()
    state = pd.Series("heard", route.index).mask(first < before, "early")
    return state.mask(first.isna(), "awaited").mask(first.isna() & later.notna(), "skipped")


def _in_route(rows: pd.DataFrame, levels: Sequence[str], *then: str) -> pd.DataFrame:
    """The rows by quarter, and in the order of the route."""
    place = rows["level"].map({level: n for n, level in enumerate(levels)})
    ordered = rows.assign(place=place).sort_values(["quarter", "place", *then], kind="stable")
    return ordered.drop(columns="place").reset_index(drop=True)
