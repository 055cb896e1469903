"""Lines with comparators, matrices of counts, and gaps to targets."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from test_charts_made_up import (
    HOSTILE,
    contrast,
    faults_of,
    made_card,
    made_points,
    made_rated,
    made_row,
    texts_of,
    words_of,
)

from pmf_lib import verdicts
from pmf_lib.performance.status import STATES
from pmf_lib.workbook.charts import (
    data_gaps,
    data_grid,
    data_lines,
    data_matrix,
    line_with_comparators,
    look,
    state_matrix,
    target_gaps,
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
    blue = [line for line in figure.axes[0].get_lines() if to_hex(line.get_color()) == "#12436d"]
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
    heights = [line_with_comparators(own(), frame, ANNUAL).axes[0].get_ylim() for frame in (rows, odd)]
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


CARDS = {
    "three": [{"met": 2, "missed": 1}, {}, {"near": 4, "late": 1}],
    "twenty": [{"met": at % 3, "missed": at % 2, "awaited": at % 5 == 0} for at in range(20)],
    "all states": [dict.fromkeys(STATES, 1 + at) for at in range(20)],
    "no measure": [{}, {}],
    "large counts": [{"met": 1234, "missed": 1}],
    "hostile": [{"title": HOSTILE, "met": 1}],
}


@pytest.mark.parametrize("case", CARDS)
def test_a_matrix_prints_its_counts_and_leaves_cells_of_nought_empty(case):
    card = made_card([{**row} for row in CARDS[case]])
    figure = state_matrix(card)
    cells = next(ax for ax in figure.axes if ax.collections).texts
    counts = card[list(STATES)].to_numpy()
    assert sorted(int(text.get_text()) for text in cells) == sorted(counts[counts > 0].tolist())
    assert faults_of(figure) == []
    assert plt.get_fignums() == []


def test_a_matrix_is_the_same_each_time():
    card = made_card(CARDS["three"])
    assert svg(state_matrix(card)) == svg(state_matrix(card))


def test_numbers_in_cells_stand_out_from_their_ground():
    card = made_card([{"met": 1, "near": 5, "missed": 9}])
    figure = state_matrix(card)
    cells = next(ax for ax in figure.axes if ax.collections).texts
    drawn = {int(text.get_text()): to_hex(text.get_color()) for text in cells}
    grounds = dict(zip((1, 5, 9), look.SEQUENTIAL, strict=True))
    assert all(contrast(drawn[count], grounds[count]) >= 4.5 for count in (1, 5, 9))


def test_a_matrix_keeps_framework_order_and_says_where_there_is_no_measure():
    card = made_card([{"title": "First", "met": 1}, {"title": "Second"}])
    said = words_of(state_matrix(card))
    assert said.index("1. First") < said.index("2. Second")
    assert "none" in said


def test_an_absence_has_a_column_only_where_a_measure_has_it():
    said = words_of(state_matrix(made_card([{"met": 1, "late": 1}])))
    assert "Late" in said
    assert "Suppressed" not in said
    assert "Missed" in said


def test_a_matrix_without_markers_says_so():
    assert "no markers" in words_of(state_matrix(made_card([])))


def test_the_table_behind_a_matrix_reconciles():
    table = data_matrix(made_card(CARDS["all states"]))
    states = [verdicts.load().get("status", code).word for code in STATES]
    pd.testing.assert_series_equal(table[states].sum(axis=1), table["All measures"], check_names=False)


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
    assert "not counted" in words_of(target_gaps(rows)[0])


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


@pytest.mark.parametrize(("count", "pictures"), [(1, 1), (3, 1), (22, 1), (23, 2), (60, 3)])
def test_gaps_of_many_measures_go_over_several_pictures_on_one_scale(count, pictures):
    rows = rated_values(93 + 3 * np.random.default_rng(count).normal(0, 1, count).round(1))
    figures = target_gaps(rows)
    assert len(figures) == pictures == len(data_gaps(rows))
    assert len({figure.axes[0].get_xlim() for figure in figures}) == 1
    assert [fault for figure in figures for fault in faults_of(figure)] == []


def test_gaps_of_hostile_and_huge_measures_are_drawn_and_the_same_each_time():
    rows = rated_values([-1234567890.0, 1e12, 95.0, 94.0, 93.0, 92.0], decimals=0, unit="£")
    rows.loc[3, ["title", "unit"]] = [HOSTILE, HOSTILE]
    (figure,), (again,) = target_gaps(rows), target_gaps(rows)
    assert faults_of(figure) == []
    assert svg(figure) == svg(again)
    assert plt.get_fignums() == []


def test_a_value_beyond_the_axis_is_marked_with_an_arrow():
    said = words_of(target_gaps(rated_values([94.0, 93.5, 94.2, -900.0]))[0])
    assert "«" in said
    assert "»" not in said


def test_each_status_is_told_by_a_shape_of_its_own_and_by_its_word():
    rows = rated_values([96.0, 94.0, 80.0])
    rows["state"] = ["met", "near", "missed"]
    (figure,) = target_gaps(rows)
    shapes = {line.get_marker() for line in figure.axes[0].get_lines()} - {"None", ""}
    assert len(shapes) == 3
    said = words_of(figure)
    assert all(said.count(word) == 2 for word in ("Met", "Near", "Missed"))


def test_no_rated_value_is_said_in_words():
    (figure,) = target_gaps(rated_values([np.nan]))
    assert "No measure" in words_of(figure)
    assert len(data_gaps(rated_values([np.nan]))) == 1
