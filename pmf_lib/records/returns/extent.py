"""How far the sheets of a workbook reach, told from their XML without building them.

A reader of spreadsheets makes room for every cell between the first and the last that is filled. Two cells at opposite
corners of a sheet would therefore fill any memory, so the corners are looked for first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from pmf_lib.errors import RecordsError

MOST_CELLS = 8_000_000
"""Cells that one sheet may reach over: twelve columns of six hundred thousand rows."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class ExtentError(RecordsError):
    """The part is refused; the message goes on from the file's name."""


Area = tuple[tuple[int, int], tuple[int, int]]
"""Row and column, from zero, of a merged area's first and last cell."""


@dataclass
class Looked:
    """What was seen in passing: cells that hold an error, and merged areas by sheet (.ods)."""

    errors: int = 0
    merged: dict[str, list[Area]] = field(default_factory=dict)


def check_extent(content: bytes, part: str, kind: str) -> Looked:
    """Look through one XML part.

    Raises
    ------
    ExtentError
        It has a DOCTYPE or another encoding than UTF-8, reaches too far, or has too long a text.
    ExpatError
        It is not XML.
    """
    if kind == ".xlsx":
        part_of: _Part = _ExcelSheet()
    else:
        part_of = _OdsContent() if part == "content.xml" else _Part()
    part_of.parse(content)
    return part_of.looked


def column_number(letters: str) -> int:
    """The number of a column, from 1.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Part:
    """Any part: refuses a DOCTYPE and what is not UTF-8."""

    def __init__(self) -> None:
        self.looked = Looked()

    def parse(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        self.listen(parser)
        parser.Parse(content, True)

    def listen(self, parser: expat.XMLParserType) -> None:
        """Add what this kind of part wants to hear of."""

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise ExtentError(
                "a part of it is not in UTF-8. Save it anew in a spreadsheet, and send it again."
            )

    def _doctype(self, *_: object) -> None:
        raise ExtentError(
            "a part of it has a DOCTYPE, which no spreadsheet writes and which can draw in other files. It was not "
            "read. Copy the figures into a fresh template."
        )


class _Reach:
    """The last row and column of one sheet that are filled."""

    def __init__(self) -> None:
        self.rows = self.columns = 0

    def to(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * self.columns > MOST_CELLS:
            raise ExtentError(
                f"a sheet reaches to row {self.rows:,} and column {self.columns:,}. Delete the rows below and the "
                "columns beside the last filled one, and send the file again."
            )


class _ExcelSheet(_Part):
    """A part of .xlsx, which may be a sheet: cells that hold a value, wherever they say that they are."""

    def __init__(self) -> None:
        super().__init__()
        self.reach = _Reach()
        self.row = self.column = 0

    def listen(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._cell(attributes)
        elif kind in ("v", "is", "f"):
            self.reach.to(self.row, self.column)
        elif kind == "row":
            said = attributes.get("r", "")
            self.row, self.column = int(said) if said.isdecimal() else self.row + 1, 0

    def _cell(self, attributes: dict[str, str]) -> None:
        named = _REFERENCE.fullmatch(attributes.get("r", ""))
        if named:
            self.row, self.column = int(named[2]), column_number(named[1])
        else:
            self.column += 1
        if attributes.get("t") == "e":
            self.looked.errors += 1


class _OdsContent(_Part):
    """All sheets of .ods: a cell and a row may be repeated, and count as often where they are filled."""

    def __init__(self) -> None:
        super().__init__()
        self.reach = _Reach()
        self.rows = self.repeated = self.columns = self.filled = 0
        self.sheet = ""

    def listen(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            self.reach, self.rows, self.sheet = _Reach(), 0, attributes.get("table:name", "")
        elif kind == "table-row":
            self.repeated, self.columns, self.filled = _times(attributes, "rows-repeated"), 0, 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._merged(attributes)
            self.columns += _times(attributes, "columns-repeated")
            self.looked.errors += attributes.get("calcext:value-type") == "error"
            if "office:value-type" in attributes or "table:formula" in attributes:
                self.filled = self.columns
        elif kind == "p" and self.columns:
            self.filled = self.columns

    def _merged(self, attributes: dict[str, str]) -> None:
        rows, columns = _times(attributes, "rows-spanned"), _times(attributes, "columns-spanned")
        if rows > 1 or columns > 1:
            first = (self.rows, self.columns)
            area = (first, (first[0] + rows - 1, first[1] + columns - 1))
            self.looked.merged.setdefault(self.sheet, []).append(area)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "table-row":
            self.rows += self.repeated
            if self.filled:
                self.reach.to(self.rows, self.filled)


def _times(attributes: dict[str, str], what: str) -> int:
    said = attributes.get(f"table:number-{what}", "1")
    return int(said) if said.isdecimal() and len(said) < 10 else 1
