"""Results of a unit: series that have ended say nothing of today; nothing to collect is said."""

import pandas as pd
import pytest

from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.results import as_found, still_running

QUARTER = parse_quarter("2024-25 Q2")


def measure(
    last_period: str, state: str = "met", frequency: str = "monthly", variation: str = "improving_high"
) -> pd.DataFrame:
    row = {"state": state, "frequency": frequency, "last_period": last_period, "variation": variation}
    return pd.DataFrame([{**row, "variation_why": "w", "capability": "hit_and_miss", "capability_why": "w"}])


@pytest.mark.parametrize(
    ("last_period", "state", "frequency", "kept"),
    [
        ("2024-09", "met", "monthly", True),
        ("2024-04", "late", "monthly", True),
        ("2024-03", "late", "monthly", False),
        ("2024-25 Q1", "awaited", "quarterly", True),
        ("2023-24 Q4", "late", "quarterly", False),
        ("2023-24 Q1", "late", "quarterly", False),
        ("2024-09", "retired", "monthly", False),
        ("2024-09", "not_defined", "monthly", False),
    ],
)
def test_change_is_told_only_of_series_that_still_run(
    last_period: str, state: str, frequency: str, kept: bool
) -> None:
    told = still_running(measure(last_period, state, frequency), QUARTER).iloc[0]
    assert told["variation"] == ("improving_high" if kept else "not_suited")
    assert told["capability"] == ("hit_and_miss" if kept else "not_tested")


def test_a_series_that_was_never_tested_keeps_its_own_reason() -> None:
    told = still_running(measure("2020-21", "late", "annual", "not_suited"), QUARTER).iloc[0]
    assert (told["variation"], told["variation_why"]) == ("not_suited", "w")


def test_no_measures_are_no_trouble() -> None:
    assert still_running(measure("2024-09").iloc[:0], QUARTER).empty


def test_figures_of_others_are_never_late_but_not_published():
    rows = pd.concat(
        [measure("2024-25 Q1", state) for state in ("late", "awaited", "met")], ignore_index=True
    )
    found = as_found(rows.assign(period="2024-25 Q2", why="w", rule="r"))
    assert found["state"].tolist() == ["not_published", "not_published", "met"]
    assert found["why"].tolist()[1:] == [
        "No figure for 2024-25 Q2 is in the publisher's files as found.",
        "w",
    ]
    assert found["rule"].tolist() == ["status.not-published", "status.not-published", "r"]
