"""Control limits of every segment at once: mean ± 2.66 × mean moving range, after Making Data Count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.performance import rules, spc_words
from pmf_lib.performance.rules import Flags, Real, Whole
from pmf_lib.performance.spc_options import XmrOptions

LIMIT_FACTOR = 2.66
SCREEN_FACTOR = 3.267
RELATIVE_TOLERANCE = 1e-12
"""Differences below this share of a segment's largest value are rounding of the machine, not of the council."""


@dataclass(frozen=True)
class Held:
    """The points that have a value, end to end in order: series beside series, segment after segment."""

    value: Real
    group: Whole
    """Running number of the segment, over all series."""
    start: Flags
    """First point with a value in its segment."""
    step: Whole
    """Periods since the point before (1: neighbours)."""
    tolerance: Real
    is_centred: Flags
    """By segment: values are distances from a centre that is given, so that their mean is nought."""
    groups: int


def held_points(rows: pd.DataFrame, group: Whole) -> Held:
    """The rows that have a value (`rows`: sorted, with order, adjusted, has_value); a step over 1 is a gap."""
    has = rows["has_value"].to_numpy()
    value, of = rows["adjusted"].to_numpy()[has], group[has]
    whole = pd.api.types.is_integer_dtype(rows["order"])
    place = (rows["order"].to_numpy() if whole else np.arange(len(rows)))[has]
    start = np.ones(len(value), dtype=bool)
    start[1:] = of[1:] != of[:-1]
    groups = int(group[-1]) + 1 if len(group) else 0
    largest = np.zeros(groups)
    np.maximum.at(largest, of, np.abs(value))
    step = np.diff(place, prepend=place[:1]).astype(np.int64)
    is_centred = np.zeros(groups, dtype=bool)
    is_centred[group[rows["is_laney"].to_numpy()]] = True
    return Held(value, of, start, step, RELATIVE_TOLERANCE * largest[of], is_centred, groups)


def limits(held: Held, unsuited: list[str], options: XmrOptions) -> pd.DataFrame:
    """One row per segment: n, mean, limits, constant, and why there are none ('' where there are)."""
    count = np.bincount(held.group, minlength=held.groups)
    basis = np.ones(len(held.value), dtype=bool)
    if options.fix_after_n:
        basis = rules.run_length(held.group, held.start) <= options.fix_after_n
    mean = np.where(held.is_centred, 0.0, _mean(held, held.value, basis))
    moving = np.abs(np.diff(held.value, prepend=held.value[:1]))
    used = basis & ~held.start & (held.step == 1)
    plain = _mean(held, moving, used)
    screened = _mean(held, moving, used & (moving < SCREEN_FACTOR * plain[held.group]))
    collapsed = (plain > 0) & ~(screened > 0)
    average = np.where(collapsed, plain, screened) if options.screen else plain
    found = pd.DataFrame({"n_points": count, "mean": mean, "constant": _constant(held, count)})
    average = np.where(found["constant"], 0.0, average)
    found["unscreened"] = collapsed & options.screen & ~found["constant"]
    found["gaps"] = np.bincount(held.group, (held.step - 1) * ~held.start, held.groups).astype(int)
    found["refused"] = spc_words.refusals(found, unsuited, average, options)
    return _lines(found, average, options)


def _lines(found: pd.DataFrame, average: Real, options: XmrOptions) -> pd.DataFrame:
    """The limit lines; none where refused."""
    usable = found["refused"] == ""
    mean, reach = found["mean"].where(usable), LIMIT_FACTOR * pd.Series(average).where(usable)
    kinds = np.select([~usable, found["n_points"] < options.trial_limits_below], ["none", "trial"], "final")
    return found.assign(
        mean=mean,
        lpl=mean - reach,
        upl=mean + reach,
        lower_near=mean - reach * 2 / 3,
        upper_near=mean + reach * 2 / 3,
        limits=kinds,
    )


def _mean(held: Held, values: Real, used: Flags) -> Real:
    """Mean of the used values by segment; NaN where none is used."""
    count = np.bincount(held.group, used, held.groups)
    total = np.bincount(held.group, np.where(used, values, 0.0), held.groups)
    mean: Real = np.divide(total, count, out=np.full(held.groups, np.nan), where=count > 0)
    return mean


def _constant(held: Held, count: Whole) -> Flags:
    high, low = np.full(held.groups, -np.inf), np.full(held.groups, np.inf)
    np.maximum.at(high, held.group, held.value)
    np.minimum.at(low, held.group, held.value)
    slack = np.zeros(held.groups)
    np.maximum.at(slack, held.group, held.tolerance)
    spread = np.subtract(high, low, out=np.full(held.groups, np.inf), where=count > 0)
    constant: Flags = spread <= slack
    return constant
