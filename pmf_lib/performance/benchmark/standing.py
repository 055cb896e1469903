"""Where each figure stands among the authorities of its measure and period: any number of measures at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, listed, unknown
from pmf_lib.performance.benchmark.bands import band
from pmf_lib.performance.benchmark.figures import (
    QUARTERS,
    SIGNS,
    Flags,
    Real,
    Whole,
    compared,
    deviation,
    distance,
    quantiles,
)
from pmf_lib.performance.benchmark.options import DEFAULT, BenchmarkOptions
from pmf_lib.performance.benchmark.ranks import places
from pmf_lib.records.schema import POLARITIES

NEEDED = ("measure_id", "period", "value", "polarity")


def standing(frame: pd.DataFrame, *, options: BenchmarkOptions = DEFAULT) -> pd.DataFrame:
    """Band, rank and distance from the median of every authority's figure.

    Parameters
    ----------
    frame
        One row per measure, period and authority (no regions, no country): measure_id, period, value, polarity
        ('higher', 'lower', 'range', 'none'). Optional: decimals, to which figures are rounded once (NaN: none);
        authority, to leave out closed ones; counted (False: placed among the others, but no part of them).
    options
        How quartiles fall, and how many authorities a band needs.

    Returns
    -------
    DataFrame
        One row per row, same index. n (authorities with a figure, the row's own among them), rank (from the best;
        NaN without a figure or a best way), ties (others on the same figure), band ('A' the best to 'D', or ''),
        lower_quartile, median, upper_quartile and mad (median absolute deviation) in the measure's unit, distance_mad
        (from the median in median absolute deviations, negative below it; NaN where they are nought). A figure that
        is missing is never placed nor counted.

    Raises
    ------
    ParameterError
        A column is not there, or a polarity is not known.

    Source
    ------
    Bands and ranks: Department for Education, Local Authority Interactive Tool. Distances: Office for Local
    Government. See docs/methods/benchmark.md.

    >>> three = pd.DataFrame(
    ...     {"value": [1.0, 2.0, 4.0], "measure_id": "a", "period": "2024", "polarity": "higher"}
    ... )
    >>> standing(three)["rank"].tolist()
    [3.0, 2.0, 1.0]
    """
    _check(frame)
    known, values = _known(frame, options)
    rows = frame[known]
    group = _groups(rows)
    found = _placed(rows, group, values[known], options)
    return filled(found, frame.index)


def filled(found: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """A standing for each row of `index`; of one that is not placed it says so (n 0, band '')."""
    wide = found.reindex(index)
    counts = {name: wide[name].fillna(0).astype(int) for name in ("n", "ties")}
    return wide.assign(**counts, band=wide["band"].astype(object).fillna("").astype("str"))


def _check(frame: pd.DataFrame) -> None:
    absent = [name for name in NEEDED if name not in frame]
    if absent:
        raise ParameterError(
            f"standing: the frame has no column {listed(absent)}; it needs {listed(NEEDED)}."
        )
    if not frame.index.is_unique:
        raise ParameterError(
            "standing: the frame's index has repeated labels. Give it a fresh one (reset_index)."
        )
    for way in frame["polarity"].unique():
        if way not in POLARITIES:
            raise ParameterError(unknown("polarity", way, POLARITIES))


def _known(frame: pd.DataFrame, options: BenchmarkOptions) -> tuple[Flags, Real]:
    """Which rows have a figure of an authority that still is, and all the figures as they are compared."""
    rounded = options.rounding == "measure" and "decimals" in frame
    decimals = frame["decimals"].to_numpy(dtype=float) if rounded else None
    values = compared(frame["value"].to_numpy(dtype=float), decimals)
    known = np.isfinite(values)
    if options.closed and "authority" in frame:
        known &= ~frame["authority"].isin(options.closed).to_numpy()
    return known, values


def _groups(rows: pd.DataFrame) -> Whole:
    measure, _ = pd.factorize(rows["measure_id"])
    period, periods = pd.factorize(rows["period"])
    both = measure.astype(np.int64) * max(len(periods), 1) + period
    group: Whole = pd.factorize(both)[0].astype(np.int64)
    return group


def _placed(rows: pd.DataFrame, group: Whole, values: Real, options: BenchmarkOptions) -> pd.DataFrame:
    counted = rows["counted"].to_numpy(dtype=bool) if "counted" in rows else np.ones(len(rows), dtype=bool)
    polarity = rows["polarity"].to_numpy(dtype=object)
    signs = rows["polarity"].map(SIGNS).to_numpy(dtype=float)
    place, ties = places(group, -np.nan_to_num(signs, nan=1.0) * values, counted)
    spread = _spread(group, values, counted, options)
    enough = spread["counted_n"] >= options.least_authorities
    bounds = np.array(
        [spread[name] for name in ("least", "lower_quartile", "median", "upper_quartile", "greatest")]
    )
    bounds[0], bounds[4] = np.minimum(bounds[0], values), np.maximum(bounds[4], values)
    gap = distance(values - spread["median"], spread["mad"])
    columns: dict[str, Any] = {
        "n": spread["counted_n"] + ~counted,
        "rank": np.where(np.isnan(signs), np.nan, place),
        "ties": ties,
        "band": np.where(enough, band(values, bounds, polarity), ""),
        "lower_quartile": spread["lower_quartile"],
        "median": spread["median"],
        "upper_quartile": spread["upper_quartile"],
        "mad": spread["mad"],
        "distance_mad": np.where(enough, gap, np.nan),
    }
    return pd.DataFrame(columns, index=rows.index)


def _spread(group: Whole, values: Real, counted: Flags, options: BenchmarkOptions) -> dict[str, Any]:
    """Quartiles, spread and number of the counted, per row."""
    groups = int(group.max()) + 1 if len(group) else 0
    held, kept = group[counted], values[counted]
    bounds = quantiles(held, kept, groups, QUARTERS, options.quantile_method)
    middle = quantiles(held, kept, groups, (0.5,), "linear")[0]
    mad = deviation(held, kept, middle)
    names = ("least", "lower_quartile", "median", "upper_quartile", "greatest")
    found: dict[str, Any] = {name: bounds[at][group] for at, name in enumerate(names)}
    number = np.bincount(held, minlength=groups)
    return found | {"mad": mad[group], "counted_n": number[group]}
