"""How far arrangements are lived: groups of clauses by units, with the word and its counts printed in each cell."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pmf_lib.verdicts import Verdict
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.facts import verdict, words_in_force
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import SHAPES

LABELS, ROW, HEAD_LINE = 1.2, 0.28, 0.14
"""Inches: across for the groups' names, down for a row, down for a line of a unit's name."""
HEAD_LINES = 3
NOTE = 7.5
"""Points: the size of a note under its word."""
KIND = "embedding"


@look.style()
def level_matrix(cells: pd.DataFrame) -> Figure:
    """Groups down, units across: each cell says its level in a word, over a note of what it rests on.

    Parameters
    ----------
    cells
        One row per group and unit, in the order in which they are drawn: group, unit, level (a verdict of the kind
        ``embedding``; empty where nothing is asked) and note.
    """
    if cells.empty:
        return look.nothing("The framework has no clauses to show.")
    groups, units = list(dict.fromkeys(cells["group"])), list(dict.fromkeys(cells["unit"]))
    width = (look.WIDTH - LABELS) / len(units) * 72
    size = _size(units, width - 2)
    heads = [look.fitted(unit, width - 2, size, lines=HEAD_LINES) for unit in units]
    head = 0.08 + HEAD_LINE * max(words.count("\n") + 1 for words in heads)
    height = ROW * len(groups) + head
    figure = look.sheet(height)
    ax = blank_area(figure, 0, 0, look.WIDTH, height)
    for at, name in enumerate(heads):
        _words(ax, (LABELS * 72 + at * width + 2, ROW * len(groups) * 72 + 4), name, va="bottom", size=size)
    for row, group in enumerate(groups):
        top = (len(groups) - row) * ROW * 72
        label = look.fitted(words.sentence(group), LABELS * 72 - 10, look.SMALL, weight="bold")
        _words(ax, (2, top - ROW * 36), label, va="center", weight="bold")
    for cell in cells.itertuples():
        row, column = groups.index(cell.group), units.index(cell.unit)
        box = look.Box(LABELS * 72 + column * width, (len(groups) - row) * ROW * 72, width, ROW * 72)
        _draw(ax, box, str(cell.level), str(cell.note))
    return figure


def _words(
    ax: Area,
    place: tuple[float, float],
    text: str,
    *,
    va: str,
    weight: str = "normal",
    size: float = look.SMALL,
) -> None:
    ax.text(*place, text, va=va, fontsize=size, fontweight=weight, linespacing=1.12)


def _size(names: list[str], width: float) -> float:
    """The size of these names' letters: smaller where a word would be cut in a column of so many points."""
    parts = [part for name in names for part in look.drawable(name).split()]
    return look.SMALL if all(look.width_of(part, look.SMALL) <= width for part in parts) else NOTE


def _draw(ax: Area, box: look.Box, level: str, note: str) -> None:
    """A cell in its level's tag colours; one of which nothing is asked has a word and no box."""
    middle, centre = box.left + box.width / 2, box.top - box.height / 2
    if not level:
        ax.text(middle, centre, note, ha="center", va="center", fontsize=look.SMALL, color=look.CONTEXT)
        return
    found = verdict(KIND, level)
    _fill(ax, box, found)
    word = f"{SHAPES[found.shape]}{found.letter} {found.word}".strip()
    at: dict[str, Any] = {"ha": "center", "va": "center", "color": found.text}
    ax.text(middle, centre + (4.3 if note else 0), word, fontsize=look.SMALL, fontweight="bold", **at)
    shown = look.fitted(note, box.width - 8, NOTE, lines=1)
    ax.text(middle, centre - 5.6, shown, fontsize=NOTE, **at)


def _fill(ax: Area, box: look.Box, found: Verdict) -> None:
    """A box in the colours of a verdict."""
    ax.add(
        Rectangle(
            (box.left + 1, box.top - box.height + 1),
            box.width - 2,
            box.height - 2,
            facecolor=found.background,
            edgecolor=found.mark,
            linewidth=0.8,
        )
    )


def alt_levels(cells: pd.DataFrame) -> str:
    """A level matrix in words: how many cells stand at each level, then each unit's groups that are not lived."""
    asked = cells[cells["level"] != ""]
    if asked.empty:
        return "No group of clauses is asked of any unit."
    order = words_in_force().codes(KIND)
    counts = asked["level"].value_counts().reindex(order).dropna().astype(int)
    listed = words.listing(
        f"{count} {verdict(KIND, str(code)).word.lower()}" for code, count in counts.items()
    )
    groups, units = asked["group"].nunique(), asked["unit"].nunique()
    said = f"{words.counted(groups, 'group')} of clauses in {words.counted(units, 'unit')}: {listed}."
    bad = asked[asked["level"] == "not_lived"]
    named = "; ".join(f"{group} in {unit}" for group, unit in zip(bad["group"], bad["unit"], strict=True))
    return f"{said} {verdict(KIND, 'not_lived').word}: {named}." if named else said


def data_levels(cells: pd.DataFrame) -> pd.DataFrame:
    """The table behind a level matrix: one row per group, one column per unit, each cell in words."""
    said = [
        ", ".join(part for part in (verdict(KIND, level).word if level else "", note) if part)
        for level, note in zip(cells["level"], cells["note"], strict=True)
    ]
    wide = cells.assign(said=said, group=cells["group"].map(words.sentence)).pivot_table(
        index="group", columns="unit", values="said", aggfunc="first", sort=False
    )
    ordered = wide[list(dict.fromkeys(cells["unit"]))]
    return ordered.rename_axis(index="What is asked", columns=None).reset_index()
