"""What an earlier quarter's report could know: only tables that had come by then, and decisions that had been taken."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pmf_lib.decisions import Measures
from pmf_lib.decisions.about_measures import Kept, Rebase
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import RECORDED, TABLES
from pmf_lib.workbook import evidenced
from pmf_lib.workbook.book import Book

NOVEMBER = date(2024, 11, 15)


def recorded(name: str, *days: str) -> pd.DataFrame:
    """Rows of a table of arrangements, of which nothing is known but when they were recorded."""
    frame = pd.DataFrame(columns=list(TABLES[name].columns), index=range(len(days)))
    return frame.assign(**{RECORDED: pd.to_datetime(list(days)).astype("datetime64[us]")})


def book(decided: Measures | None = None, delivered: str = "", **tables: pd.DataFrame) -> Any:
    """A book as at 15 November 2024 of these tables, all of which were sent (`delivered`: by returns of these days)."""
    days = delivered.split() or [""]
    rows = [(name, day) for name in ("measures", *tables) for day in days]
    reads = pd.DataFrame(rows, columns=["table", "delivered"]).assign(is_sent=True)
    nothing: Any = None
    return Book(
        sidecar=nothing, parameters={}, council=nothing, framework=nothing, quarter=parse_quarter("2024-25 Q2"),
        as_at=NOVEMBER, unit=None, schemes=nothing, decided=decided or Measures(),
        snapshot=SimpleNamespace(table={"reads": reads, **tables}.__getitem__),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_table_whose_first_row_came_later_had_not_been_sent_by_then() -> None:
    now = book(plans=recorded("plans", "2024-11-01"), risks=recorded("risks", "2024-08-01", "2024-11-01"))
    then = evidenced.as_reported(now, parse_quarter("2024-25 Q1"))
    assert evidenced.sent(now) == {"measures", "plans", "risks"}
    assert evidenced.sent(then) == {"measures", "risks"}


def test_a_table_that_was_sent_without_a_row_counts_as_sent() -> None:
    assert evidenced.sent(book(plans=recorded("plans"))) == {"measures", "plans"}


def test_a_table_without_a_row_says_nothing_of_when_it_came_so_no_earlier_quarter_had_it() -> None:
    now = book(plans=recorded("plans"))
    then, before = (
        evidenced.as_reported(now, parse_quarter(label)) for label in ("2024-25 Q1", "2023-24 Q4")
    )
    assert evidenced.sent(then) == evidenced.sent(before) == {"measures"}
    assert evidenced.sent(evidenced.as_reported(then, parse_quarter("2024-25 Q1"))) == {"measures"}
    assert evidenced.sent(evidenced.as_reported(now, now.quarter)) == {"measures", "plans"}


def test_a_table_without_a_row_that_a_return_brought_had_come_on_the_day_of_the_first_return() -> None:
    now = book(plans=recorded("plans"), delivered="2024-11-01 2024-08-01")
    asked = {
        label: evidenced.as_reported(now, parse_quarter(label)) for label in ("2024-25 Q1", "2023-24 Q4")
    }
    assert evidenced.sent(now) == evidenced.sent(asked["2024-25 Q1"]) == {"measures", "plans"}
    assert evidenced.sent(asked["2023-24 Q4"]) == {"measures"}


def test_a_decision_that_was_taken_later_tells_nothing_of_an_earlier_quarter() -> None:
    made = [
        Kept(
            f"{day}.yml",
            Rebase(measure="bins", period=period, why="x", by="Board", dated=date.fromisoformat(day)),
        )
        for day, period in (("2024-08-01", "2023-04"), ("2024-11-10", "2024-04"))
    ]
    now = book(Measures(tuple(made)))
    then = evidenced.as_reported(now, parse_quarter("2024-25 Q1"))
    assert [one.period for _, one in now.decided.rebases] == ["2023-04", "2024-04"]
    assert [one.period for _, one in then.decided.rebases] == ["2023-04"]
