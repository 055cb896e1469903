"""Control limits of every segment at once: mean ± 2.66 × mean moving range, after Making Data Count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmf_lib.performance.spc import rules
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.rules import Flags, Real, Whole

LIMIT_FACTOR = 2.66
SCREEN_FACTOR = 3.267
RELATIVE_TOLERANCE = 1e-12
"""Differences below this share of a segment's largest value are rounding of the machine, not of the council."""
USABLE, UNSUITED, TOO_FEW, NO_RANGE = range(4)
"""Why a segment has no limits."""


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
    largest: Real
    """Largest size of a value, by segment: what rounding of the machine is a share of."""
    is_centred: Flags
    """By segment: values are distances from a centre that is given, so that their mean is nought."""

    @property
    def groups(self) -> int:
        """How many segments there are."""
        return len(self.largest)

    @property
    def tolerance(self) -> Real:
        """What counts as nought, by segment."""
        return RELATIVE_TOLERANCE * self.largest


def held_points(value: Real, size: Real, place: Whole, group: Whole, is_centred: Flags) -> Held:
    """Points with a value in order (`place`: their period's running number; a step over 1 is a gap)."""
    start = np.ones(len(value), dtype=bool)
    start[1:] = group[1:] != group[:-1]
    step = np.diff(place, prepend=place[:1])
    return Held(value, group, start, step, _most(size, group, start, len(is_centred)), is_centred)


def _most(values: Real, group: Whole, start: Flags, groups: int, *, empty: float = 0.0) -> Real:
    """Largest by segment."""
    found, first = np.full(groups, empty), np.flatnonzero(start)
    if len(first):
        found[group[first]] = np.maximum.reduceat(values, first)
    return found


@dataclass(frozen=True)
class Limits:
    """By segment: what its chart is drawn and read by. ``reach`` is from the mean to a limit; both NaN where refused."""

    n_points: Whole
    mean: Real
    reach: Real
    refused: Whole
    is_constant: Flags
    is_unscreened: Flags
    gaps: Whole

    def heights(self) -> dict[str, Real]:
        """Mean, limits and near limits."""
        near = self.reach * 2 / 3
        return {
            "mean": self.mean,
            "lpl": self.mean - self.reach,
            "upl": self.mean + self.reach,
            "lower_near": self.mean - near,
            "upper_near": self.mean + near,
        }


def limits(held: Held, is_unsuited: Flags, options: XmrOptions) -> Limits:
    """Limits of each segment, and why it has none."""
    count = np.bincount(held.group, minlength=held.groups)
    basis = None
    if options.fix_after_n:
        basis = rules.run_length(held.group, held.start) <= options.fix_after_n
    low, high = _ends(held)
    constant = (high - low <= held.tolerance) & (count > 0)
    mean = np.where(constant, high, _mean(held, held.value, basis))
    mean = np.where(held.is_centred, 0.0, mean)
    average, collapsed = _moving_range(held, basis, options)
    average = np.where(constant, 0.0, average)
    refused = np.select(
        [is_unsuited, count < options.refuse_below, ~constant & ~(average > 0)],
        [UNSUITED, TOO_FEW, NO_RANGE],
        USABLE,
    )
    gaps = np.bincount(held.group, (held.step - 1) * ~held.start, held.groups).astype(np.int64)
    usable = refused == USABLE
    reach = np.where(usable, LIMIT_FACTOR * average, np.nan)
    return Limits(
        count, np.where(usable, mean, np.nan), reach, refused, constant, collapsed & ~constant, gaps
    )


def _moving_range(held: Held, basis: Flags | None, options: XmrOptions) -> tuple[Real, Flags]:
    """Mean moving range by segment, and whether screening would have left none."""
    moving = np.abs(np.diff(held.value, prepend=held.value[:1]))
    used = ~held.start & (held.step == 1)
    used = used if basis is None else used & basis
    plain = _mean(held, moving, used)
    if not options.screen:
        return plain, np.zeros(held.groups, dtype=bool)
    screened = _mean(held, moving, used & (moving < SCREEN_FACTOR * plain[held.group]))
    collapsed = (plain > 0) & ~(screened > 0)
    return np.where(collapsed, plain, screened), collapsed


def _mean(held: Held, values: Real, used: Flags | None) -> Real:
    """Mean of the used values by segment; NaN where none is used."""
    weights = values if used is None else values * used
    count = np.bincount(held.group, used, held.groups)
    total = np.bincount(held.group, weights, held.groups)
    mean: Real = np.divide(total, count, out=np.full(held.groups, np.nan), where=count > 0)
    return mean


def _ends(held: Held) -> tuple[Real, Real]:
    """Least and greatest value by segment."""
    low = -_most(-held.value, held.group, held.start, held.groups)
    return low, _most(held.value, held.group, held.start, held.groups)
