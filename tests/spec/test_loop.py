"""Escalation and the closed loop, as drawn tables: the declared rules, steps past a level, and what came after an action."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from minuted import drawn, rows
from test_clauses_escalation import ACTIONS, SCHEME, STEP_UP, STEPS, made, measures, steps

from pmf_lib import policy
from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.escalation.effects import EFFECTS, effects
from pmf_lib.assurance.escalation.rules import LEVEL_WORDS, EscalationScheme
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema.words import LEVELS

QUARTER, AS_AT = parse_quarter("2024-25 Q2"), date(2024, 11, 15)
MONTHS = [f"{month}" for month in pd.period_range("2021-01", "2024-09", freq="M")]
UP_AND_DOWN = [50.0, 52.0, 49.0, 51.0, 48.0, 53.0]


def test_every_level_of_the_records_has_words():
    assert set(LEVEL_WORDS) == set(LEVELS)


def test_the_rule_is_printed_whole():
    assert SCHEME.words == (
        "A measure that misses its target once is raised to the directorate within 28 days of the quarter's end, or 7 days "
        "after its figure was due; in two quarters running is raised to the management team within 35 days of the quarter's "
        "end, or 14 days after its figure was due; in three quarters running is raised to Cabinet within 42 days of the "
        "quarter's end, or 21 days after its figure was due. What was raised for an earlier quarter of the same run counts; after "
        "4 quarters it is to be raised anew."
    )


def step(quarters, lower, upper):
    return {"quarters": quarters, "from_level": lower, "to_level": upper, "days": 1, "days_after_due": 1}


@pytest.mark.parametrize(
    ("made_steps", "said"),
    [
        ([], "steps"),
        ([step(1, "cmt", "directorate")], "from 'cmt' to 'directorate' leads down"),
        ([step(1, "cmt", "cmt")], "leads down"),
        ([step(1, "service", "directorate"), step(2, "cmt", "cabinet")], "no step begins where the one to 'directorate' ends"),
        ([step(2, "service", "directorate"), step(1, "directorate", "cmt")], "'cmt' comes after fewer missed quarters than the one to 'directorate'"),
        ([step(1, "service", "board")], "to_level"),
    ],
)  # fmt: skip
def test_rules_that_do_not_climb_are_refused_with_the_file(tmp_path, made_steps, said):
    content = SCHEME.model_dump() | {"steps": made_steps}
    with pytest.raises(PolicyError, match=said) as error:
        policy.build(content, EscalationScheme, tmp_path / "escalation.yml")
    assert "escalation.yml" in str(error.value)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("2024-25 Q2 service directorate 2024-10-18", []),
        ("2024-25 Q2 service cmt 2024-10-18", ["directorate"]),
        ("2024-25 Q2 service cabinet 2024-10-18", ["directorate"]),
        ("2024-25 Q2 directorate cabinet 2024-10-18", ["cmt"]),
        ("2024-25 Q2 cabinet scrutiny 2024-10-18", []),
        ("2024-25 Q2 cmt scrutiny 2024-10-18", ["cabinet"]),
        ("2024-25 Q2 scrutiny full-council 2024-10-18", []),
        ("2024-25 Q2 cabinet service 2024-10-18", []),
    ],
)
def test_a_step_that_goes_past_a_level_of_the_rules_is_named_with_the_lowest_of_them(said, missing):
    assert loop.skipped(steps(said), SCHEME)["missing_level"].tolist() == missing


def test_nothing_escalated_skips_nothing():
    assert loop.skipped(rows("escalations", []), SCHEME).empty


CHAINS = """
escalation_id | follows | first
a             |         | a
b             | a       | a
c             | b       | a
d             | gone    | d
e             | f       | e
f             | e       | f
g             | g       | g
h             | e       | e
"""


def test_steps_are_followed_back_to_the_first_and_a_circle_ends_where_it_began():
    table = drawn(CHAINS)
    given = rows(
        "escalations",
        [{"escalation_id": one["escalation_id"], "follows": one.get("follows", "")} for one in table],
    )
    found = loop.chains(given).set_index("escalation_id")["first_id"].to_dict()
    assert {one: found[one] for one in "abcdg"} == {
        one["escalation_id"]: one["first"] for one in table if one["escalation_id"] in "abcdg"
    }
    assert {found["e"], found["f"], found["h"]} <= {"e", "f"}


WILD = 500.0
"""The result of the month in which the action was done: it would show on either side."""
DAYS = {"first": 0, "middle": 14, "last": -1}


def told(before, after, day="last", options=None, before_n=24, after_n=12, expected="", **measure):
    """The effect of an action on a measure with these results before and after its month, the last of September 2024."""
    values = [*before, WILD, *after]
    months = MONTHS[-len(values) :]
    month = pd.Period(months[len(before)], "M")
    done = pd.period_range(month.start_time, month.end_time, freq="D")[DAYS[day]]
    seen = [
        {"measure_id": "bins", "period": month, "recorded_at": pd.Timestamp("2024-10-20"), "state": "final", "value": value}
        for month, value in zip(months, values, strict=True)
    ]  # fmt: skip
    one = {
        "action_id": "a",
        "title": "Crew",
        "measures": "bins",
        "done_on": f"{done}",
        "expected_by": expected,
    }
    actions = rows("actions", [one])
    found = effects(
        actions, rows("observations", seen), measures("bins", **measure),
        quarter=QUARTER, as_at=AS_AT, before_n=before_n, after_n=after_n, options=options or XmrOptions(),
    )  # fmt: skip
    assert len(found) == 1
    return found.iloc[0]


BEFORE = UP_AND_DOWN * 4
AFTER = {
    "the same": [50, 52, 49, 51, 48, 53, 50, 52],
    "seven higher": [50, 51.5, 52, 51, 53, 52, 51, 53],
    "six higher": [52, 51, 53, 52, 51, 53, 49, 50],
    "seven higher, then as before": [51.5, 52, 51, 53, 52, 51, 53, 49],
    "seven lower": [52, 49, 49, 48, 50, 49, 48, 49],
    "seven higher, then seven lower": [51.5, 52, 51, 53, 52, 51, 53, 49, 49, 48, 50, 49, 48, 49],
    "two of three far up": [58, 57, 58],
    "one far up": [70],
    "three, as before": [50, 52, 49],
    "one on the mean breaks the run": [52, 51, 53, 50.5, 52, 51, 53, 52],
    "none": [],
}
CASES = """
after                          | higher    | lower
the same                       | no_change | no_change
seven higher                   | better    | worse
six higher                     | no_change | no_change
seven higher, then as before   | better    | worse
seven lower                    | worse     | better
seven higher, then seven lower | worse     | better
two of three far up            | better    | worse
one far up                     | too_early | too_early
three, as before               | too_early | too_early
one on the mean breaks the run | no_change | no_change
none                           | too_early | too_early
"""


@pytest.mark.parametrize("case", drawn(CASES), ids=lambda case: case["after"])
@pytest.mark.parametrize("polarity", ["higher", "lower"])
def test_a_series_shifts_after_an_action_by_the_rules_of_the_chart_read_over_the_results_after_it(
    case, polarity
):
    after = AFTER[case["after"]]
    found = told(BEFORE, after, polarity=polarity, after_n=24)
    assert (found["effect"], found["after_n"]) == (case[polarity], len(after))


def test_an_effect_says_from_how_many_results_and_by_how_much():
    found = told(BEFORE, AFTER["two of three far up"], unit="%", decimals=1.0)
    assert found["why"] == (
        "3 results since it was done on 30 June 2024: 57.67% on average, after 50.50% in the 24 before. That is a real change "
        "for the better."
    )
    assert (found["before_n"], found["after_n"]) == (24, 3)
    assert found["mean_before"] == pytest.approx(50.5)
    assert told(BEFORE, [50.0])["why"].endswith("That is too few to tell; 7 are needed.")
    assert told(BEFORE, [])["why"] == "There is no result since it was done on 30 September 2024."


NOT_TESTABLE = {
    "neither way is better": ({"polarity": "range"}, BEFORE + AFTER["the same"], "Neither way is better"),
    "no way is better": ({"polarity": "none"}, BEFORE + AFTER["the same"], "Neither way is better"),
    "too few before": ({}, [*BEFORE[:7], *AFTER["seven higher"]], "Too few|too few|8"),
    "none before": ({}, AFTER["seven higher"], "No result from before"),
    "windows overlap": ({"accumulation": "rolling"}, BEFORE + AFTER["seven higher"], "Overlapping windows"),
    "another definition since": ({"definition_from": "2024-02"}, BEFORE + AFTER["seven higher"], "No result from before"),
    "a yearly wave": (
        {}, [50 + 10 * np.sin(n * np.pi / 6) + n % 3 / 10 for n in range(60)], "time of the year",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(NOT_TESTABLE))
def test_what_cannot_be_told_says_why(case):
    columns, values, said = NOT_TESTABLE[case]
    months = [f"{month}" for month in pd.period_range(end="2024-09", periods=len(values), freq="M")]
    seen = [
        {"measure_id": "bins", "period": month, "recorded_at": pd.Timestamp("2024-10-20"), "state": "final", "value": value}
        for month, value in zip(months, values, strict=True)
    ]  # fmt: skip
    actions = rows(
        "actions", [{"action_id": "a", "title": "Crew", "measures": "bins", "done_on": "2024-01-31"}]
    )
    found = effects(
        actions,
        rows("observations", seen),
        measures("bins", **columns),
        quarter=QUARTER,
        as_at=AS_AT,
        before_n=48,
        after_n=12,
    ).iloc[0]
    assert found["effect"] == "not_testable"
    assert pd.Series([found["why"]]).str.contains(said).all()


@pytest.mark.parametrize("day", DAYS)
def test_the_period_in_which_it_was_done_counts_on_neither_side_on_whichever_of_its_days(day):
    found = told(BEFORE, AFTER["seven higher"], day=day)
    assert (found["before_n"], found["after_n"]) == (24, 8)
    assert (found["mean_before"], found["mean_after"]) == (50.5, np.mean(AFTER["seven higher"]))


EXPECTED = """
after        | expected   | effect    | why
the same     | 2024-11-15 | no_change | That is no real change.
the same     | 2024-11-16 | too_early | What is expected of it is to show by 16 November 2024.
seven lower  | 2024-11-15 | worse     | That is a real change for the worse.
seven lower  | 2024-11-16 | too_early | What is expected of it is to show by 16 November 2024.
seven higher | 2024-11-16 | better    | That is a real change for the better.
"""


@pytest.mark.parametrize("case", drawn(EXPECTED), ids=str)
def test_nothing_is_held_against_an_action_before_the_day_by_which_it_was_to_show(case):
    found = told(BEFORE, AFTER[case["after"]], expected=case["expected"])
    assert found["effect"] == case["effect"]
    assert found["why"].endswith(case["why"])


def test_results_long_before_the_action_are_left_out():
    found = told([90.0] * 8 + UP_AND_DOWN * 2, AFTER["seven higher"], before_n=12)
    assert (found["before_n"], found["effect"]) == (12, "better")


def test_results_long_after_the_action_are_not_put_down_to_it():
    found = told(UP_AND_DOWN * 4, AFTER["seven higher"], after_n=12)
    assert (found["after_n"], found["effect"]) == (8, "better")
    sooner = told(UP_AND_DOWN * 2, [*UP_AND_DOWN * 2, *AFTER["seven higher"]], after_n=12)
    assert (sooner["after_n"], sooner["effect"]) == (12, "no_change")


def test_a_shift_that_began_before_the_action_is_not_put_down_to_it():
    drifted = [*UP_AND_DOWN * 3, *[51, 52, 53, 51, 52, 53]]
    assert told(drifted, [50, 52, 49, 52, 48, 53, 50, 52])["effect"] == "no_change"


def test_a_council_that_reads_a_shift_from_six_points_finds_it_sooner():
    values = BEFORE, AFTER["six higher"]
    assert told(*values, options=XmrOptions(shift_n=6))["effect"] == "better"
    assert told(*values, options=XmrOptions(shift_n=6, fix_after_n=12))["effect"] == "better"


def test_a_value_that_is_surely_wrong_tells_nothing():
    slip = pd.DataFrame({"measure_id": ["bins", "bins"], "period": ["2024-08", "2024-09"]})
    actions = rows("actions", [{"action_id": "a", "title": "C", "measures": "bins", "done_on": "2024-06-30"}])
    seen = [
        {"measure_id": "bins", "period": month, "recorded_at": pd.Timestamp("2024-10-20"), "state": "final", "value": value}
        for month, value in zip(MONTHS[-27:], [*BEFORE, 52.0, 505.0, 505.0], strict=True)
    ]  # fmt: skip
    given = {"quarter": QUARTER, "as_at": AS_AT, "before_n": 24, "after_n": 12}
    found = [
        effects(actions, rows("observations", seen), measures("bins"), set_aside=aside, **given).iloc[0]
        for aside in (None, slip)
    ]
    assert [(one["effect"], one["after_n"]) for one in found] == [("better", 3), ("too_early", 1)]


def test_no_action_done_and_no_results_at_all_give_no_rows_and_no_error():
    open_still = rows(
        "actions", [{"action_id": "a", "measures": "bins"}, {"action_id": "b", "done_on": "2024-11-16"}]
    )
    nothing = effects(
        open_still,
        rows("observations", []),
        measures("bins"),
        quarter=QUARTER,
        as_at=AS_AT,
        before_n=24,
        after_n=12,
    )
    assert nothing.empty
    for bare in (open_still, rows("actions", [])):
        assert effects(
            bare, rows("observations", []), measures(), quarter=QUARTER, as_at=AS_AT, before_n=24, after_n=12
        ).empty
    done = rows("actions", [{"action_id": "a", "measures": "bins; gone", "done_on": "2024-01-01"}])
    found = effects(
        done,
        rows("observations", []),
        measures("bins"),
        quarter=QUARTER,
        as_at=AS_AT,
        before_n=24,
        after_n=12,
    )
    assert found["effect"].tolist() == ["not_testable"] * 2
    assert found["measure"].tolist() == ["Bins", "gone"]


LOOP = """
escalation                                | action                         | stands
                                          |                                | not_escalated
2024-25 Q2 service directorate 2024-10-20 |                                | not_decided
decided                                   |                                | no_action
decided                                   | 2024-10-24 2024-11-14          | overdue
decided                                   | 2024-10-24 2024-11-15          | under_way
decided                                   | 2024-10-24 2025-03-31          | under_way
decided                                   | 2023-10-24 2024-02-01 2024-01-20 | better
decided                                   | 2023-10-24 2024-02-01 2024-01-31 | better
decided                                   | 2023-10-24 2024-08-01 2024-08-20 | too_early
"""


@pytest.mark.parametrize(
    "case", drawn(LOOP), ids=lambda case: f"{case.get('escalation')}, {case.get('action')}"
)
def test_the_loop_of_a_red_stands_at_the_first_link_that_is_open(case):
    raised = case.get("escalation", "")
    given = steps(raised.replace("decided", "2024-25 Q2 service directorate 2024-10-20"))
    if raised == "decided":
        given = given.assign(decided_on=pd.Timestamp("2024-10-24"), outcome="action")
    days = dict(zip(("raised_on", "due_on", "done_on"), case.get("action", "").split(), strict=False))
    actions = rows(
        "actions", [{"action_id": "a", "title": "Crew", "measures": "bins", **days}] if days else []
    )
    looked_at = made(escalations=given, actions=actions, observations=STEP_UP)
    (row,) = loop.closed_loop(looked_at, SCHEME).to_dict("records")
    assert row["stands"] == case["stands"]
    assert row["stands"] in loop.STANDS
    assert row["effect"] in ("", *EFFECTS)
    assert row["action"] == ("Crew" if days else "")


def test_a_red_that_nothing_is_asked_of_yet_stands_at_its_action():
    early = made(
        as_at="2024-10-20",
        actions="action_id | measures | raised_on | due_on\na | bins | 2024-10-10 | 2025-03-31",
    )
    (row,) = loop.closed_loop(early, SCHEME).to_dict("records")
    assert (row["escalation"], row["stands"]) == ("not_due", "under_way")


def test_the_loop_shows_the_highest_step_its_decision_and_each_action():
    two = ACTIONS.replace("|          | e-3", "| bins     |    ")
    found = loop.closed_loop(made(running=2, escalations=STEPS, actions=two, observations=STEP_UP), SCHEME)
    assert found["action_id"].tolist() == ["a-1", "a-2"]
    assert set(found["reached_level"]) == {"cmt"}
    assert set(found["outcome"]) == {"action"}
    assert set(found["running_n"]) == {2}
    assert found["effect"].tolist() == ["better", "better"]


LEVELS_REACHED = """
running | asked_level | answered_on | reached_level | reached_on | escalation
1       | directorate | 2024-10-18  | cmt           | 2024-10-25 | in_time
2       | cmt         | 2024-10-25  | cmt           | 2024-10-25 | in_time
3       | cabinet     |             | cmt           | 2024-10-25 | too_low
"""


@pytest.mark.parametrize("case", drawn(LEVELS_REACHED), ids=str)
def test_the_day_beside_a_level_is_its_own_and_timeliness_is_told_by_the_level_asked_for(case):
    (row,) = loop.closed_loop(
        made(running=int(case["running"]), escalations=STEPS, actions="", observations=STEP_UP), SCHEME
    ).to_dict("records")
    days = {name: row[name] for name in ("answered_on", "reached_on")}
    assert {name: "" if pd.isna(day) else f"{day:%Y-%m-%d}" for name, day in days.items()} == {
        name: case.get(name, "") for name in days
    }
    levels = ("asked_level", "reached_level", "escalation")
    assert [row[name] for name in levels] == [case[name] for name in levels]


def test_a_level_reached_again_in_the_run_has_its_last_day_and_the_first_answers():
    again = STEPS.replace("calls      | 2024-25 Q2", "bins       | 2024-25 Q1").replace(
        "service     | directorate | Head of calls | 2024-10-18",
        "directorate | cmt         | Head of calls | 2024-07-30",
    )
    (row,) = loop.closed_loop(
        made(running=2, escalations=again, actions="", observations=STEP_UP), SCHEME
    ).to_dict("records")
    assert (row["answered_on"], row["reached_on"]) == (pd.Timestamp("2024-07-30"), pd.Timestamp("2024-10-25"))


def test_the_decision_is_kept_in_the_words_of_the_record():
    said = steps("2024-25 Q2 service directorate 2024-10-20").assign(
        decided_on=pd.Timestamp("2024-10-24"), outcome="action", decision="The action in hand goes on"
    )
    (row,) = loop.closed_loop(made(escalations=said), SCHEME).to_dict("records")
    assert (row["outcome"], row["decision"]) == ("action", "The action in hand goes on")


@pytest.mark.parametrize("table", ["escalations", "actions"])
def test_a_loop_of_which_a_table_was_never_sent_is_not_known(table):
    looked_at = made(escalations=STEPS, actions=ACTIONS)
    with pytest.raises(NotSentError):
        loop.closed_loop(replace(looked_at, sent=looked_at.sent - {table}), SCHEME)


def test_nothing_missed_leaves_no_loop():
    assert loop.closed_loop(made((), escalations=STEPS, actions=ACTIONS, observations=STEP_UP), SCHEME).empty
