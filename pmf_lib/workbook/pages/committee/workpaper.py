"""The appendix of page 7 in the form of a workpaper: what was tested how, on which records, with what result, signed by whom."""

from __future__ import annotations

from hashlib import sha256

import pandas as pd

from pmf_lib.assurance.audit_findings import FAILED
from pmf_lib.assurance.clauses import BINDING, UNTESTED, standing
from pmf_lib.assurance.maturity.embedding import by_clause
from pmf_lib.periods import date_words
from pmf_lib.store.files import canonical_json
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import kind_words
from pmf_lib.workbook.pages.shared import rules
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, details, link, phrase, summary_list
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import Collected

HASH_SHOWN = 16
"""Hexadecimal digits of a table's hash that are printed."""
UNSIGNED = "Blank until the paper is issued; then the post stands under “How this paper was agreed”."
RESULTS = {"met": "met", "partly": "partly met", "not_met": "not met"}


def shown(book: Book, collected: Collected, found: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Objective, scope, sources, procedure, results, exceptions, conclusion, and who prepared and reviewed it."""
    told: dict[str, Words] = {
        "Objective": f"To conclude whether the arrangements of the {book.framework.title} ({book.framework.edition}) are effective "
        f"and embedded in {book.quarter.words}, as the records stood on {date_words(book.as_at)}.",
        "Scope": bullets(scope(book, collected, found)),
        "Sources": phrase(
            link("The tables read, with rows and hashes", "#sources"), f"; snapshot {book.snapshot.id}."
        ),
        "Procedure": blocks(
            phrase(link("Each test and what it looked at", "#procedure"), ". "), rules.clause_rule(book)
        ),
        "Results": results(found),
        "Exceptions": phrase(
            f"{sentence(counted(len(exceptions), 'exception', in_words=True))}: ",
            link("each with its row", "#exceptions"),
            ".",
        ),
        "Conclusion": conclusion(book, found),
        "Prepared by": UNSIGNED,
        "Reviewed by": UNSIGNED,
    }
    return summary_list(told)


def scope(book: Book, collected: Collected, found: pd.DataFrame) -> list[str]:
    """Which units and clauses were looked at, and which were not."""
    read = [one.name for one in book.council.directorates if one.name not in collected.missing]
    tested = sum(standing(clause) == "has_test" for clause in book.framework.clauses)
    of = out_of(tested, len(book.framework.clauses), "clause")
    clauses = (
        f"{of} {plural(tested, 'has', 'have')} a test; {found['clause'].nunique()} are asked of these units."
    )
    left = [f"Not looked at: {'; '.join(collected.missing)}."] if collected.missing else []
    return [f"Units: {'; '.join([*read, 'the council as a whole'])}.", *left, clauses]


def results(found: pd.DataFrame) -> str:
    """How many tests of duties came to each result, unit by unit; they add up to all tests."""
    duties = found[found["force"].isin(BINDING)]
    counts = {words: int((duties["result"] == code).sum()) for code, words in RESULTS.items()}
    untested = int(duties["result"].isin(UNTESTED).sum())
    others = int((~found["force"].isin(BINDING)).sum())
    said = [f"{count} {words}" for words, count in counts.items()]
    rest = len(duties) - sum(counts.values()) - untested
    seen = [f"{rest} only observed"] if rest else []
    return (
        f"{counted(len(duties), 'test')} of duties, one for each unit that is asked: {listing([*said, *seen, f'{untested} without a result'])}. "
        f"{counted(others, 'test')} of clauses that bind nobody."
    )


def conclusion(book: Book, found: pd.DataFrame) -> str:
    """What the tests come to; what they can't tell is no pass."""
    if not book.has_own_records:
        return "None: published figures can't show whether arrangements are effective or embedded."
    duties = found[found["force"].isin(BINDING) & ~found["result"].isin(UNTESTED)]
    if duties.empty:
        return "None: nothing could be tested on the records that came."
    failed = duties[duties["result"].isin(FAILED)]
    if failed.empty:
        return "No failure was found in what could be tested. What could not be tested is no pass."
    weak = counted(failed["clause"].nunique(), "duty", "duties", in_words=True)
    units = "; ".join(dict.fromkeys(failed["unit"]))
    return f"{sentence(weak)} not fully met. Where: {units}. What could not be tested is no pass."


def sources(book: Book) -> Html:
    """Every table read: its files, rows read, kept and left out, and the hash of its rows as they were frozen."""
    reads = book.snapshot.table("reads")
    rows = reads[reads["is_sent"]].groupby("table", sort=False)
    counts = rows[["rows_read", "rows_kept", "rows_left_out"]].sum()
    files = rows["source_file"].agg(lambda names: "; ".join(dict.fromkeys(name for name in names if name)))
    told = counts.assign(files=files, hash=[table_hash(book, name) for name in counts.index]).reset_index()
    return table(
        told.assign(table=told["table"].map(sentence)),
        title=f"{sentence(counted(len(told), 'table', in_words=True))} of records {plural(len(told), 'was', 'were')} read",
        subtitle=f"As frozen in snapshot {book.snapshot.id}. The hash is the first {HASH_SHOWN} digits of the sha256 over the table's rows, "
        "directorate by directorate; the same rows give the same hash",
        columns={
            "table": "Table",
            "files": Column("Read from", missing="none"),
            "rows_read": Column("Rows read", "number", decimals=0),
            "rows_kept": Column("Kept", "number", decimals=0),
            "rows_left_out": Column("Left out", "number", decimals=0),
            "hash": "Hash",
        },
        empty="No table was sent.",
    )


def table_hash(book: Book, name: str) -> str:
    """The first digits of the hash over a table's partitions in the snapshot."""
    parts = canonical_json(book.snapshot.partitions.get(name, {}))
    return sha256(parts.encode()).hexdigest()[:HASH_SHOWN]


def procedure(book: Book, found: pd.DataFrame) -> Html:
    """Every test: what it asks, how many subjects and rows it looked at over all units, and on what it rests; folded away."""
    told = _tests(book, found)
    made = table(
        told,
        title=f"{counted(len(told), 'clause')} {plural(len(told), 'was', 'were')} put to a test, in {counted(len(found), 'test')}",
        subtitle="One row per clause, over all units; the results in each unit stand in the table above. Each test is described in "
        "the documentation under its name",
        columns={
            "asks": "What the framework asks",
            "test": "Test",
            "units": Column("Units asked", "number", decimals=0),
            "population": Column("Tested", "number", decimals=0),
            "failed": Column("Exceptions", "number", decimals=0),
            "rows_n": Column("Rows of arrangements looked at", "number", decimals=0),
            "rests": Column("Rests on", missing="–"),
        },
        empty="No clause of this framework has a test.",
    )
    return details("Each test, with how much it looked at", made)


def _tests(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """One row per clause: asks, test, units, population, failed, rows_n, rests (each kind of evidence once)."""
    told = by_clause(found, book.schemes.embedding)
    told = told.assign(
        asks=told["what"] + " (" + told["source"] + ")", rests=kind_words(book, told["rests_on"])
    )
    return told.groupby("clause", sort=False, as_index=False).agg(
        asks=("asks", "first"),
        test=("test", "first"),
        units=("unit", "nunique"),
        population=("population", "sum"),
        failed=("failed", "sum"),
        rows_n=("rows_n", "sum"),
        rests=("rests", lambda kinds: "; ".join(dict.fromkeys(kind for kind in kinds if kind))),
    )
