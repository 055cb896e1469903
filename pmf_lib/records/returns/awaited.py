"""Figures that ought to be there and are not: what a template asks for, and whom to chase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.periods import FREQUENCIES, Period
from pmf_lib.records.cells import looked_up
from pmf_lib.records.parse import Records

AWAITED = ("directorate", "measure_id", "owner", "period", "end", "due_on")
_ABOUT = ("directorate", "measure_id", "owner", "due_days", "frequency", "retired_from")


def awaited(records: Records, quarter: Period, as_at: date | None = None) -> pd.DataFrame:
    """Figures that are not there: one row per measure and period that ended in the twelve months to the quarter's end.

    Before a measure's first figure only the periods of the quarter itself count (and one that ended last before it, where none
    did); windows of several years and periods from which it is retired do not.

    Returns
    -------
    DataFrame
        directorate, measure_id, owner, period, end, due_on (dates); in the order of measures, then of time.
    """
    seen = records.tables["observations"]
    if as_at is not None:
        seen = seen[seen["recorded_at"] <= pd.Timestamp(as_at)]
    came = set(zip(seen["measure_id"], seen["period"], strict=True))
    firsts = _firsts(seen, records.tables["measures"])
    about = records.tables["measures"][list(_ABOUT)].astype("object").to_numpy().tolist()
    rows = [
        (*one[:3], period.label, period.end, _due(period, one[3]))
        for one in about
        for period in _expected(one[4], one[5], firsts.get(one[1]), quarter)
        if (one[1], period.label) not in came
    ]
    return pd.DataFrame(rows, columns=list(AWAITED))


def _firsts(observations: pd.DataFrame, measures: pd.DataFrame) -> dict[str, Period]:
    """The first period of each measure that has a figure."""
    kinds = looked_up(measures.set_index("measure_id")["frequency"], FREQUENCIES)
    pairs = observations[["measure_id", "period"]].drop_duplicates()
    found: dict[str, Period] = {}
    for measure_id, label in pairs.itertuples(index=False):
        period = period_of(label, kinds.get(measure_id, ""))
        found[measure_id] = min(period, found.get(measure_id, period))
    return found


@cache
def period_of(label: str, kind: str) -> Period:
    """The period of a label that was read before ('' for any kind)."""
    return periods.parse(label, kind or None)


def _expected(frequency: str, retired_from: str, first: Period | None, quarter: Period) -> Iterator[Period]:
    """Periods of a measure, in order, that ought to have a figure by now."""
    kind = FREQUENCIES[frequency]
    if kind == "window":
        return
    period, since = periods.last_ended(kind, quarter.end), quarter.shift(-4).end
    found = [period]
    while (period := period.shift(-1)).end > since:
        found.append(period)
    if first is None:
        found = [each for each in found if each.end >= quarter.start] or found[:1]
    retired = _retired(retired_from)
    for each in reversed(found):
        if (
            (first is None or each >= first)
            and each.end > since
            and (retired is None or each.end < retired.start)
        ):
            yield each


def _retired(label: str) -> Period | None:
    try:
        return period_of(label, "") if label else None
    except ParameterError:
        return None


def _due(period: Period, days: float) -> date:
    return period.end + timedelta(days=int(days))
