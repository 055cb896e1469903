"""How a council is set beside others: one frozen policy, from ``parameters/schemes/benchmark.yml``."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pmf_lib import policy

Method = Literal["linear", "weibull", "median-unbiased"]
Who = Literal["authorities", "chosen authorities", "nearest neighbours"]
OCCASIONS = (
    *(
        "appointments",
        "attendances",
        "calls",
        "collections",
        "contacts",
        "days",
        "exclusions",
        "hours",
        "journeys",
    ),
    *("kilograms", "kilometres", "miles", "nights", "sessions", "suspensions", "tonnes", "visits", "weeks"),
)
"""What the same people, homes or roads have many of."""


class BenchmarkOptions(policy.Policy):
    """Options of the benchmark; the defaults are those of the Department for Education's tool where it has one."""

    quantile_method: Method = "linear"
    """How quartiles fall between two figures: type 7, 6 or 8 of Hyndman and Fan (1996)."""
    counts_itself: bool = True
    """Is the council one of the authorities whose quartiles, median and spread it is held against?"""
    least_authorities: int = Field(default=12, ge=4)
    """Under so many figures there is no band and no distance in median absolute deviations."""
    rounding: Literal["measure", "none"] = "measure"
    """Round every figure once to the measure's decimals before anything is compared, or take them as published."""
    authority_rows: Who = "authorities"
    """Who the comparators of kind 'authority' are: any authorities, some that were chosen, or nearest neighbours only."""
    neighbours: tuple[str, ...] = ()
    """Names of the nearest neighbours among the authorities; they are ranked apart, too."""
    closed: tuple[str, ...] = ()
    """Names of authorities that are no more; they are never counted."""
    confidence_pct: float = Field(default=95, gt=50, lt=100)
    """Of intervals."""
    occasions: tuple[str, ...] = OCCASIONS
    """Words of occasions and amounts: counts named by one of them in their first two words are no separate cases."""


DEFAULT = BenchmarkOptions()


class BenchmarkScheme(policy.Policy):
    """``parameters/schemes/benchmark.yml``."""

    version: int
    dated: date
    source: str
    options: BenchmarkOptions
