"""The means for the objectives behind each measure, as drawn tables."""

from datetime import date

import pandas as pd
import pytest
from minuted import drawn, rows

from pmf_lib.assurance import resourcing
from pmf_lib.periods import parse_quarter

PLANS = rows(
    "plans",
    drawn("""
plan_id | title | level   | valid_from | valid_to
now     | Plan  | service | 2024-04-01 | 2025-03-31
over    | Old   | service | 2023-04-01 | 2024-03-31
"""),
)
HEAD = "objective_id | plan_id | title | measures | resourced | delivered_on\n"


def means(text, states=None):
    rated = pd.DataFrame({"measure_id": ["bins", "calls"], "state": states or ["missed", "met"]})
    quarter = parse_quarter("2024-25 Q2")
    return resourcing.by_measure(
        rated, PLANS, rows("objectives", drawn(HEAD + text)), quarter=quarter, as_at=date(2024, 11, 15)
    )


@pytest.mark.parametrize(
    ("objectives", "expected"),
    [
        ("o-1 | now | Clean | bins | no |", ("no", 1, "Clean")),
        ("o-1 | now | Clean | bins; calls | partly |", ("partly", 1, "Clean")),
        ("o-1 | now | Clean | bins | |", ("not-assessed", 1, "Clean")),
        ("o-1 | now | Clean | bins | yes |", ("yes", 1, "Clean")),
        ("o-1 | now | Clean | calls | no |", ("none", 0, "")),
        ("o-1 | over | Clean | bins | no |", ("none", 0, "")),
        ("o-1 | now | Clean | bins | no | 2024-10-01", ("none", 0, "")),
        ("o-1 | now | Clean | bins | no | 2024-12-01", ("no", 1, "Clean")),
        ("o-1 | now | Clean | bins | yes |\no-2 | now | Green | bins | partly |", ("partly", 2, "Green")),
        ("o-1 | now | Clean | bins | no |\no-2 | now | Green | bins | no |", ("no", 2, "Clean; Green")),
        ("o-1 | now | Clean | bins; bins | no |", ("no", 1, "Clean")),
    ],
)
def test_a_measure_goes_by_the_least_of_its_open_objectives(objectives, expected):
    found = means(objectives)
    assert tuple(found.loc[0, ["means", "objectives_n", "objectives"]]) == expected
    assert found["measure_id"].tolist() == ["bins", "calls"]


def test_counts_by_means_add_up_to_all_measures():
    found = resourcing.counts(means("o-1 | now | Clean | bins | partly |"))
    assert found.to_dict("list") == {
        "means": ["partly", "none"],
        "measures_n": [1, 1],
        "rated_n": [1, 1],
        "missed_n": [1, 0],
    }


def test_a_measure_without_a_status_is_counted_and_neither_rated_nor_missed():
    found = resourcing.counts(means("o-1 | now | Clean | bins | no |", ["late", "near"]))
    assert found.set_index("means").loc["no"].tolist() == [1, 0, 0]


def test_of_no_measure_nothing_is_counted():
    assert resourcing.counts(means("").head(0)).empty
