"""Stories of the guide to the sample council that hang on more than one quarter come out as it says."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
import yaml

from pmf_lib import council, framework, periods, settings
from pmf_lib.assurance.certification.standing import standings
from pmf_lib.performance.forecast import forecast
from pmf_lib.performance.series import series
from pmf_lib.records.collect import collect
from pmf_lib.records.quality import breaks, known, scheme
from pmf_lib.records.standing import standing
from pmf_lib.workbook.book import schemes

GUIDE = (settings.root() / "docs" / "sample-council.md").read_text(encoding="utf-8")
PAGES = re.compile(r"[34567](, [34567])*")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    nodes = {name: {node.id for node in framework.load(name).nodes} for name in ("pmf-2022-25", "wpf-2009")}
    return collect(council.load("sample"), nodes=nodes).tables


def story(beginning: str) -> list[str]:
    """The cells of the guide's row whose story begins like this."""
    (row,) = [row for row in GUIDE.splitlines() if row.startswith(f"| {beginning}")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def year_end(tables: dict[str, pd.DataFrame], quarter: str, as_at: date) -> pd.DataFrame:
    asked = periods.parse_quarter(quarter)
    known_then = series(tables["observations"], tables["measures"], as_at)
    found = forecast(
        tables["measures"], known_then, tables["targets"], quarter=asked, options=schemes().forecast
    )
    return found.measures.set_index("measure_id")


def test_a_forecast_made_before_a_change_misses_the_outturn_as_the_guide_says(
    tables: dict[str, pd.DataFrame],
) -> None:
    said = story("a forecast that misses")
    made = year_end(tables, "2023-24 Q3", date(2024, 2, 15))
    came = year_end(tables, "2023-24 Q4", date(2024, 8, 15))["outturn"]
    for measure, decimals in (("temporary-accommodation", 0), ("potholes-in-time", 1)):
        low, high = made.loc[measure, ["low", "high"]]
        assert not low <= came[measure] <= high
        assert f"{low:.{decimals}f} to {high:.{decimals}f}" in said[3]
        assert f"{came[measure]:.{decimals}f}" in said[3]


def test_the_level_moved_with_the_definition_as_the_guide_says(tables: dict[str, pd.DataFrame]) -> None:
    held = known.in_force(tables["observations"], date(2024, 11, 15))
    found = breaks.level_breaks(held, tables["measures"], periods.parse_quarter("2024-25 Q2"), scheme.load())
    assert [f"`{one}`" for one in found["measure_id"]] == [story("definition break")[1]]
    assert "`series.level-break`" in story("definition break")[3]


@pytest.mark.parametrize(
    ("as_at", "told"), [(date(2024, 11, 15), ""), (date(2024, 8, 15), "two were certified")]
)
def test_certifications_stand_as_the_guide_says(
    tables: dict[str, pd.DataFrame], as_at: date, told: str
) -> None:
    known = standing("certifications", tables["certifications"], as_at)
    found = standings(tables["measures"], known, as_at, schemes().certification)
    stands = found[found["standing"] != "never"].set_index("measure_id")["standing"].to_dict()
    section = GUIDE.split("### Measures that were certified")[1].split("\n## ")[0]
    words = {"qualified": "certified with qualification"}
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in section.splitlines()
        if row.startswith("| `")
    ]
    if told:
        assert told in section
        assert sorted(stands.values()) == ["certified", "qualified"]
    else:
        assert {f"`{name}`": words.get(code, code) for name, code in stands.items()} == {
            row[0]: row[2] for row in rows
        }


def pages_of(identity: str) -> list[str]:
    """The numbers in the last cell of each row that names this story."""
    rows = [row for row in GUIDE.splitlines() if row.startswith(f"| `{identity}`")]
    return [row.strip("| ").split("|")[-1].strip() for row in rows]


def test_the_row_of_each_story_of_the_arrangements_ends_in_numbers_of_pages() -> None:
    planted = {
        story["id"]
        for home in ("sample", "sample-2009")
        for story in yaml.safe_load(
            (settings.root() / "data" / home / "arrangements" / "stories.yml").read_text(encoding="utf-8")
        )["stories"]
    }
    told = {identity: pages_of(identity) for identity in planted}
    assert [identity for identity, pages in told.items() if not pages] == []
    wrong = {identity: pages for identity, pages in told.items() if not all(map(PAGES.fullmatch, pages))}
    assert wrong == {}
