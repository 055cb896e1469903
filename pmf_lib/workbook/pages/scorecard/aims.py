"""What the framework says beside its measures: the aim at the head of its thread, its promises, and what it is aligned with."""

from __future__ import annotations

import pandas as pd

from pmf_lib.framework import Framework
from pmf_lib.framework.parts import Alignment, Commitment
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pages.scorecard.counts import counts, counts_heads
from pmf_lib.workbook.pages.shared.named import DASHES, with_dashes
from pmf_lib.workbook.pages.shared.nodes import numbered
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, headline, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence

NOTHING = Html("")


def head(book: Book) -> Html:
    """The top of the framework's thread, in its own words."""
    framework = book.framework
    tops = framework.nodes_at(framework.levels[0].id, book.quarter.financial_year.label)
    return paragraphs(
        *(f"{sentence(framework.level(node.level).singular)}: “{node.title.rstrip('.')}”." for node in tops)
    )


def promises(book: Book, rated: pd.DataFrame) -> Html:
    """The measures that track each of the framework's promises, counted; nothing where it makes none."""
    made = book.framework.promises
    if not made:
        return NOTHING
    said = book.whole("measures").set_index("measure_id")["promise"].str.casefold()
    tracked = rated.assign(promise=rated["measure_id"].map(said).astype("str").fillna(""))
    names = [one.title for one in made]
    rows = [counts(one.title, tracked[_tracks(tracked, one)]) for one in made]
    if not sum(int(str(row["n_measures"])) for row in rows):
        return blocks(
            headline("Promises", level=3),
            paragraphs(f"No measure says that it tracks one of the promises: {listing(names)}."),
        )
    return blocks(headline("Promises", level=3), _promises(book, tracked, rows))


def _tracks(tracked: pd.DataFrame, promise: Commitment) -> pd.Series[bool]:
    return tracked["promise"].isin([promise.id.casefold(), promise.title.casefold()])


def _promises(book: Book, tracked: pd.DataFrame, rows: list[dict[str, object]]) -> Html:
    """One row a promise, in the framework's order."""
    shown = with_dashes(pd.DataFrame(rows), list(sentences.RATED))
    shown = with_dashes(shown, ["improving_n", "worsening_n"], ("tested_n",))
    heads = counts_heads(book.schemes.verdicts)
    return table(
        shown,
        title=_promises_title(pd.DataFrame(rows)),
        subtitle=f"Number of measures by state and by real change, {book.quarter.words}, whole council; {DASHES}. "
        f"{_without(len(tracked) - int(shown['n_measures'].sum()))}",
        source=f"{book.framework.title}; each measure's own row says which promise it tracks.",
        columns={
            "name": "Promise",
            **{name: Column(text, "number", decimals=0) for name, text in heads.items()},
        },
    )


def _promises_title(rows: pd.DataFrame) -> str:
    """How many promises have a measure that misses its target.

    >>> _promises_title(
    ...     pd.DataFrame({"n_measures": [3, 2, 0], "met": [1, 0, 0], "near": 0, "missed": [2, 0, 0]})
    ... )
    'One of three promises has a measure that misses its target; no measure tracks one of them'
    """
    missed, bare = int((rows["missed"] > 0).sum()), int((rows["n_measures"] == 0).sum())
    rest = f"; no measure tracks {count_word(bare)} of them" if bare else ""
    if not rows[["met", "near", "missed"]].to_numpy().sum():
        return f"No measure that tracks a promise has a status{rest}"
    if missed == len(rows) > 1:
        return f"All {counted(missed, 'promise', in_words=True)} have a measure that misses its target"
    has = plural(missed or 1, "has", "have")
    return f"{out_of(missed, len(rows), 'promise')} {has} a measure that misses its target{rest}"


def _without(count: int) -> str:
    if not count:
        return "Every measure tracks one"
    return f"{sentence(count_word(count))} {plural(count, 'measure tracks', 'measures track')} none"


def alignment(book: Book) -> Html:
    """Tables of the document that set its parts beside another plan's outcomes; nothing where it has none."""
    made = [
        details(f"What the framework is aligned with: {one.title}", _aligned(book.framework, one))
        for one in book.framework.alignment
    ]
    return blocks(*made) if made else NOTHING


def _aligned(framework: Framework, one: Alignment) -> Html:
    """One row per outcome of the other plan, under the document's own statements."""
    rows = [
        {
            "statement": row.statement,
            "nodes": "; ".join(_named(framework, node) for node in row.nodes),
            "title": aligned.title,
            "perspective": aligned.perspective,
        }
        for row in one.rows
        for aligned in row.aligned
    ]
    _, nodes, title, perspective = one.heads
    made = table(
        pd.DataFrame(rows),
        title=one.title,
        subtitle=f"As the document prints it; the lines between are its column “{one.heads[0]}”",
        source=f"{framework.title}, {one.source}.",
        columns={"nodes": nodes, "title": title, "perspective": perspective},
        group="statement",
    )
    notes = [*one.notes, *(f"{row.statement}: {row.note}" for row in one.rows if row.note)]
    return blocks(made, bullets(notes)) if notes else made


def _named(framework: Framework, node: str) -> str:
    found = framework.node(node)
    return numbered(found.number, found.title)
