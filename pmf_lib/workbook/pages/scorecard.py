"""Pieces of page 5: how the plan is doing, over all directorates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import sentences
from pmf_lib.workbook.pages.measures import VERDICTS, numbered
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, bullets, link, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import DIRECTORATE_NOTEBOOK, Collected


def headline(card: pd.DataFrame, book: Book) -> str:
    """How many markers have a measure that misses its target; without targets, how many show a real change."""
    word, words = book.framework.marker_word, book.framework.markers_word
    missed = int((card["missed"] > 0).sum())
    if card[["met", "near", "missed"]].to_numpy().sum() == 0:
        changed = int(((card["improving_n"] + card["worsening_n"]) > 0).sum())
        has = plural(changed, "has", "have")
        return f"{out_of(changed, len(card), word, words)} {has} a measure that really changed; no target is recorded"
    return f"{out_of(missed, len(card), word, words)} {plural(missed, 'has', 'have')} a measure that misses its target"


def notes(collected: Collected) -> dict[str, str]:
    """Banners about the set behind the page."""
    said = {}
    if not collected.is_recorded:
        said["recomputed"] = "Computed here, not from recorded items of a run."
    if collected.missing:
        said["incomplete"] = f"Incomplete: no results of {listing(collected.missing)} are in this page."
    return said


def found(rated: pd.DataFrame, card: pd.DataFrame, book: Book) -> Html:
    """What we found over the whole council."""
    bare = int((card["n_measures"] == 0).sum())
    words = book.framework.markers_word
    return bullets(
        [
            sentences.status_sentence(rated),
            sentences.change_sentence(rated),
            sentences.capability_sentence(rated),
            f"{sentence(counted(bare, book.framework.marker_word, words))} {plural(bare, 'has', 'have')} no measure at all."
            if bare
            else f"Every one of the {len(card)} {words} has at least one measure.",
        ]
    )


def markers(book: Book, card: pd.DataFrame) -> Html:
    """Every marker on one page, in the framework's order: counts by state and by real change."""
    states = [code for code in book.schemes.verdicts.codes("status") if card[code].sum() > 0]
    heads = {
        code: Column(book.schemes.verdicts.get("status", code).word, "number", decimals=0) for code in states
    }
    absent = book.schemes.verdicts.codes("absence")
    shown = card.assign(
        label=[numbered(number, title) for number, title in zip(card["number"], card["title"], strict=True)],
        without=card[absent].sum(axis=1),
        parent_title=_parents(book, card),
    )
    return table(
        shown,
        title=f"The {len(card)} {book.framework.markers_word} in the framework's order",
        subtitle=f"Number of measures by state and by real change, {book.quarter.words}, whole council",
        source=f"{book.framework.title}; recorded results of the directorates.",
        columns={
            "label": sentence(book.framework.marker_word),
            "n_measures": Column("Measures", "number", decimals=0),
            **heads,
            "without": Column("No status", "number", decimals=0),
            "improving_n": Column("Improving", "number", decimals=0),
            "worsening_n": Column("Worsening", "number", decimals=0),
        },
        group="parent_title",
    )


def _parents(book: Book, card: pd.DataFrame) -> pd.Series:
    return card["node"].map(book.framework.nodes_frame().set_index("node")["parent_title"])


def by_directorate(book: Book, rated: pd.DataFrame) -> Html:
    """Directorate × state and change: where the reds and the gaps are."""
    verdicts = book.schemes.verdicts
    rows = [_counts(one.name, rated[rated["directorate"] == one.id]) for one in book.council.directorates]
    shown = pd.DataFrame([*rows, _counts("Whole council", rated)])
    return table(
        shown,
        title="Measures by directorate",
        subtitle=f"Number of measures by state and by real change, {book.quarter.words}. Each measure counts once",
        columns={
            "name": "Directorate",
            "n_measures": Column("Measures", "number", decimals=0),
            **{
                code: Column(verdicts.get("status", code).word, "number", decimals=0)
                for code in sentences.RATED
            },
            "without": Column("No status", "number", decimals=0),
            "improving_n": Column("Improving", "number", decimals=0),
            "worsening_n": Column("Worsening", "number", decimals=0),
        },
        totals=1,
    )


def _counts(name: str, rated: pd.DataFrame) -> dict[str, object]:
    """One row of counts; met, near, missed and no status add up to all measures."""
    states = {code: sentences.count(rated, "state", (code,)) for code in sentences.RATED}
    return {
        "name": name,
        "n_measures": len(rated),
        **states,
        "without": len(rated) - sum(states.values()),
        "improving_n": sentences.count(rated, "variation", sentences.IMPROVING),
        "worsening_n": sentences.count(rated, "variation", sentences.WORSENING),
    }


def to_decide(book: Book, rated: pd.DataFrame) -> Html:
    """Measures that need a decision: missed, and not expected to be met as things run, or really worsening."""
    stuck = rated["capability"] == "not_expected"
    worse = rated["variation"].isin(sentences.WORSENING)
    shown = rated[((rated["state"] == "missed") & (stuck | worse)) | (worse & (rated["state"] != "met"))]
    return _listed(
        book, shown, "decision", "need a decision: effort within the present process will not mend them"
    )


def successes(book: Book, rated: pd.DataFrame) -> Html:
    """Real improvements, and targets that are met and consistently expected to be."""
    better = rated["variation"].isin(sentences.IMPROVING)
    steady = (rated["state"] == "met") & (rated["capability"] == "consistently_meets")
    return _listed(
        book, rated[better | steady], "success", "are successes: really improving, or met and safe to stay so"
    )


def _listed(book: Book, shown: pd.DataFrame, kind: str, words: str) -> Html:
    pages = {one.id: f"../{one.id}/{DIRECTORATE_NOTEBOOK}.html" for one in book.council.directorates}
    links: list[Any] = [
        link(row["title"], f"{pages[row['directorate']]}#measure-{row['measure_id']}")
        for row in shown.to_dict("records")
    ]
    listed = shown.assign(linked=pd.Series(links, index=shown.index, dtype=object))
    empty = {
        "decision": "No measure needs a decision on this evidence.",
        "success": "No success can be shown yet.",
    }
    return table(
        listed.sort_values("title", kind="stable"),
        title=f"{sentence(counted(len(shown), 'measure'))} {words}",
        subtitle=f"{book.quarter.words}, whole council; each name leads to its directorate's page",
        columns={
            "linked": Column("Measure", "html"),
            "last_value": Column("Latest", "number", decimals="decimals"),
            "target": Column("Target", "number", decimals="decimals"),
            "unit": "Unit",
            "state": VERDICTS["state"],
            "variation": VERDICTS["variation"],
            "capability": VERDICTS["capability"],
        },
        empty=empty[kind],
    )


def grid(book: Book, rated: pd.DataFrame) -> Html:
    """Variation × capability as a picture, with its counts."""
    tested = sentences.count(rated, "variation", sentences.TESTED)
    if not tested:
        return paragraphs("No series is long and regular enough to be placed on this grid.")
    return figure(
        charts.variation_capability_grid(rated),
        title=f"Where the {counted(tested, 'tested measure')} stand",
        subtitle=f"Number of measures by change and by whether the target can be met as things run, {book.quarter.words}",
        source="Recorded results of the directorates.",
        alt=charts.alt_grid(rated),
        data=charts.data_grid(rated),
    )
