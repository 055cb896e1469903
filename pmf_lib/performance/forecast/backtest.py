"""Every forecast at once: those of this year, and those that would have been made at earlier times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.performance.forecast import year
from pmf_lib.performance.forecast.forms import smoothers, words
from pmf_lib.performance.forecast.known import Known, least
from pmf_lib.performance.forecast.options import ForecastOptions
from pmf_lib.performance.forecast.smoothing import ahead
from pmf_lib.performance.forecast.year import Coming
from pmf_lib.performance.spc.rules import Flags, Real, Whole


@dataclass(frozen=True)
class Origins:
    """Points in time from which forecasts are made: of which measure, with how many of its last periods not looked at."""

    measure: Whole
    dropped: Whole


def now(known: Known) -> Origins:
    """The present of every measure."""
    return Origins(np.arange(len(known.rows)), np.zeros(len(known.rows), dtype=np.int64))


def possible(known: Known, options: ForecastOptions) -> Whole:
    """From how many earlier times each series' forecast could be tested, its own number of periods ahead."""
    span = known.figures.shape[1] - np.argmax(~np.isnan(known.figures), axis=1)
    left = known.rows["left"].to_numpy(dtype=np.int64)
    return np.asarray(np.maximum(span - least(known.kind, options) - left + 1, 0))


def earlier(known: Known, options: ForecastOptions) -> Origins:
    """Up to `options.folds` earlier times, spread evenly over what each series allows, the latest among them."""
    count = possible(known, options)
    even = np.linspace(0, 1, options.folds) * np.maximum(count - 1, 0)[:, None]
    steps = [np.unique(row) if n else row[:0] for row, n in zip(np.round(even), count, strict=True)]
    measure = np.repeat(np.arange(len(count)), [len(row) for row in steps])
    first = known.rows["left"].to_numpy(dtype=np.int64)[measure]
    return Origins(measure, first + np.concatenate([*steps, np.zeros(0)]).astype(np.int64))


def coming(known: Known, origins: Origins, options: ForecastOptions) -> tuple[Coming, list[str]]:
    """What is expected from each origin for the periods that the measure now has left, and how each was smoothed."""
    tried = list(smoothers(known.season, options))
    past = np.arange(1 - known.figures.shape[1], 1)
    found = ahead(_at(known.figures, origins, past), tried, _steps(known))
    floor, ceiling = (known.of(end)[origins.measure, None] for end in ("floor", "ceiling"))
    point = np.clip(found.point, floor, ceiling)
    weight = _weights(known, origins)
    return Coming(point, found.spread, found.freedom, weight), [words(share, tried) for share in found.shares]


def steady(known: Known) -> Coming:
    """The last value carried on without any doubt, for series in which nothing varies."""
    weight = _weights(known, now(known))
    point = np.broadcast_to(known.figures[:, -1:], weight.shape)
    steps = weight.shape[1]
    return Coming(point, np.zeros((len(point), steps, steps)), np.ones(len(point)), weight)


def placed(steady: Coming, at: Whole, found: Coming) -> Coming:
    """`steady` with the forecasts of some measures in their places."""
    steps = found.point.shape[1]
    point, spread, freedom = steady.point.copy(), steady.spread.copy(), steady.freedom.copy()
    point[at, :steps], spread[at, :steps, :steps], freedom[at] = found.point, found.spread, found.freedom
    return Coming(point, spread, freedom, steady.weight)


def folds(known: Known, options: ForecastOptions) -> pd.DataFrame:
    """The back-tests: what was forecast of the periods then ahead, and what they brought.

    Returns
    -------
    DataFrame
        One row per measure and earlier time: measure_id, ordinal (the last period then known), actual, forecast, low,
        high (the periods then ahead, put together as the year is), error, naive_error (mean absolute error of those
        periods one by one; naive: each is what the same one of the last full year was). A time from which missing
        values leave no answer is left out.
    """
    origins = earlier(known, options)
    rows = known.rows.iloc[origins.measure].reset_index(drop=True)
    expected, _ = coming(known, origins, options)
    steps = np.arange(1, expected.point.shape[1] + 1)
    came, naive = (_at(known.figures, origins, offsets) for offsets in (steps, _year_ago(known)))
    weight = np.where(expected.weight > 0, _at(known.weights, origins, steps), 0.0)
    parts = np.where(expected.weight > 0, weight * came, 0.0)
    said = year.figure(rows, expected, options.interval_pct)
    left = steps <= rows["left"].to_numpy()[:, None]
    table = pd.DataFrame(
        {
            "measure_id": rows["measure_id"],
            "ordinal": (rows["last"] - origins.dropped).astype(int),
            "actual": year.together(rows, parts.sum(axis=1), weight.sum(axis=1)),
            "forecast": said["outturn"],
            "low": said["low"],
            "high": said["high"],
            "error": _mean_error(expected.point, came, left),
            "naive_error": _mean_error(naive, came, left & ~np.isnan(naive)),
        }
    )
    return table.dropna(ignore_index=True)


def _mean_error(said: Real, came: Real, counted: Flags) -> Real:
    """Mean absolute error by row over the periods that count and came; NaN where none did."""
    errors = np.where(counted & ~np.isnan(came), np.abs(said - came), 0.0)
    number = (counted & ~np.isnan(came)).sum(axis=1)
    return np.asarray(errors.sum(axis=1) / np.where(number > 0, number, np.nan))


def _weights(known: Known, origins: Origins) -> Real:
    """What each period ahead is taken to weigh: as the same one of the last full year, else as usual; nought if it does not count."""
    usual = np.nanmean(known.weights, axis=1)[origins.measure, None]
    before = _at(known.weights, origins, _year_ago(known))
    counts = year.still_open(known, _steps(known))[origins.measure]
    return np.where(counts, np.where(np.isnan(before), usual, before), 0.0)


def _steps(known: Known) -> int:
    return int(known.rows["left"].max())


def _year_ago(known: Known) -> Whole:
    """Of each of the next periods, the same one in the last full year known (0: the last period known)."""
    return np.arange(_steps(known)) % known.season - known.season + 1


def _at(matrix: Real, origins: Origins, offsets: Whole) -> Real:
    """Columns so many periods after each origin; NaN beyond either end."""
    width = matrix.shape[1]
    column = width - 1 - origins.dropped[:, None] + offsets[None, :]
    inside = (column >= 0) & (column < width)
    return np.where(inside, matrix[origins.measure[:, None], np.clip(column, 0, width - 1)], np.nan)
