"""What the third line and outside assurers concluded in the last year, for the committee's paper."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines.rules import LINES
from pmf_lib.workbook import evidenced, results
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.assured.assured import READ, mapped
from pmf_lib.workbook.pages.shared.evidence import place_of
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence

INDEPENDENT = ("third", "external")
MONTHS = 12
PUBLISHED = "Published figures hold no reports of internal audit or of outside assurers."
UNSENT = "Nobody sent the table of assurances, so it is not known what internal audit and outside assurers concluded."
NONE = "No report of internal audit or of an outside assurer is recorded in the last year."
ORDER = ("none", "limited", "reasonable", "substantial", "not-stated")
SAID = {
    "none": "no assurance",
    "limited": "limited assurance",
    "reasonable": "reasonable assurance",
    "substantial": "substantial assurance",
    "not-stated": "no conclusion",
}


def lately(book: Book) -> pd.DataFrame | None:
    """Sources of the third line and from outside reported in the year to the as-at date, the newest first; None where the table was not sent."""
    if "assurances" not in evidenced.sent(book):
        return None
    rows = book.whole("assurances")
    now = pd.Timestamp(book.as_at)
    since = now - pd.DateOffset(months=MONTHS)
    shown = rows[rows["line"].isin(INDEPENDENT) & rows["reported_on"].between(since, now)]
    return shown.sort_values("reported_on", ascending=False, kind="stable").reset_index(drop=True)


def summary(book: Book) -> str:
    """How many reports of the third line and from outside came in the last year, and what they concluded."""
    if not book.has_own_records:
        return PUBLISHED
    rows = lately(book)
    if rows is None:
        return UNSENT
    if rows.empty:
        return NONE
    counts = rows["conclusion"].value_counts()
    said = listing(f"{count_word(int(counts[code]))} with {SAID[code]}" for code in ORDER if code in counts)
    who = f"{sentence(counted(len(rows), 'report', in_words=True))} of internal audit or an outside assurer came in the last year"
    if len(counts) == 1 and len(rows) > 1:
        every = "both" if len(rows) == 2 else f"all {count_word(len(rows))}"
        said = f"{every} with {SAID[str(counts.index[0])]}"
    return f"{who}: {said}."


def shown(book: Book, groups: pd.DataFrame | None = None) -> Html:
    """What the third line and outside assurers concluded in the last year, with each conflict with this run's levels named.

    `groups`: levels of groups in each unit by its name, as page 7 has them; without, they are computed here.
    """
    rows = lately(book) if book.has_own_records else None
    if rows is None or rows.empty:
        return paragraphs(summary(book))
    whose = {one.id: one.name for one in book.council.directorates}
    made = table(
        rows.assign(
            of=rows["line"].map(LINES),
            where=rows["directorate"].map(whose).astype("object").fillna("whole council"),
            place=place_of(rows),
        ),
        title=summary(book).rstrip("."),
        subtitle=f"Reports of the year to {book.as_at.day} {book.as_at:%B %Y}; how much they looked at and what they concluded are two things",
        source="The table of assurances, as named.",
        columns={
            "subject": "About",
            "provider": "Who",
            "of": "Line",
            "where": "Where",
            "amount": Column("How much", "tag", verdict="amount"),
            "conclusion": Column("Concluded", "tag", verdict="conclusion"),
            "reported_on": Column("Reported on", "date"),
            "place": "Read from",
        },
    )
    return blocks(made, bullets(conflicts(book, groups), empty=_agree(len(rows))))


def _agree(count: int) -> str:
    return f"{plural(count, 'It does not contradict', 'None of them contradicts')} the levels that this paper gives."


def conflicts(book: Book, groups: pd.DataFrame | None = None) -> list[str]:
    """Where a source of the third line or from outside and another in force, or this run's own level, are far apart."""
    collected = results.collected(book, *(READ if groups is None else ("rated_measures",)))
    found = mapped(book, collected, groups)
    rows = found.findings[found.findings["kind"] == "conflict"]
    own = set(found.sources.loc[found.sources["line"].isin(INDEPENDENT), "source"])
    told = [not own.isdisjoint(cell.split("; ")) for cell in rows["sources"]]
    return [f"{row['sentence']} {row['why']}" for row in rows[told].to_dict("records")]
