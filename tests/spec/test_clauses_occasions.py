"""Duties that are asked on an occasion: where it is known that none arose they are not applicable, else nothing is known."""

import inspect
import re
from dataclasses import replace

import pandas as pd
import pytest
from minuted import FRAMEWORKS, drawn, evidence, not_sent, rows

from pmf_lib import policy, settings
from pmf_lib.assurance import clauses
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.clauses import ClauseScheme, result
from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.assurance.evidence import nothing_arose
from pmf_lib.records.schema import ARRANGEMENTS, TABLES

ROOT = settings.root()
SCHEME = policy.load(ROOT / "parameters" / "schemes" / "clauses.yml", ClauseScheme)
ESCALATION = policy.load(ROOT / "parameters" / "schemes" / "escalation.yml", EscalationScheme)
NO_ROWS = {name: rows(name, []) for name in TABLES}
MEASURE = {"directorate": "resources", "service": "Bins", "frequency": "monthly", "decimals": 0.0}
MEASURES = rows("measures", [{"measure_id": one, "title": one, **MEASURE} for one in ("bins", "calls")])
OTHERS = rows("measures", [{"measure_id": "homes", "title": "Homes", "provider": "NHS", **MEASURE}])
PLAN = "plan_id | title | level | kind | valid_from | valid_to\np-1 | Plan | {level} | main | {begun} | 2025-03-31"
OBJECTIVE = "objective_id | title | plan_id | planned_on | due_on\no-1 | Aim | p-1 | 2024-04-01 | 2025-03-31"
ACTION = "action_id | title | raised_on | due_on\na-1 | A crew | 2024-10-01 | 2025-01-31"
STEP = """
escalation_id | measure_id | quarter    | from_level  | to_level | raised_on
e-1           | bins       | 2024-25 Q2 | directorate | cmt      | 2024-11-14
"""
ENTRY = """
entry_id | register  | title | opened_on  | due_on
r-1      | contracts | Bins  | {opened}   | 2025-09-30
"""
SOURCE = "assurance_id | kind | subject | reported_on\ns-1 | inspection | Care | 2024-10-01"
RECOMMENDED = """
recommendation_id | assurance_id | title | response | raised_on
x-1               | s-1          | Do it | awaited  | 2024-10-01
"""


def measured(*states: str) -> pd.DataFrame:
    """Measures as rated, each due early in October, in these states."""
    ids = ["bins", "calls"][: len(states)]
    made = pd.DataFrame(
        {"measure_id": ids, "title": ids, "period": "2024-09", "state": list(states)}, dtype="str"
    )
    seen = {"value": 1.0, "source_file": "observations.csv", "source_row": 2, "owner": "Head"}
    return made.assign(due_on=pd.Timestamp("2024-10-10"), **seen)


def of_council(tables: dict[str, str | pd.DataFrame], rated: pd.DataFrame, **more):
    """The evidence of a directorate: all tables were sent, and those not drawn hold no row."""
    typed = {name: rows(name, drawn(one)) if isinstance(one, str) else one for name, one in tables.items()}
    made = evidence({**NO_ROWS, "measures": MEASURES, **typed}, directorate="resources")
    return replace(made, rated=rated, escalation=ESCALATION, **more)


WELL = measured("met", "near")
RELY = pd.Series({"bins": "rely", "calls": "with_care"})
NONE_MISSED = "no measure missed its target in the quarter, of 2 that were rated"
YEAR = "the twelve months to 15 November 2024"
IDLE = {
    "missed_target_is_explained": ({}, {}, NONE_MISSED),
    "red_has_risk": ({}, {}, NONE_MISSED),
    "red_has_action": ({}, {}, NONE_MISSED),
    "red_is_escalated": ({}, {}, NONE_MISSED),
    "action_is_done_in_time": ({}, {"actions": ACTION}, f"no action fell due in {YEAR}, and none is overdue"),
    "action_had_effect": ({}, {"actions": ACTION}, f"no action was to show its effect in {YEAR}"),
    "escalation_passes_level": (
        {"level": "directorate"}, {"escalations": STEP}, "no escalation of the quarter came from a service"
    ),
    "escalation_is_decided": (
        {"to": "cabinet"}, {"escalations": STEP}, f"no escalation to Cabinet called for a decision in {YEAR}"
    ),
    "doubtful_measure_has_action": ({}, {}, "page 1 warns of no measure's figures, of 2 that it judged"),
    "outside_data_is_on_time": (
        {"asked_by": "provider"}, {}, "none of its measures names anybody outside who provides its figures"
    ),
    "service_has_reported": (
        {"per": "quarter"}, {}, "no figure of its services fell due since Quarter 2, July to September 2024 began"
    ),
    "recommendation_is_answered": (
        {"months": 3, "kinds": ("inspection",)},
        {"assurances": SOURCE, "recommendations": RECOMMENDED},
        "no such recommendation is recorded of before 15 August 2024",
    ),
    "objective_stage_is_dated": (
        {"stage": "delivered_on"},
        {"plans": PLAN.format(level="service", begun="2024-04-01"), "objectives": OBJECTIVE},
        "no objective of its plans was to be delivered by 15 November 2024",
    ),
    "objective_names_influences": (
        {},
        {"plans": PLAN.format(level="service", begun="2024-04-01"), "objectives": OBJECTIVE},
        "no objective of its plans was to be checked by 15 November 2024",
    ),
    "plan_has_parent": (
        {}, {"plans": PLAN.format(level="council", begun="2024-04-01")},
        "each of its plans in force is of the council's highest level",
    ),
    "plan_is_checked": (
        {"months": 3}, {"plans": PLAN.format(level="service", begun="2024-10-01")},
        "no plan of its own has been in force for 3 months",
    ),
    "entry_is_closed_in_time": (
        {"register": "contracts"}, {"registers": ENTRY.format(opened="2024-10-01")},
        f"no entry of its register of contracts fell due in {YEAR}, and none is overdue",
    ),
    "entry_is_reviewed": (
        {"register": "contracts", "months": 3}, {"registers": ENTRY.format(opened="2024-10-01")},
        "no entry of its register of contracts has been open for 3 months",
    ),
    "entry_has_objective": (
        {"register": "contracts"}, {"registers": ENTRY.format(opened="2024-12-01")},
        "its register of contracts holds no entry of the year",
    ),
    "contract_covers_performance": (
        {}, {"registers": ENTRY.format(opened="2024-12-01")}, "it has no contract in force"
    ),
}  # fmt: skip
"""Test → what a clause tells it, the records in which nothing arose, and what is said."""


def idle_evidence(test: str):
    """The records in which nothing arose for this test."""
    _, tables, _ = IDLE[test]
    rated = WELL.assign(due_on=pd.Timestamp("2024-05-10")) if test == "service_has_reported" else WELL
    whole = {"measures": pd.concat([MEASURES, OTHERS])}
    made = of_council(tables, rated, reliance=RELY)
    return replace(made, whole=lambda name: whole.get(name, made.tables[name]))


@pytest.mark.parametrize("test", IDLE)
def test_where_it_is_known_that_nothing_arose_a_test_says_so(test):
    told, _, said = IDLE[test]
    answer = TESTS[test](idle_evidence(test), **told)
    assert (answer.population, answer.failed, answer.idle) == (0, 0, said)
    assert {result(force, answer, SCHEME) for force in ("duty", "minimum", "context")} == {"not_applicable"}


@pytest.mark.parametrize("test", IDLE)
def test_where_nobody_in_the_council_has_a_row_nothing_is_known(test):
    told, _, _ = IDLE[test]
    answer = TESTS[test](of_council({"measures": ""}, measured()), **told)
    assert (answer.population, answer.idle) == (0, "")
    assert result("duty", answer, SCHEME) == "no_evidence"


@pytest.mark.parametrize("test", IDLE)
def test_of_a_table_that_nobody_sent_nothing_is_known(test):
    told, tables, _ = IDLE[test]
    for table in (name for name in tables if name in ARRANGEMENTS):
        clause = (
            FRAMEWORKS["pmf-2022-25"]
            .clauses[0]
            .model_copy(update={"check": test, "how": "test", "parameters": told, "force": "duty"})
        )
        (row,) = clauses.results([clause], not_sent(idle_evidence(test), table), SCHEME)[0].to_dict("records")
        assert (row["result"], row["why"]) == (
            "no_evidence",
            f"Nobody sent the table of {table}, so nothing is known of it.",
        )


UNKNOWN = {
    "no measure was rated": ("red_has_action", {}, measured("late", "target_missing")),
    "a measure was missed, and the unit has no action of its own": ("action_is_done_in_time", {}, measured("missed")),
    "an action has no day": (
        "action_is_done_in_time", {"actions": "action_id | title | raised_on\na-1 | A | 2024-10-01"}, WELL
    ),
    "an entry has no day": (
        "entry_is_closed_in_time",
        {"registers": "entry_id | register | opened_on\nr-1 | contracts | 2024-10-01"}, WELL,
    ),
    "an objective has no day": (
        "objective_stage_is_dated",
        {
            "plans": PLAN.format(level="service", begun="2024-04-01"),
            "objectives": "objective_id | plan_id | planned_on\no-1 | p-1 | 2024-04-01",
        },
        WELL,
    ),
    "an action was to show its effect, and nothing tells of it": (
        "action_had_effect",
        {"actions": "action_id | raised_on | due_on | done_on\na-1 | 2024-01-01 | 2024-03-01 | 2024-03-01"}, WELL,
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", UNKNOWN)
def test_where_the_occasion_cannot_be_told_there_is_no_evidence(why):
    test, tables, rated = UNKNOWN[why]
    answer = TESTS[test](of_council(tables, rated), **IDLE[test][0])
    assert (answer.population, answer.idle) == (0, "")


def test_a_unit_without_an_action_is_idle_where_others_have_some_and_it_missed_nothing():
    others = {"actions": rows("actions", drawn(ACTION))}
    made = of_council({}, WELL)
    made = replace(made, whole=lambda name: others.get(name, made.tables[name]))
    assert TESTS["action_is_done_in_time"](made).idle.startswith("no action fell due")
    missed = replace(made, rated=measured("met", "missed"))
    assert TESTS["action_is_done_in_time"](missed).idle == ""


def test_a_missed_measure_whose_escalation_is_not_asked_for_yet_asks_for_none():
    answer = nothing_arose("no escalation of a missed measure was asked for by 15 November 2024")
    made = of_council({}, measured("met", "missed").assign(due_on=pd.NaT))
    early = replace(made, as_at=made.quarter.end, rated_in=lambda _: measured("met", "met"))
    assert TESTS["red_is_escalated"](early).idle in ("", answer.idle.replace("15 November", "30 September"))


def test_what_is_found_is_never_called_idle():
    assert TESTS["red_has_action"](of_council({}, measured("met", "missed"))).idle == ""


def test_the_documented_list_is_every_test_that_may_say_so():
    saying = {
        name
        for name, test in TESTS.items()
        if re.search("or_nothing_arose|none_missed", inspect.getsource(test))
    }
    assert saying == set(IDLE)
    page = (ROOT / "docs" / "methods" / "embedding.md").read_text(encoding="utf-8")
    section = page.split("### On an occasion")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE)
    assert sorted(named) == sorted(IDLE)
