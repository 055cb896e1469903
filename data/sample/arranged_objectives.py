"""Made-up objectives of plans: the council's, each directorate's and each service's, node by node."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arranged import Council, Row, entered, joined, workday
from arranged_form import Service

from pmf_lib.periods import parse


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


def objectives_naming(council: Council, measure_id: str, year: str) -> list[str]:
    """The service's objectives of the year that name a measure."""
    goals = list(council.made.goals)
    service = council.service_of(measure_id)
    return [
        f"obj-{service.key}-{year[2:4]}-{goals.index(node) + 1:02d}"
        for node in council.nodes_of(council.measures[measure_id], direct=False)
        if node in goals
    ]
