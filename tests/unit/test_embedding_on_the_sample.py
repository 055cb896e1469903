"""What the sample council claims, what its rows allow, and how it stood before: the stories are found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from council_book import council_book

from pmf_lib import workbook
from pmf_lib.assurance.maturity import claims, drift
from pmf_lib.workbook import results

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "council": "sample",
    "framework": "pmf-2022-25",
    "quarter": "2024-25 Q2",
    "as_at": "2024-11-15",
    "edition": "full",
    "snapshot": "",
    "baseline": "",
    "directorate": "resources",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The book of each directorate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        book = council_book(workbook.start("3_pmf_embedding", GIVEN))
        yield {one.id: book.of(one) for one in book.council.directorates}


@pytest.fixture(scope="module")
def found(books):
    """The clauses of each directorate as tested."""
    return {unit: results.arrangements(book, results.rated(book).measures)[0] for unit, book in books.items()}


def test_one_claim_glows_one_is_modest_and_one_rests_on_rows_that_nobody_checks(books, found):
    groups = [
        results.claimed(book, results.levels(book, found[unit])).assign(unit=unit)
        for unit, book in books.items()
    ]
    gaps = claims.widest(pd.concat(groups, ignore_index=True))
    assert gaps[["unit", "group", "level", "claimed", "gap_n"]].to_numpy().tolist() == [
        ["childrens", "risk", "partly", "lived", 2],
        ["resources", "external review and comparison", "on_paper", "lived", 1],
        ["economy-environment", "roles and reporting", "partly", "not_lived", -1],
    ]
    assert gaps[["has_evidence", "is_checked"]].to_numpy().tolist() == [
        [False, False],
        [True, True],
        [True, True],
    ]


def test_rows_that_nobody_checks_and_minutes_without_a_reference_weaken_what_rests_on_them(books, found):
    kinds = {unit: results.shown(books[unit], frame) for unit, frame in found.items()}
    rests = {unit: frame.set_index("clause")["rests_on"] for unit, frame in kinds.items()}
    assert rests["resources"]["national-frameworks"] == "self-keyed"
    assert rests["childrens"]["national-frameworks"] == "verified-return"
    weakened = {
        unit: sorted(
            frame.loc[(frame["declared"] == "minuted") & (frame["rests_on"] != "minuted"), "test"].unique()
        )
        for unit, frame in kinds.items()
    }
    assert weakened.pop("adults-health")
    assert not any(weakened.values())


def test_no_row_of_the_sample_is_too_old_for_what_it_shows(books, found):
    assert all((results.shown(books[unit], frame)["aged"] == "").all() for unit, frame in found.items())


def test_what_fell_in_resources_since_the_quarter_before_is_what_was_planted(books, found):
    book, before = books["resources"], results.before(books["resources"])
    fell = drift.of_clauses(results.shown(book, found["resources"]), before.quarter)
    planted = {"underperformance-escalated", "escalated-by-directorate"}
    assert planted < set(fell.loc[fell["since"] == "worse", "clause"])
    groups = results.matured(book, found["resources"], before).set_index("group")
    assert groups.loc["escalation", ["before_quarter", "since_quarter"]].tolist() == ["on_paper", "worse"]


def test_an_earlier_quarter_is_told_as_its_own_report_told_it(books):
    then = results.before(books["childrens"]).quarter
    own = workbook.start(
        "3_pmf_embedding",
        {**GIVEN, "directorate": "childrens", "quarter": "2024-25 Q1", "as_at": "2024-08-15"},
    )
    told = results.shown(own, results.arrangements(own, results.rated(own).measures)[0])
    columns = ["clause", "result", "level", "rests_on", "population", "rows_n", "checked_n", "newest_on"]
    pd.testing.assert_frame_equal(then[columns], told[columns])
