"""The cycle as it was lived: what came before whom in which month, how long a quarter's report took, what followed a plan.

Facts for pictures and tables, not verdicts: those are the clause tests' (`pmf_lib.assurance.checks`).

==============  ===================================================================================
module          its frames
==============  ===================================================================================
``agendas``     ``asked_items``, ``agenda_calendar``: board agenda by month
``coverage``    ``item_chances``, ``coverage``, ``council_coverage``: each item once in the year
``year``        ``timetable_calendar``, ``year_calendar``: the timetable and the quarterly cycle
``reporting``   ``reporting_lag``, ``reporting_route``: a quarter's report on its way up
``planning``    ``planning_cycle``, ``stage_counts``: plan, do, check, act, dated in order
``attendance``  ``attendance``: the posts that clauses want at meetings
==============  ===================================================================================
"""

from pmf_lib.assurance.cycle.agendas import CALENDAR, MONTH_STATES, OFTEN, agenda_calendar, asked_items
from pmf_lib.assurance.cycle.attendance import attendance
from pmf_lib.assurance.cycle.coverage import (
    CHANCES,
    COVERAGE,
    OUTLOOKS,
    council_coverage,
    coverage,
    item_chances,
)
from pmf_lib.assurance.cycle.planning import CYCLE, STAGES, planning_cycle, stage_counts
from pmf_lib.assurance.cycle.reporting import (
    LAGS,
    REPORT,
    ROUTE,
    ROUTES,
    reporting_lag,
    reporting_route,
)
from pmf_lib.assurance.cycle.year import YEAR, YEAR_STATES, timetable_calendar, year_calendar

__all__ = [
    "CALENDAR",
    "CHANCES",
    "COVERAGE",
    "CYCLE",
    "LAGS",
    "MONTH_STATES",
    "OFTEN",
    "OUTLOOKS",
    "REPORT",
    "ROUTE",
    "ROUTES",
    "STAGES",
    "YEAR",
    "YEAR_STATES",
    "agenda_calendar",
    "asked_items",
    "attendance",
    "council_coverage",
    "coverage",
    "item_chances",
    "planning_cycle",
    "reporting_lag",
    "reporting_route",
    "stage_counts",
    "timetable_calendar",
    "year_calendar",
]
