"""The framework's own review, and how the framework stands beside the one before or after it."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.review import gains
from pmf_lib.framework import crosswalks
from pmf_lib.framework.crosswalks import Crosswalk, Kind
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual import year_words
from pmf_lib.workbook.pages.annual.told import Told
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, out_of, plural, sentence

KINDS: dict[Kind, str] = {
    "node": "What is aimed at",
    "group": "Groups of what is asked",
    "clause": "What is asked",
}
"""Kind of a row of a crosswalk → what its table is about."""
NONE = (
    "No crosswalk to another framework or edition is written, so what was gained or lost can't be told. One is a file of "
    "parameters/crosswalks."
)


def duties(book: Book, told: Told) -> Html:
    """What the framework asks about its own review: by its date, each year, with the plan, and before whom first."""
    return blocks(paragraphs(year_words.dated(book), *_considered(book)), _listed(book, told))


def _considered(book: Book) -> list[str]:
    """Which bodies the document itself says considered it."""
    return [
        f"{one.body}: {one.what}{f' on {date_words(one.dated)}' if one.dated else ''} (the document's own words: {one.source})."
        for one in book.framework.considered
    ]


def _listed(book: Book, told: Told) -> Html:
    found = told.own_review
    tested = found["result"].isin(["met", "partly", "not_met"]) & found["is_duty"]
    bad = int((tested & (found["result"] != "met")).sum())
    head = f"{out_of(bad, int(tested.sum()), 'duty', 'duties')} about the framework's own review {plural(bad or 1, 'is', 'are')} not fully met"
    return table(
        _over_units(found),
        title=head if tested.any() else "No duty about the framework's own review could be tested",
        subtitle=f"At the end of {book.quarter.financial_year.label}; good practice and context are observed only",
        columns={
            "what": "What the framework asks",
            "strength": "Force",
            "unit": Column("Where", missing=""),
            "result": Column("Result", "tag", verdict="clause", missing="no test"),
            "why": "Why",
            "source": "Section",
        },
        empty="The framework asks nothing about its own review.",
    )


def _over_units(found: pd.DataFrame) -> pd.DataFrame:
    """The clauses, those that stand alike in several units in one row."""
    same = [name for name in found if name != "unit"]
    rows = found.groupby(same, sort=False, dropna=False)["unit"].agg("; ".join).reset_index()
    return rows.assign(strength=rows["force"].str.capitalize())


def beside(book: Book) -> Html:
    """What of an older framework stands in the newer one, what was gained and what was lost, with both documents' sections."""
    found = crosswalks.of(book.framework.id)
    if not found:
        return paragraphs(NONE)
    return blocks(*(_crosswalk(one) for one in found))


def _crosswalk(one: Crosswalk) -> Html:
    frames = {kind: gains.beside(one, kind) for kind in KINDS}
    names = [f"{side.title} ({side.edition})" for side in (one.old, one.new)]
    said = (
        f"From the {names[0]} to the {names[1]}: {_said(one, frames['node'])}. {one.written.source} "
        f"Dated {date_words(one.written.dated)}."
    )
    shown = [_table(one, kind, frames[kind]) for kind in KINDS]
    rest = details("Group by group, and the duties that a reader would look for", *shown[1:])
    return blocks(paragraphs(said), shown[0], rest)


def _said(one: Crosswalk, nodes: pd.DataFrame) -> str:
    """How much of what the older one aims at has nothing after it, and how much of the newer nothing before it."""
    counts, whole = gains.counts(nodes), nodes.loc[nodes["old"] != "", "old"].nunique()
    lost = f"{count_word(counts['lost']) if counts['lost'] else 'none'} of {count_word(whole)} {one.old.markers_word}"
    word = plural(counts["gained"], one.new.marker_word, one.new.markers_word)
    gained = f"{count_word(counts['gained'])} {word} {plural(counts['gained'], 'answers', 'answer')} to nothing before"
    return f"{lost} {plural(counts['lost'] or 1, 'has', 'have')} nothing that answers to it, and {gained}"


def _table(one: Crosswalk, kind: Kind, rows: pd.DataFrame) -> Html:
    order = rows["relation"].map(gains.RELATIONS.index).sort_values(kind="stable").index
    counts = gains.counts(rows)
    said = ", ".join(f"{count_word(counts[code])} {code}" for code in gains.RELATIONS if counts[code])
    return table(
        rows.loc[order],
        title=f"{KINDS[kind]}: {said}",
        subtitle=_subtitle(kind),
        columns={
            "old_words": Column(one.old.title, missing="nothing"),
            "old_source": Column(f"Section ({one.old.edition})"),
            "relation": Column("Became", "tag", verdict="relation"),
            "new_words": Column(one.new.title, missing="nothing"),
            "new_source": Column(f"Section ({one.new.edition})"),
            "note": Column("How", missing=""),
        },
    )


def _subtitle(kind: Kind) -> str:
    words = {
        "node": "Each in its document's own words; one that became several stands in several rows and is counted once",
        "group": "In brackets, how many clauses",
        "clause": "In brackets, the force; not every clause, but those by which the documents differ most or agree",
    }
    return sentence(words[kind])
