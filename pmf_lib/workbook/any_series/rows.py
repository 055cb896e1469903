"""A CSV file's rows as series, labels and numbers; what can't be read is told by row and column, and left out."""

from __future__ import annotations

import pandas as pd

from pmf_lib.errors import LISTED_AT_MOST, RecordsError, quoted
from pmf_lib.records import cells
from pmf_lib.records.sources.csv_file import Cells
from pmf_lib.workbook.any_series.columns import NUMBER, Columns

FAULT_COLUMNS = ("row", "column", "got", "expected")
LARGEST = 1e100
"""Numbers beyond this leave no room for sums of them."""
Faults = pd.DataFrame
"""One row per cell that can't be read: `FAULT_COLUMNS`."""


def read(found: Cells, columns: Columns) -> tuple[pd.DataFrame, Faults]:
    """The rows that can be read, and what is wrong with the others.

    Returns
    -------
    tuple
        One row per row of the file, in its order: row (its number as a spreadsheet shows it), series, label, value and
        target (NaN where there is none); and the faults. Without a column of series there is one, named as the value.
    """
    texts = {name: _texts(found, name) for name in (columns.date, columns.value, columns.by, columns.target)}
    row = pd.Series(found.numbers, dtype="int64")
    over = pd.Series(found.over, dtype="int64")
    faults = [_over(row, over), _empty(row, texts[columns.date], columns.date, "a date or a period")]
    series = pd.Series(columns.value, row.index, dtype="str")
    if columns.by:
        series = texts[columns.by]
        faults.append(_empty(row, series, columns.by, "the name of a series"))
    value, faulty = _numbers(row, texts[columns.value], columns.value)
    target = pd.Series(columns.target_of_all, row.index)
    faults.append(faulty)
    if columns.target:
        target, faulty = _numbers(row, texts[columns.target], columns.target)
        faults.append(faulty)
    rows = pd.DataFrame(
        {"row": row, "series": series, "label": texts[columns.date], "value": value, "target": target}
    )
    return without(rows, gathered(faults)), gathered(faults)


def fault(row: pd.Series[int], column: str, got: pd.Series[str] | str, expected: str) -> Faults:
    """Faults of one column, one per row given."""
    told = {"row": row, "column": column, "got": got, "expected": expected}
    return pd.DataFrame(told, index=row.index, columns=list(FAULT_COLUMNS))


def gathered(faults: list[Faults]) -> Faults:
    """All faults in the order of the file's rows."""
    return pd.concat(faults).sort_values("row", kind="stable", ignore_index=True)


def without(rows: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """The rows in which nothing is wrong."""
    return rows[~rows["row"].isin(faults["row"])].reset_index(drop=True)


def refuse_nothing(rows: pd.DataFrame, faults: Faults, where: str) -> None:
    """Refuse a file of which no row is left."""
    if rows.empty:
        raise RecordsError("\n  ".join([f"{where}: no row can be read.", *fault_lines(faults)]))


def refuse_twice(rows: pd.DataFrame, where: str, mend: str) -> None:
    """Refuse two rows for one `time` in a series.

    Raises
    ------
    RecordsError
        With the numbers of both rows.
    """
    key = ["series", "time"]
    later = rows[rows.duplicated(key)]
    if later.empty:
        return
    both = later.merge(rows.drop_duplicates(key), on=key, suffixes=("", "_first"))
    lines = [
        f"rows {row.row_first} and {row.row}: series '{quoted(row.series)}', '{quoted(row.label)}'"
        for row in both.head(LISTED_AT_MOST).itertuples()
    ]
    more = len(both) - len(lines)
    lines += [f"and {more} more"] if more > 0 else []
    raise RecordsError("\n  ".join([f"{where} has two rows for one time in a series.", *lines, mend]))


def fault_lines(faults: Faults) -> list[str]:
    """The first faults as lines for people, and how many more there are."""
    lines = [
        f"row {row.row}, {_place(str(row.column))}: got '{quoted(row.got)}', expected {row.expected}"
        for row in faults.head(LISTED_AT_MOST).itertuples()
    ]
    more = len(faults) - len(lines)
    return lines + ([f"and {more} more (--json lists all)"] if more > 0 else [])


def _place(column: str) -> str:
    return f"column '{quoted(column)}'" if column else "as a whole"


def _texts(found: Cells, name: str) -> pd.Series[str]:
    at = found.names.index(name) if name else None
    return pd.Series([row[at].strip() if at is not None else "" for row in found.rows], dtype="str")


def _over(row: pd.Series[int], over: pd.Series[int]) -> Faults:
    got = "cells beyond the header: " + over[over > 0].astype("str")
    return fault(
        row[over > 0],
        "",
        got,
        'as many cells as the header names (a number such as "1,200" in quotation marks)',
    )


def _empty(row: pd.Series[int], texts: pd.Series[str], column: str, expected: str) -> Faults:
    return fault(row[texts == ""], column, "", expected)


def _numbers(row: pd.Series[int], texts: pd.Series[str], column: str) -> tuple[pd.Series[float], Faults]:
    parsed = cells.parse_column(texts, NUMBER)
    faulty = parsed.faulty | (parsed.typed.abs() > LARGEST)
    return parsed.typed, fault(row[faulty], column, texts[faulty], str(parsed.expected))
