"""Is the difference from the country more than chance? By the interval of the council's own figure."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pmf_lib.performance.benchmark.figures import Flags, Real, Words, compared
from pmf_lib.performance.benchmark.intervals import Pair, against, poisson, wilson
from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.words import is_share

COUNTS = ("numerator", "denominator", "interval_lower", "interval_upper")
"""Columns that a caller may add: counts of the latest period, and limits as published (in the measure's unit)."""
MONEY = r"£|\bpounds\b|\bmoney\b"
NEVER = r"(?!)"
RATE = r"\bper ([\d,]+)"


def tested(rows: pd.DataFrame, options: BenchmarkOptions) -> pd.DataFrame:
    """The interval of each latest figure, and the verdict beside the country's.

    Parameters
    ----------
    rows
        One row per measure: last_value, country_value, polarity, decimals, unit, and those of `COUNTS` that are known, and
        optionally numerator_name, denominator_name (amounts and occasions are no separate cases) and country_decimals
        (with how many the country's figures are published): half a unit of them may be rounding.
    options
        ``parameters/schemes/benchmark.yml``.

    Returns
    -------
    DataFrame
        Same index: interval_lower, interval_upper (measure's unit), verdict ('better', 'similar', 'worse', 'higher', 'lower',
        or '' where it cannot be told) and verdict_why (then why).
    """
    given, confidence_pct = {name: _column(rows, name) for name in COUNTS}, options.confidence_pct
    times, shares = scale(rows["unit"])
    fault = _fault(rows, given, times, shares, options)
    is_sound = fault == ""
    numerator, denominator = (np.where(is_sound, given[name], np.nan) for name in COUNTS[:2])
    lower, upper = _limits(numerator, denominator, shares, confidence_pct)
    published = ~np.isnan(given["interval_lower"]) & ~np.isnan(given["interval_upper"])
    lower = np.where(published, given["interval_lower"], lower * times)
    upper = np.where(published, given["interval_upper"], upper * times)
    country = rows["country_value"].to_numpy(dtype=float)
    verdict = against(lower, upper, country, rows["polarity"].to_numpy(dtype=object), _half(rows))
    why = np.where(published | is_sound, "no figure of the country's is there for the same period", fault)
    columns = {
        "interval_lower": lower,
        "interval_upper": upper,
        "verdict": pd.Series(verdict, rows.index, dtype="str"),
        "verdict_why": pd.Series(np.where(verdict == "", why, ""), rows.index, dtype="str"),
    }
    return pd.DataFrame(columns, index=rows.index)


def _column(rows: pd.DataFrame, name: str) -> Real:
    return rows[name].to_numpy(dtype=float) if name in rows else np.full(len(rows), np.nan)


def scale(unit: pd.Series[str]) -> tuple[Real, Flags]:
    """What a ratio is multiplied by to give the unit (NaN: it is no ratio), and whether it is a share of a whole.

    >>> [found.tolist() for found in scale(pd.Series(["%", "rate per 1,000", "days"]))]
    [[100.0, 1000.0, nan], [True, False, False]]
    """
    shares = unit.map(is_share).to_numpy(dtype=bool)
    times = unit.str.extract(RATE, expand=False).str.replace(",", "").astype(float).to_numpy()
    return np.where(shares, 100.0, times), shares


def _half(rows: pd.DataFrame) -> Real:
    """Half a unit of the last decimal of the country's figures, as they are shown and as they are published."""
    decimals = np.fmin(rows["decimals"].to_numpy(dtype=float), _column(rows, "country_decimals"))
    half: Real = 0.5 * 10.0**-decimals
    return half


def _fault(
    rows: pd.DataFrame, given: dict[str, Real], times: Real, shares: Flags, options: BenchmarkOptions
) -> Words:
    """Why the counts give no interval, or ''."""
    numerator, denominator = given["numerator"], given["denominator"]
    counted = (numerator >= 0) & (denominator > 0) & (numerator % 1 == 0) & (denominator % 1 == 0)
    decimals = rows["decimals"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = compared(times * numerator / denominator, decimals)
    value = compared(rows["last_value"].to_numpy(dtype=float), decimals)
    cases = {
        "what is behind it is money, not counts": _is_named(rows, MONEY),
        "its counts are of occasions or amounts, not of separate cases": _is_named(rows, _occasions(options)),
        "no counts are recorded behind it": np.isnan(numerator) | np.isnan(denominator),
        "its unit is not a share or a rate": np.isnan(times),
        "what is behind it are not whole counts": ~counted,
        "its numerator is more than its denominator": shares & (numerator > denominator),
        "its counts give another figure": ~np.isclose(told, value, rtol=0, atol=1e-9),
    }
    return np.select(list(cases.values()), list(cases), default="")


def _occasions(options: BenchmarkOptions) -> str:
    """A pattern of names that begin with a word for occasions or amounts, or have one in second place."""
    words = "|".join(map(re.escape, options.occasions))
    return rf"^\W*(?:\w+\W+)?(?:{words})\b" if words else NEVER


def _is_named(rows: pd.DataFrame, pattern: str) -> Flags:
    """Measures whose numerator or denominator has such a name, where the names are given."""
    found = np.zeros(len(rows), dtype=bool)
    for name in ("numerator_name", "denominator_name"):
        if name in rows:
            found |= rows[name].fillna("").str.contains(pattern, case=False).to_numpy(dtype=bool)
    return found


def _limits(numerator: Real, denominator: Real, shares: Flags, confidence_pct: float) -> Pair:
    share = np.where(shares, numerator, np.nan)
    each = wilson(share, denominator, confidence_pct)
    rates = poisson(numerator, confidence_pct)
    lower, upper = (np.where(shares, each[at], rates[at] / denominator) for at in (0, 1))
    return lower, upper
