"""What every source of records gives: raw tables, all text, each row with its place; and how a header is checked.

What is wrong with a table as a whole (its name or its columns) stops the reading, because every row would be misread;
what is wrong with one row is left for `pmf_lib.records.parse` to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from pmf_lib.errors import RecordsError, listed, near_miss
from pmf_lib.records.schema import PROVENANCE, TABLES, Table

CELLS_OVER = "source_cells_over"
"""How many cells a row has beyond its header (negative: too few); there only where some row is ragged."""
Raw = dict[str, pd.DataFrame]
"""Raw tables by name: text columns ('' where empty), and `schema.PROVENANCE`."""

MOST_ROWS = 5_000_000
"""A table of more rows is no table of records: a wrong join, or a file made to fill the memory."""
RENAME_COLUMN = "Rename it or take it out."
ADD_COLUMNS = "Add them to the first row."


def raw_table(
    names: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int], where: str, sheet: str = ""
) -> pd.DataFrame:
    """Rows of text under `names`, with provenance: one row per row of the source."""
    frame = pd.DataFrame(list(rows), columns=list(names), dtype="str")
    frame[PROVENANCE[0]] = pd.Series(where, frame.index, dtype="str")
    frame[PROVENANCE[1]] = pd.Series(sheet, frame.index, dtype="str")
    frame[PROVENANCE[2]] = pd.Series(list(numbers), frame.index, dtype="int64")
    return frame


def no_table(where: str, name: str, mend: str) -> str:
    """The sentence for a name that is no table of records."""
    return (
        f"{where}: '{name}' is not a table of records.{near_miss(name.lower(), TABLES)} "
        f"Tables: {listed(TABLES)}. {mend}"
    )


def check_columns(
    names: Sequence[str], where: str, table: Table, rename: str = RENAME_COLUMN, add: str = ADD_COLUMNS
) -> None:
    """Refuse columns that the table does not know, that are there twice, or that it needs and lacks.

    Raises
    ------
    RecordsError
        With the column, the nearest that was meant, and how to mend it (`rename`, `add`).
    """
    _refuse_unknown(names, where, table, rename)
    _refuse_twice(names, where)
    _refuse_missing(names, where, table, add)


def refuse_too_many(count: int, where: str) -> None:
    """Refuse a table that can't be one of records by its mere size."""
    if count > MOST_ROWS:
        raise RecordsError(
            f"{where} has more than {MOST_ROWS:,} rows, which no table of records has. "
            "Look whether it is the right one, and whether its rows are there many times over."
        )


def _refuse_unknown(names: Sequence[str], where: str, table: Table, rename: str) -> None:
    for number, name in enumerate(names, start=1):
        if name not in table.columns:
            said = f"column '{name}' is" if name else f"column {number} has no name; it is"
            raise RecordsError(
                f"{where}: {said} not a column of the table '{table.name}'.{near_miss(name.lower(), table.columns)} "
                f"Columns: {', '.join(repr(known) for known in table.columns)}. {rename}"
            )


def _refuse_twice(names: Sequence[str], where: str) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise RecordsError(f"{where}: column '{twice[0]}' is there twice. Keep one of the two.")


def _refuse_missing(names: Sequence[str], where: str, table: Table, add: str) -> None:
    missing = [name for name in table.needed if name not in names]
    if missing:
        raise RecordsError(
            f"{where}: column '{missing[0]}' is missing. The table '{table.name}' needs {listed(table.needed)}. "
            f"Missing: {listed(missing)}. {add}"
        )
