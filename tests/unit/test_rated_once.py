"""A unit's measures are rated once for each quarter, whatever asks for them, and whoever opens the unit's book."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib.periods import parse_date, parse_quarter
from pmf_lib.workbook import evidenced, results
from pmf_lib.workbook.book import Book

CHILDRENS: Any = SimpleNamespace(id="childrens", name="Children's Services")


def council_book() -> Book:
    nothing: Any = None
    return Book(
        *(nothing, {}, nothing, nothing),
        quarter=parse_quarter("2024-25 Q2"),
        as_at=parse_date("2024-11-15"),
        unit=None,
        snapshot=nothing,
        schemes=nothing,
    )


def test_each_quarter_is_rated_once_though_the_unit_s_book_is_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rated: list[str] = []

    def rate(book: Book) -> Any:
        rated.append(f"{book.quarter.label} {book.as_at}")
        return SimpleNamespace(measures=pd.DataFrame({"quarter": [book.quarter.label]}))

    monkeypatch.setattr(evidenced, "rated", rate)
    council = council_book()
    for _ in range(2):
        assert results._rated(council.of(CHILDRENS))["quarter"].tolist() == ["2024-25 Q2"]
        before = evidenced.rated_in(council.of(CHILDRENS))(council.quarter.shift(-1))
        assert before["quarter"].tolist() == ["2024-25 Q1"]
    assert rated == ["2024-25 Q2 2024-11-15", "2024-25 Q1 2024-08-15"]
