"""The forms of exponential smoothing that are tried, each as the state space that statsmodels gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pmf_lib.performance.forecast.options import ForecastOptions, Form
from pmf_lib.performance.spc.rules import Real

WORDS = {
    "level": "the recent level carried on",
    "damped-trend": "the recent level with a trend that fades",
    "seasonal": "the recent level with the pattern of the year",
}
"""What each form does, as a reader would say it."""


@dataclass(frozen=True)
class Smoother:
    """One form with its weights: value = `design` @ state + error; next state = `transition` @ state + `gain` × error."""

    form: Form
    level_weight: float
    design: Real
    transition: Real
    gain: Real
    season: int
    """Periods of its season (0: none)."""


def words(shares: Real, tried: Sequence[Smoother]) -> str:
    """The form that counts for most in an average, with its share.

    >>> words(np.array([0.25, 0.5, 0.25]), list(smoothers(4, ForecastOptions(level_weights=(0.1,)))))
    'the recent level with a trend that fades (50% of the average)'
    """
    by_form = {
        form: sum(share for share, one in zip(shares, tried, strict=True) if one.form == form)
        for form in WORDS
    }
    form = max(by_form, key=lambda name: by_form[name])
    return f"{WORDS[form]} ({100 * by_form[form]:.0f}% of the average)"


def smoothers(season: int, options: ForecastOptions) -> Iterator[Smoother]:
    """Every declared form and weight for series of so many periods a year."""
    for form in options.forms:
        for weight in options.level_weights:
            yield _smoother(form, weight, _others(form, weight, options), season)


def _others(form: Form, weight: float, options: ForecastOptions) -> tuple[float, ...]:
    """The weights beside the level's, in the order in which statsmodels takes them."""
    if form == "damped-trend":
        return options.trend_share * weight, options.damping
    return (options.seasonal_share * (1 - weight),) if form == "seasonal" else ()


@lru_cache(maxsize=512)
def _smoother(form: Form, weight: float, others: tuple[float, ...], season: int) -> Smoother:
    from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

    kinds: dict[str, dict[str, Any]] = {
        "damped-trend": {"trend": True, "damped_trend": True},
        "seasonal": {"seasonal": season},
    }
    model = ExponentialSmoothing(
        np.zeros(2 * season), initialization_method="concentrated", **kinds.get(form, {})
    )
    model.update(np.array([weight, *others]))
    design, transition = model.ssm["design"], model.ssm["transition"]
    return Smoother(
        form,
        weight,
        design=(design @ transition)[0, 1:],  # the first of its states is this period's error alone
        transition=transition[1:, 1:].copy(),
        gain=model.ssm["selection"][1:, 0].copy(),
        season=season if form == "seasonal" else 0,
    )
