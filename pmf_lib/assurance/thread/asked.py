"""What the framework's own clauses ask of conversations, so that the thread and its clauses ask the same."""

from __future__ import annotations

from pmf_lib.assurance.checks.people import conversations_are_held
from pmf_lib.framework.clauses import Clause
from pmf_lib.framework.model import Framework

EVERY = 100.0
"""Per cent asked where no clause names a share: a thread leads to each conversation, by its definition."""
LAST_DAY = "03-31"
"""The day by which a year's conversations are held where the clause names none: the last of the financial year."""
BINDING = ("duty", "minimum")
"""Forces of clauses that are asked before any other."""


def asked_percent(framework: Framework, check: str) -> float:
    """The share that the clause asks which the thread keeps to (`_followed`); `EVERY` where none has this test."""
    clause = _followed(framework, check)
    return EVERY if clause is None else _share(clause)


def day_of_year(framework: Framework) -> str:
    """The month and day by which the same clause asks that the conversations of a year are held; else `LAST_DAY`."""
    clause = _followed(framework, conversations_are_held.__name__)
    return LAST_DAY if clause is None else str(clause.parameters.get("by", LAST_DAY))


def _followed(framework: Framework, check: str) -> Clause | None:
    """The clause with this test that the thread keeps to: a duty or minimum before any other, then the largest share.

    Of several that ask the same the first written.
    """
    asking = [clause for clause in framework.clauses if clause.check == check]
    return max(asking, key=lambda one: (one.force in BINDING, _share(one)), default=None)


def _share(clause: Clause) -> float:
    share = clause.parameters.get("percent", EVERY)
    return float(share) if isinstance(share, str | int | float) else EVERY
