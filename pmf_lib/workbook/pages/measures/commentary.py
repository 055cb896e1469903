"""Pieces of page 1 about the services' words: what is asked of them, and what was answered."""

from __future__ import annotations

import pandas as pd

from pmf_lib.decisions import CONTRADICTS, OTHERWISE, UNCHANGED
from pmf_lib.periods import date_words
from pmf_lib.workbook import prompts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets
from pmf_lib.workbook.pieces.tables import table
from pmf_lib.workbook.pieces.words import counted, plural, sentence
from pmf_lib.workbook.reliance import Quality

UNASKED = "the text or the figures have changed, and nothing is asked of them now."


def contradictions(book: Book, quality: Quality) -> Html:
    """Commentary that seems to contradict its figures or repeats the quarter before, for a person to confirm, with answers."""
    found = prompts.prompts(book, quality.seen)
    told = [prompts.settled(quality.prompts), found] if len(quality.prompts) else [found]
    rows = pd.concat(told, ignore_index=True)
    rows = rows.assign(answered=[prompts.words(row) for row in rows.to_dict("records")])
    parts = [_beside_figures(book, rows[rows["prompt"] == CONTRADICTS])]
    again = rows[rows["prompt"] == UNCHANGED]
    parts += [_unchanged(again)] if len(again) else []
    return blocks(*parts, *_unasked(book, rows, quality.seen.measures))


def _beside_figures(book: Book, shown: pd.DataFrame) -> Html:
    count = int((shown["answer"] != OTHERWISE).sum())
    return table(
        shown,
        title=sentence(
            f"{counted(count, 'commentary', 'commentaries', in_words=True)} "
            f"{plural(count, 'seems to contradict its', 'seem to contradict their')} figures"
        )
        if count
        else "No commentary seems to contradict its figures"
        if _said_n(book)
        else "No commentary is recorded",
        subtitle=f"{book.quarter.words}. Told by words alone: until a person has confirmed it, it stands on this page only",
        columns={
            "title": "Measure",
            "text": "The service says",
            "shown": "The figures show",
            "answered": "What a person answered",
            "place": "Where",
        },
        empty=_silent(book),
    )


def _unchanged(again: pd.DataFrame) -> Html:
    """Commentary that says what it said the quarter before, with both texts."""
    count = len(again)
    return table(
        again,
        title=sentence(
            f"{counted(count, 'commentary says', 'commentaries say', in_words=True)} what {plural(count, 'it', 'they')} said the quarter before"
        ),
        subtitle="The same words but for dates and numbers. That may be right: a question to whoever wrote it, on this page until "
        "a person has confirmed it",
        columns={
            "title": "Measure",
            "shown": "The quarter before",
            "text": "This quarter",
            "answered": "What a person answered",
        },
    )


def _unasked(book: Book, rows: pd.DataFrame, measures: pd.DataFrame) -> list[Html]:
    """Answers to what is not asked any more."""
    titles = measures.set_index("measure_id")["title"]
    said = [
        f"{titles[one.measure]}: the answer of {one.by}, {date_words(one.dated)}, no longer holds: {UNASKED}"
        for one in prompts.without_prompt(book, rows)
    ]
    return [bullets(said)] if said else []


def _said_n(book: Book) -> int:
    """How many commentaries are recorded for the quarter."""
    return int((book.table("commentary")["quarter"] == book.quarter.label).sum())


def _silent(book: Book) -> str:
    count = _said_n(book)
    if not count:
        return "No commentary is recorded for this quarter, so there is nothing to set beside the figures."
    return f"{sentence(counted(count, 'commentary was', 'commentaries were', in_words=True))} set beside the figures of this quarter; none claims the opposite."
