"""Arrays of figures by group: rounding, quantiles and the spread, all groups at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmf_lib.numbers import half_up_each
from pmf_lib.performance.benchmark.options import Method

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[Any]

SIGNS = {"higher": 1.0, "lower": -1.0}
"""Polarity → the sign of a difference that is better; the others have none."""
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
PLACES: dict[Method, tuple[float, float]] = {
    "linear": (1.0, 1.0),
    "weibull": (0.0, 0.0),
    "median-unbiased": (1 / 3, 1 / 3),
}
"""Method → the two constants of its plotting position."""
DUST = 9
"""Decimals past which a figure as published is binary dust: a release writes 90.3 and 90.30000000000001."""


def compared(values: Real, decimals: Real | None) -> Real:
    """Figures as they are compared, without dust: rounded half up to these decimals, or (None, NaN) as published.

    >>> compared(np.array([2.675, -0.5, 1.26]), np.array([2.0, 0.0, np.nan])).tolist()
    [2.68, -1.0, 1.26]
    """
    found: Real = np.round(values, DUST)
    if decimals is None:
        return found
    return np.where(np.isnan(decimals), found, half_up_each(found, np.nan_to_num(decimals)))


def quantiles(group: Whole, values: Real, groups: int, points: tuple[float, ...], method: Method) -> Real:
    """Quantiles of every group: one row per point, one column per group; NaN for a group without figures.

    `group` numbers each value's group from 0 on. No value is missing.

    Source: Hyndman and Fan (1996), Sample quantiles in statistical packages, The American Statistician 50.

    >>> quantiles(np.array([0, 0, 1]), np.array([1.0, 2.0, 5.0]), 2, (0.5,), "linear").tolist()
    [[1.5, 5.0]]
    """
    count = np.bincount(group, minlength=groups)
    if not values.size:
        return np.full((len(points), groups), np.nan)
    held = values[np.lexsort((values, group))]
    start = np.minimum(np.cumsum(count) - count, len(held) - 1)
    alpha, beta = PLACES[method]
    at = np.array(points)[:, None]
    place = np.clip(count * at + alpha + at * (1 - alpha - beta) - 1, 0, np.maximum(count - 1, 0))
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = held[start + below], held[start + above]
    return np.where(count > 0, low + (place - below) * (high - low), np.nan)


def deviation(group: Whole, values: Real, median: Real) -> Real:
    """The median absolute deviation of every group, unscaled, about the medians given (one per group).

    Source: the Office for Local Government's published distances (`docs/methods/benchmark.md`).

    >>> deviation(np.array([0, 0, 0]), np.array([1.0, 2.0, 9.0]), np.array([2.0])).tolist()
    [1.0]
    """
    apart = np.abs(values - median[group])
    found: Real = quantiles(group, apart, len(median), (0.5,), "linear")[0]
    return found


def distance(gap: Real, spread: Real) -> Real:
    """A gap in median absolute deviations; NaN where they are nought."""
    found = np.full(gap.shape, np.nan)
    np.divide(gap, spread, out=found, where=spread > 0)
    return found
