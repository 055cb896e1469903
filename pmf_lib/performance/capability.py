"""Target capability: can the target be met as the process runs now?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up
from pmf_lib.performance.frames import plain_tuples
from pmf_lib.performance.words import exact, quantity

CODES = ("consistently_meets", "hit_and_miss", "not_expected", "not_tested")
ABOUT = dict(zip(CODES, ("all meet", "lie on both sides of", "all miss"), strict=False))
"""How limits stand to the target, where they say nothing of what comes next."""
TOLD_FROM = (
    *("limits", "refused", "polarity", "target", "lower", "upper", "basis", "constant", "mean", "lpl", "upl"),
    *("moved", "variation_why", "decimals", "unit"),
)
"""What the sentences are made from."""
SPECIAL = ("improving_", "worsening_", "neither_")
"""How the codes of a variation begin whose last point is a special cause."""


def capability(rows: pd.DataFrame) -> pd.DataFrame:
    """Hold the last segment's limits against the in-period target.

    Both limits on the right side of the target (not on it): consistently expected to meet. Both on the wrong side:
    not expected to meet without a change in the process. Else hit and miss. A constant series has no limits to
    speak of and is judged by its one value. A range is met when both limits lie inside it. Where the season moves a
    series, the target is to be met in every season. Where the last point is a special cause the limits are of points before
    the change and since, and the sentence says no more than how they stand to the target.

    Parameters
    ----------
    rows
        One row per measure: mean, lpl, upl, target, lower, upper (in the measure's unit), limits, constant,
        refused, polarity, basis, unit, decimals, variation, variation_why; where the season may move it also season_low
        and season_high.

    Returns
    -------
    DataFrame
        One row per row, same index: capability (one of `CODES`), capability_why.

    Source
    ------
    NHS England, Making Data Count (there called assurance); strict inequality as in its tools.
    """
    rows = _over_the_year(rows)
    bottom, top = _bounds(rows)
    rows = rows.assign(moved=just_changed(rows["variation"]))
    surely = (rows["lpl"] > bottom) & (rows["upl"] < top)
    never = (rows["upl"] < bottom) | (rows["lpl"] > top)
    steady = rows["constant"].astype(bool) & rows["mean"].between(bottom, top)
    unsteady = rows["constant"].astype(bool) & ~steady
    chosen = np.select([steady, unsteady, surely, never], [CODES[0], CODES[2], CODES[0], CODES[2]], CODES[1])
    told = list(plain_tuples(rows[[name for name in TOLD_FROM if name in rows]]))
    reasons = [_untested(row) for row in told]
    codes = [CODES[3] if reason else code for reason, code in zip(reasons, chosen.tolist(), strict=True)]
    why = [reason or _why(row, code) for reason, row, code in zip(reasons, told, codes, strict=True)]
    return pd.DataFrame({"capability": codes, "capability_why": why}, index=rows.index, dtype="str")


def _over_the_year(rows: pd.DataFrame) -> pd.DataFrame:
    """With the lowest and the highest limits of any season."""
    lower, upper = rows["lpl"] + rows.get("season_low", 0.0), rows["upl"] + rows.get("season_high", 0.0)
    return rows.assign(lpl=lower, upl=upper)


def just_changed(variation: pd.Series[str]) -> pd.Series[bool]:
    """Whether a series' last point is a special cause, so that its limits may say nothing of what comes next.

    >>> just_changed(pd.Series(["worsening_high", "no_real_change", "not_suited"])).tolist()
    [True, False, False]
    """
    return variation.str.startswith(SPECIAL)


def _bounds(rows: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Between which values the target is met; open ends are infinite."""
    ranged = rows["polarity"] == "range"
    bottom = rows["target"].where(rows["polarity"] == "higher").where(~ranged, rows["lower"])
    top = rows["target"].where(rows["polarity"] == "lower").where(~ranged, rows["upper"])
    return bottom.fillna(-np.inf), top.fillna(np.inf)


def _untested(row: Any) -> str:
    """Why there is no answer, or ''."""
    if row.limits == "none":
        return str(row.refused) or "There are no control limits."
    if row.polarity == "none":
        return "Neither high nor low is better, so there is nothing to meet."
    given = (row.lower, row.upper) if row.polarity == "range" else (row.target,)
    if all(math.isnan(bound) for bound in given):
        return "No target is in force."
    if row.basis == "year-to-date":
        return "The target is for the year to date, and the limits are for single periods."
    return ""


def _why(row: Any, code: str) -> str:
    if row.constant:
        met = "meets" if code == CODES[0] else "misses"
        return f"Every value is {_amount(row, row.mean)}, which {met} {_target(row)}.{_softened(row)}"
    ends = f"{_limit(row, row.lpl)} to {_limit(row, row.upl)}"
    if row.moved:
        return f"The limits over all points, those before the change and since, run from {ends} and {ABOUT[code]} {_target(row)}.{_held_back(row)}{_softened(row)}"
    return f"{_now(row)[code]}: the limits run from {ends}.{_softened(row)}"


def _now(row: Any) -> dict[str, str]:
    """What is said of a process that runs as it did."""
    return {
        CODES[0]: f"As the process runs, {_target(row)} can be expected to be met every time",
        CODES[1]: f"As the process runs, {_target(row)} will be met at some times and missed at others",
        CODES[2]: f"Without a change in the process, {_target(row)} is not expected to be met",
    }


def _held_back(row: Any) -> str:
    """That a process which has just changed may not go on as it did, and how the change shows."""
    sign = str(row.variation_why).split(". ")[0].rstrip(".")
    shows = f": {sign[:1].lower()}{sign[1:]}" if sign else ""
    return f" But the process has just changed{shows}. Find the cause before relying on this."


def _softened(row: Any) -> str:
    return " Limits are still on trial, so take this as a first indication." if row.limits == "trial" else ""


def _target(row: Any) -> str:
    if row.polarity != "range":
        return f"the target of {_amount(row, row.target)}"
    ends = (row.lower, row.upper)
    shown = ["open" if math.isnan(end) else exact(end, int(row.decimals)) for end in ends]
    return f"the range of {shown[0]} to {shown[1]}"


def _limit(row: Any, value: float) -> str:
    """A limit to one decimal more than the measure's."""
    decimals = int(row.decimals) + 1
    return quantity(half_up(value, decimals), decimals, row.unit)


def _amount(row: Any, value: float) -> str:
    return quantity(value, int(row.decimals), row.unit)
