"""What tables say, as lines of one form: the order of rows and the digests of a snapshot are taken from these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.records.cells import looked_up


def _lines(frame: pd.DataFrame) -> list[str]:
    """Each row as one line of JSON; numbers as their shortest exact text, dates as ISO, missing as null."""
    columns = [_plain(frame[name]) for name in frame.columns]
    return [json.dumps(row, separators=(",", ":")) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    """Cells as plain Python values."""
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy(dtype="datetime64[D]"))
        return [None if day == "NaT" else str(day) for day in days]
    plain = column.astype("object")
    return list(plain.where(column.notna(), None))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of their lines, so that one id means one order."""
    if frame.empty:
        return frame
    lines = pd.Series(_lines(frame), frame.index, dtype="object")
    return frame.loc[lines.sort_values(kind="stable").index].reset_index(drop=True)


def digests(frame: pd.DataFrame, of: pd.Series) -> dict[str, str]:
    """By directorate (`of`: that of each row) the sha256 of its sorted lines."""
    if frame.empty:
        return {}
    lines = pd.Series(_lines(frame), frame.index, dtype="object")
    head = json.dumps(list(frame.columns))
    return {
        str(name): sha256("\n".join([head, *sorted(group)]).encode()).hexdigest()
        for name, group in lines.groupby(of, sort=True)
    }


def owners(tables: Mapping[str, pd.DataFrame]) -> pd.Series[str]:
    """The directorate of each measure, by its id."""
    return tables["measures"].drop_duplicates("measure_id").set_index("measure_id")["directorate"]


def directorates(frame: pd.DataFrame, owned: pd.Series) -> pd.Series:
    """Each row's directorate: its own column, or that of its measure (`owned`: as from `owners`), or none ('')."""
    if "directorate" in frame:
        return frame["directorate"]
    if "measure_id" in frame:
        return looked_up(frame["measure_id"], owned)
    return pd.Series("", frame.index, dtype="str")


def rows_digest(frame: pd.DataFrame) -> str:
    """The sha256 of a table's rows, whatever their order; '' where there are none."""
    return digests(frame, pd.Series("", frame.index, dtype="str")).get("", "")
