"""Sums over periods, and shares of a whole or of a target, as summaries of performance give them.

For an analyst's own tables, held by published figures; no page of the workbook uses them.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.numbers import half_up
from pmf_lib.performance.status import RATINGS


def rolling_sum(frame: pd.DataFrame, periods: int) -> pd.Series[float]:
    """The sum of each measure's last `periods` values, its own among them; of fewer where the series is younger.

    Parameters
    ----------
    frame
        One row per measure and period: measure_id, ordinal (running number of the period), value. A value that is
        missing, or a period without a row, leaves the sums over it empty.
    periods
        Length of the window, in periods.

    Returns
    -------
    Series
        In the measure's unit, by the index of `frame`.

    Source
    ------
    Camms, published roll-up of nested tables (reference case `camms-rolling5`).

    Examples
    --------
    >>> rows = pd.DataFrame({"measure_id": "a", "ordinal": [1, 2, 3], "value": [5.0, 6.0, 7.0]})
    >>> rolling_sum(rows, 2).tolist()
    [5.0, 11.0, 13.0]
    """
    rows = frame.sort_values(["measure_id", "ordinal"])
    by = rows["measure_id"]
    missing = rows.groupby(by)["ordinal"].diff().sub(1).fillna(0) + rows["value"].isna()
    total = rows["value"].fillna(0).groupby(by).cumsum()
    holes = missing.groupby(by).cumsum()
    place = rows.groupby(by).cumcount()
    before = total.groupby(by).shift(periods).fillna(0)
    inside = holes - holes.groupby(by).shift(periods - 1).where(place >= periods - 1, 0)
    inside += rows["value"].isna().astype(float).groupby(by).shift(periods - 1).fillna(0)
    return (total - before).where(inside == 0).reindex(frame.index)


def state_counts(states: pd.Series[str]) -> pd.Series[int]:
    """How many measures there are of each state, of all ('total') and with a rating ('rated'); the states add up to the total.

    >>> state_counts(pd.Series(["met", "met", "late"])).to_dict()
    {'met': 2, 'late': 1, 'total': 3, 'rated': 2}
    """
    counts = states.value_counts()
    whole = {"total": len(states), "rated": int(states.isin(RATINGS).sum())}
    return pd.concat([counts, pd.Series(whole)]).astype(int)


def share_pct(part: float, whole: float, decimals: int = 0) -> float:
    """`part` in per cent of `whole`, rounded half up; NaN of nothing.

    >>> share_pct(56, 78), share_pct(11, 24, 1), share_pct(0, 0)
    (72.0, 45.8, nan)
    """
    return half_up(100 * part / whole, decimals) if whole else float("nan")


def attainment_pct(value: float, target: float, polarity: str) -> float:
    """A value in per cent of its target, to one decimal: 100 on target, and the more the better ('higher' or 'lower').

    Of a target of nought there is no share: 100 where it is met, else 0.

    Source: Camms, published performance of nested tables (reference cases `camms-more`, `camms-less`).

    >>> attainment_pct(95, 100, "higher"), attainment_pct(90, 100, "lower"), attainment_pct(1, 0, "lower")
    (95.0, 110.0, 0.0)
    """
    better = value - target if polarity == "higher" else target - value
    if target == 0:
        return 100.0 if better >= 0 else 0.0
    return half_up(100 + 100 * better / abs(target), 1)
