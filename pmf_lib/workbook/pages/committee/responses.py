"""What management answered to the last issued paper; its answers to this one stand at its end once it is issued."""

from __future__ import annotations

import pandas as pd

from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, plural, sentence

TO_COME = (
    "What management answers to this paper is asked for before it is issued, and stands at its end under “How this paper was "
    "agreed”."
)
NO_PAPER = "No paper was issued before this one, so no answer to one is there yet."
PUBLISHED = "Nobody is asked for an answer to published figures."
COUNCIL = "council"


def shown(book: Book, found: pd.DataFrame) -> Html:
    """The answers to the last issued paper, each with what the duty came to since; where there are none, why."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    if book.baseline is None:
        return paragraphs(TO_COME, NO_PAPER)
    answers = given(book, found)
    return blocks(
        paragraphs(TO_COME),
        table(
            answers,
            title=_title(answers),
            subtitle=f"Responses to {book.baseline.name}; the last column is what was found this time",
            columns={
                "what": "About",
                "unit": "Unit",
                "answer": "Answer",
                "action": Column("What will be done", missing="nothing is named"),
                "by": "By whom",
                "due": Column("By when", "date"),
                "note": Column("Note", missing="–"),
                "now": Column("Found now", "tag", verdict="clause", missing="not tested"),
            },
            empty=f"Management wrote down no response to {book.baseline.name}.",
        ),
    )


def _title(answers: pd.DataFrame) -> str:
    """How many were accepted, and of how many of these the day has gone by."""
    if answers.empty:
        return "No response by management"
    accepted = int((answers["answer"] == "Accepted").sum())
    late = int(answers["is_late"].sum())
    head = f"Management accepted {accepted} of {counted(len(answers), 'finding')} that it answered"
    return (
        f"{head}; the day of {late} has gone by and {plural(late, 'it is', 'they are')} not met"
        if late
        else head
    )


def given(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """One row per response: what, unit, answer, action, by, due, note, now (the duty's result in that unit), is_late.

    `found`: clause results with the name of each unit.
    """
    rows = [one.model_dump() for one in book.baseline.paper.responses] if book.baseline else []
    told = pd.DataFrame(rows, columns=["unit", "about", "answer", "action", "by", "due", "note"])
    names = {one.id: one.name for one in book.council.directorates} | {COUNCIL: WHOLE}
    asks = {clause.id: clause.what for clause in book.framework.clauses} | _titles(book)
    told = told.assign(
        unit=told["unit"].map(lambda unit: names.get(unit, unit)).astype("str"),
        what=told["about"].map(lambda about: asks.get(about, about)).astype("str"),
        answer=told["answer"].map(lambda answer: sentence(str(answer))).astype("str"),
        due=pd.to_datetime(told["due"]).astype("datetime64[us]"),
    )
    now = found[["clause", "unit", "result"]].rename(columns={"clause": "about", "result": "now"})
    told = told.merge(now, on=["unit", "about"], how="left")
    open_still = told["now"].isin(["not_met", "partly"]) & (told["answer"] == "Accepted")
    return told.assign(
        now=told["now"].fillna(""), is_late=open_still & (told["due"] < pd.Timestamp(book.as_at))
    )


def _titles(book: Book) -> dict[str, str]:
    measures = book.whole("measures")
    return dict(zip(measures["measure_id"], measures["title"], strict=True))
