"""What was read of each file and table: rows read, kept and left out, and the sum of their figures."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import Any

import pandas as pd

from pmf_lib.records import cells
from pmf_lib.records.cells import Asked
from pmf_lib.records.schema import TABLES, Table

READ_COLUMNS = (
    *("table", "source_file", "rows_read", "rows_kept", "rows_left_out", "control_total"),
    *("directorate", "delivered", "stated_rows", "stated_total", "is_sent"),
)
OF_RETURNS = READ_COLUMNS[6:10]
"""Columns that only returns have something to say in."""


def rows_read(tables: Mapping[str, pd.DataFrame], sent: Container[str]) -> pd.DataFrame:
    """What was read: one row per table and file; a table without rows has one row too (was it `sent`?)."""
    parts = []
    for name, table in tables.items():
        totals = _control_totals(table, TABLES[name])
        sizes = table.groupby("source_file", sort=True).size().to_dict() or {"": 0}
        parts += [(name, source, count, totals.get(str(source), 0.0)) for source, count in sizes.items()]
    read = pd.DataFrame(parts, columns=[*READ_COLUMNS[:3], "control_total"])
    is_sent = [name in sent for name in read["table"]]
    read = read.assign(directorate="", delivered="", stated_rows=math.nan, stated_total=math.nan)
    return read.assign(is_sent=is_sent)


def tables_sent(reads: pd.DataFrame) -> frozenset[str]:
    """Tables that somebody sent, with rows or without; of any other nothing is known."""
    return frozenset(reads.loc[reads["is_sent"], "table"])


def held_of(read: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows kept and rows left out beside the rows read."""
    files = zip(read["table"], read["source_file"], strict=True)
    kept = [int((tables[name]["source_file"] == source).sum()) for name, source in files]
    frame = read.assign(rows_kept=kept)
    frame["rows_left_out"] = frame["rows_read"] - frame["rows_kept"]
    texts = dict.fromkeys(("table", "source_file", "directorate", "delivered"), "str")
    return frame[list(READ_COLUMNS)].astype({**texts, "control_total": "float64", "is_sent": "bool"})


def _control_totals(texts: pd.DataFrame, table: Table) -> dict[str, float]:
    """By file the sum of the columns that hold figures (numbers without a default), whatever the order of rows."""
    if texts.empty:
        return {}
    asked = [Asked.of(name, column) for name, column in table.columns.items()]
    figures = {
        each.name: cells.parse_column(texts[each.name], each).typed.fillna(0.0)
        for each in asked
        if each.kind == "number" and each.default is None
    }
    numbers = pd.DataFrame(figures, index=texts.index)
    files = numbers.groupby(texts["source_file"]).indices
    return {str(name): round(math.fsum(numbers.to_numpy()[at].ravel()), 6) for name, at in files.items()}


def data_used(reads: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry per file and table read: rows read, kept and left out, and the sum of its values."""
    shown = reads[reads["source_file"] != ""].sort_values(["source_file", "table"], kind="stable")
    return [
        {
            "source": f"{row['source_file']} ({row['table']})",
            "extract_date": "",
            "rows_read": int(row["rows_read"]),
            "rows_kept": int(row["rows_kept"]),
            "rows_left_out": int(row["rows_left_out"]),
            "control_total": None if pd.isna(row["control_total"]) else float(row["control_total"]),
        }
        for row in shown.to_dict("records")
    ]
