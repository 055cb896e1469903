"""Typed rows held against the schema: numbers outside their limits are faults, and the whole gets its last word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pmf_lib.records import faults, findings
from pmf_lib.records.cells import Asked
from pmf_lib.records.schema import PROVENANCE, TABLES, TYPES, Table

_TYPES: Mapping[str, Any] = TYPES


def outside_limits(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Numbers outside the limits that the schema's checks set."""
    try:
        _limit_schema(table.name).validate(typed, lazy=True)
    except SchemaErrors as errors:
        failed = errors.failure_cases.drop_duplicates(["index", "column"])
        parts = [
            _outside(texts.loc[list(cases["index"])], table, str(name))
            for name, cases in failed.groupby("column")
        ]
        return findings.gathered(parts)
    return findings.none()


def validated(typed: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The schema's last word; nothing that comes so far should fail it.

    Names and types of all columns are held against the empty table's at once, which is cheap; the rest is held by column.
    """
    if not typed.dtypes.equals(no_rows(table.name).dtypes):
        return _schema(table.name).validate(typed)
    return _promises(table.name).validate(typed)


@cache
def no_rows(name: str) -> pd.DataFrame:
    """The typed table, without rows."""
    columns = TABLES[name].columns.items()
    types = {key: _TYPES[(spec.metadata or {})["kind"]] for key, spec in columns}
    types |= {**dict.fromkeys(PROVENANCE[:2], "str"), PROVENANCE[2]: "int64"}
    return pd.DataFrame({key: pd.Series(dtype=kind) for key, kind in types.items()})


def _outside(rows: pd.DataFrame, table: Table, name: str) -> pd.DataFrame:
    limits = [check.statistics for check in table.columns[name].checks if check.statistics]
    return faults.bad_cell(
        "cell.limits", table.name, rows, name, got=rows[name], expected=_limit_words(limits[0])
    )


def _limit_words(limits: Mapping[str, float]) -> str:
    low, high = limits.get("min_value"), limits.get("max_value")
    return f"a number of {low} or more" if high is None else f"a number from {low} to {high}"


@cache
def _schema(name: str) -> pa.DataFrameSchema:
    return TABLES[name].schema


@cache
def _promises(name: str) -> pa.DataFrameSchema:
    """What the schema asks beyond names and types: its checks, no missing cells, and one row a key."""
    whole = _schema(name)
    asking = {
        key: pa.Column(None, spec.checks, nullable=spec.nullable)
        for key, spec in whole.columns.items()
        if spec.checks or not spec.nullable
    }
    return pa.DataFrameSchema(asking, name=whole.name, unique=whole.unique)


@cache
def _limit_schema(name: str) -> pa.DataFrameSchema:
    """The number columns that have checks (those of other kinds hold by the way they are parsed)."""
    columns = TABLES[name].columns.items()
    return pa.DataFrameSchema(
        {key: spec for key, spec in columns if spec.checks and Asked.of(key, spec).kind == "number"}
    )
