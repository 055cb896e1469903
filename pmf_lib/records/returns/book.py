"""A workbook as sheets of text: cells as a careful person would have typed them, rows and columns as numbered."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from pmf_lib.errors import RecordsError
from pmf_lib.records.returns.extent import Area
from pmf_lib.records.returns.layout import cell_name
from pmf_lib.records.returns.safe import AGAIN, checked

MOST_SHEETS = 100
LONGEST_TEXT = 32_767
"""Characters that a spreadsheet allows in one cell."""
EXACT_BELOW = 1e15


@dataclass(frozen=True)
class Sheet:
    """One sheet: filled rows by their number (from 1), each a list of cells from column A; merged areas."""

    name: str
    rows: Mapping[int, list[Any]]
    merged: tuple[Area, ...]


@dataclass(frozen=True)
class Book:
    """A workbook's sheets by name, in order, and its kind ('.xlsx' or '.ods')."""

    name: str
    kind: str
    sheets: Mapping[str, Sheet]


def opened(content: bytes, name: str) -> Book:
    """Read a workbook that may come from anybody; `name` is what messages call it.

    Raises
    ------
    RecordsError
        It is refused (`pmf_lib.records.returns.safe`), damaged, or has too many sheets or too long a text.
    """
    clean = checked(content, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(clean.content)) as book:
            names = [about.name for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
            if len(names) > MOST_SHEETS:
                raise RecordsError(f"{name} has {len(names)} sheets. Send the sheets of the template alone.")
            sheets = {each: _sheet(book.get_sheet_by_name(each), clean.merged, name) for each in names}
    except (CalamineError, ValueError, OSError) as error:
        raise RecordsError(f"{name} is damaged and can't be read. {AGAIN}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own, of no kind that can be named
            raise
        raise RecordsError(f"{name} is damaged and can't be read. {AGAIN}") from None
    return Book(name, clean.kind, sheets)


def text_of(cell: Any) -> str:
    """One cell as text: whole numbers without a point, dates as 2024-09-30, true and false as yes and no.

    >>> from datetime import date
    >>> [text_of(cell) for cell in (12.0, 0.1, 1 / 3, True, date(2024, 9, 30), " x ")]
    ['12', '0.1', '0.333333333333333', 'yes', '2024-09-30', 'x']
    >>> text_of(datetime(2024, 9, 30)), text_of(datetime(2024, 9, 30, 8, 15))
    ('2024-09-30', '2024-09-30 08:15:00')
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == datetime.min.time() else cell).isoformat().replace("T", " ")
    return str(cell).strip()


def number_text(number: float) -> str:
    """At most 15 digits, which is what a spreadsheet shows."""
    if abs(number) < EXACT_BELOW and number == int(number):
        return str(int(number))
    return f"{number:.15g}"


def _sheet(sheet: CalamineSheet, merged: Mapping[str, list[Area]], name: str) -> Sheet:
    areas = sheet.merged_cell_ranges or merged.get(sheet.name, [])
    return Sheet(sheet.name, dict(_filled(sheet, name)), tuple(areas))


def _filled(sheet: CalamineSheet, name: str) -> Iterator[tuple[int, list[Any]]]:
    """Rows with something in them, a million blank ones notwithstanding."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if not any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells):
            continue
        longest = max(range(len(cells)), key=lambda at: len(str(cells[at])))
        if len(str(cells[longest])) > LONGEST_TEXT:
            raise RecordsError(
                f"{name}, sheet '{sheet.name}', cell {cell_name(number, longest + len(before))} holds more than "
                f"{LONGEST_TEXT:,} characters, which no spreadsheet allows. {AGAIN}"
            )
        yield number, [*before, *cells]
