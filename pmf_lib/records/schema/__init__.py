"""The tables of records: one pandera schema each, in one place, versioned.

A column's ``metadata["kind"]`` says how its text is parsed (`pmf_lib.records.parse`), its ``description`` is what the
person who fills it reads, and its checks hold once it is typed. The same for people: `docs/records.md`.

The measures' tables (``measures.py``) say how things stand; the tables of arrangements (``planning.py``, ``control.py``)
say what is done about it. The latter are all optional: a table that nobody sent is not known, and says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pmf_lib.records.schema.base import (
    DELIVERY,
    ID_PATTERN,
    PROVENANCE,
    SEPARATOR,
    TYPES,
    VERSION,
    Table,
    column,
)
from pmf_lib.records.schema.control import CONTROL_TABLES
from pmf_lib.records.schema.evidence import RECORDED
from pmf_lib.records.schema.measures import (
    ACCUMULATIONS,
    AUTHORITY_KINDS,
    MEASURE_TABLES,
    PERSPECTIVES,
    POLARITIES,
    ROLL_UPS,
    STATES,
)
from pmf_lib.records.schema.planning import PLANNING_TABLES
from pmf_lib.records.schema.words import AGENDA_ITEMS

__all__ = [
    "ACCUMULATIONS",
    "AGENDA_ITEMS",
    "ARRANGEMENTS",
    "AUTHORITY_KINDS",
    "DELIVERY",
    "FINDING_COLUMNS",
    "ID_PATTERN",
    "MEASURES",
    "PERSPECTIVES",
    "POLARITIES",
    "PROVENANCE",
    "RECORDED",
    "ROLL_UPS",
    "SEPARATOR",
    "STATES",
    "TABLES",
    "TYPES",
    "VERSION",
    "Table",
    "column",
]

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (*MEASURE_TABLES, *PLANNING_TABLES, *CONTROL_TABLES)}
)
"""Every table of records by name, in the order in which one feeds the next."""
MEASURES = tuple(table.name for table in MEASURE_TABLES)
"""Names of the tables of measures."""
ARRANGEMENTS = tuple(table.name for table in (*PLANNING_TABLES, *CONTROL_TABLES))
"""Names of the tables of arrangements; each row also says when it was recorded, by whom, and where it can be seen."""

FINDING_COLUMNS = (
    "rule",
    "severity",
    "table",
    "source_file",
    "source_sheet",
    "source_row",
    "column",
    "got",
    "expected",
    "mend",
    "directorate",
    "measure_id",
    "title",
    "owner",
)
"""One row per fault: the rule, 'error' or 'warning', where, and how to mend it.

Whether the row was left out is for `pmf_lib.records.findings.leaves_out` to say: an error always is, a few warnings too.
"""
