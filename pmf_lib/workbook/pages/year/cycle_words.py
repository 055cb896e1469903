"""What pages of the year's cycle share: bodies in words, months left in words, and a sentence where nobody sent a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.minutes import NAMES
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.periods import Period, containing
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, paragraphs
from pmf_lib.workbook.pieces.words import count_word, counted, listing

Piece = Callable[..., Html]
MOST_NAMED = 2
"""Items that a headline names; of more it tells the number."""


def where_sent(about: str) -> Callable[[Piece], Piece]:
    """A piece that says, where nobody sent a table it looks at, what can't be told."""

    def made(piece: Piece) -> Piece:
        @wraps(piece)
        def shown(book: Book, records: Evidence, *rest: Any, **more: Any) -> Html:
            try:
                return piece(book, records, *rest, **more)
            except NotSentError as missing:
                return paragraphs(nobody_sent(book, str(missing), about))

        return shown

    return made


def nobody_sent(book: Book, table: str, about: str) -> str:
    """Why something can't be told, and what to do; nobody is asked for anything where figures are published."""
    named = {"agenda": "agendas"}.get(table, table)
    if not book.has_own_records:
        return f"Published figures hold no table of {named}, so it can't be told {about}."
    return (
        f"Nobody sent the table of {named}, so it can't be told {about}. It can be sent with the next return."
    )


def body_words(records: Evidence, body: str, unit: str) -> str:
    """A body with its unit: 'Directorate board of Resources'."""
    units = records.council.directorates if records.council else ()
    names = {one.id: one.name for one in units}
    return f"{NAMES[body]} of {names.get(unit, unit)}" if unit else NAMES[body]


def year_words(records: Evidence) -> str:
    """The financial year that pages of the cycle tell of."""
    return records.quarter.financial_year.label


def by_when(year: Period, as_at: date) -> str:
    """Up to when a sentence tells of the year: a month, or the whole year once it is over.

    >>> from pmf_lib.periods import parse
    >>> (
    ...     by_when(parse("2024-25", "year"), date(2024, 11, 15)),
    ...     by_when(parse("2024-25", "year"), date(2025, 5, 1)),
    ... )
    ('by November 2024', 'in 2024-25')
    """
    return f"in {year.label}" if as_at > year.end else f"by {containing('month', as_at).words}"


def left_words(count: int, kind: str) -> str:
    """How much of the year is left to a body.

    >>> left_words(5, "month"), left_words(1, "meeting"), left_words(0, "month")
    ('five months are left', 'one meeting is left', 'no meeting is left')
    """
    if count == 0:
        return "no meeting is left"
    return f"{counted(count, kind, in_words=True)} {'is' if count == 1 else 'are'} left"


def quoted(titles: Sequence[str] | pd.Series[str]) -> str:
    """Titles in the framework's words, as a sentence names them; of many, how many they are.

    >>> quoted(["Risk", "Inspection"]), quoted(["a", "b", "c"])
    ('“Risk” and “Inspection”', 'three')
    """
    listed = list(titles)
    return count_word(len(listed)) if len(listed) > MOST_NAMED else listing(f"“{title}”" for title in listed)


def tally(counts: Mapping[Any, int], said: Mapping[str, tuple[str, str]]) -> list[str]:
    """Counts with what is said of one and of several, in the order of `said`; what has no count is left out.

    >>> tally({"late": 1, "lost": 3}, {"lost": ("is lost", "are lost"), "late": ("is late", "are late")})
    ['three are lost', 'one is late']
    """
    return [
        f"{count_word(int(counts[code]))} {verbs[int(counts[code]) > 1]}"
        for code, verbs in said.items()
        if counts.get(code, 0)
    ]
