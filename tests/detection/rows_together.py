"""Rules of reading over many seeds at once: each seed's records keep apart by their ids and rows, and are read in one go."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from clean_records import DIRECTORATES, NODES, clean
from record_faults import MUTATORS, Planted, Planter, Raw

from pmf_lib.records.check import check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import MEASURES

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
    """Several councils' tables as one: ids end with the seed, rows begin with it."""
    return {name: pd.concat([_apart(raw[name], at) for at, raw in enumerate(raws)]) for name in MEASURES}


def _apart(table: pd.DataFrame, at: int) -> pd.DataFrame:
    ids = table["measure_id"]
    named = (ids + f"-s{at:02d}").where(ids != "", ids)
    return table.assign(measure_id=named, source_row=table["source_row"] + at * ROWS_A_SEED)


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
