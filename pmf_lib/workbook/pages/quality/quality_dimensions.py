"""The dimensions of data quality for a unit: what was looked at in each, what is in order and what is not."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pmf_lib.periods import date_words
from pmf_lib.records.cells import in_file
from pmf_lib.records.quality.known import came_late, report_before
from pmf_lib.records.quality.measures import left_out
from pmf_lib.records.quality.told import UNIT_SLIP
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, blocks, details
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.reliance import Quality


def dimensions(book: Book, quality: Quality) -> Html:
    """One row per dimension: what was looked at, how much of it is in order, and what is not; the counts reconcile."""
    rows = [
        _completeness(book, quality),
        _attributes(quality),
        *_timeliness(book, quality),
        _validity(book, quality),
    ]
    rows += [_uniqueness(book, quality), _consistency(book, quality), _revised(quality)]
    shown = pd.DataFrame(rows, columns=["dimension", "looked_at", "in_order", "not_in_order", "says"])
    counts = table(
        shown,
        title="What is in order, and what is not, in each dimension of data quality",
        subtitle=f"{book.unit_name}; {_values_counted(book)}; and every row of this unit's records",
        columns={
            "dimension": "Dimension",
            "says": "What was found",
            "looked_at": Column("Looked at", "number", decimals=0),
            "in_order": Column("In order", "number", decimals=0),
            "not_in_order": Column("Not in order", "number", decimals=0),
        },
    )
    late = _late(book, quality)
    return blocks(counts, details("The values that came late", late)) if late else counts


def _values_counted(book: Book) -> str:
    """Which values are counted as due: the rule of `known.values_due` in words."""
    quarters, ended = book.schemes.quality.due_quarters, book.quarter.end
    since = report_before(book.quarter, book.as_at, quarters)
    return (
        f"values for periods that ended by {date_words(ended)}, and that ended in the last {count_word(quarters)} "
        f"quarters or fell due after {date_words(since)}"
    )


LATE_SHOWN = 12


def _late(book: Book, quality: Quality) -> Html | None:
    """The values that came late, the latest first; none where lateness is not judged or nothing came late."""
    rows = came_late(quality.seen.due, book.table("observations"), book.as_at)
    if rows.empty or not book.has_own_records:
        return None
    more = len(rows) - LATE_SHOWN
    titles = quality.seen.measures.set_index("measure_id")["title"]
    place = in_file(rows) + ", row " + rows["source_row"].astype("str")
    return table(
        rows.assign(title=rows["measure_id"].map(titles), place=place).head(LATE_SHOWN),
        title=sentence(f"{counted(len(rows), 'value', in_words=True)} came late"),
        subtitle="The latest first; a value is dated by the row with which it first came"
        + (f". {sentence(count_word(more))} more {plural(more, 'is', 'are')} not listed" if more > 0 else ""),
        columns={
            "title": "Measure",
            "period": Column("Period", "period"),
            "due_on": Column("Due on", "date"),
            "recorded_at": Column("Came on", "date"),
            "days_late": Column("Days late", "number", decimals=0),
            "place": "Where",
        },
    )


Row = tuple[str, int, int, int, str]


def _row(dimension: str, whole: int, off: int, says: str) -> Row:
    """One dimension; over nothing it says nothing but that."""
    return dimension, whole, whole - off, off, says if whole else "There was nothing to look at."


def _sum(quality: Quality, name: str) -> int:
    return int(quality.measures[name].sum())


def _completeness(book: Book, quality: Quality) -> Row:
    due = _sum(quality, "due_n")
    missing = due - _sum(quality, "received_n")
    gone = f"{sentence(counted(missing, 'value', in_words=True))} that fell due {plural(missing, 'is', 'are')} not there."
    says = gone if missing else "None of the values counted is missing."
    return _row("Completeness: values", due, missing, says)


NEEDED = {"not_defined": "a definition", "target_missing": "a target where one is wanted"}


def _attributes(quality: Quality) -> Row:
    measures, states = quality.seen.measures, quality.seen.states
    kept = measures[measures["measure_id"].map(states) != "retired"]
    lacking = {words: kept["measure_id"].map(states) == state for state, words in NEEDED.items()}
    lacking["an owner"] = kept["owner"] == ""
    lack = pd.DataFrame(lacking).any(axis=1)
    counts = {words: n for words, rows in lacking.items() if (n := int(rows.sum()))}
    said = [
        f"{count_word(n) if max(counts.values()) <= 10 else n} without {words}" for words, n in counts.items()
    ]
    says = (
        f"{sentence(listing(said))}."
        if said
        else "Each has a definition, an owner, and a target where one is wanted."
    )
    return _row("Completeness: measures described", len(kept), int(lack.sum()), says)


def _timeliness(book: Book, quality: Quality) -> list[Row]:
    """Nothing on publishers: they owe the council no return."""
    if not book.has_own_records:
        return []
    came, late = _sum(quality, "received_n"), _sum(quality, "late_n")
    due = quality.seen.due
    worst = int(due.loc[due["is_there"], "days_late"].max()) if late else 0
    says = (
        f"{sentence(counted(late, 'value', in_words=True))} came after the day {plural(late, 'it was', 'they were')} due, "
        f"the latest by {counted(worst, 'day')}."
        if late
        else "Each value that came was there by the day it was due."
    )
    return [_row("Timeliness", came, late, says)]


def _validity(book: Book, quality: Quality) -> Row:
    lost = len(left_out(quality.seen.findings))
    twice = _rows_with(quality.seen.findings, UNIQUENESS)
    says = (
        f"{sentence(counted(lost, 'row', in_words=True))} could not be used and {plural(lost, 'was', 'were')} left out"
        f"{_of_them_twice(lost, twice)}."
        if lost
        else "Every row that was read could be used."
    )
    return _row("Validity", _rows_read(book, quality), lost, says)


def _of_them_twice(lost: int, twice: int) -> str:
    """Which of the rows that were left out are told under uniqueness too.

    >>> _of_them_twice(1, 1), _of_them_twice(4, 1), _of_them_twice(4, 0)
    (', since it has the key of another: see Uniqueness', ', one of them since it has the key of another: see Uniqueness', '')
    """
    whose = "" if lost == twice else f"{count_word(twice)} of them "
    has = plural(twice, "it has", "they have")
    return f", {whose}since {has} the key of another: see Uniqueness" if twice else ""


def _rows_read(book: Book, quality: Quality) -> int:
    """Rows of the unit's records as read: those kept and those left out."""
    return sum(len(book.table(name)) for name in book.sidecar.reads) + len(left_out(quality.seen.findings))


def _rows_with(found: pd.DataFrame, rules: Collection[str]) -> int:
    """Rows on which one of these rules fired."""
    rows = found[found["rule"].isin(list(rules))]
    return len(rows.drop_duplicates(["table", "source_file", "source_sheet", "source_row"]))


UNIQUENESS = {
    "key.repeated": ("row repeats another", "rows repeat another"),
    "key.conflict": ("row contradicts another of the same key", "rows contradict another of the same key"),
}


def _uniqueness(book: Book, quality: Quality) -> Row:
    found = quality.seen.findings
    off = _rows_with(found, UNIQUENESS)
    says = _fired(found, UNIQUENESS, "No row is there twice.")
    both = f" {plural(off, 'It is', 'They are')} counted under Validity too." if off else ""
    return _row("Uniqueness", _rows_read(book, quality), off, says + both)


def _fired(found: pd.DataFrame, rules: dict[str, tuple[str, str]], none: str) -> str:
    """How often each of these rules fired, in words."""
    counts = {rule: int((found["rule"] == rule).sum()) for rule in rules}
    said = [f"{count_word(n)} {plural(n, *rules[rule])}" for rule, n in counts.items() if n]
    return f"{sentence(listing(said))}." if said else none


CONSISTENCY = {
    "value.unit-slip": ("value seems to be a power of ten out", "values seem to be a power of ten out"),
    "value.differs": (
        "value is not what numerator and denominator give",
        "values are not what numerator and denominator give",
    ),
    "value.below-nought": (
        "value is below nought, where none can be",
        "values are below nought, where none can be",
    ),
    "value.other-scale": (
        "measure has values and a target on different scales",
        "measures have values and targets on different scales",
    ),
    "period.not-ended": (
        "value was recorded before its period ended",
        "values were recorded before their period ended",
    ),
    "period.other-kind": (
        "comparator is for another kind of period",
        "comparators are for another kind of period",
    ),
    "target.range": ("target's range is upside down", "targets' ranges are upside down"),
    "target.slip": (
        "target seems to be a power of ten out",
        "targets seem to be a power of ten out",
    ),
    "target.changed-unapproved": (
        "target was changed within the year without an approval",
        "targets were changed within the year without an approval",
    ),
    "target.stretch-worse": (
        "stretch target is worse than its target",
        "stretch targets are worse than their targets",
    ),
    "target.later": (
        "target begins after every period reported",
        "targets begin after every period reported",
    ),
    "series.falls-in-year": (
        "count since 1 April is below the one before",
        "counts since 1 April are below the one before",
    ),
    "series.copied": (
        "series repeats earlier values more often than chance gives",
        "series repeat earlier values more often than chance gives",
    ),
    "series.digits": (
        "series ends in 0 or 5 more often than chance gives",
        "series end in 0 or 5 more often than chance gives",
    ),
    "commentary.contradicts": (
        "commentary seems to contradict its figures",
        "commentaries seem to contradict their figures",
    ),
}


OFF_CHART_TOO = "A value a power of ten out is rated as sent, but left out of the chart and its limits until it is mended or confirmed."


def _consistency(book: Book, quality: Quality) -> Row:
    found = pd.concat([quality.seen.findings, quality.seen.contradictions])
    none = "No value, target, comparator or commentary is at odds with another."
    whole = _rows_read(book, quality)
    off_chart = f" {OFF_CHART_TOO}" if (found["rule"] == UNIT_SLIP).any() else ""
    says = _fired(found, CONSISTENCY, none) + off_chart
    return _row("Consistency", whole, _rows_with(found, CONSISTENCY), says)


def _revised(quality: Quality) -> Row:
    changed = len(quality.seen.revisions)
    held = len(quality.seen.known)
    says = (
        f"{sentence(counted(changed, 'value', in_words=True))} {plural(changed, 'was', 'were')} changed since {quality.since_words}."
        if changed
        else f"No value was changed since {quality.since_words}."
    )
    return _row("Revisions", held, changed, says)
