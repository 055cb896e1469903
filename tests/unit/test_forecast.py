"""Forecasts of the year-end outturn: known periods kept, the rest forecast, the target's chance and what it takes."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecast_made import QUARTER, held, measure, noise, target
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib import policy
from pmf_lib.numbers import half_up
from pmf_lib.performance.forecast import ForecastOptions, ForecastScheme, coverage, forecast
from pmf_lib.performance.forecast import known as reasons
from pmf_lib.performance.forecast.make import COLUMNS, NOT_BETTER, PATHS
from pmf_lib.performance.forecast.words import chance_shown, chance_words, odds
from pmf_lib.performance.series import OVERLAPPING, REFUSED
from pmf_lib.periods import parse_quarter

ROOT = Path(__file__).resolve().parents[2]


def outlook(values, *targets, last="2024-25 Q2", quarter=QUARTER, denominators=None, options=None, **more):
    """The one row for a measure with these values."""
    of = measure(**more)
    found = forecast(
        pd.DataFrame([of]),
        held(values, of, last, denominators),
        pd.DataFrame(targets),
        quarter=quarter,
        options=options or ForecastOptions(),
    )
    return found.measures.iloc[0], found


# ---- the year put together ----------------------------------------------------------------------------------------


def test_known_quarters_stay_and_those_left_are_added():
    row, found = outlook(noise(22))
    known = sum(noise(22)[-2:])
    assert found.paths["point"].sum() + known == pytest.approx(row["outturn"])
    assert (row["year"], row["periods_left"]) == ("2024-25", 2)
    assert found.paths["ordinal"].tolist() == [2024 * 4 + 2, 2024 * 4 + 3]


def test_a_mean_a_ratio_and_the_last_value_make_the_year_in_their_own_ways():
    values, base = noise(22), [100.0] * 20 + [300.0, 100.0]
    mean, found = outlook(values, roll_up="mean")
    assert mean["outturn"] == pytest.approx((sum(values[-2:]) + found.paths["point"].sum()) / 4)
    ratio, found = outlook(values, roll_up="ratio", denominators=base)
    ahead = found.paths["point"].sum() * 100
    assert ratio["outturn"] == pytest.approx((values[-2] * 300 + values[-1] * 100 + ahead) / 600)
    last, found = outlook(values, roll_up="last")
    assert last["outturn"] == pytest.approx(found.paths["point"].iloc[-1])


def test_a_ratio_takes_the_denominators_of_the_year_before_for_the_quarters_left():
    values, base = noise(22), [100.0] * 22
    base[-4], base[-3] = 500.0, 700.0  # quarters 3 and 4 of the year before
    row, found = outlook(values, roll_up="ratio", denominators=base)
    ahead = (found.paths["point"] * [500, 700]).sum()
    assert row["outturn"] == pytest.approx((sum(values[-2:]) * 100 + ahead) / 1400)


def test_a_year_to_date_count_is_the_sum_of_its_periods():
    row, _ = outlook(noise(22), accumulation="year-to-date", roll_up="none")
    same, _ = outlook(noise(22))
    assert row["outturn"] == pytest.approx(same["outturn"])


def test_a_year_to_date_ratio_is_weighed_by_what_each_period_adds_to_the_denominator():
    base = [100.0, 200, 300, 400] * 5 + [
        100.0,
        400.0,
    ]  # since 1 April: the second quarter of this year adds 300
    row, found = outlook(noise(22), accumulation="year-to-date", roll_up="ratio", denominators=base)
    ahead = found.paths["point"].sum() * 100
    values = noise(22)
    assert row["outturn"] == pytest.approx((values[-2] * 100 + values[-1] * 300 + ahead) / 600)


def test_terms_count_in_the_financial_year_in_which_they_end():
    row, found = outlook(noise(18), frequency="termly", roll_up="mean", last="2023/24 Summer")
    assert (row["year"], row["periods_left"]) == ("2024-25", 2)
    assert len(found.paths) == 2


def test_a_complete_year_is_said_and_not_forecast():
    row, found = outlook(
        [*noise(18), 10, 11, 12, 13],
        target(12, "2024-25 Q1"),
        last="2024-25 Q4",
        quarter=parse_quarter("2024-25 Q4"),
    )
    assert row[["outturn", "low", "high", "chance", "periods_left"]].tolist() == [46, 46, 46, 0, 0]
    assert row["why"] == "The year is complete: it ended at 46. The target of 48 was missed."
    assert found.paths.empty


def test_values_after_the_quarter_are_not_looked_at():
    values = noise(24)
    now, _ = outlook(values[:22])
    later, _ = outlook(values, last="2024-25 Q4")
    pd.testing.assert_series_equal(now, later)


def test_a_series_in_which_nothing_varies_is_answered_simply():
    row, _ = outlook([5.0] * 14, target(6))
    assert row[["outturn", "low", "high", "chance"]].tolist() == [20, 20, 20, 0]
    assert row["why"].startswith("Every value known is the same, and the year ends at 20 if that holds.")


def test_figures_stay_within_what_is_possible():
    near = [min(value, 100.0) for value in noise(22, level=99, spread=1.5)]
    for unit in ("%", "% of pupils"):
        row, found = outlook(
            near, unit=unit, roll_up="mean", options=ForecastOptions(forms=("level",), interval_pct=99)
        )
        assert row["high"] <= 100
        assert found.paths["high"].max() <= 100
    few = [max(value, 0.0) for value in noise(22, level=1, spread=1)]
    row, found = outlook(few, options=ForecastOptions(forms=("level",), interval_pct=99))
    assert row["low"] >= sum(few[-2:])
    assert found.paths["low"].min() >= 0


# ---- targets ------------------------------------------------------------------------------------------------------


def test_the_year_end_target_of_a_sum_is_the_sum_of_its_quarters_targets():
    row, _ = outlook(noise(22), target(100), target(110, "2024-25 Q4"))
    assert row["target"] == 410


def test_other_roll_ups_take_the_target_in_force_at_the_years_end():
    row, _ = outlook(noise(22), target(100), target(110, "2024-25 Q4"), roll_up="mean")
    assert row["target"] == 110


def test_a_profile_gives_its_last_point_and_without_one_there_is_no_target():
    to_date = [target(100 * at, f"2024-25 Q{at}", basis="year-to-date") for at in (1, 2, 3, 4)]
    row, _ = outlook(noise(22), *to_date, accumulation="year-to-date")
    assert row["target"] == 400
    row, _ = outlook(noise(22), *to_date[:3], accumulation="year-to-date")
    assert math.isnan(row["target"])
    assert math.isnan(row["chance"])
    assert "there is no year-end target" in row["why"]


def test_a_higher_target_has_less_chance_and_mirrored_polarity_the_rest():
    chances = [outlook(noise(22), target(value))[0]["chance"] for value in (90, 100, 110)]
    assert chances == sorted(chances, reverse=True)
    at = outlook(noise(22), target(100.1), decimals=6)[0]["chance"]
    mirrored = outlook(noise(22), target(100.1), decimals=6, polarity="lower")[0]["chance"]
    assert at + mirrored == pytest.approx(1, abs=1e-5)


def test_a_range_is_met_between_its_ends():
    both, _ = outlook(noise(22), target(None, lower=95, upper=105), polarity="range", roll_up="mean")
    low, _ = outlook(noise(22), target(None, lower=95), polarity="range", roll_up="mean")
    high, _ = outlook(noise(22), target(None, upper=105), polarity="range", roll_up="mean")
    assert both["chance"] == pytest.approx(low["chance"] + high["chance"] - 1)
    assert math.isnan(both["needed"])
    assert "ending in the range of 95 to 105" in both["why"]


def test_the_target_is_met_when_the_rounded_figure_meets_it():
    row, _ = outlook(
        [5.0] * 11 + [5.0, 5.0, 4.6],
        target(5),
        roll_up="last",
        options=ForecastOptions(least_folds=1, forms=("level",)),
        last="2024-25 Q4",
        quarter=parse_quarter("2024-25 Q4"),
    )
    assert row["chance"] == 1


def test_what_is_needed_meets_the_target_just_so():
    values = noise(22)
    row, _ = outlook(values, target(120))
    assert sum(values[-2:]) + 2 * row["needed"] == pytest.approx(480)
    mean, _ = outlook(values, target(120), roll_up="mean")
    assert (sum(values[-2:]) + 2 * mean["needed"]) / 4 == pytest.approx(119.5)  # which counts as 120
    last, _ = outlook(values, target(120), roll_up="last")
    assert last["needed"] == 120


def test_the_sentences_say_pace_range_chance_and_what_it_would_take():
    values = [*noise(20, level=100, spread=4), 97.0, 101.0]
    row, _ = outlook(values, target(115, "2024-25 Q1"), options=ForecastOptions(forms=("level",)))
    best = max(values[2] + values[3], *(values[at] + values[at + 1] for at in (6, 10, 14, 18))) / 2
    assert row["why"].startswith("At this pace the year ends at ")
    assert "the chance of meeting 460 is " in row["why"]
    assert row["needed_words"] == (
        "To meet it, each of the two quarters left would have to bring 131; "
        f"the best that the same two quarters averaged in an earlier year is {half_up(best, 0):.0f}."
    )


@pytest.mark.parametrize(
    ("polarity", "enough", "word"), [("higher", 89.5, "best"), ("lower", 90.49, "lowest")]
)
def test_an_average_that_rounds_to_its_target_is_enough(polarity, enough, word):
    values = [*noise(20, level=90, spread=2), 88.0, 91.0]
    row, _ = outlook(values, target(90), unit="%", roll_up="mean", polarity=polarity)
    asked = float(re.search(r"average ([\d.]+)%", row["needed_words"])[1])
    least = (4 * enough - 88 - 91) / 2
    assert asked == pytest.approx(least, abs=0.1)
    assert (asked >= least) if polarity == "higher" else (asked <= least + 0.02)
    assert f"the {word} that the same two quarters averaged in an earlier year is" in row["needed_words"]


def test_without_a_whole_earlier_year_the_best_of_all_periods_is_named():
    row, _ = outlook([50.0, 54, 51], target(60), roll_up="mean")
    assert "the best quarter known is 54" in row["needed_words"]


def test_a_target_that_can_no_longer_be_met_and_one_already_reached_are_said():
    share = {"unit": "%", "roll_up": "mean"}
    row, _ = outlook(noise(22, level=50), target(90), **share)
    assert (
        row["needed_words"]
        == "The two quarters left cannot bring it any more: the target of 90% can no longer be met."
    )
    row, _ = outlook(noise(22), target(40))
    assert row["needed_words"] == "The target of 160 is reached whatever the rest of the year brings."
    row, _ = outlook(noise(22), target(40), polarity="lower")
    assert "can no longer be met" in row["needed_words"]


def test_the_odds_and_the_per_cent_of_a_chance_say_the_same():
    for thousandth in range(10, 991):
        chance = thousandth / 1000
        part, whole, per_cent = map(int, re.findall(r"\d+", chance_shown(chance)))
        assert per_cent == round(100 * part / whole)
        assert abs(part / whole - chance) < min(0.0251, 0.51 * max(0.01, min(chance, 1 - chance)))


def test_a_greater_chance_is_never_said_to_be_less():
    said = [float(odds(number / 1000)) for number in range(10, 991)]
    assert said == sorted(said)
    assert [chance_shown(one) for one in (0.03, 0.333, 0.97)] == [
        "about 3 in 100 (3%)",
        "about 1 in 3 (33%)",
        "about 97 in 100 (97%)",
    ]


def test_chances_are_said_as_odds():
    said = [chance_words(value) for value in (0, 0.02, 0.1, 0.34, 0.5, 0.75, 0.985, 1)]
    assert said[0] == "less than 1 in 100"
    assert said[1:4] == ["about 2 in 100", "about 1 in 10", "about 1 in 3"]
    assert said[4:] == ["about 1 in 2", "about 3 in 4", "about 98 in 100", "more than 99 in 100"]


# ---- refusals -----------------------------------------------------------------------------------------------------


def refused(values, **more):
    row, found = outlook(values, target(100), **more)
    assert row[["outturn", "low", "high", "chance"]].isna().all()
    assert found.paths.empty
    assert row["why"].startswith(row["refused"])
    return row["refused"]


def test_what_cannot_be_forecast_is_refused_with_its_reason():
    assert refused(noise(22), roll_up="none") == reasons.NO_ROLL_UP
    assert refused(noise(9), frequency="annual", last="2023-24") == reasons.ONE_A_YEAR
    assert refused(noise(60), frequency="weekly", last="2024-W39") == reasons.WEEKLY
    assert refused(noise(22), accumulation="rolling") == OVERLAPPING
    assert refused(noise(22), retired_from="2024-25 Q3") == reasons.RETIRED
    assert refused([math.nan] * 3) == reasons.NOTHING_KNOWN
    assert refused(noise(22), roll_up="ratio") == reasons.NO_DENOMINATORS
    assert refused(noise(11)).startswith("Too few values without a wide gap: 11 are known, 12 are needed.")
    assert refused(noise(22)[:20], last="2023-24 Q4") == reasons.OUT_OF_DATE
    assert refused([*noise(20), math.nan, 100.0]) == reasons.YEAR_BROKEN


def test_a_series_that_cannot_be_taken_apart_is_refused_in_the_same_words():
    of = measure(accumulation="year-to-date")
    series = held(noise(22), of, unsuited=REFUSED)
    found = forecast(pd.DataFrame([of]), series, pd.DataFrame(), quarter=QUARTER)
    assert found.measures["refused"].item() == REFUSED


def test_a_measure_without_any_row_is_refused():
    found = forecast(pd.DataFrame([measure()]), held([], measure()), pd.DataFrame(), quarter=QUARTER)
    assert found.measures["refused"].item() == reasons.NOTHING_KNOWN


def test_values_before_the_present_definition_or_a_wide_gap_are_not_used():
    break_at = [*([1000.0] * 9), *noise(13)]
    row, _ = outlook(break_at, definition_from="2021-22 Q2", options=ForecastOptions(forms=("level",)))
    same, _ = outlook(noise(13), options=ForecastOptions(forms=("level",)))
    assert row["outturn"] == pytest.approx(same["outturn"])
    gap = [*([1000.0] * 7), math.nan, math.nan, *noise(13)]
    row, _ = outlook(gap, options=ForecastOptions(forms=("level",)))
    assert row["outturn"] == pytest.approx(same["outturn"])
    narrow, _ = outlook([*noise(12), math.nan, *noise(9, 2)])
    assert narrow["refused"] == ""


def test_a_forecast_that_does_not_beat_the_seasonal_naive_is_withheld():
    repeated = list(np.tile([80.0, 100, 120, 140], 6)[:22])
    row, _ = outlook(repeated, target(100))
    assert row["refused"] == NOT_BETTER
    assert not row["beats_naive"]
    assert row["needed"] == pytest.approx(400 / 2 - sum(repeated[-2:]) / 2)
    assert "To meet the target of 400, each of the two quarters left" in row["why"]
    wave = list(np.array(repeated) + noise(22, level=0, spread=10))
    row, _ = outlook(wave, options=ForecastOptions(forms=("level",)))
    assert row["refused"] == NOT_BETTER
    assert 1 < row["error_ratio"] < 9
    row, _ = outlook(noise(22))
    assert row["beats_naive"]
    assert row["error_ratio"] < 1


# ---- back-tests ---------------------------------------------------------------------------------------------------


def test_a_back_test_knows_nothing_of_what_came_later():
    values = noise(22)
    _, found = outlook(values, options=ForecastOptions(forms=("level",)))
    other = [*values[:18], 900.0, 20.0, 500.0, 300.0]
    _, changed = outlook(other, options=ForecastOptions(forms=("level",)))
    then = found.folds["ordinal"] <= 2024 * 4 + 1 - 4
    assert then.sum() >= 3
    pd.testing.assert_series_equal(found.folds.loc[then, "forecast"], changed.folds.loc[then, "forecast"])


def test_back_tests_look_as_far_ahead_as_the_year_does_and_hold_what_came():
    values = noise(22)
    row, found = outlook(values)
    fold = found.folds.iloc[-1]
    assert fold["ordinal"] == 2024 * 4 + 1 - 2
    assert fold["actual"] == pytest.approx(sum(values[-2:]))
    naive = np.abs(np.array(values[-2:]) - np.array(values[-6:-4])).mean()
    assert fold["naive_error"] == pytest.approx(naive)
    assert row["folds"] == len(found.folds) <= 12
    ratio = found.folds["error"].mean() / found.folds["naive_error"].mean()
    assert row["error_ratio"] == pytest.approx(ratio)


def test_a_missing_value_leaves_out_only_the_back_tests_that_need_it():
    values = noise(22)
    values[15] = math.nan
    _, found = outlook(values)
    _, whole = outlook(noise(22))
    assert 0 < len(whole.folds) - len(found.folds) <= 2
    assert found.folds.notna().all().all()


def test_coverage_counts_the_back_tests_whose_range_held_what_came():
    _, found = outlook(noise(22))
    share = coverage(found).set_index("group").loc["all"]
    inside = (found.folds["actual"] >= found.folds["low"]) & (found.folds["actual"] <= found.folds["high"])
    assert share[["measures", "folds", "covered"]].tolist() == [1, len(found.folds), inside.sum()]
    assert share["coverage_pct"] == pytest.approx(100 * inside.mean())


# ---- many measures ------------------------------------------------------------------------------------------------


def many():
    of = [
        measure("a"),
        measure("b", roll_up="mean", unit="%"),
        measure("c", frequency="monthly"),
        measure("d", frequency="termly", roll_up="last"),
        measure("e", frequency="annual"),
        measure("f", roll_up="mean", polarity="lower"),
    ]
    series = [
        held(noise(22, 1), of[0]),
        held(noise(14, 2, 60), of[1]),
        held(noise(40, 3), of[2], "2024-08"),
        held(noise(12, 4), of[3], "2023/24 Summer"),
        held(noise(5, 5), of[4], "2023-24"),
        held(noise(18, 6), of[5], "2024-25 Q1"),
    ]
    targets = [target(100, measure_id=name) for name in "abf"] + [target(90, "2024-04", "c")]
    return pd.DataFrame(of), pd.concat(series, ignore_index=True), pd.DataFrame(targets)


def test_a_unit_without_measures_has_every_column_with_its_type_and_no_row():
    measures, series, targets = many()
    found = forecast(measures.head(0), series.head(0), targets.head(0), quarter=QUARTER)
    assert [len(frame) for frame in (found.measures, found.paths, found.folds)] == [0, 0, 0]
    some = forecast(measures, series, targets, quarter=QUARTER)
    assert found.measures.dtypes.to_dict() == some.measures.dtypes.to_dict()


def test_there_is_one_row_a_measure_with_the_promised_columns():
    found = forecast(*many(), quarter=QUARTER)
    assert found.measures["measure_id"].tolist() == list("abcdef")
    assert tuple(found.measures.columns) == COLUMNS
    assert tuple(found.paths.columns) == PATHS
    left = found.measures.set_index("measure_id")["periods_left"]
    assert left[["a", "c", "d", "f"]].tolist() == [2, 7, 2, 3]


@given(st.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None)
def test_the_order_of_rows_never_matters_and_frames_given_stay_as_they_are(random):
    frames = many()
    copies = [frame.copy() for frame in frames]
    mixed = [frame.sample(frac=1, random_state=random.randrange(1000)) for frame in frames]
    first, second = forecast(*frames, quarter=QUARTER), forecast(*mixed, quarter=QUARTER)
    pd.testing.assert_frame_equal(first.measures, second.measures)
    pd.testing.assert_frame_equal(first.paths, second.paths)
    pd.testing.assert_frame_equal(first.folds, second.folds)
    for frame, copy in zip(frames, copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_a_measure_is_forecast_alike_alone_and_among_others():
    frames = many()
    found = forecast(*frames, quarter=QUARTER).measures.set_index("measure_id")
    alone = [frame[frame["measure_id"] == "b"] for frame in frames]
    one = forecast(*alone, quarter=QUARTER).measures.set_index("measure_id")
    pd.testing.assert_frame_equal(found.loc[["b"]], one)


def test_the_scheme_in_force_is_the_default_and_a_mistyped_option_is_refused():
    scheme = policy.load(ROOT / "parameters" / "schemes" / "forecast.yml", ForecastScheme)
    assert scheme.options == ForecastOptions()
    with pytest.raises(ValueError, match="interval"):
        ForecastOptions(interval_pct=120)
