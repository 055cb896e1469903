"""How forecasts of the year-end outturn are made: one frozen policy, from ``parameters/schemes/forecast.yml``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pmf_lib import policy

Weight = Annotated[float, Field(gt=0, le=1)]
Form = Literal["level", "damped-trend", "seasonal"]


class Counts(policy.Policy):
    """A number of periods, by kind of period."""

    month: int = Field(ge=0)
    quarter: int = Field(ge=0)
    term: int = Field(ge=0)


class ForecastOptions(policy.Policy):
    """Options of the forecast; the defaults are this workbook's."""

    interval_pct: float = Field(default=80, ge=50, le=99)
    """How many in a hundred year-end outturns the interval is meant to hold."""
    forms: tuple[Form, ...] = Field(default=("level", "damped-trend", "seasonal"), min_length=1)
    """Which forms of exponential smoothing are tried; a seasonal one needs two full years."""
    level_weights: tuple[Weight, ...] = Field(default=(0.02, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0), min_length=1)
    """Weights on the newest value that are tried."""
    trend_share: Weight = 0.2
    """Weight of the trend, as a share of the level's."""
    damping: Weight = 0.9
    """How much of its slope a trend keeps from one period to the next."""
    seasonal_share: Weight = 0.1
    """Weight of the season, as a share of what the level's leaves over."""
    least_training: Counts = Counts(month=24, quarter=8, term=5)
    """Values from which the first back-test is made."""
    longest_gap: Counts = Counts(month=2, quarter=1, term=1)
    """Missing periods in a row that a series can bear."""
    folds: int = Field(default=12, ge=1)
    """Back-tests of a series, at most."""
    least_folds: int = Field(default=3, ge=1)


class ForecastScheme(policy.Policy):
    """``parameters/schemes/forecast.yml``."""

    version: int
    dated: date
    source: str
    options: ForecastOptions


DEFAULT = ForecastOptions()
