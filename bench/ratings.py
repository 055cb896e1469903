"""Control charts, statuses and directions of travel of every series, as the benchmark asks for them.

Each series' last point is rated against a target; what a measure and its target are else is alike for all.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.direction import direction
from pmf_lib.performance.lookup import lookup
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
WORDED = {"unit": "%", "carried": False, "changed": False}
NONE = dict.fromkeys(("lower", "upper", "stretch", "tolerance", "first_ordinal"), np.nan)
WERE = dict.fromkeys(("was_target", "was_lower", "was_upper"), np.nan)
SAME: dict[str, Any] = {"period": "2024-09", **DAYS, **MEASURE, **GIVEN, **TARGET, **WORDED, **NONE, **WERE}
"""Columns of the measures and their targets that are alike for all."""
YEAR = 12


def asked(ids: pd.Index) -> pd.DataFrame:
    """One row per series: the measure and its target, without any figure."""
    return pd.DataFrame({"measure_id": ids.sort_values()}).assign(**SAME)


def rated(
    frame: pd.DataFrame,
    rebase: pd.DataFrame,
    polarity: pd.Series,
    measures: pd.DataFrame,
    *,
    with_why: bool = False,
) -> list[Any]:
    """Control charts, statuses and both directions of travel of every series; its last figure is looked up, too."""
    chart: Xmr = xmr(frame, rebase=rebase, polarity=polarity)
    values = chart.points[["measure_id", "ordinal", "value"]]
    rows = _with_figures(measures.assign(ordinal=chart.summary["last_order"]), values)
    states = status(rows, quarter=QUARTER, as_at=AS_AT, scheme=SCHEME, with_why=with_why)
    travel = direction(rows, values.assign(value_in_period=values["value"]), chart.points)
    return [chart, states, travel]


def _with_figures(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """The last value of each series, and the one of a year before."""
    held = lookup(values)
    last, before = (
        held.numbers("value", held.places(rows["measure_id"], rows["ordinal"] - steps)) for steps in (0, YEAR)
    )
    return rows.assign(value=last, last_value=last, year_before=before)
