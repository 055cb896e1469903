"""A row per measure: value, target, tolerance and last year's value on one axis, the worst first.

Percentages share their own axis. Other units are set to target = 100, which only a target above nought allows.
Source: after S. Few, Bullet Graph Design Specification, 2013.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.bullet_rows import HUNDRED, PERCENT, left_out, pages
from pmf_lib.workbook.charts.data import NO_GAPS
from pmf_lib.workbook.charts.facts import Facts, amount, verdict

BARS = {"color": look.CONTEXT, **look.SEABORN_BARS}
ROW, FOOT, HEAD = 0.32, 0.46, 0.06
LABELS = 2.45
ENDS = (-100.0, 200.0)
"""An axis ends here at the latest; what lies beyond is marked with an arrow."""
AXIS_WORDS = {
    PERCENT: "Value in per cent",
    HUNDRED: "Value, where each measure's own target is 100",
}


class _Words(NamedTuple):
    """What is written beside a bullet."""

    title: str
    value: str
    aim: str


@look.style()
def bullets(rated: pd.DataFrame) -> list[Figure]:
    """Values against targets and tolerances, a row a measure, worst first; percentages apart from other units.

    Parameters
    ----------
    rated
        Rated measures, one row each; those that are not met, near or missed are left out.
    """
    drawn = pages(rated)
    if not drawn:
        return [look.nothing(left_out(rated) or NO_GAPS)]
    reaches = {axis: _reach([rows for other, rows in drawn if other == axis]) for axis, _ in drawn}
    return [_picture(axis, rows, reaches[axis]) for axis, rows in drawn]


def _reach(pages: list[pd.DataFrame]) -> tuple[float, float]:
    """From where to where all pictures of one axis go: nought and every value and target, within `ENDS`."""
    known = pd.concat(pages)[["at", "low", "high", "from", "to", "last_year"]].to_numpy(dtype=float).ravel()
    return max(float(np.nanmin([0.0, *known])), ENDS[0]), min(float(np.nanmax([1.0, *known])), ENDS[1])


def _picture(axis: str, rows: pd.DataFrame, reach: tuple[float, float]) -> Figure:
    said = [_words(Facts.of(row)) for _, row in rows.iterrows()]
    bold = max(look.width_of(one.value, look.SMALL, "bold") for one in said)
    right = min((bold + max(look.width_of(one.aim, look.SMALL) for one in said)) / 72 + 0.34, 2.3)
    marks = list(_key(rows))
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL) + HEAD
    plot = ROW * len(rows)
    figure = look.sheet(FOOT + plot + key)
    ax = look.axes(figure, LABELS, FOOT, look.WIDTH - LABELS - right, plot)
    _scale(ax, len(rows), axis, reach)
    places = np.arange(len(rows))[::-1] + 0.5
    _bars(ax, rows["at"].clip(*ENDS).to_numpy(), places)
    _tolerances(ax, rows, places)
    for place, row in zip(places.tolist(), rows.to_dict("records"), strict=True):
        _draw(ax, place, row)
    sides = blank_area(figure, 0, FOOT, look.WIDTH, plot)
    for at, one in enumerate(said):
        _write_row(sides, (len(rows) - at - 0.5) * ROW * 72, one, right, bold)
    parts.draw_key(blank_area(figure, 0.02, FOOT + plot, look.WIDTH - 0.02, key), marks, look.SMALL)
    return figure


def _words(facts: Facts) -> _Words:
    return _Words(facts.title, facts.brief(facts.value), f"{facts.asks or 'target'} {facts.brief_aims}")


def _write_row(ax: Area, middle: float, said: _Words, right: float, bold: float) -> None:
    """A row's title on the left, its value and target on the right, in columns of these widths (inches; points)."""
    title = look.fitted(said.title, LABELS * 72 - 14, look.SMALL)
    _write(ax, 2, middle, title, linespacing=1.1)
    start = (look.WIDTH - right) * 72 + 12
    _write(ax, start + bold, middle, look.drawable(said.value), ha="right", weight="bold")
    room = look.WIDTH * 72 - start - bold - 8
    _write(ax, start + bold + 8, middle, look.fitted(said.aim, room, look.SMALL, lines=1))


def _write(ax: Area, x: float, y: float, text: str, **more: Any) -> None:
    ax.text(x, y, text, va="center", fontsize=look.SMALL, **more)


def _scale(ax: Axes, count: int, axis: str, reach: tuple[float, float]) -> None:
    low, high = reach
    spare = 0.04 * (high - low)
    ax.set(xlim=(low - spare * (low < 0), high + spare), ylim=(0, count), yticks=[])
    ticks = [tick for tick in MaxNLocator(nbins=5).tick_values(low, high) if low <= tick <= high]
    places = parts.decimals_of(ticks)
    ax.set_xticks(ticks, [amount(tick, places, PERCENT if axis == PERCENT else "") for tick in ticks])
    ax.tick_params(axis="x", labelsize=look.SMALL)
    ax.annotate(
        AXIS_WORDS[axis],
        (ax.get_xlim()[0], 0),
        xytext=(0, -26),
        textcoords="offset points",
        ha="left",
        fontsize=look.SMALL,
        color=look.SECOND_TEXT,
        annotation_clip=False,
    )
    ax.hlines(np.arange(count), *ax.get_xlim(), color=look.PALE, linewidth=0.8, zorder=1)
    ax.axvline(0, color=look.OUTLINE, linewidth=0.8, zorder=2)


def _bars(ax: Axes, values: Any, places: Any) -> None:
    """The values as bars, without touching the scales."""
    ends = ax.get_xlim(), ax.get_ylim()
    sns.barplot(
        x=values, y=places, orient="y", native_scale=True, width=0.2, errorbar=None, ax=ax, zorder=2.5, **BARS
    )
    ax.set(xlim=ends[0], ylim=ends[1], yticks=[], xlabel="", ylabel="")


def _tolerances(ax: Axes, rows: pd.DataFrame, places: np.ndarray[Any, Any]) -> None:
    """The grounds of the rows that have a tolerance or a range."""
    low, high = np.clip(rows[["from", "to"]].to_numpy(dtype=float), *ax.get_xlim()).T
    wide = (rows["from"] < rows["to"]).to_numpy()
    ax.barh(places[wide], (high - low)[wide], left=low[wide], height=0.74, color=look.BAND, zorder=1.5)


def _draw(ax: Axes, place: float, row: dict[Any, Any]) -> None:
    """One row, from back to front: value, last year's value, target, status."""
    at = float(np.clip(row["at"], *ENDS))
    for colour, width in ((look.WHITE, 3.4), (look.OUTLINE, 1.4)):
        _tick(ax, row["last_year"], place, 0.26, color=colour, linewidth=width, zorder=3)
    for aim in dict.fromkeys((row["low"], row["high"])):
        _tick(ax, aim, place, 0.38, color=look.TEXT, linewidth=2.2, zorder=3.5)
    _status(str(row["state"])).draw(ax, [at], [place], zorder=4, clip_on=False)
    if at != row["at"]:
        ax.annotate(
            "»" if at > 0 else "«",
            (at, place),
            xytext=(9 if at > 0 else -9, 0),
            textcoords="offset points",
            ha="center",
            va="center_baseline",
            annotation_clip=False,
        )


def _tick(ax: Axes, at: float, place: float, half: float, **more: Any) -> None:
    low, high = ax.get_xlim()
    if low <= at <= high:
        ax.plot([at, at], [place - half, place + half], **more)


def _status(code: str, said: str = "") -> Mark:
    found = verdict("status", code)
    return Mark(said, found.mark, shape=parts.STATUS_SHAPES[found.shape or "ring"], size=7.0)


def _key(rows: pd.DataFrame) -> Iterator[Mark]:
    for code in rows["state"].unique():
        yield _status(str(code), verdict("status", str(code)).word)
    yield Mark("Target", look.TEXT, shape="|", hollow=True, size=10)
    if (rows["from"] < rows["to"]).any():
        yield Mark("Range, or within tolerance", look.BAND, shape="s", size=9)
    if rows["last_year"].notna().any():
        yield Mark("A year before", look.OUTLINE, shape="|", hollow=True, size=7)
