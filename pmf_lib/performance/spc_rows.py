"""Rows of a control chart before any statistics: in order, cut into segments, each held against its own circumstances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, listed
from pmf_lib.performance import laney
from pmf_lib.performance.rules import Flags, Whole
from pmf_lib.performance.seasonality import seasonal
from pmf_lib.performance.spc_options import XmrOptions

OPTIONAL = {"counts": "", "numerator": np.nan, "denominator": np.nan}


def in_order(frame: pd.DataFrame, by: str, order: str, value: str, unsuited: str) -> pd.DataFrame:
    """Own columns (by, order, value, unsuited, `OPTIONAL`), sorted, with a number for each series.

    Raises
    ------
    ParameterError
        A column is missing, or a series has two rows for one point in time.
    """
    missing = [name for name in (by, order, value) if name not in frame.columns]
    if missing:
        raise ParameterError(f"The frame has no column {listed(missing)}. It has {listed(frame.columns)}.")
    given = {"by": frame[by].to_numpy(), "order": frame[order].to_numpy()}
    given["value"] = frame[value].to_numpy(dtype=float, na_value=np.nan)
    named = {"unsuited": (unsuited, "")} | {name: (name, empty) for name, empty in OPTIONAL.items()}
    more = {
        name: frame[of].to_numpy() if of in frame.columns else empty for name, (of, empty) in named.items()
    }
    rows = pd.DataFrame({**given, **more}).sort_values(["by", "order"], ignore_index=True)
    twice = rows.loc[rows.duplicated(["by", "order"]), "by"].unique()
    if len(twice):
        raise ParameterError(f"Two rows for one point in time in {listed(twice)}. Keep the one in force.")
    return rows.assign(series=pd.factorize(rows["by"])[0], has_value=np.isfinite(rows["value"]))


def rebase_marker(rows: pd.DataFrame, rebase: pd.DataFrame, by: str, order: str) -> Flags:
    """Where a new segment begins: at each point of `rebase`, or the series' first point after it."""
    wanted = pd.DataFrame({"by": rebase[by], "order": rebase[order].astype(rows["order"].dtype)})
    known = rows[["by", "order"]].assign(at=np.arange(len(rows))).sort_values("order")
    found = pd.merge_asof(wanted.sort_values("order"), known, on="order", by="by", direction="forward")
    marks = np.zeros(len(rows), dtype=bool)
    marks[found["at"].dropna().astype(int)] = True
    return marks


def segments(rows: pd.DataFrame, rebase: pd.DataFrame | None, by: str, order: str) -> Whole:
    """Number of the segment within its series: 0, then one more at each rebase."""
    if rebase is None or rebase.empty or rows.empty:
        return np.zeros(len(rows), dtype=np.int64)
    marks = pd.Series(rebase_marker(rows, rebase, by, order)).groupby(rows["series"])
    return marks.cumsum().to_numpy(dtype=np.int64)


def numbered(series: Whole, segment: Whole) -> Whole:
    """A running number for each series and segment."""
    new = np.ones(len(series), dtype=bool)
    new[1:] = (series[1:] != series[:-1]) | (segment[1:] != segment[:-1])
    return np.cumsum(new) - 1


def placed(
    rows: pd.DataFrame, group: Whole, seasons: pd.Series[int] | None, options: XmrOptions
) -> pd.DataFrame:
    """Each row's own circumstances: what its season adds, and centre and unit of its denominator.

    ``adjusted`` is the value as charts hold it against limits: (value − added − centre) / unit. A line is drawn at
    added + centre + unit × its height. In an XmR chart without a season these are 0, 0 and 1.
    """
    added: pd.Series[float] | float = 0.0
    if seasons is not None:
        added, _ = seasonal(rows, seasons, options=options, by="by", order="order")
    centre, unit, is_laney = laney.places(rows, group, options)
    adjusted = (rows["value"] - added - centre) / unit
    return rows.assign(added=added, centre=centre, unit=unit, is_laney=is_laney, adjusted=adjusted)
