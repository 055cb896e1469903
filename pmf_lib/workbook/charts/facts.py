"""What a picture needs to know of one measure, as a frozen value, and its numbers and periods in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from pmf_lib import periods, settings, verdicts
from pmf_lib.errors import ParameterError
from pmf_lib.numbers import MINUS
from pmf_lib.performance.words import MILLION, WIDEST, is_in_millions
from pmf_lib.workbook.pieces import words

CURRENCIES = "£€$"
NO_UNIT = ("", "number", "count")
SPAN_WORDS = {
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "termly": "By school term",
    "annual": "Annual",
    "academic-annual": "Annual (academic years)",
    "calendar-annual": "Annual (calendar years)",
    "weekly": "Weekly",
    "multi-year": "Overlapping windows",
}


@dataclass(frozen=True)
class Facts:
    """One rated measure as pictures use it; missing numbers are NaN, missing text is ''."""

    title: str
    unit: str
    decimals: int
    frequency: str
    polarity: str
    target: float
    lower: float
    upper: float
    limits: str
    variation: str
    variation_why: str
    state: str
    period_due: str
    value: float
    provisional: bool
    definition_from: str = ""
    """First period counted by the present definition; '' where it never changed."""
    capability: str = ""
    chart: str = ""
    """Kind of control chart (xmr, p-prime, u-prime); '' where it is not said."""
    is_seasonal: bool = False

    @classmethod
    def of(cls, row: Any) -> Facts:
        """The facts of one row of rated measures (a Series or a mapping); keys that are not there are missing."""
        decimals = _number(row.get("decimals"))
        return cls(
            title=_text(row.get("title")),
            unit=_text(row.get("unit")),
            decimals=0 if math.isnan(decimals) else int(decimals),
            frequency=_text(row.get("frequency")),
            polarity=_text(row.get("polarity")),
            target=_number(row.get("target")),
            lower=_number(row.get("lower")),
            upper=_number(row.get("upper")),
            limits=_text(row.get("limits")),
            variation=_text(row.get("variation")),
            variation_why=_text(row.get("variation_why")),
            state=_text(row.get("state")),
            period_due=_text(row.get("period")),
            value=_number(row.get("value")),
            provisional=_flag(row.get("provisional")),
            definition_from=_text(row.get("definition_from")),
            capability=_text(row.get("capability")),
            chart=_text(row.get("chart")),
            is_seasonal=_flag(row.get("is_seasonal")),
        )

    @property
    def kind(self) -> str | None:
        """The kind of period that the measure's frequency means, if it is known."""
        return periods.FREQUENCIES.get(self.frequency)

    @property
    def targets(self) -> dict[str, float]:
        """The lines to reach by their names: one target, or the ends of a range."""
        named = {"Target": self.target, "Target from": self.lower, "Target to": self.upper}
        if self.polarity != "range":
            named = {"Target": self.target}
        return {name: value for name, value in named.items() if not math.isnan(value)}

    @property
    def aims(self) -> str:
        """The target, or both ends of a range; '' where there is none."""
        return " to ".join(self.number(value) for value in self.targets.values())

    @property
    def named(self) -> str:
        """The title, with the unit where no sign beside a number says it."""
        return f"{self.title} ({self.unit})" if self.axis_words else self.title

    @property
    def brief_aims(self) -> str:
        """The target, or both ends of a range, as `brief` writes them."""
        return " to ".join(self.brief(value) for value in self.targets.values())

    @property
    def asks(self) -> str:
        """On which side of the target the better lies: 'at least' or 'at most'; '' where it does not, or of a range."""
        return {"higher": "at least", "lower": "at most"}.get(self.polarity, "")

    @property
    def asked(self) -> str:
        """The target with its side: 'at least 95.0%'."""
        return f"{self.asks} {self.aims}".strip()

    def brief(self, value: Any) -> str:
        """A value where room is short: from ten million on in millions; the table behind the picture has it whole.

        >>> Facts.of({"unit": "£"}).brief(1193052401), Facts.of({"unit": "£"}).brief(9999999)
        ('£1,193.1m', '£9,999,999')
        """
        if words.is_missing(value) or not is_in_millions(value, self.unit):
            return self.number(value)
        return f"{amount(value / MILLION, 1, self.unit)}m"

    def number(self, value: Any, *, decimals: int | None = None) -> str:
        """A value with a sign for per cent or currency, and no other unit."""
        return amount(value, self.decimals if decimals is None else decimals, self.unit)

    def said(self, value: Any) -> str:
        """A value as a sentence says it, with its unit.

        >>> Facts.of({"unit": "days"}).said(3), Facts.of({"unit": "rate per 10,000"}).said(3)
        ('3 days', '3 (rate per 10,000)')
        """
        if not self.axis_words:
            return self.number(value)
        return f"{self.number(value)} {f'({self.unit})' if ' ' in self.unit else self.unit}"

    def heading(self, name: str) -> str:
        """A column's name with the unit.

        >>> Facts.of({"unit": "days"}).heading("Mean"), Facts.of({"unit": "number"}).heading("Mean")
        ('Mean (days)', 'Mean')
        """
        return name if self.unit in NO_UNIT else f"{name} ({self.unit})"

    @property
    def axis_words(self) -> str:
        """The unit as words above the axis; '' where the numbers carry it."""
        if self.unit in (*NO_UNIT, "%", *CURRENCIES):
            return ""
        return words.sentence(self.unit)

    def period(self, label: object, *, in_sentence: bool = False) -> str:
        """One period of the measure, short for an axis or as a sentence says it."""
        return period_words(label, self.kind, in_sentence=in_sentence)


def amount(value: Any, decimals: int, unit: str = "") -> str:
    """A number with its per cent or currency sign.

    >>> amount(1234567, 0, "£"), amount(-0.25, 1, "%"), amount(3, 0, "days"), amount(None, 0)
    ('£1,234,567', '−0.3%', '3', 'no value')
    >>> amount(-12, 0, "£"), amount(2.5e18, 0)
    ('−£12', '2.5e18')
    """
    if words.is_missing(value) or not math.isfinite(value):
        return "no value"
    if abs(value) >= WIDEST:
        shown = f"{value:.3g}".replace("-", MINUS).replace("e+", "e")
    else:
        shown = words.number(value, decimals)
    if unit in CURRENCIES and unit:
        sign = MINUS if shown.startswith(MINUS) else ""
        return f"{sign}{unit}{shown.removeprefix(MINUS)}"
    return f"{shown}%" if unit == "%" else shown


def period_words(label: object, kind: str | None = None, *, in_sentence: bool = False) -> str:
    """A period's label in short English; a label that is no period stays as it is.

    >>> period_words("2023-04", "month"), period_words("2023-24 Q1"), period_words("2023-24", "year")
    ('Apr 2023', '2023-24 Q1', '2023-24')
    >>> period_words("2010-11", "month", in_sentence=True), period_words("2021-04..2024-03")
    ('November 2010', 'Apr 2021 to Mar 2024')
    """
    period = read_period(label, kind)
    if period is None:
        return str(label)
    if period.kind in ("month", "window", "week"):
        return _dated(period, in_sentence)
    return period.label


def read_period(label: object, kind: str | None = None) -> periods.Period | None:
    """The period of this label, of this kind or else of any; None if it is no period."""
    for wanted in (kind, None):
        try:
            return periods.parse(str(label), wanted)
        except ParameterError:
            continue
    return None


def span_words(first: Any, last: Any) -> str:
    """From a first day to a last day, in months.

    >>> span_words(pd.Timestamp("2022-04-01"), pd.Timestamp("2024-09-30"))
    'April 2022 to September 2024'
    """
    start, end = (_month(pd.Timestamp(day), whole=True) for day in (first, last))
    return start if start == end else f"{start} to {end}"


def verdict(kind: str, code: str) -> verdicts.Verdict:
    """The verdict of this kind and code, from the words in force."""
    return words_in_force().get(kind, code)


def words_in_force() -> verdicts.Verdicts:
    """The verdict words of the workspace, read once."""
    return _verdicts(settings.root())


@lru_cache(maxsize=4)
def _verdicts(root: Path) -> verdicts.Verdicts:  # the root is the key under which the words are kept
    return verdicts.load()


def _dated(period: periods.Period, whole: bool) -> str:
    if period.kind == "week":
        return f"{period.start.day} {_month(period.start, whole=whole)}"
    if period.kind == "month":
        return _month(period.start, whole=whole)
    return f"{_month(period.start, whole=whole)} to {_month(period.end, whole=whole)}"


def _month(day: Any, *, whole: bool) -> str:
    name = periods.MONTHS[day.month - 1]
    return f"{name if whole else name[:3]} {day.year}"


def _text(value: Any) -> str:
    return "" if words.is_missing(value) else str(value)


def _flag(value: Any) -> bool:
    return not words.is_missing(value) and bool(value)


def _number(value: Any) -> float:
    if words.is_missing(value):
        return math.nan
    return float(value) if math.isfinite(float(value)) else math.nan
