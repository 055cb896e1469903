"""What the assurance map says of councils with one planted finding each, and of councils with none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from assured_council import Area, Assured, assured
from minuted import FRAMEWORKS

NAMES = tuple(FRAMEWORKS)


@dataclass(frozen=True)
class Shown:
    """A council in which something was planted, and what the map is to show of it."""

    of: Assured
    kinds: tuple[str, ...]
    area: Area
    sources: tuple[str, ...] = ()
    """Ids of sources that the finding is to name."""

    @property
    def wanted(self) -> set[tuple[str, str]]:
        return {(kind, self.area.id) for kind in self.kinds}

    @property
    def is_found(self) -> bool:
        """Is what was planted among the findings, each with its sources?"""
        found = self.of.map.findings
        rows = found[found["areas"].map(lambda cell: self.area.id in cell.split("; ")).astype(bool)]
        named = dict(zip(rows["kind"], rows["sources"].str.split("; "), strict=True))
        return all(kind in named and set(self.sources) <= {"", *named[kind]} for kind in self.kinds)

    @property
    def elsewhere(self) -> set[tuple[str, str]]:
        """What else is found."""
        return self.of.found - self.wanted


def gap(of: Assured) -> Shown:
    """Too little amount; enough, but of a part; or enough, and so long ago that it counts for less."""
    area = of.one_of("node", "risk", asks=("medium", "high"))
    ways = {
        "little": of.source(area, "second", "low"),
        "part": of.source(area, "third", "medium", directorate="elsewhere"),
        "old": of.source(area, "external", "medium", **of.aged(30)),
    }
    way = str(of.rng.choice(list(ways)))
    return Shown(of.instead(area, ways[way]), ("gap",), area)


def gap_in_group(of: Assured) -> Shown:
    """Of a group that asks for more than the workbook's own run gives only a word of those who do the work is left, of some."""
    area = of.one_of("group", asks=("medium",))
    unit = of.given.council.directorates[int(of.rng.integers(len(of.given.council.directorates)))].id
    return Shown(of.instead(area, of.source(area, "first", "low", directorate=unit)), ("gap",), area)


def control(of: Assured) -> Shown:
    """One of an area's sources concludes limited assurance, one step below the others."""
    area = of.one_of("group", "node", "risk")
    line = str(of.rng.choice(["third", "external"]))
    weak = of.source(area, line, "medium", conclusion="limited")
    beside = [of.source(area, "second", "low")]
    if area.required == "high":
        beside.append(of.source(area, "first", "low"))
    made = of.instead(area, weak, *beside)
    if area.kind == "group":
        made = made.levels(area.key, "on_paper")
    return Shown(made, ("control",), area, (weak["assurance_id"],))


def conflict(of: Assured) -> Shown:
    """Two sources disagree about the same part of an area, so one of them says that the control is weak too."""
    area = of.one_of("node", "risk")
    worse = str(of.rng.choice(["limited", "none"]))
    one = of.source(area, "third", "medium", conclusion="substantial")
    other = of.source(area, "second", "low", conclusion=worse)
    beside = [of.source(area, "external", "low", conclusion="not-stated")] if area.required == "high" else []
    return Shown(
        of.instead(area, one, other, *beside), ("conflict", "control"), area, (other["assurance_id"],)
    )


def conflict_with_run(of: Assured) -> Shown:
    """A review of one directorate found substantial what the run's own records of it show partly lived, or not at all."""
    area = of.one_of("group")
    unit = of.given.council.directorates[int(of.rng.integers(len(of.given.council.directorates)))].id
    kind = of.source(area, "second", "medium", conclusion="substantial", directorate=unit)
    beside = of.source(area, "first", "low")
    made = of.instead(area, kind, beside).levels(area.key, "on_paper")
    made = made.levels(area.key, str(of.rng.choice(["partly", "not_lived"])), unit)
    return Shown(made, ("conflict",), area, (kind["assurance_id"],))


def single_line(of: Assured) -> Shown:
    """High is asked for, and one line alone gives it."""
    area = of.one_of("risk", asks=("high",))
    made = of.instead(area, of.source(area, str(of.rng.choice(["third", "external"])), "high"))
    return Shown(made, ("single_line",), area)


def stale(of: Assured) -> Shown:
    """What is left is enough; a source of another line is too old, or its next is overdue."""
    area = of.one_of("group", "node", "risk")
    old = of.source(area, "external", "medium", next_due=of.day(-int(of.rng.integers(1, 20))))
    if of.rng.random() < 0.5:
        old |= {"next_due": "", **of.aged(int(of.rng.integers(50, 80)))}
    enough = (of.source(area, "first", "low"), of.source(area, "third", "high"))
    return Shown(of.instead(area, old, *enough), ("stale",), area, (old["assurance_id"],))


def over(of: Assured) -> Shown:
    """Three lines looked at once, and give far more than is asked for."""
    area = of.one_of("group", "node", "risk")
    when = of.aged(int(of.rng.integers(10)))
    lines = (("second", "high"), ("third", "high"), ("external", "high"))
    made = [of.source(area, line, amount, **when) for line, amount in lines]
    return Shown(of.instead(area, *made), ("over",), area, tuple(one["assurance_id"] for one in made))


def unknown(of: Assured) -> Shown:
    """No source names it; its name stands only in a report that came after the as-at date."""
    area = of.one_of("node", "risk")
    return Shown(of.instead(area, of.source(area, "third", "high", reported_on=of.day(1), covers_to="")), ("unknown",), area)  # fmt: skip


PLANTS: dict[str, Callable[[Assured], Shown]] = {
    "gap": gap,
    "gap in a group": gap_in_group,
    "control": control,
    "conflict": conflict,
    "conflict with the run": conflict_with_run,
    "single_line": single_line,
    "stale": stale,
    "over": over,
    "unknown": unknown,
}
"""What is planted → what plants it."""


def planted(name: str, seed: int) -> Shown:
    """A council of this seed, of each framework in turn, with one thing planted."""
    rng = np.random.default_rng([seed, *map(ord, name)])
    return PLANTS[name](replace(assured(seed, NAMES[seed % len(NAMES)]), rng=rng))


@dataclass(frozen=True)
class Fared:
    """How one kind fared over several seeds."""

    name: str
    planted: int
    found: int
    elsewhere: tuple[str, ...]


def fared(name: str, seeds: Iterable[int]) -> Fared:
    """One kind over these seeds."""
    shown = {seed: planted(name, seed) for seed in seeds}
    strange = tuple(f"seed {seed}: {sorted(one.elsewhere)}" for seed, one in shown.items() if one.elsewhere)
    return Fared(name, len(shown), sum(one.is_found for one in shown.values()), strange)
