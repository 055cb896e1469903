"""Pieces of page 5: how the plan is doing, over all directorates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.performance.rollup import share_pct
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import sent
from pmf_lib.workbook.pages.measures import others, sentences
from pmf_lib.workbook.pages.measures.measures import CHANGE_THE_PROCESS, VERDICTS
from pmf_lib.workbook.pages.scorecard import pledges
from pmf_lib.workbook.pages.scorecard.awaiting import Waits, of_them, raised_to
from pmf_lib.workbook.pages.scorecard.counts import counts, counts_heads, markers_title
from pmf_lib.workbook.pages.shared import certified, heard
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
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, paragraphs, plain
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, number, out_of, plural, sentence
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


def found(book: Book, card: pd.DataFrame, rated: pd.DataFrame, *more: Words) -> Html:
    """What we found over the whole council, short enough for a first screen; `more`, sentences of other pieces, stand second."""
    is_rated = sentences.count(rated, "state", sentences.RATED) > 0
    beside = "" if is_rated else others.sentence(others.beside(book, rated))
    said = [_states(rated), *more, _moves(rated), pledges.said(book, rated), beside, _bare(book, card)]
    return bullets([words for words in said if plain(words)])


def _states(rated: pd.DataFrame) -> str:
    """How many measures meet, nearly meet and miss their target, and how many have no status.

    >>> _states(pd.DataFrame({"state": ["met", "met", "missed", "late"]}))
    'Of 4 measures, 3 have a status: 2 are met (67%), none is near and 1 is missed.'
    """
    found = counts("", rated.assign(variation="")) if len(rated) else {}
    met, near, missed = (int(str(found.get(code, 0))) for code in sentences.RATED)
    known = met + near + missed
    if not known:
        return sentences.status_sentence(rated)
    parts = [
        f"{met or 'none'} {plural(met or 1, 'is', 'are')} met{_share(met, known)}",
        f"{near or 'none'} {plural(near or 1, 'is', 'are')} near",
        f"{missed or 'none'} {plural(missed or 1, 'is', 'are')} missed",
    ]
    return f"Of {counted(len(rated), 'measure')}, {known} {plural(known, 'has', 'have')} a status: {listing(parts)}."


def _share(part: int, whole: int) -> str:
    """A part in per cent of the whole, in brackets; nothing where there is none."""
    return f" ({number(share_pct(part, whole), 0)}%)" if part else ""


def _moves(rated: pd.DataFrame) -> str:
    """How many measures really change, each way, and how many targets can't be met as things run."""
    if not sentences.count(rated, "variation", sentences.TESTED):
        return sentences.change_sentence(rated)
    ways = {"worsens/worsen": sentences.WORSENING, "improves/improve": sentences.IMPROVING}
    told = []
    for words, codes in ways.items():
        count = sentences.count(rated, "variation", codes)
        told.append(
            f"{count_word(count) if count else 'none'} really {plural(count or 1, *words.split('/'))}"
        )
    tested = counted(sentences.count(rated, "variation", sentences.TESTED), "measure")
    return f"Of {tested} tested for change, {listing(told)}{_beyond(rated)}."


def _beyond(rated: pd.DataFrame) -> str:
    """How many targets are not expected to be met as things run, as the end of a sentence."""
    stuck = int(((rated["capability"] == "not_expected") & ~just_changed(rated["variation"])).sum())
    if not stuck:
        return ""
    return f"; {counted(stuck, 'target', in_words=True)} {plural(stuck, 'is', 'are')} not expected to be met without a change in the process"


def sure(book: Book, collected: Collected) -> Html:
    """How sure we are: which figures can be relied on, how many are certified, and what was left out."""
    rated = collected["rated_measures"]
    relied = [heard.reliance(book, collected)] if len(rated) else []
    return bullets([*relied, certified.sentence(book, rated), *_retired(rated), *heard.left_out(book)])


def _retired(rated: pd.DataFrame) -> list[str]:
    """How many measures of the page's total are kept no longer; nothing where all are."""
    gone = sentences.count(rated, "state", ("retired",)) if len(rated) else 0
    if not gone:
        return []
    return [
        f"Of the {counted(len(rated), 'measure')}, {count_word(gone)} {plural(gone, 'is', 'are')} retired and no longer looked at here."
    ]


def tested(book: Book, collected: Collected) -> Html:
    """The counts behind the first screen in full, each with what could not be told, and certifications that failed or expired."""
    rated = collected["rated_measures"]
    said = [
        sentences.status_sentence(rated),
        sentences.change_sentence(rated),
        sentences.capability_sentence(rated),
        others.sentence(others.beside(book, rated)),
    ]
    counts = bullets([text for text in said if text])
    is_known = book.has_own_records and certified.TABLE in sent(book)
    failed = [certified.failed(book, rated)] if is_known else []
    return blocks(counts, *failed)


def _bare(book: Book, card: pd.DataFrame) -> str:
    bare = int((card["n_measures"] == 0).sum())
    word, words = book.framework.marker_word, book.framework.markers_word
    if not bare:
        return ""
    return f"{sentence(counted(bare, word, words, in_words=True))} {plural(bare, 'has', 'have')} no measure at all."


def markers(book: Book, card: pd.DataFrame) -> Html:
    """Every marker on one page, in the framework's order: counts by state, by real change, and of targets not expected to be met."""
    verdicts = book.schemes.verdicts
    states = [code for code in verdicts.codes("status") if card[code].sum() > 0]
    without = card[verdicts.codes("absence")].sum(axis=1)
    shown = card.assign(label=labels(card), without=without, parent_title=_parents(book, card))
    return table(
        _with_dashes(shown, states),
        title=markers_title(card, book.framework.marker_word, book.framework.markers_word),
        subtitle="In the framework's order: number of measures by state, by real change, and with a target that is not expected to be met as things run "
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


def to_decide(book: Book, rated: pd.DataFrame, waits: Waits) -> Html:
    """Targets that the process can't meet as it runs, real worsenings, and ranges left by a real change."""
    if not book.has_own_records:
        return paragraphs(
            "Published figures ask nobody for a decision; the real changes among them are listed below."
        )
    if rated.empty:
        return paragraphs(NO_MEASURE)
    stuck = (rated["state"] == "missed") & (rated["capability"] == "not_expected")
    moved = just_changed(rated["variation"])
    worse = rated["variation"].isin(sentences.WORSENING)
    astray = (rated["state"] == "missed") & rated["variation"].isin(sentences.NEITHER)
    asked = np.select([stuck & moved, stuck], [CAUSE_FIRST, CHANGE_THE_PROCESS], FIND_THE_CAUSE)
    shown = rated.assign(asked=asked, raised=raised_to(waits, rated["measure_id"]))[stuck | worse | astray]
    count = len(shown)
    title = f"{sentence(counted(count, 'measure', in_words=True))} {plural(count, 'calls', 'call')} for an answer by {plural(count, 'its chart', 'their charts')}"
    return _listed(
        book,
        shown,
        f"{title}{of_them(waits, shown)}",
        "No measure needs a decision on this evidence.",
        {"asked": "What is to be done", "raised": Column("Raised to", missing="not raised")},
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
