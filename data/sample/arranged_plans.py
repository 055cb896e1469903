"""Made-up plans and their objectives, from the council's own plan down to the services'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arranged import Council, Plan, Row, Service, entered, joined, workday
from arranged_meetings import after, board_of, cabinet_of

from pmf_lib.periods import Period, parse

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


def objectives(council: Council) -> Iterator[Row]:
    for year in council.made.plan_years:
        for number, (node, goal) in enumerate(council.made.goals.items(), start=1):
            yield from _of_node(council, year, number, node, goal)
        yield from _of_pages(council, year)
        yield from _of_kinds(council, year)


def _of_node(council: Council, year: str, number: int, node: str, goal: str) -> Iterator[Row]:
    """The objectives of one node: the council's, each directorate's, each service's."""
    served = {each.key: measures_for(council, each, node) for each in council.made.services}
    begin, short = year[:4], f"{year[2:4]}-{number:02d}"
    everything = joined(name for names in served.values() for name in names)
    top = f"obj-council-{short}"
    plan = council.made.council_plan.id
    yield from _versions_of(
        council, year, _objective(top, plan, goal, node, everything, "", "Chief Executive"), ""
    )
    for directorate, unit in council.made.directorates.items():
        own = [each for each in council.services_of(directorate) if served[each.key]]
        if not own:
            continue
        names = joined(name for each in own for name in served[each.key])
        middle = f"obj-{unit.key}-{short}"
        head = _objective(
            middle, f"plan-{unit.key}-main-{begin}", goal, node, names, top, council.director(directorate)
        )
        yield from _versions_of(council, year, head, directorate)
        for each in own:
            row = _objective(
                f"obj-{each.key}-{short}",
                f"plan-{each.key}-{begin}",
                f"{goal}: {each.name}",
                node,
                joined(served[each.key]),
                middle,
                each.head,
            )
            yield from _versions_of(council, year, row, directorate)


def measures_for(council: Council, service: Service, node: str) -> list[str]:
    """The service's measures that are linked to the node."""
    return [each.id for each in council.measures_of(service) if node in council.nodes_of(each, direct=False)]


def _of_pages(council: Council, year: str) -> Iterator[Row]:
    """What each directorate's plan on a page names as its services' key deliverables."""
    if "overview" not in council.made.directorate_kinds:
        return
    for service in council.made.services:
        unit = council.made.directorates[service.directorate]
        named = council.measures_of(service)
        nodes = joined(node for each in named for node in council.nodes_of(each, direct=False))
        row = _objective(
            f"page-{service.key}-{year[2:4]}",
            f"plan-{unit.key}-overview-{year[:4]}",
            f"Key deliverables of {service.name}",
            nodes,
            joined(each.id for each in named),
            "",
            service.head,
        )
        yield from _versions_of(council, year, row, service.directorate)


def _of_kinds(council: Council, year: str) -> Iterator[Row]:
    """One objective for each plan of its own kind: workforce, improvement."""
    own = council.made.kind_objectives
    for kind, (title, node, measures) in own.items():
        for directorate, unit in council.made.directorates.items():
            if kind in council.made.directorate_kinds:
                plan = f"plan-{unit.key}-{kind}-{year[:4]}"
                row = _objective(
                    f"obj-{unit.key}-{kind}-{year[2:4]}",
                    plan,
                    title,
                    node,
                    measures,
                    "",
                    council.director(directorate),
                )
                yield from _versions_of(council, year, row, directorate)
        if kind in council.made.council_kinds:
            row = _objective(
                f"obj-council-{kind}-{year[2:4]}",
                f"plan-council-{kind}-{year[:4]}",
                title,
                node,
                measures,
                "",
                "Chief Executive",
            )
            yield from _versions_of(council, year, row, "")


def _objective(  # noqa: PLR0917 - one cell each, in the order of the columns
    name: str, plan: str, title: str, nodes: str, measures: str, parent: str, owner: str
) -> Row:
    return {
        "objective_id": name,
        "plan_id": plan,
        "title": title,
        "parent": parent,
        "nodes": nodes,
        "measures": measures,
        "owner": owner,
        "resourced": "yes",
        "specific": "Each measure named reaches its target of the year",
        "achievable": "Within the budget and posts of the plan",
        "realistic": "It goes on from what was reached last year",
    }


def _versions_of(council: Council, year: str, row: Row, directorate: str) -> Iterator[Row]:
    """An objective as planned and, once its year has ended, as delivered, checked and acted on."""
    whole, made = parse(year), council.made
    planned = workday(date(int(year[:4]), 3, 13))
    row = row | {
        "framework": made.framework,
        "promise": made.promise,
        "planned_on": f"{planned}",
        "due_on": f"{whole.end}",
    }
    yield row | entered(planned, row["owner"], council.checker(row["owner"]))
    checked, acted = workday(date(whole.end.year, 4, 16)), workday(date(whole.end.year, 4, 23))
    if acted < made.as_at:
        missed = any(
            whole.label == q[:7] for name in row["measures"].split("; ") for q in made.reds.get(name, ())
        )
        yield (
            row
            | {
                "delivered_on": f"{whole.end.replace(day=28)}",
                "checked_on": f"{checked}",
                "considered": "Demand, staffing and the work of partners",
                "acted_on": f"{acted}",
                "act": "change" if missed else "continue",
            }
            | entered(acted, row["owner"], council.checker(row["owner"]))
        )
