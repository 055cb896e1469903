"""A worksheet of certification as it is drawn for the small council, and as an auditor fills it in."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from pmf_lib.runs.certify.cases import read_cases
from pmf_lib.runs.certify.draw import request_of, worksheet
from pmf_lib.runs.certify.worksheet import workbook_bytes

ANSWERS = {
    "Documents there": "yes", "Definition followed": "yes", "Controls": "strong", "Prepared by": "Principal Auditor",
    "Concluded on": date(2024, 10, 10), "Reviewed by": "Head of Audit", "Reviewed on": date(2024, 10, 11),
}  # fmt: skip
RESULT, FOUND = 4, 5


def listed(folder: Path, count: int = 100, *, values: bool = True) -> Path:
    path = folder / "cases.csv"
    head = "case_id,value" if values else "case_id"
    lines = [f"c-{number:03d}" + (",2" if values else "") for number in range(1, count + 1)]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def drawn(folder: Path, *, controls: str = "strong", measure: str = "missed-bins", **more: Any) -> bytes:
    """The worksheet of July's missed bins, 41 of them."""
    cases = read_cases(listed(folder, **more))
    return workbook_bytes(worksheet(request_of("own"), measure, "2024-07", cases, controls=controls, seed=7))


def filled(
    content: bytes,
    answers: Mapping[str, Any] | None = None,
    change: Callable[[Any], None] | None = None,
    found: float | None = 2,
) -> bytes:
    """Every answer given and every case agreeing; then `answers` put over them, and the sheet of the sample changed."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    said = ANSWERS | dict(answers or {})
    for label, cell in book["Worksheet"].iter_rows(min_col=1, max_col=2):
        if label.value in said:
            cell.value = said[label.value]
    sample = book["Sample"]
    for row in range(2, sample.max_row + 1):
        sample.cell(row, RESULT).value = "agrees"
        sample.cell(row, FOUND).value = found
    if change:
        change(sample)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
