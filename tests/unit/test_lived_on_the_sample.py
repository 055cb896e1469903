"""The sample's directorates read as their stories were planted: findings with their rows, claims beside records, drift."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import workbook
from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import Before
from pmf_lib.workbook.pages.lived import claims, drift, findings

ROOT = Path(__file__).resolve().parents[2]
ASKED = {"council": "sample", "framework": "pmf-2022-25", "quarter": "2024-25 Q2", "as_at": "2024-11-15"}
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Lived:
    """A directorate as its third notebook sees it."""

    book: Book
    clauses: pd.DataFrame
    exceptions: pd.DataFrame
    before: Before
    groups: pd.DataFrame


@pytest.fixture(scope="module")
def childrens(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        book = workbook.start("3_pmf_embedding", {**ASKED, "directorate": "childrens"})
        found, exceptions = results.arrangements(book, results.rated(book).measures)
        before = results.before(book)
        yield Lived(
            book, results.shown(book, found), exceptions, before, results.matured(book, found, before)
        )


def test_each_planted_weakness_is_a_finding_with_its_row_and_nothing_else_is(childrens):
    made = findings.of_book(childrens.book, childrens.clauses, childrens.exceptions)
    assert made[["clause", "evidence"]].to_numpy().tolist() == [
        ["directorate-risk", "No row: what is missing leaves none."],
        ["conversations-held", "data/sample/conversations.csv, row 18."],
        ["corrective-action", "data/sample/actions.csv, row 41."],
        ["objectives-linked", "data/sample/objectives.csv, row 82."],
        ["responsibilities-defined", "data/sample/measures.csv, row 64."],
    ]
    assert set(made["by"]) == {pd.Timestamp("2025-01-20")}


def test_the_claim_that_nothing_bears_out_is_the_only_gap_that_is_named(childrens):
    (said,) = claims.gaps(childrens.book, childrens.groups, childrens.clauses)
    assert said.startswith(
        "“Risk” is claimed to be lived (Executive Director for Children's Services, 25 October 2024)"
    )
    assert "The claim names no evidence, and no second post checked it." in said
    assert said.endswith(
        "“The directorate monitors risk regularly across its services”: not so for 3 of 3 quarters."
    )


def test_what_fell_since_the_year_before_is_told_with_its_duty(childrens):
    said = drift.told(childrens.book, childrens.groups, childrens.clauses, childrens.before).plain
    assert (
        "Golden thread fell from on paper to partly lived since the same quarter of the year before: “Each objective leads to a "
        "marker of success” is not so for 1 of 27 objectives, after no exception."
    ) in said
