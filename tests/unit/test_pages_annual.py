"""The annual review's page: sentences of the year, proposals, the draft statement, and what is said where nothing is known."""

import json
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance.review import actions, course, recommendations
from pmf_lib.errors import ParameterError
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.workbook import reviewed
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.annual import (
    answered,
    courses,
    own_review,
    review,
    statement,
    year_limits,
    year_words,
)
from pmf_lib.workbook.pages.annual.told import PLACES, Told, last_recorded
from pmf_lib.workbook.pieces.words import slug
from pmf_lib.workbook.results import Collected
from pmf_lib.workbook.reviewed import Quarter, Year

FRAMEWORK = frameworks.load("pmf-2022-25")
SCHEMES = schemes()
LAST = parse_quarter("2023-24 Q4")
QUARTERS = tuple(LAST.shift(-step) for step in (3, 2, 1, 0))
SIGNS = {"+": "met", "~": "partly", "-": "not_met", "?": "no_evidence"}
WHOLE = "Whole council"


def book(
    *, own: bool = True, framework: Any = FRAMEWORK, as_at: date = date(2024, 5, 15), issued: str = ""
) -> Any:
    units = tuple(
        SimpleNamespace(id=name.lower(), name=name, director=f"Director of {name}") for name in "AB"
    )
    reads = pd.DataFrame({"table": list(ARRANGEMENTS), "is_sent": True})
    return SimpleNamespace(
        has_own_records=own, framework=framework, schemes=SCHEMES, quarter=LAST, as_at=as_at, unit=None,
        council=SimpleNamespace(directorates=units, id="sample"), parameters={"edition": "full", "issued": issued},
        snapshot=SimpleNamespace(table={"reads": reads}.__getitem__),
    )  # fmt: skip


def duties(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """One row per quarter of each (duty, unit, a sign a quarter)."""
    made = [
        (quarter.label, unit, name, SIGNS[sign])
        for name, unit, signs in rows
        for quarter, sign in zip(QUARTERS, signs, strict=True)
    ]
    frame = pd.DataFrame(made, columns=["quarter", "unit", "clause", "result"])
    return frame.assign(what="What " + frame["clause"], source="1", group="planning", force="duty")


def told(found: pd.DataFrame | None = None, **more: Any) -> Told:
    rows = duties(("x", "A", "++++")) if found is None else found
    quarters = tuple(Quarter(one, is_own=one == LAST) for one in QUARTERS)
    over = course.over_year(rows, [one.label for one in QUARTERS])
    nothing: dict[str, Any] = dict.fromkeys(["bodies", "actions", "outcomes", "recommendations", "raised"])
    records = SimpleNamespace(council=None)
    own = more.pop("own_review", of_review())
    return Told(
        year=Year(quarters, rows, pd.DataFrame(), None), records=records, courses=over, duties=course.by_clause(over), own_review=own,
        **{**nothing, **more},
    )  # type: ignore[arg-type]  # fmt: skip


def of_review(*results: str) -> pd.DataFrame:
    columns = ["clause", "what", "source", "force", "is_duty", "unit", "result", "why"]
    rows = [
        (f"r{n}", f"Rule {n}", "7.1", "duty", True, WHOLE, result, "Why.") for n, result in enumerate(results)
    ]
    return pd.DataFrame(rows, columns=columns).astype({"is_duty": bool})


def stand(states: dict[str, int], **more: Any) -> pd.DataFrame:
    rows = [state for state, count in states.items() for _ in range(count)]
    made = pd.DataFrame({"state": pd.Series(rows, dtype="str")})
    titles = [f"Thing {number}" for number in range(len(rows))]
    return made.assign(title=titles, owner="Head", due_on=pd.Timestamp("2024-01-31"), **more)


def effects(**counts: int) -> pd.DataFrame:
    rows = [effect for effect, count in counts.items() for _ in range(count)]
    made = pd.DataFrame({"effect": pd.Series(rows, dtype="str")})
    return made.assign(
        title=[f"Act {n}" for n in range(len(rows))],
        measure="Bins",
        owner="Head",
        why="So.",
        done_on=pd.Timestamp("2023-09-01"),
    )


def test_each_duty_is_counted_once_and_the_counts_make_the_whole() -> None:
    found = duties(
        ("x", "A", "++++"), ("y", "A", "+++-"), ("y", "B", "--++"), ("z", "A", "~~~~"), ("w", "A", "????")
    )
    assert year_words.duties(told(found)).plain == (
        "Of four duties with a test and asked in the year, one was fully met whenever it could be tested, one fell in some unit, one "
        "stayed weak in some unit and one could never be tested."
    )


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        ("++++", "All 4 duties held whenever tested this year"),
        ("+++-", "0 of 4 duties held whenever tested this year; four fell"),
        (
            "????",
            "No duty could be tested in any quarter: nothing shows whether the framework worked this year",
        ),
    ],
)
def test_the_headline_says_whether_the_framework_worked(signs: str, said: str) -> None:
    found = duties(*((name, "A", signs) for name in "wxyz"))
    assert review._headline(book(), told(found)) == said


def test_the_headline_hides_no_duty_that_could_never_be_tested() -> None:
    found = duties(("w", "A", "++++"), ("x", "A", "????"), ("y", "A", "????"))
    said = review._headline(book(), told(found))
    assert said == "The one duty held whenever tested this year; two could never be tested"


def test_records_that_break_off_before_the_year_ends_are_said_first_in_the_draft_and_among_the_limits() -> (
    None
):
    silent = told(last_recorded=date(2024, 3, 30))
    said = "No record of plans, meetings, actions or the like was made after 30 March 2024"
    assert review.summary(book(), silent).plain.startswith(f"Warning: {said}")
    assert said in statement.draft(book(), silent).plain
    assert said in year_limits.limits(book(), silent, Collected({}, is_recorded=True)).plain
    for known in (date(2024, 3, 31), date(2024, 5, 1), None):
        assert "No record of plans" not in review.summary(book(), told(last_recorded=known)).plain


def test_what_was_recorded_last_counts_by_the_as_at_date_and_of_own_records_alone() -> None:
    days = pd.DataFrame({"recorded_at": pd.to_datetime(["2024-01-10", "2024-05-15", "2024-05-16"])})
    reads = pd.DataFrame({"table": ["plans", "measures"], "is_sent": True})
    tables = {"reads": reads, "plans": days, "measures": days}
    given = SimpleNamespace(
        **{**vars(book()), "looks_back": False, "snapshot": SimpleNamespace(table=tables.__getitem__)}
    )
    assert last_recorded(given) == date(2024, 5, 15)
    given.has_own_records = False
    assert last_recorded(given) is None


def test_the_parts_of_the_headline_add_up_to_every_duty_that_was_tested() -> None:
    found = duties(("w", "A", "++++"), ("x", "A", "+-++"), ("y", "A", "---+"))
    said = review._headline(book(), told(found))
    assert said == "1 of 3 duties held whenever tested this year; one moved and came back and one rose"


def test_what_is_all_of_one_kind_is_said_plainly() -> None:
    assert (
        year_words.duties(told()).plain
        == "The one duty with a test and asked in the year was fully met whenever it could be tested."
    )
    both = told(outcomes=effects(better=2))
    assert year_words.outcomes(both).plain == (
        "Both actions done in the year or the one before that can be judged were followed by a real change for the better."
    )


def test_actions_of_which_nothing_can_be_told_are_counted_apart() -> None:
    said = year_words.outcomes(told(outcomes=effects(better=1, worse=2, too_early=1, not_testable=2))).plain
    assert said.startswith("Of three actions done")
    assert said.endswith(
        "and two were followed by a change for the worse. Of three more nothing can be told, or not yet."
    )
    assert "can be judged." in year_words.outcomes(told(outcomes=effects(too_early=1))).plain


@pytest.mark.parametrize(
    "piece", [year_words.bodies, year_words.outcomes, year_words.done, year_words.followed]
)
def test_a_table_that_nobody_sent_is_said_so_and_never_counted_as_none(piece: Any) -> None:
    said = piece(told()).plain
    assert said.startswith("Nobody sent the table of ")
    assert " no " not in said


def test_recommendations_and_actions_add_up_in_their_sentences() -> None:
    given = stand({"overdue": 1, "done_in_time": 2}, is_new=[True, True, False])
    assert year_words.followed(told(recommendations=given)).plain == (
        "Of three recommendations of others (two made in the year, the rest open when it began), two were carried out in time and one is "
        "overdue."
    )
    assert set(recommendations.STATES) == set(year_words.FOLLOWED)
    assert set(actions.STATES) == set(year_words.DONE)
    assert set(actions.JUDGED) == set(year_words.OUTCOMES)
    assert set(course.COURSES) - {"not_asked"} == set(year_words.COURSE)


def test_a_framework_past_its_own_review_date_is_said_so() -> None:
    assert (
        year_words.dated(book(as_at=date(2025, 2, 10))).plain
        == "It is past its review date, 31 January 2025, by 10 days."
    )
    assert "has not gone by" in year_words.dated(book()).plain
    assert (
        year_words.dated(book(framework=frameworks.load("wpf-2009"))).plain
        == "The framework sets no date for its own review."
    )


def test_the_duties_about_its_own_review_are_counted_with_those_that_could_not_be_tested() -> None:
    said = year_words.own_review(told(own_review=of_review("met", "not_met", "not_due"))).plain
    assert said == (
        "Of two duties about the framework's own review that could be tested, one is met and one is not fully met. One more could not be "
        "tested, or is not yet due."
    )
    assert "no duty could be tested" in year_words.own_review(told()).plain


def test_what_to_change_names_what_failed_where_and_leads_to_it() -> None:
    found = duties(("x<b>", "A", "+++-"), ("y", "A", "~~~~"), ("y", "B", "~~~~"), ("z", "A", "++??"))
    given = told(
        found,
        own_review=of_review("not_met"),
        outcomes=effects(worse=3),
        actions=stand({"overdue": 1}),
        recommendations=stand({"awaited": 1}, is_new=True),
    )
    page = review.to_change(book(), given)
    said = [line.removeprefix("- ") for line in page.plain.splitlines()]
    assert said == [
        "Put right what the framework asks about its own review: “Rule 0”. On what this rests.",
        "Find out why it fell, and mend it: “What x<b>” (A). On what this rests.",
        "Change how it is done, or what is asked, since no quarter that could be tested shows it fully met: “What y” (A and B). On what this "
        "rests.",
        "Keep the records by which it can be tested, or ask it no more: “What z”. On what this rests.",
        "Ask whether to go on with actions that changed nothing for the better: “Act 0”, “Act 1” and one more. On what this rests.",
        "Carry out, or give up, what is overdue: “Thing 0”. On what this rests.",
        "Answer, or carry out, what others recommended: “Thing 0”. On what this rests.",
    ]
    assert "What x&lt;b&gt;" in page.markup
    assert f'href="{PLACES["course"]}"' in page.markup


def test_where_nothing_failed_nothing_is_proposed_and_that_is_said() -> None:
    assert review.to_change(book(), told()).plain.startswith("Nothing of what could be tested gives a reason")


def test_every_place_that_a_number_leads_to_is_a_section_of_the_notebook() -> None:
    notebook = json.loads(
        (settings.root() / "notebooks" / "8_annual_review.ipynb").read_text(encoding="utf-8")
    )
    heads = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    there = {f"#{slug(head.removeprefix('## '))}" for head in heads if head.startswith("## ")}
    assert set(PLACES.values()) <= there


def test_the_draft_says_that_it_is_one_and_links_every_number() -> None:
    found = duties(("x", "A", "++++"), ("y", "A", "+++-"))
    full = {
        "bodies": pd.DataFrame({"outlook": ["covered", "not_covered"], "body": "cabinet", "unit": ""}),
        "outcomes": effects(better=1, no_change=1),
        "actions": stand({"overdue": 1, "done_in_time": 3}),
        "recommendations": stand({"open": 1, "done_late": 1}, is_new=True),
        "own_review": of_review("met", "not_met"),
    }
    drafted = statement.draft(book(), told(found, **full))
    assert drafted.plain.startswith("Note: Draft; not the statement.")
    numbers = re.compile(
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|both|[1-9]\d*)\b(?! more| before)",
        re.IGNORECASE,
    )
    for paragraph in statement.texts(book(), told(found, **full)):
        bare = re.sub(r"<a [^>]*>[^<]*</a>", "", paragraph.markup)
        bare = re.sub(r"2023-24|\(2022/2025\)|22 June 2022", "", bare)
        assert numbers.findall(bare) == [], bare


def test_nothing_is_drafted_from_published_figures_or_before_the_framework_was_in_force() -> None:
    assert statement.draft(book(own=False), told()).plain == statement.NO_DRAFT
    earlier = book(
        framework=FRAMEWORK.model_copy(
            update={"in_force": FRAMEWORK.in_force.model_copy(update={"from_date": date(2024, 4, 2)})}
        )
    )
    assert statement.draft(earlier, told()).plain == statement.TOO_EARLY
    assert "after this year" in review._headline(earlier, told())
    assert "came into force on 2 April 2024" in review.summary(earlier, told()).plain
    assert "not yet in force" in courses.moved(earlier, told()).plain
    assert "not told, the framework not being in force" in courses.quarters(earlier, told()).plain


def test_published_figures_follow_nothing_and_propose_nothing() -> None:
    given = book(own=False)
    assert review.summary(given, told()).plain == review.PUBLISHED
    for piece in (review.to_change, courses.moved, answered.acted, answered.followed):
        assert "ublished figures" in piece(given, told()).plain
    assert "No earlier quarter can be told" in courses.quarters(given, told()).plain


def test_each_quarter_says_what_it_is_told_from() -> None:
    given = told()
    paper = SimpleNamespace(
        version=2,
        as_at=date(2023, 8, 14),
        paper=SimpleNamespace(issue=SimpleNamespace(dated=date(2023, 9, 1))),
    )
    quarters = (Quarter(QUARTERS[0], paper), *given.year.quarters[1:])  # type: ignore[arg-type]
    page = courses.quarters(
        book(), Told(**{**vars(given), "year": Year(quarters, pd.DataFrame(), pd.DataFrame(), None)})
    )
    assert (
        "one is told from its issued paper and two are computed here, not from issued papers" in page.markup
    )
    assert (
        '<a href="../../../2023-24-q1/full-v2/council/7_audit_committee.html">Issued v2, on 1 September 2023</a>'
        in page.markup
    )
    assert page.markup.count("Computed here, not from issued papers") == 2
    assert page.markup.count("This page&#x27;s own run") == 1


def test_duties_that_moved_stand_quarter_by_quarter_and_the_rest_is_folded_away() -> None:
    page = courses.moved(
        book(), told(duties(("x", "A", "+++-"), ("y", "A", "++++"), ("z", "A", "+++?")))
    ).markup
    assert "Of 3 duties with a test and asked, one fell in some unit" in page
    assert [page.count(f">Quarter {number}<") for number in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert (
        "One duty could be tested before and can&#x27;t be in the last quarter, in some unit: “What z”."
        in page
    )
    assert "The other 2 duties: 2 held" in page
    assert "none of them is taken for a pass" in page


def test_actions_and_recommendations_show_what_asks_for_something() -> None:
    page = answered.acted(
        book(), told(actions=stand({"overdue": 2}), outcomes=effects(better=1, worse=1, too_early=1))
    )
    assert "One of two actions that can be judged was followed by a real change for the better" in page.plain
    assert "2 actions are past their day and not done" in page.plain
    given = stand(
        {"overdue": 1, "open": 1}, is_new=True, raised_on=pd.NaT, responded_on=pd.NaT, done_on=pd.NaT
    )
    assert (
        "One of two recommendations of others wants an answer or an end"
        in answered.followed(book(), told(recommendations=given)).plain
    )
    assert answered.NO_LIST in answered.followed(book(), told()).plain


def test_what_papers_raised_is_followed_where_they_kept_a_list() -> None:
    rows = pd.DataFrame(
        {
            "what": "W",
            "unit": "A",
            "raised_in": "2023-24 Q1",
            "state": ["closed", "overdue"],
            "owner": "",
            "is_new": True,
        }
    )
    assert "raised 2 recommendations; one was closed" in answered.followed(book(), told(raised=rows)).plain


def test_the_other_framework_stands_beside_with_what_was_gained_and_lost() -> None:
    said = own_review.beside(book()).plain
    assert (
        "From the Walsall Performance Framework (2009) to the Performance Management Framework (2022/2025): one of ten citizen outcomes and "
        "internal drivers has nothing that answers to it, and two markers of success answer to nothing before."
        in said
    )
    alone = FRAMEWORK.model_copy(update={"id": "nobody-s"})
    assert own_review.beside(book(framework=alone)).plain == own_review.NONE


def test_the_limits_say_what_was_not_issued_and_who_is_missing() -> None:
    said = year_limits.limits(book(), told(), Collected({}, is_recorded=True, missing=("B",))).plain
    assert "No results of B are in this page." in said
    assert "Three earlier quarters were not issued: they are computed here, not from issued papers" in said
    assert "None of them is taken" in said or "none of them is taken for a pass" in said


def test_a_quarter_that_is_not_the_last_of_its_year_is_refused_in_words() -> None:
    given = SimpleNamespace(quarter=parse_quarter("2023-24 Q3"), parameters={})
    with pytest.raises(
        ParameterError, match="The annual review is made with the year's last quarter: write '2023-24 Q4'"
    ):
        reviewed.year(given, Collected({}, is_recorded=True))  # type: ignore[arg-type]
