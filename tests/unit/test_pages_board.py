"""The board's page: what its headline, tables and sentences say of made-up frames, and of the stories in the sample councils."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from council_book import council_book

from pmf_lib import framework as frameworks
from pmf_lib import workbook
from pmf_lib.assurance.board import agenda as frames
from pmf_lib.assurance.board import issues as board_issues
from pmf_lib.assurance.escalation import effects, loop
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.council import load
from pmf_lib.periods import parse_quarter
from pmf_lib.records.findings import none
from pmf_lib.workbook import looped, results
from pmf_lib.workbook.book import Book, schemes
from pmf_lib.workbook.pages.board import board, board_detail, board_pack, board_words
from pmf_lib.workbook.pages.board import loop as pages
from pmf_lib.workbook.pages.measures import sentences

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = schemes()
COUNCIL = load("sample")
ARRANGED = frozenset({"meetings", "agenda", "escalations", "actions", "risks", "registers"})
HOSTILE = "<script>alert(1)</script>"


def book(*, own: bool = True, measures_n: int = 1) -> Any:
    """As much of a book as the pages look at."""
    return SimpleNamespace(
        has_own_records=own, schemes=SCHEMES, council=COUNCIL, framework=frameworks.load("pmf-2022-25"),
        quarter=parse_quarter("2024-25 Q2"), unit=COUNCIL.directorates[3], unit_name="Resources", as_at=date(2024, 11, 15),
        findings=pd.DataFrame(), table=lambda _: pd.DataFrame({"measure_id": ["a"] * measures_n}),
        snapshot=SimpleNamespace(table=lambda _: none()),
    )  # fmt: skip


def records(sent: frozenset[str] = ARRANGED, **tables: pd.DataFrame) -> Evidence:
    rated = pd.DataFrame(
        {"measure_id": ["a"], "title": ["A"], "state": ["missed"], "variation": ["no_real_change"], "capability": ["hit_and_miss"]},
        dtype="str",
    ).assign(target=1.0, lower=float("nan"), upper=float("nan"))  # fmt: skip
    bare = {"meetings": pd.DataFrame(columns=["body", "state", "held_on"])}
    return Evidence(
        bare | tables, rated, none(), frameworks.load("pmf-2022-25"), parse_quarter("2024-25 Q2"), date(2024, 11, 15), sent=sent
    )  # fmt: skip


def agenda(*states: str) -> pd.DataFrame:
    """Items that stand so, the first called “Item 1”."""
    rows = [
        {"item": f"item-{n}", "number": 0, "title": f"Item {n}", "asks": "each quarter (duty)", "force": "duty", "example": "", "year_n": 0, "state": state, "basis": "duty", "why": "So."}
        for n, state in enumerate(states, 1)
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=list(frames.AGENDA))
    return made.assign(last_on=pd.Series(pd.NaT, made.index, dtype="datetime64[us]"))


def issues(*kinds: str, subject: str = "A") -> pd.DataFrame:
    rows = [
        {"kind": kind, "about": "a" if not n else f"e-{n}", "subject": subject, "owner": "", "condition": "It is amiss.", "in_hand": "", "asks": "Mend it.", "source_file": "", "source_row": 0}
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(board_issues.ISSUES))


def after(*codes: str) -> pd.DataFrame:
    """One action done for each effect."""
    rows = [
        {"action_id": f"x-{n}", "title": f"Action {n}", "owner": "Head", "measure_id": "a", "measure": "A", "done_on": pd.Timestamp("2024-01-31"), "effect": code, "why": "8 results."}
        for n, code in enumerate(codes, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(effects.COLUMNS))


def closed(*stands: str) -> pd.DataFrame:
    rows = [
        {"measure_id": f"m-{n}", "title": f"M{n}", "running_n": 4, "escalation": "in_time", "asked_level": "cmt", "asked_by": pd.Timestamp("2024-11-04"), "answered_on": pd.Timestamp("2024-10-25"), "reached_level": "cabinet", "reached_on": pd.Timestamp("2024-11-06"), "decided_on": pd.Timestamp("2024-11-13"), "outcome": "action", "decision": "The action in hand goes on", "action_id": "x", "action": "A crew", "due_on": pd.Timestamp("2025-03-31"), "done_on": pd.NaT, "stands": one}
        for n, one in enumerate(stands, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(loop.LOOP_COLUMNS))


def pack(**given: Any) -> board_pack.Pack:
    bare = {
        "records": records(),
        "agenda": agenda("covered"),
        "issues": issues(),
        "closed": closed(),
        "effects": after(),
    }
    return board_pack.Pack(**(bare | given))


def said(piece: Any) -> str:
    return str(piece.markup)


# ---- the headline ----------------------------------------------------------------------------------------------------

HEADLINES = {
    "all is well": (pack(), "No item of the agenda is overdue and no issue is hot"),
    "one of each": (
        pack(agenda=agenda("overdue", "covered"), issues=issues("misses_again"), effects=after("no_change")),
        "One item of the agenda is overdue, one issue is hot and one action done changed nothing",
    ),
    "several": (
        pack(agenda=agenda("overdue", "overdue"), issues=issues("misses_again", "raised_late"), effects=after("no_change", "worse", "better")),
        "Two items of the agenda are overdue, two issues are hot and two actions done changed nothing",
    ),
    "no agenda known": (pack(agenda=agenda("unknown", "unknown")), "Nothing is known of the board's agenda and no issue is hot"),
    "what is too early changed nothing yet": (pack(effects=after("too_early", "not_testable")), "No item of the agenda is overdue and no issue is hot"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADLINES)
def test_the_headline_is_what_the_board_has_before_it(case: str) -> None:
    told, words = HEADLINES[case]
    assert board.page_headline(book(), told) == words


def test_the_headline_says_first_that_no_measure_is_recorded() -> None:
    head = board.page_headline(book(measures_n=0), pack(agenda=agenda("overdue")))
    assert head == "No measure is recorded here; one item of the agenda is overdue and no issue is hot"


def test_an_action_that_moved_one_of_two_figures_for_the_better_changed_something() -> None:
    both = after("better", "no_change").assign(action_id="x-1")
    assert board_pack.idle_actions(both) == 0


# ---- the first screen ------------------------------------------------------------------------------------------------

DUE = {
    ("overdue", "due_next", "covered"): "Two items are due at the next meeting, one of them overdue",
    ("overdue", "overdue"): "Two items are due at the next meeting, all of them overdue",
    ("overdue",): "One item is due at the next meeting, and it is overdue",
    ("due_next", "covered"): "One item is due at the next meeting, and it is not overdue",
    ("due_next", "due_next"): "Two items are due at the next meeting, none of them overdue",
    ("covered",): "No item is due: what the framework asks of this board was heard in its turn",
}


@pytest.mark.parametrize("states", DUE)
def test_the_agenda_is_titled_by_what_is_due_and_lists_the_overdue_first(states: tuple[str, ...]) -> None:
    shown = said(board.agenda(book(), pack(agenda=agenda(*reversed(states)))))
    assert DUE[states] in shown
    assert "No later meeting of the board is recorded yet" in shown
    if "overdue" in states and "due_next" in states:
        assert shown.index("Overdue") < shown.index("Due next")


BY_BASIS = {
    ("duty", "minimum", "example", "example", "example"): "Two items are due at the next meeting, none of them overdue; three more by the text's example",
    ("minimum", "example", "mentioned"): "One item is due at the next meeting, and it is not overdue; one more by the text's example and one more that the framework only mentions",
    ("example", "example"): "No item that the framework asks for is due; two by the text's example can come",
    ("mentioned",): "No item that the framework asks for is due; one that the framework only mentions can come",
}  # fmt: skip


@pytest.mark.parametrize("bases", BY_BASIS)
def test_what_is_asked_and_what_is_an_example_are_counted_apart(bases: tuple[str, ...]) -> None:
    due = agenda(*["due_next"] * len(bases)).assign(basis=list(bases))
    shown = said(board.agenda(book(), pack(agenda=due)))
    assert f">{BY_BASIS[bases].replace(chr(39), '&#x27;')}<" in shown


def test_of_what_was_heard_the_items_only_mentioned_are_counted_apart_and_times_name_their_year() -> None:
    rows = agenda("covered", "covered", "covered")
    shown = said(board.agenda(book(), pack(agenda=rows.assign(basis=["duty", "minimum", "mentioned"]))))
    assert "Two items heard in their turn, and one that the framework only mentions" in shown
    assert ">Times on the agenda in 2024-25<" in shown
    assert "Times on the agenda in 2024-25" in said(board.overdue(book(), pack(agenda=agenda("overdue"))))


def test_an_item_that_no_table_is_for_is_not_said_to_have_nothing_recorded() -> None:
    shown = said(board.agenda(book(), pack(agenda=agenda("overdue", "covered"))))
    assert shown.count("These records hold no table for it.") == 2
    assert "nothing is recorded" not in shown


RESULTS = {
    "a share": ({"unit": "%", "decimals": 1, "value": 44.18, "period": "2024-09", "target": 60.0}, "44.2% in September 2024; the target is at least 60.0%"),
    "at most": ({"unit": "£m", "decimals": 1, "polarity": "lower", "value": 20.0, "period": "2024-25 Q2", "target": 26.0}, "£20.0m in 2024-25 Q2; the target is at most £26.0m"),
    "a range": ({"unit": "%", "polarity": "range", "value": 7.0, "period": "2024-09", "lower": 2.0, "upper": 4.0}, "7% in September 2024; the target is 2% to 4%"),
    "not sent": ({"unit": "days", "value": float("nan"), "period": "2024-09", "last_value": 32.0, "last_period": "2024-08", "target": 28.0}, "32 days in August 2024; the target is at least 28 days"),
    "never sent": ({"unit": "days", "value": float("nan"), "period": "2024-09", "target": 28.0}, "no result is recorded; the target is at least 28 days"),
    "no target": ({"unit": "days", "value": 5.0, "period": "2024-09"}, "5 days in September 2024; no target is recorded"),
}  # fmt: skip


@pytest.mark.parametrize("case", RESULTS)
def test_a_result_stands_with_its_period_and_its_target(case: str) -> None:
    row, words = RESULTS[case]
    assert board_words.result_words({"polarity": "higher", "decimals": 0} | row) == words


def test_a_missed_measure_s_issue_prints_its_result_and_what_is_in_hand() -> None:
    known = records()
    rated = known.rated.assign(
        unit="%", decimals=1, polarity="higher", value=44.2, period="2024-09", target=60.0
    )
    rows = issues("misses_again", "return_late").assign(in_hand=["“A crew”, due on 31 March 2025", ""])
    shown = said(board.issues(book(), pack(records=replace(known, rated=rated), issues=rows)))
    assert ">44.2% in September 2024; the target is at least 60.0%<" in shown
    assert ">“A crew”, due on 31 March 2025<" in shown
    bare = said(board.issues(book(), pack(issues=issues("misses_again").assign(about="e-1", in_hand=""))))
    assert "Latest result" not in bare
    assert "Action in hand" not in bare


def test_what_else_is_for_the_meeting_is_said() -> None:
    told = pack(issues=issues("misses_again"), effects=after("no_change", "no_change"))
    assert "One hot issue and two actions that changed nothing, below, are for it too." in said(
        board.agenda(book(), told)
    )
    assert "for it too" not in said(board.agenda(book(), pack()))


def test_an_agenda_of_which_nothing_is_known_is_grey_and_says_why() -> None:
    told = pack(
        agenda=agenda("unknown", "unknown").assign(
            why="Nobody sent the table of meetings, so nothing is known of it."
        )
    )
    shown = said(board.agenda(book(), told))
    assert "Nobody sent the table of meetings" in shown
    assert "Of two items that the framework wants here nobody knows when it was last heard" in shown
    assert shown.count("pmf-tag-agenda-unknown") == 2
    assert "Nobody can tell which items are overdue" in said(board.overdue(book(), told))


def test_overdue_items_are_named_in_the_title() -> None:
    shown = said(board.overdue(book(), pack(agenda=agenda("overdue", "overdue", "covered"))))
    assert "“Item 1” and “Item 2” are overdue" in shown
    assert "never" in shown
    assert "No item is overdue" in said(board.overdue(book(), pack()))


def test_issues_are_titled_by_their_kinds_and_lead_to_the_measure() -> None:
    shown = said(
        board.issues(
            book(), pack(issues=issues("never_raised", "action_overdue", "action_overdue", subject=HOSTILE))
        )
    )
    assert "Three issues are hot: one missed and raised with nobody; two with an action overdue" in shown
    assert 'href="2_measures_against_markers.html#measure-a"' in shown
    assert shown.count("href=") == 1
    assert "<script" not in shown
    assert "no owner named" in shown


def test_a_table_that_nobody_sent_stands_under_the_issues_and_not_as_an_all_clear_alone() -> None:
    shown = said(board.issues(book(), pack(records=records(ARRANGED - {"escalations"}))))
    assert "Nobody sent the table of escalations, so nothing is known of it here." in shown


# ---- what came of actions --------------------------------------------------------------------------------------------

IDLE = {
    ("no_change", "better"): "One of two actions that can be judged changed nothing for the better",
    ("no_change",): "The one action that can be judged changed nothing for the better",
    ("better",): "The one action that can be judged was followed by a change for the better",
    ("better", "better"): "Both actions that can be judged were followed by a change for the better",
    ("better",) * 3: "All 3 actions that can be judged were followed by a change for the better",
    ("too_early",): "No action that was done can be judged yet",
    (): "No action that was done can be judged yet",
}


@pytest.mark.parametrize("codes", IDLE)
def test_actions_are_titled_by_how_many_changed_nothing(codes: tuple[str, ...]) -> None:
    assert IDLE[codes] in said(pages.idle(book(), pack(effects=after(*codes))))


def test_successes_belong_to_the_board_too_and_what_cannot_be_told_is_counted() -> None:
    shown = said(pages.idle(book(), pack(effects=after("better", "too_early", "too_early", "not_testable"))))
    assert "It worked: “Action 1”. A: 8 results." in shown
    assert "Of two actions done it is too early to tell." in shown
    assert "Of one action done nothing can be told." in shown
    assert "no proof that the action brought it about" in shown


def test_of_actions_never_sent_nothing_is_said_but_that() -> None:
    shown = said(pages.idle(book(), pack(records=records(ARRANGED - {"actions"}))))
    assert shown == "<ul>\n<li>Nobody sent the table of actions, so nothing is known of it here.</li>\n</ul>"


LOOPS = {
    ("under_way", "under_way", "better"): "All 3 missed measures have an escalation, a decision and an action",
    ("under_way", "too_early"): "Both missed measures have an escalation, a decision and an action",
    ("under_way", "no_change"): "One of two missed measures has no action in hand: what was done changed nothing for the better",
    ("worse",): "The one missed measure has no action in hand: what was done changed nothing for the better",
    ("no_change", "worse", "no_change"): "All 3 missed measures have no action in hand: what was done changed nothing for the better",
    ("not_decided", "no_change", "better"): "One of three missed measures lacks an escalation, a decision, or an action in time; one more has no action in hand: what was done changed nothing for the better",
    ("under_way",): "The one missed measure has an escalation, a decision and an action",
    ("not_escalated", "under_way"): "One of two missed measures lacks an escalation, a decision, or an action in time",
    ("not_decided", "no_action", "overdue", "worse"): "Three of four missed measures lack an escalation, a decision, or an action in time; one more has no action in hand: what was done changed nothing for the better",
    ("no_action", "not_decided"): "Both missed measures lack an escalation, a decision, or an action in time",
    (): "No loop is open",
}  # fmt: skip


@pytest.mark.parametrize("stands", LOOPS)
def test_the_loop_is_titled_by_how_many_have_an_open_link(stands: tuple[str, ...]) -> None:
    assert LOOPS[stands] in said(pages.closed(book(), pack(closed=closed(*stands))))


def test_every_stand_escalation_and_effect_has_its_tag() -> None:
    shown = said(pages.closed(book(), pack(closed=closed(*loop.STANDS))))
    assert all(f"pmf-tag-loop-{code.replace('_', '-')}" in shown for code in loop.STANDS)
    for kind, codes in {
        "escalation": loop.ASKED_STATES,
        "effect": effects.EFFECTS,
        "agenda": frames.STATES,
    }.items():
        assert SCHEMES.verdicts.codes(kind) == sorted(
            SCHEMES.verdicts.codes(kind), key=SCHEMES.verdicts.codes(kind).index
        )
        assert set(SCHEMES.verdicts.codes(kind)) == set(codes)


def test_a_row_of_the_loop_says_to_whom_when_and_what() -> None:
    shown = said(pages.closed(book(), pack(closed=closed("under_way"))))
    for words in (
        "Cabinet, 6 November 2024",
        "action: “The action in hand goes on”, 13 November 2024",
        "the management team by 4 November 2024; raised on 25 October 2024",
        "A crew; due on 31 March 2025",
        "4 or more",
    ):
        assert words in shown
    bare = closed("not_escalated").assign(reached_level="", outcome="", action_id="")
    shown = said(pages.closed(book(), pack(closed=bare)))
    assert ">nobody<" in shown
    assert shown.count(">none is recorded<") == 2


OUTCOMES = {
    "agreed": "agreed: “More crews”, 13 November 2024",
    "referred": "referred on: “More crews”, 13 November 2024",
    "noted": "noted: “More crews”, 13 November 2024",
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_decision_is_told_in_the_records_own_words(outcome: str) -> None:
    rows = closed("under_way").assign(outcome=outcome, decision="More crews")
    assert OUTCOMES[outcome] in said(pages.closed(book(), pack(closed=rows)))


def test_a_decision_without_words_has_its_outcome_alone_and_a_hostile_one_is_escaped() -> None:
    bare = said(pages.closed(book(), pack(closed=closed("under_way").assign(decision=""))))
    assert ">action, 13 November 2024<" in bare
    shown = said(pages.closed(book(), pack(closed=closed("under_way").assign(decision=HOSTILE))))
    assert HOSTILE not in shown
    assert "&lt;script&gt;" in shown


def test_a_level_asked_for_in_an_earlier_quarter_has_no_day_and_one_not_asked_is_nobody_yet() -> None:
    early = closed("not_escalated").assign(asked_by=pd.NaT, answered_on=pd.NaT)
    assert ">the management team in an earlier quarter<" in said(pages.closed(book(), pack(closed=early)))
    not_due = closed("under_way").assign(asked_level="")
    assert ">nobody yet<" in said(pages.closed(book(), pack(closed=not_due)))


def test_a_measure_with_one_action_spent_and_one_under_way_has_an_action_in_hand() -> None:
    rows = closed("no_change", "under_way").assign(measure_id="m-1")
    shown = said(pages.closed(book(), pack(closed=rows)))
    assert "The one missed measure has an escalation, a decision and an action" in shown


def test_targets_are_titled_by_what_cannot_be_reached_or_missed() -> None:
    assert (
        board_detail.targets_title(pd.Series(["cannot_miss"]))
        == "One target can hardly be missed as things run"
    )
    assert board_detail.targets_title(pd.Series(dtype="str")) == "No target stands out as one to challenge"


TARGETS = {
    ("hit_and_miss", "hit_and_miss+"): ("No target stands out", "The one target that can be told of may be met", "Of one of the 2 targets tested nothing can be said before the cause is found, as its process has just changed."),
    ("hit_and_miss", "hit_and_miss", "hit_and_miss+", "not_expected+"): ("No target stands out", "The 2 targets that can be told of may be met", "Of two of the 4 targets tested nothing can be said before the cause is found, as their processes have just changed."),
    ("not_expected+",): ("No target can be told yet as one to challenge", "Of no target can anything be said", "Of the one target tested nothing can be said"),
    ("not_expected", "consistently_meets+", "hit_and_miss+"): ("One target can&#x27;t be reached as things run", "", "Of two of the 3 targets tested nothing can be said"),
    ("hit_and_miss", "hit_and_miss"): ("No target stands out", "The 2 targets that can be told of may be met", ""),
    ("not_tested",): ("No target can be tested", "No series with a target is long and regular enough", ""),
}  # fmt: skip


@pytest.mark.parametrize("codes", TARGETS)
def test_targets_of_a_process_just_changed_are_counted_as_page_2_counts_them(codes: tuple[str, ...]) -> None:
    of = {
        "capability": [code.rstrip("+") for code in codes],
        "measure_id": [f"m-{n}" for n in range(len(codes))],
    }
    rated = pd.DataFrame(of, dtype="str").assign(
        variation=["worsening_low" if code.endswith("+") else "no_real_change" for code in codes],
        title="A", owner="", capability_why="So.", state="met",
    )  # fmt: skip
    links = pd.DataFrame(
        columns=["measure_id", "framework", "directness", "valid_from", "valid_to"], dtype="str"
    )
    told = pack(records=replace(records(links=links), rated=rated))
    shown = said(board_detail.targets(book(), told))
    for words in TARGETS[codes]:
        assert words in shown
    moved = sum(code.endswith("+") for code in codes)
    assert ("nothing can be said" in shown) == bool(moved)
    if moved:
        assert f"of {moved} nothing can be said before the cause is found" in sentences.capability_sentence(
            rated
        )


MINUTED = {
    ("Minutes", ""): "1 of 2 meetings of the board in 2024-25, and 1 of 2 items on their agendas, name no minutes",
    ("", ""): "All 2 meetings of the board in 2024-25, and all 2 items on their agendas, name no minutes",
    ("Minutes", "Minutes"): "Each of the board&#x27;s meetings of 2024-25, and each item on their agendas, names its minutes.",
}  # fmt: skip


@pytest.mark.parametrize("references", MINUTED)
def test_how_sure_we_are_says_how_many_meetings_and_items_name_no_minutes(
    references: tuple[str, ...],
) -> None:
    ids = [f"m-{n}" for n in range(len(references))]
    held = pd.DataFrame({"meeting_id": ids, "reference": references}, dtype="str").assign(
        body="directorate-board", state="held", held_on=pd.Timestamp("2024-05-01"),
        directorate="", portfolio="", published_on=pd.NaT,
    )  # fmt: skip
    items = pd.DataFrame({"meeting_id": ids, "reference": references, "item": "learning"}, dtype="str")
    shown = said(board_detail.sureness(book(), pack(records=records(meetings=held, agenda=items))))
    assert MINUTED[references] in shown
    none = said(board_detail.sureness(book(), pack(records=records(meetings=held[:0], agenda=items[:0]))))
    assert "minutes" not in none


def nothing_rated() -> Evidence:
    """No measure of which anything is known, and no table sent."""
    return replace(records(frozenset()), rated=records().rated.iloc[:0])


def test_where_nothing_is_known_nothing_is_said_to_be_well() -> None:
    told = pack(records=nothing_rated(), agenda=agenda("unknown"))
    assert board.page_headline(book(measures_n=0), told) == (
        "No measure is recorded here; nothing is known of the board's agenda and no issue is known"
    )
    shown = said(board.issues(book(), told))
    assert "No issue is known" in shown
    assert "Too little is recorded to say that nothing is hot." in shown
    rated = replace(nothing_rated(), sent=ARRANGED)
    assert "No loop can be told of" in said(pages.closed(book(), pack(records=rated)))
    assert "No target can be tested" in board_detail.targets_title(pd.Series(dtype="str"), tested_n=0)


# ---- published figures -----------------------------------------------------------------------------------------------


def test_of_published_figures_no_pack_is_made_and_nobody_is_asked_for_anything() -> None:
    outside, told = (
        book(own=False),
        pack(agenda=agenda("overdue"), issues=issues("never_raised"), effects=after("no_change")),
    )
    assert board.page_headline(outside, told) == "No board pack can be made from published figures"
    assert said(board.agenda(outside, told)).startswith("<p>No board pack can be made from published figures")
    for piece in (board.overdue, board.issues, pages.idle, pages.closed, pages.risks, board_detail.meetings):
        assert said(piece(outside, told)) == f"<p>{board_pack.PUBLISHED.replace(chr(39), '&#x27;')}</p>"
    assert "target" not in said(board_detail.targets(outside, told))
    assert "Published figures show results." in said(board_detail.sureness(outside, told))


# ---- the sample councils ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Book, board_pack.Pack]]:
    """The packs of the directorates with planted stories."""
    old = {"council": "sample-2009", "framework": "wpf-2009", "quarter": "2009-10 Q2", "as_at": "2009-11-13", "directorate": "streets-neighbourhoods"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        first = council_book(workbook.start("4_performance_board", {"as_at": "2024-11-15"}))
        then = council_book(workbook.start("4_performance_board", old))
        now = [first.of(one) for one in first.council.directorates]
        units = [
            one
            for one in then.council.directorates
            if one.id in ("streets-neighbourhoods", "economy-planning")
        ]
        books = {of.unit.id: of for of in (*now, *map(then.of, units)) if of.unit}
        return {
            unit: (of, board_pack.pack(of, results.evidence(of, results.rated(of).measures)))
            for unit, of in books.items()
        }


STORIES = {
    ("economy-environment", "never-escalated", "issues"): "Fly-tips cleared within two working days",
    ("resources", "level-skipped", "issues"): "It went from the service to the management team, past the directorate.",
    ("resources", "escalated-late", "issues"): "It was raised to the directorate on 8 November 2024; it was to be raised by 1 November 2024.",
    ("economy-environment", "return-missed", "issues"): "It was due on 31 July 2024 and was not sent in.",
    ("childrens", "board-without-risk", "overdue"): "“Risk management” is overdue",
    ("streets-neighbourhoods", "board-without-risk", "overdue"): "“Risk Management” is overdue",
    ("childrens", "action-without-effect", "idle"): "Two more writers of plans",
    ("childrens", "action-without-effect", "closed"): "One of seven missed measures has no action in hand: what was done changed nothing for the better",
    ("childrens", "action-without-effect", "issues"): "No action is in hand: what was done changed nothing for the better.",
    ("economy-planning", "project-not-looked-at", "issues"): "It was rated green on 1 April 2008 and not looked at since.",
    ("economy-planning", "project-not-looked-at", "agenda"): "1 open project: “Town centre square”, rated green on 1 April 2008 and not looked at since.",
    ("adults-health", "minutes-without-reference", "sureness"): "All 7 meetings of the board in 2024-25, and all 53 items on their agendas, name no minutes",
    ("childrens", "a missed result", "issues"): "44.2% in September 2024; the target is at least 60.0%",
    ("resources", "finance missed", "agenda"): "3 of 7 measures of finance with a status miss their target: Spending on agency staff; ",
    ("streets-neighbourhoods", "others' figures", "agenda"): "figures: 2 not tested. The register holds no open benefit.",
    ("resources", "level-skipped", "closed"): "Cabinet, 6 November 2024",
    ("childrens", "an action that worked", "idle"): "It worked: “One post plans every yearly review a term ahead”.",
}  # fmt: skip
PIECES = {"issues": board.issues, "overdue": board.overdue, "idle": pages.idle, "closed": pages.closed, "agenda": board.agenda, "sureness": board_detail.sureness}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story[1]} in {story[0]}")
def test_a_planted_story_stands_on_the_page(
    packs: dict[str, tuple[Book, board_pack.Pack]], story: tuple[str, str, str]
) -> None:
    unit, _, piece = story
    assert STORIES[story] in said(PIECES[piece](*packs[unit]))


@pytest.mark.slow
def test_nothing_else_is_told_of_escalation_or_agendas(
    packs: dict[str, tuple[Book, board_pack.Pack]],
) -> None:
    kinds = {unit: told.issues["kind"].tolist() for unit, (_, told) in packs.items()}
    raised = {
        "never_raised",
        "raised_too_low",
        "level_skipped",
        "not_decided",
        "raised_late",
        "action_overdue",
        "project_not_looked_at",
        "return_late",
    }
    assert {unit: sorted(raised.intersection(found)) for unit, found in kinds.items()} == {
        "adults-health": [], "economy-planning": ["project_not_looked_at"], "childrens": [], "resources": ["level_skipped", "raised_late"],
        "economy-environment": ["never_raised", "not_decided", "return_late"], "streets-neighbourhoods": [],
    }  # fmt: skip
    late = {
        unit: told.agenda.loc[told.agenda["state"] == "overdue", "item"].tolist()
        for unit, (_, told) in packs.items()
    }
    assert late == {"adults-health": [], "economy-planning": [], "childrens": ["risk-management"], "resources": [], "economy-environment": [], "streets-neighbourhoods": ["risk-management"]}  # fmt: skip


@pytest.mark.slow
def test_a_board_of_which_nothing_was_sent_is_unknown_throughout_and_never_well(
    packs: dict[str, tuple[Book, board_pack.Pack]],
) -> None:
    of, told = packs["childrens"]
    bare = board_pack.pack(of, replace(told.records, sent=frozenset()))
    assert set(bare.agenda["state"]) == {"unknown"}
    assert looped.closed_loop(of, bare.records).empty
    for piece in (
        board.agenda,
        board.overdue,
        board.issues,
        pages.idle,
        pages.closed,
        pages.risks,
        board_detail.meetings,
        board_detail.sureness,
    ):
        shown = said(piece(of, bare))
        assert "Nobody " in shown, piece
        assert "No loop is open" not in shown


@pytest.mark.slow
def test_what_the_notebook_records_is_what_a_council_page_computes(
    packs: dict[str, tuple[Book, board_pack.Pack]],
) -> None:
    of, told = packs["childrens"]
    pd.testing.assert_frame_equal(results.RESULTS["loop"].make(of), told.closed)
