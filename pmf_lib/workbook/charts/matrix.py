"""Counts in cells: variation by capability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pmf_lib.performance.capability import CODES as CAPABILITIES
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.data import VARIATION_GROUPS, grid_cells, group_word
from pmf_lib.workbook.charts.facts import verdict

ALWAYS = ("improving", "no_real_change", "worsening")
GRID_LABELS, GRID_ROW, GRID_LINE = 1.3, 0.42, 0.145
TITLES = 4
"""Measures that a cell of the grid names; a cell that asks for nothing names all or none."""
ASKING = ("worsening", "neither", "not_expected")
"""Rows and the column of the grid whose measures ask for something."""
HINTED = 0.96
"""Share of a cell's width that long lines may take: on a screen they come out a little wider than measured."""
NARROW = 0.55
"""Width of a column that only counts, as a share of one that names."""


@look.style()
def variation_capability_grid(rated: pd.DataFrame) -> Figure:
    """How many measures are improving or worsening, by whether their target can be met; few are named.

    A reach that no measure has gets no column. A cell that asks for something (worsening, neither better nor worse, not
    expected to meet the target) names its first measures; any other names them only where it can name all.

    Parameters
    ----------
    rated
        Rated measures in the order in which a cell should name them.
    """
    cells = grid_cells(rated)
    if cells.empty:
        return look.nothing("No measure has both a variation and a capability.")
    found = set(cells["variation_group"])
    rows = [group for group in VARIATION_GROUPS if group in ALWAYS or group in found]
    columns = [code for code in CAPABILITIES if (cells["capability"] == code).any()]
    widths = dict(zip(columns, _widths(cells, rows, columns), strict=True))
    filled = _filled(cells, rows, widths)
    heights = [
        GRID_ROW + GRID_LINE * max(_lines(filled[group, code][1]) for code in columns) for group in rows
    ]
    heads = [_capability_words(code, width * 72 - 10) for code, width in widths.items()]
    head = 0.3 + GRID_LINE * max(_lines(words) for words in heads)
    figure = look.sheet(sum(heights) + head)
    ax = blank_area(figure, 0, 0, look.WIDTH, sum(heights) + head)
    edges = GRID_LABELS + np.cumsum([0.0, *widths.values()])
    _draw_heads(ax, heads, edges, sum(heights))
    tops = np.cumsum([0.0, *heights])
    for at, group in enumerate(rows):
        top = (sum(heights) - tops[at]) * 72
        _draw_row_head(ax, group, top, heights[at] * 72)
        for left, (code, width) in zip(edges, widths.items(), strict=False):
            _draw_cell(ax, (left * 72, top), (width * 72, heights[at] * 72), filled[group, code])
    return figure


def _filled(
    cells: pd.DataFrame, rows: list[str], widths: dict[str, float]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Group and capability → what its cell says."""
    return {
        (group, code): _cell_words(cells, group, code, width * 72 - 14)
        for group in rows
        for code, width in widths.items()
    }


def _widths(cells: pd.DataFrame, rows: list[str], columns: list[str]) -> list[float]:
    """Inches of each column: one whose cells name no measure is narrow."""
    shares = [1.0 if any(len(_named(cells, group, code)) for group in rows) else NARROW for code in columns]
    return [share * (look.WIDTH - GRID_LABELS) / sum(shares) for share in shares]


def _named(cells: pd.DataFrame, group: str, code: str) -> pd.Series[str]:
    """The measures that a cell names."""
    titles = cells.loc[(cells["variation_group"] == group) & (cells["capability"] == code), "title"]
    asks = group in ASKING or code in ASKING
    return titles[:TITLES] if asks or len(titles) <= TITLES else titles[:0]


def _cell_words(cells: pd.DataFrame, group: str, code: str, width: float) -> tuple[int, str]:
    """How many measures a cell holds, and the names of those that it names."""
    count = int(((cells["variation_group"] == group) & (cells["capability"] == code)).sum())
    titles = _named(cells, group, code)
    fitted = [look.fitted(title, HINTED * (width - 8), look.SMALL, lines=4) for title in titles]
    named = ["• " + title.replace("\n", "\n   ") for title in fitted]
    more = count - len(named)
    return count, "\n".join(named + ([f"and {more:,} more"] if named and more else []))


def _lines(words: str) -> int:
    return len(words.split("\n")) if words else 0


def _capability_words(code: str, width: float) -> str:
    found = verdict("capability", code)
    return look.fitted(f"{found.letter}  {found.word}".strip(), width, look.SMALL, lines=5, weight="bold")


def _draw_heads(ax: Area, heads: list[str], edges: np.ndarray[Any, Any], bottom: float) -> None:
    top = ax.height - 2
    ax.text(
        GRID_LABELS * 72 + 6,
        top,
        "Can the target be met?",
        va="top",
        fontsize=look.SMALL,
        color=look.SECOND_TEXT,
    )
    ax.text(2, bottom * 72 + 5, "Change", va="bottom", fontsize=look.SMALL, color=look.SECOND_TEXT)
    for left, words in zip(edges, heads, strict=False):
        ax.text(
            left * 72 + 6,
            bottom * 72 + 5,
            words,
            va="bottom",
            fontsize=look.SMALL,
            fontweight="bold",
            linespacing=1.15,
        )


def _draw_row_head(ax: Area, group: str, top: float, height: float) -> None:
    words = look.fitted(group_word(group), GRID_LABELS * 72 - 22, look.SMALL, weight="bold", lines=3)
    mark = parts.SIGNAL_SHAPES.get(group)
    if mark:
        found = verdict("variation", VARIATION_GROUPS[group][0])
        Mark("", found.mark, shape=mark, size=7.5).draw(ax, [8], [top - 15])
    ax.text(18, top - 9, words, va="top", fontsize=look.SMALL, fontweight="bold", linespacing=1.15)


def _draw_cell(
    ax: Area, corner: tuple[float, float], size: tuple[float, float], cell: tuple[int, Any]
) -> None:
    (left, top), (width, height), (count, names) = corner, size, cell
    fill = look.PALE if count else look.WHITE
    ax.add(
        Rectangle(
            (left + 2, top - height + 2),
            width - 4,
            height - 4,
            facecolor=fill,
            edgecolor=look.CONTEXT,
            linewidth=0.8,
        )
    )
    if count:
        ax.text(left + 7, top - 7, f"{count:,}", va="top", fontsize=15, fontweight="bold")
        ax.text(left + 7, top - 27, names, va="top", fontsize=look.SMALL, linespacing=1.15)
