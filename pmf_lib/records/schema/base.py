"""What every table of records is made of: kinds of columns, a table, and where its rows came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pandera.pandas as pa

VERSION = 9
PROVENANCE = ("source_file", "source_sheet", "source_row")
"""Where each row was read: file (relative to its root), sheet (empty for CSV) and row as a spreadsheet numbers it."""
DELIVERY = ("source_delivered", "source_directorate", "source_merged", "source_accepted")
"""Text columns that raw tables may have: the day on which a return was received and its directorate ('' for other
places), the merged area that the row is part of ('' for none), and 'yes' where its measure was that directorate's on
that day."""

ID_PATTERN = r"[a-z0-9][a-z0-9-]{0,39}"
# Tables here have few rows and many columns of text, and are filtered and joined thousands of times a page: each such step costs
# several times as much where text is kept as Arrow's than as Python's own. What is computed is the same.
pd.set_option("mode.string_storage", "python")
TEXT = pd.StringDtype("python", na_value=float("nan"))
"""What that makes of ``str``; pandera would still take it for Arrow's, where it was imported before."""
SEPARATOR = "; "
"""What parts the ids or posts of one cell, once it is read."""

TYPES = {
    "text": str,
    "id": str,
    "ids": str,
    "posts": str,
    "choice": str,
    "period": str,
    "number": float,
    "date": "datetime64[us]",
    "flag": bool,
}


def column(
    kind: str,
    doc: str,
    *,
    needed: bool = True,
    default: Any = None,
    choices: tuple[str, ...] = (),
    period_kind: str = "",
    to: str = "",
    **more: Any,
) -> pa.Column:
    """One column: its kind, what it means, whether a value is needed, and its closed list of choices.

    ``period_kind``: of a period that does not hang on the row's measure, its kind. ``to``: of an id, the table that has it.
    """
    checks = list(more.pop("checks", ()))
    if choices:
        allowed = choices if needed or default is not None else (*choices, "")
        checks.append(pa.Check.isin(allowed))
    if kind == "id":
        checks.append(pa.Check.str_matches(f"^(?:{ID_PATTERN}{'' if needed else '|'})$"))
    metadata = {
        "kind": kind,
        "needed": needed,
        "default": default,
        "choices": choices,
        "period_kind": period_kind,
        "to": to,
    }
    dtype = TEXT if TYPES[kind] is str else TYPES[kind]
    return pa.Column(dtype, checks, nullable=not needed, description=doc, metadata=metadata, **more)


@dataclass(frozen=True)
class Table:
    """A table of records: its grain in words, its key, its columns, and where its rows must point to."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, pa.Column]
    points_to: Mapping[str, str] = field(default_factory=dict)
    """Column → table whose first key column must hold the value (or each value of a list), where there is one."""

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The typed frame's schema, provenance included; no other column is allowed."""
        provenance = {
            "source_file": pa.Column(TEXT),
            "source_sheet": pa.Column(TEXT),
            "source_row": pa.Column(int, pa.Check.ge(1)),
        }
        return pa.DataFrameSchema(
            {**self.columns, **provenance}, strict=True, name=self.name, unique=list(self.key)
        )

    @property
    def needed(self) -> list[str]:
        """Columns that a file must have (the others may be left out: empty, or their default)."""
        specs = {name: spec.metadata or {} for name, spec in self.columns.items()}
        return [name for name, spec in specs.items() if spec["needed"] and spec["default"] is None]
