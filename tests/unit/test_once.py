"""Answers that are worked out once for a book or its evidence, and the states of measures told alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pmf_lib.once import once
from pmf_lib.performance.rate import rate, states
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook import evidenced, reliance
from pmf_lib.workbook.book import Book, start
from pmf_lib.workbook.rated import rated

ROOT = Path(__file__).resolve().parents[2]
QUARTERS = ("2024-25 Q2", "2024-25 Q1", "2023-24 Q4", "2023-24 Q2")


@dataclass(frozen=True)
class Held:
    """A thing that answers are kept with."""

    number: int


made: list[tuple[int, object]] = []


@once
def told(of: Held, what: object, *, more: int = 0) -> object:
    made.append((of.number, what))
    return [of.number, what, more]


@once
def size(of: Held, frame: pd.DataFrame) -> int:
    return of.number * len(frame)


@pytest.fixture(autouse=True)
def nothing_made() -> None:
    made.clear()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        yield start("3_pmf_embedding", {"directorate": "childrens"})


def test_the_same_question_is_answered_once() -> None:
    of = Held(1)
    assert told(of, "a") is told(of, "a")
    assert told(of, "b") == [1, "b", 0]
    assert told(of, "a", more=2) == [1, "a", 2]
    assert made == [(1, "a"), (1, "b"), (1, "a")]


def test_equal_periods_are_the_same_question_and_equal_frames_are_not() -> None:
    of, frame = Held(1), pd.DataFrame({"a": [1]})
    assert told(of, parse_quarter("2024-25 Q2")) is told(of, parse_quarter("2024-25 Q2"))
    assert told(of, frame) is told(of, frame)
    assert told(of, frame) is not told(of, frame.copy())


def test_a_frame_that_is_gone_is_not_taken_for_the_next_one() -> None:
    of = Held(1)
    assert [size(of, pd.DataFrame({"a": range(rows)})) for rows in range(50)] == list(range(50))


def test_a_changed_copy_knows_no_answer_of_its_original() -> None:
    of = Held(1)
    told(of, "a")
    assert told(replace(of, number=2), "a") == [2, "a", 0]
    assert of == Held(1)


def test_a_book_judges_and_tells_each_thing_once(book: Book) -> None:
    measures = rated(book).measures
    assert rated(book).measures is measures
    assert reliance.quality(book, measures) is reliance.quality(book, measures)
    assert evidenced.evidence(book, measures) is evidenced.evidence(book, measures)
    earlier = book.quarter.shift(-1)
    assert evidenced.as_reported(book, earlier) is evidenced.as_reported(book, earlier)
    assert evidenced.as_reported(book, earlier).table("plans") is not book.table("plans")


@pytest.mark.parametrize("method", ["tolerance", "with-direction"])
@pytest.mark.parametrize("label", QUARTERS)
def test_states_told_alone_are_those_of_the_whole_rating(book: Book, label: str, method: str) -> None:
    then = evidenced.as_reported(book, parse_quarter(label))
    given = [then.table(name) for name in ("measures", "observations", "targets")]
    scheme = book.schemes.status.model_copy(update={"method": method})
    asked: Any = {"quarter": then.quarter, "as_at": then.as_at, "scheme": scheme}
    found = states(*given, **asked)
    assert_frame_equal(found, rate(*given, **asked).measures[["measure_id", "state"]])
    assert found["state"].nunique() > 2


def test_measures_of_no_unit_have_no_states(book: Book) -> None:
    given = [book.table(name) for name in ("measures", "observations", "targets")]
    found = states(
        given[0].head(0), *given[1:], quarter=book.quarter, as_at=book.as_at, scheme=book.schemes.status
    )
    assert list(found.columns) == ["measure_id", "state"]
    assert found.empty


def test_states_of_a_quarter_that_was_rated_are_not_told_again(book: Book) -> None:
    fresh = replace(book, recorded=set())
    quarter = book.quarter.shift(-1)
    alone = evidenced.states_in(fresh)(quarter)
    assert list(alone.columns) == ["measure_id", "state"]
    whole = evidenced.rated_in(fresh)(quarter)
    assert evidenced.states_in(fresh)(quarter) is whole
    assert_frame_equal(whole[["measure_id", "state"]], alone)


def test_text_of_records_is_kept_as_python_s_own(book: Book) -> None:
    kinds: list[Any] = [kind for kind in book.table("measures").dtypes if kind == "str"]
    assert {kind.storage for kind in kinds} == {"python"}
