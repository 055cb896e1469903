"""Did the series shift after the action? What was measured after an action was done, held against what went before.

Mean and limits come from the control chart of the results before the action (`pmf_lib.performance.spc`); the rules of the
chart are then read over the results after it alone: so many in a row on one side of the mean (shift), or two of three close
to a limit. One result outside the limits is a signal and no shift.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up
from pmf_lib.performance.series import series
from pmf_lib.performance.spc import rules, xmr
from pmf_lib.performance.spc.given import HIGHER_IS_BETTER
from pmf_lib.performance.spc.options import DEFAULT, XmrOptions
from pmf_lib.performance.words import quantity
from pmf_lib.periods import FREQUENCIES, STEPS_A_YEAR, Period, date_words
from pmf_lib.records.many import exploded
from pmf_lib.records.period_days import days

EFFECTS = ("better", "worse", "no_change", "too_early", "not_testable")
"""What came after an action: a shift for the better, for the worse, none, or nothing that could be told yet, or at all."""
JUDGED = EFFECTS[:3]
KEYS = ["action_id", "measure_id"]
LIMITS = ["mean", "lpl", "upl", "lower_near", "upper_near", "refused", "is_seasonal"]
COLUMNS = (
    *("action_id", "title", "owner", "measure_id", "measure", "done_on", "expected_by"),
    *("before_n", "after_n", "mean_before", "mean_after", "effect", "why", "source_file", "source_row"),
)
SEASONAL = "The time of the year moves it, so results before and after can't be held against each other."
NO_WAY = "Neither way is better, so no change of it can be called an effect."
NOT_KNOWN = "It keeps no results, or nobody knows the measure."
NONE_BEFORE = "No result from before the action is known in the measure's present definition."
NEAR = 1e-9
"""Share of the mean within which a value lies on it."""


def effects(
    actions: pd.DataFrame,
    observations: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    quarter: Period,
    as_at: date,
    before_n: int,
    after_n: int,
    options: XmrOptions = DEFAULT,
    set_aside: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each action that was done changed in each measure that it was to move.

    Parameters
    ----------
    actions, observations, measures
        Tables of records (`pmf_lib.records.schema`); actions as they stood on the as-at date.
    quarter, as_at
        Nothing that ends after the quarter is used; an action counts as done where its day had come by `as_at`.
    before_n, after_n
        At most so many results before the action are used, the latest, and so many after it, the first.
    options
        How control charts are read.
    set_aside
        Values that are surely wrong (measure_id, period).

    Returns
    -------
    DataFrame
        One row per action done and measure: `COLUMNS`. ``before_n`` and ``after_n`` are results, the period in which it
        was done being neither, on whichever of its days; means are in the measure's unit; ``effect`` is one of `EFFECTS`,
        of the last signal where there are several, and too early before the day by which something was expected, unless it
        is for the better; ``why`` is a sentence.

    Source
    ------
    A choice of this workbook; NHS England, Making Data Count, for the rules.
    """
    pairs = _pairs(actions, measures, as_at)
    about = measures[measures["measure_id"].isin(pairs["measure_id"])]
    known = series(observations, about, as_at, set_aside=set_aside)
    points = _points(pairs, known[known["end"] <= pd.Timestamp(quarter.end)])
    before = points[points["end"] < points["done_on"]].groupby("pair").tail(before_n)
    after = points[points["start"] > points["done_on"]].groupby("pair").head(after_n)
    rows = _both_sides(pairs, before, after, options)
    rows = rows.assign(is_later=rows["expected_by"] > pd.Timestamp(as_at))
    rows = rows.assign(effect=_effect(rows, options.shift_n))
    return rows.assign(why=_why(rows, options.shift_n)).reset_index()[list(COLUMNS)]


def _both_sides(
    pairs: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, options: XmrOptions
) -> pd.DataFrame:
    """By pair: limits of the results before, counts and means on either side, and the last signal after it (−1, 0 or 1)."""
    rows = pairs.set_index("pair").join(
        [_limits(before, pairs, options), _counts(before, "before"), _counts(after, "after")]
    )
    rows = rows.assign(signal=_signals(after, rows, options))
    counts = {name: rows[name].fillna(0).astype(int) for name in ("before_n", "after_n", "signal")}
    return rows.assign(**counts)


def _points(pairs: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """One row per pair and result in the measure's present definition, in order of time."""
    points = pairs[["pair", "measure_id", "done_on", "defined_from"]].merge(known, on="measure_id")
    is_told = points["value_in_period"].notna() & ~(points["start"] < points["defined_from"])
    return points[is_told].sort_values(["pair", "ordinal"])


def _pairs(actions: pd.DataFrame, measures: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """One row per action done and measure, with what the measure says of itself."""
    done = actions[actions["done_on"] <= pd.Timestamp(as_at)]
    rows = exploded(done, "measures").rename(columns={"measures": "measure_id"}).reset_index(drop=True)
    kinds = measures["frequency"].map(FREQUENCIES).fillna("").astype("str")
    own = measures[["measure_id", "unit", "decimals", "polarity"]].assign(
        measure=measures["title"],
        steps=kinds.map(STEPS_A_YEAR).astype(float).fillna(0).astype(int),
        defined_from=days(measures["definition_from"], kinds),
    )
    rows = rows.drop(columns=["unit", "measure"], errors="ignore").merge(own, on="measure_id", how="left")
    return rows.assign(pair=np.arange(len(rows)), measure=rows["measure"].fillna(rows["measure_id"]))


def _limits(before: pd.DataFrame, pairs: pd.DataFrame, options: XmrOptions) -> pd.DataFrame:
    """By pair: mean and limits of the results before the action, and why there are none."""
    frame = before[["pair", "ordinal", "value_in_period", "unsuited"]]
    seasons = pairs.set_index("pair")["steps"]
    plain = options.model_copy(update={"fix_after_n": None})
    chart = xmr(frame, options=plain, by="pair", value="value_in_period", seasons=seasons[seasons > 0])
    return chart.summary.set_index("pair")[LIMITS]


def _counts(points: pd.DataFrame, when: str) -> pd.DataFrame:
    found = points.groupby("pair")["value_in_period"].agg(["size", "mean"])
    return found.rename(columns={"size": f"{when}_n", "mean": f"mean_{when}"})


def _signals(after: pd.DataFrame, rows: pd.DataFrame, options: XmrOptions) -> pd.Series[int]:
    """By pair: 1 (higher), −1 (lower) or 0: the side of the last signal among the results after the action."""
    held = after[["pair", "value_in_period"]].join(rows[[*LIMITS[:5]]].drop(columns="mean"), on="pair")
    mean = after["pair"].map(rows["mean"]).to_numpy(dtype=float)
    value = held["value_in_period"].to_numpy(dtype=float)
    side = rules.sign(value - mean, NEAR * np.maximum(np.abs(mean), 1.0))
    close = (value > held["upper_near"].to_numpy(dtype=float)) | (
        value < held["lower_near"].to_numpy(dtype=float)
    )
    start = ~held["pair"].duplicated().to_numpy()
    shift = rules.shift_trigger(side, options.shift_n, start) != 0
    fired = shift | rules.two_in_three(close, side, start)
    return pd.Series(side[fired], held["pair"][fired], dtype=int).groupby(level=0).last()


def _effect(rows: pd.DataFrame, shift_n: int) -> pd.Series[str]:
    way = rows["signal"] * rows["polarity"].map(HIGHER_IS_BETTER).astype(float).fillna(0)
    cases = {
        "not_testable": _obstacle(rows) != "",
        "better": way > 0,
        "too_early": rows["is_later"],
        "worse": way < 0,
        "no_change": rows["after_n"] >= shift_n,
    }
    found = np.select(list(cases.values()), list(cases), "too_early")
    return pd.Series(found, rows.index, dtype="str")


def _obstacle(rows: pd.DataFrame) -> pd.Series[str]:
    """Why nothing can be told of a pair, or ''."""
    cases = [
        rows["polarity"].isna(),
        ~rows["polarity"].isin(list(HIGHER_IS_BETTER)),
        rows["before_n"] == 0,
        rows["is_seasonal"].fillna(False).astype(bool),
    ]
    refused = rows["refused"].fillna("").astype("str")
    found = np.select(cases, [NOT_KNOWN, NO_WAY, NONE_BEFORE, SEASONAL], refused)
    return pd.Series(found, rows.index, dtype="str")


def _why(rows: pd.DataFrame, shift_n: int) -> pd.Series[str]:
    told = rows.assign(obstacle=_obstacle(rows)).to_dict("records")
    said = [str(row["obstacle"]) or _sentence(row, shift_n) for row in told]
    return pd.Series(said, rows.index, dtype="str")


def _sentence(row: dict[Any, Any], shift_n: int) -> str:
    """What the results say, once something can be told."""
    since = f"since it was done on {date_words(row['done_on'].date())}"
    if row["after_n"] == 0:
        return f"There is no result {since}."
    places = int(row["decimals"]) + 1
    mean = {
        when: quantity(half_up(row[f"mean_{when}"], places), places, row["unit"])
        for when in ("before", "after")
    }
    counted = f"{row['after_n']} results" if row["after_n"] > 1 else "One result"
    said = f"{counted} {since}: {mean['after']} on average, after {mean['before']} in the {row['before_n']} before"
    return (
        f"{said}. "
        + {
            "better": "That is a real change for the better.",
            "worse": "That is a real change for the worse.",
            "no_change": "That is no real change.",
            "too_early": _too_early(row, shift_n),
        }[row["effect"]]
    )


def _too_early(row: dict[Any, Any], shift_n: int) -> str:
    if row["is_later"]:
        return f"What is expected of it is to show by {date_words(row['expected_by'].date())}."
    return f"That is too few to tell; {shift_n} are needed."
