"""Series: what was known at the as-at date, one value per measure and period, year-to-date values taken apart."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.performance.frames import complete
from pmf_lib.records.quality.known import in_force

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
    rows = in_force(complete(observations, "observations"), as_at)
    kept = ["measure_id", "frequency", "accumulation", "unit", "roll_up", "denominator_name"]
    rows = rows.merge(complete(measures, "measures")[kept], on="measure_id", how="inner")
    rows = _dated(rows).sort_values(["measure_id", "ordinal", "start"], ignore_index=True)
    rows["value_in_period"] = _in_period(_without(rows, set_aside))
    rows["unsuited"] = _unsuited(rows)
    return rows[list(COLUMNS)]


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


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with kind, start, end and ordinal; each label is read once."""
    kind = rows["frequency"].map(periods.FREQUENCIES)
    wanted = pd.DataFrame({"period": rows["period"], "kind": kind}).drop_duplicates()
    read = [_read(label, of) for label, of in zip(wanted["period"], wanted["kind"], strict=True)]
    wanted = wanted.assign(
        start=pd.Series([found and found.start for found in read], wanted.index, dtype="datetime64[us]"),
        end=pd.Series([found and found.end for found in read], wanted.index, dtype="datetime64[us]"),
        ordinal=[found.ordinal if found else 0 for found in read],
    )
    rows = rows.assign(kind=kind).merge(wanted, on=["period", "kind"], how="left")
    rows = rows[rows["start"].notna()]
    return rows.astype({"ordinal": int, "kind": "str"})


def _read(label: str, kind: str) -> periods.Period | None:
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


def _in_period(rows: pd.DataFrame) -> pd.Series[float]:
    """Values of the periods alone; only year-to-date values change."""
    cumulative = rows["accumulation"] == "year-to-date"
    taken_apart = np.where(_is_ratio(rows), _ratio(rows), _apart(rows, "value"))
    return rows["value"].where(~cumulative, pd.Series(taken_apart, rows.index)).round(10)


def _is_ratio(rows: pd.DataFrame) -> pd.Series[bool]:
    """A percentage, rate or average: periods do not add up to the year."""
    by_unit = rows["unit"].str.contains(RATIO_UNITS, regex=True, case=False)
    average_days = rows["unit"].eq("days") & rows["roll_up"].ne("sum")
    return by_unit | average_days | ~rows["roll_up"].isin(ADDITIVE_ROLL_UPS) | rows["denominator_name"].ne("")


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


def _unsuited(rows: pd.DataFrame) -> pd.Series[str]:
    held = rows["value"].notna().groupby(rows["measure_id"]).transform("any")
    apart = rows["value_in_period"].notna().groupby(rows["measure_id"]).transform("any")
    windows = (rows["accumulation"] == "rolling") | (rows["kind"] == "window")
    reasons = [rows["kind"].isin(ANNUAL_KINDS), windows, held & ~apart]
    return pd.Series(np.select(reasons, [ANNUAL, OVERLAPPING, REFUSED], ""), rows.index, dtype=str)
