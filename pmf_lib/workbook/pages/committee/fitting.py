"""How much fits on the first side of paper: told from the length of the text, before anybody prints it.

The side is measured in lines of print. A browser test prints finished pages and holds them to one side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

import pandas as pd

from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import committee, first_side
from pmf_lib.workbook.pages.scorecard import scorecard
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pieces.markup import Html, plain
from pmf_lib.workbook.results import Collected

SIDE = 56.8
"""Lines of text on a side of A4."""
LETTERS = 95
"""Letters on a line, of the widest font that pages fall back on."""
LETTERS_OF_HEADLINE = 56
GAP, BANNER, HEADING, TITLE, HEADER = 0.3, 1.3, 1.75, 1.5, 6
"""What stands under a paragraph, a notice, a section's heading, a line of the page's headline, and the page's head with its
question, in lines."""
SECTIONS = 4
"""Sections on the first side: aim, summary, recommendations, questions."""
ISSUED = 3.5
"""Lines that the head takes up more once the paper is issued: what was decided on the rating."""
FEWEST = 3
"""Failures that stand on the first side even where fewer would fit."""


def lines(*pieces: Html) -> float:
    r"""Lines that pieces take, with the gaps between them.

    >>> lines(Html("<p>x</p>", "x" * 95)), lines(Html("<p>x</p>", "x" * 96 + "\n- y"))
    (1.3, 3.6)
    """
    said = [part for piece in pieces for part in plain(piece).splitlines() if part]
    return round(sum(ceil(len(part) / LETTERS) + GAP for part in said), 2)


def frame(headline: str, banners: int, sections: int, *, is_rated: bool = False) -> float:
    """Lines that the page's head, its notices, its headline and the headings of sections take, now and once it is issued."""
    return (
        ISSUED * is_rated
        + HEADER
        + TITLE * ceil(len(headline) / LETTERS_OF_HEADLINE)
        + BANNER * banners
        + HEADING * sections
    )


def most_that_fit(most: int, of: Callable[[int], Iterable[Html]], taken: float) -> int:
    """The most failures, from `most` down to `FEWEST`, with which the side is not overfull.

    Parameters
    ----------
    most
        How many there may be at most.
    of
        The pieces that depend on how many there are.
    taken
        Lines that everything else takes.
    """
    tried = range(most, FEWEST, -1)
    return next((count for count in tried if taken + lines(*of(count)) <= SIDE), min(most, FEWEST))


@dataclass(frozen=True)
class Side:
    """The pieces of the first side, so many of the failures among them as fit on it."""

    aim: Html
    rating: Html
    failures: Html
    changed: Html
    followed: Html
    asked: Html
    questions: Html


def side(
    book: Book,
    collected: Collected,
    clauses: pd.DataFrame,
    results: tuple[pd.DataFrame, pd.DataFrame],
    *others: Html,
) -> Side:
    """The first side.

    Parameters
    ----------
    book, collected, clauses
        As pages have them; `clauses` as from `committee.by_clause`.
    results
        Clause results of every unit, and their exceptions.
    others
        The proposed rating, what changed since the last issued paper, and what became of recommendations.
    """
    found, exceptions = results
    rating, changed, followed = others
    aim, asked = first_side.aim(book, collected, clauses), first_side.asked(book, collected, clauses)
    questions = first_side.questions(book, clauses, found, exceptions)

    def failures(count: int) -> Html:
        return first_side.failures(book, found, clauses, count)

    notices = len(evidence.banners(book, scorecard.notes(book, collected)))
    headline = committee.page_headline(book, collected, clauses)
    taken = frame(headline, notices, SECTIONS, is_rated=book.has_own_records)
    taken += lines(aim, *others, asked, questions)
    count = most_that_fit(book.schemes.committee.exceptions_at_most, lambda n: (failures(n),), taken)
    return Side(aim, rating, failures(count), changed, followed, asked, questions)
