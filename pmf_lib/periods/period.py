"""The value: a period, its labels, and its neighbours in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pmf_lib.errors import ParameterError

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
TERMS = {"Autumn": (9, 12), "Spring": (1, 3), "Summer": (4, 8)}
STEPS_A_YEAR = {
    "month": 12,
    "quarter": 4,
    "term": 3,
    "week": 52,
    "year": 1,
    "academic_year": 1,
    "calendar_year": 1,
}
STEPS_TO_YEAR_BEFORE = {**STEPS_A_YEAR, "window": 12}
"""How many periods back the same one of the year before lies; windows are numbered by the month of their end."""
FREQUENCIES = {
    "monthly": "month",
    "quarterly": "quarter",
    "termly": "term",
    "annual": "year",
    "academic-annual": "academic_year",
    "calendar-annual": "calendar_year",
    "weekly": "week",
    "multi-year": "window",
}
"""How a measure's frequency is written in records, and the kind of period that it means."""


@dataclass(frozen=True, order=True)
class Period:
    """One reporting period; ordered by its end, then its start.

    >>> from pmf_lib.periods import parse
    >>> quarter = parse("2024-25 Q2")
    >>> quarter.label, quarter.words, quarter.path
    ('2024-25 Q2', 'Quarter 2, July to September 2024', '2024-25-q2')
    >>> quarter.shift(-2).label, quarter.shift(-4).label
    ('2023-24 Q4', '2023-24 Q2')
    """

    end: date
    start: date
    kind: str

    @property
    def label(self) -> str:
        """The one way this period is written in records, parameters and pages."""
        return _LABELS[self.kind](self)

    @property
    def path(self) -> str:
        """The label as a folder's name."""
        return re.sub(r"[^a-z0-9]+", "-", self.label.lower())

    @property
    def words(self) -> str:
        """The period in plain English."""
        if self.kind == "month":
            return _month_words(self.start)
        if self.kind == "quarter":
            return f"Quarter {self.label[-1]}, {MONTHS[self.start.month - 1]} to {_month_words(self.end)}"
        if self.kind == "term":
            name = self.label.partition(" ")[2]
            return f"{name} term, {MONTHS[self.start.month - 1]} to {_month_words(self.end)}"
        if self.kind == "calendar_year":
            return self.label
        if self.kind == "week":
            return f"week of {date_words(self.start)}"
        return f"{_month_words(self.start)} to {_month_words(self.end)}"

    @property
    def words_within(self) -> str:
        """The same within a sentence.

        >>> from pmf_lib.periods import parse
        >>> parse("2024-04", "month").words_within, parse("2024-25 Q1").words_within
        ('April 2024', 'quarter 1, April to June 2024')
        """
        return self.words.replace("Quarter", "quarter", 1)

    @property
    def ordinal(self) -> int:
        """A running number within the kind: the next period's is one higher (windows count months of their end)."""
        return _ORDINALS[self.kind](self)

    def shift(self, steps: int) -> Period:
        """The period `steps` after this one (before it, if negative)."""
        return at(self.kind, self.ordinal + steps, self)

    @property
    def year_before(self) -> Period:
        """The same period one year earlier."""
        return self.shift(-STEPS_TO_YEAR_BEFORE[self.kind])

    @property
    def financial_year(self) -> Period:
        """The financial year in which this period ends."""
        return at("year", self.end.year - (self.end.month < 4), self)

    def __str__(self) -> str:
        return self.label

    def __repr__(self) -> str:
        return f"Period({self.label!r})"


def date_words(day: date) -> str:
    """A date in plain English, whatever the machine's locale.

    >>> date_words(date(2024, 9, 30))
    '30 September 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def last_ended(kind: str, day: date) -> Period:
    """The last period of `kind` that ended on or before `day`.

    >>> last_ended("year", date(2024, 9, 30)).label, last_ended("month", date(2024, 9, 30)).label
    ('2023-24', '2024-09')
    """
    found = containing(kind, day)
    return found if found.end <= day else found.shift(-1)


def containing(kind: str, day: date) -> Period:
    """The period of `kind` in which `day` lies."""
    guesses = {
        "month": lambda: month(day.year, day.month),
        "quarter": lambda: at("quarter", (day.year * 12 + day.month - 4) // 3, None),
        "year": lambda: at("year", day.year - (day.month < 4), None),
        "academic_year": lambda: at("academic_year", day.year - (day.month < 9), None),
        "calendar_year": lambda: at("calendar_year", day.year, None),
        "term": lambda: _term_at(day),
        "week": lambda: at("week", (day.toordinal() - 1) // 7, None),
    }
    if kind not in guesses:
        raise ParameterError(f"No single period of kind '{kind}' contains a day.")
    return guesses[kind]()


def _month_words(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _months(kind: str, year: int, month: int, length: int) -> Period:
    """`length` whole months from `month` of `year`."""
    last = year * 12 + month - 1 + length
    return Period(date(last // 12, last % 12 + 1, 1) - timedelta(days=1), date(year, month, 1), kind)


def month(year: int, number: int) -> Period:
    """One month of a year."""
    return _months("month", year, number, 1)


def _term_at(day: date) -> Period:
    autumn = day.year - (day.month < 9)
    index = 0 if day.month >= 9 else 1 if day.month <= 3 else 2
    return at("term", autumn * 3 + index, None)


def at(kind: str, ordinal: int, like: Period | None = None) -> Period:
    """The period of `kind` with this running number (a window keeps the length of `like`)."""
    if kind == "month":
        return month(ordinal // 12, ordinal % 12 + 1)
    if kind == "quarter":
        return _months("quarter", *_year_month(ordinal * 3 + 3), 3)
    if kind == "term":
        year, index = divmod(ordinal, 3)
        first, last = list(TERMS.values())[index]
        return _months("term", year + (index > 0), first, last - first + 1)
    if kind == "week":
        monday = date.fromordinal(ordinal * 7 + 1)
        return Period(monday + timedelta(days=6), monday, "week")
    if kind == "window" and like is not None:
        length = _month_index(like.end) - _month_index(like.start) + 1
        return _months("window", *_year_month(ordinal - length + 1), length)
    return _months(kind, ordinal, {"year": 4, "academic_year": 9}.get(kind, 1), 12)


def _year_month(index: int) -> tuple[int, int]:
    """Year and month (1 to 12) of a running month number."""
    return index // 12, index % 12 + 1


def _month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


_ORDINALS: dict[str, Callable[[Period], int]] = {
    "month": lambda period: _month_index(period.start),
    "quarter": lambda period: (_month_index(period.start) - 3) // 3,
    "term": lambda period: (
        (period.end.year - (period.end.month < 9)) * 3
        + [first for first, _ in TERMS.values()].index(period.start.month)
    ),
    "week": lambda period: (period.start.toordinal() - 1) // 7,
    "window": lambda period: _month_index(period.end),
    "year": lambda period: period.start.year,
    "academic_year": lambda period: period.start.year,
    "calendar_year": lambda period: period.start.year,
}


def _span(period: Period, mark: str) -> str:
    return f"{period.start.year}{mark}{(period.start.year + 1) % 100:02d}"


def _autumn_span(period: Period) -> str:
    year = period.start.year - (period.start.month < 9)
    return f"{year}/{(year + 1) % 100:02d}"


_LABELS: dict[str, Callable[[Period], str]] = {
    "month": lambda period: f"{period.start:%Y-%m}",
    "quarter": lambda period: f"{_span(period.financial_year, '-')} Q{(period.start.month - 4) // 3 % 4 + 1}",
    "year": lambda period: _span(period, "-"),
    "academic_year": lambda period: _span(period, "/"),
    "calendar_year": lambda period: f"{period.start.year}",
    "term": lambda period: (
        f"{_autumn_span(period)} "
        + next(name for name, (first, _) in TERMS.items() if first == period.start.month)
    ),
    "week": lambda period: "{}-W{:02d}".format(*period.start.isocalendar()[:2]),
    "window": lambda period: f"{period.start:%Y-%m}..{period.end:%Y-%m}",
}
