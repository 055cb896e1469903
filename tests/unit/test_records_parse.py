"""Raw text becomes typed records; what can't be read is found, and nothing is guessed."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from pmf_lib.records.cells import looked_up
from pmf_lib.records.findings import worded
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import DELIVERY, FINDING_COLUMNS, TABLES

MEASURE = {
    "measure_id": "missed-bins",
    "title": "Missed bins",
    "directorate": "resources",
    "unit": "number",
    "polarity": "lower",
    "frequency": "monthly",
}
OBSERVATION = {"measure_id": "missed-bins", "period": "2024-07", "recorded_at": "2024-08-10", "value": "5"}
TARGET = {"measure_id": "missed-bins", "from_period": "2024-25", "target": "5"}


def raw(name: str, *rows: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), dtype="str").fillna("")
    return frame.assign(
        source_file=f"data/own/{name}.csv", source_sheet="", source_row=range(2, len(rows) + 2)
    )


def read(**tables: list[dict[str, str]]) -> Records:
    tables = {"measures": [MEASURE], **tables}
    return parse({name: raw(name, *rows) for name, rows in tables.items()})


def read_observations(*changes: dict[str, str]) -> Records:
    return read(observations=[OBSERVATION | change for change in changes])


def rules(records: Records) -> list[str]:
    return records.findings["rule"].to_list()


def test_of_a_name_that_stands_twice_the_first_row_s_text_is_looked_up():
    known = pd.Series(["monthly", "annual", None], ["bins", "bins", "calls"], dtype="str")
    names = pd.Series(["calls", "bins", "tips"], [3, 5, 7], dtype="str", name="measure_id")
    wanted = pd.Series(["", "monthly", ""], [3, 5, 7], dtype="str", name="measure_id")
    pd.testing.assert_series_equal(looked_up(names, known), wanted)
    assert looked_up(names, {"bins": "annual"}).to_list() == ["", "annual", ""]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", 12.5),
        (" 1,234.50 ", 1234.5),
        ("1 234", 1234.0),
        ("1\u00a0234\u202f567", 1234567.0),
        ("£1,200", 1200.0),
        ("-£5", -5.0),
        ("£-5", -5.0),
        ("45%", 45.0),
        ("45 %", 45.0),
        ("\u22125", -5.0),
        ("+5", 5.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.2E+05", 120000.0),
        ("0.1", 0.1),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    records = read_observations({"value": text})
    assert rules(records) == []
    assert records.tables["observations"]["value"].to_list() == [number]


@pytest.mark.parametrize(
    "text",
    [
        "n.a.n",
        "(5)",
        "12,5",
        "1,23,456",
        "5-",
        "1e999",
        "inf",
        "5 to 6",
        "£5%",
        "=1+1",
        "٥",
        "0x10",
        "1_000",
        "--5",
    ],
)
def test_text_in_a_number_is_found_and_the_row_left_out(text):
    records = read_observations({"value": text})
    assert rules(records) == ["cell.number"]
    assert records.findings["got"].to_list() == [text]
    assert len(records.tables["observations"]) == 0


@pytest.mark.parametrize("mark", ["c", "x", "[c]", "[x]", "low", "[low]", "C", "*"])
def test_a_mark_of_suppression_is_a_state_and_no_value(mark):
    records = read_observations({"value": mark, "state": "final"})
    row = records.tables["observations"].iloc[0]
    assert rules(records) == []
    assert math.isnan(row["value"])
    assert row["state"] == "suppressed"


@pytest.mark.parametrize("mark", ["-", "..", ":", "z", "[z]", "u", "NA", "n/a", ""])
def test_an_observation_that_says_nothing_is_left_out_with_a_warning(mark):
    records = read_observations({"value": mark})
    assert rules(records) == ["value.none"]
    assert records.findings["severity"].to_list() == ["warning"]
    assert len(records.tables["observations"]) == 0


def test_a_suppressed_observation_needs_no_value():
    assert rules(read_observations({"value": "", "state": "Suppressed"})) == []


def test_marks_in_other_figures_are_missing_and_no_fault():
    records = read_observations({"numerator": "-", "denominator": "c"})
    assert rules(records) == []
    assert records.tables["observations"][["numerator", "denominator"]].isna().all(axis=None)
    assert records.tables["observations"]["state"].to_list() == ["final"]


def test_a_mark_is_no_number_where_a_number_is_needed():
    records = read(measures=[MEASURE | {"decimals": "n/a"}])
    assert rules(records) == ["cell.number"]
    assert "a whole number such as 2" in records.findings["expected"][0]


def test_decimals_are_whole_and_within_limits():
    records = read(measures=[MEASURE | {"decimals": "1.5"}, MEASURE | {"measure_id": "b", "decimals": "7"}])
    assert rules(records) == ["cell.number", "cell.limits"]
    assert records.findings["expected"][1] == "a number from 0 to 6"


def test_a_row_with_two_bad_cells_has_two_findings_and_goes_once():
    records = read_observations({"value": "five", "recorded_at": "10/08/2024"}, {})
    assert rules(records) == ["cell.date", "cell.number"]
    assert records.reads.loc[records.reads["table"] == "observations", "rows_left_out"].to_list() == [1]


@pytest.mark.parametrize("text", ["2024-08-10", "2024-08-10 00:00:00", "2024-08-10T00:00:00.000"])
def test_dates_are_iso_days(text):
    records = read_observations({"recorded_at": text})
    assert records.tables["observations"]["recorded_at"].to_list() == [pd.Timestamp("2024-08-10")]


@pytest.mark.parametrize(
    "text", ["10/08/2024", "2024-02-30", "2024-8-1", "45514", "2024-08-10 09:30", "soon"]
)
def test_other_dates_are_found(text):
    assert rules(read_observations({"recorded_at": text})) == ["cell.date"]


@pytest.mark.parametrize("text", ["2024-25", "2024-25 Q2", "2024", "Jul-24", "2024-13", "2024-07-01"])
def test_a_period_of_another_kind_than_the_measures_is_found(text):
    records = read_observations({"period": text})
    assert rules(records) == ["cell.period"]
    assert records.findings["expected"].to_list() == ["a period of the kind monthly, such as '2024-07'"]


def test_a_label_that_is_a_month_or_a_year_is_read_by_the_measures_frequency():
    yearly = MEASURE | {"measure_id": "survey", "frequency": "annual"}
    rows = [OBSERVATION | {"period": "2010-11"}, OBSERVATION | {"period": "2010-11", "measure_id": "survey"}]
    assert rules(read(measures=[MEASURE, yearly], observations=rows)) == []


def test_a_period_is_read_by_the_row_of_its_measure_that_was_kept():
    broken = MEASURE | {"frequency": "annual", "polarity": "down"}
    records = read(
        measures=[broken, MEASURE], observations=[OBSERVATION, OBSERVATION | {"period": "2024-25"}]
    )
    assert rules(records) == ["cell.choice", "cell.period"]
    assert records.tables["observations"]["period"].to_list() == ["2024-07"]


def test_a_target_may_begin_with_a_year_or_with_the_measures_own_period():
    rows = [TARGET, TARGET | {"from_period": "2025-04"}, TARGET | {"from_period": "soon"}]
    records = read(targets=rows)
    assert rules(records) == ["cell.period"]
    assert records.tables["targets"]["from_period"].to_list() == ["2024-25", "2025-04"]


@pytest.mark.parametrize("period", ["0000", "9999-00 Q4", "0000-01 Q1"])
def test_years_that_no_calendar_has_are_found(period):
    assert rules(read(targets=[TARGET | {"from_period": period}])) == ["cell.period"]


def test_words_of_a_list_are_read_whatever_their_case():
    records = read(measures=[MEASURE | {"polarity": "Lower", "monitor_only": "TRUE", "exempt": "n"}])
    row = records.tables["measures"].iloc[0]
    assert row[["polarity", "monitor_only", "exempt"]].to_list() == ["lower", True, False]


def test_an_unknown_word_is_found_with_its_near_miss():
    found = read(measures=[MEASURE | {"polarity": "higer"}]).findings.iloc[0]
    assert found["rule"] == "cell.choice"
    assert found["expected"] == "one of 'higher', 'lower', 'range', 'none'"
    assert found["mend"].startswith("Did you mean 'higher'?")


def test_a_wrong_id_is_found_with_the_right_spelling():
    found = read(measures=[MEASURE | {"measure_id": "Missed Bins"}]).findings.iloc[0]
    assert found["rule"] == "cell.id"
    assert found["mend"].startswith("Did you mean 'missed-bins'?")


def test_a_flag_that_is_neither_is_found():
    assert rules(read(measures=[MEASURE | {"exempt": "perhaps"}])) == ["cell.flag"]


def test_a_needed_cell_that_is_empty_is_found():
    found = read(measures=[MEASURE | {"title": "  "}]).findings
    assert worded(found).to_list() == [
        "data/own/measures.csv, row 2, column 'title': nothing there, expected a value (what is measured, as a "
        "reader would say it). Correct the cell and send the file again."
    ]


def test_defaults_fill_what_is_empty_or_not_there():
    row = read().tables["measures"].iloc[0]
    wanted = {
        "decimals": 0.0,
        "due_days": 30.0,
        "accumulation": "in-period",
        "monitor_only": False,
        "owner": "",
    }
    assert {name: row[name] for name in wanted} == wanted


def test_every_table_is_typed_by_the_schema_even_without_rows():
    records = parse({})
    for name, table in TABLES.items():
        table.schema.validate(records.tables[name])
    assert records.reads[["source_file", "rows_read"]].drop_duplicates().to_numpy().tolist() == [["", 0]]
    assert list(records.findings.columns) == list(FINDING_COLUMNS)


def test_a_row_with_too_many_cells_is_left_out_without_further_findings():
    table = raw("observations", OBSERVATION | {"value": "five"}, OBSERVATION).assign(source_cells_over=[2, 0])
    records = parse({"measures": raw("measures", MEASURE), "observations": table})
    assert rules(records) == ["row.too-many-cells"]
    assert records.findings["got"].to_list() == ["cells beyond the header: 2"]


def test_a_row_with_too_few_cells_is_kept_with_a_warning():
    table = raw("observations", OBSERVATION).assign(source_cells_over=[-1])
    records = parse({"measures": raw("measures", MEASURE), "observations": table})
    assert rules(records) == ["row.too-few-cells"]
    assert len(records.tables["observations"]) == 1


def test_a_row_that_is_there_twice_is_kept_once():
    records = read_observations({}, {"value": "5.0"})
    assert rules(records) == ["key.repeated"]
    assert records.tables["observations"]["source_row"].to_list() == [2]
    assert records.findings["source_row"].to_list() == [3]


def test_rows_with_one_key_and_different_values_keep_the_first_and_name_it():
    records = read_observations(
        {}, {"value": "6"}, {"value": "7"}, {"recorded_at": "2024-09-01", "value": "6"}
    )
    assert rules(records) == ["key.conflict", "key.conflict"]
    assert records.tables["observations"]["source_row"].to_list() == [2, 5]
    assert worded(records.findings)[0] == (
        "data/own/observations.csv, row 3: got 'measure_id missed-bins, period 2024-07, recorded_at 2024-08-10', "
        "expected one row per measure, period and date of recording, and row 2 of data/own/observations.csv has this "
        "key with other content. The first row was kept and this one left out. Keep the one that is right, and send "
        "the file again."
    )


def test_a_target_without_a_number_is_kept_with_a_warning():
    records = read(targets=[TARGET | {"target": ""}])
    assert rules(records) == ["target.none"]
    assert len(records.tables["targets"]) == 1


def test_findings_know_the_directorate_of_their_measure():
    assert read_observations({"value": "five"}).findings["directorate"].to_list() == ["resources"]


def test_reads_reconcile_and_total_what_was_read():
    records = read_observations(
        {"numerator": "2"}, {"period": "2024-13", "value": "0.1"}, {"period": "2024-09", "value": "five"}
    )
    read_of = records.reads.set_index("table").loc["observations"]
    assert read_of[["rows_read", "rows_kept", "rows_left_out"]].to_list() == [3, 1, 2]
    assert read_of["control_total"] == 7.1


def test_a_control_total_is_the_same_in_any_order_of_rows():
    values = ["10000000000000000", "1", "-10000000000000000", "0.1"]
    changes = [{"period": f"2024-0{month}", "value": value} for month, value in enumerate(values, start=4)]
    totals = {read_observations(*order).reads["control_total"].sum() for order in (changes, changes[::-1])}
    assert totals == {1.1}


def test_rows_of_one_sheet_row_are_judged_one_by_one():
    table = raw("observations", OBSERVATION, OBSERVATION | {"period": "2024-08", "value": "five"})
    records = parse({"measures": raw("measures", MEASURE), "observations": table.assign(source_row=2)})
    assert records.tables["observations"]["period"].to_list() == ["2024-07"]


def test_the_raw_frames_are_left_as_they_were():
    table = raw("observations", OBSERVATION, OBSERVATION | {"value": "five"})
    before = table.copy()
    parse({"measures": raw("measures", MEASURE), "observations": table})
    pd.testing.assert_frame_equal(table, before)


def test_hostile_text_is_only_data():
    hostile = "<script>alert('x')</script>{0} %s \\ \x00 '; drop table" + "y" * 200
    records = read_observations({"value": hostile}, {"period": hostile})
    assert rules(records) == ["cell.number", "cell.period"]
    assert records.findings["got"].str.len().to_list() == [80, 80]
    assert worded(records.findings).str.contains("<script>alert('x')</script>{0} %s", regex=False).all()


def test_a_finding_is_one_line_without_control_characters():
    records = read_observations({"value": "five\n\x1b[31mred\u2028, row 3"})
    assert records.findings["got"].to_list() == ["five [31mred , row 3"]


def test_the_numbers_of_a_suppressed_row_are_dropped_before_anything_else():
    hidden = {"value": "-3.25", "numerator": "7.5 odd", "denominator": "-9.75"}
    records = read_observations(
        {"state": " Suppressed "} | hidden, {"period": "2024-08"} | hidden | {"value": "[c]"}
    )
    kept = records.tables["observations"]
    assert kept["state"].to_list() == ["suppressed", "suppressed"]
    assert kept[["value", "numerator", "denominator"]].isna().all(axis=None)
    assert records.findings.empty
    assert records.reads.set_index("table").loc["observations", "control_total"] == 0


def test_the_control_total_of_a_return_counts_what_says_only_again_what_was_there():
    first = raw("observations", {**OBSERVATION, "recorded_at": ""})
    again = raw(
        "observations",
        {**OBSERVATION, "recorded_at": ""},
        {**OBSERVATION, "recorded_at": "", "period": "2024-08"},
    )
    sent = [
        frame.assign(
            **(dict.fromkeys(DELIVERY, "") | {DELIVERY[0]: day, DELIVERY[1]: "resources"}),
            source_file=f"{day}.xlsx",
        )
        for day, frame in (("2024-09-10", first), ("2024-10-10", again))
    ]
    records = parse({"measures": raw("measures", MEASURE), "observations": pd.concat(sent)})
    reads = records.reads[records.reads["table"] == "observations"]
    assert reads[["rows_kept", "control_total"]].to_numpy().tolist() == [[1, 5], [1, 10]]


def test_a_return_that_suppresses_a_value_does_not_have_the_older_one_told():
    hidden = raw("observations", OBSERVATION | {"state": "suppressed", "value": ""})
    said = dict.fromkeys(DELIVERY, "") | {DELIVERY[0]: "2024-10-10", DELIVERY[1]: "resources"}
    both = pd.concat([raw("observations", OBSERVATION), hidden.assign(source_file="r.xlsx", **said)])
    records = parse({"measures": raw("measures", MEASURE), "observations": both})
    assert rules(records) == ["row.superseded"]
    told = " ".join(records.findings.loc[0, ["got", "expected", "mend"]])
    assert "state final → suppressed" in told
    assert "value" not in told
