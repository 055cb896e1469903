"""Forecast of the periods left of a year, as a fan at the end of a chart, with its words and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pmf_lib.numbers import half_up_each
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.axes import End, Mark
from pmf_lib.workbook.charts.facts import Facts, read_period
from pmf_lib.workbook.charts.track import Track

DASHES = (0, (3, 2))
COLUMNS = ("ordinal", "point", "low", "high")


def fan_of(shown: Track, facts: Facts, ahead: pd.DataFrame | None) -> pd.DataFrame:
    """The periods forecast after the last result, placed in time: period, x, point, low, high; no row without a forecast.

    Parameters
    ----------
    shown, facts
        The measure's points and facts.
    ahead
        The measure's rows of the paths that `pmf_lib.performance.forecast` gives, in the unit of the points.
    """
    if ahead is None or ahead.empty or shown.known.empty:
        return pd.DataFrame(columns=["period", "x", *COLUMNS[1:]]).astype({"x": float})
    last = shown.known.iloc[-1]
    start = read_period(last["period"], facts.kind)
    rows = ahead[list(COLUMNS)].sort_values("ordinal", ignore_index=True)
    steps = (rows["ordinal"] - int(last["ordinal"])).astype(int)
    labels = ["" if start is None else start.shift(step).label for step in steps]
    placed = rows.assign(period=labels, x=float(last["x"]) + shown.step * steps)
    return placed[["period", "x", *COLUMNS[1:]]][steps > 0].reset_index(drop=True)


def draw_fan(ax: Axes, shown: Track, fan: pd.DataFrame) -> None:
    """A light band that opens from the last result, and the expected values as a dashed line."""
    if fan.empty:
        return
    last = shown.known.iloc[-1]
    x, point, low, high = (
        np.concatenate([[last["value" if name != "x" else "x"]], fan[name]])
        for name in ("x", "point", "low", "high")
    )
    ax.fill_between(x, low, high, color=look.BAND, linewidth=0, zorder=1.5)
    ax.plot(x, point, color=look.OUTLINE, linewidth=1.3, linestyle=DASHES, zorder=2.8)


def fan_heights(fan: pd.DataFrame) -> list[float]:
    """What the scale has to hold."""
    return [float(value) for value in fan[["point", "low", "high"]].to_numpy(dtype=float).ravel()]


def fan_ends(fan: pd.DataFrame, facts: Facts) -> list[End]:
    """The name of the dashed line."""
    if fan.empty:
        return []
    last = float(fan["point"].iloc[-1])
    return [End(last, f"Forecast {facts.number(last)}", colour=look.TEXT)]


def fan_key(fan: pd.DataFrame) -> list[Mark]:
    """What the band is."""
    return [] if fan.empty else [Mark("Range of the forecast", look.BAND, shape="s", size=8)]


def fan_words(fan: pd.DataFrame, facts: Facts) -> list[str]:
    """The fan as a sentence: where it ends."""
    if fan.empty:
        return []
    end = fan.iloc[-1]
    when = facts.period(end["period"], in_sentence=True)
    ends = f"{facts.number(end['low'])} to {facts.number(end['high'])}"
    return [
        f"A dashed line shows the forecast to {when}: {facts.said(end['point'])} then, in a band of {ends}."
    ]


def with_fan(table: pd.DataFrame, fan: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """The table behind a chart with a row per period forecast, and columns for the forecast and its range."""
    if fan.empty:
        return table
    names = {"Forecast": "point", "Forecast from": "low", "Forecast to": "high"}
    rows: dict[str, Any] = {"Period": [facts.period(label) for label in fan["period"]]}
    rows |= {facts.heading(name): half_up_each(fan[column], facts.decimals) for name, column in names.items()}
    both = pd.concat([table, pd.DataFrame(rows)], ignore_index=True)
    texts = table.select_dtypes(exclude="number").columns
    return both.assign(**{name: both[name].fillna("") for name in texts})
