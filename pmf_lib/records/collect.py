"""All of a council's records: its folders and published sources, put together, parsed and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib.council import Council
from pmf_lib.errors import PolicyError, RecordsError, SettingsError
from pmf_lib.framework import Framework
from pmf_lib.records.arranged.leads import Named
from pmf_lib.records.check import Nodes, check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.quality import scheme
from pmf_lib.records.raw import CELLS_OVER
from pmf_lib.records.returns.control import Delivery, held_against
from pmf_lib.records.returns.inbox import deliveries
from pmf_lib.records.schema import ARRANGEMENTS, PROVENANCE, TABLES
from pmf_lib.records.sources.folder import read_folder


def collect(
    council: Council,
    *,
    nodes: Nodes | None = None,
    returns: Iterable[Delivery] | None = None,
    as_at: date | None = None,
) -> Records:
    """Read, parse and check everything that the council's file names.

    Parameters
    ----------
    council
        Its ``records.folders`` (CSV or Parquet, under the root) are read first, then its ``records.locations`` and
        ``records.databases``, then its ``records.sources``, then every return that was collected.
    nodes
        Framework id → ids of its nodes; links to other nodes of these frameworks become findings, and an item of an
        agenda is known that one of them asks for.
    returns
        These returns instead of those collected.
    as_at
        Of the returns collected only those received by this day, and values judged as in force on it; none: all.

    Raises
    ------
    RecordsError
        A folder, file, location or database cannot be read at all, or no table of measures is there.
    PolicyError
        A framework in use (`nodes`) can't be read.
    SettingsError
        The environment lacks an address or a folder that the council's file asks for.
    """
    came = sorted(deliveries(council, as_at) if returns is None else returns, key=lambda one: one.order)
    places = [*_placed(council), *_published(council.records.sources), *(_said(one.raw) for one in came)]
    raw = concatenated(places)
    if "measures" not in raw:
        raise RecordsError(
            f"No table 'measures' {_where(council)}: every figure belongs to a measure, so this table is needed. "
            f"Add it (a file 'measures.csv', say), or correct 'records' in parameters/councils/{council.id}.yml."
        )
    directorates = [each.id for each in council.directorates]
    rules = scheme.load().slips
    records = check(
        parse(raw),
        directorates=directorates,
        nodes=nodes,
        named=_named(nodes or {}),
        slips=rules,
        as_at=as_at,
    )
    return held_against(records, came)


def _named(in_use: Collection[str]) -> Named:
    """Items that the agendas of the frameworks in use ask for, and clauses of every framework that is at hand.

    No clause is known where a framework that is not in use can't be read: which clauses it has nobody can tell.
    """
    ids = frameworks.ids()
    used = [frameworks.load(name) for name in ids if name in in_use]
    others = [_readable(name) for name in ids if name not in in_use]
    every = [*used, *filter(None, others)] if all(others) else []
    return Named(
        frozenset(item.id for one in used for agenda in one.agendas for item in agenda.items),
        frozenset(clause.id for one in every for clause in one.clauses),
    )


def _readable(name: str) -> Framework | None:
    """A framework; None where its files can't be read, as those of an unfinished draft."""
    try:
        return frameworks.load(name)
    except (PolicyError, SettingsError):
        return None


def concatenated(places: Iterable[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Raw tables of several places as one per name; columns that a place lacks are empty for its rows."""
    places = list(places)
    return {
        name: _stacked([place[name] for place in places if name in place])
        for name in TABLES
        if any(name in place for place in places)
    }


def _said(raw: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """A return's tables without the sheets of arrangements that were left as the template has them: they say nothing."""
    return {name: frame for name, frame in raw.items() if len(frame) or name not in ARRANGEMENTS}


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    stacked = pd.concat(filled, ignore_index=True)
    numbers = [name for name in (PROVENANCE[2], CELLS_OVER) if name in stacked]
    texts = [name for name in stacked.columns if name not in numbers]
    return stacked.assign(
        **{name: stacked[name].fillna("").astype("str") for name in texts},
        **{name: stacked[name].fillna(0).astype("int64") for name in numbers},
    )


def _placed(council: Council) -> list[Mapping[str, pd.DataFrame]]:
    """Raw tables of folders, locations and databases; what reads the latter is loaded only where there are some."""
    asked = council.records
    places: list[Mapping[str, pd.DataFrame]] = [read_folder(folder) for folder in asked.folders]
    if asked.locations:
        from pmf_lib.records.sources.location import read_location

        places += [read_location(location) for location in asked.locations]
    if asked.databases:
        from pmf_lib.records.sources.database import read_database

        places += [read_database(database) for database in asked.databases]
    return places


def _where(council: Council) -> str:
    """Every place that the council's file names, in words."""
    asked = council.records
    kinds = {
        "in": asked.folders,
        "at the location": [one.label for one in asked.locations],
        "in the database": [one.label for one in asked.databases],
    }
    said = [f"{words} '{name}'" for words, names in kinds.items() for name in names]
    return ", ".join(said) or "anywhere"


def _published(sources: Iterable[str]) -> list[dict[str, pd.DataFrame]]:
    """Raw tables of the published sources; their readers are loaded only where a council names one."""
    names = list(sources)
    if not names:
        return []
    from pmf_lib.records.published.read import read_source

    return [read_source(name) for name in names]
