"""The marker card: counts that reconcile."""

from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.performance.scorecard import (
    by_perspective,
    card_total,
    in_force,
    marker_card,
    proxies,
    two_axes,
)
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


def test_stuck_counts_only_those_whose_process_has_not_just_changed():
    assert card().loc["marker-02", ["not_expected_n", "stuck_n"]].tolist() == [1, 0]
    steady = RATED.assign(variation="no_real_change")
    found = marker_card(steady, LINKS, NODES).set_index("node")
    assert found.loc["marker-02", ["not_expected_n", "stuck_n"]].tolist() == [1, 1]


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


# A card worked by hand: five measures, three markers. Waits speaks for two markers, Spend for one by proxy.
#
#            state           variation      capability         reliance     marker-01         marker-02
# waits      missed          worsening      not expected       rely         customer direct   outcome proxy
# spend      near            no change      hit and miss       with care    finance proxy
# visits     met             improving      consistently       do not rely  customer direct
# survey     monitor only    not suited     not tested         (unjudged)                     outcome direct
# new        late            too few        not tested         (unjudged)                     people direct
HAND = pd.DataFrame(
    [
        ("waits", "missed", "worsening_high", "not_expected", "rely"),
        ("spend", "near", "no_real_change", "hit_and_miss", "with_care"),
        ("visits", "met", "improving_high", "consistently_meets", "do_not_rely"),
        ("survey", "monitor_only", "not_suited", "not_tested", "not_judged"),
        ("new", "late", "too_few_points", "not_tested", "not_judged"),
    ],
    columns=["measure_id", "state", "variation", "capability", "reliance"],
)
HAND_LINKS = pd.DataFrame(
    [
        link("marker-01", "waits", perspective="customer"),
        link("marker-01", "spend", perspective="finance", directness="proxy", reason="near it"),
        link("marker-01", "visits", perspective="customer"),
        link("marker-02", "waits", perspective="outcome", directness="proxy", reason="beside it"),
        link("marker-02", "survey", perspective="outcome"),
        link("marker-02", "new", perspective="people"),
    ]
)


def test_the_card_worked_by_hand_has_coverage_reliance_and_both_verdicts():
    found = marker_card(HAND, HAND_LINKS, NODES).set_index("node")
    wanted = {
        "marker-01": {"n_measures": 3, "rated_n": 3, "met": 1, "near": 1, "missed": 1, "proxy_n": 1,
                      "worsening_n": 1, "improving_n": 1, "no_real_change_n": 1, "not_expected_n": 1,
                      "rely_n": 1, "with_care_n": 1, "do_not_rely_n": 1, "not_judged_n": 0},
        "marker-02": {"n_measures": 3, "rated_n": 1, "missed": 1, "monitor_only": 1, "late": 1, "proxy_n": 1,
                      "worsening_n": 1, "not_tested_n": 2, "not_expected_n": 1, "capability_not_tested_n": 2,
                      "rely_n": 1, "not_judged_n": 2},
    }  # fmt: skip
    for node, counts in wanted.items():
        assert found.loc[node, list(counts)].to_dict() == counts


@pytest.mark.parametrize("links", [HAND_LINKS, HAND_LINKS.iloc[::-1]])
def test_the_total_counts_a_measure_of_two_markers_once_and_as_direct_where_it_is_so_in_one(links):
    (total,) = card_total(HAND, links, NODES).to_dict("records")
    assert (total["n_measures"], total["rated_n"], total["missed"]) == (5, 3, 1)
    assert (total["direct_n"], total["proxy_n"]) == (4, 1)
    assert marker_card(HAND, HAND_LINKS, NODES)["n_measures"].sum() == 6


def test_the_total_leaves_out_measures_of_other_nodes_and_may_be_nought():
    only = NODES[:1]
    assert card_total(HAND, HAND_LINKS, only)["n_measures"].tolist() == [3]
    assert card_total(HAND.iloc[:0], HAND_LINKS, NODES)["n_measures"].tolist() == [0]


def test_perspectives_stand_in_their_order_and_add_up_to_the_node():
    found = by_perspective(HAND, HAND_LINKS, NODES)
    assert list(zip(found["node"], found["perspective"], found["n_measures"], found["rated_n"], strict=True)) == [
        ("marker-02", "people", 1, 0),
        ("marker-02", "outcome", 2, 1),
        ("marker-01", "customer", 2, 2),
        ("marker-01", "finance", 1, 1),
    ]  # fmt: skip
    card = marker_card(HAND, HAND_LINKS, NODES).set_index("node")
    sums = found.groupby("node").sum(numeric_only=True)
    pd.testing.assert_frame_equal(sums, card.loc[sums.index, sums.columns], check_dtype=False)


def test_both_verdicts_stand_beside_the_status_and_count_each_measure_once():
    found = two_axes(HAND)
    assert found.to_numpy().tolist() == [
        ["worsening_n", "not_expected_n", 1, 0, 0, 1, 0],
        ["improving_n", "consistently_meets_n", 1, 1, 0, 0, 0],
        ["no_real_change_n", "hit_and_miss_n", 1, 0, 1, 0, 0],
        ["not_tested_n", "capability_not_tested_n", 2, 0, 0, 0, 2],
    ]
    assert two_axes(HAND.iloc[:0]).empty
    pd.testing.assert_frame_equal(two_axes(HAND.iloc[::-1]), found)


def test_proxies_are_named_with_their_reason_in_the_frameworks_order():
    found = proxies(HAND, HAND_LINKS, NODES)
    assert found[["node", "measure_id", "reason"]].to_numpy().tolist() == [
        ["marker-02", "waits", "beside it"],
        ["marker-01", "spend", "near it"],
    ]


def test_reliance_counts_reconcile_and_what_nobody_judged_is_said():
    found = marker_card(HAND.drop(columns="reliance"), HAND_LINKS, NODES)
    assert found["not_judged_n"].tolist() == found["n_measures"].tolist()
    judged = marker_card(HAND, HAND_LINKS, NODES)
    names = ["rely_n", "with_care_n", "do_not_rely_n", "not_judged_n"]
    assert judged[names].sum(axis=1).tolist() == judged["n_measures"].tolist()
