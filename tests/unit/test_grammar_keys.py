"""The grammar's keys for what long tables, several files and lists of neighbours need, on small made-up files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pmf_lib.errors import PolicyError, RecordsError
from pmf_lib.records.published import readers
from pmf_lib.records.published.read import read_source

HEAD = """\
title: Made up
publisher: Nobody
licence: none
attribution: none
"""
OWN = "authority:\n  own: {^code$: E1}\n"
DAY = "recorded_at: {given: 2024-09-01, reason: made up}\n"
YEARS = "period: {column: ^year$, style: year-ending, kind: year}\n"
BINS = HEAD + "files: made/bins.csv\n" + OWN + YEARS + DAY
LIST = json.dumps({"E1": ["E2", "E1", "E3"], "E2": ["E1"]})


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    """A root with the sources that a test writes, and an empty folder of published files."""
    for folder in ("parameters/sources", "published/made"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    monkeypatch.setenv("PMF_PUBLISHED", str(tmp_path / "published"))
    return tmp_path


def write(workspace: Path, source: str, files: dict[str, str]) -> None:
    """The source 'made', and files beside it."""
    (workspace / "parameters/sources/made.yml").write_text(source, encoding="utf-8")
    for name, text in files.items():
        (workspace / "published/made" / name).write_text(text, encoding="utf-8")


def observed(*columns: str) -> list[tuple[object, ...]]:
    rows = read_source("made")["observations"][list(columns)]
    return [tuple(row) for row in rows.itertuples(index=False)]


def others(*columns: str) -> list[tuple[object, ...]]:
    rows = read_source("made")["comparators"][list(columns)]
    return [tuple(row) for row in rows.itertuples(index=False)]


def tables(*measures: str, table: str = "") -> str:
    lines = "".join(f"      - {{{measure}}}\n" for measure in measures)
    return f"tables:\n  - {table or 'where: {}'}\n    measures:\n{lines}"


# filters by pattern


def test_a_filter_by_pattern_takes_windows_and_leaves_single_years(workspace):
    source = BINS.replace("kind: year", "kind: window").replace("year-ending", "span")
    rows = "code,year,value\nE1,2019,1\nE1,2019 - 21,2\nE1,2020 - 22,3\n"
    measure = "measure_id: bins, where: {^year$: 'like:\\d{4} - \\d{2}'}, value: ^value$"
    write(workspace, source + tables(measure), {"bins.csv": rows})
    assert observed("period", "value") == [("2019-01..2021-12", "2"), ("2020-01..2022-12", "3")]


def test_a_filters_pattern_that_is_none_is_refused(workspace):
    write(workspace, BINS + tables("measure_id: bins, where: {^year$: 'like:('}, value: ^value$"), {})
    with pytest.raises(PolicyError, match="not a regular expression"):
        read_source("made")


# units

UNITS = "code,year,unit,value\nE1,2023,Percentage,10\nE2,2023,Number,4\nE1,2024,{unit},12\n"
RATED = tables("measure_id: bins, unit: {^unit$: Percentage}, value: ^value$")


def test_a_unit_that_the_file_says_is_accepted(workspace):
    write(workspace, BINS + RATED, {"bins.csv": UNITS.format(unit="Percentage")})
    assert observed("value") == [("10",), ("12",)]


def test_a_unit_that_changed_stops_the_reading_and_shows_the_files_own_words(workspace):
    write(workspace, BINS + RATED, {"bins.csv": UNITS.format(unit="Per mille")})
    with pytest.raises(RecordsError) as told:
        read_source("made")
    assert str(told.value).startswith(
        "published:made/bins.csv, row 4: 'unit' says 'Per mille', and 'bins' expects 'Percentage'."
    )


DATED = HEAD + "files: made/bins_*.csv\n" + OWN + YEARS + "recorded_at: {file_name: 'bins_([\\d-]+)'}\n"


@pytest.mark.parametrize(("first", "second"), [("57.5", "57500"), ("57500", "57.5"), ("-2", "200")])
def test_a_figure_in_other_units_in_two_deliveries_stops_the_reading(workspace, first, second):
    files = {
        "bins_2024-01-01.csv": f"code,year,value\nE1,2023,{first}\n",
        "bins_2024-06-01.csv": f"code,year,value\nE1,2022,1\nE1,2023,{second}\n",
    }
    write(workspace, DATED + tables("measure_id: bins, value: ^value$"), files)
    with pytest.raises(RecordsError) as told:
        read_source("made")
    words = str(told.value)
    assert f"published:made/bins_2024-06-01.csv, row 3: 'bins' of 2022-23 is {second}" in words
    assert f"published:made/bins_2024-01-01.csv, row 2, it is {first}" in words
    assert "'rescale'" in words


@pytest.mark.parametrize(("first", "second"), [("10", "80"), ("0", "500"), ("c", "500")])
def test_a_revision_however_large_is_no_change_of_unit(workspace, first, second):
    files = {
        "bins_2024-01-01.csv": f"code,year,value\nE1,2023,{first}\n",
        "bins_2024-06-01.csv": f"code,year,value\nE1,2023,{second}\n",
    }
    marks = "suppressed: [c]\n"
    write(workspace, DATED + marks + tables("measure_id: bins, value: ^value$"), files)
    assert observed("value")[1] == (second,)


def test_one_delivery_in_thousands_is_brought_back_to_the_others_unit(workspace):
    files = {
        "bins_2024-01-01.csv": "code,year,value\nE1,2023,57.589\n",
        "bins_2024-06-01.csv": "code,year,value\nE1,2023,57589\n",
    }
    measure = (
        "measure_id: bins, value: ^value$, rescale: [{files: '*2024-01*', by: 1000, reason: in thousands}]"
    )
    write(workspace, DATED + tables(measure), files)
    assert observed("recorded_at", "value") == [("2024-01-01", "57589"), ("2024-06-01", "57589")]


# long tables made wide

LONG = "code,year,tenure,homes\nE1,2023,Social,5\nE1,2023,Shared,7\nE2,2023,Social,1\nE1,2024,Shared,9\n"
SPREAD = "spread: {names: ^tenure$, values: ^homes$}"


def test_a_long_table_made_wide_gives_a_share_of_two_rows_and_names_the_numerators(workspace):
    share = "measure_id: shared-share, numerator: ^shared$, denominator: ^social$, scale: 100"
    write(workspace, BINS + tables(share, table=SPREAD), {"bins.csv": LONG})
    assert observed("period", "value", "numerator", "denominator", "source_row") == [
        ("2022-23", "140", "7", "5", 3)
    ]


def test_a_sum_adds_the_columns_that_are_there_and_names_the_first(workspace):
    rows = LONG + "E1,2025,Other,3\n"
    write(workspace, BINS + tables("measure_id: homes, sum: ^s", table=SPREAD), {"bins.csv": rows})
    assert observed("period", "value", "source_row") == [("2022-23", "12", 2), ("2023-24", "9", 5)]


def test_a_zero_published_as_a_missing_row_is_zero_only_where_the_source_says_so(workspace):
    homes = ("measure_id: left, value: ^social$", "measure_id: zero, value: ^social$, blank: zero")
    write(workspace, BINS + tables(*homes, table=SPREAD), {"bins.csv": LONG})
    assert observed("measure_id", "period", "value", "source_row") == [
        ("left", "2022-23", "5", 2),
        ("zero", "2022-23", "5", 2),
        ("zero", "2023-24", "0", 5),
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("c", ("", "suppressed")), ("?", ("?", "final")), ("..", None), ("0.1", ("5.1", "final"))],
)
def test_a_sum_is_as_firm_as_its_parts(workspace, cell, expected):
    marks = "missing: ['..']\nsuppressed: [c]\n"
    write(workspace, BINS + marks + tables("measure_id: homes, sum: ^s", table=SPREAD),
          {"bins.csv": LONG.replace("Shared,7", f"Shared,{cell}")})  # fmt: skip
    found = [row[1:] for row in observed("period", "value", "state") if row[0] == "2022-23"]
    assert found == ([expected] if expected else [])


def test_a_doubled_row_of_a_long_table_is_told_with_both_rows(workspace):
    write(
        workspace,
        BINS + tables("measure_id: homes, sum: ^s", table=SPREAD),
        {"bins.csv": LONG + "E1,2024,Shared,9\n"},
    )
    with pytest.raises(RecordsError, match=r"bins\.csv: rows 5 and 6 both tell 'Shared' of the same thing"):
        read_source("made")


def test_a_name_that_is_not_among_the_rows_is_told_with_those_that_are(workspace):
    write(workspace, BINS + tables("measure_id: homes, value: ^sozial$", table=SPREAD), {"bins.csv": LONG})
    with pytest.raises(RecordsError, match=r"'\^sozial\$' fits no header.*nearest to it: 'Social'"):
        read_source("made")


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("sum: ^s, value: ^value$", "'sum' stands alone"),
        ("value: ^value$, blank: nought", "'nought'"),
        ("scale: 2", "say 'value' or 'sum'"),
    ],
)
def test_figures_are_said_one_way(workspace, measure, words):
    write(workspace, BINS + tables(f"measure_id: homes, {measure}"), {"bins.csv": LONG})
    with pytest.raises(PolicyError, match=re.escape(words)):
        read_source("made")


# several files, and other figures in the council's own row


def test_tables_may_have_files_and_days_of_their_own(workspace):
    source = HEAD + OWN + YEARS + DAY + (
        "tables:\n  - files: made/bins.csv\n    measures: [{measure_id: bins, value: ^value$}]\n"
        "  - files: made/bags.csv\n    recorded_at: {days_after_period: 30, reason: usual}\n"
        "    measures: [{measure_id: bags, value: ^value$}]\n"
    )  # fmt: skip
    write(
        workspace,
        source,
        {"bins.csv": "code,year,value\nE1,2023,1\n", "bags.csv": "year,code,value\n2023,E1,2\n"},
    )
    assert sorted(observed("measure_id", "recorded_at", "value", "source_file")) == [
        ("bags", "2023-04-30", "2", "published:made/bags.csv"),
        ("bins", "2024-09-01", "1", "published:made/bins.csv"),
    ]


@pytest.mark.parametrize(("left_out", "key"), [("files: made/bins.csv\n", "files"), (DAY, "recorded_at")])
def test_files_and_days_are_said_once_or_in_each_table(workspace, left_out, key):
    write(workspace, BINS.replace(left_out, "") + tables("measure_id: bins, value: ^value$"), {})
    with pytest.raises(PolicyError, match=f"say '{key}' once for the source, or in each of its tables"):
        read_source("made")


def test_the_median_in_the_councils_own_row_becomes_a_comparator(workspace):
    measure = "measure_id: bins, value: ^value$, beside: [{name: Median, kind: median, value: ^middle$}]"
    write(
        workspace,
        BINS + tables(measure),
        {"bins.csv": "code,year,value,middle\nE1,2023,1,2.5\nE2,2023,9,2.5\n"},
    )
    assert observed("value") == [("1",)]
    assert others("authority", "authority_kind", "period", "value", "source_row") == [
        ("Median", "median", "2022-23", "2.5", 2)
    ]


# neighbours from a list

NEAR = (
    OWN
    + "  neighbours: {file: made/near.json, reader: lists-in-json, of: E1, column: ^code$, names: ^name$}\n"
)
PLACES = "code,name,year,value\nE1,Here,2023,1\nE2,Old Name,2022,2\nE2,New Name,2023,3\nE4,Far,2023,9\n"


def test_neighbours_of_a_json_list_are_compared_under_the_name_they_have_last(workspace):
    source = BINS.replace(OWN, NEAR) + tables("measure_id: bins, value: ^value$")
    write(workspace, source, {"bins.csv": PLACES, "near.json": LIST})
    assert observed("value") == [("1",)]
    assert others("authority", "authority_kind", "period", "value") == [
        ("New Name", "authority", "2021-22", "2"),
        ("New Name", "authority", "2022-23", "3"),
    ]


def test_counts_alone_need_no_names_of_others(workspace):
    source = BINS.replace(OWN, NEAR) + tables("measure_id: bins, value: ^value$, compare: false")
    write(workspace, source, {"bins.csv": "code,year,value\nE1,2023,1\nE2,2023,3\n", "near.json": LIST})
    assert (observed("value"), others("value")) == ([("1",)], [])


def test_a_council_is_not_its_own_neighbour(tmp_path):
    (tmp_path / "near.json").write_text(LIST)
    assert readers.lists_in_json(tmp_path / "near.json", "near", "E1") == {"E2": "", "E3": ""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"E11": ["E2"]}', "near.json: 'E1' is not among its 1 authorities. Did you mean 'E11'?"),
        ('["E2"]', "near.json: expected JSON of each authority's code and the list"),
        ("{", "near.json: it can't be read as JSON"),
        (None, "near.json: it can't be read as JSON"),
    ],
)
def test_a_list_of_neighbours_that_is_none_is_told_by_name(workspace, text, words):
    source = BINS.replace(OWN, NEAR) + tables("measure_id: bins, value: ^value$")
    write(workspace, source, {"bins.csv": PLACES} | ({"near.json": text} if text else {}))
    with pytest.raises(RecordsError, match=re.escape(words)):
        read_source("made")


def test_a_reader_that_is_not_registered_is_refused(workspace):
    source = BINS.replace(OWN, NEAR.replace("lists-in-json", "json")) + tables(
        "measure_id: bins, value: ^value$"
    )
    write(workspace, source, {})
    with pytest.raises(
        PolicyError, match="'json' is not a registered reader; known: lists-in-json, statistical-neig"
    ):
        read_source("made")


def neighbours_book(path: Path, *, name: str = "LA Name") -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Groups")
        sheet.write_row(0, 0, ["A", "B", 3])
        sheet.write_row(1, 0, ["LA num", name, "SN1", "SNP", "SN2", "SNP"])
        sheet.write_row(2, 0, [335, "Here", 354, "Close", 861, "Close"])
        sheet.write_row(3, 0, [354, "There", 335, "Close", 861, "Close"])
        sheet.write_row(4, 0, [861, "Yonder", 335, "Close", 354, "Close"])
    return path


def test_statistical_neighbours_come_with_their_names(tmp_path):
    path = neighbours_book(tmp_path / "sn.xlsx")
    assert readers.statistical_neighbours(path, "sn", "335") == {"354": "There", "861": "Yonder"}


def test_a_workbook_of_neighbours_with_other_headers_shows_its_own_cells(tmp_path):
    path = neighbours_book(tmp_path / "sn.xlsx", name="Authority")
    with pytest.raises(RecordsError, match=r"sn: no row holds the headers.*'LA num', 'Authority'"):
        readers.statistical_neighbours(path, "sn", "335")


def test_a_workbook_of_neighbours_without_the_council_is_told(tmp_path):
    path = neighbours_book(tmp_path / "sn.xlsx")
    with pytest.raises(RecordsError, match="'336' is not among its 3 authorities"):
        readers.statistical_neighbours(path, "sn", "336")


# when a workbook became known

PRINTED = HEAD + "files: made/LA_*.xlsx\n" + OWN + (
    "period: {file_name: 'LA_(\\d{6})', style: month, kind: quarter}\n"
    "recorded_at: {cell: {sheet: contents, pattern: '^\\d{4}-\\d{2}-\\d{2}'}, not_before: saved}\n"
    "tables:\n  - sheet: T1\n    measures: [{measure_id: bins, value: ^value$}]\n"
)  # fmt: skip


def printed_book(path: Path, saved: str) -> None:
    """A workbook that prints 30 November 2023 and says when it was last saved ('' for nothing)."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        book.add_worksheet("Contents").write(0, 0, "2023-11-30")
        sheet = book.add_worksheet("T1")
        sheet.write_row(0, 0, ["Code", "Value"])
        sheet.write_row(1, 0, ["E1", 7])
    modified = f'<dcterms:modified xsi:type="dcterms:W3CDTF">{saved}T10:00:00Z</dcterms:modified>'
    with zipfile.ZipFile(held) as made, zipfile.ZipFile(path, "w") as kept:
        for name in made.namelist():
            if name != "docProps/core.xml":
                kept.writestr(name, made.read(name))
        if saved:
            kept.writestr("docProps/core.xml", f"<cp:coreProperties>{modified}</cp:coreProperties>")


@pytest.mark.parametrize(
    ("saved", "day"), [("2023-12-13", "2023-12-13"), ("2023-11-28", "2023-11-30"), ("", "2023-11-30")]
)
def test_a_reissue_was_not_known_before_it_was_last_saved(workspace, saved, day):
    write(workspace, PRINTED, {})
    printed_book(workspace / "published/made/LA_202306.xlsx", saved)
    assert observed("period", "recorded_at", "value") == [("2023-24 Q1", day, "7")]


# reading early only what is asked for


def test_rows_of_others_are_left_in_a_parquet_file_and_rows_keep_their_numbers(workspace):
    source = BINS.replace("bins.csv", "bins.parquet").replace("{^code$: E1}", "{^code$: '335'}")
    write(workspace, source + tables("measure_id: bins, value: ^value$"), {})
    table = pd.DataFrame(
        {"Code": [1.0, 335.0, None, 335.0], "Year": ["2022", "2022", "2022", "2023"], "Value": list("abcd")}
    )
    table.to_parquet(workspace / "published/made/bins.parquet")
    assert observed("period", "value", "source_row") == [("2021-22", "b", 3), ("2022-23", "d", 5)]
