"""Control charts against a chart worked out by hand, and what holds of every rule whatever the figures are."""

from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from spc_by_hand import Asked, charted

from pmf_lib.performance.capability import capability
from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions

LINES = ["mean", "lpl", "upl", "lower_near", "upper_near"]
SAID = [
    "segment",
    "side",
    "trend_direction",
    "outside",
    "trend",
    "two_in_three",
    "shift",
    "point_type",
    "fired",
]
MIRROR = {"higher": "lower", "lower": "higher", "none": "none", "range": "range"}

usual = settings(max_examples=120, deadline=None)
some = settings(max_examples=40, deadline=None)
asked = st.builds(
    Asked,
    screen=st.booleans(),
    two_in_three=st.sampled_from(["mdc-2023", "nhsr-0.2.2"]),
    shift_n=st.sampled_from([6, 7]),
    trend_n=st.sampled_from([6, 7]),
    refuse_below=st.sampled_from([2, 8]),
    fix_after_n=st.sampled_from([None, None, 12, 20]),
)
flat = st.lists(st.integers(0, 6), max_size=34)
runs = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([-2, -1, 0, 1, 2, 9])), max_size=7).map(
    lambda steps: list(np.cumsum([size for n, size in steps for _ in range(n)]).tolist())[:34]
)
"""Values that fall, rise and rest for a while: trends and shifts that chance would hardly draw."""


@st.composite
def series(draw):
    """Values (some missing), the running numbers of their periods (with gaps), and rebases."""
    values = draw(st.one_of(flat, runs))
    gone = draw(st.sets(st.integers(0, 33), max_size=4))
    steps = draw(
        st.lists(st.sampled_from([1, 1, 1, 1, 1, 1, 2, 3]), min_size=len(values), max_size=len(values))
    )
    held = [None if at in gone else value for at, value in enumerate(values)]
    rebases = draw(st.lists(st.integers(-2, 50), max_size=2))
    return held, [int(when) for when in np.cumsum(steps)], rebases


def frame(values, whens, name="a", scale=1):
    rows = [np.nan if value is None else value / scale for value in values]
    return pd.DataFrame({"measure_id": name, "ordinal": np.array(whens, dtype=np.int64), "value": rows})


def begun(rebases, name="a"):
    return pd.DataFrame({"measure_id": name, "ordinal": rebases}, dtype=None if rebases else object)


def options(chosen):
    return XmrOptions(**asdict(chosen))


def assert_as_by_hand(points, rows):
    expected = pd.DataFrame(rows, columns=[*SAID, *LINES])
    for name in LINES:
        theirs = np.array([np.nan if value is None else float(value) for value in expected[name]])
        np.testing.assert_allclose(points[name], theirs, rtol=1e-9, atol=1e-9)
    assert points[SAID].to_dict("list") == expected[SAID].to_dict("list")


@usual
@given(series(), asked, st.sampled_from([1, 10, 3]))
def test_limits_and_every_rule_are_those_worked_out_by_hand(drawn, chosen, scale):
    values, whens, rebases = drawn
    found = xmr(frame(values, whens, scale=scale), options=options(chosen), rebase=begun(rebases))
    exact = [None if value is None else Fraction(value, scale) for value in values]
    assert_as_by_hand(found.points, charted(exact, whens, rebases, chosen))


@some
@given(st.lists(series(), min_size=2, max_size=4), asked, st.randoms(use_true_random=False))
def test_many_series_at_once_in_any_order_are_each_as_by_hand(drawn, chosen, random):
    parts = [frame(values, whens, f"m{number}") for number, (values, whens, _) in enumerate(drawn)]
    rebase = pd.concat(
        [begun([*rebases, 60], f"m{number}") for number, (*_, rebases) in enumerate(drawn)]
    ).astype({"ordinal": int})
    rows = pd.concat(parts, ignore_index=True)
    mixed = rows.iloc[random.sample(range(len(rows)), len(rows))]
    points = xmr(mixed, options=options(chosen), rebase=rebase).points
    for number, (values, whens, rebases) in enumerate(drawn):
        own = points[points["measure_id"] == f"m{number}"].reset_index(drop=True)
        assert_as_by_hand(own, charted(values, whens, rebases, chosen))


@some
@given(series(), asked, st.sampled_from(list(MIRROR)))
def test_mirrored_values_and_polarity_mirror_every_rule(drawn, chosen, polarity):
    values, whens, rebases = drawn
    mirrored = [None if value is None else -value for value in values]
    here, there = (
        xmr(
            frame(held, whens), options=options(chosen), rebase=begun(rebases), polarity=pd.Series({"a": way})
        )
        for held, way in ((values, polarity), (mirrored, MIRROR[polarity]))
    )
    same = ["outside", "trend", "two_in_three", "shift", "point_type", "fired", "improvement"]
    pd.testing.assert_frame_equal(here.points[same], there.points[same])
    assert here.points["side"].tolist() == (-there.points["side"]).tolist()
    assert here.points["trend_direction"].tolist() == (-there.points["trend_direction"]).tolist()


@some
@given(series(), asked, st.integers(-40, 40), st.sampled_from([0.5, 2, 1024]))
def test_another_origin_or_unit_changes_no_rule(drawn, chosen, origin, unit):
    values, whens, rebases = drawn
    moved = [None if value is None else value * unit + origin for value in values]
    here, there = (
        xmr(frame(held, whens), options=options(chosen), rebase=begun(rebases)).points
        for held in (values, moved)
    )
    assert here[SAID].to_dict("list") == there[SAID].to_dict("list")
    np.testing.assert_allclose(there["upl"] - there["lpl"], (here["upl"] - here["lpl"]) * unit, atol=1e-9)


@some
@given(st.lists(st.integers(0, 6), min_size=12, max_size=24), st.sampled_from([-1, 1]), asked)
def test_a_far_point_fires_at_itself_and_changes_only_the_runs_that_reach_it(values, way, chosen):
    fixed = XmrOptions(**asdict(chosen) | {"fix_after_n": len(values)})
    whens = [*range(len(values) + 1)]
    before = xmr(frame(values, whens[:-1]), options=fixed).points
    after = xmr(frame([*values, way * 1000], whens), options=fixed).points
    if len(set(values)) == 1:
        assert (before["point_type"] == "common_cause").all()
        return
    assert after["point_type"].iloc[-1] == "outside"
    assert after["side"].iloc[-1] == way
    pd.testing.assert_frame_equal(after.iloc[:-1][LINES], before[LINES])
    assert after["outside"].iloc[:-1].tolist() == before["outside"].tolist()
    for rule, reach in (("trend", chosen.trend_n), ("shift", chosen.shift_n), ("two_in_three", 3)):
        untouched = len(values) + 1 - reach
        assert after[rule].iloc[:untouched].tolist() == before[rule].iloc[:untouched].tolist()
        assert (after[rule].iloc[:-1] >= before[rule]).all()


@some
@given(series(), asked)
def test_a_point_that_is_named_fired_that_rule_and_improves_or_worsens_by_its_way(drawn, chosen):
    values, whens, rebases = drawn
    rebase = begun(rebases)
    higher, lower, neither = (
        xmr(
            frame(values, whens), options=options(chosen), rebase=rebase, polarity=pd.Series({"a": way})
        ).points
        for way in ("higher", "lower", "none")
    )
    special = ~higher["point_type"].isin(["", "common_cause"])
    assert ((higher["improvement"] != "") == special).all()
    swapped = higher["improvement"].replace({"improving": "worsening", "worsening": "improving"})
    assert swapped.tolist() == lower["improvement"].tolist()
    assert set(neither["improvement"][special]) <= {"neutral"}


bounds = st.one_of(st.none(), st.integers(-5, 15))


@usual
@given(
    st.integers(0, 10), st.integers(0, 10), st.sampled_from(list(MIRROR)), st.tuples(bounds, bounds, bounds)
)
def test_a_target_can_be_met_where_every_value_within_the_limits_meets_it(low, reach, polarity, aims):
    target, lower, upper = (np.nan if aim is None else float(aim) for aim in aims)
    limits = {"lpl": float(low), "upl": float(low + reach), "mean": low + reach / 2, "limits": "final"}
    about = {"constant": reach == 0, "refused": "", "basis": "in-period", "unit": "", "decimals": 0}
    aim = {"target": target, "lower": lower, "upper": upper, "polarity": polarity}
    said = {"variation": "no_real_change", "variation_why": "", "kind": "month"}
    found = capability(pd.DataFrame([limits | about | aim | said]))["capability"].item()
    bottom, top = {"higher": (target, np.nan), "lower": (np.nan, target), "range": (lower, upper)}.get(
        polarity, (np.nan, np.nan)
    )
    if np.isnan(bottom) and np.isnan(top):
        assert found == "not_tested"
        return
    steps = [low + half / 2 for half in range(2 * reach + 1)]
    on = [value in (bottom, top) and reach > 0 for value in (steps[0], steps[-1])]
    met = [not (value < bottom or value > top) for value in steps]
    expected = "hit_and_miss"
    if all(met) and not any(on):
        expected = "consistently_meets"
    elif not any(met):
        expected = "not_expected"
    if bottom <= top or np.isnan(bottom) or np.isnan(top):
        assert found == expected
