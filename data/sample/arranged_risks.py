"""Made-up risks of services, directorates and the council, reviewed each quarter."""

from __future__ import annotations

from collections.abc import Iterator

from arranged import Council, Row, entered, joined
from arranged_form import Service, Strategic
from arranged_meetings import board_of, cmt_of
from arranged_objectives import objectives_naming


def risks(council: Council) -> Iterator[Row]:
    for service in council.made.services:
        yield from _risk(council, service)
    for directorate, unit in council.made.directorates.items():
        first = council.services_of(directorate)[0]
        yield from _shared(
            council, directorate, first, f"risk-{unit.key}-partners", kind="threat", level="partnership"
        )
        yield from _shared(
            council, directorate, first, f"risk-{unit.key}-chance", kind="opportunity", level="directorate"
        )

    for one in council.made.strategic_risks:
        yield from _strategic(council, one)


def _strategic(council: Council, one: Strategic) -> Iterator[Row]:
    """A threat on the council's register: the management team looks at it with the results of each quarter."""
    row = {
        "risk_id": one.id,
        "title": one.title,
        "kind": "threat",
        "level": "strategic",
        "framework": council.made.framework,
        "nodes": joined(one.nodes),
        "owner": one.owner,
        "likelihood": f"{one.likelihood}",
        "impact": f"{one.impact}",
        "response": one.response,
        "raised_on": f"{cmt_of(council, council.quarters[0])[1]}",
    }
    goals, staff = list(council.made.goals), council.made.performance
    for quarter in council.quarters:
        day, year = cmt_of(council, quarter)[1], quarter.shift(1).financial_year.label
        served = joined(f"obj-council-{year[2:4]}-{goals.index(node) + 1:02d}" for node in one.goals)
        checked = entered(day, staff.clerk, staff.manager, f"Made-up strategic risk register, {day}")
        yield row | {"objectives": served, "reviewed_on": f"{day}"} | checked


def _risk(council: Council, service: Service) -> Iterator[Row]:
    """The risk that a service does not reach its measures, reviewed each quarter."""
    named = council.measures_of(service)
    missed = [each.id for each in named if each.id in council.made.reds] or [each.id for each in named[:1]]
    row = {
        "risk_id": f"risk-{service.key}",
        "title": f"{service.name} cannot meet demand with the staff and money that it has",
        "kind": "threat",
        "level": "service",
        "service": service.name,
        "owner": service.head,
        "response": "Demand and staffing are looked at each month; posts are filled first where targets are missed",
        "nodes": joined(node for name in missed for node in council.nodes_of(council.measures[name])),
        "measures": joined(missed),
    }
    yield from _reviewed(council, row, service.directorate, missed)


def _shared(
    council: Council, directorate: str, service: Service, name: str, *, kind: str, level: str
) -> Iterator[Row]:
    named = council.measures_of(service)[:1]
    title = (
        "A partner withdraws its share of the work" if kind == "threat" else "Work with partners frees staff"
    )
    row = {
        "risk_id": name,
        "title": title,
        "kind": kind,
        "level": level,
        "owner": council.director(directorate),
        "response": "Looked at with partners each quarter",
        "nodes": joined(node for each in named for node in council.nodes_of(each)),
        "measures": joined(each.id for each in named),
    }
    yield from _reviewed(council, row, directorate, [each.id for each in named])


def _reviewed(council: Council, row: Row, directorate: str, measures: list[str]) -> Iterator[Row]:
    begin = board_of(council, directorate, council.quarters[0])[1]
    for quarter in council.quarters:
        day = board_of(council, directorate, quarter)[1]
        year = quarter.shift(1).financial_year.label
        missed = any(quarter.label in council.made.reds.get(name, ()) for name in measures)
        yield (
            row
            | {
                "directorate": directorate,
                "framework": council.made.framework,
                "objectives": joined(
                    each for name in measures for each in objectives_naming(council, name, year)
                ),
                "likelihood": "4" if missed else "3",
                "impact": "3",
                "raised_on": f"{begin}",
                "reviewed_on": f"{day}",
            }
            | entered(day, row["owner"], council.lead(directorate), f"Made-up risk register, {day}")
        )
