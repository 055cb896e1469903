"""Direction of travel: against the period before, and against the same period last year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up
from pmf_lib.periods import STEPS_A_YEAR

CODES = ("better", "worse", "up", "down", "no_real_change", "not_tested", "no_comparison")
YEAR_OF_WINDOWS = 12
"""A window's running number counts months."""


def earlier(rows: pd.DataFrame, held: pd.DataFrame, steps: pd.Series[int]) -> pd.DataFrame:
    """What is held for so many periods before the one in `rows` (both: measure_id, ordinal); index of `rows`."""
    wanted = pd.DataFrame({"measure_id": rows["measure_id"], "ordinal": rows["ordinal"] - steps})
    held = held.drop_duplicates(["measure_id", "ordinal"], keep="last").astype({"ordinal": float})
    return wanted.merge(held, on=["measure_id", "ordinal"], how="left").set_axis(rows.index)


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
        One row per measure: measure_id, ordinal (NaN without a result) and kind of the rated period, decimals,
        polarity, first_ordinal (of the present definition; NaN: all of the series). Nothing is compared across it.
    series, points
        What `series` and `xmr` give (points with measure_id and ordinal).

    Returns
    -------
    DataFrame
        One row per row, same index: direction_short, direction_long (codes of verdicts.yml), change_short,
        change_long (in the measure's unit; NaN without a comparison).

    Source
    ------
    A choice of this workbook: docs/methods/status.md.
    """
    year = year_steps(rows["kind"])
    before = year.where(rows["kind"] == "window", 1)
    held = _held(series, points)
    now = earlier(rows, held, year * 0)
    found: dict[str, pd.Series[Any]] = {}
    for name, steps, column in (("short", before, "value_in_period"), ("long", year, "value")):
        then = earlier(rows, held, steps)
        is_across = (rows["ordinal"] - steps < rows["first_ordinal"]) & (
            rows["first_ordinal"] <= rows["ordinal"]
        )
        then = then.mask(is_across)
        change = _change(rows, now[column], then[column])
        found[f"direction_{name}"] = _codes(rows, change, now["common"], then["common"])
        found[f"change_{name}"] = change
    return pd.DataFrame(found)


def _held(series: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Both values of each period, and `common`: its segment if the point is common cause, −1 if not, NaN untested."""
    common = points["segment"].where(points["point_type"] == "common_cause", -1).astype(float)
    tested = points[["measure_id", "ordinal"]].assign(common=common.mask(points["point_type"] == ""))
    return series[["measure_id", "ordinal", "value", "value_in_period"]].merge(
        tested, on=["measure_id", "ordinal"], how="left"
    )


def _change(rows: pd.DataFrame, now: pd.Series[float], then: pd.Series[float]) -> pd.Series[float]:
    """The difference of both values as they are reported, rounded to the measure's decimals."""
    gaps = [
        half_up(half_up(new, int(decimals)) - half_up(old, int(decimals)), int(decimals))
        for new, old, decimals in zip(now, then, rows["decimals"], strict=True)
    ]
    return pd.Series(gaps, rows.index, dtype=float)


def _codes(
    rows: pd.DataFrame, change: pd.Series[float], now: pd.Series[float], then: pd.Series[float]
) -> pd.Series[str]:
    sign = np.sign(change)
    better = sign * rows["polarity"].map({"higher": 1, "lower": -1}).astype(float).fillna(0)
    holds = {
        "no_comparison": change.isna(),
        "not_tested": now.isna(),
        "no_real_change": ((now == then) & (now >= 0)) | (sign == 0),
        "better": better > 0,
        "worse": better < 0,
        "up": sign > 0,
    }
    return pd.Series(np.select(list(holds.values()), list(holds), "down"), rows.index, dtype=str)
