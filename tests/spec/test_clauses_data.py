"""Clause tests of figures and of services, as drawn tables. The quarter is 2024-25 Q2, the as-at date 15 November 2024."""

from dataclasses import replace

import pandas as pd
import pytest
from arranged_rows import LINKS, edited, table, told, world
from minuted import drawn, not_sent

from pmf_lib.assurance.checks import TESTS, data
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.performance.scorecard import VARIATIONS

PLANS = """
plan_id | level       | title           | directorate | service    | owner        | valid_from | valid_to
people  | directorate | Plan for people | childrens   |            | Director     | 2024-04-01 | 2025-03-31
help    | service     | Plan for help   | childrens   | Early Help | Head of Help | 2024-04-01 | 2025-03-31
care    | service     | Plan for care   | childrens   | In Care    | Head of Care | 2024-04-01 | 2025-03-31
old     | service     | Old plan        | childrens   | In Care    |              | 2023-04-01 | 2024-03-31
"""
OBJECTIVES = """
objective_id | plan_id | title         | owner
obj-help     | help    | Help families | Head of Help
obj-old      | old     | Long ago      |
"""
ACTIONS = """
action_id | title        | directorate | measures | owner        | raised_on  | done_on | stopped_on
mend      | Mend figures | childrens   | checks   | Head of Care | 2024-10-01 |         |
"""
RISKS = """
risk_id | title | level     | owner        | raised_on  | closed_on
staff   | Staff | strategic | Head of Care | 2024-10-01 |
gone    | Gone  | strategic |              | 2023-10-01 | 2024-01-01
"""
CONVERSATIONS = """
directorate | service    | year    | staff_n | held_n
childrens   | Early Help | 2024-25 | 146     | 60
childrens   | In Care    | 2023-24 | 20      | 20
"""
FORECASTS = """
measure_id | quarter    | year
visits     | 2024-25 Q2 | 2024-25
waits      | 2024-25 Q1 | 2025-26
"""
OBSERVATIONS = """
measure_id | period  | recorded_at
visits     | 2024-09 | 2024-10-15
checks     | 2024-25 Q1 | 2024-07-15
"""
RELIANCE = {"visits": "rely", "checks": "do_not_rely", "waits": "not_judged"}
TABLES = {
    "plans": PLANS, "objectives": OBJECTIVES, "actions": ACTIONS, "risks": RISKS,
    "conversations": CONVERSATIONS, "forecasts": FORECASTS, "observations": OBSERVATIONS,
}  # fmt: skip
OWNED = {"tables": ("plans", "objectives", "actions", "risks")}


def records(rated=None, reliance=RELIANCE, **tables):
    found = world(rated=rated, **{**TABLES, **tables})
    return replace(found, reliance=pd.Series(reliance, dtype="str"))


def late(*measures):
    """Rated values with these missing."""
    return {"value": [float("nan") if one in measures else 1.0 for one in ("visits", "checks", "waits")]}


DEFECTS = {
    "node_has_current_value": ({}, 2, {"rated": late("checks")}, "7. "),
    "node_has_direct_measure": ({}, 2, {}, "7. "),
    "measure_can_be_relied_on": ({}, 2, {}, "Dental checks"),
    "doubtful_measure_has_action": ({}, 1, {"actions": ""}, "Dental checks"),
    "outside_data_is_on_time": ({"asked_by": "provider"}, 1, {"rated": late("visits")}, "Visits in time"),
    "service_has_forecast": ({}, 2, {"forecasts": table("forecasts", FORECASTS).iloc[:1]}, "In Care"),
    "service_has_reported": ({"per": "quarter"}, 2, {"observations": table("observations", OBSERVATIONS).iloc[:1]}, "In Care"),
    "service_leaves_records": ({}, 2, {"conversations": table("conversations", CONVERSATIONS).iloc[:1]}, "In Care"),
    "record_has_owner": (OWNED, 6, {"risks": edited(table("risks", RISKS), "staff", owner="")}, "Staff"),
    "measure_does_not_worsen": ({}, 3, {"rated": {"variation": "worsening_low"}}, "Visits in time"),
    "target_is_met": ({}, 3, {"rated": {"state": ["met", "missed", "near"]}}, "Dental checks"),
}  # fmt: skip
CLEAN = {
    "node_has_direct_measure": {"links": LINKS.replace("proxy", "direct")},
    "measure_can_be_relied_on": {"reliance": {**RELIANCE, "checks": "with_care"}},
}
MORE = {"variation_why": "Two of three points.", "why": "86 against 92."}


def spoilt(name):
    given, _, changes, _ = DEFECTS[name]
    changes = {**changes, "rated": {**MORE, **changes.get("rated", {})}}
    return TESTS[name](records(**changes), **given)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    given, population, _, subject = DEFECTS[name]
    assert told(TESTS[name](records(**CLEAN.get(name, {})), **given)) == (population, [])
    answer = spoilt(name)
    assert answer.population == population
    assert answer.exceptions["subject"].iloc[0].startswith(subject)
    assert answer.failed == (3 if name == "measure_does_not_worsen" else 1)


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == data.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_measures_and_no_records_are_nothing_to_test(name):
    nothing = records(reliance={}, **dict.fromkeys([*TABLES, "measures", "links", "risks"], ""))
    assert told(TESTS[name](nothing, **DEFECTS[name][0])) == (0, [])


@pytest.mark.parametrize(
    ("name", "absent"), [("doubtful_measure_has_action", "actions"), ("service_has_forecast", "forecasts")]
)
def test_what_nobody_sent_is_not_known(name, absent):
    with pytest.raises(NotSentError, match=absent):
        TESTS[name](not_sent(records(), absent), **DEFECTS[name][0])


def without(*absent):
    found = records()
    for one in absent:
        found = not_sent(found, one)
    return found


def test_of_several_tables_only_those_sent_are_asked_and_none_of_them_is_not_known():
    assert TESTS["record_has_owner"](without("risks", "objectives"), **OWNED).population == 4
    with pytest.raises(NotSentError, match="plans"):
        TESTS["record_has_owner"](without("plans", "risks", "objectives", "actions"), **OWNED)
    assert told(TESTS["service_leaves_records"](without("plans"))) == (2, [])
    with pytest.raises(NotSentError, match="plans"):
        TESTS["service_leaves_records"](without("plans", "conversations"))


VALUES = """
state      | value | due_on     | tested | failed
met        | 1     | 2024-11-14 | 2      | 0
late       |       | 2024-11-14 | 2      | 1
awaited    |       | 2024-11-15 | 1      | 0
suppressed |       | 2024-10-20 | 2      | 0
not_due    |       |            | 1      | 0
retired    |       | 2024-10-20 | 1      | 0
"""


@pytest.mark.parametrize("line", drawn(VALUES), ids=lambda line: line["state"])
def test_a_marker_s_figure_is_there_suppressed_missing_or_not_yet_due(line):
    rated = world().rated[["state", "value", "due_on"]]
    rated.loc[1] = [line["state"], float(line.get("value", "nan")), pd.Timestamp(line.get("due_on"))]
    answer = TESTS["node_has_current_value"](records(rated=rated.to_dict("series")))
    assert (answer.population, answer.failed) == (int(line["tested"]), int(line["failed"]))


def test_one_figure_of_several_is_enough_for_a_marker():
    both = LINKS + "waits | pmf-2022-25 | marker-07 | outcome | proxy\n"
    assert TESTS["node_has_current_value"](records(links=both, rated=late("checks"))).failed == 0
    answer = TESTS["node_has_current_value"](records(links=both, rated=late("checks", "waits")))
    assert answer.exceptions["condition"].tolist() == [
        "Measures of it whose figure has fallen due: 2. None of these figures is there."
    ]


def test_a_direct_measure_that_is_retired_speaks_for_no_marker():
    links = LINKS + "waits | pmf-2022-25 | marker-07 | outcome | direct\n"
    assert TESTS["node_has_direct_measure"](records(links=links)).failed == 0
    answer = TESTS["node_has_direct_measure"](
        records(links=links, rated={"state": ["met", "met", "retired"]})
    )
    assert answer.exceptions["condition"].tolist() == ["Measures of it: 1. None measures it directly."]


ACTING = """
changed               | failed
raised_on=2024-11-15  | 0
raised_on=2024-11-16  | 1
stopped_on=2024-11-15 | 1
stopped_on=2024-11-16 | 0
done_on=2024-11-01    | 0
measures=visits       | 1
"""


@pytest.mark.parametrize("line", drawn(ACTING), ids=lambda line: line["changed"])
def test_an_action_that_was_begun_and_not_stopped_mends_a_doubtful_measure(line):
    name, _, value = line["changed"].partition("=")
    changed = edited(table("actions", ACTIONS), "mend", **{name: value})
    assert TESTS["doubtful_measure_has_action"](records(actions=changed)).failed == int(line["failed"])


def test_an_action_of_another_unit_counts():
    mine = records(actions="")
    whole = {**mine.tables, "actions": table("actions", ACTIONS)}
    assert TESTS["doubtful_measure_has_action"](replace(mine, whole=whole.__getitem__)).failed == 0


@pytest.mark.parametrize(
    ("asked_by", "failed"), [("provider", []), ("external_framework", ["Dental checks"])]
)
def test_outside_data_is_that_of_measures_where_the_column_is_filled(asked_by, failed):
    answer = TESTS["outside_data_is_on_time"](records(rated=late("checks", "waits")), asked_by=asked_by)
    assert (answer.population, answer.exceptions["subject"].tolist()) == (1, failed)


GIVEN = """
measure_id | quarter    | year    | failed
checks     | 2024-25 Q2 | 2024-25 | 0
checks     | 2024-25 Q2 | 2025-26 | 0
checks     | 2024-25 Q2 | 2023-24 | 1
checks     | 2024-25 Q2 | 2026-27 | 1
checks     | 2024-25 Q3 | 2024-25 | 1
visits     | 2024-25 Q2 | 2024-25 | 1
"""


@pytest.mark.parametrize("line", drawn(GIVEN), ids=lambda line: " ".join(line.values()))
def test_a_forecast_is_for_this_year_or_the_next_and_given_by_the_quarter(line):
    failed = int(line.pop("failed"))
    one = table("forecasts", FORECASTS).iloc[:1]
    answer = TESTS["service_has_forecast"](
        records(forecasts=pd.concat([one, one.assign(**line)], ignore_index=True))
    )
    assert (answer.population, answer.failed) == (2, failed)


def test_a_service_that_only_watches_is_asked_for_no_forecast():
    watched = world().tables["measures"].assign(monitor_only=[False, True, True])
    assert TESTS["service_has_forecast"](records(measures=watched, forecasts="")).population == 1


SENT = """
per     | recorded_at | quarter    | due_on     | tested | failed
quarter | 2024-07-01  |            | 2024-10-20 | 2      | 0
quarter | 2024-06-30  |            | 2024-10-20 | 2      | 1
quarter | 2024-11-16  |            | 2024-10-20 | 2      | 1
quarter | 2024-06-30  | 2024-25 Q2 | 2024-10-20 | 2      | 0
quarter | 2024-06-30  | 2024-25 Q1 | 2024-10-20 | 2      | 1
year    | 2024-06-30  |            | 2024-10-20 | 2      | 0
year    | 2024-03-31  |            | 2024-10-20 | 2      | 1
quarter | 2024-06-30  |            | 2024-06-30 | 1      | 0
quarter | 2024-06-30  |            | 2024-11-14 | 2      | 1
quarter | 2024-06-30  |            | 2024-11-15 | 1      | 0
"""


@pytest.mark.parametrize("line", drawn(SENT), ids=lambda line: " ".join(line.values()))
def test_a_service_has_reported_when_anything_of_it_came_since_the_period_began(line):
    seen = edited(table("observations", OBSERVATIONS), "checks", recorded_at=line["recorded_at"])
    said = f"measure_id | quarter | text\nwaits | {line.get('quarter', '2023-24 Q1')} | Because."
    due = [pd.Timestamp("2024-10-20"), pd.Timestamp(line["due_on"]), pd.NaT]
    answer = TESTS["service_has_reported"](
        records(observations=seen, commentary=said, rated={"due_on": due}), per=line["per"]
    )
    assert (answer.population, answer.failed) == (int(line["tested"]), int(line["failed"]))


def test_a_service_is_asked_for_its_own_figures_and_not_for_those_of_another_directorate_s_service_of_the_same_name():
    measures = world().tables["measures"].assign(service="Support")
    measures.loc[measures["measure_id"] != "visits", "directorate"] = "adult-care"
    due = [pd.Timestamp("2024-10-20"), pd.NaT, pd.NaT]
    answer = TESTS["service_has_reported"](
        records(directorate="", measures=measures, observations="", rated={"due_on": due}), per="quarter"
    )
    assert told(answer) == (
        1,
        [["Support", "Figures fell due, and nothing came from it since Quarter 2, July to September 2024."]],
    )


def test_a_service_that_one_table_names_and_another_does_not_is_told_with_what_is_missing():
    only = table("conversations", CONVERSATIONS).assign(service=["Early Help", "Parks"])
    answer = TESTS["service_leaves_records"](
        records(conversations=only, plans=edited(table("plans", PLANS), "help"))
    )
    assert told(answer) == (
        3,
        [
            ["Early Help", "It has left no record of: a plan in force."],
            ["In Care", "It has left no record of: performance conversations."],
            ["Parks", "It has left no record of: measures, a plan in force."],
        ],
    )


def test_a_service_that_only_the_council_s_file_names_is_asked_for_its_records_and_for_nothing_else():
    made = records()
    units = tuple(
        one.model_copy(update={"services": ("Early Help", "Bins")}) if one.id == "childrens" else one
        for one in made.council.directorates
    )
    named = replace(made, council=made.council.model_copy(update={"directorates": units}))
    answer, before = TESTS["service_leaves_records"](named), TESTS["service_leaves_records"](made)
    assert answer.population == before.population + 1
    assert told(answer)[1] == [
        ["Bins", "It has left no record of: measures, a plan in force, performance conversations."]
    ]
    others = ("service_has_reported", "service_has_forecast", "conversations_are_held", "plan_is_in_force")
    asked = {"service_has_reported": {"per": "quarter"}, "conversations_are_held": {"percent": 100}}
    asked |= {"plan_is_in_force": {"level": "service"}}
    for test in others:
        now, then = (TESTS[test](each, **asked.get(test, {})) for each in (named, made))
        assert (now.population, told(now)) == (then.population, told(then)), test


@pytest.mark.parametrize(("year", "failed"), [("2023-24", 0), ("2022-23", 1), ("2025-26", 1)])
def test_conversations_of_this_year_or_the_one_before_are_a_record(year, failed):
    frame = table("conversations", CONVERSATIONS)
    moved = frame.assign(year=frame["year"].mask(frame["service"] == "In Care", year))
    assert TESTS["service_leaves_records"](records(conversations=moved)).failed == failed


OWNERS = """
table      | key      | changed             | tested | failed
plans      | people   | owner=              | 3      | 1
plans      | old      | valid_to=2024-11-15 | 4      | 1
objectives | obj-help | owner=              | 1      | 1
objectives | obj-old  | owner=              | 1      | 0
actions    | mend     | owner=              | 1      | 1
actions    | mend     | done_on=2024-11-15  | 0      | 0
actions    | mend     | stopped_on=2024-11-15 | 0    | 0
risks      | gone     | closed_on=          | 2      | 1
risks      | gone     | closed_on=2024-11-16 | 2     | 1
risks      | gone     | raised_on=2024-11-16, closed_on= | 1 | 0
"""


@pytest.mark.parametrize("line", drawn(OWNERS), ids=lambda line: " ".join(line.values()))
def test_rows_in_force_or_open_name_an_owner(line):
    cells = [cell.partition("=") for cell in line["changed"].split(", ")]
    changed = edited(
        table(line["table"], TABLES[line["table"]]), line["key"], **{name: value for name, _, value in cells}
    )
    answer = TESTS["record_has_owner"](records(**{line["table"]: changed}), tables=(line["table"],))
    assert (answer.population, answer.failed) == (int(line["tested"]), int(line["failed"]))


def test_an_owner_that_is_missing_is_told_of_the_kind_of_row():
    changed = edited(table("risks", RISKS), "staff", owner="")
    answer = TESTS["record_has_owner"](records(risks=changed), **OWNED)
    assert answer.exceptions[["subject", "condition", "source_file", "source_row"]].to_numpy().tolist() == [
        ["Staff", "No post is named as the owner of this risk.", "risks.csv", 2]
    ]


@pytest.mark.parametrize("code", [code for codes in VARIATIONS.values() for code in codes])
def test_only_a_change_for_the_worse_is_an_exception_and_what_was_not_tested_is_not_counted(code):
    answer = TESTS["measure_does_not_worsen"](
        records(rated={**MORE, "variation": [code, *["no_real_change"] * 2]})
    )
    assert answer.population == 2 + (code not in VARIATIONS["not_tested_n"])
    assert answer.failed == (code in VARIATIONS["worsening_n"])


@pytest.mark.parametrize(
    ("state", "tested", "failed"),
    [
        ("met", 3, 0),
        ("near", 3, 0),
        ("missed", 3, 1),
        ("monitor_only", 2, 0),
        ("late", 2, 0),
        ("retired", 2, 0),
    ],
)
def test_only_a_miss_is_an_exception_and_what_has_no_rating_is_not_counted(state, tested, failed):
    answer = TESTS["target_is_met"](records(rated={**MORE, "state": [state, "met", "met"]}))
    assert (answer.population, answer.failed) == (tested, failed)
    assert answer.exceptions["condition"].tolist() == ["It misses its target. 86 against 92."] * failed


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("outside_data_is_on_time", {"asked_by": "providr"}, "'providr' is not a known 'asked_by'. Did you mean 'provider'"),
        ("service_has_reported", {"per": "month"}, "'month' is not a known 'per'"),
        ("record_has_owner", {"tables": ("plan",)}, "'plan' is not a known 'tables'. Did you mean 'plans'"),
    ],
)  # fmt: skip
def test_what_a_clause_misspells_is_refused(name, given, said):
    with pytest.raises(PolicyError, match=said):
        TESTS[name](records(), **given)
