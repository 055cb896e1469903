"""Marked seasonality: does the time of the year move a series, and by how much in each season?

A value is set beside the average of the year around it (a centred moving average). What is left, season by season, is the
season's usual difference. It is marked when the differences between seasons are far greater than those within them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.performance.spc.options import DEFAULT, XmrOptions
from pmf_lib.performance.spc.rules import Flags, Real, Whole

LEAST_YEARS = 2
"""Differences that each season must have."""
LEAST_FREE = 12
"""Differences that there must be beyond one a season: about three and a half years of months, five of quarters."""
ROUNDING = 1e-12
"""Differences below this share of a series' largest value are rounding of the machine."""


@dataclass(frozen=True)
class _Rows:
    """The rows of series that have seasons, sorted by series and period; one cell a series and season."""

    at: Whole
    """Row of the frame."""
    value: Real
    place: Whole
    """Place on a grid: the series end to end, a year apart; where periods are missing it has one hole, however many they are."""
    cell: Whole
    series: Whole
    per_year: Whole
    """Seasons, by series."""
    ids: pd.Index

    @property
    def cells(self) -> int:
        return int(self.per_year.sum())

    def sums(self, cells: Real | Whole | Flags) -> Real:
        """Sums of the cells of each series."""
        of = np.repeat(np.arange(len(self.per_year)), self.per_year)
        return np.bincount(of, cells, len(self.per_year)).astype(float)


def seasonal(
    frame: pd.DataFrame,
    seasons: pd.Series[int],
    *,
    options: XmrOptions = DEFAULT,
    by: str = "measure_id",
    order: str = "ordinal",
    value: str = "value",
) -> tuple[pd.Series[float], pd.DataFrame]:
    """What the season usually adds to each value, where seasonality is marked.

    Parameters
    ----------
    frame
        One row per series and period. Row order is free.
    seasons
        Seasons in a year by series id (52, 12, 4 or 3); a series without them, or with one, is not looked at.
    options
        ``seasonal_f`` and ``seasonal_p``: the least F and the greatest p at which seasonality is marked (None: it is never
        looked for); see `LEAST_YEARS` and `LEAST_FREE` for how much must be held.

    by, order, value
        Columns of `frame`: the series, the period as a running whole number, the value.

    Returns
    -------
    tuple
        By the index of `frame`, the usual difference of each row's season in the value's unit (0.0 where seasonality is
        not marked); and one row per series looked at: `by`, seasonal_f (NaN: too short to tell), is_seasonal.

    Source
    ------
    F-test for stable seasonality and its threshold of 7: US Census Bureau, X-13ARIMA-SEATS Reference Manual. That the
    chance of such an F must be small too is this workbook's choice, for short series.

    Examples
    --------
    >>> wave = pd.DataFrame({"measure_id": "a", "ordinal": range(20), "value": [3.0, 5.0, 9.0, 7.0] * 5})
    >>> added, found = seasonal(wave, pd.Series({"a": 4}))
    >>> found["is_seasonal"].tolist(), added.head(4).tolist()
    ([True], [-3.0, -1.0, 3.0, 1.0])
    """
    rows = _rows(frame, seasons, by, order, value)
    added = np.zeros(len(frame))
    usual, f, chance = _tested(rows)
    least = np.inf if options.seasonal_f is None else options.seasonal_f
    is_seasonal = (f >= least) & (chance <= options.seasonal_p)
    added[rows.at] = np.where(is_seasonal[rows.series], usual[rows.cell], 0.0)
    found = pd.DataFrame({by: rows.ids, "seasonal_f": f, "is_seasonal": is_seasonal})
    return pd.Series(added, frame.index), found


def _rows(frame: pd.DataFrame, seasons: pd.Series[int], by: str, order: str, value: str) -> _Rows:
    per_year = frame[by].map(seasons).fillna(0).to_numpy(dtype=np.int64)
    own = pd.DataFrame({"by": frame[by].to_numpy(), "order": frame[order].to_numpy(), "per_year": per_year})
    own = own.assign(value=frame[value].to_numpy(dtype=float, na_value=np.nan), at=np.arange(len(own)))
    own = own[per_year > 1].sort_values(["by", "order"])
    series, ids = pd.factorize(own["by"])
    when, of = own["order"].to_numpy(), own["per_year"].to_numpy()
    new = np.diff(series, prepend=-1) != 0
    years = of[new]
    step = np.where(np.diff(when, prepend=0) == 1, 1, 2)
    step[new] = years.max(initial=0)
    cell = (np.cumsum(years) - years)[series] + when % of
    return _Rows(own["at"].to_numpy(), own["value"].to_numpy(), np.cumsum(step), cell, series, years, ids)


def _tested(rows: _Rows) -> tuple[Real, Real, Real]:
    """The usual difference of each cell (they add up to nought over a year), and by series F and its chance."""
    from scipy.special import fdtrc

    value, scale = _standard(rows)
    difference = value - _average_of_the_year(rows, value)
    known = np.isfinite(difference)
    held, cell = difference[known], rows.cell[known]
    count = np.bincount(cell, minlength=rows.cells)
    mean = np.bincount(cell, held, rows.cells) / np.maximum(count, 1)
    seasons, n = rows.per_year, rows.sums(count)
    overall = np.repeat(rows.sums(count * mean) / np.maximum(n, 1), seasons)
    between = rows.sums(count * (mean - overall) ** 2) / (seasons - 1)
    free = np.maximum(n - seasons, 1)
    within = np.bincount(rows.series[known], (held - mean[cell]) ** 2, len(seasons)) / free
    f = between / np.maximum(within, ROUNDING)
    f[(rows.sums(count < LEAST_YEARS) > 0) | (n - seasons < LEAST_FREE)] = np.nan
    usual = (mean - np.repeat(rows.sums(mean) / seasons, seasons)) * np.repeat(scale, seasons)
    return usual, f, fdtrc(seasons - 1, free, f)


def _standard(rows: _Rows) -> tuple[Real, Real]:
    """Each series about its mean in units of its furthest value from it, and that unit (nought for a constant one)."""
    known = np.isfinite(rows.value)
    of, size = rows.series[known], len(rows.per_year)
    mean = np.bincount(of, rows.value[known], size) / np.maximum(np.bincount(of, minlength=size), 1)
    apart = rows.value - mean[rows.series]
    scale, largest = np.zeros(size), np.zeros(size)
    np.maximum.at(scale, of, np.abs(apart[known]))
    np.maximum.at(largest, of, np.abs(rows.value[known]))
    scale = np.where(scale > ROUNDING * largest, scale, 0.0)
    unit = np.where(scale > 0, scale, 1.0)
    return np.where(scale[rows.series] > 0, apart / unit[rows.series], apart * 0.0), scale


def _average_of_the_year(rows: _Rows, value: Real) -> Real:
    """The mean of the year around each value; NaN where a value of it is missing. An even year has half of either end."""
    seasons = rows.per_year[rows.series]
    start = rows.place - seasons // 2
    grid = np.full(int(rows.place.max(initial=0) + seasons.max(initial=0)) + 1, np.nan)
    grid[rows.place] = value
    known = np.isfinite(grid)
    total, count = (np.cumsum(np.append(0.0, found)) for found in (np.where(known, grid, 0.0), known))
    ends = (start, start + (seasons % 2 == 0))
    sums = [
        np.where(count[end + seasons] - count[end] == seasons, total[end + seasons] - total[end], np.nan)
        for end in ends
    ]
    return np.asarray((sums[0] + sums[1]) / (2 * seasons), dtype=np.float64)
