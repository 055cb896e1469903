"""One Parquet file read as text, so that it goes the same way as a CSV file from there on."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from pmf_lib.errors import RecordsError
from pmf_lib.records.raw import check_columns, raw_table, refuse_too_many
from pmf_lib.records.schema import Table
from pmf_lib.records.sources.cell_text import texts

RENAME = "Rename it or leave it out where the file is written."
ADD = "Add them where the file is written."


def table_of_parquet(content: bytes, where: str, table: Table) -> pd.DataFrame:
    """One file's content as a raw table; its first row is row 1. Rows without any value are skipped.

    Raises
    ------
    RecordsError
        It is no Parquet file; a column is unknown, missing or there twice; a cell holds a list or a record.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        names = list(file.schema_arrow.names)
        check_columns(names, where, table, RENAME, ADD)
        refuse_too_many(file.metadata.num_rows, where)
        held = file.read()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise RecordsError(
            f"{where} cannot be read as Parquet ({type(error).__name__}). Write the file again, and send it whole."
        ) from error
    rows = texts({name: _cells(held.column(name)) for name in names}, where, table)
    kept = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    return raw_table(names, [row for _, row in kept], [number for number, _ in kept], where)


def _cells(column: Any) -> list[Any]:
    """A column's cells as Python's own; a short float keeps the digits that it was written with."""
    import pyarrow as pa

    if pa.types.is_float16(column.type) or pa.types.is_float32(column.type):
        return [float(str(cell)) for cell in column.to_numpy()]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return list(column.to_pylist())
