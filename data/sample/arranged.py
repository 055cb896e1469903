"""The form of ``arrangements/``: who meets, plans, escalates and acts in a council that does not exist.

``council.yml`` says how clean records are made up; ``stories.yml`` what is then changed in them, and nothing else is amiss.
A key that is not known is refused, and so is a story that no longer finds its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from catalogue import Catalogue, Measure
from pydantic import Field

from pmf_lib import periods, policy
from pmf_lib.periods import Period

Row = dict[str, str]
Tables = dict[str, list[Row]]
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
    reported_on: date
    covers: int = 365
    """Days looked at, up to the report."""
    amount: str
    conclusion: str
    next_due: date
    recommends: tuple[str, ...] = ()


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
    assurances: tuple[Assurance, ...] = ()
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


class Edit(policy.Policy):
    """Rows of a table (those that have all of `where`), and what is made of them."""

    table: str
    where: Cells = Field(default_factory=dict)
    put: Cells = Field(default_factory=dict)
    without: dict[str, str] = Field(default_factory=dict)
    """Column → an id that is taken out of its list."""
    copied: bool = False
    """Is what `put` makes of a row written after it, and not in its place?"""
    drop: bool = False
    add: Cells = Field(default_factory=dict)


class Story(policy.Policy):
    id: str
    words: str
    edits: tuple[Edit, ...]


class Stories(policy.Policy):
    stories: tuple[Story, ...]


@dataclass(frozen=True)
class Council:
    """How a council's arrangements are made up, and the measures that they are about."""

    made: Made
    catalogue: Catalogue
    timetable: tuple[Row, ...] = ()
    """Activities of the framework's timetable: id, what, quarter (1 is April to June), frequency."""

    @cached_property
    def quarters(self) -> list[Period]:
        """Quarters whose results are reported."""
        first, last = (
            periods.parse_quarter(each) for each in (self.made.first_quarter, self.made.last_quarter)
        )
        return [first.shift(step) for step in range(last.ordinal - first.ordinal + 1)]

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {each.id: each for each in self.catalogue.measures}

    def director(self, directorate: str) -> str:
        """The post at the head of a directorate."""
        return self.made.directorates[directorate].director

    def lead(self, directorate: str) -> str:
        """The post that supports a directorate's board in performance, and checks its records."""
        return f"Performance lead, {self.made.directorates[directorate].name}"

    def checker(self, owner: str) -> str:
        """The post that checks what this one entered: never the same."""
        staff = self.made.performance
        return staff.manager if owner != staff.manager else staff.clerk

    def services_of(self, directorate: str) -> list[Service]:
        return [each for each in self.made.services if each.directorate == directorate]

    def measures_of(self, service: Service) -> list[Measure]:
        """Measures of the service that are linked to the framework."""
        own = (service.directorate, service.name)
        return [each for each in self.catalogue.measures if (each.directorate, each.service) == own]

    def nodes_of(self, measure: Measure, direct: bool = True) -> list[str]:
        """The nodes that the measure is linked to in this framework."""
        own = [each for each in measure.links if each.framework == self.made.framework]
        return [each.node for each in own if each.directness == "direct" or not direct]

    def reds_of(self, quarter: Period, directorate: str = "", service: str = "") -> list[str]:
        """Measures that missed their target in the quarter."""
        named = [self.measures[name] for name, labels in self.made.reds.items() if quarter.label in labels]
        return [
            each.id
            for each in named
            if directorate in ("", each.directorate) and service in ("", each.service)
        ]

    def reds_running(self, measure_id: str, quarter: Period) -> int:
        """In how many quarters running, up to this one, the measure missed its target."""
        count, labels = 0, self.made.reds[measure_id]
        while quarter.shift(-count).label in labels:
            count += 1
        return count


def load(folder: Path, catalogue: Catalogue) -> Council:
    """What ``arrangements/council.yml`` of the folder says."""
    made = policy.load(folder / "arrangements" / "council.yml", Made)
    return Council(made, catalogue, _timetable(folder, made) if made.has_timetable else ())


def _timetable(folder: Path, made: Made) -> tuple[Row, ...]:
    place = folder.parents[1] / "parameters" / "frameworks" / made.framework / "timetable.yml"
    return tuple(
        {"frequency": "once"} | {key: str(cell) for key, cell in activity.items()}
        for activity in policy.read_yaml(place)["timetable"]
    )


def stories(folder: Path) -> tuple[Story, ...]:
    """What ``arrangements/stories.yml`` of the folder says."""
    return policy.load(folder / "arrangements" / "stories.yml", Stories).stories


def told(tables: Tables, told_stories: Iterable[Story]) -> Tables:
    """The tables with what the stories change in them."""
    for story in told_stories:
        for edit in story.edits:
            tables = {**tables, edit.table: list(_edited(tables[edit.table], edit, story.id))}
    return tables


def _edited(rows: list[Row], edit: Edit, story: str) -> Iterator[Row]:
    if edit.add:
        yield from rows
        yield texts(edit.add)
        return
    found = [row for row in rows if _is_meant(row, edit)]
    if not found:
        raise ValueError(f"Story '{story}': no row of '{edit.table}' has {edit.where} {edit.without}.")
    for row in rows:
        if row not in found or edit.copied:
            yield row
        if row in found and not edit.drop:
            lists = {
                key: joined(each for each in row[key].split("; ") if each != gone)
                for key, gone in edit.without.items()
            }
            yield row | texts(edit.put) | lists


def _is_meant(row: Row, edit: Edit) -> bool:
    """Has the row every cell of `where` (a star stands for anything), and lists what is to be taken out?"""
    named = all(fnmatchcase(row.get(key, ""), text) for key, text in texts(edit.where).items())
    return named and all(gone in row.get(key, "").split("; ") for key, gone in edit.without.items())


def texts(cells: Cells) -> Row:
    """Cells as a CSV file has them."""
    return {key: str(cell) for key, cell in cells.items()}


def workday(day: date) -> date:
    """The day itself, or the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def entered(day: date, by: str, checked: str, reference: str = "", origin: str = "keyed") -> Row:
    """What a row of evidence says of itself: entered the day after, checked on the next working day."""
    recorded = day + timedelta(days=1)
    return {
        "reference": reference,
        "origin": origin,
        "entered_by": by,
        "verified_by": checked,
        "verified_on": f"{recorded + timedelta(days=1)}",
        "recorded_at": f"{recorded}",
    }


def joined(parts: Iterable[str]) -> str:
    """A list in one cell."""
    return "; ".join(dict.fromkeys(part for part in parts if part))
