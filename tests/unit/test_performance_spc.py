"""Control charts where references are silent or wrong (vectors rob-*), and what callers may rely on."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.performance.capability import capability
from pmf_lib.performance.spc import Xmr, xmr
from pmf_lib.performance.spc.options import XmrOptions

FOLDER = Path(__file__).parents[1] / "vectors"
ROBUST = {
    vector["id"]: vector
    for vector in json.loads((FOLDER / "robustness.json").read_text(encoding="utf-8"))["vectors"]
}
STEADY = [50.0, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51, 50, 52]
SHORT = XmrOptions(refuse_below=2)


def frame(values, measure="a", ordinals=None):
    ordinals = range(len(values)) if ordinals is None else ordinals
    return pd.DataFrame({"measure_id": measure, "ordinal": ordinals, "value": [float(v) for v in values]})


def summary(values, **more):
    return xmr(frame(values, ordinals=more.pop("ordinals", None)), **more).summary.iloc[0]


def test_rob_01_a_missing_last_value_changes_no_other_point():
    whole = xmr(frame(STEADY)).points
    cut = xmr(frame([*STEADY, np.nan])).points
    pd.testing.assert_frame_equal(cut.iloc[:-1], whole)
    assert cut["point_type"].iloc[-1] == ""
    assert cut["mean"].iloc[-1] == whole["mean"].iloc[-1]


def test_rob_01_a_missing_value_is_skipped_in_a_run():
    values = [1, 2, 1, 2, 1, 2, 1, 5, 6, 5, np.nan, 6, 5, 6, 5]
    shift = xmr(frame(values), options=XmrOptions(screen=False)).points["shift"]
    assert shift.iloc[7:10].all()
    assert shift.iloc[11:].all()
    assert not shift.iloc[10]


def test_rob_02_the_moving_range_across_a_gap_is_not_used():
    found = summary([10, 12, 10, 12, 30], ordinals=[1, 2, 3, 4, 6], options=SHORT)
    assert found["upl"] == pytest.approx(found["mean"] + 2.66 * 2)
    assert "1 period is missing" in found["variation_why"]


def test_rob_03_a_constant_series_is_answered():
    chart = xmr(frame(ROBUST["rob-03-constant"]["input"]["values"]))
    lines = chart.points[["mean", "lpl", "upl", "lower_near", "upper_near"]]
    assert (lines == 5).all(axis=None)
    assert (chart.points["point_type"] == "common_cause").all()
    assert "No variation" in chart.summary["variation_why"].item()
    assert chart.summary["constant"].item()


def test_rob_04_when_screening_leaves_nothing_all_moving_ranges_are_used_and_said():
    found = summary(ROBUST["rob-04-screening-collapse"]["input"]["values"], options=SHORT)
    assert found["upl"] - found["mean"] == pytest.approx(2.66 * 0.25)
    assert "Screening would leave no moving range" in found["variation_why"]


@pytest.mark.parametrize("values", [[], [np.nan], [3.0], [3.0, np.nan]])
def test_rob_05_nought_or_one_point_has_no_limits(values):
    chart = xmr(frame(values), options=SHORT)
    assert chart.points[["mean", "lpl", "upl"]].isna().all(axis=None)
    assert chart.summary["variation"].tolist() == ["too_few_points"] * bool(values)


@pytest.mark.parametrize(("count", "limits"), [(12, "trial"), (13, "final")])
def test_rob_06_limits_are_on_trial_below_thirteen_points_and_say_so(count, limits):
    found = summary(STEADY[:count])
    assert found["limits"] == limits
    assert ("Trial limits: 12 points, fewer than 13." in found["variation_why"]) == (limits == "trial")


def test_rob_07_the_first_rule_names_the_point_and_all_are_listed():
    values = [2.0, 2.1, 2.0, 2.2, 2.1, 2.0, 2.1, 2.2, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0]
    point = xmr(frame(values), polarity=pd.Series({"a": "higher"})).points.iloc[-1]
    assert point["point_type"] == "outside"
    assert point["fired"] == "outside; trend; two_in_three; shift"
    assert point["improvement"] == "improving"


def test_rob_08_a_tie_breaks_a_trend():
    values = ROBUST["rob-08-ties-in-trend"]["input"]["values"]
    assert not xmr(frame(values)).points["trend"].any()
    untied = [*values[:4], -0.75, *values[5:]]
    assert xmr(frame(untied)).points["trend"].all()


@pytest.mark.parametrize(("mode", "fires"), [("mdc-2023", True), ("nhsr-0.2.2", False)])
def test_rob_09_a_point_beyond_the_limits_counts_in_one_mode_and_the_mode_is_said(mode, fires):
    assert ROBUST["rob-09-two-in-three-with-outside"]["input"]["pattern"] == ">3s, >3s, 2-3s"
    sigma = 2.66 * (9.5 / 11) / 3
    values = [*[0.5, -0.5] * 5, 0, 0, 3.5 * sigma, 3.4 * sigma, 2.5 * sigma]
    chosen = XmrOptions(two_in_three=mode, fix_after_n=12)
    chart = xmr(frame(values), options=chosen)
    assert chart.points["outside"].iloc[-3:].tolist() == [True, True, False]
    assert chart.points["point_type"].iloc[-1] == ("two_in_three" if fires else "common_cause")
    assert ("2023 rule of Making Data Count" in chart.summary["variation_why"].item()) == fires


@pytest.mark.parametrize(("n", "fires"), [(6, True), (7, False)])
def test_rob_10_the_length_of_runs_is_an_option(n, fires):
    values = [1, 2, 1, 2, 1, 2, 1, 5, 6, 5, 6, 5, 6]
    chart = xmr(frame(values), options=XmrOptions(shift_n=n, trend_n=n, screen=False))
    assert chart.points["shift"].iloc[-6:].all() == fires
    rising = [5, 4, 1, 2, 3, 4, 5, 6]
    assert xmr(frame(rising), options=XmrOptions(trend_n=n)).points["trend"].any() == fires


def capable(chart, target):
    """Of a higher-is-better series against a target."""
    about = {"target": target, "lower": np.nan, "upper": np.nan, "polarity": "higher", "basis": "in-period"}
    return capability(chart.summary.assign(**about, unit="", decimals=1))["capability"].item()


def test_rob_11_a_target_on_a_limit_is_hit_and_miss():
    given = ROBUST["rob-11-target-on-limit"]["input"]
    middle, reach = (given["upl"] + given["lpl"]) / 2, (given["upl"] - given["lpl"]) / 2
    chart = xmr(frame([middle, middle + 1] * 6 + [middle]))
    on = Xmr(chart.points, chart.summary.assign(mean=middle, lpl=middle - reach, upl=middle + reach))
    assert [capable(on, target) for target in (given["target"], given["lpl"], 10.01, -0.01)] == [
        "hit_and_miss",
        "hit_and_miss",
        "not_expected",
        "consistently_meets",
    ]


def test_rob_12_the_last_segment_decides_whether_the_target_can_be_met():
    assert ROBUST["rob-12-assurance-after-rebase"]["expected"].startswith("same; before rebase fail")
    issue = json.loads((FOLDER / "end_to_end.json").read_text(encoding="utf-8"))["vectors"]
    given = next(vector for vector in issue if vector["id"] == "issue172-before-rebase")
    rows = frame(given["input"]["values"])
    rebase = pd.DataFrame({"measure_id": ["a"], "ordinal": [20]})
    found = [capable(xmr(rows, rebase=begun), given["options"]["target"]) for begun in (None, rebase)]
    assert found == ["not_expected", "hit_and_miss"]


def test_every_recommended_behaviour_has_a_test_of_its_number():
    names = [name for name in globals() if name.startswith("test_rob_")]
    assert {vector[:6].replace("-", "_") for vector in ROBUST} <= {name[5:11] for name in names}


def test_fewer_points_than_asked_are_refused_in_words():
    found = summary(STEADY[:7])
    assert (found["limits"], found["variation"]) == ("none", "too_few_points")
    assert found["refused"] == "7 points: fewer than the 8 that a control chart needs."


def test_a_series_that_is_not_suited_is_refused_with_its_reason():
    chart = xmr(frame(range(14)).assign(unsuited="Annual figures."))
    assert chart.summary[["limits", "variation", "refused"]].iloc[0].tolist() == [
        "none",
        "not_suited",
        "Annual figures.",
    ]
    assert (chart.points["point_type"] == "").all()
    assert not chart.points[["outside", "trend", "two_in_three", "shift"]].any(axis=None)


def test_values_that_differ_only_across_gaps_have_no_limits():
    found = summary([5] * 6 + [6] * 6, ordinals=[*range(6), *range(10, 16)])
    assert found["variation"] == "not_suited"
    assert "No usable moving range" in found["refused"]


def test_a_rebase_begins_a_segment_with_its_own_limits():
    values = STEADY + [value + 20 for value in STEADY]
    at = pd.DataFrame({"measure_id": ["a"], "ordinal": [14]})
    chart = xmr(frame(values), rebase=at)
    assert chart.points["segment"].tolist() == [0] * 14 + [1] * 14
    assert chart.points["mean"].iloc[-1] == pytest.approx(chart.points["mean"].iloc[0] + 20)
    assert chart.summary["n_points"].item() == 14


def test_a_rebase_at_a_missing_period_begins_at_the_next_point():
    values = STEADY + [value + 20 for value in STEADY]
    ordinals = [*range(14), *range(15, 29)]
    chart = xmr(frame(values, ordinals=ordinals), rebase=pd.DataFrame({"measure_id": ["a"], "ordinal": [14]}))
    assert chart.points["segment"].tolist() == [0] * 14 + [1] * 14


def test_a_rebase_of_one_series_leaves_the_others():
    both = pd.concat([frame(STEADY), frame(STEADY, "b")])
    chart = xmr(both, rebase=pd.DataFrame({"measure_id": ["b"], "ordinal": [5]}))
    alone = xmr(frame(STEADY))
    pd.testing.assert_frame_equal(chart.points.iloc[:14], alone.points)
    assert chart.points["segment"].iloc[14:].tolist() == [0] * 5 + [1] * 9


def test_limits_can_be_fixed_after_twelve_points():
    values = STEADY[:12] + [90.0] * 4
    fixed = summary(values, options=XmrOptions(fix_after_n=12))
    assert fixed["mean"] == pytest.approx(np.mean(STEADY[:12]))
    assert summary(values)["mean"] > fixed["mean"]


@pytest.mark.parametrize("wrong", [11, "a", True, 12.5])
def test_fixing_limits_by_too_few_points_is_refused(wrong):
    with pytest.raises(ParameterError, match=r"fix_after_n.*12 or more"):
        XmrOptions(fix_after_n=wrong)


@pytest.mark.parametrize(
    ("polarity", "last", "variation"),
    [
        ("higher", 90, "improving_high"),
        ("higher", 10, "worsening_low"),
        ("lower", 90, "worsening_high"),
        ("lower", 10, "improving_low"),
        ("range", 90, "neither_high"),
        ("none", 10, "neither_low"),
        ("higher", 51, "no_real_change"),
    ],
)
def test_variation_of_the_last_point_goes_by_polarity(polarity, last, variation):
    assert summary([*STEADY, last], polarity=pd.Series({"a": polarity}))["variation"] == variation


def test_polarity_may_be_a_column():
    rows = frame([*STEADY, 90]).assign(way="lower")
    assert xmr(rows, polarity="way").summary["variation"].item() == "worsening_high"


def test_the_frame_given_is_not_changed():
    rows = frame([*STEADY, np.nan]).sample(frac=1, random_state=1)
    before = rows.copy(deep=True)
    xmr(rows)
    pd.testing.assert_frame_equal(rows, before)


def test_a_column_that_is_missing_is_named():
    with pytest.raises(ParameterError, match=r"'worth'.*'measure_id', 'ordinal', 'value'"):
        xmr(frame(STEADY), value="worth")


def test_two_rows_for_one_point_in_time_are_refused():
    with pytest.raises(ParameterError, match="Two rows for one point in time in 'a'"):
        xmr(frame([1, 2], ordinals=[3, 3]))


def test_a_point_on_the_mean_up_to_machine_rounding_breaks_a_run():
    values = [0.3] * 3 + [0.1 + 0.1] + [0.3] * 3 + [0.1] * 3 + [0.2] + [0.1] * 3
    chart = xmr(frame(values))
    assert chart.points["side"].iloc[[3, 10]].tolist() == [0, 0]
    assert not chart.points["shift"].any()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([*STEADY, 90], "The last point lies above the upper limit."),
        ([5, 4, 1, 2, 3, 4, 5, 6, 7], "The last 7 or more points rise in a row."),
        (
            [*STEADY, *STEADY, 49, 45.5, 45.6],
            "Two of the last three points lie near the lower limit (the 2023 rule of Making Data Count).",
        ),
        ([1, 2, 1, 2, 1, 2, 1, 5, 6, 5, 6, 5, 6, 5], "The last 7 or more points lie above the mean."),
        (STEADY, "No rule fired at the last point: it lies within common cause."),
    ],
)
def test_the_summary_says_in_words_what_named_the_last_point(values, sentence):
    assert summary(values, options=XmrOptions(screen=False))["variation_why"].startswith(sentence)
