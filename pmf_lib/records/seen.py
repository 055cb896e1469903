"""What the page of one directorate may see of a snapshot, and the digests of that: its key is made of nothing else.

Of each table that its notebook reads it sees its own rows and those of no directorate, or every row where the notebook
declares that it reads the table whole (`reads_whole` of the sidecar). Of observations it sees its measures' too wherever
its own rows name a measure of another directorate, as an action may. Faults are its own. Of what was read it sees which
tables were sent, and when each was first delivered; rows and sums are its own returns' alone, and those of files of no
directorate whose sender stated them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from pmf_lib.once import once
from pmf_lib.records.canonical import rows_digest
from pmf_lib.records.many import exploded
from pmf_lib.records.schema import TABLES
from pmf_lib.records.snapshot import Snapshot, directorates_of
from pmf_lib.store.identity import digest

OBSERVATIONS, FINDINGS, READS, LEFT_OUT = "observations", "findings", "reads", "left_out"
NAMING = ("measure_id", "measures")
"""Columns of the tables of arrangements that name measures."""
OF_THE_SENDER = ("rows_read", "rows_kept", "rows_left_out", "control_total", "stated_rows", "stated_total")
NOTHING = {"rows_read": 0, "rows_kept": 0, "rows_left_out": 0, "control_total": 0.0}


def seen(snapshot: Snapshot, unit: str, reads: Collection[str], whole: Collection[str]) -> Snapshot:
    """The snapshot as the page of this directorate sees it; under the same id, in the same order of rows.

    `reads` are the tables that its notebook reads, `whole` those of them of which it reads every directorate's rows.
    """
    tables = {name: _rows(snapshot, name, unit, reads, whole) for name in snapshot.tables}
    partitions = {
        name: _parts(parts, unit, name in whole) if name in (*reads, *whole) else {}
        for name, parts in snapshot.partitions.items()
    }
    return replace(snapshot, tables=tables, partitions=partitions)


def digests(snapshot: Snapshot, unit: str, reads: Collection[str], whole: Collection[str]) -> dict[str, str]:
    """Table → digest of what the page of this directorate sees of it; those of which it sees nothing are left out.

    Two snapshots of the same digests are the same to that page.
    """
    read = [name for name in TABLES if name in (*reads, "measures")]
    found = {name: digest(_parts(snapshot.partitions[name], unit, name in whole)) for name in read}
    if OBSERVATIONS in read and OBSERVATIONS not in whole:
        named = _named_elsewhere(snapshot, unit, reads)
        found[OBSERVATIONS] = digest([found[OBSERVATIONS], rows_digest(named)])
    for name in (FINDINGS, READS, LEFT_OUT):
        if name in snapshot.tables:
            found[name] = _digest_of_reading(snapshot, name, unit, is_whole=name in whole)
    return found


@once
def _digest_of_reading(snapshot: Snapshot, name: str, unit: str, is_whole: bool) -> str:
    return rows_digest(_of_reading(snapshot, name, unit, is_whole))


def _rows(
    snapshot: Snapshot, name: str, unit: str, reads: Collection[str], whole: Collection[str]
) -> pd.DataFrame:
    """What is seen of one table."""
    frame = snapshot.tables[name]
    if name in (FINDINGS, READS, LEFT_OUT):
        return _of_reading(snapshot, name, unit, name in whole)
    if name in whole:
        return frame
    if name not in (*reads, "measures"):
        return frame.iloc[:0]
    own = directorates_of(snapshot, name).isin((unit, ""))
    if name == OBSERVATIONS:
        own |= frame["measure_id"].isin(_named(snapshot, unit, reads))
    return frame[own].reset_index(drop=True)


def _of_reading(snapshot: Snapshot, name: str, unit: str, is_whole: bool) -> pd.DataFrame:
    """What is seen of a table that tells how the records were read; of what was read nobody sees everything."""
    frame = snapshot.tables[name]
    if name == READS:
        return _sent(frame, unit)
    if is_whole:
        return frame
    own = frame["directorate"] == unit
    if name == FINDINGS:
        own |= frame["measure_id"].isin(_own_measures(snapshot, unit))
    return frame[own].reset_index(drop=True)


def _parts(parts: Mapping[str, str], unit: str, is_whole: bool) -> dict[str, str]:
    return {name: one for name, one in parts.items() if is_whole or name in (unit, "")}


def _named_elsewhere(snapshot: Snapshot, unit: str, reads: Collection[str]) -> pd.DataFrame:
    """Observations of other directorates' measures that the unit's own rows name."""
    rows = _rows_of_measures(snapshot)
    at = sorted(row for one in _named(snapshot, unit, reads) for row in rows.get(one, ()))
    whose = directorates_of(snapshot, OBSERVATIONS).iloc[at]
    return snapshot.tables[OBSERVATIONS].iloc[at][~whose.isin((unit, ""))]


@once
def _rows_of_measures(snapshot: Snapshot) -> dict[str, list[int]]:
    """Measure → places of its observations."""
    found: dict[str, list[int]] = {}
    for at, measure in enumerate(snapshot.tables[OBSERVATIONS]["measure_id"].tolist()):
        found.setdefault(measure, []).append(at)
    return found


def _named(snapshot: Snapshot, unit: str, reads: Collection[str]) -> set[str]:
    """Measures that the directorate's own rows of arrangements name."""
    tables = [name for name in snapshot.tables if name in reads and name != "measures"]
    return {one for name in tables for one in _names(snapshot, name).get(unit, ())}


@once
def _names(snapshot: Snapshot, name: str) -> dict[str, set[str]]:
    """Directorate → measures that its rows of a table of arrangements name."""
    rows, found = snapshot.tables[name], dict[str, set[str]]()
    for column in NAMING:
        if column in rows and "directorate" in rows:
            listed = exploded(rows, column)
            for unit, one in zip(listed["directorate"].tolist(), listed[column].tolist(), strict=True):
                found.setdefault(unit, set()).add(str(one))
    return found


def _own_measures(snapshot: Snapshot, unit: str) -> pd.Series[str]:
    measures = snapshot.tables["measures"]
    return measures.loc[measures["directorate"] == unit, "measure_id"]


def _sent(reads: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What was read of the directorate's files and as senders stated; of all else, one row per table: sent, and when first?"""
    stated = (reads["directorate"] == "") & reads[["stated_rows", "stated_total"]].notna().any(axis=1)
    is_own = (reads["directorate"] == unit) | stated
    own, others = reads[is_own], reads[~is_own].assign(source_file="", directorate="")
    others = others.assign(
        is_silent=others["delivered"] == "",
        **{name: NOTHING.get(name, float("nan")) for name in OF_THE_SENDER},
    )
    others = others.sort_values(["is_silent", "delivered"], kind="stable").drop_duplicates(
        ["table", "is_sent"]
    )
    both = pd.concat([own, others.sort_index()[list(reads.columns)]])
    return both.astype(reads.dtypes.to_dict()).reset_index(drop=True)
