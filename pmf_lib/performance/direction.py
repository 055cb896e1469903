"""Direction of travel: against the period before, and against the same period last year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up_each
from pmf_lib.performance.annual import BY_DEFAULT, real_change
from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.lookup import Lookup, lookup
from pmf_lib.performance.series import ANNUAL_KINDS
from pmf_lib.performance.spc.limits import LIMIT_FACTOR, SCREEN_FACTOR
from pmf_lib.performance.spc.rules import Flags, Real, Whole
from pmf_lib.periods import STEPS_TO_YEAR_BEFORE

CODES = ("better", "worse", "up", "down", "no_real_change", "not_tested", "no_comparison")
MOVING_RANGE_REACH = SCREEN_FACTOR / LIMIT_FACTOR
"""Upper limit of the moving range, in distances from the mean to a control limit."""
FIGURES = ("value", "numerator", "denominator")


def earlier(rows: pd.DataFrame, held: pd.DataFrame, steps: pd.Series[int]) -> Real:
    """The value held for so many periods before the one in `rows` (both: measure_id, ordinal); NaN where there is none."""
    known = lookup(held)
    return known.numbers("value", known.places(rows["measure_id"], rows["ordinal"] - steps))


def year_steps(kind: pd.Series[str]) -> pd.Series[int]:
    """Periods in a year, by kind."""
    return kind.map(STEPS_TO_YEAR_BEFORE).astype(int)


def direction(
    rows: pd.DataFrame,
    series: pd.DataFrame,
    points: pd.DataFrame,
    *,
    annual: BenchmarkOptions = BY_DEFAULT,
) -> pd.DataFrame:
    """Both directions of travel for the value of the period that fell due.

    The short one compares values in the period alone (a year-to-date total always grows), the long one values as
    reported. The change is real unless both points lie within common cause, or both are special causes and no further
    apart than the upper limit of the moving range (3.267 times its mean); of annual figures, where the confidence
    interval of their difference does not hold nought (`annual.real_change`). Not tested are annual figures without counts,
    rolling ones, series too short for limits, points of two segments, whose limits have nothing in common, and totals
    of the year to date, which no chart holds.

    Parameters
    ----------
    rows
        One row per measure: measure_id, ordinal (NaN without a result) and kind of the rated period, decimals,
        polarity, first_ordinal (of the present definition; NaN: all of the series), and optionally unit, numerator_name,
        denominator_name, accumulation and compared_from (first day from which values may be compared; NaT: all). Nothing is
        compared across first_ordinal or compared_from.
    series, points
        What `series` and `xmr` give (points with measure_id and ordinal).
    annual
        How the interval is made by which annual figures are compared (``confidence_pct``, ``occasions``).

    Returns
    -------
    DataFrame
        One row per row, same index: direction_short, direction_long (codes of verdicts.yml), change_short,
        change_long (in the measure's unit; NaN without a comparison).

    Source
    ------
    A choice of this workbook: docs/methods/direction.md.
    """
    year = year_steps(rows["kind"])
    before = year.where(rows["kind"] == "window", 1)
    held, charted = lookup(series), lookup(points)
    now, latest = (one.places(rows["measure_id"], rows["ordinal"]) for one in (held, charted))
    better = np.asarray(rows["polarity"].map({"higher": 1.0, "lower": -1.0}).fillna(0), dtype=np.float64)
    found: dict[str, Any] = {}
    tested = None  # of annual figures, whose period before is the same one last year
    for name, steps, column in (("short", before, "value_in_period"), ("long", year, "value")):
        then = held.places(rows["measure_id"], rows["ordinal"] - steps)
        then = np.where(_is_across(rows, held, steps, then), -1, then)
        change = _change(rows, held.numbers(column, now), held.numbers(column, then))
        is_same = _is_noise(charted, latest, charted.places(rows["measure_id"], rows["ordinal"] - steps))
        is_same = np.where(_is_total(rows) & (name == "long"), np.nan, is_same)
        tested = _annual(rows, held, now, then, annual) if tested is None else tested
        is_same = np.where(np.isnan(is_same), tested, is_same)
        found[f"direction_{name}"] = _codes(change, better, is_same)
        found[f"change_{name}"] = change
    return pd.DataFrame(found, index=rows.index)


def _is_across(rows: pd.DataFrame, held: Lookup, steps: pd.Series[int], then: Whole) -> Flags:
    """Does the definition, or the target, change after the earlier period?"""
    ordinal, first = rows["ordinal"], rows["first_ordinal"]
    is_across: Flags = ((ordinal - steps < first) & (first <= ordinal)).to_numpy(dtype=bool)
    if "compared_from" not in rows:
        return is_across
    begin = held.column("start", then).to_numpy()
    return is_across | np.asarray(begin < rows["compared_from"].to_numpy())


def _is_total(rows: pd.DataFrame) -> Flags:
    """Is the value as reported one of the year to date, where the chart holds each period alone?"""
    kept = rows.get("accumulation", pd.Series("", rows.index))
    return (kept == "year-to-date").to_numpy(dtype=bool)


def _is_noise(charted: Lookup, now: Whole, then: Whole) -> Real:
    """1.0 where two points of a segment differ by no more than noise, 0.0 where by more, NaN where no one segment holds both."""
    kinds = [charted.column("point_type", at).fillna("").to_numpy() for at in (now, then)]
    common = [kind == "common_cause" for kind in kinds]
    value, before = (charted.numbers("value", at) for at in (now, then))
    reach = MOVING_RANGE_REACH * (charted.numbers("upl", now) - charted.numbers("mean", now))
    is_near = (common[0] & common[1]) | (~common[0] & ~common[1] & (np.abs(value - before) <= reach))
    is_one = charted.numbers("segment", now) == charted.numbers("segment", then)
    return np.where(is_one & (kinds[0] != "") & (kinds[1] != ""), is_near.astype(float), np.nan)


def _annual(rows: pd.DataFrame, held: Lookup, now: Whole, then: Whole, options: BenchmarkOptions) -> Real:
    """1.0 where annual figures differ by no more than chance, 0.0 where by more, NaN where it can't be told."""
    found = np.full(len(rows), np.nan)
    is_annual = rows["kind"].isin(ANNUAL_KINDS).to_numpy() & (now >= 0) & (then >= 0)
    if is_annual.any() and "unit" in rows:
        new, old = (
            pd.DataFrame({name: held.numbers(name, at[is_annual]) for name in FIGURES}) for at in (now, then)
        )
        own = rows[is_annual].reset_index(drop=True)
        found[is_annual] = 1.0 - real_change(own, new, old, options)
    return found


def _change(rows: pd.DataFrame, now: Real, then: Real) -> Real:
    """The difference of both values as they are reported, rounded to the measure's decimals."""
    decimals = rows["decimals"]
    return half_up_each(half_up_each(now, decimals) - half_up_each(then, decimals), decimals)


def _codes(change: Real, better: Real, is_same: Real) -> Any:
    """`better` is 1 where higher is, −1 where lower is, 0 where neither is."""
    sign = np.sign(change)
    holds = {
        "no_comparison": np.isnan(change),
        "not_tested": np.isnan(is_same),
        "no_real_change": (is_same == 1) | (sign == 0),
        "better": sign * better > 0,
        "worse": sign * better < 0,
        "up": sign > 0,
    }
    code = np.select(list(holds.values()), list(range(len(holds))), len(holds))
    return pd.array([*holds, "down"], dtype="str").take(code)
