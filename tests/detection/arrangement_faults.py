"""Mutators for the rules of the tables of arrangements: each adds clean arrangements to the records, and one fault in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clean_records import raw_table

SAID = {"entered_by": "Clerk", "verified_by": "Manager", "recorded_at": "2024-07-20"}
UNIT = {"directorate": "adults-health", "service": "Waste"}
ROWS: dict[str, dict[str, str]] = {
    "plans": UNIT
    | {"plan_id": "plan-waste", "level": "service", "title": "Plan of Waste", "valid_from": "2024-04-01"}
    | {"valid_to": "2025-03-31", "reviewed_on": "2024-07-01"},
    "objectives": {"objective_id": "obj-bins", "plan_id": "plan-waste", "title": "Fewer missed bins"}
    | {"framework": "pmf-2022-25", "nodes": "marker-19; marker-20", "measures": "missed-bins"}
    | {"planned_on": "2024-03-01", "due_on": "2025-03-31"},
    "conversations": UNIT | {"year": "2023-24", "staff_n": "40", "held_n": "38", "linked_n": "30"},
    "meetings": {"meeting_id": "board-1", "body": "directorate-board", "directorate": "adults-health"}
    | {"held_on": "2024-07-19"},
    "agenda": {"meeting_id": "board-1", "number": "1", "item": "risk-management", "risks": "risk-1"},
    "escalations": UNIT
    | {"escalation_id": "esc-1", "title": "Bins missed", "measure_id": "missed-bins", "from_level": "service"}
    | {"to_level": "directorate", "raised_on": "2024-07-10", "received_on": "2024-07-19"}
    | {"decided_on": "2024-07-19", "meeting_id": "board-1"},
    "actions": UNIT
    | {"action_id": "act-1", "title": "A spare crew", "escalations": "esc-1", "measures": "missed-bins"}
    | {"objectives": "obj-bins", "raised_on": "2024-07-10", "due_on": "2024-09-30", "done_on": "2024-07-18"},
    "risks": UNIT
    | {"risk_id": "risk-1", "title": "Crews fall ill", "level": "service", "measures": "missed-bins"}
    | {"objectives": "obj-bins", "raised_on": "2024-04-01", "reviewed_on": "2024-07-19"},
    "approvals": {"approval_id": "variation-1", "kind": "variation", "subject": "Plans of Waste"}
    | {"subjects": "plan-resources", "body": "cabinet", "stage": "approved", "decided_on": "2024-03-20"}
    | {"directorate": "adults-health", "reason": "A grant asks for it"},
    "registers": UNIT
    | {"entry_id": "training-1", "register": "training", "title": "Training", "opened_on": "2024-05-01"}
    | {"planned": "100", "achieved": "90", "unit": "%"},
    "certifications": {"measure_id": "missed-bins", "period": "2024-06", "documentation": "yes"}
    | {"population_n": "400", "sample_n": "61", "errors_n": "2", "reported": "40", "recalculated": "40"}
    | {"definition_followed": "yes", "controls": "weak", "certified_by": "Auditor"}
    | {"certified_on": "2024-07-19", "valid_to": "2026-07-19"},
}


def arranged(at: Any) -> Any:
    """The records with a row in each of these tables, and a service that keeps measures."""
    at.raw["measures"]["service"] = "Waste"
    for name, row in ROWS.items():
        at.raw[name] = raw_table(name, [row | SAID])
    return at


def one_of(*places: tuple[str, str, list[str]]) -> Callable[[Any], Any]:
    """A mutator that puts one of these texts into one of these cells (table and column)."""

    def plant(at: Any) -> Any:
        table, column, texts = places[at.rng.integers(len(places))]
        return arranged(at).put(table, 0, column, at.choose(texts))

    return plant


def entered_twice(at: Any) -> Any:
    """The same entry under another id."""
    table = at.choose(["actions", "plans", "escalations"])
    key = next(iter(arranged(at).raw[table].columns))
    at.raw[table] = raw_table(table, [ROWS[table] | SAID, ROWS[table] | SAID | {key: "again"}])
    return at.planted(table, 1, key)


def certified_by_owner(at: Any) -> Any:
    """A certification by the post that answers for the measure."""
    arranged(at).raw["measures"]["owner"] = "Head of Waste"
    return at.put("certifications", 0, "certified_by", at.choose(["Head of Waste", "head of waste"]))


MUTATORS: dict[str, Callable[[Any], Any]] = {
    "entry.unknown": one_of(
        ("objectives", "plan_id", ["plan-wast", "other"]), ("agenda", "meeting_id", ["board-9"])
    ),
    "link.unknown": one_of(
        ("objectives", "nodes", ["marker-19; marker-99"]),
        ("objectives", "measures", ["missed-bins; other"]),
        ("risks", "objectives", ["obj-other"]),
        ("actions", "escalations", ["esc-1; esc-9"]),
        ("agenda", "risks", ["risk-9"]),
        ("escalations", "meeting_id", ["board-9"]),
    ),
    "service.unknown": one_of(
        ("risks", "service", ["Wast", "Parks"]), ("conversations", "service", ["Wastes"])
    ),
    "agenda.unknown": one_of(("agenda", "item", ["risk-managment", "tea"])),
    "variation.void": one_of(
        ("approvals", "reason", [""]), ("approvals", "body", [""]), ("approvals", "service", ["Waste"])
    ),
    "entry.twice": entered_twice,
    "dates.order": one_of(
        ("actions", "done_on", ["2024-07-09", "2023-07-18"]),
        ("risks", "reviewed_on", ["2024-03-31"]),
        ("plans", "valid_to", ["2024-03-31"]),
        ("objectives", "due_on", ["2024-02-29"]),
        ("plans", "verified_on", ["2024-07-19"]),
        ("certifications", "valid_to", ["2024-07-18"]),
    ),
    "dates.to-come": one_of(
        ("actions", "done_on", ["2024-07-21", "2025-01-01"]),
        ("meetings", "held_on", ["2024-07-21"]),
        ("plans", "reviewed_on", ["2024-08-01"]),
    ),
    "meeting.no-result": one_of(("meetings", "state", ["planned", "Planned"])),
    "certification.own": certified_by_owner,
    "count.over": one_of(
        ("conversations", "held_n", ["41"]),
        ("conversations", "linked_n", ["39"]),
        ("certifications", "errors_n", ["62"]),
        ("certifications", "sample_n", ["401"]),
    ),
    "share.over-hundred": one_of(
        ("registers", "achieved", ["101", "900"]), ("registers", "planned", ["100.1"])
    ),
    "evidence.self-verified": one_of(*((name, "verified_by", ["Clerk", "clerk"]) for name in ROWS)),
}
"""Rule → mutator."""
