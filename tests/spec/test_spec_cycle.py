"""The cycle as drawn tables: agendas by month, a quarter's report on its way up, and plan, do, check, act in order."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from arranged_rows import table
from minuted import FRAMEWORKS, drawn, evidence, minutes, not_sent, of_2009, rows

from pmf_lib.assurance import cycle
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.periods import parse

MEETINGS = """
body              | held_on    | state     | directorate | items
directorate-board | 2009-04-10 |           | adult-care  | risk-management, risk-management, financial-management
directorate-board | 2009-04-20 |           | adult-care  | financial-management
directorate-board | 2009-05-10 | cancelled | adult-care  | risk-management
directorate-board | 2009-06-10 |           | adult-care  | something-else
directorate-board | 2009-03-31 |           | adult-care  | risk-management
directorate-board | 2009-11-14 | planned   | adult-care  | risk-management
cabinet           | 2009-05-20 |           |             | performance-report
"""


def calendar(text=MEETINGS, year=None, **more):
    return cycle.agenda_calendar(of_2009(minutes(text), **more), year)


def of_item(frame, item):
    own = frame[frame["item"] == item].set_index("month")[["held", "on_agenda"]]
    return {month: tuple(row) for month, row in own.iterrows() if row.any()}


def test_the_calendar_counts_meetings_held_and_those_with_the_item_month_by_month():
    found = calendar()
    board = found[found["body"] == "directorate-board"]
    assert of_item(board, "risk-management") == {"2009-04": (2, 1), "2009-06": (1, 0)}
    assert of_item(board, "financial-management") == {"2009-04": (2, 2), "2009-06": (1, 0)}


def test_the_calendar_has_every_item_that_the_framework_asks_of_a_body_that_met_in_all_twelve_months():
    found = calendar()
    assert list(found.columns) == list(cycle.CALENDAR)
    months = found.groupby(["body", "unit", "item"])["month"].agg(list)
    assert set(map(tuple, months)) == {
        (*(f"2009-{n:02d}" for n in range(4, 13)), "2010-01", "2010-02", "2010-03")
    }
    items = set(months.loc["directorate-board", "adult-care"].index)
    assert items == {one.id for one in FRAMEWORKS["wpf-2009"].agendas[0].items} | {"data-quality"}
    assert set(months.loc["cabinet", ""].index) == {
        "performance-report",
        "pledges",
        "programmes-and-projects",
    }
    assert set(found["body"]) == {"directorate-board", "cabinet"}


def test_the_calendar_of_another_year_may_be_asked():
    found = calendar(year=parse("2008-09", "year"))
    assert of_item(found[found["unit"] == "adult-care"], "risk-management") == {"2009-03": (1, 1)}


def test_a_framework_without_an_agenda_has_the_items_of_its_clauses():
    asked = cycle.asked_items(FRAMEWORKS["pmf-2022-25"])
    assert asked.loc[asked["body"] == "audit-committee", "item"].tolist() == ["framework", "embedding"]
    assert asked.loc[asked["item"] == "data-quality", "title"].tolist() == ["Data quality"]


def test_of_a_council_without_meetings_the_calendar_is_empty_and_of_one_that_sent_none_unknown():
    assert calendar("body | held_on | items\nfull-council | 2009-04-01 | budget").empty
    for name in ("meetings", "agenda"):
        with pytest.raises(NotSentError, match=name):
            cycle.agenda_calendar(not_sent(of_2009(minutes(MEETINGS)), name))


STATES = """
case                             | meetings                                      | months
before the first that is kept    | 2009-06-10 risk                               | ? ? R
met without it                   | 2009-04-10 other, 2009-06-10 risk             | o - R
twice in a month                 | 2009-04-10 risk, 2009-04-20 risk              | R - -
once with it and once without    | 2009-04-10 risk, 2009-04-20 other             | R - -
minutes without an agenda        | 2009-04-10 none, 2009-06-10 risk              | ? - R
one of two without an agenda     | 2009-04-10 none, 2009-04-20 other             | o - -
"""
LETTERS = {"heard": "R", "not_heard": "o", "no_meeting": "-", "to_come": ".", "unknown": "?"}
WORDS = {"risk": "risk-management", "other": "something-else", "none": ""}


def of_days(listed):
    """Meetings of a directorate board from 'day item, day item'; a day with '?' is one for which a meeting is planned."""
    pairs = [one.split() for one in listed.split(",")]
    return minutes(
        "held_on | state | directorate | items\n"
        + "\n".join(
            f"{held_on.rstrip('?')} | {'planned' if '?' in held_on else ''} | adult-care | {WORDS.get(item, item)}"
            for held_on, item in pairs
        )
    )


def months_of(listed, as_at="2009-11-13", item="risk-management"):
    found = cycle.agenda_calendar(of_2009(of_days(listed), as_at))
    return found[found["item"] == item]


@pytest.mark.parametrize("case", drawn(STATES), ids=lambda case: case["case"])
def test_each_month_tells_what_it_was_to_an_item(case):
    letters = months_of(case["meetings"])["state"].map(LETTERS).tolist()
    assert letters[:3] == case["months"].split()
    assert letters[7:] == ["."] * 5


TO_COME = """
case                               | as_at      | meetings                            | months
a month is to come until it is over | 2009-06-30 | 2009-04-10 risk                     | R - . .
and it has gone by the day after   | 2009-07-01 | 2009-04-10 risk                     | R - - .
unless the body has met in it      | 2009-06-10 | 2009-04-10 risk, 2009-06-10 other   | R - o .
the year is over                   | 2010-04-01 | 2009-04-10 risk                     | R - - -
"""


@pytest.mark.parametrize("case", drawn(TO_COME), ids=lambda case: case["case"])
def test_a_month_is_to_come_until_it_is_over_or_the_body_has_met(case):
    letters = months_of(case["meetings"], case["as_at"])["state"].map(LETTERS).tolist()
    assert letters[:4] == case["months"].split()


def test_meetings_planned_for_days_to_come_are_to_come_and_nothing_else():
    days = "2009-04-10 risk, 2009-10-10? risk, 2009-11-13? risk, 2009-12-10? none, 2010-01-10 risk"
    found = months_of(days).set_index("month")
    assert found["planned"][lambda rows: rows > 0].to_dict() == {"2009-11": 1, "2009-12": 1}
    assert found.loc["2009-10", ["held", "on_agenda", "state"]].tolist() == [0, 0, "no_meeting"]
    assert found.loc["2009-11", ["held", "on_agenda", "state"]].tolist() == [0, 0, "to_come"]


def test_what_one_scrutiny_panel_is_to_hear_another_does_not_hear_for_it():
    text = """
body     | held_on    | portfolio          | items
scrutiny | 2009-04-10 | Children           | framework, performance-report
scrutiny | 2009-05-10 | Corporate Services | something-else
"""
    found = cycle.agenda_calendar(of_2009(minutes(text), directorate=""))
    by_item = found.groupby("item")[["held", "on_agenda"]].sum()
    assert by_item.loc["framework"].tolist() == [1, 0]
    assert by_item.loc["performance-report"].tolist() == [2, 1]


CHANCES = """
case                                | as_at      | meetings                                           | left      | chance
heard                               | 2009-11-13 | 2009-04-10 risk                                    | 5 month   | heard
months are left                     | 2009-11-13 | 2009-04-10 other                                   | 5 month   | can_be_heard
the month of the day is used up     | 2009-11-13 | 2009-04-10 other, 2009-11-10 other                 | 4 month   | can_be_heard
a planned meeting counts for months | 2009-11-13 | 2009-04-10 other, 2010-01-10? none                 | 1 meeting | can_be_heard
the year is over                    | 2010-04-01 | 2009-04-10 other                                   | 0 month   | none_left
over, and not known throughout      | 2010-04-01 | 2009-06-10 other                                   | 0 month   | unknown
over, and heard all the same        | 2010-04-01 | 2009-06-10 risk                                    | 0 month   | heard
"""


@pytest.mark.parametrize("case", drawn(CHANCES), ids=lambda case: case["case"])
def test_an_item_was_heard_or_can_still_be_or_has_no_meeting_left(case):
    (row,) = cycle.item_chances(months_of(case["meetings"], case["as_at"])).to_dict("records")
    assert (f"{row['left_n']} {row['left_in']}", row["chance"]) == (case["left"], case["chance"])


def test_how_often_an_item_came_up_stands_beside_what_the_text_says():
    (row,) = cycle.item_chances(months_of("2009-04-10 risk, 2009-04-20 risk, 2009-06-10 risk")).to_dict(
        "records"
    )
    assert (row["heard_n"], row["months_n"], row["last_month"], row["meetings_n"]) == (3, 2, "2009-06", 3)
    assert (row["often"], row["is_example"]) == ("quarterly", True)


OUTLOOKS = """
case            | as_at      | meetings                          | heard | open | lost | dark | outlook
some are left   | 2009-11-13 | 2009-04-10 risk                   | 1     | 12   | 0    | 0    | can_be_covered
the year is over | 2010-04-01 | 2009-04-10 risk                  | 1     | 0    | 12   | 0    | not_covered
not known       | 2010-04-01 | 2009-05-10 risk                   | 1     | 0    | 0    | 12   | unknown
all             | 2009-11-13 | 2009-04-10 all                    | 13    | 0    | 0    | 0    | covered
"""


@pytest.mark.parametrize("case", drawn(OUTLOOKS), ids=lambda case: case["case"])
def test_a_body_has_covered_its_year_or_can_or_cannot_any_more(case):
    every = ", ".join(one.id for one in FRAMEWORKS["wpf-2009"].agendas[0].items) + ", data-quality"
    made = minutes(
        "held_on | directorate | items\n"
        + f"{case['meetings'].split()[0]} | adult-care | "
        + (every if "all" in case["meetings"] else "risk-management")
    )
    (row,) = cycle.coverage(cycle.agenda_calendar(of_2009(made, case["as_at"]))).to_dict("records")
    told = [row[name] for name in ("heard_n", "open_n", "lost_n", "unknown_n")]
    assert told == [int(case[name]) for name in ("heard", "open", "lost", "dark")]
    assert sum(told) == row["items_n"] == 13
    assert row["outlook"] == case["outlook"]
    assert round(row["heard_pct"], 1) == (100.0 if "all" in case["meetings"] else 7.7)


def test_what_is_left_for_a_body_is_told_of_one_item_meetings_that_are_planned_before_months():
    states = {"state": "to_come", "held": 0, "on_agenda": 0, "often": "", "is_example": False}
    months = [f"2009-{n:02d}" for n in range(8, 13)]
    rows = [
        {"body": "scrutiny", "unit": "", "panel": panel, "item": item, "title": item, "month": month}
        | {"planned": int(panel == "" and month == "2009-10"), **states}
        for panel, item in (("", "budget"), ("children", "risk"))
        for month in months
    ]
    (row,) = cycle.coverage(pd.DataFrame(rows)).to_dict("records")
    assert (row["left_n"], row["left_in"]) == (1, "meeting")


def test_the_council_has_a_row_for_each_board_also_for_one_of_which_nothing_is_known():
    found = cycle.council_coverage(of_2009(minutes(MEETINGS), directorate=""))
    assert list(found.columns) == list(cycle.COVERAGE)
    boards = found[found["body"] == "directorate-board"].set_index("unit")
    assert len(boards) == 5
    assert boards.loc["adult-care", ["heard_n", "unknown_n", "meetings_n"]].tolist() == [2, 0, 3]
    assert boards.loc["corporate", ["items_n", "heard_n", "unknown_n", "meetings_n"]].tolist() == [
        13,
        0,
        13,
        0,
    ]
    assert boards.loc["corporate", "outlook"] == "unknown"
    assert found["body"].drop_duplicates().tolist() == [
        "directorate-board", "strategic-board", "cabinet", "audit-committee", "scrutiny",
    ]  # fmt: skip
    own = cycle.council_coverage(of_2009(minutes(MEETINGS)))
    assert own[["body", "unit"]].to_numpy().tolist() == [["directorate-board", "adult-care"]]


REPORTS = """
body              | held_on    | directorate | service   | items
service-meeting   | 2024-07-15 | childrens   | Early Help | performance-report@2024-25 Q1
service-meeting   | 2024-07-20 | childrens   | Education | performance-report@2024-25 Q1
directorate-board | 2024-07-22 | childrens   |           | performance-report@2024-25 Q1
directorate-board | 2024-08-22 | childrens   |           | performance-report@2024-25 Q1
directorate-board | 2024-07-24 | resources   |           | performance-report@2024-25 Q1
cmt               | 2024-08-05 |             |           | performance-report@2024-25 Q1
cabinet           | 2024-08-13 |             |           | performance-report@2024-25 Q1
scrutiny          | 2024-09-02 |             |           | performance-report@2024-25 Q1
cmt               | 2024-11-05 |             |           | performance-report, risk-management@2024-25 Q2
"""


def lag(text=REPORTS):
    return cycle.reporting_lag(evidence(minutes(text)))


def test_the_lag_is_counted_from_the_quarter_s_end_to_the_first_meeting_that_heard_it():
    found = lag()
    assert list(found.columns) == list(cycle.LAGS)
    told = list(found[["level", "unit", "service", "lag_days"]].itertuples(index=False, name=None))
    assert told == [
        ("service", "childrens", "Early Help", 15),
        ("service", "childrens", "Education", 20),
        ("directorate", "childrens", "", 22),
        ("directorate", "resources", "", 24),
        ("cmt", "", "", 36),
        ("cabinet", "", "", 44),
        ("scrutiny", "", "", 64),
    ]
    assert set(found["quarter"]) == {"2024-25 Q1"}


ROUTES = """
case                         | left_out            | cmt        | states
all heard it                 | nothing             | 2024-08-05 | heard heard heard heard heard
the management team skipped  | cmt                 | 2024-08-05 | heard heard skipped heard heard
not yet at Cabinet           | cabinet scrutiny    | 2024-08-05 | heard heard heard awaited awaited
nobody above heard it        | cmt cabinet scrutiny | 2024-08-05 | heard heard awaited awaited awaited
services left out            | service-meeting     | 2024-08-05 | skipped heard heard heard heard
the management team first    | nothing             | 2024-07-10 | heard heard early heard heard
"""


@pytest.mark.parametrize("case", drawn(ROUTES), ids=lambda case: case["case"])
def test_each_level_heard_it_or_was_skipped_or_is_awaited(case):
    lines = REPORTS.replace("2024-08-05", case["cmt"]).strip().splitlines()
    kept = [line for line in lines if line.split(" ")[0] not in case["left_out"].split()]
    route = cycle.reporting_route(lag("\n".join(kept)))
    assert route["level"].tolist() == list(cycle.ROUTE)
    assert route["state"].tolist() == case["states"].split()


def test_the_framework_says_which_levels_hear_a_report_and_in_which_order():
    way = ("directorate", "cmt", "scrutiny", "cabinet")
    looked_at = evidence(minutes(REPORTS))
    own = looked_at.framework.model_copy(update={"reporting_route": way})
    found = cycle.reporting_lag(replace(looked_at, framework=own))
    assert found["level"].drop_duplicates().tolist() == list(way)
    route = cycle.reporting_route(found, way)
    assert dict(zip(route["level"], route["state"], strict=True)) == {
        "directorate": "heard",
        "cmt": "heard",
        "scrutiny": "heard",
        "cabinet": "early",  # it heard it before scrutiny, which comes first here
    }


def test_the_way_of_a_directorate_goes_on_through_the_council_s_bodies():
    whole = minutes(REPORTS)
    own = whole | {"meetings": whole["meetings"][whole["meetings"]["directorate"] == "resources"]}
    made = replace(evidence(own, directorate="resources"), whole=whole.__getitem__)
    found = cycle.reporting_lag(made)
    assert found["level"].tolist() == ["directorate", "cmt", "cabinet", "scrutiny"]
    assert set(found["unit"]) == {"resources", ""}


def test_the_route_tells_how_many_heard_it_and_when_the_last_did():
    row = cycle.reporting_route(lag()).set_index("level").loc["service"]
    assert (row["units_n"], f"{row['first_on']:%d %b}", f"{row['last_on']:%d %b}", row["lag_days"]) == (
        2,
        "15 Jul",
        "20 Jul",
        20,
    )


def test_quarters_do_not_lend_each_other_their_levels():
    text = REPORTS + "cabinet | 2024-11-12 | | | performance-report@2024-25 Q2\n"
    states = cycle.reporting_route(lag(text)).groupby("quarter")["state"].agg(list)
    assert states["2024-25 Q1"] == ["heard"] * 5
    assert states["2024-25 Q2"] == ["skipped", "skipped", "skipped", "heard", "awaited"]


def test_where_no_item_names_its_quarter_there_is_no_lag_and_no_route():
    found = lag("body | held_on | items\ncmt | 2024-11-05 | performance-report")
    assert found.empty
    assert cycle.reporting_route(found).empty


EVENTS = """
register | event                | closed_on
events   | q1-budget-monitoring | 2009-04-14
events   | q1-budget-monitoring | 2009-05-14
events   | q1-draft-accounts    | 2009-06-30
events   | q2-budget-guidelines | 2009-10-01
events   | q3-draft-budget      | 2009-11-02
events   | q3-settlement-reviewed | 2009-11-14
"""


def test_the_timetable_is_told_item_by_item():
    made = of_2009({"registers": rows("registers", drawn(EVENTS))}, directorate="")
    found = cycle.timetable_calendar(made).set_index("activity")
    told = found[["events_n", "missing", "state"]].apply(tuple, axis=1)
    assert len(found) == 48
    assert told["q1-budget-monitoring"] == (2, "June 2009", "missed")
    assert told["q1-draft-accounts"] == (1, "", "recorded")
    assert told["q2-budget-guidelines"] == (0, "Quarter 2, July to September 2009", "missed")
    assert told["q3-draft-budget"] == (1, "", "recorded")
    assert told["q3-settlement-reviewed"] == (0, "Quarter 3, October to December 2009", "awaited")
    assert found["state"].value_counts().to_dict() == {"missed": 25, "awaited": 21, "recorded": 2}


def test_a_timetable_without_any_event_recorded_says_nothing():
    made = of_2009({"registers": rows("registers", [{"register": "documents"}])}, directorate="")
    assert cycle.timetable_calendar(made).empty


def test_the_year_has_each_item_of_the_timetable_of_2009_with_its_force():
    made = of_2009({"registers": rows("registers", drawn(EVENTS))}, directorate="")
    found = cycle.year_calendar(made)
    assert list(found.columns) == list(cycle.YEAR)
    dates = found[found["kind"] == "timetable"]
    assert len(dates) == 48
    assert set(dates["force"]) == {"example"}
    assert dates["state"].value_counts().to_dict() == {"missed": 25, "awaited": 21, "recorded": 2}
    told = dates.set_index("what")
    assert told.loc["Draft statement of accounts produced", "last_on"] == pd.Timestamp("2009-06-30")
    missing = told.loc["Comprehensive Spending Review evaluated and budget guidelines published", "note"]
    assert missing == "No event records it in Quarter 2, July to September 2009."
    assert dates.loc[dates["each_month"], "quarter"].str[-2:].tolist() == ["Q1", "Q2", "Q3", "Q4"]


def test_a_directorate_sees_the_council_s_register_of_events():
    own = {"registers": rows("registers", [])}
    whole = {"registers": rows("registers", drawn(EVENTS))}
    found = cycle.year_calendar(replace(of_2009(own), whole=whole.__getitem__))
    assert (found["state"] == "recorded").sum() == 2


@pytest.mark.parametrize("registers", [None, [], [{"register": "documents"}]])
def test_a_timetable_of_which_nobody_keeps_events_is_not_known(registers):
    made = of_2009({} if registers is None else {"registers": rows("registers", registers)}, directorate="")
    dates = cycle.year_calendar(made).query("kind == 'timetable'")
    assert set(dates["state"]) == {"unknown"}
    assert set(dates["note"]) == {"No register of events is kept."}


PLANS = """
case                        | as_at      | plans                                             | state    | note
all in April                | 2024-11-15 | service 2024-04-01, directorate 2024-04-30        | recorded | 2 of 2 plans that began in 2024-25 went live in April 2024.
some                        | 2024-11-15 | service 2024-04-01, service 2024-06-01            | recorded | 1 of 2 plans that began in 2024-25 went live in April 2024.
none                        | 2024-11-15 | service 2024-06-01                                | missed   | 0 of 1 plan that began in 2024-25 went live in April 2024.
of another level            | 2024-11-15 | council 2024-04-01                                | unknown  | No plan that began in 2024-25 is recorded.
of the year before          | 2024-11-15 | service 2023-04-01                                | unknown  | No plan that began in 2024-25 is recorded.
April is not over           | 2024-04-20 | service 2024-06-01                                | awaited  |
not over, but there         | 2024-04-20 | service 2024-04-01                                | recorded | 1 of 1 plan that began in 2024-25 went live in April 2024.
"""


@pytest.mark.parametrize("case", drawn(PLANS), ids=lambda case: case["case"])
def test_plans_tell_whether_they_went_live_in_april(case):
    pairs = [one.split() for one in case["plans"].split(",")]
    plans = rows("plans", [{"level": level, "valid_from": pd.Timestamp(day)} for level, day in pairs])
    row = cycle.year_calendar(evidence({"plans": plans}, as_at=case["as_at"])).iloc[0]
    assert (row["month"], row["state"], row["note"]) == ("2024-04", case["state"], case.get("note", ""))


CONVERSATIONS = """
case               | as_at      | held | staff | state    | note
not due            | 2024-03-31 | 10   | 10    | recorded | 10 of 10 staff had theirs for 2023-24.
to come            | 2024-03-31 | 9    | 10    | awaited  |
all                | 2024-05-15 | 10   | 10    | recorded | 10 of 10 staff had theirs for 2023-24.
too few            | 2024-05-15 | 9    | 10    | missed   | 9 of 10 staff had theirs for 2023-24; 1 of 1 services held too few.
nobody employed    | 2024-05-15 | 0    | 0     | unknown  | No conversations of 2023-24 are recorded.
"""


@pytest.mark.parametrize("case", drawn(CONVERSATIONS), ids=lambda case: case["case"])
def test_conversations_tell_whether_they_were_completed_in_march(case):
    row = {"service": "S", "year": "2023-24", "held_n": float(case["held"]), "staff_n": float(case["staff"])}
    made = evidence(
        {"conversations": rows("conversations", [row])}, quarter="2023-24 Q4", as_at=case["as_at"]
    )
    found = cycle.year_calendar(made).iloc[1]
    assert (found["month"], found["state"], found["note"]) == ("2024-03", case["state"], case.get("note", ""))


def test_an_event_tells_more_than_what_other_records_hold():
    events = rows(
        "registers",
        [{"register": "events", "event": "go-live-in-april", "closed_on": pd.Timestamp("2024-04-02")}],
    )
    found = cycle.year_calendar(evidence({"registers": events})).iloc[0]
    assert (found["state"], found["last_on"]) == ("recorded", pd.Timestamp("2024-04-02"))


def test_a_table_that_nobody_sent_leaves_its_month_unknown():
    found = cycle.year_calendar(evidence({})).iloc[:2]
    assert found["state"].tolist() == ["unknown", "unknown"]
    assert found["note"].tolist() == [
        "Nobody sent the table of plans.",
        "Nobody sent the table of conversations.",
    ]


TURNS = """
case                           | meetings                                                             | states
heard for each                 | 2024-04-02 x, 2024-08-05 performance-report@2024-25 Q1, 2024-11-05 performance-report@2024-25 Q2 | recorded recorded awaited awaited
a report without its quarter   | 2024-04-02 x, 2024-05-05 performance-report                           | recorded awaited awaited awaited
the first is missed            | 2024-04-01 x, 2024-11-05 performance-report@2024-25 Q2                | missed recorded awaited awaited
nothing is known of the first  | 2024-04-02 x                                                          | unknown awaited awaited awaited
"""


@pytest.mark.parametrize("case", drawn(TURNS), ids=lambda case: case["case"])
def test_the_quarterly_cycle_is_told_quarter_by_quarter(case):
    days = [one.split(" ", 1) for one in case["meetings"].split(", ")]
    text = "body | held_on | items\n" + "\n".join(f"cabinet | {day} | {items}" for day, items in days)
    found = cycle.year_calendar(evidence(minutes(text))).query("kind == 'cycle' and stream == 'Cabinet'")
    assert set(found["what"]) == {"Performance report"}
    assert found["quarter"].tolist() == [f"2024-25 Q{n}" for n in (1, 2, 3, 4)]
    assert found["state"].tolist() == case["states"].split()
    assert set(found["force"]) == {"duty"}


def asked_each_quarter(**parameters):
    """A clause that wants the report before scrutiny each quarter."""
    (clause,) = [
        one
        for one in FRAMEWORKS["pmf-2022-25"].clauses
        if one.check == "item_was_on_agenda" and one.parameters.get("body") == "cabinet"
    ][:1]
    own = {"body": "scrutiny", "item": "performance-report", "times": 1, "per": "quarter", **parameters}
    framework = FRAMEWORKS["pmf-2022-25"].model_copy(
        update={"clauses": (clause.model_copy(update={"parameters": own}),)}
    )
    text = """
    body     | held_on    | portfolio | items
    scrutiny | 2024-04-01 | Children  | x
    scrutiny | 2024-08-05 | Health    | performance-report@2024-25 Q1
    scrutiny | 2024-08-06 | Children  | performance-report@2024-25 Q1
    scrutiny | 2024-11-05 | Health    | performance-report@2024-25 Q2
    """
    found = cycle.year_calendar(replace(evidence(minutes(text)), framework=framework))
    return found.query("kind == 'cycle'").iloc[:2]


def test_what_one_panel_heard_in_a_quarter_another_did_not_hear_for_it():
    assert asked_each_quarter()["state"].tolist() == ["recorded", "recorded"]
    own = asked_each_quarter(panel="Children")
    assert own["state"].tolist() == ["recorded", "awaited"]
    assert set(own["stream"]) == {"Scrutiny (Children)"}


def test_an_item_that_a_quarter_wants_twice_is_not_recorded_after_one_meeting():
    assert asked_each_quarter(times=2)["state"].tolist() == ["recorded", "awaited"]
    once = asked_each_quarter(times=2, panel="Children").iloc[0]
    assert once["state"] == "missed"
    assert once["note"] == "It was before the body for this quarter, and not as often as is asked."


def test_an_item_may_still_come_only_while_the_body_has_not_taken_the_quarter():
    def of(text):
        found = cycle.year_calendar(
            evidence(minutes("held_on | directorate | items\n" + text), directorate="resources")
        )
        risk = found.query("kind == 'cycle' and what == 'Risk management'")
        return dict(zip(risk["quarter"].str[-2:], risk["state"], strict=True))

    first = "2024-04-24 | resources | risk-management@2024-25 Q1\n"
    ahead = of(first + "2024-10-24 | resources | financial-management")
    assert (ahead["Q1"], ahead["Q2"], ahead["Q3"]) == ("recorded", "awaited", "awaited")
    taken = of(first + "2024-10-24 | resources | performance-report@2024-25 Q2")
    assert (taken["Q1"], taken["Q2"], taken["Q3"]) == ("recorded", "missed", "awaited")
    later = of(first + "2024-11-20 | resources | performance-report@2024-25 Q2")
    assert later["Q2"] == "awaited"


def test_the_quarterly_cycle_of_meetings_that_nobody_sent_is_not_known():
    for made in (evidence({}), not_sent(evidence(minutes(REPORTS)), "agenda")):
        turns = cycle.year_calendar(made).query("kind == 'cycle'")
        assert set(turns["state"]) == {"unknown"}
        assert set(turns["note"]) == {"Meetings were not sent with their agendas."}


def test_a_directorate_s_cycle_is_its_board_s_and_the_council_s_that_of_its_bodies():
    made = minutes(REPORTS)
    own = cycle.year_calendar(evidence(made, directorate="resources")).query("kind == 'cycle'")
    assert set(own["stream"]) == {"Directorate board"}
    whole = cycle.year_calendar(evidence(made)).query("kind == 'cycle'")
    assert set(whole["stream"]) == {"Management team", "Cabinet"}


ATTENDED = """
held_on    | directorate | present
2009-04-10 | adult-care  | Executive Director for Adult Care; Performance lead; Head of Finance; Head of HRD
2009-05-10 | adult-care  | Deputy Director; Performance lead
2009-06-10 | adult-care  |
2009-03-10 | adult-care  | Nobody
"""


def test_attendance_counts_the_posts_that_clauses_want_at_meetings_of_the_year_that_name_anybody():
    found = cycle.attendance(of_2009(minutes(ATTENDED)))
    assert list(found.itertuples(index=False, name=None)) == [
        ("directorate-board", "adult-care", "Executive Director", 2, 1),
        ("directorate-board", "adult-care", "performance", 2, 2),
        ("directorate-board", "adult-care", "Head of Finance", 2, 1),
        ("directorate-board", "adult-care", "Head of HRD", 2, 1),
    ]
    assert cycle.attendance(evidence(minutes(ATTENDED))).empty


STAGES = """
case             | planned_on | delivered_on | checked_on | acted_on   | stage | why
nothing          |            |              |            |            |       |
planned          | 2024-04-01 |              |            |            | plan  |
all in order     | 2024-04-01 | 2024-06-01   | 2024-06-01 | 2024-07-01 | act   |
check before do  | 2024-04-01 | 2024-06-01   | 2024-05-31 | 2024-07-01 | act   | It was checked on 31 May 2024, before it was delivered on 1 June 2024.
check without do | 2024-04-01 |              | 2024-05-31 |            | plan  | It was checked on 31 May 2024, and no day is recorded on which it was delivered.
act without plan |            | 2024-06-01   | 2024-06-02 | 2024-07-01 |       | It was delivered on 1 June 2024, and no day is recorded on which it was planned.
two faults       | 2024-06-03 | 2024-06-01   |            | 2024-07-01 | do    | It was delivered on 1 June 2024, before it was planned on 3 June 2024.
not known yet    | 2024-04-01 | 2024-11-16   |            |            | plan  |
"""


@pytest.mark.parametrize("case", drawn(STAGES), ids=lambda case: case["case"])
def test_plan_do_check_and_act_are_dated_in_order(case):
    days = {name: pd.Timestamp(case[name]) for name in cycle.STAGES.values() if name in case}
    objectives = rows(
        "objectives", [{"objective_id": "o", "plan_id": "p", **days}, {"objective_id": "x", "plan_id": "old"}]
    )
    plans = rows("plans", [{"plan_id": "p", "valid_from": pd.Timestamp("2024-04-01")}])
    found = cycle.planning_cycle(evidence({"objectives": objectives, "plans": plans}))
    (row,) = found.to_dict("records")
    assert list(found.columns) == list(cycle.CYCLE)
    assert (row["objective_id"], row["stage"], row["why"]) == (
        "o",
        case.get("stage", ""),
        case.get("why", ""),
    )
    assert row["is_in_order"] == ("why" not in case)


def test_the_cycle_counts_the_objectives_that_the_clauses_count():
    plans = """
plan_id | valid_from | valid_to
now     | 2024-04-01 | 2025-03-31
last    | 2023-04-01 | 2024-03-31
older   | 2022-04-01 | 2023-11-14
"""
    objectives = """
objective_id | plan_id | due_on     | planned_on | delivered_on
a            | now     | 2025-03-31 | 2024-03-13 |
b            | last    | 2024-03-31 | 2023-03-13 | 2024-03-28
c            | older   | 2023-03-31 | 2022-03-13 | 2023-03-28
"""
    made = evidence({"plans": table("plans", plans), "objectives": table("objectives", objectives)})
    found = cycle.planning_cycle(made)
    assert found[["objective_id", "is_in_force"]].to_numpy().tolist() == [["a", True], ["b", False]]
    assert found["plan_from"].dt.year.tolist() == [2024, 2023]
    planned, delivered = (
        TESTS["objective_stage_is_dated"](made, stage=stage) for stage in ("planned_on", "delivered_on")
    )
    counts = cycle.stage_counts(found, date(2024, 11, 15))
    assert counts["objectives_n"].sum() == planned.population == 2
    assert counts["due_n"].sum() == delivered.population == 1


def test_objectives_that_nobody_sent_are_not_known():
    with pytest.raises(NotSentError, match="objectives"):
        cycle.planning_cycle(evidence({"plans": rows("plans", [])}))


def test_stages_are_counted_so_that_they_add_up():
    cycle_rows = pd.DataFrame(
        {
            "stage": ["plan", "plan", "", "act"],
            "due_on": pd.to_datetime(["2024-11-15", "2024-11-16", None, "2024-01-01"]),
            "is_in_order": [True, True, False, True],
            "is_in_force": [True, True, True, False],
        }
    )
    found = cycle.stage_counts(cycle_rows, date(2024, 11, 15))
    assert found["stage"].tolist() == ["", *cycle.STAGES]
    assert found["objectives_n"].tolist() == [1, 2, 0, 0, 1]
    assert found["now_n"].tolist() == [1, 2, 0, 0, 0]
    assert found["due_n"].tolist() == [0, 0, 0, 0, 1]
    assert found["out_of_order_n"].tolist() == [1, 0, 0, 0, 0]
