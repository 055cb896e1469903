"""What falls due in a reporting quarter, the last result known by then, and the target in force for it."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.performance.frames import complete, typed
from pmf_lib.periods import Period

RESULT_TYPES = {
    "value": "float",
    "state": "str",
    "value_in_period": "float",
    "ordinal": "float",
    "source_file": "str",
    "source_row": "float",
}
TARGET_COLUMNS = ("target", "lower", "upper", "tolerance", "tolerance_kind", "basis")


def due_periods(measures: pd.DataFrame, rows: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The period that each measure is rated for: the last of its own frequency that ends in the quarter.

    Parameters
    ----------
    measures, rows
        The table of measures, and what `series` gives (windows are due only where one was observed).
    quarter
        The reporting quarter.

    Returns
    -------
    DataFrame
        One row per measure, in the order given: measure_id, kind, period ('' where none ends in the quarter),
        start, due_on (datetime64).
    """
    wanted = complete(measures, "measures")[["measure_id", "frequency", "due_days"]]
    kind = wanted["frequency"].map(periods.FREQUENCIES)
    fixed = {name: _ending_in(name, quarter) for name in kind.unique() if name != "window"}
    label = kind.map({name: found.label if found else "" for name, found in fixed.items()})
    window = _windows(rows, quarter).reindex(wanted["measure_id"]).set_axis(wanted.index)
    label = label.astype("str").where(kind != "window", window).fillna("")
    found = pd.DataFrame({"measure_id": wanted["measure_id"], "kind": kind, "period": label.astype("str")})
    read = [periods.parse(text, of) if text else None for text, of in zip(label, kind, strict=True)]
    ends = [
        period and period.end + timedelta(days=int(days))
        for period, days in zip(read, wanted["due_days"], strict=True)
    ]
    return found.assign(
        start=pd.Series([period and period.start for period in read], dtype="datetime64[us]"),
        due_on=pd.Series(ends, dtype="datetime64[us]"),
    )


def _ending_in(kind: str, quarter: Period) -> Period | None:
    found = periods.last_ended(kind, quarter.end)
    return found if found.end >= quarter.start else None


def _windows(rows: pd.DataFrame, quarter: Period) -> pd.Series[str]:
    """Label of the last observed window that ends in the quarter, by measure."""
    inside = rows["end"].between(pd.Timestamp(quarter.start), pd.Timestamp(quarter.end))
    held = rows[inside & (rows["kind"] == "window")].sort_values(["end", "start"])
    return held.drop_duplicates("measure_id", keep="last").set_index("measure_id")["period"]


def with_results(due: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """`due` with the result of its period (value, state, …) and the last result known (last_period, …)."""
    keys = ["measure_id", "period"]
    now = due.merge(rows[keys + list(RESULT_TYPES)], on=keys, how="left")
    held = rows[rows["value"].notna()].drop_duplicates("measure_id", keep="last")
    columns = ["measure_id", "period", "value", "source_file", "source_row"]
    last = held[columns].rename(columns={name: f"last_{name}" for name in columns[1:]})
    now = now.merge(last, on="measure_id", how="left")
    text = {
        name: now[name].fillna("") for name in ("state", "source_file", "last_period", "last_source_file")
    }
    return now.assign(**text)


def in_force(targets: pd.DataFrame, due: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The target in force for each row of `due`: the last whose first period starts by then.

    Where no period is due, the quarter's first day decides.

    Returns
    -------
    DataFrame
        One row per row of `due`, same index: target, lower, upper, tolerance (in the measure's unit, or per cent),
        tolerance_kind, basis, target_file, target_row; empty where no target is in force.
    """
    rows = complete(targets, "targets").merge(due[["measure_id", "kind", "start"]], on="measure_id")
    begin = [_begin(label, kind) for label, kind in zip(rows["from_period"], rows["kind"], strict=True)]
    rows = rows.assign(begin=pd.Series(begin, rows.index, dtype="datetime64[us]"))
    known = rows[rows["begin"] <= rows["start"].fillna(pd.Timestamp(quarter.start))]
    known = known.sort_values(["measure_id", "begin", "from_period"]).drop_duplicates(
        "measure_id", keep="last"
    )
    known = known.rename(columns={"source_file": "target_file", "source_row": "target_row"})
    kept = [*TARGET_COLUMNS, "target_file", "target_row"]
    found = due[["measure_id"]].merge(known[["measure_id", *kept]], on="measure_id", how="left")
    types = {name: "str" if name in ("tolerance_kind", "basis", "target_file") else "float" for name in kept}
    return typed(found, types).set_axis(due.index)


def begins(labels: pd.Series[str], kinds: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """First days of periods (NaT where there is none), each read as of its kind, else as what it looks like."""
    days = [_begin(label, kind) if label else None for label, kind in zip(labels, kinds, strict=True)]
    return pd.Series(days, labels.index, dtype="datetime64[us]")


def _begin(label: str, kind: str) -> object:
    for of in (kind, None):
        try:
            return periods.parse(label, of).start
        except ParameterError:
            continue
    return None
