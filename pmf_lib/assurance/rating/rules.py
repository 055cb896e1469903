"""The declared rules of the proposed assurance rating: when one can be told, and what holds it down."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from pmf_lib.errors import listed
from pmf_lib.policy import Policy

Rating = Literal["substantial", "reasonable", "limited", "no_assurance"]
SCALE: tuple[str, ...] = get_args(Rating)
"""The best first."""
UNABLE = "unable"
"""Outside the scale: too little is known to conclude."""
CODES = (*SCALE, UNABLE)
Condition = Literal[
    "assurers_none",
    "duties_not_met",
    "key_groups_not_lived",
    "assurers_limited",
    "groups_not_lived",
    "duties_not_fully_met",
    "groups_partly",
    "certifications_failed",
    "measures_not_relied_on",
    "recommendations_overdue",
    "groups_fell",
    "duties_in_doubt",
    "groups_on_paper",
    "duties_untested",
    "tables_unsent",
]
KNOWN_FAILURES = ("assurers_none", "duties_not_met")
"""What missing records can't raise: known failures, as a count or of all that is asked. These alone may lead to no assurance."""


class Meanings(Policy):
    """What each rating stands for, in a sentence without its full stop."""

    substantial: str
    reasonable: str
    limited: str
    no_assurance: str
    unable: str


class Conclude(Policy):
    """What must be known before anything is concluded."""

    least_tested_pct: float = Field(gt=0, le=100)
    """The least share of the duties asked that could be tested."""
    least_key_known_pct: float = Field(gt=0, le=100)
    """The least share of the key groups asked of which a duty could be tested."""
    directorates_unable_at_most: int = Field(ge=0)
    """So many directorates may themselves be without a rating where the council is rated."""


class Cap(Policy):
    """One condition: what is counted, and from which count or share on the rating is no better than so."""

    of: Condition
    counted: Literal["n", "pct"]
    """As a count, or as a share in per cent of all that there are."""
    reasonable_from: float | None = Field(default=None, gt=0)
    limited_from: float | None = Field(default=None, gt=0)
    no_assurance_from: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _holds_together(self) -> Cap:
        steps = [step for step in self.steps.values() if step is not None]
        if not steps or steps != sorted(steps):
            raise ValueError(f"'{self.of}': give at least one threshold; a lower rating has a higher one")
        if self.no_assurance_from is not None and self.of not in KNOWN_FAILURES:
            raise ValueError(
                f"'{self.of}' can grow when records are missing, and missing records are never 'no assurance'; "
                f"'no_assurance_from' is for {listed(KNOWN_FAILURES)}"
            )
        return self

    @property
    def steps(self) -> dict[str, float | None]:
        """Rating → from where on it is the best allowed."""
        return {
            "reasonable": self.reasonable_from,
            "limited": self.limited_from,
            "no_assurance": self.no_assurance_from,
        }


class RatingScheme(Policy):
    """``parameters/schemes/rating.yml``: the proposed assurance rating, step by step."""

    version: int
    dated: date
    source: str
    meanings: Meanings
    key_groups: tuple[str, ...] = Field(min_length=1)
    """Ids of the groups of clauses on which the others rest; a framework without any of them has none."""
    conclude: Conclude
    caps: tuple[Cap, ...] = Field(min_length=1)
    """The heaviest first."""
    directorates_that_hold: int = Field(ge=1)
    """The council is no better than what so many directorates are rated, or worse."""
    steps_above_worst: int = Field(ge=0)
    """The council is so many steps better than the worst of its directorates at most."""
    unable_counts_as: Rating
    """As what a directorate without a rating counts for the council."""
    independent_lines: tuple[Literal["first", "second", "third", "external"], ...]
    conclusions_stand_months: int = Field(ge=1)

    @model_validator(mode="after")
    def _has_each_once(self) -> RatingScheme:
        names = [cap.of for cap in self.caps]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"'caps' lists each condition once; look at: {', '.join(twice)}")
        if self.unable_counts_as == "no_assurance":
            raise ValueError("'unable_counts_as': missing records are never 'no_assurance'")
        return self
