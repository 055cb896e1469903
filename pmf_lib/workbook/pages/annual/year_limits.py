"""What limits the annual review: what was not sent, what was not issued, what no test answers."""

from __future__ import annotations

from collections import Counter

from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual import year_words
from pmf_lib.workbook.pages.annual.told import Told, told_from
from pmf_lib.workbook.pages.committee import caveats
from pmf_lib.workbook.pages.lived.untested import without_test
from pmf_lib.workbook.pieces.markup import Html, bullets
from pmf_lib.workbook.pieces.words import counted, listing, plural, sentence
from pmf_lib.workbook.results import Collected

BY_RULES = (
    "What issued papers recorded is read as they recorded it; if rules or the framework were changed within the year, part of a move may be "
    "theirs."
)
MOVES = "A move is told between quarters in which a duty could be tested. A share of exceptions that grows or shrinks within “partly met” is no move."


def limits(book: Book, told: Told, collected: Collected) -> Html:
    """What limits the evidence of the year, one sentence each."""
    beside = without_test(book.framework.clauses)
    said = [
        *([f"No results of {listing(collected.missing)} are in this page."] if collected.missing else []),
        *caveats.unsent(book),
        *([silence] if (silence := year_words.silent(book, told)) else []),
        *_computed(book, told),
        MOVES,
        *(
            [f"Beside the clauses with a test stand {beside}; none of them is taken for a pass."]
            if beside
            else []
        ),
    ]
    return bullets(said)


def _computed(book: Book, told: Told) -> list[str]:
    """How many earlier quarters were not issued, and what that means; how issued ones are read."""
    counts = Counter(told_from(book, one) for one in told.year.quarters)
    count, said = counts["computed"], [BY_RULES] if counts["issued"] else []
    if not count:
        return said
    head = sentence(counted(count, "earlier quarter", in_words=True))
    return [
        f"{head} {plural(count, 'was', 'were')} not issued: {plural(count, 'it is', 'they are')} computed here, not from issued papers, so "
        "people who met at the time may have seen something else.",
        *said,
    ]
