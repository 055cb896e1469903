"""The two founding frameworks as data: counts, links, dates, and their words against the documents themselves."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from pmf_lib import framework, settings
from pmf_lib.errors import ParameterError

PMF, WPF = "pmf-2022-25", "wpf-2009"
TEXTS = {PMF: "pmf-2022-2025.txt", WPF: "wpf-2009.txt"}


@pytest.fixture(scope="module")
def pmf():
    return framework.load(PMF)


@pytest.fixture(scope="module")
def wpf():
    return framework.load(WPF)


def one_line(text: str) -> str:
    """White space as single spaces, so that page breaks and tabs don't matter."""
    return re.sub(r"\s+", " ", text).strip()


def seed(name: str) -> str:
    """The document's text, or a skip (a failure where PMF_REQUIRE asks for the seeds)."""
    folder = Path(os.environ.get("PMF_SEEDS") or settings.root().parent / "shared" / "seeds")
    if (folder / TEXTS[name]).is_file():
        return (folder / TEXTS[name]).read_text(encoding="utf-8")
    reason = f"the documents' text is not at '{folder}'; set PMF_SEEDS to the folder that holds {TEXTS[name]}"
    if "seeds" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


def quotations(found: framework.Framework) -> list[str]:
    """Everything in a framework that claims to be the document's own words."""
    nodes = [text for node in found.nodes if not node.assumption for text in (node.title, *node.statements)]
    levels = [text for level in found.levels for text in (level.open_words, level.yearly_words)]
    dates = [found.in_force.words, found.review.words if found.review else ""]
    considered = [step.words for step in found.considered]
    commitments = [text for part in (*found.promises, *found.values) for text in (part.title, part.text)]
    rows = [row for table in found.alignment for row in table.rows]
    aligned = [text for row in rows for text in (row.statement, *(item.title for item in row.aligned))]
    bodies = [text for body in found.bodies for text in (body.name, *body.duties)]
    items = [item for agenda in found.agendas for item in agenda.items]
    agenda = [text for item in items for text in (item.title, item.text, item.frequency_words)]
    agenda += [board.minimum_words for board in found.agendas]
    every = [*nodes, *levels, *dates, *considered, *commitments, *aligned, *bodies, *agenda]
    return [text for text in every if text]


def test_both_frameworks_are_listed():
    assert {PMF, WPF} <= set(framework.ids())


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (PMF, {"aim": 1, "priority": 5, "outcome": 10, "marker": 20}),
        (WPF, {"vision": 1, "outcome": 7, "driver": 3, "pledge": 0}),
    ],
)
def test_each_level_has_the_number_of_nodes_that_the_document_counts(name, counts):
    found = framework.load(name)
    assert {level.id: len(found.nodes_at(level.id)) for level in found.levels} == counts


@pytest.mark.parametrize("name", [PMF, WPF])
def test_every_quotation_is_in_the_document_word_for_word(name):
    text = one_line(seed(name))
    assert [quoted for quoted in quotations(framework.load(name)) if one_line(quoted) not in text] == []


def test_numbers_and_parents_of_outcomes_and_markers_are_those_of_the_table(pmf):
    text = one_line(seed(PMF))
    table = text[text.index("Outcomes Markers of Success") : text.index("3.2 Performance Management Resp")]
    expected = ""
    for outcome in pmf.nodes_at("outcome"):
        expected += f" {outcome.number}. {outcome.title}"
        expected += "".join(f" {marker.number}. {marker.title}" for marker in pmf.children(outcome.id))
    assert one_line(table.removeprefix("Outcomes Markers of Success")) == expected.strip()


def table_rows(text: str) -> list[list[str]]:
    """Cells of table 1 row by row: a line without an outcome of its own continues the row above."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) != 4 or cells[0].startswith("SCS vision"):
            continue
        if cells[1]:
            rows.append([cells[0] or rows[-1][0], *cells[1:]])
        else:
            rows[-1] = [f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)]
    return [[words(cell) for cell in row] for row in rows]


def words(text: str) -> str:
    """Words alone: the table and the list differ in a comma, capitals and an asterisk."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_the_alignment_table_reads_as_the_document_prints_it(wpf):
    text = seed(WPF)
    table = text[
        text.index("Table 1: Alignment of Outcomes") : text.index("3. What is Performance Management?")
    ]
    written = [
        [
            row.statement,
            " ".join(f"Citizens are {wpf.node(node).title}" for node in row.nodes),
            " ".join(item.title for item in row.aligned),
            " ".join(item.perspective for item in row.aligned),
        ]
        for row in wpf.alignment[0].rows
    ]
    assert [[words(cell) for cell in row] for row in written] == table_rows(table)


def test_the_alignment_table_covers_the_eleven_statements_and_the_seven_outcomes_in_order(wpf):
    rows = wpf.alignment[0].rows
    statements = list(dict.fromkeys(row.statement.casefold() for row in rows))
    assert statements == [text.casefold() for text in wpf.node("vision").statements]
    assert len(statements) == 11
    assert {node for row in rows for node in row.nodes} == {node.id for node in wpf.nodes_at("outcome")}


def test_a_statement_that_meets_two_outcomes_in_two_rows_keeps_both(wpf):
    rows = [
        row for row in wpf.alignment[0].rows if row.statement == "People can get around easily and safely"
    ]
    assert [row.nodes for row in rows] == [("outcome-safe-secure",), ("outcome-high-quality-of-life",)]
    assert [item.perspective for item in rows[1].aligned] == ["Places", "Prosperity"]


def test_priorities_and_their_outcomes_are_labelled_as_assumed_and_markers_are_not(pmf):
    assert {node.assumption for node in pmf.nodes_at("priority")} == {"priorities-named"}
    assert {node.parent_assumption for node in pmf.nodes_at("outcome")} == {"outcomes-in-pairs"}
    assert [node.id for node in pmf.nodes_at("marker") if node.assumption or node.parent_assumption] == []
    assert [node.id for node in pmf.nodes_at("outcome") if node.assumption] == []


def test_outcomes_hang_from_the_assumed_priorities_in_pairs(pmf):
    pairs = {node.id: [child.number for child in pmf.children(node.id)] for node in pmf.nodes_at("priority")}
    assert pairs == {
        "priority-economic": [1, 2],
        "priority-people": [3, 4],
        "priority-internal-focus": [5, 6],
        "priority-children": [7, 8],
        "priority-communities": [9, 10],
    }


def test_the_2009_framework_assumes_nothing_of_its_thread(wpf):
    assert [node.id for node in wpf.nodes if node.assumption or node.parent_assumption] == []


def test_the_2022_framework_is_past_its_review_from_february_2025(pmf):
    assert pmf.review.due == date(2025, 1, 31)
    assert not pmf.is_past_review(date(2025, 1, 31))
    assert pmf.is_past_review(date(2025, 2, 1))


def test_the_2009_framework_is_superseded_by_one_that_is_here_and_has_no_review_date(wpf):
    assert wpf.superseded_by in framework.ids()
    assert not wpf.is_past_review(date(2099, 1, 1))
    assert wpf.status == "superseded"


def test_considered_dates_are_given_only_where_the_text_gives_them(pmf, wpf):
    assert [(step.body, step.dated) for step in pmf.considered] == [
        ("Audit Committee", date(2022, 4, 28)),
        ("Cabinet", date(2022, 6, 22)),
    ]
    assert [(step.body, step.dated) for step in wpf.considered] == [
        ("Audit Committee", date(2009, 6, 25)),
        ("Cabinet", None),
    ]


def test_measures_link_to_markers_in_2022_and_to_outcomes_and_drivers_in_2009(pmf, wpf):
    assert [node.id for node in pmf.linkable] == [f"marker-{number:02d}" for number in range(1, 21)]
    assert [level.id for level in wpf.link_levels] == ["outcome", "driver", "pledge"]
    assert len(wpf.linkable) == 10
    assert (pmf.marker_level, wpf.marker_level) == ("marker", "outcome")


def test_the_words_for_what_measures_link_to_are_the_framework_s(pmf, wpf):
    assert (pmf.marker_word, pmf.markers_word) == ("marker of success", "markers of success")
    assert wpf.marker_word == "citizen outcome or internal driver"
    assert wpf.markers_word == "citizen outcomes and internal drivers"


def test_markers_stand_from_the_edition_s_first_year(pmf):
    assert pmf.linkable_in("2021-22") == ()
    assert len(pmf.linkable_in("2022-23")) == len(pmf.nodes_at("marker", "2025-26")) == 20


def test_what_the_documents_leave_open_is_listed(pmf, wpf):
    assert {"priorities-unnamed", "outcomes-unplaced", "directorates-unlisted"} <= {
        point.id for point in pmf.open_points
    }
    assert {"directorates-unnamed", "pledges-unlisted"} <= {point.id for point in wpf.open_points}


def test_there_are_three_promises_and_five_values(pmf, wpf):
    assert (len(pmf.promises), len(pmf.values), len(wpf.values)) == (3, 5, 5)


def test_the_2009_board_agenda_has_twelve_items_each_due_once_a_year_at_least(wpf):
    (agenda,) = wpf.agendas
    assert (len(agenda.items), agenda.minimum_a_year) == (12, 1)


def test_the_path_of_a_marker_runs_from_the_aim(pmf):
    path = [node.id for node in pmf.path("marker-12")]
    assert path == ["aim", "priority-internal-focus", "outcome-06", "marker-12"]


def test_the_frame_of_nodes_has_one_row_a_node_in_document_order(pmf):
    frame = pmf.nodes_frame()
    assert frame["node"].tolist() == [node.id for node in pmf.nodes]
    assert str(frame["number"].dtype) == "Int64"
    assert frame["number"].isna().tolist() == [True] + [False] * 35
    row = frame.set_index("node").loc["outcome-03"]
    assert (row["parent_title"], row["is_parent_assumed"], row["is_linkable"]) == ("People", True, False)
    assert pmf.nodes_frame(linkable=True)["level"].unique().tolist() == ["marker"]


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (
            lambda: framework.load("pmf-2022-26"),
            r"'pmf-2022-26' is not a known framework. Did you mean 'pmf-2022-25'",
        ),
        (lambda: framework.load(PMF).node("marker-1"), r"Did you mean 'marker-\d+'.*thread.yml"),
        (lambda: framework.load(PMF).level("markers"), "Did you mean 'marker'"),
        (lambda: framework.load(PMF).children("outcome-1"), r"not a known node of 'pmf-2022-25'"),
        (lambda: framework.load(WPF).nodes_at("outcomes"), "Did you mean 'outcome'"),
        (lambda: framework.load(PMF).assumption("priorities-name"), "Did you mean 'priorities-named'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(look, said):
    with pytest.raises(ParameterError, match=said):
        look()
