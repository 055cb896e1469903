"""Which period a quarter's report rates, drawn: quick and slow measures, on time, late and missing."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases, rated

from pmf_lib.periods import parse_quarter

# The report of 2024-25 Q2 is made on 15 November, 46 days after the quarter's end; the one before, by that lag, was
# made on 15 August. 'held' names the periods with a value; all were there long before the report.
DUE = """
| frequency       | due after | quarter    | as at      | held                   | period         | due_on     | state    |
|-----------------|-----------|------------|------------|------------------------|----------------|------------|----------|
| quarterly       | 30        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q2             | 2024-25 Q2     | 2024-10-30 | met      |
| quarterly       | 30        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q1             | 2024-25 Q2     | 2024-10-30 | late     |
| quarterly       | 75        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q1; 2024-25 Q2 | 2024-25 Q2     | 2024-12-14 | met      |
| quarterly       | 75        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q1             | 2024-25 Q1     | 2024-09-13 | met      |
| quarterly       | 75        | 2024-25 Q2 | 2024-11-15 | 2023-24 Q4             | 2024-25 Q1     | 2024-09-13 | late     |
| quarterly       | 170       | 2024-25 Q2 | 2024-11-15 | 2023-24 Q4             | 2023-24 Q4     | 2024-09-17 | met      |
| quarterly       | 10        | 2024-25 Q2 | 2025-03-01 | 2024-25 Q1             | 2024-25 Q2     | 2024-10-10 | late     |
| quarterly       | 10        | 2024-25 Q2 | 2025-03-01 | 2024-25 Q2             | 2024-25 Q2     | 2024-10-10 | met      |
| quarterly       | 46        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q1; 2024-25 Q2 | 2024-25 Q2     | 2024-11-15 | met      |
| quarterly       | 47        | 2024-25 Q2 | 2024-11-15 | 2024-25 Q1             | 2024-25 Q1     | 2024-08-16 | met      |
| quarterly       | 46        | 2024-25 Q2 | 2024-11-15 | 2023-24 Q4             | 2024-25 Q1     | 2024-08-15 | late     |
| annual          | 30        | 2024-25 Q2 | 2024-11-15 | 2023-24                |                |            | not_due  |
| annual          | 120       | 2024-25 Q2 | 2024-11-15 | 2023-24                |                |            | not_due  |
| annual          | 120       | 2024-25 Q1 | 2024-08-15 | 2022-23                | 2023-24        | 2024-07-29 | late     |
| annual          | 150       | 2024-25 Q2 | 2024-11-15 | 2023-24                | 2023-24        | 2024-08-28 | met      |
| annual          | 150       | 2024-25 Q2 | 2024-11-15 | 2022-23                | 2023-24        | 2024-08-28 | late     |
| annual          | 150       | 2024-25 Q1 | 2024-08-15 | 2022-23                |                |            | not_due  |
| annual          | 150       | 2024-25 Q3 | 2025-02-15 | 2022-23                | 2023-24        | 2024-08-28 | late     |
| annual          | 150       | 2024-25 Q3 | 2025-02-15 | 2023-24                |                |            | not_due  |
| annual          | 150       | 2024-25 Q3 | 2025-02-15 |                        |                |            | not_due  |
| annual          | 150       | 2023-24 Q4 | 2024-05-16 | 2022-23                | 2023-24        | 2024-08-28 | awaited  |
| annual          | 540       | 2024-25 Q2 | 2024-11-15 | 2022-23                | 2022-23        | 2024-09-21 | met      |
| academic-annual | 540       | 2024-25 Q4 | 2025-05-16 | 2022/23                | 2022/23        | 2025-02-21 | met      |
| monthly         | 30        | 2024-25 Q2 | 2024-11-15 | 2024-09                | 2024-09        | 2024-10-30 | met      |
| monthly         | 30        | 2024-25 Q2 | 2024-11-15 | 2024-08                | 2024-09        | 2024-10-30 | late     |
| monthly         | 60        | 2024-25 Q2 | 2024-11-15 | 2024-08                | 2024-08        | 2024-10-30 | met      |
| monthly         | 60        | 2024-25 Q2 | 2024-11-15 | 2024-08; 2024-09       | 2024-09        | 2024-11-29 | met      |
| monthly         | 120       | 2024-25 Q2 | 2024-11-15 | 2024-06                | 2024-06        | 2024-10-28 | met      |
| multi-year      | 75        | 2024-25 Q2 | 2024-11-15 | 2021-07..2024-06       | 2021-07..2024-06 | 2024-09-13 | met    |
| multi-year      | 30        | 2024-25 Q2 | 2024-11-15 | 2021-07..2024-06       |                |            | not_due  |
"""


@pytest.mark.parametrize("case", cases(DUE))
def test_the_period_rated_is_the_latest_that_came_or_fell_due_since_the_report_before(case):
    row = rated(
        dict.fromkeys(case.get("held", "").split("; "), 96.0),
        {"target": 95.0, "from_period": "2015-16"},
        quarter=parse_quarter(case["quarter"]),
        as_at=date.fromisoformat(case["as at"]),
        recorded_at=pd.Timestamp("2024-04-20"),
        frequency=case["frequency"],
        due_days=float(case["due after"]),
    )
    assert (row["period"], row["state"]) == (case.get("period", ""), case["state"])
    assert str(row["due_on"])[:10] == case.get("due_on", "NaT")


REPORTS = """
| frequency | due after | value comes | in the report of | period     | state   |
|-----------|-----------|-------------|------------------|------------|---------|
| quarterly | 46        | 2024-11-15  | 2024-25 Q2       | 2024-25 Q2 | met     |
| quarterly | 46        | 2024-11-16  | 2024-25 Q2       | 2024-25 Q2 | awaited |
| quarterly | 46        | 2024-11-16  | 2024-25 Q3       | 2024-25 Q2 | met     |
| quarterly | 46        | 2025-03-01  | 2024-25 Q3       | 2024-25 Q2 | late    |
"""


@pytest.mark.parametrize("case", cases(REPORTS))
def test_a_value_due_on_the_day_of_the_report_is_awaited_there_and_looked_for_in_the_next(case):
    values = pd.DataFrame(
        {
            "measure_id": "a",
            "period": ["2024-25 Q1", "2024-25 Q2"],
            "value": 96.0,
            "recorded_at": pd.to_datetime(["2024-08-10", case["value comes"]]),
            "state": "final",
        }
    )
    as_at = {"2024-25 Q2": date(2024, 11, 15), "2024-25 Q3": date(2025, 2, 15)}[case["in the report of"]]
    row = rated(
        {},
        {"target": 95.0},
        seen=values,
        quarter=parse_quarter(case["in the report of"]),
        as_at=as_at,
        due_days=float(case["due after"]),
    )
    assert (row["period"], row["state"]) == (case["period"], case["state"])


def test_a_suppressed_result_has_come():
    row = rated({"2024-25 Q2": 96.0}, {"target": 95.0}, state="suppressed", due_days=75)
    assert (row["period"], row["state"]) == ("2024-25 Q2", "suppressed")


def test_a_slow_measure_is_compared_with_the_period_before_the_one_rated():
    row = rated({"2023-24 Q4": 90.0, "2024-25 Q1": 92.0}, {"target": 95.0}, due_days=75)
    assert (row["period"], row["change_short"]) == ("2024-25 Q1", 2.0)
