"""Marked seasonality: found where it was put, never made of noise, and like compared with like on the chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.seasonality import seasonal


def frame(values: list[float] | np.ndarray, name: str = "a") -> pd.DataFrame:
    return pd.DataFrame({"measure_id": name, "ordinal": range(len(values)), "value": values})


def noise(seed: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n)


def wave(n: int, seasons: int, height: float) -> np.ndarray:
    return height * np.sin(2 * np.pi * np.arange(n) / seasons)


@pytest.mark.parametrize(("seasons", "n"), [(12, 48), (4, 24), (3, 24)])
def test_a_yearly_wave_is_found_and_told_season_by_season(seasons: int, n: int):
    added, found = seasonal(frame(100 + wave(n, seasons, 10) + 0.5 * noise(1, n)), pd.Series({"a": seasons}))
    assert found["is_seasonal"].tolist() == [True]
    assert np.abs(added.to_numpy() - wave(n, seasons, 10)).max() < 1.5
    assert added.to_numpy()[:seasons].sum() == pytest.approx(0, abs=1e-9)


def test_of_a_thousand_series_of_noise_hardly_one_is_called_seasonal():
    months = pd.concat([frame(noise(seed, 42), f"m{seed}") for seed in range(1000)])
    _, found = seasonal(months, pd.Series(12, index=months["measure_id"].unique()))
    assert found["is_seasonal"].sum() <= 3


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.r_[np.zeros(21), np.full(21, 9.0)] + noise(2, 42), id="a step"),
        pytest.param(np.cumsum(noise(3, 42)), id="a random walk"),
        pytest.param(np.full(42, 4.2), id="a constant"),
        pytest.param(np.full(42, np.nan), id="nothing known"),
        pytest.param(100 + wave(24, 12, 10), id="two years only"),
    ],
)
def test_what_is_no_wave_has_no_season(values: np.ndarray):
    added, found = seasonal(frame(values), pd.Series({"a": 12}))
    assert not found["is_seasonal"].any()
    assert not added.any()


def test_too_short_a_series_says_that_it_could_not_be_told():
    _, found = seasonal(frame(wave(14, 4, 10)), pd.Series({"a": 4}))
    assert found["seasonal_f"].isna().tolist() == [True]


def test_large_neighbours_do_not_disturb_a_small_series():
    small = 0.001 * (wave(48, 12, 10) + noise(1, 48))
    both = pd.concat([frame(small, "small"), frame(1e13 + 1e12 * noise(4, 48), "large")], ignore_index=True)
    alone, _ = seasonal(frame(small, "small"), pd.Series({"small": 12}))
    added, _ = seasonal(both, pd.Series({"small": 12, "large": 12}))
    np.testing.assert_allclose(added[:48], alone, rtol=1e-9)


@settings(deadline=None)
@given(st.permutations(range(48)), st.sets(st.integers(0, 47), max_size=6))
def test_neither_the_order_of_rows_nor_a_gap_moves_a_season_to_another(order: list[int], missing: set[int]):
    rows = frame(100 + wave(48, 12, 10) + 0.5 * noise(1, 48))
    rows.loc[list(missing), "value"] = np.nan
    straight, _ = seasonal(rows, pd.Series({"a": 12}))
    shuffled, _ = seasonal(rows.iloc[list(order)], pd.Series({"a": 12}))
    pd.testing.assert_series_equal(shuffled.sort_index(), straight)


def by_hand(whens: list[int], values: list[float | None], seasons: int) -> tuple[float, list[float]]:
    """F, and what each season usually adds, value by value; F is NaN where too little is held."""
    held = {when: value for when, value in zip(whens, values, strict=True) if value is not None}
    half = seasons // 2
    apart: list[list[float]] = [[] for _ in range(seasons)]
    for when, value in held.items():
        around = [held.get(other) for other in range(when - half, when + half + 1)]
        if None in around:
            continue
        weights = [0.5, *[1.0] * (seasons - 1), 0.5] if seasons % 2 == 0 else [1.0] * seasons
        usual = sum(weight * other for weight, other in zip(weights, around, strict=True)) / seasons
        apart[when % seasons].append(value - usual)
    counts = [len(part) for part in apart]
    if min(counts) < 2 or sum(counts) - seasons < 12:
        return float("nan"), []
    means = [sum(part) / len(part) for part in apart]
    overall = sum(map(sum, apart)) / sum(counts)
    between = sum(n * (mean - overall) ** 2 for n, mean in zip(counts, means, strict=True)) / (seasons - 1)
    within = sum((one - mean) ** 2 for part, mean in zip(apart, means, strict=True) for one in part)
    within /= sum(counts) - seasons
    middle = sum(means) / seasons
    return between / within, [mean - middle for mean in means]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([3, 4, 12]),
    st.integers(0, 400),
    st.sampled_from([0.0, 1.0, 4.0]),
    st.integers(-30, 30),
    st.sets(st.integers(0, 59), max_size=3),
    st.sets(st.integers(0, 59), max_size=2),
)
def test_seasons_are_those_worked_out_by_hand(
    seasons: int, seed: int, height: float, first: int, empty: set[int], absent: set[int]
):
    values = 50 + wave(60, seasons, height) + noise(seed, 60)
    rows = frame(values).assign(ordinal=np.arange(60) + first)
    rows["value"] = rows["value"].mask(rows.index.isin(empty))
    rows = rows.drop(index=list(absent))
    held = [None if np.isnan(value) else value for value in rows["value"]]
    f, usual = by_hand(rows["ordinal"].tolist(), held, seasons)
    added, found = seasonal(rows, pd.Series({"a": seasons}))
    np.testing.assert_allclose(found["seasonal_f"], [f], rtol=1e-8)
    marked = f >= 7 and stats.f.sf(f, seasons - 1, sum_free(held, rows, seasons)) <= 0.0001
    assert found["is_seasonal"].tolist() == [marked]
    expected = [usual[when % seasons] for when in rows["ordinal"]] if marked else np.zeros(len(rows))
    np.testing.assert_allclose(added, expected, atol=1e-9)


def sum_free(held: list[float | None], rows: pd.DataFrame, seasons: int) -> int:
    """Differences there are beyond one a season."""
    known = {when for when, value in zip(rows["ordinal"], held, strict=True) if value is not None}
    half = seasons // 2
    return sum(known.issuperset(range(when - half, when + half + 1)) for when in known) - seasons


def test_one_period_that_lies_far_off_takes_no_more_room():
    near, far = (
        frame(100 + wave(48, 12, 10)).assign(ordinal=[*range(47), last]) for last in (48, 48 + 12 * 10**13)
    )
    ours, theirs = (seasonal(rows, pd.Series({"a": 12}))[0] for rows in (near, far))
    pd.testing.assert_series_equal(ours, theirs)


def test_like_is_compared_with_like_on_the_chart():
    values = 100 + wave(48, 12, 10) + 0.5 * noise(1, 48)
    plain, seasons = xmr(frame(values)), xmr(frame(values), seasons=pd.Series({"a": 12}))
    special = [(found.points["point_type"] != "common_cause").mean() for found in (plain, seasons)]
    assert special[0] > 0.5
    assert special[1] < 0.25
    assert seasons.points["value"].tolist() == values.tolist()
    assert seasons.summary["is_seasonal"].tolist() == [True]
    reach = seasons.points["upl"] - seasons.points["mean"]
    np.testing.assert_allclose(reach, reach.iloc[0])
    assert "what is usual for its season" in seasons.summary["variation_why"].iloc[0]


def test_a_change_beside_the_season_is_still_seen():
    values = 100 + wave(48, 12, 10) + 0.5 * noise(1, 48)
    values[-8:] += 4
    found = xmr(frame(values), seasons=pd.Series({"a": 12}), polarity=pd.Series({"a": "higher"}))
    assert found.summary["variation"].tolist() == ["improving_high"]


def test_seasons_are_looked_for_only_where_the_options_say_so():
    values = 100 + wave(48, 12, 10)
    off = xmr(frame(values), seasons=pd.Series({"a": 12}), options=XmrOptions(seasonal_f=None))
    assert not off.summary["is_seasonal"].any()
