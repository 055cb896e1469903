"""A folder of files, one a table, as CSV or as Parquet: which file is which table, and each of them read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

import pandas as pd

from pmf_lib import settings
from pmf_lib.errors import RecordsError
from pmf_lib.records.raw import Raw, no_table
from pmf_lib.records.schema import TABLES, Table
from pmf_lib.records.sources.csv_file import table_of_csv
from pmf_lib.records.sources.parquet import table_of_parquet

READERS: Mapping[str, Callable[[bytes, str, Table], pd.DataFrame]] = {
    ".csv": table_of_csv,
    ".parquet": table_of_parquet,
}
"""Ending of a file's name → what reads it; files with other endings are left alone."""


def read_folder(folder: str) -> Raw:
    """Read every ``<table>.csv`` and ``<table>.parquet`` of a folder under the root.

    Parameters
    ----------
    folder
        Path relative to the root, such as ``data/sample``.

    Returns
    -------
    dict
        Raw tables by name, in the order of `schema.TABLES`: one row per row of the file, text columns as the file
        has them ('' where empty), ``source_file``, ``source_sheet`` ('') and ``source_row`` (of CSV the header is
        row 1, of Parquet the first row is); ``source_cells_over`` where rows are ragged. Blank rows are skipped.

    Raises
    ------
    RecordsError
        The folder is not there; a file's name is no table; a table is there twice; a file can't be read as what its
        name says; a column is unknown, missing or there twice.
    """
    place = _inside_root(folder)
    return read_files(f"{PurePosixPath(folder)}/", _names(folder, place), lambda name: _content(place / name))


def read_files(place: str, names: Iterable[str], content: Callable[[str], bytes]) -> Raw:
    """Read the files among `names` that hold tables.

    Parameters
    ----------
    place
        What comes before a file's name where reports print it.
    names, content
        Names of all files, and what gives the content of one (an `OSError` is worded here).
    """
    files: dict[str, str] = {}
    for name in sorted(names):
        if _ending(name) not in READERS or name.startswith("."):
            continue
        stem = PurePosixPath(name).stem
        if stem not in TABLES:
            mend = "Rename the file, or move it out of the folder."
            raise RecordsError(no_table(f"{place}{name}", stem, mend))
        if stem in files:
            raise RecordsError(_twice(place, files[stem], name))
        files[stem] = name
    return {
        name: _read(files[name], f"{place}{files[name]}", table, content)
        for name, table in TABLES.items()
        if name in files
    }


def _inside_root(folder: str) -> Path:
    """The folder's place; only paths inside the root are followed."""
    named = PurePosixPath(folder)
    if named.is_absolute() or ".." in named.parts or not named.parts:
        raise RecordsError(
            f"'{folder}' is not a folder of records. Name it relative to the workbook's root, for example 'data/sample'."
        )
    place = settings.root() / named
    if not place.is_dir():
        raise RecordsError(
            f"The folder of records '{folder}' is not there. "
            "Make it, or correct 'records: folders' in the council's file under parameters/councils."
        )
    return place


def _names(folder: str, place: Path) -> list[str]:
    try:
        return [path.name for path in place.iterdir()]
    except OSError as error:
        raise RecordsError(f"'{folder}' cannot be opened: {error.strerror}.") from error


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _twice(place: str, one: str, other: str) -> str:
    if _ending(one) == _ending(other):
        return f"{place}{other} is there under two spellings. Keep one of the two files."
    return (
        f"{place}{one} and {place}{other} hold the same table. Keep one of the two files: rows of both would be "
        "counted twice."
    )


def _read(name: str, where: str, table: Table, content: Callable[[str], bytes]) -> pd.DataFrame:
    try:
        held = content(name)
    except OSError as error:
        raise RecordsError(
            f"{where} cannot be opened: {error.strerror or type(error).__name__}. "
            "Close it elsewhere, or see its rights."
        ) from error
    return READERS[_ending(name)](held, where, table)
