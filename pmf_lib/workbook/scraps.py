"""The one module that speaks to scrapbook: what a notebook records, checked on the way in and typed on the way out.

A scrap is a dictionary with its schema's name and version. A frame becomes columns, kinds and rows, with `None` for
what is missing, so that nothing depends on a library's way of writing not-a-number or dates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pmf_lib.errors import PmfError, StoreError, unknown
from pmf_lib.sidecar import Sidecar

Payload = dict[str, Any]


def record(sidecar: Sidecar, done: set[str], name: str, content: pd.DataFrame | Mapping[str, Any]) -> None:
    """Record one declared scrap in the running notebook, once.

    Raises
    ------
    PmfError
        The scrap is not declared in the sidecar, or was recorded already.
    """
    if name not in sidecar.emits:
        raise PmfError(unknown(f"scrap of {sidecar.name}", name, sidecar.emits, "Declare it under 'emits'."))
    if name in done:
        raise PmfError(
            f"Scrap '{name}' is recorded twice in {sidecar.name}; the first would be lost without a word."
        )
    done.add(name)
    _glue(name, packed(name, sidecar.emits[name], content))


def packed(name: str, version: int, content: pd.DataFrame | Mapping[str, Any]) -> Payload:
    """`content` as plain JSON values, with the schema's name and version."""
    head: Payload = {"schema": name, "version": version}
    if isinstance(content, pd.DataFrame):
        return {**head, **_frame_payload(content)}
    return {**head, "value": _plain(dict(content))}


def unpacked(payload: Payload) -> pd.DataFrame | dict[str, Any]:
    """What was packed: a frame with its dtypes, or a dictionary."""
    if "columns" not in payload:
        return dict(payload["value"])
    frame = pd.DataFrame(payload["rows"], columns=payload["columns"], dtype=object)
    return frame.astype(payload["kinds"])


def read(path: Path, wanted: Mapping[str, int]) -> dict[str, pd.DataFrame | dict[str, Any]]:
    """The wanted scraps (name → version) of an executed notebook.

    Raises
    ------
    StoreError
        One is not there, or is of another version.
    """
    import scrapbook

    found = scrapbook.read_notebook(str(path)).scraps.data_dict
    for name, version in wanted.items():
        got = found.get(name, {}).get("version")
        if got != version:
            raise StoreError(
                f"'{path.name}' holds no scrap '{name}' of version {version} (found: {got}). Run it again."
            )
    return {name: unpacked(found[name]) for name in wanted}


def held(path: Path) -> dict[str, pd.DataFrame | dict[str, Any]]:
    """Every scrap of an executed notebook, of whatever version."""
    import scrapbook

    found = scrapbook.read_notebook(str(path)).scraps.data_dict
    return {name: unpacked(payload) for name, payload in found.items()}


def _glue(name: str, payload: Payload) -> None:
    import scrapbook

    scrapbook.glue(name, payload, encoder="json")


def _frame_payload(frame: pd.DataFrame) -> Payload:
    plain = frame.reset_index(drop=True)
    columns = [_plain_column(plain[name]) for name in plain]
    return {
        "columns": [str(name) for name in plain],
        "kinds": {str(name): _kind(plain[name]) for name in plain},
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }


def _kind(column: pd.Series[Any]) -> str:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "datetime64[us]"
    if pd.api.types.is_bool_dtype(column):
        return "bool"
    if pd.api.types.is_integer_dtype(column):
        return "int64"
    return "float64" if pd.api.types.is_float_dtype(column) else "str"


def _plain_column(column: pd.Series[Any]) -> list[Any]:
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
