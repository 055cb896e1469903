"""Plans, objectives, conversations and risks of a council in which the framework is lived: nothing is amiss in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from lived_measures import Figures, Measure
from lived_shape import Service, Shape

from pmf_lib.assurance.checks.plan_contents import PART_WORDS
from pmf_lib.periods import Period

Row = dict[str, Any]
YEARS = {"pmf-2022-25": 1, "wpf-2009": 3}
"""How many years the framework's plans look ahead."""
COUNCIL_PLAN, AREA_PLAN = "plan-council", "plan-area"


def plan_rows(shape: Shape) -> list[Row]:
    """The area's plan, the council's, each directorate's and each service's: this year's, and the year's before."""
    rows = [
        _standing(shape, AREA_PLAN, "community", ""),
        _standing(shape, COUNCIL_PLAN, "council", AREA_PLAN),
    ]
    rows.append(_plan(shape, "plan-council-improvement", "council", "improvement", COUNCIL_PLAN))
    for unit in shape.units:
        own = {"directorate": unit, "owner": shape.director(unit)}
        main = f"plan-{unit}"
        rows += _both_years(shape, main, "directorate", "main", COUNCIL_PLAN, **own)
        for kind in ("overview", "workforce"):
            rows.append(_plan(shape, f"{main}-{kind}", "directorate", kind, COUNCIL_PLAN, **own))
        for each in shape.of(unit):
            own = {"directorate": unit, "service": each.name, "owner": each.head}
            rows += _both_years(shape, f"plan-{each.key}", "service", "main", main, **own)
    return rows


def _plan(shape: Shape, name: str, level: str, kind: str, parent: str, **own: Any) -> Row:
    rng, begin = shape.rng(name), shape.plan_year.start
    years = YEARS[shape.framework.id]
    is_service = level == "service"
    return {
        "plan_id": name,
        "level": level,
        "kind": kind,
        "title": f"The {kind} plan {name}",
        "parent": parent,
        "owner": "Chief Executive",
        "valid_from": begin,
        "valid_to": begin.replace(year=begin.year + years) - timedelta(days=1),
        "approved_by": "directorate-board" if is_service else "cabinet",
        "approved_on": begin - timedelta(days=int(rng.integers(1, 30))),
        "reviewed_on": shape.within(3, rng),
        "refreshed_on": shape.within(11, rng),
        "published_on": begin,
        **dict.fromkeys(PART_WORDS, "section 4"),
    } | own


def _standing(shape: Shape, name: str, level: str, parent: str) -> Row:
    """A plan of several years; of the council's the newest version is so old that its fuller review is long over."""
    rng = shape.rng(name)
    newest = shape.before(26) - timedelta(days=int(rng.integers(0, 60)))
    return _plan(shape, name, level, "main", parent) | {
        "valid_from": newest - timedelta(days=40),
        "valid_to": shape.as_at + timedelta(days=900),
        "refreshed_on": newest,
        "approved_by": "full-council",
        "approved_on": newest,
        "published_on": shape.within(11, rng),
    }


def _both_years(shape: Shape, name: str, level: str, kind: str, parent: str, **own: Any) -> list[Row]:
    """A plan of this year, and the one that it replaced."""
    now, begin = _plan(shape, name, level, kind, parent, **own), shape.plan_year.start
    before = {
        "plan_id": f"{name}-before",
        "title": f"{now['title']} of the year before",
        "valid_from": begin.replace(year=begin.year - 1),
        "valid_to": begin - timedelta(days=1),
        "reviewed_on": begin - timedelta(days=80),
        "refreshed_on": begin - timedelta(days=370),
    }
    return [now | before, now]


def objective_rows(made: Figures) -> list[Row]:
    """One for each node in the council's plan, one for each measure in its service's, and a few in the other plans."""
    shape = made.shape
    rows = [_of_node(made, node) for node in shape.nodes]
    improve = made.measures[0]
    rows.append(_objective(made, "improve", "plan-council-improvement", "Chief Executive", improve))
    for unit in shape.units:
        director = shape.director(unit)
        for each in shape.of(unit):
            rows += _of_service(made, each)
            page = f"page-{each.key}"
            rows.append(_objective(made, page, f"plan-{unit}-overview", each.head, made.of(each)[0]))
        first = made.of(shape.of(unit)[0])[1]
        for plan in ("", "-workforce"):
            rows.append(_objective(made, f"top-{unit}{plan}", f"plan-{unit}{plan}", director, first))
        rows.append(_done(made, f"top-{unit}-done", f"plan-{unit}-before", director, first))
    return rows


def _of_service(made: Figures, service: Service) -> list[Row]:
    """One objective of this year for each measure, each leading to the directorate's; and two of the year before."""
    plan, parent, own = f"plan-{service.key}", f"top-{service.directorate}", made.of(service)
    rows = [_objective(made, f"obj-{each.id}", plan, service.head, each) for each in own]
    rows += [_done(made, f"done-{each.id}", f"{plan}-before", service.head, each) for each in own[:2]]
    return [row | {"parent": parent} for row in rows]


def _of_node(made: Figures, node: str) -> Row:
    named = [row["measure_id"] for row in made.links if row["node"] == node]
    row = _objective(made, f"council-{node}", COUNCIL_PLAN, "Chief Executive", made.by_id[named[0]])
    return row | {"nodes": node, "measures": "; ".join(named)}


def _objective(made: Figures, name: str, plan: str, owner: str, measure: Measure) -> Row:
    shape, rng = made.shape, made.shape.rng(name)
    begin = shape.plan_year.start
    left = (shape.plan_year.end - shape.as_at).days
    due = shape.as_at + timedelta(days=int(rng.integers(1, left + 1))) if left > 0 else shape.plan_year.end
    promises = [one.title for one in shape.framework.promises]
    return {
        "objective_id": name,
        "plan_id": plan,
        "title": f"What {name} is to reach",
        "framework": shape.framework.id,
        "nodes": "; ".join(made.nodes_of(measure.id)),
        "measures": measure.id,
        "promise": str(rng.choice(promises)) if promises else "",
        "owner": owner,
        "specific": "The measure named reaches its target",
        "achievable": "Within the posts of the plan",
        "realistic": "It goes on from last year",
        "resourced": str(rng.choice(["yes", "partly"])),
        "planned_on": begin - timedelta(days=int(rng.integers(5, 60))),
        "due_on": due,
        **(_carried_out(due, rng) if left <= 0 else {}),
    }


def _carried_out(due: date, rng: np.random.Generator) -> Row:
    """Delivered by its day, checked, and acted on."""
    delivered = due - timedelta(days=int(rng.integers(8, 30)))
    checked = delivered + timedelta(days=int(rng.integers(3, 21)))
    return {
        "delivered_on": delivered,
        "checked_on": checked,
        "considered": "Demand and staffing",
        "acted_on": checked + timedelta(days=int(rng.integers(3, 21))),
        "act": "continue",
    }


def _done(made: Figures, name: str, plan: str, owner: str, measure: Measure) -> Row:
    """An objective of the year before: planned, delivered by its day, checked, and acted on."""
    row, rng, begin = (
        _objective(made, name, plan, owner, measure),
        made.shape.rng(name),
        made.shape.plan_year.start,
    )
    return row | {
        "planned_on": begin.replace(year=begin.year - 1) - timedelta(days=int(rng.integers(5, 60))),
        "due_on": begin - timedelta(days=int(rng.integers(1, 8))),
        **_carried_out(begin, rng),
    }


def conversation_rows(shape: Shape) -> list[Row]:
    """All staff of two whole years, and those of this year so far."""
    return [
        _conversations(shape, each, shape.this_year.shift(back))
        for each in shape.services
        for back in (-2, -1, 0)
    ]


def _conversations(shape: Shape, service: Service, year: Period) -> Row:
    rng = np.random.default_rng([shape.seed, year.ordinal, *map(ord, service.key)])
    staff = int(rng.integers(8, 300))
    held = staff if year < shape.this_year else int(rng.integers(1, staff))
    counts: Row = dict.fromkeys(("held_n", "linked_n", "development_n", "mid_year_n"), float(held))
    return (
        {"directorate": service.directorate, "service": service.name, "year": year.label}
        | counts
        | {"staff_n": float(staff)}
    )


def risk_rows(made: Figures) -> list[Row]:
    """A risk of each service, behind all its measures; of each directorate one with partners, and a chance."""
    shape = made.shape
    rows = [
        _risk(made, f"risk-{each.key}", each.directorate, level="service", service=each.name)
        for each in shape.services
    ]
    for unit in shape.units:
        rows.append(_risk(made, f"risk-{unit}-partners", unit, level="partnership"))
        rows.append(_risk(made, f"risk-{unit}-chance", unit, level="directorate", kind="opportunity"))
    return rows


def _risk(made: Figures, name: str, unit: str, level: str, service: str = "", kind: str = "threat") -> Row:
    shape, rng = made.shape, made.shape.rng(name)
    own = [
        each.id for each in made.measures if (each.service.directorate, each.service.name) == (unit, service)
    ]
    first = made.of(shape.of(unit)[0])[0]
    raised = shape.before(20)
    links = {"measures": "; ".join(own)} if own else {"objectives": f"obj-{first.id}"}
    return {
        "risk_id": name,
        "title": f"What may come of {name}",
        "kind": kind,
        "level": level,
        "directorate": unit,
        "service": service,
        "framework": shape.framework.id,
        "owner": shape.director(unit),
        "likelihood": 3.0,
        "impact": 3.0,
        "response": "Looked at each quarter",
        "raised_on": raised,
        "reviewed_on": shape.within(11, rng),
    } | links
