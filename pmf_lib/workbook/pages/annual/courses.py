"""Duties over the year: which fell, rose, stayed weak or were never tested, quarter by quarter, and where each quarter comes from."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from pmf_lib.assurance.clauses import BINDING, standing
from pmf_lib.assurance.review import course
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual.told import Told, is_after_year, told_from
from pmf_lib.workbook.pages.annual.year_words import COURSE
from pmf_lib.workbook.pages.year.cycle_words import tally
from pmf_lib.workbook.pieces.markup import Html, blocks, details, link, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.reviewed import Quarter

PUBLISHED = "Published figures tell nothing of how duties were met over the year."
OTHERS = ("held", "never", "not_asked")
"""Courses that are folded away: nothing moved, and nothing was found weak."""
FROM = {
    "own": "This page's own run",
    "computed": "Computed here, not from issued papers",
    "not_in_force": "Not told: the framework was not in force",
    "published": "Not told: published figures do not show it",
}
"""What a quarter's results come from, where no paper of it was issued."""
HOW = {
    "issued": ("is told from its issued paper", "are told from issued papers"),
    "computed": ("is computed here, not from issued papers", "are computed here, not from issued papers"),
    "not_in_force": (
        "is not told, the framework not being in force",
        "are not told, the framework not being in force",
    ),
}


def quarters(book: Book, told: Told) -> Html:
    """Where each quarter's results come from: an issued paper, the page's own run, or the records as they stood then."""
    rows = pd.DataFrame([_quarter(book, one) for one in told.year.quarters])
    return table(
        rows,
        title=_quarters_title(book, told),
        subtitle="A quarter that was not issued is told from today's records, as they stood at the same lag after its end, by the "
        "same rules",
        columns={
            "quarter": Column("Quarter", "period"),
            "of": Column("Told from", "html"),
            "as_at": Column("As at", "date"),
        },
    )


def _quarter(book: Book, one: Quarter) -> dict[str, Any]:
    lag = book.as_at - book.quarter.end
    as_at = one.paper.as_at if one.paper else one.period.end + lag
    return {"quarter": one.period.label, "of": _told_from(book, one), "as_at": pd.Timestamp(as_at)}


def _told_from(book: Book, one: Quarter) -> str | Html:
    if one.paper is None:
        return FROM[told_from(book, one)]
    place = f"{book.parameters['edition']}-v{one.paper.version}/council/7_audit_committee.html"
    issued = date_words(one.paper.paper.issue.dated)
    return link(f"Issued v{one.paper.version}, on {issued}", f"../../../{one.period.path}/{place}")


def _quarters_title(book: Book, told: Told) -> str:
    """How many of the year's earlier quarters are told from what."""
    if not book.has_own_records:
        return "No earlier quarter can be told from published figures"
    counts = Counter(told_from(book, one) for one in told.year.quarters if not one.is_own)
    said = tally(counts, HOW)
    whole = sum(counts.values())
    if len(said) == 1:
        return f"All {count_word(whole)} earlier quarters of the year {HOW[next(iter(counts))][1]}"
    return f"Of the year's {count_word(whole)} earlier quarters, {listing(said)}"


def moved(book: Book, told: Told) -> Html:
    """Duties that fell, stayed weak, wavered or rose, in each unit where they did; the others are folded away."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    if is_after_year(book):
        return paragraphs("No duty is followed over the year: the framework was not yet in force.")
    rows = told.courses[~told.courses["course"].isin(OTHERS)]
    rest = told.duties[told.duties["course"].isin(OTHERS)]
    return blocks(
        _listed(book, told, rows),
        paragraphs(_dark(told), _without_test(book)),
        *([details(_rest_words(rest), _others(rest))] if len(rest) else []),
    )


def _listed(book: Book, told: Told, rows: pd.DataFrame) -> Html:
    clauses = told.duties["clause"].tolist()
    place = rows["course"].map(course.COURSES.index) * len(clauses) + rows["clause"].map(clauses.index)
    shown = rows.loc[place.sort_values(kind="stable").index]
    return table(
        shown.assign(heading=[book.schemes.verdicts.get("course", code).word for code in shown["course"]]),
        title=_title(told),
        subtitle=f"{book.quarter.financial_year.label}, quarter by quarter: duties and minimum requirements that were not fully met in some "
        "quarter, in each unit; over all units a duty is counted once, at its worst. A blank means that there is no result",
        columns={
            "what": "What the framework asks",
            "unit": "Unit",
            **{
                label: Column(_head(label), "tag", verdict="clause", missing="") for label in told.year.labels
            },
            "source": "Section",
        },
        group="heading",
        empty="Every duty that could be tested was fully met in each quarter in which it could be.",
    )


def _head(label: str) -> str:
    """A quarter within its year.

    >>> _head("2023-24 Q1")
    'Quarter 1'
    """
    return f"Quarter {label[-1]}"


def _title(told: Told) -> str:
    """How many duties took which course, of those that did not simply hold."""
    counts = course.counts(told.duties)
    asked = len(told.duties) - counts["not_asked"]
    said = [
        f"{count_word(counts[code])} {verbs[counts[code] > 1]}"
        for code, verbs in COURSE.items()
        if code not in OTHERS and counts[code]
    ]
    if not said:
        return (
            "No duty fell, and none was found weak" if asked > counts["never"] else "No duty could be tested"
        )
    return f"Of {counted(asked, 'duty', 'duties')} with a test and asked, {listing(said)}"


def _dark(told: Told) -> str:
    """How many duties could be tested before and can't be any more."""
    count = int((told.duties["dark_n"] > 0).sum())
    names = listing(f"“{what}”" for what in told.duties.loc[told.duties["dark_n"] > 0, "what"].head(3))
    if not count:
        return ""
    return f"{sentence(counted(count, 'duty', 'duties', in_words=True))} could be tested before and can't be in the last quarter, in some unit: {names}."


def _without_test(book: Book) -> str:
    """How many duties no test answers: none of them is taken for a pass."""
    bare = [one for one in book.framework.clauses if one.force in BINDING and standing(one) != "has_test"]
    if not bare:
        return ""
    count = sentence(counted(len(bare), "more duty", "more duties", in_words=True))
    return f"{count} {plural(len(bare), 'has', 'have')} no test: a person must tell, and none of them is taken for a pass."


def _rest_words(rest: pd.DataFrame) -> str:
    counts = rest["course"].value_counts()
    words = {
        "held": "held",
        "never": "could never be tested",
        "not_asked": "not due, without occasion or varied",
    }
    said = [f"{counts[code]} {word}" for code, word in words.items() if code in counts]
    return f"The other {counted(len(rest), 'duty', 'duties')}: {listing(said)}"


def _others(rest: pd.DataFrame) -> Html:
    return table(
        rest,
        title=_rest_words(rest),
        subtitle="One row per duty, over all units; the number of quarters is that of the unit in which most could be tested",
        columns={
            "what": "What the framework asks",
            "course": Column("Over the year", "tag", verdict="course"),
            "tested_n": Column("Quarters tested", "number", decimals=0),
            "source": "Section",
        },
    )
