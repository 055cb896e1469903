"""Tests of clauses, by what they look at. Each module registers its own; a new module is named here."""

from pmf_lib.assurance.checks import (
    agendas,
    approvals,
    data,
    decisions,
    escalation,
    external,
    measures,
    meetings,
    objectives,
    people,
    plan_contents,
    planning,
    registers,
    risks,
)
from pmf_lib.assurance.checks.registry import SEEN_FROM_OUTSIDE, TESTS, parameters

__all__ = (
    "SEEN_FROM_OUTSIDE",
    "TESTS",
    "agendas",
    "approvals",
    "data",
    "decisions",
    "escalation",
    "external",
    "measures",
    "meetings",
    "objectives",
    "parameters",
    "people",
    "plan_contents",
    "planning",
    "registers",
    "risks",
)
