"""Deliveries of a published source: its files, table by table, and the day on which each became known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError, RecordsError, listed
from pmf_lib.records.published import grammar
from pmf_lib.records.published.books import Book, open_book, saved_on
from pmf_lib.records.published.grammar import Comparator, Measure, RecordedAt, Source, Table
from pmf_lib.records.published.headers import nearest
from pmf_lib.records.published.labels import read_day
from pmf_lib.records.published.readers import READERS

LABEL = "published:"
"""Start of a published file's name in records; what follows is its path in the folder of published files."""


@dataclass(frozen=True)
class Delivery:
    """One table of one file: the day on which it became known ('' where that follows from the period), and others."""

    source: Source
    table: Table
    path: Path
    book: Book
    day: str
    others: tuple[Comparator, ...]

    @property
    def rule(self) -> RecordedAt:
        """How the day is known."""
        return _rule(self.source, self.table)

    def scale(self, measure: Measure) -> float:
        """What this file's figures are multiplied by."""
        again = (one.by for one in measure.rescale if fnmatch(self.path.name, one.files))
        return measure.scale * next(again, 1)


def deliveries(source: Source, folder: Path) -> list[Delivery]:
    """Every table of every file, oldest recording first, so that the newest comes last.

    Raises
    ------
    RecordsError
        No file fits, one can't be read, its day is not found, or the list of neighbours can't be read.
    """
    others = (*source.authority.comparators, *_neighbours(source, folder))
    opened = lru_cache(None)(lambda path: open_book(path, LABEL + path.relative_to(folder).as_posix()))
    found = [
        Delivery(source, table, path, opened(path), _day(_rule(source, table), path, opened(path)), others)
        for table in source.tables
        for path in source_paths(source, table, folder)
    ]
    return sorted(found, key=lambda one: one.day)


def source_paths(source: Source, table: Table, folder: Path) -> list[Path]:
    """The files of a table, sorted by name.

    Raises
    ------
    RecordsError
        None fits the glob.
    """
    files = table.files or source.files
    paths = sorted(folder.glob(files))
    if paths:
        return paths
    there = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("*/*"))]
    raise RecordsError(
        f"No file under the published folder fits '{files}' ({source.title}). "
        f"Nearest to it: {listed(nearest(files, there))}. Put the file there, or mend 'files' in the source's file."
    )


def recorded(delivery: Delivery, period: pd.Series) -> pd.Series:
    """The day of recording for each row."""
    days = delivery.rule.days_after_period
    if days is None:
        return pd.Series(delivery.day, index=period.index, dtype="str")
    known: Mapping[str, str] = {label: _after(label, days) for label in period.unique()}
    return period.map(known).astype("str")


def _rule(source: Source, table: Table) -> RecordedAt:
    rule = table.recorded_at or source.recorded_at
    if rule is None:  # the grammar refuses such a source
        raise RecordsError(f"{source.title}: no 'recorded_at' is said.")
    return rule


def _neighbours(source: Source, folder: Path) -> Iterator[Comparator]:
    """Neighbours as comparators, each under its name, or its code where the list gives none."""
    rule = source.authority.neighbours
    if rule is None:
        return
    found = READERS[rule.reader](folder / rule.file, LABEL + rule.file, rule.of)
    for code, name in found.items():
        yield Comparator(name=name or code, kind="authority", where={rule.column: code})


def _day(rule: RecordedAt, path: Path, book: Book) -> str:
    """The day on which a whole file became known, or '' where it follows from each row's period."""
    if rule.given:
        return rule.given.isoformat()
    if rule.days_after_period is not None:
        return ""
    written = grammar.caught(rule.file_name, path.name) if rule.file_name else _cell(rule, book)
    try:
        day = read_day(written).isoformat()
        return max(day, saved_on(path)) if rule.not_before else day
    except ParameterError:
        raise RecordsError(
            f"{book.label}: the day of recording is not where 'recorded_at' says ('{written}'). "
            "Mend it in the source's file."
        ) from None


def _cell(rule: RecordedAt, book: Book) -> str:
    """What the first cell that fits the pattern says, row by row."""
    if rule.cell is None:
        return ""
    sheet = book.sheet(rule.cell.sheet)
    caught = (grammar.caught(rule.cell.pattern, text) for text in sheet.cells.to_numpy().ravel() if text)
    return next((text for text in caught if text), "")


def _after(label: str, days: int) -> str:
    """The day so many days after a period's end; '' where the period can't be read."""
    try:
        end: date = periods.parse(label).end
    except ParameterError:
        return ""
    return (end + timedelta(days=days)).isoformat()
