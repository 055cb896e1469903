"""What the pages say of the golden thread, in exact sentences on made-up frames."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib import verdicts
from pmf_lib.assurance import thread as threads
from pmf_lib.council import load
from pmf_lib.periods import parse_quarter
from pmf_lib.reports.sanitise import clean
from pmf_lib.workbook import results
from pmf_lib.workbook.pages.lived import thread
from pmf_lib.workbook.pieces.outline import outline

COUNCIL = load("sample")
CHILDRENS = COUNCIL.directorates[1]


def book(*, own: bool = True, unit: Any = None, framework: str = "pmf-2022-25") -> Any:
    """As much of a book as the pieces look at."""
    return SimpleNamespace(
        has_own_records=own, council=COUNCIL, framework=frameworks.load(framework), unit=unit,
        unit_name=unit.name if unit else "Whole council", quarter=parse_quarter("2024-25 Q2"), as_at=date(2024, 11, 15),
    )  # fmt: skip


def found(*kinds: str) -> pd.DataFrame:
    """Breaks of these kinds, in one service."""
    rows = [
        (kind, f"Subject <{n}>", "It is so.", "", "childrens", "Early Help", "o.csv", n)
        for n, kind in enumerate(kinds)
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "kind",
            "subject",
            "condition",
            "owner",
            "directorate",
            "service",
            "source_file",
            "source_row",
        ],
    )


def reached(*states: str) -> pd.DataFrame:
    """One service for each state; all but the last of them held 58 of 146 conversations."""
    given = {"plans_n": 1, "objectives_n": 4, "objectives_reaching_n": 3, "nodes_n": 2, "measures_n": 5, "year": "2023-24",
             "staff_n": 146.0, "held_n": 58.0, "linked_n": 58.0, "breaks_n": 0, "is_unbroken": True}  # fmt: skip
    rows = [
        {"directorate": "childrens", "service": f"Service <{n}>", **given, "state": state}
        for n, state in enumerate(states)
    ]
    return pd.DataFrame(rows, columns=["directorate", "service", *given, "state"])


@pytest.fixture
def made(monkeypatch):
    """What the thread answers, put in by each test, so that only the words are looked at."""
    answers: dict[str, Any] = {"breaks": found(), "unknown": [], "reach": reached(), "tree": pd.DataFrame()}
    monkeypatch.setattr(
        results, "evidence", lambda *_: SimpleNamespace(sent=frozenset(["plans", "objectives"]))
    )
    for name in tuple(answers):
        monkeypatch.setattr(threads, name, lambda _, name=name: answers[name])
    return answers


NONE = pd.DataFrame({"measure_id": []})
TITLES = [
    (("node_without_owner",), "The golden thread breaks in one place: one marker of success that nobody owns"),
    (("objective_adrift",) * 2, "The golden thread breaks in two places: two objectives that lead to no marker of success"),
    (
        ("node_without_measure", "objective_without_measure", "measure_adrift", "service_without_plan", "service_without_plan"),
        "The golden thread breaks in five places: one marker of success without a measure, one objective without a measure, "
        "one measure that leads to no marker of success and two more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kinds", "said"), TITLES)
def test_the_title_counts_the_breaks_and_names_their_kinds(kinds, said):
    assert thread.breaks_title(book(), found(*kinds), []) == said


def test_a_break_is_called_in_the_words_of_the_framework():
    said = thread.breaks_title(book(framework="wpf-2009"), found("node_without_measure"), [])
    assert said.endswith("one citizen outcome or internal driver without a measure")


def test_without_breaks_the_title_says_so_and_how_much_was_looked_at():
    assert thread.breaks_title(book(), found(), []) == "No break of the golden thread was found"
    assert (
        thread.breaks_title(book(), found(), ["x"])
        == "No break of the golden thread was found in what was sent"
    )


def test_breaks_are_grouped_with_counts_and_hostile_text_is_escaped(made):
    made["breaks"] = found("objective_without_measure", "objective_without_measure", "service_without_plan")
    shown = thread.breaks(book(), NONE).markup
    assert "Objectives without a measure (2)" in shown
    assert "Service without a plan in force (1)" in shown
    assert "Subject &lt;0&gt;" in shown
    assert "<0>" not in shown
    assert f"none named; the {CHILDRENS.director} answers".replace("'", "&#x27;") in shown


def test_what_is_not_known_stands_under_the_breaks_and_is_no_break(made):
    made["unknown"] = ["Nobody sent the table of plans."]
    shown = thread.breaks(book(unit=CHILDRENS), NONE)
    assert "Nothing that was sent shows a break; what is not known stands below." in shown.markup
    assert shown.plain.endswith(
        "What is not known, and counts neither as a break nor as in order:\n- Nobody sent the table of plans."
    )


def test_where_nothing_breaks_and_all_is_known_a_sentence_says_so(made):
    assert "Every way that the records name goes on, both up and down" in thread.breaks(book(), NONE).markup


def test_a_directorate_s_page_says_where_breaks_of_the_council_s_own_nodes_are_told(made):
    said = thread.breaks(book(unit=CHILDRENS), NONE).markup
    assert (
        "Whether all markers of success have measures, objectives and an owner is told of the whole council"
        in said
    )
    assert "asked of anybody" not in said
    assert "Whether all" not in thread.breaks(book(), NONE).markup


def test_of_a_break_of_the_whole_council_the_same_post_answers_as_in_the_findings(made):
    made["breaks"] = found("node_without_owner").assign(directorate="")
    assert "none named; the Chief Executive answers" in thread.breaks(book(), NONE).markup


REACHED = [
    (("whole", "whole", "broken"), "The golden thread runs unbroken from aim to conversation in two of three services; it breaks in one"),
    (("whole",), "The golden thread runs unbroken from aim to conversation in the one service"),
    (("broken", "unknown"), "The golden thread runs unbroken from aim to conversation in none of two services; it breaks in one and of one it is not known"),
    (("unknown", "unknown"), "Nothing is known of how far the golden thread reaches into any of 2 services"),
    ((), "Nothing is known of how far the golden thread reaches into services"),
]  # fmt: skip


@pytest.mark.parametrize(("states", "said"), REACHED)
def test_the_title_of_reach_counts_services_by_state(states, said):
    assert thread.reach_title(book(), reached(*states)) == said


def test_a_row_of_reach_says_conversations_and_what_breaks(made):
    made["reach"] = reached("broken").assign(service="Early Help", breaks_n=2)
    made["breaks"] = found("objective_without_measure", "conversations_not_held")
    shown = thread.reach(book(unit=CHILDRENS), NONE).markup
    for words in (
        "held 58 of 146 for 2023-24",
        "58 of 58",
        "3 of 4",
        "One objective without a measure and not all staff had a conversation",
    ):
        assert words in shown


def test_what_nobody_sent_reads_as_not_known_in_every_cell(made, monkeypatch):
    nothing = {"objectives_n": 0, "objectives_reaching_n": 0, "nodes_n": 0, "year": ""}
    made["reach"] = reached("unknown").assign(
        **nothing, staff_n=float("nan"), held_n=float("nan"), linked_n=float("nan")
    )
    monkeypatch.setattr(results, "evidence", lambda *_: SimpleNamespace(sent=frozenset()))
    shown = thread.reach(book(), NONE).markup
    assert shown.count(">not known<") == 4
    assert "Not known</span>" in shown


TREE = pd.DataFrame(
    [
        (0, "node", "aim", "Thrive.", "", "", "", False, 2, 3),
        (1, "objective", "council", "Chances", "", "", "", False, 2, 3),
        (2, "objective", "directorate", "Sooner", "childrens", "", "", False, 1, 3),
        (3, "objective", "service", "Visit <b>: Early Help", "childrens", "Early Help", "", False, 0, 3),
        (4, "measure", "", "Visits", "childrens", "Early Help", "", False, 0, 0),
        (4, "measure", "", "Calls", "childrens", "Early Help", "see above", False, 0, 0),
        (4, "measure", "", "Waits", "childrens", "Early Help", "see above", False, 0, 0),
        (0, "objective", "service", "Adrift.", "childrens", "In Care", "It names nothing.", True, 0, 0),
    ],
    columns=[
        "depth",
        "kind",
        "level",
        "title",
        "unit",
        "service",
        "note",
        "is_break",
        "objectives_n",
        "measures_n",
    ],
)


def items(shown: Any) -> list[str]:
    text = shown.markup.split("<li>")[1:]
    return [one.split("<")[0].strip() for one in text]


def test_the_tree_of_a_directorate_goes_down_to_measures_and_gathers_those_named_above(made):
    made["tree"] = TREE
    shown = thread.tree(book(unit=CHILDRENS), NONE)
    assert items(shown) == [
        "Aim: Thrive.",
        "Objective of the council: Chances",
        "Objective of Children&#x27;s Services: Sooner",
        "Objective of Early Help: Visit &lt;b&gt;",
        "Measure: Visits",
        "2 measures (see above)",
        "Objective of In Care: Adrift. Broken here: It names nothing.",
    ]
    assert shown.markup.startswith("<details>")


def test_the_tree_of_the_council_ends_at_directorates_with_counts_and_keeps_what_breaks(made):
    made["tree"] = TREE
    assert items(thread.tree(book(), NONE)) == [
        "Aim: Thrive.",
        "Objective of the council: Chances (2 objectives and 3 measures below)",
        "Objective of Children&#x27;s Services: Sooner (1 objective and 3 measures below)",
        "Objective of In Care: Adrift. Broken here: It names nothing.",
    ]


@pytest.mark.parametrize("piece", [thread.breaks, thread.reach, thread.tree])
def test_of_published_figures_nothing_is_followed(piece):
    assert piece(book(own=False)).plain == thread.FROM_OUTSIDE


def test_every_state_of_a_service_has_its_word():
    assert verdicts.load().codes("thread") == list(threads.STATES)


def test_a_nested_list_is_whole_and_passes_the_page_s_second_net():
    for depths in ((0, 1, 2, 1, 0), (0, 2, 1), (2, 0), (0, 3, 0)):
        shown = outline([(depth, f"line {n}") for n, depth in enumerate(depths)]).markup
        assert clean(shown) == shown
        assert shown.count("<li>") == shown.count("</li>") == len(depths)
        assert shown.count("<ul") == shown.count("</ul>")
    assert outline([], empty="Nothing.").plain == "Nothing."
