"""Clause tests of agendas, as drawn tables: an item in each quarter or in the year, and a board's whole agenda."""

import pandas as pd
import pytest
from minuted import drawn, evidence, found, minutes, not_sent, of_2009

from pmf_lib.assurance.checks import TESTS, agendas
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

QUARTERLY = {"body": "directorate-board", "item": "risk-management", "times": 1, "per": "quarter"}
YEARLY = QUARTERLY | {"per": "year"}
AGENDA = {"agenda": "performance-board"}
ITEMS = [one.id for one in of_2009({}).framework.agendas[0].items]
MONTHS = [*(f"2008-{n:02d}" for n in range(7, 13)), *(f"2009-{n:02d}" for n in range(1, 12))]
QUARTERS = """
held_on    | directorate | items
2023-07-10 | childrens   | risk-management
2023-10-10 | childrens   | risk-management@2023-24 Q2, data-quality
2024-01-10 | childrens   | risk-management@2023-24 Q3
2024-04-10 | childrens   | risk-management@2023-24 Q4
2024-07-10 | childrens   | risk-management@2024-25 Q1
2024-10-10 | childrens   | risk-management@2024-25 Q2
"""


def board(without=(), items=ITEMS, months=MONTHS):
    """A board of 2009 that had every item each month, but for some ('item' for ever, 'item@month' once)."""
    lines = [
        f"{month}-10 | adult-care | {', '.join(one for one in items if one not in without and f'{one}@{month}' not in without)}"
        for month in months
    ]
    return minutes("\n".join(["held_on | directorate | items", *lines]))


DEFECTS = {
    "item_was_on_agenda": (
        evidence(minutes(QUARTERS), directorate="childrens"),
        evidence(minutes(QUARTERS.replace("risk-management@2023-24 Q4", "data-quality")), directorate="childrens"),
        QUARTERLY, "Risk management, Quarter 4, January to March 2024",
    ),
    "agenda_is_covered": (of_2009(board()), of_2009(board(["risk-management"])), AGENDA, "Risk Management"),
    "agenda_keeps_frequency": (
        of_2009(board()), of_2009(board(["financial-management@2009-07"])), AGENDA, "Financial Management",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    clean, spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](clean, **told)
    assert answer.population > 1
    assert answer.failed == 0
    assert found(TESTS[name](spoilt, **told)) == (answer.population, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == agendas.__name__}


@pytest.mark.parametrize("table", ["meetings", "agenda"])
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name, table):
    _, spoilt, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError, match=table):
        TESTS[name](not_sent(spoilt, table), **told)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_meetings_without_any_agenda_or_none_at_all_say_nothing(name):
    told = DEFECTS[name][2]
    bare = minutes("held_on | directorate\n2008-07-10 | adult-care\n2009-07-10 | adult-care")
    for tables in (bare, {table: frame[:0] for table, frame in bare.items()}):
        assert TESTS[name](of_2009(tables), **told).population == 0


def on_agenda(text, told=QUARTERLY, as_at="2024-11-15", directorate="childrens", **more):
    return TESTS["item_was_on_agenda"](
        evidence(minutes(text), as_at=as_at, directorate=directorate), **(told | more)
    )


@pytest.mark.parametrize(
    ("old", "new", "tested", "missed"),
    [
        ("risk-management@2024-25 Q2", "learning", 3, []),
        ("risk-management@2024-25 Q1", "learning", 4, ["Risk management, Quarter 1, April to June 2024"]),
        ("2024-10-10 | childrens   | risk-management@2024-25 Q2", "2024-08-10 | childrens   | risk-management", 4, []),
        ("2024-04-10", "2024-11-10", 4, []),
        ("2023-24 Q4", "2023-24 Q3", 4, ["Risk management, Quarter 4, January to March 2024"]),
        ("2024-10-10", "2024-11-16", 3, []),
        ("risk-management@2023-24 Q2, ", "", 4, []),
    ],
    ids=[
        "the newest quarter may wait until the next has ended", "an older one may not",
        "an item that is no report counts for the quarter of its meeting", "a late report counts for its own quarter",
        "two reports on one quarter leave the other without", "a meeting after the as-at date does not count",
        "a quarter of more than a year ago is not asked",
    ],
)  # fmt: skip
def test_an_item_is_asked_of_each_whole_quarter_of_the_year_before(old, new, tested, missed):
    assert old in QUARTERS
    assert found(on_agenda(QUARTERS.replace(old, new))) == (tested, missed)


def test_a_quarter_that_has_ended_twice_over_can_wait_no_longer():
    spoilt = QUARTERS.replace("risk-management@2024-25 Q2", "learning")
    assert on_agenda(spoilt, as_at="2024-12-30").failed == 0
    answer = on_agenda(spoilt, as_at="2024-12-31")
    assert answer.exceptions["subject"].tolist() == ["Risk management, Quarter 2, July to September 2024"]


def test_an_exception_says_how_often_the_body_met_and_who_leads_it():
    (row,) = on_agenda(QUARTERS.replace("risk-management@2023-24 Q4", "learning")).exceptions.to_dict(
        "records"
    )
    assert row["condition"] == (
        "It was not once on the agenda for that quarter, in which the directorate board met once; once is asked."
    )
    assert row["owner"] == "Executive Director for Children's Services"


def test_quarters_before_the_first_meeting_recorded_are_not_asked():
    text = (
        "held_on | directorate | items\n2024-02-10 | childrens | learning\n2024-04-10 | childrens | learning"
    )
    assert found(on_agenda(text)) == (1, ["Risk management, Quarter 1, April to June 2024"])


def test_where_records_have_only_begun_it_is_not_yet_due():
    answer = on_agenda("held_on | directorate | items\n2024-10-10 | childrens | learning")
    assert (answer.population, f"{answer.due}") == (0, "2024-12-31")


def test_a_body_that_never_met_while_others_did_missed_every_quarter():
    text = "body | held_on | items\ncmt | 2023-06-01 | learning\ncmt | 2024-06-01 | learning"
    answer = on_agenda(text, directorate="", body="cabinet")
    assert (answer.population, answer.failed) == (3, 3)
    assert "in which Cabinet met not once" in answer.exceptions["condition"].iloc[0]


def test_one_meeting_with_the_reports_of_two_quarters_had_both():
    text = QUARTERS.replace("risk-management@2023-24 Q4", "learning").replace(
        "risk-management@2024-25 Q1", "risk-management@2024-25 Q1, risk-management@2023-24 Q4"
    )
    assert found(on_agenda(text)) == (4, [])


def test_one_meeting_with_two_reports_counts_once_in_a_year():
    text = (
        QUARTERS.split("2024-01-10", maxsplit=1)[0] + "2024-07-10 | childrens | risk-management@2024-25 Q1, "
    )
    answer = on_agenda(text + "risk-management@2023-24 Q4", YEARLY, times=3)
    assert answer.exceptions["condition"].str.startswith("It was once on the agenda").tolist() == [True]


def test_two_items_of_one_meeting_count_once():
    twice = QUARTERS.replace(
        "risk-management@2024-25 Q1", "risk-management@2024-25 Q1, risk-management@2024-25 Q1"
    )
    answer = on_agenda(twice, times=2)
    assert answer.failed == answer.population == 3


PANELS = """
body     | held_on    | portfolio          | items
scrutiny | 2023-06-01 | Corporate Services | framework
scrutiny | 2024-06-01 | Children           | framework
"""


@pytest.mark.parametrize(
    ("panel", "population", "failed"), [("", 1, 0), ("children", 1, 0), ("Corporate Services", 0, 0)]
)
def test_an_item_may_be_asked_of_one_panel(panel, population, failed):
    answer = on_agenda(PANELS, YEARLY, directorate="", body="scrutiny", item="framework", panel=panel)
    assert (answer.population, answer.failed) == (population, failed)


def test_a_panel_that_missed_its_year_is_named():
    text = PANELS.replace("2023-06-01", "2022-06-01")
    answer = on_agenda(
        text, YEARLY, directorate="", body="scrutiny", item="framework", panel="Corporate Services"
    )
    (said,) = answer.exceptions["condition"]
    assert said == (
        "It was not once on the agenda of Scrutiny (Corporate Services) from 16 November 2023 to 15 November 2024; once is asked."
    )


def test_a_period_that_is_not_known_is_refused():
    with pytest.raises(PolicyError, match="'month' is not a known 'per'"):
        on_agenda(QUARTERS, per="month")


COVERED = """
case                                  | as_at      | quarter    | without                                                | population | missed          | due
covered                               | 2009-11-13 | 2009-10 Q2 |                                                        | 12         |                 |
in the last twelve months only        | 2009-11-13 | 2009-10 Q2 | but:2008-12                                            | 12         |                 |
more than twelve months ago, last year | 2009-11-13 | 2009-10 Q2 | but:2008-11                                           |            |                 | 2010-03-31
the year is over                      | 2009-05-15 | 2008-09 Q4 | but:2009-04                                            |            |                 | 2009-07-10
never                                 | 2009-11-13 | 2009-10 Q2 | risk-management                                        | 12         | Risk Management |
"""


@pytest.mark.parametrize("case", drawn(COVERED), ids=lambda case: case["case"])
def test_the_minimum_is_every_item_in_the_year_and_what_may_still_come_is_not_yet_due(case):
    without = [case["without"]] if "without" in case else []
    if without and without[0].startswith("but:"):
        only = without[0][4:]
        without = [f"risk-management@{month}" for month in MONTHS if month != only]
    made = of_2009(board(without), as_at=case["as_at"], quarter=case["quarter"])
    answer = TESTS["agenda_is_covered"](made, **AGENDA)
    assert found(answer) == (int(case.get("population", 0)), [case["missed"]] if "missed" in case else [])
    assert f"{answer.due or ''}" == case.get("due", "")


def test_once_the_year_is_over_only_what_came_in_it_counts():
    months = [f"2008-{n:02d}" for n in range(4, 13)] + [f"2009-{n:02d}" for n in range(1, 6)]
    tables = board(
        [f"inspection@{month}" for month in months if month != "2009-04"], months=["2008-03", *months]
    )
    tables["agenda"] = tables["agenda"][
        ~((tables["agenda"]["item"] == "inspection") & (tables["agenda"]["meeting_id"] == "m-1"))
    ]
    answer = TESTS["agenda_is_covered"](of_2009(tables, as_at="2009-05-15", quarter="2008-09 Q4"), **AGENDA)
    assert found(answer) == (12, ["Inspection"])
    assert answer.exceptions["condition"].tolist() == [
        "It was not once on the agenda in 2008-09; the minimum is once."
    ]


def test_beside_an_item_missed_those_still_to_come_are_left_out():
    still = [f"inspection@{month}" for month in MONTHS if month != "2008-10"]
    answer = TESTS["agenda_is_covered"](of_2009(board(["risk-management", *still])), **AGENDA)
    assert found(answer) == (11, ["Risk Management"])


def test_more_than_the_minimum_may_be_asked():
    once = [f"inspection@{month}" for month in MONTHS if month != "2009-03"]
    answer = TESTS["agenda_is_covered"](of_2009(board(once)), **AGENDA, times=2, per="year")
    assert found(answer) == (12, ["Inspection"])


def test_every_board_of_the_council_is_asked_and_named():
    tables = minutes(
        "body | held_on | directorate | items\n"
        + "\n".join(f"directorate-board | {month}-10 | adult-care | {', '.join(ITEMS)}" for month in MONTHS)
        + "\n"
        + "\n".join(f"strategic-board | {month}-10 | | {', '.join(ITEMS[1:])}" for month in MONTHS)
    )
    answer = TESTS["agenda_is_covered"](of_2009(tables, directorate=""), **AGENDA)
    assert found(answer) == (24, ["Customer Satisfaction, Strategic board"])
    often = TESTS["agenda_keeps_frequency"](of_2009(tables, directorate=""), **AGENDA)
    assert found(often) == (12, ["Customer Satisfaction, Strategic board"])


@pytest.mark.parametrize("name", ["agenda_is_covered", "agenda_keeps_frequency"])
def test_an_agenda_that_the_framework_has_not_is_refused_with_its_file(name):
    with pytest.raises(PolicyError, match=r"'board' is not a known agenda.*wpf-2009/bodies.yml"):
        TESTS[name](of_2009(board()), agenda="board")


OFTEN = """
item                 | left_out                                              | said
financial-management | 2009-07                                               | It came up in 11 of 12 months; the text's example is: monthly financial monitoring, quarterly Gershon tracking.
service-planning     | 2009-07, 2009-08, 2009-09                             | It came up in 3 of 4 quarters; the text's example is: quarterly.
service-planning     | 2009-07, 2009-08                                      |
customer-satisfaction | 2009-04, 2009-05, 2009-06, 2009-07, 2009-08, 2009-09 | It came up in 1 of 2 half-years; the text's example is: at least bi-annually at performance boards.
customer-satisfaction | 2009-04, 2009-05, 2009-06, 2009-07, 2009-08          |
inspection           | 2009-04, 2009-05, 2009-06, 2009-07, 2009-08, 2009-09  |
"""


@pytest.mark.parametrize("case", drawn(OFTEN), ids=lambda case: f"{case['item']} {case['left_out']}")
def test_each_frequency_that_can_be_counted_is(case):
    without = [f"{case['item']}@{month}" for month in case["left_out"].split(", ")]
    answer = TESTS["agenda_keeps_frequency"](of_2009(board(without)), **AGENDA)
    assert answer.population == 6
    assert answer.exceptions["condition"].tolist() == ([case["said"]] if "said" in case else [])


def test_of_a_board_that_has_only_begun_just_whole_months_are_asked():
    months = MONTHS[-3:]
    answer = TESTS["agenda_keeps_frequency"](
        of_2009(board(["financial-management@2009-10", "service-planning"], months=months)), **AGENDA
    )
    told = answer.exceptions.set_index("subject")["condition"]
    assert told["Financial Management"].startswith("It came up in 1 of 2 months")
    assert "Service Planning" not in told
    assert answer.population == 5


def test_half_years_end_in_september_and_march():
    came = ("2008-03", "2008-09", "2008-12")
    tables = board(
        [f"customer-satisfaction@{month}" for month in MONTHS if month not in came],
        months=["2008-03", *MONTHS],
    )
    said = {
        as_at: TESTS["agenda_keeps_frequency"](of_2009(tables, as_at=as_at), **AGENDA).exceptions
        for as_at in ("2009-08-01", "2009-10-05")
    }
    assert "Customer Satisfaction" not in set(said["2009-08-01"]["subject"])
    assert (
        said["2009-10-05"]
        .set_index("subject")["condition"]["Customer Satisfaction"]
        .startswith("It came up in 1 of 2 half-years")
    )


def test_an_item_that_stands_twice_on_one_agenda_came_up_once():
    months = [f"risk-management@{month}" for month in MONTHS if month != "2009-03"]
    tables = board(months)
    tables["agenda"] = tables["agenda"].replace({"item": {"data-quality": "risk-management"}})
    once = tables["agenda"][tables["agenda"]["item"] == "risk-management"]
    tables["agenda"] = pd.concat([tables["agenda"], once.assign(number=99)], ignore_index=True)
    answer = TESTS["agenda_is_covered"](of_2009(tables), **AGENDA, times=2)
    assert found(answer) == (12, ["Risk Management"])


def test_a_body_is_asked_from_its_own_first_meeting_on():
    text = """
    body              | held_on    | directorate | items
    service-meeting   | 2022-07-10 | childrens   | learning
    directorate-board | 2024-04-01 | childrens   | learning
    """
    assert found(on_agenda(text)) == (1, ["Risk management, Quarter 1, April to June 2024"])
