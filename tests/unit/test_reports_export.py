"""Rated measures as CSV and workbook: tidy, the same every time, and never a formula."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pmf_lib.reports import export


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": ["=HYPERLINK(1)", "+44", "-5", "@x", "plain, “quoted”", "\ttab"],
            "value": [-1.5, np.nan, 3.25, np.inf, 0.1, 1e6],
            "points_n": [1, 2, 3, 4, 5, 6],
            "due_on": pd.to_datetime(["2024-09-30", None, None, None, None, None]),
            "provisional": [True, False, True, False, True, False],
        }
    )


def cells(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_texts_that_a_spreadsheet_would_compute_get_an_apostrophe_in_the_csv_and_numbers_do_not():
    read = pd.read_csv(io.StringIO(export.csv_text(frame())), keep_default_na=False)
    assert read["title"].tolist() == ["'=HYPERLINK(1)", "'+44", "'-5", "'@x", "plain, “quoted”", "'\ttab"]
    assert read["value"].tolist() == ["-1.5", "", "3.25", "", "0.1", "1000000.0"]
    assert read["points_n"].tolist() == [1, 2, 3, 4, 5, 6]
    assert read["due_on"].tolist()[0] == "2024-09-30"
    assert read["provisional"].tolist()[:2] == ["yes", "no"]


def test_the_workbook_holds_the_texts_as_they_are_and_no_formula():
    content = export.xlsx_bytes(frame())
    assert [row[0] for row in cells(content)[1:]] == frame()["title"].tolist()
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_the_same_frame_gives_the_same_bytes(tmp_path: Path):
    first = [path.read_bytes() for path in export.write_measures(frame(), tmp_path / "a")]
    second = [path.read_bytes() for path in export.write_measures(frame(), tmp_path / "b")]
    assert first == second
    assert b"\r" not in first[0].replace(b"\ttab", b"")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["measures.csv", "measures.xlsx"]


def test_the_workbook_says_no_time_of_its_making():
    core = zipfile.ZipFile(io.BytesIO(export.xlsx_bytes(frame()))).read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[^<]+", core) == ["2000-01-01T00:00:00Z"] * 2


def test_a_frame_without_rows_still_has_its_heads():
    empty = frame().iloc[:0]
    assert export.csv_text(empty) == "title,value,points_n,due_on,provisional\n"
    assert cells(export.xlsx_bytes(empty)) == [list(empty.columns)]


@pytest.mark.parametrize("value", [["a", "b"], ("a", "b")])
def test_lists_are_joined(value: object):
    assert "a; b" in export.csv_text(pd.DataFrame({"x": [value]}))
