"""All control charts of a unit side by side: which, in what order, and what is said of them."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest
from test_charts_made_up import STEADY, made_points, made_rated

from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.pages.measures import wall

BOOK = SimpleNamespace(unit_name="Places", quarter=parse_quarter("2024-25 Q2"))
ROWS = [
    {"title": "Steady and met", "state": "met"},
    {"title": "Better", "state": "near", "variation": "improving_high"},
    {"title": "Not suited", "variation": "not_suited"},
    {"title": "Worse", "state": "met", "variation": "worsening_low"},
    {"title": "Steady and missed", "state": "missed"},
    {"title": "Watched", "state": "monitor_only"},
]


def rated(rows: list[dict[str, object]]) -> SimpleNamespace:
    """Rated measures, each with the same sixteen points."""
    measures = made_rated(rows)
    points = [made_points(STEADY, measure_id=name) for name in measures["measure_id"]]
    return SimpleNamespace(measures=measures, points=pd.concat(points, ignore_index=True))


def test_real_changes_for_the_worse_come_first_and_what_is_not_tested_is_left_out() -> None:
    assert wall.charted(rated(ROWS))["title"].tolist() == [
        "Worse",
        "Better",
        "Steady and missed",
        "Steady and met",
        "Watched",
    ]


def test_a_measure_without_points_has_no_place_on_the_wall() -> None:
    found = rated(ROWS)
    found.points = found.points[found.points["measure_id"] != "m3"]
    assert "Worse" not in wall.charted(found)["title"].tolist()


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (1, ["1 chart"]),
        (10, ["10 charts"]),
        (11, ["Charts 1 to 10 of 11", "Chart 11 of 11"]),
    ],
)
def test_the_wall_is_folded_under_its_number_and_each_picture_says_which_charts_it_shows(
    count: int, places: list[str]
) -> None:
    markup = wall.wall(BOOK, rated([{"title": f"Measure {at:02d}"} for at in range(count)])).markup
    assert markup.startswith("<details>")
    assert f"{count} control chart" in markup.split("</summary>")[0]
    titles = re.findall(r'<figcaption><span class="pmf-title">(.*?): ', markup)
    assert titles == places
    assert markup.count("<img") == len(places) == markup.count('<details class="pmf-numbers">')


def test_each_picture_is_titled_by_what_it_shows_and_described_with_the_verdicts() -> None:
    markup = wall.wall(BOOK, rated(ROWS)).markup
    assert "5 charts: two measures show a real change: 1 for the worse and 1 for the better" in markup
    (said,) = re.findall(r'<img alt="([^"]*)"', markup)
    assert "Worse: 93.1% in July 2023, target 95.0%, met, worsening, hit and miss." in said
    assert said.index("Worse:") < said.index("Steady and missed:")


def test_no_control_chart_is_a_sentence() -> None:
    assert wall.NOTHING in wall.wall(BOOK, rated([{"variation": "too_few_points"}])).markup


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (
            [{"state": "missed"}, {"state": "met"}],
            "none of these 2 series shows a real change; 1 misses its target",
        ),
        ([{"state": "missed"}] * 3, "none of these 3 series shows a real change; 3 miss their target"),
        ([{"state": "near"}], "this series shows no real change"),
        ([{"variation": "worsening_low"}, {}], "one measure shows a real change: for the worse"),
    ],
)
def test_a_picture_is_titled_by_real_changes_or_else_by_missed_targets(rows, title) -> None:
    assert wall.title(made_rated([dict(row) for row in rows])) == title
