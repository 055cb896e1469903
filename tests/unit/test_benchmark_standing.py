"""Bands, ranks and distances among authorities: ties, missing figures, quantile methods, order of rows, properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pmf_lib.errors import ParameterError
from pmf_lib.numbers import half_up as exactly
from pmf_lib.performance.benchmark import BenchmarkOptions, standing
from pmf_lib.performance.benchmark.figures import compared, quantiles

SMALL = BenchmarkOptions(least_authorities=4)
FIGURES = st.lists(st.integers(-50, 50).map(lambda whole: whole / 2), min_size=1, max_size=40)


def frame(values, polarity="higher", **more):
    return pd.DataFrame(
        {"measure_id": "a", "period": "2024", "value": np.array(values, dtype=float), "polarity": polarity}
        | more
    )


def test_ties_share_the_better_place_and_the_next_one_is_left_out():
    found = standing(frame([10, 30, 20, 30, 5]))
    assert found["rank"].tolist() == [4, 1, 3, 1, 5]
    assert found["ties"].tolist() == [0, 1, 0, 1, 0]
    assert found["n"].tolist() == [5] * 5


def test_a_missing_or_infinite_figure_is_neither_placed_nor_counted():
    found = standing(frame([1, np.nan, 3, np.inf]))
    assert found["n"].tolist() == [2, 0, 2, 0]
    np.testing.assert_array_equal(found["rank"], [2, np.nan, 1, np.nan])


def test_a_closed_authority_is_never_counted_even_with_a_figure():
    given = frame([1, 2, 3], authority=["Old County", "B", "C"])
    found = standing(given, options=BenchmarkOptions(closed=["Old County"]))
    assert found["n"].tolist() == [0, 2, 2]
    assert found["median"].tolist()[1:] == [2.5, 2.5]
    assert standing(given)["n"].tolist() == [3, 3, 3]


@pytest.mark.parametrize("polarity", ["none", "range"])
def test_where_no_way_is_best_there_is_a_distance_and_no_rank_or_band(polarity):
    found = standing(frame([1, 2, 3, 4, 5], polarity), options=SMALL)
    assert found["rank"].isna().all()
    assert found["band"].tolist() == [""] * 5
    assert found["distance_mad"].tolist() == [-2, -1, 0, 1, 2]


def test_a_figure_on_a_quartile_is_in_the_quarter_below_it():
    high = standing(frame([1, 2, 3, 4, 5]), options=SMALL)
    low = standing(frame([1, 2, 3, 4, 5], "lower"), options=SMALL)
    assert high["band"].tolist() == ["D", "D", "C", "B", "A"]
    assert low["band"].tolist() == ["A", "A", "B", "C", "D"]


def test_under_the_least_number_there_is_a_rank_and_neither_band_nor_distance():
    eleven = standing(frame(range(11)))
    assert eleven["rank"].notna().all()
    assert (eleven["band"] == "").all()
    assert eleven["distance_mad"].isna().all()
    assert (standing(frame(range(12)))["band"] != "").all()


def test_one_not_counted_is_placed_and_pushes_nobody_down():
    found = standing(frame([9, 1, 2, 3, 4], counted=[False, True, True, True, True]), options=SMALL)
    assert found["rank"].tolist() == [1, 4, 3, 2, 1]
    assert found["n"].tolist() == [5, 4, 4, 4, 4]
    assert found["median"].tolist() == [2.5] * 5
    assert found["band"].iloc[0] == "A"


def test_deviations_of_nought_give_no_distance():
    found = standing(frame([5, 5, 5, 5, 9]), options=SMALL)
    assert (found["mad"] == 0).all()
    assert found["distance_mad"].isna().all()


def test_figures_that_look_the_same_at_the_measures_decimals_tie():
    given = frame([62.13, 62.08, 50], decimals=1.0)
    assert standing(given)["rank"].tolist() == [1, 1, 3]
    assert standing(given, options=BenchmarkOptions(rounding="none"))["rank"].tolist() == [1, 2, 3]


def test_binary_dust_in_a_published_figure_breaks_no_tie():
    found = standing(frame([90.3, 90.30000000000001, 91]), options=BenchmarkOptions(rounding="none"))
    assert found["rank"].tolist() == [2, 2, 1]


def test_measures_and_periods_stand_apart():
    given = frame([1, 2, 1, 2]).assign(
        measure_id=["a", "a", "b", "b"], period=["2023", "2024", "2024", "2024"]
    )
    assert standing(given)["n"].tolist() == [1, 1, 2, 2]


def test_an_empty_frame_gives_every_column():
    assert standing(frame([])).empty
    assert standing(frame([np.nan]))["n"].tolist() == [0]


def test_a_wrong_call_says_what_is_missing():
    with pytest.raises(ParameterError, match="no column 'polarity'"):
        standing(frame([1]).drop(columns="polarity"))
    with pytest.raises(ParameterError, match="'High' is not a known polarity"):
        standing(frame([1], "High"))
    with pytest.raises(ParameterError, match="reset_index"):
        standing(pd.concat([frame([1]), frame([2])]))


@settings(deadline=None)
@given(FIGURES, st.permutations(range(40)))
def test_the_order_of_rows_never_matters(values, order):
    rows = frame(values)
    before = rows.copy()
    mixed = rows.loc[[at for at in order if at < len(rows)]]
    assert_frame_equal(standing(mixed, options=SMALL).sort_index(), standing(rows, options=SMALL))
    assert_frame_equal(rows, before)


@settings(deadline=None)
@given(FIGURES)
def test_a_better_figure_never_has_a_worse_rank_or_band(values):
    for way, sign in (("higher", -1), ("lower", 1)):
        found = (
            standing(frame(values, way), options=SMALL)
            .assign(worse=sign * np.array(values))
            .sort_values("worse")
        )
        assert found["rank"].is_monotonic_increasing
        assert found["band"].is_monotonic_increasing


@settings(deadline=None)
@given(FIGURES)
def test_mirrored_figures_and_polarity_give_the_same_ranks_and_opposite_distances(values):
    right = standing(frame(values), options=SMALL)
    left = standing(frame([-value for value in values], "lower"), options=SMALL)
    np.testing.assert_array_equal(right["rank"], left["rank"])
    np.testing.assert_allclose(right["distance_mad"], -left["distance_mad"])


@settings(deadline=None)
@given(FIGURES)
def test_ranks_are_one_more_than_the_number_of_better_figures(values):
    found = standing(frame(values))
    assert found["rank"].tolist() == [1 + sum(other > value for other in values) for value in values]
    assert found["ties"].tolist() == [values.count(value) - 1 for value in values]


@pytest.mark.parametrize(
    ("ours", "theirs"), [("linear", "linear"), ("weibull", "weibull"), ("median-unbiased", "median_unbiased")]
)
@settings(deadline=None)
@given(values=FIGURES)
def test_each_quantile_method_is_the_one_it_is_named_after(ours, theirs, values):
    points = (0.0, 0.25, 0.5, 0.75, 1.0)
    figures = np.array(values)
    found = quantiles(np.zeros(len(values), dtype=np.int64), figures, 1, points, ours)[:, 0]
    np.testing.assert_allclose(found, np.quantile(figures, points, method=theirs), atol=1e-9)


@settings(deadline=None)
@given(st.decimals(-(10**10), 10**10, places=4), st.integers(0, 4))
@example(value=123456789.4, decimals=0)
@example(value=60000000.0, decimals=1)
def test_figures_are_compared_as_the_workbook_rounds_one_number(value, decimals):
    found = compared(np.array([float(value)]), np.array([float(decimals)])).item()
    assert found == exactly(float(value), decimals)
