"""The form of ``catalogue.yml``: the measures of a council that does not exist, and the story of each series.

A key that is not known is refused, so a slip of the pen cannot pass for a story.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from pmf_lib import periods, policy
from pmf_lib.periods import FREQUENCIES, Period

HERE = Path(__file__).resolve().parent


class Change(policy.Policy):
    """From this period on, the level moves by so much: once (a step), or every period (a drift)."""

    since: str
    by: float


class Season(policy.Policy):
    """A yearly wave: so much above the level in its peak month, as much below six months later."""

    amount: float
    peak: int = Field(ge=1, le=12)


class Revision(policy.Policy):
    """A second value for one period, recorded later, so much away from the first."""

    period: str
    day: date
    by: float


class Story(policy.Policy):
    """How a made-up series runs."""

    model: Literal["ratio", "amount", "count"]
    level: float
    noise: float
    base: float = 0
    """Around which the denominator of a ratio lies."""
    base_noise: float = 0.03
    """Its spread, as a share of the base."""
    drift: Change | None = None
    step: Change | None = None
    season: Season | None = None
    least: float = 0
    pinned: dict[str, float] = Field(default_factory=dict)
    """Periods whose level is pinned."""
    skip: tuple[str, ...] = ()
    states: dict[str, str] = Field(default_factory=dict)
    late_days: dict[str, int] = Field(default_factory=dict)
    revisions: tuple[Revision, ...] = ()
    first: str = ""
    last: str = ""


class Approval(policy.Policy):
    """Who approved a year's targets, when, and where that is minuted."""

    by: str
    day: date
    reference: str


class Target(policy.Policy):
    """A measure's targets, one per year: a value, a range, or a profile of the year to date."""

    years: dict[str, float] = Field(default_factory=dict)
    profiles: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    ranges: dict[str, tuple[float, float]] = Field(default_factory=dict)
    tolerance: float
    tolerance_kind: Literal["amount", "per-cent"] = "amount"
    not_approved: tuple[str, ...] = ()


class Comparison(policy.Policy):
    """How other made-up authorities lie about this measure's level."""

    offset: float
    spread: float
    since: str
    missing: str = ""


class Link(policy.Policy):
    framework: str
    node: str
    perspective: str
    reason: str
    directness: str = "direct"
    valid_from: str = ""
    valid_to: str = ""


class Comment(policy.Policy):
    text: str
    cause: str = ""


class Measure(policy.Policy):
    """One measure: its row of ``measures.csv``, its links, and how its records are made up."""

    id: str
    title: str
    definition: str = ""
    directorate: str
    service: str
    owner: str = ""
    unit: str
    decimals: int
    polarity: str
    frequency: str
    accumulation: str = "in-period"
    roll_up: str = "none"
    numerator_name: str = ""
    denominator_name: str = ""
    promise: str = ""
    evidence_kind: str = "quantitative"
    customer_measure: bool = False
    provider: str = ""
    external_framework: str = ""
    comparator_group: str = ""
    due_days: int
    monitor_only: bool = False
    exempt: bool = False
    retired_from: str = ""
    links: tuple[Link, ...]
    story: Story
    target: Target | None = None
    comparison: Comparison | None = None
    commentary: dict[str, Comment] = Field(default_factory=dict)

    @property
    def kind(self) -> str:
        return FREQUENCIES[self.frequency]

    def period(self, label: str) -> Period:
        return periods.parse(label, self.kind)


class Authority(policy.Policy):
    name: str
    kind: str


class Catalogue(policy.Policy):
    through: date
    approvals: dict[str, Approval]
    authorities: tuple[Authority, ...]
    measures: tuple[Measure, ...]


def load(path: Path = HERE / "catalogue.yml") -> Catalogue:
    """The catalogue; a key that is not known is refused."""
    return policy.load(path, Catalogue)
