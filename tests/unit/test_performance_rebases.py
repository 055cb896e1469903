"""Where control charts begin anew: which decisions hold on the values, and what is said of the others."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pmf_lib import periods
from pmf_lib.performance.rate import Rated, rate
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.series import series
from pmf_lib.performance.spc import rebases
from pmf_lib.workbook.book import schemes

QUARTER, AS_AT = periods.parse("2024-25 Q2"), date(2024, 11, 15)
MONTHS = [periods.parse("2022-10", "month").shift(at).label for at in range(24)]
MEASURES = pd.DataFrame(
    [
        {"measure_id": "calls", "frequency": "monthly", "polarity": "higher", "unit": "number"},
        {"measure_id": "days", "frequency": "monthly", "polarity": "lower", "accumulation": "rolling"},
        {"measure_id": "new", "frequency": "monthly", "polarity": "higher"},
    ]
)


@pytest.fixture(scope="module")
def scheme() -> StatusScheme:
    return schemes().status


def observations(skipped: tuple[str, ...] = ()) -> pd.DataFrame:
    """Values about 50, then about 80 from October 2023 on."""
    rows = [
        {"measure_id": name, "period": month, "value": (50.0 if at < 12 else 80.0) + at % 3}
        for name in ("calls", "days")
        for at, month in enumerate(MONTHS)
        if month not in skipped
    ]
    ends = {month: pd.Timestamp(periods.parse(month).end) for month in MONTHS}
    return pd.DataFrame([{**row, "recorded_at": ends[row["period"]] + pd.Timedelta(days=5)} for row in rows])


def rated(scheme: StatusScheme, decided: list[tuple[str, str, str]], **skipped: tuple[str, ...]) -> Rated:
    rebase = pd.DataFrame(decided, columns=["measure_id", "period", "decision"])
    given = MEASURES, observations(**skipped), pd.DataFrame()
    return rate(*given, quarter=QUARTER, as_at=AS_AT, scheme=scheme, rebase=rebase)


def told(measure: str, period: str) -> tuple[str, str, str]:
    from pmf_lib.performance.frames import complete

    known = series(observations(), complete(MEASURES, "measures"), AS_AT)
    asked = pd.DataFrame([{"measure_id": measure, "period": period}])
    row = rebases.judged(asked, complete(MEASURES, "measures"), known, least=8).iloc[0]
    return row["problem"], row["says"], row["mend"]


@pytest.mark.parametrize(
    ("measure", "period", "problem", "says"),
    [
        ("calls", "2022-11", "", ""),
        ("calls", "2024-02", "", ""),
        ("calls", "2024-03", "waits", "7 values are known from March 2024 on, and limits need 8"),
        ("calls", "2024-09", "waits", "One value is known from September 2024 on"),
        ("calls", "2025-01", "waits", "No value is known from January 2025 on"),
        ("new", "2024-01", "waits", "No value is known from January 2024 on"),
        ("calls", "2022-10", "nothing before", "No value lies before October 2022"),
        ("calls", "2020-01", "nothing before", "the first is of October 2022"),
        (
            "calls",
            "2024-25 Q1",
            "period",
            "The measure is monthly, and '2024-25 Q1' is not a period. Write the month as",
        ),
        ("call", "2024-01", "measure", "'call' is not a known measure. Did you mean 'calls'?"),
        ("days", "2023-10", "no chart", "It has no control chart that could begin anew. Overlapping windows"),
    ],
)
def test_a_decision_holds_or_says_why_it_does_not(measure: str, period: str, problem: str, says: str) -> None:
    found = told(measure, period)
    assert found[0] == problem
    assert says in found[1]
    assert bool(found[2]) is bool(problem)


def test_limits_begin_anew_where_it_was_decided_and_nowhere_else(scheme: StatusScheme) -> None:
    without, decided = rated(scheme, []), rated(scheme, [("calls", "2023-10", "Board: new telephones")])
    assert without.measures.set_index("measure_id").loc["calls", "variation"] == "improving_high"
    assert decided.measures.set_index("measure_id").loc["calls", ["variation", "n_points"]].tolist() == [
        "no_real_change",
        12,
    ]
    named = decided.points[decided.points["decision"] != ""]
    assert named[["measure_id", "period", "decision"]].to_numpy().tolist() == [
        ["calls", "2023-10", "Board: new telephones"]
    ]
    assert (without.points["decision"] == "").all()


def test_the_words_stand_at_the_first_value_known_of_the_segment(scheme: StatusScheme) -> None:
    decided = [("calls", "2023-09", "One"), ("calls", "2023-10", "Two")]
    points = rated(scheme, decided, skipped=("2023-09", "2023-10")).points
    named = points[points["decision"] != ""]
    assert named[["period", "decision"]].to_numpy().tolist() == [["2023-11", "One; Two"]]


def test_a_decision_of_no_measure_here_changes_nothing(scheme: StatusScheme) -> None:
    pd.testing.assert_frame_equal(rated(scheme, [("other", "2023-10", "x")]).points, rated(scheme, []).points)
