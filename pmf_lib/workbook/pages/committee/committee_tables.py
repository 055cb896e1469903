"""Tables of page 7: the weakest arrangements, and each clause in each unit."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.audit_findings import FAILED
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import committee_words
from pmf_lib.workbook.pages.lived import clause_tables, findings
from pmf_lib.workbook.pages.lived.lived import units
from pmf_lib.workbook.pieces.markup import Html, link
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.results import Collected

FORCES = {
    "minimum": "Minimum requirements",
    "duty": "Duties",
    "good practice": "Good practice: observations only",
    "example": "Examples: observations only",
    "context": "Context: observations only",
}


def weakest(book: Book, found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Every failure of arrangements, where each is worst; the first of them stand on the first side too."""
    failed = clauses[clauses["is_failed"]]
    where = [worst_in(found, clause) for clause in failed["clause"]]
    return table(
        failed.assign(
            asks=pd.Series(
                list(map(_to_finding, failed["clause"], failed["what"])), failed.index, dtype="object"
            ),
            worst=[f"{row['unit']}: {row['failed']} of {row['population']}" for row in where],
        ),
        title=committee_words.weakest_title(len(failed)),
        subtitle="Duties of the framework that are not fully met, the weakest first. A unit fails where more than "
        f"{book.schemes.clauses.partly_up_to_pct:g} per cent of what was tested there is not in order",
        columns={
            "asks": Column("What the framework asks", "html"),
            "result": Column("Worst in a unit", "tag", verdict="clause"),
            "worst": "Where",
            "failed": Column("Exceptions, all units", "number", decimals=0),
            "population": Column("Tested, all units", "number", decimals=0),
            "source": "Section",
        },
        empty=committee_words.none_weak(clauses),
    )


def _to_finding(clause: str, what: str) -> Html:
    return link(what, f"#{findings.place(clause)}")


def worst_in(found: pd.DataFrame, clause: str) -> pd.Series:
    """The row of the unit in which a clause is worst."""
    rows = found[(found["clause"] == clause) & found["result"].isin(FAILED)]
    return rows.iloc[int((rows["failed"] / rows["population"]).argmax())]


def by_unit(book: Book, collected: Collected, found: pd.DataFrame) -> Html:
    """Every clause with its result in each unit, the strongest words of the framework first."""
    listed = units(book)
    heads = found.drop_duplicates("clause").set_index("clause")[["what", "force", "source"]]
    tags = found.assign(shown=clause_tables.result_tags(book, found))
    wide = tags.pivot_table(index="clause", columns="unit", values="shown", aggfunc="first", sort=False)
    shown = heads.join(wide.reindex(columns=listed))
    order = shown["force"].map({force: place for place, force in enumerate(FORCES)})
    return table(
        shown.assign(
            asks=shown["what"] + " (" + shown["source"] + ")", strength=shown["force"].map(FORCES)
        ).loc[order.sort_values(kind="stable").index],
        title="Each clause tested, and its result in each unit",
        subtitle=f"{book.quarter.words}; a blank means that the clause is not asked of that unit. In brackets, the section",
        columns={
            "asks": "What the framework asks",
            **{
                unit: Column(unit, "tag", missing="not read" if unit in collected.missing else "")
                for unit in listed
            },
        },
        group="strength",
    )
