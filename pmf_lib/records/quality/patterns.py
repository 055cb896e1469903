"""Patterns in a series that measured figures seldom have: totals that fall, values copied forward, favoured last digits.

Each is a question to the service, never proof: a figure may be right and look so. What is asked stays on page 1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from pmf_lib import periods
from pmf_lib.numbers import rounded, written
from pmf_lib.records import findings
from pmf_lib.records.quality.known import Whole, dated
from pmf_lib.records.quality.scheme import PatternRules

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
COUNT = r"^(?:number|count)\b"
MOST_DECIMALS = 6
MR_SIGMA = 1.128
"""Mean moving range of a normal series in standard deviations (d2 for two points)."""


def found(known: pd.DataFrame, measures: pd.DataFrame, rules: PatternRules) -> pd.DataFrame:
    """Findings of the rules 'series.falls-in-year', 'series.copied' and 'series.digits'.

    Parameters
    ----------
    known
        Observations in force (`known.in_force`).
    measures
        Table of records.
    rules
        How unlikely a pattern must be.
    """
    about = measures.set_index("measure_id")[["unit", "decimals", "accumulation", "definition_from"]]
    rows = dated(known[known["value"].notna()], measures).join(about, on="measure_id")
    rows = rows[rows["kind"] != "window"].reset_index(drop=True)
    again = copied(rows, rules)
    fresh = rows[~rows["measure_id"].isin(again["measure_id"])]
    return findings.gathered([falls_in_year(rows), again, favoured_digits(fresh, rules)]).reset_index(
        drop=True
    )


def falls_in_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts since 1 April that are below the one for the period before of the same year."""
    since = rows["accumulation"].eq("year-to-date") & rows["unit"].str.lower().str.contains(COUNT)
    held = rows[since]
    if held.empty:
        return findings.none()
    years = _years(held)
    same = held["measure_id"].eq(held["measure_id"].shift()) & years.eq(years.shift())
    before = held["value"].shift()
    falls = same & (before - held["value"] > 0.5 * 10.0 ** -held["decimals"].astype("float64"))
    off = held[falls]
    return findings.found(
        "series.falls-in-year",
        "observations",
        off,
        column="value",
        got=shown(off["value"], off["decimals"]),
        expected=shown(before[falls], off["decimals"])
        + " or more: a count since 1 April does not fall, and that was the one before",
        mend="Send the row again with the date on which it was corrected, or say what was taken off the count.",
    )


def _years(rows: pd.DataFrame) -> pd.Series[int]:
    pairs = set(zip(rows["period"], rows["kind"], strict=True))
    year = {pair: periods.parse(*pair).financial_year.ordinal for pair in pairs}
    return pd.Series(
        [year[pair] for pair in zip(rows["period"], rows["kind"], strict=True)], rows.index, dtype="int64"
    )


def copied(rows: pd.DataFrame, rules: PatternRules) -> pd.DataFrame:
    """The last value of each run that repeats the period before, or the year before, more often than chance gives.

    With values that vary about their level with standard deviation s, in units of the last digit, two neighbours are
    equal with a chance of about p = 1 / (2 s √π). A run of r repeats somewhere in n values then has a chance of n·pʳ
    at most. Small counts, values at 0 or 100 per cent and series of few different values are not judged.
    """
    steps = rows["kind"].map(periods.STEPS_A_YEAR).fillna(0).astype("int64")
    steps = steps.where(steps > 1, 0)
    parts = [_repeats(rows, pd.Series(1, rows.index), rules), _repeats(rows, steps, rules)]
    off = pd.concat(parts, ignore_index=True).drop_duplicates(["measure_id", "period"])
    if off.empty:
        return findings.none()
    again = off["repeats"].astype("str") + " values in succession equal to those of " + off["whose"]
    return findings.found(
        "series.copied",
        "observations",
        off,
        column="value",
        got=shown(off["value"], off["decimals"]),
        expected="another value: here are " + again + ", more than chance would give",
        mend="Confirm that the values were measured anew and not carried forward, or send them again.",
    )


def _repeats(rows: pd.DataFrame, lag: pd.Series, rules: PatternRules) -> pd.DataFrame:
    """Last rows of runs of repeats at a distance, with `repeats` and `whose` values they are; `rows` are in order of measure and time."""
    asked = (rows["accumulation"] == "in-period") & (lag > 0) & _is_fine(rows)
    held, back = rows[asked], lag[asked].to_numpy()
    units: Real = np.asarray(_units(held), dtype=np.float64)
    ordinal = held["ordinal"].to_numpy(dtype=np.int64)
    of, _ = pd.factorize(held["measure_id"])
    move = np.abs(units - _past(of, ordinal, back, units))
    equal = (move == 0) & (np.abs(units) >= rules.copied_from_units) & ~_at_end(held).to_numpy()
    run = _run(equal, of)
    groups = int(of.max(initial=-1)) + 1
    moves = np.bincount(of[move > 0], minlength=groups)[of]
    total = np.bincount(of[move > 0], move[move > 0], groups)[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        by_form = 1 / (2 * (total / moves / MR_SIGMA) * np.sqrt(np.pi))
    by_count = _alike(of, units, move != 0, groups)[of]
    chance = np.minimum(np.maximum(by_form, by_count), 1.0) ** run
    is_unlikely = (run > 0) & (chance * np.bincount(of, minlength=groups)[of] < rules.chance)
    is_end = np.append(run[1:], 0)[: len(run)] <= run
    off = np.flatnonzero(is_unlikely & (moves >= rules.copied_from_moves) & is_end)
    named = "the period before" if lag.eq(1).all() else "the year before"
    return held.take(off).assign(repeats=run[off], whose=named)


def _past(of: Whole, ordinal: Whole, back: Whole, units: Real) -> Real:
    """The value so many periods before each, of the same series; NaN where there is none."""
    low, high = int(ordinal.min(initial=0)), int((ordinal + back).max(initial=0))
    span = high - low + 1
    key, reached = of * span + ordinal - low, of * span + ordinal + back - low
    at = np.searchsorted(reached, key)
    is_there = at < len(reached)
    is_there[is_there] = reached[at[is_there]] == key[is_there]
    return np.where(is_there, units[np.where(is_there, at, 0)], np.nan) if len(units) else units


def _run(equal: Flags, of: Whole) -> Whole:
    """How many equal values in a row end at each."""
    is_new = ~equal
    is_new[1:] |= of[1:] != of[:-1]
    is_new[:1] = True
    count = np.cumsum(equal)
    first = np.maximum.accumulate(np.where(is_new, np.arange(len(equal)), 0))
    return np.asarray(count - count[first] + equal[first], dtype=np.int64)


def favoured_digits(rows: pd.DataFrame, rules: PatternRules) -> pd.DataFrame:
    """The latest value of each measure whose values end in 0 or 5 far more often than the one in five that chance gives.

    Judged are series with `digits_from` values of two significant digits and more that spread over at least ten units
    of their last digit, and whose denominators, if any, are large enough to give every last digit. Sums of money are not:
    prices are round by nature.
    """
    units = _units(rows).abs()
    held = rows[(units >= 10) & ~rows["unit"].str.contains("[£€$]") & ~_at_end(rows) & _is_fine(rows)]
    held = held[held.groupby("measure_id")["ordinal"].transform("size") >= rules.digits_from]
    if held.empty:
        return findings.none()
    held = held.assign(units=units, ends=units.mod(5).eq(0))
    each = held.groupby("measure_id").agg(n=("ends", "size"), k=("ends", "sum"), spread=("units", "std"))
    chance = pd.Series(special.bdtrc(each["k"] - 1, each["n"], 0.2), each.index)
    odd = each[(each["n"] >= rules.digits_from) & (each["spread"] >= 10) & (chance < rules.chance)]
    off = held[held["measure_id"].isin(odd.index)].drop_duplicates("measure_id", keep="last")
    counts = odd.loc[off["measure_id"]].astype("int64").astype("str").set_index(off.index)
    return findings.found(
        "series.digits",
        "observations",
        off,
        column="value",
        got=shown(off["value"], off["decimals"]),
        expected="last digits of every kind: " + counts["k"] + " of " + counts["n"] + " values end in 0 or 5",
        mend="Confirm that the values are counted and not estimated, or say in the definition how they are rounded.",
    )


def _units(rows: pd.DataFrame) -> pd.Series[float]:
    """Values in units of the last digit that the series uses: of one sent in whole numbers that is no tenth."""
    scale = 10.0 ** rows["decimals"].to_numpy(dtype=float)
    units, (of, ids) = np.round(rows["value"].to_numpy(dtype=float) * scale), pd.factorize(rows["measure_id"])
    for _ in range(MOST_DECIMALS):
        is_coarse = np.bincount(of[np.mod(units, 10) != 0], minlength=len(ids)) == 0
        if not is_coarse.any():
            break
        units = np.where(is_coarse[of], units / 10, units)
    return pd.Series(units, rows.index)


def _is_fine(rows: pd.DataFrame) -> pd.Series[bool]:
    """Is the denominator large enough to give every last digit? Where there is none that can't be told."""
    return ~(rows["denominator"] < 10.0 ** rows["decimals"].astype("float64") * 100)


def _at_end(rows: pd.DataFrame) -> pd.Series[bool]:
    """Does the value stand at the end of its scale, where values pile up?"""
    return rows["unit"].str.contains("%") & rows["value"].isin([0.0, 100.0])


def _alike(of: Whole, units: Real, is_used: Flags, groups: int) -> Real:
    """By series: how often two values drawn from it are the same; 1 where none is used."""
    of, units = of[is_used], units[is_used]
    order = np.lexsort((units, of))
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (np.diff(of[order]) != 0) | (np.diff(units[order]) != 0)
    size = np.bincount(np.cumsum(is_new) - 1) if len(order) else np.zeros(0, dtype=np.int64)
    pairs = np.bincount(of[order][is_new], size * (size - 1), groups)
    n = np.bincount(of, minlength=groups)
    return np.where(n > 0, pairs / np.maximum(n, 1) / np.maximum(n - 1, 1), 1.0)


def shown(values: pd.Series, decimals: pd.Series) -> pd.Series[str]:
    """Values to these decimals, as text."""
    both = zip(values, decimals, strict=True)
    return pd.Series([written(rounded(float(one), int(d))) for one, d in both], values.index, dtype="str")


def usual_move(
    known: pd.DataFrame, measures: pd.DataFrame, rules: PatternRules, within: pd.Series | None = None
) -> pd.DataFrame:
    """By measure, `mean` and `count` of the moves from one period to the next, where there are enough of them and they move.

    No move counts between two values of which `within` says different things.
    """
    rows = dated(known[known["value"].notna()], measures)
    next_to = rows["ordinal"].diff().eq(1) & rows["measure_id"].eq(rows["measure_id"].shift())
    if within is not None:
        next_to &= within[rows.index].eq(within[rows.index].shift())
    move = rows["value"].diff().abs().where(next_to).groupby(rows["measure_id"]).agg(["mean", "count"])
    move.index = move.index.astype("str")
    return move[(move["count"] >= rules.noise_from) & (move["mean"] > 0)]
