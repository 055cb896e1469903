"""Registers, approvals, sources of assurance and recommendations of a council in which the framework is lived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
from lived_measures import Figures
from lived_shape import Shape

from pmf_lib.periods import Period, containing

Row = dict[str, Any]
DOCUMENTS = "document_is_in_force"
PARTIES = ("People who are hard to reach", "The citizen panel", "A stakeholder group")
KINDS = ("inspection", "peer-challenge", "investigation", "external-audit")
GROUPS = ("planning", "cycle", "escalation", "risk", "review")


def register_rows(made: Figures) -> list[Row]:
    """All registers; what each directorate keeps names it, what the council keeps names none."""
    shape = made.shape
    rows = [*_documents(shape), *_of_council(made), *_events(shape)]
    for unit in shape.units:
        rows += _of_unit(shape, unit)
    return rows


def _entry(register: str, name: str, title: str, **cells: Any) -> Row:
    return {"entry_id": f"{register}-{name}"[:60], "register": register, "title": title} | cells


def _documents(shape: Shape) -> Iterator[Row]:
    """Every document that a clause of the framework asks for, of the council, each service or each board."""
    calls = [one.parameters for one in shape.framework.clauses if one.check == DOCUMENTS]
    calls.append({"documents": ("A policy that no clause asks for",)})
    for told in calls:
        whose: list[Row] = {
            "service": [{"directorate": one.directorate, "service": one.name} for one in shape.services],
            "board": [{"directorate": unit} for unit in shape.units],
        }.get(told.get("each", ""), [{}])
        for number, own in enumerate(whose):
            for title in told["documents"]:
                name = f"{title} {number}".lower().replace(" ", "-")
                rng = shape.rng(name)
                due = shape.as_at + timedelta(days=int(rng.integers(1, 600)))
                opened = shape.before(14 + int(rng.integers(0, 10)))
                yield _entry("documents", name, f"{title} {number}", opened_on=opened, due_on=due, **own)


def _of_unit(shape: Shape, unit: str) -> Iterator[Row]:
    """Entries of a directorate's own registers, of the year and of the one before."""
    rng, own = shape.rng(f"registers {unit}"), {"directorate": unit, "service": shape.of(unit)[0].name}
    for number, months in enumerate((1, 6, 13)):
        begun = shape.before(months, int(rng.integers(20, 28)))
        closed = begun + timedelta(days=int(rng.integers(5, 18)))
        name, ends = f"{unit}-{number}", {"opened_on": begun, "closed_on": closed, **own}
        late = {"due_on": closed + timedelta(days=int(rng.integers(0, 20)))}
        yield _entry("consultations", name, "Survey", party="Customers", **ends)
        yield _entry("successes", name, "Praise", **ends)
        yield _entry("complaints", name, f"Complaint {number}", **ends, **late)
        yield _entry("obligations", name, f"Return {number} of {unit}", **ends, **late)
    for number in range(2):
        reviewed, begun = shape.within(3, rng), shape.before(13 + int(rng.integers(0, 9)))
        name, cells = f"{unit}-{number}", {"opened_on": begun, **own}
        yield _entry("benefits", name, f"Benefit {number} of {unit}", reviewed_on=reviewed, **cells)
        yield _entry("projects", name, f"Project {number} of {unit}", reviewed_on=reviewed, **cells)
        yield _entry("contracts", name, f"Contract {number} of {unit}", performance_terms="yes", **cells)


def _of_council(made: Figures) -> Iterator[Row]:
    """Consultations with those whom the framework names, training, reviews of the framework, and pledges."""
    shape = made.shape
    rng = shape.rng("council's registers")
    begun = shape.before(5, int(rng.integers(0, 60)))
    closed = begun + timedelta(days=int(rng.integers(10, 60)))
    for party in PARTIES:
        yield _entry("consultations", party[-8:], "Talks", party=party, opened_on=begun, closed_on=closed)
    for title in ("Training in customer care", "Training in performance management"):
        lately = shape.within(1, shape.rng(title))
        ends = {"opened_on": begun, "closed_on": lately, "planned": 120.0, "achieved": 120.0}
        yield _entry("training", title[-10:].replace(" ", "-"), title, **ends)
    for name, on in (
        ("yearly", shape.within(10, rng)),
        ("fuller", shape.before(26, int(rng.integers(0, 200)))),
    ):
        opened = on - timedelta(days=30)
        yield _entry("framework-reviews", name, f"Review, {name}", opened_on=opened, closed_on=on)
    begin, end = shape.quarter.financial_year.start, shape.quarter.financial_year.end
    for node in shape.nodes:
        own = {"framework": shape.framework.id, "nodes": node, "objectives": f"council-{node}"}
        yield _entry("pledges", node, f"Pledge for {node}", opened_on=begin, due_on=end, **own)


def _events(shape: Shape) -> Iterator[Row]:
    """Each activity of the framework's timetable in its quarter, monthly ones in each month of it."""
    first = containing("quarter", shape.quarter.financial_year.start)
    for activity in shape.framework.timetable:
        quarter = first.shift(activity.quarter - 1)
        months = [containing("month", quarter.start).shift(step) for step in range(3)]
        rng = shape.rng(activity.id)
        chosen = months if activity.frequency == "monthly" else [months[int(rng.integers(3))]]
        for month in (one for one in chosen if one.end <= shape.as_at):
            day = month.start + timedelta(days=int(rng.integers(0, 27)))
            name = f"{activity.id}-{month.label}"
            yield _entry("events", name, activity.what, event=activity.id, opened_on=day, closed_on=day)


def approval_rows(shape: Shape) -> list[Row]:
    """The framework's edition, considered before it was approved; budget, markers and objectives year by year."""
    rng, own = (
        shape.rng("approvals"),
        {"subject": "The framework", "subjects": shape.framework.id, "edition": "1"},
    )
    approved = shape.before(15, int(rng.integers(0, 40)))
    looked = approved - timedelta(days=int(rng.integers(1, 60)))
    rows = [
        own | {"kind": "framework", "body": "cabinet", "stage": "approved", "decided_on": approved},
        own | {"kind": "framework", "body": "audit-committee", "stage": "considered", "decided_on": looked},
    ]
    for back in (-1, 0):
        rows += _of_year(shape, shape.quarter.financial_year.shift(back), bool(rng.integers(2)))
    return [row | {"approval_id": f"approval-{number}"} for number, row in enumerate(rows)]


def _of_year(shape: Shape, year: Period, is_ended: bool) -> Iterator[Row]:
    """What is approved for a year; it names the last day for which it holds, or it does not."""
    own = {"stage": "approved", "decided_on": year.start - timedelta(days=20), "valid_from": year.start}
    own |= {"valid_to": year.end} if is_ended else {}
    yield own | {"kind": "budget", "subject": f"Budget {year.label}", "body": "full-council"}
    yield own | {"kind": "other", "subject": f"Markers of success {year.label}", "body": "cabinet"}
    for unit in shape.units:
        yield own | {
            "kind": "objectives",
            "subject": f"Objectives {year.label}",
            "body": "cabinet",
            "portfolio": shape.portfolio(unit),
        }


def assurance_rows(shape: Shape) -> list[Row]:
    """A review of each directorate's performance management, and one of each kind of look from outside; two of the whole."""
    rows = [
        _source(shape, "controls", "second", "management-review", "Controls and performance management"),
        _source(shape, "value", "third", "internal-audit", "Arrangements for value for money"),
    ]
    for unit in shape.units:
        subject = f"Performance management in {unit}"
        rows.append(_source(shape, f"review-{unit}", "second", "management-review", subject, unit))
        rows += [
            _source(shape, f"{kind}-{unit}", "external", kind, f"{kind} of {unit}", unit) for kind in KINDS
        ]
    return rows


def _source(shape: Shape, name: str, line: str, kind: str, subject: str, unit: str = "") -> Row:
    reported = shape.before(4, int(shape.rng(name).integers(0, 200)))
    return {
        "assurance_id": name,
        "line": line,
        "kind": kind,
        "provider": "A made-up provider",
        "subject": subject,
        "directorate": unit,
        "covers_from": reported - timedelta(days=365),
        "covers_to": reported,
        "reported_on": reported,
        "amount": "medium",
        "conclusion": "reasonable",
    }


def recommendation_rows(shape: Shape, sources: list[Row]) -> list[Row]:
    """Two of each source about a directorate, and two of Scrutiny; all answered, and done where their day has gone by."""
    rows = [
        _recommended(shape, f"{one['assurance_id']}-{number}", one["reported_on"], one)
        for one in sources
        if one["directorate"]
        for number in range(2)
    ]
    for number in range(2):
        raised = shape.before(4 + number, 9)
        made = _recommended(shape, f"scrutiny-{number}", raised, {"assurance_id": "", "directorate": ""})
        rows.append(made | {"made_by": "scrutiny", "made_to": "cabinet"})
    return rows


def _recommended(shape: Shape, name: str, raised: date, source: Row) -> Row:
    rng = shape.rng(name)
    answered = raised + timedelta(days=int(rng.integers(5, 60)))
    due = raised + timedelta(days=int(rng.integers(80, 300)))
    done = due - timedelta(days=int(rng.integers(0, 15))) if due < shape.as_at else pd.NaT
    return {
        "recommendation_id": f"rec-{name}",
        "assurance_id": source["assurance_id"],
        "title": f"What {name} recommends",
        "directorate": source["directorate"],
        "raised_on": raised,
        "response": str(rng.choice(["accepted", "partly"])),
        "answer": "It will be done",
        "responded_on": answered,
        "owner": "Head",
        "due_on": due,
        "done_on": done,
    }


def attestation_rows(shape: Shape) -> list[Row]:
    """What each directorate claims of each group of clauses in the year, with its evidence."""
    return [
        {
            "clause_group": group,
            "directorate": unit,
            "year": shape.quarter.financial_year.label,
            "claimed": "lived",
            "because": "Held against the framework item by item",
            "evidence": "A made-up folder",
            "post": shape.director(unit),
            "attested_on": shape.within(3, shape.rng(f"{group} {unit}")),
        }
        for unit in shape.units
        for group in GROUPS
    ]
