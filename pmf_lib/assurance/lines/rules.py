"""The declared rules of the assurance map: what areas ask for, what sources give, and from where on it is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from pmf_lib.policy import Policy

LINES: Mapping[str, str] = MappingProxyType(
    {"first": "First line", "second": "Second line", "third": "Third line", "external": "External"}
)
"""Line of assurance → what pages call it, from those who do the work outwards."""
LEVELS = ("low", "medium", "high")
"""Amounts of assurance and levels that are asked for, the lowest first; below them nothing."""
CONCLUSIONS = ("substantial", "reasonable", "limited", "none")
"""What a source may conclude, the best first; beside them *not-stated*."""
NOT_STATED = "not-stated"
RANK: Mapping[str, int] = MappingProxyType({"": 0} | {level: at for at, level in enumerate(LEVELS, 1)})
"""Amount or level → its rank; nothing is 0."""
OF_RANK: Mapping[int, str] = MappingProxyType({rank: level for level, rank in RANK.items()})

LevelName = Literal["low", "medium", "high"]
Conclusion = Literal["substantial", "reasonable", "limited", "none"]
RiskLevel = Literal["strategic", "directorate", "service", "project", "partnership"]


class Principal(Policy):
    """Which open threats are rows of the map."""

    levels: tuple[RiskLevel, ...]
    from_score: int | None = Field(default=None, ge=1, le=25)
    """Any open threat from this score up; None: those of the registers above alone."""


class Required(Policy):
    """How much assurance an area asks for."""

    high_from_score: int = Field(ge=2, le=25)
    medium_from_score: int = Field(ge=1, le=24)
    binding_group: LevelName
    other_group: LevelName
    raised_from_pct: float = Field(gt=0, le=100)

    @model_validator(mode="after")
    def _rises(self) -> Required:
        if self.medium_from_score >= self.high_from_score:
            raise ValueError("'high_from_score' is to be above 'medium_from_score'")
        return self

    def of_score(self, score: int) -> str:
        """The level that a risk of this score asks for."""
        if score >= self.high_from_score:
            return "high"
        return "medium" if score >= self.medium_from_score else "low"


class Amounts(Policy):
    """Points for each amount of assurance, or points that each level asks for."""

    low: int = Field(ge=0)
    medium: int = Field(ge=0)
    high: int = Field(ge=0)

    @model_validator(mode="after")
    def _rises(self) -> Amounts:
        if not self.low <= self.medium <= self.high:
            raise ValueError("more assurance is to give no fewer points: order low, medium, high")
        return self

    def of(self, level: str) -> int:
        """Points of this amount; of nothing, none."""
        return int(getattr(self, level)) if level else 0


class OfLines(Policy):
    """Points of each line."""

    first: Amounts
    second: Amounts
    third: Amounts
    external: Amounts

    def of(self, line: str) -> Amounts:
        """Points of this line."""
        found: Amounts = getattr(self, line)
        return found


class Decay(Policy):
    """When a source of a line counts for less, and when for nothing."""

    lower_after_months: int = Field(ge=1)
    stale_after_months: int = Field(ge=1)

    @model_validator(mode="after")
    def _rises(self) -> Decay:
        if self.lower_after_months > self.stale_after_months:
            raise ValueError("'lower_after_months' is to be no more than 'stale_after_months'")
        return self


class Decays(Policy):
    """Decay of each line."""

    first: Decay
    second: Decay
    third: Decay
    external: Decay

    def of(self, line: str) -> Decay:
        """Decay of this line."""
        found: Decay = getattr(self, line)
        return found


class Concludes(Policy):
    """What the workbook's own run concludes from the level of a group."""

    lived: Conclusion
    on_paper: Conclusion
    partly: Conclusion
    not_lived: Conclusion


class AssuranceMapScheme(Policy):
    """``parameters/schemes/assurance_map.yml``."""

    version: int
    dated: date
    source: str
    principal: Principal
    required: Required
    points: OfLines
    needed: Amounts
    over_by_points: int = Field(ge=1)
    decay: Decays
    conflict_from_steps: int = Field(ge=1, le=3)
    attestation_amount: LevelName
    run_amount: LevelName
    run_concludes: Concludes
    topics_at_most: int = Field(ge=1)

    @model_validator(mode="after")
    def _asks_something(self) -> AssuranceMapScheme:
        if not 0 < self.needed.low < self.needed.medium < self.needed.high:
            raise ValueError("'needed' is to rise from low to high, and low is to ask for a point at least")
        return self

    def provided(self, points: int) -> str:
        """The level that so many points come to; '' where they come to none."""
        reached = [level for level in LEVELS if points >= self.needed.of(level)]
        return reached[-1] if reached else ""
