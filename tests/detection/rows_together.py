"""Rules of reading over many seeds at once: each seed's records keep apart by their ids and rows, and are read in one go."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from clean_records import DIRECTORATES, NODES, clean
from record_faults import MUTATORS, Planted, Planter, Raw

from pmf_lib.records.check import check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import ARRANGEMENTS, SEPARATOR, TABLES

CLEAN_SEEDS = 20
ROWS_A_SEED = 10_000
PLACE = ["rule", "table", "source_row", "column"]


@dataclass(frozen=True)
class RowsOutcome:
    """How one rule fared: planted, found in its very cell, and everything else that was found."""

    rule: str
    planted: int
    found: int
    elsewhere: pd.DataFrame


def read(raw: Raw) -> Records:
    return check(parse(raw), directorates=DIRECTORATES, nodes=NODES)


def plant(rule: str, seed: int) -> Planted:
    return MUTATORS[rule](Planter(clean(seed % CLEAN_SEEDS), rule, seed))


def together(raws: list[Raw]) -> Raw:
    """Several councils' tables as one: ids and services end with the seed, rows begin with it."""
    names = [name for name in TABLES if any(name in raw for raw in raws)]
    return {
        name: pd.concat([_apart(name, raw[name], at) for at, raw in enumerate(raws) if name in raw])
        for name in names
    }


def _apart(name: str, table: pd.DataFrame, at: int) -> pd.DataFrame:
    marks = {column: _marked(table[column], f"-s{at:02d}") for column in _ids(name) if column in table}
    if "service" in table:
        marks["service"] = _marked(table["service"], f" s{at:02d}")
    if name in ARRANGEMENTS:
        marks["reference"] = pd.Series(f"Minutes of council {at}", table.index)
    return table.assign(**marks, source_row=table["source_row"] + at * ROWS_A_SEED)


def _ids(name: str) -> list[str]:
    """Columns with ids of rows, one or several in a cell."""
    own = [key for key in TABLES[name].key if key.endswith("_id")]
    return list(dict.fromkeys([*own, *TABLES[name].points_to]))


def _marked(texts: pd.Series, mark: str) -> pd.Series:
    """Each text, or each one of a list, with the mark at its end."""
    return pd.Series(
        [SEPARATOR.join(part + mark for part in text.split(SEPARATOR) if part) for text in texts],
        texts.index,
        dtype="str",
    )


def outcome(rule: str, seeds: range) -> RowsOutcome:
    """Plant the fault once for each seed and see what is found. What a lost measure takes with it is no other finding."""
    planted = [plant(rule, seed) for seed in seeds]
    found = read(together([one.raw for one in planted])).findings
    if any(one.table == "measures" for one in planted):
        found = found[found["rule"] != "measure.left-out"]
    wanted = {
        (one.rule, one.table, one.source_row + at * ROWS_A_SEED, one.column) for at, one in enumerate(planted)
    }
    places = pd.Series(list(found[PLACE].itertuples(index=False, name=None)), found.index, dtype="object")
    right = places.isin(list(wanted))
    return RowsOutcome(rule, len(planted), len(set(places[right])), found[~right])


def clean_findings(seeds: range) -> pd.DataFrame:
    """What is found in records in which nothing was planted."""
    return read(together([clean(seed) for seed in seeds])).findings
