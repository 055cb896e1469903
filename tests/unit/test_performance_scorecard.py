"""The marker card: counts that reconcile."""

from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.performance.scorecard import in_force, marker_card
from pmf_lib.performance.status import STATES
from pmf_lib.periods import parse

NODES = [
    SimpleNamespace(id=name, title=f"Title of {name}") for name in ("marker-02", "marker-01", "marker-03")
]
RATED = pd.DataFrame(
    {
        "measure_id": ["a", "b", "c"],
        "state": ["met", "missed", "late"],
        "variation": ["improving_low", "not_suited", "neither_high"],
        "capability": ["hit_and_miss", "not_tested", "not_expected"],
    }
)


def link(node, measure, **more):
    return {
        "framework": "pmf",
        "node": node,
        "measure_id": measure,
        "reason": "r",
        "directness": "direct",
    } | more


LINKS = pd.DataFrame(
    [
        link("marker-01", "a"),
        link("marker-01", "b", directness="proxy"),
        link("marker-02", "a"),
        link("marker-02", "c", valid_from="2023-24", valid_to="2023-24"),
        link("marker-01", "c", framework="wpf"),
        link("marker-03", "unknown"),
    ]
)


def card(**more):
    return marker_card(RATED, LINKS, NODES, **more).set_index("node")


def test_nodes_stay_in_the_frameworks_order_and_empty_ones_show_noughts():
    found = card()
    assert found.index.tolist() == ["marker-02", "marker-01", "marker-03"]
    assert found.loc["marker-03"].drop("title").eq(0).all()
    assert found.loc["marker-03", "title"] == "Title of marker-03"


@pytest.mark.parametrize("more", [{}, {"framework": "pmf"}, {"framework": "pmf", "year": parse("2024-25")}])
def test_counts_reconcile(more):
    found = card(**more)
    variation = ["improving_n", "worsening_n", "no_real_change_n", "neither_n", "not_tested_n"]
    capability = ["consistently_meets_n", "hit_and_miss_n", "not_expected_n", "capability_not_tested_n"]
    for columns in (list(STATES), variation, capability, ["direct_n", "proxy_n"]):
        assert found[columns].sum(axis=1).tolist() == found["n_measures"].tolist()


def test_a_measure_linked_to_two_nodes_is_counted_in_each():
    assert card()["met"].to_dict() == {"marker-02": 1, "marker-01": 1, "marker-03": 0}


def test_links_can_be_kept_to_one_framework_and_year():
    assert card()["n_measures"].tolist() == [2, 3, 0]
    assert card(framework="pmf")["n_measures"].tolist() == [2, 2, 0]
    assert card(framework="pmf", year=parse("2024-25"))["n_measures"].tolist() == [1, 2, 0]
    assert card(framework="pmf", year=parse("2023-24"))["n_measures"].tolist() == [2, 2, 0]
    assert card(framework="pmf", year=parse("2022-23"))["n_measures"].tolist() == [1, 2, 0]


def test_a_measure_linked_twice_to_a_node_counts_once():
    twice = pd.concat([LINKS, pd.DataFrame([link("marker-02", "a", perspective="finance")])])
    assert marker_card(RATED, twice, NODES).set_index("node").loc["marker-02", "n_measures"] == 2


def test_nodes_may_be_a_frame_and_nothing_linked_is_welcome():
    nodes = pd.DataFrame({"id": ["x"], "title": ["X"]})
    found = marker_card(RATED.iloc[:0], pd.DataFrame(), nodes)
    assert found["n_measures"].tolist() == [0]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "years"),
    [
        ("", "", ["2022-23", "2023-24", "2024-25"]),
        ("2023-24", "", ["2023-24", "2024-25"]),
        ("", "2023-24", ["2022-23", "2023-24"]),
        ("2023-24", "2023-24", ["2023-24"]),
        ("2024-25 Q3", "", ["2024-25"]),
        ("2025-26", "", []),
        ("", "2021-22", []),
    ],
)
def test_a_link_holds_from_its_first_year_to_its_last_and_without_them_always(valid_from, valid_to, years):
    one = pd.DataFrame([link("marker-01", "a", valid_from=valid_from, valid_to=valid_to)])
    asked = ("2022-23", "2023-24", "2024-25")
    assert [year for year in asked if len(in_force(one, "pmf", year))] == years


def test_links_in_force_keep_their_order_and_columns_and_are_those_of_one_framework():
    found = in_force(LINKS, "pmf", "2024-25")
    assert found["node"].tolist() == ["marker-01", "marker-01", "marker-02", "marker-03"]
    assert found.index.tolist() == [0, 1, 2, 3]
    assert found["reason"].eq("r").all()
    assert len(in_force(LINKS, None, None)) == len(LINKS)
    assert in_force(pd.DataFrame(), "pmf", "2024-25").empty


def test_a_year_may_be_a_period_or_its_label_and_nothing_else():
    pd.testing.assert_frame_equal(in_force(LINKS, "pmf", parse("2024-25")), in_force(LINKS, "pmf", "2024-25"))
    pd.testing.assert_frame_equal(card(year="2024-25"), card(year=parse("2024-25")))
    with pytest.raises(ParameterError, match="2024-25 Q2"):
        in_force(LINKS, "pmf", "2024-25 Q2")
