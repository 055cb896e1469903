"""Every option of how others and forecasts are told is printed: a page on which one was changed says so."""

import pytest

from pmf_lib.performance.benchmark import BenchmarkOptions
from pmf_lib.performance.forecast import ForecastOptions
from pmf_lib.performance.forecast.options import Counts
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.workbook.pages.shared.rules import benchmark_rule, chart_rule, forecast_rule

BENCHMARK = {
    "quantile_method": "weibull",
    "counts_itself": False,
    "least_authorities": 20,
    "rounding": "none",
    "authority_rows": "nearest neighbours",
    "neighbours": ("Eastmere",),
    "closed": ("Oldshire",),
    "confidence_pct": 99.8,
    "occasions": ("dances",),
}
FORECAST = {
    "interval_pct": 90,
    "forms": ("level",),
    "level_weights": (0.3,),
    "trend_share": 0.5,
    "damping": 0.8,
    "seasonal_share": 0.3,
    "least_training": Counts(month=36, quarter=8, term=5),
    "longest_gap": Counts(month=3, quarter=1, term=1),
    "folds": 20,
    "least_folds": 5,
}

CHARTS = {
    "screen": False,
    "two_in_three": "nhsr-0.2.2",
    "shift_n": 6,
    "trend_n": 6,
    "trial_limits_below": 20,
    "refuse_below": 10,
    "seasonal_f": None,
    "seasonal_p": 0.001,
    "laney": "never",
    "laney_small": 3.0,
    "laney_vary": 2.0,
    "fix_after_n": 12,
    "rebase_open_quarters": 2,
}


def test_every_option_is_tried() -> None:
    assert set(BENCHMARK) == set(BenchmarkOptions.model_fields)
    assert set(FORECAST) == set(ForecastOptions.model_fields)
    assert set(CHARTS) == set(XmrOptions.model_fields)


@pytest.mark.parametrize("name", CHARTS)
def test_a_changed_option_of_control_charts_is_printed(name: str) -> None:
    changed = XmrOptions.model_validate({name: CHARTS[name]})
    assert chart_rule(changed) != chart_rule(XmrOptions())


@pytest.mark.parametrize("name", BENCHMARK)
def test_a_changed_option_of_the_benchmark_is_printed(name: str) -> None:
    changed = BenchmarkOptions.model_validate({name: BENCHMARK[name]})
    assert benchmark_rule(changed) != benchmark_rule(BenchmarkOptions())


@pytest.mark.parametrize("name", FORECAST)
def test_a_changed_option_of_the_forecast_is_printed(name: str) -> None:
    changed = ForecastOptions.model_validate({name: FORECAST[name]})
    assert forecast_rule(changed) != forecast_rule(ForecastOptions())
