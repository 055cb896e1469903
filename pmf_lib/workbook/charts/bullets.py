"""A row per measure: value, target, tolerance and last year's value on one axis, the worst first.

Percentages share their own axis. Other units are set to target = 100, which only a target above nought allows.
Source: after S. Few, Bullet Graph Design Specification, 2013.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pmf_lib.numbers import half_up_each
from pmf_lib.performance.status import RATINGS
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.data import NO_GAPS, gaps_to_target
from pmf_lib.workbook.charts.facts import Facts, amount, verdict
from pmf_lib.workbook.pieces import words

ROWS = 24
"""Rows that fit one printed page with their heading and source; more are shared out evenly."""
BARS = {"color": look.CONTEXT, **look.SEABORN_BARS}
ROW, FOOT, HEAD = 0.32, 0.46, 0.06
LABELS = 2.45
ENDS = (-100.0, 200.0)
"""An axis ends here at the latest; what lies beyond is marked with an arrow."""
PERCENT, HUNDRED = "%", "target = 100"
AXIS_WORDS = {
    PERCENT: "Value in per cent",
    HUNDRED: "Value, where each measure's own target is 100",
}
NAMED = 3
"""Measures that a sentence names."""


def bullet_rows(rated: pd.DataFrame) -> pd.DataFrame:
    """What a row of bullets is drawn from, worst first: missed, near, met, and within each by distance from the target.

    Parameters
    ----------
    rated
        Rated measures; those without a status are left out.

    Returns
    -------
    DataFrame
        One row per measure that is met, near or missed: the columns of `rated`, axis ('%', 'target = 100', or '' where
        the target is nought, below nought or a range in another unit), and on that axis at, low and high (target, or the
        ends of a range), from and to (with the tolerance), and last_year (NaN where nothing is compared).
    """
    rows = gaps_to_target(rated)
    percent = rows["unit"] == "%"
    scaled = (rows["polarity"] != "range") & (rows["target"] > 0)
    axis = np.select([percent, scaled], [PERCENT, HUNDRED], "")
    factor = (100 / rows["target"].where(scaled)).where(~percent, 1.0)
    is_range = rows["polarity"] == "range"
    low, high = (rows["target"].where(~is_range, rows[name]) for name in ("lower", "upper"))
    below, above = (_tolerance(rows, end) for end in (low, high))
    drawn: dict[str, Any] = {
        "axis": axis,
        "at": rows["value"] * factor,
        "low": low * factor,
        "high": high * factor,
        "from": (low - below.where(rows["polarity"] != "lower", 0.0)) * factor,
        "to": (high + above.where(rows["polarity"] != "higher", 0.0)) * factor,
        "last_year": (rows["value"] - rows.get("change_long", pd.Series(np.nan, rows.index))) * factor,
        "rank": rows["state"].map({code: -at for at, code in enumerate(RATINGS)}),
    }
    return (
        rows.assign(**drawn)
        .sort_values(["rank", "distance"], kind="stable", ignore_index=True)
        .drop(columns="rank")
    )


def _tolerance(rows: pd.DataFrame, end: pd.Series[float]) -> pd.Series[float]:
    """The tolerance beyond a target or one end of a range as an amount; per cent is of that end, as `status` counts it."""
    is_share = rows["tolerance_kind"] == "per-cent"
    return rows["tolerance"].where(~is_share, rows["tolerance"] * end.abs() / 100).fillna(0.0)


def _pages(rated: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The axis and the rows of each picture: percentages first."""
    rows = bullet_rows(rated)
    kinds = [(axis, rows[rows["axis"] == axis]) for axis in (PERCENT, HUNDRED)]
    return [(axis, found.iloc[part]) for axis, found in kinds for part in _shares(len(found))]


def _shares(count: int) -> list[slice]:
    """The rows of each picture."""
    pages = -(-count // ROWS)
    each = -(-count // pages) if pages else 1
    return [slice(first, first + each) for first in range(0, count, each)]


def left_out(rated: pd.DataFrame) -> str:
    """Which rated measures no axis holds, as a sentence; '' where all are drawn."""
    titles = bullet_rows(rated).loc[lambda rows: rows["axis"] == "", "title"].tolist()
    if not titles:
        return ""
    named = "; ".join([*titles[:NAMED], *([f"{len(titles) - NAMED} more"] if len(titles) > NAMED else [])])
    why = "a target of nought or below, or a range in a unit other than per cent, can't be set to 100"
    return f"Not drawn ({why}): {named}."


@look.style()
def bullets(rated: pd.DataFrame) -> list[Figure]:
    """Values against targets and tolerances, a row a measure, worst first; percentages apart from other units.

    Parameters
    ----------
    rated
        Rated measures, one row each; those that are not met, near or missed are left out.
    """
    pages = _pages(rated)
    if not pages:
        return [look.nothing(left_out(rated) or NO_GAPS)]
    reaches = {axis: _reach([rows for other, rows in pages if other == axis]) for axis, _ in pages}
    return [_picture(axis, rows, reaches[axis]) for axis, rows in pages]


def _reach(pages: list[pd.DataFrame]) -> tuple[float, float]:
    """From where to where all pictures of one axis go: nought and every value and target, within `ENDS`."""
    known = pd.concat(pages)[["at", "low", "high", "from", "to", "last_year"]].to_numpy(dtype=float).ravel()
    return max(float(np.nanmin([0.0, *known])), ENDS[0]), min(float(np.nanmax([1.0, *known])), ENDS[1])


def _picture(axis: str, rows: pd.DataFrame, reach: tuple[float, float]) -> Figure:
    facts = [Facts.of(row) for _, row in rows.iterrows()]
    said = [(one.brief(one.value), f"{one.asks or 'target'} {one.brief_aims}") for one in facts]
    bold = max(look.width_of(value, look.SMALL, "bold") for value, _ in said)
    right = min((bold + max(look.width_of(aim, look.SMALL) for _, aim in said)) / 72 + 0.34, 2.3)
    marks = list(_key(rows))
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL) + HEAD
    plot = ROW * len(rows)
    figure = look.sheet(FOOT + plot + key)
    ax = look.area(figure, LABELS, FOOT, look.WIDTH - LABELS - right, plot)
    _scale(ax, len(rows), axis, reach)
    places = np.arange(len(rows))[::-1] + 0.5
    _bars(ax, rows["at"].clip(*ENDS).to_numpy(), places)
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        _draw(ax, place, row)
    sides = look.blank_area(figure, 0, FOOT, look.WIDTH, plot)
    for at, (one, (value, aim)) in enumerate(zip(facts, said, strict=True)):
        middle = (len(rows) - at - 0.5) * ROW * 72
        title = look.fitted(one.title, LABELS * 72 - 14, look.SMALL)
        _write(sides, 2, middle, title, linespacing=1.1)
        start = (look.WIDTH - right) * 72 + 12
        _write(sides, start + bold, middle, look.drawable(value), ha="right", weight="bold")
        room = look.WIDTH * 72 - start - bold - 8
        _write(sides, start + bold + 8, middle, look.fitted(aim, room, look.SMALL, lines=1))
    parts.draw_key(look.blank_area(figure, 0.02, FOOT + plot, look.WIDTH - 0.02, key), marks, look.SMALL)
    return figure


def _write(ax: Axes, x: float, y: float, text: str, **more: Any) -> None:
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


def _draw(ax: Axes, place: float, row: pd.Series[Any]) -> None:
    """One row, from back to front: tolerance, value, last year's value, target, status."""
    ends = np.clip([row["from"], row["to"]], *ax.get_xlim())
    if row["from"] < row["to"]:
        ax.barh(place, ends[1] - ends[0], left=ends[0], height=0.74, color=look.BAND, zorder=1.5)
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


def alt_bullets(rated: pd.DataFrame) -> list[str]:
    """Bullets in words, one text a picture: counts by status, the worst by name, and what is not drawn."""
    pages = _pages(rated)
    if not pages:
        return [left_out(rated) or NO_GAPS]
    said = [_alt(axis, rows) for axis, rows in pages]
    return [*said[:-1], f"{said[-1]} {left_out(rated)}".strip()]


def _alt(axis: str, rows: pd.DataFrame) -> str:
    counts = rows["state"].value_counts()
    held = [
        f"{counts[code]:,} {verdict('status', code).word.lower()}"
        for code in reversed(RATINGS)
        if code in counts
    ]
    shown = words.sentence(words.counted(len(rows), "measure", in_words=True))
    on = "in per cent" if axis == PERCENT else "each on a scale where its target is 100"
    worst = [Facts.of(row) for _, row in rows.head(NAMED).iterrows()]
    named = "; ".join(f"{one.title} ({one.said(one.value)}, target {one.asked})" for one in worst)
    return f"{shown} against target, {on}, {_order(rows)}: {words.listing(held)}. On top: {named}."


def data_bullets(rated: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables behind bullets, one a picture: one row per measure, worst first; numbers as text, since units differ."""
    return [_table(axis, rows) for axis, rows in _pages(rated)] or [
        pd.DataFrame({"Measure": [], "Status": []})
    ]


def bullet_order(rated: pd.DataFrame) -> str:
    """In which order bullets stand, and in what the distance from a target is counted."""
    return _order(gaps_to_target(rated))


def _order(rows: pd.DataFrame) -> str:
    step = "its own tolerance" if (rows["counted_in"] == "tolerances").all() else "per cent of its target"
    return f"missed before near and met, each from the furthest to the nearest, counted in {step}"


def _table(axis: str, rows: pd.DataFrame) -> pd.DataFrame:
    facts = [Facts.of(row) for _, row in rows.iterrows()]
    before = rows["value"] - rows.get("change_long", pd.Series(np.nan, rows.index))
    step = rows["counted_in"].iloc[0]
    table = pd.DataFrame(
        {
            "Measure": rows["title"].to_numpy(),
            "Unit": rows["unit"].to_numpy(),
            "Value": [one.number(one.value) for one in facts],
            "Target": [one.asked for one in facts],
            "A year before": [one.number(value) for one, value in zip(facts, before, strict=True)],
            "Status": [verdict("status", one.state).word for one in facts],
            f"Distance ({step}; below nought is worse)": half_up_each(rows["distance"], 1),
        }
    )
    return table if axis == PERCENT else table.assign(**{"Target = 100": half_up_each(rows["at"], 0)})
