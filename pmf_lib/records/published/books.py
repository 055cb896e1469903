"""Published files as books of sheets of text.

Workbooks are read with python-calamine, one sheet at a time and only those asked for; CSV and Parquet are a single
sheet without a name. Nothing is parsed here: every cell is text, and every row keeps a spreadsheet's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.published.headers import fitting, nearest, plain

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Merged areas as (row, column) of their first and last cell, from zero."""
Only = Mapping[str, Collection[str]]
"""Column's pattern → the only values of interest: rows without them need not be read."""
ALL: Only = MappingProxyType({})
PROPERTIES = "docProps/core.xml"
PROPERTIES_AT_MOST = 65536
"""Bytes of a workbook's properties that are read."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as it came: text cells (row label = spreadsheet row), merged areas, and headers if they are known."""

    name: str
    cells: pd.DataFrame
    merged: Merged = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """One file: what it is called in records, the names of its sheets, and how one of them is read."""

    label: str
    names: tuple[str, ...]
    read: Callable[[str, Only], Sheet]

    def sheet(self, pattern: str, only: Only = ALL) -> Sheet:
        """The one sheet whose name fits the pattern (a file without sheets has one named '').

        `only` may save reading: it never leaves out a row that holds one of its values.

        Raises
        ------
        RecordsError
            No sheet fits, or several do.
        """
        found = [name for name in self.names if re.fullmatch(pattern, name.strip(), re.I)]
        if len(found) == 1:
            with _readable(self.label):
                return self.read(found[0], only)
        said = f"{len(found)} sheets fit: {listed(found)}" if found else "no sheet fits"
        raise RecordsError(
            f"{self.label}: {said} the name '{pattern}'. The file's own sheets: "
            f"{listed(nearest(pattern, self.names, len(self.names)))}. Mend 'sheet' in the source's file."
        )


def open_book(path: Path, label: str) -> Book:
    """A published file, ready to give its sheets.

    Raises
    ------
    RecordsError
        It is not a file that can be read, or not of a kind that is known.
    """
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        raise RecordsError(f"{label}: files of kind '{path.suffix}' are not read, only {listed(_OPENERS)}.")
    with _readable(label):
        return opener(path, label)


def saved_on(path: Path) -> str:
    """The day on which a workbook says it was last saved, as YYYY-MM-DD; '' where it says none."""
    with _readable(path.name), ZipFile(path) as parts:
        if PROPERTIES not in parts.namelist():
            return ""
        with parts.open(PROPERTIES) as part:
            found = re.search(rb"<dcterms:modified[^>]*>(\d{4}-\d{2}-\d{2})T", part.read(PROPERTIES_AT_MOST))
    return found[1].decode() if found else ""


@contextmanager
def _readable(label: str) -> Iterator[None]:
    """Faults of a file as errors that name it."""
    try:
        yield
    except (BadZipFile, CalamineError, OSError, ValueError) as error:
        raise RecordsError(
            f"{label}: it can't be read: {error}. Is it whole, and what its name says?"
        ) from error


def _numbered(rows: pd.DataFrame, first: int) -> pd.DataFrame:
    """Columns from zero; rows labelled as a spreadsheet numbers them."""
    numbered = rows.set_axis(range(rows.shape[1]), axis=1)
    return numbered.set_axis(range(first, first + len(rows)), axis=0)


def _open_excel(path: Path, label: str) -> Book:
    book = CalamineWorkbook.from_path(path)

    def read(name: str, only: Only) -> Sheet:
        found = book.get_sheet_by_name(name)
        rows = [[text_of(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
        return Sheet(name, _numbered(pd.DataFrame(rows, dtype=str), 1), tuple(found.merged_cell_ranges or ()))

    return Book(label, tuple(book.sheet_names), read)


def _open_csv(path: Path, label: str) -> Book:
    def read(name: str, only: Only) -> Sheet:
        rows = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
        return Sheet(name, _numbered(rows.fillna(""), 1))

    return Book(label, ("",), read)


def _open_parquet(path: Path, label: str) -> Book:
    def read(name: str, only: Only) -> Sheet:
        import pyarrow.parquet as pq

        table = pq.read_table(path)
        headers = tuple(plain(column) for column in table.column_names)
        places = _places(table, headers, only)
        kept = table.take(places).to_pandas()
        text = pd.DataFrame({place: _texts(kept.iloc[:, place]) for place in range(kept.shape[1])})
        return Sheet(name, text.set_axis(places + 2, axis=0), headers=headers)

    return Book(label, ("",), read)


def _places(table: Any, headers: Sequence[str], only: Only) -> np.ndarray[Any, Any]:
    """Which rows of a Parquet table hold one of the values of interest; an unclear column is left to its reader."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = np.ones(table.num_rows, dtype=bool)
    for pattern, values in only.items():
        found = fitting(headers, pattern)
        if len(found) == 1:
            column = table.column(found[0])
            told = [value for value in column.unique() if text_of(value.as_py()) in values]
            kept &= pc.is_in(column, pa.array([value.as_py() for value in told], column.type)).to_numpy()
    return np.flatnonzero(kept)


def _texts(column: pd.Series) -> pd.Series:
    """A column as text; whole numbers without a point, nothing as ''."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("")
    known = {value: text_of(value) for value in column.dropna().unique()}
    return column.map(known).astype("str").where(column.notna(), "")


def text_of(cell: Any) -> str:
    """One cell of a published file as text, as it comes: nothing is put into the words or the digits of a return.

    Records' own cells become yes, no and days (`sources.cell_text`: every digit of a typed cell; `returns.book`: at most
    the 15 digits that a spreadsheet shows). A published one is matched with what its source's file quotes.

    >>> [text_of(cell) for cell in (154.0, 0.25, "Walsall ", None, True)]
    ['154', '0.25', 'Walsall', '', 'True']
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


_OPENERS: Mapping[str, Callable[[Path, str], Book]] = {
    ".csv": _open_csv,
    ".parquet": _open_parquet,
    ".xlsx": _open_excel,
}
