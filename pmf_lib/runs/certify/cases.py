"""The list of cases behind a value, as the auditor supplies it: ids, and figures where it has them; nothing else is read."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.returns.book import opened, text_of
from pmf_lib.records.returns.marked import shown_name
from pmf_lib.records.returns.safe import MOST_BYTES

CASE, VALUE = "case_id", "value"
LONGEST_ID = 60
LIKE_A_PERSON = re.compile(r"@|^[A-Z][a-z'’-]+,? +[A-Z][a-z'’-]+|\b[A-Z]{2} ?(?:\d{2} ?){3}[A-D]\b")
"""An e-mail address, a first and a last name, a national insurance number."""
EXAMPLE = "Row 1 names the columns: 'case_id', and 'value' if each case has a figure."


@dataclass(frozen=True)
class Cases:
    """A list of cases: its name, the SHA-256 of its bytes, and each case's figure ('' where it has none) by id, in its order."""

    name: str
    digest: str
    figures: dict[str, str]
    unread: tuple[str, ...] = ()
    """Columns that were not read."""
    personal: int = 0
    """Ids that look like a person."""

    @property
    def has_values(self) -> bool:
        """Has each case a figure?"""
        return bool(self.figures) and all(self.figures.values())


def read_cases(path: Path) -> Cases:
    """Read a list of cases, CSV or a workbook's first sheet.

    Raises
    ------
    RecordsError
        It can't be read, has no column of ids, or an id is missing, too long or there twice.
    """
    content, name = _content(path), shown_name(path.name)
    header, *rows = _rows(content, name) or [[]]
    header = [head.strip().lower() for head in header]
    if header.count(CASE) != 1:
        raise RecordsError(
            f"{name}: got the columns {listed(header)}, expected one called '{CASE}'. {EXAMPLE}"
        )
    values = _by_id(rows, header, name)
    unread = tuple(head for head in header if head not in (CASE, VALUE, ""))
    personal = sum(bool(LIKE_A_PERSON.search(case)) for case in values)
    return Cases(name, sha256(content).hexdigest(), values, unread, personal)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RecordsError(f"'{path.name}' cannot be opened: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise RecordsError(
            f"{path.name} is larger than {MOST_BYTES // 2**20} MB. Keep the columns of ids and figures alone."
        )
    return content


def _rows(content: bytes, name: str) -> list[list[str]]:
    """Rows of text; blank ones are left out."""
    if name.lower().endswith((".xlsx", ".ods")):
        sheet = next(iter(opened(content, name).sheets.values()), None)
        return [[text_of(cell) for cell in cells] for cells in sheet.rows.values()] if sheet else []
    try:
        text = content.decode("utf-8-sig")
        return [
            row
            for row in csv.reader(io.StringIO(text, newline=""), strict=True)
            if any(cell.strip() for cell in row)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecordsError(f"{name} is no CSV file in UTF-8. Save it as 'CSV UTF-8', or as .xlsx.") from error


def _by_id(rows: Iterable[list[str]], header: list[str], name: str) -> dict[str, str]:
    values: dict[str, str] = {}
    at, value_at = header.index(CASE), header.index(VALUE) if VALUE in header else len(header)
    faults = []
    for number, row in enumerate(rows, start=2):
        case = row[at].strip() if at < len(row) else ""
        value = row[value_at].strip() if value_at < len(row) else ""
        fault = _fault(case, value, values)
        if fault:
            faults.append(f"{name}, row {number} of those filled, column '{fault[0]}': {fault[1]}")
        values.setdefault(case, value)
    if faults:
        raise RecordsError(
            "\n".join([*faults[:10], *([f"and {len(faults) - 10} more"] if len(faults) > 10 else [])])
        )
    if not values:
        raise RecordsError(f"{name} holds no case. {EXAMPLE}")
    return values


def _fault(case: str, value: str, before: dict[str, str]) -> tuple[str, str] | None:
    """Column and fault of one row; None where there is none."""
    if not case:
        return CASE, "nothing there, expected the case's id. Give each case the number that its system has."
    if case in before:
        return CASE, "got an id that stands further up too, expected each case once. Take the second one out."
    if len(case) > LONGEST_ID or not case.isprintable():
        return (
            CASE,
            f"got an id that can't be shown, expected at most {LONGEST_ID} characters. Use the system's number.",
        )
    return (
        (VALUE, f"got '{value[:40]}', expected a number. Correct it, or leave the whole column out.")
        if _is_bad(value)
        else None
    )


def _is_bad(value: str) -> bool:
    try:
        return bool(value) and not math.isfinite(float(value))
    except ValueError:
        return True
