"""The declared rules of escalation: after how many missed quarters a measure goes up, to which level, and by when."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from pmf_lib.policy import Policy
from pmf_lib.records.schema.words import LEVELS

LevelName = Literal["service", "directorate", "cmt", "cabinet", "scrutiny", "audit-committee", "full-council"]
LEVEL_WORDS = {
    "service": "the service",
    "directorate": "the directorate",
    "cmt": "the management team",
    "cabinet": "Cabinet",
    "scrutiny": "Overview and Scrutiny",
    "audit-committee": "Audit Committee",
    "full-council": "full Council",
}
TIMES = {
    1: "once",
    2: "in two quarters running",
    3: "in three quarters running",
    4: "in four quarters running",
}


class Step(Policy):
    """One step up: after so many missed quarters running, from one level to the next, by a day."""

    quarters: int = Field(ge=1, le=8)
    from_level: LevelName
    to_level: LevelName
    days: int = Field(ge=0, le=365)
    """Days that are left from the quarter's end."""
    days_after_due: int = Field(ge=0, le=365)
    """Days that are left from the day by which the figure was due, where that is later."""


class EscalationScheme(Policy):
    """``parameters/schemes/escalation.yml``: which steps up are asked, and when an action is judged."""

    version: int
    dated: date
    source: str
    steps: tuple[Step, ...] = Field(min_length=1)
    """From the lowest level up."""
    stands_for_quarters: int = Field(ge=1, le=12)
    """Quarters of a run for which a step counts, the one that gave rise to it included."""
    decide_within_days: int = Field(ge=0, le=365)
    before_at_most_n: int = Field(ge=8)
    after_at_most_n: int = Field(ge=7)

    @model_validator(mode="after")
    def _climbs(self) -> EscalationScheme:
        for step in self.steps:
            if LEVELS.index(step.to_level) <= LEVELS.index(step.from_level):
                raise ValueError(
                    f"the step from '{step.from_level}' to '{step.to_level}' leads down; levels, the lowest first, are "
                    + ", ".join(LEVELS)
                )
        for lower, upper in zip(self.steps, self.steps[1:], strict=False):
            if lower.to_level != upper.from_level:
                raise ValueError(
                    f"no step begins where the one to '{lower.to_level}' ends; let each begin there"
                )
            if lower.quarters > upper.quarters:
                raise ValueError(
                    f"the step to '{upper.to_level}' comes after fewer missed quarters than the one to '{lower.to_level}'"
                )
        return self

    @property
    def ladder(self) -> tuple[str, ...]:
        """The levels that the steps climb, the lowest first."""
        return (self.steps[0].from_level, *(step.to_level for step in self.steps))

    @property
    def longest(self) -> int:
        """The most missed quarters that a step waits for."""
        return self.steps[-1].quarters

    @property
    def counted(self) -> int:
        """So many quarters of a run are counted: enough to tell each step, and whether what was raised still counts."""
        return max(self.longest + 1, self.stands_for_quarters)

    @property
    def words(self) -> str:
        """The rule as pages print it, in one sentence."""
        return (
            "A measure that misses its target "
            + "; ".join(_said(step) for step in self.steps)
            + ". What was raised for an earlier quarter of the same run counts; after "
            + f"{self.stands_for_quarters} quarter{'s' if self.stands_for_quarters > 1 else ''} it is to be raised anew."
        )

    def frame(self) -> pd.DataFrame:
        """One row per step, the lowest first: quarters, from_level, to_level, days, days_after_due, rank (of the level
        raised to).
        """
        rows = pd.DataFrame([step.model_dump() for step in self.steps])
        return rows.assign(rank=rank(rows["to_level"]))


def rank(levels: pd.Series[str]) -> pd.Series[int]:
    """How high each level stands: 0 is the service; −1 is no level.

    >>> rank(pd.Series(["service", "cabinet", ""])).tolist()
    [0, 3, -1]
    """
    return (
        levels.map({level: place for place, level in enumerate(LEVELS)}).astype(float).fillna(-1).astype(int)
    )


def level_words(levels: pd.Series[str]) -> pd.Series[str]:
    """Each level as a sentence names it ('' where there is none)."""
    return levels.map(LEVEL_WORDS).fillna("").astype("str")


def often(quarters: int, most: int) -> str:
    """In how many quarters running, as a sentence says it; no more quarters than `most` were looked at.

    >>> often(1, 4), often(3, 4), often(4, 4)
    ('in this quarter', 'in three quarters running', 'in four quarters running or more')
    """
    said = {**TIMES, 1: "in this quarter"}.get(quarters, f"in {quarters} quarters running")
    return f"{said} or more" if len(TIMES) <= quarters == most else said


def _said(step: Step) -> str:
    often = TIMES.get(step.quarters, f"in {step.quarters} quarters running")
    return (
        f"{often} is raised to {LEVEL_WORDS[step.to_level]} within {step.days} days of the quarter's end, or {step.days_after_due} "
        "days after its figure was due"
    )
