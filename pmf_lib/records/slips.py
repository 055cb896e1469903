"""Unit slips: a value that lies a power of ten away from where it should, such as 9320 or 0.932 for 93.2.

Where a row has numerator and denominator, they say what the value should be. Elsewhere its own series says it: the
value stands far apart from the bulk of the others, and a power of ten brings it back among them. All distances are
counted in powers of ten (decimal logarithms), so that one rule serves percentages, rates, amounts and counts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from pmf_lib import periods
from pmf_lib.periods import FREQUENCIES
from pmf_lib.policy import Policy
from pmf_lib.records import faults, findings

COLUMNS = ("power", "should_be", "low", "high")
PER_CENT = r"(?i)%|\bper ?cent"


class SlipRules(Policy):
    """When a value or a target counts as a unit slip (``parameters/schemes/quality.yml``); distances in powers of ten."""

    others_at_least: int = Field(default=6, ge=3)
    """Values of the same series, beside the suspect one, without which nothing is said."""
    bulk_pct: float = Field(default=75, ge=50, le=100)
    """Per cent of the series that must lie together: what is less is a change of level, not a slip."""
    clear_of: float = Field(default=0.5, gt=0, lt=1)
    """How far outside the bulk the value lies at least; also the widest gap within the bulk, and to a mended value."""
    clear_of_for_ten: float = Field(default=0.75, gt=0, lt=1)
    """The same for a slip by ten: chance alone puts a small count that far from the others now and then."""
    near_for_ten: float = Field(default=0.2, ge=0, lt=0.5)
    """How far from the bulk a value may lie once it is mended by ten (by more: `clear_of`), or the bulk's own width."""
    near_for_target: float = Field(default=0.15, ge=0, lt=0.5)
    """How far a target may lie from a hundredth of the earlier ones, or a hundred times as much, and beyond."""
    near_for_target_of_ten: float = Field(default=0.1, ge=0, lt=0.5)
    """The same for a tenth or ten times."""
    other_scale_values: int = Field(default=4, ge=1)
    """So many of a measure's latest values are held against its target: are they all a hundredth of it, or a hundred times as much?"""
    near_for_other_scale: float = Field(default=0.3, ge=0, lt=1)
    """How far from that they may lie; 0.3 is twice or half."""


DEFAULT = SlipRules()


def unit_slips(
    observations: pd.DataFrame, measures: pd.DataFrame, computed: pd.Series, rules: SlipRules = DEFAULT
) -> pd.DataFrame:
    """The observations that seem to have slipped by a power of ten.

    Parameters
    ----------
    observations, measures
        Tables of records, with one observation for each measure and period: the one in force.
    computed
        What numerator and denominator give for each observation (NaN where they give nothing), in the measure's unit.
    rules
        When a value counts as a slip.

    Returns
    -------
    DataFrame
        One row per slip, under the observation's index: power (2: a hundred times too large; −2: too small), should_be
        (in the measure's unit; NaN where a power of ten alone brings it near no other value), low and high (of the
        other values as reported; NaN where numerator and denominator told).
    """
    observations = observations[observations["value"].notna()]
    if observations.empty:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS})
    decimals = observations["measure_id"].map(measures.set_index("measure_id")["decimals"]).astype("float64")
    computed = computed.reindex(observations.index)
    told = _against_parts(observations["value"], computed, decimals)
    rows = _series(observations, measures, decimals)
    seen = _against_series(rows, rules)
    seen = seen[computed.reindex(seen.index).isna()]
    filled = [part for part in (told, seen) if len(part)] or [seen]
    return pd.concat(filled)[list(COLUMNS)].sort_index().astype({"power": "int64"})


def _against_parts(value: pd.Series, computed: pd.Series, decimals: pd.Series) -> pd.DataFrame:
    """Values that are a power of ten away from what numerator and denominator give, to the last digit reported."""
    step = 10.0**-decimals
    shown = (computed / step).round() * step
    power = _powers(np.log10((value / shown).where((shown != 0) & (value / shown > 0))))
    size = 10.0**power
    gap = (value - shown * size).abs().clip(upper=(value - computed * size).abs())
    exact = gap <= 1e-9 * value.abs()
    whole = ((value / step).round() * step - value).abs() <= 1e-9 * value.abs()
    cut = whole & (power < 0) & ((value - computed * size).abs() <= 0.5 * step * (1 + 1e-9))
    slipped = (power != 0) & (exact | cut)
    frame = pd.DataFrame({"power": power, "should_be": shown, "low": np.nan, "high": np.nan})
    return frame[slipped]


def _series(observations: pd.DataFrame, measures: pd.DataFrame, decimals: pd.Series) -> pd.DataFrame:
    """The rows, with the part of the series that each belongs to and its size in powers of ten."""
    rows = observations.assign(decimals=decimals)
    about = measures.set_index("measure_id")[["frequency", "accumulation", "definition_from"]]
    share = measures["unit"].str.contains(PER_CENT).set_axis(measures["measure_id"])
    rows = rows.join(about.assign(is_share=share), on="measure_id")
    ends = _ends(rows["period"], rows["frequency"])
    breaks = _ends(rows["definition_from"], rows["frequency"])
    part = rows["measure_id"] + np.where(ends < breaks, " before", "")
    half_step = 0.5 * 10.0 ** -rows["decimals"]
    size = np.log10(rows["value"].abs().mask(rows["value"] == 0, half_step))
    return rows.assign(part=part, size=_level(size, part, ends, rows["accumulation"]))


def _ends(labels: pd.Series, frequencies: pd.Series) -> pd.Series:
    """The last day of each label's period; NaT for an empty label."""
    pairs = list(zip(labels, frequencies, strict=True))
    ends = {pair: periods.parse(pair[0], FREQUENCIES[pair[1]]).end for pair in set(pairs) if pair[0]}
    return pd.Series([ends.get(pair) for pair in pairs], labels.index, dtype="datetime64[us]")


def _level(size: pd.Series, part: pd.Series, ends: pd.Series, accumulation: pd.Series) -> pd.Series:
    """Sizes; of a year to date that grows through the year, by the part of the year that has gone."""
    gone = ((ends.dt.month - 4) % 12 + 1) / 12
    a_year = size - np.log10(gone)
    steadier = _scatter(a_year, part) < _scatter(size, part)
    level: pd.Series = a_year.where((accumulation == "year-to-date") & steadier, size)
    return level


def _scatter(size: pd.Series, part: pd.Series) -> pd.Series:
    """The median distance from the series' median."""
    middle = size.groupby(part).transform("median")
    apart: pd.Series = (size - middle).abs().groupby(part).transform("median")
    return apart


def _against_series(rows: pd.DataFrame, rules: SlipRules) -> pd.DataFrame:
    """Values far outside the bulk of their series that a power of ten brings back into it."""
    rows = _with_bulk(rows, rules)
    enough = (rows["bulk_n"] >= rules.others_at_least) & (rows["bulk_n"] >= rows["n"] * rules.bulk_pct / 100)
    same_sign = np.sign(rows["value"]) == rows["bulk_sign"]
    rows = rows[enough & same_sign & (_beyond(rows["size"], rows) > rules.clear_of)]
    power = _best_power(rows, rules)
    slipped = power != 0
    mended = rows["value"] / 10.0**power
    return pd.DataFrame(
        {
            "power": power,
            "should_be": mended.where(_usual(mended, rows)),
            "low": rows["value_low"],
            "high": rows["value_high"],
        }
    )[slipped]


def _usual(mended: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Mended values near the others: no further off than they lie from each other, and a per cent from 0 to 100 as they are."""
    low, high = rows["value_low"], rows["value_high"]
    room = (high - low).clip(lower=0.1 * high.abs())
    share = rows["is_share"] & (low >= 0) & (high <= 100)
    near = mended.between(low - room, high + room)
    return near & (~share | mended.between(0, 100))


def _beyond(size: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """How far a size lies outside the bulk; 0 inside it."""
    above = (size - rows["bulk_high"]).clip(lower=0)
    return above + (rows["bulk_low"] - size).clip(lower=0)


def _best_power(rows: pd.DataFrame, rules: SlipRules) -> pd.Series:
    """The power of ten that brings each value nearest to the bulk, or 0 where none brings it near enough.

    A slip by ten must stand clear of the bulk by the bulk's whole width, a greater one by half of it.
    """
    width = rows["bulk_high"] - rows["bulk_low"]
    beyond = _beyond(rows["size"], rows)
    way = np.sign(rows["size"] - rows["bulk_high"])
    least = (beyond // 1).clip(lower=1)
    best, chosen = pd.Series(np.inf, rows.index), pd.Series(0.0, rows.index)
    for steps in range(1 + int(np.ceil(width.max() if len(rows) else 0)) + 1):
        power = (least + steps) * way
        away = _beyond(rows["size"] - power, rows)
        clear = beyond > (width / 2).mask(power.abs() == 1, width.clip(lower=rules.clear_of_for_ten))
        near = width.clip(lower=rules.clear_of).mask(power.abs() == 1, width.clip(lower=rules.near_for_ten))
        better = clear & (away <= near) & (away < best)
        best, chosen = best.mask(better, away), chosen.mask(better, power)
    return chosen


def _with_bulk(rows: pd.DataFrame, rules: SlipRules) -> pd.DataFrame:
    """Each row with the bulk of its series: the values around the median without a wide gap between them."""
    rows = rows.sort_values(["part", "size"], kind="stable")
    wide = rows.groupby("part")["size"].diff().fillna(0.0) > rules.clear_of
    clump = wide.groupby(rows["part"]).cumsum()
    place = rows.groupby("part").cumcount()
    count = rows.groupby("part")["size"].transform("size")
    middle = clump.where(place == (count - 1) // 2).groupby(rows["part"]).transform("max")
    held = rows[clump == middle].groupby("part")
    bulk = pd.DataFrame(
        {
            "bulk_low": held["size"].min(),
            "bulk_high": held["size"].max(),
            "bulk_n": held.size(),
            "bulk_sign": np.sign(held["value"].median()),
            "value_low": held["value"].min(),
            "value_high": held["value"].max(),
        }
    )
    return rows.assign(n=count).join(bulk, on="part")


def as_findings(observations: pd.DataFrame, slips: pd.DataFrame) -> pd.DataFrame:
    """Findings of the rule 'value.unit-slip', one a slip (`slips`: as `unit_slips` gives them)."""
    if slips.empty:
        return findings.none()
    rows = observations.loc[slips.index]
    low, high = (faults.number_words(slips[side].fillna(0.0)) for side in ("low", "high"))
    run = "the measure's other values run from " + low + " to " + high
    why = (": " + run).where(slips["low"].notna(), ", as numerator and denominator give")
    hint = faults.number_words(slips["should_be"]) + ", " + slips["power"].map(times_words) + why
    return findings.found(
        "value.unit-slip",
        "observations",
        rows,
        column="value",
        got=faults.number_words(rows["value"]),
        expected=hint.where(slips["should_be"].notna(), "a value near the others: " + run),
        mend="See in which unit it was counted, and send the row again with the date on which it was corrected.",
    )


def times_words(power: int) -> str:
    """What the value should be, of the value as it is.

    >>> times_words(2), times_words(-3)
    ('a hundredth of it', '1,000 times as much')
    """
    parts = {1: "a tenth of it", 2: "a hundredth of it", 3: "a thousandth of it"}
    times = f"{10 ** abs(int(power)):,}"
    return parts.get(int(power), f"one {times}th of it") if power > 0 else f"{times} times as much"


def _powers(logs: pd.Series) -> pd.Series:
    """Whole powers of ten, 0 where there is none."""
    return logs.round().fillna(0.0)
