"""Measures of a council in which the framework is lived, with their figures, targets and links: nothing is amiss in them.

A series swings to and fro about its level (`story_council.swings`), so that no rule of a control chart fires. One measure of
each directorate stepped up a year ago, after an action. In a troubled council two miss their targets: one for so long that Cabinet hears of it, one since one to four quarters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from lived_shape import Service, Shape
from story_council import SEASONS, swings

from pmf_lib.periods import FREQUENCIES, Period, last_ended
from pmf_lib.records.schema import PERSPECTIVES

Row = dict[str, Any]
POINTS = {"monthly": 42, "quarterly": 20}
DUE_DAYS = 25
A_SERVICE = 3
"""Measures of each service: the first stands for customers, the second for none, the third for monitoring only."""


@dataclass(frozen=True)
class Measure:
    """One measure: what it is, since when it misses its target, and when it stepped up."""

    id: str
    service: Service
    place: int
    frequency: str
    is_higher: bool
    level: float
    missed: int = 0
    """Quarters running, up to the council's, in which it misses its target."""
    stepped_on: date | None = None

    @property
    def title(self) -> str:
        return f"Results of {self.service.name} {self.place} ({self.service.directorate})"

    @property
    def is_watched(self) -> bool:
        """Is it for monitoring only, without a target?"""
        return self.place == A_SERVICE

    @property
    def better(self) -> float:
        return 1.0 if self.is_higher else -1.0


@dataclass(frozen=True)
class Figures:
    """All measures of a council."""

    shape: Shape
    measures: tuple[Measure, ...]
    doubtful: str = ""
    """The measure that can't be relied on, if any."""

    @cached_property
    def by_id(self) -> dict[str, Measure]:
        return {each.id: each for each in self.measures}

    @property
    def reds(self) -> list[Measure]:
        return [each for each in self.measures if each.missed]

    @property
    def stepped(self) -> list[Measure]:
        return [each for each in self.measures if each.stepped_on]

    def of(self, service: Service) -> list[Measure]:
        return [each for each in self.measures if each.service == service]

    @cached_property
    def links(self) -> list[Row]:
        """Each node has a direct measure for customers and another from another side; each measure has a node."""
        rng = self.shape.rng("links")
        sides = {place: [each.id for each in self.measures if each.place == place] for place in (1, 2, 3)}
        pairs = [
            (node, place, str(rng.choice(sides[place]))) for node in self.shape.nodes for place in (1, 2)
        ]
        linked = {measure for _, _, measure in pairs}
        pairs += [
            (str(rng.choice(self.shape.nodes)), each.place, each.id)
            for each in self.measures
            if each.id not in linked
        ]
        return [
            {"framework": self.shape.framework.id, "node": node, "measure_id": measure, "reason": "Of it"}
            | {"perspective": PERSPECTIVES[place - 1], "directness": "proxy" if place == 2 else "direct"}
            | {"valid_from": ["", self.shape.quarter.financial_year.shift(-1).label][int(rng.integers(2))]}
            for node, place, measure in dict.fromkeys(pairs)
        ]

    def nodes_of(self, measure: str) -> list[str]:
        return [row["node"] for row in self.links if row["measure_id"] == measure]


def figures(shape: Shape) -> Figures:
    """The measures of a council of this shape."""
    rng = shape.rng("measures")
    made = [_measure(service, place, rng) for service in shape.services for place in (1, 2, 3)]
    stepped = {unit: _chosen(made, unit, rng) for unit in shape.units}
    for unit, at in stepped.items():
        made[at] = _put(made[at], frequency="monthly", stepped_on=_stepped(shape, unit))
    doubtful = ""
    if shape.is_troubled:
        free = [at for at, one in enumerate(made) if not one.is_watched and at not in stepped.values()]
        first, second, third = rng.permutation(free)[:3]
        for at, least in ((first, 3), (second, 1)):
            made[at] = _put(made[at], missed=int(rng.integers(least, 5)))
        doubtful = made[third].id
    return Figures(shape, tuple(made), doubtful)


def _measure(service: Service, place: int, rng: np.random.Generator) -> Measure:
    frequency = str(rng.choice(list(POINTS)))
    return Measure(
        f"{service.key}-{place}", service, place, frequency, bool(rng.random() < 0.5), rng.uniform(30, 70)
    )


def _put(measure: Measure, **changes: Any) -> Measure:
    return Measure(**{**vars(measure), **changes})


def _chosen(made: list[Measure], unit: str, rng: np.random.Generator) -> int:
    """The place of one measure of a directorate that has a target."""
    own = [at for at, one in enumerate(made) if one.service.directorate == unit and not one.is_watched]
    return int(rng.choice(own))


def _stepped(shape: Shape, unit: str) -> date:
    """A day from eleven to nine months before the quarter's end."""
    return shape.quarter.end - timedelta(days=int(shape.rng(f"step {unit}").integers(280, 330)))


def steps(shape: Shape, measure: Measure) -> list[Period]:
    """The periods of a measure's series, the oldest first."""
    last = last_ended(FREQUENCIES[measure.frequency], shape.quarter.end)
    return [last.shift(back) for back in range(1 - POINTS[measure.frequency], 1)]


def measure_rows(made: Figures) -> list[Row]:
    promises = [one.title for one in made.shape.framework.promises]
    return [_about(made, each, promises, at) for at, each in enumerate(made.measures)]


def _about(made: Figures, each: Measure, promises: list[str], at: int) -> Row:
    return {
        "measure_id": each.id,
        "title": each.title,
        "definition": "Counted by the service",
        "directorate": each.service.directorate,
        "service": each.service.name,
        "owner": each.service.head,
        "unit": "%",
        "decimals": 1.0,
        "polarity": "higher" if each.is_higher else "lower",
        "frequency": each.frequency,
        "promise": promises[at // A_SERVICE % len(promises)] if promises and each.place == 1 else "",
        "evidence_kind": "qualitative" if at == 1 else "quantitative",
        "customer_measure": each.place == 1,
        "provider": "Made-up provider" if each.place == 2 else "",
        "external_framework": "Made-up national framework" if each.place == 3 else "",
        "comparator_group": "nearest neighbours" if each.place == 1 else "",
        "due_days": float(DUE_DAYS),
        "monitor_only": each.is_watched,
    }


def observation_rows(made: Figures) -> list[Row]:
    return [row for each in made.measures for row in _series(made.shape, each)]


def _series(shape: Shape, each: Measure) -> list[Row]:
    rng, periods = shape.rng(each.id), steps(shape, each)
    values = each.level + swings(len(periods), SEASONS[each.frequency], rng)
    if each.stepped_on:
        values += 6 * each.better * np.array([one.start > each.stepped_on for one in periods])
    days = rng.integers(3, DUE_DAYS, len(periods))
    return [
        {"measure_id": each.id, "period": one.label, "value": round(float(value), 1), "state": "final"}
        | {"recorded_at": one.end + timedelta(days=int(day))}
        for one, value, day in zip(periods, values, days, strict=True)
    ]


def target_rows(made: Figures) -> list[Row]:
    """A target that is met throughout and, of one that misses it, a harder one from the first quarter of the run."""
    rows = []
    for each in (one for one in made.measures if not one.is_watched):
        since = {steps(made.shape, each)[0].label: -4.0}
        if each.missed:
            first = made.shape.quarter.shift(1 - each.missed)
            label = next(one.label for one in steps(made.shape, each) if one.start >= first.start)
            since |= {label: 8.0}
        rows += [_target(each, label, by, made.shape.before(30)) for label, by in since.items()]
    return rows


def _target(each: Measure, label: str, by: float, approved: date) -> Row:
    return {
        "measure_id": each.id,
        "from_period": label,
        "target": round(each.level + by * each.better, 1),
        "tolerance": 1.0,
        "approved_by": "Cabinet",
        "approved_on": approved,
        "reference": "Minute 1",
    }


def said_rows(made: Figures) -> dict[str, list[Row]]:
    """Comparators, commentary and forecasts."""
    shape, quarter = made.shape, made.shape.quarter.label
    beside = [each for each in made.measures if each.place == 1]
    return {
        "comparators": [
            {"measure_id": each.id, "period": steps(shape, each)[-1].label, "authority": "Otherton"}
            | {"value": each.level}
            for each in beside
        ],
        "commentary": [
            {"measure_id": each.id, "quarter": quarter, "text": "Two posts were filled.", "post": "Head"}
            for each in made.measures
        ],
        "forecasts": [
            {"measure_id": each.id, "quarter": quarter, "forecast": each.level, "post": "Head"}
            | {"year": shape.quarter.financial_year.label}
            for each in beside
        ],
    }
