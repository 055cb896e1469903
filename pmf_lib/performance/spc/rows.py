"""Rows of a control chart before any statistics: in order, cut into segments, each held against its own circumstances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, listed
from pmf_lib.performance.spc import laney
from pmf_lib.performance.spc.given import check_columns, is_whole, numbers
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.rules import Flags, Real, Whole
from pmf_lib.performance.spc.seasonality import seasonal

LARGEST = 1e300
"""Sums of larger values may overflow."""


@dataclass(frozen=True)
class Rows:
    """The rows of a long frame, sorted by series and time."""

    ids: pd.Index
    """Each series once, sorted."""
    source: Whole
    """Row of the frame."""
    series: Whole
    """Place in `ids`."""
    when: Whole
    """Running number of the period; where time is no whole number, its rank."""
    times: pd.Index | None
    """What the ranks stand for, sorted; None where time is a whole number."""
    value: Real
    has: Flags
    """Has it a value that can be calculated with?"""

    @property
    def is_beyond(self) -> Flags:
        """Infinite, or so large that sums of it would be."""
        return ~self.has & ~np.isnan(self.value)

    @property
    def start(self) -> Flags:
        """First row of its series."""
        return firsts(self.series)


def in_order(frame: pd.DataFrame, by: str, order: str, value: str) -> Rows:
    """The frame's rows in order.

    Raises
    ------
    ParameterError
        A column is missing or of the wrong kind, or a series has two rows for one point in time.
    """
    check_columns(frame, (by, order), [value])
    series, ids = pd.factorize(frame[by], sort=True)
    when, times = _running(frame[order])
    at = _sorted(series, when, len(ids))
    series, when = series[at], when[at]
    twice = ~firsts(series) & np.append(False, when[1:] == when[:-1])
    if twice.any():
        named = listed(ids[np.unique(series[twice])])
        raise ParameterError(f"Two rows for one point in time in {named}. Keep the one in force.")
    known = numbers(frame[value])[at]
    return Rows(ids, at, series, when, times, known, np.abs(known) <= LARGEST)


def _sorted(series: Whole, when: Whole, count: int) -> Whole:
    """Rows by series and time; of one number made of both, where it fits, since one key sorts far quicker than two."""
    low, high = int(when.min(initial=0)), int(when.max(initial=0))
    if count * (high - low + 1) > np.iinfo(np.int64).max:
        return np.lexsort((when, series))
    return np.argsort(series * (high - low + 1) + when - low)


def _running(order: pd.Series[Any]) -> tuple[Whole, pd.Index | None]:
    if is_whole(order):
        return order.to_numpy(dtype=np.int64), None
    ranks, times = pd.factorize(order, sort=True)
    return ranks.astype(np.int64), times


def firsts(*keys: Whole) -> Flags:
    """Where any of the keys differs from the row before."""
    new = np.ones(len(keys[0]), dtype=bool)
    new[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return new


def rebase_marks(rows: Rows, rebase: pd.DataFrame, by: str, order: str) -> Flags:
    """Where a new segment begins: at each point of `rebase`, or the series' first point after it."""
    marks = np.zeros(len(rows.series), dtype=bool)
    series = rows.ids.get_indexer(pd.Index(rebase[by]))
    when = _wanted(rows, rebase[order])
    span = int(rows.when.max(initial=0)) - int(rows.when.min(initial=0)) + 2
    low = int(rows.when.min(initial=0))
    found = np.searchsorted(
        rows.series * span + rows.when - low, series * span + np.clip(when - low, 0, span - 1)
    )
    inside = (series >= 0) & (found < len(marks))
    inside[inside] &= rows.series[found[inside]] == series[inside]
    marks[found[inside]] = True
    return marks


def _wanted(rows: Rows, order: pd.Series[Any]) -> Whole:
    """Running numbers of the points of a rebase, as those of the rows."""
    if rows.times is None:
        return order.to_numpy(dtype=np.int64)
    return np.asarray(np.searchsorted(rows.times, pd.Index(order).astype(rows.times.dtype)), dtype=np.int64)


def segments(rows: Rows, rebase: pd.DataFrame | None, by: str, order: str) -> Whole:
    """Number of the segment within its series: 0, then one more at each rebase."""
    if rebase is None or rebase.empty or not len(rows.series):
        return np.zeros(len(rows.series), dtype=np.int64)
    check_columns(rebase, (by, order), what="table of rebases")
    marks = rebase_marks(rows, rebase, by, order)
    total = np.cumsum(marks)
    before: Whole = (total - marks)[np.flatnonzero(rows.start)]
    return np.asarray(total - before[rows.series], dtype=np.int64)


@dataclass(frozen=True)
class Places:
    """Each row's own circumstances: a line is drawn at added + centre + unit × its height; None where that is the height.

    ``adjusted`` is the value as it is held against the heights: (value − added − centre) / unit, of a p′ or u′ chart the
    value that its counts give.
    """

    adjusted: Real
    added: Real | None = None
    """What the season adds."""
    centre: Real | None = None
    unit: Real | None = None
    is_laney: Flags | None = None

    @property
    def size(self) -> Real:
        """What rounding of the machine is a share of: `adjusted` without its centre taken off."""
        size: Real = np.abs(self.adjusted)
        return size if self.unit is None or self.centre is None else size + np.abs(self.centre / self.unit)

    def lines(self, heights: Real) -> Real:
        """Heights of each row, as they are drawn."""
        if self.unit is not None and self.centre is not None:
            heights = heights * self.unit + self.centre
        return heights if self.added is None else heights + self.added


def placed(
    rows: Rows, group: Whole, frame: pd.DataFrame, seasons: pd.Series[int] | None, options: XmrOptions
) -> Places:
    """Seasons where they are looked for, denominators where `frame` has a column ``counts``."""
    value = np.where(rows.has, rows.value, np.nan)
    added = _seasons(rows, value, seasons, options)
    plain = Places(value if added is None else value - added, added)
    if "counts" not in frame.columns:
        return plain
    check_columns(frame, [], ("numerator", "denominator"))
    own = (
        frame[["counts", "numerator", "denominator"]]
        .take(rows.source)
        .assign(value=rows.value, has_value=rows.has)
    )
    exact, centre, unit, is_laney = laney.places(own.reset_index(drop=True), group, options)
    if not is_laney.any():
        return plain
    return Places((exact - value + plain.adjusted - centre) / unit, added, centre, unit, is_laney)


def _seasons(rows: Rows, value: Real, seasons: pd.Series[int] | None, options: XmrOptions) -> Real | None:
    """What its season adds to each value; None where nothing is added anywhere."""
    if seasons is None:
        return None
    frame = pd.DataFrame({"series": rows.series, "when": rows.when, "value": value})
    per_year = pd.Series(seasons.reindex(rows.ids).to_numpy())
    added, found = seasonal(frame, per_year, options=options, by="series", order="when")
    return np.asarray(added, dtype=np.float64) if found["is_seasonal"].any() else None
