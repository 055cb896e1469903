"""Results of page 7, over all units and clause by clause: are the arrangements effective and embedded?"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.audit_findings import FAILED, worst_first
from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import committee_words
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.shared import heard
from pmf_lib.workbook.pages.shared.terms import linked
from pmf_lib.workbook.pieces.markup import Html, blocks, headline, paragraphs
from pmf_lib.workbook.pieces.words import lowered
from pmf_lib.workbook.results import Collected, arrangements, matured

READ = ("quality", "rated_measures", "arrangements", "exceptions", "embedding")
"""Recorded results that the page rests on."""
LEADS = {
    "know": "Findings are of duties alone; observations bind nobody.",
    "decide": "What this report recommends, and what became of what earlier ones recommended. The committee may agree it, change it or "
    "ask for more; each recommendation keeps its id from quarter to quarter.",
    "implications": "What the records say of each. Where they say nothing, that is said, and is no sign that there is nothing.",
    "workpaper": "So that the tests can be re-performed: what was looked at, how, on which records, and with what result.",
}
"""Section → what it begins with, where that does not depend on the records."""
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
    found, exceptions, groups = (over_all(book, collected[name], frame) for name, frame in council.items())
    return found, exceptions, groups


def over_all(book: Book, directorates: pd.DataFrame, council: pd.DataFrame) -> pd.DataFrame:
    """Rows of the directorates and of the whole council, each with its `unit`."""
    names = {one.id: one.name for one in book.council.directorates}
    named = directorates.assign(unit=directorates["directorate"].map(names)).drop(columns="directorate")
    return pd.concat([named, council.assign(unit=WHOLE)], ignore_index=True)


def by_clause(found: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """One row per clause, the worst first, in the order of the findings: its worst result in any unit, and counts.

    Columns: clause, group_id, what, force, source, test, rank, units_n, failed_units, population, failed, in_directorates and in_whole (it
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
    same = {name: (name, "first") for name in ("group_id", "what", "force", "source", "test")}
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


def looked_at(clauses: pd.DataFrame) -> str:
    """How much could be tested."""
    return committee_words.looked_at(clauses)


def section(book: Book, wanted: str, *leads: str) -> Html:
    """The heading of a section, in the words of the council's template, and what it begins with, linked to the glossary."""
    one = book.schemes.committee.section(wanted)
    head = headline(one.heading, level=2, place=one.id, on_new_side=one.on_new_side)
    said = [linked(lead) for lead in (*leads, LEADS.get(wanted, "")) if lead]
    return blocks(head, paragraphs(*said)) if said else head


def part(place: str, words: str) -> Html:
    """The heading of a part of a section, under the address that the first side leads to."""
    return headline(words, level=3, place=place)
