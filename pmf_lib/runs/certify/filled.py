"""A filled worksheet, read with suspicion: what was drawn must come back as it was drawn, and every answer must be there."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pmf_lib.errors import RecordsError
from pmf_lib.records.returns.book import Book, Sheet, opened, text_of
from pmf_lib.records.returns.layout import cell_name
from pmf_lib.records.returns.marked import shown_name
from pmf_lib.runs.certify import layout
from pmf_lib.runs.certify.layout import (
    AGREES,
    ANSWERS,
    CASE,
    CHECK,
    DRAWN,
    FOUND,
    HEADER,
    NO,
    RESULT,
    RESULTS,
    SAMPLE,
    SEALED,
    SHEET,
    check_of,
)

AGAIN = "Take the worksheet as 'pmf certify draw' wrote it, and enter your answers once more."
QUOTED = 60


@dataclass(frozen=True)
class Fault:
    """One fault of a worksheet: its sheet, cell, and what is wrong with its remedy."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True)
class Filled:
    """A worksheet as read: what was drawn, each answer's text by column with its cell, and each case's row of the sample.

    ``sample``: number of the case → the cells of its row by header; ``rows``: number of the case → row of the sheet.
    """

    name: str
    sealed: Mapping[str, str]
    drawn: Mapping[str, list[str]]
    answers: Mapping[str, str]
    cells: Mapping[str, str]
    sample: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    faults: tuple[Fault, ...]


def read(content: bytes, file: str) -> Filled:
    """Read one filled worksheet; the faults of its layout and of what was drawn are told in it.

    Raises
    ------
    RecordsError
        It is no worksheet, is damaged, or what says what was drawn is not as it was.
    """
    name = shown_name(file)
    book = opened(content, name)
    front, sample, copy = (_sheet(book, wanted) for wanted in (SHEET, SAMPLE, DRAWN))
    said = {text: (row, _text(cells, 1)) for row, cells in front.rows.items() if (text := _text(cells, 0))}
    sealed = {label: said.get(label, (0, ""))[1] for label in SEALED}
    drawn = {
        _text(cells, 0): [_text(cells, at) for at in range(3)] for row, cells in copy.rows.items() if row > 1
    }
    if said.get(CHECK, (0, ""))[1] != check_of(sealed, list(drawn.values())):
        raise RecordsError(
            f"{name}: what was drawn is not as it was: on the sheet '{SHEET}' the part 'What was drawn', or the sheet '{DRAWN}', "
            f"was changed. {AGAIN}"
        )
    rows, found, faults = _cases(sample, drawn)
    return Filled(
        name=name,
        sealed=sealed | {layout.LIST: said.get(layout.LIST, (0, ""))[1]},
        drawn=drawn,
        answers={each.column: said.get(each.label, (0, ""))[1] for each in ANSWERS},
        cells={each.column: cell_name(said.get(each.label, (1, ""))[0], 1) for each in ANSWERS},
        sample=found,
        rows=rows,
        faults=(*_without_row(said), *faults),
    )


def _without_row(said: Collection[str]) -> Iterator[Fault]:
    """Answers whose row was taken out."""
    for each in ANSWERS:
        if each.label not in said:
            yield Fault(SHEET, "column A", f"the row '{each.label}' is missing. {AGAIN}")


def _sheet(book: Book, wanted: str) -> Sheet:
    found = [sheet for name, sheet in book.sheets.items() if name.strip().lower() == wanted.lower()]
    if not found:
        raise RecordsError(
            f"{book.name} has no sheet '{wanted}', so it is no worksheet of certification. {AGAIN}"
        )
    return found[0]


def _text(cells: list[object], at: int) -> str:
    return text_of(cells[at]) if at < len(cells) else ""


def _cases(
    sheet: Sheet, drawn: Mapping[str, list[str]]
) -> tuple[dict[str, int], dict[str, dict[str, str]], list[Fault]]:
    """Row and cells of each case that was drawn, whatever the order of rows, and what is amiss with them."""
    header = [_text(sheet.rows.get(1, []), at) for at in range(len(HEADER))]
    if header != list(HEADER):
        raise RecordsError(f"Sheet '{SAMPLE}', row 1: expected {', '.join(HEADER)}. {AGAIN}")
    rows: dict[str, int] = {}
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    for row, cells in ((row, cells) for row, cells in sheet.rows.items() if row > 1):
        said = {head: _text(cells, at) for at, head in enumerate(HEADER)}
        if fault := _amiss(said, row, drawn, rows):
            faults.append(fault)
        if said[NO] in drawn and said[NO] not in rows:
            rows[said[NO]], found[said[NO]] = row, said
    return rows, found, [*faults, *_missing(drawn, rows)]


def _amiss(
    said: Mapping[str, str], row: int, drawn: Mapping[str, list[str]], rows: Mapping[str, int]
) -> Fault | None:
    """What is wrong with the place of one row: a case that was not drawn, one that is there twice, an id that was changed."""
    number, case = said[NO], said[CASE]
    if number not in drawn:
        return Fault(
            SAMPLE,
            cell_name(row, 0),
            f"got the number '{number[:QUOTED]}', and no such case was drawn. Take the row out.",
        )
    if number in rows:
        return Fault(
            SAMPLE,
            cell_name(row, 0),
            f"case {number} is there twice, first in row {rows[number]}. Take one of the two out.",
        )
    if case != drawn[number][1]:
        return Fault(
            SAMPLE, cell_name(row, 1), f"got the case '{case[:QUOTED]}', expected '{drawn[number][1]}', which was drawn. Put it back: "
            "another case can't stand for it.",
        )  # fmt: skip
    return None


def _missing(drawn: Mapping[str, list[str]], rows: Mapping[str, int]) -> Iterator[Fault]:
    for number, (_, case, _) in drawn.items():
        if number not in rows:
            yield Fault(
                SAMPLE,
                cell_name(int(number) + 1, 0),
                f"the row of case {number} ('{case}') is missing. Put it back, and test it.",
            )


def unanswered(filled: Filled) -> Iterator[Fault]:
    """What is wrong with the results of the cases; without documents none is asked for."""
    asks = filled.answers["documentation"] != "no"
    for number, said in filled.sample.items():
        row, result, value = filled.rows[number], said[RESULT], said[FOUND]
        at = cell_name(row, HEADER.index(RESULT))
        if not result and asks:
            yield Fault(
                SAMPLE,
                at,
                f"nothing there, expected the result of case {number}: {', '.join(RESULTS)}. Fill it in.",
            )
        elif result and result.lower() not in RESULTS:
            yield Fault(
                SAMPLE, at, f"got '{result[:QUOTED]}', expected one of {', '.join(RESULTS)}. Choose one."
            )
        if value and (amiss := _value_amiss(value, result, filled.drawn[number][2])):
            yield Fault(SAMPLE, cell_name(row, HEADER.index(FOUND)), amiss)


def _value_amiss(value: str, result: str, listed: str) -> str:
    """What is wrong with the value found of a case; '' where nothing is."""
    if math.isnan(number_of(value)):
        return f"got '{value[:QUOTED]}', expected a number or nothing. Correct it."
    if listed and result.lower() == AGREES and not math.isclose(number_of(value), number_of(listed)):
        return f"got {value[:QUOTED]}, and the case '{AGREES}' though its list says {listed}. Correct one of the two."
    return ""


def number_of(text: str) -> float:
    """The number that a cell says; NaN where it says none."""
    try:
        number = float(text.replace(",", "").rstrip("%"))
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def day_of(text: str) -> date | None:
    """The day that a cell says; None where it says none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
