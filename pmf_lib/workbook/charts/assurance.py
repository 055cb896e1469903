"""Who assures what: areas by lines, each cell with how much assurance there is, what it concluded, and how old it is."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pmf_lib.assurance.lines.rules import RANK
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.facts import verdict
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import SHAPES

LABELS, ROW, TALL, HEAD = 1.36, 0.5, 0.62, 0.22
"""Inches: across for the areas' names, down for a row, for one with three lines under a word, and for the heads."""
NOTE, NOTE_LINE = 7.0, 8.6
"""Points: the size of what stands under a cell's word, and down for a line of it."""
KIND = "amount"
LABEL_LINES = 3
CONTEXT = ("Asks for", "Comes to")
"""Columns that no line gives: what the area asks for, and what all lines come to."""


@look.style()
def assurance_grid(cells: pd.DataFrame) -> Figure:
    """Areas down, lines across: each cell says how much in a word, and under it what was concluded and how old it is.

    Parameters
    ----------
    cells
        One row per area and column, in the order in which they are drawn: area, column, code (a verdict of the kind
        ``amount``), said (what was concluded) and note (reach and age).
    """
    if cells.empty:
        return look.nothing("There is no area to show.")
    areas, columns = list(dict.fromkeys(cells["area"])), list(dict.fromkeys(cells["column"]))
    width = (look.WIDTH - LABELS) / len(columns) * 72
    notes = [_under([str(cell.said), str(cell.note)], width) for cell in cells.itertuples()]
    rows = _heights(cells["area"], notes)
    height = sum(rows.values()) + HEAD
    tops = dict(zip(areas, accumulate([height - HEAD, *(-rows[area] for area in areas[:-1])]), strict=True))
    figure = look.sheet(height)
    ax = blank_area(figure, 0, 0, look.WIDTH, height)
    for at, name in enumerate(columns):
        middle = LABELS * 72 + (at + 0.5) * width
        ax.text(middle, height * 72 - 5, name, ha="center", va="top", fontsize=look.SMALL, fontweight="bold")
    for area in areas:
        _label(ax, area, (tops[area] - rows[area] / 2) * 72)
    for cell, under in zip(cells.itertuples(), notes, strict=True):
        left = LABELS * 72 + columns.index(cell.column) * width
        area = str(cell.area)
        box = look.Box(left, tops[area] * 72, width, rows[area] * 72)
        _draw(ax, box, str(cell.code), under)
    return figure


def _heights(areas: pd.Series[str], notes: list[list[str]]) -> dict[str, float]:
    """How tall the row of each area is, in inches."""
    most: dict[str, int] = {}
    for area, under in zip(areas, notes, strict=True):
        most[area] = max(len(under), most.get(area, 0))
    return {area: TALL if count > 2 else ROW for area, count in most.items()}


def _under(notes: list[str], width: float) -> list[str]:
    """The lines that stand under a cell's word: a note that is too long for one is parted at its commas."""
    room = width - 5
    parts = [
        part
        for note in notes
        for part in ([note] if look.width_of(note, NOTE) <= room else note.split(", "))
        if part
    ]
    return [line for part in parts for line in look.fitted(part, room, NOTE, lines=1).split("\n")]


def _label(ax: Area, area: str, middle: float) -> None:
    name = look.fitted(area, LABELS * 72 - 8, NOTE + 0.5, lines=LABEL_LINES, weight="bold")
    ax.text(2, middle, name, va="center", fontsize=NOTE + 0.5, fontweight="bold", linespacing=1.12)


def _draw(ax: Area, box: look.Box, code: str, under: list[str]) -> None:
    """A cell in the colours of its amount, with its word and the lines under it."""
    found = verdict(KIND, code)
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
    middle, centre = box.left + box.width / 2, box.top - box.height / 2 + NOTE_LINE / 2 * len(under)
    word = f"{SHAPES[found.shape]}{found.letter} {found.word}".strip()
    at: dict[str, Any] = {"ha": "center", "va": "center", "color": found.text}
    ax.text(middle, centre, word, fontsize=7.8, fontweight="bold", **at)
    for line, note in enumerate(under, 1):
        ax.text(middle, centre - NOTE_LINE * line, note, fontsize=NOTE, **at)


def alt_assurance(cells: pd.DataFrame) -> str:
    """The grid in words: how many cells of the lines say how much, and each area that is given less than it asks for."""
    if cells.empty:
        return "There is no area to show."
    lines = cells[~cells["column"].isin(CONTEXT)]
    counts = lines["code"].value_counts()
    said = words.listing(f"{count} {verdict(KIND, str(code)).word.lower()}" for code, count in counts.items())
    areas, columns = cells["area"].nunique(), lines["column"].nunique()
    head = f"{words.counted(areas, 'area')} by {words.counted(columns, 'line')} of assurance: {said}."
    ends = cells[cells["column"].isin(CONTEXT)].pivot_table(
        index="area", columns="column", values="code", aggfunc="first", sort=False
    )
    each = [
        f"{area} asks for {_word(ends, area, CONTEXT[0])} and comes to {_word(ends, area, CONTEXT[1])}"
        for area in dict.fromkeys(cells["area"])
        if _is_short(ends, area)
    ]
    return f"{head} {'; '.join(each) or 'Each area comes to what it asks for, or more'}."


def _is_short(ends: pd.DataFrame, area: str) -> bool:
    """Does the area come to less than it asks for, or to nothing that is known?"""
    asked, given = (RANK.get(str(ends.loc[area, column]), 0) for column in CONTEXT)
    return given < asked


def _word(ends: pd.DataFrame, area: str, column: str) -> str:
    return verdict(KIND, str(ends.loc[area, column])).word.lower()


def data_assurance(cells: pd.DataFrame) -> pd.DataFrame:
    """The table behind the grid: one row per area, one column per line, each cell in words."""
    said = [
        ", ".join(part for part in (verdict(KIND, code).word, concluded, note) if part)
        for code, concluded, note in zip(cells["code"], cells["said"], cells["note"], strict=True)
    ]
    wide = cells.assign(text=said).pivot_table(
        index="area", columns="column", values="text", aggfunc="first", sort=False
    )
    ordered = wide[list(dict.fromkeys(cells["column"]))]
    return ordered.rename_axis(index="Area", columns=None).reset_index()
