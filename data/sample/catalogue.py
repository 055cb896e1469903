"""The form of ``catalogue/``: the measures of a council that does not exist, and the story of each series.

``council.yml`` holds what all series share; every other file holds one directorate's measures. A key that is not known is refused, so a slip of the pen cannot pass for a story.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from pmf_lib import periods, policy
from pmf_lib.periods import FREQUENCIES, Period

HERE = Path(__file__).resolve().parent
SHARED = "council.yml"


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
    slips: dict[str, float] = Field(default_factory=dict)
    """Periods whose value was sent in a wrong unit: so many times what it should be."""
    doubled: tuple[str, ...] = ()
    """Periods whose row was sent twice, word for word."""
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
    changed: dict[str, float] = Field(default_factory=dict)
    """First period of a change within the year → the new target, which nobody approved."""


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


class Expected(policy.Policy):
    """What the service itself expects of the year, as it said in one quarter of that year."""

    value: float
    basis: str = ""


class Measure(policy.Policy):
    """One measure: its row of ``measures.csv``, its links, and how its records are made up."""

    id: str
    title: str
    definition: str = ""
    directorate: str = ""
    """Named once, at the head of its file."""
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
    definition_from: str = ""
    retired_from: str = ""
    links: tuple[Link, ...]
    story: Story
    target: Target | None = None
    comparison: Comparison | None = None
    commentary: dict[str, Comment] = Field(default_factory=dict)
    forecasts: dict[str, Expected] = Field(default_factory=dict)

    @property
    def kind(self) -> str:
        return FREQUENCIES[self.frequency]

    def period(self, label: str) -> Period:
        return periods.parse(label, self.kind)


class Authority(policy.Policy):
    name: str
    kind: str


class Shared(policy.Policy):
    """``council.yml``."""

    through: date
    first: dict[str, str]
    """The first period written, by kind; a story may begin later."""
    drawn_from: dict[str, str] = Field(default_factory=dict)
    """Where the random streams begin, by kind: forwards from here, and backwards for what lies before."""
    approvals: dict[str, Approval]
    authorities: tuple[Authority, ...] = ()


class Part(policy.Policy):
    """One directorate's measures."""

    directorate: str
    measures: tuple[Measure, ...]


class Catalogue(Shared):
    measures: tuple[Measure, ...]


def load(folder: Path = HERE) -> Catalogue:
    """The catalogue of the council whose records lie in `folder`; a key that is not known is refused."""
    paths = sorted((folder / "catalogue").glob("*.yml"))
    parts = [policy.load(path, Part) for path in paths if path.name != SHARED]
    measures = [
        each.model_copy(update={"directorate": part.directorate}) for part in parts for each in part.measures
    ]
    shared = policy.load(folder / "catalogue" / SHARED, Shared)
    return Catalogue(**dict(shared), measures=tuple(measures))
