"""A board's agenda, its hot issues, its targets and its risks, as drawn tables."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from minuted import FRAMEWORKS, drawn, evidence, minutes, not_sent, of_2009, rows
from test_clauses_escalation import ACTIONS, STEP_UP, STEPS, made

from pmf_lib import policy, settings
from pmf_lib.assurance.board import agenda as board
from pmf_lib.assurance.board import beside_others
from pmf_lib.assurance.board import results as board_loop
from pmf_lib.assurance.board.behind import SENTENCES, Behind, brings
from pmf_lib.assurance.board.issues import ISSUES, hot_issues
from pmf_lib.assurance.board.rules import ISSUE_WORDS, BoardScheme
from pmf_lib.assurance.checks.risks import risk_is_managed
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.framework.clauses import Clause
from pmf_lib.performance.benchmark.told import VERDICTS

FILE = settings.root() / "parameters" / "schemes" / "board.yml"
SCHEME = policy.load(FILE, BoardScheme)

# ---- the agenda ------------------------------------------------------------------------------------------------------

FIRST = "2007-04-10 nothing-of-it"
"""Since then meetings of the board are recorded."""
OF_2009 = """
case                                          | item             | heard                 | as_at      | state    | basis
never heard                                   | risk-management  |                       | 2009-11-13 | overdue  | minimum
last heard before the year before             | risk-management  | 2008-03-10            | 2009-11-13 | overdue  | minimum
heard last year, not yet in this              | inspection       | 2009-03-10            | 2009-11-13 | due_next | minimum
the same, and the year is nearly over         | inspection       | 2009-03-10            | 2010-01-05 | overdue  | minimum
the last day on which the year is not near    | inspection       | 2009-03-10            | 2009-12-28 | due_next | minimum
the first day on which it is                  | inspection       | 2009-03-10            | 2009-12-29 | overdue  | minimum
heard this year, no countable example         | inspection       | 2009-05-10            | 2009-11-13 | covered  | minimum
heard once, on a day still to come            | inspection       | 2009-11-14            | 2009-11-13 | overdue  | minimum
an example: quarterly, heard last quarter     | risk-management  | 2009-09-10            | 2009-11-13 | due_next | example
quarterly, heard in this quarter              | risk-management  | 2009-10-10            | 2009-11-13 | covered  | minimum
monthly, heard last month                     | financial-management | 2009-10-10        | 2009-11-13 | due_next | example
monthly, heard in this month                  | financial-management | 2009-11-10        | 2009-11-13 | covered  | minimum
twice a year, heard in the half before        | customer-satisfaction | 2009-09-10       | 2009-11-13 | due_next | example
twice a year, heard in this half              | customer-satisfaction | 2009-10-10       | 2009-11-13 | covered  | minimum
good practice, not heard                      | data-quality     |                       | 2009-11-13 | due_next | mentioned
good practice, not heard at the year's end    | data-quality     |                       | 2010-03-20 | due_next | mentioned
good practice, heard                          | data-quality     | 2009-05-10            | 2009-11-13 | covered  | mentioned
the year is over, and it was heard            | inspection       | 2009-05-10            | 2010-05-15 | covered  | minimum
the year is over, and it was not              | inspection       | 2009-03-10            | 2010-05-15 | overdue  | minimum
the year is over, and it was heard since      | inspection       | 2009-03-10 2010-04-20 | 2010-05-15 | covered  | minimum
"""
OF_2022 = """
case                                        | item               | heard                 | as_at      | state    | basis
never heard                                 | risk-management    |                       | 2024-11-15 | overdue  | duty
the newest quarter may still be heard       | risk-management    | 2024-04-10            | 2024-11-15 | due_next | duty
the newest quarter was heard                | risk-management    | 2024-07-10            | 2024-11-15 | covered  | duty
the quarter before was not, and now is late | risk-management    | 2024-01-10            | 2024-11-15 | overdue  | duty
heard since the newest quarter ended        | risk-management    | 2024-01-10 2024-10-10 | 2024-11-15 | due_next | duty
a report counts for its quarter             | performance-report | 2024-10-10@2024-25 Q2 | 2024-11-15 | covered  | duty
and not for the quarter of its meeting      | performance-report | 2024-07-10@2024-25 Q1 | 2024-11-15 | due_next | duty
once a year, heard                          | learning           | 2024-06-10            | 2024-11-15 | covered  | duty
once a year, not yet in this year           | learning           | 2024-03-10            | 2024-11-15 | due_next | duty
mentioned only                              | successes          |                       | 2024-11-15 | due_next | mentioned
"""


def agenda_of(case):
    """A board's minutes: a first meeting without the item, then one for each day on which it was heard."""
    heard = case.get("heard", "").replace(" Q", "_Q").split()
    lines = [FIRST.split(), *([day.partition("@")[0], f"{case['item']}{day[10:]}"] for day in heard)]
    text = "\n".join(f"{day} | {item.replace('_Q', ' Q')}" for day, item in lines)
    return minutes("held_on | items\n" + text, state="held")


def minuted(case, framework):
    tables = agenda_of(case)
    unit, label = ("adult-care", "2009-10 Q2") if framework == "wpf-2009" else ("childrens", "2024-25 Q2")
    tables["meetings"] = tables["meetings"].assign(directorate=unit, state="held")
    return evidence(tables, framework, label, case["as_at"], unit)


def due(records, item):
    found = board.agenda_due(records, SCHEME)
    assert list(found.columns) == list(board.AGENDA)
    return found.set_index("item").loc[item]


@pytest.mark.parametrize(
    ("framework", "case"),
    [("wpf-2009", case) for case in drawn(OF_2009)] + [("pmf-2022-25", case) for case in drawn(OF_2022)],
    ids=lambda one: one["case"] if isinstance(one, dict) else one,
)
def test_an_item_stands_by_its_turn(framework, case):
    found = due(minuted(case, framework), case["item"])
    assert (found["state"], found["basis"]) == (case["state"], case["basis"]), found["why"]
    assert found["why"].endswith(".")


def test_every_item_that_the_framework_asks_has_one_row_in_its_order():
    of_2009 = board.asked_of_board(FRAMEWORKS["wpf-2009"])
    agenda = FRAMEWORKS["wpf-2009"].agendas[0]
    assert of_2009["item"].tolist() == [*(one.id for one in agenda.items), "data-quality"]
    assert of_2009["number"].tolist() == [*range(1, 13), 0]
    assert set(of_2009["force"]) == {"minimum", "good practice"}
    later = board.asked_of_board(FRAMEWORKS["pmf-2022-25"]).set_index("item")
    assert later.index.is_unique
    assert later.loc["risk-management", ["per", "force", "title"]].tolist() == [
        "quarter",
        "duty",
        "Risk management",
    ]


def test_of_two_that_ask_for_an_item_the_one_that_binds_more_holds():
    own = FRAMEWORKS["wpf-2009"]
    asks = Clause(
        id="risk-each-quarter", source="7", what="x", force="duty", unit="directorate", period="quarter", how="test",
        group="risk", check="item_was_on_agenda", parameters={"body": board.BODY, "item": "risk-management", "times": 1, "per": "quarter"},
    )  # fmt: skip
    found = board.asked_of_board(own.model_copy(update={"clauses": (*own.clauses, asks)}))
    assert found["item"].is_unique
    (row,) = found[found["item"] == "risk-management"].to_dict("records")
    assert (row["number"], row["per"], row["force"], row["frequency"]) == (7, "quarter", "duty", "quarterly")


def test_why_says_how_seldom_it_was_heard_and_what_the_example_is():
    case = {"item": "risk-management", "as_at": "2009-11-13"}
    assert due(minuted(case, "wpf-2009"), "risk-management")["why"] == (
        "It is not on the one agenda recorded since 10 April 2007. It is asked once a year."
    )
    seldom = due(minuted(case | {"heard": "2009-09-10"}, "wpf-2009"), "risk-management")
    assert seldom["why"] == (
        "Not yet on the agenda in Quarter 3, October to December 2009; the text's example is: quarterly."
    )
    assert (seldom["asks"], seldom["year_n"], seldom["last_on"]) == (
        "once a year (minimum)",
        1,
        pd.Timestamp("2009-09-10"),
    )


UNKNOWN = {
    "no meetings sent": (("meetings",), "Nobody sent the table of meetings, so nothing is known of it."),
    "neither sent": (("meetings", "agenda"), "Nobody sent the table of meetings or of agenda items, so nothing is known of it."),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN)
def test_where_a_table_was_not_sent_every_item_is_unknown(case):
    tables, said = UNKNOWN[case]
    records = minuted({"item": "inspection", "as_at": "2009-11-13"}, "wpf-2009")
    for name in tables:
        records = not_sent(records, name)
    found = board.agenda_due(records, SCHEME)
    assert set(found["state"]) == {"unknown"}
    assert set(found["why"]) == {said}
    assert len(found) == 13


def test_another_directorate_s_board_or_another_body_is_no_meeting_of_this_board():
    text = "body | held_on | items | directorate\ncabinet | 2009-10-10 | inspection |"
    found = board.agenda_due(of_2009(minutes(text)), SCHEME)
    assert set(found["why"]) == {"No meeting of this board is recorded, so nothing is known of it."}


def test_a_meeting_without_any_item_tells_nothing_of_the_agenda():
    found = board.agenda_due(
        of_2009(minutes("held_on | items | directorate\n2009-10-10 | | adult-care")), SCHEME
    )
    assert set(found["why"]) == {"No agenda of this board is recorded, so nothing is known of it."}


def test_the_next_meeting_is_the_first_that_is_planned_for_the_day_or_a_later_one():
    text = """
    held_on    | state     | items
    2009-11-12 | planned   | inspection
    2009-11-13 |           | inspection
    2009-11-20 | cancelled | inspection
    2009-12-22 | planned   | inspection
    2009-12-10 | planned   | inspection
    """
    assert board.next_meeting(of_2009(minutes(text))) == date(2009, 12, 10)
    assert board.next_meeting(of_2009(minutes(text), as_at="2009-12-22")) == date(2009, 12, 22)
    assert board.next_meeting(of_2009(minutes(text), as_at="2009-12-23")) is None
    assert board.next_meeting(not_sent(of_2009(minutes(text)), "meetings")) is None


def test_the_meetings_of_the_year_are_counted_with_their_items():
    text = """
    held_on    | state     | items                        | time_given
    2009-03-31 |           | inspection                   | separate
    2009-10-20 |           | inspection, risk-management  | shared
    2009-04-20 |           |                              | separate
    2009-05-20 | cancelled | inspection                   | separate
    2009-11-14 |           | inspection                   | separate
    """
    found = board.meetings_of_year(of_2009(minutes(text)))
    assert list(found.columns) == list(board.MEETINGS)
    assert [(f"{day:%d.%m}", n) for day, n in zip(found["held_on"], found["items_n"], strict=True)] == [("20.04", 0), ("20.10", 2)]  # fmt: skip


# ---- hot issues ------------------------------------------------------------------------------------------------------


def issues(variation="no_real_change", state="missed", **given):
    found = made(**given)
    shown = found.rated.assign(variation=variation, state=state, capability="hit_and_miss")
    made_of = hot_issues(replace(found, rated=shown), SCHEME)
    assert list(made_of.columns) == list(ISSUES)
    return made_of


def one(kind, **given):
    """The one issue of a world, and that it is of this kind."""
    (row,) = issues(**given).to_dict("records")
    assert row["kind"] == kind
    return row


WELL = {"escalations": STEPS, "actions": ACTIONS}


def test_a_miss_raised_in_time_decided_on_and_acted_on_is_not_hot():
    assert issues(**WELL).empty


def test_a_miss_raised_with_nobody_comes_first_and_names_the_level_and_the_day():
    row = one("never_raised")
    assert (
        row["condition"]
        == "No escalation is recorded; it was to be raised to the directorate by 28 October 2024."
    )
    assert (row["subject"], row["owner"], row["about"]) == ("Bins", "Head of bins", "bins")
    assert row["asks"] == "See that it is raised to the directorate."


def test_a_miss_raised_to_too_low_a_level_and_one_raised_late():
    low = STEPS.replace("e-2           | Bins: missed  | bins ", "e-2           | Calls: more   | calls")
    row = one("raised_too_low", running=2, escalations=low, actions=ACTIONS)
    assert row["condition"].startswith(
        "It was raised to the directorate and no further; it was to be raised to the management team by"
    )
    assert row["condition"].endswith("It missed its target in two quarters running.")
    steps = "\n".join(line for line in STEPS.strip().splitlines() if not line.startswith("e-2"))
    late = one("raised_late", escalations=steps.replace("Head of bins  | 2024-10-18", "Head of bins  | 2024-11-08"), actions=ACTIONS)  # fmt: skip
    assert (
        "It was raised to the directorate on 8 November 2024; it was to be raised by 28 October 2024."
        in late["condition"]
    )


def test_a_level_reached_late_has_its_own_day_beside_a_higher_one_reached_since():
    late = STEPS.replace("Head of bins  | 2024-10-18", "Head of bins  | 2024-10-30").replace(
        "Director      | 2024-10-25", "Director      | 2024-11-04"
    )
    row = one("raised_late", escalations=late, actions=ACTIONS)
    assert "It was raised to the directorate on 30 October 2024; it was to be raised by" in row["condition"]


@pytest.mark.parametrize("variation", ["no_real_change", "worsening_low"])
def test_a_measure_of_which_all_that_was_done_changed_nothing_is_asked_for_an_action(variation):
    idle = ACTIONS.replace("A new crew  | bins     |    ", "A new crew  |          | e-3").replace(
        "More people |          | e-3", "More people | bins     |    "
    )
    told = made(running=2, actions=idle, escalations=STEPS)
    flat = STEP_UP.assign(value=[50.0 + n % 3 for n in range(len(STEP_UP))])
    records = replace(
        told, rated=told.rated.assign(variation=variation), tables={**told.tables, "observations": flat}
    )
    (row,) = hot_issues(records, SCHEME).to_dict("records")
    assert row["condition"].endswith("No action is in hand: what was done changed nothing for the better.")
    assert row["asks"] == "Agree an action, with a post and a day."


def test_an_escalation_past_a_level_and_one_without_a_decision():
    past = STEPS.replace(
        "service     | directorate | Head of calls", "service     | cmt         | Head of calls"
    )
    row = one("level_skipped", escalations=past, actions=ACTIONS)
    assert row["condition"] == "It went from the service to the management team, past the directorate."
    assert row["about"] == "calls"
    waiting = STEPS.replace("2024-10-24 | action", "           |       ")
    row = one("not_decided", escalations=waiting, actions=ACTIONS)
    assert (row["asks"], row["owner"]) == ("Decide on it.", "Head of calls")
    upper = STEPS.replace("2024-11-05 | action", "           | none  ")
    assert (
        one("not_decided", escalations=upper, actions=ACTIONS)["asks"]
        == "Ask the management team for a decision."
    )


def test_a_step_that_went_on_up_awaits_nothing_at_the_lower_level():
    assert issues(
        escalations=STEPS.replace("2024-10-24 | referred", "           |         "), actions=ACTIONS
    ).empty


WORSE = """
variation      | running | actions | kind               | condition
worsening_high | 1       | some    | misses_and_worsens | It missed its target in this quarter, and the change for the worse is real.
worsening_low  | 2       | some    | misses_and_worsens | It missed its target in two quarters running, and the change for the worse is real.
worsening_low  | 2       |         | misses_and_worsens | It missed its target in two quarters running, and the change for the worse is real. No action under way or done names it.
no_real_change | 2       | some    | misses_again       | It missed its target in two quarters running.
no_real_change | 2       |         | misses_again       | It missed its target in two quarters running. No action under way or done names it.
no_real_change | 4       | some    | misses_again       | It missed its target in four quarters running or more.
"""


@pytest.mark.parametrize("case", drawn(WORSE), ids=lambda case: case["condition"])
def test_a_miss_that_worsens_or_comes_again(case):
    found = made(running=int(case["running"]), actions=ACTIONS if "actions" in case else "")
    records = replace(found, rated=found.rated.assign(variation=case["variation"]), escalation=None)
    if case["running"] == "4":
        records = replace(records, escalation=found.escalation, sent=records.sent - {"escalations"})
    elif case["running"] == "2":
        records = replace(records, rated_in=found.rated_in)
    (row,) = hot_issues(records, SCHEME).to_dict("records")
    assert (row["kind"], row["condition"]) == (case["kind"], case["condition"])


def test_an_action_overdue_stands_with_its_measure_and_by_itself_where_it_names_none():
    open_still = ACTIONS.replace("2024-01-20", "          ").replace("2024-02-28", "          ")
    found = issues(escalations=STEPS, actions=open_still).set_index("about")
    assert set(found["kind"]) == {"action_overdue"}
    assert (
        found.loc["bins", "condition"]
        == "Its action “A new crew” was due on 31 January 2024 and is not done."
    )
    assert found.loc["a-2", ["subject", "owner"]].tolist() == ["More people", "Head"]


def test_a_figure_and_a_return_that_were_due():
    late = one("figure_late", state="late", **WELL)
    assert late["condition"] == "Its figure was due on 20 October 2024 and was not sent."
    entries = """
    entry_id | register    | title       | due_on     | closed_on  | owner
    r-1      | obligations | The return  | 2024-07-31 |            | Head
    r-2      | obligations | Sent        | 2024-07-31 | 2024-07-30 | Head
    r-3      | obligations | Still to go | 2024-11-15 |            | Head
    r-4      | documents   | No return   | 2024-07-31 |            | Head
    """
    row = one("return_late", **WELL, registers=rows("registers", drawn(entries)))
    assert (row["subject"], row["condition"]) == (
        "The return",
        "It was due on 31 July 2024 and was not sent in.",
    )


def test_issues_come_in_the_declared_order_and_one_measure_once():
    given = {"running": 2, "variation": "worsening_low"}
    (row,) = issues(**given).to_dict("records")
    assert row["kind"] == "never_raised"
    assert "the change for the worse is real" in row["condition"]
    turned = SCHEME.model_copy(update={"hot_issues": SCHEME.hot_issues[::-1]})
    found = made(running=2)
    records = replace(found, rated=found.rated.assign(variation="worsening_low"))
    assert hot_issues(records, turned)["kind"].tolist() == ["misses_and_worsens"]


def test_of_published_figures_and_of_tables_not_sent_no_issue_is_made():
    found = made(running=1)
    records = replace(found, rated=found.rated.assign(variation="no_real_change"))
    assert hot_issues(replace(records, is_own=False), SCHEME).empty
    unsent = not_sent(not_sent(records, "escalations"), "actions")
    assert hot_issues(unsent, SCHEME).empty


@pytest.mark.parametrize(
    "wrong", [["never_raised"], [*ISSUE_WORDS, "never_raised"], [*ISSUE_WORDS, "gossip"]]
)
def test_an_order_that_leaves_a_kind_out_or_doubles_one_is_refused_with_the_file(tmp_path, wrong):
    with pytest.raises(PolicyError, match="hot_issues"):
        policy.build(SCHEME.model_dump() | {"hot_issues": wrong}, BoardScheme, tmp_path / "board.yml")


def test_the_order_is_printed_whole():
    assert SCHEME.words.startswith(
        "Hot issues come in this order: missed and raised with nobody; raised to too low a level;"
    )
    assert SCHEME.words.count(";") == len(ISSUE_WORDS) - 1


# ---- targets, effects and risks --------------------------------------------------------------------------------------

TARGETS = """
capability         | variation      | challenge    | changed
consistently_meets | no_real_change | cannot_miss  | no
not_expected       | no_real_change | cannot_reach | no
not_expected       | worsening_low  | cannot_reach | yes
hit_and_miss       | no_real_change |              |
not_tested         | not_suited     |              |
"""


@pytest.mark.parametrize("case", drawn(TARGETS), ids=lambda case: f"{case['capability']} {case['variation']}")
def test_a_target_is_worth_challenging_where_it_cannot_be_missed_or_reached(case):
    found = made(links=rows("links", []))
    shown = found.rated.assign(
        capability=case["capability"], variation=case["variation"], capability_why="So."
    )
    got = board_loop.worth_challenging(replace(found, rated=shown))
    assert list(got.columns) == list(board_loop.TARGETS)
    wanted = [(case["challenge"], case["changed"] == "yes")] if "challenge" in case else []
    assert list(zip(got["challenge"], got["just_changed"], strict=True)) == wanted
    assert board_loop.worth_challenging(replace(found, rated=shown, is_own=False)).empty


@pytest.mark.parametrize(
    ("directness", "is_proxy"), [(["proxy"], True), (["proxy", "direct"], False), ([], False)]
)
def test_a_measure_is_a_proxy_where_each_of_its_links_is_one(directness, is_proxy):
    links = [{"measure_id": "bins", "framework": "pmf-2022-25", "node": f"n{n}", "directness": each} for n, each in enumerate(directness)]  # fmt: skip
    found = made(links=rows("links", links))
    shown = found.rated.assign(capability="not_expected", variation="no_real_change", capability_why="So.")
    assert board_loop.worth_challenging(replace(found, rated=shown))["is_proxy"].tolist() == [is_proxy]


def test_only_actions_done_since_the_year_before_are_looked_at():
    records = made(**WELL, observations=STEP_UP)
    found = board_loop.effects_lately(records, records.escalation)
    assert found[["action_id", "measure_id", "effect"]].to_numpy().tolist() == [["a-1", "bins", "better"]]
    old = made(actions=ACTIONS.replace("2024-01-20", "2023-03-31"), observations=STEP_UP)
    assert board_loop.effects_lately(old, old.escalation).empty
    with pytest.raises(NotSentError, match="actions"):
        board_loop.effects_lately(not_sent(records, "actions"), records.escalation)


RISKS = """
risk_id | title       | level     | measures    | owner | likelihood | impact | raised_on  | reviewed_on | closed_on
r-1     | No trucks   | service   | bins; calls | Head  | 4          | 3      | 2023-04-01 | 2024-10-01  |
r-2     | Long gone   | service   | bins        | Head  | 5          | 5      | 2023-04-01 |             | 2024-01-01
r-3     | Not scored  | strategic | bins        |       |            |        | 2023-04-01 | 2025-01-01  |
"""


def risked(missed=("bins",)):
    lines = [{**line, **{name: float(line[name]) for name in ("likelihood", "impact") if name in line}} for line in drawn(RISKS)]  # fmt: skip
    return made(missed=missed, risks=rows("risks", lines))


def test_each_missed_measure_stands_with_the_open_risks_that_name_it():
    found = board_loop.risk_links(risked(("bins", "tips")))
    assert list(found.columns) == list(board_loop.RISKS)
    assert found[["measure_id", "risk_id"]].to_numpy().tolist() == [
        ["bins", "r-1"],
        ["bins", "r-3"],
        ["tips", ""],
    ]
    assert found.loc[0, "score"] == 12
    assert found["looked_on"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2024-10-01", "2023-04-01"]
    with pytest.raises(NotSentError, match="risks"):
        board_loop.risk_links(not_sent(risked(), "risks"))


# ---- what the records put under an item ------------------------------------------------------------------------------


def brought(item, records, issues_n=0):
    return brings(Behind(records, SCHEME, issues_n), pd.Series([item])).iloc[0]


def test_what_lies_behind_an_item_is_counted_from_the_unit_s_own_rows():
    records = risked(("bins", "calls"))
    assert brought("performance-information", records) == "The quarter's results: 2 of 2 measures with a status miss their target."  # fmt: skip
    assert brought("risk-management", records) == "1 of 2 open risks was not reviewed since 15 August 2024."
    assert brought("directorate-specific", records, 3) == "3 hot issues, listed below."
    assert brought("directorate-specific", records) == "No hot issue."
    assert brought("pledges", records) == "These records hold no table for it."


def test_a_table_that_nobody_sent_is_said_and_never_counted_as_nought():
    assert brought("risk-management", made()) == "Nobody sent the table of risks, so nothing is known of it."
    assert (
        brought("recommendations", made())
        == "Nobody sent the table of recommendations, so nothing is known of it."
    )
    assert (
        brought("workforce-planning", made())
        == "Nobody sent the table of conversations, so nothing is known of it."
    )


def test_every_sentence_can_be_said_of_the_sample_s_tables_when_they_are_empty():
    names = ("risks", "plans", "objectives", "recommendations", "registers", "conversations", "links")
    records = made(missed=(), **{name: rows(name, []) for name in names})
    rated = records.rated.assign(customer_measure=False, variation="")
    told = {item: brought(item, replace(records, rated=rated)) for item in ("risk-management", "service-planning", "recommendations", "programmes-and-projects", "workforce-planning", "customer-satisfaction", "successes", "performance-report", "data-quality", "transformation", "financial-management", "value-for-money", "equalities-health-safety")}  # fmt: skip
    assert told == {
        "risk-management": "The register holds no open risk.",
        "service-planning": "No plan in force is recorded.",
        "recommendations": "No recommendation is open.",
        "programmes-and-projects": "The register holds no open project.",
        "workforce-planning": "No performance conversation of 2024-25 is recorded; the year runs to 31 March 2025.",
        "customer-satisfaction": "No customer measure has a status in the quarter.",
        "successes": "No success is recorded in the year.",
        "performance-report": "No measure has a status in the quarter.",
        "data-quality": "No figure is in doubt.",
        "transformation": "The register holds no open project. The register holds no open benefit.",
        "financial-management": "No measure is linked to the framework as one of finance.",
        "value-for-money": "No measure is linked to the framework as one of finance. The register holds no open benefit.",
        "equalities-health-safety": "No plan in force is recorded. These records hold no table of what came of their own meetings.",
    }


def test_of_every_item_that_a_framework_wants_on_a_board_s_agenda_the_records_can_say_something():
    wanted = pd.concat([board.asked_of_board(one)["item"] for one in FRAMEWORKS.values()])
    assert set(wanted) <= set(SENTENCES)


def lines(text, *numbers):
    """The rows of a drawn table, these columns as numbers."""
    return [{**line, **{name: float(line[name]) for name in numbers if name in line}} for line in drawn(text)]


PROJECTS = """
entry_id | register | title   | opened_on  | reviewed_on | closed_on  | rating | owner
p-1      | projects | Square  | 2023-04-01 | {seen}      | {closed}   | {rated} | Head
"""
RATED = """
case                                  | seen       | closed     | rated | said
never looked at since it began        |            |            | green | 1 open project: “Square”, rated green on 1 April 2023 and not looked at since.
looked at too long ago                | 2024-08-14 |            | green | 1 open project: “Square”, rated green on 14 August 2024 and not looked at since.
looked at three months ago to the day | 2024-08-15 |            | green | 1 open project: “Square”, rated green.
looked at on a day to come            | 2024-11-16 |            | green | 1 open project: “Square”, rated green on 1 April 2023 and not looked at since.
looked at, and amber                  | 2024-10-22 |            | amber | 1 open project: “Square”, rated amber.
looked at, and not rated              | 2024-10-22 |            |       | 1 open project: “Square”, not rated.
neither rated nor looked at           |            |            |       | 1 open project: “Square”, not rated, and not looked at since 1 April 2023.
over                                  |            | 2024-11-15 | green | The register holds no open project.
over on a day to come                 | 2024-10-22 | 2024-11-16 | green | 1 open project: “Square”, rated green.
"""


@pytest.mark.parametrize("case", drawn(RATED), ids=lambda case: case["case"])
def test_a_rating_that_is_old_is_said_to_be_and_not_taken_for_good(case):
    filled = PROJECTS.format(
        seen=case.get("seen", ""), closed=case.get("closed", ""), rated=case.get("rated", "")
    )
    records = made(missed=(), registers=rows("registers", drawn(filled)))
    assert brought("programmes-and-projects", records) == case["said"]
    found = hot_issues(replace(records, rated=records.rated.assign(variation="")), SCHEME)
    is_old = "not looked at" in case["said"]
    assert found["kind"].tolist() == ["project_not_looked_at"] * is_old
    if is_old:
        (row,) = found.to_dict("records")
        tail = case["said"].partition("”, ")[2]
        assert (row["subject"], row["owner"], row["condition"]) == ("Square", "Head", f"It was {tail}")


def test_how_old_a_rating_may_be_is_declared():
    entries = PROJECTS.format(seen="2024-08-14", closed="", rated="green")
    records = made(missed=(), registers=rows("registers", drawn(entries)))
    records = replace(records, rated=records.rated.assign(variation=""))
    longer = SCHEME.model_copy(update={"projects_reviewed_within_months": 4})
    assert len(hot_issues(records, SCHEME)) == 1
    assert hot_issues(records, longer).empty


def test_projects_rated_red_or_amber_and_old_ones_are_named_and_the_others_counted():
    entries = """
    entry_id | register | title | opened_on  | reviewed_on | rating
    p-1      | projects | One   | 2023-04-01 | 2024-10-22  | green
    p-2      | projects | Two   | 2023-04-01 | 2024-10-22  | red
    p-3      | projects | Three | 2023-04-01 | 2024-10-22  | green
    p-4      | projects | Four  |            |             | green
    """
    records = made(missed=(), registers=rows("registers", drawn(entries)))
    assert brought("programmes-and-projects", records) == (
        "4 open projects: “Two”, rated red; “Four”, rated green, and nobody says when it was looked at; 2 rated green."
    )
    calm = made(
        missed=(),
        registers=rows("registers", [one for one in drawn(entries) if one["title"] in ("One", "Three")]),
    )
    assert brought("programmes-and-projects", calm) == "2 open projects: each rated green."


def test_transformation_is_told_by_its_projects_and_its_benefits():
    entries = """
    entry_id | register | title | opened_on  | reviewed_on | rating | planned | achieved | unit
    p-1      | projects | New   | 2023-04-01 | 2024-10-22  | amber  |         |          |
    b-1      | benefits | Saved | 2023-04-01 | 2024-10-22  |        | 100     | 40       | thousand pounds
    b-2      | benefits | Time  | 2023-04-01 |             |        | 1500    |          | hours
    b-3      | benefits | Gone  | 2023-04-01 |             |        |         |          | hours
    """
    registers = rows("registers", lines(entries, "planned", "achieved"))
    records = made(missed=(), registers=registers, links=rows("links", []))
    told = (
        "“Saved”: 40 of 100 thousand pounds achieved; “Time”: 1,500 hours planned, nothing recorded as achieved; "
        "“Gone”: what is planned is not recorded."
    )
    assert brought("transformation", records) == f"1 open project: “New”, rated amber. {told}"
    assert brought("value-for-money", records).endswith(f" {told}")


FINANCE = """
case                | perspective     | state         | said
one of two missed   | finance finance | missed met    | 1 of 2 measures of finance with a status misses its target: Bins.
both missed         | finance finance | missed missed | 2 of 2 measures of finance with a status miss their target: Bins; Calls.
only one of finance | process finance | missed met    | The one measure of finance with a status does not miss its target.
none of finance     | process people  | missed met    | No measure is linked to the framework as one of finance.
one not sent        | finance finance | late missed   | The one measure of finance with a status misses its target: Calls; 1 figure not sent.
none has a status   | finance process | late missed   | No measure of finance has a status in the quarter; 1 figure not sent.
"""


@pytest.mark.parametrize("case", drawn(FINANCE), ids=lambda case: case["case"])
def test_financial_management_is_told_by_the_measures_of_finance(case):
    pairs = zip(("bins", "calls"), case["perspective"].split(), strict=True)
    links = [{"measure_id": one, "framework": "pmf-2022-25", "node": "marker-01", "perspective": seen} for one, seen in pairs]  # fmt: skip
    other = {"measure_id": "bins", "framework": "wpf-2009", "node": "vision-1", "perspective": "finance"}
    records = made(missed=("bins", "calls"), links=rows("links", [*links, other]))
    records = replace(records, rated=records.rated.assign(state=case["state"].split()))
    assert brought("financial-management", records) == case["said"]


BESIDE = """
measure_id | title | is_compared | verdict | says
bins       | Bins  | yes         | worse   | Worse than England (40), by more than chance.
calls      | Calls | yes         | similar | Within chance.
tips       | Tips  | yes         |         | Best of 3 authorities.
homes      | Homes | -           |         | Not compared.
"""
ONE = "“Bins” beside others: Worse than England (40), by more than chance."


@pytest.mark.parametrize(
    ("costs", "left_out", "said"),
    [
        (["bins"], [], f"{ONE} 2 other measures stand beside others' figures, tested against England: 1 within chance, 1 not tested."),
        (["bins"], ["calls"], f"{ONE} 1 other measure stands beside others' figures: 1 not tested."),
        (["bins"], ["calls", "tips"], ONE),
        (["homes"], [], "No measure of finance stands beside others' figures. 3 measures stand beside others' figures, tested against "
                        "England: 1 worse by more than chance, 1 within chance, 1 not tested."),
        ([], ["calls", "tips"], "1 measure stands beside others' figures, tested against England: 1 worse by more than chance."),
        (["bins"], ["bins", "calls", "tips"], beside_others.NOBODY),
    ],
)  # fmt: skip
def test_value_for_money_says_how_costs_stand_beside_others(costs, left_out, said):
    assert beside_others.beside_words(benchmark(*left_out), costs) == said


def benchmark(*left_out):
    """The measures of `BESIDE`; of those left out nobody else has a figure."""
    frame = pd.DataFrame(drawn(BESIDE)).fillna("").assign(country="England")
    return frame.assign(is_compared=(frame["is_compared"] == "yes") & ~frame["measure_id"].isin(left_out))


def test_others_figures_stand_under_value_for_money_and_under_no_other_item():
    link = {"measure_id": "bins", "framework": "pmf-2022-25", "node": "marker-01", "perspective": "finance"}
    records = made(missed=("bins",), links=rows("links", [link]), registers=rows("registers", []))
    behind = Behind(records, SCHEME, 0, benchmark("calls", "tips"))
    money, finance = brings(behind, pd.Series(["value-for-money", "financial-management"]))
    assert finance == "The one measure of finance with a status misses its target: Bins."
    assert money == f"{finance} {ONE} The register holds no open benefit."


def test_a_unit_without_measures_of_finance_is_told_of_what_nobody_s_figure_is_recorded():
    records = made(missed=("bins",), links=rows("links", []), registers=rows("registers", []))
    behind = Behind(records, SCHEME, 0, benchmark("bins", "calls", "tips"))
    (money,) = brings(behind, pd.Series(["value-for-money"]))
    assert money == (
        "No measure is linked to the framework as one of finance. No figure of anybody else is recorded for the same period as "
        "a measure of this unit, so how its measures stand beside others is not known. The register holds no open benefit."
    )


def test_every_verdict_of_a_benchmark_is_counted_in_words():
    assert set(beside_others.VERDICTS) == {*VERDICTS, ""}


PARTS = """
case            | equalities      | health_safety | said
both in both    | part 1; part 1  | part 2; part 2 | All 2 plans in force have a part on equalities and one on health and safety.
one lacks one   | part 1; -       | part 2; part 2 | Of 2 plans in force, 1 has no part on equalities.
all lack both   | -; -            | -; -           | Of 2 plans in force, 2 have no part on equalities and 2 have no part on health and safety.
"""


@pytest.mark.parametrize("case", drawn(PARTS), ids=lambda case: case["case"])
def test_equalities_and_health_and_safety_are_told_by_the_plans_in_force(case):
    parts = zip(*([part.strip(" -") for part in case[name].split(";")] for name in ("equalities", "health_safety")), strict=True)  # fmt: skip
    years = {"valid_from": pd.Timestamp("2024-04-01"), "valid_to": pd.Timestamp("2025-03-31")}
    own = [
        {"plan_id": f"plan-{n}", "kind": "main", "equalities": one, "health_safety": other, **years}
        for n, (one, other) in enumerate(parts)
    ]
    over = {"plan_id": "old", "kind": "main", **years, "valid_to": pd.Timestamp("2024-03-31")}
    brief = {"plan_id": "brief", "kind": "overview", **years}
    records = made(missed=(), plans=rows("plans", [*own, over, brief]))
    assert brought("equalities-health-safety", records) == (
        f"{case['said']} These records hold no table of what came of their own meetings."
    )


def test_conversations_are_told_with_their_year_and_the_day_to_which_it_runs():
    held = """
    service | year    | staff_n | held_n
    A       | 2024-25 | 1000    | 400
    B       | 2024-25 | 200     | 200
    A       | 2023-24 | 1000    | 1000
    """
    records = made(missed=(), conversations=rows("conversations", lines(held, "staff_n", "held_n")))
    said = "Performance conversations of 2024-25 held with 600 of 1,200 staff"
    assert brought("workforce-planning", records) == f"{said} so far; the year runs to 31 March 2025."
    over = replace(records, as_at=date(2025, 4, 1))
    assert brought("workforce-planning", over) == f"{said}; the year ran to 31 March 2025."


def test_services_that_did_not_say_how_many_conversations_were_held_are_counted_and_not_taken_for_none():
    held = """
    service | year    | staff_n | held_n
    A       | 2024-25 | 100     | 40
    B       | 2024-25 | 200     |
    C       | 2023-24 | 300     | 300
    """
    frame = rows("conversations", lines(held, "staff_n", "held_n")).assign(directorate="resources")
    records = made(missed=(), conversations=frame)
    tables = {**records.tables, "measures": records.tables["measures"].assign(service="", directorate="")}
    said = "Performance conversations of 2024-25 held with 40 of 100 staff so far; 1 service did not say; the year runs to 31 March 2025."  # fmt: skip
    assert brought("workforce-planning", replace(records, tables=tables)) == said
    named = tables["measures"].assign(service="D", directorate="resources")
    more = replace(records, tables={**tables, "measures": named})
    assert "; 2 services did not say;" in brought("workforce-planning", more)


def test_a_risk_is_old_on_the_day_on_which_its_clause_says_so():
    risk = {
        "risk_id": "r",
        "raised_on": "2023-04-01",
        "reviewed_on": "2025-02-28",
        "owner": "A",
        "response": "B",
    }
    records = replace(made(missed=(), risks=rows("risks", [risk])), as_at=date(2025, 5, 31))
    assert risk_is_managed(records, months=SCHEME.risks_reviewed_within_months).failed == 1
    assert brought("risk-management", records) == "The one open risk was not reviewed since 1 March 2025."


LOOKED = """
raised     | reviewed   | said
2023-04-01 | 2024-08-15 | All 2 open risks were reviewed since 15 August 2024.
2024-09-01 |            | All 2 open risks were raised or reviewed since 15 August 2024.
2023-04-01 | 2024-08-14 | 1 of 2 open risks was not reviewed since 15 August 2024.
"""


@pytest.mark.parametrize("case", drawn(LOOKED), ids=lambda case: case["said"])
def test_risks_are_all_told_of(case):
    first = {"risk_id": "r-1", "raised_on": case["raised"], "reviewed_on": case.get("reviewed", pd.NaT)}
    second = {"risk_id": "r-2", "raised_on": "2023-04-01", "reviewed_on": "2024-10-21"}
    records = made(missed=(), risks=rows("risks", [first, second]))
    assert brought("risk-management", records) == case["said"]
    alone = made(missed=(), risks=rows("risks", [second]))
    assert brought("risk-management", alone) == "The one open risk was reviewed since 15 August 2024."


def test_successes_name_their_entries_and_do_not_say_again_what_improves():
    names = ("One", "Two", "Three", "Four")
    entries = [
        {"entry_id": one, "register": "successes", "title": one, "opened_on": "2024-05-01"} for one in names
    ]
    old = {"entry_id": "x", "register": "successes", "title": "Old", "opened_on": "2024-03-31"}
    records = made(missed=("bins",), registers=rows("registers", [old, *entries]))
    records = replace(records, rated=records.rated.assign(variation="improving_high"))
    assert brought("successes", records) == (
        "4 successes recorded in the year: “One”; “Two”; “Three”; and 1 more."
    )
    assert brought("learning", records) == "Really improving: Bins."


IN_HAND = """
case                      | due        | done       | measure   | words
under way                 | 2025-03-31 |            |           | “A new crew”, due on 31 March 2025
without a day             |            |            |           | “A new crew”, without a day
done, and nothing told yet | 2024-01-31 | 2024-11-01 |          | “A new crew”, done on 1 November 2024
done on a day to come     | 2025-03-31 | 2024-11-16 |           | “A new crew”, due on 31 March 2025
about another measure     |            |            | calls     | none
"""


@pytest.mark.parametrize("case", drawn(IN_HAND), ids=lambda case: case["case"])
def test_an_issue_of_a_missed_measure_says_what_is_in_hand_and_by_when(case):
    own = {
        "action_id": "a-1",
        "title": "A new crew",
        "measures": case.get("measure", "bins"),
        "raised_on": "2023-11-10",
    }
    days = {"due_on": case.get("due", pd.NaT), "done_on": case.get("done", pd.NaT)}
    found = issues(escalations="", actions=rows("actions", [own | days])).set_index("about")
    assert found.loc["bins", "in_hand"] == case["words"]


def test_what_is_in_hand_is_not_known_where_nobody_sent_the_actions_and_not_asked_of_other_issues():
    found = made(running=2)
    rated = found.rated.assign(variation="no_real_change")
    records = not_sent(replace(found, rated=rated), "actions")
    assert hot_issues(records, SCHEME)["in_hand"].tolist() == ["not known"]
    assert one("figure_late", state="late", **WELL)["in_hand"] == ""


def test_meetings_and_items_that_name_no_minute_are_counted_for_the_year():
    text = """
    held_on    | items                       | reference
    2009-03-31 | inspection                  |
    2009-04-20 | inspection, risk-management | Minutes 1
    2009-05-20 | inspection                  |
    2009-11-14 | inspection                  |
    """
    made_of = minutes(text, reference="Minutes 1")
    counts = board_loop.unreferenced(of_2009(made_of))
    assert counts.to_numpy().tolist() == [[2, 1], [3, 0]]
    bare = {**made_of, "agenda": made_of["agenda"].assign(reference=" ")}
    assert board_loop.unreferenced(of_2009(bare)).loc["items"].tolist() == [3, 3]
    with pytest.raises(NotSentError, match="agenda"):
        board_loop.unreferenced(not_sent(of_2009(made_of), "agenda"))
