"""One CSV file read as text: nothing is interpreted, every row keeps its number as a spreadsheet shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.raw import CELLS_OVER, check_columns, raw_table
from pmf_lib.records.schema import Table

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Cells:
    """A CSV file as text: the header's names, and of every row that is not blank its number and its cells."""

    names: list[str]
    numbers: list[int]
    rows: list[list[str]]
    """As many cells a row as there are names."""
    over: list[int]
    """How many cells a row had beyond the header (negative: too few)."""


def table_of_csv(content: bytes, where: str, table: Table) -> pd.DataFrame:
    """One file's content as a raw table; `where` is its path as reports print it. Blank rows are skipped.

    Raises
    ------
    RecordsError
        It is empty, not UTF-8 or not CSV; a column is unknown, missing or there twice.
    """
    found = cells_of_csv(content, where, listed(table.needed))
    check_columns(found.names, where, table)
    frame = raw_table(found.names, found.rows, found.numbers, where)
    return frame.assign(**{CELLS_OVER: found.over}) if any(found.over) else frame


def cells_of_csv(content: bytes, where: str, needed: str) -> Cells:
    """One file's content, whatever its columns; `needed` says which ones an empty file is asked for.

    Raises
    ------
    RecordsError
        It is empty, not UTF-8 or not CSV.
    """
    rows = _rows(_text(content, where), where)
    names = _header(rows[0][1] if rows else [], where, needed)
    body = [(number, cells) for number, cells in rows[1:] if any(cell.strip() for cell in cells)]
    width = len(names)
    return Cells(
        names,
        [number for number, _ in body],
        [_padded(cells, width) for _, cells in body],
        [_cells_over(cells, width) for _, cells in body],
    )


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RecordsError(
            f"{where} is not UTF-8 text (line {line}). "
            "In the spreadsheet choose 'Save as', 'CSV UTF-8 (comma delimited)', and send the file again."
        ) from None


def _rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """Every row with its number as a spreadsheet shows it: a blank line counts, a line break in quotes does not."""
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend(enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1))
    except csv.Error as error:
        raise RecordsError(
            f"{where}, row {len(rows) + 1} cannot be read as CSV: {error}. "
            "Look there for a quotation mark that is not closed, or not doubled inside a cell."
        ) from None
    return rows


def _header(cells: Sequence[str], where: str, needed: str) -> list[str]:
    """The header's names."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise RecordsError(
            f"{where} is empty, or its first row is. The first row names the columns: {needed}."
        )
    _refuse_separator(names, where)
    return names


def _refuse_separator(names: list[str], where: str) -> None:
    for mark, words in _SEPARATORS.items():
        if len(names) == 1 and mark in names[0]:
            raise RecordsError(
                f"{where}: cells are separated by {words}, expected commas. "
                "In the spreadsheet choose 'Save as', 'CSV UTF-8 (comma delimited)', and send the file again."
            )


def _padded(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]


def _cells_over(cells: list[str], width: int) -> int:
    """Cells more (or, negative, fewer) than the header; empty cells beyond it are no cells."""
    beyond = [number for number, cell in enumerate(cells, start=1) if number > width and cell.strip()]
    return beyond[-1] - width if beyond else min(len(cells) - width, 0)
