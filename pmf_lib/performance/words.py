"""Numbers as sentences write them: rounded on their decimal text, thousands separated, a proper minus sign."""

from __future__ import annotations

import math
import re

from pmf_lib.numbers import MINUS, rounded, written

PLAIN_UNITS = frozenset({"", "number", "count", "score", "ratio"})
NO_WHOLE = re.compile(r"\b(?:index|change|growth)\b", re.IGNORECASE)
"""Words of a unit in per cent that has no whole."""
TIMES = frozenset({"days", "weeks", "months", "years", "hours", "minutes"})
MOST_DECIMALS = 6
MILLION, LARGE = 1e6, 1e7
"""Figures from `LARGE` on are told in millions where their last digit says nothing."""
WIDEST = 1e15
"""From here on millions say nothing either."""


def is_share(unit: str) -> bool:
    """Whether values in this unit are shares of a whole, so that none is above 100: per cent, but of no index or change.

    >>> is_share("%"), is_share("% of pupils"), is_share("% of the index of 2015"), is_share("rate per 100")
    (True, True, False, False)
    """
    return unit.startswith("%") and not NO_WHOLE.search(unit)


def number(value: float, decimals: int = 0) -> str:
    """`value` to exactly `decimals` decimals.

    >>> number(-1234.5, 1), number(0.04, 1)
    ('−1,234.5', '0.0')
    """
    return written(rounded(float(value), decimals))


def exact(value: float, decimals: int = 0) -> str:
    """`value` to at least `decimals` decimals, and more (at most six) where they say something.

    >>> exact(4.75, 1), exact(2, 1), exact(1e-7)
    ('4.75', '2.0', '0')
    """
    short = rounded(float(value), MOST_DECIMALS).normalize()
    needed = max(0, -int(short.as_tuple().exponent))
    return number(value, max(int(decimals), needed))


def quantity(value: float, decimals: int, unit: str) -> str:
    """`value` with its unit, as a reader would say it.

    >>> quantity(92.4, 1, "%"), quantity(-1200, 0, "£"), quantity(45.25, 1, "rate per 10,000")
    ('92.4%', '−£1,200', '45.25 per 10,000')
    >>> quantity(12, 0, "days"), quantity(1, 0, "days"), quantity(1.2, 1, "£m"), quantity(1234, 0, "number")
    ('12 days', '1 day', '£1.2m', '1,234')
    """
    return _with_unit(exact(value, decimals), unit)


def _with_unit(shown: str, unit: str) -> str:
    if unit in PLAIN_UNITS:
        return shown
    if unit.startswith("%"):
        return shown + unit
    if unit.startswith("£"):
        return _pounds(shown, unit)
    if unit in TIMES and shown.removeprefix(MINUS) == "1":
        unit = unit[:-1]
    return f"{shown} {unit.removeprefix('rate ')}"


def brief(value: float, decimals: int, unit: str) -> str:
    """`value` with its unit at just these decimals; from ten million on in millions.

    >>> brief(65.65, 1, "%"), brief(96179373, 0, "£"), brief(6775, 0, "£"), brief(12345678, 0, "number")
    ('65.7%', '£96.2m', '£6,775', '12.3m')
    """
    if is_in_millions(value, unit):
        return _with_unit(f"{number(value / MILLION, 1)}m", unit)
    return quantity(float(rounded(float(value), decimals)), decimals, unit)


def is_in_millions(value: float, unit: str) -> bool:
    """Is a figure told in millions where room is short?

    >>> is_in_millions(12345678, "number"), is_in_millions(12345678, "%"), is_in_millions(9999999, "£")
    (True, False, False)
    """
    return LARGE <= abs(value) < WIDEST and not unit.startswith("%")


def possible(lower: float, upper: float, unit: str) -> tuple[float, float]:
    """A range as it can be shown of values that never fall below nought: within 0 to 100 for a share, else from 0 up.

    The caller decides whether the values are such (a variance in % may well be negative). An open end (NaN) stays open.

    >>> possible(-3.5, 104.2, "% of pupils"), possible(-2.0, 41.5, "days")
    ((0.0, 100.0), (0.0, 41.5))
    """
    top = 100.0 if is_share(unit) else math.inf
    return _between(lower, top), _between(upper, top)


def _between(value: float, top: float) -> float:
    return value if math.isnan(value) else min(max(value, 0.0), top)


def _pounds(shown: str, unit: str) -> str:
    sign = MINUS if shown.startswith(MINUS) else ""
    return f"{sign}£{shown.removeprefix(MINUS)}{unit[1:]}"
