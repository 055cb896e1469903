"""The sheets of a return that hold no table: the cover, the list of faults, and the lists behind the drop-downs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pmf_lib.records.returns.formats import LINE, Formats, height
from pmf_lib.records.returns.layout import (
    CONTROL_HEAD,
    COVER,
    Form,
    cell_name,
    column_letters,
    figures,
    last_row,
    says_something,
    sheet_columns,
)
from pmf_lib.records.returns.read import filled_totals
from pmf_lib.records.schema import TABLES, Table

WIDTHS = (26, 70, 22)
FAULT_WIDTHS = (18, 18, 100)
TITLE_WIDTH = 100


def write_cover(book: Any, form: Form, formats: Formats) -> None:
    """Title, whose return it is (a plain block that the reader looks for), how to fill it, and the control totals."""
    sheet = book.add_worksheet(COVER)
    _page(sheet, WIDTHS)
    sheet.write_string(0, 0, form.title, formats.title)
    sheet.set_row(0, 2 * LINE)
    row = 2
    for label, value in form.block.items():
        sheet.write_string(row, 0, label, formats.label)
        sheet.write_string(row, 1, value, formats.value)
        row += 1
    row = _write_lines(sheet, row + 1, form, formats)
    _write_controls(sheet, row + 1, form, formats)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})


def write_faults(sheet: Any, form: Form, formats: Formats) -> None:
    """One row a fault, with a link to its cell."""
    _page(sheet, FAULT_WIDTHS)
    sheet.write_string(0, 0, "Faults to mend", formats.title)
    sheet.write_string(1, 0, "Mend each cell, save this workbook, and send it again.", formats.text)
    for at, head in enumerate(("Sheet", "Cell", "What is wrong, and how to mend it")):
        sheet.write_string(2, at, head, formats.header)
    faults = form.faults
    if faults is None:
        return
    places = zip(faults["sheet"], faults["row"], faults["column"], faults["message"], strict=True)
    for row, (name, at, column, message) in enumerate(places, start=3):
        cell = _address(str(name), int(at), str(column))
        sheet.write_string(row, 0, name, formats.text)
        shown = cell if column else f"row {at}"
        sheet.write_url(row, 1, f"internal:'{name}'!{cell}", formats.link, shown, f"Go to {cell} of {name}")
        sheet.write_string(row, 2, message, formats.text)
        sheet.set_row(row, height([(str(message), FAULT_WIDTHS[2])]))
    sheet.freeze_panes(3, 0)


def write_lists(sheet: Any, form: Form, formats: Formats) -> None:
    """Ids that the drop-downs offer, a column a list; after them, a column each, what ids are called."""
    lists = form.lists
    _page(sheet, (30,) * max(len(lists.ids), 1) + (TITLE_WIDTH,) * len(lists.titles))
    for at, (name, ids) in enumerate(lists.ids.items()):
        _list(sheet, at, name, ids, formats)
    for at, (name, titles) in enumerate(lists.titles.items(), start=len(lists.ids)):
        _list(
            sheet,
            at,
            f"{name}: id — title",
            [f"{each} — {titles[each]}" for each in lists.ids[name]],
            formats,
        )
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True})


def _list(sheet: Any, at: int, head: str, cells: Iterable[str], formats: Formats) -> None:
    sheet.write_string(0, at, head, formats.header)
    for row, each in enumerate(cells, start=1):
        sheet.write_string(row, at, each, formats.text)


def _write_lines(sheet: Any, row: int, form: Form, formats: Formats) -> int:
    """Notices (``!``), headings (``#``) and sentences, one a row."""
    looks = {"!": formats.notice, "#": formats.heading}
    for line in form.lines:
        text, is_heading = line.lstrip("!# "), line[:1] == "#"
        sheet.write_string(row, 0 if is_heading else 1, text, looks.get(line[:1], formats.text))
        sheet.set_row(row, height([(text, WIDTHS[1])]) + (LINE // 2 if is_heading else 0))
        row += 1
    return row


def _write_controls(sheet: Any, row: int, form: Form, formats: Formats) -> None:
    """Formulas that count each sheet's rows and sum its figures, with what they give now."""
    for at, head in enumerate(CONTROL_HEAD):
        sheet.write_string(row, at, head, formats.header)
    for name, table in TABLES.items():
        row += 1
        count, total = filled_totals(form.tables[name], table)
        last = last_row(form.tables[name])
        sheet.write_string(row, 0, name, formats.label)
        sheet.write_formula(row, 1, _count(table, last), formats.number, count)
        sheet.write_formula(row, 2, _sum(table, last), formats.number, total)


def _count(table: Table, last: int) -> str:
    """Rows that say something beside their key."""
    parts = [f'({_range(table, name, last)}<>"")' for name in says_something(table)]
    return f"=SUMPRODUCT(--(({'+'.join(parts)})>0))"


def _sum(table: Table, last: int) -> str:
    parts = [_range(table, name, last) for name in figures(table)]
    return f"=SUM({','.join(parts)})" if parts else "=0"


def _range(table: Table, name: str, last: int) -> str:
    letters = column_letters(sheet_columns(table).index(name))
    return f"{table.name}!${letters}$2:${letters}${last}"


def _address(sheet: str, row: int, column: str) -> str:
    """Where a fault's link leads: its cell, or the first of its row."""
    columns = sheet_columns(TABLES[sheet])
    return cell_name(row, columns.index(column) if column in columns else 0)


def _page(sheet: Any, widths: tuple[int, ...]) -> None:
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
