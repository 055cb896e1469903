"""Period labels and dates as publishers write them, read into the one way in which records write them.

================  ==============================================================  ==========================
style             reads                                                           kinds
================  ==============================================================  ==========================
year-ending       2019, 2019-20, 2015/16, 201516, 2025 (prov), 2016-17 (OT)       any year, window; 2019 ends in 2019
year-starting     the same, but 2019 starts in 2019                               any year, window
month             202412, 2024-12, 2024-12-31, Dec 1995, December 2024            the period that it lies in
span              2014-16, 2013/14-15/16, 2021/22 Q1 - 2025/26 Q3, 2021/22 Q1     window
as-written        labels as records write them                                    any
================  ==============================================================  ==========================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from pmf_lib import periods
from pmf_lib.errors import ParameterError

_MARK = re.compile(r"\s*\(([^)]*)\)\s*$")
_PROVISIONAL = re.compile(r"\(\s*(p|prov\w*)\s*\)\s*$", re.I)
_SPAN = re.compile(r"(\d{4}(?:/\d{2})?(?: Q[1-4])?) ?[-–] ?(\d{2,4}(?:/\d{2})?(?: Q[1-4])?)")
_QUARTER = re.compile(r"(\d{4}/\d{2} Q[1-4])")
"""A quarter alone: the first of a count that grows from there."""
_NAMED_DAY = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([A-Za-z]{3,9}) (\d{4})")


@lru_cache(maxsize=4096)
def period_label(text: str, style: str, kind: str) -> str:
    """The period that a publisher's label means, as records write it; the text itself where it can't be read.

    >>> (
    ...     period_label("2019", "year-ending", "year"),
    ...     period_label("2025 (prov)", "year-ending", "academic_year"),
    ... )
    ('2018-19', '2024/25')
    >>> period_label("202412", "month", "quarter"), period_label("Dec 1995", "month", "month")
    ('2024-25 Q3', '1995-12')
    >>> period_label("2013/14-15/16", "span", "window"), period_label("0", "year-ending", "year")
    ('2013-04..2016-03', '0')
    """
    bare = _MARK.sub("", text).strip()
    try:
        return STYLES[style](bare, kind).label
    except (ParameterError, ValueError):
        return text


def is_provisional(text: str) -> bool:
    """Does the label itself say so?

    >>> is_provisional("2024 (prov)"), is_provisional("2024 (Revised)")
    (True, False)
    """
    return _PROVISIONAL.search(text) is not None


def read_day(text: str) -> date:
    """A date in figures or in words; a month alone is its last day.

    Raises
    ------
    ParameterError
        It is neither.

    >>> read_day("22nd July 2021"), read_day("2024-12-03"), read_day("April 2025")
    (datetime.date(2021, 7, 22), datetime.date(2024, 12, 3), datetime.date(2025, 4, 30))
    """
    named = _NAMED_DAY.fullmatch(" ".join(text.split()))
    if not named:
        return periods.parse_date(text)
    day, month, year = named.groups()
    whole = periods.containing("month", date(int(year), _month(month), 1))
    return whole.start.replace(day=int(day)) if day else whole.end


def _year_ending(text: str, kind: str) -> periods.Period:
    return _year(text, kind, shift=0 if kind == "calendar_year" else -1)


def _year_starting(text: str, kind: str) -> periods.Period:
    return _year(text, kind, shift=0)


def _year(text: str, kind: str, shift: int) -> periods.Period:
    """`shift` settles which year a single number names: the one before it, or its own."""
    if re.fullmatch(r"\d{4}", text):
        return periods.parse(_two_years(int(text) + shift, kind), kind)
    found = re.fullmatch(r"(\d{4})[-/–]?(?:\d{2})?(\d{2})", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ParameterError(f"'{text}' is not a year.")
    return periods.parse(_two_years(int(found[1]), kind), kind)


def _two_years(year: int, kind: str) -> str:
    if kind == "window":
        return f"{year}-04..{year + 1}-03"
    mark = {"year": "-", "academic_year": "/"}.get(kind)
    return f"{year}{mark}{(year + 1) % 100:02d}" if mark else f"{year}"


def _month_in(text: str, kind: str) -> periods.Period:
    figures = re.fullmatch(r"(\d{4})-?(\d{2})(?:-(\d{2}))?", text)
    if figures:
        return periods.containing(kind, date(int(figures[1]), int(figures[2]), int(figures[3] or 1)))
    return periods.containing(kind, read_day(text))


def _span(text: str, kind: str) -> periods.Period:
    found = _SPAN.fullmatch(text) or _QUARTER.fullmatch(text)
    if not found:
        raise ParameterError(f"'{text}' is not a span of years.")
    first, last = found[1], found[found.re.groups]
    last = last if re.match(r"\d{4}", last) else first[:2] + last
    return periods.parse(f"{_edge(first).start:%Y-%m}..{_edge(last).end:%Y-%m}", kind)


def _edge(text: str) -> periods.Period:
    """A year or quarter at one end of a span: 2014 is a calendar year, 2013/14 a financial one."""
    return periods.parse(text.replace("/", "-"))


def _as_written(text: str, kind: str) -> periods.Period:
    return periods.parse(text, kind)


def _month(name: str) -> int:
    """The number of a month written in full or cut to three letters."""
    for number, month in enumerate(periods.MONTHS, start=1):
        if month.lower().startswith(name.lower()):
            return number
    raise ParameterError(f"'{name}' is not a month.")


STYLES: Mapping[str, Callable[[str, str], periods.Period]] = MappingProxyType(
    {
        "year-ending": _year_ending,
        "year-starting": _year_starting,
        "month": _month_in,
        "span": _span,
        "as-written": _as_written,
    }
)
"""Readers of label styles by name, as ``period.style`` in a source's file names them."""
