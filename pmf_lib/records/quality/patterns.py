"""Patterns in a series that measured figures seldom have: totals that fall, values copied forward, favoured last digits.

Each is a question to the service, never proof: a figure may be right and look so. What is asked stays on page 1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from pmf_lib import periods
from pmf_lib.numbers import rounded, written
from pmf_lib.records import findings
from pmf_lib.records.quality.known import dated
from pmf_lib.records.quality.scheme import PatternRules

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
    """Last rows of runs of repeats at a distance, with `repeats` and `whose` values they are."""
    held = rows[(rows["accumulation"] == "in-period") & (lag > 0) & _is_fine(rows)]
    units = _units(held)
    past = held[["measure_id", "ordinal"]].assign(before=units, ordinal=held["ordinal"] + lag[held.index])
    both = held.assign(units=units).merge(past, on=["measure_id", "ordinal"], how="left")
    move = (both["units"] - both["before"]).abs()
    equal = move.eq(0) & (both["units"].abs() >= rules.copied_from_units) & ~_at_end(both)
    new = ~equal | both["measure_id"].ne(both["measure_id"].shift())
    run = equal.astype("int64").groupby(new.cumsum()).cumsum()
    moved = move.where(move > 0).groupby(both["measure_id"])
    sigma = moved.transform("mean") / MR_SIGMA
    by_form = 1 / (2 * sigma * np.sqrt(np.pi))
    by_count = both["measure_id"].map(_alike(both[move != 0])).astype("float64").fillna(1.0)
    chance = np.maximum(by_form, by_count).clip(upper=1.0) ** run
    n = both.groupby("measure_id")["ordinal"].transform("size")
    unlikely = (run > 0) & (chance * n < rules.chance) & (moved.transform("count") >= rules.copied_from_moves)
    ends = run.shift(-1, fill_value=0) <= run
    named = "the period before" if lag.eq(1).all() else "the year before"
    off: pd.DataFrame = both.assign(repeats=run, whose=named)[unlikely & ends]
    return off


def favoured_digits(rows: pd.DataFrame, rules: PatternRules) -> pd.DataFrame:
    """The latest value of each measure whose values end in 0 or 5 far more often than the one in five that chance gives.

    Judged are series with `digits_from` values of two significant digits and more that spread over at least ten units
    of their last digit, and whose denominators, if any, are large enough to give every last digit. Sums of money are not:
    prices are round by nature.
    """
    units = _units(rows).abs()
    held = rows[(units >= 10) & ~rows["unit"].str.contains("[£€$]") & ~_at_end(rows) & _is_fine(rows)]
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
    units = (rows["value"] * 10.0 ** rows["decimals"].astype("float64")).round()
    for _ in range(MOST_DECIMALS):
        coarse = units.mod(10).eq(0).groupby(rows["measure_id"]).transform("all").astype(bool)
        units = units.where(~coarse, units / 10)
    return units


def _is_fine(rows: pd.DataFrame) -> pd.Series[bool]:
    """Is the denominator large enough to give every last digit? Where there is none that can't be told."""
    return ~(rows["denominator"] < 10.0 ** rows["decimals"].astype("float64") * 100)


def _at_end(rows: pd.DataFrame) -> pd.Series[bool]:
    """Does the value stand at the end of its scale, where values pile up?"""
    return rows["unit"].str.contains("%") & rows["value"].isin([0.0, 100.0])


def _alike(rows: pd.DataFrame) -> pd.Series[float]:
    """measure_id → how often two values drawn from the series are the same."""
    same = rows.groupby(["measure_id", "units"])["units"].transform("size") - 1
    each = same.groupby(rows["measure_id"]).agg(["mean", "size"])
    return each["mean"] / (each["size"] - 1).clip(lower=1)


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
