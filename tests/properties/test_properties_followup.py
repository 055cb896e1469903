"""Whatever the quarters bring, no recommendation is lost, none is counted twice, and none is closed that was not met."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pmf_lib import framework as frameworks
from pmf_lib.assurance.followup import chain, ids
from pmf_lib.assurance.followup.chain import STATES, UNSETTLED, Asked, followed
from pmf_lib.periods import parse_quarter

UNITS = {"x": "Unit X", "council": "Whole council"}
RESULTS = ("met", "met", "partly", "not_met", "no_evidence", "varied", "")
"""What a test may find; the last: the clause is not asked in that quarter."""
CLAUSES = [f"c{number}" for number in range(150)]
REPORTS = 8
SEEDS = range(3)


@dataclass(frozen=True)
class Report:
    """One report: its quarter (from 0), what was found of each clause and unit, and the list that it kept."""

    quarter: int
    results: pd.DataFrame
    rows: pd.DataFrame

    @property
    def failing(self) -> set[str]:
        return set(self.results.loc[self.results["result"].isin(["partly", "not_met"]), "id"])


def label(quarter: int) -> str:
    return parse_quarter("2024-25 Q1").shift(quarter).label


def results(draw: np.random.Generator, quarter: int) -> pd.DataFrame:
    """What a report finds of each of three hundred clauses and units, with what it would ask."""
    named = [(f"{clause}/{unit}", clause, unit) for clause in CLAUSES for unit in UNITS]
    rows = pd.DataFrame(named, columns=["id", "clause", "unit_id"], dtype="str")
    day = pd.Timestamp("2024-10-20") + pd.DateOffset(months=3 * quarter)
    rows = rows.assign(
        result=draw.choice(RESULTS, len(rows)),
        unit=rows["unit_id"].map(UNITS),
        what="What",
        why="Why",
        owner="Post",
        by=day,
    )
    return rows[rows["result"] != ""].reset_index(drop=True)


def made(last: pd.DataFrame, before: str, quarter: int, found: pd.DataFrame) -> pd.DataFrame:
    as_at = (pd.Timestamp("2024-08-15") + pd.DateOffset(months=3 * quarter)).date()
    raised = found[found["result"].isin(["partly", "not_met"])]
    return followed(
        last,
        raised,
        found[["id", "result", "why"]],
        Asked(label(quarter), before, as_at, UNITS, UNITS, CLAUSES),
    )


@cache
def told(seed: int) -> tuple[Report, ...]:
    """Reports one after the other: some quarters are skipped, and some issued again."""
    draw = np.random.default_rng(seed)
    quarters, reports = np.cumsum(draw.choice([0, 1, 1, 2], REPORTS)), []
    last, before = chain.nothing(), ""
    for quarter in map(int, quarters):
        found = results(draw, quarter)
        last, before = made(last, before, quarter, found), label(quarter)
        reports.append(Report(quarter, found, last))
    return tuple(reports)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_recommendation_is_ever_lost_and_each_stands_on_a_list_once(seed: int) -> None:
    before: set[str] = set()
    for report in told(seed):
        assert report.rows["id"].is_unique
        assert before <= set(report.rows["id"])
        assert set(report.rows["state"]) <= set(STATES)
        before = set(report.rows["id"])
    assert len(before) > 200


@pytest.mark.parametrize("seed", SEEDS)
def test_what_fails_now_is_raised_and_nothing_else_is(seed: int) -> None:
    for report in told(seed):
        rows = report.rows
        assert set(rows.loc[rows["state"].isin(UNSETTLED), "id"]) == report.failing


@pytest.mark.parametrize("seed", SEEDS)
def test_it_counts_in_each_quarter_once_however_often_the_quarter_is_issued(seed: int) -> None:
    raised = {(report.quarter, one) for report in told(seed) for one in report.failing}
    counts = pd.Series([one for _, one in raised], dtype="str").value_counts()
    assert told(seed)[-1].rows.set_index("id")["raised_n"].to_dict() == counts.to_dict()


@pytest.mark.parametrize("seed", SEEDS)
def test_none_is_closed_that_was_not_met_in_the_quarter_in_which_it_is_said_to_be_closed(seed: int) -> None:
    for at, report in enumerate(told(seed)):
        met = {
            (label(one.quarter), name)
            for one in told(seed)[: at + 1]
            for name in one.results.loc[one.results["result"] == "met", "id"]
        }
        closed = report.rows[report.rows["state"] == "closed"]
        assert set(zip(closed["closed_in"], closed["id"], strict=True)) <= met
    assert not closed.empty


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_closed_and_fails_in_a_later_quarter_has_come_back(seed: int) -> None:
    seen = 0
    for before, now in zip(told(seed), told(seed)[1:], strict=False):
        closed = set(before.rows.loc[before.rows["state"] == "closed", "id"]) & now.failing
        if before.quarter != now.quarter:
            states = now.rows.set_index("id").loc[sorted(closed), "state"]
            assert (states == "reopened").all()
            seen += len(states)
    assert seen > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_report_issued_again_gives_the_same_list(seed: int) -> None:
    last = told(seed)[-1]
    again = made(last.rows, label(last.quarter), last.quarter, last.results)
    assert_frame_equal(
        again.sort_values("id", ignore_index=True), last.rows.sort_values("id", ignore_index=True)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_never_matters(seed: int) -> None:
    before, now = told(seed)[-2:]
    mixed = [frame.sample(frac=1, random_state=seed) for frame in (before.rows, now.results)]
    again = made(mixed[0], label(before.quarter), now.quarter, mixed[1])
    assert_frame_equal(
        again.sort_values("id", ignore_index=True), now.rows.sort_values("id", ignore_index=True)
    )


@pytest.mark.parametrize("framework", ["pmf-2022-25", "wpf-2009"])
def test_no_two_recommendations_of_a_framework_share_an_id(framework: str) -> None:
    clauses = [clause.id for clause in frameworks.load(framework).clauses]
    units = ["council", *(f"unit-{n}" for n in range(20))]
    named = [ids.recommendation_id("sample", framework, clause, unit) for clause in clauses for unit in units]
    assert len(set(named)) == len(named)
    assert all(ids.as_written(f" {one.lower()} ") == one for one in named)


def test_an_id_is_of_council_framework_clause_and_unit_and_each_of_them_matters() -> None:
    of = ("sample", "pmf-2022-25", "targets-set", "childrens")
    others = [tuple("other" if at == place else one for at, one in enumerate(of)) for place in range(4)]
    assert ids.recommendation_id(*of) == "R-YTK1XEM"
    assert "R-YTK1XEM" not in [ids.recommendation_id(*other) for other in others]
