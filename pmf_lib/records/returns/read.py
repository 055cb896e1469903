"""A filled return, read: whose it is, its rows as text with their places, and what its sender counted and summed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pmf_lib.errors import RecordsError, listed, near_miss
from pmf_lib.records.cells import Asked, parse_column
from pmf_lib.records.raw import CELLS_OVER, Raw, check_columns, raw_table
from pmf_lib.records.returns.book import Book, Sheet, text_of
from pmf_lib.records.returns.extent import Area
from pmf_lib.records.returns.layout import (
    CONTROL_HEAD,
    COUNCIL_ID,
    COVER,
    DIRECTORATE_ID,
    OWN_SHEETS,
    QUARTER,
    cell_name,
    figures,
    is_help,
    says_something,
)
from pmf_lib.records.schema import DELIVERY, TABLES, Table

COVER_ROWS = 200
Totals = tuple[float, float]
"""Rows, and the sum of their figures."""


@dataclass(frozen=True)
class Cover:
    """What a cover says: ids as text ('' where it says nothing), and what its formulas counted, by table."""

    council: str = ""
    directorate: str = ""
    quarter: str = ""
    stated: Mapping[str, Totals] | None = None


@dataclass(frozen=True)
class Content:
    """What a return's sheets hold.

    ``sheets``: by table, every filled row as text (one row per row of the sheet). ``raw``: the same as raw tables
    (`pmf_lib.records.raw`), without rows that say nothing but their key. ``places``: table → column → number of the
    column in the sheet, from 0. ``read``: rows and sum of figures, by table. ``notes``: sentences about whole sheets.
    """

    sheets: Mapping[str, pd.DataFrame]
    raw: Raw
    places: Mapping[str, Mapping[str, int]]
    read: Mapping[str, Totals]
    notes: tuple[str, ...]

    @property
    def unfilled(self) -> int:
        """Rows that wait for a value."""
        return sum(len(self.sheets[name]) - len(self.raw[name]) for name in self.sheets)


def read_cover(book: Book) -> Cover:
    """The plain block on the cover: a label in column A and what it says in column B."""
    sheet = _named(book, COVER)
    if sheet is None:
        return Cover()
    rows = [
        [text_of(cell) for cell in cells][:3] + [""] * 3
        for number, cells in sheet.rows.items()
        if number <= COVER_ROWS
    ]
    said = {row[0]: row[1] for row in reversed(rows)}
    return Cover(
        said.get(COUNCIL_ID, ""), said.get(DIRECTORATE_ID, ""), said.get(QUARTER, ""), dict(_stated(rows))
    )


def read_content(book: Book, label: str) -> Content:
    """The tables of a return; `label` is the file that its rows name.

    Raises
    ------
    RecordsError
        No sheet is a table; a sheet seems to be one under another name; a column is unknown, missing or there twice.
    """
    found = {name: sheet for name in TABLES if (sheet := _named(book, name)) is not None}
    others = [name for name in book.sheets if _plain(name) not in {*TABLES, *map(_plain, OWN_SHEETS)}]
    _refuse_renamed(book.name, found, others)
    read = {name: _table(sheet, book.name, label, TABLES[name]) for name, sheet in found.items()}
    sheets = {name: frame for name, (frame, _) in read.items()}
    raw = {name: _filled(frame, TABLES[name]) for name, frame in sheets.items()}
    totals = {name: _totals(frame, TABLES[name]) for name, frame in raw.items()}
    return Content(
        sheets,
        raw,
        {name: places for name, (_, places) in read.items()},
        totals,
        tuple(_notes(found, others)),
    )


def delivered(raw: Raw, day: date, directorate: str, accepted: Collection[str] = ()) -> Raw:
    """Raw tables as a return of this directorate, received on this day, when the `accepted` measures were its own."""
    said = {DELIVERY[0]: day.isoformat(), DELIVERY[1]: directorate}
    return {
        name: frame.assign(
            **{key: pd.Series(text, frame.index, dtype="str") for key, text in said.items()},
            **{
                DELIVERY[3]: _spoken_of(frame)
                .isin(list(accepted))
                .map({True: "yes", False: ""})
                .astype("str")
            },
        )
        for name, frame in raw.items()
    }


def measures_of(raw: Raw) -> set[str]:
    """Every measure that these tables speak of."""
    return {name for frame in raw.values() for name in _spoken_of(frame)} - {""}


def _spoken_of(frame: pd.DataFrame) -> pd.Series:
    return frame["measure_id"].str.strip() if "measure_id" in frame else pd.Series("", frame.index)


def _plain(name: str) -> str:
    return name.strip().lower()


def _named(book: Book, wanted: str) -> Sheet | None:
    """The sheet of this name, whatever its case."""
    found = [sheet for name, sheet in book.sheets.items() if _plain(name) == _plain(wanted)]
    if len(found) > 1:
        raise RecordsError(f"{book.name}: the sheet '{wanted}' is there twice. Keep one of the two.")
    return found[0] if found else None


def _stated(rows: list[list[str]]) -> Iterable[tuple[str, Totals]]:
    """What the cover's formulas counted and summed; nothing where a program did not work them out."""
    heads = [at for at, row in enumerate(rows) if tuple(row[:3]) == CONTROL_HEAD]
    for row in rows[heads[0] + 1 :] if heads else []:
        if row[0] in TABLES:
            yield row[0], (_finite(row[1]), _finite(row[2]))


def _finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _refuse_renamed(name: str, found: Mapping[str, Sheet], others: list[str]) -> None:
    missing = [table for table in TABLES if table not in found]
    for other in others:
        near = near_miss(_plain(other), missing)
        if near:
            raise RecordsError(
                f"{name}: the sheet '{other[:80]}' is none of the template's.{near} Rename it."
            )
    if not found:
        raise RecordsError(
            f"{name}: none of its sheets is a table of records. Tables: {listed(TABLES)}. Use the template."
        )


def _notes(found: Mapping[str, Sheet], others: list[str]) -> Iterable[str]:
    missing = [table for table in TABLES if table not in found]
    if missing:
        yield f"No sheet {listed(missing)}: nothing was read for it, and what was known before still stands."
    if others:
        yield f"Sheets that were not read, because they are none of the template's: {listed(others)}."


def _table(sheet: Sheet, file: str, label: str, table: Table) -> tuple[pd.DataFrame, dict[str, int]]:
    """One sheet as a raw table, and the place of each column."""
    where = f"{file}, sheet '{sheet.name}'"
    header = [text_of(cell) for cell in sheet.rows.get(1, [])]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise RecordsError(f"{where}: row 1 is empty; it names the columns: {listed(table.needed)}.")
    places = {name: at for at, name in enumerate(header) if not is_help(name)}
    names = [name for name in header if not is_help(name)]
    check_columns(names, where, table, add="Put the header of the template back into row 1.")
    rows = {number: cells for number, cells in sheet.rows.items() if number > 1}
    kinds = {name: Asked.of(name, table.columns[name]).kind for name in names}
    texts = [
        [_cell_text(cells[at] if at < len(cells) else "", kinds[name]) for name, at in places.items()]
        for cells in rows.values()
    ]
    frame = raw_table(names, texts, list(rows), label, sheet.name)
    over = [_beyond(cells, len(header)) for cells in rows.values()]
    areas = _areas(sheet.merged, list(rows))
    frame[DELIVERY[2]] = pd.Series(areas, frame.index, dtype="str")
    return frame.assign(**{CELLS_OVER: over}) if any(over) else frame, places


def _cell_text(cell: Any, kind: str) -> str:
    """A cell as text. Typed into a spreadsheet, '2024-07' becomes the 1st of July: as a period it is the month again."""
    text = text_of(cell)
    if kind == "period" and isinstance(cell, date) and text.endswith("-01"):
        return text[:7]
    return text


def _beyond(cells: list[Any], width: int) -> int:
    """How many cells further than the header the row reaches."""
    filled = [at for at, cell in enumerate(cells[width:], start=1) if text_of(cell)]
    return filled[-1] if filled else 0


def _areas(merged: Iterable[Area], numbers: list[int]) -> list[str]:
    """For each row the merged area that covers it ('' for none)."""
    said = pd.Series("", pd.Index(numbers, dtype="int64"), dtype="str")
    for (top, left), (bottom, right) in merged:
        covered = (said.index > max(top, 1)) & (said.index <= bottom + 1)
        said[covered] = f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)} is merged"
    return said.to_list()


def _filled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Rows that say more than their key; one with a merged cell may have lost what it said."""
    names = [name for name in says_something(table) if name in frame]
    filled = (frame[names] != "").any(axis=1)
    if DELIVERY[2] in frame:
        filled |= frame[DELIVERY[2]] != ""
    return frame[filled].reset_index(drop=True)


def filled_totals(frame: pd.DataFrame, table: Table) -> Totals:
    """Rows that say more than their key, and the sum of what can be read as figures in them."""
    return _totals(_filled(frame, table), table)


def _totals(frame: pd.DataFrame, table: Table) -> Totals:
    """Rows, and the sum of what can be read as figures."""
    numbers = [
        parse_column(frame[name], Asked.of(name, table.columns[name])).typed.fillna(0.0)
        for name in figures(table)
        if name in frame
    ]
    return float(len(frame)), round(math.fsum(math.fsum(each) for each in numbers), 6)
