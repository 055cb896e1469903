"""Forecasts: how the financial year ends for each measure, how sure that is, and what its target would take."""

from pmf_lib.performance.forecast.make import Forecasts, coverage, forecast
from pmf_lib.performance.forecast.options import DEFAULT, ForecastOptions, ForecastScheme
from pmf_lib.performance.forecast.own import beside

__all__ = ["DEFAULT", "ForecastOptions", "ForecastScheme", "Forecasts", "beside", "coverage", "forecast"]
