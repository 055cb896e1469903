"""Places of a picture to draw in: a rectangle with a linear scale that is fixed before anything is drawn.

An `Area` holds matplotlib's own lines, texts and shapes, and speaks of them as matplotlib's Axes does. It has no
locators, formatters or layout to work out: ticks stand where they are put.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from pmf_lib.workbook.charts import look

TICK, PAD = 3.5, 3.5
"""Points that a tick is long, and between it and its words."""
GRID_ORDER, FRAME_ORDER = 0.5, 2.5
Limits = tuple[float, float]


class Area(Artist):
    """A rectangle of a figure, ``width`` by ``height`` points, that shows values from ``xlim`` and ``ylim``.

    ``in_points`` places things in points from its lower left corner, also outside of it.
    """

    def __init__(self, figure: Figure, box: Sequence[float], xlim: Limits, ylim: Limits) -> None:
        super().__init__()
        self.page = figure
        left, bottom, self.width, self.height = box
        self.xlim, self.ylim = (float(xlim[0]), float(xlim[1])), (float(ylim[0]), float(ylim[1]))
        self.parts: list[Artist] = []
        self.lines: list[Line2D] = []
        self.tick_words: list[str] = []
        inches = Affine2D().translate(left, bottom).scale(1 / 72)
        self.in_points = inches + figure.dpi_scale_trans
        self.in_values = Affine2D(self._matrix()) + self.in_points
        self.edge = TransformedBbox(Bbox.from_bounds(0, 0, self.width, self.height), self.in_points)
        figure.add_artist(self)

    def _matrix(self) -> np.ndarray[Any, Any]:
        """From values to points."""
        (left, right), (low, high) = self.xlim, self.ylim
        across, up = self.width / (right - left), self.height / (high - low)
        return np.array([[across, 0, -left * across], [0, up, -low * up], [0, 0, 1]])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where values lie, in points from the lower left corner."""
        across, up, _ = (self._matrix() @ (x, y, 1)).tolist()
        return across, up

    def get_children(self) -> list[Artist]:
        """Everything that it holds."""
        return self.parts

    def draw(self, renderer: Any) -> None:
        """Draw what it holds, from back to front."""
        for part in sorted(self.parts, key=lambda held: held.zorder):
            part.draw(renderer)
        self.stale = False

    def get_lines(self) -> list[Line2D]:
        """What was plotted, without frame, grid and ticks."""
        return self.lines

    def add(self, part: Artist, *, clip_on: bool = False) -> None:
        """Hold a line, text or shape; it is in values unless it says otherwise."""
        part.set_figure(self.page)
        if not part.is_transform_set():
            part.set_transform(self.in_values)
        if clip_on:
            part.set_clip_box(self.edge)
        self.parts.append(part)

    def plot(self, x: Any, y: Any, *, clip_on: bool = True, **look: Any) -> None:
        """A line, or its points."""
        line = Line2D(np.asarray(x, dtype=float), np.asarray(y, dtype=float), **look)
        self.add(line, clip_on=clip_on)
        self.lines.append(line)

    def hlines(self, y: float, left: float, right: float, **look: Any) -> None:
        """A level line."""
        self.plot([left, right], [y, y], clip_on=False, **look)

    def vlines(self, x: float, low: float, high: float, **look: Any) -> None:
        """An upright line."""
        self.plot([x, x], [low, high], clip_on=False, **look)

    def fill_between(self, x: Any, low: Any, high: Any, **look: Any) -> None:
        """A band; it ends where a value is missing."""
        sides = np.stack(np.broadcast_arrays(np.asarray(x, dtype=float), low, high), axis=1)
        is_known = np.isfinite(sides).all(axis=1)
        begins = np.flatnonzero(np.diff(is_known)) + 1
        for part in np.split(sides, begins)[0 if is_known[:1].any() else 1 :: 2]:
            rim = [*part[:, [0, 1]], *part[::-1, [0, 2]]]
            self.add(Polygon(rim, closed=True, **look), clip_on=True)

    def text(self, x: float, y: float, said: str, **look: Any) -> None:
        """Words, placed in values."""
        self.add(Text(x, y, said, **look))

    def note(self, x: float, y: float, said: str, **look: Any) -> None:
        """Words, placed in points from the lower left corner."""
        self.add(Text(x, y, said, transform=self.in_points, **look))

    def name_across(self, ticks: Sequence[tuple[float, str]], size: float) -> None:
        """Draw the foot of the area with ticks and their words under it."""
        foot = {"solid_capstyle": "projecting", "zorder": FRAME_ORDER}
        self._rule([0, self.width], [0, 0], color=look.OUTLINE, **foot)
        places = [self.point(x, 0)[0] for x, _ in ticks]
        how = {"marker": TICKDOWN, "markersize": TICK, "markeredgewidth": 0.8, "linestyle": "none"}
        self._rule(places, [0] * len(places), color=look.OUTLINE, zorder=GRID_ORDER, **how)
        for at, (_, said) in zip(places, ticks, strict=True):
            self.note(at, -TICK - PAD, said, ha="center", va="top", fontsize=size, color=look.SECOND_TEXT)
        self.tick_words = [said for _, said in ticks]

    def name_up(self, ticks: Sequence[tuple[float, str]], size: float) -> None:
        """Draw a pale line at each tick, with its words at the left."""
        for y, said in ticks:
            up = self.point(0, y)[1]
            self._rule([0, self.width], [up, up], color=look.PALE, zorder=GRID_ORDER)
            self.note(-PAD, up, said, ha="right", va="center_baseline", fontsize=size, color=look.SECOND_TEXT)

    def _rule(self, x: Sequence[float], y: Sequence[float], **look: Any) -> None:
        self.add(Line2D(x, y, linewidth=0.8, transform=self.in_points, **look))


def area(
    figure: Figure, left: float, bottom: float, width: float, height: float, *, xlim: Limits, ylim: Limits
) -> Area:
    """A place for values, in inches from the picture's lower left corner."""
    return Area(figure, [side * 72 for side in (left, bottom, width, height)], xlim, ylim)


def blank_area(figure: Figure, left: float, bottom: float, width: float, height: float) -> Area:
    """A place whose values are points, for marks and words at measured places; its sides are given in inches."""
    across, up = max(width, 0.01) * 72, max(height, 0.01) * 72
    return Area(figure, (left * 72, bottom * 72, across, up), (0, across), (0, up))
