"""Rate a council's measures for one quarter: series, control chart, status, capability and direction in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance import due as falls_due
from pmf_lib.performance import targets as target_rows
from pmf_lib.performance.annual import BY_DEFAULT
from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.capability import capability
from pmf_lib.performance.direction import direction, earlier, year_steps
from pmf_lib.performance.frames import complete
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.series import gaps
from pmf_lib.performance.series import series as series_of
from pmf_lib.performance.spc import Xmr, rebases, xmr
from pmf_lib.performance.spc.options import DEFAULT, XmrOptions
from pmf_lib.performance.status import status
from pmf_lib.performance.words import is_share
from pmf_lib.periods import FREQUENCIES, STEPS_A_YEAR, Period
from pmf_lib.records.schema import PROVENANCE

COLUMNS = (
    *("measure_id", "title", "directorate", "unit", "decimals", "polarity", "frequency", "owner"),
    "definition_from",
    *("customer_measure", "monitor_only", "exempt", "period", "due_on", "value", "target", "lower", "upper"),
    *("tolerance", "tolerance_kind", "stretch", "state", "why", "rule"),
    *("last_period", "last_value", "provisional"),
    *(
        "n_points",
        "mean",
        "lpl",
        "upl",
        "limits",
        "variation",
        "variation_why",
        "signals",
        "is_seasonal",
        "chart",
    ),
    *("capability", "capability_why", "direction_short", "direction_long", "change_short", "change_long"),
    *("source_file", "source_sheet", "source_row", "last_file", "last_row", "target_file", "target_row"),
)
RATES, AVERAGES = r"\bper\b", r"^average\b|^mean\b|£|days|hours|weeks|minutes"
NO_RESULTS = "No results are known, so there is no control chart."
WITHOUT_RESULTS: dict[str, Any] = {
    "limits": "none",
    "variation": "too_few_points",
    "variation_why": NO_RESULTS,
    "signals": "",
    "refused": NO_RESULTS,
    "constant": False,
    "n_points": 0,
    "is_seasonal": False,
    "chart": "xmr",
}


@dataclass(frozen=True)
class Rated:
    """What `rate` found: `measures` (one row each), `points` of the control charts, and the `series` behind them."""

    measures: pd.DataFrame
    points: pd.DataFrame
    series: pd.DataFrame


def rate(
    measures: pd.DataFrame,
    observations: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    quarter: Period,
    as_at: date,
    scheme: StatusScheme,
    options: XmrOptions = DEFAULT,
    annual: BenchmarkOptions = BY_DEFAULT,
    rebase: pd.DataFrame | None = None,
    set_aside: pd.DataFrame | None = None,
) -> Rated:
    """Rate every measure for the quarter, as known at `as_at`; nothing that ends after the quarter is used.

    Parameters
    ----------
    measures, observations, targets
        Tables of records (`pmf_lib.records.schema`); the last two may be empty.
    quarter, as_at
        The reporting quarter, and the only "today" of the computation.
    scheme, options
        How values are rated, and how control charts are read.
    annual
        Which counts are no separate cases, so that annual figures are not compared by them (``occasions``); the confidence is
        the scheme's ``change_confidence_pct``.
    rebase
        Recorded decisions to begin a new segment: measure_id, period (a label of the measure's frequency), and optionally
        decision (its words). Which of them hold is for `pmf_lib.performance.spc.rebases.judged` to say.
    set_aside
        Values that are surely wrong (measure_id, period): rated as they were sent, but kept off the control chart,
        where one of them would shift mean and limits of all the others.

    Returns
    -------
    Rated
        ``measures``: one row per measure, in the order given, with `COLUMNS` (values, targets, limits and changes in
        the measure's unit; source_file, source_sheet ('' outside a workbook) and source_row are those of ``value``, last_file
        and last_row those of ``last_value``, '' and 0 where there is none). ``points``: one row per measure and period, as `xmr` gives them, with period, kind,
        start, end, state and decision (the words of the decision by which limits begin anew there, else ''). ``series``: as `series` gives it, up to the quarter's end.

    Source
    ------
    A choice of this workbook: docs/methods/status.md.
    """
    if measures.empty:
        return _nothing(quarter, as_at, scheme)
    measures = complete(measures, "measures")
    known = series_of(observations, measures, as_at, set_aside=set_aside)
    known = known[known["end"] <= pd.Timestamp(quarter.end)].reset_index(drop=True)
    breaks = _breaks(measures)
    chart = _chart(known, measures, options, pd.concat([rebases.placed(rebase, measures), breaks]))
    rows = _due(measures, known, targets, quarter, as_at)
    rows = rows.assign(first_ordinal=rows["measure_id"].map(breaks.set_index("measure_id")["ordinal"]))
    rows = _joined(rows, status(rows, quarter=quarter, as_at=as_at, scheme=scheme))
    rows = rows.assign(compared_from=_compared_from(rows, scheme))
    annual = annual.model_copy(update={"confidence_pct": scheme.change_confidence_pct})
    rows = _joined(rows, direction(rows, known, chart.points, annual=annual))
    rows = _with_chart(rows, chart.summary, gaps(known))
    rows = _joined(rows, capability(rows))
    return Rated(_finished(rows), chart.points, known)


def states(
    measures: pd.DataFrame,
    observations: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    quarter: Period,
    as_at: date,
    scheme: StatusScheme,
) -> pd.DataFrame:
    """The state of every measure alone, as `rate` finds it from the same: one row per measure, measure_id and state."""
    if measures.empty:
        return pd.DataFrame(columns=["measure_id", "state"], dtype="str")
    measures = complete(measures, "measures")
    known = series_of(observations, measures, as_at)
    known = known[known["end"] <= pd.Timestamp(quarter.end)].reset_index(drop=True)
    rows = _due(measures, known, targets, quarter, as_at)
    told = status(rows, quarter=quarter, as_at=as_at, scheme=scheme, with_why=False)
    return pd.DataFrame({"measure_id": rows["measure_id"], "state": told["state"]})


def _nothing(quarter: Period, as_at: date, scheme: StatusScheme) -> Rated:
    """Every column with its type and no row, as a unit without measures has it."""
    one = pd.DataFrame([{"measure_id": "none", "frequency": "monthly", "polarity": "higher"}])
    made = rate(one, pd.DataFrame(), pd.DataFrame(), quarter=quarter, as_at=as_at, scheme=scheme)
    return Rated(made.measures.head(0), made.points.head(0), made.series.head(0))


def _chart(known: pd.DataFrame, measures: pd.DataFrame, options: XmrOptions, rebase: pd.DataFrame) -> Xmr:
    held = known.drop_duplicates(["measure_id", "ordinal"], keep="last")
    frame = held.drop(columns="value").rename(columns={"value_in_period": "value"})
    frame = frame.assign(counts=frame["measure_id"].map(_counts(measures)))
    polarity = measures.set_index("measure_id")["polarity"]
    seasons = measures.set_index("measure_id")["frequency"].map(FREQUENCIES).map(STEPS_A_YEAR)
    chart = xmr(frame, options=options, polarity=polarity, rebase=rebase, seasons=seasons)
    dates = held[["measure_id", "ordinal", "period", "kind", "start", "end", "state"]]
    points = chart.points.drop(columns="signal_way")
    points = points.merge(dates, on=["measure_id", "ordinal"], how="left")
    return Xmr(points.assign(decision=rebases.words_at(points, rebase)), chart.summary)


def _counts(measures: pd.DataFrame) -> pd.Series[str]:
    """By measure, what its denominator counts: 'p' for a share, 'u' for a rate; '' where neither, or not of the period alone."""
    unit = measures["unit"].str.casefold()
    is_rate = unit.str.contains(RATES, regex=True) & ~unit.str.contains(AVERAGES, regex=True)
    found = np.select([unit.map(is_share), is_rate], ["p", "u"], "")
    alone = measures["accumulation"] == "in-period"
    return pd.Series(found, measures["measure_id"], dtype=str).where(alone.to_numpy(), "")


def _breaks(measures: pd.DataFrame) -> pd.DataFrame:
    """Where a measure's present definition begins: measure_id, ordinal; a new segment, compared with nothing before."""
    named = measures.loc[measures["definition_from"] != "", ["measure_id", "definition_from"]]
    return rebases.placed(named.rename(columns={"definition_from": "period"}), measures)


def _due(
    measures: pd.DataFrame, known: pd.DataFrame, targets: pd.DataFrame, quarter: Period, as_at: date
) -> pd.DataFrame:
    """One row per measure: its own columns, the period due, its result, the last result and the target in force."""
    due = falls_due.due_periods(measures, known, quarter, as_at)
    found = falls_due.with_results(due, known)
    target = target_rows.in_force(targets, due, quarter)
    own = measures.drop(columns=list(PROVENANCE))
    found = found.rename(columns={"state": "result_state"}).drop(columns="measure_id")
    rows = pd.concat([own, found, target], axis=1)
    return rows.assign(year_before=earlier(rows, known, year_steps(rows["kind"])))


def _compared_from(rows: pd.DataFrame, scheme: StatusScheme) -> pd.Series[Any]:
    """First day from which values may be compared, since the target changed on it (NaT: all)."""
    is_any = scheme.no_direction_across == "any-change"
    return rows["same_since" if is_any else "changed_on"]


def _joined(rows: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the columns of `more` added or put in place."""
    return rows.assign(**dict(more.items()))  # type: ignore[arg-type]  # names are text


def _with_chart(rows: pd.DataFrame, summary: pd.DataFrame, missing: pd.Series[str]) -> pd.DataFrame:
    """`rows` with the summary of each control chart; measures without any result say so."""
    rows = rows.merge(summary, on="measure_id", how="left")
    none = rows["limits"].isna()
    if none.any():
        rows = rows.assign(**{name: rows[name].mask(none, value) for name, value in WITHOUT_RESULTS.items()})
    named = missing.reindex(rows["measure_id"]).fillna("").set_axis(rows.index)
    named = (" Missing: " + named + ".").where((named != "") & (rows["limits"] != "none"), "")
    return rows.assign(variation_why=rows["variation_why"] + named).astype(
        {"n_points": int, "constant": bool, "is_seasonal": bool}
    )


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns promised, with the source of the value and that of the last one."""
    own = rows["value"].notna()
    rows = rows.assign(
        provisional=rows["result_state"].isin(["provisional", "estimated"]) & own,
        source_file=rows["source_file"].where(own, ""),
        source_sheet=rows["source_sheet"].where(own, ""),
        source_row=_row_number(rows["source_row"].where(own)),
        last_file=rows["last_source_file"],
        last_row=_row_number(rows["last_source_row"]),
        target_row=_row_number(rows["target_row"]),
        decimals=rows["decimals"].astype(int),
    )
    return rows[list(COLUMNS)]


def _row_number(rows: pd.Series[float]) -> pd.Series[int]:
    """Row numbers as whole numbers; 0 where there is no row."""
    return rows.fillna(0).astype(int)
