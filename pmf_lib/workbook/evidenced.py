"""Is the framework lived in the book's unit: results of clauses, levels, claims beside them, and how they were before.

Everything earlier is told from the same records as they stood at the same lag after that quarter's end, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from pmf_lib.assurance import clauses
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.assurance.maturity import claims, drift, embedding
from pmf_lib.once import once
from pmf_lib.performance.rate import states
from pmf_lib.periods import Period
from pmf_lib.records.reads import tables_sent
from pmf_lib.records.schema import ARRANGEMENTS, RECORDED
from pmf_lib.workbook import reliance
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.rated import rated, slips

RatedIn = Callable[[Period], pd.DataFrame]


@once
def arrangements(book: Book, measures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and exceptions of the framework's clauses for the book's unit."""
    return _results(book, measures, states_in(book))


@once
def evidence(book: Book, measures: pd.DataFrame, earlier: RatedIn | None = None) -> Evidence:
    """What the clause tests may look at; `earlier`: `states_in` of the book that this one looks back from."""
    return Evidence(
        {name: book.table(name) for name in book.sidecar.reads},
        measures,
        book.findings,
        book.framework,
        book.quarter,
        book.as_at,
        is_own=book.has_own_records,
        council=book.council,
        directorate=book.unit.id if book.unit else "",
        sent=sent(book),
        whole=book.whole,
        charts=book.schemes.xmr,
        set_aside=slips(book),
        escalation=book.schemes.escalation,
        reliance=reliance.quality(book, measures).measures.set_index("measure_id")["reliance"],
        rated_in=earlier or states_in(book),
    )


@once
def rated_in(book: Book) -> RatedIn:
    """The unit's measures as rated for a quarter, the book's own or an earlier one, each once in the book's life."""

    def measures(quarter: Period) -> pd.DataFrame:
        if quarter.label not in book.rated_before:
            book.rated_before[quarter.label] = rated(as_reported(book, quarter)).measures
        return book.rated_before[quarter.label]

    return measures


@once
def states_in(book: Book) -> RatedIn:
    """The same, measure_id and state at least: where a quarter was not rated yet, its states are told alone, which costs less."""

    def measures(quarter: Period) -> pd.DataFrame:
        if quarter.label in book.rated_before or not book.has_own_records:
            return rated_in(book)(quarter)
        return _states_in(book, quarter)

    return measures


@once
def _states_in(book: Book, quarter: Period) -> pd.DataFrame:
    then = as_reported(book, quarter)
    tables = (then.table(name) for name in ("measures", "observations", "targets"))
    return states(*tables, quarter=quarter, as_at=then.as_at, scheme=then.schemes.status)


@once
def as_reported(book: Book, quarter: Period) -> Book:
    """The book of an earlier quarter, as its own report could know it: at the same lag after its end, decisions too."""
    as_at = quarter.end + (book.as_at - book.quarter.end)
    decided, looks_back = book.decided.by(as_at), book.looks_back or quarter != book.quarter
    if quarter == book.quarter and decided == book.decided:
        return book
    return replace(book, quarter=quarter, as_at=as_at, decided=decided, looks_back=looks_back)


@once
def sent(book: Book) -> frozenset[str]:
    """Tables that somebody had sent by the book's as-at date.

    A table of arrangements had come once its first row was recorded. One without rows says nothing of when it came: it had
    come on the day of the first return that brought it; where no return did, it counts as sent in the quarter asked
    for, and as not sent in any quarter before.
    """
    names = tables_sent(book.snapshot.table("reads"))
    return frozenset(name for name in names if name not in ARRANGEMENTS or _had_come(book, name))


def _had_come(book: Book, name: str) -> bool:
    days = book.snapshot.table(name)[RECORDED]
    if days.empty:
        days = _delivered(book.snapshot.table("reads"), name)
    return bool((days <= pd.Timestamp(book.as_at)).any()) if len(days) else not book.looks_back


def _delivered(reads: pd.DataFrame, name: str) -> pd.Series[pd.Timestamp]:
    """The days on which returns brought this table."""
    came = reads.loc[(reads["table"] == name) & reads["is_sent"] & (reads["delivered"] != ""), "delivered"]
    return pd.to_datetime(came).astype("datetime64[us]")


def shown(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """Clause results, each with what it rests on and the level that it shows."""
    return embedding.by_clause(found, book.schemes.embedding)


def levels(book: Book, found: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """The level of each group of clauses, from clause results (`keys`: such as the unit)."""
    return embedding.by_group(shown(book, found), book.schemes.embedding, *keys)


@dataclass(frozen=True)
class Before:
    """Clauses as they were shown (`shown`) a quarter and a year before."""

    quarter: pd.DataFrame
    year: pd.DataFrame


@once
def before(book: Book) -> Before:
    """The clauses of the quarter before and of the same quarter of the year before, each as its own report could know it.

    A quarter in which the framework was not in force, and any quarter of published figures, has none.
    """
    return Before(*(_shown_in(book, book.quarter.shift(-step)) for step in (1, 4)))


def matured(book: Book, found: pd.DataFrame, then: Before | None = None) -> pd.DataFrame:
    """The level of each group of clauses, beside what is claimed of it and how it was before: what page 3 records.

    Columns: those of `embedding.by_group`, `claims.beside` and `drift.beside`. `then`: as from `before`, where it is there
    already.
    """
    return drifted(book, claimed(book, levels(book, found)), found, then or before(book))


def claimed(book: Book, groups: pd.DataFrame) -> pd.DataFrame:
    """Groups of the book's unit beside what the unit claims of them (`claims.beside`)."""
    if "attestations" not in sent(book):
        return claims.beside(groups, None)
    rows = book.table("attestations")
    own = rows[rows["directorate"] == (book.unit.id if book.unit else "")]
    return claims.beside(groups, claims.known(own, book.quarter.financial_year, book.as_at))


def drifted(book: Book, groups: pd.DataFrame, found: pd.DataFrame, then: Before) -> pd.DataFrame:
    """Groups of the book's unit, told from these clause results, beside how they were a quarter and a year before (`drift.beside`)."""
    return drift.beside(groups, shown(book, found), then.quarter, then.year, book.schemes.embedding)


def _results(book: Book, measures: pd.DataFrame, earlier: RatedIn) -> tuple[pd.DataFrame, pd.DataFrame]:
    asked = clauses.asked_in(book.framework.clauses, "directorate" if book.unit else "council")
    return clauses.results(asked, evidence(book, measures, earlier), book.schemes.clauses)


def _shown_in(book: Book, quarter: Period) -> pd.DataFrame:
    """Clauses as shown in an earlier quarter."""
    return shown(as_reported(book, quarter), found_in(book, quarter))


def found_in(book: Book, quarter: Period) -> pd.DataFrame:
    """Results of the unit's clauses in an earlier quarter, as its own report could know them.

    A quarter in which the framework was not in force, and any quarter of published figures, has none.
    """
    is_asked = book.has_own_records and quarter.end >= book.framework.in_force.from_date
    then = as_reported(book, quarter)
    return _results(then, rated_in(book)(quarter), states_in(book))[0] if is_asked else clauses.no_results()
