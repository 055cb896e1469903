"""What holds of records whatever they say: no row is lost, and a snapshot's name stands for its content alone."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.records import findings
from pmf_lib.records.cells import Asked
from pmf_lib.records.check import check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import ARRANGEMENTS, TABLES
from pmf_lib.records.snapshot import digests, freeze, identity, load

DIRECTORATES = ["childrens", "resources"]
few = settings(max_examples=2, deadline=None)
"""A handful at once; `test_all_of_this_holds_of_many_more_records` draws more."""

SOUND = {
    "id": ["a", "b", "missed-bins"],
    "ids": ["a", "a; b", "missed-bins;b", ""],
    "posts": ["Head of Bins", "Head of Bins; Director", ""],
    "number": ["1", "0.1", "1,234.5", "c", "", "£3"],
    "date": ["2024-08-10", "2031-01-01"],
    "period": ["2024-07", "2024-25 Q2", "2023-24"],
    "flag": ["yes", "no", ""],
    "text": ["one", "two\nlines", "ünï", "NA"],
}
ORIGIN = ("source_file", "source_sheet", "source_row", "source_cells_over")
BROKEN = ["", "n.a.n", "£", "2024-13", "<b>", "\x00", "-", "Higher ", "9" * 400, "0000", "²", "_"]


@st.composite
def raw_tables(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """A few rows a table, each cell sound or broken, some rows ragged; of the tables of arrangements two have rows, any two."""
    filled = draw(st.lists(st.sampled_from(ARRANGEMENTS), min_size=2, max_size=2, unique=True))
    most = {name: 5 if name not in ARRANGEMENTS or name in filled else 0 for name in TABLES}
    return {name: draw(raw_table(name, rows)) for name, rows in most.items()}


@st.composite
def raw_table(draw: st.DrawFn, name: str, most: int) -> pd.DataFrame:
    if not most:
        return pd.DataFrame(columns=[*TABLES[name].columns, *ORIGIN], dtype="str")
    columns = {key: Asked.of(key, spec) for key, spec in TABLES[name].columns.items()}
    texts = {
        key: st.sampled_from(BROKEN) if draw(st.integers(0, 25)) == 0 else st.sampled_from(sound(asked))
        for key, asked in columns.items()
    }
    rows = draw(st.lists(st.fixed_dictionaries(texts), max_size=most))
    frame = pd.DataFrame(rows, columns=list(columns), dtype="str")
    over = [draw(st.sampled_from([0, 0, 0, 0, 1, -1])) for _ in rows]
    return frame.assign(
        source_file=f"data/own/{name}.csv",
        source_sheet="",
        source_row=range(2, len(rows) + 2),
        source_cells_over=over,
    )


def sound(asked: Asked) -> list[str]:
    if asked.name == "directorate":
        return [*DIRECTORATES, "elsewhere"]
    return list(asked.choices) or SOUND[asked.kind]


def read(raw: dict[str, pd.DataFrame]) -> Records:
    return check(parse(raw), directorates=DIRECTORATES, nodes={"a": ["a", "b"]})


def frozen_id(records: Records) -> str:
    tables = {**records.tables, "findings": records.findings, "reads": records.reads}
    return identity(digests(tables))


@cache
def sample_records(seed: int) -> Records:
    """Records with rows in every table, most of them sound."""
    rng = np.random.default_rng(seed)
    raw = {}
    for name, table in TABLES.items():
        rows = [
            {
                key: str(rng.choice([text for text in sound(Asked.of(key, spec)) if text not in {"", "c"}]))
                for key, spec in table.columns.items()
            }
            for _ in range(6)
        ]
        frame = pd.DataFrame(rows, dtype="str").assign(
            source_file=f"data/own/{name}.csv", source_sheet="", source_row=range(2, 8)
        )
        raw[name] = frame.assign(**plain(name))
    return parse(raw)


def plain(name: str) -> dict[str, object]:
    """Cells that keep most rows of `sample_records` sound."""
    if name in ARRANGEMENTS:
        return plainly_arranged(name)
    ids = {"measure_id": [f"m-{number}" for number in range(6)]}
    if name == "measures":
        return ids | {
            "decimals": "1",
            "due_days": "30",
            "frequency": "monthly",
            "definition_from": "2024-07",
            "retired_from": "2024-07",
        }
    periods = {
        "links": {"valid_from": "2023-24", "valid_to": "2024-25"},
        "commentary": {"quarter": "2024-25 Q2"},
        "forecasts": {"quarter": "2024-25 Q2", "year": "2024-25"},
    }
    return ids | periods.get(name, {"period": "2024-07"} if name != "targets" else {})


def plainly_arranged(name: str) -> dict[str, object]:
    """The same for a table of arrangements: periods and numbers in order, and each row recorded on its own day."""
    columns = {key: Asked.of(key, spec) for key, spec in TABLES[name].columns.items()}
    numbers = {key: "1" for key, asked in columns.items() if asked.kind == "number"}
    periods = {"quarter": "2024-25 Q2", "year": "2024-25"}
    told = {key: label for key, label in periods.items() if key in columns}
    return numbers | told | {"recorded_at": [f"2024-08-{day:02d}" for day in range(1, 7)]}


@few
@given(raw_tables())
def test_rows_read_are_rows_kept_and_rows_left_out(raw):
    records = read(raw)
    reads = records.reads.set_index("table")
    for name, table in raw.items():
        assert reads.loc[name, "rows_read"] == len(table)
        assert reads.loc[name, "rows_kept"] == len(records.tables[name])
    assert (reads["rows_read"] == reads["rows_kept"] + reads["rows_left_out"]).all()


@few
@given(raw_tables())
def test_every_row_left_out_has_a_finding_that_says_so_and_no_row_kept_has(raw):
    records = read(raw)
    gone = records.findings[findings.leaves_out(records.findings)]
    for name, table in raw.items():
        left_out = set(table["source_row"]) - set(records.tables[name]["source_row"])
        assert left_out == set(gone.loc[gone["table"] == name, "source_row"])


@few
@given(raw_tables())
def test_a_cell_has_one_finding_at_most_a_list_one_an_entry_and_each_has_its_sentence(raw):
    found = read(raw).findings
    cell = found[found["column"] != ""]
    assert not cell.duplicated(["table", "source_row", "column", "got"]).any()
    assert findings.worded(found).str.contains(r"\.csv, row \d+.*expected .+\. .+\.$").all()


@few
@given(raw_tables())
def test_what_is_kept_is_typed_by_the_schema(raw):
    records = read(raw)
    for name, table in TABLES.items():
        table.schema.validate(records.tables[name])


@few
@given(raw_tables())
def test_a_snapshot_survives_the_round_trip(raw):
    records = read(raw)
    with tempfile.TemporaryDirectory() as store:
        again = load(freeze(records, Path(store)).id, Path(store))
        for name, table in {**records.tables, "findings": records.findings, "reads": records.reads}.items():
            by = list(table.columns)
            pd.testing.assert_frame_equal(
                again.table(name).sort_values(by, ignore_index=True), table.sort_values(by, ignore_index=True)
            )


@few
@given(raw_tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_the_id(raw, random):
    records = read(raw)
    shuffled = {
        name: table.iloc[random.sample(range(len(table)), len(table))]
        for name, table in records.tables.items()
    }
    mixed = Records(shuffled, records.findings[::-1], records.reads[::-1])
    assert frozen_id(mixed) == frozen_id(records)


def test_the_sample_for_the_next_test_has_rows_in_every_table():
    assert {name: len(table) for name, table in sample_records(0).tables.items()} == dict.fromkeys(TABLES, 6)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1), st.data())
def test_changing_any_one_cell_changes_the_id(seed, data):
    records = sample_records(seed)
    name = data.draw(st.sampled_from(list(TABLES)))
    column = data.draw(st.sampled_from(list(records.tables[name].columns)))
    row = data.draw(st.integers(0, len(records.tables[name]) - 1))
    table = records.tables[name].copy()
    table.loc[row, column] = other(table.loc[row, column])
    changed = Records({**records.tables, name: table}, records.findings, records.reads)
    assert frozen_id(changed) != frozen_id(records)


def other(cell: object) -> object:
    """Another cell of the same type, as near as can be."""
    if isinstance(cell, str):
        return cell + " "
    if isinstance(cell, (bool, np.bool_)):
        return not cell
    if isinstance(cell, pd.Timestamp):
        return cell + pd.Timedelta(days=1)
    if pd.isna(cell):
        return 0.0
    return cell + 1 if isinstance(cell, (int, np.integer)) else float(np.nextafter(cell, np.inf))


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(raw_tables())
def test_all_of_this_holds_of_many_more_records(raw):
    for test in (
        test_rows_read_are_rows_kept_and_rows_left_out,
        test_every_row_left_out_has_a_finding_that_says_so_and_no_row_kept_has,
        test_a_cell_has_one_finding_at_most_a_list_one_an_entry_and_each_has_its_sentence,
        test_what_is_kept_is_typed_by_the_schema,
        test_a_snapshot_survives_the_round_trip,
    ):
        test.hypothesis.inner_test(raw)
