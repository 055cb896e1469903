"""Tables of published files as grids of text: below their headers, with columns found by pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.published.books import Sheet
from pmf_lib.records.published.grammar import BY_CELLS, LIKE, Filter, Header, Spread
from pmf_lib.records.published.headers import fitting, joined, nearest, plain, without_footnotes


@dataclass(frozen=True)
class Grid:
    """One table below its header: where it is from, a header for each column, and the rows as text.

    `lines` is known of a table that was spread: the file's row of each cell (0 for none), shaped as `rows`.
    """

    label: str
    sheet: str
    headers: tuple[str, ...]
    rows: pd.DataFrame
    lines: pd.DataFrame | None = None

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
        found = fitting(self.headers, pattern)
        if len(found) == 1:
            return found[0]
        raise self._unclear(pattern, found)

    def columns(self, pattern: str) -> list[int]:
        """All columns whose headers fit.

        Raises
        ------
        RecordsError
            None fits.
        """
        found = fitting(self.headers, pattern)
        if found:
            return found
        raise self._unclear(pattern, found)

    def passing(self, filters: Filter) -> pd.Series:
        """True for each row whose cells are among the values of every column named (or like one of them)."""
        passed = pd.Series(True, index=self.rows.index)
        for pattern, wanted in filters.items():
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            cells = self.rows[self.column(pattern)]
            among = cells.isin(values)
            for value in values:
                if value.startswith(LIKE):
                    among |= cells.str.fullmatch(value.removeprefix(LIKE), case=False)
            passed &= among
        return passed

    def keeping(self, mask: pd.Series) -> Grid:
        """The rows where the mask is true."""
        lines = None if self.lines is None else self.lines[mask]
        return replace(self, rows=self.rows[mask], lines=lines)

    def line(self, columns: list[int]) -> pd.Series:
        """The file's row of the first of these columns that holds a cell; a row's own where none does."""
        own = pd.Series(self.rows.index, index=self.rows.index, dtype="int64")
        if self.lines is None:
            return own
        held = self.lines[columns]
        first = held.mask(held == 0).bfill(axis=1).iloc[:, 0]
        return first.fillna(own).astype("int64")

    def _holding(self, pattern: str) -> Any:
        for place in self.rows.columns:
            if self.rows[place].str.fullmatch(pattern).any():
                return place
        raise RecordsError(
            f"{self.where}: no column holds a cell like '{pattern}'. Its headers: {listed(self.headers)}."
        )

    def _unclear(self, pattern: str, found: list[int]) -> RecordsError:
        if found:
            said = f"fits {len(found)} headers: {listed(self.headers[place] for place in found)}"
            return RecordsError(f"{self.where}: the pattern '{pattern}' {said}. Make it fit one alone.")
        near = listed(nearest(pattern, self.headers))
        return RecordsError(
            f"{self.where}: the pattern '{pattern}' fits no header. The file's own headers nearest to it: {near}. "
            "Mend the pattern in the source's file, or the header in the file."
        )


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
    headers = tuple(map(joined, _spread_merged(sheet, first, last)))
    return Grid(label, sheet.name, headers, sheet.cells.iloc[last + 1 :])


def spread(found: Grid, by: Spread) -> Grid:
    """A long table made wide: rows that differ in name and value alone become one, with a column for each name.

    A row's label is the first of its rows; a name that is not there leaves its cell blank.

    Raises
    ------
    RecordsError
        A column is not found, or two rows tell the same name of the same thing.
    """
    name, value = found.column(by.names), found.column(by.values)
    rest: list[Any] = [place for place in found.rows.columns if place not in (name, value)]
    group = found.rows.groupby(rest, sort=False).ngroup()
    told = pd.DataFrame({"group": group, "name": found.rows[name], "value": found.rows[value]})
    told["line"] = told.index
    _refuse_twice(found, told)
    first = told.drop_duplicates("group")
    kept = found.rows.loc[first.index, rest]
    values, lines = (_by_name(told, column, first["group"]) for column in ("value", "line"))
    none = pd.DataFrame(0, index=kept.index, columns=kept.columns)
    headers = [found.headers[place] for place in rest] + [str(name) for name in values.columns]
    return replace(
        found,
        headers=tuple(headers),
        rows=_joined_on(kept, values.fillna("")),
        lines=_joined_on(none, lines.fillna(0)).astype("int64"),
    )


def _by_name(told: pd.DataFrame, column: str, groups: pd.Series) -> pd.DataFrame:
    """One row per group, one column per name, in the order in which they come."""
    parts = {name: part.set_index("group")[column] for name, part in told.groupby("name", sort=False)}
    return pd.DataFrame(parts, index=pd.Index(groups))


def _refuse_twice(found: Grid, told: pd.DataFrame) -> None:
    twice = told[told.duplicated(["group", "name"], keep=False)]
    if len(twice):
        name, rows = twice["name"].iloc[0], twice["line"].head(2).tolist()
        raise RecordsError(
            f"{found.where}: rows {rows[0]} and {rows[1]} both tell '{name}' of the same thing, so the table can't be "
            "spread. Name in 'where' which rows are meant, or take the doubled row out of the file."
        )


def _joined_on(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([left, right.set_axis(left.index, axis=0)], axis=1)
    return both.set_axis(range(both.shape[1]), axis=1)


def _header_rows(label: str, sheet: Sheet, header: Header) -> tuple[int, int]:
    first = _row_like(label, sheet, header.first, 0)
    return first, _row_like(label, sheet, header.last, first) if header.last else first


def _row_like(label: str, sheet: Sheet, pattern: str, start: int) -> int:
    """Place of the topmost row, from `start`, with a cell that fits the pattern."""
    fits = re.compile(pattern, re.I)
    for place in range(start, len(sheet.cells)):
        texts = [plain(text) for text in sheet.cells.iloc[place]]
        if any(fits.search(text) or fits.search(without_footnotes(text)) for text in texts if text):
            return place
    there = [plain(text) for text in sheet.cells.head(30).to_numpy().ravel()]
    raise RecordsError(
        f"{label}, sheet '{sheet.name}': no header row holds a cell like '{pattern}'. The sheet's own cells nearest "
        f"to it: {listed(nearest(pattern, there))}. Mend 'header' in the source's file."
    )


def _spread_merged(sheet: Sheet, first: int, last: int) -> list[list[str]]:
    """The header's columns, top to bottom, with the text of each merged area in all its cells."""
    cells = sheet.cells.iloc[first : last + 1].to_numpy(dtype=object, copy=True)
    for (top, left), (bottom, right) in sheet.merged:
        if first <= top <= last:
            cells[top - first : bottom - first + 1, left : right + 1] = cells[top - first, left]
    return [[str(text) for text in column] for column in cells.T]
