"""What the annual review speaks of, computed once: frames of the year, or None where nobody sent what they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance import cycle
from pmf_lib.assurance.board.results import effects_lately
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.assurance.review import actions, course, duties, recommendations
from pmf_lib.records.schema import ARRANGEMENTS, RECORDED
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import sent
from pmf_lib.workbook.results import Collected, evidence
from pmf_lib.workbook.reviewed import Quarter, Year, year

READ = ("rated_measures", "arrangements", "exceptions")
"""Recorded results that the page rests on."""
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "quarters": "#where-each-quarter-comes-from",
        "course": "#duties-over-the-year",
        "cycle": "#the-cycle-of-the-year",
        "actions": "#actions-and-what-came-of-them",
        "recommendations": "#recommendations-followed-up",
        "review": "#the-framework-s-own-review",
        "beside": "#beside-another-framework",
        "limits": "#what-limits-this-review",
    }
)
"""What a sentence speaks of → the part of the page that shows it."""


@dataclass(frozen=True)
class Told:
    """The year as the page tells it; a frame is None where nobody sent the table that it needs."""

    year: Year
    records: Evidence
    courses: pd.DataFrame
    """The course of each duty in each unit (`pmf_lib.assurance.review.course.over_year`)."""
    duties: pd.DataFrame
    """The course of each duty over all units (`by_clause` there)."""
    bodies: pd.DataFrame | None
    """How far each body covered its year (`pmf_lib.assurance.cycle.council_coverage`)."""
    actions: pd.DataFrame | None
    outcomes: pd.DataFrame | None
    """What came after actions done in the year or the one before (`pmf_lib.assurance.review.actions.by_action`)."""
    recommendations: pd.DataFrame | None
    raised: pd.DataFrame | None
    """What the year's issued papers recommended; None where none of them kept a list."""
    own_review: pd.DataFrame
    """What the framework asks about its own review (`pmf_lib.assurance.review.duties.own_review`)."""
    last_recorded: date | None = None
    """The newest day by the as-at date on which a row of arrangements was recorded; None where there is none."""


def told(book: Book, collected: Collected) -> Told:
    """The year that ends with the book's quarter.

    Raises
    ------
    ParameterError
        The book's quarter is not the last of its year.
    """
    found = year(book, collected)
    records = evidence(book, collected["rated_measures"])
    courses = course.over_year(found.found, found.labels)
    of = (book.quarter.financial_year, book.as_at)
    return Told(
        year=found,
        records=records,
        courses=courses,
        duties=course.by_clause(courses),
        bodies=_sent(lambda: cycle.council_coverage(records)),
        actions=_sent(lambda: actions.of_year(records.kept("actions"), *of)),
        outcomes=_sent(lambda: actions.by_action(effects_lately(records, book.schemes.escalation))),
        recommendations=_sent(lambda: recommendations.of_year(records.kept("recommendations"), *of)),
        raised=None if found.raised is None else recommendations.raised(found.raised, found.labels),
        own_review=duties.own_review(found.last, found.exceptions, book.framework),
        last_recorded=last_recorded(book),
    )


def last_recorded(book: Book) -> date | None:
    """The newest day by the as-at date on which a row of arrangements was recorded, of the council's own records."""
    tables = (
        [book.snapshot.table(name) for name in sent(book) & set(ARRANGEMENTS)] if book.has_own_records else []
    )
    days = pd.concat([rows[RECORDED] for rows in tables]) if tables else pd.Series(dtype="datetime64[us]")
    known = days[days <= pd.Timestamp(book.as_at)]
    return None if known.empty else known.max().date()


def is_silent(book: Book, told: Told) -> bool:
    """Do the council's records break off before the year was over?"""
    return told.last_recorded is not None and told.last_recorded < book.quarter.end


def told_from(book: Book, quarter: Quarter) -> str:
    """What a quarter's results come from: ``own`` (the page's run), ``issued``, ``computed`` here, ``not_in_force`` or ``published``."""
    cases = {
        "own": quarter.is_own,
        "issued": quarter.paper is not None,
        "published": not book.has_own_records,
        "not_in_force": quarter.period.end < book.framework.in_force.from_date,
    }
    return next((code for code, holds in cases.items() if holds), "computed")


def is_after_year(book: Book) -> bool:
    """Did the framework come into force only after the year was over?"""
    return book.framework.in_force.from_date > book.quarter.end


def _sent(make: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    try:
        return make()
    except NotSentError:
        return None
