"""Headers as publishers write them: joined over rows, footnotes glued on, and found again by patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

NEAREST = 5
JOINED = " | "
"""Between the rows of a header, top to bottom."""

_DIGITS = "[0-9¹²³⁴⁵⁶⁷⁸⁹⁰]"
_FOOTNOTES = re.compile(
    rf"(?<=[A-Za-z)]){_DIGITS}{{1,2}}(?:, ?{_DIGITS}{{1,2}})*(?=$|[\s(])|\s{_DIGITS}{{1,2}}(?=$|\s\|)"
)
"""Digits glued to a word, or alone at the end of a header's part."""


def fitting(headers: Sequence[str], pattern: str) -> list[int]:
    """Places of the headers that a pattern fits; footnote digits are passed over where that alone decides.

    >>> fitting(("Year", "Homes1", "Homes owned"), "^homes$")
    [1]
    """
    for texts in (headers, [without_footnotes(header) for header in headers]):
        found = [place for place, header in enumerate(texts) if re.search(pattern, header, re.I)]
        if len(found) == 1:
            return found
    return found


def nearest(pattern: str, options: Iterable[str], count: int = NEAREST) -> list[str]:
    """The options most like a pattern, best first.

    >>> nearest("^total households$", ["Region", "Total number of households"], 1)
    ['Total number of households']
    """
    wanted = re.sub(r"\\.|[^\w\s]", " ", pattern).strip().lower()
    shown = dict.fromkeys(option for option in options if option)
    return sorted(shown, key=lambda option: -_likeness(wanted, option))[:count]


def without_footnotes(header: str) -> str:
    """A header without the digits of its footnotes.

    >>> without_footnotes("Total in TA1,2,3 | In area5 (000s) | more than 6 weeks 8")
    'Total in TA | In area (000s) | more than 6 weeks'
    """
    return _FOOTNOTES.sub("", header)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A cell's text with single spaces and no line breaks."""
    return " ".join(text.split())


def joined(column: Iterable[str]) -> str:
    """The distinct texts of a header's column, top to bottom.

    >>> joined(["Hotels", "Hotels", "", "With  children"])
    'Hotels | With children'
    """
    return JOINED.join(part for part in dict.fromkeys(map(plain, column)) if part)


def _likeness(wanted: str, option: str) -> float:
    parts = [option, *option.split(JOINED)]
    return max(SequenceMatcher(None, wanted, part.lower()).ratio() for part in parts)
