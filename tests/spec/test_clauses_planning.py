"""Clause tests of plans, as drawn tables: in force, nested, checked, refreshed, published and approved.

The as-at date is 15 November 2024.
"""

from dataclasses import replace
from datetime import date

import pytest
from arranged_rows import edited, table, told, world
from minuted import drawn, not_sent

from pmf_lib.assurance.checks import TESTS, planning
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.periods import parse_quarter

PLANS = table("plans", """
plan_id  | level       | kind     | title            | parent  | directorate | service    | owner        | valid_from | valid_to   | approved_by       | approved_on | reviewed_on | refreshed_on | published_on
council  | council     | main     | Council Plan     |         |             |            |              | 2022-04-01 | 2025-03-31 | full-council      | 2022-02-23  | 2024-11-01  | 2024-02-21   | 2024-03-30
people   | directorate | main     | Plan for people  | council | childrens   |            | Director     | 2024-04-01 | 2025-03-31 | cabinet           | 2024-03-20  | 2024-10-22  | 2024-03-20   | 2024-04-05
page     | directorate | overview | People on a page | council | childrens   |            | Director     | 2024-04-01 | 2025-03-31 | cabinet           | 2024-03-20  | 2024-10-22  | 2024-03-20   | 2024-04-05
help     | service     | main     | Plan for help    | people  | childrens   | Early Help | Head of Help | 2024-04-01 | 2025-03-31 | directorate-board | 2024-03-20  | 2024-10-15  | 2024-03-20   | 2024-04-05
care     | service     | main     | Plan for care    | people  | childrens   | In Care    | Head of Care | 2024-04-01 | 2025-03-31 | directorate-board | 2024-03-20  | 2024-10-15  | 2024-03-20   | 2024-04-05
help-old | service     | main     | Old plan for help | people | childrens   | Early Help | Head of Help | 2023-04-01 | 2024-03-31 | directorate-board | 2023-03-20  |             |              |
""")  # fmt: skip
SERVICE = {"level": "service"}


def plans(changed=PLANS):
    """The evidence of Children's Services, which sees its own plans; the whole council's are there to lead to."""
    own = changed[changed["directorate"] == "childrens"].reset_index(drop=True)
    return replace(world(plans=own), whole=lambda name: {"plans": changed}[name])


DEFECTS = {
    "plan_is_in_force": (SERVICE, 2, ("help", {"valid_to": "2024-09-30"}), "Early Help"),
    "plan_has_parent": ({}, 4, ("help", {"parent": ""}), "Plan for help"),
    "plan_is_checked": ({"months": 3}, 4, ("care", {"reviewed_on": ""}), "Plan for care"),
    "plan_is_refreshed": ({"months": 12}, 4, ("care", {"valid_from": "2023-04-01", "refreshed_on": ""}), "Plan for care"),
    "plan_starts_in": ({"month": 4, "levels": ("directorate", "service")}, 4, ("care", {"valid_from": "2024-05-01"}), "Plan for care"),
    "plan_spans": ({**SERVICE, "years": 1}, 2, ("help", {"valid_to": "2025-03-30"}), "Plan for help"),
    "plan_is_published": ({**SERVICE, "months": 12}, 2, ("help", {"published_on": ""}), "Plan for help"),
    "plan_is_approved": ({**SERVICE, "body": "directorate-board"}, 2, ("help", {"approved_by": "cabinet"}), "Plan for help"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_plans_pass_and_one_defect_is_the_one_exception(name):
    given, population, (plan, spoilt), subject = DEFECTS[name]
    assert told(TESTS[name](plans(), **given)) == (population, [])
    answer = TESTS[name](plans(edited(PLANS, plan, **spoilt)), **given)
    assert (answer.population, answer.exceptions["subject"].tolist()) == (population, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == planning.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_plans_that_nobody_sent_are_not_known(name):
    with pytest.raises(NotSentError, match="plans"):
        TESTS[name](not_sent(plans(), "plans"), **DEFECTS[name][0])


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - {"plan_is_in_force"}))
def test_no_plan_in_force_is_nothing_to_test(name):
    ended = PLANS.assign(valid_to=PLANS["valid_from"])
    assert told(TESTS[name](plans(ended), **DEFECTS[name][0])) == (0, [])


LAST_QUARTER = {
    "plan_is_in_force": SERVICE,
    "plan_has_parent": {},
    "plan_is_checked": {"months": 6},
    "plan_is_refreshed": {"months": 12},
    "plan_is_published": {**SERVICE, "months": 12},
    "plan_is_approved": {**SERVICE, "body": "directorate-board"},
}


@pytest.mark.parametrize("name", sorted(LAST_QUARTER))
def test_a_report_told_after_the_year_is_of_the_plans_of_that_year(name):
    last = replace(plans(), quarter=parse_quarter("2024-25 Q4"), as_at=date(2025, 5, 15))
    answer = TESTS[name](last, **LAST_QUARTER[name])
    assert (answer.population > 0, told(answer)[1]) == (True, [])


IN_FORCE = """
plan   | changed             | level       | kind     | tested | said
help   |                     | service     | main     | 2      |
help   | valid_to=2024-11-15 | service     | main     | 2      |
help   | valid_to=2024-11-14 | service     | main     | 2      | Early Help: No plan is in force on 15 November 2024; the last one ended on 14 November 2024.
help   | valid_to=           | service     | main     | 2      |
help   | valid_from=2024-11-16 | service   | main     | 2      | Early Help: No plan is in force on 15 November 2024; the next begins on 16 November 2024.
help   | kind=workforce      | service     | main     | 2      | Early Help: No plan is in force on 15 November 2024; the last one ended on 31 March 2024.
care   | service=Care        | service     | main     | 2      | In Care: No plan is in force on 15 November 2024; none was ever recorded.
people | directorate=resources | directorate | main   | 1      | Children's Services: No plan is in force on 15 November 2024; none was ever recorded.
people | service=Early Help  | directorate | main     | 1      |
page   | kind=main           | directorate | overview | 1      | Children's Services: No overview on a page is in force on 15 November 2024; none was ever recorded.
"""


def sentences(answer):
    return [f"{row['subject']}: {row['condition']}" for row in answer.exceptions.to_dict("records")]


def spoilt(line, frame=PLANS):
    """The plans, one of them changed as a drawn line says."""
    cells = [cell.partition("=") for cell in line.get("changed", "").split(", ") if cell]
    return edited(frame, line["plan"], **{name: value for name, _, value in cells}) if cells else frame


@pytest.mark.parametrize(
    "line", drawn(IN_FORCE), ids=lambda line: f"{line['plan']}, {line.get('changed', '')}"
)
def test_a_unit_without_its_plan_in_force_is_told_with_what_became_of_the_last(line):
    answer = TESTS["plan_is_in_force"](plans(spoilt(line)), level=line["level"], kind=line["kind"])
    assert (answer.population, sentences(answer)) == (
        int(line["tested"]),
        [line["said"]] if "said" in line else [],
    )


def test_a_plan_that_ended_is_named_by_its_own_row():
    answer = TESTS["plan_is_in_force"](plans(edited(PLANS, "help")), **SERVICE)
    named = ["owner", "source_file", "source_row"]
    assert answer.exceptions[named].to_numpy().tolist() == [["Head of Help", "plans.csv", 7]]
    none = TESTS["plan_is_in_force"](plans(edited(PLANS, "care")), **SERVICE)
    assert none.exceptions[named].to_numpy().tolist() == [["", "", 0]]


def test_a_table_of_plans_without_rows_fails_every_unit():
    answer = TESTS["plan_is_in_force"](plans(PLANS.iloc[:0]), **SERVICE)
    assert (answer.population, answer.exceptions["subject"].tolist()) == (2, ["Early Help", "In Care"])


def test_the_council_is_asked_for_one_plan_and_all_its_directorates_for_one_each():
    council = world("", plans=PLANS)
    assert told(TESTS["plan_is_in_force"](council, level="council")) == (1, [])
    answer = TESTS["plan_is_in_force"](council, level="directorate")
    assert (answer.population, answer.failed) == (4, 3)
    assert answer.exceptions["owner"].tolist()[0] == "Executive Director for Adults and Health"


RULES = """
test              | told                                 | plan | changed                       | said
plan_has_parent   |                                      | help | parent=nothing                | It serves 'nothing', which is no plan here.
plan_has_parent   |                                      | help | parent=help-old               | It serves 'Old plan for help', which is not in force.
plan_has_parent   |                                      | help | parent=care                   | It serves 'Plan for care', which is of no higher level.
plan_has_parent   |                                      | help | parent=council                |
plan_has_parent   |                                      | page | parent=people                 | It serves 'Plan for people', which is of no higher level.
plan_is_checked   | months=3                             | help | reviewed_on=2024-08-15        |
plan_is_checked   | months=3                             | help | reviewed_on=2024-08-14        | It was last checked on 14 August 2024, more than 3 months before.
plan_is_checked   | months=4                             | help | reviewed_on=2024-08-14        |
plan_is_checked   | months=3                             | help | reviewed_on=2024-11-16        | No check of its progress is recorded.
plan_is_refreshed | months=12                            | help | refreshed_on=                 |
plan_is_refreshed | months=12                            | help | valid_from=2023-11-14, refreshed_on= | It was last written or refreshed on 14 November 2023, more than 12 months before.
plan_is_refreshed | months=12                            | help | valid_from=2022-04-01, refreshed_on=2023-11-15 |
plan_starts_in    | month=4, levels=service              | help | valid_from=2024-05-01         | It went live on 1 May 2024, and not in April.
plan_starts_in    | month=4, levels=service              | help | valid_from=2024-11-15         | It went live on 15 November 2024, and not in April.
plan_starts_in    | month=5, levels=service              | care | valid_from=2024-05-01         | Plan for help
plan_starts_in    | month=4, levels=directorate          | help | valid_from=2024-05-01         |
plan_spans        | level=service, years=1               | help | valid_to=                     | It began on 1 April 2024 and names no last day; it is to look 1 year ahead.
plan_spans        | level=directorate, years=1           | help | valid_to=                     |
plan_is_published | level=service, months=12             | help | published_on=2023-11-14       | It was last published on 14 November 2023, more than 12 months before.
plan_is_published | level=service, months=12             | help | published_on=2024-12-01       | No publication is recorded.
plan_is_published | level=directorate, months=12         | page | published_on=                 |
plan_is_approved  | level=directorate, body=cabinet      | page | approved_by=                  |
plan_is_approved  | level=service, body=directorate-board | help | approved_by=                 | No approval is recorded; it is for: Directorate board.
plan_is_approved  | level=service, body=directorate-board | help | approved_by=cabinet          | It was approved by: Cabinet; it is for: Directorate board.
plan_is_approved  | level=service, body=directorate-board | help | approved_on=                 | No day of its approval is recorded; it is for: Directorate board.
plan_is_approved  | level=service, body=directorate-board | help | approved_on=2024-11-16       | No day of its approval is recorded; it is for: Directorate board.
"""


def parameters(text):
    """What a clause tells its test, as drawn: numbers as numbers, levels as a list."""
    cells = [cell.partition("=") for cell in text.split(", ") if cell]
    read = {name: int(value) if value.isdigit() else value for name, _, value in cells}
    return read | ({"levels": (read["levels"],)} if "levels" in read else {})


@pytest.mark.parametrize("line", drawn(RULES), ids=lambda line: f"{line['test']}, {line['changed']}")
def test_each_rule_says_what_is_amiss(line):
    answer = TESTS[line["test"]](plans(spoilt(line)), **parameters(line.get("told", "")))
    assert answer.population >= 1
    assert (" ".join(sentences(answer)).find(line["said"]) >= 0) if "said" in line else answer.failed == 0


def test_a_plan_younger_than_the_months_between_checks_is_not_due():
    young = edited(PLANS, "care", valid_from="2024-08-16", reviewed_on="")
    assert told(TESTS["plan_is_checked"](plans(young), months=3)) == (3, [])
    old = edited(PLANS, "care", valid_from="2024-08-15", reviewed_on="")
    assert TESTS["plan_is_checked"](plans(old), months=3).failed == 1


def test_measures_of_no_named_service_ask_for_no_plan():
    found = plans()
    unnamed = edited(found.tables["measures"], "visits", service="")
    asked = replace(found, tables={**found.tables, "measures": unnamed})
    assert told(TESTS["plan_is_in_force"](asked, **SERVICE)) == (1, [])


def test_plans_of_the_highest_level_in_force_have_nothing_above_them():
    assert told(TESTS["plan_has_parent"](world("", plans=PLANS)))[0] == 4
    community = PLANS.assign(level=PLANS["level"].replace("council", "community"))
    assert told(TESTS["plan_has_parent"](plans(community))) == (4, [])


def test_titles_that_are_alike_are_told_apart_by_their_ids():
    alike = PLANS.assign(title="Plan", reviewed_on=None).astype({"reviewed_on": "datetime64[us]"})
    answer = TESTS["plan_is_checked"](plans(alike), months=3)
    assert answer.failed == answer.population == 4
    assert "Plan (help)" in set(answer.exceptions["subject"])


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("plan_is_in_force", {"level": "servce"}, "'servce' is not a known 'level'. Did you mean 'service'"),
        (
            "plan_is_in_force",
            {"level": "service", "kind": "mian"},
            "'mian' is not a known 'kind'. Did you mean 'main'",
        ),
        ("plan_starts_in", {"month": 13, "levels": ("service",)}, "'13' is not a known 'month'"),
        ("plan_starts_in", {"month": 4, "levels": ("servce",)}, "'servce' is not a known 'levels'"),
        ("plan_is_approved", {"level": "council", "body": "councl"}, "'councl' is not a known 'body'"),
        ("plan_spans", {"level": "servce", "years": 3}, "'servce' is not a known 'level'"),
    ],
)
def test_what_a_clause_misspells_is_refused(name, given, said):
    with pytest.raises(PolicyError, match=said):
        TESTS[name](plans(), **given)
