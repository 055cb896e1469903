"""Why a clause's result changed since an issued run: a fault in a new period's row is no revised data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import sidecar
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook import book as books
from pmf_lib.workbook import compared, results
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared.change_words import CLAUSES

FIRST = {"directorate": "resources", "quarter": "2024-25 Q1", "as_at": "2024-08-15"}
SECOND = {"directorate": "resources", "quarter": "2024-25 Q2", "as_at": "2024-11-15"}
CLAUSE = "records-sound"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two quarters of the sample council's resources directorate, the rules unchanged between them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        patch.setattr(compared, "changed_rules", lambda *_: ())
        declared = sidecar.load("3_pmf_embedding")
        yield [books.opened(declared, declared.checked(given)) for given in (FIRST, SECOND)]


def results_of(book: Book) -> pd.DataFrame:
    return results.arrangements(book, results.rated(book).measures)[0]


def cause(then: Book, now: Book) -> list[str]:
    """Why the clause on accurate data is not as it was."""
    day = then.as_at
    baseline: Any = SimpleNamespace(snapshot=then.snapshot, quarter=then.quarter, as_at=day)
    before, today = results_of(then), results_of(now)
    steps = list(compared.steps(now, baseline, results_of, before, today))
    rows = compared.compare.changes(before, steps, keys=CLAUSES.keys, facets=CLAUSES.facets)
    return rows.loc[rows["clause"] == CLAUSE, "cause"].tolist()


def with_findings(book: Book, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Book:
    """The same book with other findings; nothing else of it differs."""
    found = book.snapshot.table("findings")
    tables = {**book.snapshot.tables, "findings": change(found)}
    return replace(book, snapshot=replace(book.snapshot, tables=tables), recorded=set())


def slip(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["measure_id"] == "mandatory-training"]


@pytest.mark.slow
def test_a_fault_in_a_value_of_a_new_period_is_of_the_new_period(opened: list[Book]) -> None:
    then, now = opened
    assert slip(now.findings)["rule"].tolist() == ["value.unit-slip"]
    assert cause(then, now) == ["period"]


@pytest.mark.slow
def test_a_fault_in_a_period_that_had_a_value_is_revised_data(opened: list[Book]) -> None:
    then, now = opened
    rows = now.snapshot.table("observations")
    earlier = rows[(rows["measure_id"] == "mandatory-training") & (rows["period"] == "2024-05")].iloc[0]
    moved = with_findings(now, lambda found: slip(found).assign(source_row=earlier["source_row"]))
    assert cause(then, moved) == ["data"]


@pytest.mark.slow
@pytest.mark.parametrize(("period", "why"), [("2024-05", "data"), ("2024-08", "period")])
def test_a_row_that_was_left_out_tells_its_period_by_its_key(
    opened: list[Book], period: str, why: str
) -> None:
    then, now = opened
    key = f"measure_id mandatory-training, period {period}, recorded_at 2024-09-05"
    twice = {"rule": "key.repeated", "got": key, "source_row": 999_999}
    assert cause(then, with_findings(now, lambda found: slip(found).assign(**twice))) == [why]


@pytest.mark.slow
def test_a_row_of_no_known_period_is_new_with_a_new_quarter_and_revised_within_one(
    opened: list[Book],
) -> None:
    then, now = opened
    unread = {"rule": "cell.number", "got": "n.a.n", "source_row": 999_999}
    later = with_findings(now, lambda found: slip(found).assign(**unread))
    assert cause(then, later) == ["period"]
    same = replace(later, quarter=parse_quarter("2024-25 Q1"), as_at=date(2024, 8, 16), recorded=set())
    assert cause(then, same) == ["data"]
