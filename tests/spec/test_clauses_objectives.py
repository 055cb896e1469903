"""Clause tests of objectives, as drawn tables. The as-at date is 15 November 2024."""

from dataclasses import replace

import pytest
from arranged_rows import edited, table, told, world
from minuted import drawn, not_sent

from pmf_lib.assurance.checks import TESTS, objectives
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.periods import parse_quarter

PLANS = table("plans", """
plan_id | title           | valid_from | valid_to
now     | Plan for people | 2024-04-01 | 2025-03-31
before  | Plan of before  | 2023-04-01 | 2024-03-31
ended   | Ended long ago  | 2022-04-01 | 2023-03-31
""", level="directorate", directorate="childrens", owner="Director")  # fmt: skip
OBJECTIVES = table("objectives", """
objective_id | plan_id | title          | measures      | nodes     | planned_on | due_on     | delivered_on | checked_on | considered | acted_on
help         | now     | Help families  | visits; waits | marker-14 | 2024-03-13 | 2025-03-31 |              |            |            |
school       | now     | Better schools | checks        | marker-13 | 2024-03-13 | 2025-03-31 |              |            |            |
care         | before  | Safer care     | checks        | marker-06 | 2023-03-13 | 2024-03-31 | 2024-03-28   | 2024-04-16 | A strike   | 2024-04-22
old          | ended   | Long ago       |               |           |            |            |              |            |            |
""", framework="pmf-2022-25", owner="Head of Help", specific="More of it", achievable="There is money", resourced="yes")  # fmt: skip


def plans(changed=OBJECTIVES, frame=PLANS, **tables):
    return world(**{"plans": frame, "objectives": changed, **tables})


DEFECTS = {
    "objective_is_specific": ({}, 2, ("help", {"specific": ""}), "Help families"),
    "objective_has_measure": ({}, 2, ("help", {"measures": "gone"}), "Help families"),
    "objective_is_achievable": ({}, 2, ("help", {"resourced": "no"}), "Help families"),
    "objective_is_time_based": ({}, 2, ("help", {"due_on": "2025-04-01"}), "Help families"),
    "objective_has_node": ({}, 2, ("help", {"nodes": ""}), "Help families"),
    "node_has_objective": ({}, 20, ("school", {"nodes": "marker-14"}), "13. "),
    "objective_stage_is_dated": ({"stage": "delivered_on"}, 1, ("care", {"delivered_on": ""}), "Safer care"),
    "objective_names_influences": ({}, 1, ("care", {"considered": " "}), "Safer care"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - {"node_has_objective"}))
def test_clean_objectives_pass_and_one_defect_is_the_one_exception(name):
    given, population, (which, spoilt), subject = DEFECTS[name]
    assert told(TESTS[name](plans(), **given)) == (population, [])
    answer = TESTS[name](plans(edited(OBJECTIVES, which, **spoilt)), **given)
    assert (answer.population, answer.exceptions["subject"].tolist()) == (population, [subject])


def test_a_marker_that_no_objective_in_force_serves_is_an_exception():
    every = "; ".join(node.id for node in world().framework.linkable)
    whole = edited(OBJECTIVES, "school", nodes=every)
    assert told(TESTS["node_has_objective"](plans(whole))) == (20, [])
    answer = TESTS["node_has_objective"](
        plans(edited(whole, "school", nodes=every.replace("marker-13; ", "")))
    )
    assert answer.population == 20
    assert [subject[:4] for subject in answer.exceptions["subject"]] == ["13. "]
    assert answer.exceptions["condition"].tolist() == ["No objective of a plan in force serves it."]
    other = edited(whole, "school", nodes=every, framework="wpf-2009")
    assert TESTS["node_has_objective"](plans(other)).failed == 18  # by its measure, one


def test_only_nodes_that_stand_in_the_year_are_asked_for():
    earlier = replace(plans(), quarter=parse_quarter("2021-22 Q2"))
    stood = earlier.framework.linkable_in("2021-22")
    assert len(stood) < len(earlier.framework.linkable)
    assert TESTS["node_has_objective"](earlier).population == len(stood)


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == objectives.__name__}


@pytest.mark.parametrize("absent", ["plans", "objectives"])
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name, absent):
    with pytest.raises(NotSentError, match=absent):
        TESTS[name](not_sent(plans(), absent), **DEFECTS[name][0])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_plan_in_force_is_nothing_to_test(name):
    ended = PLANS.assign(
        valid_to=PLANS["valid_from"] - (PLANS["valid_from"].iloc[0] - PLANS["valid_from"].iloc[2])
    )
    assert told(TESTS[name](plans(frame=ended), **DEFECTS[name][0])) == (0, [])


RULES = """
test                    | changed                                  | said
objective_is_specific   | owner=                                   | It does not say: who answers for it.
objective_is_specific   | owner=, specific=                        | It does not say: what exactly will be done or be different, who answers for it.
objective_has_measure   | measures=                                | It names no measure.
objective_has_measure   | measures=gone; lost                      | None of its measures is kept today: gone; lost.
objective_has_measure   | measures=gone; visits                    |
objective_is_achievable | resourced=partly                         |
objective_is_achievable | resourced=not-assessed                   | Whether the means are there was not assessed.
objective_is_achievable | achievable=                              | It does not say why it can be done.
objective_is_achievable | achievable=, resourced=no                | It does not say why it can be done; the means for it are not there.
objective_is_time_based | due_on=                                  | It names no day by which it is due.
objective_is_time_based | due_on=2024-03-12                        | It is due on 12 March 2024, before it was planned on 13 March 2024.
objective_is_time_based | due_on=2025-04-01                        | It is due on 1 April 2025, after its plan ends on 31 March 2025.
objective_is_time_based | planned_on=                              |
objective_has_node      | nodes=marker-99                          | It leads to no part of the framework.
objective_has_node      | nodes=marker-99; marker-14               |
objective_has_node      | framework=wpf-2009                       |
objective_has_node      | framework=wpf-2009, measures=waits       | It leads to no part of the framework.
objective_has_node      | framework=, nodes=                       | It leads to no part of the framework.
"""
STAGES = """
stage        | which | changed                                        | tested | said
planned_on   | help  | planned_on=                                    | 3      | It should have been planned; no day of it is recorded.
planned_on   | help  | planned_on=2024-12-01                          | 3      | It should have been planned; no day of it is recorded.
delivered_on | care  | delivered_on=2023-03-12                        | 1      | It was delivered on 12 March 2023, before it was planned on 13 March 2023.
delivered_on | care  | delivered_on=                                  | 1      | It should have been delivered; no day of it is recorded.
delivered_on | care  | planned_on=                                    | 1      |
delivered_on | help  | due_on=2024-11-14                              | 2      | It should have been delivered; no day of it is recorded.
delivered_on | help  | due_on=2024-11-15                              | 1      |
checked_on   | care  | checked_on=                                    | 1      | It should have been checked; no day of it is recorded.
checked_on   | care  | checked_on=2024-03-27                          | 1      | It was checked on 27 March 2024, before it was delivered on 28 March 2024.
checked_on   | care  | delivered_on=2024-10-14, checked_on=           | 1      | It should have been checked; no day of it is recorded.
checked_on   | care  | delivered_on=2024-10-15, checked_on=           | 0      |
acted_on     | care  | acted_on=                                      | 1      | It should have been followed up; no day of it is recorded.
acted_on     | care  | acted_on=2024-04-15                            | 1      | It was followed up on 15 April 2024, before it was checked on 16 April 2024.
acted_on     | care  | checked_on=2024-10-15, acted_on=               | 0      |
"""


def spoilt(line, which="help"):
    cells = [cell.partition("=") for cell in line["changed"].split(", ")]
    return edited(OBJECTIVES, which, **{name: value for name, _, value in cells})


@pytest.mark.parametrize("line", drawn(RULES), ids=lambda line: f"{line['test']}, {line['changed']}")
def test_each_rule_says_what_is_amiss(line):
    answer = TESTS[line["test"]](plans(spoilt(line)))
    assert told(answer) == (2, [["Help families", line["said"]]] if "said" in line else [])


@pytest.mark.parametrize("line", drawn(STAGES), ids=lambda line: f"{line['stage']}, {line['changed']}")
def test_each_stage_is_asked_of_what_has_come_to_it_and_after_the_stage_before(line):
    changed = plans(spoilt(line, line["which"]))
    answer = TESTS["objective_stage_is_dated"](changed, stage=line["stage"], months=1)
    assert answer.population == int(line["tested"])
    assert answer.exceptions["condition"].tolist() == ([line["said"]] if "said" in line else [])


@pytest.mark.parametrize(("ends", "tested"), [("2023-11-15", 1), ("2023-11-14", 0), ("", 1)])
def test_the_cycle_is_followed_for_a_year_after_the_plan_ends(ends, tested):
    answer = TESTS["objective_names_influences"](plans(frame=edited(PLANS, "before", valid_to=ends)))
    assert answer.population == tested


def test_a_check_that_lies_ahead_is_not_asked_for_influences():
    ahead = edited(OBJECTIVES, "care", checked_on="2024-11-16", considered="")
    assert TESTS["objective_names_influences"](plans(ahead)).population == 0


def test_a_measure_kept_by_another_directorate_counts_and_a_retired_one_does_not():
    mine = plans(measures=edited(world().tables["measures"], "checks"))
    assert TESTS["objective_has_measure"](mine).exceptions["subject"].tolist() == ["Better schools"]
    whole = {**mine.tables, "measures": world().tables["measures"]}
    assert TESTS["objective_has_measure"](replace(mine, whole=whole.__getitem__)).failed == 0
    retired = edited(world().tables["measures"], "checks", retired_from="2024-25 Q2")
    assert TESTS["objective_has_measure"](plans(measures=retired)).failed == 1
    later = edited(world().tables["measures"], "checks", retired_from="2024-25 Q3")
    assert TESTS["objective_has_measure"](plans(measures=later)).failed == 0


def test_objectives_with_one_title_are_told_apart():
    alike = OBJECTIVES.assign(title="Better", owner="")
    answer = TESTS["objective_is_specific"](plans(alike))
    assert (answer.failed, answer.exceptions["subject"].tolist()) == (2, ["Better (help)", "Better (school)"])


def test_a_stage_that_a_clause_misspells_is_refused():
    with pytest.raises(PolicyError, match=r"'check_on' is not a known 'stage'. Did you mean 'checked_on'"):
        TESTS["objective_stage_is_dated"](plans(), stage="check_on")
