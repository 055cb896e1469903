"""The rules on plain arrays: nothing crosses from one segment into the next."""

import numpy as np
import pytest

from pmf_lib.performance.spc import rules

ONES = np.ones(12, dtype=np.int64)
RISING = np.arange(12, dtype=float)


def started(*places):
    start = np.zeros(12, dtype=bool)
    start[[0, *places]] = True
    return start


@pytest.mark.parametrize(("places", "fires"), [((), True), ((6,), False), ((4, 8), False)])
def test_a_run_or_a_trend_ends_with_its_segment(places, fires):
    assert rules.shift_trigger(ONES, 7, started(*places)).any() == fires
    assert rules.trend_trigger(RISING, 7, started(*places)).any() == fires


@pytest.mark.parametrize(("place", "fires"), [(5, True), (6, False), (7, False), (8, True)])
def test_two_in_three_looks_at_three_points_of_one_segment(place, fires):
    close = np.isin(np.arange(12), [5, 6, 7])
    side = np.where(close, 1, 0)
    expected = close if fires else np.zeros(12, dtype=bool)
    np.testing.assert_array_equal(rules.two_in_three(close, side, started(place)), expected)


def test_a_trigger_is_not_spread_over_the_next_segment_or_the_one_before():
    trigger = np.array([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    assert np.flatnonzero(rules.backfill(trigger, 7, started(4))).tolist() == [4, 5, 6]
    assert np.flatnonzero(rules.backfill(trigger, 3, started(8))).tolist() == [4, 5, 6]


def test_where_two_trends_share_a_point_the_later_one_names_it():
    values = np.array([8.0, 7, 6, 5, 4, 3, 2, 3, 4, 5, 6, 7, 8])
    start = np.arange(13) == 0
    spread = rules.backfill(rules.trend_trigger(values, 7, start), 7, start)
    assert spread.tolist() == [-1] * 6 + [1] * 7


def test_no_points_give_no_answers():
    none, start = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    assert rules.backfill(rules.shift_trigger(none, 7, start), 7, start).size == 0
    assert rules.two_in_three(start, none, start).size == 0
