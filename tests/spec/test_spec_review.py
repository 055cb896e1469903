"""The year in review, as drawn tables: the course of a duty, recommendations and actions of the year, what was gained and lost."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases

from pmf_lib import framework as frameworks
from pmf_lib.assurance.review import actions, course, duties, gains, recommendations
from pmf_lib.framework import crosswalks
from pmf_lib.periods import parse

QUARTERS = ["2023-24 Q1", "2023-24 Q2", "2023-24 Q3", "2023-24 Q4"]
YEAR, AS_AT = parse("2023-24", "year"), date(2024, 5, 15)
WORDS = {
    "+": "met",
    "~": "partly",
    "-": "not_met",
    "?": "no_evidence",
    "!": "not_due",
    "0": "not_applicable",
    "v": "varied",
}


def found(duty: str = "a", unit: str = "A", force: str = "duty", results: str = "++++") -> pd.DataFrame:
    """One duty's results by quarter, a sign a quarter; a dot is a quarter without a row."""
    rows = [(label, WORDS[sign]) for label, sign in zip(QUARTERS, results, strict=True) if sign != "."]
    made = pd.DataFrame(rows, columns=["quarter", "result"])
    return made.assign(unit=unit, clause=duty, what=f"What {duty}", source="1", group="g", force=force)


COURSES = """
| results | course    | tested_n | is_dark | why                                                    |
| ++++    | held      | 4        |         |                                                        |
| ?+?+    | held      | 2        |         | a quarter without a test hides nothing and adds nothing |
| ---~    | rose      | 4        |         |                                                        |
| -~++    | rose      | 4        |         |                                                        |
| +++~    | fell      | 4        |         |                                                        |
| ~++-    | fell      | 4        |         | the ends tell                                          |
| +?-?    | fell      | 2        | yes     | and it can't be told any more                          |
| +-++    | wavered   | 4        |         | it came back                                           |
| ~~~~    | weak      | 4        |         |                                                        |
| ?--?    | weak      | 2        | yes     |                                                        |
| +++?    | held      | 3        | yes     | what went dark is no fall, and is told apart           |
| +++0    | held      | 3        |         | nothing arose: that is no darkness                     |
| !!-!    | weak      | 1        |         |                                                        |
| ????    | never     | 0        |         | nothing known is never a pass                          |
| !!!?    | never     | 0        |         |                                                        |
| !!!!    | not_asked | 0        |         |                                                        |
| 00v.    | not_asked | 0        |         |                                                        |
| ...+    | held      | 1        |         |                                                        |
"""


@pytest.mark.parametrize("case", cases(COURSES))
def test_a_duty_takes_its_course_by_the_quarters_in_which_it_could_be_tested(case):
    (row,) = course.over_year(found(results=case["results"]), QUARTERS).to_dict("records")
    assert row["course"] == case["course"]
    assert row["tested_n"] == int(case["tested_n"])
    assert row["is_dark"] == ("is_dark" in case)


def test_each_quarters_result_stands_in_its_column_and_an_absent_one_is_empty():
    (row,) = course.over_year(found(results="+~.-"), QUARTERS).to_dict("records")
    assert [row[label] for label in QUARTERS] == ["met", "partly", "", "not_met"]
    assert (row["first"], row["last"]) == ("met", "not_met")


def test_good_practice_has_no_course():
    assert course.over_year(found(force="good practice"), QUARTERS).empty


OVER_UNITS = """
| A    | B    | course    | why                                      |
| ++++ | ++++ | held      |                                          |
| ++++ | ????  | held      | one unit that was never tested hides nothing |
| +++- | --++ | fell      | a fall in one unit outweighs a rise      |
| ~~~~ | --++ | weak      |                                          |
| ++++ | --++ | rose      |                                          |
| ???? | !!!! | never     |                                          |
"""


@pytest.mark.parametrize("case", cases(OVER_UNITS))
def test_over_units_a_duty_is_counted_once_at_its_worst(case):
    rows = pd.concat([found(unit=unit, results=case[unit].strip()) for unit in "AB"], ignore_index=True)
    (row,) = course.by_clause(course.over_year(rows, QUARTERS)).to_dict("records")
    assert (row["course"], row["units_n"]) == (case["course"], 2)


def test_courses_add_up_to_the_duties_and_the_worst_stands_first():
    rows = pd.concat([found("x"), found("y", results="+++-"), found("z", results="????")], ignore_index=True)
    told = course.by_clause(course.over_year(rows, QUARTERS))
    counts = course.counts(told)
    assert told["clause"].tolist() == ["y", "x", "z"]
    assert sum(counts.values()) == len(told)
    assert (counts["fell"], counts["held"], counts["never"]) == (1, 1, 1)


def test_the_order_of_rows_changes_no_course():
    rows = pd.concat(
        [found(unit=unit, results=signs) for unit, signs in (("A", "+~-+"), ("B", "-~++"))], ignore_index=True
    )
    one, other = (
        course.over_year(made, QUARTERS).set_index("unit")["course"].to_dict() for made in (rows, rows[::-1])
    )
    assert one == other == {"A": "wavered", "B": "rose"}


RECOMMENDATIONS = """
| raised     | response | responded  | due        | done       | state        | new |
| 2023-06-01 | accepted | 2023-07-01 | 2024-01-01 | 2023-12-01 | done_in_time | yes |
| 2023-06-01 | accepted | 2023-07-01 | 2024-01-01 | 2024-02-01 | done_late    | yes |
| 2023-06-01 | accepted | 2023-07-01 | 2024-01-01 |            | overdue      | yes |
| 2023-06-01 | accepted | 2023-07-01 | 2024-05-15 |            | open         | yes |
| 2023-06-01 | accepted | 2023-07-01 | 2024-01-01 | 2024-06-01 | overdue      | yes |
| 2023-06-01 | accepted | 2023-07-01 |            |            | no_day       | yes |
| 2023-06-01 | awaited  |            |            |            | awaited      | yes |
| 2023-06-01 | accepted | 2024-06-01 | 2024-09-01 |            | awaited      | yes |
| 2023-06-01 | rejected | 2023-07-01 |            |            | rejected     | yes |
| 2022-06-01 | accepted | 2022-07-01 | 2023-06-01 | 2023-05-01 | done_in_time |     |
| 2022-06-01 | accepted | 2022-07-01 | 2023-06-01 |            | overdue      |     |
| 2022-06-01 | accepted | 2022-07-01 | 2023-01-01 | 2023-01-01 |              |     |
| 2022-06-01 | rejected | 2022-07-01 |            |            |              |     |
| 2024-04-10 | awaited  |            |            |            |              |     |
"""


@pytest.mark.parametrize("case", cases(RECOMMENDATIONS))
def test_a_recommendation_of_the_year_stands_as_it_was_answered_and_done(case):
    days = {name: pd.Timestamp(case.get(name)) for name in ("raised", "responded", "due", "done")}
    row = {f"{name}_on": [day] for name, day in days.items()}
    texts = dict.fromkeys(["recommendation_id", "title", "directorate", "owner", "priority"], "x")
    given = pd.DataFrame({**row, "response": [case["response"]], **texts})
    told = recommendations.of_year(given, YEAR, AS_AT)
    assert told["state"].tolist() == ([case["state"]] if "state" in case else [])
    assert told["is_new"].tolist() == (["new" in case] if "state" in case else [])
    assert sum(recommendations.counts(told).values()) == len(told)


ACTIONS = """
| raised     | due        | done       | stopped    | state        | why                              |
| 2023-05-01 | 2023-09-01 | 2023-08-01 |            | done_in_time |                                  |
| 2023-05-01 | 2023-09-01 | 2023-10-01 |            | done_late    |                                  |
| 2023-05-01 |            | 2023-10-01 |            | done_in_time | without a day nothing is late    |
| 2023-05-01 | 2023-09-01 |            |            | overdue      |                                  |
| 2023-05-01 | 2024-09-01 |            |            | under_way    |                                  |
| 2023-05-01 | 2023-09-01 |            | 2023-08-01 | stopped      |                                  |
| 2023-05-01 | 2023-09-01 |            | 2024-06-01 | overdue      | it is stopped after the as-at date |
| 2022-05-01 | 2022-09-01 | 2022-10-01 |            |              | done before the year             |
| 2022-05-01 | 2022-09-01 |            | 2023-04-01 | stopped      | in hand on the year's first day  |
| 2024-04-10 | 2024-09-01 |            |            |              | begun after the year             |
"""


@pytest.mark.parametrize("case", cases(ACTIONS))
def test_an_action_in_hand_in_the_year_stands_by_its_days(case):
    days = {f"{name}_on": [pd.Timestamp(case.get(name))] for name in ("raised", "due", "done", "stopped")}
    texts = dict.fromkeys(["action_id", "title", "directorate", "owner"], "x")
    told = actions.of_year(pd.DataFrame({**days, **texts}), YEAR, AS_AT)
    assert told["state"].tolist() == ([case["state"]] if "state" in case else [])


def test_an_action_that_was_to_move_several_figures_is_told_by_the_one_that_moved_most_for_the_better():
    rows = [("x", "no_change"), ("x", "better"), ("y", "too_early"), ("y", "worse"), ("z", "not_testable")]
    given = pd.DataFrame(rows, columns=["action_id", "effect"]).assign(
        title="t", owner="o", done_on=pd.NaT, measure="m", why="w"
    )
    told = actions.by_action(given)
    assert dict(zip(told["action_id"], told["effect"], strict=True)) == {
        "x": "better",
        "y": "worse",
        "z": "not_testable",
    }
    assert actions.outcomes(told) == {
        "better": 1,
        "worse": 1,
        "no_change": 0,
        "too_early": 0,
        "not_testable": 1,
    }


def test_what_papers_raised_is_told_by_the_newest_of_them_and_of_the_year_alone():
    rows = [
        ("2023-24 Q1", "a", "new", "2023-24 Q1", ""), ("2023-24 Q2", "a", "closed", "2023-24 Q1", "2023-24 Q2"),
        ("2023-24 Q2", "b", "overdue", "2022-23 Q3", ""), ("2023-24 Q2", "c", "closed", "2022-23 Q1", "2022-23 Q4"),
    ]  # fmt: skip
    lists = pd.DataFrame(rows, columns=["quarter", "id", "state", "raised_in", "closed_in"])
    told = recommendations.raised(lists, QUARTERS)
    assert told.set_index("id")[["state", "is_new"]].to_dict("index") == {
        "a": {"state": "closed", "is_new": True},
        "b": {"state": "overdue", "is_new": False},
    }


def test_of_the_frameworks_own_review_what_asks_for_something_stands_first_and_what_has_no_test_last():
    framework = frameworks.load("pmf-2022-25")
    rows = pd.DataFrame(
        [
            ("annual-review", "duty", "met", "Tested and in order."), ("fuller-review", "duty", "not_met", "Not in order: 1 of 1 tested."),
            ("council-plan", "duty", "not_met", "of another group"),
        ],
        columns=["clause", "force", "result", "why"],
    ).assign(unit="Whole council", what="What", source="1")  # fmt: skip
    said = pd.DataFrame(
        {"unit": ["Whole council"], "clause": ["fuller-review"], "condition": ["No review is recorded."]}
    )
    told = duties.own_review(rows, said, framework)
    assert told["clause"].tolist() == ["fuller-review", "annual-review", "drafting-consulted"]
    assert told["why"].tolist()[0] == "No review is recorded."
    assert told["result"].tolist() == ["not_met", "met", ""]


def test_a_framework_is_past_its_review_from_the_day_after_its_own_date():
    framework = frameworks.load("pmf-2022-25")
    assert [duties.past_review(framework, date(2025, *day)) for day in ((1, 31), (2, 1))] == [0, 1]
    assert duties.past_review(frameworks.load("wpf-2009"), AS_AT) == 0


def test_what_was_gained_and_lost_is_told_with_each_documents_words_and_sections():
    rows = gains.beside(crosswalks.of("pmf-2022-25")[0], "node").set_index("relation")
    lost, gained = rows.loc["lost"], rows.loc["gained"]
    assert (lost["old_words"], lost["old_source"]) == (
        "Internal driver 3. Taking forward the transformation agenda",
        "2",
    )
    assert (lost["new_words"], lost["new_source"]) == ("", "")
    assert gained["new"].tolist() == ["marker-12", "marker-14"]
    assert set(gained["new_source"]) == {"3.1, table"}


def test_each_thing_of_the_older_framework_is_counted_once():
    rows = gains.beside(crosswalks.of("wpf-2009")[0], "node")
    counts = gains.counts(rows)
    assert counts == {"lost": 1, "gained": 2, "changed": 5, "kept": 4}
    assert (
        counts["lost"] + counts["changed"] + counts["kept"]
        == rows.loc[rows["old"] != "", "old"].nunique()
        == 10
    )


def test_a_group_cites_every_section_of_its_clauses_and_a_clause_its_force():
    found = crosswalks.of("pmf-2022-25")[0]
    boards = gains.beside(found, "group").set_index("old").loc["boards"]
    assert boards["old_words"] == "Performance boards (17)"
    assert boards["old_source"].startswith("3, 7 performance boards, 7 core agenda")
    review = gains.beside(found, "clause").set_index("new").loc["annual-review"]
    assert review["old_words"].endswith("(good practice)")
    assert review["new_words"].endswith("(duty)")
