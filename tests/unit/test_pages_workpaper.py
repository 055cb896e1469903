"""The appendix is a workpaper: what was tested on what, with what result; and management's answers beside what was found."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.decisions import Response
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.committee import responses, workpaper
from pmf_lib.workbook.results import Collected

FRAMEWORK, SCHEMES = frameworks.load("pmf-2022-25"), schemes()
READS = pd.DataFrame(
    {
        "table": ["plans", "plans", "risks", "actions"], "source_file": ["a.csv", "b.csv", "c.csv", ""], "is_sent": [True, True, True, False],
        "rows_read": [3, 4, 0, 0], "rows_kept": [3, 3, 0, 0], "rows_left_out": [0, 1, 0, 0],
    }
)  # fmt: skip


def book(
    *, own: bool = True, baseline: Any = None, partitions: dict[str, dict[str, str]] | None = None
) -> Any:
    directorates = tuple(SimpleNamespace(id=name.lower(), name=name, director="") for name in "AB")
    snapshot = SimpleNamespace(
        id="e9197a42", table={"reads": READS}.__getitem__, partitions=partitions or {"plans": {"a": "1f"}}
    )
    measures = pd.DataFrame({"measure_id": ["bins"], "title": ["Missed bins"]})
    return SimpleNamespace(
        has_own_records=own, council=SimpleNamespace(directorates=directorates), framework=FRAMEWORK, schemes=SCHEMES, unit=None,
        quarter=parse_quarter("2024-25 Q2"), as_at=date(2024, 11, 15), snapshot=snapshot, baseline=baseline,
        whole={"measures": measures}.__getitem__,
    )  # fmt: skip


def found(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """One row per (clause, force, unit, result)."""
    return pd.DataFrame(rows, columns=["clause", "force", "unit", "result"])


ROWS = found(
    ("x", "duty", "A", "met"), ("x", "duty", "B", "not_met"), ("y", "minimum", "A", "no_evidence"), ("y", "minimum", "B", "partly"),
    ("z", "good practice", "A", "observation"),
)  # fmt: skip


def collected(*missing: str) -> Collected:
    return Collected({}, is_recorded=True, missing=missing)


def test_results_of_duties_add_up_to_all_tests() -> None:
    assert workpaper.results(ROWS) == (
        "4 tests of duties, one for each unit that is asked: 1 met, 1 partly met, 1 not met and 1 without a result. 1 test of "
        "clauses that bind nobody."
    )


@pytest.mark.parametrize(
    ("rows", "own", "said"),
    [
        (ROWS, True, "Two duties not fully met. Where: B. What could not be tested is no pass."),
        (ROWS[ROWS["result"] == "met"], True, "No failure was found in what could be tested. What could not be tested is no pass."),
        (ROWS[ROWS["result"] == "no_evidence"], True, "None: nothing could be tested on the records that came."),
        (ROWS, False, "None: published figures can't show whether arrangements are effective or embedded."),
    ],
)  # fmt: skip
def test_a_conclusion_says_no_more_than_the_tests(rows: pd.DataFrame, own: bool, said: str) -> None:
    assert workpaper.conclusion(book(own=own), rows) == said


def test_a_scope_names_the_units_that_were_read_and_those_that_were_not() -> None:
    said = workpaper.scope(book(), collected("B"), ROWS)
    assert said[:2] == ["Units: A; the council as a whole.", "Not looked at: B."]
    assert said[2].endswith("3 are asked of these units.")


def test_preparer_and_reviewer_are_blank_until_the_paper_is_issued() -> None:
    said = workpaper.shown(book(), collected(), ROWS, pd.DataFrame(index=range(2))).plain
    for line in ("Prepared by", "Reviewed by"):
        assert (
            f"{line}: Blank until the paper is issued; then the post stands under “How this paper was agreed”."
            in said
        )
    assert "Two exceptions: each with its row." in said


def test_sources_are_the_tables_sent_with_their_files_rows_and_hash() -> None:
    said = workpaper.sources(book()).markup
    assert "Two tables of records were read" in said
    assert ">a.csv; b.csv<" in said
    assert ">7<" in said
    assert "Actions" not in said
    assert workpaper.table_hash(book(), "plans") in said


def test_the_procedure_has_a_row_a_clause_over_all_units() -> None:
    rows = ROWS.assign(
        what="What " + ROWS["clause"], source="1", group="g", test="measure_has_owner", population=9, failed=1, rows_n=4, checked_n=0,
        referenced_n=0, age_months=0.0,
    )  # fmt: skip
    told = workpaper._tests(book(), rows)
    assert told[["asks", "units", "population", "failed", "rows_n"]].to_numpy().tolist() == [
        ["What x (1)", 2, 18, 2, 8], ["What y (1)", 2, 18, 2, 8], ["What z (1)", 1, 9, 1, 4],
    ]  # fmt: skip
    assert "3 clauses were put to a test, in 5 tests" in workpaper.procedure(book(), rows).markup


def test_other_rows_have_another_hash_and_the_same_rows_the_same() -> None:
    one, same, other = (
        {"plans": {"a": "1f", "b": "2e"}},
        {"plans": {"b": "2e", "a": "1f"}},
        {"plans": {"a": "2f", "b": "2e"}},
    )
    hashes = [workpaper.table_hash(book(partitions=parts), "plans") for parts in (one, same, other)]
    assert hashes[0] == hashes[1] != hashes[2]


# ---- management's answers --------------------------------------------------------------------------------------------


def answer(about: str, unit: str, **more: Any) -> Response:
    told = {"answer": "accepted", "action": "Do it", "due": date(2024, 10, 31)} | more
    return Response(run="a" * 12, unit=unit, about=about, by="Director of A", dated=date(2024, 9, 1), **told)


def issued(*answers: Response) -> Any:
    return SimpleNamespace(
        name="version 1 of Quarter 1, April to June 2024", paper=SimpleNamespace(responses=answers)
    )


def test_an_answer_stands_beside_what_was_found_since() -> None:
    answers = (
        answer("x", "b"),
        answer("x", "a"),
        answer("bins", "council", answer="rejected", action="", due=None, note="No bins"),
    )
    given = responses.given(book(baseline=issued(*answers)), ROWS)
    assert given[["what", "unit", "answer", "now", "is_late"]].to_numpy().tolist() == [
        ["x", "B", "Accepted", "not_met", True],
        ["x", "A", "Accepted", "met", False],
        ["Missed bins", "Whole council", "Rejected", "", False],
    ]
    said = responses.shown(book(baseline=issued(*answers)), ROWS).markup
    assert (
        "Management accepted 2 of 3 findings that it answered; the day of 1 has gone by and it is not met"
        in said
    )


def test_an_answer_whose_day_is_to_come_is_not_late() -> None:
    given = responses.given(book(baseline=issued(answer("x", "b", due=date(2024, 11, 15)))), ROWS)
    assert given["is_late"].tolist() == [False]


def test_without_an_earlier_paper_or_an_answer_that_is_said() -> None:
    assert responses.shown(book(), ROWS).plain.splitlines()[-1] == responses.NO_PAPER
    none = responses.shown(book(baseline=issued()), ROWS).markup
    assert "Management wrote down no response to version 1 of Quarter 1, April to June 2024." in none
    assert "No response by management" in none
    assert responses.shown(book(own=False), ROWS).plain == responses.PUBLISHED
