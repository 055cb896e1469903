"""Pieces of page 5: how the plan is doing, over all directorates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.council import heard, pledges
from pmf_lib.workbook.pages.council.counts import counts, counts_heads
from pmf_lib.workbook.pages.measures import others, sentences
from pmf_lib.workbook.pages.measures.measures import CHANGE_THE_PROCESS, VERDICTS
from pmf_lib.workbook.pages.shared.named import (
    DASHES,
    LATEST,
    MEASURE,
    TARGET,
    state_heads,
    with_aims,
    with_dashes,
    with_names,
)
from pmf_lib.workbook.pages.shared.nodes import labels, levels_of
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import MEASURES, Collected

NO_MEASURE = "No measure is recorded, so nothing can be told."
FIND_THE_CAUSE = "Find the cause of the change"
AFTER_STATES = {
    "without": Column("No status", "number", decimals=0),
    "improving_n": Column("Improving", "number", decimals=0),
    "worsening_n": Column("Worsening", "number", decimals=0),
    "stuck_n": Column("Not expected to be met", "number", decimals=0),
}
"""Columns of the table of markers after those of the states."""
CAUSE_FIRST = "Find the cause, then test the target"


def headline(card: pd.DataFrame, book: Book, collected: Collected) -> str:
    """How many markers have a measure that misses its target; without targets, how many show a real change."""
    of = heard.part(book, collected)
    return f"{of}: {_headline(card, book).lower()}" if of else _headline(card, book)


def _headline(card: pd.DataFrame, book: Book) -> str:
    word, words = book.framework.marker_word, book.framework.markers_word
    if not card["n_measures"].sum():
        return f"No measure is linked to the {words}, so nothing shows how the plan is doing"
    missed = int((card["missed"] > 0).sum())
    if card[["met", "near", "missed"]].to_numpy().sum() == 0:
        changed = int(((card["improving_n"] + card["worsening_n"]) > 0).sum())
        has = plural(changed or 1, "has", "have")
        return f"{out_of(changed, len(card), word, words)} {has} a measure that really changed; no target is recorded"
    return f"{out_of(missed, len(card), word, words)} {plural(missed or 1, 'has', 'have')} a measure that misses its target"


def notes(book: Book, collected: Collected) -> dict[str, str]:
    """Banners about the set behind the page."""
    said = {}
    if not collected.is_recorded:
        said["recomputed"] = "These results were not taken from recorded items of a run."
    if collected.missing:
        said["incomplete"] = f"No results of {listing(collected.missing)} are in this page."
    if silent := heard.silent(book, collected):
        said["silent"] = (
            f"No measure of {listing(silent)} is recorded, so this page can't speak of {plural(len(silent), 'it', 'them')}."
        )
    return said


def found(book: Book, collected: Collected, card: pd.DataFrame) -> Html:
    """What we found over the whole council."""
    rated = collected["rated_measures"]
    said = [
        sentences.status_sentence(rated),
        sentences.change_sentence(rated),
        sentences.capability_sentence(rated),
        others.sentence(others.beside(book, rated)),
        "" if collected.missing else _bare(book, card),
        pledges.said(book, rated),
    ]
    lost = heard.left_out(book)
    relied = [heard.reliance(book, collected)] if len(rated) else []
    return bullets(
        [*(text for text in said[:1] if text), *lost, *(text for text in said[1:] if text), *relied]
    )


def _bare(book: Book, card: pd.DataFrame) -> str:
    bare = int((card["n_measures"] == 0).sum())
    word, words = book.framework.marker_word, book.framework.markers_word
    if bare:
        return f"{sentence(counted(bare, word, words, in_words=True))} {plural(bare, 'has', 'have')} no measure at all."
    return f"Every one of the {len(card)} {words} has at least one measure."


def markers(book: Book, card: pd.DataFrame) -> Html:
    """Every marker on one page, in the framework's order: counts by state, by real change, and of targets not expected to be met."""
    verdicts = book.schemes.verdicts
    states = [code for code in verdicts.codes("status") if card[code].sum() > 0]
    without = card[verdicts.codes("absence")].sum(axis=1)
    shown = card.assign(label=labels(card), without=without, parent_title=_parents(book, card))
    return table(
        _with_dashes(shown, states),
        title=f"The {len(card)} {book.framework.markers_word} in the framework's order",
        subtitle="Number of measures by state, by real change, and with a target that is not expected to be met as things run "
        "(without those whose process has just changed), "
        f"{book.quarter.words}, whole council; {DASHES}",
        source=f"{book.framework.title}; recorded results of the directorates.",
        columns={
            "label": sentence(book.framework.marker_word),
            "n_measures": Column("Measures", "number", decimals=0),
            **state_heads(verdicts, states),
            **AFTER_STATES,
        },
        group="parent_title",
    )


def _with_dashes(card: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """Dashes for noughts where nothing was rated, tested for reach, or tested for change."""
    shown = with_dashes(card, states)
    shown = with_dashes(shown, ["stuck_n"], ("not_expected_n", "hit_and_miss_n", "consistently_meets_n"))
    return with_dashes(shown, ["improving_n", "worsening_n"], ("no_real_change_n", "neither_n"))


def _parents(book: Book, card: pd.DataFrame) -> list[str]:
    """The heading over each node: its parent, or its own level where nodes of several levels share a parent."""
    framework, levels = book.framework, levels_of(book, card)
    return (
        levels
        if any(levels)
        else [framework.node(framework.node(node).parent).title for node in card["node"]]
    )


def by_directorate(book: Book, collected: Collected) -> Html:
    """Directorate × state and change: where the reds and the gaps are."""
    rated = collected["rated_measures"]
    rows = [
        {"name": one.name}
        if one.name in collected.missing
        else counts(one.name, rated[rated["directorate"] == one.id])
        for one in book.council.directorates
    ]
    shown = pd.DataFrame([*rows, counts(heard.part(book, collected) or "Whole council", rated)])
    shown = with_dashes(
        with_dashes(shown, list(sentences.RATED)), ["improving_n", "worsening_n"], ("tested_n",)
    )
    heads = counts_heads(book.schemes.verdicts)
    return table(
        shown,
        title="Measures by directorate",
        subtitle=f"Number of measures by state and by real change, {book.quarter.words}. Each measure counts once; {DASHES}",
        columns={
            "name": "Directorate",
            **{name: Column(head, "number", decimals=0, missing="not read") for name, head in heads.items()},
        },
        totals=1,
    )


def to_decide(book: Book, rated: pd.DataFrame) -> Html:
    """Targets that the process can't meet as it runs, real worsenings, and ranges left by a real change."""
    if not book.has_own_records:
        return paragraphs(
            "Published figures ask nobody for a decision; the real changes among them are listed above."
        )
    if rated.empty:
        return paragraphs(NO_MEASURE)
    stuck = (rated["state"] == "missed") & (rated["capability"] == "not_expected")
    moved = just_changed(rated["variation"])
    worse = rated["variation"].isin(sentences.WORSENING)
    astray = (rated["state"] == "missed") & rated["variation"].isin(sentences.NEITHER)
    asked = np.select([stuck & moved, stuck], [CAUSE_FIRST, CHANGE_THE_PROCESS], FIND_THE_CAUSE)
    shown = rated.assign(asked=asked)[stuck | worse | astray]
    count = len(shown)
    title = (
        f"{sentence(counted(count, 'measure', in_words=True))} {plural(count, 'needs', 'need')} a decision"
    )
    return _listed(
        book,
        shown,
        title,
        "No measure needs a decision on this evidence.",
        {"asked": "What is to be decided"},
    )


def successes(book: Book, rated: pd.DataFrame) -> Html:
    """Real improvements, and targets that are met and expected to be, unless the process has just changed."""
    if rated.empty:
        return paragraphs(NO_MEASURE)
    better = rated["variation"].isin(sentences.IMPROVING)
    steady = (rated["state"] == "met") & (rated["capability"] == "consistently_meets")
    shown = rated[better | (steady & ~just_changed(rated["variation"]))]
    count = len(shown)
    title = f"{sentence(counted(count, 'measure', in_words=True))} {plural(count, 'is a success', 'are successes')}"
    return _listed(
        book,
        shown,
        f"{title}: really improving, or met and safe to stay so",
        "No success can be shown yet.",
        {},
    )


def changes(book: Book, rated: pd.DataFrame) -> Html:
    """Every real change, the worse first."""
    order = {
        code: place
        for place, code in enumerate((*sentences.WORSENING, *sentences.NEITHER, *sentences.IMPROVING))
    }
    shown = rated[rated["variation"].isin(list(order))]
    shown = shown.assign(order=shown["variation"].map(order).astype(float)).sort_values(
        ["order", "title"], kind="stable"
    )
    return _listed(book, shown, sentences.changes_title(rated), sentences.change_sentence(rated), {})


def _listed(book: Book, shown: pd.DataFrame, title: str, empty: str, more: dict[str, Column | str]) -> Html:
    pages = {one.id: f"../{one.id}/{MEASURES}.html" for one in book.council.directorates}
    return table(
        with_aims(with_names(book.schemes.verdicts, shown, pages)),
        title=title,
        subtitle=f"{book.quarter.words}, whole council; each name leads to its directorate's page",
        columns={
            "measure": MEASURE,
            "latest": LATEST,
            "aim": TARGET,
            "state": VERDICTS["state"],
            "variation": VERDICTS["variation"],
            **more,
        },
        empty=empty,
    )
