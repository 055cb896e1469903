"""One measure's points made ready for drawing: in order, placed in time, with what each point is told apart by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pmf_lib.performance.status import RATINGS
from pmf_lib.performance.words import is_share
from pmf_lib.workbook.charts.facts import Facts

STEP_DAYS = {"week": 7.0, "month": 30.4, "quarter": 91.3, "term": 121.7, "window": 30.4}
YEAR_DAYS = 365.25
BREAKS = {True: "Definition changed", False: "Limits recalculated"}
WHOLE = 100.0
"""All of what a percentage is a share of."""
NOT_FIRM = ("provisional", "estimated")
COMMON = ("", "common_cause")
DAY, EPOCH = np.timedelta64(1, "D"), np.datetime64("1970-01-01")


class Point(NamedTuple):
    """One period of a measure: its numbers (NaN where there is none) and its texts ('' where there is none).

    ``x`` is the middle of the period in days since 1970; ``special`` is improving, worsening, neutral or ''; ``hollow``
    is not yet final; ``begins`` is the first period of the present definition; ``rises`` is above nought in a rise.
    """

    period: str
    ordinal: int
    start: Any
    end: Any
    x: float
    value: float
    mean: float
    lpl: float
    upl: float
    segment: float
    point_type: str
    fired: str
    special: str
    hollow: bool
    begins: bool
    decision: str
    rises: float

    @property
    def is_known(self) -> bool:
        """Has it a value?"""
        return not math.isnan(self.value)


@dataclass(frozen=True)
class Track:
    """Points of one measure in order of time; ``step`` is the usual distance between two of them, in days."""

    points: tuple[Point, ...]
    step: float

    @cached_property
    def known(self) -> list[Point]:
        """The points that have a value."""
        return [point for point in self.points if point.is_known]

    @cached_property
    def span(self) -> tuple[float, float]:
        """From half a step before the first point to half a step after the last; NaN without a point."""
        x = [point.x for point in self.points] or [math.nan]
        return min(x) - self.step / 2, max(x) + self.step / 2

    @cached_property
    def segments(self) -> list[list[Point]]:
        """The points of each segment between two breaks."""
        parts: dict[float, list[Point]] = {}
        for point in self.points:
            parts.setdefault(point.segment, []).append(point)
        return list(parts.values())

    @property
    def firsts(self) -> list[Point]:
        """The points from which limits were calculated anew."""
        return [part[0] for part in self.segments[1:]]

    @property
    def breaks(self) -> dict[float, str]:
        """Where limits were calculated anew, and the words for why."""
        return {first.x - self.step / 2: BREAKS[first.begins] for first in self.firsts}

    @property
    def decisions(self) -> dict[float, str]:
        """Where limits were calculated anew by a recorded decision, and its words (column `decision` of the points)."""
        return {first.x - self.step / 2: first.decision for first in self.firsts if first.decision}

    @property
    def since(self) -> float:
        """Where the present definition begins; the left end of the chart where it never changed."""
        begun = [point.x for point in self.points if point.begins]
        return max(begun) - self.step / 2 if begun else self.span[0]

    def possible(self, facts: Facts) -> tuple[float, float]:
        """The least and the greatest value that can be, as far as the results tell: not below 0, a share not above 100."""
        known = [*(point.value for point in self.known), *facts.targets.values()]
        if not known or min(known) < 0:
            return -math.inf, math.inf
        return 0.0, WHOLE if is_share(facts.unit) and max(known) <= WHOLE else math.inf

    def limit(self, value: Any, facts: Facts, *, brief: bool = False) -> str:
        """A limit in words: as calculated, unless no result can lie there; `brief` where room is short."""
        least, most = self.possible(facts)
        if value > most:
            return f"above {facts.number(most, decimals=0)}"
        if value < least:
            return f"below {facts.number(least, decimals=0)}"
        return facts.brief(value) if brief else facts.number(value)

    @property
    def line(self) -> tuple[list[float], list[float]]:
        """The line through the values; a period that is not there breaks it, and so does a new definition."""
        x: list[float] = []
        y: list[float] = []
        for before, point in zip([None, *self.points], self.points, strict=False):
            if point.begins or (before is not None and point.ordinal - before.ordinal > 1):
                x.append(math.nan)
                y.append(math.nan)
            x.append(point.x)
            y.append(point.value)
        return x, y


def varies(heights: Iterable[float]) -> bool:
    """Does a line differ from point to point?"""
    line = np.fromiter(heights, dtype=float)
    return not np.allclose(line, line[-1], rtol=1e-9, atol=0.0, equal_nan=True)


def track(
    points: pd.DataFrame, kind: str | None = None, *, provisional: bool = False, definition_from: str = ""
) -> Track:
    """The points of one measure as a `Track`; `points` is not changed.

    Parameters
    ----------
    points
        `xmr` points joined with period, start and end; columns that are not there are empty.
    kind
        The measure's kind of period, for the distance between points when there is only one.
    provisional
        Whether the last value is not yet final.
    definition_from
        First period of the present definition ('' where it never changed).
    """
    columns = _columns(points, kind)
    values = columns["value"]
    last = max(np.flatnonzero(~np.isnan(values)).tolist(), default=-1) if provisional else -1
    texts = zip(columns["point_type"], columns["improvement"], columns["state"], strict=True)
    told = [(_special(kind_of, change), state in NOT_FIRM) for kind_of, change, state in texts]
    columns["special"] = [special for special, _ in told]
    columns["hollow"] = [is_open or at == last for at, (_, is_open) in enumerate(told)]
    columns["begins"] = [bool(definition_from) and name == definition_from for name in columns["period"]]
    rows = zip(*(_listed(columns[name]) for name in Point._fields), strict=True)
    return Track(tuple(Point(*row) for row in rows), _step(columns["x"], kind))


def charted(points: pd.DataFrame, row: Any) -> tuple[Track, Facts]:
    """A measure's points and facts for an XmR chart.

    The chart shows results in the period. A target that was rated against a value since 1 April is for another stretch
    of time, so it is left out of the facts.
    """
    facts = Facts.of(row)
    shown = track(points, facts.kind, provisional=facts.provisional, definition_from=facts.definition_from)
    due = [point.value for point in shown.points if point.period == facts.period_due]
    if facts.state in RATINGS and any(
        abs(value - facts.value) > 0.51 * 10.0**-facts.decimals for value in due
    ):
        return shown, replace(facts, target=math.nan, lower=math.nan, upper=math.nan)
    return shown, facts


def _special(point_type: str, improvement: str) -> str:
    """What a special cause says of the process; '' of any other point."""
    return "" if point_type in COMMON else improvement or "neutral"


def _columns(points: pd.DataFrame, kind: str | None) -> dict[str, Any]:
    """Every column that drawing reads, in order of time; infinite numbers are missing."""
    ordinals = points["ordinal"].to_numpy() if "ordinal" in points else np.arange(len(points))
    order = np.argsort(ordinals, kind="stable")
    found: dict[str, Any] = {"ordinal": ordinals[order], "segment": _segments(points)[order]}
    found |= {name: _numbers(points, name)[order] for name in ("value", "mean", "lpl", "upl")}
    for name in ("period", "point_type", "fired", "improvement", "state", "decision"):
        texts = _texts(points, name)
        found[name] = [texts[at] for at in order]
    found |= {name: _dates(points, name)[order] for name in ("start", "end")}
    found["x"] = _places(found, kind)
    found["rises"] = (
        _numbers(points, "trend_direction")[order] if "trend_direction" in points else _climbs(found["value"])
    )
    return found


def _numbers(points: pd.DataFrame, name: str) -> np.ndarray[Any, Any]:
    if name not in points:
        return np.full(len(points), np.nan)
    numbers = pd.to_numeric(points[name]).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isinf(numbers), np.nan, numbers)


def _texts(points: pd.DataFrame, name: str) -> list[str]:
    if name not in points:
        return [""] * len(points)
    return [str(text) for text in points[name].to_numpy(dtype=object, na_value="")]


def _dates(points: pd.DataFrame, name: str) -> np.ndarray[Any, Any]:
    if name not in points:
        return np.full(len(points), np.datetime64("NaT", "D"))
    return np.asarray(pd.to_datetime(points[name]).to_numpy())


def _segments(points: pd.DataFrame) -> np.ndarray[Any, Any]:
    if "segment" not in points:
        return np.zeros(len(points))
    return points["segment"].ffill().fillna(0).to_numpy(dtype=float)


def _climbs(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """By how much each value exceeds the one before it that is known."""
    is_known = ~np.isnan(values)
    climbs = np.full(len(values), np.nan)
    climbs[is_known] = np.diff(values[is_known], prepend=np.nan)
    return climbs


def _places(columns: dict[str, Any], kind: str | None) -> np.ndarray[Any, Any]:
    """The middle of each period in days since 1970, or its ordinal in steps where the dates are not known."""
    start, end = columns["start"], columns["end"]
    if np.isnat(start).any() or np.isnat(end).any():
        return np.asarray(columns["ordinal"].astype(float) * STEP_DAYS.get(kind or "", YEAR_DAYS))
    return np.asarray((days(start) + days(end) + 1) / 2)


def days(dates: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Dates as days since 1970."""
    return np.asarray((dates - EPOCH) / DAY)


def _step(x: np.ndarray[Any, Any], kind: str | None) -> float:
    apart = np.diff(x)
    if kind not in (None, "window") or not len(apart):
        return STEP_DAYS.get(kind or "", YEAR_DAYS)
    return float(np.median(apart))


def _listed(column: Any) -> list[Any]:
    """A column as a list; days stay days."""
    is_dated = isinstance(column, np.ndarray) and column.dtype.kind == "M"
    return list(column) if is_dated or not isinstance(column, np.ndarray) else column.tolist()
