"""A snapshot's name is a hash of what it says, and a stored one is held against it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib.errors import StoreError
from pmf_lib.records import snapshot
from pmf_lib.records.check import check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.snapshot import freeze, load
from pmf_lib.store import ledger

MEASURES = [
    {"measure_id": "missed-bins", "directorate": "resources", "decimals": "1"},
    {"measure_id": "school-places", "directorate": "childrens", "decimals": "0"},
]
COMMON = {"title": "A title", "unit": "number", "polarity": "lower", "frequency": "monthly"}


def raw(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    return frame.assign(
        source_file=f"data/own/{name}.csv", source_sheet="", source_row=range(2, len(rows) + 2)
    )


def observation(measure_id: str, month: int, value: str) -> dict[str, str]:
    return {
        "measure_id": measure_id,
        "period": f"2024-{month:02d}",
        "recorded_at": "2025-01-10",
        "value": value,
    }


def records(value: str = "0.1", left_out: str = "five") -> Records:
    observations = [
        observation("missed-bins", 7, value),
        observation("missed-bins", 8, "c"),
        observation("school-places", 8, "3"),
        observation("school-places", 9, left_out),
    ]
    tables = {
        "measures": raw("measures", [COMMON | row for row in MEASURES]),
        "observations": raw("observations", observations),
    }
    return check(parse(tables), directorates=["childrens", "resources"])


def test_a_snapshot_survives_the_round_trip(tmp_path):
    frozen = freeze(records(), tmp_path)
    again = load(frozen.id, tmp_path)
    given = records()
    for name in given.tables:
        pd.testing.assert_frame_equal(again.table(name), given.tables[name])
    pd.testing.assert_frame_equal(again.table("findings"), given.findings)
    pd.testing.assert_frame_equal(
        again.table("reads").sort_values("table", ignore_index=True),
        given.reads.sort_values("table", ignore_index=True),
    )


def test_the_id_is_written_down_here_so_that_no_library_or_machine_changes_it(tmp_path):
    assert freeze(records(left_out="4"), tmp_path).id == "4caf47066f896f2e"


def test_the_store_holds_a_file_a_table_and_says_what_is_in_it(tmp_path):
    frozen = freeze(records(), tmp_path)
    assert frozen.folder == tmp_path / "snapshots" / frozen.id
    names = {path.name for path in frozen.folder.iterdir()}
    assert names == {f"{name}.parquet" for name in frozen.tables} | {"snapshot.json"}
    manifest = json.loads((frozen.folder / "snapshot.json").read_text())
    assert manifest["id"] == frozen.id
    assert manifest["tables"]["observations"]["rows"] == 3
    assert set(manifest["tables"]["observations"]["partitions"]) == {"childrens", "resources"}


def test_no_half_written_folder_stays_when_writing_fails(tmp_path, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fail)
    with pytest.raises(OSError, match="disk full"):
        freeze(records(), tmp_path)
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_snapshot_that_is_there_is_left_as_it_is(tmp_path):
    folder = freeze(records(), tmp_path).folder
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    freeze(records(), tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_id_hangs_neither_on_the_folder_nor_on_the_time_zone(tmp_path, monkeypatch):
    one = freeze(records(), tmp_path / "a").id
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        assert freeze(records(), tmp_path / "b").id == one
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_value_changes_its_own_directorates_partition_alone(tmp_path):
    one, two = (freeze(records(value), tmp_path).partitions["observations"] for value in ("0.1", "0.2"))
    assert one["childrens"] == two["childrens"]
    assert one["resources"] != two["resources"]


def test_another_fault_in_a_row_that_was_left_out_is_another_snapshot(tmp_path):
    one, two = (freeze(records(left_out=text), tmp_path) for text in ("five", "six"))
    assert one.id != two.id
    assert one.partitions["observations"] == two.partitions["observations"]


def test_an_unknown_snapshot_is_refused_with_a_near_one(tmp_path):
    frozen = freeze(records(), tmp_path)
    near = frozen.id[:-1] + ("0" if frozen.id[-1] != "0" else "1")
    with pytest.raises(StoreError, match=rf"'{near}' is not a known snapshot\. Did you mean '{frozen.id}'"):
        load(near, tmp_path)


@pytest.mark.parametrize("name", ["../../etc", "", ".", "ABCDEF0123456789"])
def test_only_an_id_is_looked_for(tmp_path, name):
    (tmp_path / "snapshots").mkdir()
    with pytest.raises(StoreError, match="is not a known snapshot"):
        load(name, tmp_path)


def test_a_snapshot_of_another_schema_is_refused(tmp_path, monkeypatch):
    name = freeze(records(), tmp_path).id
    frozen_with = snapshot.VERSION
    monkeypatch.setattr(snapshot, "VERSION", frozen_with + 1)
    with pytest.raises(StoreError, match=f"was frozen with version {frozen_with} of the schema"):
        load(name, tmp_path)


def test_a_changed_value_is_noticed_and_its_table_named(tmp_path):
    frozen = freeze(records(), tmp_path)
    path = frozen.folder / "observations.parquet"
    frame = pd.read_parquet(path)
    frame.loc[frame["measure_id"] == "missed-bins", "value"] = 9.9
    frame.to_parquet(path, index=False)
    with pytest.raises(StoreError, match=r"\(table 'observations', directorate 'resources'\)"):
        load(frozen.id, tmp_path)
    assert freeze(records(), tmp_path).partitions == frozen.partitions, "set aside, and frozen anew"
    kept = tmp_path / "damaged" / f"snapshots-{frozen.id}-1"
    assert pd.read_parquet(kept / "observations.parquet").equals(frame)
    said = ledger.entries(tmp_path / "ledger.jsonl")[-1]
    assert (said["kind"], said["set_aside"]) == ("set aside", kept.name)


def test_values_and_digests_changed_together_are_noticed(tmp_path):
    one, two = freeze(records(), tmp_path), freeze(records("0.2"), tmp_path)
    for path in two.folder.iterdir():
        (one.folder / path.name).write_bytes(path.read_bytes().replace(two.id.encode(), one.id.encode()))
    with pytest.raises(StoreError, match="no longer holds what was frozen"):
        load(one.id, tmp_path)


def test_a_changed_manifest_is_noticed(tmp_path):
    frozen = freeze(records(), tmp_path)
    path = frozen.folder / "snapshot.json"
    path.write_text(path.read_text().replace('"rows": 3', '"rows": 4'))
    with pytest.raises(StoreError, match="no longer holds what was frozen"):
        load(frozen.id, tmp_path)


def test_a_snapshot_under_another_name_is_noticed(tmp_path):
    frozen = freeze(records(), tmp_path)
    other = tmp_path / "snapshots" / ("0" * 16)
    frozen.folder.rename(other)
    with pytest.raises(StoreError, match="no longer holds what was frozen"):
        load("0" * 16, tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"not parquet", b"[1, 2]"])
@pytest.mark.parametrize("name", ["targets.parquet", "snapshot.json"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content):
    frozen = freeze(records(), tmp_path)
    path: Path = frozen.folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=f"'{name}' is missing or cannot be read"):
        load(frozen.id, tmp_path)


def test_tables_are_given_as_copies(tmp_path):
    frozen = freeze(records(), tmp_path)
    table = frozen.table("measures")
    table["unit"] = "%"
    assert set(frozen.table("measures")["unit"]) == {"number"}


def test_an_unknown_table_is_refused(tmp_path):
    with pytest.raises(StoreError, match="Did you mean 'targets'"):
        freeze(records(), tmp_path).table("target")
