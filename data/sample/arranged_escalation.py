"""Made-up escalations of missed targets, and the actions that follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arranged import Council, Row, entered, joined, workday
from arranged_form import Mend
from arranged_meetings import board_of, cabinet_of, cmt_of, short
from arranged_objectives import objectives_naming

from pmf_lib.periods import Period, parse_quarter

SELDOM = ("annual", "academic-annual", "termly")
"""Frequencies of which one result in a year or a term says whether an action is still wanted."""


def in_sentence(title: str) -> str:
    """A title within a sentence: its first letter small, unless its first word is an abbreviation such as NHS."""
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def escalations(council: Council) -> Iterator[Row]:
    for measure_id, labels in council.made.reds.items():
        for quarter in council.quarters:
            if quarter.label in labels:
                yield from _steps(council, measure_id, quarter)


@dataclass(frozen=True)
class Step:
    """From which level to which, by whom, on which day, and what decided it when ('' stands for no meeting)."""

    lower: str
    upper: str
    by: str
    raised: date
    meeting: str
    decided: date


def climb(council: Council, measure_id: str, quarter: Period) -> Iterator[Step]:
    """A miss goes to the directorate; a second running to the management team; a third to Cabinet.

    It is raised once its figure is there, and decided by the body's meeting on the quarter or, where that is over, by note.
    """
    unit = council.measures[measure_id].directorate
    board = board_of(council, unit, quarter)
    levels = [
        ("service", "directorate", council.service_of(measure_id).head, board),
        ("directorate", "cmt", council.director(unit), cmt_of(council, quarter)),
        ("cmt", "cabinet", "Chief Executive", cabinet_of(council, quarter)),
    ]
    known = council.known_on(measure_id, quarter)
    raised = workday(max(board[1] - timedelta(days=5), known + timedelta(days=1)))
    for lower, upper, by, (meeting, day) in levels[: council.reds_running(measure_id, quarter)]:
        is_met = raised <= day
        decided = day if is_met else workday(raised + timedelta(days=1))
        yield Step(lower, upper, by, raised, meeting if is_met else "", decided)
        raised = workday(decided + timedelta(days=1))


def _steps(council: Council, measure_id: str, quarter: Period) -> Iterator[Row]:
    """The rows of a miss: every step but the last refers it on."""
    measure, steps = council.measures[measure_id], list(climb(council, measure_id, quarter))
    names = [f"{measure_id}-{short(quarter)}-{number}" for number in range(1, len(steps) + 1)]
    for step, name, before in zip(steps, names, ["", *names], strict=False):
        is_last = step is steps[-1]
        reference = f"minutes of {step.meeting}" if step.meeting else f"note of {step.decided}"
        yield {
            "escalation_id": name,
            "about": "measure",
            "measure_id": measure_id,
            "title": f"{measure.title}: target missed",
            "directorate": measure.directorate,
            "service": measure.service,
            "quarter": quarter.label,
            "follows": before,
            "from_level": step.lower,
            "to_level": step.upper,
            "raised_by": step.by,
            "raised_on": f"{step.raised}",
            "received_on": f"{step.decided}",
            "meeting_id": step.meeting,
            "decided_on": f"{step.decided}",
            "outcome": "action" if is_last else "referred",
            "decision": "The action in hand goes on" if is_last else "Referred to the next level",
        } | entered(step.decided, step.by, council.checker(step.by), f"Made-up {reference}")


def looked_at(council: Council, measure_id: str, quarter: Period) -> date:
    """When a quarter's result led to an action: at the directorate's board or, where the figure came later, on its day."""
    board = board_of(council, council.measures[measure_id].directorate, quarter)[1]
    return max(board, council.known_on(measure_id, quarter))


def runs(council: Council, measure_id: str) -> list[list[Period]]:
    """Quarters running in which a measure missed; of one that has a result a year or term, all together."""
    found: list[list[Period]] = []
    for quarter in council.quarters:
        if quarter.label not in council.made.reds[measure_id]:
            continue
        again = found and (
            found[-1][-1].shift(1) == quarter or council.measures[measure_id].frequency in SELDOM
        )
        if again:
            found[-1].append(quarter)
        else:
            found.append([quarter])
    return found


def actions(council: Council) -> Iterator[Row]:
    for measure_id in council.made.reds:
        for number, run in enumerate(runs(council, measure_id), start=1):
            yield from _action(council, measure_id, number, run)
    for measure_id, mend in council.made.mends.items():
        yield _mend(council, measure_id, mend)


def _mend(council: Council, measure_id: str, mend: Mend) -> Row:
    """An action to mend what can't be relied on."""
    measure, service = council.measures[measure_id], council.service_of(measure_id)
    raised = board_of(council, measure.directorate, parse_quarter(mend.quarter))[1]
    due = council.made.actions_due
    return {
        "action_id": f"act-data-{measure_id}",
        "title": mend.title,
        "directorate": measure.directorate,
        "service": service.name,
        "measures": measure_id,
        "owner": measure.owner or service.head,
        "raised_on": f"{raised}",
        "due_on": f"{due}",
        "expected_effect": "The figure can be relied on",
        "expected_by": f"{due}",
    } | entered(raised, service.head, council.checker(service.head))


def _action(council: Council, measure_id: str, number: int, run: list[Period]) -> Iterator[Row]:
    """An action as agreed and, where it was done or is no longer wanted, as it ended."""
    made, measure, service = council.made, council.measures[measure_id], council.service_of(measure_id)
    raised = looked_at(council, measure_id, run[0])
    ends = _end(council, measure_id, run)
    done = made.done.get(measure_id) if ends.get("done_on") else None
    steps = [f"{measure_id}-{short(q)}-1" for q in run]
    years = dict.fromkeys(q.financial_year.label for q in run if q.financial_year.label in made.plan_years)
    row = {
        "action_id": f"act-{measure_id}" + (f"-{number}" if number > 1 else ""),
        "title": done.title if done else f"Recovery plan: {in_sentence(measure.title)}",
        "directorate": measure.directorate,
        "service": service.name,
        "measures": measure_id,
        "objectives": joined(each for year in years for each in objectives_naming(council, measure_id, year)),
        "risks": f"risk-{service.key}",
        "owner": measure.owner or service.head,
        "raised_on": f"{raised}",
        "expected_effect": done.effect if done else "The measure is back at its target",
        "due_on": ends.get("due_on", f"{made.actions_due}"),
    }
    row["expected_by"] = f"{date.fromisoformat(row['due_on']) + timedelta(days=90)}"
    checked = council.checker(service.head)
    yield row | {"escalations": steps[0]} | entered(raised, service.head, checked)
    ended = {key: day for key, day in ends.items() if key != "due_on"}
    for day in ended.values():
        yield (
            row
            | {"escalations": joined(steps)}
            | ended
            | entered(date.fromisoformat(day), service.head, checked)
        )


def _end(council: Council, measure_id: str, run: list[Period]) -> Row:
    """How an action ended: done where the council's file says so, given up once the measure was back, or not yet."""
    made, measure = council.made, council.measures[measure_id]
    done, begun = made.done.get(measure_id), looked_at(council, measure_id, run[0])
    if done and begun < done.done_on:
        return {"done_on": f"{done.done_on}", "due_on": f"{done.done_on + timedelta(days=14)}"}
    if run[-1] == council.quarters[-1] or measure.frequency in SELDOM:
        return {}
    stopped = looked_at(council, measure_id, run[-1].shift(1))
    return {"stopped_on": f"{stopped}"} if stopped < made.as_at else {}
