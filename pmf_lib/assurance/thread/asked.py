"""What the framework's own clauses ask of conversations, so that the thread and its clauses ask the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pmf_lib.assurance.checks.people import conversations_are_held
from pmf_lib.framework.model import Framework

EVERY = 100.0
"""Per cent asked where no clause names a share: a thread leads to each conversation, by its definition."""
LAST_DAY = "03-31"
"""The day by which a year's conversations are held where no clause names one: the last of the financial year."""


def asked_percent(framework: Framework, check: str) -> float:
    """The largest share that a clause with this test asks; `EVERY` where none does."""
    return max((float(percent) for percent in _told(framework, check, "percent")), default=EVERY)


def day_of_year(framework: Framework) -> str:
    """The month and day by which a clause first asks that the conversations of a year are held; else `LAST_DAY`."""
    return next(_told(framework, conversations_are_held.__name__, "by"), LAST_DAY)


def _told(framework: Framework, check: str, parameter: str) -> Iterator[Any]:
    clauses = (clause for clause in framework.clauses if clause.check == check)
    return (clause.parameters[parameter] for clause in clauses if parameter in clause.parameters)
