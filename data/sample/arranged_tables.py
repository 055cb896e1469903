"""All tables of arrangements of a made-up council, and the stories in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import arranged_assurance as assurance
import arranged_certified as certified
import arranged_escalation as escalation
import arranged_meetings as meetings
import arranged_objectives as objectives
import arranged_plans as plans
import arranged_registers as registers
import arranged_risks as risks
from arranged import Council, Row, Tables, load
from arranged_stories import stories, told
from catalogue import Catalogue

WRITERS: dict[str, Callable[[Council], Iterable[Row]]] = {
    "plans": plans.plans,
    "objectives": objectives.objectives,
    "conversations": meetings.conversations,
    "meetings": meetings.meetings,
    "agenda": meetings.agenda,
    "escalations": escalation.escalations,
    "actions": escalation.actions,
    "risks": risks.risks,
    "assurances": assurance.assurances,
    "recommendations": assurance.recommendations,
    "approvals": assurance.approvals,
    "registers": registers.registers,
    "attestations": assurance.attestations,
    "certifications": certified.certifications,
}


def clean(folder: Path, catalogue: Catalogue) -> Tables:
    """Every table with nothing amiss in it."""
    council = load(folder, catalogue)
    return {table: list(rows(council)) for table, rows in WRITERS.items()}


def arranged(folder: Path, catalogue: Catalogue) -> Tables:
    """Every table with the stories of the folder in them."""
    return told(clean(folder, catalogue), stories(folder))
