"""Clause tests of meetings, as drawn tables: how often a body met, its time, its posts, the events of the year."""

import pytest
from minuted import drawn, evidence, found, minutes, not_sent, of_2009, rows

from pmf_lib.assurance.checks import TESTS, meetings
from pmf_lib.assurance.checks.minutes import NAMES
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.records.schema.words import BODIES

MONTHS = [*(f"2008-{n:02d}" for n in range(10, 13)), *(f"2009-{n:02d}" for n in range(1, 12))]


def monthly(without=(), **columns):
    """A board that met on the tenth of each month from October 2008, but for some."""
    names = " | ".join(["held_on", *columns])
    lines = [" | ".join([f"{month}-10", *columns.values()]) for month in MONTHS if month not in without]
    return "\n".join([names, *lines])


BOARD = {"directorate": "adult-care"}
PRESENT = "Executive Director for Adult Care; Performance lead; Head of Finance; Head of HRD"
ATTENDED = monthly(**BOARD, time_given="separate", present=PRESENT)
EVENTS = """
register | event                | closed_on
events   | q1-budget-monitoring | 2009-04-14
events   | q1-budget-monitoring | 2009-05-14
events   | q1-budget-monitoring | 2009-06-30
"""


def events(text):
    return {"registers": rows("registers", drawn(text))}


DEFECTS = {
    "body_has_met": (
        minutes(monthly(**BOARD)), minutes(monthly(("2009-08",), **BOARD)),
        {"body": "directorate-board", "times": 1, "per": "month", "each": "directorate"},
        "Directorate board of Adult Care, August 2009",
    ),
    "time_is_dedicated": (
        minutes(ATTENDED), minutes(ATTENDED.replace("2009-08-10 | adult-care | separate", "2009-08-10 | adult-care | shared")),
        {"body": "directorate-board"}, "Directorate board of Adult Care, 10 August 2009",
    ),
    "post_was_present": (
        minutes(ATTENDED), minutes(ATTENDED.replace("2009-08-10 | adult-care | separate | Executive Director for Adult Care; ", "2009-08-10 | adult-care | separate | ")),
        {"body": "directorate-board", "posts": ("Executive Director",)}, "Directorate board of Adult Care, 10 August 2009",
    ),
    "timetable_event_is_recorded": (None, events(EVENTS), {}, "Monthly current year budget monitoring (Financial Planning), Quarter 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - {"timetable_event_is_recorded"}))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    clean, spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](of_2009(clean), **told)
    assert answer.population > 1
    assert answer.failed == 0
    assert found(TESTS[name](of_2009(spoilt), **told)) == (answer.population, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == meetings.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name):
    _, spoilt, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError):
        TESTS[name](not_sent(of_2009(spoilt), next(iter(spoilt))), **told)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_records_at_all_are_never_a_pass(name):
    _, spoilt, told, _ = DEFECTS[name]
    nothing = {table: frame[:0] for table, frame in spoilt.items()}
    assert TESTS[name](of_2009(nothing), **told).population == 0


def met(text, **told):
    return TESTS["body_has_met"](of_2009(minutes(text), directorate=told.pop("of", "adult-care")), **told)


YEARLY = {"body": "directorate-board", "times": 1, "per": "year", "each": "directorate"}


@pytest.mark.parametrize(
    ("meetings", "population", "failed"),
    [
        ("service-meeting 2008-06-01, directorate-board 2008-11-14", 1, 0),
        ("service-meeting 2008-06-01, directorate-board 2008-11-13", 0, 0),
        ("service-meeting 2008-06-01", 1, 1),
        ("service-meeting 2009-06-01", 0, 0),
    ],
    ids=[
        "twelve months before",
        "a day more, so still to come this year",
        "never",
        "records begin this year",
    ],
)
def test_a_body_has_met_in_the_twelve_months_or_missed_them_or_may_still_meet(meetings, population, failed):
    lines = [f"{' | '.join(one.split())} | adult-care" for one in meetings.split(", ")]
    answer = met("\n".join(["body | held_on | directorate", *lines]), **YEARLY)
    assert (answer.population, answer.failed) == (population, failed)
    assert (f"{answer.due}" == "2010-03-31") == (population == 0)


def test_a_meeting_that_was_cancelled_or_lies_ahead_does_not_count():
    text = """
    body              | held_on    | state     | directorate
    service-meeting   | 2008-06-01 |           | adult-care
    directorate-board | 2009-06-01 | cancelled | adult-care
    directorate-board | 2009-11-14 |           | adult-care
    """
    (subject,) = met(text, **YEARLY).exceptions["subject"]
    assert subject == "Directorate board of Adult Care"


def test_an_exception_says_how_often_it_met_who_leads_it_and_what_is_asked():
    row = met(
        "body | held_on | directorate\nservice-meeting | 2008-06-01 | adult-care", **YEARLY
    ).exceptions.iloc[0]
    assert row["condition"] == "It met not once from 14 November 2008 to 13 November 2009; once is asked."
    assert row["owner"] == "Executive Director for Adult Care"


def test_once_the_year_is_over_only_its_own_meetings_count():
    text = "body | held_on | directorate\nservice-meeting | 2007-06-01 | adult-care\ndirectorate-board | 2009-04-10 | adult-care"
    made = of_2009(minutes(text), as_at="2009-05-15", quarter="2008-09 Q4")
    answer = TESTS["body_has_met"](made, **YEARLY)
    assert answer.exceptions["condition"].tolist() == ["It met not once in 2008-09; once is asked."]


def test_every_portfolio_that_anything_names_is_asked():
    text = """
    body              | held_on    | portfolio
    cabinet           | 2008-06-01 |
    portfolio-meeting | 2009-06-01 | Streets
    portfolio-meeting | 2008-02-01 | Resources
    """
    tables = minutes(text) | {"approvals": rows("approvals", [{"portfolio": "Children"}])}
    answer = TESTS["body_has_met"](
        of_2009(tables, directorate=""), body="portfolio-meeting", times=1, per="year", each="portfolio"
    )
    assert found(answer) == (3, ["Portfolio meeting of Children", "Portfolio meeting of Resources"])


def test_a_directorate_of_which_no_meeting_is_recorded_is_unknown_in_the_council_s_paper_too():
    text = "held_on | directorate\n2008-06-01 | adult-care\n2009-06-01 | adult-care"
    answer = TESTS["body_has_met"](of_2009(minutes(text), directorate=""), **YEARLY)
    assert found(answer) == (1, [])


def test_months_before_the_first_meeting_recorded_are_not_asked():
    answer = met(
        "held_on | directorate\n2009-08-20 | adult-care\n2009-10-20 | adult-care",
        **(YEARLY | {"per": "month"}),
    )
    assert found(answer) == (3, ["Directorate board of Adult Care, September 2009"])


def test_more_than_one_meeting_may_be_asked_of_each_quarter():
    told = {"body": "directorate-board", "times": 3, "per": "quarter"}
    answer = met(monthly(("2009-08",), **BOARD), **told)
    assert answer.exceptions["subject"].tolist() == ["Directorate board, Quarter 2, July to September 2009"]
    assert answer.exceptions["condition"].tolist() == ["It met twice; 3 times is asked."]


def test_a_period_or_a_unit_that_is_not_known_is_refused():
    for wrong in ({"per": "moon"}, {"each": "ward"}):
        with pytest.raises(PolicyError, match=f"'{next(iter(wrong.values()))}' is not a known"):
            met(monthly(**BOARD), **(YEARLY | wrong))


@pytest.mark.parametrize(("given", "population"), [("not-recorded", 0), ("shared", 8), ("dedicated", 8)])
def test_a_meeting_that_says_nothing_of_its_time_is_not_tested(given, population):
    text = monthly(**BOARD, time_given=given)
    answer = TESTS["time_is_dedicated"](of_2009(minutes(text)), body="directorate-board")
    assert answer.population == population
    assert answer.failed == (population if given == "shared" else 0)


def test_a_post_counts_where_the_words_stand_in_its_name_and_each_one_absent_is_named():
    told = {"body": "directorate-board", "posts": ("Head of Finance", "Head of HRD", "performance")}
    text = "held_on | directorate | present\n2009-06-10 | adult-care | Chair; Performance lead\n2009-07-10 | adult-care |"
    answer = TESTS["post_was_present"](of_2009(minutes(text)), **told)
    assert answer.population == 1
    (row,) = answer.exceptions.to_dict("records")
    assert (
        row["condition"]
        == "No Head of Finance or Head of HRD is named among those present: Chair; Performance lead."
    )
    assert (row["source_file"], row["source_row"]) == ("meetings.csv", 2)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2009-06-30", []), ("2009-07-01", ["No event records it in June 2009."])],
)
def test_a_monthly_event_is_asked_of_each_month_of_its_quarter(day, said):
    text = EVENTS.replace("2009-06-30", day)
    answer = TESTS["timetable_event_is_recorded"](of_2009(events(text), directorate=""))
    about = answer.exceptions["subject"].str.startswith(
        "Monthly current year budget monitoring (Financial Planning), Quarter 1"
    )
    assert answer.exceptions.loc[about, "condition"].tolist() == said


def test_events_of_quarters_that_have_not_ended_are_not_asked():
    counts = {
        as_at: TESTS["timetable_event_is_recorded"](
            of_2009(events(EVENTS), as_at=as_at, directorate="")
        ).population
        for as_at in ("2009-06-29", "2009-06-30", "2009-11-13")
    }
    assert counts == {"2009-06-29": 0, "2009-06-30": 14, "2009-11-13": 26}


def test_an_event_recorded_in_its_quarter_is_no_exception():
    full = [
        {"register": "events", "event": one.id, "closed_on": f"2009-{month:02d}-14"}
        for one in of_2009({}).framework.timetable if one.quarter < 3
        for month in range(one.quarter * 3 + 1, one.quarter * 3 + 4)
    ]  # fmt: skip
    answer = TESTS["timetable_event_is_recorded"](
        of_2009({"registers": rows("registers", full)}, directorate="")
    )
    assert found(answer) == (26, [])


def test_a_register_without_events_says_nothing_of_the_timetable():
    tables = {"registers": rows("registers", [{"register": "documents"}])}
    assert TESTS["timetable_event_is_recorded"](of_2009(tables)).population == 0


def test_a_framework_without_a_board_agenda_can_ask_for_meetings_too():
    text = "body | held_on | portfolio\nportfolio-meeting | 2024-07-01 | Resources"
    answer = TESTS["body_has_met"](
        evidence(minutes(text)), body="portfolio-meeting", times=1, per="year", each="portfolio"
    )
    assert found(answer) == (1, [])


@pytest.mark.parametrize("name", ["time_is_dedicated", "post_was_present"])
def test_a_meeting_of_the_next_year_is_not_asked_in_the_paper_on_the_last_quarter(name):
    text = """
    held_on    | directorate | time_given | present
    2009-03-10 | adult-care  | shared     | Chair
    2009-04-10 | adult-care  | shared     | Chair
    """
    made = of_2009(minutes(text), as_at="2009-05-15", quarter="2008-09 Q4")
    answer = TESTS[name](made, **DEFECTS[name][2])
    assert found(answer) == (1, ["Directorate board of Adult Care, 10 March 2009"])


def test_every_body_that_records_may_name_has_a_name_on_pages():
    assert set(NAMES) == set(BODIES)
