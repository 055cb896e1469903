"""Rated measures, and recommendations, as files for other programs: each a tidy CSV and a workbook of the same rows.

A spreadsheet may take a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. In the CSV such a text gets an
apostrophe in front; in the workbook it is stored as text and stays as it was. Numbers are never touched.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from pmf_lib.store.files import write_bytes
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import strip_control

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CREATED = datetime(2000, 1, 1)
"""A constant, so that the same rows give the same bytes."""
NARROWEST, WIDEST = 8, 60
SHEET = "measures"
TITLES = {
    "measures": "Measures against their targets",
    "recommendations": "Recommendations and where they stand",
}
"""Name of the files and of the workbook's sheet → what the workbook is called."""


def write_measures(frame: pd.DataFrame, folder: Path) -> tuple[Path, Path]:
    r"""Write ``measures.csv`` and ``measures.xlsx`` into `folder`, and return their paths.

    The CSV is UTF-8 with ``\n`` ends, dates as 2024-09-30, yes and no for true and false, nothing for what is
    missing. The same frame gives the same bytes of both.

    Parameters
    ----------
    frame
        One row per measure rated (or any tidy frame); columns are written as they are named, in their order.
    folder
        Made if it is not there.
    """
    return _write(frame, folder, SHEET)


def write_recommendations(frame: pd.DataFrame, folder: Path) -> tuple[Path, Path]:
    """The same for recommendations: ``recommendations.csv`` and ``recommendations.xlsx``.

    Parameters
    ----------
    frame
        One row per recommendation ever raised.
    folder
        Made if it is not there.
    """
    return _write(frame, folder, "recommendations")


def _write(frame: pd.DataFrame, folder: Path, name: str) -> tuple[Path, Path]:
    paths = folder / f"{name}.csv", folder / f"{name}.xlsx"
    write_bytes(paths[0], csv_text(frame).encode("utf-8"))
    write_bytes(paths[1], xlsx_bytes(frame, name))
    return paths


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV, safe to open in a spreadsheet.

    >>> print(csv_text(pd.DataFrame({"title": ["=1+1", "Visits"], "value": [-1.5, None]})), end="")
    title,value
    '=1+1,-1.5
    Visits,
    """
    safe = frame.map(_plain).map(_neutral)
    return safe.to_csv(index=False, lineterminator="\n")


def xlsx_bytes(frame: pd.DataFrame, of: str = SHEET) -> bytes:
    """The frame as a workbook of one sheet: head frozen, filters on, texts never read as formulas or links."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": CREATED, "title": TITLES[of]})
        sheet = book.add_worksheet(of)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        dated = book.add_format({"num_format": "d mmmm yyyy"})
        for at, name in enumerate(frame.columns):
            values = [_plain(value) for value in frame[name]]
            sheet.write_string(0, at, str(name), head)
            sheet.set_column(at, at, _width(str(name), values))
            _write_column(sheet, at, values, dated)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(frame), max(len(frame.columns) - 1, 0))
    return out.getvalue()


def _write_column(sheet: Any, at: int, values: list[Any], dated: Any) -> None:
    for row, value in enumerate(values, start=1):
        if isinstance(value, str):
            sheet.write_string(row, at, value)
        elif isinstance(value, pd.Timestamp):
            sheet.write_datetime(row, at, value.to_pydatetime(), dated)
        elif value is not None:
            sheet.write_number(row, at, value)


def _plain(value: Any) -> Any:
    """A cell as text, number, time stamp, or None where it is missing or not finite."""
    if words.is_missing(value):
        return None
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Number):
        return value if np.isfinite(value) else None  # type: ignore[call-overload]
    if isinstance(value, date):
        return pd.Timestamp(value)
    joined = "; ".join(map(str, value)) if isinstance(value, list | tuple | set) else str(value)
    return strip_control(joined)


def _neutral(value: Any) -> Any:
    """What goes into the CSV: dates as text, and no text that a spreadsheet would compute."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _width(name: str, values: list[Any]) -> int:
    longest = max([len(name), *(len(str(value)) for value in values if value is not None)])
    return min(max(longest + 2, NARROWEST), WIDEST)
