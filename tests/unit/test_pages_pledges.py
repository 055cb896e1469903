"""Pledges, promises, the vision and the alignment on a page: exact sentences on made-up rows, nothing where there is none."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import verdicts
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import TABLES
from pmf_lib.workbook.pages.scorecard import aims, pledges
from pmf_lib.workbook.pages.scorecard.pledge_words import WORDS, why
from pmf_lib.workbook.pieces.markup import Html

WPF, PMF = frameworks.load("wpf-2009"), frameworks.load("pmf-2022-25")
DATES = (
    "opened_on",
    "due_on",
    "closed_on",
    "reviewed_on",
    "valid_from",
    "valid_to",
    "delivered_on",
    "checked_on",
    "acted_on",
)
NUMBERS = ("planned", "achieved")
PLEDGE = {
    "entry_id": "p1", "register": "pledges", "title": "Bins <b>emptied</b>", "directorate": "adult-care",
    "framework": "wpf-2009", "nodes": "outcome-healthy", "objectives": "o1", "opened_on": "2009-04-01",
    "due_on": "2010-03-31",
}  # fmt: skip
PLAN = {"plan_id": "plan-1", "title": "Plan of Waste", "valid_from": "2009-04-01"}
OBJECTIVE = {"objective_id": "o1", "plan_id": "plan-1", "measures": "bins"}
SENT = ("measures", "registers", "plans", "objectives")


def rows(name, *given):
    """Typed rows of a table, the rest of their cells empty."""
    columns = list(TABLES[name].columns)
    made = pd.DataFrame(
        [[row.get(column, "") for column in columns] for row in given], columns=columns, dtype="str"
    )
    days = {each: pd.to_datetime(made[each].replace("", None)) for each in DATES if each in made}
    numbers = {
        each: pd.to_numeric(made[each].replace("", None)).astype("float64")
        for each in NUMBERS
        if each in made
    }
    return made.assign(**days, **numbers, source_file=f"{name}.csv", source_row=range(2, len(made) + 2))


def book(*entries, unit="", framework=WPF, sent=SENT, own=True, **more):
    """A book of the council of 2009 with these entries of registers."""
    tables = {
        "registers": rows("registers", *entries),
        "plans": rows("plans", PLAN),
        "objectives": rows("objectives", OBJECTIVE),
        "measures": rows(
            "measures",
            {"measure_id": "bins", "title": "Bins emptied in time", "promise": "service-efficiency"},
            {"measure_id": "calls", "title": "Calls <i>answered</i>", "promise": "Improve service efficiency and performance"},
        ),
    } | more  # fmt: skip
    reads = pd.DataFrame({"table": list(sent), "is_sent": True, "source_file": "a.csv"})
    council = councils.load("sample-2009")

    def whole(name):
        return tables[name]

    def mine(name):
        frame = tables[name]
        return frame[frame["directorate"] == unit] if unit and "directorate" in frame else frame

    return SimpleNamespace(
        council=council, framework=framework, quarter=parse_quarter("2009-10 Q2"), as_at=date(2009, 11, 13),
        unit=council.directorate(unit) if unit else None, has_own_records=own, whole=whole, table=mine,
        unit_name=council.directorate(unit).name if unit else "Whole council",
        snapshot=SimpleNamespace(table=lambda name: reads), schemes=SimpleNamespace(verdicts=verdicts.load()),
    )  # fmt: skip


def rated(**states):
    made = {"bins": "missed", "calls": "met"} | states
    return pd.DataFrame(
        {
            "measure_id": list(made),
            "state": list(made.values()),
            "variation": "no_real_change",
            "directorate": "adult-care",
        }
    )


def words(page: Html) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.markup))).strip()


def cells(page: Html) -> list[list[str]]:
    found = [
        re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)
        for row in re.findall(r"<tr.*?</tr>", page.markup, re.S)
    ]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in found]


# ---- pledges ------------------------------------------------------------------------------------------------------


def test_each_pledge_stands_under_the_part_of_the_framework_that_it_makes_real():
    second = PLEDGE | {"entry_id": "p2", "title": "One number", "nodes": "driver-services", "objectives": ""}
    second |= {"due_on": ""}
    head, *shown = cells(pledges.shown(book(PLEDGE, second), rated()))
    assert head == ["Pledge", "Directorate", "How far", "Why", "Delivered by", "Due"]
    assert shown == [
        ["Citizen outcome 1. Healthy"],
        ["Bins <b>emptied</b>", "Adult Care", "○\xa0Not known",
             "“Bins emptied in time” misses its target. Only this measure of its objectives is there, and it does not count "
             "what was promised.",
         "Plan of Waste (planned)", "31 March 2010"],
        ["Internal driver 2. Delivering quality services and meeting customer expectations"],
        ["One number", "Adult Care", "◆\xa0In no plan", "No objective of a plan in force delivers it.", "no plan",
         "no day"],
    ]  # fmt: skip


def test_the_finding_heads_the_table_and_says_how_near_the_measures_stand():
    page = words(pledges.shown(book(PLEDGE), rated()))
    assert page.startswith(
        "Pledges It is not known how far the one pledge is How far each pledge is, by declared rules:"
    )
    assert (
        "It has neither a measure nor a figure of its own: the measures of its objectives stand near it and "
        "do not count what was promised." in page
    )
    assert "No pledge for 2009-10 is made for Citizen outcome 2. Safe and secure, " in page
    assert pledges.said(book(PLEDGE), rated()) == "It is not known how far the one pledge is."
    own = PLEDGE | {"measures": "bins"}
    assert pledges.said(book(own), rated()) == "The one pledge is behind."


def test_one_day_for_all_pledges_is_said_once():
    page = pledges.shown(book(PLEDGE, PLEDGE | {"entry_id": "p2"}), rated())
    assert cells(page)[0][-1] == "Delivered by"
    assert "July to September 2009; all pledges are due by 31 March 2010" in words(page)


def test_it_is_said_how_many_pledges_nothing_counts_itself():
    other = PLEDGE | {"entry_id": "p2"}
    assert (
        "None of the two pledges has a measure or a figure of its own: the measures of their objectives stand near them and "
        "do not count what was promised." in words(pledges.shown(book(PLEDGE, other), rated()))
    )
    bare = other | {"objectives": ""}
    assert (
        "None of the two pledges has a measure or a figure of its own: the measures of their objectives"
        in words(pledges.shown(book(PLEDGE, bare), rated()))
    )
    own = other | {"measures": "calls"}
    assert (
        "One of two pledges has neither a measure nor a figure of its own: the measures of its objectives"
        in words(pledges.shown(book(PLEDGE, own), rated()))
    )
    assert "of its own" not in words(pledges.shown(book(own), rated()))


def test_hostile_text_is_escaped():
    page = pledges.shown(book(PLEDGE | {"measures": "calls; bins"}), rated(calls="missed")).markup
    assert "<b>" not in page
    assert "Calls &lt;i&gt;answered&lt;/i&gt;" in page


def test_a_directorate_sees_its_own_and_is_not_asked_for_the_council_s():
    other = PLEDGE | {"entry_id": "p2", "directorate": "corporate", "title": "Theirs"}
    page = words(pledges.shown(book(PLEDGE, other, unit="adult-care"), rated()))
    assert "Theirs" not in page
    assert "Directorate" not in page
    assert "is made for" not in page


def test_a_pledge_that_leads_nowhere_is_told_last_and_as_such():
    lost = PLEDGE | {"entry_id": "p2", "nodes": "", "directorate": ""}
    shown = cells(pledges.shown(book(PLEDGE, lost), rated()))
    assert shown[3] == ["Leads to no part of the framework"]
    assert shown[4][1] == "whole council"


def test_a_register_that_nobody_sent_is_not_known():
    asked = book(sent=("measures",))
    assert words(pledges.shown(asked, rated())) == (
        "Pledges Nobody sent the table of registers, so nothing is known of pledges."
    )
    assert pledges.said(asked, rated()) == ""


@pytest.mark.parametrize(
    ("unit", "own", "told"),
    [
        ("", True, "No pledge stands on the register for 2009-10. Enter those that were made for 2009-10."),
        ("", False, "No pledge stands on the register for 2009-10."),
        ("adult-care", True, "No pledge of Adult Care stands on the register for 2009-10."),
    ],
)
def test_a_register_without_pledges_says_so_and_what_to_do(unit, own, told):
    page = words(pledges.shown(book(unit=unit, own=own), rated()))
    assert page == f"Pledges No pledge is known here {told}"
    assert pledges.said(book(unit=unit), rated()) == ""


def test_a_framework_without_pledges_shows_nothing():
    assert pledges.shown(book(PLEDGE, framework=PMF), rated()).markup == ""
    assert pledges.said(book(PLEDGE, framework=PMF), rated()) == ""


def test_without_plans_nobody_is_said_to_deliver_nothing():
    page = words(pledges.shown(book(PLEDGE, sent=("measures", "registers", "plans")), rated()))
    assert "Plans and objectives were not both sent, so it is not known who delivers it." in page
    assert "It is not known how far the one pledge is" in page


ROW = {
    "measures": "", "measures_n": 0, "is_measured": True, "met_n": 0, "near_n": 0, "missed_n": 0, "objectives_n": 1, "delivered_n": 0,
    "overdue_n": 0, "planned": 200.0, "achieved": float("nan"), "unit": "people", "closed_on": pd.NaT,
    "due_on": pd.Timestamp("2009-10-31"),
}  # fmt: skip
CLOSED = {"closed_on": pd.Timestamp("2009-11-01")}


@pytest.mark.parametrize(
    ("rule", "row", "told"),
    [
        ("closed-short", CLOSED | {"achieved": 150.0}, "It was closed on 1 November 2009 with 150 of 200 people."),
        ("closed-unsaid", CLOSED,
         "It was closed on 1 November 2009, and nobody says what was achieved of 200 people."),
        ("closed-undone", CLOSED | {"objectives_n": 2, "delivered_n": 1},
         "It was closed on 1 November 2009, yet one of two objectives is not delivered."),
        ("closed", CLOSED, "It was closed on 1 November 2009."),
        ("reached", {"achieved": 1200.0}, "1,200 of 200 people: reached."),
        ("overdue", {"achieved": 120.0}, "It was due by 31 October 2009 and is not closed. So far 120 of 200 people."),
        ("overdue", {"achieved": 3.0, "planned": float("nan"), "unit": ""},
         "It was due by 31 October 2009 and is not closed. So far 3."),
        ("objective-overdue", {"overdue_n": 1}, "One objective was due and is not delivered."),
        ("objective-overdue", {"overdue_n": 2}, "Two objectives were due and are not delivered."),
        ("delivered", {}, "Its objective is delivered, but it is not closed."),
        ("delivered", {"objectives_n": 2}, "All its objectives are delivered, but it is not closed."),
        ("measure-missed", {"measures": "a; b; c", "measures_n": 3, "met_n": 1, "missed_n": 1},
         "Of its 3 measures, one meets its target, one misses its target and one has no status this quarter: Bins."),
        ("measure-met", {"measures": "a", "measures_n": 1}, "“Visits” is near its target."),
        ("partly-delivered", {"objectives_n": 2, "delivered_n": 1},
         "One of its 2 objectives is delivered, and none is late."),
        ("figure-short", {"achieved": 120.0},
         "So far 120 of 200 people. No pace is set, so it is not judged before it is due."),
        ("near-measures", {"measures": "a", "measures_n": 1, "is_measured": False},
         "“Visits” is near its target. Only this measure of its objectives is there, and it does not count what was promised."),
        ("near-measures", {"measures": "a; b", "measures_n": 2, "near_n": 1, "missed_n": 1, "is_measured": False},
         "Of its objectives' 2 measures, one is near its target and one misses its target: Bins. "
         "Only these measures of its objectives are there, and they do not count what was promised."),
        ("nothing-shown", {"measures": "c", "measures_n": 1},
         "“Calls” has no status this quarter. Nothing is delivered yet."),
        ("nothing-shown", {}, "No measure is named, and nothing is delivered yet."),
    ],
)  # fmt: skip
def test_why_a_pledge_is_in_its_state(rule, row, told):
    titles = {"a": "Visits", "b": "Bins", "c": "Calls"}
    assert why({**ROW, **row, "rule": rule}, titles, {"a": "near", "b": "missed", "c": "not_due"}) == told


def test_every_rule_is_worded():
    from pmf_lib.assurance.pledges import RULES

    assert set(RULES) - set(WORDS) == {"measure-missed", "measure-met"}


# ---- the vision, promises and the alignment -----------------------------------------------------------------------


def test_the_head_of_the_thread_stands_in_the_framework_s_words():
    assert words(aims.head(book())) == "Vision: “Walsall will be a great place to live, work and invest”."
    assert words(aims.head(book(framework=PMF))).startswith("Aim: “")
    assert words(aims.head(book(framework=PMF))).endswith("and thrive”.")


def test_promises_count_the_measures_that_name_them_by_id_or_title():
    asked = book(framework=PMF)
    page = aims.promises(asked, rated())
    assert cells(page)[0][:6] == ["Promise", "Measures", "Met", "Near", "Missed", "No status"]
    assert [row[:6] for row in cells(page)[1:]] == [
        ["Improve outcomes and customer experience", "0", "–", "–", "–", "0"],
        ["Improve employee satisfaction and engagement", "0", "–", "–", "–", "0"],
        ["Improve service efficiency and performance", "2", "1", "0", "1", "0"],
    ]
    assert (
        "One of three promises has a measure that misses its target; no measure tracks two of them"
        in words(page)
    )
    assert "Every measure tracks one" in words(page)


def test_promises_that_no_measure_names_are_said_and_not_counted():
    bare = book(framework=PMF, measures=rows("measures", {"measure_id": "bins", "title": "Bins"}))
    assert words(aims.promises(bare, rated())) == (
        "Promises No measure says that it tracks one of the promises: Improve outcomes and customer experience, Improve "
        "employee satisfaction and engagement and Improve service efficiency and performance."
    )


def test_a_framework_without_promises_or_alignment_shows_neither():
    assert aims.promises(book(), rated()).markup == ""
    assert aims.alignment(book(framework=PMF)).markup == ""


def test_the_alignment_stands_as_printed_with_its_notes():
    page = aims.alignment(book())
    head, first, second, *rest = cells(page)
    assert head == [
        "The Council's citizen outcomes",
        "SCS Outcomes",
        "SCS Perspectives – People, Places, Prosperity",
    ]
    assert first == ["People get on well with each other"]
    assert (
        second[0]
        == "7. Free from discrimination or harassment; 5. Active - contributing to their communities"
    )
    printed = sum(len(row.aligned) for row in WPF.alignment[0].rows)
    assert sum(len(row) == 3 for row in [second, *rest]) == printed
    assert "The three internal drivers are not in the table." in words(page)
