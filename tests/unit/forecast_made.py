"""Made-up series as `series` gives them, for the tests of forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.periods import FREQUENCIES, parse_quarter

QUARTER = parse_quarter("2024-25 Q2")


def measure(measure_id: str = "a", **more: Any) -> dict[str, Any]:
    given = {"measure_id": measure_id, "unit": "number", "decimals": 0, "polarity": "higher"}
    return given | {"frequency": "quarterly", "accumulation": "in-period", "roll_up": "sum"} | more


def target(
    value: float | None, since: str = "2021-22 Q1", measure_id: str = "a", **more: Any
) -> dict[str, Any]:
    return {"measure_id": measure_id, "from_period": since, "target": value} | more


def held(
    values: Sequence[float] | Mapping[str, float],
    of: dict[str, Any],
    last: str = "2024-25 Q2",
    denominators: Sequence[float] | None = None,
    unsuited: str = "",
) -> pd.DataFrame:
    """One series: values that end at `last` (or by period); a value that is NaN has a row without a value."""
    kind = FREQUENCIES[of["frequency"]]
    if not isinstance(values, Mapping):
        end = periods.parse(last, kind)
        values = {end.shift(at - len(values) + 1).label: value for at, value in enumerate(values)}
    when = [periods.parse(label, kind) for label in values]
    return pd.DataFrame(
        {
            "measure_id": of["measure_id"],
            "period": list(values),
            "kind": kind,
            "start": pd.Series([one.start for one in when], dtype="datetime64[us]"),
            "end": pd.Series([one.end for one in when], dtype="datetime64[us]"),
            "ordinal": [one.ordinal for one in when],
            "value": list(values.values()),
            "value_in_period": list(values.values()),
            "numerator": np.nan,
            "denominator": np.nan if denominators is None else denominators,
            "unsuited": unsuited,
        }
    )


def noise(size: int, seed: int = 1, level: float = 100, spread: float = 5) -> list[float]:
    return list(np.round(level + np.random.default_rng(seed).normal(0, spread, size), 3))
