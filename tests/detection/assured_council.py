"""A council of which everything is assured as far as it asks for: areas, risks and sources, different for each seed.

Nothing is amiss in it. What looks amiss and is not stands beside: earlier reports that later ones replaced, reports that came
after the as-at date, stale sources where something newer of their line is in force, and much assurance that was not given at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from assured_rows import SCHEME, risk, rows
from minuted import FRAMEWORKS

from pmf_lib import council
from pmf_lib.assurance.lines import AssuranceMap, Given, assurance_map
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import parse_quarter

COUNCILS = {"pmf-2022-25": "sample", "wpf-2009": "sample-2009"}
COLUMN = {"group": "groups", "node": "nodes", "risk": "risks"}
"""Kind of area → the column in which a source names it."""
PROVIDERS = {
    "first": ("self-assessment", "Executive Director"),
    "second": ("management-review", "Head of Policy and Performance"),
    "third": ("internal-audit", "Head of Internal Audit"),
    "external": ("inspection", "Inspectorate (made-up)"),
}
ENOUGH = {
    "low": ((("first", "low"),), (("second", "low"),), (("third", "low"),)),
    "medium": (
        (("second", "high"),),
        (("third", "medium"),),
        (("external", "medium"),),
        (("first", "low"), ("second", "medium")),
        (("first", "medium"), ("external", "low")),
    ),
    "high": (
        (("first", "medium"), ("third", "high")),
        (("second", "medium"), ("external", "high")),
        (("second", "high"), ("third", "low")),
        (("third", "medium"), ("external", "medium")),
    ),
}
"""Level asked for → amounts of lines that come to it, and not to far more; high never from one line alone."""
NOT_AT_ONCE = (("third", "high", 14), ("external", "high", 20), ("second", "medium", 8))
"""Lines that give far more than is asked for, and the months ago when each looked: not in the same period."""
GOOD = ("substantial", "reasonable")
Source = dict[str, Any]


@dataclass(frozen=True)
class Area:
    """An area of the map, and how much it asks for."""

    kind: str
    key: str
    required: str

    @property
    def id(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True)
class Assured:
    """What the map of one council is told from, and the sources it has."""

    given: Given
    areas: tuple[Area, ...]
    sources: tuple[Source, ...]
    rng: np.random.Generator

    @cached_property
    def map(self) -> AssuranceMap:
        order = self.rng.permutation(len(self.sources))
        table = rows("assurances", *(self.sources[at] for at in order))
        return assurance_map(replace(self.given, assurances=table))

    @property
    def found(self) -> set[tuple[str, str]]:
        """Kind and area of every finding."""
        told = zip(self.map.findings["kind"], self.map.findings["areas"], strict=True)
        return {(kind, area) for kind, areas in told for area in areas.split("; ")}

    def one_of(self, *kinds: str, asks: Iterable[str] = ("low", "medium", "high")) -> Area:
        """Some area of these kinds that asks for one of these levels."""
        fit = [one for one in self.areas if one.kind in kinds and one.required in asks]
        return fit[int(self.rng.integers(len(fit)))]

    def instead(self, area: Area, *sources: Source) -> Assured:
        """The same with these sources of an area, and no others."""
        column = COLUMN[area.kind]
        kept = [{**one, column: _without(one.get(column, ""), area.key)} for one in self.sources]
        named = [one for one in kept if any(one.get(name) for name in COLUMN.values())]
        return replace(self, sources=(*named, *sources))

    def levels(self, group: str, level: str, unit: str | None = None) -> Assured:
        """The same with another level of a group in a unit, or in all."""
        of = self.given.groups
        where = (of["group"] == GROUPS[group]) & (of["unit"].eq(unit) if unit else True)
        put = of.assign(level=of["level"].mask(where, level))
        return replace(self, given=replace(self.given, groups=put))

    def source(self, area: Area, line: str, amount: str, **cells: Any) -> Source:
        """A source of this area, recent enough to count in full."""
        kind, provider = PROVIDERS[line]
        name = f"{line}-{self.rng.integers(10**9)}"
        age = int(self.rng.integers(SCHEME.decay.of(line).lower_after_months - 1))
        base = {
            "assurance_id": name, "line": line, "kind": kind, "provider": provider, "subject": f"About {name}",
            "source_file": "assurances.csv", "source_sheet": "", "amount": amount, "conclusion": "reasonable",
            "framework": self.given.framework.id if area.kind == "node" else "", COLUMN[area.kind]: area.key,
        }  # fmt: skip
        return {**base, **self.aged(age), **cells}

    def aged(self, months: int) -> dict[str, str]:
        """The days of a source that looked until so many months ago, for one month."""
        until = pd.Timestamp(self.given.as_at) - pd.DateOffset(months=months) - pd.DateOffset(days=3)
        begun = until - pd.DateOffset(days=25)
        reported = min(until + pd.DateOffset(days=2), pd.Timestamp(self.given.as_at))
        named = {"covers_from": begun, "covers_to": until, "reported_on": reported}
        return {name: f"{day.date()}" for name, day in named.items()}

    def day(self, months: int) -> str:
        """The day so many months from the as-at date."""
        return f"{(pd.Timestamp(self.given.as_at) + pd.DateOffset(months=months)).date()}"


def _without(cell: str, gone: str) -> str:
    return "; ".join(one for one in cell.split("; ") if one not in ("", gone))


@lru_cache(maxsize=128)
def assured(seed: int, framework: str) -> Assured:
    """The council of this seed, in which nothing is amiss."""
    rng = np.random.default_rng([seed, *map(ord, framework)])
    given = _given(framework, rng)
    bare = Assured(given, _areas(given), (), rng)
    sources = [one for area in bare.areas for one in _enough(bare, area)]
    whole = replace(bare, sources=tuple(_merged(bare, sources)))
    much = whole.one_of("node", "risk")
    apart = [whole.source(much, line, amount, **whole.aged(age)) for line, amount, age in NOT_AT_ONCE]
    enough = whole.instead(much, *apart)
    return replace(enough, sources=(*enough.sources, *_harmless(enough, much)))


def _enough(of: Assured, area: Area) -> list[Source]:
    """Sources that come to what the area asks for, whole or one a directorate."""
    lines = ENOUGH[area.required]
    made = []
    for line, amount in lines[int(of.rng.integers(len(lines)))]:
        said = str(of.rng.choice(GOOD))
        due = of.day(int(of.rng.integers(1, 12))) if of.rng.random() < 0.7 else ""
        one = of.source(area, line, amount, conclusion=said, next_due=due)
        units = _units(of, area)
        if area.kind != "risk" and of.rng.random() < 0.3:
            made += [{**one, "assurance_id": f"{one['assurance_id']}-{at}", "directorate": unit} for at, unit in enumerate(units)]  # fmt: skip
        else:
            made.append(one)
    return made


def _units(of: Assured, area: Area) -> list[str]:
    """Directorates that hold a part of an area."""
    if area.kind == "group":
        return [one.id for one in of.given.council.directorates]
    links = of.given.links.merge(of.given.measures, on="measure_id")
    return sorted(set(links.loc[links["node"] == area.key, "directorate"]))


def _merged(of: Assured, sources: list[Source]) -> list[Source]:
    """Some sources made into one that names several areas: those of the whole council, of one line and amount, of groups or of risks."""
    made: list[Source] = []
    for one in sources:
        alike = [
            other for other in made
            if all(other.get(name, "") == one.get(name, "") for name in ("line", "amount", "directorate", "framework"))
        ]  # fmt: skip
        if not alike or one.get("directorate") or of.rng.random() < 0.7:
            made.append(one)
            continue
        for column in COLUMN.values():
            alike[0][column] = "; ".join(filter(None, [alike[0].get(column, ""), one.get(column, "")]))
    return made


def _harmless(of: Assured, much: Area) -> list[Source]:
    """What looks amiss and is not; of other areas than the one that has much already."""
    others = replace(of, areas=tuple(one for one in of.areas if one != much))
    area, again = (others.one_of("node", "risk") for _ in range(2))
    known = of.source(area, "external", "low", conclusion="reasonable")
    earlier = {**known, "assurance_id": "earlier", "conclusion": "none", **of.aged(40)}
    later = of.source(
        again, "third", "high", conclusion="none", reported_on=of.day(1), covers_to=of.day(1), covers_from=""
    )
    newer = of.source(again, "second", "low")
    lapsed = of.source(again, "second", "high", next_due=of.day(-1))
    return [known, earlier, later, newer, lapsed]


def _given(framework: str, rng: np.random.Generator) -> Given:
    """Areas, risks and levels of a council of the framework, in one of three quarters."""
    chosen, own = FRAMEWORKS[framework], council.load(COUNCILS[framework])
    year = "2024-25" if framework == "pmf-2022-25" else "2009-10"
    quarter = parse_quarter(f"{year} Q{rng.integers(1, 4)}")
    as_at = (pd.Timestamp(quarter.end) + pd.DateOffset(days=int(rng.integers(30, 60)))).date()
    links, measures = _measures([node.id for node in chosen.linkable_in(year)], own, rng)
    return Given(
        framework=chosen, council=own, quarter=quarter, as_at=as_at, scheme=SCHEME, links=links,
        rated=measures[["measure_id"]].assign(state=rng.choice(["met", "near", "not_due"], len(measures))),
        measures=measures, groups=_levels(chosen, own, rng), assurances=None, attestations=None,
        risks=rows("risks", *_risks(chosen, rng)),
    )  # fmt: skip


def _measures(nodes: list[str], own: Any, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One to four measures a node, in whichever directorates."""
    linked = [node for node in nodes for _ in range(int(rng.integers(1, 5)))]
    measures = pd.DataFrame(
        {
            "measure_id": [f"measure-{at}" for at in range(len(linked))],
            "directorate": rng.choice([one.id for one in own.directorates], len(linked)),
            "service": rng.choice(["Roads", "Care", "Schools"], len(linked)),
        }
    )
    return measures[["measure_id"]].assign(node=linked), measures


def _levels(chosen: Any, own: Any, rng: np.random.Generator) -> pd.DataFrame:
    """Every group lived or on paper in each directorate, with all tested duties met."""
    held = [group for group in GROUPS if any(one.group == group for one in chosen.clauses)]
    units = [one.id for one in own.directorates]
    made = pd.DataFrame({"group": [GROUPS[group] for group in held]}).merge(
        pd.DataFrame({"unit": units}), how="cross"
    )
    return made.assign(level=rng.choice(["lived", "on_paper"], len(made)), tested_n=3, met_n=3)


def _risks(chosen: Any, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Principal risks of high, medium and low score, and threats to some nodes that are no principal risks."""
    scores = {"high": [(5, 4), (4, 4), (3, 5)], "medium": [(3, 4), (2, 5), (3, 3)], "low": [(2, 3), (1, 5)]}
    levels = ["high", "high", "medium", "low", *rng.choice(list(scores), 2)]
    made = [
        risk(
            f"principal-{at}",
            scores[level][int(rng.integers(len(scores[level])))],
            level="strategic",
            raised_on="2008-04-01",
        )
        for at, level in enumerate(levels)
    ]
    nodes = [node.id for node in chosen.nodes if node.id in set(_linkable(chosen))]
    for at, node in enumerate(rng.choice(nodes, 6, replace=False)):
        made.append(
            risk(
                f"threat-{at}",
                (3, int(rng.integers(2, 5))),
                nodes=node,
                framework=chosen.id,
                raised_on="2008-04-01",
            )
        )
    made.append(risk("closed", (5, 5), level="strategic", closed_on="2005-01-01", raised_on="2004-01-01"))
    return made


def _linkable(chosen: Any) -> list[str]:
    year = "2024-25" if chosen.id == "pmf-2022-25" else "2009-10"
    return [node.id for node in chosen.linkable_in(year)]


def _areas(given: Given) -> tuple[Area, ...]:
    """The areas as the map lists them; what they ask for is held to its rules in `tests/spec/test_spec_assurance_map.py`."""
    told = assurance_map(replace(given, assurances=rows("assurances"))).areas
    return tuple(Area(one["kind"], one["key"], one["required"]) for one in told.to_dict("records"))
