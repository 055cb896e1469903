"""Cells that hold several ids or posts, read as rows.

A link of many to many is a list in one cell (``a; b``): an objective, risk or action stays one row, as people keep it, and
needs no second sheet that must agree with the first. Read as rows it is a table of links like any other.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.records.schema import SEPARATOR


def exploded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per row and listed id (or post), under the row's own index; rows that list none are left out.

    >>> rows = pd.DataFrame({"action_id": ["a", "b"], "measures": ["bins; calls", ""]})
    >>> exploded(rows, "measures").to_numpy().tolist()
    [['a', 'bins'], ['a', 'calls']]
    """
    pairs = [(at, name) for at, cell in enumerate(rows[column].tolist()) for name in _listed(cell)]
    listed = rows.iloc[[at for at, _ in pairs]]
    return listed.assign(**{column: pd.Series([name for _, name in pairs], listed.index, dtype="str")})


def _listed(cell: object) -> list[object]:
    """What a cell lists; a missing one stands for itself."""
    return [name for name in cell.split(SEPARATOR) if name] if isinstance(cell, str) else [cell]
