"""Lines of text as outlines of a font: the glyphs, where each stands, and how much room the line takes.

A text keeps its shape at every size, so each is laid out once, at 100 points, and scaled where it is drawn.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

SIZE = 100.0
"""Points at which a text is laid out."""
UNITS = 64.0
"""Parts of a point in which fonts count."""
KEPT = 8192
"""Lines of text that are remembered; labels come back from picture to picture."""
STEPS = {Path.MOVETO: ("M", 1), Path.LINETO: ("L", 1), Path.CURVE3: ("Q", 2), Path.CURVE4: ("C", 3)}
"""Kind of a path's step → its letter in SVG, and how many points it takes."""
CLOSE = Path.CLOSEPOLY


class Extent(NamedTuple):
    """The room that a line of text takes at `SIZE`, in points."""

    width: float
    height: float
    descent: float


class Line(NamedTuple):
    """A line of text at `SIZE` in SVG: where it ``uses`` glyphs, and their names and outlines."""

    uses: str
    glyphs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=KEPT)
def extent(text: str, file: str) -> Extent:
    """The room that a text without line breaks takes in the font of a file."""
    font = _font(file)
    font.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    width, height = font.get_width_height()
    return Extent(width / UNITS, height / UNITS, font.get_descent() / UNITS)


@lru_cache(maxsize=KEPT)
def line(text: str, file: str) -> Line:
    """A text without line breaks, laid out in the font of a file."""
    shapes, outlines = _shapes(file)
    placed, more, _ = text_to_path.get_glyphs_with_font(
        _font(file), text, glyph_map=outlines, return_new_glyphs_only=True
    )
    outlines |= more
    shapes |= {name: outline(points * UNITS, codes) for name, (points, codes) in more.items()}
    uses = "".join(f'<use xlink:href="#{name}"{_at("x", x)}{_at("y", y)}/>' for name, x, y, _ in placed)
    return Line(uses, tuple((name, shapes[name]) for name in dict.fromkeys(one[0] for one in placed)))


def _font(file: str) -> FT2Font:
    font = get_font(file)
    font.set_size(SIZE, 72)
    return font


@lru_cache(maxsize=8)
def _shapes(file: str) -> tuple[dict[str, str], dict[str, Any]]:
    """A font's glyphs by their names as far as they were needed: in SVG, and as points and codes."""
    return {}, {}


def _at(name: str, value: float) -> str:
    return f' {name}="{value:.6g}"' if value else ""


def outline(points: np.ndarray[Any, Any], codes: Any = None, decimals: int = 0) -> str:
    """A path's points, and the codes of its steps (without them a line), as SVG writes them.

    >>> outline(np.array([[0, 0], [10, 0], [10, 5.26], [0, 0]]), np.array([1, 2, 2, 79]), 1)
    'M0 0L10 0L10 5.3z'
    """
    places = (np.round(points, decimals) + 0.0).tolist()
    kinds = [1, *[2] * (len(places) - 1)] if codes is None else codes.tolist()
    said, left = [], 0
    for (x, y), kind in zip(places, kinds, strict=True):
        letter, takes = STEPS.get(kind, ("", 1))
        if letter:
            said.append(f"{' ' if left else letter}{x:.8g} {y:.8g}")
            left = (left or takes) - 1
        elif kind == CLOSE:
            said.append("z")
    return "".join(said)
