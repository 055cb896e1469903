"""Pieces of page 2: how a directorate's measures stand against the markers of success."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.periods import date_words
from pmf_lib.workbook.absent import director, silent_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import others, sentences, sure_words
from pmf_lib.workbook.pages.measures.requests import requests
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pages.shared.named import MEASURE, TARGET, state_heads, with_aims, with_names
from pmf_lib.workbook.pages.shared.nodes import labels, levels_of
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, plural, sentence

ALL_PARTS = "All of them"
"""The heading over the totals of several levels."""
VERDICTS = {
    "state": Column("Against target", "tag", verdict="status"),
    "variation": Column("Change", "tag", verdict="variation"),
    "capability": Column("Target as things run", "tag", verdict="capability"),
}


def page_headline(book: Book, rated: pd.DataFrame) -> str:
    """The finding of the page: against targets, else real changes, else beside others."""
    if sentences.count(rated, "state", sentences.RATED) or sentences.count(
        rated, "variation", sentences.TESTED
    ):
        return sentences.headline(rated)
    return others.headline(others.beside(book, rated)) or sentences.headline(rated)


def found(book: Book, rated: pd.DataFrame) -> Html:
    """What we found, in a few sentences."""
    said = [
        sentences.status_sentence(rated),
        sentences.change_sentence(rated),
        sentences.capability_sentence(rated),
    ]
    beside = others.sentence(others.beside(book, rated))
    return bullets([*said, beside] if beside else said)


def matrix(book: Book, card: pd.DataFrame) -> Html:
    """Marker × state: counts that reconcile, markers in the framework's order."""
    kept = card[card["n_measures"] > 0]
    if kept.empty:
        return paragraphs(_unlinked(book))
    states = [code for code in book.schemes.verdicts.codes("status", "absence") if kept[code].sum() > 0]
    parts = levels_of(book, kept)
    shown = with_total(kept, ["n_measures", *states]).assign(part=[*parts, ALL_PARTS])
    word = book.framework.marker_word
    return table(
        shown,
        title=f"{sentence(counted(len(kept), word, book.framework.markers_word, in_words=True))} of the framework "
        f"{plural(len(kept), 'has', 'have')} measures here",
        subtitle=f"Number of measures by state, {book.quarter.words}. A measure linked to several counts in each."
        f"{_others(len(card) - len(kept))}",
        source=f"{book.framework.title}; {book.council.name}, records as at the date above.",
        columns={
            "label": sentence(word),
            "n_measures": Column("Measures", "number", decimals=0),
            **state_heads(book.schemes.verdicts, states),
        },
        group="part" if any(parts) else "",
        totals=1,
    )


def with_total(card: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """The card with a label per node and a last row of column totals."""
    labelled = card.assign(label=labels(card))[["label", *counts]]
    total = pd.DataFrame([{"label": "All links to measures", **{name: card[name].sum() for name in counts}}])
    return pd.concat([labelled, total], ignore_index=True)


def _others(bare: int) -> str:
    """How many more nodes the framework has."""
    if not bare:
        return ""
    return f" {sentence(counted(bare, 'other', in_words=True))} {plural(bare, 'has', 'have')} no measure of this unit."


def _unlinked(book: Book) -> str:
    return (
        f"No measure of this unit is linked to any {book.framework.marker_word} of the framework, so nothing shows how it "
        f"stands against them. Say in the table of links which measure speaks for which {book.framework.marker_word}, and why."
    )


def sureness(book: Book, rated: pd.DataFrame, reliance: pd.Series) -> Html:
    """How sure we are: what can be relied on (`reliance`: codes), firm values, test limits, proxies, faults in records."""
    return bullets(
        [*sure_words.relied(reliance), *sure_words.unsure(book, rated)],
        empty="Every value is final, every link direct, and no fault was found in the records."
        if len(rated)
        else "No value is recorded, so there is nothing to be sure of.",
    )


def asked(book: Book, rated: pd.DataFrame) -> Html:
    """What is asked of whom: missing values, missing targets, missing explanations."""
    if not book.has_own_records:
        return paragraphs(
            "Nobody is asked for anything: these are published figures, not a return of the council."
        )
    if said := silent_words(book):
        return blocks(paragraphs(said), evidence.one_list())
    todo = requests(rated, book.table("commentary"), book.quarter.label, book.as_at)
    if book.unit:
        todo = todo.assign(owner=todo["owner"].mask(todo["owner"] == "", director(book.unit)))
    made = table(
        todo,
        title=_asked_title(len(todo), book.next_return),
        subtitle=f"{book.unit_name}, {book.quarter.words}; the director answers for what has no owner",
        columns={
            "title": "Measure",
            "asked": "What is asked",
            "owner": Column("Of whom", missing="no owner named"),
        },
        empty="Every value that was due is here, has an owner, has a target where one is wanted, and is explained where it misses it."
        if len(rated)
        else "No measure is recorded here.",
    )
    return blocks(made, evidence.one_list())


def _asked_title(count: int, by: date) -> str:
    if not count:
        return "Nothing is asked of owners"
    things = sentence(counted(count, "thing", in_words=True))
    return f"{things} {plural(count, 'is', 'are')} asked of owners by {date_words(by)}"


def real_changes(book: Book, rated: pd.DataFrame, points: pd.DataFrame) -> Html:
    """Measures that show a real change, the worse first; latest and mean are of one period, as their charts (`points`) have them."""
    return table(
        with_names(book.schemes.verdicts, _changed(rated, points)),
        title=sentences.changes_title(rated),
        subtitle="Measures at whose latest point a rule of the control chart fired, the worse first. Values are of one period, also "
        "where the total since 1 April is reported; the mean is of all points since limits last began, old and new",
        columns={
            "measure": MEASURE,
            "variation": VERDICTS["variation"],
            "period": Column("Latest period", "period"),
            "value": Column("Latest", "number", decimals="decimals"),
            "mean": Column("Mean", "number", decimals="decimals"),
            "variation_why": "Why it counts as real",
        },
        empty="What looks like a rise or a fall is within its series' usual variation."
        if sentences.count(rated, "variation", sentences.TESTED)
        else "A control chart needs a regular monthly, quarterly or termly series of at least "
        f"{book.schemes.xmr.refuse_below} points; annual figures are shown beside others' below.",
    )


def _changed(rated: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Measures that really changed, the worse first, with period, value and mean of the last of their chart's points."""
    changed = rated[rated["variation"].isin([*sentences.WORSENING, *sentences.IMPROVING, *sentences.NEITHER])]
    order = changed["variation"].map(
        {code: i for i, code in enumerate((*sentences.WORSENING, *sentences.NEITHER))}
    )
    last = points[points["value"].notna()].drop_duplicates("measure_id", keep="last").set_index("measure_id")
    of_last = {name: changed["measure_id"].map(last[name]) for name in ("period", "value", "mean")}
    shown = changed.assign(order=order.fillna(9), **of_last)
    return shown.sort_values(["order", "title"], kind="stable")


CHANGE_THE_PROCESS = "Change the process, or the target"
FIND_THE_CAUSE_FIRST = "Find the cause: the process has just changed"


def not_expected(book: Book, rated: pd.DataFrame) -> Html:
    """Targets that are not expected to be met as things run, and what comes first with each; last, those that just changed."""
    shown = rated[rated["capability"] == "not_expected"]
    shown = shown.loc[just_changed(shown["variation"]).sort_values(kind="stable").index]
    moved = just_changed(shown["variation"])
    first = moved.map({True: FIND_THE_CAUSE_FIRST, False: CHANGE_THE_PROCESS})
    return table(
        with_aims(with_names(book.schemes.verdicts, shown.assign(finer=shown["decimals"] + 1, first=first))),
        title=_not_expected(moved, has_targets=bool(rated["target_row"].gt(0).any())),
        subtitle="Effort within the present process will not do; the process or the target has to change. Where the process has "
        "just changed, nothing can be said before the cause is found",
        columns={
            "measure": MEASURE,
            "aim": TARGET,
            "lpl": Column("Runs from", "number", decimals="finer"),
            "upl": Column("to", "number", decimals="finer"),
            "first": "What comes first",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty="Each target that could be tested lies within the range in which its process runs, or beyond it on the good side."
        if sentences.count(rated, "capability", ("consistently_meets", "hit_and_miss"))
        else "No series with a target is long and regular enough to be tested.",
    )


def _not_expected(is_moved: pd.Series[bool], *, has_targets: bool) -> str:
    """How many targets are not expected to be met; apart, those beyond limits over points before and since a change."""
    if not has_targets:
        return "No target is recorded, so none can be tested"
    moved = int(is_moved.sum())
    count = len(is_moved) - moved
    changed = f"of {count_word(moved)} more the process has just changed"
    if not count:
        calm = "No target is known to lie beyond the range in which its process runs"
        return f"{calm}; of {count_word(moved)} the process has just changed" if moved else calm
    said = f"{sentence(counted(count, 'target', in_words=True))} {plural(count, 'is', 'are')} not expected to be met as things run"
    return f"{said}; {changed}" if moved else said
