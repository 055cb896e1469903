"""The first table of page 3: each group of clauses with its level, what is claimed of it and how it was before."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import claims, drift
from pmf_lib.workbook.pages.lived.embedding import kind_words, share_of, varied_words, without_level
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, plural, sentence

NO_TEST = "No clause of this framework that is asked of a directorate has a test."


def found(book: Book, groups: pd.DataFrame) -> Html:
    """Each group of clauses: lived or not, duties met, what is claimed, and how its level stands to earlier ones.

    `groups` as from `results.matured`.
    """
    shown = drift.with_words(book, claims.with_words(book, groups))
    return table(
        shown.assign(name=shown["group"].map(sentence), met=[_met(row) for row in shown.to_dict("records")]),
        title=title(groups)
        if book.has_own_records
        else "What published figures can show of each group of clauses",
        subtitle=f"Groups of the framework's clauses that are asked of this unit and have a test, {book.quarter.words}; in the "
        "framework's order",
        source=f"{book.framework.title}; the clauses and their tests are listed below.",
        columns={
            "name": "What is asked",
            "level": Column("Lived?", "tag", verdict="embedding", missing="no level"),
            "met": "Duties fully met",
            "claim": Column("Claimed", missing="–"),
            "said": "Claim beside records",
            "quarter_words": "Since the quarter before",
            "year_words": "Since a year before",
        },
        empty=NO_TEST,
    )


def title(groups: pd.DataFrame) -> str:
    """How many of the duties asked are fully met, and how many could not be tested."""
    duties, met = int(groups["duties_n"].sum()), int(groups["met_n"].sum())
    untested = duties - int(groups["tested_n"].sum())
    share = share_of(met, duties, "duty asked here that has a test", "duties asked here that have a test")
    more = f"; {count_word(untested)} could not be tested" if untested else ""
    varied = int(groups["varied_n"].sum())
    aside = f"; {varied_words(varied)}" if varied else ""
    return f"{share} {plural(met, 'is', 'are')} fully met{more}{aside}"


def _met(row: dict[Any, Any]) -> str:
    """Duties met, of those asked; how many could not be tested."""
    if row["duties_n"] == 0 and (row["idle_n"] or row["varied_n"] or not row["level"]):
        return without_level(row)
    if row["duties_n"] == 0:
        return "no duty is asked"
    if row["tested_n"] == 0:
        return f"none tested of {row['duties_n']}"
    untested = row["duties_n"] - row["tested_n"]
    more = f"; {untested} not tested" if untested else ""
    return f"{row['met_n']} of {row['duties_n']}{more}"


def resting(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """What each group's level rests on: its weakest evidence, and the duties that are not fully met."""
    failing = groups["group"].map(_failing(clauses)).astype(object).fillna("")
    return table(
        groups.assign(
            name=groups["group"].map(sentence), failing=failing, rests=kind_words(book, groups["rests_on"])
        ),
        title="What each group's level rests on",
        subtitle="The weakest kind of evidence among its tested duties, and each duty that is not fully met",
        columns={
            "name": "What is asked",
            "level": Column("Lived?", "tag", verdict="embedding", missing="no level"),
            "rests": Column("Weakest evidence", missing="none"),
            "failing": Column("Not fully met", missing="–"),
        },
        empty=NO_TEST,
    )


def _failing(clauses: pd.DataFrame) -> dict[str, str]:
    """Group → every duty of it that is not fully met."""
    failed = clauses[clauses["is_duty"] & clauses["result"].isin(["partly", "not_met"])]
    joined = failed.groupby("group")["what"].agg("; ".join)
    return dict(zip(joined.index.astype(str), joined, strict=True))
