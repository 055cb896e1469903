"""What holds of the methods whatever the figures are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.numbers import half_up
from pmf_lib.performance.rate import rate
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import parse, parse_quarter

QUARTER, AS_AT = parse_quarter("2024-25 Q2"), date(2024, 11, 15)
RANK = {"met": 0, "near": 1, "missed": 2}
MIRROR = {"higher": "lower", "lower": "higher"}
MIRRORED = {
    "improving_high": "improving_low",
    "worsening_high": "worsening_low",
    "neither_high": "neither_low",
}
MIRRORED |= {low: high for high, low in MIRRORED.items()}
FLAGS = ["side", "trend_direction", "outside", "trend", "two_in_three", "shift", "point_type", "fired"]

quick = settings(max_examples=15, deadline=None)
slower = settings(max_examples=10, deadline=None)
tenths = st.integers(-2000, 2000).map(lambda number: number / 10)
value_lists = st.lists(st.integers(0, 40), min_size=1, max_size=30)
schemes = st.builds(
    lambda method, amount, kind: StatusScheme(
        version=1,
        dated=date(2024, 4, 1),
        source="test",
        method=method,
        tolerance={"amount": amount, "kind": kind},
    ),
    st.sampled_from(["tolerance", "with-direction"]),
    st.integers(0, 20),
    st.sampled_from(["amount", "per-cent"]),
)


def one_measure(polarity):
    given = {"measure_id": "a", "definition": "counted", "unit": "%", "decimals": 1.0}
    return given | {"polarity": polarity, "frequency": "quarterly"}


def seen(values, measure="a"):
    """Quarterly observations, the last one for the reporting quarter."""
    labels = [QUARTER.shift(step + 1 - len(values)).label for step in range(len(values))]
    frame = pd.DataFrame({"measure_id": measure, "period": labels, "value": [float(v) for v in values]})
    return frame.assign(recorded_at=pd.Timestamp("2024-10-10"), state="final")


def rated(measures, observations, targets, scheme):
    return rate(measures, observations, targets, quarter=QUARTER, as_at=AS_AT, scheme=scheme)


@slower
@given(
    st.lists(tenths, min_size=2, max_size=12, unique=True),
    tenths,
    tenths,
    st.sampled_from(["higher", "lower"]),
    schemes,
)
def test_a_better_value_never_gives_a_worse_status(values, target, year_before, polarity, scheme):
    values = sorted(values, reverse=polarity == "higher")
    names = [f"m{number}" for number in range(len(values))]
    measures = pd.DataFrame([one_measure(polarity) | {"measure_id": name} for name in names])
    rows = [seen([year_before, 0, 0, 0, value], name) for name, value in zip(names, values, strict=True)]
    targets = pd.DataFrame({"measure_id": names, "from_period": "2020-21", "target": target})
    found = rated(measures, pd.concat(rows), targets, scheme).measures["state"].map(RANK)
    assert found.is_monotonic_increasing


@slower
@given(
    st.lists(st.tuples(value_lists, tenths), min_size=1, max_size=4),
    st.sampled_from(["higher", "lower"]),
    schemes,
)
def test_mirrored_polarity_mirrors_the_result(drawn, polarity, scheme):
    def side(sign, way):
        names = [f"m{number}" for number in range(len(drawn))]
        measures = pd.DataFrame([one_measure(way) | {"measure_id": name} for name in names])
        targets = pd.DataFrame({"measure_id": names, "from_period": "2020-21"})
        targets["target"] = [sign * target for _, target in drawn]
        rows = [
            seen([sign * v for v in values], name) for name, (values, _) in zip(names, drawn, strict=True)
        ]
        return rated(measures, pd.concat(rows), targets, scheme).measures

    here, there = side(1, polarity), side(-1, MIRROR[polarity])
    same = ["state", "capability", "direction_short", "direction_long", "limits", "signals"]
    pd.testing.assert_frame_equal(here[same], there[same])
    assert here["variation"].replace(MIRRORED).tolist() == there["variation"].tolist()


@slower
@given(st.lists(value_lists, min_size=1, max_size=4), st.randoms(use_true_random=False), schemes)
def test_row_order_never_matters(lists, random, scheme):
    names = [f"m{number}" for number in range(len(lists))]
    measures = pd.DataFrame([one_measure("higher") | {"measure_id": name} for name in names])
    observations = pd.concat([seen(values, name) for name, values in zip(names, lists, strict=True)])
    targets = pd.DataFrame({"measure_id": names, "from_period": "2020-21", "target": 20.0})
    order = random.sample(range(len(observations)), len(observations))
    straight = rated(measures, observations, targets, scheme)
    shuffled = rated(measures, observations.iloc[order], targets.iloc[::-1], scheme)
    pd.testing.assert_frame_equal(straight.measures, shuffled.measures)
    pd.testing.assert_frame_equal(straight.points, shuffled.points)


def long_frame(lists):
    frames = [
        pd.DataFrame({"measure_id": name, "ordinal": range(len(values)), "value": np.array(values, float)})
        for name, values in enumerate(lists)
    ]
    return pd.concat(frames, ignore_index=True)


options = st.builds(
    XmrOptions,
    screen=st.booleans(),
    two_in_three=st.sampled_from(["mdc-2023", "nhsr-0.2.2"]),
    shift_n=st.sampled_from([6, 7]),
    trend_n=st.sampled_from([6, 7]),
    refuse_below=st.just(2),
)


@quick
@given(value_lists, value_lists, options)
def test_adding_one_series_never_changes_another(first, second, chosen):
    alone, both = xmr(long_frame([first]), options=chosen), xmr(long_frame([first, second]), options=chosen)
    pd.testing.assert_frame_equal(both.points[: len(first)], alone.points)
    pd.testing.assert_frame_equal(both.summary[:1], alone.summary)


@quick
@given(value_lists, st.sampled_from([0.1, 0.25, 3, 1000]), st.integers(-500, 500), options)
def test_scale_and_origin_change_no_flag(values, scale, origin, chosen):
    plain = xmr(long_frame([values]), options=chosen).points
    moved = xmr(long_frame([np.array(values) * scale + origin]), options=chosen).points
    pd.testing.assert_frame_equal(plain[FLAGS], moved[FLAGS])
    np.testing.assert_allclose(moved["mean"], plain["mean"] * scale + origin, rtol=1e-9, atol=1e-9)


@quick
@given(value_lists, st.sets(st.integers(0, 29), max_size=5), options)
def test_missing_rows_and_rows_without_a_value_give_the_same_chart(values, missing, chosen):
    frame = long_frame([values])
    gone = frame["ordinal"].isin(missing)
    empty = xmr(frame.assign(value=frame["value"].mask(gone)), options=chosen)
    absent = xmr(frame[~gone], options=chosen)
    held = empty.points[empty.points["value"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(held, absent.points)


@quick
@given(value_lists, options)
def test_limits_lie_around_the_mean_and_every_named_rule_fired(values, chosen):
    points = xmr(long_frame([values]), options=chosen).points
    drawn = points[points["mean"].notna()]
    assert (drawn["lpl"] <= drawn["lower_near"]).all()
    assert (drawn["upper_near"] <= drawn["upl"]).all()
    named = points[~points["point_type"].isin(["", "common_cause"])]
    assert all(
        kind in fired.split("; ") for kind, fired in zip(named["point_type"], named["fired"], strict=True)
    )


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_rounding_is_symmetrical_and_leaves_whole_numbers_alone(number, decimals):
    assert half_up(float(number), decimals) == number
    half = number + 0.5
    assert half_up(-half, 0) == -half_up(half, 0)
    assert abs(half_up(half, 0)) == abs(number) + (1 if number >= 0 else 0)


@pytest.mark.parametrize("empty", [pd.DataFrame(), seen([1]).iloc[:0]])
def test_empty_records_give_empty_answers(empty):
    scheme = StatusScheme(
        version=1, dated=date(2024, 4, 1), source="test", tolerance={"amount": 5, "kind": "per-cent"}
    )
    found = rated(pd.DataFrame([one_measure("higher")]), empty, pd.DataFrame(), scheme)
    assert found.measures["state"].tolist() == ["late"]
    assert found.points.empty
    assert parse("2024-25 Q2").label == found.measures["period"].item()
