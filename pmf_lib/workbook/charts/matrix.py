"""Counts in cells: markers by state, and variation by capability. Colour only underlines a number that is printed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pmf_lib.performance.capability import CODES as CAPABILITIES
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.data import VARIATION_GROUPS, grid_cells, group_word, node_label, shown_states
from pmf_lib.workbook.charts.facts import verdict

LABELS, TOTAL = 2.75, 0.75
"""Inches across for the markers' words and for the column of all measures."""
ROW = 0.36
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
def state_matrix(card: pd.DataFrame) -> Figure:
    """Markers in framework order by the states of their measures, with the count printed in each cell.

    Parameters
    ----------
    card
        One row per node: node, title, n_measures and one column of counts per state. A state that no measure is in
        gets no column, except met, near and missed.
    """
    states = shown_states(card)
    if card.empty or not states:
        return look.nothing("The framework has no markers to show.")
    import seaborn as sns

    counts = card[states].to_numpy(dtype=int)
    heads, turned = _head_words(states, (look.WIDTH - LABELS - TOTAL) / len(states) * 72 - 4)
    head = 0.36 + max(look.width_of(words, look.SMALL) if turned else 30 for words in heads) / 72
    figure = look.sheet(ROW * len(card) + head)
    ax = look.area(figure, LABELS, 0.02, look.WIDTH - LABELS - TOTAL, ROW * len(card) - 0.02)
    colours, steps = _steps(int(counts.max()))
    sns.heatmap(
        counts,
        ax=ax,
        mask=counts == 0,
        cmap=colours,
        norm=steps,
        vmin=0,
        vmax=1,
        annot=counts,
        fmt="d",
        annot_kws={"fontsize": look.BODY, "fontweight": "bold"},
        cbar=False,
        xticklabels=False,
        yticklabels=False,
    )
    for number in ax.texts:
        number.set_color(look.TEXT if steps(int(number.get_text())) == 0 else look.WHITE)
    _border(ax, counts)
    sides = look.blank_area(figure, 0, 0, look.WIDTH, ROW * len(card) + head)
    _name_rows(sides, card)
    _name_columns(sides, states, (heads, turned), ROW * len(card) * 72)
    return figure


def _steps(most: int) -> tuple[ListedColormap, BoundaryNorm]:
    """At most three colours for few to many: thirds of the largest count."""
    edges = sorted({0.5, math.ceil(most / 3) + 0.5, math.ceil(2 * most / 3) + 0.5, max(most, 1) + 0.5})
    colours = ListedColormap(look.SEQUENTIAL[: len(edges) - 1])
    return colours, BoundaryNorm(edges, len(edges) - 1)


def _border(ax: Axes, counts: Any) -> None:
    """A white gap and a dark rim around each cell that counts something, so that pale cells stand out on white."""
    width, height = parts.extent(ax)
    gap = np.array([2.2 * counts.shape[1] / width, 2.2 * counts.shape[0] / height])
    for inset, colour, line in ((0.0, look.WHITE, 4.4), (1.0, look.SEQUENTIAL[-1], 0.8)):
        across, up = 1 - 2 * gap * inset
        for row, column in np.argwhere(counts > 0):
            corner = (column + gap[0] * inset, row + gap[1] * inset)
            ax.add_patch(
                Rectangle(
                    corner, across, up, fill=False, edgecolor=colour, linewidth=line, zorder=2 + inset / 10
                )
            )


def _head_words(states: list[str], width: float) -> tuple[list[str], bool]:
    """The states' words over their columns; all turned upright where a word is wider than a column."""
    heads = [verdict("status", state).word for state in states]
    parts_of = [part for words in heads for part in words.split(" ")]
    if max(look.width_of(part, look.SMALL) for part in parts_of) > width:
        return heads, True
    return [look.fitted(words, width, look.SMALL) for words in heads], False


def _name_rows(ax: Axes, card: pd.DataFrame) -> None:
    labels = [node_label(node, title) for node, title in zip(card["node"], card["title"], strict=True)]
    for at, (words, n_measures) in enumerate(zip(labels, card["n_measures"], strict=True)):
        middle = (len(card) - at - 0.5) * ROW * 72
        label = look.fitted(words, LABELS * 72 - 14, look.SMALL)
        ax.text(2, middle, label, va="center", fontsize=look.SMALL, linespacing=1.12)
        total = f"{n_measures:,}" if n_measures else "none"
        ax.text((look.WIDTH - TOTAL / 2) * 72, middle, total, ha="center", va="center", fontsize=look.BODY)
        line = middle + ROW * 36
        ax.plot([0, look.WIDTH * 72], [line, line], color=look.PALE, linewidth=0.8)


def _name_columns(ax: Axes, states: list[str], heads: tuple[list[str], bool], bottom: float) -> None:
    width = (look.WIDTH - LABELS - TOTAL) * 72 / len(states)
    for at, (state, words) in enumerate(zip(states, heads[0], strict=True)):
        found = verdict("status", state)
        x = LABELS * 72 + (at + 0.5) * width
        mark = Mark(
            "",
            found.mark,
            shape=parts.STATUS_SHAPES[found.shape or "ring"],
            hollow=found.shape == "ring",
            size=6.5,
        )
        mark.draw(ax, [x], [bottom + 7])
        ax.text(
            x,
            bottom + 15,
            words,
            rotation=90 if heads[1] else 0,
            ha="center",
            va="bottom",
            fontsize=look.SMALL,
            color=look.SECOND_TEXT,
        )
    ax.text(
        (look.WIDTH - TOTAL / 2) * 72,
        bottom + 15,
        "All\nmeasures",
        ha="center",
        va="bottom",
        fontsize=look.SMALL,
        color=look.SECOND_TEXT,
    )


@look.style()
def variation_capability_grid(rated: pd.DataFrame) -> Figure:
    """How many measures are improving or worsening, by whether their target can be met; few are named.

    A reach that no measure has gets no column. A cell that asks for something (worsening, neither better nor worse, out
    of reach) names its first measures; any other names them only where it can name all.

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
    widths = _widths(cells, rows, columns)
    edges = GRID_LABELS + np.cumsum([0.0, *widths])
    filled = {
        (group, code): _cell_words(cells, group, code, width * 72 - 14)
        for group in rows
        for code, width in zip(columns, widths, strict=True)
    }
    heights = [
        GRID_ROW + GRID_LINE * max(_lines(filled[group, code][1]) for code in columns) for group in rows
    ]
    heads = [_capability_words(code, width * 72 - 10) for code, width in zip(columns, widths, strict=True)]
    head = 0.3 + GRID_LINE * max(_lines(words) for words in heads)
    figure = look.sheet(sum(heights) + head)
    ax = look.blank_area(figure, 0, 0, look.WIDTH, sum(heights) + head)
    _draw_heads(ax, heads, edges, sum(heights))
    tops = np.cumsum([0.0, *heights])
    for at, group in enumerate(rows):
        top = (sum(heights) - tops[at]) * 72
        _draw_row_head(ax, group, top, heights[at] * 72)
        for left, width, code in zip(edges, widths, columns, strict=False):
            _draw_cell(ax, (left * 72, top), (width * 72, heights[at] * 72), filled[group, code])
    return figure


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


def _draw_heads(ax: Axes, heads: list[str], edges: np.ndarray[Any, Any], bottom: float) -> None:
    top = ax.get_ylim()[1] - 2
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


def _draw_row_head(ax: Axes, group: str, top: float, height: float) -> None:
    words = look.fitted(group_word(group), GRID_LABELS * 72 - 22, look.SMALL, weight="bold", lines=3)
    mark = parts.SIGNAL_SHAPES.get(group)
    if mark:
        found = verdict("variation", VARIATION_GROUPS[group][0])
        Mark("", found.mark, shape=mark, size=7.5).draw(ax, [8], [top - 15])
    ax.text(18, top - 9, words, va="top", fontsize=look.SMALL, fontweight="bold", linespacing=1.15)


def _draw_cell(
    ax: Axes, corner: tuple[float, float], size: tuple[float, float], cell: tuple[int, Any]
) -> None:
    (left, top), (width, height), (count, names) = corner, size, cell
    fill = look.PALE if count else look.WHITE
    ax.add_patch(
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
