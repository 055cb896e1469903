"""The grammar of published sources, on small made-up files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pmf_lib.errors import PolicyError, RecordsError, SettingsError
from pmf_lib.records.published.read import read_source

LONG = """\
title: Made up
publisher: Nobody
licence: none
attribution: none
files: made/bins_*.csv
authority:
  own: {^code$: E1}
  comparators:
    - {name: Everywhere, kind: country, where: {^code$: E9}}
period: {column: ^year$, style: year-ending, kind: year}
recorded_at: {file_name: 'bins_(\\d{4}-\\d{2}-\\d{2})'}
missing: [NA]
suppressed: [c]
tables:
  - measures:
      - {measure_id: bins, where: {^what$: bins}, value: ^value$}
"""
FIRST = "code,year,what,value\nE1,2023,bins,10\nE1,2024 (prov),bins,12\nE1,2024,bags,99\nE9,2023,bins,1000\n"
SECOND = "code,year,what,value\nE1,2023,bins,11\nE1,2024,bins,12\nE9,2023,bins,1100\n"

WIDE = """\
title: Made up
publisher: Nobody
licence: none
attribution: none
files: made/LA_*.xlsx
authority:
  own: {'cells:[EW]\\d{8}': E08000099}
  comparators:
    - {name: Everywhere, kind: country, where: {'cells:[EW]\\d{8}': E92000001}}
period: {file_name: 'LA_(\\d{6})', style: month, kind: quarter}
recorded_at: {cell: {sheet: contents, pattern: '^(\\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ \\d{4})'}}
missing: ['..']
suppressed: ['-']
tables:
  - sheet: T1_?
    header: {first: ^total homes, last: ^with children$}
    measures:
      - {measure_id: homes, value: ^total homes$, compare: false}
      - {measure_id: hotel-share, numerator: 'hotels.*\\| all$', denominator: ^total homes$, scale: 100}
      - {measure_id: hotel-families, value: 'hotels.*\\| with children$'}
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    """A root with no policy but the sources that a test writes, and an empty folder of published files."""
    for folder in ("parameters/sources", "published/made"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    monkeypatch.setenv("PMF_PUBLISHED", str(tmp_path / "published"))
    return tmp_path


def write(workspace: Path, source: str, **files: str) -> None:
    """The source 'made', and CSV files beside it (a name's double underscore stands for a hyphen)."""
    (workspace / "parameters/sources/made.yml").write_text(source, encoding="utf-8")
    for name, text in files.items():
        path = workspace / "published/made" / f"{name.replace('__', '-')}.csv"
        path.write_text(text, encoding="utf-8-sig")


def book(
    workspace: Path, name: str, own: tuple[object, ...], *, sheet: str = "T1", hotels: str = "Hotels"
) -> None:
    """A workbook with a hidden older header, a header over two rows with merged cells, and two places."""
    held = io.BytesIO()
    made = xlsxwriter.Workbook(held)
    contents = made.add_worksheet("Contents")
    contents.write(6, 3, "22nd July 2021 (revised)**")
    table = made.add_worksheet(sheet)
    table.write_row(0, 0, ["Table 1 - Total homes"])
    table.write_row(1, 2, ["Grand total", "Sum of hotels"])
    table.merge_range(2, 2, 3, 2, "Total  homes1,2")
    table.merge_range(2, 3, 2, 4, f"{hotels}\n(shared)3")
    table.write_row(3, 3, ["All", "With children 4"])
    table.write_row(4, 0, ["E92000001", "ENGLAND", 1000.0, 300.0, 100.0])
    table.write_row(5, 0, ["E08000099", "Madeup", *own])
    made.close()
    (workspace / "published/made" / f"{name}.xlsx").write_bytes(held.getvalue())


def observed(*columns: str) -> list[tuple[str, ...]]:
    """Those columns of the observations, row by row."""
    rows = read_source("made")["observations"][list(columns)]
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_a_revised_figure_is_there_once_for_each_delivery(workspace):
    write(workspace, LONG, bins_2024__05__01=FIRST, bins_2024__09__01=SECOND)
    assert observed("period", "recorded_at", "value", "state") == [
        ("2022-23", "2024-05-01", "10", "final"),
        ("2023-24", "2024-05-01", "12", "provisional"),
        ("2022-23", "2024-09-01", "11", "final"),
        ("2023-24", "2024-09-01", "12", "final"),
    ]


def test_a_comparator_is_kept_as_the_newest_delivery_has_it(workspace):
    write(workspace, LONG, bins_2024__05__01=FIRST, bins_2024__09__01=SECOND)
    others = read_source("made")["comparators"]
    assert others[["authority", "authority_kind", "period", "value"]].to_numpy().tolist() == [
        ["Everywhere", "country", "2022-23", "1100"]
    ]


@pytest.mark.parametrize("mark", ["NA", "c", ""])
def test_a_figure_that_the_newest_delivery_no_longer_gives_is_not_told_as_the_older_one_had_it(
    workspace, mark
):
    withdrawn = SECOND.replace("E1,2023,bins,11", f"E1,2023,bins,{mark}").replace("1100", mark)
    write(workspace, LONG, bins_2024__05__01=FIRST, bins_2024__09__01=withdrawn)
    assert read_source("made")["comparators"].empty
    rows = [row for row in observed("period", "value", "state") if row[0] == "2022-23"]
    assert rows == ([("2022-23", "10", "final"), ("2022-23", "", "suppressed")] if mark == "c" else [])


def test_every_row_names_its_file_and_the_row_as_a_spreadsheet_shows_it(workspace):
    write(workspace, LONG, bins_2024__05__01=FIRST)
    where = observed("source_file", "source_sheet", "source_row")
    assert where == [
        ("published:made/bins_2024-05-01.csv", "", 2),
        ("published:made/bins_2024-05-01.csv", "", 3),
    ]


def test_zero_is_a_figure_missing_is_left_out_and_suppressed_is_kept_without_a_value(workspace):
    rows = "".join(
        f"E1,{year},bins,{value}\n" for year, value in ((2021, "0"), (2022, "NA"), (2023, "c"), (2024, ""))
    )
    write(workspace, LONG, bins_2024__05__01="code,year,what,value\n" + rows)
    assert observed("period", "value", "state") == [("2020-21", "0", "final"), ("2022-23", "", "suppressed")]


def test_a_sources_own_filter_holds_for_all_rows_and_takes_several_values(workspace):
    filtered = LONG.replace("authority:", "where: {^year$: ['2022', '2024']}\nauthority:")
    rows = "".join(f"{code},{year},bins,{year}\n" for code in ("E1", "E9") for year in (2022, 2023, 2024))
    write(workspace, filtered, bins_2024__05__01="code,year,what,value\n" + rows)
    assert observed("value") == [("2022",), ("2024",)]
    assert read_source("made")["comparators"]["value"].tolist() == ["2022", "2024"]


def test_what_is_neither_number_nor_mark_is_passed_on_to_become_a_finding(workspace):
    write(workspace, LONG, bins_2024__05__01="code,year,what,value\nE1,0,bins,ten\nE1,2024,bins,8.3200E-2\n")
    assert observed("period", "value") == [("0", "ten"), ("2023-24", "0.0832")]


def test_days_after_the_period_give_the_day_where_the_file_has_none(workspace):
    rule = "recorded_at: {days_after_period: 90, reason: usual}"
    write(workspace, re.sub("recorded_at:.*", rule, LONG), bins_x=FIRST)
    assert observed("period", "recorded_at") == [("2022-23", "2023-06-29"), ("2023-24", "2024-06-29")]


def test_merged_headers_are_joined_and_footnotes_passed_over(workspace):
    write(workspace, WIDE)
    book(workspace, "LA_202106_fixed", (200.0, 50.0, 7.0))
    assert observed("measure_id", "period", "recorded_at", "value", "numerator", "denominator") == [
        ("homes", "2021-22 Q1", "2021-07-22", "200", "", ""),
        ("hotel-share", "2021-22 Q1", "2021-07-22", "25", "50", "200"),
        ("hotel-families", "2021-22 Q1", "2021-07-22", "7", "", ""),
    ]
    assert set(observed("source_sheet", "source_row")) == {("T1", 6)}


def test_a_sheet_whose_name_drifted_is_found_by_its_pattern(workspace):
    write(workspace, WIDE)
    book(workspace, "LA_202106", (200.0, 50.0, 7.0), sheet="T1_")
    assert set(observed("source_sheet")) == {("T1_",)}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((200.0, "..", 7.0), []),
        ((0.0, 0.0, 0.0), []),
        ((0.0, 5.0, 0.0), []),
        ((200.0, "-", "-"), [("", "", "suppressed")]),
        ((200.0, 0.0, 0.0), [("0", "0", "final")]),
    ],
)
def test_a_share_is_missing_or_suppressed_as_its_parts_are(workspace, own, expected):
    write(workspace, WIDE)
    book(workspace, "LA_202106", own)
    book(workspace, "LA_202109", (100.0, 10.0, 1.0))
    rows = observed("measure_id", "period", "value", "numerator", "state")
    assert [row[2:] for row in rows if row[:2] == ("hotel-share", "2021-22 Q1")] == expected


def test_counts_are_not_compared_with_larger_places(workspace):
    write(workspace, WIDE)
    book(workspace, "LA_202106", (200.0, 50.0, 7.0))
    others = read_source("made")["comparators"]
    assert others[["measure_id", "value"]].to_numpy().tolist() == [
        ["hotel-share", "30"],
        ["hotel-families", "100"],
    ]


def test_parquet_reads_as_csv_does(workspace):
    write(
        workspace, LONG.replace("bins_*.csv", "bins_*.parquet").replace("E1}", "'1'}").replace("E9}", "'9'}")
    )
    table = pd.DataFrame({"Code": [9.0, 1.0], "Year": "2023", "What": "bins", "Value": ["1100", "11"]})
    table.to_parquet(workspace / "published/made/bins_2024-09-01.parquet")
    assert observed("period", "value", "source_row") == [("2022-23", "11", 3)]


def test_a_renamed_header_is_told_with_the_files_own_headers(workspace):
    write(workspace, LONG, bins_2024__05__01=FIRST.replace(",value", ",valve"))
    with pytest.raises(RecordsError) as told:
        read_source("made")
    words = str(told.value)
    assert words.startswith("published:made/bins_2024-05-01.csv: the pattern '^value$' fits no header.")
    assert "nearest to it: 'valve'" in words


def test_two_headers_that_fit_are_both_told(workspace):
    write(workspace, LONG.replace("value: ^value$", "value: a(l|r)"), bins_2024__05__01=FIRST)
    with pytest.raises(RecordsError, match="fits 2 headers: 'year', 'value'"):
        read_source("made")


def test_a_renamed_header_of_a_workbook_is_told_with_file_and_sheet(workspace):
    write(workspace, WIDE)
    book(workspace, "LA_202106", (200.0, 50.0, 7.0), hotels="Guest houses")
    with pytest.raises(RecordsError) as told:
        read_source("made")
    assert "published:made/LA_202106.xlsx, sheet 'T1'" in str(told.value)
    assert "'Guest houses (shared)3 | All'" in str(told.value)


def test_a_header_row_that_is_not_there_is_told_with_the_nearest_cells(workspace):
    write(workspace, WIDE.replace("first: ^total homes", "first: ^sum of all homes"))
    book(workspace, "LA_202106", (200.0, 50.0, 7.0))
    with pytest.raises(
        RecordsError, match=r"no header row holds a cell like '\^sum of all homes'.*'Sum of hotels'"
    ):
        read_source("made")


def test_a_missing_sheet_is_told_with_the_files_own_sheets(workspace):
    write(workspace, WIDE)
    book(workspace, "LA_202106", (200.0, 50.0, 7.0), sheet="T2")
    with pytest.raises(RecordsError, match=r"LA_202106.xlsx: no sheet fits the name 'T1_\?'.*'T2'"):
        read_source("made")


def test_a_missing_file_is_told_with_the_nearest_files(workspace):
    write(workspace, LONG, bans_2024__05__01=FIRST)
    with pytest.raises(RecordsError, match=r"fits 'made/bins_\*.csv'.*'made/bans_2024-05-01.csv'"):
        read_source("made")


def test_a_file_that_is_no_workbook_is_told_by_name(workspace):
    write(workspace, WIDE)
    (workspace / "published/made/LA_202106.xlsx").write_text("not a workbook", encoding="utf-8")
    with pytest.raises(RecordsError, match=r"published:made/LA_202106.xlsx: it can't be read"):
        read_source("made")


def test_a_measure_without_any_row_of_the_councils_own_is_told(workspace):
    write(workspace, LONG.replace("{^what$: bins}", "{^what$: tins}"), bins_2024__05__01=FIRST)
    with pytest.raises(RecordsError, match="no row of the council's own holds 'bins'"):
        read_source("made")


def test_a_day_of_recording_that_is_not_there_is_told(workspace):
    write(workspace, LONG, bins_summer=FIRST)
    with pytest.raises(
        RecordsError, match=r"bins_summer\.csv: the day of recording is not where 'recorded_at' says"
    ):
        read_source("made")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("licence: none", "lisence: none", "key 'lisence' is not known. Did you mean 'licence'"),
        ("{^code$: E1}", "{'(code': E1}", "not a regular expression"),
        ("style: year-ending", "style: year-end", "'year-end' is not a style of labels"),
        ("column: ^year$", "column: ^year$, file_name: x", "say either 'column' or 'file_name'"),
        ("value: ^value$", "scale: 100", "say 'value' or 'sum', or 'numerator' and 'denominator'"),
        ("recorded_at: {", "recorded_at: {given: 2024-05-01, ", "say exactly one of"),
        (
            "recorded_at: {file_name: 'bins_(\\d{4}-\\d{2}-\\d{2})'}",
            "recorded_at: {given: 2024-05-01}",
            "say in 'reason'",
        ),
    ],
)
def test_the_grammar_is_closed(workspace, old, new, words):
    assert old in LONG
    write(workspace, LONG.replace(old, new), bins_2024__05__01=FIRST)
    with pytest.raises(PolicyError, match=re.escape(words)):
        read_source("made")


def test_a_measure_is_described_once(workspace):
    again = "      - {measure_id: bins, value: ^value$}\n"
    write(workspace, LONG + again, bins_2024__05__01=FIRST)
    with pytest.raises(PolicyError, match="measures are described twice: bins"):
        read_source("made")


def test_an_unknown_source_is_told_with_those_that_are_there(workspace):
    write(workspace, LONG)
    with pytest.raises(SettingsError, match=r"Did you mean 'made'\?"):
        read_source("mde")
