"""The marker card on a page, both verdicts beside the status, proxies by name, and bullets of what is missed."""

import re
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.pages.measures import reach, sides

NODES = pd.DataFrame(
    {
        "node": ["marker-01", "marker-02", "marker-03"],
        "title": ["Homes", "Work", "Air"],
        "number": pd.array([1, 2, 3], dtype="Int64"),
    }
)
FRAMEWORK = SimpleNamespace(
    title="Framework",
    marker_word="marker",
    markers_word="markers",
    nodes_frame=lambda linkable: NODES,
)
LINKS = pd.DataFrame(
    [
        ("pmf", "marker-01", "a", "customer", "It is what is asked", "direct"),
        ("pmf", "marker-01", "b", "finance", "It stands near", "proxy"),
        ("pmf", "marker-02", "a", "outcome", "Jobs need homes", "proxy"),
    ],
    columns=["framework", "node", "measure_id", "perspective", "reason", "directness"],
)
BOOK = SimpleNamespace(
    framework=FRAMEWORK,
    links=LINKS,
    schemes=SimpleNamespace(verdicts=verdicts.load()),
    quarter=parse_quarter("2024-25 Q2"),
)
ROW = {
    "title": "Visits", "directorate": "x", "unit": "%", "decimals": 0, "polarity": "higher", "frequency": "monthly",
    "state": "missed", "variation": "no_real_change", "capability": "hit_and_miss", "reliance": "rely", "value": 70.0,
    "target": 80.0, "lower": float("nan"), "upper": float("nan"), "tolerance": 2.0, "tolerance_kind": "amount",
    "change_long": 1.0,
}  # fmt: skip
RATED = pd.DataFrame(
    [
        ROW | {"measure_id": "a", "title": "Homes let"},
        ROW | {"measure_id": "b", "title": "Cost of a home", "state": "monitor_only", "variation": "not_suited",
               "capability": "not_tested", "reliance": "do_not_rely"},
    ]
)  # fmt: skip


def cells(page):
    """The table's rows as texts."""
    rows = re.findall(r"<tr.*?</tr>", page.markup, re.S)
    found = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in found]


def test_the_card_counts_by_side_and_a_measure_of_two_markers_once_in_the_last_row():
    head, *rows = cells(sides.coverage(BOOK, RATED))
    assert head == ["Marker", "Customer", "Finance", "Outcome", "Rated", "In doubt", "Proxies"]
    assert rows == [
        ["1. Homes", "1", "1", "0", "1 of 2", "1", "1"],
        ["2. Work", "0", "0", "1", "1 of 1", "0", "1"],
        ["All links to measures", "1", "1", "1", "2 of 3", "1", "2"],
        ["All measures, each once", "", "", "", "1 of 2", "1", "1"],
    ]


def test_nodes_of_two_layers_that_share_a_number_are_named_by_their_layer():
    two = NODES.assign(number=pd.array([1, 1, 2], dtype="Int64"), level_word=["outcome", "driver", "driver"])
    framework = SimpleNamespace(**vars(FRAMEWORK) | {"nodes_frame": lambda linkable: two})
    book = SimpleNamespace(**vars(BOOK) | {"framework": framework})
    assert [row[0] for row in cells(sides.coverage(book, RATED))[1:3]] == [
        "Outcome 1. Homes",
        "Driver 1. Work",
    ]
    said = sides.proxies(book, RATED).markup
    assert "Outcome 1. Homes" in said
    assert "Driver 1. Work" in said


def test_the_title_of_the_card_is_what_a_status_covers_and_what_is_in_doubt():
    said = sides.coverage(BOOK, RATED).markup
    assert "One of two measures has a status; 1 figure should not be relied on" in said
    sure = sides.coverage(BOOK, RATED.assign(reliance="rely")).markup
    assert "One of two measures has a status<" in sure


def test_without_links_the_card_is_a_sentence():
    bare = SimpleNamespace(**vars(BOOK) | {"links": LINKS.iloc[:0]})
    assert sides.coverage(bare, RATED).markup == f"<p>{sides.NOTHING}</p>"
    assert sides.verdicts(bare, RATED.iloc[:0]).markup == f"<p>{sides.NOTHING}</p>"
    assert "No measure is linked, so none stands in for something else" in sides.proxies(bare, RATED).markup


def test_both_verdicts_stand_beside_the_status_and_add_up():
    head, *rows = cells(sides.verdicts(BOOK, RATED))
    assert head == ["Change", "Target as things run", "Met", "Near", "Missed", "No status", "Measures"]
    assert rows == [
        ["No real change", "Hit and miss", "0", "0", "1", "0", "1"],
        ["Not tested", "Not tested", "–", "–", "–", "1", "1"],
        ["All measures", "–", "0", "0", "1", "1", "2"],
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("missed", "One of one missed measure shows no real change: it runs as usual"),
        ("met", "The one measure with a status does not miss its target"),
        ("target_missing", "No measure has a status, so none is said to meet or to miss a target"),
    ],
)
def test_the_title_of_both_verdicts_says_whether_misses_are_usual(state, words):
    assert words in sides.verdicts(BOOK, RATED.assign(state=state).head(1)).markup


def test_without_any_target_no_table_or_sentence_is_an_all_clear():
    none = RATED.assign(state="target_missing", target=float("nan"))
    words = "No measure has a target to miss"
    shown = sides.verdicts(BOOK, none)
    assert words in shown.markup
    assert [row[2:] for row in cells(shown)[1:]] == [["–", "–", "–", "1", "1"]] * 2 + [
        ["–", "–", "–", "2", "2"]
    ]
    assert reach.misses(BOOK, none).markup == f"<p>{words}.</p>"


def test_a_range_is_a_target_to_miss():
    ranged = RATED.assign(state="not_due", target=float("nan"), lower=1.0)
    assert "No measure has a status" in reach.misses(BOOK, ranged).markup


def test_proxies_are_named_with_their_reason():
    found = sides.proxies(BOOK, RATED)
    assert cells(found)[1:] == [
        ["1. Homes"],
        ["Cost of a home", "It stands near"],
        ["2. Work"],
        ["Homes let", "Jobs need homes"],
    ]
    assert "Two links are by proxy" in found.markup


def test_what_is_missed_is_drawn_and_what_is_met_is_not():
    shown = reach.misses(BOOK, RATED).markup
    assert "One measure on the wrong side of its target, first: Homes let" in shown
    assert "Cost of a home" not in shown
    assert "70%" in shown
    none = reach.misses(BOOK, RATED.assign(state="met")).markup
    assert none == "<p>None of two measures with a status misses its target.</p>"


def test_a_missed_figure_that_should_not_be_relied_on_says_so_in_picture_and_table():
    doubted = reach.misses(BOOK, RATED.assign(reliance="do_not_rely")).markup
    assert "its target, first: Homes let<" in doubted
    assert "On top: Do not rely: Homes let (70%" in doubted
    assert re.search(r"<th[^>]*>Do not rely: Homes let</th>|<td[^>]*>Do not rely: Homes let</td>", doubted)
    assert "Do not rely" not in reach.misses(BOOK, RATED).markup
