"""Direction of travel: against the period before, and against the same period last year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.words import half_up
from pmf_lib.periods import STEPS_A_YEAR

CODES = ("better", "worse", "up", "down", "no_real_change", "not_tested", "no_comparison")
YEAR_OF_WINDOWS = 12
"""A window's running number counts months."""


def earlier(rows: pd.DataFrame, series: pd.DataFrame, steps: pd.Series[int], column: str) -> pd.Series[float]:
    """`column` of the series, so many periods before the one in `rows` (measure_id, ordinal); same index."""
    wanted = pd.DataFrame({"measure_id": rows["measure_id"], "ordinal": rows["ordinal"] - steps})
    held = series.drop_duplicates(["measure_id", "ordinal"], keep="last")
    held = held[["measure_id", "ordinal", column]].astype({"ordinal": float})
    return wanted.merge(held, on=["measure_id", "ordinal"], how="left")[column].set_axis(rows.index)


def year_steps(kind: pd.Series[str]) -> pd.Series[int]:
    """Periods in a year, by kind."""
    return kind.map(STEPS_A_YEAR | {"window": YEAR_OF_WINDOWS}).astype(int)


def direction(rows: pd.DataFrame, series: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Both directions of travel for the value of the period that fell due.

    The short one compares values in the period alone (a year-to-date total always grows), the long one values as
    reported. The change is real unless both points lie within common cause in the same segment. A series without
    control limits (annual, rolling, or too short) is not tested.

    Parameters
    ----------
    rows
        One row per measure: measure_id, ordinal and kind of the rated period, value, value_in_period, decimals,
        polarity.
    series, points
        What `series` and `xmr` give (points with measure_id and ordinal).

    Returns
    -------
    DataFrame
        One row per row, same index: direction_short, direction_long (codes of verdicts.yml), change_short,
        change_long (in the measure's unit; NaN without a comparison).

    Source
    ------
    Design, section 7 (Direction of travel).
    """
    year = year_steps(rows["kind"])
    before = year.where(rows["kind"] == "window", 1)
    found: dict[str, pd.Series[Any]] = {}
    for name, steps, column in (("short", before, "value_in_period"), ("long", year, "value")):
        change = _change(rows, earlier(rows, series, steps, column), column)
        found[f"direction_{name}"] = _codes(rows, change, _common(rows, points, steps))
        found[f"change_{name}"] = change
    return pd.DataFrame(found)


def _change(rows: pd.DataFrame, then: pd.Series[float], column: str) -> pd.Series[float]:
    """The difference of both values as they are reported, rounded to the measure's decimals."""
    gaps = [
        half_up(half_up(now, int(decimals)) - half_up(earlier_value, int(decimals)), int(decimals))
        for now, earlier_value, decimals in zip(rows[column], then, rows["decimals"], strict=True)
    ]
    return pd.Series(gaps, rows.index, dtype=float)


def _common(rows: pd.DataFrame, points: pd.DataFrame, steps: pd.Series[int]) -> pd.DataFrame:
    """tested: the rated point has limits. common: it and the earlier point are common cause in one segment."""
    state = points.assign(
        code=np.where(points["point_type"] == "common_cause", points["segment"], -1).astype(float)
    )
    state = state[state["point_type"] != ""]
    now = earlier(rows, state, steps * 0, "code")
    then = earlier(rows, state, steps, "code")
    return pd.DataFrame({"tested": now.notna(), "common": (now == then) & (now >= 0)})


def _codes(rows: pd.DataFrame, change: pd.Series[float], at: pd.DataFrame) -> pd.Series[str]:
    sign = np.sign(change)
    better = sign * rows["polarity"].map({"higher": 1, "lower": -1}).astype(float).fillna(0)
    holds = {
        "no_comparison": change.isna(),
        "not_tested": ~at["tested"],
        "no_real_change": at["common"] | (sign == 0),
        "better": better > 0,
        "worse": better < 0,
        "up": sign > 0,
    }
    return pd.Series(np.select(list(holds.values()), list(holds), "down"), rows.index, dtype=str)
