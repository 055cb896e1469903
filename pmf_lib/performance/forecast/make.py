"""Forecasts of the year-end outturn, back-tested on each series itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from pmf_lib.performance import frames
from pmf_lib.performance.forecast import backtest, words, year
from pmf_lib.performance.forecast import known as knowing
from pmf_lib.performance.forecast.known import KINDS, Known
from pmf_lib.performance.forecast.options import DEFAULT, ForecastOptions
from pmf_lib.performance.forecast.year import Coming
from pmf_lib.performance.spc.rules import Whole
from pmf_lib.periods import Period

COLUMNS = (
    "measure_id",
    "year",
    "outturn",
    "low",
    "high",
    "chance",
    "target",
    "lower",
    "upper",
    "periods_left",
    "needed",
    "needed_words",
    "beats_naive",
    "error_ratio",
    "folds",
    "method",
    "refused",
    "why",
)
PATHS = ("measure_id", "ordinal", "point", "low", "high")
FOLDS = ("measure_id", "ordinal", "actual", "forecast", "low", "high", "error", "naive_error")
NOT_BETTER = "The forecast does not beat the seasonal naive: what the same periods brought a year before."
TOO_SHORT = "Too few values without a wide gap: {} are known, {} are needed."
TOO_BROKEN = "Missing values leave too few earlier times from which the forecast could be tested."
COMPLETE, CONSTANT = "complete", "constant"
FIGURES = ["outturn", "low", "high", "chance"]
EXTREMES = ("lowest", "highest", "earlier_lowest", "earlier_highest")
TYPES = {
    **dict.fromkeys(("measure_id", "year", "kind", "roll", "unit", "polarity", "method", "refused"), "str"),
    **dict.fromkeys(("outturn", "low", "high", "chance", *year.GOALS, "periods_left", "needed"), "float"),
    **dict.fromkeys(("decimals", "floor", "ceiling", *EXTREMES, "error_ratio", "folds"), "float"),
    "beats_naive": "bool",
}


@dataclass(frozen=True)
class Forecasts:
    """What `forecast` found: `measures`, `paths`, and the back-tests (`folds`) behind them."""

    measures: pd.DataFrame
    paths: pd.DataFrame
    folds: pd.DataFrame


def forecast(
    measures: pd.DataFrame,
    series: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    quarter: Period,
    options: ForecastOptions = DEFAULT,
) -> Forecasts:
    """How the financial year ends for each measure at its present pace, how sure that is, and what its target takes.

    Known periods stay as they are; those left are forecast by exponential smoothing (damped trend; seasonal where two
    full years are known). The year's figure is put together by the measure's roll-up. Each forecast is made again from
    earlier times in the same series, and is withheld where it errs no less than the seasonal naive.

    Parameters
    ----------
    measures, targets
        Tables of records (`pmf_lib.records.schema`).
    series
        What `pmf_lib.performance.series.series` gives. Values after the end of the quarter are not looked at.
    quarter
        The reporting quarter.
    options
        How forecasts are made and tested.

    Returns
    -------
    Forecasts
        ``measures``, one row per measure, sorted: the columns of `COLUMNS`. year (financial year), outturn, low, high,
        target and, of a range, lower and upper in the unit of the year's figure; chance of meeting the target, 0 to 1; periods_left (n); needed,
        the value that the periods left would have to average so that the target is met; beats_naive (bool);
        error_ratio, the back-tests' mean absolute error over that of the seasonal naive; folds (n); method (words);
        refused (the reason, or ''), why (a sentence). Figures are NaN where there is no answer.
        ``paths``, one row per measure and period left: measure_id, ordinal, point, low, high (in the measure's unit).
        ``folds``, one row per measure and earlier time: measure_id, ordinal (of the last period then known), actual,
        forecast, low, high (the periods then ahead, put together as the year is), error, naive_error (mean absolute
        error of those periods one by one).

    Source
    ------
    Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), in statsmodels' state space form;
    rolling origin and naive benchmark: a choice of this workbook, docs/methods/forecast.md.
    """
    if measures.empty:
        return _nothing(series, targets, quarter, options)
    rows, used = knowing.rows_of(measures, series, quarter, options)
    rows = rows.assign(**year.goals(rows, targets, quarter), year=quarter.financial_year.label)
    able = rows[rows["refused"] == ""]
    parts = [_of_kind(knowing.known(able, used, kind), options) for kind in KINDS]
    found = pd.concat([part.measures for part in parts], ignore_index=True)
    rest = rows[rows["refused"] != ""]
    return Forecasts(
        _worded(pd.concat([found, rest], ignore_index=True)),
        _sorted([part.paths for part in parts]),
        _sorted([part.folds for part in parts]),
    )


def _nothing(
    series: pd.DataFrame, targets: pd.DataFrame, quarter: Period, options: ForecastOptions
) -> Forecasts:
    """Every column with its type and no row, as a unit without measures has it."""
    one = pd.DataFrame([{"measure_id": "none", "frequency": "monthly", "polarity": "higher"}])
    made = forecast(one, series.head(0), targets.head(0), quarter=quarter, options=options)
    return Forecasts(made.measures.head(0), made.paths, made.folds)


def coverage(forecasts: Forecasts) -> pd.DataFrame:
    """How often the intervals of the back-tests held what came, pooled over series.

    Returns
    -------
    DataFrame
        One row per group: group ('all' that were tested, 'shown': those whose forecast is given), measures, folds,
        covered (n), coverage_pct.
    """
    folds = forecasts.folds
    shown = forecasts.measures.loc[forecasts.measures["beats_naive"], "measure_id"]
    held = folds["actual"].between(folds["low"], folds["high"])
    groups = {"all": folds["measure_id"].notna(), "shown": folds["measure_id"].isin(shown)}
    return pd.DataFrame(
        [
            {
                "group": name,
                "measures": folds.loc[mine, "measure_id"].nunique(),
                "folds": int(mine.sum()),
                "covered": int(held[mine].sum()),
                "coverage_pct": 100 * held[mine].mean(),
            }
            for name, mine in groups.items()
        ]
    )


def _of_kind(known: Known, options: ForecastOptions) -> Forecasts:
    """Measures with one kind of period, none of them refused so far."""
    if known.rows.empty:
        return Forecasts(known.rows, _empty(PATHS), _empty(FOLDS))
    known = known.with_rows(_answered(known, options))
    at = np.flatnonzero((known.rows["method"] == "") & (known.rows["refused"] == ""))
    ahead, folds = backtest.steady(known), _empty(FOLDS)
    if len(at):
        smoothed = known.take(at)
        found, methods = backtest.coming(smoothed, backtest.now(smoothed), options)
        ahead, folds = backtest.placed(ahead, at, found), backtest.folds(smoothed, options)
        known = known.with_rows(_judged(known.rows, at, methods, folds, options))
    rows = _closed(known, ahead, options)
    return Forecasts(rows, _paths(known, ahead, options), folds)


def _answered(known: Known, options: ForecastOptions) -> pd.DataFrame:
    """Which measures need no model (the year is complete, or nothing varies), and which have too few values."""
    rows, enough = known.rows, knowing.least(known.kind, options)
    same = (rows["lowest"] == rows["highest"]) & (rows["n"] >= enough)
    method = np.select([rows["left"] == 0, same], [COMPLETE, CONSTANT], "")
    short = (method == "") & (backtest.possible(known, options) < options.least_folds)
    wanted = enough + rows["left"] + options.least_folds - 1
    reasons = [TOO_SHORT.format(int(n), need) for n, need in zip(rows["n"], wanted, strict=True)]
    return rows.assign(method=method, refused=np.where(short, reasons, ""))


def _judged(
    rows: pd.DataFrame, at: Whole, methods: list[str], folds: pd.DataFrame, options: ForecastOptions
) -> pd.DataFrame:
    """What the back-tests say of the measures that were smoothed; refused where the naive forecast does as well."""
    by = folds.groupby("measure_id").agg(
        own=("error", "mean"), naive=("naive_error", "mean"), n=("error", "size")
    )
    by = by.reindex(rows["measure_id"]).set_axis(rows.index)
    own, naive, count = by["own"], by["naive"], by["n"].fillna(0)
    smoothed = pd.Series(np.isin(rows.index, at), rows.index)
    few, worse = smoothed & (count < options.least_folds), smoothed & ~(own < naive)
    method = pd.Series(methods, rows.index[at]).reindex(rows.index).fillna(rows["method"])
    return rows.assign(
        method=method,
        beats_naive=smoothed & ~few & ~worse,
        error_ratio=(own / naive.where(naive > 0)).where(~few),
        folds=count,
        refused=rows["refused"].mask(worse, NOT_BETTER).mask(few, TOO_BROKEN),
    )


def _closed(known: Known, ahead: Coming, options: ForecastOptions) -> pd.DataFrame:
    """The year's figure of each measure: its known periods and those ahead together."""
    so_far, weight = year.so_far(known)
    rows = known.rows.join(year.figure(known.rows, ahead, options.interval_pct, so_far, weight))
    rows = rows.join(year.earlier(known))
    return rows.assign(
        chance=year.chance(rows, ahead.freedom),
        needed=year.needed(rows, so_far, weight, ahead.weight.sum(axis=1)),
    )


def _paths(known: Known, ahead: Coming, options: ForecastOptions) -> pd.DataFrame:
    """The periods left of every measure that has a forecast, one row each."""
    rows = known.rows
    sure = np.sqrt(np.maximum(np.diagonal(ahead.spread, axis1=1, axis2=2), 0))
    reach = special.stdtrit(ahead.freedom, 0.5 + options.interval_pct / 200)[:, None] * sure
    step = np.arange(1, ahead.point.shape[1] + 1)
    ordinal = rows["last"].to_numpy(dtype=np.int64)[:, None] + step
    in_year = (ordinal >= known.of("year_first")[:, None]) & (step <= known.of("left")[:, None])
    measure, column = np.nonzero(in_year & (rows["refused"] == "").to_numpy()[:, None])
    point, reach = ahead.point[measure, column], reach[measure, column]
    return pd.DataFrame(
        {
            "measure_id": rows["measure_id"].to_numpy()[measure],
            "ordinal": ordinal[measure, column],
            "point": point,
            "low": np.maximum(point - reach, known.of("floor")[measure]),
            "high": np.minimum(point + reach, known.of("ceiling")[measure]),
        }
    )


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    """The public columns, with sentences; no figure where the forecast is refused."""
    rows = frames.typed(rows, TYPES).sort_values("measure_id", ignore_index=True)
    refused = rows["refused"] != ""
    rows[FIGURES] = rows[FIGURES].mask(refused)
    said = [words.needed_words(row) for row in rows.itertuples()]
    outlook = [str(row.refused) or words.outlook(row) for row in rows.itertuples()]
    why = [" ".join(filter(None, pair)) for pair in zip(outlook, said, strict=True)]
    return rows.assign(needed_words=said, why=why)[list(COLUMNS)].astype(
        {"needed_words": "str", "why": "str"}
    )


def _sorted(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts).sort_values(["measure_id", "ordinal"], ignore_index=True)


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    types = {"measure_id": "str", "ordinal": "int64"}
    return pd.DataFrame({name: pd.Series(dtype=types.get(name, "float64")) for name in columns})
