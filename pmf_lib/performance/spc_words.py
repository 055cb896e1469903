"""What a control chart says, in codes and sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.spc_options import XmrOptions

SUMMARY_COLUMNS = (
    "by",
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
    "last_order",
    "is_seasonal",
    "season_low",
    "season_high",
    "chart",
)
NO_RANGE = "No usable moving range: no two neighbouring periods differ, or none are neighbours."
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


def refusals(found: pd.DataFrame, unsuited: list[str], average: Any, options: XmrOptions) -> pd.Series[str]:
    """Why a segment has no limits ('' where it has): not suited, too few points, or no moving range."""
    few = [_few(n, options.refuse_below) for n in found["n_points"]]
    reasons = pd.Series(unsuited, index=found.index, dtype=str)
    too_few = found["n_points"] < options.refuse_below
    unusable = ~found["constant"] & ~(np.asarray(average) > 0)
    reasons = reasons.mask((reasons == "") & too_few, pd.Series(few, index=found.index, dtype=str))
    return reasons.mask((reasons == "") & unusable, NO_RANGE)


def _few(n: int, needed: int) -> str:
    return f"{_points(n)}: fewer than the {needed} that a control chart needs."


def _points(n: int) -> str:
    return ONE_POINT if n == 1 else f"{n} points"


def described(found: pd.DataFrame, options: XmrOptions) -> pd.DataFrame:
    """The summary with its variation, the sentence for it, and notes."""
    found = found.assign(variation=_variation(found, options), notes=_notes(found, options))
    sentences = [_why(row, options) for row in found.itertuples()]
    found = found.assign(variation_why=pd.Series(sentences, index=found.index, dtype=str))
    return found[list(SUMMARY_COLUMNS)]


def _variation(found: pd.DataFrame, options: XmrOptions) -> pd.Series[str]:
    refused = found["refused"] != ""
    few = refused & found["refused"].str.contains("fewer than the", regex=False)
    end = np.where(found["way"] > 0, "high", "low")
    verdict = np.select([found["better"] > 0, found["better"] < 0], ["improving_", "worsening_"], "neither_")
    special = pd.Series(verdict, found.index, dtype=str) + pd.Series(end, found.index, dtype=str)
    chosen = special.where(found["way"] != 0, "no_real_change")
    return chosen.mask(refused, "not_suited").mask(few, "too_few_points")


def _notes(found: pd.DataFrame, options: XmrOptions) -> pd.Series[str]:
    notes = [" ".join(filter(None, _remarks(row, options))) for row in found.itertuples()]
    return pd.Series(notes, index=found.index, dtype=str)


def _remarks(row: Any, options: XmrOptions) -> list[str]:
    if row.refused:
        return []
    return [
        "No variation: every value is the same." if row.constant else "",
        "Screening would leave no moving range, so all of them are used." if row.unscreened else "",
        f"{_gaps(row.gaps)}, and the moving range across a gap is not used." if row.gaps else "",
        f"Trial limits: {row.n_points} points, fewer than {options.trial_limits_below}."
        if row.limits == "trial"
        else "",
        SEASONAL if row.is_seasonal else "",
        LANEY.get(row.chart, ""),
    ]


def _gaps(n: int) -> str:
    return "1 period is missing" if n == 1 else f"{n} periods are missing"


def _why(row: Any, options: XmrOptions) -> str:
    if row.refused:
        return str(row.refused)
    return f"{_signal(row, options)} {row.notes}".strip()


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
