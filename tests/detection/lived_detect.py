"""What the clause tests say of councils with one planted defect each, and of councils with none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import lived_plants_control
import lived_plants_meetings
import lived_plants_plans
import lived_plants_records
import lived_plants_services
import numpy as np
import pandas as pd
from lived_council import Lived, lived
from lived_ground import Ground, Planted
from minuted import FRAMEWORKS

from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.clauses import ASKED_IN
from pmf_lib.assurance.evidence import Answer

SEEDS = int(os.environ.get("PMF_TRIALS", "3"))
"""How many councils the slow tests draw; `make matrix` draws fifty, and twenty in which nothing is planted."""
BATCHES = tuple(range(first, min(first + 5, SEEDS)) for first in range(0, SEEDS, 5))
PLANTS = {
    **lived_plants_plans.PLANTS,
    **lived_plants_meetings.PLANTS,
    **lived_plants_records.PLANTS,
    **lived_plants_services.PLANTS,
    **lived_plants_control.PLANTS,
}
"""Test → what plants its defect."""
OF_TROUBLE = (
    *(
        "red_has_risk",
        "red_is_escalated",
        "escalation_passes_level",
        "escalation_is_decided",
        "red_has_action",
    ),
    *("missed_target_is_explained", "doubtful_measure_has_action"),
)
"""Tests that only a council with something amiss gives anything to test."""
ALLOWED = ("target_is_met", "measure_can_be_relied_on")
"""What a troubled council does not hide: the target missed, and the figure that can't be relied on."""


@dataclass(frozen=True)
class Call:
    """A test as clauses call it: what they tell it, in whose papers they are answered, and which frameworks have such a clause."""

    test: str
    told: tuple[tuple[str, Any], ...]
    level: str
    """directorate or council."""
    frameworks: tuple[str, ...]

    @property
    def words(self) -> str:
        """What the test is told, in a line."""
        said = ["/".join(value) if isinstance(value, tuple) else str(value) for _, value in self.told]
        return ", ".join(one if len(one) < 40 else f"{one[:36]} …" for one in said)

    @property
    def name(self) -> str:
        return f"{self.test}({self.words})"

    def framework(self, seed: int) -> str:
        """The framework in whose council a seed plants: each in turn."""
        return self.frameworks[seed % len(self.frameworks)]

    def answer(self, of: Lived, unit: str, seen: set[str] | None = None) -> Answer:
        return TESTS[self.test](of.evidence(unit, seen), **dict(self.told))

    def units(self, of: Lived) -> list[str]:
        return of.shape.units if self.level == "directorate" else [""]


@cache
def calls(framework: str = "") -> tuple[Call, ...]:
    """Every distinct call of a test by the clauses of a framework, or of all."""
    levels = {unit: level for level, units in ASKED_IN.items() for unit in units}
    made: dict[tuple[Any, ...], dict[str, None]] = {}
    for name, chosen in FRAMEWORKS.items():
        for one in (clause for clause in chosen.clauses if clause.check in TESTS):
            key = one.check, tuple(sorted(one.parameters.items())), levels[one.unit]
            made.setdefault(key, {})[name] = None
    every = tuple(Call(*key, tuple(names)) for key, names in made.items())
    return tuple(one for one in every if framework in ("", *one.frameworks))


@dataclass(frozen=True)
class Seen:
    """How one call fared over several seeds: planted, found, and what else it named."""

    call: Call
    planted: int
    found: int
    elsewhere: tuple[str, ...]


def council_of(call: Call, seed: int) -> Lived:
    """The council of this seed, before anything is planted."""
    return lived(seed, call.framework(seed), call.test in OF_TROUBLE)


def plant(call: Call, seed: int) -> Planted:
    """A council of this seed with one defect for this call to find."""
    of = council_of(call, seed)
    rng = np.random.default_rng([seed, *map(ord, call.name)])
    units = _with_subjects(call, of)
    ground = Ground(of, units[int(rng.integers(len(units)))], dict(call.told), rng)
    return PLANTS[call.test](ground)


def _with_subjects(call: Call, of: Lived) -> list[str]:
    """Units in which the call has something to be tested; of measures that miss, those with one (in the council: as high)."""
    units = call.units(of)
    if call.test not in OF_TROUBLE or call.level == "council":
        return units
    own = [each.service.directorate for each in of.figures.reds]
    if call.test == "doubtful_measure_has_action":
        own = [of.figures.by_id[of.figures.doubtful].service.directorate]
    return sorted(set(own))


def told_of(call: Call, planted: Planted) -> pd.DataFrame:
    """Exceptions of the call in the planted council's unit."""
    return call.answer(planted.lived, planted.unit).exceptions


def is_right(planted: Planted, found: pd.DataFrame) -> pd.Series:
    """Which exceptions are the planted one, with its row."""
    return found["subject"].isin(planted.subjects) & (found["source_row"].astype(int) == planted.row)


def look(call: Call, seed: int) -> Seen:
    """Plant the call's defect in the council of this seed, and see what the test names."""
    planted = plant(call, seed)
    found = told_of(call, planted)
    right = is_right(planted, found)
    elsewhere = [
        f"seed {seed}, {call.name}, {planted.unit or 'council'}: {row['subject']} (row {row['source_row']}): {row['condition']}"
        for row in found[~right].to_dict("records")
    ]
    return Seen(call, 1, int(right.any()), tuple(elsewhere))


def together(seen: Iterable[Seen]) -> dict[Call, Seen]:
    """How each call fared over all its seeds."""
    made: dict[Call, Seen] = {}
    for one in seen:
        old = made.get(one.call, Seen(one.call, 0, 0, ()))
        found, planted = old.found + one.found, old.planted + one.planted
        made[one.call] = Seen(one.call, planted, found, old.elsewhere + one.elsewhere)
    return made


def outcomes(seeds: Iterable[int]) -> dict[Call, Seen]:
    """How each call fared, planted once for each seed; seed by seed, so that few councils are held at a time."""
    return together(look(call, seed) for seed in seeds for call in calls())


def clean_findings(of: Lived) -> pd.DataFrame:
    """Every exception of every call, in every unit: framework, seed, unit, call, subject, condition."""
    rows = [
        found.assign(call=call.name, test=call.test, unit=unit)
        for call in calls(of.shape.framework.id)
        for unit in call.units(of)
        if len(found := call.answer(of, unit).exceptions)
    ]
    columns = ["call", "test", "unit", "subject", "condition"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


@lru_cache(maxsize=4)
def _looked_at(
    seed: int, framework: str, is_troubled: bool
) -> Mapping[tuple[Call, str], tuple[frozenset[str], Answer]]:
    """By call and unit of a clean council: the tables that the test looks at, and its answer."""
    of, made = lived(seed, framework, is_troubled), {}
    for call in calls(framework):
        for unit in call.units(of):
            seen: set[str] = set()
            made[call, unit] = call.answer(of, unit, seen), seen
    return {key: (frozenset(seen), answer) for key, (answer, seen) in made.items()}


def companions(call: Call, seed: int) -> Iterator[tuple[Call, str, str]]:
    """Every other exception that the planted defect brings about: call, unit and subject.

    A test that looks at none of the tables that were changed gives the answer that it gave before.
    """
    planted = plant(call, seed)
    before = council_of(call, seed)
    changed = _changed(before, planted.lived)
    for (other, unit), (seen, answer) in _looked_at(
        seed, call.framework(seed), call.test in OF_TROUBLE
    ).items():
        if seen & changed and (other, unit) != (call, planted.unit):
            old = set(answer.exceptions["subject"])
            now = other.answer(planted.lived, unit).exceptions["subject"]
            yield from ((other, unit, subject) for subject in now if subject not in old)


def _changed(before: Lived, after: Lived) -> set[str]:
    """Tables, and other parts of what tests look at, that are not as they were."""
    changed = {name for name, frame in after.tables.items() if frame is not before.tables[name]}
    parts = ("rated", "findings", "reliance")
    changed |= {name for name in parts if getattr(after, name) is not getattr(before, name)}
    return changed | ({"as_at"} if after.shape.as_at != before.shape.as_at else set())
