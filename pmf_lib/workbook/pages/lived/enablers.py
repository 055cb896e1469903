"""The enabler side beside the outcome side: the arrangements, and what they are to bring about."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.maturity.embedding import by_side
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import share_of
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, lowered, plural, sentence

SIDES = {
    "enabler": "Arrangements that are to help",
    "outcome": "What they are to bring about",
}
COUNTS = {
    "duties_n": "Duties asked",
    "met_n": "Met",
    "partly_n": "Partly met",
    "not_met_n": "Not met",
    "untested_n": "Not tested",
    "observed_n": "Observed",
    "doubted_n": "With exceptions",
}


def sides(book: Book, clauses: pd.DataFrame) -> Html:
    """Two rows: counts of clauses on the enabler side and on the outcome side, which stand side by side and add to nothing."""
    found = by_side(clauses)
    shown = found.assign(side=found["side"].map(SIDES), untested_n=found["duties_n"] - found["tested_n"])
    return table(
        shown,
        title=title(found)
        if book.has_own_records
        else "What published figures show of arrangements and of their outcomes",
        subtitle=f"Number of clauses with a test that are asked of {book.unit_name}, {book.quarter.words}. Duties are met, partly "
        "met, not met or not tested; what binds nobody is observed",
        columns={
            "side": "Side",
            **{name: Column(head, "number", decimals=0) for name, head in COUNTS.items()},
        },
    )


def title(found: pd.DataFrame) -> str:
    """What each side comes to, in one sentence: whether the arrangements are kept, and whether outcomes follow."""
    rows = zip(found.to_dict("records"), ("arrangements", "outcomes"), strict=True)
    return sentence("; ".join(_side(row, words) for row, words in rows))


def _side(row: dict[Any, Any], words: str) -> str:
    """What one side comes to: its duties, else its observations."""
    duties, tested, met = (int(row[name]) for name in ("duties_n", "tested_n", "met_n"))
    observed, doubted = int(row["observed_n"]), int(row["doubted_n"])
    if tested:
        return f"{_share(met, duties, 'duty', 'duties')} on {words} {plural(met, 'is', 'are')} fully met"
    if observed and not doubted:
        return f"{counted(observed, 'observation', in_words=True)} on {words} found no exception"
    if observed:
        return f"{_share(doubted, observed, 'observation', 'observations')} on {words} {plural(doubted, 'has', 'have')} exceptions"
    return f"nothing on {words} could be tested"


def _share(part: int, whole: int, one: str, many: str) -> str:
    """A share within a sentence.

    >>> _share(3, 9, "duty", "duties"), _share(9, 9, "duty", "duties"), _share(1, 1, "duty", "duties")
    ('three of nine duties', 'all nine duties', 'the one duty')
    """
    said = share_of(part, whole, one, many)
    return lowered(said)
