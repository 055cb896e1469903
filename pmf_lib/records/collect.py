"""All of a council's records: its folders and published sources, put together, parsed and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pmf_lib.council import Council
from pmf_lib.errors import RecordsError
from pmf_lib.records.check import Nodes, check
from pmf_lib.records.folder import CELLS_OVER, read_folder
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import PROVENANCE, TABLES


def collect(council: Council, *, nodes: Nodes | None = None) -> Records:
    """Read, parse and check everything that the council's file names.

    Parameters
    ----------
    council
        Its ``records.folders`` (CSV, under the root) are read first, then its ``records.sources``.
    nodes
        Framework id → ids of its nodes; links to other nodes of these frameworks become findings.

    Raises
    ------
    RecordsError
        A folder or file cannot be read at all, or no file of measures is there.
    """
    places = [read_folder(folder) for folder in council.records.folders]
    raw = concatenated([*places, *_published(council.records.sources)])
    if "measures" not in raw:
        folders = "', '".join(council.records.folders)
        raise RecordsError(
            f"No 'measures.csv' in '{folders}': every figure belongs to a measure, so this file is needed. "
            f"Add it, or correct 'records' in parameters/councils/{council.id}.yml."
        )
    return check(parse(raw), directorates=[each.id for each in council.directorates], nodes=nodes)


def concatenated(places: Iterable[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Raw tables of several places as one per name; columns that a place lacks are empty for its rows."""
    places = list(places)
    return {
        name: _stacked([place[name] for place in places if name in place])
        for name in TABLES
        if any(name in place for place in places)
    }


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    stacked = pd.concat(filled, ignore_index=True)
    numbers = [name for name in (PROVENANCE[2], CELLS_OVER) if name in stacked]
    texts = [name for name in stacked.columns if name not in numbers]
    return stacked.assign(
        **{name: stacked[name].fillna("").astype("str") for name in texts},
        **{name: stacked[name].fillna(0).astype("int64") for name in numbers},
    )


def _published(sources: Iterable[str]) -> list[dict[str, pd.DataFrame]]:
    """Raw tables of the published sources; their readers are loaded only where a council names one."""
    names = list(sources)
    if not names:
        return []
    from pmf_lib.records.published import read_source

    return [read_source(name) for name in names]
