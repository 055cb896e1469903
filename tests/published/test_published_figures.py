"""Published figures found again by another way: plain csv, openpyxl and pyarrow, none of the grammar.

The expected figures are public sector information under the Open Government Licence v3.0: Department for Education,
Ministry of Housing, Communities and Local Government, Office for National Statistics, Office for Health Improvement
and Disparities. Adult social care: gathered by the Office for Local Government, without a licence found.
"""

from __future__ import annotations

import csv
import json
import statistics
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pmf_lib import periods
from pmf_lib.performance.series import series
from pmf_lib.records.published import grammar

pytestmark = [pytest.mark.published, pytest.mark.slow]

WALSALL = "E08000030"
AS_AT = date(2025, 7, 31)
RELEASES = {
    "2024-11-19": "bds_long_0_2024-11-19_3db9701.parquet",
    "2025-02-14": "bds_long_0_2025-02-14_2db9c9b.parquet",
    "2025-07-22": "bds_long_0_2025-07-22_79dd99b.parquet",
}


def lines(path: Path, **wanted: str) -> dict[int, dict[str, str]]:
    """The rows of a CSV file where every column named holds this, by their number in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        numbered = enumerate(csv.DictReader(file), start=2)
        return {
            number: row for number, row in numbered if all(row[name] == text for name, text in wanted.items())
        }


def released(published: Path, day: str, short: str, year: str) -> list[str]:
    """What a release of the interactive tool says of Walsall."""
    table = pq.read_table(
        published / "lait" / RELEASES[day], columns=["Short Desc", "Years", "LA Number", "Values"]
    )
    mask = pc.and_(pc.equal(table["Short Desc"], short), pc.equal(table["LA Number"], 335.0))
    return table.filter(pc.and_(mask, pc.equal(table["Years"], year)))["Values"].to_pylist()


def told(found: pd.Series) -> tuple[object, ...]:
    return found["value"], found["source_row"]


# homes


def test_affordable_homes_are_the_sum_of_a_years_tenures(observed, published):
    rows = lines(published / "housing/affordable_homes_by_tenure.csv", geography_code=WALSALL, date="2022-23")
    assert {row["Measure"]: row["value"] for row in rows.values()} == {
        "Affordable Rent": "15", "First Homes": "15", "Shared Ownership": "36", "Social Rent": "4"
    }  # fmt: skip
    found = observed("housing", "affordable-homes", "2022-23")
    assert found["value"] == str(sum(int(row["value"]) for row in rows.values())) == "70"
    assert found["source_row"] in rows


def test_a_tenure_without_a_row_is_zero_where_the_publisher_leaves_zeros_out(observed, published):
    path = published / "housing/affordable_homes_by_tenure.csv"
    rows = lines(path, geography_code=WALSALL, date="2021-22")
    assert [row["Measure"] for row in rows.values()] == ["Affordable Rent"]
    assert not lines(path, value="0")
    assert told(observed("housing", "social-rent-homes", "2021-22")) == ("0", *rows)


def test_homes_long_empty_are_one_row_over_another(observed, published):
    path = published / "housing/vacant_homes_AllCombined_Cleaned_2024.csv"
    ((place, empty),) = lines(path, geography_code=WALSALL, date="2024", Measure="LongTermVacants").items()
    (homes,) = lines(path, geography_code=WALSALL, date="2024", Measure="Dwellings").values()
    found = observed("housing", "empty-homes-6-months", "2024")
    assert (found["numerator"], found["denominator"], found["source_row"]) == (
        empty["Value"],
        homes["Value"],
        place,
    )
    assert f"{float(found['value']):.4f}" == f"{100 * int(empty['Value']) / int(homes['Value']):.4f}"


def test_the_price_of_homes_in_the_year_to_september_belongs_to_the_second_quarter(observed, published):
    path = published / "housing/median_house_prices_quarterly.csv"
    ((place, row),) = lines(path, geography_code=WALSALL, date="Sep 2024").items()
    assert float(row["value"]) == 207000
    assert told(observed("housing", "median-house-price", "2024-25 Q2")) == ("207000", place)
    (oldest,) = lines(path, geography_code=WALSALL, date="Dec 1995").values()
    assert observed("housing", "median-house-price", "1995-96 Q3")["value"] == "46250"
    assert float(oldest["value"]) == 46250


# adult social care


def test_the_median_beside_walsalls_figure_is_that_of_all_councils(raw, published):
    rows = lines(published / "adult_social_care/ASC_data.csv", Code="ASC5", **{"Financial year": "2022-23"})
    middle = statistics.median(float(row["Value"]) for row in rows.values() if row["Value"])
    others = raw["adult_social_care"]["comparators"]
    beside = others.query(
        "measure_id == 'short-term-care-success' and period == '2022-23' and authority_kind == 'median'"
    )
    assert beside["value"].astype(float).tolist() == [middle] == [78.2]


def test_nearest_neighbours_are_those_of_the_list_without_walsall_itself(raw, published):
    near = json.loads((published / "adult_social_care/NN.json").read_text())[WALSALL]
    path = published / "adult_social_care/ASC_data.csv"
    named = {row["Local authority code"]: row["Local authority name"] for row in lines(path).values()}
    others = raw["adult_social_care"]["comparators"].query("authority_kind == 'authority'")
    assert set(others["authority"]) == {named[code] for code in near if code != WALSALL}
    assert others["authority"].nunique() == 15


def test_statistical_neighbours_are_those_of_the_departments_workbook(raw, published):
    with closing(openpyxl.load_workbook(published / "lait/sn_may_2025.xlsx", read_only=True)) as book:
        rows = {row[0]: row for row in book.worksheets[0].iter_rows(min_row=4, values_only=True)}
    near = {rows[number][1] for number in rows[335][5:25:2]}
    assert len(near) == 10
    for source in ("lait", "send", "childrens_social_care"):
        others = raw[source]["comparators"].query("authority_kind == 'authority'")
        assert set(others["authority"]) == near


# children's social care


def test_second_protection_plans_are_two_counts_of_one_line(observed, published):
    path = published / "childrens_social_care/d3_cpps_subsequent_plan_2013_to_2025.csv"
    ((place, row),) = lines(path, new_la_code=WALSALL, time_period="2024").items()
    assert f"{100 * int(row['CPP_subsequent']) / int(row['CPP_start']):.1f}" == "30.2"
    assert told(observed("childrens_social_care", "repeat-protection-plans", "2023-24")) == ("30.2", place)


def test_two_publications_of_re_referrals_agree(observed, published):
    path = published / "childrens_social_care/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"
    (row,) = lines(path, new_la_code=WALSALL, time_period="2024").values()
    share = 100 * int(row["rereferral_count"]) / int(row["referral_count"])
    assert (
        f"{share:.1f}"
        == row["rereferral_percent"]
        == observed("lait", "re-referrals", "2023-24", "2025-07-22")["value"]
    )


# public health


def test_deaths_are_those_of_all_persons_not_of_men_or_women(observed, published):
    path = published / "fingertips/health__mortality_rate.csv"
    rows = lines(path, area_code=WALSALL, period="2023")
    assert {row["unit"]: row["value"] for row in rows.values()} == {
        "Male": "244.2",
        "Female": "122.9",
        "Persons": "182.5",
    }
    place = next(number for number, row in rows.items() if row["unit"] == "Persons")
    assert told(observed("fingertips", "preventable-deaths-under-75", "2023")) == ("182.5", place)


def test_health_checks_grow_from_april_2021_and_are_no_series_of_quarters(raw, observed, published):
    path = published / "fingertips/health__nhs_health_checks.csv"
    rows = lines(path, area_code=WALSALL)
    found = raw["fingertips"]["observations"].query("measure_id == 'nhs-health-checks'")
    assert found["value"].tolist() == [row["value"] for row in rows.values()]
    assert found["period"].iloc[[0, -1]].tolist() == ["2021-04..2021-06", "2021-04..2025-12"]
    assert found["value"].astype(float).is_monotonic_increasing
    (newest,) = lines(path, area_code=WALSALL, period="2021/22 Q1 - 2024/25 Q4").values()
    assert (
        observed("fingertips", "nhs-health-checks", "2021-04..2025-03")["value"] == newest["value"] == "36.2"
    )


def test_smoking_in_manual_jobs_is_told_by_windows_alone(raw, published):
    rows = lines(published / "fingertips/health__adults_smoking_manual.csv", area_code=WALSALL)
    windows = [row["value"] for row in rows.values() if " - " in row["period"]]
    found = raw["fingertips"]["observations"].query("measure_id == 'smoking-manual-jobs'")
    assert found["value"].tolist() == windows == ["18.7", "16.7", "17.7", "17.7"]
    assert len(rows) == 17


def test_polarities_are_those_of_the_publishers_verdicts(records, published):
    ours = records.tables["measures"].set_index("measure_id")["polarity"].to_dict()
    for table in grammar.load("fingertips").tables:
        said = {row["compared_to_England"] for row in lines(published / table.files).values()}
        for measure in table.measures:
            if measure.measure_id.startswith(
                "life-gap"
            ):  # never compared: lower, as the framework's aim says
                assert said == {"Not compared"}
            else:
                assert bool(said & {"Better", "Worse"}) == (ours[measure.measure_id] != "none")


def test_no_figure_stands_on_the_other_side_of_england_than_its_publisher_says(records, published):
    tables, sides = records.tables, {"higher": 1, "lower": -1, "none": 0}
    ours = tables["measures"].set_index("measure_id")["polarity"].map(sides)
    england = tables["comparators"].query("authority_kind == 'country'")
    both = tables["observations"].merge(england, on=["measure_id", "period"], suffixes=("", "_england"))
    both = both[both["source_file"].str.startswith("published:fingertips/")]
    judged = 0
    for name, rows in both.groupby("source_file"):
        verdicts = lines(published / str(name).removeprefix("published:"))
        for row in rows.itertuples():
            verdict = {"Better": 1, "Worse": -1}.get(verdicts[row.source_row]["compared_to_England"], 0)
            gap = (row.value - row.value_england) * ours[row.measure_id]
            judged += verdict != 0
            assert verdict * gap >= 0
    assert judged >= 80


# releases and re-issues


def test_a_figure_told_in_thousands_by_one_release_is_the_same_in_all_three(observed, published):
    raw = {day: released(published, day, "C&YPExpenditure", "2021-22 (OT)") for day in RELEASES}
    assert {day: float(value) for day, (value,) in raw.items()} == {
        "2024-11-19": 71999.258, "2025-02-14": 71999258.0, "2025-07-22": 71999258.0
    }  # fmt: skip
    for day in RELEASES:
        assert observed("lait", "children-services-spending", "2021-22", day)["value"] == "71999258"


def test_a_revision_between_releases_changes_what_was_in_force(records, published):
    raw = {day: float(released(published, day, "%_3&4yr_olds", "2024")[0]) for day in RELEASES}
    assert {day: round(value, 6) for day, value in raw.items()} == {
        "2024-11-19": 93.3, "2025-02-14": 93.3, "2025-07-22": 92.3
    }  # fmt: skip
    for as_at, value in ((date(2025, 7, 21), 93.3), (date(2025, 7, 22), 92.3)):
        rows = series(records.tables["observations"], records.tables["measures"], as_at)
        found = rows.query("measure_id == 'early-education-3-4' and period == '2023-24'")["value"]
        assert found.round(6).tolist() == [value]


@pytest.mark.parametrize(
    ("name", "period", "printed", "saved", "holds"),
    [
        ("DetailedLA_202103_revised", "2020-21 Q4", "22nd July 2021 (revised)**", "2021-07-23", "2021-07-23"),
        ("Detailed_LA_202306_all_dropdowns_fix", "2023-24 Q1", "2023-11-30", "2023-12-13", "2023-12-13"),
        ("Detailed_LA_202412", "2024-25 Q3", "2025-04-30", "2025-04-28", "2025-04-30"),
    ],
)
def test_a_reissued_workbook_holds_from_the_day_it_was_saved_again(
    observed, published, name, period, printed, saved, holds
):
    with closing(openpyxl.load_workbook(published / f"homelessness/{name}.xlsx", read_only=True)) as book:
        cells = [cell for row in book["Contents"].iter_rows(max_row=15, values_only=True) for cell in row]
    texts = {
        cell.date().isoformat() if hasattr(cell, "date") else str(cell).strip() for cell in cells if cell
    }
    assert printed in texts
    assert book.properties.modified.date().isoformat() == saved
    assert observed("homelessness", "homeless-rate", period)["recorded_at"] == holds


# the whole


def test_at_least_60_measures_stand_on_at_least_13_markers_each_with_a_figure_for_walsall(records):
    tables = records.tables
    known = series(tables["observations"], tables["measures"], AS_AT)
    valued = set(known.loc[known["value"].notna(), "measure_id"])
    assert valued == set(tables["measures"]["measure_id"])
    assert len(valued) >= 60
    assert tables["links"]["node"].nunique() >= 13
    files = {name.removeprefix("published:").split("/")[0] for name in known["source_file"]}
    assert len(files) == 8


def test_every_link_says_why_and_how_near_it_is(records):
    links = records.tables["links"]
    assert (links["reason"].str.split().str.len() >= 8).all()
    both = links.groupby("measure_id")["node"].nunique()
    assert both.max() <= 2
    assert links["directness"].value_counts().to_dict().keys() == {"direct", "proxy"}


def test_overlapping_windows_are_refused_a_control_chart(records):
    tables = records.tables
    rolling = set(tables["measures"].query("accumulation == 'rolling'")["measure_id"])
    assert len(rolling) >= 10
    rows = series(tables["observations"], tables["measures"], AS_AT)
    assert rows[rows["measure_id"].isin(rolling)]["unsuited"].str.contains("Overlapping|Annual").all()
    held = tables["observations"][~tables["observations"]["measure_id"].isin(rolling)]
    spans = {label: periods.parse(label) for label in held["period"].unique() if ".." in label}
    for _, labels in held[held["period"].isin(spans)].groupby("measure_id")["period"]:
        ordered = sorted({spans[label] for label in labels})
        assert all(first.end < second.start for first, second in pairwise(ordered))


def test_a_measure_without_a_better_way_is_watched_and_not_rated(records):
    none = records.tables["measures"].query("polarity == 'none'")
    assert len(none) >= 8
    assert none["monitor_only"].all()


def test_every_source_together_is_read_in_seconds(published, monkeypatch):
    import time

    from pmf_lib import council
    from pmf_lib.records.published.read import read_source

    monkeypatch.setenv("PMF_PUBLISHED", str(published))
    before = time.process_time()
    for name in council.load("walsall-published").records.sources:
        read_source(name)
    assert time.process_time() - before < 20
