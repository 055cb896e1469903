"""How every picture looks: tokens, the style as a context, fixed places, and text that is safe to draw.

The style is never global state: a drawing function is wrapped in ``style()``, which starts from matplotlib's own
defaults, so that neither a user's settings nor ``seaborn.set_theme()`` changes a picture.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from pmf_lib.workbook.pieces import letters

TEXT = "#0b0c0c"
SECOND_TEXT = "#383F43"
CONTEXT = "#6F777B"
OUTLINE = "#505A5F"
PALE = "#EEEFEF"
BAND = "#DDE0E2"
"""Ground of a range, behind what is drawn."""
WHITE = "#FFFFFF"
SERIES = ("#12436D", "#28A197", "#801650", "#F46A25")
"""Series in the Government Analysis Function's order, at most four in a picture."""
SEQUENTIAL = ("#6BACE6", "#2073BC", "#12436D")
"""Few to many; always with borders, since the first is under 3:1 on white."""

FONT = "DejaVu Sans"
BODY, SMALL = 9.5, 8.5
"""Sizes in points; pictures are as wide as an A4 column, so they print at these sizes."""
WIDTH = 6.7
"""Inches: A4 less two margins of 20 mm."""
LONGEST = 400
"""Signs of a text that are looked at before it is fitted into its place."""
UNKNOWN_GLYPH = "□"
ELLIPSIS = "…"

SEABORN_BARS: Mapping[str, Any] = MappingProxyType({"saturation": 1})
"""What every seaborn bar is drawn with: the default of 0.75 takes the palette under 3:1."""

RC: Mapping[str, Any] = MappingProxyType(
    {
        "font.family": [FONT],
        "font.size": BODY,
        "text.color": TEXT,
        "text.parse_math": False,
        "axes.labelsize": BODY,
        "axes.labelcolor": SECOND_TEXT,
        "axes.edgecolor": OUTLINE,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": PALE,
        "grid.linewidth": 0.8,
        "xtick.color": OUTLINE,
        "xtick.labelcolor": SECOND_TEXT,
        "xtick.labelsize": BODY,
        "ytick.color": OUTLINE,
        "ytick.labelcolor": SECOND_TEXT,
        "ytick.labelsize": BODY,
        "ytick.major.size": 0,
        "lines.solid_capstyle": "butt",
        "figure.dpi": 100,
        "figure.facecolor": WHITE,
        "axes.facecolor": WHITE,
        "savefig.dpi": 150,
        "savefig.facecolor": WHITE,
        "savefig.bbox": None,
        "svg.fonttype": "path",
        "svg.hashsalt": "pmf",
    }
)


class Box(NamedTuple):
    """A cell's place, in points."""

    left: float
    top: float
    width: float
    height: float


@contextmanager
def style() -> Iterator[None]:
    """The style of every picture, for the time of a ``with`` or, as ``@style()``, of one function."""
    with matplotlib.style.context(dict(RC), after_reset=True):
        yield


def sheet(height: float, width: float = WIDTH) -> Figure:
    """An empty picture of this size in inches, outside pyplot, so that none is ever left open."""
    return Figure(figsize=(width, height))


def axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes for seaborn at a fixed place of the picture, in inches from its lower left corner."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up))


@style()
def nothing(words: str) -> Figure:
    """A picture that has nothing to show and says why."""
    figure = sheet(0.8)
    lines = fitted(words, (WIDTH - 0.4) * 72, BODY, lines=3)
    figure.text(0.2 / WIDTH, 0.5, lines, va="center", color=SECOND_TEXT)
    return figure


def drawable(text: object) -> str:
    """The text on one line with only what the bundled font can draw; other signs become ``□``.

    >>> drawable("Waits   over $5 & <b>")
    'Waits over $5 & <b>'
    >>> drawable("Bins" + chr(0x1F6B2) + chr(0x200D) + chr(7))
    'Bins□'
    """
    known = _glyphs()
    line = "".join(
        sign if ord(sign) in known else UNKNOWN_GLYPH
        for sign in " ".join(str(text).split())
        if not unicodedata.category(sign).startswith("C") and not "\ufe00" <= sign <= "\ufe0f"
    )
    return line.strip()


def width_of(text: str, size: float, weight: str = "normal") -> float:
    """How wide a drawable text is, in points."""
    return letters.extent(text, _font_file(weight)).width * size / letters.SIZE


def fitted(text: object, width: float, size: float, *, lines: int = 2, weight: str = "normal") -> str:
    """The text broken into at most so many lines of a width in points; what does not fit ends in ``…``."""
    whole = drawable(text)[:LONGEST]
    if width_of(whole, size, weight) <= width:
        return whole.strip()
    rows: list[str] = [""]
    for word in whole.split(" "):
        for piece in _pieces(word, width, size, weight):
            longer = f"{rows[-1]} {piece}".strip()
            if width_of(longer, size, weight) <= width:
                rows[-1] = longer
            else:
                rows.append(piece)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _shortened(rows[lines - 1], width, size, weight)]
    return "\n".join(rows)


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    """A word, cut where it is wider than a line; a cut between letters has a hyphen."""
    if width_of(word, size, weight) <= width:
        return [word]
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(f"{pieces[-1]}{sign}-", size, weight) > width:
            pieces[-1] += "-" if pieces[-1][-1].isalpha() and sign.isalpha() else ""
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _shortened(line: str, width: float, size: float, weight: str) -> str:
    """A line with an ellipsis, cut after a word where that leaves most of it."""
    cut = line
    while cut and width_of(cut + ELLIPSIS, size, weight) > width:
        cut = cut[:-1]
    whole = cut.rpartition(" ")[0]
    if cut != line and line[len(cut)] != " " and len(whole) > 0.6 * len(cut):
        cut = whole
    return cut.rstrip(" ,;:") + ELLIPSIS


@lru_cache(maxsize=4)
def _font_file(weight: str) -> str:
    return findfont(FontProperties(family=FONT, weight=weight))


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Code points that both weights of the font can draw."""
    normal, bold = (get_font(_font_file(weight)).get_charmap() for weight in ("normal", "bold"))
    return frozenset(normal) & frozenset(bold)
