"""A control chart worked out by hand: one number after another in exact fractions, from the published wording.

Shares no code with the library. Slow, and meant to be read beside docs/methods/control-charts.md.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

FACTOR, SCREEN, NEAR = Fraction(266, 100), Fraction(3267, 1000), Fraction(2, 3)
ORDER = ("outside", "trend", "two_in_three", "shift")


@dataclass(frozen=True)
class Asked:
    screen: bool = True
    two_in_three: str = "mdc-2023"
    shift_n: int = 7
    trend_n: int = 7
    refuse_below: int = 8
    fix_after_n: int | None = None


def charted(values, whens, rebases=(), asked=Asked()):
    """One dict per row; `values` may hold None, `whens` are running numbers of periods, `rebases` such numbers too."""
    starts = {next((at for at, when in enumerate(whens) if when >= rebase), None) for rebase in rebases}
    segment = [sum(start is not None and start <= at for start in starts) for at in range(len(values))]
    rows = [dict(empty(), segment=number) for number in segment]
    for number in sorted(set(segment)):
        held = [at for at in range(len(values)) if segment[at] == number and values[at] is not None]
        points = [(whens[at], Fraction(values[at])) for at in held]
        mean, reach = limits(points, asked)
        for at in [at for at in range(len(values)) if segment[at] == number]:
            rows[at] |= lines(mean, reach)
        if reach is not None:
            for at, found in zip(
                held, rules([value for _, value in points], mean, reach, asked), strict=True
            ):
                rows[at] |= found
    return rows


def empty():
    flags = dict.fromkeys(ORDER, False)
    return {**flags, **lines(None, None), "side": 0, "trend_direction": 0, "point_type": "", "fired": ""}


def lines(mean, reach):
    names = {"mean": 0, "lpl": -1, "upl": 1, "lower_near": -NEAR, "upper_near": NEAR}
    return {name: None if reach is None else mean + share * reach for name, share in names.items()}


def limits(points, asked):
    """Mean, and how far from it the limits are; both None where there are none."""
    values = [value for _, value in points]
    if len(values) < asked.refuse_below:
        return None, None
    fixed = asked.fix_after_n or len(values)
    mean = average(values[:fixed])
    if len(set(values)) == 1:
        return mean, Fraction(0)
    moving = [abs(b[1] - a[1]) for a, b in pairwise(points[:fixed]) if b[0] - a[0] == 1]
    if not any(moving):
        return None, None
    if asked.screen:
        kept = [one for one in moving if one < SCREEN * average(moving)]
        moving = kept if any(kept) else moving
    return mean, FACTOR * average(moving)


def average(values):
    return sum(values, Fraction(0)) / len(values)


def rules(values, mean, reach, asked):
    """One dict per point: every rule looked up window by window."""
    side = [sign(value - mean) for value in values]
    outside = [abs(value - mean) > reach for value in values]
    close = [abs(value - mean) > NEAR * reach for value in values]
    if asked.two_in_three == "nhsr-0.2.2":
        close = [near and not far for near, far in zip(close, outside, strict=True)]
    trend = trends(values, asked.trend_n)
    flags = zip(
        outside, map(bool, trend), two_in_three(close, side), shifts(side, asked.shift_n), strict=True
    )
    fired = [dict(zip(ORDER, flag, strict=True)) for flag in flags]
    return [
        flag | named(flag) | {"side": at, "trend_direction": way}
        for flag, at, way in zip(fired, side, trend, strict=True)
    ]


def named(flag):
    rules = [rule for rule in ORDER if flag[rule]]
    return {"point_type": rules[0] if rules else "common_cause", "fired": "; ".join(rules)}


def sign(value):
    return (value > 0) - (value < 0)


def trends(values, n):
    """The way of each point's trend; of two that share a point the later one decides."""
    found = [0] * len(values)
    for window in windows(len(values), n):
        steps = {sign(values[b] - values[a]) for a, b in pairwise(window)}
        if steps in ({1}, {-1}):
            for at in window:
                found[at] = min(steps)
    return found


def shifts(side, n):
    found = [False] * len(side)
    for window in windows(len(side), n):
        if {side[at] for at in window} in ({1}, {-1}):
            for at in window:
                found[at] = True
    return found


def two_in_three(close, side):
    found = [False] * len(side)
    for window in windows(len(side), 3):
        if {side[at] for at in window} in ({1}, {-1}) and sum(close[at] for at in window) >= 2:
            for at in window:
                found[at] = found[at] or close[at]
    return found


def windows(n, size):
    return [range(first, first + size) for first in range(n - size + 1)]
