"""The rules of a control chart on plain arrays: many series end to end, `start` marking each segment's first point.

Every function is linear in the number of points and knows nothing of frames. Tolerances are absolute.
Source: Making Data Count's rules; the reference cases of NHSRplotthedots 0.2.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Real = NDArray[np.float64]

RULES = ("outside", "trend", "two_in_three", "shift")
"""In order of precedence."""
POINT_TYPES = (*RULES, "common_cause", "")
"""What names a point: the first rule that fired, else common cause; '' where there is no value or no limits."""
COMMON_CAUSE, UNTYPED = len(RULES), len(RULES) + 1
FIRED_TEXTS = tuple(
    "; ".join(rule for bit, rule in enumerate(RULES) if code >> bit & 1) for code in range(2 ** len(RULES))
)
KIND_OF_FIRED = np.array(
    [COMMON_CAUSE, *((code & -code).bit_length() - 1 for code in range(1, 2 ** len(RULES)))]
)


def sign(values: Real, tolerance: Real | float = 0.0) -> Whole:
    """−1, 0 or 1; within the tolerance (and NaN) is 0."""
    found: Whole = (values > tolerance).astype(np.int64) - (values < -np.asarray(tolerance))
    return found


def run_length(key: NDArray[Any], start: Flags) -> Whole:
    """How many equal keys in a row end at each point, within its segment.

    >>> run_length(np.array([1, 1, 0, 1, 1]), np.array([1, 0, 0, 0, 1], bool)).tolist()
    [1, 2, 1, 1, 1]
    """
    position = np.arange(len(key))
    new = start.copy()
    new[1:] |= key[1:] != key[:-1]
    since: Whole = position - np.maximum.accumulate(np.where(new, position, 0)) + 1
    return since


def shift_trigger(side: Whole, n: int, start: Flags) -> Whole:
    """1 where the last `n` points lie on one side of the mean; a point on the mean breaks the run."""
    trigger: Whole = ((run_length(side, start) >= n) & (side != 0)).astype(np.int64)
    return trigger


def trend_trigger(values: Real, n: int, start: Flags, tolerance: Real | float = 0.0) -> Whole:
    """1 (rising) or −1 (falling) where the last `n` points each go the same way; a tie breaks the trend."""
    step = np.zeros(len(values))
    step[1:] = np.diff(values)
    way = sign(np.where(start, 0.0, step), tolerance)
    trigger: Whole = np.where(run_length(way, start) >= n - 1, way, 0)
    return trigger


def backfill(trigger: Whole, n: int, start: Flags) -> Whole:
    """Spread each trigger over the `n` points that made it; where two overlap, the later one decides.

    >>> backfill(np.array([0, 0, 1, 0]), 2, np.array([1, 0, 0, 0], bool)).tolist()
    [0, 1, 1, 0]
    """
    position = np.arange(len(trigger))
    latest = np.maximum.accumulate(np.where(trigger != 0, position, -1)) if len(trigger) else position
    ahead = latest[np.minimum(position + n - 1, _segment_end(start))]
    spread: Whole = np.where(ahead >= position, trigger[ahead], 0)
    return spread


def two_in_three(close: Flags, side: Whole, start: Flags) -> Flags:
    """Points of any three in a row, all on one side of the mean, of which two or more are `close`."""
    inside = _position(start) >= 2
    same = (side == _back(side, 1)) & (side == _back(side, 2)) & (side != 0)
    count = close.astype(np.int64) + _back(close, 1) + _back(close, 2)
    found: Flags = backfill((inside & same & (count >= 2)).astype(np.int64), 3, start) != 0
    return found


def fired_code(fired: dict[str, Flags]) -> Whole:
    """Which rules fired at each point: a place in `FIRED_TEXTS`, and by `KIND_OF_FIRED` the rule that names the point."""
    code = np.zeros(len(fired["outside"]), dtype=np.int64)
    for bit, rule in enumerate(RULES):
        code |= fired[rule].astype(np.int64) << bit
    return code


def _position(start: Flags) -> Whole:
    """0, 1, 2, … within each segment."""
    return run_length(np.zeros(len(start)), start) - 1


def _segment_end(start: Flags) -> Whole:
    """Index of the last point of each point's segment."""
    count = len(start)
    last = np.append(np.flatnonzero(start)[1:], count) - 1 if count else np.empty(0, np.int64)
    return last[np.cumsum(start) - 1] if count else last


def _back(values: NDArray[Any], steps: int) -> NDArray[Any]:
    """The value `steps` earlier (0 before the first)."""
    moved = np.zeros_like(values)
    moved[steps:] = values[:-steps]
    return moved
