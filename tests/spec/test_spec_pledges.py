"""How far a pledge is, as drawn tables: the first rule that fits; what delivers it, what measures it, and of which year it is."""

from datetime import date

import pandas as pd
import pytest
from arranged_rows import table
from drawn import cases
from minuted import FRAMEWORKS

from pmf_lib.assurance import pledges
from pmf_lib.periods import parse_quarter
from pmf_lib.verdicts import load

FRAMEWORK = FRAMEWORKS["wpf-2009"]
PLANS = """
plan_id | title         | valid_from | valid_to
now     | Plan of Waste | 2009-04-01 | 2010-03-31
over    | Plan of old   | 2008-04-01 | 2009-03-31
"""
OBJECTIVES = """
objective_id | plan_id | measures     | due_on     | delivered_on | checked_on | acted_on
planned      | now     | tonnes       | 2010-03-31 |              |            |
done         | now     | calls        | 2009-09-30 | 2009-09-01   |            |
checked      | now     | calls        | 2009-09-30 | 2009-09-01   | 2009-10-01 |
acted        | now     | calls        | 2009-09-30 | 2009-09-01   | 2009-10-01 | 2009-10-20
late         | now     | calls; bins  | 2009-09-30 |              |            |
later        | now     | none         | 2010-03-31 | 2009-11-20   |            |
silent       | now     |              | 2010-03-31 |              |            |
missing-it   | now     | bins         | 2010-03-31 |              |            |
old          | over    | calls        | 2009-03-31 | 2009-03-01   |            |
"""
RATED = pd.DataFrame(
    [("tonnes", "met"), ("calls", "near"), ("bins", "missed"), ("homes", "not_due")],
    columns=["measure_id", "state"],
    dtype="str",
)
SAME = {"register": "pledges", "framework": "wpf-2009", "title": "A pledge"}


def told(entries, objectives=OBJECTIVES, rated=RATED, as_at="2009-11-13", **same):
    return pledges.pledges(
        table("registers", entries, **{**SAME, **same}),
        table("plans", PLANS),
        None if objectives is None else table("objectives", objectives),
        rated,
        framework=FRAMEWORK,
        quarter=parse_quarter("2009-10 Q2"),
        as_at=date.fromisoformat(as_at),
    )


def one(**entry):
    made = {"entry_id": "a", "nodes": "outcome-healthy", "due_on": "2010-03-31", **entry}
    names = " | ".join(made)
    return told(f"{names}\n{' | '.join(str(cell) for cell in made.values())}")


CASES = cases("""
| objectives         | measures   | planned | achieved | closed_on  | due_on     | rule              | state     |
|--------------------|------------|---------|----------|------------|------------|-------------------|-----------|
| planned            |            |         |          | 2009-11-01 | 2010-03-31 | closed-undone     | unknown   |
| done               |            |         |          | 2009-11-01 | 2010-03-31 | closed            | kept      |
|                    |            |         |          | 2009-11-01 | 2010-03-31 | closed-undone     | unknown   |
| done               |            | 200     | 150      | 2009-11-01 | 2010-03-31 | closed-short      | not_kept  |
| done               |            | 200     |          | 2009-11-01 | 2010-03-31 | closed-unsaid     | unknown   |
| planned            |            | 200     | 200      | 2009-11-01 | 2010-03-31 | closed            | kept      |
| planned            |            | 200     | 201      |            | 2010-03-31 | reached           | kept      |
|                    |            | 200     | 200      |            | 2009-10-31 | reached           | kept      |
| planned            |            | 200     | 199      |            | 2010-03-31 | figure-short      | unknown   |
| planned            | tonnes     | 200     | 199      |            | 2010-03-31 | measure-met       | on_course |
| planned            |            |         |          |            | 2009-11-12 | overdue           | behind    |
| planned            |            |         |          |            | 2009-11-13 | near-measures     | unknown   |
| planned            |            |         |          | 2009-11-14 | 2009-11-12 | overdue           | behind    |
|                    |            |         |          |            | 2010-03-31 | in-no-plan        | no_plan   |
|                    | tonnes     |         |          |            | 2010-03-31 | in-no-plan        | no_plan   |
| old                |            |         |          |            | 2010-03-31 | in-no-plan        | no_plan   |
| never-heard-of     |            |         |          |            | 2010-03-31 | in-no-plan        | no_plan   |
| planned; late      |            |         |          |            | 2010-03-31 | objective-overdue | behind    |
| planned            | bins       |         |          |            | 2010-03-31 | measure-missed    | behind    |
| missing-it         |            |         |          |            | 2010-03-31 | near-measures     | unknown   |
| planned            |            |         |          |            | 2010-03-31 | near-measures     | unknown   |
| planned; done      |            |         |          |            | 2010-03-31 | partly-delivered  | on_course |
| planned; done      | bins       |         |          |            | 2010-03-31 | measure-missed    | behind    |
| missing-it         | tonnes     |         |          |            | 2010-03-31 | measure-met       | on_course |
| done; acted        |            |         |          |            | 2010-03-31 | delivered         | on_course |
| silent             | calls      |         |          |            | 2010-03-31 | measure-met       | on_course |
| silent             | homes      |         |          |            | 2010-03-31 | nothing-shown     | unknown   |
| silent             |            |         |          |            | 2010-03-31 | nothing-shown     | unknown   |
| silent             |            | 200     | 199      |            | 2010-03-31 | figure-short      | unknown   |
| silent             |            | 200     |          |            | 2010-03-31 | nothing-shown     | unknown   |
| later              |            |         |          |            | 2010-03-31 | nothing-shown     | unknown   |
""")


@pytest.mark.parametrize("case", CASES)
def test_the_first_rule_that_fits_gives_the_state(case):
    given = {name: cell for name, cell in case.items() if name not in ("rule", "state")}
    found = one(**given).iloc[0]
    assert (found["rule"], found["state"]) == (case["rule"], case["state"])


def test_measures_of_its_objectives_alone_never_make_a_pledge_on_course_or_behind():
    for objectives in ("planned", "missing-it", "planned; missing-it"):
        assert one(objectives=objectives).iloc[0]["state"] == "unknown"
    assert one(objectives="planned", due_on="2009-11-12").iloc[0]["state"] == "behind"


def test_every_rule_and_every_state_is_drawn_above():
    drawn = {(case["rule"], case["state"]) for ((case,), *_) in CASES}
    assert drawn | {("not-sent", "unknown")} == set(pledges.RULES.items())
    assert set(pledges.RULES.values()) == set(pledges.STATES)
    assert load().codes("pledge") == list(pledges.STATES)


def test_where_nobody_sent_plans_and_objectives_it_is_not_known_who_delivers_a_pledge():
    entries = "entry_id | objectives | due_on\na | planned | 2010-03-31\nb | planned | 2009-10-31"
    assert told(entries, objectives=None)["rule"].to_list() == ["overdue", "not-sent"]


@pytest.mark.parametrize(
    ("objectives", "stage", "counts"),
    [
        ("", "", [0, 0, 0]),
        ("planned", "planned", [1, 0, 0]),
        ("done", "delivered", [1, 1, 0]),
        ("acted", "acted", [1, 1, 0]),
        ("checked; acted", "checked", [2, 2, 0]),
        ("acted; late", "planned", [2, 1, 1]),
    ],
)
def test_a_pledge_is_as_far_as_the_objective_that_is_least_advanced(objectives, stage, counts):
    found = one(objectives=objectives).iloc[0]
    assert found["stage"] == stage
    assert found[["objectives_n", "delivered_n", "overdue_n"]].to_list() == counts
    assert found["plans"] == ("Plan of Waste" if objectives else "")


def test_a_pledge_s_own_measures_stand_before_those_of_its_objectives():
    own, theirs = one(objectives="late", measures="tonnes").iloc[0], one(objectives="late").iloc[0]
    assert (own["measures"], own["met_n"], own["is_own"]) == ("tonnes", 1, True)
    assert (theirs["measures"], theirs["near_n"], theirs["missed_n"]) == ("calls; bins", 1, 1)
    assert not theirs["is_own"]
    assert one(objectives="late", planned="200").iloc[0]["is_own"]


ENTRIES = """
entry_id  | nodes                            | opened_on  | due_on     | closed_on  | framework
next      | outcome-healthy                  | 2010-04-01 | 2011-03-31 |            |
gone      | outcome-healthy                  | 2008-04-01 | 2009-03-31 | 2009-03-20 |
late-gone | outcome-safe-secure              | 2008-04-01 | 2009-03-31 | 2009-04-20 |
old       | outcome-healthy                  | 2008-04-01 | 2009-03-31 |            |
now       | driver-services; outcome-active  | 2009-04-01 | 2010-03-31 |            |
no-day    | outcome-aspiring-achieving       |            |            |            |
autumn    | driver-resources                 | 2009-11-10 | 2010-03-31 |            |
winter    | driver-resources                 | 2009-12-01 | 2010-03-31 |            |
nowhere   | never-heard-of                   | 2009-04-01 | 2010-03-31 |            |
others    | outcome-healthy                  | 2009-04-01 | 2010-03-31 |            | pmf-2022-25
"""


def test_pledges_of_the_year_and_older_ones_still_open_stand_in_the_framework_s_order():
    found = told(ENTRIES)
    assert found[["entry_id", "node", "nodes_n", "year"]].to_numpy().tolist() == [
        ["old", "outcome-healthy", 1, "2008-09"],
        ["late-gone", "outcome-safe-secure", 1, "2008-09"],
        ["no-day", "outcome-aspiring-achieving", 1, "2009-10"],
        ["now", "outcome-active", 2, "2009-10"],
        ["autumn", "driver-resources", 1, "2009-10"],
        ["nowhere", "", 0, "2009-10"],
    ]


def test_a_report_made_in_the_next_year_leaves_that_year_s_pledges_out():
    assert "next" not in told(ENTRIES, as_at="2010-05-14")["entry_id"].to_list()
    assert "winter" in told(ENTRIES, as_at="2010-05-14")["entry_id"].to_list()


def test_every_outcome_and_driver_without_a_pledge_of_the_year_is_named():
    entries = table("registers", ENTRIES, **SAME)
    bare = pledges.without_pledge(FRAMEWORK, told(ENTRIES), entries, "2009-10")
    assert bare == [
        "outcome-healthy", "outcome-safe-secure", "outcome-high-quality-of-life", "outcome-financially-secure",
        "outcome-free-from-discrimination", "driver-transformation",
    ]  # fmt: skip


def test_no_register_gives_no_pledge_with_the_same_columns():
    found = told("")
    assert found.empty
    assert list(found.columns) == list(pledges.COLUMNS)
    assert list(one().columns) == list(pledges.COLUMNS)


def test_frames_are_not_changed_and_the_order_of_rows_does_not_matter():
    rows = table("registers", ENTRIES, **SAME)
    before = rows.copy(deep=True)
    asked = {"framework": FRAMEWORK, "quarter": parse_quarter("2009-10 Q2"), "as_at": date(2009, 11, 13)}
    plans, objectives = table("plans", PLANS), table("objectives", OBJECTIVES)
    found = pledges.pledges(rows, plans, objectives, RATED, **asked)
    turned = pledges.pledges(rows[::-1], plans[::-1], objectives[::-1], RATED[::-1], **asked)
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(found, turned)


def test_a_framework_without_pledges_has_none():
    assert pledges.level(FRAMEWORKS["pmf-2022-25"]) is None
    assert pledges.level(FRAMEWORK).plural == "pledges"
