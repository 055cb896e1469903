"""The cycle as drawn tables: agendas by month, a quarter's report on its way up, and plan, do, check, act in order."""

from dataclasses import replace

import pandas as pd
import pytest
from minuted import FRAMEWORKS, drawn, evidence, minutes, not_sent, of_2009, rows

from pmf_lib.assurance import cycle
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.periods import parse

MEETINGS = """
body              | held_on    | state     | directorate | items
directorate-board | 2009-04-10 |           | adult-care  | risk-management, risk-management, financial-management
directorate-board | 2009-04-20 |           | adult-care  | financial-management
directorate-board | 2009-05-10 | cancelled | adult-care  | risk-management
directorate-board | 2009-06-10 |           | adult-care  | something-else
directorate-board | 2009-03-31 |           | adult-care  | risk-management
directorate-board | 2009-11-14 |           | adult-care  | risk-management
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
    for table in ("meetings", "agenda"):
        with pytest.raises(NotSentError, match=table):
            cycle.agenda_calendar(not_sent(of_2009(minutes(MEETINGS)), table))


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


def test_objectives_that_nobody_sent_are_not_known():
    with pytest.raises(NotSentError, match="objectives"):
        cycle.planning_cycle(evidence({"plans": rows("plans", [])}))
