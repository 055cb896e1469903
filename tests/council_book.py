"""The whole council's book beside a directorate's, which sees no rows but its own."""

from __future__ import annotations

from pmf_lib.workbook.book import Book, opened


def council_book(book: Book) -> Book:
    """The book of the same parameters and snapshot for the whole council."""
    return opened(book.sidecar, {**book.parameters, "directorate": "", "snapshot": book.snapshot.id})
