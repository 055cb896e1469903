"""What a body is asked, in one sentence that it can decide from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance.escalation.rules import LEVEL_WORDS
from pmf_lib.workbook.pieces.words import day

Row = Mapping[Any, Any]
CHANGED = {"worse": "it went on for the worse", "no_change": "it changed nothing for the better"}
"""What came after the last action that was done."""
IT = "it"
"""Stands for the title where that is told beside."""


def ask(row: Row, name: str = "") -> str:
    """What is asked, of one row of `pmf_lib.assurance.escalation.awaiting.awaited`; `name` stands for its title.

    >>> row = {
    ...     "kind": "decide",
    ...     "title": "Bins",
    ...     "raised_by": "Head of Waste",
    ...     "raised_on": pd.Timestamp("2024-10-01"),
    ...     "due_on": pd.Timestamp("2024-11-05"),
    ...     "is_overdue": True,
    ... }
    >>> ask(row)
    'Decide on “Bins”, raised by the Head of Waste on 1 October 2024: a decision was due by 5 November 2024.'
    >>> ask(row, IT)
    'Decide on it, raised by the Head of Waste on 1 October 2024: a decision was due by 5 November 2024.'
    """
    return WORDS[row["kind"]](row, name or f"“{row['title']}”")


def _decide(row: Row, name: str) -> str:
    by = f" by {_post(row['raised_by'])}" if row["raised_by"] else ""
    was = "was" if row["is_overdue"] else "is"
    due: str = f": a decision {was} due by {day(row['due_on'])}" if pd.notna(row["due_on"]) else ""
    return f"Decide on {name}, raised{by} on {day(row['raised_on'])}{due}."


def _post(post: str) -> str:
    """A post as a sentence names it; one that begins with its own article keeps it."""
    return post if post.lower().startswith("the ") else f"the {post}"


def _deferred(row: Row, name: str) -> str:
    return f"Decide on {name}, raised on {day(row['raised_on'])} and put off on {day(row['since'])}."


def _raise(row: Row, name: str) -> str:
    when: str = f"by {day(row['due_on'])}" if pd.notna(row["due_on"]) else "in an earlier quarter"
    reached = LEVEL_WORDS.get(row["reached_level"], "")
    got = f"it went no further than {reached}" if reached else "nobody raised it"
    take = f"Take {name} up" if name == IT else f"Take up {name}"
    return f"{take}: it misses its target and was to be raised here {when}, yet {got}."


def _again(row: Row, name: str) -> str:
    came = CHANGED.get(row["effect"], CHANGED["no_change"])
    return f"Decide what else is to be done about {name}: what was agreed is done, and {came}."


WORDS = {"decide": _decide, "deferred": _deferred, "raise": _raise, "again": _again}
