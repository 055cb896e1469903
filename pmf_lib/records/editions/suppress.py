"""Which figures are hidden: small counts first, then what would tell of them, until nothing can be worked out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pmf_lib.records.editions.attack import CELL, recoverable
from pmf_lib.records.editions.scheme import Disclosure

FIGURES = ["value", "numerator", "denominator"]


@dataclass(frozen=True)
class Hidden:
    """Observations without what is hidden; `cells`: the measures and periods hidden; `before`: those already public."""

    observations: pd.DataFrame
    cells: pd.DataFrame
    before: pd.DataFrame


def suppressed(
    observations: pd.DataFrame,
    measures: pd.DataFrame,
    scheme: Disclosure,
    earlier: pd.DataFrame | None = None,
) -> Hidden:
    """Hide every small count, and as many other figures as it takes that none can be worked out.

    A figure is hidden whole: value, numerator and denominator, of every date of recording. What an earlier public paper
    shows as it is now can't be hidden any more: it stays, and is told in `before` where it tells of a few people. Of
    several figures that tell one together the oldest is hidden, so that the latest stays where it can.

    Parameters
    ----------
    observations, measures
        Tables of records, exempt measures left out.
    scheme
        What is too small to be shown.
    earlier
        Observations that earlier public papers showed.

    Returns
    -------
    Hidden
        ``cells`` and ``before``: one row per measure and period, columns measure_id, period, in order.

    Source
    ------
    Primary and secondary suppression: docs/methods/disclosure.md.
    """
    public = _published(observations, earlier)
    rows, cells, before = observations, _none(), _none()
    while True:
        found = recoverable(rows, measures, scheme, earlier)
        chosen, beyond = _chosen(found, rows, public)
        before = _united(before, beyond)
        new = chosen[~_among(chosen, cells)]
        if new.empty:
            return Hidden(rows, cells, before)
        cells = _united(cells, new)
        rows = without_figures(observations, cells)


def without_figures(observations: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Observations whose figures of these measures and periods are gone, their state *suppressed*."""
    hidden = _among(observations, cells)
    figures = {name: observations[name].mask(hidden) for name in FIGURES}
    return observations.assign(**figures, state=observations["state"].mask(hidden, "suppressed"))


def _published(observations: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """Measures and periods whose figures an earlier public paper shows as they are."""
    if earlier is None or earlier.empty:
        return _none()
    keys = [*CELL, *FIGURES]
    shown = earlier.loc[earlier["state"] != "suppressed", keys]
    same = observations[keys].merge(shown.drop_duplicates(), on=keys)
    return same[CELL].drop_duplicates()


def _chosen(
    found: pd.DataFrame, rows: pd.DataFrame, public: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which figures to hide next, one for each that is told; and those which only what is public already tells."""
    told = found["rows"].explode()
    mine = told[told.isin(rows.index)]
    cells = rows.loc[mine.tolist(), CELL].set_axis(mine.index)
    free = cells[~_among(cells, public)]
    next_ones = free[~free.index.duplicated()]
    stuck = cells[~cells.index.isin(free.index) & ~cells.index.duplicated()]
    beyond = found.loc[~found.index.isin(cells.index), CELL]
    return next_ones.drop_duplicates(), pd.concat([stuck, beyond]).drop_duplicates()


def _among(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are of one of these measures and periods."""
    wanted = pd.MultiIndex.from_frame(cells[CELL])
    return pd.Series(pd.MultiIndex.from_frame(rows[CELL]).isin(wanted), rows.index)


def _united(cells: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([cells, more[CELL]]).drop_duplicates().sort_values(CELL, ignore_index=True)


def _none() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in CELL})
