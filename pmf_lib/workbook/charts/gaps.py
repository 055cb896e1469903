"""Values against their targets, measure by measure, worst first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.data import NO_GAPS, gap_pages
from pmf_lib.workbook.charts.facts import Facts, amount, verdict

ROW, HEAD = 0.36, 0.34
FURTHEST = 6.0
"""An axis ends at so many times the median distance; what lies beyond is marked with an arrow."""


@look.style()
def target_gaps(rated: pd.DataFrame) -> list[Figure]:
    """Each rated value's distance from its target, worst first, marked by status; 22 measures a picture.

    The distance is counted in tolerances where every measure has one, else in per cent of the target
    (`chart_data.gaps_to_target`).
    """
    pages = gap_pages(rated)
    if not pages:
        return [look.nothing(NO_GAPS)]
    reach = _reach(pd.concat(pages)["distance"])
    return [_gap_rows(gaps, reach) for gaps in pages]


def _reach(distances: pd.Series[Any]) -> tuple[float, float]:
    """How far the axis goes on either side: to the furthest, but one outlier does not flatten the others."""
    sizes = distances.abs().dropna()
    most = float(sizes.max()) if len(sizes) and sizes.max() > 0 else 1.0
    far = min(most, FURTHEST * float(sizes[sizes > 0].median())) if (sizes > 0).any() else most
    least, best = (0.0, 0.0) if sizes.empty else (float(distances.min()), float(distances.max()))
    return -float(np.clip(-least, 0.15 * far, far)), float(np.clip(best, 0.15 * far, far))


def _gap_rows(gaps: pd.DataFrame, reach: tuple[float, float]) -> Figure:
    words = [_row_words(row) for _, row in gaps.iterrows()]
    right = max(look.width_of(line, look.SMALL, "bold") for pair in words for line in pair) / 72 + 0.15
    right = min(max(right, 1.9), 3.0)
    left, foot = min(2.5, look.WIDTH - 1.5 - right), 0.5
    marks = [_status_mark(code, verdict("status", code).word) for code in gaps["state"].unique()]
    height = foot + ROW * len(gaps) + HEAD
    figure = look.sheet(height + 0.2)
    ax = look.area(figure, left, foot, look.WIDTH - left - right, ROW * len(gaps))
    _draw_gaps(ax, gaps, reach)
    _name_sides(ax, str(gaps["counted_in"].iloc[0]))
    sides = look.blank_area(figure, 0, foot, look.WIDTH, ROW * len(gaps))
    for at, (pair, title) in enumerate(zip(words, gaps["title"], strict=True)):
        middle = (len(gaps) - at - 0.5) * ROW * 72
        _name_row(sides, (left * 72, (look.WIDTH - right) * 72), middle, title, pair)
    parts.draw_key(look.blank_area(figure, 0.02, height, look.WIDTH - 0.02, 0.2), marks, look.SMALL)
    return figure


def _draw_gaps(ax: Axes, gaps: pd.DataFrame, reach: tuple[float, float]) -> None:
    places = np.arange(len(gaps))[::-1] + 0.5
    room = 0.06 * (reach[1] - reach[0])
    ax.set(xlim=(reach[0] - room, reach[1] + room), ylim=(0, len(gaps)), yticks=[])
    ax.hlines(np.arange(len(gaps)), *ax.get_xlim(), color=look.PALE, linewidth=0.8, zorder=1)
    ax.axvline(0, color=look.TEXT, linewidth=1.2, zorder=2)
    for place, (_, row) in zip(places, gaps.iterrows(), strict=True):
        distance = float(row["distance"])
        if math.isnan(distance):
            ax.annotate(" not counted", (0, place), va="center", fontsize=look.SMALL, color=look.SECOND_TEXT)
            continue
        at = float(np.clip(distance, *reach))
        ax.plot([0, at], [place, place], color=look.CONTEXT, linewidth=1.4, zorder=3)
        _status_mark(str(row["state"])).draw(ax, [at], [place], zorder=4, clip_on=False)
        if at != distance:
            _point_beyond(ax, at, place)


def _point_beyond(ax: Axes, at: float, place: float) -> None:
    """An arrow head outside the mark: the value lies further than the axis goes."""
    side = 1 if at > 0 else -1
    ax.annotate(
        "»" if side > 0 else "«",
        (at, place),
        xytext=(side * 10, 0),
        textcoords="offset points",
        ha="center",
        va="center_baseline",
        annotation_clip=False,
    )


def _name_sides(ax: Axes, counted_in: str) -> None:
    ax.tick_params(axis="x", labelsize=look.SMALL)
    low, high = ax.get_xlim()
    ticks = [tick for tick in MaxNLocator(nbins=4).tick_values(low, high) if low <= tick <= high]
    places = parts.decimals_of(ticks)
    unit = "%" if counted_in == "% of target" else ""
    shown = [amount(tick, places, unit) for tick in ticks]
    ax.set_xticks(ticks, shown)
    ax.set_xlabel(f"Distance from the target ({counted_in})", fontsize=look.SMALL)
    for place, words, side in ((-6, "◀ Worse", "right"), (6, "Better ▶", "left")):
        ax.annotate(
            words,
            (0, 1),
            xytext=(place, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            fontsize=look.SMALL,
            color=look.SECOND_TEXT,
        )


def _row_words(row: pd.Series[Any]) -> tuple[str, str]:
    facts = Facts.of(row)
    return verdict("status", facts.state).word, f"{facts.number(facts.value)}, target {facts.aims}"


def _name_row(
    ax: Axes, sides: tuple[float, float], middle: float, title: str, words: tuple[str, str]
) -> None:
    left, right = sides
    name = look.fitted(title, left - 14, look.SMALL)
    ax.text(2, middle, name, va="center", fontsize=look.SMALL, linespacing=1.15)
    ax.text(
        right + 12, middle + 5.5, look.drawable(words[0]), va="center", fontsize=look.SMALL, weight="bold"
    )
    numbers = look.fitted(words[1], ax.get_xlim()[1] - right - 12, look.SMALL, lines=1)
    ax.text(right + 12, middle - 5.5, numbers, va="center", fontsize=look.SMALL, color=look.SECOND_TEXT)


def _status_mark(code: str, words: str = "") -> Mark:
    found = verdict("status", code)
    return Mark(words, found.mark, shape=parts.STATUS_SHAPES[found.shape or "ring"], size=7.5)
