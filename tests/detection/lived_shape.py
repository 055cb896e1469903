"""The shape of a council in which the framework is lived: how large it is, who works there and which day it is, by seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from minuted import FRAMEWORKS

from pmf_lib.council import Council, Directorate, Records
from pmf_lib.framework.model import Framework
from pmf_lib.periods import Period, containing, parse_quarter

FIRST = {"pmf-2022-25": "2023-24 Q3", "wpf-2009": "2010-11 Q2"}
"""The first of the four quarters from which a seed chooses, so that each of a year's quarters comes up."""
UNITS = ("Care", "Learning", "Places", "Homes", "Resources")
SERVICES = ("Advice", "Visits", "Planning", "Grants", "Transport", "Records", "Training", "Repairs")
TWIN = "Inspection"
"""A service of this name is in each of the first two directorates."""


@dataclass(frozen=True)
class Service:
    """One service of a directorate, and the post at its head."""

    key: str
    directorate: str
    name: str

    @property
    def head(self) -> str:
        return f"Head of {self.name}, {self.directorate}"


@dataclass(frozen=True)
class Shape:
    """Who there is, and when: everything else of the council is made from it."""

    seed: int
    framework: Framework
    quarter: Period
    as_at: date
    services: tuple[Service, ...]
    is_troubled: bool = False
    """Does it miss targets, and keep a figure that can't be relied on? Whatever it misses is taken up as it ought to be."""
    words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def council(self) -> Council:
        units = [
            Directorate(id=one, name=f"{one.title()} and more", director=self.director(one))
            for one in self.units
        ]
        return Council(
            id="lived", name="Lived Council", evidence="made-up", directorates=tuple(units), records=Records()
        )

    @cached_property
    def units(self) -> list[str]:
        """Ids of the directorates."""
        return list(dict.fromkeys(each.directorate for each in self.services))

    def director(self, unit: str) -> str:
        return f"Executive Director for {unit.title()}"

    def portfolio(self, unit: str) -> str:
        return f"{unit.title()} and Growth"

    def of(self, unit: str) -> list[Service]:
        return [each for each in self.services if each.directorate == unit]

    def rng(self, word: str) -> np.random.Generator:
        """Random numbers of one subject's own, so that no other changes them."""
        return np.random.default_rng([self.seed, *map(ord, self.framework.id[:3] + word)])

    @cached_property
    def nodes(self) -> list[str]:
        return [node.id for node in self.framework.linkable_in(self.quarter.financial_year.label)]

    @cached_property
    def this_year(self) -> Period:
        """The financial year of the as-at date."""
        return containing("year", self.as_at)

    @cached_property
    def plan_year(self) -> Period:
        """The quarter's financial year, in which plans run; it may be over by the as-at date."""
        return self.quarter.financial_year

    @cached_property
    def plan_day(self) -> date:
        """The day on which plans are looked at: the as-at date, or the last of their year if that is past."""
        return min(self.as_at, self.plan_year.end)

    def before(self, months: int, days: int = 0) -> date:
        """The day so many months and days before the as-at date."""
        return (pd.Timestamp(self.as_at) - pd.DateOffset(months=months, days=days)).date()

    def within(self, months: int, rng: np.random.Generator) -> date:
        """A day of the months before the as-at date, chosen by chance."""
        return self.as_at - timedelta(days=int(rng.integers(1, (self.as_at - self.before(months)).days - 1)))


def shape(seed: int, framework: str, *, is_troubled: bool = False) -> Shape:
    """The council of a seed: its directorates, their services, its quarter and its day."""
    rng = np.random.default_rng([seed, *map(ord, framework)])
    quarter = parse_quarter(FIRST[framework]).shift(int(rng.integers(4)))
    named = rng.permutation(SERVICES).tolist()
    units = [word.lower() for word in rng.permutation(UNITS)[: int(rng.integers(3, 5))]]
    services = [
        Service(f"{unit}-{name.lower()}", unit, name)
        for at, unit in enumerate(units)
        for name in [named[2 * at], *([TWIN] if at < 2 else []), *named[2 * at + 1 : 2 * at + 2][: at % 2]]
    ]
    lag = int(rng.integers(56, 61))
    return Shape(
        seed,
        FRAMEWORKS[framework],
        quarter,
        quarter.end + timedelta(days=lag),
        tuple(services),
        is_troubled=is_troubled,
    )
