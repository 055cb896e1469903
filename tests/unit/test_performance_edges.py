"""Control charts at the edge: few points, equal ones, odd sizes, odd orders, and calls that are wrong."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.performance import Xmr, XmrOptions, xmr
from pmf_lib.performance.spc.words import SUMMARY_COLUMNS

STEADY = [50.0, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51, 50, 52]
LINES = ["mean", "lpl", "upl", "lower_near", "upper_near"]
FLAGS = ["outside", "trend", "two_in_three", "shift"]


def frame(values, ordinals=None, measure="a"):
    ordinals = range(len(values)) if ordinals is None else ordinals
    return pd.DataFrame({"measure_id": measure, "ordinal": ordinals, "value": values})


def begun(*ordinals):
    return pd.DataFrame({"measure_id": "a", "ordinal": list(ordinals)})


def last(values, ordinals=None, **more):
    return xmr(frame(values, ordinals), **more).summary.iloc[0]


@pytest.mark.parametrize(
    ("count", "limits", "said"),
    [
        (1, "none", "1 point: fewer than the 8 that a control chart needs."),
        (7, "none", "7 points: fewer than the 8 that a control chart needs."),
        (8, "trial", "Trial limits: 8 points, fewer than 13."),
        (12, "trial", "Trial limits: 12 points, fewer than 13."),
        (13, "final", "No rule fired at the last point: it lies within common cause."),
    ],
)
def test_how_many_points_there_are_decides_what_limits_they_have(count, limits, said):
    found = last(STEADY[:count])
    assert (found["limits"], found["n_points"]) == (limits, count)
    assert said in found["variation_why"]
    assert np.isnan(found["upl"]) == (limits == "none")


@pytest.mark.parametrize("empty", [frame([]), pd.DataFrame(columns=["measure_id", "ordinal", "value"])])
def test_no_rows_give_no_rows_and_every_column(empty):
    chart, full = xmr(empty), xmr(frame(STEADY))
    assert (len(chart.points), len(chart.summary)) == (0, 0)
    assert [*chart.points] == [*full.points]
    assert [*chart.summary] == [*full.summary]


def test_a_series_without_any_value_is_told_as_such():
    chart = xmr(frame([np.nan] * 14))
    assert chart.summary[["n_points", "limits", "variation"]].iloc[0].tolist() == [
        0,
        "none",
        "too_few_points",
    ]
    assert not chart.points[FLAGS].any(axis=None)
    assert (chart.points["point_type"] == "").all()


def test_a_value_missing_in_the_middle_is_a_gap_and_moves_no_other_point():
    values = [*STEADY[:7], np.nan, *STEADY[7:]]
    points = xmr(frame(values)).points
    moving = [abs(b - a) for part in (STEADY[:7], STEADY[7:]) for a, b in itertools.pairwise(part)]
    assert points["point_type"].iloc[7] == ""
    assert points["mean"].iloc[0] == pytest.approx(np.mean(STEADY))
    assert points["upl"].iloc[0] - points["mean"].iloc[0] == pytest.approx(2.66 * np.mean(moving))
    assert last(values)["variation_why"].count("1 period is missing") == 1


@pytest.mark.parametrize("odd", [np.inf, -np.inf, 5e307])
@pytest.mark.parametrize("place", [0, 6, 13])
def test_an_infinite_value_is_refused_in_words_and_never_drawn_as_a_gap(odd, place):
    values = [*STEADY]
    values[place] = odd
    chart = xmr(frame(values))
    found = chart.summary.iloc[0]
    assert (found["limits"], found["variation"]) == ("none", "not_suited")
    assert (
        found["refused"]
        == "A value is infinite, or too large to calculate with. Mend it where it comes from."
    )
    assert chart.points[LINES].isna().all(axis=None)
    assert not chart.points[FLAGS].any(axis=None)


def test_an_infinite_value_refuses_its_own_series_and_segment_alone():
    odd = frame([*STEADY, np.inf, *STEADY])
    both = xmr(pd.concat([odd, frame(STEADY, measure="b")]), rebase=begun(15))
    assert both.summary["limits"].tolist() == ["final", "final"]
    assert both.points["upl"].isna().tolist() == [True] * 15 + [False] * 28
    pd.testing.assert_frame_equal(
        both.points.iloc[-14:].reset_index(drop=True), xmr(frame(STEADY, measure="b")).points
    )


def test_a_reason_that_is_given_comes_before_one_that_is_found():
    chart = xmr(frame([*STEADY, np.inf]).assign(unsuited="Annual figures."))
    assert chart.summary["refused"].item() == "Annual figures."
    plain = xmr(frame(STEADY).assign(unsuited=np.nan))
    assert plain.summary["refused"].item() == ""


@pytest.mark.parametrize("size", [1e-300, 1e-9, 1e9, 1e290])
def test_sizes_great_and_small_change_no_rule(size):
    values = [1, 2, 1, 2, 1, 2, 1, 5, 6, 5, 6, 5, 6, 5]
    usual, sized = (xmr(frame([value * scale for value in values])).points for scale in (1.0, size))
    assert usual["fired"].tolist() == sized["fired"].tolist()
    np.testing.assert_allclose(sized["upl"] / size, usual["upl"], rtol=1e-9)


def test_values_that_differ_by_rounding_alone_are_constant_and_by_more_are_not():
    assert last([100 + 1e-11 * (at % 2) for at in range(14)])["constant"]
    apart = last([100 + 1e-9 * (at % 2) for at in range(14)])
    assert not apart["constant"]
    assert apart["upl"] > apart["mean"] > apart["lpl"]


@pytest.mark.parametrize("n", [14, 15, 400])
def test_more_points_to_fix_limits_by_than_there_are_are_all_points(n):
    pd.testing.assert_frame_equal(
        xmr(frame(STEADY), options=XmrOptions(fix_after_n=n)).points, xmr(frame(STEADY)).points
    )


@pytest.mark.parametrize("n", [-1, 0, 1, 11])
def test_limits_are_fixed_by_twelve_points_or_more(n):
    with pytest.raises(ParameterError, match="12 or more"):
        XmrOptions(fix_after_n=n)


def test_points_that_fix_the_limits_and_do_not_vary_give_none_and_it_is_said():
    found = last([5.0] * 12 + [6, 7, 5], options=XmrOptions(fix_after_n=12))
    assert found["variation"] == "not_suited"
    assert "among the first 12 points, which set the limits" in found["refused"]
    assert last([5.0] * 14, options=XmrOptions(fix_after_n=12))["constant"]


@pytest.mark.parametrize(
    ("at", "segments"),
    [
        ((), [0] * 28),
        ((0,), [1] * 28),
        ((-5,), [1] * 28),
        ((27,), [0] * 27 + [1]),
        ((28,), [0] * 28),
        ((9, 18), [0] * 9 + [1] * 9 + [2] * 10),
        ((18, 9), [0] * 9 + [1] * 9 + [2] * 10),
        ((9, 9), [0] * 9 + [1] * 19),
    ],
)
def test_segments_begin_at_the_rebases_in_any_order(at, segments):
    points = xmr(frame([*STEADY, *STEADY]), rebase=begun(*at)).points
    assert points["segment"].tolist() == segments
    for number in set(segments):
        own = points[points["segment"] == number]
        if len(own) >= 8:
            alone = xmr(frame(own["value"], own["ordinal"])).points
            np.testing.assert_allclose(own[LINES], alone[LINES])
            assert own["fired"].tolist() == alone["fired"].tolist()


def test_a_rebase_at_the_last_point_leaves_one_that_says_so():
    found = last(STEADY, rebase=begun(13))
    assert found["refused"] == "1 point: fewer than the 8 that a control chart needs."


def test_no_rule_reaches_across_a_rebase():
    values = [1, 2, 1, 2, 1, 2, 1, 2, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 13, 14, 13]
    whole, cut = (xmr(frame(values), rebase=rebase).points for rebase in (None, begun(13)))
    assert whole["trend"].iloc[8:19].all()
    assert not cut["trend"].iloc[13:].any()


def test_a_rebase_of_a_series_that_is_not_there_changes_nothing():
    other = pd.DataFrame({"measure_id": ["z", "A"], "ordinal": [3, 3]})
    pd.testing.assert_frame_equal(xmr(frame(STEADY), rebase=other).points, xmr(frame(STEADY)).points)


def test_running_numbers_kept_as_floats_show_their_gaps_too():
    ordinals = [*range(7), *range(9, 16)]
    whole, floats = (last(STEADY, np.array(ordinals, dtype=kind)) for kind in (np.int64, np.float64))
    assert floats["upl"] == whole["upl"]
    assert "2 periods are missing" in floats["variation_why"]


@pytest.mark.parametrize(
    "order",
    [
        pd.date_range("2020-01-01", periods=14, freq="MS"),
        [f"2020-{at:02d}" for at in range(14)],
        [at + 0.5 for at in range(14)],
        [at * 10**15 for at in range(14)],
        [*range(-14, 0)],
    ],
)
def test_time_may_be_told_in_any_way_that_can_be_put_in_order(order):
    rows = frame(STEADY, order)
    points = xmr(rows.sample(frac=1, random_state=3)).points
    assert points["value"].tolist() == STEADY
    assert points["ordinal"].tolist() == [*order]


@pytest.mark.parametrize("polarity", ["range", "none", ""])
def test_where_no_way_is_better_a_special_cause_is_neither(polarity):
    found = xmr(frame([*STEADY, 90]), polarity=pd.Series({"a": polarity}))
    assert found.summary["variation"].tolist() == ["neither_high"]
    assert found.points["improvement"].iloc[-1] == "neutral"


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (frame([*STEADY, 1], [*range(14), 13]), {}, "Two rows for one point in time in 'a'"),
        (frame(STEADY, measure=None), {}, "14 rows have no 'measure_id' in the frame"),
        (frame(STEADY, [*range(13), np.nan]), {}, "1 row has no 'ordinal' in the frame"),
        (frame(["x", *STEADY]), {}, "column 'value': got 'x', expected numbers, for example '12.5'"),
        (frame(STEADY), {"polarity": "way"}, "The frame has no column 'way'"),
        (frame(STEADY), {"polarity": pd.Series({"a": "High"})}, "'High' is not a known polarity"),
        (frame([1.0, 2]).assign(way=["higher", "lower"]), {"polarity": "way"}, "Two polarities for 'a'"),
        (frame(STEADY), {"rebase": pd.DataFrame({"period": [3]})}, "The table of rebases has no column"),
        (frame(STEADY), {"rebase": begun(np.nan)}, "1 row has no 'ordinal' in the table of rebases"),
        (frame(STEADY).rename(columns={"ordinal": "segment"}), {"order": "segment"}, "'segment': the answer has"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_in_words(rows, more, said):
    with pytest.raises(ParameterError, match=said):
        xmr(rows, **more)


def test_the_documented_columns_are_those_that_are_there():
    chart = xmr(frame(STEADY))
    text = xmr.__doc__.partition("Returns")[2].partition("Raises")[0]
    points, _, summary = text.partition("``summary``")
    words = [set(re.findall(r"\w+", part)) for part in (points, summary)]
    for columns, said in ((chart.points, words[0]), (chart.summary, words[1])):
        assert {name for name in columns if name not in ("measure_id", "ordinal", "value")} <= said
    assert set(SUMMARY_COLUMNS) < set(chart.summary)
    assert isinstance(chart, Xmr)
