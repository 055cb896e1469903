"""What counts as a doubtful figure: thresholds, reasons and word lists, from ``parameters/schemes/quality.yml``."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pmf_lib import policy, settings
from pmf_lib.policy import Policy
from pmf_lib.records.slips import SlipRules

Code = Literal[
    "no_definition",
    "latest_missing",
    "latest_slip",
    "latest_differs",
    "latest_negative",
    "other_scale",
    "target_slip",
    "target_left_out",
    "target_later",
    "latest_conflict",
    "latest_early",
    "contradicts",
    "not_final",
    "gaps",
    "earlier_slip",
    "earlier_differs",
    "earlier_negative",
    "earlier_conflict",
    "earlier_early",
    "left_out",
    "late_often",
    "revised",
    "no_owner",
]
Reliance = Literal["do_not_rely", "with_care"]


class Reason(Policy):
    """One reason not to rely on a figure: what it leads to, and what is said of it."""

    code: Code
    verdict: Reliance
    says: str
    """May hold {period}, {count} and {of}; {Count} is the count in words with a capital."""
    says_one: str = ""
    """What is said of one value alone, where that reads otherwise."""
    applies_to: Literal["own", "published", "both"] = "both"
    """The council's own records, or published figures? A publisher owes the council no return."""


class ClaimWords(Policy):
    """What a commentary claims, by the words in it; phrases in lower case."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    met: tuple[str, ...]
    missed: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    negations: tuple[str, ...]
    """Within a few words before a claim they turn it round."""
    intentions: tuple[str, ...]
    """Within a few words before a claim they make it a hope, which is no claim."""
    purposes: tuple[str, ...]
    """Right before a claim they make it a purpose, which is no claim either."""
    set_aside: tuple[str, ...]
    """Phrases that hold a word of the lists and claim nothing."""
    year_before: tuple[str, ...]
    """Phrases by which the text compares with the same period last year."""
    reach: int = Field(default=3, ge=0, le=10)
    """How many words before a claim are looked at."""


class QualityScheme(Policy):
    """``parameters/schemes/quality.yml``."""

    version: int
    dated: date
    source: str
    due_quarters: int = Field(ge=1)
    """How many quarters back values that fell due are counted."""
    revised_quarters: int = Field(ge=1)
    """How many quarters back revisions are looked for, where no issued run is named."""
    break_quarters: int = Field(ge=1)
    """How many quarters back a change of definition is told."""
    late_often_pct: float = Field(gt=0, le=100)
    late_often_at_least: int = Field(ge=1)
    revised_by_pct: float = Field(ge=0)
    slips: SlipRules
    reliance: tuple[Reason, ...]
    words: ClaimWords

    def reasons(self, *, is_own: bool) -> tuple[Reason, ...]:
        """The reasons that hold of own, or of published figures."""
        kinds = ("both", "own" if is_own else "published")
        return tuple(one for one in self.reliance if one.applies_to in kinds)


def load() -> QualityScheme:
    """Read the scheme in force."""
    return policy.load(settings.root() / "parameters" / "schemes" / "quality.yml", QualityScheme)
