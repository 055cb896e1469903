"""What charts over time have in common: the scale, few period labels, words at the line's end, and a measured key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area
from pmf_lib.workbook.charts.facts import Facts
from pmf_lib.workbook.charts.track import Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIGNAL_SHAPES = {"improving": "s", "worsening": "^", "neutral": "D", "neither": "D", "no_real_change": "o"}
"""Shape of each kind of change, so that none is told by colour alone."""
STATUS_SHAPES = {"circle": "o", "diamond": "D", "triangle": "^", "ring": "o"}
"""Shape names of verdicts.yml as markers."""
LEADER = 9.0
"""Points between a line's end and its words."""
START = 2.0
"""Points from the left edge at which a key begins."""
RIMMED = 4.0
"""Points of this size and more have a white rim; a smaller one would cut its own line into dashes."""
GAP = 1.25
"""Line height of words at a line's end, in sizes of the type."""
EPOCH = datetime(1970, 1, 1)
EVERY = {
    "month": (1, 2, 3, 6, 12, 24, 36, 60, 120),
    "quarter": (1, 2, 4, 8, 12, 20, 40),
    "term": (1, 3, 6, 9, 15),
    "week": (1, 2, 4, 13, 26, 52, 104),
}
FIRST_OF_YEAR = {"month": 3, "quarter": 0, "term": 0, "week": 0}
"""What is left of the ordinal of a year's first period (April, Quarter 1, Autumn)."""


@dataclass(frozen=True)
class End:
    """Words at the right end of a line, and the value that they belong to."""

    value: float
    words: str
    weight: str = "normal"
    colour: str = look.SECOND_TEXT


@dataclass(frozen=True)
class Mark:
    """How one kind of point or line is drawn, and what it is called in the key."""

    words: str
    colour: str
    shape: str = ""
    line: Any = ""
    hollow: bool = False
    size: float = 6.0
    width: float = 1.2

    @property
    def point(self) -> dict[str, Any]:
        """How the point is drawn: a white rim keeps it 3:1 from the line under it."""
        face = look.WHITE if self.hollow else self.colour
        rim = self.colour if self.hollow else look.WHITE
        return {
            "marker": self.shape,
            "markersize": self.size,
            "markerfacecolor": face,
            "markeredgecolor": rim,
            "markeredgewidth": 1.4 if self.hollow else 0.9 * (self.size >= RIMMED),
        }

    def draw(self, ax: Area | Axes, x: Any, y: Any, **more: Any) -> None:
        """Draw points (no line between them) or, without a shape, the line."""
        lines: dict[str, Any] = {
            "color": self.colour,
            "linewidth": self.width,
            "linestyle": self.line or "none",
        }
        ax.plot(x, y, **lines, **(self.point if self.shape else {}), **more)


@dataclass(frozen=True)
class Scale:
    """A value axis: its ends, and the ticks with their words."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    @property
    def width(self) -> float:
        """Points that the widest tick's words take."""
        return max((look.width_of(words, look.BODY) for _, words in self.ticks), default=0.0)


def scale_of(values: Iterable[float], facts: Facts, *, room: float = 0.08) -> Scale:
    """A value axis that holds these values with some room; it need not start at nought, as lines may."""
    known = np.array([value for value in values if math.isfinite(value)] or [0.0])
    low, high = float(known.min()), float(known.max())
    spare = (high - low) * room or max(abs(high) * 0.1, 2 * 10.0**-facts.decimals)
    low, high = low - spare, high + spare
    found = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=facts.decimals == 0).tick_values(low, high)
    places = decimals_of(found)
    ticks = tuple((float(at), facts.number(at, decimals=places)) for at in found if low <= at <= high)
    return Scale(low, high, ticks)


def decimals_of(ticks: Any) -> int:
    """Decimals that tell these ticks apart."""
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else 1.0
    for places in range(7):
        if math.isclose(round(step, places), step, rel_tol=1e-6):
            return places
    return 6


def period_ticks(track: Track, facts: Facts, room: float, size: float) -> list[tuple[float, str]]:
    """Few periods to name under the axis: the first of a year where it can be, the latest for yearly series."""
    if not track.points:
        return []
    names = [facts.period(point.period) for point in track.points]
    widest = max(look.width_of(look.drawable(name), size) for name in names)
    most = max(2, int(room / (widest + 10)))
    keep = _chosen(np.array([point.ordinal for point in track.points]), facts.kind, most)
    shown = zip(track.points, names, keep, strict=True)
    return [(point.x, look.drawable(name)) for point, name, kept in shown if kept]


def _chosen(ordinals: np.ndarray[Any, Any], kind: str | None, most: int) -> np.ndarray[Any, Any]:
    """Which points are named: every so many steps, counted from a year's start, or back from the latest."""
    start = FIRST_OF_YEAR.get(kind or "", ordinals[-1])
    for step in EVERY.get(kind or "", (1, 2, 3, 5, 10, 20, 50, 100, 1000, 10000)):
        keep = (ordinals - start) % step == 0
        if 0 < keep.sum() <= most:
            return np.asarray(keep)
    return np.asarray(ordinals == ordinals[-1])


def year_ticks(first: float, last: float, room: float, size: float) -> list[tuple[float, str]]:
    """Aprils to name under an axis in days, so that series of any frequency share it."""
    widest = look.width_of("Apr 2000", size) + 10
    years = [(EPOCH + timedelta(days=day)).year for day in (first, last)]
    firsts = {year: float((datetime(year, 4, 1) - EPOCH).days) for year in range(years[0], years[1] + 1)}
    aprils = {
        year: day
        for year, day in firsts.items()
        if day <= last and (day - first) * room / (last - first) > widest / 2 - 8
    }
    every = max(1, math.ceil(len(aprils) * widest / room))
    return [(day, f"Apr {year}") for year, day in aprils.items() if (year - years[1]) % every == 0]


def name_unit(figure: Figure, facts: Facts, height: float) -> None:
    """The unit above the value axis, from the picture's left edge; `height` in inches."""
    words = look.fitted(facts.axis_words, look.WIDTH * 72 - 8, look.SMALL, lines=1)
    up = height / figure.get_figheight()
    figure.text(0.02 / look.WIDTH, up, words, fontsize=look.SMALL, color=look.SECOND_TEXT)


def draw_ends(ax: Area, ends: Sequence[End], size: float) -> None:
    """Write words at the right of an area, moved apart where they would overlap."""
    if not ends:
        return
    order = sorted(ends, key=lambda end: end.value)
    true = np.array([ax.point(0, end.value)[1] for end in order])
    placed = spread(true, size * GAP, ax.height)
    for end, at, to in zip(order, true.tolist(), placed.tolist(), strict=True):
        _draw_end(ax, end, (at, to), size)


def _draw_end(ax: Area, end: End, heights: tuple[float, float], size: float) -> None:
    line = [ax.width, ax.width + LEADER * 0.8]
    ax.add(Line2D(line, heights, transform=ax.in_points, color=look.CONTEXT, linewidth=0.6))
    ax.note(
        ax.width + LEADER,
        heights[1],
        look.drawable(end.words),
        va="center",
        fontsize=size,
        fontweight=end.weight,
        color=end.colour,
    )


def spread(places: np.ndarray[Any, Any], gap: float, height: float) -> np.ndarray[Any, Any]:
    """Ordered places moved as little as can be, so that neighbours are at least `gap` apart.

    >>> spread(np.array([10.0, 11.0, 50.0]), 10, 60).tolist()
    [5.5, 15.5, 50.0]
    """
    steps = np.arange(len(places)) * gap
    wanted = places - steps
    evened = [
        max(
            min(wanted[first : last + 1].mean() for last in range(at, len(wanted))) for first in range(at + 1)
        )
        for at in range(len(wanted))
    ]
    top = max(height - steps[-1], 0.0)
    return np.asarray(np.clip(evened, -gap / 2, top) + steps)


def widest_end(ends: Iterable[End], size: float) -> float:
    """Room in points that the words at the lines' ends take."""
    return (
        max((look.width_of(look.drawable(end.words), size, end.weight) for end in ends), default=0) + LEADER
    )


def draw_key(ax: Area, marks: Iterable[Mark], size: float) -> None:
    """Write a key from left to right in an area measured in points, on as many lines as it takes."""
    x, y = START, ax.height - size * 0.75
    for mark in marks:
        name = look.drawable(mark.words)
        if x > START and x + key_width(mark, size) > ax.width:
            x, y = START, y - size * 1.5
        _draw_key_mark(ax, mark, x, y)
        ax.text(x + 19, y, name, va="center_baseline", fontsize=size, color=look.SECOND_TEXT)
        x += key_width(mark, size)


def key_width(mark: Mark, size: float) -> float:
    """Points across that one entry of a key takes."""
    return 19 + look.width_of(look.drawable(mark.words), size) + 14


def key_height(marks: Sequence[Mark], width: float, size: float) -> float:
    """Inches that the key takes in an area of a width in points; 0 without marks."""
    lines, x = (1 if marks else 0), START
    for mark in marks:
        if x > START and x + key_width(mark, size) > width:
            lines, x = lines + 1, START
        x += key_width(mark, size)
    return lines * size * 1.5 / 72


def _draw_key_mark(ax: Area, mark: Mark, x: float, y: float) -> None:
    if mark.line:
        ax.add(
            Line2D(
                [x, x + 14], [y, y], color=mark.colour, linewidth=max(mark.width, 1.2), linestyle=mark.line
            )
        )
    if mark.shape:
        ax.add(Line2D([x + 7], [y], color=mark.colour, linestyle="none", **mark.point))
