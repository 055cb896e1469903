"""XmR charts, alone and as a wall."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from test_charts_made_up import (
    HOSTILE,
    STEADY,
    faults_of,
    made_points,
    made_rated,
    made_row,
    plots_of,
    texts_of,
    words_of,
)

from pmf_lib.workbook.charts import (
    alt_small_multiples,
    alt_xmr,
    data_small_multiples,
    data_xmr,
    small_multiples,
    xmr_chart,
)
from pmf_lib.workbook.charts.badges import SMALL_RING
from pmf_lib.workbook.pieces.figure import svg

NOISE = np.random.default_rng(7).normal(0, 1, 60)
CASES = {
    "no point": ([], {}),
    "one point": ([93.0], {"limits": "none"}),
    "three points": ([93.0, 94.0, 92.5], {"limits": "none"}),
    "sixty points": (93 + NOISE, {}),
    "no value at all": ([np.nan] * 14, {}),
    "constant": ([5.0] * 20, {"unit": "number", "decimals": 0, "target": 5.0}),
    "huge": (1.2e9 + 1e7 * NOISE, {"unit": "£", "decimals": 0, "target": 1.25e9}),
    "beyond all counting": (1e290 * (5 + NOISE), {"unit": "number", "target": np.nan}),
    "tiny": (1e-5 * (5 + NOISE), {"unit": "rate", "decimals": 6, "target": np.nan}),
    "negative": (-40 + 3 * NOISE, {"unit": "£", "target": -45.0}),
    "infinite": ([np.inf, 4.0, -np.inf, 5.0, 3.0], {"limits": "none"}),
    "hostile words": (93 + NOISE, {"title": HOSTILE, "unit": HOSTILE}),
    "a range": (50 + NOISE, {"polarity": "range", "target": np.nan, "lower": 48.0, "upper": 52.0}),
}


def markers(figure, shape):
    """The points drawn with this shape inside charts (not in keys)."""
    lines = [line for area in plots_of(figure) for line in area.get_lines()]
    return [line for line in lines if line.get_marker() == shape]


@pytest.mark.parametrize("case", CASES)
def test_any_series_is_drawn_the_same_in_any_order_and_without_words_that_collide(case):
    values, given = CASES[case]
    points = made_points(values)
    before = points.copy()
    figure = xmr_chart(points, made_row(**given))
    assert faults_of(figure) == []
    assert svg(figure) == svg(xmr_chart(points.iloc[::-1], made_row(**given)))
    pd.testing.assert_frame_equal(points, before)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("case", CASES)
def test_any_series_is_told_in_words_and_as_a_table(case):
    values, given = CASES[case]
    points = made_points(values)
    assert alt_xmr(points, made_row(**given)).endswith(".")
    assert len(data_xmr(points, made_row(**given))) == len(values)


@pytest.mark.parametrize("kind", ["week", "month", "quarter", "term", "year", "academic_year", "window"])
def test_every_kind_of_period_has_few_labels_with_the_latest_year_among_them(kind):
    first = {"week": "2023-W02", "month": "2021-04", "quarter": "2012-13 Q1", "term": "2012/13 Autumn"}
    first |= {"year": "1990-91", "academic_year": "1990/91", "window": "2018-04..2021-03"}
    frequency = {"week": "weekly", "month": "monthly", "quarter": "quarterly", "term": "termly"}
    frequency |= {"year": "annual", "academic_year": "academic-annual", "window": "multi-year"}
    figure = xmr_chart(made_points(93 + NOISE[:40], kind, first[kind]), made_row(frequency=frequency[kind]))
    labels = plots_of(figure)[0].tick_words
    assert 2 <= len(labels) <= 8
    assert faults_of(figure) == []


def test_a_monthly_series_is_labelled_at_aprils():
    figure = xmr_chart(made_points(93 + NOISE), made_row())
    labels = plots_of(figure)[0].tick_words
    assert labels == ["Apr 2022", "Apr 2023", "Apr 2024", "Apr 2025", "Apr 2026"]


def test_each_line_is_named_at_its_end():
    said = words_of(xmr_chart(made_points(STEADY), made_row()))
    for words in ("Latest 93.1%", "Mean 93.1%", "Upper limit 96.5%", "Lower limit 89.8%", "Target 95.0%"):
        assert words in said


def test_trial_limits_are_called_trial():
    assert "Upper trial limit" in words_of(xmr_chart(made_points(STEADY), made_row(limits="trial")))


def test_a_constant_series_names_mean_and_limits_once():
    values, given = CASES["constant"]
    said = words_of(xmr_chart(made_points(values), made_row(**given)))
    assert "Mean and limits 5" in said
    assert "Upper" not in said


def test_the_measures_title_is_left_to_the_page():
    assert "Planning" not in words_of(xmr_chart(made_points(STEADY), made_row()))


def test_the_unit_stands_above_the_axis_unless_the_numbers_carry_it():
    assert "Days" in words_of(xmr_chart(made_points(STEADY), made_row(unit="days")))
    assert "Days" not in words_of(xmr_chart(made_points(STEADY), made_row(unit="%")))


@pytest.mark.parametrize(
    ("polarity", "shape", "colour", "word"),
    [
        ("higher", "s", "#12436d", "better than usual"),
        ("lower", "^", "#f46a25", "worse than usual"),
        ("none", "D", "#801650", "not as usual"),
    ],
)
def test_a_special_cause_is_told_by_shape_colour_and_word(polarity, shape, colour, word):
    figure = xmr_chart(made_points([*STEADY, 105.0], polarity=polarity), made_row(polarity=polarity))
    (special,) = markers(figure, shape)
    np.testing.assert_allclose(special.get_ydata(), [105.0])
    assert to_hex(special.get_markerfacecolor()) == colour
    assert f"Point {word}" in words_of(figure)


def test_a_chart_without_special_causes_has_no_key():
    assert "usual" not in words_of(xmr_chart(made_points(STEADY), made_row()))


def test_a_provisional_last_result_is_hollow():
    figure = xmr_chart(made_points(STEADY), made_row(provisional=True))
    hollow = [line for line in markers(figure, "o") if to_hex(line.get_markerfacecolor()) == "#ffffff"]
    assert [line.get_ydata().tolist() for line in hollow] == [[STEADY[-1]]]
    assert "Not yet final" in words_of(figure)


def test_a_period_that_is_missing_or_empty_breaks_the_line():
    values = [*STEADY]
    values[5] = None
    points = made_points(values).drop(index=9)
    line = max(
        plots_of(xmr_chart(points, made_row()))[0].get_lines(), key=lambda found: len(found.get_xdata())
    )
    assert np.flatnonzero(np.isnan(line.get_ydata())).tolist() == [5, 9]


def test_each_segment_has_its_own_mean_and_the_break_is_named():
    points = made_points([*STEADY, *(value + 9 for value in STEADY)], rebase=16)
    figure = xmr_chart(points, made_row())
    flat = [
        line
        for line in plots_of(figure)[0].get_lines()
        if line.get_linestyle() == "-" and len(line.get_xdata()) == 2
    ]
    means = {round(float(line.get_ydata()[0]), 2) for line in flat if np.ptp(line.get_ydata()) == 0}
    assert set(points["mean"].round(2)) <= means
    assert "Limits recalculated" in words_of(figure)
    assert faults_of(figure) == []


def test_many_breaks_do_not_run_into_each_other():
    points = made_points(93 + NOISE[:40])
    points["segment"] = np.arange(40) // 4
    assert faults_of(xmr_chart(points, made_row(unit="rate per 10,000 children"))) == []


def test_a_target_for_the_year_to_date_is_not_drawn_over_results_in_the_period():
    points = made_points(STEADY)
    last = points["period"].iloc[-1]
    apart = made_row(period=last, value=STEADY[-1] + 300, state="met")
    assert "Target" not in words_of(xmr_chart(points, apart))
    assert "target" not in alt_xmr(points, apart)
    assert "Target" in words_of(xmr_chart(points, made_row(period=last, value=STEADY[-1])))


def wall(count):
    rated = made_rated([{"title": f"Measure number {at}"} for at in range(count)])
    one = made_points(93 + NOISE[:30])
    return pd.concat([one.assign(measure_id=name) for name in rated["measure_id"]], ignore_index=True), rated


@pytest.mark.parametrize(("count", "pictures"), [(0, 0), (1, 1), (10, 1), (11, 2), (60, 6)])
def test_a_wall_holds_ten_panels_a_picture(count, pictures):
    points, rated = wall(count) if count else (wall(1)[0], wall(1)[1].iloc[:0])
    figures = small_multiples(points, rated)
    assert len(figures) == pictures
    assert len(alt_small_multiples(points, rated)) == len(data_small_multiples(points, rated)) == pictures
    assert [fault for figure in figures[-1:] for fault in faults_of(figure)] == []


def test_a_wall_keeps_the_order_given():
    points, rated = wall(5)
    backwards = rated.iloc[::-1]
    (figure,) = small_multiples(points, backwards)
    titles = [text for text in texts_of(figure) if text.get_text().startswith("Measure number")]
    places = sorted(titles, key=lambda text: (-text.get_position()[1], text.get_position()[0]))
    assert [text.get_text() for text in places] == backwards["title"].tolist()
    assert data_small_multiples(points, backwards)[0]["Measure"].tolist() == backwards["title"].tolist()


def test_panels_of_a_wall_cover_the_same_months():
    points = pd.concat(
        [made_points(STEADY, measure_id="m0"), made_points(STEADY, "quarter", "2019-20 Q1", measure_id="m1")]
    )
    (figure,) = small_multiples(points, made_rated([{}, {"frequency": "quarterly"}]))
    assert len(plots_of(figure)) == 2
    assert len({area.xlim for area in plots_of(figure)}) == 1


def test_a_wall_of_hostile_and_empty_measures_is_drawn_and_the_same_each_time():
    rows = [
        {"title": HOSTILE, "unit": HOSTILE},
        {"title": "", "variation": ""},
        {"unit": "£", "decimals": 0, "target": 1e9, "limits": "trial"},
        {"polarity": "range", "target": np.nan, "lower": 90.0, "upper": 91.0},
    ]
    points = pd.concat(
        [
            made_points(STEADY, measure_id="m0"),
            made_points(1.2e9 + 1e7 * NOISE, measure_id="m2"),
            made_points([*STEADY, 105.0], measure_id="m3", rebase=9),
        ]
    )
    (figure,), (again,) = (small_multiples(points, made_rated(rows)) for _ in range(2))
    assert faults_of(figure) == []
    assert "No results to draw" in words_of(figure)
    assert svg(figure) == svg(again)


def test_the_key_of_a_wall_names_every_look_once():
    points, rated = wall(3)
    (figure,) = small_multiples(points, rated)
    for words in ("Result", "Mean", "Limits", "Target"):
        assert [text.get_text() for text in texts_of(figure)].count(words) == 1


def test_no_line_is_without_a_colour_of_the_tokens():
    points, rated = wall(2)
    (figure,) = small_multiples(points, rated)
    tokens = {
        "#0b0c0c",
        "#6f777b",
        "#505a5f",
        "#ffffff",
        "#eeefef",
        "#12436d",
        "#f46a25",
        "#801650",
        "#383f43",
    }
    drawn = {to_hex(line.get_color()) for line in figure.findobj(Line2D)}
    assert drawn <= tokens


def test_a_new_definition_is_named_and_breaks_the_line():
    points = made_points(93 + NOISE[:30])
    points["segment"] = (points["ordinal"] >= points["ordinal"].iloc[20]).astype(int)
    began = points["period"].iloc[20]
    for definition, words in ((began, "Definition changed"), ("", "Limits recalculated")):
        row = made_row(definition_from=definition)
        figure = xmr_chart(points, row)
        assert words in words_of(figure)
        series = [each.get_ydata() for each in plots_of(figure)[0].get_lines() if len(each.get_xdata()) >= 30]
        assert max(np.isnan(line).sum() for line in series) == bool(definition)
        assert ("the definition changed" in alt_xmr(points, row)) is bool(definition)
        plt.close(figure)


def test_a_panel_bears_its_verdicts_as_letters_in_rings_before_its_value_and_the_key_says_what_they_mean():
    points, _ = wall(2)
    rated = made_rated(
        [
            {"variation": "worsening_low", "capability": "not_expected", "state": "missed"},
            {"variation": "too_few_points", "capability": "not_tested", "state": "monitor_only"},
        ]
    )
    (figure,) = small_multiples(points, rated)
    said = words_of(figure)
    assert "Worsening · Missed · " in said
    assert "F Not expected to meet without a change in the process" in said
    assert "Too few points · 9" in said
    assert said.split(" | ").count("L↓") == said.split(" | ").count("F") == 1
    rings = [line for line in figure.findobj(Line2D) if line.get_markersize() == SMALL_RING]
    assert len(rings) == 2
    assert faults_of(figure) == []


def test_a_wall_fits_a_printed_page_with_its_heading_and_source():
    points, rated = wall(10)
    (figure,) = small_multiples(points, rated.assign(title=HOSTILE))
    assert figure.get_figheight() * 96 <= 994 - 130


def test_a_unit_in_words_stands_behind_a_panel_s_title_and_large_numbers_are_short():
    points = pd.concat(
        [made_points(STEADY, measure_id="m0"), made_points(1.2e9 + 1e7 * NOISE, measure_id="m1")]
    )
    rated = made_rated(
        [{"title": "Waits", "unit": "days"}, {"unit": "£", "decimals": 0, "target": 1_250_000_000.0}]
    )
    said = words_of(small_multiples(points, rated)[0])
    assert "Waits (days)" in said
    assert "Target £1,250.0m" in said
    assert data_small_multiples(points, rated)[0]["Target"].tolist()[1] == "£1,250,000,000"


@pytest.mark.parametrize(("unit", "is_share"), [("% of pupils", True), ("% of the index of 2015", False)])
def test_a_share_of_anything_has_no_limit_above_all_of_it(unit, is_share):
    points = made_points([98.0, 90.0, 99.0, 91.0] * 4)
    assert ("to above 100" in alt_xmr(points, made_row(unit=unit))) == is_share
