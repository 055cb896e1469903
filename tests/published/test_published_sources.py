"""The real published files: every source reads, and printed figures are found again by another way.

The expected figures are public sector information under the Open Government Licence v3.0: Ministry of Housing,
Communities and Local Government (homelessness, council tax support), Department for Education (the others).
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from pmf_lib import council, periods, policy, settings
from pmf_lib.errors import RecordsError
from pmf_lib.performance.series import series
from pmf_lib.records.published import books, grammar
from pmf_lib.records.published.read import read_source

pytestmark = [pytest.mark.published, pytest.mark.slow]

QUARTERS = {"homelessness": 16, "council_tax_support": 31}


def cell(published: Path, name: str, sheet: str, address: str) -> object:
    """One cell of a homelessness workbook by its address, such as 'G286'."""
    column, row = ord(address[0]) - ord("A"), int(address[1:]) - 1
    rows = CalamineWorkbook.from_path(published / "homelessness" / name).get_sheet_by_name(sheet).to_python()
    return rows[row][column]


@pytest.mark.parametrize("source", QUARTERS)
def test_every_quarter_is_there_without_a_gap(raw, source):
    rows = raw[source]["observations"]
    for _, periods_found in rows.groupby("measure_id")["period"]:
        ordinals = sorted(periods.parse(label).ordinal for label in periods_found)
        assert ordinals == list(range(ordinals[0], ordinals[0] + QUARTERS[source]))


def test_plans_are_there_for_every_year_that_was_published(raw):
    counted = raw["send"]["observations"]["measure_id"].value_counts().to_dict()
    assert counted == {"ehcp-20-weeks": 6, "ehcp-over-a-year": 2}


def test_the_interactive_tool_gives_three_deliveries(raw):
    rows = raw["lait"]["observations"]
    days = {"2024-11-19", "2025-02-14", "2025-07-22"}
    assert set(rows["recorded_at"]) == days
    assert (rows.groupby("measure_id")["recorded_at"].nunique() == 3).all()
    assert rows.groupby("measure_id")["period"].nunique().between(7, 11).all()


def test_years_are_missing_only_where_nothing_was_collected(raw):
    rows = raw["lait"]["observations"]
    gaps = {}
    for measure_id, labels in rows.groupby("measure_id")["period"]:
        years = {periods.parse(label).end.year for label in labels}
        missing = set(range(min(years), max(years) + 1)) - years
        if missing:
            gaps[measure_id] = missing
    assert gaps == {
        "good-level-development": {2020, 2021},
        "ks2-expected-standard": {2020, 2021},
        "persistent-absence": {2020},
        "overweight-reception": {2021},
        "overweight-year-6": {2021},
    }


def test_relief_cases_of_the_newest_workbook_are_those_of_its_cells(observed, published):
    found = observed("homelessness", "homeless-relief-secured", "2024-25 Q3")
    name = "Detailed_LA_202412.xlsx"
    assert found["source_file"] == f"published:homelessness/{name}"
    assert cell(published, name, "R1", f"B{found['source_row']}") == "Walsall"
    ended, secured = (cell(published, name, "R1", f"{letter}285") for letter in "EF")
    assert (secured, ended) == (76.0, 152.0)
    assert (found["numerator"], found["denominator"], found["value"]) == ("76", "152", "50")


def test_a_reissued_workbook_is_read_under_its_own_name(observed, published):
    found = observed("homelessness", "homeless-owed-duty", "2023-24 Q1")
    name = "Detailed_LA_202306_all_dropdowns_fix.xlsx"
    assert (found["source_file"], found["source_sheet"]) == (f"published:homelessness/{name}", "A1")
    assert cell(published, name, "A1", "G286") == 200.0
    assert (found["value"], found["recorded_at"]) == ("200", "2023-12-13")


def test_homes_under_an_older_header_are_those_of_its_cells(observed, published):
    found = observed("homelessness", "temporary-homes-families", "2020-21 Q4")
    name = "DetailedLA_202103_revised.xlsx"
    assert cell(published, name, "TA1", "H301") == 50.0
    assert (found["value"], found["source_row"], found["recorded_at"]) == ("50", 301, "2021-07-23")


def test_plans_within_20_weeks_are_those_of_the_csv_line(observed, published):
    with (published / "send/timeliness_20_week.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [
            line
            for line in csv.DictReader(file)
            if (line["old_la_code"], line["time_period"], line["breakdown"])
            == ("335", "2024", "All EHC plans issued")
        ]
    found = observed("send", "ehcp-20-weeks", "2024")
    assert [line["PC_plans_issued_20_weeks_ex"] for line in lines] == ["87.1"]
    assert (found["value"], found["numerator"], found["denominator"]) == ("87.1", "385", "442")


def test_a_figure_revised_between_releases_is_there_as_each_release_had_it(observed, published):
    told = {}
    for path in sorted((published / "lait").glob("bds_long_0_*.parquet")):
        rows = pq.read_table(path, columns=["Short Desc", "Years", "LA Number", "Values"]).to_pylist()
        told[path.name[11:21]] = [
            row["Values"]
            for row in rows
            if (row["Short Desc"], row["Years"], row["LA Number"]) == ("LACDistance", "2021", 335.0)
        ]
    assert told == {"2024-11-19": ["12"], "2025-02-14": ["13"], "2025-07-22": ["13"]}
    for day, values in told.items():
        assert [observed("lait", "looked-after-20-miles", "2020-21", day)["value"]] == values


def test_the_figure_in_force_follows_the_as_at_date(records):
    def in_force(as_at: str) -> float:
        rows = series(records.tables["observations"], records.tables["measures"], periods.parse_date(as_at))
        chosen = rows[(rows["measure_id"] == "looked-after-20-miles") & (rows["period"] == "2020-21")]
        return float(chosen["value"].iloc[0])

    assert (in_force("2025-01-31"), in_force("2025-07-31")) == (12.0, 13.0)


def test_every_mapped_figure_parses_without_a_finding(records):
    assert records.findings.empty
    assert set(records.tables["observations"]["measure_id"]) == set(records.tables["measures"]["measure_id"])
    below = records.tables["observations"].query("value < 0")
    assert below[["measure_id", "period", "value"]].to_numpy().tolist() == [
        ["net-new-homes", "2007-08", -11.0]
    ]


def test_percentages_lie_between_0_and_100(records):
    percentages = records.tables["measures"].query("unit == '%'")["measure_id"]
    rows = records.tables["observations"]
    assert rows[rows["measure_id"].isin(percentages)]["value"].between(0, 100).all()
    others = records.tables["comparators"]
    off = others[others["measure_id"].isin(percentages) & ~others["value"].between(0, 100)]
    assert set(off["measure_id"]) == {
        "early-education-3-4"
    }  # the publisher divides by estimates of population
    assert off["value"].between(100, 105).all()


def test_every_measure_speaks_for_a_marker_and_says_why(records):
    links = records.tables["links"]
    assert set(links["measure_id"]) == set(records.tables["measures"]["measure_id"])
    assert (links["reason"].str.len() > 20).all()
    assert set(links["directness"]) == {"direct", "proxy"}


def test_polarities_are_those_of_the_departments_own_dictionary(records, published):
    with (published / "lait/lait_data_dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["Measure_short"]: row["Polarity"] for row in csv.DictReader(file)}
    ours = records.tables["measures"].set_index("measure_id")["polarity"].to_dict()
    words = {"High": "higher", "Low": "lower", "-": "none", "NA": "none"}
    named = {
        measure.measure_id: measure.where["^short desc$"]
        for table in grammar.load("lait").tables
        for measure in table.measures
    }
    assert {one: ours[one] for one in named} == {one: words[told[str(short)]] for one, short in named.items()}


def test_the_run_of_published_figures_names_this_council(published):
    run = policy.read_yaml(settings.root() / "parameters/runs/walsall-published.yml")
    chosen = council.load(run["council"])
    assert (run["quarter"], run["as_at"], chosen.evidence) == ("2024-25 Q3", "2025-07-31", "published")
    assert chosen.assumption is not None


@pytest.fixture
def copied(published, tmp_path, monkeypatch) -> Path:
    """One workbook alone, in a folder of published files of its own."""
    (tmp_path / "homelessness").mkdir()
    shutil.copy(published / "homelessness/Detailed_LA_202412.xlsx", tmp_path / "homelessness")
    monkeypatch.setenv("PMF_PUBLISHED", str(tmp_path))
    return tmp_path / "homelessness/Detailed_LA_202412.xlsx"


def rewritten(path: Path, *, sheets: dict[str, str], cells: dict[str, str]) -> None:
    """The workbook with other sheet names and other texts in some cells (values only)."""
    held = CalamineWorkbook.from_path(path)
    wanted = {
        name: held.get_sheet_by_name(name).to_python() for name in ("Contents", "A1", "P1", "R1", "TA1")
    }
    path.unlink()
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in wanted.items():
            sheet = book.add_worksheet(sheets.get(name, name))
            for place, row in enumerate(rows):
                sheet.write_row(
                    place,
                    0,
                    [cells.get(" ".join(one.split()), one) if isinstance(one, str) else one for one in row],
                )


def test_a_renamed_header_shows_the_real_files_own_headers(copied):
    rewritten(copied, sheets={}, cells={"Secured accommodation for 6+ months": "Accommodation found"})
    with pytest.raises(RecordsError) as told:
        read_source("homelessness")
    assert "published:homelessness/Detailed_LA_202412.xlsx, sheet 'R1'" in str(told.value)
    assert "fits no header" in str(told.value)
    assert "'Accommodation found'" in str(told.value)


def test_a_missing_sheet_shows_the_real_files_own_sheets(copied):
    rewritten(copied, sheets={"TA1": "Temporary accommodation"}, cells={})
    with pytest.raises(RecordsError, match=r"no sheet fits the name 'TA1_\?'.*'Temporary accommodation'"):
        read_source("homelessness")


def test_a_missing_file_shows_the_nearest_of_the_folder(copied):
    copied.rename(copied.with_name("Homelessness December.xlsx"))
    with pytest.raises(RecordsError, match=r"'homelessness/Homelessness December\.xlsx'"):
        read_source("homelessness")


def test_only_the_sheets_that_are_needed_are_read(published, monkeypatch):
    read: list[str] = []
    opened = books.open_book

    def watched(path, label):
        book = opened(path, label)
        return books.Book(
            book.label, book.names, lambda name, only: (read.append(name), book.read(name, only))[1]
        )

    monkeypatch.setenv("PMF_PUBLISHED", str(published))
    monkeypatch.setattr("pmf_lib.records.published.deliveries.open_book", watched)
    read_source("homelessness")
    assert {name.rstrip("_") for name in read} == {"Contents", "A1", "P1", "R1", "TA1"}
