"""Rounding and looking up many at once, the same as one at a time."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.numbers import half_up, half_up_each
from pmf_lib.performance.lookup import lookup

near_ties = st.builds(
    lambda whole, decimals, ulps: ((whole + 0.5) / 10**decimals * (1 + ulps * 2.0**-52), decimals),
    st.integers(-(10**7), 10**7),
    st.integers(0, 7),
    st.integers(-3, 3),
)
any_number = st.tuples(
    st.one_of(st.floats(), st.decimals(-1000, 1000, places=3).map(float)), st.integers(-3, 7)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(any_number, near_ties), min_size=1, max_size=30))
def test_rounding_many_is_rounding_each_to_the_last_bit(drawn):
    values, decimals = (np.array(column) for column in zip(*drawn, strict=True))
    one_by_one = [half_up(float(value), int(places)) for value, places in drawn]
    np.testing.assert_array_equal(half_up_each(values, decimals), one_by_one)
    known = ~np.isnan(values)
    signs = np.signbit(half_up_each(values, decimals))
    np.testing.assert_array_equal(signs[known], np.signbit(one_by_one)[known])


keys = st.tuples(st.sampled_from("abcd"), st.integers(-3, 6))


@settings(max_examples=100, deadline=None)
@given(st.lists(keys, max_size=30), st.lists(keys, min_size=1, max_size=10))
def test_a_look_up_finds_the_last_row_of_each_measure_and_period_in_any_order(rows, asked):
    frame = pd.DataFrame(rows, columns=["measure_id", "ordinal"]).astype(
        {"measure_id": "str", "ordinal": "int64"}
    )
    wanted = pd.DataFrame(asked, columns=["measure_id", "ordinal"]).astype({"ordinal": float})
    last = {key: place for place, key in enumerate(rows)}
    found = lookup(frame).places(wanted["measure_id"], wanted["ordinal"])
    assert found.tolist() == [last.get(key, -1) for key in asked]


def test_a_look_up_of_no_period_finds_nothing():
    held = lookup(pd.DataFrame({"measure_id": ["a"], "ordinal": [0], "value": [1.0]}))
    at = held.places(pd.Series(["a", "a"]), pd.Series([np.nan, 1e18]))
    assert at.tolist() == [-1, -1]
    assert np.isnan(held.numbers("value", at)).all()
