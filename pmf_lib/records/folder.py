"""A folder of CSV files, one a table, read as text: nothing is interpreted, every row keeps its file and row number.

What is wrong with a file as a whole (its name, encoding or header) stops the reading, because every row would be
misread; what is wrong with one row is left for `pmf_lib.records.parse` to find.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pandas as pd

from pmf_lib import settings
from pmf_lib.errors import RecordsError, listed, near_miss
from pmf_lib.records.schema import TABLES, Table

CELLS_OVER = "source_cells_over"
"""How many cells a row has beyond its header (negative: too few); there only where some row is ragged."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_folder(folder: str) -> dict[str, pd.DataFrame]:
    """Read every ``<table>.csv`` of a folder under the root.

    Parameters
    ----------
    folder
        Path relative to the root, such as ``data/sample``.

    Returns
    -------
    dict
        Raw tables by name, in the order of `schema.TABLES`: one row per row of the file, text columns as the file
        has them ('' where empty), ``source_file``, ``source_sheet`` ('') and ``source_row`` (the header is row 1);
        ``source_cells_over`` where rows are ragged. Blank rows are skipped.

    Raises
    ------
    RecordsError
        The folder is not there; a file's name is no table; a file is empty, not UTF-8 or not CSV; a column is
        unknown, missing or there twice.
    """
    place = _inside_root(folder)
    shown = PurePosixPath(folder)
    files: dict[str, Path] = {}
    for path in _csv_files(folder, place):
        if path.stem not in TABLES:
            raise RecordsError(_no_table(f"{shown}/{path.name}", path.stem))
        if path.stem in files:
            raise RecordsError(
                f"{shown}/{path.name} is there under two spellings. Keep one of the two files."
            )
        files[path.stem] = path
    return {
        name: _read_table(files[name], f"{shown}/{files[name].name}", table)
        for name, table in TABLES.items()
        if name in files
    }


def _inside_root(folder: str) -> Path:
    """The folder's place; only paths inside the root are followed."""
    named = PurePosixPath(folder)
    if named.is_absolute() or ".." in named.parts or not named.parts:
        raise RecordsError(
            f"'{folder}' is not a folder of records. Name it relative to the workbook's root, for example 'data/sample'."
        )
    place = settings.root() / named
    if not place.is_dir():
        raise RecordsError(
            f"The folder of records '{folder}' is not there. "
            "Make it, or correct 'records: folders' in the council's file under parameters/councils."
        )
    return place


def _csv_files(folder: str, place: Path) -> list[Path]:
    try:
        found = sorted(place.iterdir())
    except OSError as error:
        raise RecordsError(f"'{folder}' cannot be opened: {error.strerror}.") from error
    return [path for path in found if path.suffix.lower() == ".csv" and not path.name.startswith(".")]


def _no_table(where: str, name: str) -> str:
    return (
        f"{where}: '{name}' is not a table of records.{near_miss(name.lower(), TABLES)} "
        f"Tables: {listed(TABLES)}. Rename the file, or move it out of the folder."
    )


def _read_table(path: Path, where: str, table: Table) -> pd.DataFrame:
    """One file as a raw table; `where` is its path as reports print it."""
    rows = _rows(_text(path, where), where)
    header = _header(rows[0][1] if rows else [], where, table)
    body = [(number, cells) for number, cells in rows[1:] if any(cell.strip() for cell in cells)]
    width = len(header)
    frame = pd.DataFrame([_padded(cells, width) for _, cells in body], columns=header, dtype="str")
    frame["source_file"] = pd.Series(where, frame.index, dtype="str")
    frame["source_sheet"] = pd.Series("", frame.index, dtype="str")
    frame["source_row"] = pd.Series([number for number, _ in body], frame.index, dtype="int64")
    over = [_cells_over(cells, width) for _, cells in body]
    return frame.assign(**{CELLS_OVER: over}) if any(over) else frame


def _text(path: Path, where: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecordsError(
            f"{where} cannot be opened: {error.strerror}. Close it elsewhere, or see its rights."
        ) from error
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


def _header(cells: Sequence[str], where: str, table: Table) -> list[str]:
    """The header's names, checked against the table."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise RecordsError(
            f"{where} is empty, or its first row is. The first row names the columns: {listed(table.needed)}."
        )
    for check in (_refuse_separator, _refuse_unknown, _refuse_twice, _refuse_missing):
        check(names, where, table)
    return names


def _refuse_separator(names: list[str], where: str, table: Table) -> None:
    for mark, words in _SEPARATORS.items():
        if len(names) == 1 and mark in names[0]:
            raise RecordsError(
                f"{where}: cells are separated by {words}, expected commas. "
                "In the spreadsheet choose 'Save as', 'CSV UTF-8 (comma delimited)', and send the file again."
            )


def _refuse_unknown(names: list[str], where: str, table: Table) -> None:
    for number, name in enumerate(names, start=1):
        if name not in table.columns:
            said = f"column '{name}' is" if name else f"column {number} has no name; it is"
            raise RecordsError(
                f"{where}: {said} not a column of the table '{table.name}'.{near_miss(name.lower(), table.columns)} "
                f"Columns: {', '.join(repr(known) for known in table.columns)}. Rename it or take it out."
            )


def _refuse_twice(names: list[str], where: str, table: Table) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise RecordsError(f"{where}: column '{twice[0]}' is there twice. Keep one of the two.")


def _refuse_missing(names: list[str], where: str, table: Table) -> None:
    missing = [name for name in table.needed if name not in names]
    if missing:
        raise RecordsError(
            f"{where}: column '{missing[0]}' is missing. The table '{table.name}' needs {listed(table.needed)}. "
            f"Missing: {listed(missing)}. Add them to the first row."
        )


def _padded(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]


def _cells_over(cells: list[str], width: int) -> int:
    """Cells more (or, negative, fewer) than the header; empty cells beyond it are no cells."""
    beyond = [number for number, cell in enumerate(cells, start=1) if number > width and cell.strip()]
    return beyond[-1] - width if beyond else min(len(cells) - width, 0)
