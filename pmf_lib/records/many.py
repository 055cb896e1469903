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
    listed = rows.assign(**{column: rows[column].str.split(SEPARATOR)}).explode(column)
    listed = listed.astype({column: "str"})
    return listed[listed[column] != ""]
