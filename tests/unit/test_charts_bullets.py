"""Bullets: a row per measure against its target, and the verdicts in a control chart's corner."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from test_charts_made_up import (
    HOSTILE,
    STEADY,
    faults_of,
    made_points,
    made_rated,
    made_row,
    plots_of,
    words_of,
)

from pmf_lib.workbook.charts import alt_bullets, alt_xmr, bullets, data_bullets, data_xmr, xmr_chart
from pmf_lib.workbook.charts.bullet_rows import ROWS, bullet_rows
from pmf_lib.workbook.charts.bullets import ENDS
from pmf_lib.workbook.pieces.figure import svg

CASES = [
    {"title": "Late", "value": 80.0, "state": "missed", "change_long": -5.0},
    {"title": "Later", "value": 60.0, "state": "missed"},
    {"title": "Close", "value": 94.0, "state": "near"},
    {"title": "Fine", "value": 96.0, "state": "met"},
    {"title": "Days", "unit": "days", "value": 12.0, "target": 10.0, "tolerance": 10.0, "tolerance_kind": "per-cent",
     "polarity": "lower", "state": "missed", "decimals": 0, "change_long": 2.0},
    {"title": "Nought", "unit": "number", "value": 3.0, "target": 0.0, "polarity": "lower", "state": "missed"},
    {"title": "Band", "unit": "number", "value": 5.0, "target": np.nan, "lower": 4.0, "upper": 6.0, "polarity": "range",
     "state": "met"},
    {"title": "Share in a band", "value": 1.0, "target": np.nan, "lower": -1.0, "upper": 0.5, "tolerance": 0.5,
     "polarity": "range", "state": "near"},
    {"title": "Not rated", "value": 4.0, "state": "monitor_only"},
]  # fmt: skip


def rows_of(cases=CASES):
    return bullet_rows(made_rated(cases)).set_index("title")


def many(count, **given):
    return made_rated(
        [
            {"title": f"Measure {at}", "value": 50.0 + at / 10, "state": "missed", **given}
            for at in range(count)
        ]
    )


def test_rows_stand_missed_near_met_and_within_each_the_furthest_from_its_target_first():
    rows = rows_of()
    assert rows.index[rows["axis"] == "%"].tolist() == ["Later", "Late", "Share in a band", "Close", "Fine"]
    assert "Not rated" not in rows.index


def test_other_units_are_set_to_target_100_with_their_tolerance_and_last_years_value():
    days = rows_of().loc["Days"]
    assert days[["axis", "at", "low", "high"]].tolist() == ["target = 100", 120.0, 100.0, 100.0]
    np.testing.assert_allclose(days[["from", "to", "last_year"]].astype(float), [100.0, 110.0, 100.0])


def test_percentages_keep_their_own_values_and_a_tolerance_lies_on_the_wrong_side_of_the_target():
    late = rows_of().loc["Late"]
    np.testing.assert_allclose(
        late[["at", "from", "to", "low", "last_year"]].astype(float), [80, 93, 95, 95, 85]
    )
    band = rows_of().loc["Share in a band"]
    np.testing.assert_allclose(band[["from", "low", "high", "to"]].astype(float), [-1.5, -1.0, 0.5, 1.0])


def test_what_no_axis_holds_is_told_and_not_drawn():
    rated = made_rated(CASES)
    assert rows_of().loc[["Nought", "Band"], "axis"].eq("").all()
    assert alt_bullets(rated)[-1].endswith("per cent, can't be set to 100): Nought; Band.")
    drawn = pd.concat(data_bullets(rated))["Measure"].tolist()
    assert drawn == ["Later", "Late", "Share in a band", "Close", "Fine", "Days"]
    assert len(bullets(rated)) == 2


@pytest.mark.parametrize(("count", "pictures"), [(1, 1), (3, 1), (ROWS, 1), (ROWS + 1, 2), (60, 3)])
def test_a_picture_holds_one_page_of_rows_and_is_the_same_each_time(count, pictures):
    rated = many(count)
    drawn = bullets(rated)
    assert len(drawn) == len(alt_bullets(rated)) == len(data_bullets(rated)) == pictures
    assert [fault for figure in drawn for fault in faults_of(figure)] == []
    assert [svg(figure) for figure in drawn] == [svg(figure) for figure in bullets(rated)]
    assert sum(len(table) for table in data_bullets(rated)) == count


@pytest.mark.parametrize(
    "given",
    [
        {"title": HOSTILE},
        {"value": 4000.0, "target": 2.0, "unit": "number"},
        {"value": -900.0},
        {"value": 1e290, "unit": "£"},
    ],
)
def test_any_row_is_drawn_without_words_that_collide(given):
    (figure,) = bullets(many(3, **given))
    assert faults_of(figure) == []


def test_pictures_of_one_axis_share_rows_evenly_and_go_equally_far():
    drawn = bullets(many(33))
    assert [len(table) for table in data_bullets(many(33))] == [17, 16]
    assert len({tuple(ax.get_xlim()) for figure in drawn for ax in figure.axes if ax.axison}) == 1


def test_a_value_beyond_the_axis_is_marked_with_an_arrow():
    (figure,) = bullets(many(1, value=900.0, target=10.0, unit="days"))
    assert "»" in words_of(figure)
    (figure,) = bullets(many(1))
    assert "»" not in words_of(figure)


def test_each_row_says_value_and_target_and_its_words_the_worst():
    rated = made_rated(CASES[:4])
    said = words_of(bullets(rated)[0])
    for words in ("60.0%", "at least 95.0%", "Missed", "Near", "Met", "A year before"):
        assert words in said
    assert alt_bullets(rated) == [
        "Four measures against target, in per cent, missed before near and met, each from the furthest to the nearest, counted in "
        "its own tolerance: 2 missed, 1 near and 1 met. On top: Later (60.0%, target at least 95.0%); Late (80.0%, target at least "
        "95.0%); Close (94.0%, target at least 95.0%)."
    ]
    (distances,) = data_bullets(rated)[0].filter(like="Distance (tolerances").to_numpy().T.tolist()
    assert distances == [-17.5, -7.5, -0.5, 0.5]
    assert data_bullets(rated)[0]["A year before"].tolist() == ["no value", "85.0%", "no value", "no value"]


def test_nothing_rated_is_said_and_the_frame_is_left_alone():
    none = made_rated([{"state": "late"}])
    assert alt_bullets(none) == ["No measure has both a value and a target to compare."]
    assert "No measure has both" in words_of(bullets(none)[0])
    rated = made_rated(CASES)
    before = rated.copy()
    bullets(rated)
    pd.testing.assert_frame_equal(rated, before)


@pytest.mark.parametrize(
    ("given", "letters"),
    [
        ({"variation": "worsening_low", "capability": "not_expected"}, ["L↓", "F", "Worsening", "it just changed"]),
        ({"variation": "no_real_change", "capability": "consistently_meets"}, ["—", "P", "Consistently"]),
        ({"variation": "improving_high", "capability": "not_tested"}, ["H↑", "Improving"]),
    ],
)  # fmt: skip
def test_both_verdicts_stand_in_the_corner_as_letter_and_word(given, letters):
    figure = xmr_chart(made_points(STEADY), made_row(**given))
    assert faults_of(figure) == []
    for words in letters:
        assert words in words_of(figure)


def test_a_verdict_that_was_not_reached_has_no_letter():
    said = words_of(xmr_chart(made_points(STEADY), made_row(variation="", capability="not_tested")))
    assert "Not tested" not in said
    assert "Hit and miss" not in said


SHARES = [98.0, 90.0, 99.0, 91.0] * 4


def test_a_limit_where_no_share_can_lie_is_drawn_but_given_no_number():
    points = made_points(SHARES)
    assert points["upl"].iloc[-1] > 100
    said = words_of(xmr_chart(points, made_row()))
    assert "Upper limit above 100%" in said
    assert "105%" not in said
    assert "to above 100%" in alt_xmr(points, made_row())
    assert data_xmr(points, made_row())["Upper limit (%)"].iloc[-1] == round(points["upl"].iloc[-1], 1)


@pytest.mark.parametrize(
    ("values", "given", "words"),
    [
        ([3.0, 9.0, 0.0, 8.0] * 4, {"unit": "days", "target": 4.0}, "Lower limit below 0"),
        ([*SHARES, 104.0], {}, "Upper limit 1"),
        ([value - 95 for value in SHARES], {"target": np.nan}, "Lower limit −"),
    ],
)
def test_a_limit_keeps_its_number_where_results_show_that_it_can_be_reached(values, given, words):
    assert words in words_of(xmr_chart(made_points(values), made_row(**given)))


def test_a_target_begins_with_the_definition_that_it_was_set_for():
    points = made_points([*STEADY, *STEADY], rebase=16)
    begun = points["period"].iloc[16]
    for definition, share in (("", 1.0), (begun, 0.5)):
        figure = xmr_chart(points, made_row(definition_from=definition))
        (ax,) = plots_of(figure)
        (target,) = [line for line in ax.get_lines() if line.get_linewidth() == 1.6]
        across = np.ptp(target.get_xdata()) / np.ptp(ax.xlim)
        np.testing.assert_allclose(across, share, atol=0.02)


def test_a_recorded_decision_is_named_where_limits_begin_anew():
    points = made_points([*STEADY, *(value + 3 for value in STEADY)], rebase=16)
    points["decision"] = ""
    points.loc[16, "decision"] = "Performance Board, 4 August 2023: new case system"
    figure = xmr_chart(points, made_row())
    assert "Limits recalculated: Performance Board, 4 August 2023: new case system" in words_of(figure)
    assert faults_of(figure) == []
    assert "(decision: Performance Board, 4 August 2023: new case system)" in alt_xmr(points, made_row())


def test_a_decision_too_long_to_stand_above_a_break_is_not_cut_short_there():
    points = made_points([*STEADY, *(value + 3 for value in STEADY)], rebase=16)
    why = "Performance Board, 4 August 2023: one team plans every yearly review, as agreed with schools"
    points["decision"] = ""
    points.loc[16, "decision"] = f"{why}, and starts it eight weeks before it is due"
    said = words_of(xmr_chart(points, made_row()))
    assert "Limits recalculated by decision" in said
    assert "…" not in said


@pytest.mark.parametrize(
    ("given", "words"), [({"is_seasonal": True}, "follow the season"), ({"chart": "p-prime"}, "(p′)")]
)
def test_limits_that_differ_from_point_to_point_say_why(given, words):
    assert words in words_of(xmr_chart(made_points(STEADY), made_row(**given)))
    assert words not in words_of(xmr_chart(made_points(STEADY), made_row()))


def bars_of(figure):
    """The drawn bars from top to bottom: (start, length, middle, height)."""
    ax = next(ax for ax in figure.axes if ax.axison)
    found = [bar for bar in ax.patches if isinstance(bar, Rectangle) and bar.get_height() < 0.5]
    places = [
        (bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2, bar.get_height()) for bar in found
    ]
    return sorted(places, key=lambda bar: -bar[2])


@pytest.mark.parametrize("count", [1, 2, ROWS])
def test_each_bar_goes_from_nought_to_its_value_on_its_own_line(count):
    rows = [{"title": f"M{at}", "value": 0.1 + 7 * at / 3, "state": "missed"} for at in range(count)]
    rated = made_rated(rows)
    wanted = [[0.0, at, count - line - 0.5, 0.2] for line, at in enumerate(bullet_rows(rated)["at"])]
    np.testing.assert_allclose(bars_of(bullets(rated)[0]), wanted, rtol=0, atol=1e-9)


def test_bars_of_hostile_values_end_at_the_axis_and_nothing_else_moves():
    values = [-900.0, -3.0, 0.0, 5.0, np.inf, np.nan]
    rated = made_rated([{"title": f"M{at}", "value": value} for at, value in enumerate(values)])
    (figure,) = bullets(rated)
    lengths = [length for _, length, *_ in bars_of(figure)]
    np.testing.assert_allclose(sorted(lengths), [ENDS[0], -3, 0, 5, ENDS[1]])
    ax = next(ax for ax in figure.axes if ax.axison)
    assert ax.get_ylim() == (0, 5)
    assert ax.get_xlim()[0] < ENDS[0] < ENDS[1] < ax.get_xlim()[1]
    assert (ax.get_xlabel(), ax.get_ylabel(), len(ax.get_yticks())) == ("", "", 0)


@pytest.mark.parametrize(
    ("value", "state"), [(22.0, "near"), (22.1, "missed"), (9.0, "near"), (8.9, "missed")]
)
def test_a_range_is_drawn_with_as_much_tolerance_at_each_end_as_its_status_has(value, state):
    tolerance = {"tolerance": 10.0, "tolerance_kind": "per-cent"}
    given = {"unit": "%", "target": np.nan, "lower": 10.0, "upper": 20.0, "polarity": "range", **tolerance}
    (row,) = bullet_rows(made_rated([{"value": value, "state": state, **given}])).to_dict("records")
    assert (row["from"], row["to"]) == (9.0, 22.0)
    assert (row["from"] <= value <= row["to"]) == (state == "near")
