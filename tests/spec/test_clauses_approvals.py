"""Clause tests of approvals and reviews, as drawn tables: who approved what for when, and what came first."""

from dataclasses import replace

import pytest
from minuted import drawn, evidence, found, not_sent, of_2009, rows

from pmf_lib.assurance.checks import TESTS, approvals
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

BUDGET = {"kind": "budget", "body": "full-council", "per": "year"}
ORDER = {"kind": "framework", "first": "audit-committee", "then": "cabinet"}
STEPS = """
kind      | subject   | subjects    | edition | body            | stage      | decided_on | valid_from | valid_to
budget    | Budget    |             |         | full-council    | approved   | 2024-02-21 | 2024-04-01 | 2025-03-31
framework | Framework | pmf-2022-25 | 2022    | audit-committee | considered | 2022-04-28 |            |
framework | Framework | pmf-2022-25 | 2022    | cabinet         | approved   | 2022-06-22 |            |
"""
REVIEWS = """
register          | closed_on
framework-reviews | 2024-05-10
"""
PLANS = """
plan_id | level   | kind | valid_from | valid_to   | refreshed_on
a       | council | main | 2022-04-01 | 2026-03-31 | 2024-02-21
"""


def of(steps=STEPS, reviews=REVIEWS, plans=PLANS, **more):
    tables = {
        "approvals": rows("approvals", drawn(steps)),
        "registers": rows("registers", drawn(reviews)),
        "plans": rows("plans", drawn(plans)),
        "meetings": rows("meetings", []),
    }
    return evidence(tables, **more)


DEFECTS = {
    "approval_is_recorded": (of(STEPS.replace("full-council", "cabinet     ")), "approvals", BUDGET, "Approval of the budget"),
    "considered_before_approved": (of(STEPS.replace("2022-04-28", "2022-06-22")), "approvals", ORDER, "Framework, edition 2022"),
    "framework_review_is_recorded": (
        of(reviews=REVIEWS.replace("2024-05", "2023-05")), "registers", {"months": 12}, "Performance Management Framework",
    ),
    "framework_is_reviewed": (
        of(reviews=REVIEWS.replace("2024-05", "2023-05"), as_at="2025-05-15"), "registers", {}, "Performance Management Framework",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    spoilt, _, told, subject = DEFECTS[name]
    assert found(TESTS[name](of(as_at=f"{spoilt.as_at}"), **told)) == (1, [])
    assert found(TESTS[name](spoilt, **told)) == (1, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == approvals.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known_and_no_records_are_never_a_pass(name):
    spoilt, table, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError, match=table):
        TESTS[name](not_sent(spoilt, table), **told)
    nothing = of(*(text.strip().splitlines()[0] for text in (STEPS, REVIEWS, PLANS)))
    assert TESTS[name](nothing, **told).population == 0


FOR_THE_YEAR = """
case                                    | decided_on | valid_from | valid_to   | failed
for the year, decided before it         | 2024-02-21 | 2024-04-01 | 2025-03-31 | 0
for the year before                     | 2023-02-21 | 2023-04-01 | 2024-03-31 | 1
for the year to come                    | 2024-10-21 | 2025-04-01 | 2026-03-31 | 1
for several years                       | 2022-02-21 | 2022-04-01 | 2026-03-31 | 0
from this year on                       | 2024-02-21 | 2024-04-01 |            | 0
from last year on                       | 2023-02-21 | 2023-04-01 |            | 1
no days, decided within twelve months   | 2024-02-21 |            |            | 0
no days, decided longer ago             | 2023-11-15 |            |            | 1
decided after the as-at date            | 2024-11-16 | 2024-04-01 | 2025-03-31 | 1
"""


@pytest.mark.parametrize("case", drawn(FOR_THE_YEAR), ids=lambda case: case["case"])
def test_an_approval_is_for_the_year_that_its_days_say(case):
    steps = "kind | stage | body | subject | decided_on | valid_from | valid_to\n"
    steps += "plan | approved | cabinet | A plan | 2022-01-01 | |\n"
    steps += " | ".join(
        [
            "budget | approved | full-council | Budget",
            case["decided_on"],
            case.get("valid_from", ""),
            case.get("valid_to", ""),
        ]
    )
    answer = TESTS["approval_is_recorded"](of(steps), **BUDGET)
    assert (answer.population, answer.failed) == (1, int(case["failed"]))


def test_it_is_the_body_s_approval_of_the_kind_with_the_words_that_counts():
    for change in (("approved   | 2024", "considered | 2024"), ("budget    |", "plan      |")):
        assert TESTS["approval_is_recorded"](of(STEPS.replace(*change)), **BUDGET).failed == 1
    assert TESTS["approval_is_recorded"](of(), kind="budget", per="year", subject="BUDG").failed == 0
    answer = TESTS["approval_is_recorded"](of(), kind="budget", per="year", subject="markers of success")
    assert found(answer) == (1, ["Markers of success"])
    assert answer.exceptions["condition"].tolist() == ["No approval for the year 2024-25 is recorded."]


def test_without_a_body_anybody_s_approval_counts():
    cabinet = of(STEPS.replace("full-council", "cabinet     "))
    assert TESTS["approval_is_recorded"](cabinet, kind="budget", per="year").failed == 0


@pytest.mark.parametrize(("named", "failed"), [("pmf-2022-25", 0), ("wpf-2009", 1), ("", 0)])
def test_an_edition_is_approved_where_the_step_names_this_framework_or_none(named, failed):
    steps = STEPS.replace("pmf-2022-25 | 2022    | cabinet", f"{named} | 2022    | cabinet")
    for version in ("2022", "2024", ""):
        made = of(steps.replace("| 2022    | cabinet", f"| {version} | cabinet"))
        answer = TESTS["approval_is_recorded"](made, kind="framework", body="cabinet", per="edition")
        assert (answer.population, answer.failed) == (1, failed)


def test_every_portfolio_that_approvals_or_meetings_name_is_asked():
    steps = """
    kind       | stage    | body    | decided_on | portfolio
    objectives | approved | cabinet | 2024-03-20 | Resources
    objectives | approved | cabinet | 2023-03-20 | Children
    """
    meetings = rows("meetings", [{"body": "portfolio-meeting", "portfolio": "Streets"}])
    made = of(steps)
    made = evidence({**made.tables, "meetings": meetings})
    told = {"kind": "objectives", "body": "cabinet", "each": "portfolio", "per": "year"}
    answer = TESTS["approval_is_recorded"](made, **told)
    assert found(answer) == (3, ["Children", "Streets"])
    assert set(answer.exceptions["condition"]) == {"No approval by Cabinet for the year 2024-25 is recorded."}
    without = TESTS["approval_is_recorded"](not_sent(made, "meetings"), **told)
    assert found(without) == (2, ["Children"])


IN_ORDER = """
case                         | considered | approved   | said
the day before               | 2024-05-13 | 2024-05-14 |
the same day                 | 2024-05-14 | 2024-05-14 | Cabinet approved it on 14 May 2024; Audit Committee considered it on 14 May 2024, not before.
after                        | 2024-07-22 | 2024-05-14 | Cabinet approved it on 14 May 2024; Audit Committee considered it on 22 July 2024, not before.
never                        |            | 2024-05-14 | Cabinet approved it on 14 May 2024; Audit Committee never considered it.
after the as-at date         | 2024-11-16 | 2024-05-14 | Cabinet approved it on 14 May 2024; Audit Committee never considered it.
"""


@pytest.mark.parametrize("case", drawn(IN_ORDER), ids=lambda case: case["case"])
def test_each_edition_is_considered_before_it_is_approved(case):
    steps = (
        STEPS + f"framework | Framework | pmf-2022-25 | 2024 | cabinet | approved | {case['approved']} | |\n"
    )
    if "considered" in case:
        steps += f"framework | Framework | pmf-2022-25 | 2024 | audit-committee | considered | {case['considered']} | |\n"
    answer = TESTS["considered_before_approved"](of(steps), **ORDER)
    assert answer.population == 2
    assert answer.exceptions["condition"].tolist() == ([case["said"]] if "said" in case else [])
    assert answer.exceptions["source_row"].tolist() == ([5] if "said" in case else [])


PLANS_SEEN = """
case                              | considered | a    | edition | then       | asked | said
each plan by itself               | 2024-05-13 | b    | 2024    | 2024-05-14 | 2     | Plan A, edition 2024: Cabinet approved it on 14 May 2024; Audit Committee never considered it.
its own edition                   | 2024-05-13 | a    | 2024    | 2024-05-14 | 2     |
without one, since the last       | 2024-05-13 | a    |         | 2024-05-14 | 2     |
without one, not since the last   | 2023-04-30 | a    |         | 2024-05-14 | 2     | Plan A, approved on 14 May 2024: Cabinet approved it on 14 May 2024; Audit Committee never considered it.
without one, and only afterwards  | 2024-05-20 | a    |         | 2024-05-14 | 2     | Plan A, approved on 14 May 2024: Cabinet approved it on 14 May 2024; Audit Committee considered it on 20 May 2024, not before.
"""


@pytest.mark.parametrize("case", drawn(PLANS_SEEN), ids=lambda case: case["case"])
@pytest.mark.parametrize("ids", [True, False], ids=["by ids", "by the subject"])
def test_a_thing_that_was_considered_speaks_for_no_other_and_for_one_revision_only(case, ids):
    edition = case.get("edition", "")
    steps = [
        ("a", edition and "2022", "audit-committee", "considered", "2023-04-01"),
        ("a", edition and "2022", "cabinet", "approved", "2023-05-01"),
        (case["a"], edition, "audit-committee", "considered", case["considered"]),
        ("a", edition, "cabinet", "approved", case["then"]),
    ]
    lines = [" | ".join([one if ids else "", *more, "plan", f"Plan {one.upper()}"]) for one, *more in steps]
    drawn_steps = "\n".join(["subjects | edition | body | stage | decided_on | kind | subject", *lines])
    answer = TESTS["considered_before_approved"](of(drawn_steps), **{**ORDER, "kind": "plan"})
    rows_of = answer.exceptions
    assert answer.population == int(case["asked"])
    assert (rows_of["subject"] + ": " + rows_of["condition"]).tolist() == [
        one for one in [case.get("said")] if one
    ]


def test_editions_of_another_framework_and_those_not_yet_approved_are_not_asked():
    other = STEPS + "framework | Old | wpf-2009 | 2009 | cabinet | approved | 2009-07-15 | |\n"
    other += "framework | Framework | pmf-2022-25 | 2025 | audit-committee | considered | 2024-10-15 | |\n"
    assert found(TESTS["considered_before_approved"](of(other), **ORDER)) == (1, [])


ITS_DAY = """
case                           | as_at      | closed_on  | population | failed | said
on its day it is not yet due   | 2025-01-31 |            | 0          | 0      |
a day after, never             | 2025-02-01 |            | 1          | 1      | It was to be reviewed by 31 January 2025; no review is recorded.
reviewed late                  | 2025-05-15 | 2025-05-01 | 1          | 0      |
reviewed a year before         | 2025-05-15 | 2024-01-31 | 1          | 0      |
reviewed longer before         | 2025-05-15 | 2024-01-30 | 1          | 1      | It was to be reviewed by 31 January 2025; the last was closed on 30 January 2024.
after the as-at date           | 2025-05-15 | 2025-05-16 | 1          | 1      | It was to be reviewed by 31 January 2025; no review is recorded.
"""


@pytest.mark.parametrize("case", drawn(ITS_DAY), ids=lambda case: case["case"])
def test_the_framework_is_reviewed_by_its_own_day(case):
    reviews = f"register | closed_on\nframework-reviews | {case.get('closed_on', '')}"
    answer = TESTS["framework_is_reviewed"](of(reviews=reviews, as_at=case["as_at"]))
    assert (answer.population, answer.failed) == (int(case["population"]), int(case["failed"]))
    assert "".join(answer.exceptions["condition"]) == case.get("said", "")


@pytest.mark.parametrize("name", ["framework_is_reviewed", "framework_review_is_recorded"])
def test_of_a_register_of_reviews_that_nobody_keeps_nothing_is_known(name):
    other = of(reviews="register | closed_on\ncomplaints | 2024-05-10", as_at="2025-05-15")
    answer = TESTS[name](other)
    assert (answer.population, answer.due) == (0, None)


def test_published_figures_show_no_review():
    answer = TESTS["framework_is_reviewed"](
        replace(not_sent(of(as_at="2025-05-15"), "registers"), is_own=False)
    )
    assert (answer.population, answer.failed) == (1, 1)


YEARLY = """
case                        | as_at      | closed_on  | population | failed | due
a year ago to the day       | 2024-11-15 | 2023-11-15 | 1          | 0      |
a day longer ago            | 2024-11-15 | 2023-11-14 | 1          | 1      |
after the as-at date        | 2024-11-15 | 2024-11-16 | 1          | 1      |
still open                  | 2024-11-15 |            | 1          | 1      |
a framework not a year old  | 2023-06-22 |            | 0          | 0      | 2023-06-22
a framework just a year old | 2023-06-23 |            | 1          | 1      |
"""


@pytest.mark.parametrize("case", drawn(YEARLY), ids=lambda case: case["case"])
def test_the_framework_is_reviewed_within_so_many_months(case):
    reviews = f"register | closed_on\ndocuments | 2024-01-01\nframework-reviews | {case.get('closed_on', '')}"
    answer = TESTS["framework_review_is_recorded"](of(reviews=reviews, as_at=case["as_at"]), months=12)
    assert (answer.population, answer.failed) == (int(case["population"]), int(case["failed"]))
    assert f"{answer.due or ''}" == case.get("due", "")


def test_a_review_of_another_framework_does_not_count_and_the_last_one_is_told():
    reviews = "register | framework | closed_on\nframework-reviews | wpf-2009 | 2024-05-10\nframework-reviews | pmf-2022-25 | 2023-05-10"
    (said,) = TESTS["framework_review_is_recorded"](of(reviews=reviews), months=12).exceptions["condition"]
    assert (
        said
        == "No review within 12 months of the as-at date, 15 November 2024, is recorded; the last was closed on 10 May 2023."
    )


WITH_PLAN = """
case                              | refreshed_on | closed_on  | population | failed | due
within a year after the version   | 2023-02-21   | 2024-02-21 | 1          | 0      |
later                             | 2023-02-21   | 2024-02-22 | 1          | 1      |
within a year before the version  | 2024-02-21   | 2023-02-21 | 1          | 0      |
earlier, and it may still come    | 2024-02-21   | 2023-02-20 | 0          | 0      | 2025-02-21
never refreshed, so from its start |             | 2022-12-31 | 1          | 0      |
refreshed after the as-at date    | 2024-12-01   | 2022-12-31 | 1          | 0      |
"""


@pytest.mark.parametrize("case", drawn(WITH_PLAN), ids=lambda case: case["case"])
def test_a_fuller_review_goes_with_the_newest_version_of_the_plan(case):
    plans = PLANS.replace("2024-02-21", case.get("refreshed_on", ""))
    made = of(reviews=f"register | closed_on\nframework-reviews | {case['closed_on']}", plans=plans)
    answer = TESTS["framework_review_is_recorded"](made, with_plan="council")
    assert (answer.population, answer.failed) == (int(case["population"]), int(case["failed"]))
    assert f"{answer.due or ''}" == case.get("due", "")


def test_without_a_plan_in_force_nothing_goes_with_it():
    ended = of(plans=PLANS.replace("2026-03-31", "2024-03-31"))
    for made in (ended, of(plans=PLANS.replace("council", "service"))):
        assert TESTS["framework_review_is_recorded"](made, with_plan="council").population == 0
    with pytest.raises(NotSentError, match="plans"):
        TESTS["framework_review_is_recorded"](not_sent(of(), "plans"), with_plan="council")


def test_what_a_clause_may_tell_is_a_closed_list():
    for wrong in ({"per": "month"}, {"each": "ward"}):
        with pytest.raises(PolicyError, match=f"'{next(iter(wrong.values()))}' is not a known"):
            TESTS["approval_is_recorded"](of(), **(BUDGET | wrong))


def test_the_framework_of_2009_is_asked_under_its_own_id():
    steps = (
        STEPS.replace("pmf-2022-25", "wpf-2009")
        .replace("2022-04-28", "2009-06-18")
        .replace("2022-06-22", "2009-07-15")
    )
    made = of_2009({"approvals": rows("approvals", drawn(steps))}, directorate="")
    assert found(TESTS["considered_before_approved"](made, **ORDER)) == (1, [])
    assert found(TESTS["considered_before_approved"](of(), **ORDER)) == (1, [])
