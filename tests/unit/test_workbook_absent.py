"""Units of which nothing came, and measures whose row can't be read: said, asked for, and never praised."""

import re
from html import unescape

import pandas as pd
import pytest
from returns_made import small_council
from workspace import Workspace

from pmf_lib import sidecar
from pmf_lib.workbook import absent, reliance, results
from pmf_lib.workbook import book as books
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.board import board, board_detail, board_pack, loop
from pmf_lib.workbook.pages.committee import committee, first_side
from pmf_lib.workbook.pages.lived import clause_tables
from pmf_lib.workbook.pages.measures import commentary, measures
from pmf_lib.workbook.pages.quality import quality, quality_detail, quality_dimensions
from pmf_lib.workbook.pages.scorecard import awaiting, portfolios, resourcing, scorecard, successes
from pmf_lib.workbook.pages.shared import actions, evidence
from pmf_lib.workbook.pieces.markup import Html

PRAISE = (
    "nothing needs mending", "no figure need be doubted", "speaks against any figure", "each has a definition",
    "every value", "every row that was read", "each value", "no row is there twice", "at odds with another", "was changed since",
    "no definition changed", "nothing is asked", "no test found", "needs a decision", "of the 0", "all 0", ": no faults",
    "units named", "no issue is hot", "no item is overdue", "no loop is open", "heard in its turn", "none of 0",
)  # fmt: skip
HEAD = "measure_id,title,directorate,owner,unit,polarity,frequency,due_days\n"
GOOD = "swims,Swims,places,Head of Leisure,number,higher,quarterly,20\n"
BAD = "bins,Missed bins,places,Head of Waste,number,downwards,monthly,20\n"


@pytest.fixture
def opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Opens a notebook's book of the small council, with these measures in its folder."""
    small_council(workspace)
    monkeypatch.setenv("PMF_STORE", str(workspace.store))

    def made(notebook: str, rows: str = "", unit: str = "places") -> Book:
        (workspace.home / "data/own/measures.csv").write_text(HEAD + rows, encoding="utf-8")
        if not rows:
            for name in ("observations", "targets"):
                path = workspace.home / f"data/own/{name}.csv"
                path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
        declared = sidecar.load(notebook)
        given = {"council": "own", "quarter": "2024-25 Q2", "as_at": "2024-11-15"}
        own = {"directorate": unit} if "directorate" in declared.parameters else {}
        return books.opened(declared, declared.checked(given | own))

    return made


def said(*pieces: Html) -> str:
    text = re.sub(r"<[^>]+>", " ", " ".join(piece.markup for piece in pieces))
    return unescape(re.sub(r"\s+", " ", text))


def first_page(book: Book) -> list[Html]:
    found = reliance.quality(book, results.rated(book).measures)
    return [
        quality.found(book, found), quality.sureness(book, found), quality.asked(book, found),
        commentary.contradictions(book, found), quality_dimensions.dimensions(book, found),
        quality_detail.each_measure(book, found), quality_detail.revised(book, found),
        quality_detail.breaks(book, found), quality_detail.read(book), evidence.faults(book),
    ]  # fmt: skip


def second_page(book: Book) -> list[Html]:
    rated = results.rated(book).measures
    card = results.card(book, rated)
    return [
        measures.found(book, rated), measures.matrix(book, card), measures.sureness(book, rated, pd.Series(dtype="str")),
        measures.asked(book, rated), evidence.faults(book),
    ]  # fmt: skip


def third_page(book: Book) -> list[Html]:
    rated = results.rated(book).measures
    found, exceptions = results.arrangements(book, rated)
    clauses = results.shown(book, found)
    relied = reliance.quality(book, rated)
    return [
        actions.asked(book, rated, relied, clauses, exceptions),
        clause_tables.exceptions_in_full(book, exceptions, clauses),
    ]


def fourth_page(book: Book) -> list[Html]:
    pack = board_pack.pack(book, results.evidence(book, results.rated(book).measures))
    return [
        board.agenda(book, pack), board.overdue(book, pack), board.issues(book, pack), loop.idle(book, pack), loop.closed(book, pack),
        loop.risks(book, pack), board_detail.targets(book, pack), board_detail.meetings(book, pack), board_detail.sureness(book, pack),
    ]  # fmt: skip


def fifth_page(book: Book) -> list[Html]:
    collected = results.collected(book, "rated_measures")
    rated = collected["rated_measures"]
    card, waits = results.card(book, rated), awaiting.awaited(book)
    return [
        scorecard.found(book, card, rated, awaiting.said(waits)), scorecard.sure(book, collected), scorecard.to_decide(book, rated, waits),
        awaiting.asked(book, waits), awaiting.shown(book, waits), successes.shown(book, rated), evidence.faults(book),
        resourcing.shown(book, resourcing.told(book, rated)), portfolios.shown(book, collected),
    ]  # fmt: skip


PAGES = {
    "1_data_quality": first_page,
    "2_measures_against_markers": second_page,
    "3_pmf_embedding": third_page,
    "4_performance_board": fourth_page,
    "5_council_scorecard": fifth_page,
}


@pytest.mark.parametrize("notebook", PAGES)
def test_no_sentence_praises_an_empty_set(opened, notebook):
    text = said(*PAGES[notebook](opened(notebook))).lower()
    assert [words for words in PRAISE if words in text] == []


def test_what_is_awaited_since_when_and_who_is_asked_is_said(opened):
    book = opened("1_data_quality")
    found = reliance.quality(book, results.rated(book).measures)
    assert quality.page_headline(book, found) == quality.NOTHING_RECEIVED
    assert absent.silent_words(book) == (
        "Nothing was received of Places, so nothing can be told of its figures. The return for Quarter 2, July to "
        "September 2024 was due on 20 October 2024, 26 days before the day of this page. Director of Places is asked for it."
    )
    assert absent.silent_words(book) in said(quality.found(book, found))
    assert found.mend[["title", "post"]].to_numpy().tolist() == [["All measures", "Director of Places"]]


def test_a_unit_with_a_measure_is_not_silent(opened):
    book = opened("1_data_quality", GOOD)
    assert absent.silent_words(book) == ""
    assert absent.request(book).empty
    assert absent.left_out_words(book) == ""


@pytest.mark.slow
def test_the_committee_asks_directors_only_where_a_directorate_failed(opened):
    book = opened("7_audit_committee")
    collected = results.collected(book, *committee.READ)
    found, *_ = committee.results(book, collected)
    asked = said(first_side.asked(book, collected, committee.by_clause(found, book.schemes.embedding)))
    assert "units named" not in asked
    assert "asks the council's management team to say by its next meeting how the" in asked


def test_a_measure_whose_row_can_t_be_read_is_told_with_its_title_and_asked_of_its_owner(opened):
    book = opened("1_data_quality", GOOD + BAD)
    found = reliance.quality(book, results.rated(book).measures)
    assert absent.left_out_words(book) == "One measure was left out because its row can't be read"
    asked = found.mend.set_index("measure_id").loc["bins"]
    assert asked[["title", "post"]].tolist() == ["Missed bins", "Head of Waste"]
    assert "one measure was left out" in quality.page_headline(book, found)
    top = said(quality.found(book, found))
    assert top.index("One measure was left out") < top.index("Missed bins") < top.index("Swims")
    assert absent.left_out(opened("1_data_quality", GOOD + BAD, "people")).empty


def test_a_unit_whose_every_row_is_faulty_is_not_called_silent(opened):
    book = opened("1_data_quality", BAD)
    assert absent.silent_words(book) == ""
    assert absent.left_out_words(book).startswith("One measure")


def test_the_council_s_page_says_how_many_measures_were_left_out_and_where(opened):
    book = opened("5_council_scorecard", GOOD + BAD)
    collected = results.collected(book, "rated_measures")
    shown = scorecard.sure(book, collected)
    assert "One measure was left out because its row can't be read: see data quality of Places ." in said(
        shown
    )
