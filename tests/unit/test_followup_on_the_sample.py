"""Two quarters of the sample in sequence: what the first report recommended is followed in the second, on pages 7 and 3 alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from followup_made import paper, response

from pmf_lib import workbook
from pmf_lib.assurance.followup import chain
from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import committee
from pmf_lib.workbook.pages.followup import advice, followup
from pmf_lib.workbook.pieces.words import count_word

ROOT = Path(__file__).resolve().parents[2]
ASKED = {"council": "sample", "framework": "pmf-2022-25"}
FIRST = {**ASKED, "quarter": "2024-25 Q1", "as_at": "2024-08-15"}
SECOND = {**ASKED, "quarter": "2024-25 Q2", "as_at": "2024-11-15"}
RUN = "a" * 12
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Followed:
    """Both lists of page 7, and the second report as pages 7 and 3 see it."""

    first: pd.DataFrame
    second: pd.DataFrame
    council: Book
    childrens: Book
    of_unit: pd.DataFrame


def page_7(asked: dict[str, str]) -> tuple[Book, pd.DataFrame]:
    """Its list, made as `committee.results` does, without the levels of groups: these look two quarters back and cost the most."""
    book = workbook.start("7_audit_committee", asked)
    collected = results.collected(book, "rated_measures", "arrangements", "exceptions")
    own = zip(
        ("arrangements", "exceptions"), results.arrangements(book, collected["rated_measures"]), strict=True
    )
    found, exceptions = (committee.over_all(book, collected[name], council) for name, council in own)
    return book, followup.followed(book, found, exceptions)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    """The first quarter's report is issued with an answer to one recommendation, and the second follows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        _, first = page_7(FIRST)
        answered = first[first["unit_id"] == "childrens"].iloc[0]
        said = response(RUN, "childrens", answered["clause"], due="2024-12-31", action="Do it")
        paper(FIRST["quarter"], first, run_id=RUN, responses=[said])
        asked = {**SECOND, "baseline": RUN}
        council, second = page_7(asked)
        childrens = workbook.start(
            "3_pmf_embedding", {**asked, "directorate": "childrens", "snapshot": council.snapshot.id}
        )
        rated = results.rated(childrens).measures
        clauses, exceptions = results.arrangements(childrens, rated)
        of_unit = followup.followed(childrens, results.shown(childrens, clauses), exceptions)
        yield Followed(first, second, council, childrens, of_unit)


def test_every_recommendation_of_the_first_report_stands_on_the_list_of_the_second(told: Followed) -> None:
    assert (told.first["state"] == "new").all()
    assert len(told.first) > 5
    earlier = told.second[told.second["was"] != ""]
    assert set(earlier["id"]) == set(told.first["id"])
    assert set(earlier["state"]) >= {"closed", "overdue", "open"}
    assert set(told.second["state"]) <= set(chain.STATES)


def test_what_management_accepted_sets_its_day_and_the_others_are_past_theirs(told: Followed) -> None:
    answered = told.second[told.second["answer"] == "accepted"]
    assert answered[["state", "action"]].to_numpy().tolist() == [["open", "Do it"]]
    stands = told.second[told.second["state"].isin(["open", "overdue"]) & (told.second["answer"] == "none")]
    assert (stands["state"] == "overdue").all()


def test_page_3_follows_the_same_as_page_7(told: Followed) -> None:
    own = told.second[told.second["unit_id"] == "childrens"].reset_index(drop=True)
    pd.testing.assert_frame_equal(told.of_unit, own)
    assert len(own) > 2


def test_both_pages_say_it_in_a_sentence_and_count_what_others_recommended_apart(told: Followed) -> None:
    said = followup.first_side(told.council, told.second).plain
    assert said.startswith(f"Of {len(told.first)} recommendations of the last issued report")
    late = int((told.second["state"] == "overdue").sum())
    assert f" and {count_word(late)} overdue; " in said
    assert said.endswith(advice.said(told.council))
    assert re.search(r"Others made \w+ recommendations: .* are done\.$", said)
    assert "to this unit" in followup.first_side(told.childrens, told.of_unit).plain
