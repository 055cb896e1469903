"""All tables of arrangements of a made-up council, and the stories in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import arranged_control as control
import arranged_meetings as meetings
import arranged_plans as plans
from arranged import Council, Row, Tables, load, stories, told
from catalogue import Catalogue

WRITERS: dict[str, Callable[[Council], Iterable[Row]]] = {
    "plans": plans.plans,
    "objectives": plans.objectives,
    "conversations": meetings.conversations,
    "meetings": meetings.meetings,
    "agenda": meetings.agenda,
    "escalations": control.escalations,
    "actions": control.actions,
    "risks": control.risks,
    "assurances": control.assurances,
    "recommendations": control.recommendations,
    "approvals": control.approvals,
    "registers": control.registers,
    "attestations": control.attestations,
}


def clean(folder: Path, catalogue: Catalogue) -> Tables:
    """Every table with nothing amiss in it."""
    council = load(folder, catalogue)
    return {table: list(rows(council)) for table, rows in WRITERS.items()}


def arranged(folder: Path, catalogue: Catalogue) -> Tables:
    """Every table with the stories of the folder in them."""
    return told(clean(folder, catalogue), stories(folder))
