"""Pieces of page 5: what went well, in figures that can bear it and in what services put on the register of successes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import rated_in, sent
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pages.measures.measures import VERDICTS
from pmf_lib.workbook.pages.shared.named import LATEST, MEASURE, TARGET, with_aims, with_names
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.results import MEASURES

NO_MEASURE = "No measure is recorded, so nothing can be told."
WHY = {
    "improving": "really improving",
    "regained": "met; missed a year ago",
    "steady": "met, and safe to stay so as things run",
}
"""Why a measure is a success, in the order in which they are told."""
COUNTED = {
    "improving": ("is really improving", "are really improving"),
    "regained": ("meets a target that it missed a year ago", "meet targets that they missed a year ago"),
    "steady": ("is met and safe to stay so", "are met and safe to stay so"),
}


def found(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """Measures that are a success, each once: its columns, and why (a key of `WHY`).

    A target that is met and safe to stay so is none where the process has just changed. One that is missed a year ago is told
    of the council's own records alone.
    """
    before = _missed_before(book) if len(rated) else set()
    is_met = rated["state"] == "met"
    better = rated["variation"].isin(sentences.IMPROVING)
    regained = is_met & rated["measure_id"].isin(before) & ~rated["variation"].isin(sentences.WORSENING)
    steady = is_met & (rated["capability"] == "consistently_meets") & ~just_changed(rated["variation"])
    why = np.select([better, regained, steady], list(WHY), "")
    rows = rated.assign(why=pd.Series(why, rated.index, dtype="str"))
    order = rows["why"].map({code: n for n, code in enumerate(WHY)})
    rows = rows.assign(order=order)[rows["why"] != ""]
    return rows.sort_values(["order", "title"], kind="stable").drop(columns="order")


def _missed_before(book: Book) -> set[str]:
    """Measures that missed their target in the same quarter of the year before, as its own report could know it."""
    if not book.has_own_records:
        return set()
    before = rated_in(book)(book.quarter.shift(-4))
    return set(before.loc[before["state"] == "missed", "measure_id"])


def said(book: Book, rated: pd.DataFrame) -> str:
    """How many successes there are and of which kinds; empty where there is none."""
    return kinds(found(book, rated)) if len(rated) else ""


def kinds(rows: pd.DataFrame) -> str:
    """How many successes there are of each kind.

    >>> kinds(pd.DataFrame({"why": ["improving", "steady", "steady"]}))
    'Three measures are successes: one is really improving and two are met and safe to stay so.'
    """
    counts = {code: int((rows["why"] == code).sum()) for code in WHY}
    parts = [f"{count_word(n)} {COUNTED[code][n > 1]}" for code, n in counts.items() if n]
    if not parts:
        return ""
    n = len(rows)
    return f"{sentence(counted(n, 'measure', in_words=True))} {plural(n, 'is a success', 'are successes')}: {listing(parts)}."


def shown(book: Book, rated: pd.DataFrame) -> Html:
    """Real improvements and targets regained; folded, those that are met and safe to stay so; then the register of successes."""
    if rated.empty:
        return paragraphs(NO_MEASURE)
    rows = found(book, rated)
    moved, steady = rows[rows["why"] != "steady"], rows[rows["why"] == "steady"]
    folded = _folded(book, steady, len(moved)) if len(steady) else Html("")
    return blocks(_moved(book, moved) if len(moved) or steady.empty else Html(""), folded, register(book))


def _moved(book: Book, rows: pd.DataFrame) -> Html:
    n = len(rows)
    empty = "No success can be shown yet: no measure really improves, has regained its target, or is met and safe to stay so."
    title = (
        f"{sentence(counted(n, 'measure', in_words=True))} {plural(n, 'has', 'have')} turned out better"
        if n
        else "Successes"
    )
    return _listed(book, rows, title, empty)


def _folded(book: Book, steady: pd.DataFrame, others: int) -> Html:
    n = len(steady)
    head = f"{sentence(count_word(n))} {'more targets' if others and n > 1 else 'more target' if others else plural(n, 'target')}"
    title = f"{head} {plural(n, 'is', 'are')} met and safe to stay so as things run"
    return details(title, _listed(book, steady, title, ""))


def _listed(book: Book, rows: pd.DataFrame, title: str, empty: str) -> Html:
    pages = {one.id: f"../{one.id}/{MEASURES}.html" for one in book.council.directorates}
    named = with_aims(with_names(book.schemes.verdicts, rows, pages))
    return table(
        named.assign(because=[sentence(WHY[code]) for code in rows["why"]]),
        title=title,
        subtitle=f"{book.quarter.words}, whole council; each name leads to its directorate's page",
        columns={
            "measure": MEASURE,
            "latest": LATEST,
            "aim": TARGET,
            "state": VERDICTS["state"],
            "variation": VERDICTS["variation"],
            "because": "Why it is one",
        },
        empty=empty,
    )


def register(book: Book) -> Html:
    """What services put on the register of successes since the quarter began; nothing of published figures."""
    if not book.has_own_records:
        return Html("")
    if "registers" not in sent(book):
        return paragraphs(
            "Nobody sent the table of registers, so nothing is known of successes that services put down."
        )
    rows = book.whole("registers")
    day = pd.Timestamp(book.quarter.start)
    rows = rows[(rows["register"] == "successes") & (rows["opened_on"] >= day)]
    rows = rows[rows["opened_on"] <= pd.Timestamp(book.as_at)].sort_values("opened_on", kind="stable")
    since = f"since {date_words(book.quarter.start)}"
    if rows.empty:
        return paragraphs(f"No success was put on the register {since}.")
    n = len(rows)
    return details(
        f"{sentence(counted(n, 'success', 'successes', in_words=True))} put on the register {since}",
        _registered(book, rows, since),
    )


def _registered(book: Book, rows: pd.DataFrame, since: str) -> Html:
    names = {one.id: one.name for one in book.council.directorates}
    n = len(rows)
    whose = rows["service"].where(rows["service"] != "", rows["directorate"].map(names).fillna(""))
    return table(
        rows.assign(whose=whose),
        title=f"{sentence(counted(n, 'success', 'successes', in_words=True))} on the register",
        subtitle=f"Put down {since}, as at {date_words(book.as_at)}; in the services' own words, not tested",
        source="The register of successes.",
        columns={
            "title": "What",
            "whose": Column("Whose", missing="whole council"),
            "opened_on": Column("On", "date"),
            "outcome": Column("What came of it", missing="nothing is said"),
        },
    )
