"""Lines with comparators, the grid of change and reach, and distances from targets."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from test_charts_made_up import (
    HOSTILE,
    faults_of,
    made_points,
    made_rated,
    made_row,
    plots_of,
    texts_of,
    words_of,
)

from pmf_lib import verdicts
from pmf_lib.workbook.charts import (
    data_grid,
    data_lines,
    line_with_comparators,
    variation_capability_grid,
)
from pmf_lib.workbook.charts.data import comparator_lines, gaps_to_target
from pmf_lib.workbook.charts.facts import Facts
from pmf_lib.workbook.pieces.figure import svg

ANNUAL = made_row(frequency="annual", target=86.0)
GROUPS = {"England": "country", "West Midlands": "region", "Neighbours": "neighbours", "Median": "median"}


def own(count=6):
    return made_points([80.0, 81.2, 79.0, 82.4, 83.0, 84.1, *range(85, 200)][:count], "year", "2018-19")


def others(kinds, count=6):
    years = own(count)["period"]
    rows = [
        {
            "measure_id": "m",
            "period": year,
            "authority": name,
            "authority_kind": kind,
            "value": 80.0 + at + step,
        }
        for step, (name, kind) in enumerate(kinds.items())
        for at, year in enumerate(years)
    ]
    return pd.DataFrame(rows, columns=["measure_id", "period", "authority", "authority_kind", "value"])


def test_the_council_is_blue_and_every_group_is_named_in_grey():
    figure = line_with_comparators(own(), others(GROUPS), ANNUAL, council="Sample Council")
    said = words_of(figure)
    for words in (
        "Sample Council 84.1%",
        "England 85.0%",
        "West Midlands 86.0%",
        "Median 88.0%",
        "Target 86.0%",
    ):
        assert words in said
    blue = [line for line in plots_of(figure)[0].get_lines() if to_hex(line.get_color()) == "#12436d"]
    assert {len(line.get_xdata()) for line in blue} == {6}
    assert faults_of(figure) == []


@pytest.mark.parametrize(
    ("count", "key"), [(4, "Other authorities (4)"), (7, "Middle half of 7 other authorities")]
)
def test_single_authorities_are_counted_in_the_key_and_not_named(count, key):
    many = {f"Authority {at}": "authority" for at in range(count)}
    said = words_of(line_with_comparators(own(), others({"England": "country", **many}), ANNUAL))
    assert key in said
    assert "Authority 3" not in said


def test_one_odd_return_among_many_authorities_does_not_flatten_the_picture():
    rows = others({f"Authority {at}": "authority" for at in range(9)})
    odd = rows.assign(value=rows["value"].mask(rows["authority"] == "Authority 1", -10_000.0))
    heights = [plots_of(line_with_comparators(own(), frame, ANNUAL))[0].ylim for frame in (rows, odd)]
    assert heights[1][0] > -100
    assert heights[1][1] == pytest.approx(heights[0][1], rel=0.2)


def test_few_single_authorities_are_named_where_there_is_no_group():
    said = words_of(line_with_comparators(own(), others({"Eastmere": "authority"}), ANNUAL))
    assert "Eastmere 85.0%" in said


def test_the_council_itself_and_other_measures_are_no_comparators():
    rows = others({"Sample Council": "authority", "England": "country"})
    rows.loc[rows["authority"] == "England", "measure_id"] = "another"
    lines = comparator_lines(own(), rows, Facts.of(ANNUAL), "Sample Council")
    assert lines.empty


@pytest.mark.parametrize("count", [1, 3, 60])
@pytest.mark.parametrize("kinds", [{}, GROUPS, {HOSTILE: "region", "": "country"}])
def test_a_line_of_any_length_with_any_comparators_is_drawn(count, kinds):
    figure = line_with_comparators(own(count), others(kinds, count), ANNUAL, council=HOSTILE)
    assert faults_of(figure) == []
    assert plt.get_fignums() == []


def test_a_line_is_the_same_each_time_and_in_any_order_of_rows():
    rows = others(GROUPS)
    figure = line_with_comparators(own(), rows, ANNUAL)
    again = line_with_comparators(own().iloc[::-1], rows.iloc[::-1], ANNUAL)
    assert svg(figure) == svg(again)


def test_a_line_without_results_says_so():
    assert "No results" in words_of(line_with_comparators(own(0), others(GROUPS, 0), ANNUAL))


def test_the_table_behind_a_line_has_a_column_a_line_and_a_row_a_period():
    table = data_lines(own(2), others({"England": "country"}, 2), ANNUAL, council="Sample Council")
    expected = pd.DataFrame(
        {
            "Period": ["2018-19", "2019-20"],
            "Sample Council (%)": [80.0, 81.2],
            "England (%)": [80.0, 81.0],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_the_table_behind_a_line_has_of_many_authorities_the_middle_half_that_is_drawn():
    many = {f"Authority {at}": "authority" for at in range(9)}
    table = data_lines(own(2), others({"England": "country", **many}, 2), ANNUAL, council="Sample Council")
    expected = pd.DataFrame(
        {
            "Period": ["2018-19", "2019-20"],
            "Sample Council (%)": [80.0, 81.2],
            "England (%)": [80.0, 81.0],
            "Lower quartile of 9 others (%)": [83.0, 84.0],
            "Upper quartile of 9 others (%)": [87.0, 88.0],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def verdict_pairs(count):
    found = verdicts.load()
    variations, capabilities = found.codes("variation"), found.codes("capability")
    return [
        {
            "title": HOSTILE if at % 4 == 0 else f"Measure {at}",
            "variation": variations[at % len(variations)],
            "capability": capabilities[at % len(capabilities)],
        }
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_grid_counts_every_measure_once(count):
    rated = made_rated(verdict_pairs(count))
    figure = variation_capability_grid(rated)
    counts = [int(text.get_text()) for text in texts_of(figure) if text.get_text().isdigit()]
    assert sum(counts) == count == len(data_grid(rated))
    assert faults_of(figure) == []
    assert svg(figure) == svg(variation_capability_grid(rated))


def test_a_grid_names_few_measures_of_a_cell_that_asks_for_something_and_counts_the_rest():
    rows = [{"title": f"Measure {at}", "variation": "worsening_low"} for at in range(6)]
    said = words_of(variation_capability_grid(made_rated(rows)))
    assert "Measure 3" in said
    assert "and 2 more" in said
    assert "Measure 4" not in said


@pytest.mark.parametrize(("count", "named"), [(4, True), (5, False)])
def test_a_grid_names_all_or_none_of_a_cell_that_asks_for_nothing(count, named):
    rated = made_rated([{"title": f"Measure {at}"} for at in range(count)])
    said = words_of(variation_capability_grid(rated))
    assert ("Measure 0" in said) is named
    assert "more" not in said


def test_a_grid_without_verdicts_says_so():
    assert "No measure" in words_of(variation_capability_grid(made_rated([{"variation": ""}])))


def rated_values(values, **given):
    rows = [{"title": f"Measure {at}", "value": value, **given} for at, value in enumerate(values)]
    return made_rated(rows)


def test_gaps_are_counted_in_tolerances_and_the_worst_stands_first():
    gaps = gaps_to_target(rated_values([96.0, 89.0, 94.0]))
    assert gaps["title"].tolist() == ["Measure 1", "Measure 2", "Measure 0"]
    np.testing.assert_allclose(gaps["distance"], [-3, -0.5, 0.5])
    assert set(gaps["counted_in"]) == {"tolerances"}


def test_a_tolerance_in_per_cent_is_of_the_target():
    gaps = gaps_to_target(rated_values([190.0], target=200.0, tolerance=5.0, tolerance_kind="per-cent"))
    np.testing.assert_allclose(gaps["distance"], [-1])


def test_gaps_are_per_cent_of_the_target_where_a_tolerance_is_not_known():
    gaps = gaps_to_target(rated_values([190.0], target=200.0, tolerance=np.nan))
    np.testing.assert_allclose(gaps["distance"], [-5])
    assert set(gaps["counted_in"]) == {"% of target"}


def test_a_target_of_nought_has_no_distance_and_stands_last():
    rows = rated_values([3.0, 80.0], tolerance=np.nan)
    rows.loc[0, ["target", "polarity"]] = [0.0, "lower"]
    gaps = gaps_to_target(rows)
    assert gaps["title"].tolist() == ["Measure 1", "Measure 0"]
    assert gaps["distance"].isna().tolist() == [False, True]


def test_within_a_range_is_better_and_outside_it_worse():
    rows = rated_values([50.0, 39.0, 63.0], polarity="range", target=np.nan, lower=40.0, upper=60.0)
    gaps = gaps_to_target(rows).set_index("title")["distance"]
    np.testing.assert_allclose(gaps[["Measure 0", "Measure 1", "Measure 2"]], [5, -0.5, -1.5])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(1, 200), min_size=1, max_size=12))
def test_the_mirrored_polarity_mirrors_the_distance(values):
    higher = gaps_to_target(rated_values(values)).set_index("measure_id")["distance"]
    lower = gaps_to_target(rated_values(values, polarity="lower")).set_index("measure_id")["distance"]
    pd.testing.assert_series_equal(higher, -lower.reindex(higher.index))


def test_absences_are_left_out_of_gaps():
    rows = rated_values([90.0, 91.0])
    rows.loc[1, "state"] = "late"
    assert gaps_to_target(rows)["title"].tolist() == ["Measure 0"]
