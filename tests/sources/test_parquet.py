"""A Parquet file is read as text with row numbers; what is wrong with a whole file stops the reading, in words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pmf_lib.errors import RecordsError
from pmf_lib.records.sources.folder import read_folder

ROW = {"measure_id": ["missed-bins"], "period": ["2024-07"], "recorded_at": ["2024-08-10"]}


def observations(home, columns) -> pd.DataFrame:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, home.folder() / "observations.parquet")
    return read_folder("data/own")["observations"]


def refusal(home, columns) -> str:
    with pytest.raises(RecordsError) as caught:
        observations(home, columns)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (pa.array([0.1 + 0.2]), "0.30000000000000004"),
        (pa.array([12.3], pa.float32()), "12.3"),
        (pa.array([np.float16(12.5)], pa.float16()), "12.5"),
        (pa.array([1234567.0]), "1234567"),
        (pa.array([-0.25]), "-0.25"),
        (pa.array([9007199254740993]), "9007199254740993"),
        (pa.array([Decimal("12.50")]), "12.50"),
        (pa.array([Decimal("0.0000001")]), "0.0000001"),
        (pa.array([None], pa.float64()), ""),
        (pa.array([float("nan")]), ""),
        (pa.array([True]), "yes"),
        (pa.array(["[c]"]).dictionary_encode(), "[c]"),
        (pa.array([b"12"]), "12"),
    ],
)
def test_a_typed_cell_becomes_the_text_that_a_person_would_write(home, cell, text):
    assert observations(home, {**ROW, "value": cell})["value"].to_list() == [text]


@pytest.mark.parametrize(
    "cell",
    [
        pa.array([datetime(2024, 7, 1).date()]),
        pa.array([datetime(2024, 7, 1, 9, 30)]),
        pa.array([1719790200 * 10**9], pa.timestamp("ns", "UTC")),
        pa.array([1719790200], pa.timestamp("s", "Europe/London")),
    ],
    ids=["day", "moment", "half past eleven in Greenwich", "half past midnight in London"],
)
def test_a_moment_in_a_column_of_dates_is_its_day_in_england(home, cell):
    assert observations(home, {**ROW, "recorded_at": cell})["recorded_at"].to_list() == ["2024-07-01"]


def test_rows_are_numbered_from_the_first_and_empty_ones_are_skipped(home):
    table = observations(
        home,
        {
            "measure_id": ["a", None, "b"],
            "period": ["2024-07", None, "2024-08"],
            "recorded_at": ["x", " ", "y"],
        },
    )
    assert table["source_row"].to_list() == [1, 3]
    assert table["source_file"].to_list() == ["data/own/observations.parquet"] * 2


def test_the_same_table_as_csv_and_as_parquet_is_refused(home):
    (home.folder() / "observations.csv").write_text("measure_id,period,recorded_at\n")
    said = refusal(home, ROW)
    assert "data/own/observations.csv and data/own/observations.parquet hold the same table" in said
    assert "Keep one of the two" in said


def test_different_tables_may_come_in_different_forms(home):
    (home.folder() / "links.csv").write_text("framework,node,measure_id,reason\n")
    pq.write_table(pa.table(ROW), home.folder() / "observations.parquet")
    assert list(read_folder("data/own")) == ["links", "observations"]


def test_a_renamed_column_is_named_with_the_one_that_was_meant(home):
    said = refusal(home, {**ROW, "valeu": [1.0]})
    assert "data/own/observations.parquet: column 'valeu'" in said
    assert "Did you mean 'value'?" in said


def test_a_missing_column_is_named(home):
    assert "column 'recorded_at' is missing" in refusal(home, {"measure_id": ["a"], "period": ["2024-07"]})


def test_a_column_that_is_there_twice_is_refused(home):
    twice = pa.Table.from_arrays([pa.array(["a"])] * 2, names=["value", "value"])
    assert "column 'value' is there twice" in refusal(home, twice)


def test_a_file_that_is_no_table_is_refused_with_the_one_that_was_meant(home):
    pq.write_table(pa.table(ROW), home.folder() / "observation.parquet")
    with pytest.raises(
        RecordsError, match=r"observation\.parquet: 'observation'.*Did you mean 'observations'\?"
    ):
        read_folder("data/own")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"measure_id,period\n", b"PAR1" + b"x" * 100 + b"PAR1"])
def test_a_file_that_is_not_parquet_is_refused_in_words(home, content):
    (home.folder() / "observations.parquet").write_bytes(content)
    with pytest.raises(RecordsError, match=r"data/own/observations\.parquet cannot be read as Parquet"):
        read_folder("data/own")


@pytest.mark.parametrize(
    "content", [[["a", "b"]], [{"a": 1}], [b"\xff\xfe"]], ids=["list", "record", "bytes"]
)
def test_a_cell_that_no_spreadsheet_could_hold_is_refused_with_its_place(home, content):
    said = refusal(home, {**ROW, "value": content})
    assert "data/own/observations.parquet, row 1, column 'value'" in said


def test_a_file_of_millions_of_rows_is_refused_before_it_is_read(home, monkeypatch):
    monkeypatch.setattr("pmf_lib.records.raw.MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(home, {name: cells * 2 for name, cells in ROW.items()})
