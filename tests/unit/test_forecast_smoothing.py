"""Smoothing of many series at once: the same as statsmodels does one by one, with the start by least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

from pmf_lib.performance.forecast.forms import smoothers, words
from pmf_lib.performance.forecast.options import ForecastOptions
from pmf_lib.performance.forecast.smoothing import ahead

SEASON, STEPS = 4, 3
RNG = np.random.default_rng(3)
VALUES = 50 + np.cumsum(RNG.normal(0, 1, (5, 20)), axis=1) + RNG.normal(0, 2, (5, 20))


def one(form, weight=0.4):
    options = ForecastOptions(forms=(form,), level_weights=(weight,))
    return list(smoothers(SEASON, options))


def statsmodels_says(values, smoother):
    """Forecast and scale of statsmodels' own filter from the same start, which it is told."""
    kinds = {"damped-trend": {"trend": True, "damped_trend": True}, "seasonal": {"seasonal": SEASON}}
    weights = {"level": [], "damped-trend": [0.2 * 0.4, 0.9], "seasonal": [0.1 * 0.6]}[smoother.form]
    start = least_squares_start(values, smoother)
    names = {"initialization_method": "known", "initial_level": start[0]}
    if smoother.form == "damped-trend":
        names["initial_trend"] = start[1]
    if smoother.form == "seasonal":
        names["initial_seasonal"] = start[1:]
    model = ExponentialSmoothing(
        values,
        concentrate_scale=True,
        **kinds.get(smoother.form, {}),
        **names,
    )
    found = model.smooth([smoother.level_weight, *weights])
    return found.get_forecast(STEPS), found


def least_squares_start(values, smoother):
    """The start that leaves the smallest errors, found from what the errors are for each of several starts."""
    size = len(smoother.design)
    basis = [errors(values, smoother, start) for start in np.vstack([np.zeros(size), np.eye(size)])]
    slopes = np.array(basis[1:]) - basis[0]
    return np.linalg.lstsq(slopes.T, -basis[0], rcond=1e-10)[0]


def errors(values, smoother, start):
    state, found = np.array(start), []
    for value in values:
        found.append(value - smoother.design @ state)
        state = smoother.transition @ state + smoother.gain * found[-1]
    return np.array(found)


@pytest.mark.parametrize("form", ["level", "damped-trend", "seasonal"])
def test_each_form_forecasts_what_statsmodels_does_from_the_same_start(form):
    tried = one(form)
    found = ahead(VALUES, tried, STEPS)
    for at, values in enumerate(VALUES):
        theirs, _ = statsmodels_says(values, tried[0])
        np.testing.assert_allclose(found.point[at], theirs.predicted_mean, rtol=1e-8)


@pytest.mark.parametrize("form", ["level", "damped-trend"])
def test_the_spread_is_statsmodels_own_and_what_is_unknown_of_the_start(form):
    tried = one(form)
    found = ahead(VALUES, tried, STEPS)
    for at, values in enumerate(VALUES):
        theirs, fit = statsmodels_says(values, tried[0])
        free = found.freedom[at]
        of_errors = theirs.var_pred_mean * len(values) / free  # they divide by n
        diagonal = np.diagonal(found.spread[at])
        assert (diagonal >= of_errors * (1 - 1e-9)).all()
        assert fit.scale > 0
        assert (diagonal <= of_errors * 1.6).all()


def test_a_level_that_hardly_moves_is_the_mean_with_the_mean_in_doubt():
    found = ahead(VALUES, one("level", 1e-9), 2)
    size = VALUES.shape[1]
    variance = VALUES.var(axis=1) * size / (size - 2)
    np.testing.assert_allclose(found.point[:, 1], VALUES.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(found.spread[:, 0, 0], variance * (1 + 1 / size), rtol=1e-6)
    np.testing.assert_allclose(found.spread[:, 0, 1], variance / size, rtol=1e-6)


def test_a_line_that_only_rises_is_carried_on_by_a_fading_trend():
    rising = np.arange(30.0)[None, :] + RNG.normal(0, 0.01, (1, 30))
    found = ahead(rising, list(smoothers(4, ForecastOptions(forms=("level", "damped-trend")))), 2)
    assert found.point[0, 0] > 29.5
    assert found.point[0, 1] > found.point[0, 0]


def test_a_season_needs_two_full_years():
    wave = np.tile([0.0, 10, 0, -10], 3)[None, :] + RNG.normal(0, 0.1, (1, 12))
    tried = list(smoothers(4, ForecastOptions()))
    seasonal = np.array([one.form == "seasonal" for one in tried])
    assert ahead(wave, tried, 1).shares[0, seasonal].sum() > 0.99
    assert ahead(wave[:, 5:], tried, 1).shares[0, seasonal].sum() == 0


def test_a_missing_value_is_passed_over():
    steady = np.full((1, 12), 7.0)
    steady[0, 5] = np.nan
    np.testing.assert_allclose(ahead(steady, one("level"), 2).point, 7)


def test_a_series_is_forecast_alike_alone_and_among_longer_ones():
    tried = list(smoothers(SEASON, ForecastOptions()))
    short = VALUES.copy()
    short[0, :6] = np.nan
    together, alone = ahead(short, tried, STEPS), ahead(short[:1, 6:], tried, STEPS)
    np.testing.assert_allclose(together.point[0], alone.point[0], rtol=1e-9)
    np.testing.assert_allclose(together.spread[0], alone.spread[0], rtol=1e-7)


@given(st.floats(0.001, 1000), st.floats(-500, 500))
@settings(max_examples=25, deadline=None)
def test_another_unit_gives_the_same_forecast_in_that_unit(scale, shift):
    tried = list(smoothers(SEASON, ForecastOptions()))
    plain, other = ahead(VALUES, tried, STEPS), ahead(VALUES * scale + shift, tried, STEPS)
    np.testing.assert_allclose(other.point, plain.point * scale + shift, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(other.spread, plain.spread * scale**2, rtol=1e-3, atol=1e-6)


def test_shares_add_up_and_the_words_name_the_form_that_counts_for_most():
    tried = list(smoothers(SEASON, ForecastOptions()))
    found = ahead(VALUES, tried, STEPS)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    only = np.array([float(one.form == "seasonal") for one in tried])
    assert (
        words(only / only.sum(), tried)
        == "the recent level with the pattern of the year (100% of the average)"
    )
