"""What a reader could work out from the figures that are shown: sums, differences and ratios, honestly tried.

Counts of one quantity are equations: each says how many there were over its days. The days between all beginnings and ends
are the unknowns. A run of days is told where its sum follows from the equations, whatever the way: a year to date less the one
before, a quarter less two of its months, one rolling year less another. What is told must be no small count and nothing hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.records.editions.counts import counts
from pmf_lib.records.editions.scheme import Disclosure

SMALL, HIDDEN = "small", "hidden"
FOUND = ("measure_id", "period", "what", "start", "end", "amount", "why", "rows")
ORDER = ["measure_id", "period", "recorded_at", "source_file", "source_row"]
CELL = ["measure_id", "period"]
RUN_DAYS = 366
"""Runs of days of up to a year are tried."""
EXACT = 1e-7


@dataclass(frozen=True)
class Told:
    """A run of days whose count is told: from its first day to the first after it, and by which equations."""

    start: int
    end: int
    amount: float
    by: tuple[int, ...]


def recoverable(
    observations: pd.DataFrame,
    measures: pd.DataFrame,
    scheme: Disclosure,
    earlier: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Counts that a reader of these observations can tell, and should not be able to.

    Parameters
    ----------
    observations, measures
        Tables of records as they are shown. Of a measure and period that was revised each value that was recorded is tried.
    scheme
        What is too small to be shown.
    earlier
        Observations of an earlier public paper: its figures are known too, where these do not show their own.

    Returns
    -------
    DataFrame
        One row per count that is told: measure_id and period (of one observation that helps to tell it), what, start, end
        (the first day after), amount, why ('small': a small count; 'hidden': a figure that is not shown), rows (indices of
        the observations that tell it, in order).
    """
    more = _beyond(observations, earlier)
    parts = [
        _found(counts(pd.concat([rows, more]) if len(more) else rows, measures, scheme), scheme)
        for rows in vintages(observations)
    ]
    return pd.concat(parts, ignore_index=True).drop_duplicates(["measure_id", "what", "start", "end", "why"])


def vintages(observations: pd.DataFrame) -> list[pd.DataFrame]:
    """One row per measure and period: as recorded last and, of measures that were revised, as after each earlier recording."""
    rows = observations.sort_values(ORDER, kind="stable")
    number = rows.groupby(CELL).cumcount()
    found = [rows.drop_duplicates(CELL, keep="last")]
    for earlier in range(int(number.max()) if len(rows) else 0):
        then = rows[number <= earlier].drop_duplicates(CELL, keep="last")
        found.append(then[then["measure_id"].isin(rows.loc[number > earlier, "measure_id"])])
    return found


def _beyond(observations: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """The earlier paper's figures where this one shows none; their indices are negative."""
    if earlier is None:
        return observations.iloc[:0]
    shown = observations[observations["state"] != "suppressed"]
    others = earlier[earlier["state"] != "suppressed"].sort_values(ORDER, kind="stable")
    others = others.drop_duplicates(CELL, keep="last")
    is_new = ~pd.MultiIndex.from_frame(others[CELL]).isin(pd.MultiIndex.from_frame(shown[CELL]))
    return others[is_new].set_axis(-1 - np.arange(is_new.sum()))


def _found(stated: pd.DataFrame, scheme: Disclosure) -> pd.DataFrame:
    parts = [_of_quantity(rows, scheme) for _, rows in stated.groupby("quantity", sort=True)]
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=list(FOUND))


def _of_quantity(rows: pd.DataFrame, scheme: Disclosure) -> Iterator[tuple[object, ...]]:
    """What is told of one quantity that should not be."""
    start, end = (rows[name].to_numpy().astype("datetime64[D]").astype(int) for name in ("start", "end"))
    amounts = rows["amount"].to_numpy(dtype=float)
    shown = ~np.isnan(amounts)
    hidden = set(zip(start[~shown], end[~shown], strict=True))
    told = _direct(start, end, amounts, shown)
    if _overlap(start, end):
        told += _worked_out(start[shown], end[shown], amounts[shown], np.flatnonzero(shown), hidden)
    for one in told:
        small = scheme.smallest <= round(one.amount) <= scheme.largest
        why = SMALL if small else HIDDEN if (one.start, one.end) in hidden else ""
        if why:
            yield _row(rows, one, why)


def _direct(start: np.ndarray, end: np.ndarray, amounts: np.ndarray, shown: np.ndarray) -> list[Told]:
    """What each observation says itself."""
    return [Told(start[at], end[at], amounts[at], (int(at),)) for at in np.flatnonzero(shown)]


def _overlap(start: np.ndarray, end: np.ndarray) -> bool:
    """Do any two different spells share a day? If none do, nothing but the figures themselves is told."""
    spells = np.unique(np.column_stack([start, end]), axis=0)
    return bool((spells[1:, 0] < np.maximum.accumulate(spells[:, 1])[:-1]).any())


def _worked_out(
    start: np.ndarray, end: np.ndarray, amounts: np.ndarray, places: np.ndarray, hidden: set[tuple[int, int]]
) -> list[Told]:
    """Every run of days whose count follows from these equations, each block of overlapping days by itself."""
    order = np.lexsort((end, start))
    new_block = np.r_[True, start[order][1:] >= np.maximum.accumulate(end[order])[:-1]] if len(order) else []
    block = np.empty(len(order), dtype=int)
    block[order] = np.cumsum(new_block)
    found: list[Told] = []
    for number in np.unique(block):
        one = block == number
        found += _solved(start[one], end[one], amounts[one], places[one], hidden)
    return found


def _solved(
    start: np.ndarray, end: np.ndarray, amounts: np.ndarray, places: np.ndarray, hidden: set[tuple[int, int]]
) -> list[Told]:
    """Runs of days between any two bounds whose indicator lies in the row space of the equations."""
    bounds = np.unique(np.r_[start, end, [bound for spell in hidden for bound in spell]])
    bounds = bounds[(bounds >= start.min()) & (bounds <= end.max())]
    equations = _indicators(start, end, bounds)
    first, last = np.triu_indices(len(bounds), 1)
    near = bounds[last] - bounds[first] <= RUN_DAYS
    run_start, run_end = bounds[first[near]], bounds[last[near]]
    wanted = _indicators(run_start, run_end, bounds)
    weights = wanted @ np.linalg.pinv(equations)
    exact = np.abs(weights @ equations - wanted).max(axis=1) < EXACT
    sums = weights @ amounts
    return [
        Told(
            int(run_start[at]), int(run_end[at]), float(sums[at]), tuple(places[np.abs(weights[at]) > EXACT])
        )
        for at in np.flatnonzero(exact)
    ]


def _indicators(start: np.ndarray, end: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """One row per spell, one column per stretch between two bounds: 1 where the spell covers it."""
    covers = (start[:, None] <= bounds[None, :-1]) & (bounds[None, 1:] <= end[:, None])
    return covers.astype(float)


def _row(rows: pd.DataFrame, told: Told, why: str) -> tuple[object, ...]:
    by = rows.iloc[sorted(told.by, key=lambda at: rows["end"].iloc[at])]
    one = by.iloc[0]
    days = (np.datetime64(int(day), "D") for day in (told.start, told.end))
    said = (
        one["measure_id"],
        one["period"],
        one["what"],
        *map(pd.Timestamp, days),
        round(told.amount, 6),
        why,
    )
    return (*said, tuple(by["row"]))
