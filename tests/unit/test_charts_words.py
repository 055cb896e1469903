"""Pictures told in words, and the tables behind them."""

import pandas as pd
from test_charts_made_up import STEADY, made_points, made_rated, made_row

from pmf_lib.workbook.charts import (
    alt_grid,
    alt_lines,
    alt_small_multiples,
    alt_xmr,
    data_grid,
    data_small_multiples,
    data_xmr,
)


def test_an_xmr_chart_is_told_by_time_levels_and_signals():
    assert alt_xmr(made_points([*STEADY, 84.0]), made_row()) == (
        "Monthly, April 2022 to August 2023. Latest 84.0% (August 2023), mean 92.6%, limits 89.2% to 96.0%, "
        "target 95.0%. One point below the lower limit in August 2023: worse than usual."
    )


def test_a_steady_chart_says_that_nothing_is_special():
    assert alt_xmr(made_points(STEADY), made_row()).endswith("No point is a special cause.")


def test_missing_limits_are_explained_by_the_reason_given():
    row = made_row(limits="none", variation_why="Three values are too few for limits.")
    said = alt_xmr(made_points([93.0, 94.0, 92.0]), row)
    assert said.endswith("No limits are drawn. Three values are too few for limits.")


def test_trial_limits_breaks_gaps_and_provisional_results_are_said():
    values = [*STEADY, *(value + 9 for value in STEADY)]
    values[4] = None
    points = made_points(values, rebase=16).drop(index=7)
    said = alt_xmr(points, made_row(limits="trial", provisional=True))
    assert "trial limits" in said
    assert "not yet final" in said
    assert "Limits were calculated anew from August 2023." in said
    assert "Two periods have no value." in said


def test_a_trend_is_told_by_its_direction():
    falling = [*STEADY, *(93 - 0.4 * step for step in range(9))]
    points = made_points(falling)
    points["point_type"] = ["common_cause"] * 16 + ["trend"] * 9
    assert "Nine points in a falling trend between August 2023 and April 2024" in alt_xmr(points, made_row())


def test_many_kinds_of_signal_are_summed_up_by_what_they_say():
    points = made_points([*STEADY, *STEADY])
    points["point_type"] = ["outside", "trend", "two_in_three", "shift"] * 8
    points["improvement"] = ["improving", "worsening"] * 16
    said = alt_xmr(points, made_row())
    assert (
        "16 points better than usual (outside the limits and two in three near a limit), the last in" in said
    )
    assert "16 points worse than usual (trend and shift), the last in November 2024." in said


def test_quarters_and_years_are_told_in_their_own_words():
    quarterly = alt_xmr(made_points(STEADY, "quarter", "2020-21 Q3"), made_row(frequency="quarterly"))
    assert quarterly.startswith("Quarterly, October 2020 to September 2024. Latest 93.1% (2024-25 Q2)")
    annual = made_points([1.0, 2.0], "year", "2022-23")
    assert alt_xmr(annual, made_row(frequency="annual", unit="days")).startswith(
        "Annual, April 2022 to March 2024. Latest 2.0 days (2023-24)"
    )


def test_points_without_dates_are_told_by_their_labels():
    points = made_points(STEADY).drop(columns=["start", "end"])
    assert alt_xmr(points, made_row()).startswith("Monthly, April 2022 to July 2023.")


def test_no_results_are_one_sentence():
    assert alt_xmr(made_points([]), made_row()) == "There are no results to draw."
    assert alt_lines(made_points([]), pd.DataFrame(), made_row()) == "There are no results to draw."


def test_the_table_behind_a_chart_has_the_unit_in_its_heads_and_signals_in_words():
    table = data_xmr(made_points([*STEADY, 84.0]), made_row(provisional=True)).tail(2).reset_index(drop=True)
    expected = pd.DataFrame(
        {
            "Period": ["Jul 2023", "Aug 2023"],
            "Result (%)": [93.1, 84.0],
            "Mean (%)": [92.6, 92.6],
            "Lower limit (%)": [89.2, 89.2],
            "Upper limit (%)": [96.0, 96.0],
            "Signal": ["", "outside the limits, worse than usual, not yet final"],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_a_wall_tells_each_panel_in_a_sentence():
    rated = made_rated(
        [{"title": "Missed bins", "unit": "days", "variation": "improving_low"}, {"title": "Visits"}]
    )
    points = made_points(STEADY, measure_id="m0")
    assert alt_small_multiples(points, rated) == [
        "Two control charts over the same months. Missed bins: 93.1 days in July 2023, target 95.0, missed, improving, "
        "hit and miss. "
        "Visits: no value."
    ]
    (table,) = data_small_multiples(points, rated)
    assert table["Latest"].tolist() == ["93.1", "no value"]
    assert table["Period"].tolist() == ["Jul 2023", ""]
    assert table["Target as things run"].tolist() == ["Hit and miss", "Hit and miss"]


def test_a_line_is_told_with_its_comparators_latest_values():
    series = made_points([80.0, 84.1], "year", "2022-23")
    england = {"measure_id": "m", "authority": "England", "authority_kind": "country"}
    comparators = pd.DataFrame(
        [{**england, "period": "2022-23", "value": 82.0}, {**england, "period": "2023-24", "value": 83.0}]
    )
    row = made_row(frequency="annual", provisional=True)
    assert alt_lines(series, comparators, row, council="Sample Council") == (
        "Annual, April 2022 to March 2024. Sample Council 84.1% in 2023-24 (not yet final), from 80.0% in 2022-23; "
        "England 83.0% in 2023-24; target 95.0%."
    )


def test_a_grid_is_told_row_by_row():
    rated = made_rated(
        [
            {"variation": "improving_low", "capability": "not_expected"},
            {"variation": "improving_high", "capability": "hit_and_miss"},
            {"variation": "no_real_change", "capability": "hit_and_miss"},
        ]
    )
    assert alt_grid(rated) == (
        "3 measures by change and by whether the target can be met. "
        "Improving 2: 1 hit and miss and 1 not expected to meet without a change in the process. "
        "No real change 1: 1 hit and miss."
    )
    assert data_grid(rated)["Change"].tolist() == ["Improving", "Improving", "No real change"]


def test_two_runs_of_a_shift_are_told_as_two():
    values = [*STEADY, *[95.5] * 7, *STEADY, *[95.5] * 8]
    points = made_points(values)
    points["point_type"] = ["common_cause"] * 16 + ["shift"] * 7 + ["common_cause"] * 16 + ["shift"] * 8
    points["mean"], points["fired"] = 94.0, points["point_type"].replace("common_cause", "")
    said = alt_xmr(points, made_row())
    assert (
        "15 points above the mean in a shift in two runs (between August 2023 and February 2024; between July 2025 and "
        "February 2026)" in said
    )


def test_a_point_of_another_kind_within_a_shift_does_not_end_its_run():
    points = made_points([*STEADY, *[95.5] * 9])
    points["point_type"] = ["common_cause"] * 16 + ["shift"] * 4 + ["outside"] + ["shift"] * 4
    points["mean"] = 94.0
    points["fired"] = [""] * 16 + ["shift"] * 4 + ["outside; shift"] + ["shift"] * 4
    assert "Eight points above the mean in a shift between August 2023 and April 2024:" in alt_xmr(
        points, made_row()
    )


def test_numbers_behind_a_chart_are_rounded_as_the_chart_rounds_them():
    points = made_points(STEADY).assign(mean=404.5, value=2.5)
    table = data_xmr(points, made_row(decimals=0, unit="number"))
    assert table["Mean"].unique().tolist() == [405.0]
    assert table["Result"].unique().tolist() == [3.0]
