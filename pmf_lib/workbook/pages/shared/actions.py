"""Everything that is asked of a directorate on one list: who does what by when, each thing once, and where it is explained."""

from __future__ import annotations

import re

import pandas as pd

from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures.requests import requests
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pieces.markup import Html, link, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, plural, sentence
from pmf_lib.workbook.reliance import DIRECTOR, Quality

COLUMNS = ("title", "what", "post", "by", "page")
ROW_BY_ROW = "records_are_sound"
"""The test of which page 1 asks for every row by itself."""
SEND = "Send the value"
OF_CELL = {"target_is_approved": "approved_by"}
"""Tests that look at one cell, of which page 1 asks too where it is faulty: test → column."""
PAGES = {
    "quality": ("data quality", "1_data_quality.html#what-is-asked"),
    "measures": ("measures against markers", "2_measures_against_markers.html#what-is-asked"),
    "duties": ("the exceptions, below", "#the-exceptions"),
}
"""The pages that explain, in the order in which they are taken: their words and addresses."""


def asked(
    book: Book, rated: pd.DataFrame, quality: Quality, clauses: pd.DataFrame, exceptions: pd.DataFrame
) -> Html:
    """The list, by post; of published figures nobody is asked for anything."""
    if not book.has_own_records:
        return paragraphs(
            "Nobody is asked for anything: these are published figures, not a return of the council."
        )
    todo = everything(book, rated, quality, clauses, exceptions)
    return table(
        todo.assign(explained=pd.Series([link(*PAGES[page]) for page in todo["page"]], dtype="object")),
        title=_title(todo),
        subtitle=f"{book.unit_name}, {book.quarter.words}. All that this page and those on data quality and on measures ask, "
        "each thing once; the director answers for what has no owner",
        columns={
            "title": Column("About", missing="not known"),
            "what": "What is asked",
            **({} if len(set(todo["by"])) == 1 else {"by": Column("By", "date")}),
            "explained": "Explained on",
        },
        group="post",
        empty="No figure, measure or duty needs anything done.",
    )


def _title(todo: pd.DataFrame) -> str:
    if todo.empty:
        return "Nothing is asked"
    posts = counted(todo["post"].nunique(), "post", in_words=True)
    things = counted(len(todo), "thing", in_words=True)
    return sentence(
        f"{things} {plural(len(todo), 'is', 'are')} asked of {posts} by {date_words(todo['by'].max().date())}"
    )


def everything(
    book: Book, rated: pd.DataFrame, quality: Quality, clauses: pd.DataFrame, exceptions: pd.DataFrame
) -> pd.DataFrame:
    """One row per thing asked, by post: title (what it is about), what, post, by (a date), page (a key of `PAGES`).

    What a page asks in the words of an earlier one, of the same measure, stands here once, as the earlier page asks it; so does
    what both ask of one cell. Of what lies in the past, each post is asked once for each duty.
    """
    wanted = requests(rated, book.table("commentary"), book.quarter.label, book.as_at)
    wanted = wanted.rename(columns={"asked": "what", "owner": "post"})
    rows = pd.concat(
        [
            quality.mend.assign(page="quality", what=quality.mend["what"].map(_as_people_say)),
            wanted.assign(page="measures"),
            _of_duties(book, clauses, _unasked(exceptions, clauses, quality.mend["place"])).assign(
                page="duties"
            ),
        ],
        ignore_index=True,
    )
    again = rows.assign(same=rows["what"].map(_plainly)).duplicated(["title", "same"])
    rows = rows[~again | (rows["page"] == "quality")]
    director = (book.unit.director if book.unit else "") or DIRECTOR
    done = rows.assign(
        post=rows["post"].mask(rows["post"] == "", director),
        by=pd.to_datetime(rows["by"]).fillna(pd.Timestamp(book.next_return)),
    )
    return done.sort_values(["post", "title"], kind="stable")[list(COLUMNS)].reset_index(drop=True)


def _of_duties(book: Book, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> pd.DataFrame:
    """What would mend each exception to a duty, or keep what is past from happening again: title, what, post."""
    duties = clauses.loc[clauses["is_duty"] & (clauses["test"] != ROW_BY_ROW), ["clause", "test"]]
    cases = duties.merge(exceptions, on="clause")
    past = cases["is_past"].astype(bool)
    mend = [
        book.schemes.embedding.basis(test).asks(is_past=late)
        for test, late in zip(cases["test"], past, strict=True)
    ]
    rows = cases.assign(what=mend, of=cases["clause"].where(past, cases.index.astype("str")))
    keys = ["of", "owner", "what"]
    told = rows.drop_duplicates(keys).merge(rows.groupby(keys, as_index=False)["subject"].nunique(), on=keys)
    more = [f" and {count_word(n - 1)} more" if n > 1 else "" for n in told["subject_y"]]
    title = told["subject_x"].astype("str") + pd.Series(more, told.index, dtype="str")
    return pd.DataFrame({"title": title, "what": told["what"], "post": told["owner"]}, dtype="object")


def _unasked(exceptions: pd.DataFrame, clauses: pd.DataFrame, places: pd.Series[str]) -> pd.DataFrame:
    """Exceptions without those whose one cell data quality asks about already."""
    columns = exceptions["clause"].map(clauses.set_index("clause")["test"].map(OF_CELL)).astype("str")
    cells = evidence.place_of(exceptions) + ", column " + columns
    return exceptions[~cells.isin(places.tolist())]


def _as_people_say(what: str) -> str:
    """A fault in a cell as people say it.

    >>> (
    ...     _as_people_say("Got '0.934', expected 93.4, 100 times as much."),
    ...     _as_people_say("Nothing there, expected a post."),
    ... )
    ("It says '0.934' and should say 93.4, 100 times as much.", 'It says nothing and should say a post.')
    """
    said = re.sub(r"Got ('.*?'), expected ", r"It says \1 and should say ", what)
    return said.replace("Nothing there, expected ", "It says nothing and should say ")


def _plainly(what: str) -> str:
    """What is asked, without the period and the day that one page names and another doesn't.

    >>> (
    ...     _plainly("Send the value for May 2024; it was due on 7 June 2024."),
    ...     _plainly("Write down how it is counted."),
    ... )
    ('Send the value', 'Write down how it is counted.')
    """
    return SEND if what.startswith(SEND) else what
