"""Clause tests of conversations and training, as drawn tables. The as-at date is 15 November 2024."""

from dataclasses import replace
from datetime import date

import pytest
from arranged_rows import edited, table, told, world
from minuted import drawn, not_sent

from pmf_lib.assurance.checks import TESTS, people
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

HELD = """
directorate | service    | year    | staff_n | held_n | linked_n | development_n
childrens   | Early Help | 2023-24 | 146     | 146    | 146      | 146
childrens   | In Care    | 2023-24 | 20      | 20     | 20       | 20
childrens   | Early Help | 2024-25 | 146     | 60     | 60       | 60
"""
TRAINED = """
entry_id | register  | title                     | opened_on  | due_on     | closed_on  | planned | achieved
care     | training  | Training in Customer Care | 2024-04-14 |            | 2024-09-25 | 820     | 820
pmf      | training  | Performance management    | 2024-04-14 |            | 2024-09-25 | 30      | 10
books    | documents | Customer care standards   | 2024-04-14 |            | 2024-09-25 | 5       | 1
"""
FULL = {"percent": 100}
CARE = {"title": "customer care", "percent": 100}
NAME = "Training in Customer Care"


def held(service, year, **values):
    """The conversations, one row of them changed."""
    frame = table("conversations", HELD)
    is_it = (frame["service"] == service) & (frame["year"] == year)
    assert is_it.any()
    return frame.assign(**{name: frame[name].mask(is_it, value) for name, value in values.items()})


def people_of(conversations=HELD, registers=TRAINED, **tables):
    return world(**{"conversations": conversations, "registers": registers, **tables})


DEFECTS = {
    "conversations_are_held": (FULL, 2, {"conversations": held("Early Help", "2023-24", held_n=58.0)}, "Early Help", "58 of 146 staff had one for 2023-24."),
    "conversations_link_objectives": (FULL, 2, {"conversations": held("Early Help", "2024-25", linked_n=59.0)}, "Early Help", "Of 60 conversations for 2024-25, 59 lead to an objective of a plan."),
    "conversations_agree_development": (FULL, 2, {"conversations": held("In Care", "2023-24", development_n=1.0)}, "In Care", "Of 20 conversations for 2023-24, 1 agreed training or development."),
    "training_reached_staff": (CARE, 1, {"registers": edited(table("registers", TRAINED), "care", achieved=819.0)}, NAME, "819 of 820 planned for were reached."),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    given, population, spoilt, subject, said = DEFECTS[name]
    assert told(TESTS[name](people_of(), **given)) == (population, [])
    assert told(TESTS[name](people_of(**spoilt), **given)) == (population, [[subject, said]])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == people.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name):
    absent = "registers" if name == "training_reached_staff" else "conversations"
    with pytest.raises(NotSentError, match=absent):
        TESTS[name](not_sent(people_of(), absent), **DEFECTS[name][0])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_rows_at_all_are_nothing_to_test(name):
    answer = TESTS[name](people_of("", ""), **DEFECTS[name][0])
    assert (told(answer), answer.due) == ((0, []), None)


SHARES = """
percent | held_n | failed
100     | 146    | 0
100     | 145    | 1
50      | 73     | 0
50      | 72     | 1
0       | 0      | 0
"""


@pytest.mark.parametrize("line", drawn(SHARES), ids=lambda line: " ".join(line.values()))
def test_the_share_is_reached_or_not(line):
    answer = TESTS["conversations_are_held"](
        people_of(held("Early Help", "2023-24", held_n=float(line["held_n"]))), percent=int(line["percent"])
    )
    assert answer.failed == int(line["failed"])


DAYS = """
as_at      | by    | year
2024-11-15 | 03-31 | 2023-24
2025-03-31 | 03-31 | 2023-24
2025-04-01 | 03-31 | 2024-25
2024-11-15 | 09-30 | 2024-25
2024-09-30 | 09-30 | 2023-24
2025-01-15 | 01-15 | 2023-24
2025-01-16 | 01-15 | 2024-25
"""


@pytest.mark.parametrize("line", drawn(DAYS), ids=lambda line: " ".join(line.values()))
def test_the_newest_year_whose_day_has_gone_by_is_asked_for(line):
    short = table("conversations", HELD).assign(held_n=1.0)
    evidence = replace(people_of(short), as_at=date.fromisoformat(line["as_at"]))
    said = TESTS["conversations_are_held"](evidence, percent=100, by=line["by"]).exceptions["condition"]
    assert said.str.contains(line["year"]).all()
    assert said.iloc[0].endswith(f"had one for {line['year']}.")


def test_a_service_of_which_only_this_year_is_known_is_not_yet_due():
    only = table("conversations", HELD).query("year == '2024-25'")
    answer = TESTS["conversations_are_held"](people_of(only), percent=100)
    assert (answer.population, answer.failed, answer.due) == (0, 0, date(2025, 3, 31))


def test_a_service_that_told_of_earlier_years_and_not_of_this_one_fails_and_one_that_never_told_is_unknown():
    frame = table("conversations", HELD)
    silent = frame.assign(year=frame["year"].mask(frame["service"] == "In Care", "2022-23"))
    answer = TESTS["conversations_are_held"](people_of(silent), percent=100)
    assert told(answer) == (2, [["In Care", "It told of earlier years, and of 2023-24 nothing."]])
    unknown = frame[frame["service"] != "In Care"]
    assert told(TESTS["conversations_are_held"](people_of(unknown), percent=100)) == (1, [])


def test_a_service_without_staff_is_asked_for_no_conversations():
    nobody = held("Early Help", "2023-24", staff_n=0.0, held_n=0.0)
    assert told(TESTS["conversations_are_held"](people_of(nobody), percent=100)) == (1, [])


@pytest.mark.parametrize("name", ["conversations_link_objectives", "conversations_agree_development"])
def test_what_is_not_recorded_of_conversations_is_an_exception(name):
    column = {
        "conversations_link_objectives": "linked_n",
        "conversations_agree_development": "development_n",
    }[name]
    answer = TESTS[name](people_of(held("Early Help", "2024-25", **{column: float("nan")})), percent=100)
    assert answer.exceptions["subject"].tolist() == ["Early Help"]
    assert "an unrecorded number" in answer.exceptions["condition"].iloc[0]


@pytest.mark.parametrize(("year", "tested"), [("2022-23", 1), ("2023-24", 2), ("2025-26", 1)])
def test_shares_of_conversations_are_told_of_this_year_or_the_one_before(year, tested):
    frame = table("conversations", HELD)
    moved = frame.assign(year=frame["year"].mask(frame["service"] == "In Care", year))
    assert TESTS["conversations_link_objectives"](people_of(moved), percent=100).population == tested


def test_a_year_without_conversations_so_far_is_judged_by_the_one_before():
    none_yet = held("Early Help", "2024-25", held_n=0.0, linked_n=float("nan"))
    assert told(TESTS["conversations_link_objectives"](people_of(none_yet), percent=100)) == (2, [])


TRAINING = """
changed                                     | percent | tested | failed
achieved=410                                | 50      | 1      | 0
achieved=409                                | 50      | 1      | 1
planned=0, achieved=0                       | 100     | 0      | 0
closed_on=2024-03-31, achieved=1            | 100     | 0      | 0
closed_on=2024-04-01, opened_on=2024-03-01, achieved=1 | 100 | 1 | 1
opened_on=2024-11-16, closed_on=            | 100     | 0      | 0
closed_on=, achieved=1                      | 100     | 0      | 0
closed_on=, due_on=2024-11-15, achieved=1   | 100     | 0      | 0
closed_on=, due_on=2024-11-14, achieved=1   | 100     | 1      | 1
title=Care of customers, achieved=1         | 100     | 0      | 0
title=CUSTOMER CARE at the desk, achieved=1 | 100     | 1      | 1
"""


@pytest.mark.parametrize("line", drawn(TRAINING), ids=lambda line: f"{line['changed']} {line['percent']}")
def test_training_of_the_year_is_asked_for_once_it_is_due(line):
    cells = [cell.partition("=") for cell in line["changed"].split(", ")]
    values = {name: float(value) if name in ("planned", "achieved") else value for name, _, value in cells}
    changed = edited(table("registers", TRAINED), "care", **values)
    given = {"title": "Customer Care", "percent": int(line["percent"])}
    answer = TESTS["training_reached_staff"](people_of(registers=changed), **given)
    assert (answer.population, answer.failed) == (int(line["tested"]), int(line["failed"]))


def test_training_under_way_says_by_when_it_is_due():
    under_way = edited(table("registers", TRAINED), "care", closed_on="")
    assert TESTS["training_reached_staff"](people_of(registers=under_way), **CARE).due == date(2025, 3, 31)
    by_day = edited(under_way, "care", due_on="2024-12-20")
    assert TESTS["training_reached_staff"](people_of(registers=by_day), **CARE).due == date(2024, 12, 20)


@pytest.mark.parametrize("by", ["march", "13-31", "02-30", "3", ""])
def test_a_day_that_is_none_is_refused(by):
    with pytest.raises(
        PolicyError, match=f"parameter 'by': got '{by}', expected a month and day, for example '03-31'"
    ):
        TESTS["conversations_are_held"](people_of(), percent=100, by=by)
