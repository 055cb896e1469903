"""The contestants of the benchmark do the same work, and its input is what it says."""

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pmf_lib.performance import XmrOptions, xmr

BENCH = Path(__file__).parents[2] / "bench"
RULES = ["outside", "trend", "two_in_three", "shift"]
SERIES = 60


@pytest.fixture
def bench(monkeypatch):
    """The modules of the benchmark, by name."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module


@pytest.fixture
def frame(bench):
    """A small one; some series rise throughout and some step within a segment, so that every rule fires."""
    rows = bench("series").frame(SERIES)
    number, when = rows["measure_id"].str[-2:].astype(int), rows["ordinal"]
    more = np.select([number < 15, number < 30], [8 * when, 40 * when.between(17, 23)], 0)
    return rows.assign(value=rows["value"] + more)


@pytest.fixture
def points(bench, frame):
    """What `xmr` finds, where there is a value; no segment is refused, as the other contestants refuse none."""
    found = xmr(frame, rebase=bench("series").rebases(SERIES), options=XmrOptions(refuse_below=2)).points
    return found[found["value"].notna()].reset_index(drop=True)


def test_the_input_is_shuffled_ragged_and_has_gaps_of_both_kinds(bench):
    frame = bench("series").frame(2000)
    held = frame.groupby("measure_id")["ordinal"]
    possible = (35 - held.min() + 1).sum()
    assert held.size().nunique() > 5
    assert held.min().nunique() > 5
    assert not frame["measure_id"].is_monotonic_increasing
    assert frame["value"].isna().sum() / possible == pytest.approx(0.025, abs=0.004)
    assert 1 - len(frame) / possible == pytest.approx(0.025, abs=0.004)
    assert len(bench("series").rebases(2000)) == 2 * 2000
    assert pd.api.types.is_string_dtype(frame["measure_id"])


@pytest.mark.parametrize("is_one_key", [False, True])
def test_bare_arrays_and_xmr_find_the_same(bench, frame, points, is_one_key):
    bare = bench("bare").evaluated(frame, is_one_key=is_one_key)
    drawn = points["mean"].notna().to_numpy()
    parts = points[["measure_id", "segment"]]
    group = parts.ne(parts.shift()).any(axis=1).cumsum().to_numpy() - 1
    np.testing.assert_allclose(bare["mean"][group][drawn], points["mean"][drawn])
    np.testing.assert_allclose((bare["mean"][group] + bare["reach"])[drawn], points["upl"][drawn])
    for rule in RULES:
        assert (bare[rule][drawn] != 0).tolist() == points[rule][drawn].tolist()


def test_the_loop_and_xmr_find_the_same(bench, frame, points):
    looped = bench("loop").evaluated(frame).sort_values(["measure_id", "ordinal"], ignore_index=True)
    drawn = points["mean"].notna()
    for name in ("mean", "lpl", "upl"):
        np.testing.assert_allclose(looped[name][drawn], points[name][drawn])
    for rule in RULES:
        assert looped[rule][drawn].tolist() == points[rule][drawn].tolist()
    assert points[RULES].any().all()


def test_every_series_is_rated_on_its_last_figure(bench, frame):
    ratings, ids = bench("ratings"), pd.Index(frame["measure_id"].unique())
    polarity = pd.Series("higher", index=ids)
    chart, states, travel = ratings.rated(
        frame, bench("series").rebases(SERIES), polarity, ratings.asked(ids), with_why=True
    )
    last = frame.dropna().sort_values("ordinal").groupby("measure_id")["value"].last().sort_index()
    assert states["value"].tolist() == last.round(1).tolist()
    assert set(states["state"]) <= {"met", "near", "missed"}
    assert states["why"].str.contains("against a target of 50.0%").all()
    assert (travel["direction_long"] != "no_comparison").any()
    assert len(chart.summary) == SERIES


@pytest.mark.slow
def test_memory_is_told_at_three_sizes(bench):
    told = bench("memory").rows(400)
    assert [line.count("|") for line in told] == [5] * 4
    assert "rows of input" in told[0]
