"""Verdict words: what each code is called, and how it is shown, from ``parameters/schemes/verdicts.yml``."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field

from pmf_lib import policy, settings
from pmf_lib.errors import PolicyError, unknown

Kind = Literal[
    "status",
    "absence",
    "variation",
    "capability",
    "direction",
    "clause",
    "embedding",
    "reliance",
    "agenda",
    "escalation",
    "effect",
    "loop",
    "pledge",
    "rating",
    "thread",
    "amount",
    "conclusion",
    "map",
    "certification",
    "course",
    "recommendation",
    "relation",
    "followup",
]
COLOUR = r"^#[0-9A-Fa-f]{6}$"


class Verdict(policy.Policy):
    """One verdict: its word, and how a tag and a mark of it look. The word is always shown beside the colour."""

    kind: Kind
    code: str
    word: str
    shape: Literal[
        "",
        "circle",
        "diamond",
        "triangle",
        "ring",
        "blocks_0",
        "blocks_1",
        "blocks_2",
        "blocks_3",
        "blocks_4",
    ]
    letter: str
    background: str = Field(pattern=COLOUR)
    text: str = Field(pattern=COLOUR)
    mark: str = Field(pattern=COLOUR)


class Verdicts(policy.Policy):
    """All verdicts, in the order in which tables and legends list them."""

    version: int
    dated: date
    source: str
    verdicts: tuple[Verdict, ...]

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Verdict]:
        return {(verdict.kind, verdict.code): verdict for verdict in self.verdicts}

    def get(self, kind: str, code: str) -> Verdict:
        """The verdict of this kind and code (a status also finds an absence)."""
        kinds = ("status", "absence") if kind == "status" else (kind,)
        for name in kinds:
            if (name, code) in self._by_key:
                return self._by_key[name, code]
        raise PolicyError(
            unknown(f"{kind} verdict", code, self.codes(*kinds), "Verdicts are in schemes/verdicts.yml.")
        )

    def codes(self, *kinds: str) -> list[str]:
        """Codes of these kinds, in order."""
        return [verdict.code for verdict in self.verdicts if verdict.kind in kinds]


def load() -> Verdicts:
    """Read the verdict words in force."""
    return policy.load(settings.root() / "parameters" / "schemes" / "verdicts.yml", Verdicts)
