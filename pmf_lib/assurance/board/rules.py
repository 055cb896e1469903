"""The declared rules of a board's pack: when an item of the year is pressing, and in which order issues come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from pmf_lib.policy import Policy

IssueKind = Literal[
    "never_raised",
    "raised_too_low",
    "level_skipped",
    "not_decided",
    "raised_late",
    "misses_and_worsens",
    "misses_again",
    "action_overdue",
    "project_not_looked_at",
    "return_late",
    "figure_late",
]
ISSUE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "never_raised": "missed and raised with nobody",
        "raised_too_low": "raised to too low a level",
        "level_skipped": "raised past a level",
        "not_decided": "raised and not decided on",
        "raised_late": "raised late",
        "misses_and_worsens": "missed and really getting worse",
        "misses_again": "missed again",
        "action_overdue": "with an action overdue",
        "project_not_looked_at": "about a project not looked at lately",
        "return_late": "without a return that was due",
        "figure_late": "without a figure that was due",
    }
)
"""Kind of issue → what pages call it, in the order of the scheme as delivered."""


class BoardScheme(Policy):
    """``parameters/schemes/board.yml``: when an item is pressing, and the order of hot issues."""

    version: int
    dated: date
    source: str
    year_end_near_days: int = Field(ge=0, le=366)
    risks_reviewed_within_months: int = Field(ge=1, le=24)
    projects_reviewed_within_months: int = Field(ge=1, le=24)
    hot_issues: tuple[IssueKind, ...]
    """The first first."""

    @model_validator(mode="after")
    def _has_each_once(self) -> BoardScheme:
        wrong = [kind for kind in ISSUE_WORDS if self.hot_issues.count(kind) != 1]
        if wrong:
            raise ValueError(f"'hot_issues' is to list each kind once; look at: {', '.join(wrong)}")
        return self

    @property
    def words(self) -> str:
        """The order as pages print it, in one sentence."""
        return f"Hot issues come in this order: {'; '.join(ISSUE_WORDS[kind] for kind in self.hot_issues)}."
