"""What ``arrangements/council.yml`` of a made-up council may say: a key that is not known is refused."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from pmf_lib import policy

Cells = dict[str, str | date]
"""Cells of a row as they stand in YAML."""


class Unit(policy.Policy):
    """A directorate: its short key, name, the post at its head, the day of the month on which its board meets, its portfolio, and who else attends."""

    key: str
    name: str
    director: str
    board_day: int
    portfolio: str
    others: tuple[str, ...]


class Service(policy.Policy):
    key: str
    directorate: str
    name: str
    head: str
    staff: int


class Plan(policy.Policy):
    id: str
    title: str
    valid_from: date
    valid_to: date
    approved_on: date
    published_on: date
    refreshed_on: tuple[date, ...] = ()


class Pair(policy.Policy):
    """Who enters rows of one kind, and who checks them."""

    clerk: str
    manager: str


class Done(policy.Policy):
    """An action that was done, and what was to change by it."""

    title: str
    done_on: date
    effect: str


class Dated(policy.Policy):
    """Something with its day."""

    day: date
    title: str


class Mend(policy.Policy):
    """An action to mend a measure's data, agreed when a quarter's results were looked at."""

    title: str
    quarter: str


class Strategic(policy.Policy):
    """A threat on the council's own register, looked at by the management team each quarter."""

    id: str
    title: str
    owner: str
    likelihood: int
    impact: int
    response: str
    goals: tuple[str, ...]
    """Nodes whose objectives of the council it threatens."""
    nodes: tuple[str, ...] = ()
    """Nodes that the register names itself."""


class Assurance(policy.Policy):
    """A source of assurance and its recommendations."""

    id: str
    line: str
    kind: str
    provider: str
    subject: str
    scope: str
    directorate: str = ""
    groups: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    reported_on: date
    covers: int = 365
    """Days looked at, up to the report."""
    amount: str
    conclusion: str
    next_due: date
    recommends: tuple[str, ...] = ()


class Certified(policy.Policy):
    """A measure whose value an auditor tested against its cases; the value and their number come from its series."""

    measure: str
    period: str
    controls: str
    sample_n: int
    errors_n: int = 0
    recalculated: str = ""
    """Empty: the same as was reported."""
    category: str
    seed: int
    certified_on: date
    remarks: str = ""


class Entry(policy.Policy):
    """An entry of a register, as its row says; more columns by name."""

    id: str
    register_name: str = Field(alias="register")
    title: str
    columns: Cells = Field(default_factory=dict)


class Claim(policy.Policy):
    """What a directorate attests of a group of clauses, year by year alike."""

    claimed: str
    because: str


class Made(policy.Policy):
    """``council.yml``."""

    framework: str
    as_at: date
    first_quarter: str
    last_quarter: str
    plan_years: tuple[str, ...]
    plan_span: int = 1
    """Years that a service's or directorate's plan looks ahead."""
    council_kinds: tuple[str, ...] = ()
    directorate_kinds: tuple[str, ...] = ("main",)
    kind_objectives: dict[str, tuple[str, str, str]] = Field(default_factory=dict)
    """Kind of plan → title, nodes and measures of its one objective."""
    promise: str = ""
    community_plan: Plan
    council_plan: Plan
    committee: Pair
    performance: Pair
    lags: dict[str, int]
    """Body → days after a quarter's end when it looks at the results."""
    panel: str = ""
    """The scrutiny panel's name, where there are several."""
    directorates: dict[str, Unit]
    services: tuple[Service, ...]
    goals: dict[str, str]
    agendas: dict[str, dict[str, tuple[str, ...]]]
    """Body → when → items: at 'every' meeting, where a quarter is reported ('report'), in a month ('july')."""
    meets: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    """Meetings beside those that follow from the calendar."""
    reds: dict[str, tuple[str, ...]]
    actions_due: date
    """By when actions that are under way are to be done."""
    done: dict[str, Done] = Field(default_factory=dict)
    mends: dict[str, Mend] = Field(default_factory=dict)
    strategic_risks: tuple[Strategic, ...] = ()
    assurances: tuple[Assurance, ...] = ()
    audit: Pair | None = None
    """Who certifies measures, and who reviews it."""
    certifications: tuple[Certified, ...] = ()
    scrutiny_recommends: tuple[Dated, ...] = ()
    approvals: tuple[Cells, ...] = ()
    registers: tuple[Entry, ...] = ()
    service_documents: tuple[str, ...] = ()
    board_documents: tuple[str, ...] = ()
    """Titles of documents that each service and each board has."""
    has_timetable: bool = False
    """Is every activity of the framework's timetable on the register of events?"""
    attested_on: tuple[Dated, ...] = ()
    """Days of attestation, and the years that they are about."""
    attested: dict[str, Claim] = Field(default_factory=dict)
    """Group of clauses → what every directorate claims of it."""
    attested_in: dict[str, dict[str, Claim]] = Field(default_factory=dict)
    """Directorate → group → what this directorate claims instead."""
