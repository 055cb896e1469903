"""Pieces of page 5: where measures that miss their target serve objectives without the means for them."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import resourcing as rules
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import sent
from pmf_lib.workbook.pages.shared.named import LATEST, MEASURE, TARGET, with_aims, with_names
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import MEASURES

MEANS = {
    "no": "not there",
    "partly": "partly there",
    "not-assessed": "not assessed",
    "yes": "there",
    "none": "no open objective names it",
}
"""The means for a measure's objectives, as pages say it."""
ARE = {"no": "are not there", "partly": "are only partly there", "not-assessed": "were not assessed"}
TABLES = ("plans", "objectives")
NONE_SHORT = "No open objective that names a measure says that its means are short, so on these records no miss can be put down to them."


def told(book: Book, rated: pd.DataFrame) -> pd.DataFrame | None:
    """Measures with the means for their objectives (`pmf_lib.assurance.resourcing`); None where nothing is known of them."""
    if not book.has_own_records or not set(TABLES) <= sent(book):
        return None
    return rules.by_measure(
        rated, book.whole("plans"), book.whole("objectives"), quarter=book.quarter, as_at=book.as_at
    )


def said(measures: pd.DataFrame | None) -> str:
    """How many missed measures serve an objective whose means are not sure; empty where none is known to."""
    if measures is None:
        return ""
    missed = measures[measures["state"] == "missed"]
    short = missed[missed["means"].isin(rules.SHORT)]
    if short.empty:
        return ""
    counts = {code: int((short["means"] == code).sum()) for code in rules.SHORT}
    who = f"{out_of(len(short), len(missed), 'missed measure')} {plural(len(short), 'serves', 'serve')} an objective"
    if len(kinds := [code for code, n in counts.items() if n]) == 1:
        return f"{who} whose money and people {ARE[kinds[0]]}."
    parts = [f"{MEANS[code]} for {count_word(counts[code])}" for code in kinds]
    return f"{who} whose money and people are not sure: {listing(parts)}."


def _all_there(missed: pd.DataFrame) -> str:
    """What is said where no missed measure's objective says that its means are short."""
    if missed.empty:
        return "No measure misses its target."
    bare = int((missed["means"] == "none").sum())
    rest = len(missed) - bare
    if not rest:
        return f"No open objective names any of the {counted(len(missed), 'missed measure')}, so nobody says whether the means are there."
    head = (
        "The objective behind the one"
        if rest == 1
        else f"The objectives behind {'all' if not bare else 'the other'} {rest}"
    )
    tail = f" No open objective names {count_word(bare)} of them." if bare else ""
    of = f"{head} missed {plural(rest, 'measure says', 'measures say')} that the means are there."
    return of + tail


def shown(book: Book, measures: pd.DataFrame | None) -> Html:
    """The counts by means, then each missed measure whose objectives lack means, or of which nobody assessed them."""
    if not book.has_own_records:
        return paragraphs("Published figures don't say which objectives lack the means for them.")
    if measures is None:
        missing = [name for name in TABLES if name not in sent(book)]
        return paragraphs(
            f"Nobody sent the table of {listing(missing)}, so it is not known whether the means are there for what misses its target."
        )
    missed = measures[measures["state"] == "missed"]
    if not measures["means"].isin(rules.SHORT).any():
        return paragraphs(_all_there(missed), NONE_SHORT)
    short = missed[missed["means"].isin(rules.SHORT)]
    found = blocks(paragraphs(said(measures) or _all_there(missed)), _counted(book, measures))
    return blocks(found, _listed(book, short)) if len(short) else found


def _counted(book: Book, measures: pd.DataFrame) -> Html:
    """How many measures miss their target by the means for their objectives."""
    rows = rules.counts(measures)
    return table(
        rows.assign(words=[sentence(MEANS[code]) for code in rows["means"]]),
        title=title(rows),
        subtitle=f"Measures by the means for their open objectives, the least of them; {book.quarter.words}, whole council",
        source="Plans and objectives as recorded; recorded results of the directorates.",
        columns={
            "words": "Means",
            "measures_n": Column("Measures", "number", decimals=0),
            "rated_n": Column("With a status", "number", decimals=0),
            "missed_n": Column("Missed", "number", decimals=0),
        },
        empty="No measure is recorded, so nothing can be told.",
    )


def title(rows: pd.DataFrame) -> str:
    """How often measures miss their target where the means are not sure, and where they are said to be there.

    >>> title(pd.DataFrame({"means": ["no", "yes"], "rated_n": [4, 40], "missed_n": [3, 8]}))
    'Three of four measures miss their target where the means are not sure; where they are said to be there, 8 of 40'
    """
    short, there = (rows[rows["means"].isin(codes)] for codes in (rules.SHORT, ("yes",)))
    count = int(short["rated_n"].sum())
    ends = f"{int(there['missed_n'].sum())} of {int(there['rated_n'].sum())}"
    if not count:
        return f"No measure with a status serves an objective whose means are said to be short; {ends} miss their target all the same"
    n = int(short["missed_n"].sum())
    head = f"{out_of(n, count, 'measure')} {plural(n or 1, 'misses its', 'miss their')} target where the means are not sure"
    return f"{head}; where they are said to be there, {ends}"


def _listed(book: Book, short: pd.DataFrame) -> Html:
    pages = {one.id: f"../{one.id}/{MEASURES}.html" for one in book.council.directorates}
    order = short["means"].map({code: n for n, code in enumerate(rules.MEANS)})
    rows = with_aims(with_names(book.schemes.verdicts, short, pages))
    rows = rows.assign(order=order, words=rows["means"].map(MEANS)).sort_values(
        ["order", "title"], kind="stable"
    )
    n = len(short)
    return table(
        rows,
        title=f"{sentence(counted(n, 'measure', in_words=True))} {plural(n, 'misses its', 'miss their')} target, and the means for {plural(n, 'its', 'their')} objectives are not sure",
        subtitle=f"{book.quarter.words}, whole council; the least means first; each name leads to its directorate's page",
        columns={
            "measure": MEASURE,
            "latest": LATEST,
            "aim": TARGET,
            "words": "Means",
            "objectives": "Objective",
        },
    )
