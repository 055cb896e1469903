"""The target in force for the period that a measure is rated for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.frames import complete, typed
from pmf_lib.performance.series import ANNUAL_KINDS
from pmf_lib.performance.spc.rules import Flags
from pmf_lib.periods import Period
from pmf_lib.records import goals
from pmf_lib.records.period_days import days

TARGET_TYPES = {
    "target": "float",
    "lower": "float",
    "upper": "float",
    "tolerance": "float",
    "tolerance_kind": "str",
    "stretch": "float",
    "basis": "str",
    "target_file": "str",
    "target_row": "float",
    "approved_by": "str",
    "approved_on": "datetime64[us]",
    "from_period": "str",
    "target_begin": "datetime64[us]",
    "carried": "bool",
    "changed": "bool",
    "was_target": "float",
    "was_lower": "float",
    "was_upper": "float",
    "same_since": "datetime64[us]",
    "changed_on": "datetime64[us]",
}
NOT_HELD = [
    *("target", "lower", "upper", "tolerance", "tolerance_kind", "stretch", "target_file", "target_row"),
    *("approved_by", "approved_on"),
]


def in_force(targets: pd.DataFrame, due: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The target in force for each row of `due` (a measure and a period): the last whose first period starts by then.

    A target for the year to date is one point of a profile: it holds only for a value to the same day, and is not
    carried forward (annual figures aside). Where no period is due, the quarter's first day decides.

    Returns
    -------
    DataFrame
        One row per row of `due`, same index: target, lower, upper, tolerance (in the measure's unit, or per cent),
        tolerance_kind, stretch, basis, target_file, target_row, target_begin (first day of its first period); empty where no target
        is in force. carried (bool): it is that of an earlier year than the period's, of a measure that has more
        than this one (a single target stands until it is replaced). changed (bool): it replaced another one within the
        year of the period, with was_target, was_lower, was_upper, from_period, approved_by, approved_on. same_since: first
        day from which its figures have been the same (NaT: always); changed_on: of the last change within a
        year (NaT: none). unprofiled (bool): the target is for
        the year to another day, so that nothing but its basis is given.
    """
    rows = complete(targets, "targets").rename(
        columns={"source_file": "target_file", "source_row": "target_row"}
    )
    asked = due[["measure_id", "kind", "start", "end"]].assign(place=np.arange(len(due)))
    rows = rows.merge(asked, on="measure_id")
    rows = rows.assign(
        begin=days(rows["from_period"], rows["kind"]), until=days(rows["from_period"], rows["kind"], "end")
    )
    rows["profiled"] = (rows["basis"] == "year-to-date") & ~rows["kind"].isin(ANNUAL_KINDS)
    rows = rows.join(_changes(rows))
    rows["own"] = rows["profiled"] & (rows["until"] == rows["end"])
    known = rows[rows["begin"] <= rows["start"].fillna(pd.Timestamp(quarter.start))]
    known = known.sort_values(["place", "own", "begin", "from_period"])
    known = known.drop_duplicates("place", keep="last")
    unprofiled = known["profiled"] & ~known["own"]
    known[NOT_HELD] = known[NOT_HELD].mask(unprofiled)
    known = known.assign(target_begin=known["begin"])
    is_carried = goals.is_carried(known["begin"], known["start"], known["kind"])
    is_one_of_many = np.bincount(rows["place"], minlength=len(due))[known["place"]] > 1
    known = known.assign(carried=is_carried & is_one_of_many, changed=known["changed"] & ~is_carried)
    without = np.zeros(len(due), dtype=bool)
    without[known.loc[unprofiled, "place"]] = True
    found = known.set_index("place").reindex(np.arange(len(due)))
    return typed(found, TARGET_TYPES).set_axis(due.index).assign(unprofiled=without)


def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    """What each row replaced (was_…, changed: within a year), and since when figures are the same; profiles change by nature."""
    own = rows.loc[~rows["profiled"], ["place", "begin", "from_period", "kind", *goals.FIGURES]]
    own = own.sort_values(["place", "begin", "from_period"])
    figures, new = own[list(goals.FIGURES)], own["place"] != own["place"].shift()
    before = figures.shift().mask(new)
    other = goals.is_other(figures, before).to_numpy()
    changed = other & goals.is_within_year(own["begin"], own["kind"]).to_numpy()
    since = {"same_since": other, "changed_on": changed}
    found = before.add_prefix("was_").assign(
        changed=changed,
        **{name: _last_day(own["begin"], is_new, new.to_numpy()) for name, is_new in since.items()},
    )
    return found.reindex(rows.index).assign(changed=found["changed"].reindex(rows.index, fill_value=False))


def _last_day(days: pd.Series[pd.Timestamp], is_marked: Flags, is_first: Flags) -> Any:
    """Of each row the day of the last marked one up to it, from the first of its measure on; NaT where there is none."""
    place = np.arange(len(days))
    last = np.maximum.accumulate(np.where(is_marked, place, -1))
    first = np.maximum.accumulate(np.where(is_first, place, 0))
    return days.array.take(np.where(last >= first, last, -1), allow_fill=True)
