"""Forecasts as fans at the end of a control chart, and quartile dots."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from test_charts_made_up import HOSTILE, STEADY, faults_of, made_points, made_row, plots_of, words_of

from pmf_lib.performance.benchmark import BenchmarkOptions, benchmark
from pmf_lib.workbook.charts import (
    alt_dots,
    alt_xmr,
    data_dots,
    data_xmr,
    dots_of,
    quartile_dots,
    xmr_chart,
)
from pmf_lib.workbook.pieces.figure import svg

POINTS = made_points(STEADY)  # April 2022 to July 2023
ROW = made_row()


def ahead(*points, first=1):
    last = int(POINTS["ordinal"].max())
    rows = [(last + first + at, value, value - 1 - at, value + 1 + at) for at, value in enumerate(points)]
    return pd.DataFrame(rows, columns=["ordinal", "point", "low", "high"])


def test_a_forecast_is_named_at_its_end_and_its_band_in_the_key():
    figure = xmr_chart(POINTS, ROW, ahead(92.0, 91.5, 91.0))
    said = words_of(figure)
    assert "Forecast 91.0%" in said
    assert "Range of the forecast" in said
    assert faults_of(figure) == []


def test_the_fan_opens_from_the_last_result_and_the_chart_holds_it():
    (area,) = plots_of(xmr_chart(POINTS, ROW, ahead(92.0, 60.0)))
    (dashed,) = [line for line in area.get_lines() if line.get_ydata()[-1] == 60.0]
    assert list(dashed.get_ydata()) == [STEADY[-1], 92.0, 60.0]
    assert np.diff(dashed.get_xdata()) == pytest.approx([30.4, 30.4])
    assert area.ylim[0] < 58.0
    assert area.xlim[1] > dashed.get_xdata()[-1]


def test_a_chart_without_a_forecast_is_as_it_was():
    empty = ahead()
    assert svg(xmr_chart(POINTS, ROW, empty)) == svg(xmr_chart(POINTS, ROW))
    assert alt_xmr(POINTS, ROW, empty) == alt_xmr(POINTS, ROW)
    pd.testing.assert_frame_equal(data_xmr(POINTS, ROW, empty), data_xmr(POINTS, ROW))


def test_words_say_where_the_forecast_ends():
    said = alt_xmr(POINTS, ROW, ahead(92.0, 91.5))
    assert said.endswith(
        "A dashed line shows the forecast to September 2023: 91.5% then, in a band of 89.5% to 93.5%."
    )


def test_the_table_goes_on_with_the_periods_forecast():
    table = data_xmr(POINTS, ROW, ahead(92.0, 91.5))
    assert len(table) == len(STEADY) + 2
    last = table.iloc[-1]
    assert (last["Period"], last["Signal"]) == ("Sep 2023", "")
    assert last[["Forecast (%)", "Forecast from (%)", "Forecast to (%)"]].tolist() == [91.5, 89.5, 93.5]
    assert np.isnan(last["Result (%)"])


def test_a_forecast_is_rounded_in_its_table_as_on_its_chart():
    row = made_row(decimals=0, unit="number")
    table = data_xmr(POINTS, row, ahead(92.0, 90.5))
    assert table["Forecast"].iloc[-1] == 91.0
    assert "Forecast 91" in words_of(xmr_chart(POINTS, row, ahead(92.0, 90.5)))


def test_periods_that_are_known_by_now_are_not_drawn_as_a_forecast():
    assert "Forecast" not in words_of(xmr_chart(POINTS, ROW, ahead(92.0, first=0)))


FIGURES = {"A": 1.0, "B": 2.0, "C": 3.0, "D": 4.0, "E": 5.0, "F": 6.0}


def found(here, polarity="higher", figures=FIGURES, title="Waits", least=12, measures=1):
    """What the benchmark gives for measures that are all alike, and their comparators."""
    row = {
        "title": title, "frequency": "annual", "polarity": polarity, "decimals": 0, "unit": "%",
        "last_period": "2023-24", "last_value": here,
    }  # fmt: skip
    names = [f"m{at}" for at in range(measures)]
    rows = pd.DataFrame([{**row, "measure_id": name} for name in names])
    comparators = pd.DataFrame(
        [
            {
                "measure_id": name,
                "period": "2023-24",
                "authority": who,
                "authority_kind": "authority",
                "value": value,
            }
            for name in names
            for who, value in figures.items()
        ]
    )
    options = BenchmarkOptions(least_authorities=least)
    return dots_of(benchmark(rows, comparators, options=options), comparators, options)


def test_the_better_is_to_the_right_whichever_way_that_is():
    """1 to 6 and 0 here: the median of seven is 3, the furthest figure 3 away from it."""
    for polarity, sign in (("higher", 1), ("lower", -1)):
        row = found(0.0, polarity).iloc[0]
        assert row["here"] == -sign
        assert row["others"] == pytest.approx([sign * (value - 3) / 3 for value in FIGURES.values()])
        assert not row["is_beyond"]


def test_one_odd_figure_does_not_press_the_others_together():
    """Quartiles of 1 to 6 and 1,000: 2.5, 4 and 5.5; the row ends at three times 1.5 from the median."""
    row = found(1000.0).iloc[0]
    assert row["is_beyond"]
    assert row["here"] == 1
    assert row["others"] == pytest.approx([(value - 4) / 4.5 for value in FIGURES.values()])
    assert "»" in words_of(quartile_dots(found(1000.0)))


def test_the_middle_half_is_drawn_only_among_enough_authorities():
    """Quartiles of 1 to 6 and 3: 2.5, 3 and 4.5; the furthest figure is 3 away from the median."""
    assert np.isnan(found(3.0)["lower"].iloc[0])
    row = found(3.0, least=7).iloc[0]
    assert (row["lower"], row["upper"]) == pytest.approx((-0.5 / 3, 1.5 / 3))
    assert "Middle half" in words_of(quartile_dots(found(3.0, least=7)))
    assert "Middle half" not in words_of(quartile_dots(found(3.0)))


def test_too_few_authorities_and_measures_without_a_best_way_are_not_drawn():
    assert found(3.0, figures={"A": 1.0, "B": 2.0, "C": 3.0}).empty
    assert found(3.0, "none").empty
    assert words_of(quartile_dots(found(3.0, "none")))
    assert alt_dots(found(3.0, "none")) == "No measure can be ranked among enough authorities."


def test_equal_figures_all_stand_on_the_median():
    row = found(2.0, figures=dict.fromkeys("ABCD", 2.0)).iloc[0]
    assert (row["here"], row["others"]) == (0.0, [0.0] * 4)


def test_the_worst_ranks_come_first_and_twelve_at_most():
    both = pd.concat([found(9.0, title="Best"), found(0.0, title="Worst")])
    assert both.sort_values("share", ascending=False)["title"].tolist() == ["Worst", "Best"]
    assert len(found(3.0, measures=14)) == 12


def test_words_name_the_first_and_numbers_stand_behind_each_row():
    known = found(0.0, title="Visits")
    assert alt_dots(known, council="Home") == (
        "Home among other authorities, the worst ranks first: Visits (7th of 7). It is worse than the median in 1 of 1 row."
    )
    row = data_dots(known, council="Home").iloc[0]
    assert row[["Measure", "Home", "Lower quartile", "Median", "Upper quartile", "Rank"]].tolist() == [
        "Visits", "0%", "2%", "3%", "5%", "7th of 7",
    ]  # fmt: skip


def test_a_quartile_has_a_decimal_more_only_where_it_would_look_like_the_councils_figure():
    """Quartiles of 1 to 6 and 3: 2.5, 3 and 4.5."""
    row = data_dots(found(3.0, title="Visits"), council="Home").iloc[0]
    assert row[["Home", "Lower quartile", "Median", "Upper quartile"]].tolist() == ["3%", "2.5%", "3%", "5%"]


@pytest.mark.parametrize("measures", [1, 12])
def test_dots_of_any_number_with_any_title_are_drawn_and_the_same_each_time(measures):
    known = found(0.0, title=HOSTILE, measures=measures)
    figure = quartile_dots(known, council=HOSTILE)
    assert faults_of(figure) == []
    assert svg(figure) == svg(quartile_dots(known, council=HOSTILE))


def drawn_dots(known):
    """Where the other authorities' dots stand: x and line of each, by line from the top and then from the left."""
    ax = next(ax for ax in quartile_dots(known).axes if ax.axison)
    spots = [
        at
        for dots in ax.collections
        if isinstance(dots, PathCollection)
        for at in dots.get_offsets().filled()
    ]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1.06, 1.06), (0, len(known)))
    assert (ax.get_xlabel(), ax.get_ylabel(), len(ax.get_yticks())) == ("", "", 0)
    return sorted(map(tuple, spots), key=lambda at: (-at[1], at[0]))


@pytest.mark.parametrize("measures", [1, 3, 12])
def test_every_other_authoritys_dot_stands_at_its_own_figure_on_its_measures_line(measures):
    known = found(0.0, measures=measures)
    lines = [len(known) - at - 0.5 for at in range(len(known))]
    wanted = [(x, line) for line, row in zip(lines, known["others"], strict=True) for x in sorted(row)]
    np.testing.assert_allclose(drawn_dots(known), wanted, rtol=0, atol=1e-12)


def test_equal_figures_share_one_place_and_one_that_is_missing_is_not_drawn():
    known = found(3.0, measures=2)
    known["others"] = pd.Series([[0.5, 0.5, np.nan], [-1.0, 1.0]], known.index)
    assert drawn_dots(known) == [(0.5, 1.5), (0.5, 1.5), (-1.0, 0.5), (1.0, 0.5)]
    for nobody in ([], [np.nan]):
        known["others"] = pd.Series([nobody, nobody], known.index)
        assert drawn_dots(known) == []
