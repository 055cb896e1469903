"""Clause tests of decisions, as drawn tables: what items led to, what decisions rested on, what was published."""

import pytest
from minuted import evidence, found, minutes, not_sent, of_2009

from pmf_lib.assurance.checks import TESTS, decisions
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

TWO = """
held_on    | directorate | items
2009-07-10 | adult-care  | risk-management, performance-information
2009-08-10 | adult-care  | performance-information
"""
CABINET = """
body    | held_on    | published_on | items
cabinet | 2023-08-10 | 2023-08-03   | performance-report@2023-24 Q1
cabinet | 2023-11-10 | 2023-11-03   | performance-report@2023-24 Q2
cabinet | 2024-02-10 | 2024-02-03   | performance-report@2023-24 Q3
cabinet | 2024-05-10 | 2024-05-03   | performance-report@2023-24 Q4
cabinet | 2024-08-10 | 2024-08-03   | performance-report@2024-25 Q1
cabinet | 2024-11-10 | 2024-11-03   | performance-report@2024-25 Q2
"""
CHALLENGED = {"body": "directorate-board", "item": "performance-information", "outcome": "challenged"}
PUBLISHED = {"body": "cabinet", "item": "performance-report", "per": "quarter"}
DECIDED = {"outcome": "agreed", "decision": "Agreed as reported.", "report": "Report 1"}


def changed(text, row, **values):
    """Drawn meetings, one item of the agenda changed."""
    tables = minutes(text, **DECIDED)
    agenda = tables["agenda"].copy()
    for name, value in values.items():
        agenda.loc[row, name] = value
    return tables | {"agenda": agenda}


DEFECTS = {
    "item_led_somewhere": (
        of_2009(minutes(TWO, **DECIDED)), of_2009(changed(TWO, 1, outcome="none")), {"body": "directorate-board"},
        "Item 2, Performance Information: Directorate board of Adult Care, 10 July 2009",
    ),
    "decision_rests_on_report": (
        of_2009(minutes(TWO, **DECIDED)), of_2009(changed(TWO, 1, report=" ")), {},
        "Item 2, Performance Information: Directorate board of Adult Care, 10 July 2009",
    ),
    "agenda_has_outcome": (
        of_2009(changed(TWO, 2, outcome="challenged")), of_2009(minutes(TWO, **DECIDED)), CHALLENGED,
        "Performance Information, Directorate board of Adult Care",
    ),
    "report_is_published": (
        evidence(minutes(CABINET)), evidence(minutes(CABINET.replace("2024-05-03", "          "))), PUBLISHED,
        "Performance report, Quarter 4, January to March 2024",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    clean, spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](clean, **told)
    assert answer.population > 0
    assert answer.failed == 0
    assert found(TESTS[name](spoilt, **told)) == (answer.population, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == decisions.__name__}


@pytest.mark.parametrize("table", ["meetings", "agenda"])
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name, table):
    _, spoilt, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError, match=table):
        TESTS[name](not_sent(spoilt, table), **told)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_meetings_without_any_agenda_or_none_at_all_say_nothing(name):
    told = DEFECTS[name][2]
    bare = minutes("body | held_on\ncabinet | 2008-07-10\ncabinet | 2009-07-10")
    for tables in (bare, {table: frame[:0] for table, frame in bare.items()}):
        assert TESTS[name](of_2009(tables), **told).population == 0


def test_an_exception_of_an_item_names_its_row_and_who_leads_the_board():
    (row,) = TESTS["item_led_somewhere"](
        DEFECTS["item_led_somewhere"][1], body="directorate-board"
    ).exceptions.to_dict("records")
    assert row["condition"] == "No outcome of it is recorded."
    assert row["owner"] == "Executive Director for Adult Care"
    assert (row["source_file"], row["source_row"]) == ("agenda.csv", 3)


@pytest.mark.parametrize("day", ["2009-06-30", "2009-10-01"])
def test_items_of_meetings_outside_the_quarter_are_not_asked(day):
    spoilt = changed(TWO.replace("2009-07-10", day), 1, outcome="none", report="")
    assert found(TESTS["item_led_somewhere"](of_2009(spoilt), body="directorate-board")) == (1, [])
    assert found(TESTS["decision_rests_on_report"](of_2009(spoilt))) == (1, [])


def test_items_of_other_bodies_are_not_asked_of_this_one():
    spoilt = changed(TWO, 1, outcome="none")
    assert TESTS["item_led_somewhere"](of_2009(spoilt), body="cmt").population == 0


def test_an_item_without_a_decision_needs_no_report():
    assert found(TESTS["decision_rests_on_report"](of_2009(changed(TWO, 1, decision=" ", report="")))) == (
        2,
        [],
    )


def test_the_decision_that_rests_on_nothing_is_quoted():
    answer = TESTS["decision_rests_on_report"](DEFECTS["decision_rests_on_report"][1])
    assert answer.exceptions["condition"].tolist() == [
        "No report is named that this decision rests on: Agreed as reported."
    ]


@pytest.mark.parametrize(("day", "population", "failed"), [("2008-11-14", 1, 0), ("2008-11-13", 1, 1)])
def test_an_outcome_counts_for_twelve_months(day, population, failed):
    tables = changed(TWO.replace("2009-07-10", day), 1, outcome="challenged")
    answer = TESTS["agenda_has_outcome"](of_2009(tables), **CHALLENGED)
    assert (answer.population, answer.failed) == (population, failed)


def test_only_boards_that_had_the_item_are_asked_for_its_outcome():
    text = (
        TWO + "2009-08-11 | corporate | performance-information\n2009-08-12 | economy-planning | inspection"
    )
    answer = TESTS["agenda_has_outcome"](
        of_2009(changed(text, 1, outcome="challenged"), directorate=""), **CHALLENGED
    )
    assert found(answer) == (2, ["Performance Information, Directorate board of Corporate Services"])
    assert answer.exceptions["condition"].tolist() == [
        "It came up once from 14 November 2008 to 13 November 2009, and the outcome was never 'challenged'."
    ]


@pytest.mark.parametrize(
    ("old", "new", "tested", "said"),
    [
        ("2024-05-03", "2024-11-15", 4, []),
        ("2024-05-03", "2024-11-16", 4, ["It was before the body on 10 May 2024; no publication by 15 November 2024 is recorded."]),
        ("performance-report@2023-24 Q4", "budget", 4, ["It was not on the agenda; no publication by 15 November 2024 is recorded."]),
        ("2024-11-03", "2024-11-16", 3, []),
    ],
    ids=["published late", "published after the as-at date", "never on the agenda", "the newest may wait"],
)  # fmt: skip
def test_a_report_is_published_for_each_quarter_by_the_as_at_date(old, new, tested, said):
    answer = TESTS["report_is_published"](evidence(minutes(CABINET.replace(old, new))), **PUBLISHED)
    assert answer.population == tested
    assert answer.exceptions["condition"].tolist() == said


def test_the_papers_of_one_meeting_with_the_reports_on_two_quarters_publish_both():
    text = CABINET.replace("performance-report@2023-24 Q4", "budget").replace(
        "performance-report@2024-25 Q1", "performance-report@2024-25 Q1, performance-report@2023-24 Q4"
    )
    assert found(TESTS["report_is_published"](evidence(minutes(text)), **PUBLISHED)) == (4, [])


ONCE = """
body    | held_on    | published_on | items
cabinet | 2023-06-10 | 2023-06-03   | performance-report
cabinet | 2024-06-10 | 2024-06-03   | performance-report
"""


@pytest.mark.parametrize(
    ("unpublished", "tested", "failed", "due"),
    [([], 1, 0, ""), (["2024-06-03"], 0, 0, "2025-03-31"), (["2024-06-03", "2023-06-03"], 1, 1, "")],
    ids=["published", "not yet this year, but the year before", "never"],
)
def test_a_report_may_be_asked_once_a_year(unpublished, tested, failed, due):
    text = ONCE
    for day in unpublished:
        text = text.replace(day, "")
    answer = TESTS["report_is_published"](evidence(minutes(text)), **(PUBLISHED | {"per": "year"}))
    assert (answer.population, answer.failed, f"{answer.due or ''}") == (tested, failed, due)
    said = "No papers of Cabinet with it were published from 16 November 2023 to 15 November 2024."
    assert answer.exceptions["condition"].tolist() == [said] * failed


def test_where_the_body_has_only_begun_to_meet_nothing_is_due_yet():
    text = "body | held_on | items\ncabinet | 2024-10-10 | budget"
    answer = TESTS["report_is_published"](evidence(minutes(text)), **PUBLISHED)
    assert (answer.population, f"{answer.due}") == (0, "2024-12-31")


def test_a_period_that_is_not_known_is_refused():
    with pytest.raises(PolicyError, match="'week' is not a known 'per'"):
        TESTS["report_is_published"](evidence(minutes(CABINET)), **(PUBLISHED | {"per": "week"}))
