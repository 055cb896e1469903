"""Both verdicts of a control chart in its corner: a letter in a ring, and the word. After NHS England's Making Data Count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pmf_lib.performance.capability import CODES, SPECIAL
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area
from pmf_lib.workbook.charts.facts import Facts, verdict

HEIGHT = 0.34
"""Inches that a strip of badges takes."""
RING = 19.0
"""Points across a ring."""
SMALL_RING, SMALL_LETTER = 15.0, 7.0
"""Points across a ring, and size of its letter, in a panel of a wall."""
BEFORE = "; it just changed"


@dataclass(frozen=True)
class Badge:
    """One verdict: the letter in its ring, the ring's colour, and the word."""

    letter: str
    words: str
    colour: str


def badges(facts: Facts) -> list[Badge]:
    """The verdicts that a measure has: on change (H or L with an arrow, or a dash), and on its target (P, ? or F)."""
    found = [verdict("variation", facts.variation)] if facts.variation else []
    reach = [verdict("capability", facts.capability)] if facts.capability else []
    asides = ["", BEFORE if facts.variation.startswith(SPECIAL) else ""]
    return [
        Badge(one.letter, one.word + aside, one.mark)
        for one, aside in zip(found + reach, asides[-len(found + reach) :], strict=True)
        if one.letter
    ]


def height(facts: Facts) -> float:
    """Inches that the strip takes; 0 without a verdict."""
    return HEIGHT if badges(facts) else 0.0


def draw_badges(ax: Area, facts: Facts) -> None:
    """Write the strip from left to right in an area measured in points; the last word is shortened to fit."""
    x, middle = RING / 2 + 2, ax.height / 2
    for badge in badges(facts):
        _ring(ax, (x, middle), badge, RING, 8)
        start = x + RING / 2 + 5
        said = look.fitted(badge.words, ax.width - start - 2, look.SMALL, lines=1, weight="bold")
        ax.text(start, middle, said, va="center", fontsize=look.SMALL, fontweight="bold")
        x = start + look.width_of(said, look.SMALL, "bold") + 14 + RING / 2


def draw_rings(ax: Area, x: float, middle: float, facts: Facts) -> float:
    """Draw the letters alone, small, from `x` on; where they end (`x` where there is no verdict)."""
    for badge in badges(facts):
        _ring(ax, (x + SMALL_RING / 2, middle), badge, SMALL_RING, SMALL_LETTER)
        x += SMALL_RING + 4
    return x


def _ring(ax: Area, at: tuple[float, float], badge: Badge, across: float, size: float) -> None:
    ax.plot(
        *([place] for place in at),
        color=badge.colour,
        marker="o",
        markersize=across,
        markerfacecolor=look.WHITE,
        markeredgecolor=badge.colour,
        markeredgewidth=1.8 * across / RING,
    )
    ax.text(*at, badge.letter, ha="center", va="center", fontsize=size, fontweight="bold")


def letters_said(measures: Iterable[Facts]) -> str:
    """What the letters about targets mean, of those that these measures have; '' without one."""
    found = {facts.capability for facts in measures}
    told = [verdict("capability", code) for code in CODES if code in found]
    return " · ".join(f"{one.letter} {one.word}" for one in told if one.letter)
