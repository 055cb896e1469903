"""Faults of a return in its sender's own terms: by file, sheet and cell, and as a marked-up copy that can be mended."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from pmf_lib.records.findings import said
from pmf_lib.records.returns.layout import cell_name

LONGEST_NAME = 100


def worded_by_cell(found: pd.DataFrame, file: str, places: Mapping[str, Mapping[str, int]]) -> pd.Series:
    """One sentence a finding, such as ``return.xlsx, sheet 'targets', cell C12 (column 'target'): got …``.

    Parameters
    ----------
    found
        Findings of one return (`pmf_lib.records.schema.FINDING_COLUMNS`).
    file, places
        What its sender calls it, and table → column → number of the column in the sender's sheet.
    """
    where = [
        _where(places.get(table, {}), row, column)
        for table, row, column in zip(found["table"], found["source_row"], found["column"], strict=True)
    ]
    return (
        file
        + ", sheet '"
        + found["source_sheet"]
        + "', "
        + pd.Series(where, found.index, dtype="str")
        + ": "
        + said(found)
    )


def cells(found: pd.DataFrame, places: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The cell of each finding in its sender's file ('' where it speaks of a whole row)."""
    columns = [
        places.get(table, {}).get(name) for table, name in zip(found["table"], found["column"], strict=True)
    ]
    return [
        "" if at is None else cell_name(int(row), at)
        for row, at in zip(found["source_row"], columns, strict=True)
    ]


def faults(found: pd.DataFrame) -> pd.DataFrame:
    """Findings as `pmf_lib.records.returns.layout.Form` wants them: sheet, row, column, message."""
    frame = pd.DataFrame({"sheet": found["table"], "row": found["source_row"], "column": found["column"]})
    return frame.assign(message=said(found)).reset_index(drop=True)


def shown_name(name: str) -> str:
    r"""A file's name as it may be shown and kept: its last part, on one line, of bearable length.

    >>> shown_name("../../etc/passwd"), shown_name("C:\\x\\return.xlsx")
    ('passwd', 'return.xlsx')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(char for char in last if char.isprintable()).strip() or "(without a name)"
    return plain if len(plain) <= LONGEST_NAME else "…" + plain[-LONGEST_NAME + 1 :]


def _where(places: Mapping[str, int], row: int, column: str) -> str:
    if column in places:
        return f"cell {cell_name(row, places[column])} (column '{column}')"
    return f"row {row}" + (f" (column '{column}')" if column else "")
