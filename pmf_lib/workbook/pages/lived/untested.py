"""Clauses that no test answers: counted on the pages, never listed among results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pmf_lib.assurance.clauses import STANDINGS, asked_in, standing
from pmf_lib.framework.clauses import Clause
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.words import listing, plural


def without_test(clauses: Iterable[Clause]) -> str:
    """How many of these clauses no test answers, by what they wait for; empty where there are none."""
    counts = Counter(standing(clause) for clause in clauses)
    rest = [(counts[code], words) for code, words in STANDINGS.items() if code != "has_test" and counts[code]]
    noun = f" {plural(rest[0][0], 'clause', 'clauses')}" if rest else ""
    return listing(f"{count}{'' if place else noun} {words}" for place, (count, words) in enumerate(rest))


def asked_without_test(book: Book) -> list[str]:
    """One sentence on the clauses asked of the book's unit that no test answers; none where there are none."""
    asked = asked_in(book.framework.clauses, "directorate" if book.unit else "council")
    said = without_test(asked)
    return (
        [f"The framework asks more here than was looked at: {said}. None of these is taken for a pass."]
        if said
        else []
    )
