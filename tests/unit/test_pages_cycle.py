"""The year as pages tell it: coverage, who came, a report's way up, the timetable, and plan, do, check, act, in sentences."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_args

import pandas as pd
import pytest
from minuted import drawn, evidence, minutes, not_sent, of_2009, rows

from pmf_lib.assurance.cycle import ROUTE
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.files import BodiesFile, ReportLevel
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.year import cycle, cycle_stages, cycle_words
from pmf_lib.workbook.pieces.markup import Html

SCHEMES = schemes()
ITEMS = [
    *("data-quality", "financial-management", "workforce-planning", "performance-report"),
    *("transformation", "learning", "successes", "risk-management"),
]
"""What the framework of 2022 asks of a directorate's board, in its order."""


def book(*, own: bool = True) -> Any:
    """As much of a book as the pieces look at."""
    return SimpleNamespace(has_own_records=own, schemes=SCHEMES)


def board(*left_out: str, days: tuple[str, ...] = ("2024-04-22",), as_at: str = "2024-11-15") -> Evidence:
    """A directorate's board that had every item but these at its first meeting, and nothing of use at the others."""
    heard = ", ".join(item for item in ITEMS if item not in left_out) or "greetings"
    lines = [
        f"{day} | {'planned' if day > as_at else 'held'} | resources | {heard if day == days[0] else 'greetings'}"
        for day in days
    ]
    made = minutes("held_on | state | directorate | items\n" + "\n".join(lines))
    return evidence(made, directorate="resources", as_at=as_at)


def title(shown: Html) -> str:
    """The finding over a table or picture."""
    return (
        shown.plain.split("\n")[0]
        .removeprefix("<picture: ")
        .removeprefix("<table: ")
        .split(" (")[0]
        .removesuffix(">")
    )


TITLES = [
    (
        board("risk-management"),
        "Seven of eight items of the agenda were heard by November 2024; “Risk management” was not, and five months are left",
    ),
    (
        board("risk-management", "learning"),
        "Six of eight items of the agenda were heard by November 2024; “Learning” and “Risk management” were not, and five months are left",
    ),
    (
        board(*ITEMS[1:], days=("2024-04-22", "2024-11-10", "2024-12-10")),
        "One of eight items of the agenda was heard by November 2024; seven were not, and one meeting is left",
    ),
    (board(*ITEMS), "None of eight items of the agenda was heard by November 2024; five months are left"),
    (board(), "All eight items of the agenda were heard by November 2024, each at least once"),
    (
        board("risk-management", as_at="2025-05-15"),
        "Seven of eight items of the agenda were heard in 2024-25; “Risk management” was not, and no meeting is left",
    ),
    (
        board("risk-management", days=("2024-06-01",), as_at="2025-05-15"),
        "Seven of eight items of the agenda were heard in 2024-25; whether “Risk management” was is not known, as records don't cover the year",
    ),
]


@pytest.mark.parametrize(("records", "said"), TITLES, ids=[said[:40] for _, said in TITLES])
def test_the_year_s_finding_is_what_was_heard_what_was_not_and_what_is_left(records, said):
    assert cycle.coverage_sentence(book(), records) == said
    assert title(cycle.year(book(), records)) == said


def test_the_year_is_a_picture_with_its_words_and_its_numbers():
    shown = cycle.year(book(), board("risk-management")).markup
    assert 'alt="Eight items by month, April 2024 to March 2025, as at 15 November 2024.' in shown
    assert "At none: Risk management." in shown
    assert (
        "Directorate board of Resources and Transformation: items of its agenda by month, 2024-25." in shown
    )
    assert "The numbers in this picture" in shown


def test_the_minimum_and_the_examples_of_2009_are_told_apart_from_what_is_asked_each_quarter():
    meeting = "body | held_on | items\nstrategic-board | 2009-04-10 | inspection"
    strategic = cycle.year(book(), of_2009(minutes(meeting), directorate=""), body="strategic-board").markup
    assert (
        "The minimum is once in the year; how often the text would have each item is an example" in strategic
    )
    assert "what is asked each quarter is tested apart" in cycle.year(book(), board()).markup


@pytest.mark.parametrize(
    ("records", "body", "said"),
    [
        (
            evidence(minutes("body | held_on\ncabinet | 2024-05-01"), directorate="resources"),
            "directorate-board",
            "No meeting of the directorate board is recorded, so it can't be told whether the year's agenda was covered. "
            "Record its meetings and agendas as they are held.",
        ),
        (
            board(),
            "strategic-board",
            "The framework names no items for the agenda of the strategic board, so there is no year to cover.",
        ),
    ],
)
def test_a_body_without_a_year_says_why(records, body, said):
    assert cycle.year(book(), records, body).plain == said
    assert cycle.still_to_hear(book(), records, body).plain == said
    assert cycle.coverage_sentence(book(), records, body) == ""


PIECES = {
    cycle.year: "whether the year's agenda was covered",
    cycle.still_to_hear: "what is still to be heard this year",
    cycle.route: "how reports on a quarter went up",
    cycle.boards: "whether any body covered its year",
}


@pytest.mark.parametrize(("piece", "about"), PIECES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_what_nobody_sent_is_a_sentence_and_nobody_is_asked_where_figures_are_published(piece, about):
    bare = not_sent(board(), "agenda")
    said = (
        f"Nobody sent the table of agendas, so it can't be told {about}. It can be sent with the next return."
    )
    assert piece(book(), bare).plain == said
    outside = f"Published figures hold no table of agendas, so it can't be told {about}."
    assert piece(book(own=False), bare).plain == outside
    assert cycle.coverage_sentence(book(), bare) == ""


def test_objectives_and_those_who_came_have_their_sentence_too():
    assert "the table of objectives" in cycle.planning(book(), evidence({"plans": rows("plans", [])})).plain
    assert "who came to meetings" in cycle.attendance(book(), of_2009({})).plain


def test_what_was_not_heard_comes_first_with_what_the_year_holds_for_it():
    shown = cycle.still_to_hear(book(), board("risk-management"))
    assert title(shown) == "One item can still be heard"
    first = shown.markup.split("<tbody>")[1].split("</tr>")[0]
    assert "Risk management" in first
    assert "can still be heard" in first
    assert "each quarter" in first
    assert title(cycle.still_to_hear(book(), board())) == "Nothing is left to be heard in 2024-25"
    late = board("learning", "risk-management", as_at="2025-05-15")
    assert title(cycle.still_to_hear(book(), late)) == "Two items have no meeting left"


def test_frequencies_that_are_examples_say_so():
    made = of_2009(minutes("held_on | directorate | items\n2009-04-10 | adult-care | inspection"))
    shown = cycle.still_to_hear(book(), made).markup
    assert "monthly (an example)" in shown
    assert "once a year<" in shown


CAME = """
held_on    | directorate | present
2009-04-10 | adult-care  | Executive Director; performance lead; Head of Finance; Head of HRD
2009-05-10 | adult-care  | Executive Director; performance lead; Head of Finance; Head of HRD
"""


def test_who_came_is_told_by_the_post_that_came_least():
    assert (
        title(cycle.attendance(book(), of_2009(minutes(CAME))))
        == "Every post that the framework names came to every meeting"
    )
    once = CAME.replace("2009-05-10 | adult-care  | Executive Director; ", "2009-05-10 | adult-care  | ")
    assert (
        title(cycle.attendance(book(), of_2009(minutes(once))))
        == "“Executive Director” came to 1 of 2 meetings of the directorate board of Adult Care"
    )
    assert ">1 of 2<" in cycle.attendance(book(), of_2009(minutes(once))).markup
    two = once.replace("Head of HRD\n2009-05", "Head of X\n2009-05")
    assert title(cycle.attendance(book(), of_2009(minutes(two)))).endswith("; one more post missed some")


def test_of_several_posts_that_missed_meetings_the_one_that_missed_most_is_named():
    seldom = CAME.replace("; Head of Finance", "").replace(
        "2009-04-10 | adult-care  | Executive Director; ", "2009-04-10 | adult-care  | "
    )
    said = title(cycle.attendance(book(), of_2009(minutes(seldom))))
    assert said.startswith("“Head of Finance” came to 0 of 2 meetings")


def test_minutes_that_name_nobody_tell_nothing_of_who_came():
    shown = cycle.attendance(book(), of_2009(minutes("held_on | directorate\n2009-04-10 | adult-care")))
    assert title(shown) == "Nothing is known of who came"
    assert "names who was present" in shown.markup
    assert (
        cycle.attendance(book(), board()).plain
        == "The framework names no post that is to come to a body's meetings."
    )


def test_the_council_s_bodies_have_a_row_each_and_one_of_which_nothing_is_known_is_grey():
    made = replace(board("risk-management"), directorate="")
    shown = cycle.boards(book(), made)
    assert (
        title(shown)
        == "Of eight bodies with items to hear in 2024-25, none has heard every item, one can still do so and seven are not known"
    )
    assert shown.markup.count("pmf-tag-clause-no-evidence") == 7
    assert "none recorded" in shown.markup
    row = shown.markup.split("Directorate board of Resources")[1].split("</tr>")[0]
    assert ">7 of 8<" in row
    assert ">Risk management<" in row
    assert ">5 months<" in row
    assert ">can still be covered<" in row
    assert (
        title(cycle.boards(book(), board()))
        == "Of one body with items to hear in 2024-25, one has heard every item"
    )
    nobody = evidence(minutes("body | held_on\nfull-council | 2024-05-01"))
    assert title(cycle.boards(book(), nobody)) == "Nothing is known of the agendas of eight bodies in 2024-25"


def test_an_item_that_clauses_add_to_a_core_agenda_is_not_counted_as_one_of_it():
    heard = of_2009(minutes("held_on | items | directorate\n2009-04-10 | inspection | adult-care"))
    assert cycle.coverage_sentence(book(), heard) == (
        "One of 13 items wanted on the agenda (12 of them on its core) was heard by November 2009; 12 were not, and five months are left"
    )


def test_the_year_of_a_strategic_board_stands_under_the_council_s_bodies_where_it_met():
    meeting = "body | held_on | items\nstrategic-board | 2009-04-10 | inspection"
    shown = cycle.boards(book(), of_2009(minutes(meeting), directorate="")).markup
    assert "The agenda of the strategic board, month by month" in shown
    assert (
        "One of 12 items of the agenda was heard by November 2009; 11 were not, and five months are left"
        in shown
    )
    never = cycle.boards(
        book(), of_2009(minutes("body | held_on\ncabinet | 2009-04-10"), directorate="")
    ).markup
    assert "month by month" not in never
    assert ">Strategic board<" in never


REPORTS = """
body              | held_on    | directorate | items
service-meeting   | 2024-10-15 | resources   | performance-report@2024-25 Q2
directorate-board | 2024-10-22 | resources   | performance-report@2024-25 Q2
cmt               | 2024-11-05 |             | performance-report@2024-25 Q2
cabinet           | 2024-11-13 |             | performance-report@2024-25 Q2
scrutiny          | 2024-11-15 |             | performance-report@2024-25 Q2
"""
REACHED = "The report on Quarter 2, July to September 2024 reached Cabinet 44 days after the quarter's end"


def route_of(**changes: str) -> Html:
    text = REPORTS
    for old, new in changes.items():
        text = text.replace(old, new)
    return cycle.route(book(), evidence(minutes(text)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x", "x", REACHED),
        ("scrutiny ", "full-council ", REACHED),
        ("2024-11-15", "2024-11-01", f"{REACHED}; scrutiny heard it before Cabinet"),
        ("2024-11-05", "2024-10-01", f"{REACHED}; the management team heard it before directorate boards"),
    ],
)
def test_a_report_s_way_up_is_told_from_the_quarter_s_end(old, new, said):
    assert title(route_of(**{old: new})) == said


EARLIER = "scrutiny | 2024-08-26 | | performance-report@2024-25 Q1\ncmt | 2024-08-05 | | performance-report@2024-25 Q1\n"


def test_a_level_that_is_to_come_was_left_out_or_has_no_record_is_told_apart():
    text = REPORTS.replace("scrutiny ", "full-council ").replace("2024-11-05", "2024-05-05") + EARLIER
    text = text.replace(
        "2024-05-05 |             | performance-report@2024-25 Q2", "2024-05-05 | | greetings"
    )
    shown = cycle.route(book(), evidence(minutes(text)))
    assert title(shown) == f"{REACHED}; the management team did not hear it; scrutiny has not heard it yet"
    assert "left out" in shown.markup
    assert "not yet" in shown.markup
    early = cycle.route(
        book(), evidence(minutes(EARLIER.join(["body | held_on | directorate | items\n", ""])))
    )
    assert "Of services, directorate boards and Cabinet no meeting that heard one is recorded" in early.markup
    assert title(early).startswith(
        "The report on Quarter 1, April to June 2024 reached scrutiny 57 days after"
    )


def test_a_report_long_overdue_is_not_recorded_rather_than_to_come():
    text = REPORTS.replace("scrutiny ", "full-council ") + EARLIER
    late = cycle.route(book(), evidence(minutes(text), as_at="2025-01-15"))
    assert "not recorded" in late.markup
    assert "not yet" not in late.markup


def test_the_page_and_the_records_know_every_level_that_a_framework_may_name_in_one_order():
    levels = get_args(ReportLevel)
    assert tuple(cycle_stages.LEVELS) == tuple(ROUTE) == BodiesFile().reporting_route == levels


def test_a_report_that_names_no_quarter_has_no_way():
    text = "body | held_on | items\ncmt | 2024-11-05 | performance-report"
    said = cycle.route(book(), evidence(minutes(text))).plain
    assert (
        said
        == "No item of an agenda names the quarter that it reports on, so the way of a report can't be told."
    )


EVENTS = """
register | event                | closed_on
events   | q1-budget-monitoring | 2009-04-14
events   | q1-draft-accounts    | 2009-06-30
events   | q3-draft-budget      | 2009-11-02
"""


def test_a_long_timetable_is_told_by_stream_and_quarter_and_then_item_by_item():
    made = of_2009({"registers": rows("registers", drawn(EVENTS))}, directorate="")
    shown = cycle.timetable(book(), made)
    assert (
        title(shown)
        == "Two of 27 items of the timetable that were due by 13 November 2009 are recorded; 25 are not"
    )
    assert "1 of 1 recorded, 2 to come" in shown.markup
    assert "0 of 2 recorded" in shown.markup
    assert "No event records it in May 2009, June 2009." in shown.markup
    assert "one without a record is an observation, and no failure" in shown.markup


def test_a_short_timetable_is_told_item_by_item():
    plans = rows("plans", [{"level": "service", "valid_from": pd.Timestamp("2024-06-01")}])
    shown = cycle.timetable(book(), evidence({"plans": plans, "conversations": rows("conversations", [])}))
    assert title(shown) == "None of one item of the timetable that was due by 15 November 2024 is recorded"
    assert "April 2024" in shown.markup
    live = plans.assign(valid_from=pd.Timestamp("2024-04-01"))
    said = title(
        cycle.timetable(book(), evidence({"plans": live, "conversations": rows("conversations", [])}))
    )
    assert said == "The one item of the timetable that was due by 15 November 2024 is recorded"


def test_a_timetable_of_which_nothing_is_known_is_a_sentence():
    said = cycle.timetable(book(), evidence({})).plain
    assert said == (
        "What became of the two items of the framework's timetable is not known. Nobody sent the table of plans. "
        "Nobody sent the table of conversations.\n"
        "Of what is asked for each quarter nothing is known. Meetings were not sent with their agendas."
    )
    assert cycle.timetable(book(own=False), evidence({})).plain.startswith("Published figures can't show")


def test_what_comes_up_each_quarter_names_what_was_missed():
    def turns(records: Evidence) -> str:
        return cycle.timetable(book(), records).plain.split("\n")[-1]

    assert turns(board(days=("2024-04-01",))).startswith(
        "<table: What is asked for each quarter came up in each"
    )
    one = board("risk-management", days=("2024-04-01",))
    assert turns(one) == "<table: “Risk management” missed the one quarter of 2024-25 so far (5 rows)>"
    two = board("risk-management", "transformation", days=("2024-04-01",))
    assert turns(two).startswith(
        "<table: Two items asked for each quarter missed at least one of 2024-25 so far"
    )
    half = [item for item in ITEMS if item != "risk-management"]
    lines = [
        f"{day} | resources | {', '.join(f'{item}@{quarter}' for item in half)}"
        for day, quarter in (("2024-04-01", "2024-25 Q1"), ("2024-10-24", "2024-25 Q2"))
    ]
    both = evidence(minutes("held_on | directorate | items\n" + "\n".join(lines)), directorate="resources")
    assert turns(both) == "<table: “Risk management” missed each of two quarters of 2024-25 so far (5 rows)>"
    text = "body | held_on | items\ncabinet | 2024-04-01 | greetings\ncmt | 2024-04-01 | greetings"
    assert turns(evidence(minutes(text))).startswith("<table: Two items asked for each quarter")
    assert turns(board(days=("2024-05-01",), as_at="2024-05-15")).startswith(
        "<table: What is asked for each quarter came"
    )
    begun = board(*ITEMS, days=("2024-05-01",), as_at="2024-05-15")
    assert turns(begun).startswith("<table: Of what is asked for each quarter nothing can be told yet")


def planned(*objectives: dict[str, str]) -> Evidence:
    dated = ("due_on", "planned_on", "delivered_on", "checked_on", "acted_on")
    made = [
        {
            "objective_id": f"o{n}",
            "title": f"Objective <{n}>",
            "plan_id": one.get("plan_id", "p"),
            **{key: pd.Timestamp(day) for key, day in one.items() if key in dated},
        }
        for n, one in enumerate(objectives)
    ]
    last = {"valid_from": pd.Timestamp("2023-04-01"), "valid_to": pd.Timestamp("2024-03-31")}
    plans = rows(
        "plans", [{"plan_id": "p", "valid_from": pd.Timestamp("2024-04-01")}, {"plan_id": "last", **last}]
    )
    return evidence({"plans": plans, "objectives": rows("objectives", made)})


PLAN = {"planned_on": "2024-04-01", "due_on": "2025-03-31"}
DUE = {"planned_on": "2024-04-01", "due_on": "2024-09-30"}
DONE = DUE | {"delivered_on": "2024-09-01", "checked_on": "2024-09-10", "acted_on": "2024-09-20"}
ODD = PLAN | {"checked_on": "2024-09-10"}


@pytest.mark.parametrize(
    ("objectives", "said"),
    [
        ([PLAN, PLAN], "All two objectives are planned; none was due yet"),
        ([PLAN], "The one objective is planned; none was due yet"),
        (
            [PLAN, DONE],
            "Of two objectives, one is planned and one has gone all the way to act; none that was due is undelivered",
        ),
        (
            [PLAN, DONE | {"plan_id": "last"}],
            "Of two objectives, one is planned and one has gone all the way to act; none that was due is undelivered",
        ),
        (
            [PLAN, DUE, DONE],
            "Of three objectives, two are planned and one has gone all the way to act; one of two that were due is not delivered",
        ),
        ([PLAN, ODD], "All two objectives are planned; none was due yet; one has days out of order"),
        ([{}], "The one objective is not planned; none was due yet"),
    ],
)
def test_objectives_are_told_by_how_far_they_came(objectives, said):
    assert title(cycle.planning(book(), planned(*objectives))) == said


def test_the_table_says_which_plans_and_years_it_counts():
    shown = cycle.planning(book(), planned(PLAN, DONE | {"plan_id": "last"})).markup
    assert (
        "Objectives of plans in force on 15 November 2024 and of those that ended in the twelve months before, as the clauses "
        "count them; the plans began in 2023-24 and 2024-25, by the last stage" in shown
    )
    assert "Of them, of plans in force" in shown


def test_objectives_out_of_order_are_named_with_what_is_amiss():
    shown = cycle.planning(book(), planned(PLAN, ODD)).markup
    assert "Objective &lt;1&gt;" in shown
    assert "It was checked on 10 September 2024, and no day is recorded on which it was delivered." in shown
    assert "objectives.csv, row 3" in shown
    assert "out of order</span>" not in cycle.planning(book(), planned(PLAN)).markup


def test_no_objective_of_a_plan_in_force_is_a_sentence():
    assert cycle.planning(book(), planned()).plain.startswith("No objective of a plan in force is recorded")


@pytest.mark.parametrize(
    ("count", "kind", "said"),
    [
        (0, "meeting", "no meeting is left"),
        (1, "month", "one month is left"),
        (2, "meeting", "two meetings are left"),
    ],
)
def test_what_is_left_is_said_in_words(count, kind, said):
    assert cycle_words.left_words(count, kind) == said
