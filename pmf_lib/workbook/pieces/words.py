"""Numbers, dates and lists in plain English, the same on every page whatever the machine's locale."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.numbers import rounded, written
from pmf_lib.periods import date_words

NOTHING = "–"
SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST_DECIMALS = 10


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT or empty text.

    >>> is_missing(float("nan")), is_missing(""), is_missing(0)
    (True, True, False)
    """
    if value is None or (isinstance(value, str) and value == ""):
        return True
    return bool(pd.isna(value)) if pd.api.types.is_scalar(value) else False


def number(value: Any, decimals: int | None = None, *, signed: bool = False, missing: str = NOTHING) -> str:
    """A number as people read it: thousands separated, halves rounded up, a true minus sign.

    Without `decimals` the value is shown as it was recorded, to ten decimals at most.

    >>> number(1234567.25, 1), number(-0.5, 1), number(2.675, 2), number(3.0), number(None)
    ('1,234,567.3', '−0.5', '2.68', '3', '–')
    >>> number(0.4, 1, signed=True), number(-0.04, 1)
    ('+0.4', '0.0')
    """
    if is_missing(value):
        return missing
    places = MOST_DECIMALS if decimals is None else int(decimals)
    if not Decimal(str(value)).is_finite():
        return missing
    text = written(rounded(value, places), signed=signed)
    return text.rstrip("0").rstrip(".") if decimals is None and "." in text else text


def percent(value: Any, decimals: int = 1, *, missing: str = NOTHING) -> str:
    """A percentage (54.25 is 54.25 per cent) with its sign.

    >>> percent(54.25), percent(None)
    ('54.3%', '–')
    """
    return missing if is_missing(value) else f"{number(value, decimals)}%"


def day(value: Any, *, missing: str = NOTHING) -> str:
    """A date as 30 September 2024; text such as ``2024-09-30`` is read as a date.

    >>> day(pd.Timestamp("2024-09-30")), day("2024-11-15"), day(pd.NaT)
    ('30 September 2024', '15 November 2024', '–')
    """
    if is_missing(value):
        return missing
    moment = pd.Timestamp(value)
    return date_words(date(moment.year, moment.month, moment.day))


def period(label: Any, *, missing: str = NOTHING) -> str:
    """A period as a cell of a table says it; text that is none as it is written.

    >>> period("2024-07"), period("2024-25 Q2"), period("2021-01..2023-12"), period("2022-10..2023-09")
    ('July 2024', '2024-25 Q2', '2021 to 2023', 'October 2022 to September 2023')
    """
    if is_missing(label):
        return missing
    try:
        found = periods.parse(str(label))
    except ParameterError:
        return str(label)
    if found.kind == "window" and (found.start.month, found.end.month) == (1, 12):
        return f"{found.start.year} to {found.end.year}"
    return found.words if found.kind in ("month", "week", "window") else found.label


def count_word(count: int) -> str:
    """A count in words up to ten, else in figures.

    >>> count_word(4), count_word(0), count_word(11), count_word(1234)
    ('four', 'no', '11', '1,234')
    """
    return SMALL_NUMBERS[count] if 0 <= count < len(SMALL_NUMBERS) else number(count, 0)


def plural(count: int, one: str, many: str = "") -> str:
    """The noun for this count, without the count.

    >>> plural(1, "measure"), plural(2, "measure"), plural(2, "penny", "pence")
    ('measure', 'measures', 'pence')
    """
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "", *, in_words: bool = False) -> str:
    """A count with its noun, in figures unless `in_words`.

    >>> counted(1, "measure"), counted(4, "measure", in_words=True), counted(1200, "row")
    ('1 measure', 'four measures', '1,200 rows')
    """
    shown = count_word(count) if in_words else number(count, 0)
    return f"{shown} {plural(count, one, many)}"


def out_of(part: int, whole: int, one: str, many: str = "") -> str:
    """A share as a sentence begins with it, each of its numbers in words up to ten.

    >>> out_of(8, 34, "measure"), out_of(11, 34, "measure"), out_of(4, 6, "measure"), out_of(0, 34, "measure")
    ('Eight of 34 measures', '11 of 34 measures', 'Four of six measures', 'None of 34 measures')
    """
    said = count_word(part) if part else "none"
    return sentence(f"{said} of {counted(whole, one, many, in_words=True)}")


def listing(items: Iterable[object], last: str = "and") -> str:
    """Items as a sentence lists them.

    >>> listing(["cost", "delay", "harm"]), listing(["cost"]), listing(["cost", "delay"], "or")
    ('cost, delay and harm', 'cost', 'cost or delay')
    """
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest untouched.

    >>> sentence("four of 34 measures"), sentence("")
    ('Four of 34 measures', '')
    """
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """The text with a small first letter, the rest untouched, to stand within a sentence.

    >>> lowered("Four of 34 measures"), lowered("")
    ('four of 34 measures', '')
    """
    return text[:1].lower() + text[1:]


def slug(text: str, prefix: str = "") -> str:
    """The text as the address of a place in a page, stable for the same text.

    >>> slug("What we found: children's services"), slug("34", "m-"), slug("№")
    ('what-we-found-children-s-services', 'm-34', 'part')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", f"{prefix}{text}".lower()).strip("-")
    shown = plain[:60].rstrip("-") or "part"
    return shown if shown[0].isalpha() else f"p-{shown}"
