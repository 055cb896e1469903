"""A council's latest figures beside those of others for the same period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, listed
from pmf_lib.performance.benchmark import told
from pmf_lib.performance.benchmark.figures import DUST, SIGNS, compared
from pmf_lib.performance.benchmark.options import DEFAULT, BenchmarkOptions
from pmf_lib.performance.benchmark.same_period import (
    country_decimals,
    held,
    latest_elsewhere,
    of_same_period,
    singles,
)
from pmf_lib.performance.benchmark.standing import filled, standing
from pmf_lib.performance.benchmark.tested import tested

NEEDED = ("measure_id", "frequency", "polarity", "decimals", "unit", "last_period", "last_value")
NEIGHBOURS = {
    "n": "neighbours_n",
    "rank": "neighbours_rank",
    "ties": "neighbours_ties",
}


def benchmark(
    rated: pd.DataFrame, comparators: pd.DataFrame, *, options: BenchmarkOptions = DEFAULT, council: str = ""
) -> pd.DataFrame:
    """Latest results beside others' for the same period: where they stand, and how far that can be told.

    Country, region, group averages and published medians are shown beside, never ranked. A figure that is missing or
    suppressed, a closed authority's, and any of another period is not counted.

    Parameters
    ----------
    rated
        One row per measure, as `pmf_lib.performance.rate` gives it: `NEEDED` and more. Optional, for the latest
        period: numerator, denominator (counts of people or events), their names in words (numerator_name,
        denominator_name: amounts and occasions are no separate cases), interval_lower, interval_upper (as published, in the
        measure's unit).
    comparators
        Table of records: one row per measure, period and authority (authority, authority_kind, value).
    options
        ``parameters/schemes/benchmark.yml``.
    council
        The council's own name among the comparators, so that it is not counted twice.

    Returns
    -------
    DataFrame
        One row per measure, in the order given; every figure in the measure's unit. The columns of `rated`, and
        is_compared (anyone has a figure for the same period); country, region, group, median_of (names) with
        country_value, region_value, group_value, published_median;
        than_country ('better', 'worse', 'same', or '' where neither way is better: described, not tested);
        n, rank, ties, band, lower_quartile, median, upper_quartile, mad, distance_mad (as `standing` gives them;
        n is 0 where no other authority has a figure); band_why (why there is no band, or ''); neighbours_n,
        neighbours_rank, neighbours_ties; interval_lower, interval_upper, verdict, verdict_why (as `tested` gives them); others_period (their latest, where none is for
        the council's period); says (one sentence).

    Raises
    ------
    ParameterError
        A column is not there, or a measure is there twice.

    Source
    ------
    The framework, section 1.2 (published data allow comparison with other authorities); docs/methods/benchmark.md.
    """
    _check(rated)
    rows = rated.reset_index(drop=True)
    known = held(comparators, council, options.closed)
    same = of_same_period(rows, known)
    own, same = _as_compared(rows, rows, "last_value", options), _as_compared(same, rows, "value", options)
    authorities = same[same["authority_kind"] == "authority"]
    near = authorities[authorities["authority"].isin(options.neighbours)]
    found = pd.concat(
        [
            rows,
            singles(same, rows["measure_id"]),
            _standing(own, authorities, options),
            _standing(own, near, options)[list(NEIGHBOURS)].rename(columns=NEIGHBOURS),
        ],
        axis=1,
    )
    found = found.assign(
        is_compared=rows["measure_id"].isin(same["measure_id"].unique()),
        than_country=_side(own["last_value"], found),
        others_period=latest_elsewhere(rows, known, same),
    )
    decimals = country_decimals(known, rows["measure_id"])
    found = found.drop(columns=["interval_lower", "interval_upper"], errors="ignore").join(
        tested(rows.assign(country_value=found["country_value"], country_decimals=decimals), options)
    )
    return _worded(found, options)


def _check(rated: pd.DataFrame) -> None:
    absent = [name for name in NEEDED if name not in rated]
    if absent:
        raise ParameterError(f"benchmark: `rated` has no column {listed(absent)}; give it what `rate` gave.")
    twice = rated.loc[rated["measure_id"].duplicated(), "measure_id"]
    if len(twice):
        raise ParameterError(
            f"benchmark: `rated` has {listed(twice.unique())} more than once; one row a measure."
        )


def _as_compared(
    frame: pd.DataFrame, rows: pd.DataFrame, name: str, options: BenchmarkOptions
) -> pd.DataFrame:
    """`frame` with its figures as they are compared, each to its measure's decimals where the options say so."""
    decimals = frame["measure_id"].map(rows.set_index("measure_id")["decimals"]).to_numpy(dtype=float)
    to = decimals if options.rounding == "measure" else None
    return frame.assign(**{name: compared(frame[name].to_numpy(dtype=float), to)})


def _standing(own: pd.DataFrame, others: pd.DataFrame, options: BenchmarkOptions) -> pd.DataFrame:
    """Where each of the council's figures stands; empty where no other authority has one (index of `own`)."""
    beside = own["measure_id"].isin(others["measure_id"].unique())
    mine = own.loc[beside, ["measure_id", "last_period", "last_value", "polarity"]].rename(
        columns={"last_period": "period", "last_value": "value"}
    )
    polarity = others["measure_id"].map(own.set_index("measure_id")["polarity"])
    theirs = others[["measure_id", "period", "value"]].assign(polarity=polarity, counted=True)
    both = pd.concat([mine.assign(counted=options.counts_itself), theirs], ignore_index=True)
    placed = standing(both, options=options).head(len(mine)).set_axis(mine.index)
    return filled(placed, own.index)


def _side(value: pd.Series[float], found: pd.DataFrame) -> pd.Series[str]:
    """Better or worse than the country, by polarity; nothing is said to be more than chance here."""
    gap = np.round(value - found["country_value"], DUST)
    signed = gap * found["polarity"].map(SIGNS).astype(float)
    words = np.select([signed > 0, signed < 0, signed == 0], ["better", "worse", "same"], default="")
    return pd.Series(words, index=found.index, dtype="str")


def _worded(found: pd.DataFrame, options: BenchmarkOptions) -> pd.DataFrame:
    rows: list[Any] = list(found.itertuples())
    why = [told.band_why(row, options) for row in rows]
    says = [told.sentence(row, options) for row in rows]
    return found.assign(
        band_why=pd.Series(why, found.index, dtype="str"), says=pd.Series(says, found.index, dtype="str")
    )
