"""Over a run of reports made equally long after their quarters, no period is passed over, and none is rated twice."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pmf_lib.performance.due import due_periods
from pmf_lib.performance.series import series
from pmf_lib.periods import FREQUENCIES, last_ended, parse, parse_quarter

FIRST, REPORTS = parse_quarter("2021-22 Q1"), 12
reports = st.integers(0, 150)
due_days = st.integers(0, 400)


def ended_by(kind, day, count):
    """The last `count` periods that ended by this day, oldest first."""
    last = last_ended(kind, day)
    return [last.shift(step + 1 - count) for step in range(count)]


def on_time(frequency, days):
    """The measure, and a value for each of its periods that comes on the day it falls due."""
    kind = FREQUENCIES[frequency]
    held = ended_by(kind, FIRST.shift(REPORTS - 1).end, {"month": 96, "quarter": 32, "year": 9}[kind])
    rows = {
        "measure_id": "a",
        "period": [period.label for period in held],
        "value": 1.0,
        "recorded_at": pd.to_datetime([period.end + timedelta(days=days) for period in held]),
        "state": "final",
    }
    measure = {"measure_id": "a", "frequency": frequency, "due_days": float(days), "unit": "number"}
    return pd.DataFrame([measure]), pd.DataFrame(rows)


def rated_in(frequency, days, lag):
    """For each report: quarter, as-at date, the period chosen, and whether it has a value."""
    measures, rows = on_time(frequency, days)
    for step in range(REPORTS):
        quarter = FIRST.shift(step)
        as_at = quarter.end + timedelta(days=lag)
        known = series(rows, measures, as_at)
        known = known[known["end"] <= pd.Timestamp(quarter.end)]
        label = due_periods(measures, known, quarter, as_at)["period"].item()
        yield quarter, as_at, label, label in set(known["period"])


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@example("quarterly", 46, 46)
@example("quarterly", 136, 46)
@example("quarterly", 137, 46)
@example("quarterly", 138, 46)
@example("annual", 46, 46)
@given(st.sampled_from(["quarterly", "annual"]), due_days, reports)
def test_each_period_is_rated_in_exactly_one_quarter_s_report(frequency, days, lag):
    found = [label for _, _, label, has_value in rated_in(frequency, days, lag) if has_value]
    kind = FREQUENCIES[frequency]
    labels = [parse(label, kind) for label in found]
    assert len(set(found)) == len(found)
    assert [period.label for period in labels] == [labels[0].shift(n).label for n in range(len(labels))]
    assert len(found) == (REPORTS if kind == "quarter" else REPORTS // 4)


@settings(max_examples=5, deadline=None)
@example(30, 46)
@example(60, 46)
@given(due_days, reports)
def test_a_monthly_measure_shows_the_last_month_that_is_due(days, lag):
    for quarter, as_at, label, has_value in rated_in("monthly", days, lag):
        past = [m for m in ended_by("month", quarter.end, 24) if m.end + timedelta(days=days) <= as_at]
        assert (label, has_value) == (past[-1].label, True)


@settings(max_examples=5, deadline=None)
@example("monthly", 46, 46)
@given(st.sampled_from(["monthly", "quarterly", "annual"]), due_days, reports)
def test_a_period_without_a_value_is_missed_in_some_report_once_it_is_past_due(frequency, days, lag):
    if (
        frequency == "quarterly"
    ):  # a quarter due on the very day of a later report is overtaken by the next quarter
        assume(days <= lag or (days - lag) % 365 not in (0, 90, 181, 273))
    measures, _ = on_time(frequency, days)
    none = series(pd.DataFrame(), measures, date(2030, 1, 1))
    late = set()
    for step in range(REPORTS):
        quarter = FIRST.shift(step)
        as_at = quarter.end + timedelta(days=lag)
        row = due_periods(measures, none, quarter, as_at).iloc[0]
        late |= {row["period"]} if row["due_on"] < pd.Timestamp(as_at) else set()
    wanted = {"month": REPORTS, "quarter": REPORTS, "year": REPORTS // 4}[FREQUENCIES[frequency]]
    assert len(late) == wanted
