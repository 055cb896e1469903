"""Shares and rates on small or uneven numbers: p′ and u′ charts after Laney.

Chance alone moves a share of 8 cases more than one of 800. Each value is therefore told as its distance from the overall
share in standard errors of its own denominator; those distances are charted as any values are, so that limits widen where
numbers are small, and variation beyond counting error (Laney's sigma z) still widens all of them. Shares are worked out
anew from their counts: beside limits that follow these, a value's rounding alone would be a signal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.numbers import decimals_of
from pmf_lib.performance.spc.limits import RELATIVE_TOLERANCE
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.rules import Flags, Real, Whole

CHARTS = {"p": "p-prime", "u": "u-prime"}
"""What a denominator counts: cases of which each is in the numerator or not (p), or room for events (u)."""
NEARLY = 1e-6
"""By how much of itself half a unit may be passed: halves are rarely exact in binary."""


@dataclass(frozen=True)
class _Counts:
    """Numerators and denominators of the rows in use, and how to gather them by segment."""

    above: Real
    below: Real
    use: Flags
    group: Whole
    groups: int

    def total(self, values: Real) -> Real:
        """Sums by segment."""
        return np.bincount(self.group[self.use], values[self.use], self.groups).astype(np.float64)

    def least(self, values: Real) -> Real:
        """Smallest by segment; infinite where there is none."""
        found = np.full(self.groups, np.inf)
        np.minimum.at(found, self.group[self.use], values[self.use])
        return found


def places(rows: pd.DataFrame, group: Whole, options: XmrOptions) -> tuple[Real, Real, Real, Flags]:
    """Exact value, centre and unit of each row, and whether its segment is a p′ or u′ chart.

    Parameters
    ----------
    rows
        Sorted rows: value, has_value, counts ('p', 'u' or ''), numerator, denominator (of the period alone).
    group
        Number of each row's segment.
    options
        ``laney``; ``laney_small`` (expected cases) and ``laney_vary`` (largest denominator over the smallest).

    Returns
    -------
    tuple
        value (as its counts give it, where they give it when rounded; else as it is), centre (the segment's overall share
        or rate, in the value's unit; 0.0 where the chart is an XmR chart), unit (the standard error of each value; 1.0
        there) and the flag. A segment whose values are all the same is an XmR chart.

    Source
    ------
    D. B. Laney, Improved Control Charts for Attributes, Quality Engineering 14 (2002). When it is used is this workbook's
    choice: docs/methods/control-charts.md.
    """
    counts = _counts(rows, group)
    is_share = (rows["counts"] == "p").to_numpy()
    overall = _over(counts.total(counts.above), counts.total(counts.below))[group]
    rarer = np.where(is_share, np.minimum(overall, 1 - overall), overall)
    spread = overall * np.where(is_share, 1 - overall, 1.0)
    chosen = counts.use & _small_or_uneven(counts, rarer, options)[group] & (spread > 0)
    value = rows["value"].to_numpy(dtype=float)
    chosen &= ~_is_constant(counts, value)[group] & (options.laney == "auto")
    scale = _scale(counts, value)[group]
    error = np.sqrt(spread / np.where(counts.use, counts.below, 1.0), where=chosen, out=np.ones(len(rows)))
    exact = np.where(chosen, _exact(counts, value, scale), value)
    return exact, np.where(chosen, overall * scale, 0.0), np.where(chosen, error * scale, 1.0), chosen


def _counts(rows: pd.DataFrame, group: Whole) -> _Counts:
    """Rows with a value, of segments in which each such row has a numerator and denominator that can be counts."""
    has = rows["has_value"].to_numpy()
    above, below = (
        rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("numerator", "denominator")
    )
    known = rows["counts"].isin(list(CHARTS)).to_numpy() & np.isfinite(above) & np.isfinite(below)
    known &= (above >= 0) & (below > 0) & ((above <= below) | (rows["counts"] != "p").to_numpy())
    groups = int(group[-1]) + 1 if len(group) else 0
    whole = np.bincount(group, has & ~known, groups) == 0
    use = has & whole[group]
    return _Counts(np.where(use, above, np.nan), np.where(use, below, np.nan), use, group, groups)


def _small_or_uneven(counts: _Counts, rarer: Real, options: XmrOptions) -> Flags:
    """By segment: too few cases are expected in the smallest denominator, or denominators differ much."""
    uneven = -counts.least(-counts.below) >= options.laney_vary * counts.least(counts.below)
    found: Flags = (counts.least(counts.below * rarer) < options.laney_small) | uneven
    return found


def _is_constant(counts: _Counts, value: Real) -> Flags:
    """By segment: every value is the same."""
    low, high = counts.least(value), -counts.least(-value)
    found: Flags = high - low <= RELATIVE_TOLERANCE * np.maximum(np.abs(low), np.abs(high))
    return found


def _exact(counts: _Counts, value: Real, scale: Real) -> Real:
    """Numerator over denominator, where that is the value when rounded to the value's own decimals; else the value."""
    value = np.where(counts.use, value, 0.0)
    exact = np.divide(counts.above * scale, counts.below, where=counts.use, out=value.copy())
    half = 0.5 * 10.0 ** -decimals_of(value)
    return np.where(np.abs(exact - value) <= half * (1 + NEARLY), exact, value)


def _scale(counts: _Counts, value: Real) -> Real:
    """The power of ten that the values are on (1, 100, 10,000 …), by segment."""
    shares = np.divide(counts.above, counts.below, where=counts.use, out=np.zeros(len(value)))
    ratio = _over(counts.total(np.abs(value)), counts.total(shares))
    return np.asarray(10.0 ** np.round(np.log10(np.where(ratio > 0, ratio, 1.0))), dtype=np.float64)


def _over(above: Real, below: Real) -> Real:
    found: Real = np.divide(above, below, out=np.zeros(len(above)), where=below > 0)
    return found
