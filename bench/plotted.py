"""The picture of whole runs: seconds by contestant, and seconds by items."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from pmf_lib.workbook.charts import SERIES, style

PICTURE = "benchmarks.svg"
WIDTH, HEIGHT, BAR = 6.7, 3.1, 0.6
BODY, SMALL = 9.5, 8.5
LINES = {
    "shell": ("s", "shell loop"),
    "pool": ("^", "pool"),
    "base": ("D", "before"),
    "cold": ("o", "pmf run"),
}
"""Contestants drawn by items → mark and name at the line's end: told apart without colour."""
SHORT = {
    "shell": "shell loop",
    "pool": "pool of two processes",
    "script": "plain scripts",
    "pairs": "plain scripts, in pairs",
    "base": "pmf run before",
    "cold": "pmf run, empty store",
    "again": "pmf run --again",
    "changed": "pmf run, one change",
    "nothing": "pmf run, no change",
}
"""Contestants in the order of their bars, by the words that fit beside them."""
APART = 1.5
"""How many times as high as the one below it a line's name stands at least."""


@style()
def picture(rows: pd.DataFrame) -> Figure:
    """Both parts; `rows` as `told.medians` gives them."""
    usual = _drawn(rows)
    figure = Figure(figsize=(WIDTH, HEIGHT))
    _bars(figure.add_axes((0.276, 0.177, 0.22, 0.71)), usual[usual["items"] == compared(usual)])
    _lines(figure.add_axes((0.6, 0.177, 0.295, 0.71)), usual)
    return figure


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """What was measured on the usual records: with the council's items or without, whichever more contestants were."""
    usual = rows[rows["records"] == 1]
    is_whole = usual["listed"] > usual["items"]
    contestants = usual.groupby(is_whole)["who"].nunique()
    return usual[is_whole == contestants.sort_index(ascending=False).idxmax()]


def compared(rows: pd.DataFrame) -> int:
    """The most items at which most contestants were measured."""
    return int(rows.groupby("items")["who"].nunique().sort_index(kind="stable")[::-1].idxmax())


def _bars(ax: Axes, rows: pd.DataFrame) -> None:
    rows = rows.set_index("who").reindex([who for who in SHORT if who in set(rows["who"])])[::-1]
    ax.barh([SHORT[who] for who in rows.index], rows["seconds"], height=BAR, color=SERIES[0])
    for place, seconds in enumerate(rows["seconds"]):
        ax.annotate(
            f" {seconds:,.0f}" if seconds >= 10 else f" {seconds:,.1f}",
            (seconds, place),
            va="center",
            fontsize=SMALL,
        )
    ax.set_xlim(0, rows["seconds"].max() * 1.3)
    ax.grid(visible=False)
    ax.xaxis.set_major_locator(NullLocator())
    ax.spines["bottom"].set_visible(False)
    ax.set_title(f"Seconds for {rows['items'].iloc[0]} items", loc="left", fontsize=BODY)


def _lines(ax: Axes, rows: pd.DataFrame) -> None:
    lines = {who: rows[rows["who"] == who].sort_values("items") for who in LINES}
    for (who, own), colour in zip(lines.items(), SERIES, strict=True):
        ax.plot(own["items"], own["seconds"], marker=LINES[who][0], color=colour, linewidth=1.6)
    _names(ax, {LINES[who][1]: own.iloc[-1] for who, own in lines.items() if len(own)})
    ax.set(xscale="log", yscale="log", xlabel="items of directorates")
    sizes = sorted(rows["items"].unique())
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
    ax.set_title("Seconds by items, log scales", loc="left", fontsize=BODY)


def _names(ax: Axes, ends: Mapping[str, pd.Series]) -> None:
    """Each line's name a little above its end, none over another's."""
    height = 0.0
    for name, end in sorted(ends.items(), key=lambda one: float(one[1]["seconds"])):
        height = max(end["seconds"], height * APART)
        ax.annotate(f"  {name}", (end["items"], height), va="bottom", fontsize=SMALL, annotation_clip=False)


def words(rows: pd.DataFrame) -> str:
    """What the picture shows, for whoever does not see it."""
    usual = _drawn(rows)
    count = compared(usual)
    said = [f"{SHORT[one.who]} {one.seconds:.1f}" for one in usual[usual["items"] == count].itertuples()]
    return f"Seconds for {count} items: {'; '.join(said)}. Beside it, seconds by number of items; the table has all figures."


@style()
def write(rows: pd.DataFrame, folder: Path) -> None:
    """Draw the picture into a folder, the same bytes for the same figures."""
    picture(rows).savefig(folder / PICTURE, metadata={"Date": None})
