"""Published files as grids of text: rows numbered as a spreadsheet numbers them, headers joined over their rows.

Workbooks are read with python-calamine, one sheet at a time and only those asked for; CSV and Parquet are a single
sheet without a name. Nothing is parsed here: every cell is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.grammar import BY_CELLS, Filter, Header

NEAREST = 5
JOINED = " | "
"""Between the rows of a header, top to bottom."""

_DIGITS = "[0-9¹²³⁴⁵⁶⁷⁸⁹⁰]"
_FOOTNOTES = re.compile(
    rf"(?<=[A-Za-z)]){_DIGITS}{{1,2}}(?:, ?{_DIGITS}{{1,2}})*(?=$|[\s(])|\s{_DIGITS}{{1,2}}(?=$|\s\|)"
)
"""Digits glued to a word, or alone at the end of a header's part."""

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Merged areas as (row, column) of their first and last cell, from zero."""


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
    read: Callable[[str], Sheet]

    def sheet(self, pattern: str) -> Sheet:
        """The one sheet whose name fits the pattern (a file without sheets has one named '').

        Raises
        ------
        RecordsError
            No sheet fits, or several do.
        """
        fitting = [name for name in self.names if re.fullmatch(pattern, name.strip(), re.I)]
        if len(fitting) == 1:
            with _readable(self.label):
                return self.read(fitting[0])
        found = f"{len(fitting)} sheets fit: {listed(fitting)}" if fitting else "no sheet fits"
        raise RecordsError(
            f"{self.label}: {found} the name '{pattern}'. The file's own sheets: "
            f"{listed(nearest(pattern, self.names, len(self.names)))}. Mend 'sheet' in the source's file."
        )


@dataclass(frozen=True)
class Grid:
    """One table below its header: where it is from, a header for each column, and the rows as text."""

    label: str
    sheet: str
    headers: tuple[str, ...]
    rows: pd.DataFrame

    @property
    def where(self) -> str:
        """File and sheet, as error messages name them."""
        return f"{self.label}, sheet '{self.sheet}'" if self.sheet else self.label

    def column(self, pattern: str) -> Any:
        """The one column whose header fits (footnote digits are passed over where that alone decides).

        Raises
        ------
        RecordsError
            None fits, or several do.
        """
        if pattern.startswith(BY_CELLS):
            return self._holding(pattern.removeprefix(BY_CELLS))
        for headers in (self.headers, tuple(map(without_footnotes, self.headers))):
            fitting = [place for place, header in enumerate(headers) if re.search(pattern, header, re.I)]
            if len(fitting) == 1:
                return fitting[0]
        raise self._unclear(pattern, fitting)

    def passing(self, filters: Filter) -> pd.Series:
        """True for each row whose cells are among the values of every column named."""
        passed = pd.Series(True, index=self.rows.index)
        for pattern, wanted in filters.items():
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            passed &= self.rows[self.column(pattern)].isin(values)
        return passed

    def _holding(self, pattern: str) -> Any:
        for place in self.rows.columns:
            if self.rows[place].str.fullmatch(pattern).any():
                return place
        raise RecordsError(
            f"{self.where}: no column holds a cell like '{pattern}'. Its headers: {listed(self.headers)}."
        )

    def _unclear(self, pattern: str, fitting: list[int]) -> RecordsError:
        if fitting:
            found = f"fits {len(fitting)} headers: {listed(self.headers[place] for place in fitting)}"
            return RecordsError(f"{self.where}: the pattern '{pattern}' {found}. Make it fit one alone.")
        near = listed(nearest(pattern, self.headers))
        return RecordsError(
            f"{self.where}: the pattern '{pattern}' fits no header. The file's own headers nearest to it: {near}. "
            "Mend the pattern in the source's file, or the header in the file."
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


@contextmanager
def _readable(label: str) -> Iterator[None]:
    """Faults of a file as errors that name it."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise RecordsError(
            f"{label}: it can't be read: {error}. Is it whole, and what its name says?"
        ) from error


def grid(label: str, sheet: Sheet, header: Header | None) -> Grid:
    """The table below its header (the first row, where nothing else is said).

    Raises
    ------
    RecordsError
        No row holds a cell like the header's first or last pattern.
    """
    if sheet.headers:
        return Grid(label, sheet.name, sheet.headers, sheet.cells)
    first, last = _header_rows(label, sheet, header) if header else (0, 0)
    headers = tuple(map(_joined, _spread(sheet, first, last)))
    return Grid(label, sheet.name, headers, sheet.cells.iloc[last + 1 :])


def nearest(pattern: str, options: Iterable[str], count: int = NEAREST) -> list[str]:
    """The options most like a pattern, best first.

    >>> nearest("^total households$", ["Region", "Total number of households"], 1)
    ['Total number of households']
    """
    wanted = re.sub(r"\\.|[^\w\s]", " ", pattern).strip().lower()
    shown = dict.fromkeys(option for option in options if option)
    return sorted(shown, key=lambda option: -_likeness(wanted, option))[:count]


def without_footnotes(header: str) -> str:
    """A header without the digits of its footnotes.

    >>> without_footnotes("Total in TA1,2,3 | In area5 (000s) | more than 6 weeks 8")
    'Total in TA | In area (000s) | more than 6 weeks'
    """
    return _FOOTNOTES.sub("", header)


def _likeness(wanted: str, option: str) -> float:
    parts = [option, *option.split(JOINED)]
    return max(SequenceMatcher(None, wanted, part.lower()).ratio() for part in parts)


def _header_rows(label: str, sheet: Sheet, header: Header) -> tuple[int, int]:
    first = _row_like(label, sheet, header.first, 0)
    return first, _row_like(label, sheet, header.last, first) if header.last else first


def _row_like(label: str, sheet: Sheet, pattern: str, start: int) -> int:
    """Place of the topmost row, from `start`, with a cell that fits the pattern."""
    fits = re.compile(pattern, re.I)
    for place in range(start, len(sheet.cells)):
        texts = [_plain(text) for text in sheet.cells.iloc[place]]
        if any(fits.search(text) or fits.search(without_footnotes(text)) for text in texts if text):
            return place
    there = [_plain(text) for text in sheet.cells.head(30).to_numpy().ravel()]
    raise RecordsError(
        f"{label}, sheet '{sheet.name}': no header row holds a cell like '{pattern}'. The sheet's own cells nearest "
        f"to it: {listed(nearest(pattern, there))}. Mend 'header' in the source's file."
    )


def _spread(sheet: Sheet, first: int, last: int) -> list[list[str]]:
    """The header's columns, top to bottom, with the text of each merged area in all its cells."""
    spread = sheet.cells.iloc[first : last + 1].to_numpy(dtype=object, copy=True)
    for (top, left), (bottom, right) in sheet.merged:
        if first <= top <= last:
            spread[top - first : bottom - first + 1, left : right + 1] = spread[top - first, left]
    return [[str(text) for text in column] for column in spread.T]


def _joined(column: list[str]) -> str:
    """The distinct texts of a header's column, top to bottom."""
    return JOINED.join(part for part in dict.fromkeys(map(_plain, column)) if part)


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    return " ".join(text.split())


def _numbered(rows: pd.DataFrame, first: int) -> pd.DataFrame:
    """Columns from zero; rows labelled as a spreadsheet numbers them."""
    numbered = rows.set_axis(range(rows.shape[1]), axis=1)
    return numbered.set_axis(range(first, first + len(rows)), axis=0)


def _open_excel(path: Path, label: str) -> Book:
    book = CalamineWorkbook.from_path(path)

    def read(name: str) -> Sheet:
        found = book.get_sheet_by_name(name)
        rows = [[_text(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
        return Sheet(name, _numbered(pd.DataFrame(rows, dtype=str), 1), tuple(found.merged_cell_ranges or ()))

    return Book(label, tuple(book.sheet_names), read)


def _open_csv(path: Path, label: str) -> Book:
    def read(name: str) -> Sheet:
        rows = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
        return Sheet(name, _numbered(rows.fillna(""), 1))

    return Book(label, ("",), read)


def _open_parquet(path: Path, label: str) -> Book:
    def read(name: str) -> Sheet:
        table = pd.read_parquet(path)
        text = pd.DataFrame({place: _texts(table.iloc[:, place]) for place in range(table.shape[1])})
        headers = tuple(_plain(str(column)) for column in table.columns)
        return Sheet(name, _numbered(text, 2), headers=headers)

    return Book(label, ("",), read)


def _texts(column: pd.Series) -> pd.Series:
    """A column as text; whole numbers without a point, nothing as ''."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("")
    known = {value: _text(value) for value in column.dropna().unique()}
    return column.map(known).astype("str").where(column.notna(), "")


def _text(cell: Any) -> str:
    """One cell as text.

    >>> [_text(cell) for cell in (154.0, 0.25, "Walsall ", None, True)]
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
