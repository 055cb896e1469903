"""Rows that speak of what is not there are left out; figures and dates that do not fit are found."""

from __future__ import annotations

import pandas as pd
import pytest

from pmf_lib.records.check import check, unit_factor
from pmf_lib.records.findings import worded
from pmf_lib.records.parse import Records, parse

NODES = {"pmf-2022-25": ("marker-01", "marker-02")}
MEASURE = {
    "measure_id": "missed-bins",
    "title": "Missed bins",
    "directorate": "resources",
    "unit": "%",
    "decimals": "1",
    "polarity": "lower",
    "frequency": "quarterly",
}
OBSERVATION = {
    "measure_id": "missed-bins",
    "period": "2024-25 Q1",
    "recorded_at": "2024-07-10",
    "value": "47.3",
    "numerator": "71",
    "denominator": "150",
}
LINK = {"framework": "pmf-2022-25", "node": "marker-01", "measure_id": "missed-bins", "reason": "It does"}


def raw(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    return frame.assign(
        source_file=f"data/own/{name}.csv", source_sheet="", source_row=range(2, len(rows) + 2)
    )


def read(**tables: list[dict[str, str]]) -> Records:
    tables = {"measures": [MEASURE], **tables}
    parsed = parse({name: raw(name, rows) for name, rows in tables.items()})
    return check(parsed, directorates=["childrens", "resources"], nodes=NODES)


def observed(**change: str) -> Records:
    return read(observations=[OBSERVATION | change])


def rules(records: Records) -> list[str]:
    return records.findings["rule"].to_list()


def test_records_that_fit_have_no_findings():
    assert rules(read(observations=[OBSERVATION], links=[LINK])) == []


def test_an_unknown_measure_is_found_with_its_near_miss():
    records = observed(measure_id="misse-bins")
    assert worded(records.findings).to_list() == [
        "data/own/observations.csv, row 2, column 'measure_id': got 'misse-bins', expected the id of a measure in the "
        "table 'measures'. Did you mean 'missed-bins'? Correct the cell and send the file again."
    ]
    assert len(records.tables["observations"]) == 0
    assert records.reads.set_index("table").loc["observations", "rows_left_out"] == 1


def test_a_measure_of_an_unknown_directorate_goes_and_its_rows_say_why():
    records = read(measures=[MEASURE | {"directorate": "resorces"}], observations=[OBSERVATION])
    assert rules(records) == ["directorate.unknown", "measure.left-out"]
    assert "Did you mean 'resources'?" in records.findings["mend"][0]
    assert records.findings["directorate"].to_list() == ["", ""]


def test_rows_of_a_measure_whose_row_could_not_be_read_say_so():
    records = read(measures=[MEASURE | {"polarity": "down"}], links=[LINK])
    assert rules(records) == ["cell.choice", "measure.left-out"]
    assert records.findings["directorate"].to_list() == ["resources", "resources"]


def test_an_unknown_node_is_found_in_known_frameworks_alone():
    records = read(links=[LINK | {"node": "marker-3"}, LINK | {"framework": "other", "node": "marker-99"}])
    assert rules(records) == ["node.unknown"]
    assert records.tables["links"]["node"].to_list() == ["marker-99"]


@pytest.mark.parametrize(("lower", "upper", "found"), [("5", "4", 1), ("4", "4", 0), ("4", "", 0)])
def test_a_range_that_is_upside_down_is_left_out(lower, upper, found):
    target = {"measure_id": "missed-bins", "from_period": "2024-25", "lower": lower, "upper": upper}
    records = read(targets=[target])
    assert rules(records) == ["target.range"] * found
    assert len(records.tables["targets"]) == 1 - found


@pytest.mark.parametrize(
    ("recorded_at", "state", "found"),
    [
        ("2024-06-29", "final", 1),
        ("2024-06-30", "final", 0),
        ("2024-06-29", "provisional", 1),
        ("2024-06-29", "estimated", 0),
    ],
)
def test_a_value_recorded_before_its_period_ended_is_kept_with_a_warning(recorded_at, state, found):
    records = observed(recorded_at=recorded_at, state=state)
    assert rules(records) == ["period.not-ended"] * found
    assert len(records.tables["observations"]) == 1


@pytest.mark.parametrize(
    ("value", "found"), [("47.3", 0), ("47.33", 0), ("47.38", 0), ("47.4", 1), ("0.48", 1), ("47.2", 1)]
)
def test_a_value_further_from_its_parts_than_rounding_is_kept_with_a_warning(value, found):
    records = observed(value=value)
    assert rules(records) == ["value.differs"] * found
    assert len(records.tables["observations"]) == 1


def test_a_value_that_differs_is_told_with_what_its_parts_give():
    assert observed(value="41").findings["expected"][0] == (
        "47.333333, from numerator and denominator 71 and 150"
    )


@pytest.mark.parametrize("change", [{"denominator": "0"}, {"numerator": ""}, {"value": "c"}])
def test_a_value_that_cannot_be_checked_is_no_fault(change):
    assert rules(observed(**change)) == []


def test_a_comparator_of_another_frequency_is_kept_with_a_warning():
    comparator = {"measure_id": "missed-bins", "period": "2024-25", "authority": "Otherton", "value": "5"}
    records = read(comparators=[comparator, comparator | {"period": "2024-25 Q1"}])
    assert rules(records) == ["period.other-kind"]
    assert len(records.tables["comparators"]) == 2


def test_reads_reconcile_after_rows_are_left_out():
    reads = read(observations=[OBSERVATION, OBSERVATION | {"measure_id": "else"}]).reads
    assert reads.set_index("table").loc["observations"].to_list()[:5] == [
        "data/own/observations.csv",
        2,
        1,
        1,
        536.6,
    ]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("%", 100),
        ("% of residents", 100),
        ("per cent", 100),
        ("rate per 10,000", 10000),
        ("per 1000 people", 1000),
        ("£", 1),
        ("days per case", 1),
        ("percentage points", 100),
    ],
)
def test_units_say_what_a_share_is_multiplied_by(unit, factor):
    assert unit_factor(unit) == factor
