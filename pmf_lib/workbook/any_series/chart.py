"""Control charts of every series in a CSV file, and whether their targets can be met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, near_miss, quoted
from pmf_lib.performance.capability import capability
from pmf_lib.performance.series import ANNUAL, OVERLAPPING
from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.words import MOST_DECIMALS
from pmf_lib.records.sources.csv_file import cells_of_csv
from pmf_lib.workbook.any_series import columns as of_file
from pmf_lib.workbook.any_series import rows as of_rows
from pmf_lib.workbook.any_series import times as of_times
from pmf_lib.workbook.any_series.columns import Asked, Columns
from pmf_lib.workbook.any_series.times import Times

BY = "series"
MANY = 10
"""With more series than this, those with a special cause come first."""
URGENT = ("worsening", "improving", "neither")
TWICE = "Keep one of each, or say with --by which column tells the series apart."


@dataclass(frozen=True)
class Charted:
    """What a file's control charts say.

    ``series``: one row per series in the order to be shown, with the summary of `xmr`, target (of the last row with a value;
    NaN: none), polarity, decimals, every (periods from one of its rows to the next), last_period, last_value, capability
    and capability_why.
    ``points``: one row per row that was read, as `xmr` gives it, with row, label, period, start, end.
    ``faults``: one row per cell that can't be read (row, column, got, expected); its row is left out.
    """

    name: str
    asked: Asked
    columns: Columns
    times: Times
    options: XmrOptions
    series: pd.DataFrame
    points: pd.DataFrame
    faults: pd.DataFrame


def charted(content: bytes, name: str, asked: Asked, options: XmrOptions) -> Charted:
    r"""Chart every series of a CSV file.

    Parameters
    ----------
    content, name
        The file's bytes, and its name as messages show it.
    asked, options
        Which columns are meant and how series are read; how limits are set and rules are read.

    Raises
    ------
    ParameterError
        A column or a time that was asked for is not there.
    RecordsError
        The file is no CSV, no row of it can be read, or a series has two rows for one time.

    Source
    ------
    A choice of this workbook: docs/methods/control-charts.md.

    Examples
    --------
    >>> lines = ["month,value", *(f"2024-{month:02d},{month % 3}" for month in range(1, 13))]
    >>> found = charted("\n".join(lines).encode(), "waits.csv", Asked(), XmrOptions())
    >>> found.series[["series", "n_points", "limits"]].values.tolist()
    [['value', 12, 'trial']]
    """
    where = quoted(name)
    found = cells_of_csv(content, where, "a date and a value, for example 'month,value'")
    columns = of_file.chosen(found.names, asked)
    rows, faults = of_rows.read(found, columns)
    of_rows.refuse_nothing(rows, faults, where)
    rows, times, more = of_times.placed(rows, columns.date)
    faults = of_rows.gathered([faults, more])
    of_rows.refuse_twice(rows, where, TWICE)
    rows = _in_steps(rows, times)
    points, series = _charts(rows, times, asked, options)
    return Charted(name, asked, columns, times, options, series, points, faults)


def _in_steps(rows: pd.DataFrame, times: Times) -> pd.DataFrame:
    """Rows by series and time, with order (a step of one from row to row where none is missing) and every.

    A series by months of which only every third is there is one of quarters: its step is what all its distances share.
    """
    rows = rows.sort_values([BY, "at"], ignore_index=True)
    if not times.tells_gaps:
        return rows.assign(order=rows.groupby(BY).cumcount(), every=1)
    apart = rows.groupby(BY)["at"].diff().fillna(0).to_numpy(dtype=np.int64)
    firsts = np.flatnonzero(~rows.duplicated(BY))
    share = np.maximum(np.gcd.reduceat(apart, firsts), 1)
    every = np.repeat(share, np.diff(firsts, append=len(rows)))
    return rows.assign(order=rows["at"] // every, every=every)


def _charts(
    rows: pd.DataFrame, times: Times, asked: Asked, options: XmrOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points and series."""
    per_year = _per_year(rows, times)
    rows = rows.assign(unsuited=_unsuited(rows, times, per_year), polarity=asked.polarity)
    seasons = per_year.groupby(rows[BY]).first()
    rebase = _rebases(rows, times, asked.rebase)
    found = xmr(
        rows, options=options, by=BY, order="order", polarity="polarity", rebase=rebase, seasons=seasons
    )
    about = rows[[BY, "order", "row", "label", "period", "start", "end"]]
    points = found.points.drop(columns="signal_way").merge(about, on=[BY, "order"])
    series = found.summary.merge(_about(rows, times), on=BY).assign(polarity=asked.polarity)
    series = pd.concat([series, _capability(series)], axis=1)
    return points, _sorted(series)


def _per_year(rows: pd.DataFrame, times: Times) -> pd.Series[int]:
    """Rows that a year holds where none is missing; 0 where that is no whole number, or time tells no gaps."""
    whole = of_times.PER_YEAR.get(times.read_as, 0)
    return (whole // rows["every"]).where(whole % rows["every"] == 0, 0)


def _unsuited(rows: pd.DataFrame, times: Times, per_year: pd.Series[int]) -> pd.Series[str]:
    annual = (per_year == 1) | (rows["every"] > of_times.PER_YEAR.get(times.read_as, np.inf))
    reason = np.where(annual, ANNUAL, OVERLAPPING if times.read_as == "window" else "")
    return pd.Series(reason, rows.index, dtype="str")


def _rebases(rows: pd.DataFrame, times: Times, labels: tuple[str, ...]) -> pd.DataFrame:
    """Where each series begins anew: series, order."""
    parts = [rows.loc[rows.index[:0], [BY, "order"]], *(_rebase(rows, times, label) for label in labels)]
    return pd.concat(parts, ignore_index=True)


def _rebase(rows: pd.DataFrame, times: Times, label: str) -> pd.DataFrame:
    """The first row of each series from a label on, in series that have rows before it."""
    if times.read_as == of_times.ORDER:
        after = rows["label"] == label
    else:
        after = rows["at"] >= of_times.place_of(label, times)
    begun = rows[after].drop_duplicates(BY)
    cut = begun[rows.duplicated(BY)[begun.index]]
    if cut.empty:
        raise ParameterError(
            f"--rebase got '{quoted(label)}', and no series has rows both before it and from it on."
            f"{quoted(near_miss(label, set(rows['label']) - {label}))}"
        )
    return cut[[BY, "order"]]


def _about(rows: pd.DataFrame, times: Times) -> pd.DataFrame:
    """One row per series: decimals, every, and the last row with a value with its target (NaN: it has none)."""
    groups = rows.groupby(BY)
    newest = rows[rows["value"].notna()].drop_duplicates(BY, keep="last").set_index(BY)
    last = newest[["period", "value"]].add_prefix("last_")
    decimals = _decimals(rows["value"]).groupby(rows[BY]).max()
    about = pd.DataFrame(
        {
            "target": newest["target"].reindex(decimals.index),
            "decimals": decimals,
            "every": groups["every"].first() // times.scale,
        }
    )
    return about.join(last).assign(last_period=lambda found: found["last_period"].fillna("")).reset_index()


def _decimals(values: pd.Series[float]) -> pd.Series[int]:
    """Decimals with which each value is written."""
    needed = sum((values.round(places) != values).astype(int) for places in range(MOST_DECIMALS))
    return pd.Series(needed, values.index).where(values.notna(), 0)


def _capability(series: pd.DataFrame) -> pd.DataFrame:
    return capability(series.assign(lower=np.nan, upper=np.nan, basis="in-period", unit=""))


def _sorted(series: pd.DataFrame) -> pd.DataFrame:
    """By name; special causes first where there are many series."""
    kind = series["variation"].str.split("_").str[0]
    urgent = kind.map({name: at for at, name in enumerate(URGENT)}).fillna(len(URGENT))
    rank = urgent if len(series) > MANY else 0
    return series.assign(rank=rank).sort_values(["rank", BY], ignore_index=True).drop(columns="rank")
