"""The writer of worksheets: what is tested and how, the answers asked for, and the cases drawn. Texts are never formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from pmf_lib.records.returns.formats import LINE, Formats, height
from pmf_lib.runs.certify.layout import (
    ANSWERS,
    CASE,
    CHECK,
    DRAWN,
    HEADER,
    NO,
    NO_DOCUMENT,
    RESULT,
    RESULTS,
    SAMPLE,
    SHEET,
    Answer,
    check_of,
)

CREATED = datetime(2000, 1, 1)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDTHS = (34, 64, 64)
ROOM = 0.85
"""Share of a column's width that is counted on, since letters are not all as narrow as figures."""
SAMPLE_WIDTHS = (8, 34, 16, 18, 16, 60)
MADE_UP = "This council is made up, and so is every case."
PERSONAL = (
    "Case ids only. Write no name, address or date of birth into this workbook: it goes to others, and into the records. "
    "Keep what leads from an id to a person where the documents are."
)
OBJECTIVE = "To tell whether the value reported can be relied on: whether it can be worked out again, and whether its cases are so."
PROCEDURE = (
    "1. Work the value out again from the service's own summary, and enter it below; or leave it to be estimated from the cases.",
    "2. Hold the way of counting against the definition above.",
    "3. Look at the controls from the case to the report: who enters, who checks, what the system refuses.",
    "4. On the sheet 'Sample' hold each case against its documents, and enter what you found. "
    f"A case without a document ('{NO_DOCUMENT}') counts as an error.",
    "5. Have another post review this worksheet; then collect it with 'pmf certify collect'.",
)


@dataclass(frozen=True)
class Worksheet:
    """A worksheet to be written.

    ``about``: label → text, for reading. ``sealed``: label → text of `layout.SEALED`. ``drawn``: number, id and value listed of each
    case, in the order of the draw. ``controls``: what is filled in already. ``filling``: what the help of an answer names.
    """

    title: str
    about: dict[str, str]
    sealed: dict[str, str]
    drawn: list[list[str]]
    controls: str
    filling: dict[str, str]
    is_made_up: bool = False


def workbook_bytes(sheet: Worksheet) -> bytes:
    """The worksheet as a workbook: the same worksheet gives the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {"title": sheet.title, "subject": "Certification of a measure", "created": CREATED}
        )
        book.set_custom_property("Language", "en-GB")
        formats = Formats(book)
        _write_front(book.add_worksheet(SHEET), sheet, formats)
        _write_sample(book.add_worksheet(SAMPLE), sheet, formats)
        _write_drawn(book.add_worksheet(DRAWN), sheet, formats)
        book.get_worksheet_by_name(SHEET).activate()
    return out.getvalue()


def _write_front(page: Any, sheet: Worksheet, formats: Formats) -> None:
    _page(page, WIDTHS, sheet.title)
    page.write_string(0, 0, sheet.title, formats.title)
    page.set_row(0, 2 * LINE)
    notices = [MADE_UP, PERSONAL] if sheet.is_made_up else [PERSONAL]
    row = _write_texts(page, 2, notices, formats.notice)
    row = _write_pairs(page, row + 1, sheet.about.items(), formats)
    row = _write_texts(page, _heading(page, row + 1, "Objective", formats), [OBJECTIVE], formats.text)
    row = _write_texts(page, _heading(page, row + 1, "Procedure", formats), PROCEDURE, formats.text)
    row = _heading(page, row + 1, "What you found: fill in column B", formats)
    for answer in ANSWERS:
        _write_answer(page, row, answer, sheet, formats)
        row += 1
    row = _heading(page, row + 1, "What was drawn: leave as it is", formats)
    sealed = sheet.sealed | {CHECK: check_of(sheet.sealed, sheet.drawn)}
    _write_pairs(page, row, sealed.items(), formats)
    page.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})


def _write_answer(page: Any, row: int, answer: Answer, sheet: Worksheet, formats: Formats) -> None:
    page.write_string(row, 0, answer.label, formats.label)
    look = formats.cell("date" if answer.kind == "date" else "text")
    filled = sheet.controls if answer.column == "controls" else ""
    page.write_string(row, 1, filled, look) if filled else page.write_blank(row, 1, None, look)
    said = answer.help.format(**sheet.filling) + ("" if answer.needed else " (may be empty)")
    page.write_string(row, 2, said, formats.text)
    page.set_row(row, height([(said, ROOM * WIDTHS[2])]))
    if answer.choices:
        page.data_validation(row, 1, row, 1, _choose(answer.choices, answer.label))
    if answer.kind == "date":
        page.data_validation(row, 1, row, 1, {
            "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "error_title": answer.label,
            "error_message": "Type a date, such as 15/11/2024.",
        })  # fmt: skip


def _choose(choices: tuple[str, ...], title: str) -> dict[str, Any]:
    said = f"Choose one of: {', '.join(choices)}."
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": title[:32],
        "error_message": said[:255],
    }


def _write_sample(page: Any, sheet: Worksheet, formats: Formats) -> None:
    _page(page, SAMPLE_WIDTHS, sheet.title)
    for at, head in enumerate(HEADER):
        page.write_string(0, at, head, formats.header)
    last = len(sheet.drawn)
    for row, cells in enumerate(sheet.drawn, start=1):
        for at, text in enumerate(cells):
            page.write_string(row, at, text, formats.value)
        for at, kind in enumerate(("text", "number", "text"), start=len(cells)):
            page.write_blank(row, at, None, formats.cell(kind))
    at = HEADER.index(RESULT)
    if last:
        page.data_validation(1, at, last, at, _choose(RESULTS, RESULT))
    page.freeze_panes(1, 2)
    page.repeat_rows(0)
    page.set_landscape()
    page.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})


def _write_drawn(page: Any, sheet: Worksheet, formats: Formats) -> None:
    """A second copy of the cases, against which the sheet of the sample is held when it comes back."""
    _page(page, SAMPLE_WIDTHS[:3], sheet.title)
    page.write_string(0, 0, NO, formats.header)
    page.write_string(0, 1, CASE, formats.header)
    page.write_string(0, 2, HEADER[2], formats.header)
    for row, cells in enumerate(sheet.drawn, start=1):
        for at, text in enumerate(cells):
            page.write_string(row, at, text, formats.value)
    page.protect("", {"select_locked_cells": True})


def _heading(page: Any, row: int, text: str, formats: Formats) -> int:
    page.write_string(row, 0, text, formats.heading)
    return row + 1


def _write_texts(page: Any, row: int, texts: Iterable[str], look: Any) -> int:
    for number, text in enumerate(texts, start=row):
        page.write_string(number, 1, text, look)
        page.set_row(number, height([(text, ROOM * WIDTHS[1])]))
        row = number + 1
    return row


def _write_pairs(page: Any, row: int, pairs: Iterable[tuple[str, str]], formats: Formats) -> int:
    for label, text in pairs:
        page.write_string(row, 0, label, formats.label)
        page.write_string(row, 1, text, formats.value)
        page.set_row(row, height([(text, ROOM * WIDTHS[1])]))
        row += 1
    return row


def _page(page: Any, widths: tuple[int, ...], title: str) -> None:
    for at, width in enumerate(widths):
        page.set_column(at, at, width)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    page.set_header("&L" + title.replace("&", "&&")[:200])
    page.set_footer("&RPage &P of &N")
