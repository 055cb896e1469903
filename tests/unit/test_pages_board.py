"""The board's page: what its headline, tables and sentences say of made-up frames, and of the stories in the sample councils."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

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
from pmf_lib.workbook.pages.board import board, board_detail
from pmf_lib.workbook.pages.board import loop as pages

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
        {"item": f"item-{n}", "number": 0, "title": f"Item {n}", "asks": "each quarter (duty)", "example": "", "year_n": 0, "state": state, "basis": "duty", "why": "So."}
        for n, state in enumerate(states, 1)
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=list(frames.AGENDA))
    return made.assign(last_on=pd.Series(pd.NaT, made.index, dtype="datetime64[us]"))


def issues(*kinds: str, subject: str = "A") -> pd.DataFrame:
    rows = [
        {"kind": kind, "about": "a" if not n else f"e-{n}", "subject": subject, "owner": "", "condition": "It is amiss.", "asks": "Mend it.", "source_file": "", "source_row": 0}
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
        {"measure_id": f"m-{n}", "title": f"M{n}", "running_n": 4, "escalation": "in_time", "reached_level": "cabinet", "reached_on": pd.Timestamp("2024-11-06"), "decided_on": pd.Timestamp("2024-11-13"), "outcome": "action", "action_id": "x", "action": "A crew", "due_on": pd.Timestamp("2025-03-31"), "done_on": pd.NaT, "stands": one}
        for n, one in enumerate(stands, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(loop.LOOP_COLUMNS))


def pack(**given: Any) -> board.Pack:
    bare = {
        "records": records(),
        "agenda": agenda("covered"),
        "issues": issues(),
        "closed": closed(),
        "effects": after(),
    }
    return board.Pack(**(bare | given))


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
    assert board.idle_actions(both) == 0


# ---- the first screen ------------------------------------------------------------------------------------------------

DUE = {
    ("overdue", "due_next", "covered"): "Two items are due at the next meeting, one of them overdue",
    ("overdue", "overdue"): "Two items are due at the next meeting, all of them overdue",
    ("overdue",): "One item is due at the next meeting, and it is overdue",
    ("due_next", "covered"): "One item is due at the next meeting, none of them overdue",
    ("covered",): "No item is due: what the framework asks of this board was heard in its turn",
}


@pytest.mark.parametrize("states", DUE)
def test_the_agenda_is_titled_by_what_is_due_and_lists_the_overdue_first(states: tuple[str, ...]) -> None:
    shown = said(board.agenda(book(), pack(agenda=agenda(*reversed(states)))))
    assert DUE[states] in shown
    assert "No later meeting of the board is recorded yet" in shown
    if "overdue" in states and "due_next" in states:
        assert shown.index("Overdue") < shown.index("Due next")


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
    ("no_change", "better"): "One of 2 actions that can be judged changed nothing for the better",
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
    ("under_way", "no_change"): "Both missed measures have an escalation, a decision and an action",
    ("under_way",): "The one missed measure has an escalation, a decision and an action",
    ("not_escalated", "under_way"): "One of 2 missed measures lacks an escalation, a decision, or an action in time",
    ("not_decided", "no_action", "overdue", "worse"): "Three of 4 missed measures lack an escalation, a decision, or an action in time",
    ("no_action", "not_decided"): "All 2 missed measures lack an escalation, a decision, or an action in time",
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
        "action agreed, 13 November 2024",
        "A crew; due on 31 March 2025",
        "4 or more",
    ):
        assert words in shown
    bare = closed("not_escalated").assign(reached_level="", outcome="", action_id="")
    shown = said(pages.closed(book(), pack(closed=bare)))
    assert ">nobody<" in shown
    assert shown.count(">none is recorded<") == 2


def test_targets_are_titled_by_what_cannot_be_reached_or_missed() -> None:
    assert (
        board_detail.targets_title(pd.Series(["cannot_miss"]))
        == "One target can hardly be missed as things run"
    )
    assert board_detail.targets_title(pd.Series(dtype="str")) == "No target stands out as one to challenge"


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
        assert said(piece(outside, told)) == f"<p>{board.PUBLISHED.replace(chr(39), '&#x27;')}</p>"
    assert "target" not in said(board_detail.targets(outside, told))
    assert "Published figures show results." in said(board_detail.sureness(outside, told))


# ---- the sample councils ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Book, board.Pack]]:
    """The packs of the directorates with planted stories."""
    old = {"council": "sample-2009", "framework": "wpf-2009", "quarter": "2009-10 Q2", "as_at": "2009-11-13", "directorate": "streets-neighbourhoods"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        first = workbook.start("4_performance_board", {"as_at": "2024-11-15"})
        now = [first.of(one) for one in first.council.directorates if one.id != "adults-health"]
        books = {of.unit.id: of for of in (*now, workbook.start("4_performance_board", old)) if of.unit}
        return {
            unit: (of, board.pack(of, results.evidence(of, results.rated(of).measures)))
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
    ("childrens", "an action that worked", "idle"): "It worked: “One post plans every yearly review a term ahead”.",
}  # fmt: skip
PIECES = {"issues": board.issues, "overdue": board.overdue, "idle": pages.idle}


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story[1]} in {story[0]}")
def test_a_planted_story_stands_on_the_page(
    packs: dict[str, tuple[Book, board.Pack]], story: tuple[str, str, str]
) -> None:
    unit, _, piece = story
    assert STORIES[story] in said(PIECES[piece](*packs[unit]))


@pytest.mark.slow
def test_nothing_else_is_told_of_escalation_or_agendas(packs: dict[str, tuple[Book, board.Pack]]) -> None:
    kinds = {unit: told.issues["kind"].tolist() for unit, (_, told) in packs.items()}
    raised = {
        "never_raised",
        "raised_too_low",
        "level_skipped",
        "not_decided",
        "raised_late",
        "action_overdue",
        "return_late",
    }
    assert {unit: sorted(raised.intersection(found)) for unit, found in kinds.items()} == {
        "childrens": [], "resources": ["level_skipped", "raised_late"],
        "economy-environment": ["never_raised", "return_late"], "streets-neighbourhoods": [],
    }  # fmt: skip
    late = {
        unit: told.agenda.loc[told.agenda["state"] == "overdue", "item"].tolist()
        for unit, (_, told) in packs.items()
    }
    assert late == {"childrens": ["risk-management"], "resources": [], "economy-environment": [], "streets-neighbourhoods": ["risk-management"]}  # fmt: skip


@pytest.mark.slow
def test_a_board_of_which_nothing_was_sent_is_unknown_throughout_and_never_well(
    packs: dict[str, tuple[Book, board.Pack]],
) -> None:
    of, told = packs["childrens"]
    bare = board.pack(of, replace(told.records, sent=frozenset()))
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
    packs: dict[str, tuple[Book, board.Pack]],
) -> None:
    of, told = packs["childrens"]
    pd.testing.assert_frame_equal(results.RESULTS["loop"].make(of), told.closed)
