"""Walsall's published figures through a whole run: what is printed on the pages is what the files say.

Each expected figure is worked out here from the file by another way: a cell by its address, a line of a CSV file, a row
of a release. Public sector information under the Open Government Licence v3.0.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bs4 import BeautifulSoup
from python_calamine import CalamineWorkbook
from workspace import Done, Workspace

pytestmark = [pytest.mark.published, pytest.mark.slow]
VIEW = "outputs/walsall-published/pmf-2022-25/2024-25-q3/full"
NEWEST = "homelessness/Detailed_LA_202412.xlsx"


@pytest.fixture(scope="module")
def ran(site_workspace: Callable[..., Workspace], published: Path) -> tuple[Workspace, Done]:
    """The run of published figures in a workspace of its own."""
    own = site_workspace("walsall", PMF_PUBLISHED=str(published))
    return own, own.pmf("run", "parameters/runs/walsall-published.yml")


def page(ran: tuple[Workspace, Done], unit: str, notebook: str) -> BeautifulSoup:
    path = ran[0].home / VIEW / unit / f"{notebook}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def printed(ran: tuple[Workspace, Done], unit: str, title: str) -> list[str]:
    """The cells of this measure's row in the table of every figure: its name over its unit, period, value and where they were read."""
    for found in page(ran, unit, "2_measures_against_markers").find_all("table"):
        if found.caption and "Every figure and where it comes from" in found.caption.text:
            rows = [
                [cell.text.strip() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")
            ]
            return next(row for row in rows if row[0].startswith(title))
    raise AssertionError("The page has no table of every figure.")


def cells(published: Path, sheet: str, row: int) -> dict[str, object]:
    """One row of the newest homelessness workbook by column letter."""
    rows = CalamineWorkbook.from_path(published / NEWEST).get_sheet_by_name(sheet).to_python()
    found = {chr(ord("A") + place): value for place, value in enumerate(rows[row - 1][:26])}
    assert found["B"] == "Walsall"
    return found


def test_the_run_of_published_figures_finishes(ran):
    assert ran[1].code == 0, ran[1].said
    assert "Open the site" in ran[1].out


def test_households_in_temporary_accommodation_are_those_of_the_cells(ran, published):
    row = cells(published, "TA1", 286)
    households, thousands = float(str(row["E"])), float(str(row["F"]))
    by_hand = f"{households / thousands:.2f}"
    found = printed(ran, "economy-environment", "Households in temporary accommodation, per 1,000 households")
    assert (found[1], found[2]) == ("2024-25 Q3", by_hand)
    assert by_hand == "1.20"
    assert f"published:{NEWEST}" in found[-2]
    assert "row 286" in found[-2]


def test_prevention_cases_that_ended_with_a_home_are_a_share_of_two_cells(ran, published):
    row = cells(published, "P1", 285)
    by_hand = f"{100 * float(str(row['G'])) / float(str(row['E'])):.1f}"
    found = printed(ran, "economy-environment", "Prevention cases that ended with a home")
    assert (found[1], found[2], by_hand) == ("2024-25 Q3", by_hand, "53.5")


def test_plans_within_20_weeks_are_two_counts_of_one_line(ran, published):
    with (published / "send/timeliness_20_week.csv").open(encoding="utf-8-sig", newline="") as file:
        line = next(
            line
            for line in csv.DictReader(file)
            if (line["old_la_code"], line["time_period"], line["breakdown"])
            == ("335", "2024", "All EHC plans issued")
        )
    found = printed(ran, "childrens", "Education, health and care plans issued within 20 weeks")
    assert (found[1], found[2]) == ("2024", line["PC_plans_issued_20_weeks_ex"])
    assert found[2] == f"{100 * 385 / 442:.1f}"


def test_children_placed_far_from_home_are_those_of_the_newest_release(ran, published):
    path = published / "lait/bds_long_0_2025-07-22_79dd99b.parquet"
    rows = pq.read_table(path, columns=["Short Desc", "Years", "LA Number", "Values"]).to_pylist()
    (value,) = [
        row["Values"]
        for row in rows
        if (row["Short Desc"], row["Years"], row["LA Number"]) == ("LACDistance", "2024", 335.0)
    ]
    found = printed(ran, "childrens", "Children looked after who live more than 20 miles from home")
    assert (found[1], found[2]) == ("2023-24", value)


def test_attainment_beside_the_country_is_two_rows_of_one_release(ran, published):
    path = published / "lait/bds_long_0_2025-07-22_79dd99b.parquet"
    rows = pq.read_table(path, columns=["Short Desc", "Years", "LA Number", "Values"]).to_pylist()
    told = {
        row["LA Number"]: float(row["Values"])
        for row in rows
        if (row["Short Desc"], row["Years"]) == ("AVG_Attain8_Score", "2024")
        and row["LA Number"] in (335.0, 970.0)
    }
    beside = compared(ran, "childrens", "2_measures_against_markers", "Average Attainment 8 score at GCSE")
    assert [float(cell) for cell in beside[2:4]] == [told[335.0], told[970.0]]
    assert beside[4] == "Worse (not tested)"


def compared(ran: tuple[Workspace, Done], unit: str, notebook: str, title: str) -> list[str]:
    """The cells of this measure's row in the tables of others' figures."""
    for found in page(ran, unit, notebook).find_all("table"):
        head = [cell.text.strip() for cell in found.find("tr").find_all("th")]
        if "Than England" in head:
            rows = [
                [cell.text.strip() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")
            ]
            if row := next((row for row in rows if row[0].startswith(title)), None):
                return row
    raise AssertionError(f"No table of others' figures has {title!r}.")


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("Adults who smoke", "health__adults_smoking.csv"),
        ("People in routine and manual jobs who smoke", "health__adults_smoking_manual.csv"),
    ],
)
def test_no_difference_is_called_beyond_chance_that_its_publisher_calls_similar(ran, published, title, file):
    with (published / "fingertips" / file).open(encoding="utf-8", newline="") as opened:
        rows = [line for line in csv.DictReader(opened) if line["area_code"] == "E08000030"]
    row = compared(ran, "council", "5_council_scorecard", title)
    verdicts = {line["compared_to_England"] for line in rows if float(line["value"]) == float(row[2])}
    assert "Similar" in verdicts
    assert row[4] in ("Worse (not tested)", "Better (not tested)")


@pytest.mark.parametrize("notebook", ["5_council_scorecard", "6_assurance_map", "7_audit_committee"])
def test_no_page_rates_or_blames_the_council_on_published_figures(ran, notebook):
    text = page(ran, "council", notebook).text
    assert "not issued by or for the council" in text
    assert "due for review by 31 January 2025" in text
    tags = {tag.text.strip(" ●◆▲○") for tag in page(ran, "council", notebook).find_all(class_="pmf-tag")}
    assert tags.isdisjoint(
        {"Met", "Near", "Missed", "Partly met", "Not met", "Lived", "Partly lived", "Not lived"}
    )


def test_at_least_60_measures_of_eight_sources_stand_on_markers(ran):
    with (ran[0].home / VIEW / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["nodes"] != "" for row in rows) >= 60
    sources = {row["last_file"].split(":")[1].split("/")[0] for row in rows}
    assert sources == {path.name for path in published_folders(ran)}


def published_folders(ran: tuple[Workspace, Done]) -> list[Path]:
    return [path for path in Path(ran[0].env["PMF_PUBLISHED"]).iterdir() if path.is_dir()]


def test_a_figure_that_accumulates_is_shown_and_not_tested(ran, published):
    with (published / "fingertips/health__nhs_health_checks.csv").open(encoding="utf-8", newline="") as file:
        value = next(
            line["value"]
            for line in csv.DictReader(file)
            if (line["area_code"], line["period"]) == ("E08000030", "2021/22 Q1 - 2024/25 Q3")
        )
    found = printed(ran, "adults-health", "People entitled to an NHS Health Check who have had one")
    assert found[2] == value == "31.7"
    text = page(ran, "adults-health", "2_measures_against_markers").text
    assert "Latest 31.7 in April 2021 to December 2024; change not tested" in text


def test_affordable_homes_are_the_sum_of_the_lines_of_the_year(ran, published):
    with (published / "housing/affordable_homes_by_tenure.csv").open(encoding="utf-8", newline="") as file:
        rows = [line for line in csv.DictReader(file) if line["geography_name"] == "Walsall"]
    by_hand = sum(int(line["value"]) for line in rows if line["date"] == "2023-24")
    found = printed(ran, "economy-environment", "Affordable homes completed")
    assert (found[1], found[2]) == ("2023-24", str(by_hand))
