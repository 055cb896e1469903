"""What `status` and `direction` are asked in the benchmark: each series' last point against a target."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.direction import direction
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.spc import Xmr, xmr
from pmf_lib.performance.status import status
from pmf_lib.periods import parse_quarter

QUARTER, AS_AT = parse_quarter("2024-25 Q2"), date(2024, 11, 15)
SCHEME = StatusScheme(version=1, dated=AS_AT, source="benchmark", tolerance={"amount": 5, "kind": "per-cent"})
LAST = pd.Timestamp(2024, 9, 30)
DAYS = dict.fromkeys(("start", "end", "due_on"), LAST)
MEASURE = {"decimals": 1.0, "polarity": "higher", "kind": "month", "accumulation": "in-period"}
GIVEN = {"definition": "counted", "retired_from": "", "monitor_only": False, "result_state": "final"}
TARGET = {"target": 50.0, "basis": "in-period", "unprofiled": False, "tolerance_kind": ""}
NONE = dict.fromkeys(("lower", "upper", "stretch", "tolerance", "first_ordinal"), np.nan)
SAME: dict[str, Any] = {"period": "2024-09", **DAYS, **MEASURE, **GIVEN, **TARGET, **NONE}
"""Columns of the measures and their targets that are alike for all."""


def asked(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per series, with its last value (`frame` as `bench.series.frame` gives it)."""
    last = frame[frame["value"].notna()].sort_values("ordinal").drop_duplicates("measure_id", keep="last")
    rows = last.sort_values("measure_id", ignore_index=True).assign(**SAME)
    return rows.assign(last_value=rows["value"], year_before=rows["value"] - 1)


def rated(frame: pd.DataFrame, rebase: pd.DataFrame, polarity: pd.Series, rows: pd.DataFrame) -> list[Any]:
    """Control charts, statuses and both directions of travel of every series; without the sentences of status."""
    chart: Xmr = xmr(frame, rebase=rebase, polarity=polarity)
    states = status(rows, quarter=QUARTER, as_at=AS_AT, scheme=SCHEME, with_why=False)
    values = chart.points[["measure_id", "ordinal", "value"]]
    travel = direction(rows, values.assign(value_in_period=values["value"]), chart.points)
    return [chart, states, travel]
