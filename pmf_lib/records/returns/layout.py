"""How a return is laid out: its sheets, their columns, and the plain block on its cover that says whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pmf_lib.records.cells import EMPTY_MARKS, SUPPRESSED_MARKS, WHOLE, Asked
from pmf_lib.records.schema import Table

COVER, LISTS, FAULTS = "Cover", "Lists", "Faults"
OWN_SHEETS = (COVER, LISTS, FAULTS)
"""Sheets of a return that hold no table of records."""
ROOM = 3000
"""Rows of a sheet that have drop-downs and are counted on the cover; a longer table has as many more."""

COUNCIL_ID, DIRECTORATE_ID, QUARTER, VERSION_ID = (
    "Council id",
    "Directorate id",
    "Quarter",
    "Template version",
)
CONTROL_HEAD = ("Sheet", "Rows filled in", "Sum of the figures")
HELP = {"title": "(title)", "unit": "(unit)", "last": "(last value)"}
"""Columns that help whoever fills a sheet; the reader passes over every header in brackets."""
HELPED = {
    "observations": ("title", "unit", "last"),
    "targets": ("title", "unit"),
    "comparators": ("title", "unit"),
}
EXAMPLES = {
    "period": "2024-07, 2024-25 Q2 or 2024-25",
    "number": "12.5",
    "date": "2024-11-15",
    "flag": "yes",
    "ids": "missed-bins; bus-delays",
    "posts": "Head of Housing; Head of Finance",
    "measure_id": "missed-bins",
    "item": "risk-management",
    **dict.fromkeys(WHOLE - {"number"}, "12"),
    **dict.fromkeys(("agenda.number", "likelihood", "impact"), "3"),
    "decimals": "1",
    "due_days": "20",
}
"""By kind of column, and of columns that take less than their kind does; a form has its own of ids and quarters."""


@dataclass(frozen=True)
class Lists:
    """What the drop-downs of ids offer: ids by name of the list (``directorate``, ``framework``, ``node``).

    ``titles``: by name of the list, what each id is called.
    """

    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A return to be written: the lines of its cover, its tables as text, its drop-downs, and the faults to be mended.

    ``tables``: by name, text columns of the table (and of `HELP`) with ``source_row``, the row of the sheet. ``faults``:
    one row per fault: sheet, row, column ('' for the whole row) and message. ``examples``: column → one that is valid here.
    """

    title: str
    block: Mapping[str, str]
    lines: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    lists: Lists
    faults: pd.DataFrame | None = None
    examples: Mapping[str, str] = field(default_factory=dict)


def sheet_columns(table: Table) -> list[str]:
    """Headers of a table's sheet in order: its columns, and after ``measure_id`` what helps to fill them."""
    names = list(table.columns)
    if "measure_id" in table.points_to:
        at = names.index("measure_id") + 1
        names[at:at] = [HELP[each] for each in HELPED.get(table.name, ("title",))]
    return names


def is_help(header: str) -> bool:
    """Is this header in brackets, so that the column is not read?

    >>> is_help("(title)"), is_help("title")
    (True, False)
    """
    return header.startswith("(") and header.endswith(")")


def figures(table: Table) -> list[str]:
    """Columns that hold figures: numbers without a default."""
    asked = [Asked.of(name, column) for name, column in table.columns.items()]
    return [each.name for each in asked if each.kind == "number" and each.default is None]


def says_something(table: Table) -> list[str]:
    """Columns of which one at least must be filled for a row to count: those beside the key, or all if there are none."""
    return [name for name in table.columns if name not in table.key] or list(table.columns)


def note(table: Table, header: str, form: Form) -> str:
    """What a header's note says: the meaning, whether it is needed, the choices, an example, where ids are explained."""
    if is_help(header):
        return "Only for your help. This column is not read."
    asked = Asked.of(header, table.columns[header])
    meaning = (table.columns[header].description or "").rstrip(".")
    parts = [meaning if meaning.endswith("?") else f"{meaning}.", _need(table, asked)]
    if asked.choices:
        parts.append("Choose: " + ", ".join(asked.choices) + ".")
    elif example := _example(asked, table, form):
        parts.append(f"Example: {example}.")
    if form.lists.titles.get(header):
        parts.append(f"What each id stands for: sheet '{LISTS}'.")
    if asked.kind == "number" and not asked.needed:
        parts.append(f"Not to be shown: {SUPPRESSED_MARKS[0]}. Not known: leave empty, or {EMPTY_MARKS[0]}.")
    return "\n".join(parts)


def _example(asked: Asked, table: Table, form: Form) -> str:
    """A cell that the column takes: of its own place or name, else of its kind."""
    examples = {**EXAMPLES, **form.examples}
    named = examples.get(f"{table.name}.{asked.name}") or examples.get(asked.name)
    return named or examples.get(asked.kind, "")


def _need(table: Table, asked: Asked) -> str:
    if asked.name == "recorded_at":
        return "If empty: the day on which the return is received."
    if asked.default is not None:
        shown = ("yes" if asked.default else "no") if asked.kind == "flag" else asked.default
        return f"If empty: {shown}."
    return "Needed." if asked.needed else "May be empty."


def last_row(rows: pd.DataFrame) -> int:
    """The last row of a sheet that has room to be filled."""
    return ROOM + (int(rows["source_row"].max()) if len(rows) else 1)


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets name it, from its row (from 1) and column (from 0).

    >>> cell_name(12, 1), cell_name(2, 27)
    ('B12', 'AB2')
    """
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """The letters of a column, from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return letters
