"""Labels read back into periods, and what is said of a label that is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from pmf_lib.errors import ParameterError
from pmf_lib.periods.period import TERMS, Period, at, month

EXAMPLES = {
    "quarter": "2024-25 Q2",
    "month": "2024-07",
    "year": "2024-25",
    "term": "2024/25 Autumn",
    "academic_year": "2024/25",
    "calendar_year": "2024",
    "week": "2024-W31",
    "window": "2021-04..2024-03",
}
"""One label of each kind of period."""

_PATTERNS = {
    "quarter": re.compile(r"(\d{4})-(\d{2}) Q([1-4])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "year": re.compile(r"(\d{4})-(\d{2})"),
    "term": re.compile(r"(\d{4})/(\d{2}) (Autumn|Spring|Summer)"),
    "academic_year": re.compile(r"(\d{4})/(\d{2})"),
    "calendar_year": re.compile(r"(\d{4})"),
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "window": re.compile(r"(\d{4}-\d{2})\.\.(\d{4}-\d{2})"),
}


@lru_cache(maxsize=65536)
def parse(text: str, kind: str | None = None) -> Period:
    """Read a period's label; `kind` settles labels such as ``2010-11`` (a year, or a month).

    Without `kind`, ``YYYY-YY`` with consecutive years is a financial year.

    Raises
    ------
    ParameterError
        The label is not written as the table above says, or is not of `kind`.

    >>> parse("2010-11").kind, parse("2010-11", "month").kind
    ('year', 'month')
    """
    text = str(text).strip()
    for name in (kind,) if kind else ("quarter", "year", *_PATTERNS):
        found = _PATTERNS[name].fullmatch(text) if name in _PATTERNS else None
        period = _read(name, found.groups()) if found else None
        if period is not None:
            return period
    raise ParameterError(f"'{text}' is not a period. {_how_to_write(kind)}")


def parse_quarter(text: str) -> Period:
    """Read a reporting quarter.

    >>> parse_quarter("2025-27 Q1")
    Traceback (most recent call last):
    pmf_lib.errors.ParameterError: '2025-27 Q1' is not a reporting quarter. Write the financial year and quarter as 'YYYY-YY Qn', for example '2025-26 Q1' (April to June 2025).
    """
    try:
        return parse(text, "quarter")
    except ParameterError:
        raise ParameterError(
            f"'{text}' is not a reporting quarter. Write the financial year and quarter as 'YYYY-YY Qn', "
            "for example '2025-26 Q1' (April to June 2025)."
        ) from None


def parse_date(text: str) -> date:
    """Read a date written as ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(str(text).strip()[:10])
    except ValueError:
        raise ParameterError(
            f"'{text}' is not a date. Write it as 'YYYY-MM-DD', for example '2024-11-15'."
        ) from None


def _read(kind: str, parts: tuple[str, ...]) -> Period | None:
    """The period of these parts; none where the calendar has no such year."""
    try:
        return _READERS[kind](*parts)
    except (ValueError, OverflowError):
        return None


def _how_to_write(kind: str | None) -> str:
    if kind in EXAMPLES:
        return f"Write the {kind.replace('_', ' ')} as, for example, '{EXAMPLES[kind]}'."
    return "Write it as one of " + ", ".join(f"'{label}'" for label in EXAMPLES.values()) + "."


def _consecutive(year: str, suffix: str) -> bool:
    return (int(year) + 1) % 100 == int(suffix)


def _read_quarter(year: str, suffix: str, number: str) -> Period | None:
    return at("quarter", int(year) * 4 + int(number) - 1, None) if _consecutive(year, suffix) else None


def _read_year(kind: str, year: str, suffix: str) -> Period | None:
    return at(kind, int(year), None) if _consecutive(year, suffix) else None


def _read_term(year: str, suffix: str, name: str) -> Period | None:
    return at("term", int(year) * 3 + list(TERMS).index(name), None) if _consecutive(year, suffix) else None


def _week(year: int, number: int) -> Period | None:
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None
    return Period(monday + timedelta(days=6), monday, "week")


def _read_window(first: str, last: str) -> Period | None:
    start, end = parse(first, "month"), parse(last, "month")
    return Period(end.end, start.start, "window") if start <= end else None


_READERS: dict[str, Callable[..., Period | None]] = {
    "quarter": _read_quarter,
    "month": lambda year, number: month(int(year), int(number)),
    "year": lambda year, suffix: _read_year("year", year, suffix),
    "term": _read_term,
    "academic_year": lambda year, suffix: _read_year("academic_year", year, suffix),
    "calendar_year": lambda year: at("calendar_year", int(year), None),
    "week": lambda year, number: _week(int(year), int(number)),
    "window": _read_window,
}
