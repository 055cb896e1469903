"""Series: the value in force, de-cumulation, and what does not suit a control chart."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pmf_lib.performance.series import ANNUAL, OVERLAPPING, REFUSED, gaps, series

AS_AT = date(2024, 11, 15)


def measure(**more):
    given = {"measure_id": "a", "unit": "number", "frequency": "monthly", "accumulation": "in-period"}
    return pd.DataFrame([given | more])


def observed(values, **more):
    """Observations of measure 'a' by period; a value may be (value, numerator, denominator)."""
    rows = [
        {"measure_id": "a", "period": period, "recorded_at": pd.Timestamp("2024-10-20"), "state": "final"}
        | dict(zip(("value", "numerator", "denominator"), np.atleast_1d(value), strict=False))
        | more
        for period, value in values.items()
    ]
    return pd.DataFrame(rows)


def in_period(values, **more):
    return series(observed(values), measure(**more), AS_AT)["value_in_period"].tolist()


def test_the_value_in_force_is_the_last_recorded_by_the_as_at_date():
    rows = pd.concat(
        [
            observed({"2024-04": 3}, recorded_at=pd.Timestamp("2024-11-16")),
            observed({"2024-04": 2}, recorded_at=pd.Timestamp("2024-11-15")),
            observed({"2024-04": 1}, recorded_at=pd.Timestamp("2024-05-01")),
        ]
    )
    found = series(rows, measure(), AS_AT)
    assert found["value"].tolist() == [2]


def test_rows_are_sorted_by_measure_and_time():
    found = series(observed({"2024-10": 3, "2024-02": 1, "2024-03": 2}), measure(), AS_AT)
    assert found["period"].tolist() == ["2024-02", "2024-03", "2024-10"]
    assert np.diff(found["ordinal"]).tolist() == [1, 7]


def test_a_label_is_read_as_of_the_measures_frequency():
    found = series(observed({"2010-11": 1}), measure(frequency="monthly"), AS_AT)
    assert (found["kind"].item(), found["start"].item()) == ("month", pd.Timestamp("2010-11-01"))


def test_a_period_of_another_frequency_and_an_unknown_measure_are_left_out():
    assert series(observed({"2024-25 Q1": 1}), measure(frequency="monthly"), AS_AT).empty
    assert series(observed({"2024-04": 1}), measure(measure_id="b"), AS_AT).empty


def test_a_suppressed_observation_keeps_its_state_and_shows_no_number():
    found = series(observed({"2024-04": (4, 4, 100)}, state="suppressed"), measure(), AS_AT).iloc[0]
    assert found["state"] == "suppressed"
    assert found[["value", "numerator", "denominator", "value_in_period"]].isna().all()


def test_year_to_date_counts_are_taken_apart_within_the_financial_year():
    values = {"2023-24 Q3": 30, "2023-24 Q4": 42, "2024-25 Q1": 11, "2024-25 Q2": 25}
    found = in_period(values, frequency="quarterly", accumulation="year-to-date")
    np.testing.assert_equal(found, [np.nan, 12, 11, 14])


def test_a_missing_year_to_date_value_leaves_the_next_one_unknown():
    values = {"2024-04": 10, "2024-06": 30, "2024-07": 45}
    np.testing.assert_equal(in_period(values, accumulation="year-to-date"), [10, np.nan, 15])


@pytest.mark.parametrize(("unit", "scale"), [("%", 100), ("rate per 10,000", 10_000), ("days", 1)])
def test_a_year_to_date_ratio_is_taken_apart_by_numerator_and_denominator(unit, scale):
    values = {
        "2024-04": (round(9 / 12 * scale, 1), 9, 12),
        "2024-05": (round(12 / 18 * scale, 1), 12, 18),
    }
    found = in_period(values, unit=unit, accumulation="year-to-date")
    assert found == pytest.approx([9 / 12 * scale, 3 / 6 * scale])


def test_a_year_to_date_percentage_without_them_is_refused_with_the_reason():
    found = series(
        observed({"2024-04": 90, "2024-05": 91}), measure(unit="%", accumulation="year-to-date"), AS_AT
    )
    assert found["value_in_period"].isna().all()
    assert found["unsuited"].tolist() == [REFUSED] * 2
    assert found["value"].tolist() == [90, 91]


@pytest.mark.parametrize(
    ("more", "period", "reason"),
    [
        ({"frequency": "annual"}, "2023-24", ANNUAL),
        ({"frequency": "academic-annual"}, "2023/24", ANNUAL),
        ({"frequency": "calendar-annual"}, "2023", ANNUAL),
        ({"frequency": "multi-year"}, "2021-04..2024-03", OVERLAPPING),
        ({"accumulation": "rolling"}, "2024-04", OVERLAPPING),
        ({}, "2024-04", ""),
    ],
)
def test_series_that_do_not_suit_a_control_chart_say_why(more, period, reason):
    assert series(observed({period: 1}), measure(**more), AS_AT)["unsuited"].tolist() == [reason]


def test_gaps_are_named_by_their_periods():
    values = {"2020-01": 1, "2020-02": 2, "2020-04": 3, "2020-08": 4}
    assert gaps(series(observed(values), measure(), AS_AT)).to_dict() == {"a": "2020-03, 2020-05 to 2020-07"}


def test_no_observations_give_no_rows_but_every_column():
    found = series(pd.DataFrame(), measure(), AS_AT)
    assert len(found) == 0
    assert {"measure_id", "ordinal", "value_in_period", "unsuited"} <= set(found.columns)
    assert gaps(found).empty


def test_row_order_and_index_do_not_matter():
    rows = observed({"2024-04": 10, "2024-05": 30, "2024-06": 45})
    shuffled = rows.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(series(rows, measure(), AS_AT), series(shuffled, measure(), AS_AT))
