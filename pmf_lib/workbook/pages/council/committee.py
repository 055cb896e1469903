"""Pieces of page 7: are the arrangements effective? For the Audit Committee, about arrangements and not performance."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.audit_findings import FAILED, worst_first
from pmf_lib.assurance.clauses import BINDING, UNTESTED
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.council import committee_words, heard
from pmf_lib.workbook.pages.lived import answers, clause_tables
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.lived.lived import units
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, lowered
from pmf_lib.workbook.results import Collected, arrangements, matured

READ = ("quality", "rated_measures", "arrangements", "exceptions", "embedding")
"""Recorded results that the page rests on."""
SHOWN_AT_MOST = 5
QUESTIONS_AT_MOST = 3
FORCES = {
    "minimum": "Minimum requirements",
    "duty": "Duties",
    "good practice": "Good practice: observations only",
    "example": "Examples: observations only",
    "context": "Context: observations only",
}
ORDER = {
    "not_met": 0,
    "partly": 1,
    "observation": 2,
    "met": 3,
    "no_evidence": 4,
    "varied": 5,
    "not_due": 6,
    "not_applicable": 7,
}
"""The worst of the units tested; what was tested nowhere comes after them."""


def results(book: Book, collected: Collected) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clause results, exceptions and levels of groups: the directorates' own, and the council's, which are tested here."""
    own, found = arrangements(book, collected["rated_measures"])
    council = {"arrangements": own, "exceptions": found, "embedding": matured(book, own)}
    found, exceptions, groups = (_over_all(book, collected[name], frame) for name, frame in council.items())
    return found, exceptions, groups


def _over_all(book: Book, directorates: pd.DataFrame, council: pd.DataFrame) -> pd.DataFrame:
    """Rows of the directorates and of the whole council, each with its `unit`."""
    names = {one.id: one.name for one in book.council.directorates}
    named = directorates.assign(unit=directorates["directorate"].map(names)).drop(columns="directorate")
    return pd.concat([named, council.assign(unit=WHOLE)], ignore_index=True)


def by_clause(found: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """One row per clause, the worst first, in the order of the findings: its worst result in any unit, and counts.

    Columns: clause, what, force, source, test, rank, units_n, failed_units, population, failed, in_directorates and in_whole (it
    failed there), result, share (of all units' subjects that failed), is_failed.
    """
    counts = _counted(found)
    worst = {rank: code for code, rank in ORDER.items()}
    told = counts.assign(
        result=counts["rank"].map(worst),
        share=counts["failed"] / counts["population"].clip(lower=1),
        is_failed=counts["force"].isin(BINDING) & (counts["failed_units"] > 0),
        place=counts.index.map(_places(found, scheme)),
    )
    ordered = told.sort_values(["rank", "place", "share"], ascending=[True, True, False], kind="stable")
    return ordered.drop(columns="place").reset_index()


def _counted(found: pd.DataFrame) -> pd.DataFrame:
    """By clause what it says, and counts over all units."""
    is_failed, is_whole = found["result"].isin(FAILED), found["unit"] == WHOLE
    rows = found.assign(
        rank=found["result"].map(ORDER),
        is_failed=is_failed,
        in_whole=is_failed & is_whole,
        in_directorate=is_failed & ~is_whole,
    )
    same = {name: (name, "first") for name in ("what", "force", "source", "test")}
    return rows.groupby("clause", sort=False).agg(
        **same,
        rank=("rank", "min"),
        units_n=("unit", "nunique"),
        failed_units=("is_failed", "sum"),
        population=("population", "sum"),
        failed=("failed", "sum"),
        in_directorates=("in_directorate", "any"),
        in_whole=("in_whole", "any"),
    )


def _places(found: pd.DataFrame, scheme: EmbeddingScheme) -> dict[str, int]:
    """Clauses that failed → their place among the findings."""
    failed = found[found["force"].isin(BINDING) & found["result"].isin(FAILED)]
    ordered = worst_first(failed, scheme)["clause"].drop_duplicates()
    return {clause: place for place, clause in enumerate(ordered)}


def page_headline(book: Book, collected: Collected, clauses: pd.DataFrame) -> str:
    """How many of the duties tested are not met or only partly."""
    of = heard.part(book, collected)
    said = committee_words.headline(book, clauses)
    return f"{of}: {lowered(said)}" if of else said


def summary(book: Book, clauses: pd.DataFrame) -> Html:
    """Aim and what was looked at, in the council's own order."""
    counts = committee_words.looked_at(clauses)
    if not book.has_own_records:
        return paragraphs(
            f"This paper shows what published figures can and can't tell of the arrangements of the {book.framework.title}. "
            "The council's own records were not seen.",
            f"{counts} No assurance rating is given.",
        )
    return paragraphs(
        f"This paper is about arrangements; how services perform is for Cabinet and Scrutiny. {counts} No assurance rating "
        "is proposed yet."
    )


def weakest(book: Book, found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Five failures of arrangements, where each is worst; the others are named below."""
    failed = clauses[clauses["is_failed"]]
    shown = failed.head(SHOWN_AT_MOST)
    others = failed["what"].iloc[SHOWN_AT_MOST:]
    made = table(
        shown.assign(worst=[_worst_in(found, clause) for clause in shown["clause"]]),
        title=committee_words.weakest_title(len(failed), len(shown)),
        subtitle="Duties of the framework that are not fully met, the weakest first. A unit fails where more than "
        f"{book.schemes.clauses.partly_up_to_pct:g} per cent of what was tested there is not in order",
        columns={
            "what": "What the framework asks",
            "result": Column("Worst in a unit", "tag", verdict="clause"),
            "worst": "Where",
            "failed": Column("Exceptions, all units", "number", decimals=0),
            "population": Column("Tested, all units", "number", decimals=0),
            "source": "Section",
        },
        empty=committee_words.none_weak(clauses),
    )
    return made + paragraphs(f"Not fully met either: {'; '.join(others)}.") if len(others) else made


def _worst_in(found: pd.DataFrame, clause: str) -> str:
    """The unit in which a clause is worst, with its own counts."""
    rows = found[(found["clause"] == clause) & found["result"].isin(FAILED)]
    share = rows["failed"] / rows["population"]
    worst = rows.iloc[int(share.argmax())]
    return f"{worst['unit']}: {worst['failed']} of {worst['population']}"


def asked(book: Book, clauses: pd.DataFrame) -> Html:
    """What the committee is asked to do."""
    failed = int(clauses["is_failed"].sum())
    if not book.has_own_records:
        second = (
            "that arrangements can't be assured from published figures, for want of the council's own records"
        )
    elif failed:
        weak = counted(failed, "weakness", "weaknesses", in_words=True)
        second = (
            f"ask {_who(book, clauses)} to say by its next meeting how the {weak} will be mended, and by when"
        )
    elif clauses["result"].isin(UNTESTED).all():
        second = "that nothing could be tested on the records that came"
    else:
        second = "that no weakness was found in what could be tested"
    note = "note these results and " if failed and book.has_own_records else "note "
    return paragraphs(f"That the committee {note}{second}.")


def _who(book: Book, clauses: pd.DataFrame) -> str:
    """Who answers for the weaknesses: directors for their units, and a post for the council as a whole."""
    failed, of_whole = clauses[clauses["is_failed"]], answers.whole(book)
    post = of_whole if of_whole.startswith("the ") else f"the {of_whole}"
    if not failed["in_directorates"].any():
        return post
    more = f", and {post} of the council as a whole," if failed["in_whole"].any() else ""
    return f"the directors of the units named below{more}"


def questions(clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Up to three questions worth putting, one for each of the weakest arrangements, by its first exception."""
    failed = clauses[clauses["is_failed"]].head(QUESTIONS_AT_MOST)
    return bullets(
        [
            committee_words.question(row["what"], exceptions[exceptions["clause"] == row["clause"]])
            for row in failed.to_dict("records")
        ],
        empty="No question arises from a failed test. The committee may ask for the records on which the clauses without "
        "evidence could be tested.",
    )


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
