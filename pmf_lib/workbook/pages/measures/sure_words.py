"""Sentences on how sure the figures of measures are; '' where there is nothing to warn of."""

from __future__ import annotations

import pandas as pd

from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pieces.markup import Words, link, phrase
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence


def relied(reliance: pd.Series) -> list[Words]:
    """How many figures can't simply be relied on, and where that is told."""
    never, careful = ((reliance == code).sum() for code in ("do_not_rely", "with_care"))
    with_care = f"{plural(careful, 'is', 'are')} to be relied on only with care"
    counts = [
        f"{count_word(n)} {words}"
        for n, words in ((never, "should not be relied on"), (careful, with_care))
        if n
    ]
    if not counts:
        return []
    return [
        phrase(
            f"Of {counted(int((reliance != 'not_judged').sum()), 'measure')}, {listing(counts)}: see ",
            link("data quality", "1_data_quality.html"),
            ".",
        )
    ]


def unsure(book: Book, rated: pd.DataFrame) -> list[str]:
    """What makes the unit's figures less sure: values that are not final, trial limits, proxies, faults in the records."""
    provisional = int(rated["provisional"].sum()) if len(rated) else 0
    said = [
        _provisional(provisional),
        _trial(sentences.count(rated, "limits", ("trial",)), book.schemes.xmr.trial_limits_below),
        _by_proxy(book.links["directness"]),
        _faults(len(book.findings)),
    ]
    return [one for one in said if one]


def _provisional(count: int) -> str:
    if not count:
        return ""
    return f"{_many(count, 'latest value')} {plural(count, 'is', 'are')} provisional or estimated."


def _trial(count: int, below: int) -> str:
    """How many series have too few points for limits that last.

    >>> _trial(1, 12), _trial(0, 12)
    ('One series has trial limits only (fewer than 12 points): read them with care.', '')
    """
    if not count:
        return ""
    has = f"{_many(count, 'series', 'series')} {plural(count, 'has', 'have')}"
    return f"{has} trial limits only (fewer than {below} points): read them with care."


def _by_proxy(directness: pd.Series[str]) -> str:
    count = int((directness == "proxy").sum())
    if not count:
        return ""
    are = f"of {counted(len(directness), 'link')} to the framework {plural(count, 'is', 'are')} by proxy"
    return (
        f"{sentence(count_word(count))} {are}: the measure stands near what the framework asks, not for it."
    )


def _faults(count: int) -> str:
    if not count:
        return ""
    return (
        f"{_many(count, 'fault')} {plural(count, 'was', 'were')} found in this unit's records; see the end."
    )


def _many(count: int, one: str, many: str = "") -> str:
    """So many, at the start of a sentence."""
    return sentence(counted(count, one, many, in_words=True))
