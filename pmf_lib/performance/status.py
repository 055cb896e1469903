"""Status: the value of the latest period that fell due, rated against its target, or why there is no rating."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up_each
from pmf_lib.performance import status_words
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.spc.rules import Real
from pmf_lib.periods import Period
from pmf_lib.records.period_days import days

RATINGS = ("met", "near", "missed")
ABSENCES = (
    "monitor_only",
    "target_missing",
    "awaited",
    "late",
    "not_published",
    "not_due",
    "suppressed",
    "not_defined",
    "retired",
)
STATES = RATINGS + ABSENCES
"""The closed list: every measure is in exactly one of these (not published: for awaited or late, where figures are others')."""
COLUMNS = (
    *("value", "last_value", "tolerance", "tolerance_kind", "reach", "shortfall", "stretch_met"),
    *("state", "why", "rule"),
)
SMALL = 9
"""Decimals to which distances are compared, so that 1.1 − 1.0 is 0.1."""


def status(
    rows: pd.DataFrame, *, quarter: Period, as_at: date, scheme: StatusScheme, with_why: bool = True
) -> pd.DataFrame:
    """The state of each measure, with the reason in a sentence.

    The first that holds: not defined (no definition), retired, monitor only (or no direction is better), suppressed;
    then with a value: target missing (none in force, on another basis than the value, or without a profile for its
    period) or met, near, missed; then without: not due (nothing of it fell due), awaited (up to the due date), late.

    Parameters
    ----------
    rows
        One row per measure: columns of the table of measures, of `due.with_results` and of `targets.in_force`, and
        ``year_before`` (value of the same period last year, same unit).
    quarter, as_at, scheme
        The reporting quarter, the only "today", and the declared scheme.
    with_why
        Make the sentences? They take far longer than the rating, and many thousand rows seldom need them.

    Returns
    -------
    DataFrame
        One row per row, same index: value and last_value (rounded half away from zero to the measure's decimals), tolerance and
        tolerance_kind in force, reach (the tolerance as an amount), shortfall (how far on the wrong side; negative
        is good), stretch_met (bool: there is a stretch target and the value reaches it), state, why, rule.

    Source
    ------
    A choice of this workbook: docs/methods/status.md; the with-direction method after the London Borough of Havering's published rule.
    """
    rows = rows.assign(**{name: _rounded(rows, name) for name in ("value", "year_before", "last_value")})
    rows = _with_tolerance(rows, scheme)
    rows["shortfall"] = shortfall(rows, rows["value"])
    rows["reach"] = _reach(rows)
    rows["mismatch"] = _mismatch(rows)
    rows["retired_on"] = days(rows["retired_from"], rows["kind"])
    rows["rating"] = _rating(rows, scheme)
    rows["by_direction"] = scheme.method == "with-direction"
    rows["state"] = _state(rows, quarter, as_at)
    rows["stretch_met"] = shortfall(rows.assign(target=rows["stretch"]), rows["value"]) <= 0
    rows["stretch_met"] &= rows["polarity"] != "range"
    rows["why"] = status_words.sentences(rows, quarter) if with_why else ""
    rows["rule"] = _rule(rows, scheme)
    return rows[list(COLUMNS)]


def shortfall(rows: pd.DataFrame, value: pd.Series[float]) -> pd.Series[float]:
    """How far `value` is on the wrong side of its target (zero or less: met), in the measure's unit."""
    below = (rows["lower"] - value).fillna(-np.inf)
    above = (value - rows["upper"]).fillna(-np.inf)
    outside = below.where(below > above, above).replace(-np.inf, np.nan)
    ways = [rows["polarity"] == "higher", rows["polarity"] == "lower", rows["polarity"] == "range"]
    gaps = [rows["target"] - value, value - rows["target"], outside]
    return pd.Series(np.select(ways, gaps, np.nan), rows.index).round(SMALL)


def _rounded(rows: pd.DataFrame, name: str) -> Real:
    return half_up_each(rows[name].to_numpy(dtype=float, na_value=np.nan), rows["decimals"])


def _with_tolerance(rows: pd.DataFrame, scheme: StatusScheme) -> pd.DataFrame:
    """The target row's tolerance, else the scheme's (where there is a target)."""
    default = rows["tolerance"].isna() & _has_target(rows)
    return rows.assign(
        default_tolerance=default,
        tolerance=rows["tolerance"].mask(default, scheme.tolerance.amount),
        tolerance_kind=rows["tolerance_kind"].mask(default, scheme.tolerance.kind),
    )


def _has_target(rows: pd.DataFrame) -> pd.Series[bool]:
    bounds = rows["lower"].notna() | rows["upper"].notna()
    return rows["target"].notna().where(rows["polarity"] != "range", bounds)


def _reach(rows: pd.DataFrame) -> pd.Series[float]:
    """The tolerance as an amount; per cent is of the target, or of the bound that the value lies beyond."""
    beyond = rows["lower"].where(rows["value"] < rows["lower"], rows["upper"].fillna(rows["lower"]))
    base = rows["target"].where(rows["polarity"] != "range", beyond).abs()
    return rows["tolerance"].where(rows["tolerance_kind"] != "per-cent", rows["tolerance"] * base / 100)


def _mismatch(rows: pd.DataFrame) -> pd.Series[bool]:
    """Is the target for another stretch of time than the value? (A financial year is both; a rolling target is 'in-period'.)"""
    cumulative = rows["accumulation"] == "year-to-date"
    profiled = rows["basis"] == "year-to-date"
    given = _has_target(rows) | rows["unprofiled"]
    return given & (cumulative != profiled) & (rows["kind"] != "year")


def _rating(rows: pd.DataFrame, scheme: StatusScheme) -> pd.Series[str]:
    met = rows["shortfall"] <= 0
    within = (rows["shortfall"] - rows["reach"]).round(SMALL) <= 0
    near = within
    if scheme.method == "with-direction":
        met = met | within
        near = rows["shortfall"] <= shortfall(rows, rows["year_before"])
    return pd.Series(np.select([met, near], ["met", "near"], "missed"), rows.index, dtype=str)


def _state(rows: pd.DataFrame, quarter: Period, as_at: date) -> pd.Series[str]:
    """The first of the closed list that holds."""
    start = rows["start"].fillna(pd.Timestamp(quarter.start))
    has_value = rows["value"].notna()
    holds = {
        "not_defined": rows["definition"].str.strip() == "",
        "retired": rows["retired_on"] <= start,
        "monitor_only": rows["monitor_only"] | (rows["polarity"] == "none"),
        "suppressed": rows["result_state"] == "suppressed",
        "target_missing": has_value & (~_has_target(rows) | rows["mismatch"]),
        "rated": has_value,
        "not_due": rows["period"] == "",
        "awaited": rows["due_on"] >= pd.Timestamp(as_at),
    }
    first = pd.Series(np.select(list(holds.values()), list(holds), "late"), rows.index, dtype=str)
    return first.where(first != "rated", rows["rating"])


def _rule(rows: pd.DataFrame, scheme: StatusScheme) -> pd.Series[str]:
    rated = rows["state"].isin(RATINGS)
    by_range = pd.Series(
        np.where(rows["polarity"] == "range", "status.range", f"status.{scheme.method}"),
        rows.index,
        dtype=str,
    )
    if scheme.method == "with-direction":
        by_range = pd.Series(f"status.{scheme.method}", rows.index, dtype=str)
    return by_range.where(rated, "status." + rows["state"].str.replace("_", "-"))
