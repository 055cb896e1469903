"""Made-up plans, from the council's own plan down to the services'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arranged import Council, Row, entered, workday
from arranged_form import Plan, Service
from arranged_meetings import after, board_of, cabinet_of

from pmf_lib.periods import Period

PARTS = (
    *("resources", "finance_link", "workforce", "customers", "equalities", "future_demand", "strategies"),
    *("interdependencies", "risks", "health_safety", "drivers", "consultation", "climate"),
)


def parts() -> Row:
    """Where each part that plans hold stands."""
    return {name: f"section {number}" for number, name in enumerate(PARTS, start=3)}


def plans(council: Council) -> Iterator[Row]:
    made = council.made
    yield from _standing(council, made.community_plan, "community", "", "partnership")
    yield from _standing(council, made.council_plan, "council", made.community_plan.id, "full-council")
    for year in made.plan_years:
        for kind in made.council_kinds:
            yield from _versions(
                council, _head(council, year, f"plan-council-{kind}", kind=kind, level="council"), year
            )
        for directorate, unit in made.directorates.items():
            for kind in made.directorate_kinds:
                head = _head(
                    council,
                    year,
                    f"plan-{unit.key}-{kind}",
                    kind=kind,
                    level="directorate",
                    directorate=directorate,
                )
                yield from _versions(council, head, year)
        for service in made.services:
            head = _head(
                council,
                year,
                f"plan-{service.key}",
                kind="main",
                level="service",
                directorate=service.directorate,
                service=service,
            )
            yield from _versions(council, head, year)


def _standing(council: Council, plan: Plan, level: str, parent: str, body: str) -> Iterator[Row]:
    """A plan of several years: as approved, and as each quarter's report reviewed it."""
    row = {
        "plan_id": plan.id,
        "level": level,
        "kind": "main",
        "title": plan.title,
        "parent": parent,
        "owner": "Chief Executive",
        "valid_from": f"{plan.valid_from}",
        "valid_to": f"{plan.valid_to}",
        "approved_by": body,
        "approved_on": f"{plan.approved_on}",
        "published_on": f"{plan.published_on}",
        **parts(),
    }
    staff = council.made.performance
    yield (
        row | {"refreshed_on": f"{plan.approved_on}"} | entered(plan.approved_on, staff.clerk, staff.manager)
    )
    for quarter in council.quarters:
        day = cabinet_of(council, quarter)[1]
        refreshed = max(each for each in (plan.approved_on, *plan.refreshed_on) if each <= day)
        published = max(plan.published_on, refreshed + timedelta(days=14) if plan.refreshed_on else refreshed)
        yield (
            row
            | {"reviewed_on": f"{day}", "refreshed_on": f"{refreshed}", "published_on": f"{published}"}
            | entered(day, staff.clerk, staff.manager, f"Made-up minutes of cabinet, {day}")
        )


def _head(
    council: Council,
    year: str,
    name: str,
    *,
    kind: str,
    level: str,
    directorate: str = "",
    service: Service | None = None,
) -> Row:
    """What a year's plan says of itself from its first day on."""
    begin = int(year[:4])
    approved = workday(date(begin, 3, 20))
    whose = (
        service.name
        if service
        else council.made.directorates[directorate].name
        if directorate
        else "the council"
    )
    title = {"main": "Plan", "overview": "Plan on a page", "workforce": "Workforce plan"}.get(
        kind, "Improvement plan"
    )
    return {
        "plan_id": f"{name}-{begin}",
        "level": level,
        "kind": kind,
        "title": f"{title} of {whose} for {year}",
        "parent": _parent(council, level, directorate, begin),
        "directorate": directorate,
        "service": service.name if service else "",
        "owner": service.head
        if service
        else council.director(directorate)
        if directorate
        else "Chief Executive",
        "valid_from": f"{begin}-04-01",
        "valid_to": f"{begin + council.made.plan_span}-03-31",
        "approved_by": "directorate-board" if service else "cabinet",
        "approved_on": f"{approved}",
        "refreshed_on": f"{approved}",
        "published_on": f"{begin}-04-05",
        **parts(),
    }


def _parent(council: Council, level: str, directorate: str, year: int) -> str:
    above = {"council": council.made.community_plan.id, "directorate": council.made.council_plan.id}
    return above.get(level) or f"plan-{council.made.directorates[directorate].key}-main-{year}"


def _versions(council: Council, head: Row, year: str) -> Iterator[Row]:
    """A plan as approved, and as each quarter of its year reviewed it."""
    checked = council.checker(head["owner"])
    yield head | entered(date.fromisoformat(head["approved_on"]), head["owner"], checked)
    for quarter in council.quarters:
        if quarter.financial_year.label == year:
            day = reviewed_on(council, head, quarter)
            until = (
                min(head["valid_to"], f"{quarter.end}")
                if _is_replaced(council, quarter)
                else head["valid_to"]
            )
            yield head | {"reviewed_on": f"{day}", "valid_to": until} | entered(day, head["owner"], checked)


def _is_replaced(council: Council, quarter: Period) -> bool:
    """Is this the last quarter of a year after which another year's plan takes over?"""
    return quarter.label.endswith("Q4") and quarter.financial_year.shift(1).label in council.made.plan_years


def reviewed_on(council: Council, head: Row, quarter: Period) -> date:
    """The day on which a plan's progress was looked at: its service's meeting, its directorate's board, or Cabinet."""
    if head["service"]:
        return after(quarter, council.made.lags["service-meeting"])
    return (
        board_of(council, head["directorate"], quarter)[1]
        if head["directorate"]
        else cabinet_of(council, quarter)[1]
    )
