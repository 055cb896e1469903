"""Periods as values: every label reads back, and what is no period is refused in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmf_lib import periods
from pmf_lib.errors import ParameterError

KINDS = sorted(set(periods.FREQUENCIES.values()) - {"window"})
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@given(day=DAYS, kind=st.sampled_from(KINDS))
def test_a_period_survives_the_round_trip_through_its_label(day: date, kind: str) -> None:
    period = periods.containing(kind, day)
    assert period.start <= day <= period.end
    assert periods.parse(period.label, kind) == period


@given(day=DAYS, kind=st.sampled_from(KINDS), steps=st.integers(-40, 40))
def test_steps_lead_back_and_periods_follow_each_other(day: date, kind: str, steps: int) -> None:
    period = periods.containing(kind, day)
    assert period.shift(steps).shift(-steps) == period
    assert (period.shift(1).start - period.end).days == 1
    assert period.shift(steps).ordinal - period.ordinal == steps


@given(day=DAYS)
def test_four_quarters_make_a_financial_year(day: date) -> None:
    quarter = periods.containing("quarter", day)
    year = quarter.financial_year
    inside = [period for n in range(-3, 4) if (period := quarter.shift(n)).financial_year == year]
    assert (inside[0].start, inside[-1].end, len(inside)) == (year.start, year.end, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2024-25 Q5",
        "2024-25Q1",
        "2025-27 Q1",
        "2024/25 Q1",
        "24-25 Q1",
        "",
        "2024-25 q1",
        "0000",
        "9999-00 Q4",
    ],
)
def test_what_is_no_quarter_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ParameterError, match="for example '2025-26 Q1'"):
        periods.parse_quarter(text)


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-26", "2024/26", "2024-W60", "2024-04..2023-04", "0000", "later"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="is not a period"):
        periods.parse(text)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2024-25 Q4", "Quarter 4, January to March 2025"),
        ("2024-07", "July 2024"),
        ("2024-25", "April 2024 to March 2025"),
        ("2024/25", "September 2024 to August 2025"),
        ("2023/24 Summer", "Summer term, April to August 2024"),
        ("2024", "2024"),
        ("2021-04..2024-03", "April 2021 to March 2024"),
    ],
)
def test_periods_in_plain_english(label: str, words: str) -> None:
    assert periods.parse(label).words == words


def test_a_rolling_window_a_year_before_has_the_same_length() -> None:
    assert periods.parse("2021-04..2024-03").year_before.label == "2020-04..2023-03"
