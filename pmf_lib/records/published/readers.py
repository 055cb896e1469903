"""Registered readers: Python for the few published files that no pattern reaches, each by a name that sources use.

All that are needed so far read lists of neighbours, which are keyed by authority, not laid out in rows and headers.
A reader is a function (file, what to call it, the council's code) → code of each neighbour and its name, '' where
the list tells none. It leaves out the council itself, and says in words what is wrong with the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from pmf_lib.errors import RecordsError, listed, near_miss
from pmf_lib.records.published.books import text_of

Reader = Callable[[Path, str, str], dict[str, str]]
PAIR = re.compile(r"SN\d+")
"""Header of a column that holds a statistical neighbour's number."""


def lists_in_json(path: Path, label: str, of: str) -> dict[str, str]:
    """Neighbours in a JSON file of code → list of codes; the council's own code may be among them.

    Raises
    ------
    RecordsError
        It is not such a file, or the council is not in it.
    """
    held = _json(path, label)
    if not isinstance(held, dict) or not all(isinstance(codes, list) for codes in held.values()):
        raise RecordsError(
            f"{label}: expected JSON of each authority's code and the list of its neighbours' codes, such as "
            '{"E08000030": ["E08000028"]}. Is it the file that \'neighbours: file\' means?'
        )
    return {str(code): "" for code in _row(held, of, label) if code != of}


def statistical_neighbours(path: Path, label: str, of: str) -> dict[str, str]:
    """The Department for Education's workbook: a row an authority, its neighbours' numbers under SN1, SN2 and so on.

    Names are those that the workbook gives each number in 'LA Name'.

    Raises
    ------
    RecordsError
        It is no workbook, its header has no 'LA num', 'LA Name' and 'SN1', or the council is not in it.
    """
    rows = _cells(path, label)
    header = next((row for row in rows if {"LA num", "LA Name", "SN1"} <= set(row)), None)
    if header is None:
        raise RecordsError(
            f"{label}: no row holds the headers 'LA num', 'LA Name' and 'SN1'. The file's own first cells: "
            f"{listed(cell for row in rows[:5] for cell in row if cell)}."
        )
    code, name = header.index("LA num"), header.index("LA Name")
    by_code = {row[code]: row for row in rows[rows.index(header) + 1 :] if row[code]}
    own = _row(by_code, of, label)
    places = [place for place, text in enumerate(header) if PAIR.fullmatch(text)]
    return {own[place]: by_code[own[place]][name] for place in places if own[place] in by_code}


READERS: Mapping[str, Reader] = MappingProxyType(
    {"lists-in-json": lists_in_json, "statistical-neighbours": statistical_neighbours}
)
"""Readers of neighbours by name, as ``neighbours.reader`` in a source's file names them."""


def _row(held: Mapping[str, Sequence[str]], of: str, label: str) -> Sequence[str]:
    if of in held:
        return held[of]
    raise RecordsError(
        f"{label}: '{of}' is not among its {len(held)} authorities.{near_miss(of, held)} "
        "Mend 'neighbours: of' in the source's file."
    )


def _json(path: Path, label: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise RecordsError(f"{label}: it can't be read as JSON: {error}.") from error


def _cells(path: Path, label: str) -> list[list[str]]:
    """Rows of the first sheet as text; whole numbers without a point."""
    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise RecordsError(f"{label}: it can't be read as a workbook: {error}.") from error
    return [[text_of(cell) for cell in row] for row in rows]
