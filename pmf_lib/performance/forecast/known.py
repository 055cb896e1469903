"""What is known of each measure before anything is forecast: its series, its year, and whether it can be forecast at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.performance.forecast.options import ForecastOptions
from pmf_lib.performance.frames import complete
from pmf_lib.performance.series import OVERLAPPING, REFUSED
from pmf_lib.performance.spc.rules import Real, Whole
from pmf_lib.performance.words import is_share
from pmf_lib.periods import FREQUENCIES, STEPS_A_YEAR, Period
from pmf_lib.records.period_days import days

KINDS = ("month", "quarter", "term")
NOTHING_KNOWN = "No value is known."
ONE_A_YEAR = "The one value of the year is the outturn itself."
WEEKLY = "Weekly values are not forecast."
RETIRED = "The measure is no longer kept at the year's end."
NO_ROLL_UP = "The records do not say how the measure's periods make a year (roll-up 'none')."
NO_DENOMINATORS = "The year's figure needs the denominator of every period, and some are missing."
YEAR_BROKEN = "A value of this year is missing, so the year cannot be put together."
OUT_OF_DATE = "The latest values are missing: the last known one is too old to go on from."


@dataclass(frozen=True)
class Known:
    """The measures of one kind of period, their values and their weights in the year, side by side."""

    kind: str
    rows: pd.DataFrame
    """One row per measure, with the columns that `rows_of` and `known` give."""
    figures: Real
    """Measures × periods; the last column is each measure's own last known period."""
    weights: Real
    """What each value weighs in the year's figure: 1, or the denominator of a ratio."""

    @property
    def season(self) -> int:
        """Periods a year."""
        return STEPS_A_YEAR[self.kind]

    def of(self, name: str) -> Real:
        """A column of its rows, as numbers."""
        return self.rows[name].to_numpy(dtype=float)

    def take(self, at: Whole) -> Known:
        """Some of its measures."""
        return Known(self.kind, self.rows.iloc[at].reset_index(drop=True), self.figures[at], self.weights[at])

    def with_rows(self, rows: pd.DataFrame) -> Known:
        """The same series with other columns beside."""
        return replace(self, rows=rows)


def rows_of(
    measures: pd.DataFrame, series: pd.DataFrame, quarter: Period, options: ForecastOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measures and the values that may be used, with the reason where nothing can be forecast.

    Returns
    -------
    tuple of DataFrame
        ``rows``, one per measure, sorted: its id and attributes, kind, roll, last, year_first, year_last (ordinals),
        n (values in use), refused (or '').
        ``used``, one per measure and period: measure_id, ordinal, value, weight.
    """
    rows = complete(measures, "measures").sort_values("measure_id", ignore_index=True)
    rows = rows.assign(kind=rows["frequency"].map(FREQUENCIES))
    held = _held(series, rows, quarter)
    rows = rows.join(_spans(held), on="measure_id").join(_year(rows["kind"], quarter))
    unsuited = series.groupby("measure_id")["unsuited"].first()
    rows = rows.assign(
        roll=_roll(rows), n_held=rows["n_held"].fillna(0), unsuited=rows["measure_id"].map(unsuited)
    )
    used = _used(held, rows, options)
    counted = used.groupby("measure_id").agg(n=("value", "size"), n_weights=("weight", "count"))
    this_year = used["ordinal"] >= used["measure_id"].map(rows.set_index("measure_id")["year_first"]).astype(
        float
    )
    in_year = used[this_year].groupby("measure_id").size()
    rows = rows.join(counted, on="measure_id").assign(in_year=rows["measure_id"].map(in_year))
    rows[["n", "n_weights", "in_year"]] = rows[["n", "n_weights", "in_year"]].fillna(0)
    return rows.assign(refused=_refused(rows, quarter, options)), used


def known(rows: pd.DataFrame, used: pd.DataFrame, kind: str) -> Known:
    """The series of the measures of one kind as two matrices, and what follows from them alone.

    Its rows gain: left (periods from the last known one to the year's last), periods_left (those of them in the year),
    lowest, highest (values known), floor, ceiling (what is possible).
    """
    mine = rows[rows["kind"] == kind].reset_index(drop=True)
    place = pd.Series(mine.index, mine["measure_id"])
    held = used[used["measure_id"].isin(mine["measure_id"])]
    at = held["measure_id"].map(place).to_numpy(dtype=int)
    back = (mine["last"].to_numpy()[at] - held["ordinal"].to_numpy()).astype(int)
    width = back.max(initial=0) + 1
    values, weights = (np.full((len(mine), width), np.nan) for _ in range(2))
    values[at, width - 1 - back] = held["value"].to_numpy()
    weights[at, width - 1 - back] = held["weight"].to_numpy()
    left = (mine["year_last"] - mine["last"]).astype(int)
    extremes = held.groupby("measure_id")["value"].agg(lowest="min", highest="max")
    mine = mine.assign(left=left, periods_left=left.clip(upper=STEPS_A_YEAR[kind])).join(
        extremes, on="measure_id"
    )
    return Known(kind, mine.assign(**_possible(mine)), values, weights)


def _possible(rows: pd.DataFrame) -> dict[str, Real]:
    """What a period's value can be at all: 0 and 100 where that is the nature of the figures, else open."""
    no_less = rows["lowest"] >= 0
    share = no_less & rows["unit"].map(is_share).astype(bool) & (rows["highest"] <= 100)
    return {"floor": np.where(no_less, 0.0, -np.inf), "ceiling": np.where(share, 100.0, np.inf)}


def _held(series: pd.DataFrame, rows: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """Values up to the end of the quarter, from the present definition on."""
    since = days(rows["definition_from"], rows["kind"]).set_axis(rows["measure_id"])
    held = series[["measure_id", "ordinal", "start", "end", "value_in_period", "denominator"]]
    held = held[held["end"] <= pd.Timestamp(quarter.end)].sort_values(["measure_id", "ordinal"])
    step = held.groupby("measure_id")["ordinal"].diff()
    apart = held["denominator"] - held["denominator"].shift().where(step == 1)
    held = held.assign(apart=apart.where(held["start"].dt.month != 4, held["denominator"]))
    first = held["measure_id"].map(since).astype("datetime64[us]")
    held = held[held["value_in_period"].notna() & (first.isna() | (held["start"] >= first))]
    return held.rename(columns={"value_in_period": "value"})


def _spans(held: pd.DataFrame) -> pd.DataFrame:
    """By measure: its last known period, how many there are, whether any has a denominator."""
    return held.groupby("measure_id").agg(
        last=("ordinal", "max"), n_held=("ordinal", "size"), n_denominators=("denominator", "count")
    )


def _year(kinds: pd.Series[str], quarter: Period) -> pd.DataFrame:
    """First and last period of the quarter's financial year, and the last one ended by now; NaN for other kinds.

    A term belongs to the financial year in which it ends.
    """
    end = quarter.financial_year.end
    last = {kind: periods.last_ended(kind, end).ordinal for kind in KINDS}
    now = {kind: periods.last_ended(kind, quarter.end).ordinal for kind in KINDS}
    last_of = kinds.map(last).astype(float)
    steps = kinds.map(STEPS_A_YEAR).astype(float)
    return pd.DataFrame(
        {"year_first": last_of - steps + 1, "year_last": last_of, "now": kinds.map(now).astype(float)}
    )


def _roll(rows: pd.DataFrame) -> pd.Series[str]:
    """How the periods make the year: sum, mean, ratio, last, or none.

    A year-to-date figure is the year's at the year's end: the sum of its periods, or their ratio where it has
    denominators.
    """
    to_date = rows["accumulation"] == "year-to-date"
    parts = (rows["n_denominators"].fillna(0) > 0) & (rows["roll_up"] != "sum")
    return rows["roll_up"].where(~to_date, pd.Series(np.where(parts, "ratio", "sum"), rows.index))


def _used(held: pd.DataFrame, rows: pd.DataFrame, options: ForecastOptions) -> pd.DataFrame:
    """Values since the last gap that is too wide, with what each weighs in the year's figure."""
    of = rows.set_index("measure_id")[["kind", "roll", "accumulation"]]
    held = held.merge(of, on="measure_id")
    allowed = held["kind"].map(options.longest_gap.model_dump()).astype(float)
    step = held.groupby("measure_id")["ordinal"].diff()
    after = held["ordinal"].where(step > allowed + 1).groupby(held["measure_id"]).transform("max")
    weight = held["denominator"].where(held["accumulation"] != "year-to-date", held["apart"])
    held = held.assign(weight=weight.where(held["roll"] == "ratio", 1.0))
    held = held[after.isna() | (held["ordinal"] >= after)]
    return held[["measure_id", "ordinal", "value", "weight"]].reset_index(drop=True)


def least(kind: str, options: ForecastOptions) -> int:
    """Values from which a series of this kind is smoothed."""
    return int(getattr(options.least_training, kind))


def _refused(rows: pd.DataFrame, quarter: Period, options: ForecastOptions) -> pd.Series[str]:
    """Why a measure has no forecast, the first reason that holds; '' where it has."""
    retired = days(rows["retired_from"], rows["kind"]) <= pd.Timestamp(quarter.financial_year.end)
    allowed = rows["kind"].map(options.longest_gap.model_dump()).astype(float)
    behind = rows["now"] - rows["last"] > allowed
    last_in_year = rows["last"] - rows["year_first"] + 1
    broken = (last_in_year > 0) & (rows["in_year"] < last_in_year) & (rows["roll"] != "last")
    reasons: dict[str, Any] = {
        ONE_A_YEAR: rows["frequency"].isin(["annual", "academic-annual", "calendar-annual"]),
        WEEKLY: rows["kind"] == "week",
        OVERLAPPING: (rows["accumulation"] == "rolling") | (rows["kind"] == "window"),
        REFUSED: rows["unsuited"] == REFUSED,
        NOTHING_KNOWN: rows["n_held"] == 0,
        RETIRED: retired,
        NO_ROLL_UP: rows["roll"] == "none",
        OUT_OF_DATE: behind,
        YEAR_BROKEN: broken,
        NO_DENOMINATORS: rows["n_weights"] < rows["n"],
    }
    return pd.Series(np.select(list(reasons.values()), list(reasons), ""), rows.index, dtype="str")
