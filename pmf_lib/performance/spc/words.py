"""What a control chart says, in codes and sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.spc.limits import NO_RANGE, TOO_FEW, UNSUITED, USABLE
from pmf_lib.performance.spc.options import XmrOptions

SAID = (
    *(
        "reason",
        "refused",
        "n_points",
        "is_constant",
        "is_unscreened",
        "gaps",
        "limits",
        "is_seasonal",
        "chart",
    ),
    *("point_type", "signals", "way", "better"),
)
"""What sentences are made of; series that are alike in them are told alike."""
MADE = ("refused", "notes", "signals", "variation_why", "variation")
SUMMARY_COLUMNS = (
    "n_points",
    "mean",
    "lpl",
    "upl",
    "lower_near",
    "upper_near",
    "limits",
    "variation",
    "variation_why",
    "signals",
    "constant",
    "refused",
    "notes",
    "segment",
    "is_seasonal",
    "season_low",
    "season_high",
    "chart",
)
BEYOND = "A value is infinite, or too large to calculate with. Mend it where it comes from."
NO_MOVING_RANGE = "No usable moving range: no two neighbouring periods differ, or none are neighbours."
NO_FIXED_RANGE = (
    "No usable moving range among the first {n} points, which set the limits: no two neighbouring periods differ, "
    "or none are neighbours."
)
LANEY = {
    "p-prime": "The numbers behind it are small or uneven, so the limits follow each denominator (p′ chart).",
    "u-prime": "The numbers behind it are small or uneven, so the limits follow each denominator (u′ chart).",
}
ONE_POINT = "1 point"
SEASONAL = "The time of the year moves it: each value is held against what is usual for its season."
TWO_IN_THREE = {
    "mdc-2023": "the 2023 rule of Making Data Count",
    "nhsr-0.2.2": "the rule of NHSRplotthedots 0.2.2",
}
"""Each way of reading two points in three, as a sentence names it."""


def described(found: pd.DataFrame, options: XmrOptions) -> pd.DataFrame:
    """The summary with its variation, the sentence for it, and notes.

    ``found`` has one row per series: what its last segment is (reason, refused, n_points, is_constant, is_unscreened, gaps,
    limits, is_seasonal, chart), and its last point (point_type, signals, way, better). Each sentence is made once, however
    many series it holds for.
    """
    kind = found[list(SAID)].groupby(list(SAID), sort=False).ngroup().to_numpy()
    _, once = np.unique(kind, return_index=True)
    said = [_said(row, options) for row in found.take(once).itertuples()]
    texts = {
        name: pd.array(column, dtype="str").take(kind)
        for name, column in zip(MADE, zip(*said, strict=True) if said else [()] * len(MADE), strict=True)
    }
    return found.assign(constant=found["is_constant"], **texts)[list(SUMMARY_COLUMNS)]


def _said(row: Any, options: XmrOptions) -> tuple[str, ...]:
    """`MADE`, for all series that are alike."""
    if row.refused != USABLE:
        why = _refused(row, options)
        return why, "", "", why, "too_few_points" if row.refused == TOO_FEW else "not_suited"
    notes = " ".join(filter(None, _remarks(row, options)))
    return "", notes, row.signals, f"{_signal(row, options)} {notes}".strip(), _variation(row)


def _refused(row: Any, options: XmrOptions) -> str:
    """Why there are no limits: not suited, too few points, or no moving range."""
    if row.refused == UNSUITED:
        return str(row.reason)
    if row.refused == NO_RANGE:
        n = options.fix_after_n
        return NO_FIXED_RANGE.format(n=n) if n and row.n_points > n else NO_MOVING_RANGE
    counted = ONE_POINT if row.n_points == 1 else f"{row.n_points} points"
    return f"{counted}: fewer than the {options.refuse_below} that a control chart needs."


def _variation(row: Any) -> str:
    """A code of verdicts.yml."""
    if not row.way:
        return "no_real_change"
    verdict = "improving" if row.better > 0 else "worsening" if row.better < 0 else "neither"
    return f"{verdict}_{'high' if row.way > 0 else 'low'}"


def _remarks(row: Any, options: XmrOptions) -> list[str]:
    return [
        "No variation: every value is the same." if row.is_constant else "",
        "Screening would leave no moving range, so all of them are used." if row.is_unscreened else "",
        f"{_gaps(row.gaps)}, and the moving range across a gap is not used." if row.gaps else "",
        f"Trial limits: {row.n_points} points, fewer than {options.trial_limits_below}."
        if row.limits == "trial"
        else "",
        SEASONAL if row.is_seasonal else "",
        LANEY.get(row.chart, ""),
    ]


def _gaps(n: int) -> str:
    return "1 period is missing" if n == 1 else f"{n} periods are missing"


def _signal(row: Any, options: XmrOptions) -> str:
    """The sentence for the rule that names the last point."""
    high = row.way > 0
    words = {
        "outside": f"The last point lies {'above the upper' if high else 'below the lower'} limit.",
        "trend": f"The last {options.trend_n} or more points {'rise' if high else 'fall'} in a row.",
        "two_in_three": f"Two of the last three points lie near the {'upper' if high else 'lower'} limit "
        f"({TWO_IN_THREE[options.two_in_three]}).",
        "shift": f"The last {options.shift_n} or more points lie {'above' if high else 'below'} the mean.",
    }
    return words.get(row.point_type, "No rule fired at the last point: it lies within common cause.")
