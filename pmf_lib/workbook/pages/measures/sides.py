"""The marker card on a page: each marker's measures by side of the scorecard, what a status covers, and which are proxies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.performance import scorecard as cards
from pmf_lib.records.schema import PERSPECTIVES
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures.reach import none_missed
from pmf_lib.workbook.pages.measures.sentences import RATED as RATINGS
from pmf_lib.workbook.pages.shared.named import DASHES, with_dashes
from pmf_lib.workbook.pages.shared.nodes import labels_apart
from pmf_lib.workbook.pieces.markup import Html, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, out_of, plural, sentence

ONCE = "All measures, each once"
COUNTS = {
    "do_not_rely_n": "In doubt",
    "proxy_n": "Proxies",
}
NOTHING = "No measure is linked, so there is no card to show."


def coverage(book: Book, rated: pd.DataFrame) -> Html:
    """Each marker's measures by side of the scorecard, how many have a status, and how many are in doubt or proxies.

    The finding stands in the line that opens the table.
    """
    total = cards.card_total(rated, book.links, _nodes(book)).iloc[0]
    if not total["n_measures"]:
        return paragraphs(NOTHING)
    shown = _by_side(book, rated, total)
    pairs = zip(shown["rated_n"], shown["n_measures"], strict=True)
    made = table(
        shown.assign(rated=[_share(*pair) for pair in pairs]),
        title=f"The {book.framework.markers_word} by side of the scorecard",
        subtitle=f"Number of measures by side of the scorecard; rated: with a status; in doubt: not to be relied on, "
        f"{book.quarter.words}. A measure linked to several {book.framework.markers_word} counts in each, and once in "
        "the last row",
        source=f"{book.framework.title}; links and records as at the date above.",
        columns={
            "label": sentence(book.framework.marker_word),
            **{name: _count(sentence(name), "") for name in PERSPECTIVES if name in shown},
            "rated": Column("Rated", "number"),
            **{name: _count(head) for name, head in COUNTS.items()},
        },
        totals=2,
    )
    return details(_coverage_title(total), made)


def _by_side(book: Book, rated: pd.DataFrame, total: pd.Series[Any]) -> pd.DataFrame:
    """One row per marker with measures: label, a count for each side that has any, and `COUNTS`; last, two rows of totals."""
    nodes = _nodes(book)
    wide = cards.by_perspective(rated, book.links, nodes).pivot_table(
        index="node", columns="perspective", values="n_measures", aggfunc="sum", fill_value=0
    )
    used = [name for name in PERSPECTIVES if name in wide.columns]
    card = cards.marker_card(rated, book.links, nodes)
    shown = card.join(wide[used].astype(float), on="node").assign(label=labels_apart(nodes))
    counts = ["rated_n", "n_measures", *COUNTS]
    shown = shown.loc[shown["n_measures"] > 0, ["label", *used, *counts]]
    links = {"label": "All links to measures", **shown.drop(columns="label").sum().to_dict()}
    last = pd.DataFrame([links, {"label": ONCE, **{name: total[name] for name in counts}}])
    return pd.concat([shown, last], ignore_index=True)


def _share(rated: float, count: float) -> str:
    return f"{int(rated)} of {int(count)}"


def _coverage_title(total: Any) -> str:
    count, rated = int(total["n_measures"]), int(total["rated_n"])
    has = plural(rated or 1, "has", "have")
    doubted = int(total["do_not_rely_n"])
    said = f"{out_of(rated, count, 'measure')} {has} a status"
    return f"{said}; {counted(doubted, 'figure')} should not be relied on" if doubted else said


def _count(head: str, missing: str = "not known") -> Column:
    return Column(head, "number", decimals=0, missing=missing)


def verdicts(book: Book, rated: pd.DataFrame) -> Html:
    """Both verdicts beside the status: how many measures of each pair are met, near and missed."""
    if rated.empty:
        return paragraphs(NOTHING)
    pairs = cards.two_axes(rated)
    numbers = ["met", "near", "missed", "without", "n_measures"]
    shown = pairs.assign(
        change=[_change(book, name) for name in pairs["variation_n"]],
        reach=[_reach(book, name) for name in pairs["capability_n"]],
    )[["change", "reach", *numbers]]
    total = pd.DataFrame([{"change": "All measures", "reach": "", **shown[numbers].sum().to_dict()}])
    word = book.schemes.verdicts
    heads = {code: word.get("status", code).word for code in RATINGS}
    return table(
        with_dashes(pd.concat([shown, total], ignore_index=True), list(RATINGS)),
        title=_verdicts_title(rated),
        subtitle=f"Number of measures by change, by whether the target can be met, and by status, {book.quarter.words}; {DASHES}",
        columns={
            "change": "Change",
            "reach": "Target as things run",
            **{name: _count(head) for name, head in heads.items()},
            "without": _count("No status"),
            "n_measures": _count("Measures"),
        },
        totals=1,
    )


def _verdicts_title(rated: pd.DataFrame) -> str:
    missed = rated[rated["state"] == "missed"]
    if missed.empty:
        return none_missed(rated)
    same = int((missed["variation"] == "no_real_change").sum())
    has = plural(same or 1, "shows", "show")
    usual = f": {plural(same, 'it runs', 'they run')} as usual" if same else ""
    return f"{out_of(same, len(missed), 'missed measure')} {has} no real change{usual}"


def _change(book: Book, name: str) -> str:
    if name == "not_tested_n":
        return "Not tested"
    return book.schemes.verdicts.get("variation", cards.VARIATIONS[name][0]).word.split(",")[0]


def _reach(book: Book, name: str) -> str:
    return book.schemes.verdicts.get("capability", cards.CAPABILITIES[name]).word


def proxies(book: Book, rated: pd.DataFrame) -> Html:
    """Measures that stand near what a marker asks, each with its reason."""
    nodes = _nodes(book)
    names = dict(zip(nodes["node"], labels_apart(nodes), strict=True))
    found = cards.proxies(rated, book.links, nodes)
    shown = found.assign(
        label=found["node"].map(names),
        measure=found["measure_id"].map(rated.set_index("measure_id")["title"]),
    )
    if book.links.empty:
        return paragraphs("No measure is linked, so none stands in for something else.")
    if shown.empty:
        return paragraphs("Every measure is linked directly; none stands in for something else.")
    count, word = len(shown), book.framework.marker_word
    made = table(
        shown,
        title="Measures that stand near what is asked, not for it",
        subtitle=f"By {word}, in the framework's order, {book.quarter.words}",
        columns={"measure": "Measure", "reason": "Why it is linked"},
        group="label",
    )
    return details(
        f"{sentence(counted(count, 'link', in_words=True))} {plural(count, 'is', 'are')} by proxy", made
    )


def _nodes(book: Book) -> pd.DataFrame:
    return book.framework.nodes_frame(linkable=True)
