"""Findings told to people: periods, titles and numbers as they are read, not as files write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.numbers import rounded, written

UNIT_SLIP = "value.unit-slip"
OFF_CHART = (
    "The value is rated as sent, but left out of the chart and its limits until it is mended or confirmed."
)
OF_FIGURES = (UNIT_SLIP, "value.differs", "target.range", "target.slip", "target.stretch-worse")
"""Rules whose findings hold numbers and nothing else that is written in figures."""
OF_KEYS = ("key.repeated", "key.conflict", "row.superseded")
"""Rules whose findings quote the key of a row, name by name."""
NUMBER = re.compile(r"(?<![\w.,])-?\d{4,}(?:\.\d+)?(?!\w|,\d)")
KEY_NAMES = ("measure_id", "period", "quarter", "recorded_at")
OTHER_ROW = (
    (re.compile(r", and (row \d+ of .+) says the same$"), "; row {} repeats "),
    (re.compile(r", and (row \d+ of .+) has this key with other content$"), "; row {} contradicts "),
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def told(found: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """The same findings, `got` and `expected` in words: which row repeats which, and thousands separated.

    Parameters
    ----------
    found
        Findings (`pmf_lib.records.findings`).
    measures
        The measures that they speak of: measure_id, title.
    """
    figures, keys = found["rule"].isin(OF_FIGURES), found["rule"].isin(OF_KEYS)
    titles = dict(zip(measures["measure_id"], measures["title"], strict=True))
    got = found["got"].mask(keys, [_key(text, titles) for text in found["got"]])
    expected = found["expected"].mask(figures, [separated(text) for text in found["expected"]])
    both = [_rows(text, row) for text, row in zip(expected, found["source_row"], strict=True)]
    expected = expected.mask(keys, both)
    return found.assign(got=got.astype("str"), expected=expected.astype("str"))


def separated(text: str) -> str:
    """The text with the thousands of its numbers separated.

    >>> separated("135700, 1,000 times as much: they run from 128160 to 151421.5")
    '135,700, 1,000 times as much: they run from 128,160 to 151,421.5'
    """
    return NUMBER.sub(lambda found: _number(found[0]), text)


def _key(text: str, titles: dict[str, str]) -> str:
    """The key of a row, name by name, in words; what is cut short stays as it is.

    >>> _key("measure_id bins, period 2024-08, recorded_at 2024-09-12", {"bins": "Missed bins"})
    'Missed bins, August 2024, recorded on 12 September 2024'
    """
    names: dict[str, Callable[[str], str]] = {
        "measure_id": lambda one: titles.get(one, one),
        "recorded_at": _day,
    }
    worded = [
        names.get(name, _period)(rest) if name in KEY_NAMES else part
        for part in text.split(", ")
        for name, _, rest in [part.partition(" ")]
    ]
    return ", ".join(worded)


def _day(text: str) -> str:
    return f"recorded on {periods.date_words(date.fromisoformat(text))}" if DAY.fullmatch(text) else text


def _period(label: str) -> str:
    try:
        return periods.parse(label).words
    except ParameterError:
        return label


def _rows(text: str, row: int) -> str:
    """Which row repeats or contradicts which.

    >>> _rows("one row per measure, and row 7 of o.csv says the same", 8)
    'one row per measure; row 8 repeats row 7 of o.csv'
    """
    for form, said in OTHER_ROW:
        text = form.sub(said.format(row) + r"\1", text)
    return text


def _number(text: str) -> str:
    return written(rounded(text, len(text.partition(".")[2])))
