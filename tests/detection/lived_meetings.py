"""Meetings of a council in which the framework is lived, what was on their agendas, and what was escalated and done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
from lived_measures import Figures, Measure
from lived_shape import Shape

from pmf_lib.periods import Period, containing

Row = dict[str, Any]
MONTHS = 26
"""Months before the as-at date since when meetings are recorded."""
BODIES = ("cmt", "cabinet", "audit-committee", "scrutiny", "strategic-board")
"""Bodies of the whole council that meet each month; boards of directorates do, too."""
BOARD = "directorate-board"
PANEL = "Corporate Services"
LADDER = (("service", "directorate", 20), ("directorate", "cmt", 28), ("cmt", "cabinet", 35))
"""From level, to level, and the first day after the quarter's end on which it is raised."""


def first_days(shape: Shape) -> list[pd.Timestamp]:
    """The first of each month in which bodies meet."""
    last = pd.Timestamp(shape.as_at).replace(day=1)
    return [last - pd.DateOffset(months=back) for back in range(MONTHS, -1, -1)]


def meeting_rows(shape: Shape) -> list[Row]:
    """Each body each month, services and portfolios each quarter; of the month of the as-at date up to that day."""
    rows = [row for month in first_days(shape) for row in _of_month(shape, month)]
    return [row for row in rows if row["held_on"] <= pd.Timestamp(shape.as_at)]


def _of_month(shape: Shape, month: pd.Timestamp) -> Iterator[Row]:
    rng = shape.rng(f"meetings {month:%Y-%m}")
    for unit in shape.units:
        yield _meeting(f"board-{unit}", BOARD, month, rng) | {
            "directorate": unit,
            "time_given": str(rng.choice(["separate", "dedicated", "not-recorded"])),
            "present": f"{shape.director(unit)}; Performance lead; Head of Finance; Head of HRD",
        }
    for body in BODIES:
        yield _meeting(body, body, month, rng) | {"portfolio": PANEL if body == "scrutiny" else ""}
    if month.month % 3 == 1:
        for unit in shape.units:
            row = _meeting(f"portfolio-{unit}", "portfolio-meeting", month, rng)
            yield row | {"directorate": unit, "portfolio": shape.portfolio(unit)}
        for each in shape.services:
            row = _meeting(f"team-{each.key}", "service-meeting", month, rng)
            yield row | {"directorate": each.directorate, "service": each.name}


def _meeting(name: str, body: str, month: pd.Timestamp, rng: Any) -> Row:
    day = month + timedelta(days=int(rng.integers(0, 12)))
    is_open = body in ("cabinet", "scrutiny", "audit-committee")
    published = day - timedelta(days=int(rng.integers(1, 8))) if is_open else pd.NaT
    return {"meeting_id": f"{name}-{month:%Y-%m}", "body": body, "held_on": day, "published_on": published}


def asked_items(shape: Shape) -> dict[str, list[str]]:
    """Body → the items that the framework's clauses and agendas ask of it."""
    named = [one.parameters for one in shape.framework.clauses if {"body", "item"} <= set(one.parameters)]
    asked: dict[str, list[str]] = {body: ["value-for-money"] for body in (*BODIES, BOARD)}
    for told in named:
        asked[told["body"]].append(told["item"])
    asked[BOARD] += [item.id for agenda in shape.framework.agendas for item in agenda.items]
    return {body: list(dict.fromkeys(items)) for body, items in asked.items()}


def agenda_rows(shape: Shape, meetings: list[Row]) -> list[Row]:
    """Every item that is asked of a body at each of its meetings; reports on the quarter that ended last."""
    items, rows = asked_items(shape), []
    for one in meetings:
        quarter = containing("quarter", one["held_on"].date()).shift(-1)
        rows += [
            _item(one, number, item, quarter, number % 2 == shape.seed % 2)
            for number, item in enumerate(items.get(one["body"], ()), 1)
        ]
    return rows


def _item(meeting: Row, number: int, item: str, quarter: Period, is_told: bool) -> Row:
    """An item; where it says so, it is about the quarter that ended last, else it counts for its day."""
    return {
        "meeting_id": meeting["meeting_id"],
        "number": float(number),
        "item": item,
        "title": item.replace("-", " ").capitalize(),
        "quarter": quarter.label if is_told and item == "performance-report" else "",
        "report": f"Report {number}",
        "outcome": "challenged" if item == "performance-information" else "agreed",
        "decision": "Agreed as reported.",
    }


def escalation_rows(made: Figures) -> list[Row]:
    """Each miss of the run: to the directorate, a second running to the management team, a third to Cabinet."""
    return [
        row for each in made.reds for back in range(each.missed) for row in _steps(made.shape, each, back)
    ]


def step_id(measure: Measure, quarter: Period, number: int) -> str:
    return f"esc-{measure.id}-{quarter.ordinal}-{number}"


def _steps(shape: Shape, measure: Measure, back: int) -> Iterator[Row]:
    rng, quarter = shape.rng(f"{measure.id} {back}"), shape.quarter.shift(-back)
    for number, (lower, upper, first) in enumerate(LADDER[: measure.missed - back]):
        raised = quarter.end + timedelta(days=first + int(rng.integers(0, 7)))
        yield {
            "escalation_id": step_id(measure, quarter, number),
            "title": f"{measure.title}: target missed",
            "measure_id": measure.id,
            "directorate": measure.service.directorate,
            "service": measure.service.name,
            "quarter": quarter.label,
            "follows": step_id(measure, quarter, number - 1) if number else "",
            "from_level": lower,
            "to_level": upper,
            "raised_by": measure.service.head,
            "raised_on": raised,
            "received_on": raised + timedelta(days=2),
            "decided_on": raised + timedelta(days=int(rng.integers(2, 9))),
            "outcome": "action",
        }


def action_rows(made: Figures) -> list[Row]:
    """Under way for each miss and each doubtful figure; done, and followed by a step, a year ago."""
    shape = made.shape
    rows = [_action(shape, f"act-{each.id}", each) for each in made.reds]
    if made.doubtful:
        rows.append(_action(shape, f"mend-{made.doubtful}", made.by_id[made.doubtful]))
    for each, done in ((one, one.stepped_on) for one in made.measures if one.stepped_on):
        rows.append(
            _action(shape, f"did-{each.id}", each)
            | {"raised_on": done - timedelta(days=150), "due_on": done + timedelta(days=9), "done_on": done}
            | {"expected_by": shape.within(7, shape.rng(f"expected {each.id}"))}
        )
    return rows


def _action(shape: Shape, name: str, measure: Measure) -> Row:
    rng = shape.rng(name)
    due = shape.as_at + timedelta(days=int(rng.integers(5, 200)))
    raised = shape.before(2 + int(rng.integers(0, 5)))
    return {
        "action_id": name,
        "title": f"What is done about {measure.id}",
        "directorate": measure.service.directorate,
        "service": measure.service.name,
        "measures": measure.id,
        "owner": measure.service.head,
        "raised_on": raised,
        "due_on": due,
        "expected_by": due,
    }
