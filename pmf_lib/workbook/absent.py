"""What is not there: units of which no measure is recorded, and measures whose own row can't be read."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from pmf_lib.council import Directorate
from pmf_lib.periods import date_words
from pmf_lib.records.findings import leaves_out
from pmf_lib.records.schema import PROVENANCE
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.words import counted, plural, sentence

DIRECTOR = "the directorate's director"


def left_out(book: Book) -> pd.DataFrame:
    """Measures that are nowhere in the records because their row can't be read: one finding a row (of a unit its own)."""
    found = book.snapshot.table("findings")
    rows = found[(found["table"] == "measures") & leaves_out(found) & (found["rule"] != "row.superseded")]
    rows = rows[~rows["measure_id"].isin(book.snapshot.table("measures")["measure_id"])]
    rows = rows.drop_duplicates(list(PROVENANCE))
    return rows[rows["directorate"] == book.unit.id] if book.unit else rows


def left_out_words(book: Book) -> str:
    """How many measures were left out; '' where none was."""
    count = len(left_out(book))
    said = f"{counted(count, 'measure', in_words=True)} {plural(count, 'was', 'were')} left out because"
    return f"{sentence(said)} {plural(count, 'its', 'their')} row can't be read" if count else ""


def is_silent(book: Book) -> bool:
    """Is nothing at all recorded of the unit, not even a row that can't be read?"""
    unit = book.unit
    return unit is not None and book.table("measures").empty and left_out(book).empty


def silent_words(book: Book) -> str:
    """That nothing was received of the unit, what is awaited since when, and who is asked; '' where something was."""
    if not is_silent(book) or book.unit is None:
        return ""
    head = f"Nothing was received of {book.unit.name}, so nothing can be told of its figures."
    if not book.has_own_records:
        return head
    return f"{head} {sentence(_due(book))}. {sentence(director(book.unit))} is asked for it."


def request(book: Book) -> pd.DataFrame:
    """What is asked of a unit of which nothing was received: one row as `measures.TO_MEND` has it, else none."""
    rows = (
        [
            {
                "measure_id": "",
                "title": "All measures",
                "what": f"Send it: {_due(book)}.",
                "place": "",
                "post": director(book.unit),
            }
        ]
        if book.unit and book.has_own_records and is_silent(book)
        else []
    )
    made = pd.DataFrame(rows, columns=["measure_id", "title", "what", "place", "post"], dtype="str")
    return made.assign(by=pd.Series(pd.Timestamp(book.next_return), made.index, dtype="datetime64[us]"))


def director(unit: Directorate) -> str:
    """The post that answers for a unit."""
    return unit.director or DIRECTOR


def _due(book: Book) -> str:
    """Of which quarter the return is awaited, and since when."""
    head = f"the return for {book.quarter.words}"
    returns = book.council.returns
    if returns is None:
        return f"{head} is awaited"
    due = book.quarter.end + timedelta(days=returns.due_days)
    late = (book.as_at - due).days
    if late <= 0:
        return f"{head} is due on {date_words(due)}"
    return f"{head} was due on {date_words(due)}, {counted(late, 'day')} before the day of this page"
