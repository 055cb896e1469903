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
    "latest_falls",
    "other_scale",
    "target_slip",
    "target_left_out",
    "target_later",
    "latest_conflict",
    "latest_early",
    "latest_inaccurate",
    "contradicts",
    "not_final",
    "gaps",
    "earlier_slip",
    "earlier_differs",
    "earlier_negative",
    "earlier_falls",
    "earlier_conflict",
    "earlier_early",
    "earlier_inaccurate",
    "not_certifiable",
    "left_out",
    "copied",
    "digits",
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
    """What a commentary claims, by the words in it; phrases in lower case, in which '#' is any figure."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    met: tuple[str, ...]
    missed: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    results: tuple[str, ...]
    """Words for the measure's result: they may stand before a claim."""
    amounts: tuple[str, ...]
    """Words for how many there are: of a share or an average they say nothing."""
    before: tuple[str, ...]
    """Words that may stand before a claim in its clause, beside those of the measure's title."""
    after: tuple[str, ...]
    """Phrases that may follow a claim; before another word it is none."""
    joins: tuple[str, ...]
    """Words at which a clause begins."""
    fillers: tuple[str, ...]
    """Words and phrases that are left out before anything is looked for."""
    negations: tuple[str, ...]
    """Before a claim in its clause: one turns met to missed; any other claim is dropped."""
    mutes: tuple[str, ...]
    """Before a claim in its sentence they make it none: hopes, conditions, the figures of others."""
    parts: tuple[str, ...]
    """Anywhere in a sentence they make it claim nothing: it speaks of a part of the period."""
    level: tuple[str, ...]
    """Anywhere in the text they take improving and worsening away."""
    set_aside: tuple[str, ...]
    """Phrases that hold a word of the lists and claim nothing."""
    compared: tuple[str, ...]
    """Phrases by which the text compares with the period before, or with last year; they may stand anywhere."""
    year_before: tuple[str, ...]
    """Phrases by which the text compares with the same period last year."""
    other_period: tuple[str, ...]
    """Words by which the text may compare with any other period; then it is not held against its series."""
    unchanged_but_for: tuple[str, ...]
    """Words by which two texts may differ and still be the same; dates and numbers always may."""
    unchanged_from: int = Field(default=4, ge=1)
    """From how many words on a text is held against that of the quarter before."""


class PatternRules(Policy):
    """When a pattern of values is too unlikely to be let pass without a question."""

    chance: float = Field(default=0.0001, gt=0, lt=1)
    """A pattern that chance gives less often than this is asked about."""
    copied_from_units: int = Field(default=100, ge=1)
    """Values of fewer units of their last digit (small counts) are not said to be copied."""
    copied_from_moves: int = Field(default=5, ge=2)
    """How many values must differ from the one before, so that chance can be told."""
    digits_from: int = Field(default=30, ge=10)
    """Values from which on last digits are judged."""
    noise_from: int = Field(default=8, ge=2)
    """Moves from one period to the next from which on the usual one is known."""
    break_values: int = Field(default=6, ge=2)
    """So many values on either side of a change of definition are held against each other."""
    break_from: int = Field(default=3, ge=1)
    """Values that either side must have."""


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
    patterns: PatternRules
    reliance: tuple[Reason, ...]
    words: ClaimWords

    def reasons(self, *, is_own: bool) -> tuple[Reason, ...]:
        """The reasons that hold of own, or of published figures."""
        kinds = ("both", "own" if is_own else "published")
        return tuple(one for one in self.reliance if one.applies_to in kinds)


def load() -> QualityScheme:
    """Read the scheme in force."""
    return policy.load(settings.root() / "parameters" / "schemes" / "quality.yml", QualityScheme)
