"""Forecast of the periods left of a year, as a fan at the end of a chart, with its words and numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from pmf_lib.numbers import half_up_each
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area
from pmf_lib.workbook.charts.axes import End, Mark
from pmf_lib.workbook.charts.facts import Facts, read_period
from pmf_lib.workbook.charts.track import Track

DASHES = (0, (3, 2))
COLUMNS = ("ordinal", "point", "low", "high")


class Ahead(NamedTuple):
    """A period forecast, placed in time, with its expected value and its range."""

    period: str
    x: float
    point: float
    low: float
    high: float


def fan_of(shown: Track, facts: Facts, ahead: pd.DataFrame | None) -> list[Ahead]:
    """The periods forecast after the last result, in order of time; none without a forecast.

    Parameters
    ----------
    shown, facts
        The measure's points and facts.
    ahead
        The measure's rows of the paths that `pmf_lib.performance.forecast` gives, in the unit of the points.
    """
    if ahead is None or ahead.empty or not shown.known:
        return []
    last = shown.known[-1]
    start = read_period(last.period, facts.kind)
    rows = sorted(zip(*(ahead[name].tolist() for name in COLUMNS), strict=True))
    steps = [(int(ordinal) - last.ordinal, numbers) for ordinal, *numbers in rows]
    return [
        Ahead(
            "" if start is None else start.shift(step).label, last.x + shown.step * step, *map(float, numbers)
        )
        for step, numbers in steps
        if step > 0
    ]


def draw_fan(ax: Area, shown: Track, fan: list[Ahead]) -> None:
    """A light band that opens from the last result, and the expected values as a dashed line."""
    if not fan:
        return
    last = shown.known[-1]
    opening = Ahead(last.period, last.x, last.value, last.value, last.value)
    _, x, point, low, high = (list(column) for column in zip(opening, *fan, strict=True))
    ax.fill_between(x, low, high, color=look.BAND, linewidth=0, zorder=1.5)
    ax.plot(x, point, color=look.OUTLINE, linewidth=1.3, linestyle=DASHES, zorder=2.8)


def fan_heights(fan: list[Ahead]) -> list[float]:
    """What the scale has to hold."""
    return [height for one in fan for height in (one.point, one.low, one.high)]


def fan_ends(fan: list[Ahead], facts: Facts) -> list[End]:
    """The name of the dashed line."""
    if not fan:
        return []
    last = fan[-1].point
    return [End(last, f"Forecast {facts.number(last)}", colour=look.TEXT)]


def fan_key(fan: list[Ahead]) -> list[Mark]:
    """What the band is."""
    return [] if not fan else [Mark("Range of the forecast", look.BAND, shape="s", size=8)]


def fan_words(fan: list[Ahead], facts: Facts) -> list[str]:
    """The fan as a sentence: where it ends."""
    if not fan:
        return []
    end = fan[-1]
    when = facts.period(end.period, in_sentence=True)
    ends = f"{facts.number(end.low)} to {facts.number(end.high)}"
    return [f"A dashed line shows the forecast to {when}: {facts.said(end.point)} then, in a band of {ends}."]


def with_fan(table: pd.DataFrame, fan: list[Ahead], facts: Facts) -> pd.DataFrame:
    """The table behind a chart with a row per period forecast, and columns for the forecast and its range."""
    if not fan:
        return table
    names = {"Forecast": "point", "Forecast from": "low", "Forecast to": "high"}
    rows: dict[str, Any] = {"Period": [facts.period(one.period) for one in fan]}
    for name, column in names.items():
        rows[facts.heading(name)] = half_up_each([getattr(one, column) for one in fan], facts.decimals)
    both = pd.concat([table, pd.DataFrame(rows)], ignore_index=True)
    texts = table.select_dtypes(exclude="number").columns
    return both.assign(**{name: both[name].fillna("") for name in texts})
