"""Intervals from counts, and what an interval says beside a reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from pmf_lib.performance.benchmark import against, poisson, wilson
from pmf_lib.performance.benchmark.intervals import exact_poisson


def one(pair):
    return tuple(float(limit[0]) for limit in pair)


def array(value):
    return np.array([value], dtype=float)


@settings(deadline=None)
@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([95, 99.8]))
def test_wilson_is_what_statsmodels_gives(denominator, share, confidence):
    numerator = round(share * denominator)
    wanted = proportion_confint(numerator, denominator, alpha=1 - confidence / 100, method="wilson")
    np.testing.assert_allclose(
        one(wilson(array(numerator), array(denominator), confidence)), wanted, atol=1e-9
    )


@settings(deadline=None)
@given(st.integers(0, 500))
def test_exact_limits_are_those_of_the_chi_squared_distribution(events):
    low, high = one(exact_poisson(array(events)))
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * events + 2) / 2)


@settings(deadline=None)
@given(st.integers(10, 5000))
def test_byars_limits_are_close_to_the_exact_ones(events):
    np.testing.assert_allclose(one(poisson(array(events))), one(exact_poisson(array(events))), rtol=0.005)


def test_byars_limits_are_those_of_the_textbook():
    low, high = one(poisson(array(65)))
    assert (round(low, 2), round(high, 2)) == (50.16, 82.85)


def test_under_ten_events_the_limits_are_exact():
    assert one(poisson(array(9))) == one(exact_poisson(array(9)))
    assert one(poisson(array(10))) != one(exact_poisson(array(10)))


@settings(deadline=None)
@given(st.floats(-5, 5), st.floats(0, 3), st.floats(-5, 5))
def test_the_verdict_follows_the_reference_and_the_polarity(middle, reach, reference):
    lower, upper = array(middle - reach), array(middle + reach)
    said = {
        way: against(lower, upper, array(reference), np.array([way])).item()
        for way in ("higher", "lower", "none")
    }
    if lower[0] <= reference <= upper[0]:
        assert set(said.values()) == {"similar"}
    elif lower[0] > reference:
        assert said == {"higher": "better", "lower": "worse", "none": "higher"}
    else:
        assert said == {"higher": "worse", "lower": "better", "none": "lower"}


def test_without_a_limit_or_a_reference_there_is_no_verdict():
    gap = array(np.nan)
    for given_ in ((gap, array(1), array(0)), (array(0), gap, array(0)), (array(0), array(1), gap)):
        assert against(*given_, np.array(["higher"])).item() == ""
