"""The one writer of returns: templates, and marked-up copies of what was sent. Texts are never taken for formulas.

One header row a table, locked and frozen; drop-downs and checks from the schema; no merged cells; nothing is said by
colour alone. The same form gives the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pmf_lib.records.cells import WHOLE, Asked
from pmf_lib.records.returns.cover import write_cover, write_faults, write_lists
from pmf_lib.records.returns.formats import Formats, height
from pmf_lib.records.returns.layout import (
    FAULTS,
    LISTS,
    Form,
    column_letters,
    is_help,
    last_row,
    note,
    sheet_columns,
)
from pmf_lib.records.schema import TABLES, Table

CREATED = datetime(2000, 1, 1)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ALLOWED = (
    "format_cells format_columns format_rows insert_rows delete_rows sort autofilter select_locked_cells "
    "select_unlocked_cells"
)
PROTECTION = dict.fromkeys(ALLOWED.split(), True)
NARROW, WIDE = 14, 44
ACROSS = 220
"""Characters that a page of paper, on its side, holds side by side and can be read."""
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def workbook_bytes(form: Form) -> bytes:
    """The form as a workbook: faults (if any), cover, a sheet a table, and the lists behind the drop-downs."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {"title": form.title, "subject": "Return of performance records", "created": CREATED}
        )
        book.set_custom_property("Language", "en-GB")
        book.set_calc_mode("auto")
        formats = Formats(book)
        if form.faults is not None:
            write_faults(book.add_worksheet(FAULTS), form, formats)
        write_cover(book, form, formats)
        for name, table in TABLES.items():
            _TableSheet(book.add_worksheet(name), table, form, formats).write()
        write_lists(book.add_worksheet(LISTS), form, formats)
        book.get_worksheet_by_name(FAULTS if form.faults is not None else "Cover").activate()
    return out.getvalue()


class _TableSheet:
    """One table's sheet being written."""

    def __init__(self, sheet: Any, table: Table, form: Form, formats: Formats) -> None:
        self.sheet, self.table, self.form, self.formats = sheet, table, form, formats
        self.rows = form.tables[table.name]
        self.columns = sheet_columns(table)
        self.marks = _marks(form.faults, table.name)
        self.widths: dict[str, int] = {}
        self.marked_rows = {row for row, name in self.marks if not name}

    def write(self) -> None:
        """Header, rows, checks and marks; then what keeps the sheet in shape."""
        for at, header in enumerate(self.columns):
            self._write_column(at, header)
        self._set_heights()
        for (row, name), message in self.marks.items():
            at = self.columns.index(name) if name in self.columns else 0
            _note(self.sheet, row - 1, at, f"To mend: {message}")
        by = self.columns.index("measure_id") + 1 if "measure_id" in self.table.key else 1
        self.sheet.freeze_panes(1, by)
        self.sheet.autofilter(0, 0, last_row(self.rows) - 1, len(self.columns) - 1)
        self.sheet.protect("", PROTECTION)
        _print_setup(self.sheet, self.table.name, self.form, math.ceil(sum(self.widths.values()) / ACROSS))

    def _write_column(self, at: int, header: str) -> None:
        asked = None if is_help(header) else Asked.of(header, self.table.columns[header])
        self.widths[header] = _width(header, self._texts(header))
        look = self.formats.header if asked else self.formats.help_header
        self.sheet.write_string(0, at, header, look)
        _note(self.sheet, 0, at, note(self.table, header, self.form))
        kind = asked.kind if asked else "help"
        self.sheet.set_column(at, at, self.widths[header], self.formats.cell(kind))
        for row, text in zip(self.rows["source_row"], self._texts(header), strict=True):
            marked = asked is not None and (row in self.marked_rows or (row, header) in self.marks)
            _write_cell(self.sheet, (row - 1, at), text, kind, self.formats.cell(kind, marked=marked))
        if asked:
            self._validate(at, asked)

    def _texts(self, header: str) -> pd.Series:
        return self.rows[header] if header in self.rows else pd.Series("", self.rows.index)

    def _set_heights(self) -> None:
        """Rows high enough for their wrapped texts, since not every program sees to that itself."""
        columns = [self._texts(header).tolist() for header in self.columns]
        widths = list(self.widths.values())
        for row, *cells in zip(self.rows["source_row"], *columns, strict=True):
            self.sheet.set_row(row - 1, height(zip(cells, widths, strict=True)))

    def _validate(self, at: int, asked: Asked) -> None:
        """The drop-down or the check of one column."""
        rule = _rule(asked, self.table, self.form)
        if rule:
            rule = {"error_title": f"Column '{asked.name}'"[:32], "ignore_blank": True, **rule}
            self.sheet.data_validation(1, at, last_row(self.rows) - 1, at, rule)


def _note(sheet: Any, row: int, column: int, text: str) -> None:
    lines = text.count("\n") + len(text) // 40 + 2
    sheet.write_comment(
        row, column, text, {"x_scale": 2.2, "y_scale": max(1.0, lines / 4.5), "font_size": 10}
    )


def _write_cell(sheet: Any, place: tuple[int, int], text: str, kind: str, look: Any) -> None:
    """Text as the cell that a person would have typed: a figure as number, a date as date, all else as text."""
    day = _day(text) if kind == "date" else None
    if kind == "number" and _PLAIN_NUMBER.fullmatch(text):
        sheet.write_number(*place, float(text), look)
    elif day:
        sheet.write_datetime(*place, day, look)
    elif text:
        sheet.write_string(*place, text, look)
    else:
        sheet.write_blank(*place, None, look)


def _day(text: str) -> datetime | None:
    """A date that a spreadsheet can hold as one."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day) if found.year >= 1900 and len(text) == 10 else None


def _marks(faults: pd.DataFrame | None, table: str) -> dict[tuple[int, str], str]:
    """(row, column) of each faulty cell of a sheet → what is said of it; the whole row where no column is named."""
    if faults is None:
        return {}
    marks: dict[tuple[int, str], str] = {}
    own = faults[faults["sheet"] == table]
    for row, column, message in zip(own["row"], own["column"], own["message"], strict=True):
        place = (int(row), str(column))
        marks[place] = f"{marks[place]}\n{message}" if place in marks else str(message)
    return marks


def _rule(asked: Asked, table: Table, form: Form) -> dict[str, Any]:
    """What a spreadsheet is told to check; an id or a figure may still be kept after a warning."""
    if asked.choices or asked.kind == "flag":
        choices = list(asked.choices or ("yes", "no"))
        return {
            "validate": "list",
            "source": choices,
            "error_message": f"Choose one of: {', '.join(choices)}.",
        }
    if asked.kind == "id":
        return _id_rule(asked, table, form)
    if asked.kind == "date":
        return {
            "validate": "date", "criteria": ">=", "value": date(2000, 1, 1),
            "error_message": "Type a date, such as 15/11/2024 for 15 November 2024. It is shown as 2024-11-15.",
        }  # fmt: skip
    return _number_rule(asked, table) if asked.kind == "number" else {}


def _id_rule(asked: Asked, table: Table, form: Form) -> dict[str, Any]:
    """Ids that are known; of a measure, those of the sheet of measures."""
    source = ""
    if form.lists.ids.get(asked.name):
        at = list(form.lists.ids).index(asked.name)
        letters = column_letters(at)
        source = f"={LISTS}!${letters}$2:${letters}${len(form.lists.ids[asked.name]) + 1}"
    elif asked.name in table.points_to:
        source = (
            f"={table.points_to[asked.name]}!$A$2:$A${last_row(form.tables[table.points_to[asked.name]])}"
        )
    if not source:
        return {}
    message = "This id is not in the list. Choose one of the list, unless you have just added it."
    return {"validate": "list", "source": source, "error_type": "warning", "error_message": message}


def _number_rule(asked: Asked, table: Table) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for check in table.columns[asked.name].checks:
        limits |= check.statistics or {}
    low, high = limits.get("min_value", -1e12), limits.get("max_value", 1e12)
    kind = "integer" if asked.name in WHOLE else "decimal"
    marks = (
        "" if asked.needed else " If it may not be shown, write c; if it is not known, leave the cell empty."
    )
    return {
        "validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_type": "warning",
        "error_message": f"This is not a number that the column takes, such as 12.5.{marks} Keep it all the same?",
    }  # fmt: skip


def _width(header: str, texts: pd.Series) -> int:
    longest = max([len(header) + 4, *(len(text) for text in texts)])
    return min(max(longest + 1, NARROW), WIDE)


def _print_setup(sheet: Any, name: str, form: Form, pages: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    sheet.set_header("&L" + form.title.replace("&", "&&")[:200] + f"&R{name}")
    sheet.set_footer("&RPage &P of &N")
