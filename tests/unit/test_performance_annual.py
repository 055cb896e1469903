"""Is the change between two annual figures real? The published examples of the method, and its formula by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.performance.annual import real_change
from pmf_lib.performance.benchmark import BenchmarkOptions, wilson

Z = 1.959963984540054
PUBLISHED = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0)),
]
"""Cases over denominators now and then, and the interval of the difference (method 10 of the paper, 95 %)."""


def figures(above, below):
    return pd.DataFrame(
        {"value": [half_up(100 * above / below)], "numerator": [float(above)], "denominator": [float(below)]}
    )


def half_up(value):
    return math.floor(value * 10 + 0.5) / 10


def changed(now, then):
    return real_change(pd.DataFrame({"unit": ["%"], "decimals": [1]}), figures(*now), figures(*then)).item()


def interval(now, then):
    """Of the difference of two shares, by hand."""
    (low, share, high), (low_then, share_then, high_then) = by_wilson(*now), by_wilson(*then)
    apart = share - share_then
    down = math.hypot(share - low, high_then - share_then)
    up = math.hypot(high - share, share_then - low_then)
    return apart - down, apart + up


def by_wilson(above, below):
    share, more = above / below, Z**2 / below
    reach = Z * math.sqrt(share * (1 - share) / below + more / (4 * below))
    return (share + more / 2 - reach) / (1 + more), share, (share + more / 2 + reach) / (1 + more)


@pytest.mark.parametrize(("now", "then", "expected"), PUBLISHED)
def test_a_change_is_real_where_the_published_interval_does_not_hold_nought(now, then, expected):
    assert interval(now, then) == pytest.approx(expected, abs=0.00006)
    is_real = not expected[0] <= 0 <= expected[1]
    assert changed(now, then) == changed(then, now) == float(is_real)


shares = st.integers(1, 400).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))


@settings(max_examples=100, deadline=None)
@given(shares, shares)
def test_any_two_shares_are_told_apart_as_by_hand(now, then):
    low, high = interval(now, then)
    if min(abs(low), abs(high)) > 1e-9:
        assert changed(now, then) == float(low > 0 or high < 0)
    mine = wilson(np.array([float(now[0])]), np.array([float(now[1])]))
    assert [limit.item() for limit in mine] == pytest.approx(
        [by_wilson(*now)[0], by_wilson(*now)[2]], abs=1e-9
    )


@pytest.mark.parametrize(
    "odd", [{"numerator": np.nan}, {"denominator": 0.0}, {"numerator": 12.5}, {"value": 99.0}]
)
def test_what_does_not_hold_together_is_not_told(odd):
    now = figures(56, 70).assign(**odd)
    found = real_change(pd.DataFrame({"unit": ["%"], "decimals": [1]}), now, figures(48, 80))
    assert np.isnan(found).all()


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_the_same_counts_are_told_alike_however_their_shares_are_rounded(decimals):
    rows = pd.DataFrame({"unit": ["%"], "decimals": [decimals]})
    now, then = (
        pd.DataFrame(
            {"value": [round(100 * above / 20_000, decimals)], "numerator": above, "denominator": 20_000.0}
        )
        for above in (105.0, 80.0)
    )
    assert [figure["value"].item() for figure in (now, then)] == [[1, 0], [0.5, 0.4], [0.53, 0.4]][decimals]
    assert real_change(rows, now, then).item() == 0.0
    assert real_change(rows, now, then.assign(numerator=0.0, value=0.0)).item() == 1.0


def test_which_counts_are_of_occasions_is_for_the_scheme_to_say():
    rows = pd.DataFrame({"unit": ["%"], "decimals": [1], "denominator_name": "Dances of the year"})
    given_ = rows, figures(56, 70), figures(40, 80)
    assert real_change(*given_).item() == 1.0
    assert np.isnan(real_change(*given_, BenchmarkOptions(occasions=("dances",)))).all()
