"""How long a run has still to go, told from how long its notebooks took before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

RECENT = 20
"""Runs of one notebook that are looked back at."""


@dataclass
class Pace:
    """What is left of some items, done so many side by side.

    Parameters
    ----------
    past
        Notebook → seconds that it took before (`past_seconds`).
    jobs
        Items side by side.
    """

    past: Mapping[str, float]
    jobs: int
    left: dict[str, str] = field(default_factory=dict)
    """Item → notebook, of what is not done."""

    def done(self, item: str) -> None:
        """An item is done."""
        self.left.pop(item, None)

    @property
    def seconds(self) -> float | None:
        """Seconds left; None where nothing is known of how long it takes.

        >>> Pace({"1_a": 4.0, "2_b": 8.0}, 2, {"x/1_a": "1_a", "x/2_b": "2_b", "x/3_c": "3_c"}).seconds
        9.0
        """
        if not self.past:
            return None
        usual = median(self.past.values())
        took = [self.past.get(notebook, usual) for notebook in self.left.values()]
        return sum(took) / min(self.jobs, len(took)) if took else 0.0


def past_seconds(entries: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Notebook → median of the seconds that its last items took which ended well, from the ledger's entries.

    >>> past_seconds([{"kind": "item", "item": "a/1_x", "outcome": "ok", "seconds": 3.0}, {"kind": "run"}])
    {'1_x': 3.0}
    """
    took = defaultdict[str, list[float]](list)
    for entry in entries:
        if entry.get("kind") == "item" and entry.get("outcome") == "ok" and not entry.get("carried_from"):
            took[entry["item"].partition("/")[2]].append(entry["seconds"])
    return {notebook: median(seconds[-RECENT:]) for notebook, seconds in took.items()}


def in_words(seconds: float) -> str:
    """As a bar says it.

    >>> in_words(0.4), in_words(42), in_words(190)
    ('a second left', '42 seconds left', '4 minutes left')
    """
    if seconds < 1.5:
        return "a second left"
    return f"{seconds:.0f} seconds left" if seconds < 90 else f"{-(-seconds // 60):.0f} minutes left"
