"""Snapshots: records as checked, frozen under a name that is a hash of what they say.

The id is taken from the content of every table, directorate by directorate, with findings and reads and the schema's
version. Nothing else goes in: not the order of rows, the folder, the clock, nor Parquet's bytes (which hold the
versions of libraries). The same records always have the same id, and a stored snapshot can be held against its own.

    <store>/snapshots/<id>/<table>.parquet, findings.parquet, reads.parquet, left_out.parquet, snapshot.json
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
from pyarrow import parquet

from pmf_lib.errors import StoreError, unknown
from pmf_lib.once import once
from pmf_lib.records import canonical
from pmf_lib.records.editions import left_out
from pmf_lib.records.parse import Records
from pmf_lib.records.reads import READ_COLUMNS
from pmf_lib.records.schema import FINDING_COLUMNS, PROVENANCE, TABLES, TYPES, VERSION
from pmf_lib.store import files
from pmf_lib.store.damaged import set_aside

MANIFEST = "snapshot.json"
Partitions = dict[str, dict[str, str]]
"""Table → directorate ('' for rows of none) → sha256 of its rows."""


@dataclass(frozen=True)
class Snapshot:
    """A stored snapshot, as held against its id; `partitions`: table → directorate → sha256 of its rows."""

    id: str
    folder: Path
    partitions: Partitions
    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """A table of records, ``findings``, ``reads`` or ``left_out``; rows come in the same order for the same id.

        Raises
        ------
        StoreError
            There is no table of this name.
        """
        if name not in self.tables:
            raise StoreError(unknown("table", name, self.tables))
        return self.tables[name].copy(deep=False)


def freeze(records: Records, store_folder: Path) -> Snapshot:
    """Store records under their id; a snapshot that is there already is left as it is.

    One that is there and does not hold what its id says is set aside, and these records are stored in its place.
    """
    tables = _tables(records)
    partitions = digests(tables)
    name = identity(partitions)
    folder = _place(store_folder) / name
    if not folder.exists():
        _write(folder, tables, _manifest(name, tables, partitions))
    try:
        return read(name, store_folder)
    except StoreError as damage:
        set_aside(Path(store_folder), folder, str(damage))
    _write(folder, tables, _manifest(name, tables, partitions))
    return read(name, store_folder)


def load(snapshot_id: str, store_folder: Path) -> Snapshot:
    """The snapshot as `read` gives it; read once in a process, and again as soon as one of its files is another.

    Raises
    ------
    StoreError
        As `read`.
    """
    folder = _folder(snapshot_id, store_folder)
    return _held(snapshot_id, Path(store_folder), frozenset(map(_stamp, sorted(folder.iterdir()))))


@lru_cache(maxsize=4)
def _held(snapshot_id: str, store_folder: Path, _stamps: frozenset[tuple[object, ...]]) -> Snapshot:
    return read(snapshot_id, store_folder)


def _stamp(path: Path) -> tuple[object, ...]:
    """What tells one file from another that took its place: name, number, size and time of change."""
    seen = path.stat()
    return path.name, seen.st_ino, seen.st_size, seen.st_mtime_ns


def read(snapshot_id: str, store_folder: Path) -> Snapshot:
    """Read a snapshot, and hold its content against its id.

    Raises
    ------
    StoreError
        There is no such snapshot, it is of another schema version, a file of it can't be read, or its content is not
        what was frozen.
    """
    folder = _folder(snapshot_id, store_folder)
    manifest = _read_manifest(snapshot_id, folder)
    tables = {name: _read_table(snapshot_id, folder, name) for name in _COLUMNS}
    partitions = digests(tables)
    if identity(partitions) != snapshot_id or manifest != _manifest(snapshot_id, tables, partitions):
        where = _first_difference(partitions, manifest)
        raise StoreError(
            f"Snapshot '{snapshot_id}' no longer holds what was frozen{where}. "
            "Somebody or something has changed its files: put them back from a copy, or move the folder away and "
            "freeze the records again."
        )
    return Snapshot(snapshot_id, folder, partitions, tables)


@once
def directorates_of(snapshot: Snapshot, name: str) -> pd.Series[str]:
    """The directorate of each row of a table: its own column, or that of its measure, or none ('')."""
    return canonical.directorates(snapshot.tables[name], canonical.owners(snapshot.tables))


def digests(tables: Mapping[str, pd.DataFrame]) -> Partitions:
    """The sha256 of each table's rows, directorate by directorate, whatever the order of rows."""
    owners = canonical.owners(tables)
    return {
        name: canonical.digests(frame, canonical.directorates(frame, owners))
        for name, frame in tables.items()
    }


def identity(partitions: Partitions) -> str:
    """The snapshot's id: 16 hexadecimal digits of a hash over all digests and the schema's version."""
    content = files.canonical_json({"schema_version": VERSION, "tables": partitions})
    return sha256(content.encode()).hexdigest()[:16]


_READ_TYPES = {
    **dict.fromkeys(("table", "source_file", "directorate", "delivered"), str),
    "is_sent": bool,
}
_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    **{
        name: {
            **{column: TYPES[(spec.metadata or {})["kind"]] for column, spec in table.columns.items()},
            **dict.fromkeys(PROVENANCE[:2], str),
            PROVENANCE[2]: "int64",
        }
        for name, table in TABLES.items()
    },
    "findings": {name: "int64" if name == "source_row" else str for name in FINDING_COLUMNS},
    "reads": {
        name: _READ_TYPES.get(name, "int64" if name.startswith("rows_") else "float64")
        for name in READ_COLUMNS
    },
    "left_out": left_out.TYPES,
}
"""Every table of a snapshot: its columns in order, with their types."""


def _write(folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> None:
    """One command at a time; what a killed one left unfinished goes."""
    with files.locked(folder.parent):
        files.sweep(folder.parent)
        if folder.exists():
            return
        with files.replaced_folder(folder) as beside:
            for table, frame in tables.items():
                canonical.in_order(frame).to_parquet(beside / f"{table}.parquet", index=False)
            files.write_json(beside / MANIFEST, manifest)


def _tables(records: Records) -> dict[str, pd.DataFrame]:
    given = {
        **records.tables,
        "findings": records.findings,
        "reads": records.reads,
        "left_out": records.left_out,
    }
    return {name: _of_types(given[name], columns) for name, columns in _COLUMNS.items()}


def _of_types(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    return frame[list(columns)].astype(dict(columns)).reset_index(drop=True)


def _place(store_folder: Path) -> Path:
    return Path(store_folder) / "snapshots"


def _manifest(name: str, tables: Mapping[str, pd.DataFrame], partitions: Partitions) -> dict[str, Any]:
    """What ``snapshot.json`` says."""
    held = {table: {"rows": len(tables[table]), "partitions": parts} for table, parts in partitions.items()}
    return {"id": name, "schema_version": VERSION, "tables": held}


def _folder(snapshot_id: str, store_folder: Path) -> Path:
    """The snapshot's folder; only an id is ever made into a path."""
    place = _place(store_folder)
    if re.fullmatch("[0-9a-f]{16}", snapshot_id) and (place / snapshot_id).is_dir():
        return place / snapshot_id
    there = [path.name for path in place.iterdir() if path.name[0] != "."] if place.is_dir() else []
    raise StoreError(
        unknown(
            "snapshot", snapshot_id, sorted(there), "Freeze the records first, or name one of the store's."
        )
    )


def _read_manifest(snapshot_id: str, folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = files.read_json(folder / MANIFEST)
        version = manifest["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(_unreadable(snapshot_id, MANIFEST, error)) from error
    if version != VERSION:
        raise StoreError(
            f"Snapshot '{snapshot_id}' was frozen with version {version} of the schema of records; this workbook "
            f"reads version {VERSION}. Freeze the records again, or open it with the workbook that froze it."
        )
    return manifest


def _read_table(snapshot_id: str, folder: Path, name: str) -> pd.DataFrame:
    try:
        return _of_types(_parquet(folder / f"{name}.parquet"), _COLUMNS[name])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:  # pyarrow's errors are ValueErrors and OSErrors
        raise StoreError(_unreadable(snapshot_id, f"{name}.parquet", error)) from error


def _parquet(path: Path) -> pd.DataFrame:
    """A Parquet file, read without threads: a process that has none can be forked (`pmf_lib.runs.warm`)."""
    with parquet.ParquetFile(path, pre_buffer=False) as file:
        read = file.read(use_threads=False).to_pandas(use_threads=False, types_mapper=_as_text)
    return pd.DataFrame(read)


def _as_text(kind: pyarrow.DataType) -> pd.StringDtype | None:
    """Text as pandas' own kind of text."""
    return (
        pd.StringDtype(na_value=np.nan)
        if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)
        else None
    )


def _unreadable(snapshot_id: str, file: str, error: Exception) -> str:
    return (
        f"Snapshot '{snapshot_id}': '{file}' is missing or cannot be read ({type(error).__name__}). "
        "Put it back from a copy, or move the snapshot's folder away and freeze the records again."
    )


def _first_difference(partitions: Partitions, manifest: Mapping[str, Any]) -> str:
    """`` (table 'x', directorate 'y')`` of the first digest that is not the manifest's."""
    held = manifest.get("tables", {})
    for table, parts in partitions.items():
        before = held.get(table, {}).get("partitions", {})
        for directorate in sorted(parts.keys() | before.keys()):
            if parts.get(directorate) != before.get(directorate):
                return f" (table '{table}', directorate '{directorate or 'none'}')"
    return ""
