"""How the points and limits of a control chart are told apart: shape, size and colour, and their words in the key."""

from __future__ import annotations

from collections.abc import Iterator

from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.data import POINT_WORDS
from pmf_lib.workbook.charts.facts import Facts, verdict
from pmf_lib.workbook.charts.track import Point, Track

SIZES = {"improving": 7.0, "worsening": 8.5, "neutral": 6.5}
CODES = {"improving": "improving_high", "worsening": "worsening_high", "neutral": "neither_high"}
DOT = 5.2
CROWDED = 0.65
"""Special causes shrink to this share of their size at most, however close the points are."""
DASHES = (0, (5, 2.5))


def marked(shown: Track, size: float = 1.0, dot: float = DOT) -> Iterator[tuple[Mark, list[Point]]]:
    """The points of each look, ordinary ones (of size `dot`, smaller where they are close) first."""
    groups: dict[tuple[str, bool], list[Point]] = {}
    for point in shown.known:
        groups.setdefault((point.special, point.hollow), []).append(point)
    for (special, hollow), group in sorted(groups.items()):
        yield _mark(special, hollow, size, dot), group


def _mark(special: str, hollow: bool, size: float, dot: float) -> Mark:
    if not special:
        words = "Not yet final" if hollow else ""
        return Mark(words, look.OUTLINE, shape="o", hollow=hollow, size=DOT * size if hollow else dot)
    found = verdict("variation", CODES[special])
    words = f"Point {POINT_WORDS[special]}" + (", not yet final" if hollow else "")
    return Mark(
        words, found.mark, shape=parts.SIGNAL_SHAPES[special], hollow=hollow, size=SIZES[special] * size
    )


def kind(facts: Facts) -> Iterator[Mark]:
    """What is to be said of limits that differ from point to point."""
    words = {
        "p-prime": "Limits follow the numbers behind each result (p′)",
        "u-prime": "Limits follow the numbers behind each result (u′)",
    }
    if facts.is_seasonal:
        yield Mark("Mean and limits follow the season", look.OUTLINE, line=DASHES, width=1.0)
    elif facts.chart in words:
        yield Mark(words[facts.chart], look.OUTLINE, line=DASHES, width=1.0)


def key(shown: Track) -> Iterator[Mark]:
    """The looks that need a word: special causes and results that are not final."""
    return (mark for mark, _ in marked(shown) if mark.words)
