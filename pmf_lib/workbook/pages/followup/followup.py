"""Pieces of pages 3 and 7: what became of the recommendations that earlier reports raised, and which are new."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.followup import chain
from pmf_lib.assurance.followup.ids import recommendation_id
from pmf_lib.workbook import raised
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.followup import advice, followup_words
from pmf_lib.workbook.pages.lived import findings
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, sentence

COUNCIL = "council"
"""How decisions and lists call the council as a whole."""


def followed(book: Book, found: pd.DataFrame, exceptions: pd.DataFrame) -> pd.DataFrame:
    """Every recommendation ever raised, and where it stands: of all units that `found` names, else of the book's.

    Parameters
    ----------
    book
        Of the whole council, or of one directorate.
    found
        Clause results, of one unit or with the name of each in `unit`.
    exceptions
        Their exceptions.

    Returns
    -------
    DataFrame
        One row per recommendation, as `pmf_lib.assurance.followup.chain.followed` gives it; none of published figures. It is
        what page 7 records for the report to come.
    """
    if not book.has_own_records:
        return chain.nothing()
    units = unit_ids(book)
    results = _with_ids(book, _of_units(book, found), units)
    return chain.followed(
        _last_rows(book),
        _with_ids(book, _raised(book, found, exceptions), units),
        results[results["force"].isin(BINDING)][["id", "result", "why"]],
        _asked(book, results, units),
    )


def first_side(book: Book, followed: pd.DataFrame) -> Html:
    """What became of the recommendations of the last issued report, and of what others recommended: two sentences."""
    if not book.has_own_records:
        return paragraphs(followup_words.PUBLISHED)
    return paragraphs(
        f"{followup_words.said(book, followed, raised.last(book.baseline))} {advice.said(book)}"
    )


def listed(book: Book, followed: pd.DataFrame) -> Html:
    """The recommendations, what is overdue and what came back first; what is closed folded away; then those of others."""
    if not book.has_own_records:
        return paragraphs(followup_words.PUBLISHED)
    own = of_list(book, followed)
    return blocks(own, advice.listed(book))


def of_unit(book: Book, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """The same for one directorate: the sentences and the tables."""
    found = followed(book, clauses, exceptions)
    if not book.has_own_records:
        return first_side(book, found)
    others = advice.made(book)
    is_bare = others is None or others.empty
    return blocks(first_side(book, found), of_list(book, found) if is_bare else listed(book, found))


def of_list(book: Book, followed: pd.DataFrame) -> Html:
    """The report's own recommendations: those that stand, then those that are closed, behind a line."""
    is_closed = followed["state"] == "closed"
    stands = _table(
        book,
        followed[~is_closed],
        title=followup_words.title(followed),
        subtitle=f"{book.unit_name}, {book.quarter.words}. Each duty or minimum requirement that is not fully met in a unit "
        "raises one. The day is the one that management accepted, else the one asked for",
        empty=followup_words.none_stands(followed),
    )
    if not is_closed.any():
        return stands
    count = sentence(counted(int(is_closed.sum()), "closed recommendation", in_words=True))
    closed = _table(
        book,
        followed[is_closed],
        title=f"{count}: tested since, and met",
        subtitle="Each stays on the list, so that it is known again if it comes back",
    )
    return blocks(stands, details(count, closed))


def _table(book: Book, rows: pd.DataFrame, *, title: str, subtitle: str, empty: str = "") -> Html:
    told = followup_words.in_words(rows)
    is_of_council = book.unit is None
    has_closed = bool((rows["state"] == "closed").any())
    return table(
        told,
        title=title,
        subtitle=subtitle,
        columns={
            "what": "What the framework asks",
            **({"unit": "Unit"} if is_of_council else {}),
            "state": Column("State", "tag", verdict="followup"),
            **({"closed_in": "Closed in"} if has_closed else {"due_on": Column("By", "date")}),
            "since": "Raised in",
            "said": "Management's answer",
            **({} if has_closed else {"why": Column("What is known now")}),
            "cite": Column("Cite as", "html"),
        },
        row_id="id",
        empty=empty,
    )


def unit_ids(book: Book) -> dict[str, str]:
    """Name of each unit of the council → its id."""
    return {one.name: one.id for one in book.council.directorates} | {WHOLE: COUNCIL}


def _last_rows(book: Book) -> pd.DataFrame:
    """The last issued list: of a directorate's page its own rows alone."""
    kept = raised.last(book.baseline)
    if kept is None:
        return chain.nothing()
    return kept.rows if book.unit is None else kept.rows[kept.rows["unit_id"] == book.unit.id]


def _of_units(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, each with the name of its unit."""
    return rows if "unit" in rows else rows.assign(unit=book.unit_name)


def _raised(book: Book, found: pd.DataFrame, exceptions: pd.DataFrame) -> pd.DataFrame:
    """One row per finding of the page: unit, clause, what, owner, by."""
    rows = findings.of_book(book, found, exceptions)
    return rows.rename(columns={"criterion": "what"})[["unit", "clause", "what", "owner", "by"]]


def _with_ids(book: Book, rows: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    """The rows with the id of each unit, and of the recommendation about each clause and unit."""
    told = rows.assign(unit_id=rows["unit"].map(units))
    of = (book.council.id, book.framework.id)
    ids = [recommendation_id(*of, *row) for row in zip(told["clause"], told["unit_id"], strict=True)]
    return told.assign(id=pd.Series(ids, told.index, dtype="str"))


def _asked(book: Book, results: pd.DataFrame, units: dict[str, str]) -> chain.Asked:
    """Which report this is, and what is there to be answered."""
    kept = raised.last(book.baseline)
    binding = {clause.id for clause in book.framework.clauses if clause.force in BINDING}
    return chain.Asked(
        quarter=book.quarter.label,
        last=kept.paper.quarter.label if kept else "",
        as_at=book.as_at,
        units={of: name for name, of in units.items()},
        read=set(results["unit_id"]),
        clauses=binding,
    )
