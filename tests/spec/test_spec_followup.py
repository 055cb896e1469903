"""Where a recommendation stands, as drawn tables: from one issued report to the next."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases
from pandas.testing import assert_frame_equal

from pmf_lib.assurance.followup import chain
from pmf_lib.assurance.followup.answered import answered
from pmf_lib.assurance.followup.chain import Asked, followed
from pmf_lib.assurance.followup.others import others

DAYS = {
    "1": ("2024-25 Q1", date(2024, 8, 15)),
    "2": ("2024-25 Q2", date(2024, 11, 15)),
    "3": ("2024-25 Q3", date(2025, 2, 14)),
    "4": ("2024-25 Q4", date(2025, 5, 15)),
}
"""Quarter → its label, and its as-at date; what is raised in it is asked for within five months, so past the next report's."""
RESULTS = {
    "-": "not_met",
    "~": "partly",
    "+": "met",
    "?": "no_evidence",
    "v": "varied",
    "!": "not_due",
    "0": "not_applicable",
}
RAISED = ("not_met", "partly")
UNITS = {"childrens": "Children's Services", "council": "Whole council"}

CHAINS = """
| told        | states                            | raised | why                                                      |
| 1-          | new                               | 1      |                                                          |
| 1~ 2-       | new open                          | 2      | partly met is not met yet                                |
| 1- 2- 3-    | new open overdue                  | 3      | its day has gone by                                      |
| 1- 2+       | new closed                        | 1      |                                                          |
| 1- 2+ 3+    | new closed closed                 | 1      |                                                          |
| 1- 2+ 3-    | new closed reopened               | 2      |                                                          |
| 1- 2+ 3- 4- | new closed reopened open          | 3      | asked for anew when it came back                         |
| 1- 2+ 3- 4+ | new closed reopened closed        | 2      |                                                          |
| 1- 2?       | new not_known                     | 1      | nothing known is never a pass                            |
| 1- 2!       | new not_known                     | 1      |                                                          |
| 1- 20       | new not_known                     | 1      | nothing arose, which is no pass                          |
| 1- 2? 3+    | new not_known closed              | 1      |                                                          |
| 1- 2? 3-    | new not_known overdue             | 2      | it was raised before, and its day has gone by            |
| 1- 2+ 3?    | new closed closed                 | 1      | tested and met once: closed until it is raised again     |
| 1- 2v       | new varied                        | 1      |                                                          |
| 1- 2v 3-    | new varied overdue                | 2      | the variation has ended                                  |
| 1- 2+ 3v    | new closed closed                 | 1      |                                                          |
| 1- 2x       | new not_known                     | 1      | the framework no longer asks it                          |
| 1- 2u       | new not_known                     | 1      | the unit is gone                                         |
| 1- 2m       | new not_known                     | 1      | no results of the unit were read                         |
| 1- 3-       | new overdue                       | 2      | a quarter was skipped                                    |
| 1- 4+       | new closed                        | 1      | two were skipped                                         |
| 1+ 2-       | . new                             | 1      | what is met raises nothing                               |
| 1? 2v 3-    | . . new                           | 1      |                                                          |
| 1- 1-       | new new                           | 1      | a version put right: counted once, and still new         |
| 1- 2- 2-    | new open open                     | 2      |                                                          |
| 1- 2- 2- 3- | new open open overdue             | 3      |                                                          |
| 1- 2- 2+    | new open closed                   | 2      |                                                          |
| 1- 2+ 2-    | new closed open                   | 2      | it was closed by mistake, so it did not come back        |
| 1- 2+ 2?    | new closed not_known              | 1      | neither is it closed any more                            |
| 1- 1+       | new closed                        | 1      | raised by mistake, and kept on the list                  |
| 1- 1+ 1-    | new closed new                    | 1      |                                                          |
| 1- 1+ 2-    | new closed reopened               | 2      |                                                          |
| 1- 2+ 3- 3- | new closed reopened reopened      | 2      |                                                          |
| 1- 2+ 3- 3+ | new closed reopened closed        | 2      |                                                          |
| 1- 2+ 3- 3? | new closed reopened not_known     | 2      |                                                          |
"""


def asked(quarter, last="", *, units=UNITS, read=tuple(UNITS), clauses=("a", "b")):
    label, as_at = DAYS[quarter]
    return Asked(label, DAYS[last][0] if last else "", as_at, units, read, clauses)


def rows(quarter, results):
    """Findings and results of a report, from id → result; ids are 'clause/unit'."""
    by = pd.Timestamp(DAYS[quarter][1]) + pd.DateOffset(months=5)
    told = [(name, *name.split("/"), RESULTS[mark]) for name, mark in results.items() if mark in RESULTS]
    frame = pd.DataFrame(told, columns=["id", "clause", "unit_id", "result"], dtype="str")
    frame = frame.assign(
        unit=frame["unit_id"].map(UNITS),
        what="What " + frame["clause"],
        why="Told: " + frame["result"],
        owner="Head of Bins",
        by=by,
    )
    return frame[frame["result"].isin(RAISED)], frame[["id", "result", "why"]]


def report(last, quarter, before="", /, **results):
    """The list of one report on clause a (or what `results` name) of the directorate."""
    given = results.pop("of", None) or {"a/childrens": results.pop("a")}
    return followed(last, *rows(quarter, given), asked(quarter, before, **results))


GONE = {"x": {"clauses": ("b",)}, "u": {"units": {"council": "Whole council"}}, "m": {"read": ("council",)}}
"""Mark → what is not there any more."""


def told_through(steps):
    """The lists of one report after the other: each step is a quarter and what its test found."""
    lists, last, before = [], chain.nothing(), ""
    for step in steps.split():
        last = report(last, step[0], before, a=step[1], **GONE.get(step[1], {}))
        before = step[0]
        lists.append(last)
    return lists


@pytest.mark.parametrize("case", cases(CHAINS))
def test_a_recommendation_is_followed_from_report_to_report(case):
    lists = told_through(case["told"])
    assert [rows["state"].iloc[0] if len(rows) else "." for rows in lists] == case["states"].split()
    assert lists[-1]["raised_n"].tolist() == [int(case["raised"])]


WHEN = """
| told        | raised_in  | closed_in  | asked_by   | why                                                 |
| 1- 2- 3-    | 2024-25 Q1 |            | 2025-01-15 | the day first asked for stays                       |
| 1- 3-       | 2024-25 Q1 |            | 2025-01-15 |                                                     |
| 1- 2+ 3+    | 2024-25 Q1 | 2024-25 Q2 | 2025-01-15 | closed when it was first met                        |
| 1- 2+ 3-    | 2024-25 Q1 | 2024-25 Q2 | 2025-07-14 | asked for anew, and when it was closed is not lost  |
| 1- 2+ 3- 4- | 2024-25 Q1 |            | 2025-07-14 |                                                     |
| 1- 2+ 3- 3- | 2024-25 Q1 | 2024-25 Q2 | 2025-07-14 |                                                     |
| 1- 2+ 3- 3+ | 2024-25 Q1 | 2024-25 Q2 | 2025-07-14 | it never came back, so it was closed all the while  |
| 1- 2- 2+    | 2024-25 Q1 | 2024-25 Q2 | 2025-01-15 |                                                     |
"""


@pytest.mark.parametrize("case", cases(WHEN))
def test_a_list_says_when_each_was_raised_and_closed_and_by_when_it_is_asked_for(case):
    row = told_through(case["told"])[-1].iloc[0]
    assert row["raised_in"] == case["raised_in"]
    assert row["closed_in"] == case.get("closed_in", "")
    assert row["asked_by"] == row["due_on"] == pd.Timestamp(case["asked_by"])


def test_what_can_not_be_told_any_more_says_why():
    says = [told_through(f"1- 2{mark}")[-1]["why"].iloc[0] for mark in "xum?"]
    assert says == [chain.NOT_ASKED, chain.NO_UNIT, chain.NOT_READ, "Told: no_evidence"]


def test_a_clause_that_is_no_duty_any_more_gives_no_result_and_is_not_known():
    last = report(chain.nothing(), "1", a="-")
    now = report(last, "2", "1", of={"b/childrens": "+"})
    assert now[["state", "why"]].to_numpy().tolist() == [["not_known", chain.NOT_ASKED]]


def test_a_unit_that_was_renamed_keeps_its_recommendation_under_its_new_name():
    last = report(chain.nothing(), "1", a="-")
    for mark in "-+?":
        now = report(
            last, "2", "1", a=mark, units={"childrens": "Children and Families", "council": "Whole council"}
        )
        assert now["raised_in"].tolist() == ["2024-25 Q1"]
        assert now["unit"].tolist() == (["Children and Families"])


def test_a_unit_that_is_gone_keeps_the_name_that_it_had():
    assert told_through("1- 2u")[-1]["unit"].tolist() == ["Children's Services"]


def test_what_asks_most_of_a_reader_comes_first():
    first = report(
        chain.nothing(), "1", of={"a/childrens": "-", "a/council": "-", "b/council": "-", "c/council": "-"}
    )
    second = report(
        first, "2", "1", of={"a/childrens": "-", "a/council": "+", "b/council": "+", "c/council": "?"}
    )
    third = report(
        second,
        "3",
        "2",
        of={"a/childrens": "-", "a/council": "-", "b/council": "+", "d/council": "-", "c/council": "?"},
    )
    assert third["state"].tolist() == ["overdue", "reopened", "new", "not_known", "closed"]


ANSWERS = """
| answer   | due        | state   | due_on     | shown    | why                                                     |
|          |            | overdue | 2025-01-15 | none     |                                                         |
| accepted | 2025-06-30 | open    | 2025-06-30 | accepted | the day that management accepted counts                 |
| accepted | 2024-12-01 | overdue | 2024-12-01 | accepted | also where it is the earlier one                        |
| accepted | 2025-02-14 | open    | 2025-02-14 | accepted | on its day it is not past it                            |
| rejected |            | overdue | 2025-01-15 | rejected | the duty stands: the day asked for counts               |
"""


def answer(unit="childrens", clause="a", **said):
    row = {
        "unit_id": unit,
        "clause": clause,
        "answer": "accepted",
        "action": "Do it",
        "owner": "Director",
        "due_on": "2025-06-30",
    }
    return pd.DataFrame([row | said]).astype({"due_on": "datetime64[us]"})


@pytest.mark.parametrize("case", cases(ANSWERS))
def test_managements_answer_sets_the_day(case):
    last = report(chain.nothing(), "1", a="-")
    if "answer" in case:
        last = answered(last, answer(answer=case["answer"], due_on=case.get("due")))
    row = report(last, "3", "1", a="-").iloc[0]
    assert (row["state"], row["due_on"], row["answer"]) == (
        case["state"],
        pd.Timestamp(case["due_on"]),
        case["shown"],
    )
    assert row["owner"] == ("Director" if "answer" in case else "Head of Bins")


def test_an_answer_goes_with_its_recommendation_until_it_is_closed_and_comes_back():
    first = answered(report(chain.nothing(), "1", a="-"), answer())
    second = report(first, "2", "1", a="-")
    third = report(second, "3", "2", a="+")
    fourth = report(third, "4", "3", a="-")
    told = [rows[["answer", "action", "owner"]].iloc[0].tolist() for rows in (second, third, fourth)]
    assert told == [["accepted", "Do it", "Director"]] * 2 + [["none", "", "Head of Bins"]]


def test_the_last_answer_counts_and_one_about_something_else_changes_nothing():
    last = report(chain.nothing(), "1", a="-")
    both = pd.concat([answer(answer="rejected", action="No money", due_on=None), answer(due_on="2025-03-31")])
    assert answered(last, both)[["answer", "due_on"]].to_numpy().tolist() == [
        ["accepted", pd.Timestamp("2025-03-31")]
    ]
    for other in (answer(unit="council"), answer(clause="b"), answer().iloc[:0]):
        assert_frame_equal(answered(last, other), last)


def test_what_is_closed_takes_no_answer():
    closed = told_through("1- 2+")[-1]
    assert_frame_equal(answered(closed, answer()), closed)


def test_a_list_that_is_followed_changes_nothing_in_place():
    last = report(chain.nothing(), "1", a="-")
    kept = last.copy(deep=True)
    report(last, "2", "1", a="+")
    answered(last, answer())
    assert_frame_equal(last, kept)


OTHERS = """
| response | due        | done       | once       | state    | why                                                  |
| awaited  |            |            |            | open     |                                                      |
| accepted | 2024-12-01 |            |            | open     |                                                      |
| accepted | 2024-11-15 |            |            | open     | on its day it is not past it                         |
| accepted | 2024-11-14 |            |            | overdue  |                                                      |
| partly   | 2024-11-14 |            |            | overdue  |                                                      |
| accepted | 2024-11-14 | 2024-11-15 |            | done     |                                                      |
| accepted | 2024-11-14 | 2024-11-16 |            | overdue  | done on a day that has not come                      |
| rejected | 2024-11-14 |            |            | declined |                                                      |
| rejected |            | 2024-10-01 |            | done     | done all the same                                    |
| accepted | 2024-12-01 |            | 2024-09-01 | reopened | an earlier row called it done, and this one does not |
| accepted | 2024-11-01 |            | 2024-09-01 | reopened |                                                      |
| accepted | 2024-11-01 | 2024-10-01 | 2024-09-01 | done     |                                                      |
"""


def advice(**row):
    given = {
        "recommendation_id": "r",
        "assurance_id": "audit",
        "made_by": "",
        "directorate": "",
        "title": "Keep lists",
        "owner": "Head",
    }
    days = {"raised_on": "2024-01-01", "due_on": None, "done_on": None, "response": "awaited"}
    frame = pd.DataFrame([given | days | row])
    return frame.astype(dict.fromkeys(("raised_on", "due_on", "done_on"), "datetime64[us]"))


def told_of(*given, history=None, providers=None, bodies=None):
    frame = pd.concat(given, ignore_index=True)
    sources = pd.Series({"audit": "Head of Internal Audit"} if providers is None else providers, dtype="str")
    return others(frame, frame if history is None else history, sources, bodies or {}, DAYS["2"][1])


@pytest.mark.parametrize("case", cases(OTHERS))
def test_what_others_recommended_stands_by_its_days(case):
    now = advice(response=case["response"], due_on=case.get("due"), done_on=case.get("done"))
    history = pd.concat([advice(done_on=case.get("once")), now])
    assert told_of(now, history=history)["state"].tolist() == [case["state"]]


def test_what_was_recommended_later_is_not_known_yet():
    assert told_of(advice(raised_on="2024-11-16")).empty


def test_who_recommended_it_is_the_source_of_assurance_or_else_the_body_that_made_it():
    three = (advice(), advice(assurance_id="", made_by="scrutiny"), advice(assurance_id="lost"))
    assert told_of(*three, bodies={"scrutiny": "Scrutiny"})["by_whom"].tolist() == [
        "Head of Internal Audit",
        "Scrutiny",
        "",
    ]


def test_of_others_what_is_overdue_comes_first_and_what_is_done_last():
    days = ({"done_on": "2024-05-01"}, {}, {"response": "rejected"}, {"due_on": "2024-05-01"})
    four = [advice(recommendation_id=f"r-{place}", **row) for place, row in enumerate(days)]
    assert told_of(*four)["state"].tolist() == ["overdue", "open", "declined", "done"]
