"""The golden thread of both sample councils: each planted story is found, nothing else is, and clause tests agree."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from council_book import council_book

from pmf_lib import framework as frameworks
from pmf_lib import workbook
from pmf_lib.assurance import thread as threads
from pmf_lib.assurance.checks import TESTS
from pmf_lib.reports.sanitise import clean
from pmf_lib.workbook import results
from pmf_lib.workbook.pages.lived import thread

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ASKED = {
    "sample": {"framework": "pmf-2022-25", "quarter": "2024-25 Q2", "as_at": "2024-11-15"},
    "sample-2009": {"framework": "wpf-2009", "quarter": "2009-10 Q2", "as_at": "2009-11-13"},
}
UNDER_2009 = "sample under the framework of 2009"
OF_SAMPLE = {
    ("objective_adrift", "Involve children and families: Children in Care", "data/sample/objectives.csv", 82),
    ("objective_without_measure", "Support volunteers and community groups: Adult Social Care", "data/sample/objectives.csv", 22),
    ("conversations_not_held", "Early Help", "data/sample/conversations.csv", 18),
}  # fmt: skip
TRANSFORMATION = "3. Taking forward the transformation agenda"
PLANTED = {
    "sample": OF_SAMPLE | {("node_without_owner", "18. Trust will be built within and between communities across the Borough.", "data/sample/objectives.csv", 88)},
    UNDER_2009: OF_SAMPLE
    | {("node_without_measure", TRANSFORMATION, "", 0), ("node_without_objective", TRANSFORMATION, "", 0)},
    "sample-2009": {("pledge_without_objective", "Advice on benefits in every library", "data/sample-2009/registers.csv", 201)},
}  # fmt: skip


def opened(name):
    """The book of the whole council; under the other framework nothing else changes."""
    given = {"edition": "full", "snapshot": "", "baseline": "", **ASKED[name], "council": name}
    book = workbook.start(
        "3_pmf_embedding", given | {"directorate": "resources" if name == "sample" else "corporate"}
    )
    return council_book(book)


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Name → book, evidence and breaks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        books = {name: opened(name) for name in ASKED}
        books[UNDER_2009] = replace(books["sample"], framework=frameworks.load("wpf-2009"))
        known = {name: results.evidence(book, results.rated(book).measures) for name, book in books.items()}
        yield {name: (name, books[name], one, threads.breaks(one)) for name, one in known.items()}


@pytest.fixture(params=sorted([*ASKED, UNDER_2009]))
def council(request, seen):
    return seen[request.param]


def test_each_planted_story_of_the_thread_is_found_and_nothing_else_is(council):
    name, _, _, breaks = council
    assert (
        set(breaks[["kind", "subject", "source_file", "source_row"]].itertuples(index=False, name=None))
        == PLANTED[name]
    )


SAME = {
    "node_without_measure": ("node_has_measures", {}),
    "node_without_objective": ("node_has_objective", {}),
    "objective_without_measure": ("objective_has_measure", {}),
    "measure_adrift": ("measure_is_linked", {}),
    "service_without_plan": ("plan_is_in_force", {"level": "service"}),
    "conversations_not_held": ("conversations_are_held", {"percent": 100}),
    "conversations_adrift": ("conversations_link_objectives", {"percent": 100}),
}


@pytest.mark.parametrize("kind", sorted(SAME))
def test_where_a_clause_test_looks_at_the_same_link_both_agree(council, kind):
    _, _, evidence, breaks = council
    test, told = SAME[kind]
    answer = TESTS[test](evidence, **told)
    assert set(breaks.loc[breaks["kind"] == kind, "subject"]) == set(answer.exceptions["subject"])


def test_an_objective_adrift_names_no_node_either_and_any_other_that_names_none_is_led_by_one_above(council):
    _, _, evidence, breaks = council
    made = threads.graph(evidence)
    named = set(TESTS["objective_has_node"](evidence).exceptions["subject"])
    adrift = set(breaks.loc[breaks["kind"] == "objective_adrift", "subject"])
    led = {key for key in made if key[0] == "objective" and made.nodes[key]["title"] in named - adrift}
    assert adrift <= named
    assert all(any(kind == "node" for kind, _ in nx.ancestors(made, key)) for key in led)
    assert len(led) == len(named - adrift)


def test_the_marker_that_nobody_owns_has_as_many_objectives_as_the_clause_test_finds_without_an_owner(seen):
    _, _, evidence, breaks = seen["sample"]
    bare = TESTS["record_has_owner"](evidence, tables=("objectives",)).exceptions
    said = breaks.loc[breaks["kind"] == "node_without_owner", "condition"].item()
    assert f"serve it: {len(bare)} (the others in " in said


def test_every_service_is_reached_save_where_a_story_breaks_it(council):
    name, _, evidence, breaks = council
    found = threads.reach(evidence)
    broken = found.loc[found["state"] == "broken", "service"].tolist()
    assert sorted(broken) == sorted(set(breaks["service"]) - {""})
    assert set(found["state"]) == {"broken", "whole"}
    assert len(found) == (17 if name == "sample-2009" else 27)


def test_the_pages_of_the_sample_read_well(council):
    name, opened, evidence, _ = council
    said = [piece(opened, evidence.rated) for piece in (thread.breaks, thread.reach, thread.tree)]
    place = {"sample-2009": "one place: one pledge without an objective"}.get(name, "")
    assert place in said[0].markup
    assert html.unescape(clean(said[2].markup)) == html.unescape(said[2].markup)
