"""Counts of people that observations state: which quantity, over which days, how many.

A value in force is taken apart into what it counts. A count since 1 April covers the days from then; a rolling one its
last twelve months; a count at a day (roll-up *last*) covers that day alone. So whatever adds up is known by its days.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records.cells import looked_up
from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.period_days import days

COLUMNS = ("measure_id", "period", "what", "quantity", "start", "end", "amount", "row")
ABOUT = [
    *("measure_id", "title", "directorate", "service", "unit", "frequency", "accumulation", "roll_up"),
    *("numerator_name", "denominator_name", "decimals"),
]
FLOWS = ("sum", "ratio")
"""Ways of rolling up by which the counts of shorter periods add up to that of a longer one."""
SHARE = r"%"


def counts(observations: pd.DataFrame, measures: pd.DataFrame, scheme: Disclosure) -> pd.DataFrame:
    """Every count of people that `observations` state.

    Parameters
    ----------
    observations, measures
        Tables of records; one row per measure and period is expected (others are each taken as stated).
    scheme
        Which counts are of people.

    Returns
    -------
    DataFrame
        One row per observation and count: measure_id, period, what (value, numerator, denominator, rest), quantity (what is
        counted, the same for measures of one service that count the same), start, end (the first day after), amount (NaN: not
        shown), row (index in `observations`). A numerator that is not given, where value and denominator are, is the
        one that they tell, and so the other way round.
    """
    rows = _rows(observations, measures, scheme.rolling_months)
    people = is_countable(rows, scheme)
    parts = [
        _part(rows[people[what]], what, amount)
        for what, amount in _amounts(rows).items()
        if people[what].any()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def is_countable(rows: pd.DataFrame, scheme: Disclosure) -> pd.DataFrame:
    """Which of value, numerator, denominator and rest are counts of people, for rows with the columns of measures."""
    is_share = rows["unit"].str.contains(SHARE, regex=True)
    numerator, denominator = (rows[name].ne("") for name in ("numerator_name", "denominator_name"))
    by_numerator, by_denominator, by_title = (
        scheme.is_of_people(rows[name]) for name in ("numerator_name", "denominator_name", "title")
    )
    always, never = rows["measure_id"].isin(scheme.always), rows["measure_id"].isin(scheme.never)
    of_people = {
        "value": rows["unit"].str.lower().isin(scheme.count_units) & (by_title | always),
        "numerator": numerator & (by_numerator | (is_share & by_denominator) | always),
        "denominator": denominator & (by_denominator | (is_share & by_numerator) | always),
        "rest": denominator & numerator & is_share & (by_numerator | by_denominator | always) & scheme.rest,
    }
    return pd.DataFrame({what: found & ~never for what, found in of_people.items()}, index=rows.index)


def _rows(observations: pd.DataFrame, measures: pd.DataFrame, rolling_months: int) -> pd.DataFrame:
    """Observations with what their measure says, the days that each covers, and where a rolling window ending then begins."""
    own = ["measure_id", "period", "value", "numerator", "denominator", "state"]
    rows = observations[own].assign(row=observations.index).merge(measures[ABOUT], on="measure_id")
    kinds = looked_up(rows["frequency"], FREQUENCIES)
    start, end = (days(rows["period"], kinds, side) for side in ("start", "end"))
    hidden = rows["state"] == "suppressed"
    figures = {name: rows[name].mask(hidden) for name in ("value", "numerator", "denominator")}
    rows = rows.assign(start=start, end=end + pd.Timedelta(days=1), **figures).dropna(subset=["start", "end"])
    window = (rows["end"].dt.to_period("M") - rolling_months).dt.to_timestamp()
    return rows.assign(window=window.astype(rows["end"].dtype))


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """What each count amounts to; a count that a ratio and its other part tell is told."""
    scale = _scale(rows["unit"])
    above = rows["numerator"].fillna((rows["value"] * rows["denominator"] / scale).round())
    below = rows["denominator"].fillna(
        (rows["numerator"] * scale / rows["value"].where(rows["value"] != 0)).round()
    )
    return {"value": rows["value"], "numerator": above, "denominator": below, "rest": below - above}


def _scale(unit: pd.Series[str]) -> pd.Series[float]:
    """100 of a percentage, 10,000 of a rate per 10,000, else 1."""
    per = unit.str.extract(r"per ([\d,]+)", expand=False).str.replace(",", "", regex=False)
    share = pd.Series(np.where(unit.str.contains(SHARE, regex=True), 100.0, 1.0), unit.index)
    return pd.to_numeric(per).astype(float).fillna(share)


def _part(rows: pd.DataFrame, what: str, amount: pd.Series[float]) -> pd.DataFrame:
    """One kind of count of these rows."""
    names = {
        "value": rows["title"],
        "numerator": rows["numerator_name"],
        "denominator": rows["denominator_name"],
        "rest": rows["denominator_name"] + " without " + rows["numerator_name"],
    }
    start, kind = _start(rows)
    quantity = rows["directorate"] + "|" + rows["service"] + "|" + names[what].str.lower() + "|" + kind
    made = rows.assign(what=what, quantity=quantity, start=start, amount=amount.loc[rows.index])
    return made[list(COLUMNS)]


def _start(rows: pd.DataFrame) -> tuple[pd.Series[pd.Timestamp], pd.Series[str]]:
    """The first day that a count covers, and how it adds up: over days ('flow'), or not at all."""
    end = rows["end"]
    last = end - pd.Timedelta(days=1)
    april = pd.to_datetime((last.dt.year - (last.dt.month < 4)).astype(str) + "-04-01")
    to_date, rolling = rows["accumulation"] == "year-to-date", rows["accumulation"] == "rolling"
    flow = rows["roll_up"].isin(FLOWS) | to_date | rolling
    start = rows["start"].where(~to_date, april.astype(end.dtype))
    start = start.where(~(rolling & rows["frequency"].ne("multi-year")), rows["window"])
    kind = rows["roll_up"].where(~flow, "flow")
    return start.where(flow | kind.eq("mean"), last), kind
