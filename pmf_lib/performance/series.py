"""Series: what was known at the as-at date, one value per measure and period, year-to-date values taken apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.performance.frames import complete
from pmf_lib.performance.spc.rules import Whole
from pmf_lib.records.period_days import distinct
from pmf_lib.records.quality.known import in_force, ranks

COLUMNS = (
    "measure_id",
    "period",
    "kind",
    "start",
    "end",
    "ordinal",
    "value",
    "numerator",
    "denominator",
    "state",
    "recorded_at",
    "source_file",
    "source_sheet",
    "source_row",
    "value_in_period",
    "unsuited",
)
RECORDED = [
    *("measure_id", "period", "value", "numerator", "denominator", "state", "recorded_at"),
    *("source_file", "source_sheet", "source_row"),
]
TOLD_BY = ["measure_id", "frequency", "accumulation", "unit", "roll_up", "denominator_name"]
"""Columns of observations and of measures that a series is told from."""
ANNUAL_KINDS = ("year", "academic_year", "calendar_year")
ADDITIVE_ROLL_UPS = ("sum", "last", "none")
RATIO_UNITS = r"%|^rate\b|\bper\b|^average\b|^mean\b|^ratio\b"

ANNUAL = "Annual figures: too few and too far apart for a control chart."
OVERLAPPING = "Overlapping windows share most of their data, so one value does not tell of change on its own."
REFUSED = (
    "The year-to-date figures cannot be taken apart into periods: "
    "a percentage, rate or average needs its numerator and denominator."
)


def series(
    observations: pd.DataFrame,
    measures: pd.DataFrame,
    as_at: date,
    *,
    set_aside: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The value in force for each measure and period, and its value in the period alone.

    The value in force is the one recorded last on or before `as_at`. A suppressed observation keeps its state and
    has no value. Observations of unknown measures, and periods that are not of the measure's frequency, are left
    out here (checking the records finds and names them).

    Parameters
    ----------
    observations, measures
        Tables of records (`pmf_lib.records.schema`); `observations` may be empty.
    as_at
        The only "today" of the computation.
    set_aside
        Values that are surely wrong (measure_id, period): kept as reported, but no value in the period is told from
        them, neither their own nor that of the period after them.

    Returns
    -------
    DataFrame
        One row per measure and period, sorted by measure_id and ordinal, with the columns of `COLUMNS`.
        ``value`` is as reported, in the measure's unit; ``value_in_period`` is de-cumulated within the financial
        year for accumulation 'year-to-date' (NaN where that cannot be done) and else the value; ``unsuited`` says
        why the measure's series does not suit a control chart, or is ''.

    Source
    ------
    A choice of this workbook: docs/methods/control-charts.md.
    """
    rows = in_force(complete(observations, "observations", RECORDED), as_at)
    about = complete(measures, "measures", TOLD_BY)
    place = pd.Index(about["measure_id"], dtype=object).get_indexer(
        np.asarray(rows["measure_id"], dtype=object)
    )
    kinds = np.array([*about["frequency"].map(periods.FREQUENCIES), np.nan], dtype=object)
    rows, place = _dated(rows, place, kinds[place])
    about = about.take(place).set_axis(rows.index)
    alone = _in_period(_without(rows, set_aside), about)
    rows = rows.assign(value_in_period=alone)
    return rows.assign(unsuited=_unsuited(rows, about["accumulation"] == "rolling"))[list(COLUMNS)]


def gaps(rows: pd.DataFrame) -> pd.Series[str]:
    """Missing periods by measure, in words: index measure_id, text such as '2020-05' or '2020-05 to 2020-07'.

    `rows` is what `series` gives; a period without a value counts as missing. Windows are passed over.
    """
    held = rows[rows["value_in_period"].notna() & (rows["kind"] != "window")]
    step = held.groupby("measure_id")["ordinal"].diff()
    after = held[step > 1]
    texts = [
        _gap(periods.parse(row.period, row.kind), int(missing))
        for row, missing in zip(after.itertuples(), step[step > 1] - 1, strict=True)
    ]
    found = pd.Series(texts, index=pd.Index(after["measure_id"], name="measure_id"), dtype=str)
    return found.groupby(level=0).agg(", ".join).astype("str")


def _gap(next_held: periods.Period, missing: int) -> str:
    first, last = next_held.shift(-missing).label, next_held.shift(-1).label
    return first if missing == 1 else f"{first} to {last}"


def _dated(rows: pd.DataFrame, place: Whole, kinds: Any) -> tuple[pd.DataFrame, Whole]:
    """Rows in order with kind, start, end and ordinal, and the places of their measures; what is no period of its measure's is left out."""
    pairs, pair = distinct(rows["period"], kinds)
    read = [_read(label, kind) for label, kind in pairs]
    is_read = np.array([period is not None for period in read], dtype=bool)[pair]
    start, end = (
        np.array([period and getattr(period, side) for period in read], dtype="datetime64[us]")[pair]
        for side in ("start", "end")
    )
    ordinal = np.array([period.ordinal if period else 0 for period in read], dtype=np.int64)[pair]
    order = np.lexsort((start, ordinal, ranks(rows["measure_id"])))
    order = order[is_read[order]]
    found = rows.take(order).reset_index(drop=True)
    kind = pd.array(kinds[order], dtype="str")
    return found.assign(kind=kind, start=start[order], end=end[order], ordinal=ordinal[order]), place[order]


def _read(label: str, kind: Any) -> periods.Period | None:
    try:
        return periods.parse(label, kind)
    except ParameterError:
        return None


def _without(rows: pd.DataFrame, set_aside: pd.DataFrame | None) -> pd.DataFrame:
    """Rows without the figures that are set aside."""
    if set_aside is None or set_aside.empty:
        return rows
    keys = ["measure_id", "period"]
    aside = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(set_aside[keys]))
    return rows.assign(**{name: rows[name].mask(aside) for name in ("value", "numerator", "denominator")})


def _in_period(rows: pd.DataFrame, about: pd.DataFrame) -> pd.Series[float]:
    """Values of the periods alone; only year-to-date values change."""
    at = np.flatnonzero(about["accumulation"] == "year-to-date")
    value = rows["value"].to_numpy(copy=True)
    if len(at):
        own = rows.take(at)
        value[at] = np.where(_is_ratio(about.take(at)), _ratio(own), _apart(own, "value"))
    return pd.Series(value, rows.index).round(10)


def _is_ratio(about: pd.DataFrame) -> pd.Series[bool]:
    """A percentage, rate or average: periods do not add up to the year."""
    by_unit = about["unit"].str.contains(RATIO_UNITS, regex=True, case=False)
    average_days = about["unit"].eq("days") & about["roll_up"].ne("sum")
    return (
        by_unit | average_days | ~about["roll_up"].isin(ADDITIVE_ROLL_UPS) | about["denominator_name"].ne("")
    )


def _ratio(rows: pd.DataFrame) -> pd.Series[float]:
    """Numerator and denominator each taken apart, on the scale (1, 100, 10,000, …) that the value is on."""
    above, below = _apart(rows, "numerator"), _apart(rows, "denominator")
    scale = rows["value"] * rows["denominator"] / rows["numerator"]
    power = np.log10(scale.where(scale > 0, 1.0)).round()
    return above * (10.0**power) / below.where(below > 0)


def _apart(rows: pd.DataFrame, name: str) -> pd.Series[float]:
    """The change since the period before; a financial year's first period is its own value."""
    same = (rows["measure_id"] == rows["measure_id"].shift()) & (rows["ordinal"].diff() == 1)
    first = _financial_year(rows["start"] - pd.Timedelta(days=1)) != _financial_year(rows["end"])
    return rows[name].where(first, rows[name] - rows[name].shift().where(same))


def _financial_year(day: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    return day.dt.year - (day.dt.month < 4)


def _unsuited(rows: pd.DataFrame, is_rolling: pd.Series[bool]) -> pd.Series[str]:
    of = np.cumsum((rows["measure_id"] != rows["measure_id"].shift()).to_numpy()) - 1
    held, apart = (
        np.bincount(of, rows[name].notna())[of] > 0 if len(of) else np.zeros(0, dtype=bool)
        for name in ("value", "value_in_period")
    )
    windows = (is_rolling | (rows["kind"] == "window")).to_numpy()
    reasons = [rows["kind"].isin(ANNUAL_KINDS).to_numpy(), windows, held & ~apart]
    return pd.Series(np.select(reasons, [ANNUAL, OVERLAPPING, REFUSED], ""), rows.index, dtype=str)
