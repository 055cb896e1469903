"""Clause tests of escalation and action, as drawn tables: what was to go up, what was decided and done, and what it changed."""

from dataclasses import replace

import pandas as pd
import pytest
from minuted import drawn, evidence, found, not_sent, rows

from pmf_lib import settings
from pmf_lib.assurance.checks import TESTS, escalation
from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.policy import load

SCHEME = load(settings.root() / "parameters" / "schemes" / "escalation.yml", EscalationScheme)
MEASURE = {
    "directorate": "resources",
    "unit": "%",
    "decimals": 0.0,
    "polarity": "higher",
    "frequency": "monthly",
}
MONTHS = [f"{month}" for month in pd.period_range("2022-04", "2024-09", freq="M")]


def measures(*names, **columns):
    """Measures of these ids, titled by them, each with an owner."""
    own = [
        {"measure_id": one, "title": one.capitalize(), "owner": f"Head of {one}", **MEASURE, **columns}
        for one in names
    ]
    return rows("measures", own)


def rated(*missed, due="2024-10-20"):
    """Measures rated as missed."""
    made = {"title": [one.capitalize() for one in missed], "owner": [f"Head of {one}" for one in missed]}
    return pd.DataFrame({"measure_id": list(missed), **made}, dtype="str").assign(
        state="missed",
        due_on=pd.Timestamp(due) if due else pd.NaT,
        source_file="observations.csv",
        source_sheet="",
        source_row=7,
    )


def made(
    missed=("bins",), running=1, due="2024-10-20", as_at="2024-11-15", directorate="resources", **tables
):
    """The evidence of measures that missed their target in so many quarters running, with these drawn tables."""
    given = {"escalations": "", "actions": "", **tables}
    typed = {
        name: rows(name, drawn(one) if one else []) if isinstance(one, str) else one
        for name, one in given.items()
    }
    typed = {"measures": measures("bins", "calls"), "observations": rows("observations", []), **typed}
    found = evidence(typed, as_at=as_at, directorate=directorate)
    before = {found.quarter.shift(-n).label for n in range(1, running)}
    return replace(
        found,
        rated=rated(*missed, due=due),
        rated_in=lambda quarter: rated(*(missed if quarter.label in before else ())),
        escalation=SCHEME,
    )


STEPS = """
escalation_id | title         | measure_id | quarter    | follows | from_level  | to_level    | raised_by     | raised_on  | received_on | decided_on | outcome
e-1           | Bins: missed  | bins       | 2024-25 Q2 |         | service     | directorate | Head of bins  | 2024-10-18 | 2024-10-24  | 2024-10-24 | referred
e-2           | Bins: missed  | bins       | 2024-25 Q2 | e-1     | directorate | cmt         | Director      | 2024-10-25 | 2024-11-05  | 2024-11-05 | action
e-3           | Calls: missed | calls      | 2024-25 Q2 |         | service     | directorate | Head of calls | 2024-10-18 | 2024-10-24  | 2024-10-24 | action
"""
ACTIONS = """
action_id | title       | measures | escalations | owner | raised_on  | due_on     | done_on    | expected_by
a-1       | A new crew  | bins     |             | Head  | 2023-11-10 | 2024-01-31 | 2024-01-20 | 2024-04-30
a-2       | More people |          | e-3         | Head  | 2023-11-10 | 2024-02-29 | 2024-02-28 | 2024-06-30
"""
STEP_UP = rows("observations", [
    {"measure_id": one, "period": month, "recorded_at": pd.Timestamp("2024-10-20"), "state": "final",
     "value": 50.0 + n % 3 + 20 * (one == "bins" and month > "2024-01")}
    for one in ("bins", "calls") for n, month in enumerate(MONTHS)
])  # fmt: skip
MOVED = ACTIONS.replace("|          | e-3", "| calls    | e-3").replace(
    "20 | 2024-04-30\na-2", "20 | 2024-04-30\na-2"
)

DEFECTS = {
    "red_is_escalated": (
        {"escalations": STEPS}, {"escalations": STEPS.replace("| bins       |", "| calls      |")}, {}, "Bins",
    ),
    "escalation_passes_level": (
        {"escalations": STEPS}, {"escalations": STEPS.replace("service     | directorate | Head of calls", "service     | cmt         | Head of calls")},
        {"level": "directorate"}, "Calls: missed",
    ),
    "escalation_is_decided": (
        {"escalations": STEPS}, {"escalations": STEPS.replace("2024-10-24 | action", "           |       ")},
        {}, "Calls: missed",
    ),
    "red_has_action": (
        {"escalations": STEPS, "actions": ACTIONS}, {"escalations": STEPS, "actions": ACTIONS.replace("e-3", "e-2")}, {}, "Calls",
    ),
    "action_is_done_in_time": (
        {"actions": ACTIONS}, {"actions": ACTIONS.replace("2024-02-28", "2024-03-01")}, {}, "More people",
    ),
    "action_had_effect": (
        {"actions": ACTIONS.replace("|          | e-3", "| bins     | e-3"), "observations": STEP_UP},
        {"actions": ACTIONS.replace("|          | e-3", "| calls    | e-3"), "observations": STEP_UP}, {}, "More people",
    ),
}  # fmt: skip
ABOUT = {"action_is_done_in_time": "actions", "red_has_action": "actions", "action_had_effect": "actions"}


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == escalation.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    clean, spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](made(("bins", "calls"), **clean), **told)
    assert (answer.population > 1, answer.failed) == (True, 0)
    assert found(TESTS[name](made(("bins", "calls"), **spoilt), **told)) == (answer.population, [subject])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name):
    _, spoilt, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError):
        TESTS[name](not_sent(made(**spoilt), ABOUT.get(name, "escalations")), **told)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_records_at_all_are_never_a_pass(name):
    assert TESTS[name](made(()), **DEFECTS[name][2]).population == 0


RULES = """
running | due        | as_at      | raised                                                              | tested | said
1       | 2024-10-20 | 2024-10-28 |                                                                     | 0      |
1       | 2024-10-20 | 2024-10-29 |                                                                     | 1      | in this quarter: to be raised to the directorate by 28 October 2024, and no escalation is recorded
1       | 2024-10-30 | 2024-11-06 |                                                                     | 0      |
1       | 2024-10-30 | 2024-11-07 |                                                                     | 1      | to the directorate by 6 November 2024
1       |            | 2024-10-29 |                                                                     | 1      | to the directorate by 28 October 2024
1       | 2024-10-20 | 2024-11-15 | 2024-25 Q2 service directorate 2024-10-28                           | 1      |
1       | 2024-10-20 | 2024-11-15 | 2024-25 Q2 service directorate 2024-10-29                           | 1      | raised to the directorate on 29 October 2024, to be raised by 28 October 2024
1       | 2024-10-20 | 2024-11-15 | 2024-25 Q2 service cmt 2024-10-20                                   | 1      |
1       | 2024-10-20 | 2024-11-15 | 2024-25 Q1 service directorate 2024-07-20                           | 1      | no escalation is recorded
1       | 2024-10-20 | 2024-11-15 | - service directorate 2024-10-20                                    | 1      |
1       | 2024-10-20 | 2024-11-15 | - service directorate 2024-07-20                                    | 1      | no escalation is recorded
1       | 2024-10-20 | 2024-11-15 | 2024-25 Q2 service directorate 2024-11-16                           | 1      | no escalation is recorded
2       | 2024-10-20 | 2024-11-04 |                                                                     | 1      | in two quarters running: to be raised to the directorate in an earlier quarter
2       | 2024-10-20 | 2024-11-04 | 2024-25 Q1 service directorate 2024-07-20                           | 1      |
2       | 2024-10-20 | 2024-11-05 | 2024-25 Q1 service directorate 2024-07-20                           | 1      | raised to the directorate on 20 July 2024 and no further, to be raised to the management team by 4 November 2024
2       | 2024-10-20 | 2024-11-05 | 2024-25 Q2 directorate cmt 2024-10-25                               | 1      |
2       | 2024-10-20 | 2024-11-15 | 2024-25 Q2 directorate cmt 2024-11-05                               | 1      | raised to the management team on 5 November 2024, to be raised by 4 November 2024
3       | 2024-10-20 | 2024-11-12 | 2024-25 Q2 directorate cmt 2024-10-25                               | 1      | in three quarters running: raised to the management team on 25 October 2024 and no further, to be raised to Cabinet by 11 November 2024
3       | 2024-10-20 | 2024-11-12 | 2024-25 Q2 cmt cabinet 2024-11-06                                   | 1      |
3       | 2024-10-20 | 2024-11-12 | 2024-25 Q1 cmt cabinet 2024-08-06                                   | 1      |
4       | 2024-10-20 | 2024-10-01 |                                                                     | 1      | in four quarters running or more: to be raised to Cabinet in an earlier quarter
4       | 2024-10-20 | 2024-11-12 | 2023-24 Q3 cmt cabinet 2024-02-06                                   | 1      |
3       | 2024-10-20 | 2024-11-12 | 2023-24 Q2 cmt cabinet 2023-11-06                                   | 1      | to be raised to Cabinet by 11 November 2024, and no escalation is recorded
6       | 2024-10-20 | 2024-11-12 | 2023-24 Q3 cmt cabinet 2024-02-06                                   | 1      |
6       | 2024-10-20 | 2024-11-11 | 2023-24 Q2 cmt cabinet 2023-11-06                                   | 1      | to be raised anew to the management team by 4 November 2024
6       | 2024-10-20 | 2024-10-28 | 2023-24 Q2 cmt cabinet 2023-11-06                                   | 0      |
6       | 2024-10-20 | 2024-11-12 | 2023-24 Q2 cmt cabinet 2023-11-06                                   | 1      | It missed its target in four quarters running or more: raised to Cabinet on 6 November 2023, which counts for 4 quarters and has lapsed; to be raised anew to Cabinet by 11 November 2024.
6       | 2024-10-20 | 2024-11-12 | 2023-24 Q1 cmt cabinet 2023-08-06                                   | 1      | raised to Cabinet on 6 August 2023, which counts for 4 quarters and has lapsed; to be raised anew to Cabinet in an earlier quarter.
6       | 2024-10-20 | 2024-11-12 | 2023-24 Q2 service directorate 2023-10-20                           | 1      | raised to the directorate on 20 October 2023, which counts for 4 quarters and has lapsed; to be raised anew to Cabinet in an earlier quarter.
"""


def steps(said):
    """One drawn step, as '2024-25 Q2 service directorate 2024-10-28' ('-' for a quarter that nobody told)."""
    if not said:
        return ""
    *quarter, lower, upper, day = said.split()
    columns = {"quarter": " ".join(quarter).replace("-", "") if quarter == ["-"] else " ".join(quarter)}
    own = {
        "escalation_id": "e",
        "title": "X",
        "measure_id": "bins",
        "from_level": lower,
        "to_level": upper,
        "raised_on": day,
    }
    return rows("escalations", [columns | own])


@pytest.mark.parametrize(
    "case", drawn(RULES), ids=lambda case: f"{case['running']}, {case['as_at']}, {case.get('raised')}"
)
def test_a_red_is_to_be_raised_as_high_and_as_soon_as_the_declared_rules_ask(case):
    looked_at = made(
        running=int(case["running"]),
        due=case.get("due"),
        as_at=case["as_at"],
        escalations=steps(case.get("raised")),
    )
    answer = TESTS["red_is_escalated"](looked_at)
    said = answer.exceptions["condition"].tolist()
    assert (answer.population, len(said)) == (int(case["tested"]), int("said" in case))
    assert case.get("said", "") in "".join(said)


def test_a_lower_step_since_leaves_the_one_that_lapsed_named_and_the_scheme_says_for_how_long_it_counts():
    both = pd.concat(
        [steps("2023-24 Q2 cmt cabinet 2023-11-06"), steps("2024-25 Q2 service directorate 2024-10-20")],
        ignore_index=True,
    )
    looked_at = made(running=6, as_at="2024-11-12", escalations=both)
    (said,) = TESTS["red_is_escalated"](looked_at).exceptions["condition"]
    assert "raised to Cabinet on 6 November 2023, which counts for 4 quarters and has lapsed" in said
    longer = replace(looked_at, escalation=SCHEME.model_copy(update={"stands_for_quarters": 5}))
    assert TESTS["red_is_escalated"](longer).failed == 0
    shorter = SCHEME.model_copy(update={"stands_for_quarters": 1})
    last = made(running=2, as_at="2024-11-05", escalations=steps("2024-25 Q1 directorate cmt 2024-07-20"))
    assert TESTS["red_is_escalated"](last).failed == 0
    (said,) = TESTS["red_is_escalated"](replace(last, escalation=shorter)).exceptions["condition"]
    assert "raised to the management team on 20 July 2024, which counts for 1 quarter and has lapsed" in said


def test_an_exception_names_the_step_that_was_late_or_else_the_value_that_missed():
    late = made(escalations=steps("2024-25 Q2 service directorate 2024-10-29"))
    named = [TESTS["red_is_escalated"](one).exceptions.iloc[0] for one in (late, made())]
    assert [(one["source_file"], one["source_row"]) for one in named] == [
        ("escalations.csv", 2),
        ("observations.csv", 7),
    ]
    assert {one["owner"] for one in named} == {"Head of bins"}


def test_an_exception_names_the_sheet_of_the_return_that_brought_the_value_or_the_step():
    late = steps("2024-25 Q2 service directorate 2024-10-29")
    looked_at = made(escalations=late.assign(source_sheet="escalations"))
    of_value = replace(looked_at, rated=looked_at.rated.assign(source_sheet="observations"))
    bare = replace(of_value, tables={**of_value.tables, "escalations": late.iloc[:0]})
    named = [TESTS["red_is_escalated"](one).exceptions["source_sheet"].tolist() for one in (of_value, bare)]
    assert named == [["escalations"], ["observations"]]
    assert TESTS["red_has_action"](of_value).exceptions["source_sheet"].tolist() == ["observations"]


def test_where_no_rules_are_declared_nothing_is_asked():
    bare = replace(made(escalations=STEPS, actions=ACTIONS, observations=STEP_UP), escalation=None)
    assert [TESTS[name](bare).population for name in ("red_is_escalated", "action_had_effect")] == [0, 0]


@pytest.mark.parametrize(
    ("step", "level", "expected"),
    [
        ("2024-25 Q2 service directorate 2024-10-18", "directorate", (1, 0)),
        ("2024-25 Q2 service cmt 2024-10-18", "directorate", (1, 1)),
        ("2024-25 Q2 service cmt 2024-10-18", "cmt", (1, 0)),
        ("2024-25 Q2 service cabinet 2024-10-18", "cmt", (1, 1)),
        ("2024-25 Q2 service directorate 2024-10-18", "cmt", (1, 0)),
        ("2024-25 Q2 directorate cabinet 2024-10-18", "directorate", (0, 0)),
        ("2024-25 Q1 service cmt 2024-07-18", "directorate", (0, 0)),
        ("- service cmt 2024-10-18", "directorate", (1, 1)),
    ],
)  # fmt: skip
def test_what_comes_from_a_service_in_the_quarter_goes_by_way_of_the_level(step, level, expected):
    answer = TESTS["escalation_passes_level"](made(escalations=steps(step)), level=level)
    assert (answer.population, answer.failed) == expected


def test_a_chain_of_steps_is_told_by_what_each_follows_and_counts_once():
    passed = STEPS.replace("directorate | cmt  ", "cmt         | cabinet").replace(
        "service     | directorate | Head of bins", "service     | cmt         | Head of bins"
    )
    answer = TESTS["escalation_passes_level"](made(escalations=passed), level="directorate")
    assert found(answer) == (2, ["Bins: missed"])
    assert (
        "to the management team on 18 October 2024, past the directorate"
        in answer.exceptions["condition"].iloc[0]
    )


DECISIONS = """
to_level    | raised_on  | received_on | decided_on | outcome | board      | cmt        | tested | failed
directorate | 2024-10-18 |             |            |         |            |            | 0      | 0
directorate | 2024-10-18 |             |            |         | 2024-10-17 |            | 0      | 0
directorate | 2024-10-18 |             |            |         | 2024-10-24 |            | 1      | 1
cmt         | 2024-10-18 |             |            |         | 2024-10-24 |            | 0      | 0
cmt         | 2024-10-18 |             |            |         |            | 2024-11-05 | 1      | 1
cmt         | 2024-10-18 |             |            |         |            | 2024-11-16 | 0      | 0
directorate | 2024-10-18 | 2024-10-24  |            |         |            |            | 1      | 1
directorate | 2024-10-18 | 2024-10-24  | 2024-10-24 | action  |            |            | 1      | 0
directorate | 2024-10-18 | 2024-10-24  | 2024-10-24 |         |            |            | 1      | 1
directorate | 2024-10-18 | 2024-10-24  | 2024-10-24 | none    |            |            | 1      | 1
directorate | 2024-10-18 |             | 2024-10-18 | noted   |            |            | 1      | 0
directorate | 2024-09-16 |             |            |         |            |            | 0      | 0
directorate | 2024-09-15 |             |            |         |            |            | 1      | 1
directorate | 2023-11-15 | 2023-11-20  | 2023-11-20 | action  |            |            | 1      | 0
directorate | 2023-11-14 | 2023-11-20  | 2023-11-20 | action  |            |            | 0      | 0
directorate | 2022-11-14 | 2022-11-20  |            |         |            |            | 1      | 1
"""


@pytest.mark.parametrize("case", drawn(DECISIONS), ids=str)
@pytest.mark.parametrize("to", ["", "directorate", "cmt"])
def test_a_decision_is_asked_for_once_the_level_looked_at_it_or_met_or_the_days_have_gone_by(case, to):
    case = dict(case)
    tested, failed, board, cmt = (case.pop(name, "") for name in ("tested", "failed", "board", "cmt"))
    met = [
        ("directorate-board", "resources", board),
        ("cmt", "", cmt),
        ("directorate-board", "childrens", "2024-11-01"),
    ]
    meetings = [
        {"meeting_id": f"m-{n}", "body": body, "directorate": unit, "held_on": day, "state": "held"}
        for n, (body, unit, day) in enumerate(met) if day
    ]  # fmt: skip
    one = {"escalation_id": "e", "title": "Bins", "directorate": "resources", "from_level": "service", **case}
    answer = TESTS["escalation_is_decided"](
        made(escalations=rows("escalations", [one]), meetings=rows("meetings", meetings)), to=to
    )
    asked = to in ("", case["to_level"])
    assert (answer.population, answer.failed) == (int(tested) * asked, int(failed) * asked)


ANSWERS = """
measures | escalations | owner | due_on     | raised_on  | done_on    | stopped_on | said
bins     |             | Head  | 2025-03-31 | 2024-10-24 |            |            |
calls; bins |          | Head  | 2025-03-31 | 2024-10-24 |            |            |
         | e-1         | Head  | 2025-03-31 | 2024-10-24 |            |            |
bins     |             | Head  | 2024-10-31 | 2024-09-24 | 2024-10-31 |            |
calls    |             | Head  | 2025-03-31 | 2024-10-24 |            |            | no action under way or done names it
bins     |             | Head  | 2025-03-31 | 2024-11-16 |            |            | no action under way or done names it
bins     |             | Head  | 2025-03-31 | 2024-10-24 |            | 2024-11-15 | no action under way or done names it
bins     |             | Head  | 2025-03-31 | 2024-10-24 |            | 2024-11-16 |
bins     |             |       | 2025-03-31 | 2024-10-24 |            |            | 'Crew' names no post that answers for it
bins     |             | Head  |            | 2024-10-24 |            |            | 'Crew' names no day by which it is due
bins     |             |       |            | 2024-10-24 |            |            | 'Crew' names neither a post nor a day
"""


@pytest.mark.parametrize("case", drawn(ANSWERS), ids=str)
def test_a_red_has_an_action_begun_and_not_given_up_with_an_owner_and_a_day(case):
    said = case.pop("said", "")
    actions = rows("actions", [{"action_id": "a", "title": "Crew", **case}])
    answer = TESTS["red_has_action"](made(escalations=STEPS, actions=actions))
    assert answer.population == 1
    assert answer.exceptions[["subject", "owner"]].to_numpy().tolist() == (
        [["Bins", "Head of bins"]] if said else []
    )
    assert said in "".join(answer.exceptions["condition"])


def test_one_action_with_owner_and_day_is_enough_beside_another_without():
    two = """
    action_id | title | measures | owner | raised_on  | due_on
    a         | Crew  | bins     |       | 2024-10-24 |
    b         | Van   | bins     | Head  | 2024-10-24 | 2025-03-31
    """
    assert found(TESTS["red_has_action"](made(actions=two))) == (1, [])


SPENT = """
done_on    | expected_by | effect of    | said
2024-01-20 | 2024-04-30  | calls        | Its action 'Crew' is done, and none is in hand. 8 results since it was done on 20 January 2024: 51.1% on average, after 51.0% in the 21 before. That is no real change.
2024-01-20 |             | calls        | That is no real change.
2024-01-20 | 2024-04-30  | bins         |
2024-01-20 | 2024-11-16  | calls        |
2024-05-20 | 2024-06-30  | calls        |
           | 2024-04-30  | calls        |
"""


@pytest.mark.parametrize("case", drawn(SPENT), ids=str)
def test_an_action_that_is_done_and_changed_nothing_leaves_a_red_without_one_once_it_can_be_judged(case):
    measure, said = case.pop("effect of"), case.pop("said", "")
    one = {"action_id": "a", "title": "Crew", "measures": measure, "owner": "Head", "raised_on": "2023-10-01", "due_on": "2025-03-31"}  # fmt: skip
    looked_at = made((measure,), actions=rows("actions", [one | case]), observations=STEP_UP)
    answer = TESTS["red_has_action"](looked_at)
    assert (answer.population, answer.failed) == (1, int(bool(said)))
    assert said in "".join(answer.exceptions["condition"])
    if said:
        found = answer.exceptions.iloc[0]
        assert (found["subject"], found["owner"], found["source_file"]) == (
            "Calls",
            "Head of calls",
            "actions.csv",
        )
        assert TESTS["red_has_action"](replace(looked_at, escalation=None)).failed == 0


def test_another_action_in_hand_answers_beside_one_that_changed_nothing():
    two = """
    action_id | title | measures | owner | raised_on  | due_on     | done_on
    a         | Crew  | calls    | Head  | 2023-10-01 | 2024-02-01 | 2024-01-20
    b         | Van   | calls    | Head  | 2024-10-01 | 2025-03-31 |
    """
    assert found(TESTS["red_has_action"](made(("calls",), actions=two, observations=STEP_UP))) == (1, [])


def test_where_the_thing_itself_is_missing_the_row_is_said_to_be_the_figures_own():
    late = made(escalations=steps("2024-25 Q2 service directorate 2024-10-29"))
    said = {
        name: TESTS[name](one).exceptions[["source_file", "row_is"]].to_numpy().tolist()
        for name, one in {"red_is_escalated": made(), "red_has_action": made()}.items()
    }
    assert said == {
        "red_is_escalated": [["observations.csv", "The figure's row, as no escalation is recorded"]],
        "red_has_action": [
            ["observations.csv", "The figure's row, as no action that answers it is recorded"]
        ],
    }
    assert TESTS["red_is_escalated"](late).exceptions["row_is"].tolist() == [""]


DUE = """
due_on     | done_on    | stopped_on | tested | failed
2024-11-15 |            |            | 0      | 0
2024-11-14 |            |            | 1      | 1
2024-11-14 | 2024-11-14 |            | 1      | 0
2024-11-13 | 2024-11-14 |            | 1      | 1
2024-11-14 | 2024-11-16 |            | 1      | 1
2024-11-01 |            | 2024-10-20 | 0      | 0
           |            |            | 0      | 0
2023-11-15 | 2023-12-01 |            | 1      | 1
2023-11-14 | 2023-12-01 |            | 0      | 0
2022-11-14 |            |            | 1      | 1
"""


@pytest.mark.parametrize("case", drawn(DUE), ids=str)
def test_an_action_is_done_by_its_day_and_a_late_one_is_told_for_a_year(case):
    tested, failed = int(case.pop("tested")), int(case.pop("failed"))
    one = {"action_id": "a", "title": "Crew", "raised_on": "2022-10-01", **case}
    answer = TESTS["action_is_done_in_time"](made(actions=rows("actions", [one])))
    assert (answer.population, answer.failed) == (tested, failed)


EXPECTED = """
measures    | done_on    | expected_by | tested | failed
calls       | 2024-01-20 | 2024-04-30  | 1      | 1
bins        | 2024-01-20 | 2024-04-30  | 1      | 0
calls; bins | 2024-01-20 | 2024-04-30  | 1      | 0
calls       | 2024-01-20 |             | 1      | 1
calls       | 2024-01-20 | 2024-11-16  | 0      | 0
calls       |            | 2024-04-30  | 0      | 0
calls       | 2024-04-20 | 2024-06-30  | 0      | 0
bins        | 2023-10-20 | 2023-11-14  | 0      | 0
            | 2024-01-20 | 2024-04-30  | 0      | 0
other       | 2024-01-20 | 2024-04-30  | 0      | 0
"""


@pytest.mark.parametrize("case", drawn(EXPECTED), ids=str)
def test_an_action_is_judged_once_its_effect_was_expected_and_enough_results_are_in(case):
    tested, failed = int(case.pop("tested")), int(case.pop("failed"))
    actions = rows("actions", [{"action_id": "a", "title": "Crew", "raised_on": "2023-10-01", **case}])
    answer = TESTS["action_had_effect"](made(actions=actions, observations=STEP_UP))
    assert (answer.population, answer.failed) == (tested, failed)
    assert failed == 0 or "That is no real change." in answer.exceptions["condition"].iloc[0]


@pytest.mark.parametrize(
    ("name", "told"),
    [("escalation_passes_level", {"level": "directorates"}), ("escalation_is_decided", {"to": "board"})],
)
def test_a_level_that_does_not_exist_is_refused(name, told):
    with pytest.raises(PolicyError, match="is not a known"):
        TESTS[name](made(escalations=STEPS), **told)


def test_what_was_raised_late_is_past_and_what_was_not_raised_can_still_be():
    late = made(escalations=steps("2024-25 Q2 service directorate 2024-10-29"))
    told = [TESTS["red_is_escalated"](one).exceptions["is_past"].tolist() for one in (late, made())]
    assert told == [[True], [False]]
