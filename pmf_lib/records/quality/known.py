"""What was known at a day: one value per measure and period, and which values had fallen due by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.periods import FREQUENCIES, Period
from pmf_lib.records.period_days import distinct
from pmf_lib.records.schema import PROVENANCE

Whole = NDArray[np.int64]
FIGURES = ("value", "numerator", "denominator")
_TOLD_APART_BY = ("measure_id", "period", "source_file")
DUE_COLUMNS = ("measure_id", "period", "end", "due_on", "recorded_at", "is_there", "days_late")


def in_force(observations: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """The observations in force at a day: per measure and period the one recorded last on or before it.

    A suppressed observation keeps its row and has no value.
    """
    at = np.flatnonzero(_is_recorded(observations, as_at))
    measure, period, file = (ranks(observations[name].array.take(at)) for name in _TOLD_APART_BY)
    recorded, row = (observations[name].to_numpy()[at] for name in ("recorded_at", "source_row"))
    order = np.lexsort((row, file, recorded, period, measure))
    key = (measure * (period.max(initial=0) + 1) + period)[order]
    is_last = np.append(key[1:] != key[:-1], True)[: len(key)]
    known = observations.take(at[order[is_last]])
    is_hidden = known["state"] == "suppressed"
    if not is_hidden.any():
        return known
    return known.assign(**{name: known[name].mask(is_hidden) for name in FIGURES})


def _is_recorded(observations: pd.DataFrame, as_at: date) -> NDArray[np.bool_]:
    """Was a row recorded by the end of this day?"""
    return np.asarray(observations["recorded_at"].to_numpy() < np.datetime64(as_at, "D") + 1)


def ranks(texts: Any) -> Whole:
    """Each text's place among all of them in order: numbers sort far quicker.

    >>> ranks(np.array(["b", "a", "b"], dtype=object)).tolist()
    [1, 0, 1]
    """
    return np.asarray(pd.factorize(np.asarray(texts, dtype=object), sort=True)[0], dtype=np.int64)


def dated(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """`rows` (with measure_id and period) with kind, end and ordinal of each period, in order of time."""
    kinds = _kinds(rows["measure_id"], measures)
    pairs, pair = distinct(rows["period"], kinds)
    read = [periods.parse(label, kind) for label, kind in pairs]
    end = np.array([period.end for period in read], dtype="datetime64[us]")[pair]
    ordinal = np.array([period.ordinal for period in read], dtype=np.int64)[pair]
    order = np.lexsort((ordinal, ranks(rows["measure_id"])))
    return rows.take(order).assign(
        kind=pd.array(kinds[order], dtype="str"), end=end[order], ordinal=ordinal[order]
    )


def _kinds(ids: pd.Series[str], measures: pd.DataFrame) -> NDArray[np.object_]:
    """The kind of period of each of these measures; NaN of one that is not known."""
    of = [FREQUENCIES.get(often, np.nan) for often in measures["frequency"].tolist()]
    at = pd.Index(measures["measure_id"], dtype=object).get_indexer(np.asarray(ids, dtype=object))
    found: NDArray[np.object_] = np.array([*of, np.nan], dtype=object)[at]
    return found


def report_before(quarter: Period, as_at: date, quarters: int) -> date:
    """The day of the report so many quarters before, taken to be made equally long after its quarter's end."""
    return quarter.shift(-quarters).end + (as_at - quarter.end)


def values_due(
    measures: pd.DataFrame, observations: pd.DataFrame, *, quarter: Period, as_at: date, quarters: int
) -> pd.DataFrame:
    """Every value of the last so many quarters that fell due, whether it came, and when.

    A value falls due so many days after its period's end as its measure says. It is of the last quarters if its period
    ended in them, or it fell due since the report that was made so many quarters before. Only periods that ended by the quarter's end
    count, from the first that the measure ever reported (of one that never reported, the last that fell due), up to
    its retirement. Of a multi-year window only the observation tells which months it spans, so none can be missing.

    Returns
    -------
    DataFrame
        One row per measure and period due, in order of time: measure_id, period, end, due_on, recorded_at (when it
        first came), is_there, days_late (days after due_on until it came or, where it did not, until `as_at`; 0 if on time).
    """
    since, day = pd.Timestamp(report_before(quarter, as_at, quarters)), pd.Timestamp(as_at)
    held = dated(_came(observations, as_at), measures)
    asked = _candidates(measures, held, quarter, quarters, since.date())
    asked = asked.merge(
        held[["measure_id", "period", "recorded_at"]], on=["measure_id", "period"], how="left"
    )
    asked["is_there"] = asked["recorded_at"].notna()
    inside = (asked["end"] > pd.Timestamp(quarter.shift(-quarters).end)) | (asked["due_on"] > since)
    fallen = (asked["due_on"] < day) | ((asked["due_on"] == day) & asked["is_there"])
    due = _kept(asked[inside & fallen], measures, held).copy()
    until = due["recorded_at"].fillna(day).dt.normalize()
    due["days_late"] = (until - due["due_on"]).dt.days.clip(lower=0).astype("int64")
    due = due.sort_values(["measure_id", "end"], kind="stable", ignore_index=True)
    return due[list(DUE_COLUMNS)]


def _came(observations: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Per measure and period the first observation that said something."""
    says = observations["value"].notna() | (observations["state"] == "suppressed")
    at = np.flatnonzero(_is_recorded(observations, as_at) & says.to_numpy())
    order = at[np.argsort(observations["recorded_at"].to_numpy()[at], kind="stable")]
    names = observations[["measure_id", "period"]].take(order)
    return observations.take(order[~names.duplicated().to_numpy()])


def came_late(due: pd.DataFrame, observations: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """The values of `due` (as `values_due` gives them) that came late, the latest first, each with its first row.

    Columns: those of `due`, and source_file, source_sheet and source_row of the row with which the value first came.
    """
    late = due[due["is_there"] & (due["days_late"] > 0)]
    first = _came(observations, as_at)[["measure_id", "period", *PROVENANCE]]
    found = late.merge(first, on=["measure_id", "period"])
    return found.sort_values("days_late", ascending=False, kind="stable", ignore_index=True)


def _candidates(
    measures: pd.DataFrame, held: pd.DataFrame, quarter: Period, quarters: int, since: date
) -> pd.DataFrame:
    """One row per measure and period of its kind that may have fallen due: measure_id, period, end, ordinal, due_on."""
    wanted = measures[["measure_id", "due_days"]].assign(kind=measures["frequency"].map(FREQUENCIES))
    ended = pd.DataFrame(
        list(_ended(wanted, quarter, quarters, since)), columns=["kind", "period", "end", "ordinal"]
    )
    fixed = wanted.merge(ended.astype({"end": "datetime64[us]", "ordinal": "int64"}), on="kind")
    windows = held.loc[held["kind"] == "window", ["measure_id", "period", "end", "ordinal"]]
    windows = windows[windows["end"] <= pd.Timestamp(quarter.end)]
    found = pd.concat([fixed, wanted.merge(windows, on="measure_id")], ignore_index=True)
    return found.assign(due_on=found["end"] + pd.to_timedelta(found["due_days"], unit="D"))


def _ended(
    wanted: pd.DataFrame, quarter: Period, quarters: int, since: date
) -> Iterator[tuple[str, str, pd.Timestamp, int]]:
    """Periods of each kind that ended by the quarter's end, back to those that no measure counts."""
    oldest = quarter.shift(-quarters).end
    for kind, days in wanted.groupby("kind")["due_days"].max().drop("window", errors="ignore").items():
        period = periods.last_ended(str(kind), quarter.end)
        while period.end >= oldest or (since - period.end).days <= days:
            yield period.kind, period.label, pd.Timestamp(period.end), period.ordinal
            period = period.shift(-1)


def _kept(due: pd.DataFrame, measures: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """What fell due while the measure was kept: since its first report (if none ever came, the last due), not retired."""
    first = due["measure_id"].map(held.groupby("measure_id")["ordinal"].min()).astype("float64")
    last = due.groupby("measure_id")["ordinal"].transform("max")
    since = due["ordinal"] >= first.fillna(last)
    named = measures.loc[measures["retired_from"] != "", ["measure_id", "frequency", "retired_from"]]
    starts = {
        name: pd.Timestamp(_start(label, FREQUENCIES[often])) for name, often, label in named.to_numpy()
    }
    retired = due["measure_id"].map(starts).astype("datetime64[us]")
    return due[since & ~(due["end"] >= retired)]


def _start(label: str, kind: str) -> date:
    """The first day of a period; its label may be of another kind than the measure's own."""
    try:
        return periods.parse(label, kind).start
    except ParameterError:
        return periods.parse(label).start
