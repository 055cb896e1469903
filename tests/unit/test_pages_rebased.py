"""Which segment of a chart a decision began: found by its measure and period, whatever its words are."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import parse, parse_quarter
from pmf_lib.workbook.pages.measures import rebased

BOOK = SimpleNamespace(
    quarter=parse_quarter("2024-25 Q2"), as_at=date(2024, 11, 15), schemes=SimpleNamespace(xmr=XmrOptions())
)
RATED = pd.DataFrame({"measure_id": ["m", "n"], "decimals": 0, "unit": "days", "frequency": "monthly"})
MEANS = {"2023-04": 10.0, "2023-05": 10.0, "2023-08": 20.0, "2023-09": 20.0, "2024-01": 30.0}


def points() -> pd.DataFrame:
    """The same charts of two measures: a mean of 10, of 20 from August 2023, of 30 from January 2024; June and July are missing."""
    one = pd.DataFrame({"period": list(MEANS), "mean": list(MEANS.values())})
    one["ordinal"] = [parse(label, "month").ordinal for label in one["period"]]
    one["segment"] = (one["mean"] / 10 - 1).astype(int)
    return pd.concat([one.assign(measure_id="m"), one.assign(measure_id="n", mean=one["mean"] + 1)])


@pytest.mark.parametrize(
    ("measure", "period", "means"),
    [
        ("m", "2023-08", (10, 20)),
        ("m", "2023-06", (10, 20)),
        ("m", "2024-01", (20, 30)),
        ("n", "2024-01", (21, 31)),
        ("m", "2024-02", (np.nan, np.nan)),
    ],
)
def test_a_step_is_that_of_the_segment_from_the_decisions_period_on(
    measure: str, period: str, means: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"measure_id": measure, "period": period, "decision": "Board: new", "dated": date(2024, 2, 1)}
    monkeypatch.setattr(rebased.decided, "held", lambda book: pd.DataFrame([row]))
    found = points()
    told = found.assign(decision=["", "", "Board: new", "", "Board: new system"] * 2)
    step = rebased.steps(BOOK, RATED, told.sample(frac=1, random_state=1)).iloc[0]
    np.testing.assert_array_equal(step[["before", "since"]].astype(float), means)
    assert (step["unit"], step["decimals"]) == ("days", 0)
