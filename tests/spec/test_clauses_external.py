"""Clause tests of assurance and recommendations, as drawn tables."""

import pytest
from minuted import COUNCILS, drawn, evidence, found, not_sent, rows

from pmf_lib.assurance.checks import TESTS, external
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

REPORTS = """
assurance_id | line     | kind              | subject                             | directorate         | reported_on
a-1          | second   | management-review | Performance management of Adults    | adults-health       | 2024-03-14
a-2          | second   | management-review | Performance management of Children  | childrens           | 2023-11-15
a-3          | second   | management-review | Performance management of Economy   | economy-environment | 2024-05-16
a-4          | second   | management-review | Performance management of Resources | resources           | 2024-06-13
a-5          | external | inspection        | Help and protection                 | childrens           | 2023-10-19
"""
ASKED = """
recommendation_id | assurance_id | made_by  | title      | response | responded_on | raised_on  | due_on     | done_on
r-1               | a-1          |          | Tell which | accepted | 2024-04-04   | 2024-03-14 | 2024-10-01 | 2024-09-24
r-2               | a-5          |          | Be in time | rejected | 2023-11-09   | 2023-10-19 |            |
r-3               |              | scrutiny | Show waits | accepted | 2024-06-17   | 2024-05-27 | 2024-12-13 |
"""


def made(reports=REPORTS, asked=ASKED, directorate="", as_at="2024-11-15"):
    tables = {"assurances": reports, "recommendations": asked}
    typed = {name: rows(name, drawn(text) if text else []) for name, text in tables.items()}
    return evidence(typed, directorate=directorate, as_at=as_at)


DEFECTS = {
    "assurance_covers": (
        {"reports": REPORTS.replace("2023-11-15", "2023-11-14")},
        {"subject": "performance management", "months": 12, "each": "directorate"}, "Children's Services",
    ),
    "recommendation_is_answered": (
        {"asked": ASKED.replace("rejected | 2023-11-09", "awaited  |           ")}, {"months": 3}, "Be in time",
    ),
}  # fmt: skip


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == external.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](made(), **told)
    assert (answer.population > 1, answer.failed) == (True, 0)
    assert found(TESTS[name](made(**spoilt), **told)) == (answer.population, [subject])


@pytest.mark.parametrize(
    ("name", "table", "told"),
    [
        ("assurance_covers", "assurances", {"months": 12}),
        ("recommendation_is_answered", "recommendations", {"months": 3}),
        ("recommendation_is_answered", "assurances", {"months": 3, "kinds": ("inspection",)}),
    ],
)
def test_what_nobody_sent_is_not_known(name, table, told):
    with pytest.raises(NotSentError):
        TESTS[name](not_sent(made(), table), **told)


def test_no_recommendations_at_all_are_never_a_pass():
    assert TESTS["recommendation_is_answered"](made(asked=""), months=3).population == 0


def test_where_no_source_reported_at_all_none_covers_it_since_that_is_what_is_asked():
    assert found(TESTS["assurance_covers"](made(reports=""), subject="value for money", months=12)) == (
        1,
        ["Value for money"],
    )


COVERS = """
subject                | line     | months | each        | of        | as_at      | tested | said
performance management |          | 12     |             |           | 2024-11-15 | 1      |
PERFORMANCE management |          | 5      |             |           | 2024-11-13 | 1      |
performance management |          | 5      |             |           | 2024-11-14 | 1      | No source on 'performance management' was reported within 5 months; the last was of 13 June 2024.
value for money        |          | 12     |             |           | 2024-11-15 | 1      | none is recorded
                       | external | 13     |             |           | 2024-11-15 | 1      |
                       | external | 12     |             |           | 2024-11-15 | 1      | No source of the external line was reported within 12 months; the last was of 19 October 2023.
                       | third    | 12     |             |           | 2024-11-15 | 1      | none is recorded
performance management |          | 12     | directorate |           | 2024-11-15 | 4      |
performance management |          | 12     | directorate | childrens | 2024-11-15 | 1      |
performance management |          | 11     | directorate | childrens | 2024-11-15 | 1      | the last was of 15 November 2023
performance management |          | 12     | directorate | childrens | 2023-11-14 | 1      | none is recorded
"""


@pytest.mark.parametrize("case", drawn(COVERS), ids=str)
def test_a_source_on_the_subject_or_of_the_line_reported_within_the_months(case):
    told = {key: case[key] for key in ("subject", "line", "each") if key in case}
    looked_at = made(directorate=case.get("of", ""), as_at=case["as_at"])
    answer = TESTS["assurance_covers"](looked_at, months=int(case["months"]), **told)
    assert (answer.population, answer.failed) == (int(case["tested"]), int("said" in case))
    assert case.get("said", "") in "".join(answer.exceptions["condition"])


def test_a_report_on_the_whole_council_covers_no_single_directorate():
    whole = REPORTS.replace("resources           | 2024-06-13", "                    | 2024-06-13")
    answer = TESTS["assurance_covers"](
        made(whole), subject="performance management", months=12, each="directorate"
    )
    assert found(answer) == (4, ["Resources and Transformation"])
    assert answer.exceptions["owner"].tolist() == [COUNCILS["pmf-2022-25"].directorate("resources").director]


ANSWERED = """
response | responded_on | raised_on  | due_on     | done_on    | tested | said
awaited  |              | 2024-08-14 |            |            | 1      | It was made on 14 August 2024, and no answer is recorded.
awaited  |              | 2024-08-15 |            |            | 0      |
rejected | 2024-09-01   | 2024-08-14 |            |            | 1      |
rejected | 2024-11-16   | 2024-08-14 |            |            | 1      | no answer is recorded
rejected |              | 2024-08-14 |            |            | 1      |
accepted | 2024-09-01   | 2024-08-14 | 2024-11-15 |            | 1      |
accepted | 2024-09-01   | 2024-08-14 | 2024-11-14 |            | 1      | It was accepted, to be carried out by 14 November 2024, and is not recorded as done.
partly   | 2024-09-01   | 2024-08-14 | 2024-11-14 |            | 1      | is not recorded as done
rejected | 2024-09-01   | 2024-08-14 | 2024-11-14 |            | 1      |
accepted | 2024-09-01   | 2024-08-14 | 2024-11-14 | 2024-11-14 | 1      |
accepted | 2024-09-01   | 2024-08-14 | 2024-11-14 | 2024-11-15 | 1      | It was accepted, to be carried out by 14 November 2024, and done on 15 November 2024.
accepted | 2023-02-01   | 2023-01-14 | 2023-03-31 | 2024-11-01 | 1      | It was accepted, to be carried out by 31 March 2023, and done on 1 November 2024.
accepted | 2023-02-01   | 2023-01-14 | 2023-03-31 | 2023-11-14 | 1      |
rejected | 2024-09-01   | 2024-08-14 | 2024-11-14 | 2024-11-15 | 1      |
accepted | 2024-09-01   | 2024-08-14 | 2024-11-14 | 2024-11-16 | 1      | is not recorded as done
accepted | 2024-09-01   | 2024-08-14 |            |            | 1      |
accepted | 2024-11-16   | 2024-08-14 | 2024-11-14 |            | 1      | no answer is recorded
"""


@pytest.mark.parametrize("case", drawn(ANSWERED), ids=str)
def test_a_recommendation_is_answered_in_a_quarter_and_carried_out_by_its_day(case):
    own = {key: text for key, text in case.items() if key not in ("tested", "said")}
    asked = rows("recommendations", [{"recommendation_id": "r", "title": "R", **own}])
    answer = TESTS["recommendation_is_answered"](evidence({"recommendations": asked}), months=3)
    assert (answer.population, len(answer.exceptions)) == (int(case["tested"]), int("said" in case))
    assert case.get("said", "") in "".join(answer.exceptions["condition"])


@pytest.mark.parametrize(("months", "tested"), [(3, 0), (2, 1)])
def test_the_clause_says_how_many_months_are_left_to_answer(months, tested):
    asked = rows(
        "recommendations",
        [{"recommendation_id": "r", "title": "R", "response": "awaited", "raised_on": "2024-08-20"}],
    )
    answer = TESTS["recommendation_is_answered"](evidence({"recommendations": asked}), months=months)
    assert (answer.population, answer.failed) == (tested, tested)


@pytest.mark.parametrize(
    ("told", "tested"),
    [
        ({}, 3), ({"made_by": "scrutiny"}, 1), ({"made_by": "cabinet"}, 0), ({"kinds": ("inspection",)}, 1),
        ({"kinds": ("inspection", "management-review")}, 2), ({"kinds": ("peer-challenge",)}, 0),
        ({"subject": "performance management"}, 1), ({"kinds": ("inspection",), "subject": "performance management"}, 0),
        ({"kinds": ("inspection",), "made_by": "scrutiny"}, 0),
    ],
)  # fmt: skip
def test_only_recommendations_of_the_body_and_of_such_sources_are_asked(told, tested):
    assert TESTS["recommendation_is_answered"](made(), months=3, **told).population == tested


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("assurance_covers", {"months": 12, "line": "fourth"}),
        ("assurance_covers", {"months": 12, "each": "service"}),
        ("recommendation_is_answered", {"months": 3, "made_by": "panel"}),
        ("recommendation_is_answered", {"months": 3, "kinds": ("inspections",)}),
    ],
)
def test_a_word_of_no_list_is_refused(name, told):
    with pytest.raises(PolicyError, match="is not a known"):
        TESTS[name](made(), **told)
