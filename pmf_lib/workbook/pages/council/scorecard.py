"""Pieces of page 5: how the plan is doing, over all directorates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook import absent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.council import pledges
from pmf_lib.workbook.pages.measures import others, sentences
from pmf_lib.workbook.pages.measures.measures import CHANGE_THE_PROCESS, VERDICTS, levels_of, numbered
from pmf_lib.workbook.pages.shared.named import (
    DASHES,
    LATEST,
    MEASURE,
    TARGET,
    with_aims,
    with_dashes,
    with_names,
)
from pmf_lib.workbook.pieces.markup import Html, bullets, link, paragraphs, phrase
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import MEASURES, Collected

NO_MEASURE = "No measure is recorded, so nothing can be told."
FIND_THE_CAUSE = "Find the cause of the change"
CAUSE_FIRST = "Find the cause, then test the target"


def headline(card: pd.DataFrame, book: Book, collected: Collected) -> str:
    """How many markers have a measure that misses its target; without targets, how many show a real change."""
    of = part(book, collected)
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


def part(book: Book, collected: Collected) -> str:
    """Of how many directorates the page speaks, where it does not speak of all."""
    all_of_them = len(book.council.directorates)
    read = all_of_them - len(collected.missing)
    return f"Of {count_word(read)} of {count_word(all_of_them)} directorates" if collected.missing else ""


def notes(book: Book, collected: Collected) -> dict[str, str]:
    """Banners about the set behind the page."""
    said = {}
    if not collected.is_recorded:
        said["recomputed"] = "These results were not taken from recorded items of a run."
    if collected.missing:
        said["incomplete"] = f"No results of {listing(collected.missing)} are in this page."
    if silent := _silent(book, collected):
        said["silent"] = (
            f"No measure of {listing(silent)} is recorded, so this page can't speak of {plural(len(silent), 'it', 'them')}."
        )
    return said


def _silent(book: Book, collected: Collected) -> list[str]:
    """Directorates whose results are here and hold no measure."""
    heard = set(collected["rated_measures"]["directorate"])
    return [
        one.name
        for one in book.council.directorates
        if one.id not in heard and one.name not in collected.missing
    ]


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
    lost = _left_out(book)
    heard = [_reliance(book, collected)] if len(rated) else []
    return bullets(
        [*(text for text in said[:1] if text), *lost, *(text for text in said[1:] if text), *heard]
    )


def _left_out(book: Book) -> list[Html]:
    """How many measures were left out of the council's figures, and on whose pages they are asked for."""
    rows = absent.left_out(book)
    if rows.empty:
        return []
    whose = [one for one in book.council.directorates if (rows["directorate"] == one.id).any()]
    links = [link(one.name, f"../{one.id}/1_data_quality.html") for one in whose]
    parts = [part for one in links for part in ("; ", one)][1:]
    return [phrase(absent.left_out_words(book), *([": see data quality of ", *parts] if parts else []), ".")]


def _reliance(book: Book, collected: Collected) -> Html:
    """How many figures can't simply be relied on, and where each directorate's page tells why."""
    silent = [*collected.missing, *_silent(book, collected)]
    heard = [one for one in book.council.directorates if one.name not in silent]
    links = [link(one.name, f"../{one.id}/1_data_quality.html") for one in heard]
    parts = [part for one in links for part in (one, "; ")][:-1]
    said = _doubted(collected["rated_measures"]["reliance"])
    return phrase(f"{said}: see data quality of ", *parts, ".")


def _doubted(reliance: pd.Series[str]) -> str:
    """How far the figures of measures can be relied on.

    >>> _doubted(pd.Series(["rely", "with_care", "with_care", "do_not_rely", "not_judged"]))
    'Of 4 measures whose figures could be judged, one should not be relied on and two only with care'
    >>> _doubted(pd.Series(["rely", "rely", "not_judged"]))
    'The figures of both measures that could be judged can be relied on'
    """
    judged = int((reliance != "not_judged").sum())
    never, careful = (int((reliance == code).sum()) for code in ("do_not_rely", "with_care"))
    if not judged:
        return "Of no measure could it be judged whether its figures can be relied on"
    if not never and not careful:
        return f"The figures of {_every(judged)} could be judged can be relied on"
    none = f"{count_word(never) if never else 'none'} should not be relied on"
    return (
        f"Of {counted(judged, 'measure')} whose figures could be judged, {none} and "
        f"{count_word(careful) if careful else 'none'} only with care"
    )


def _every(count: int) -> str:
    """All measures, as a sentence speaks of them."""
    return {1: "the one measure that", 2: "both measures that"}.get(count, f"all {count} measures that")


def _bare(book: Book, card: pd.DataFrame) -> str:
    bare = int((card["n_measures"] == 0).sum())
    word, words = book.framework.marker_word, book.framework.markers_word
    if bare:
        return f"{sentence(counted(bare, word, words, in_words=True))} {plural(bare, 'has', 'have')} no measure at all."
    return f"Every one of the {len(card)} {words} has at least one measure."


def markers(book: Book, card: pd.DataFrame) -> Html:
    """Every marker on one page, in the framework's order: counts by state, by real change, and of targets not expected to be met."""
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
    shown = with_dashes(shown, states)
    shown = with_dashes(shown, ["stuck_n"], ("not_expected_n", "hit_and_miss_n", "consistently_meets_n"))
    shown = with_dashes(shown, ["improving_n", "worsening_n"], ("no_real_change_n", "neither_n"))
    return table(
        shown,
        title=f"The {len(card)} {book.framework.markers_word} in the framework's order",
        subtitle="Number of measures by state, by real change, and with a target that is not expected to be met as things run "
        "(without those whose process has just changed), "
        f"{book.quarter.words}, whole council; {DASHES}",
        source=f"{book.framework.title}; recorded results of the directorates.",
        columns={
            "label": sentence(book.framework.marker_word),
            "n_measures": Column("Measures", "number", decimals=0),
            **heads,
            "without": Column("No status", "number", decimals=0),
            "improving_n": Column("Improving", "number", decimals=0),
            "worsening_n": Column("Worsening", "number", decimals=0),
            "stuck_n": Column("Not expected to be met", "number", decimals=0),
        },
        group="parent_title",
    )


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
    shown = pd.DataFrame([*rows, counts(part(book, collected) or "Whole council", rated)])
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


def counts_heads(verdicts: Verdicts) -> dict[str, str]:
    """Column → head of a table of `counts`, in order."""
    return {
        "n_measures": "Measures",
        **{code: verdicts.get("status", code).word for code in sentences.RATED},
        "without": "No status",
        "improving_n": "Improving",
        "worsening_n": "Worsening",
    }


def counts(name: str, rated: pd.DataFrame) -> dict[str, object]:
    """One row of counts; met, near, missed and no status add up to all measures."""
    states = {code: sentences.count(rated, "state", (code,)) for code in sentences.RATED}
    return {
        "name": name,
        "n_measures": len(rated),
        **states,
        "without": len(rated) - sum(states.values()),
        "improving_n": sentences.count(rated, "variation", sentences.IMPROVING),
        "worsening_n": sentences.count(rated, "variation", sentences.WORSENING),
        "tested_n": sentences.count(rated, "variation", sentences.TESTED),
    }


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
