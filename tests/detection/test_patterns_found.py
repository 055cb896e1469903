"""Patterns that measured figures seldom have: found wherever they are planted, and not found where chance made the series."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from story_council import AS_AT, DIRECTORATE, as_tables, clean

from pmf_lib import periods
from pmf_lib.records.check import check
from pmf_lib.records.parse import parse
from pmf_lib.records.quality import breaks, doubts, known, patterns, scheme
from pmf_lib.records.quality.revisions import beyond_noise

ROOT = Path(__file__).resolve().parents[2]
SERIES = 200
"""Series made by chance in which nothing is to be found."""


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("PMF_HOME", str(ROOT))


def frames(values, *, unit="%", decimals=1, accumulation="in-period", frequency="monthly"):
    """Observations in force and measures: one series for each row of `values`."""
    first = {"monthly": pd.period_range("2019-04", periods=values.shape[1], freq="M").astype(str)}
    quarters = [f"{2018 + n // 4}-{19 + n // 4} Q{n % 4 + 1}" for n in range(values.shape[1])]
    labels = {**first, "quarterly": quarters}[frequency]
    ids = [f"m{n:03d}" for n in range(len(values))]
    held = pd.DataFrame(
        {
            "measure_id": np.repeat(ids, values.shape[1]),
            "period": np.tile(labels, len(values)),
            "value": np.round(values, decimals).ravel(),
            "denominator": np.nan,
            "source_file": "o.csv",
            "source_sheet": "",
        }
    ).assign(source_row=lambda rows: np.arange(len(rows)) + 2)
    about = pd.DataFrame({"measure_id": ids, "title": "t", "unit": unit, "decimals": decimals})
    return held, about.assign(
        accumulation=accumulation, frequency=frequency, definition_from="", owner="Head of Service"
    )


def found(values, **more):
    held, about = frames(np.atleast_2d(np.asarray(values, dtype=float)), **more)
    rows = patterns.found(held, about, scheme.load().patterns)
    return list(zip(rows["rule"], rows["measure_id"], rows["source_row"] - 2, strict=True))


def chance(seed, series=1, length=48, level=70.0, sigma=3.0):
    return np.random.default_rng(seed).normal(level, sigma, (series, length))


def test_nothing_is_found_in_series_of_chance():
    assert found(chance(1, SERIES)) == []
    assert found(chance(2, SERIES, level=40_000, sigma=2500), unit="number", decimals=0) == []
    assert found(chance(3, SERIES, sigma=0.3)) == []
    growing = np.cumsum(np.abs(chance(4, SERIES, length=4)), axis=1)
    assert found(growing, unit="number", decimals=0, accumulation="year-to-date", frequency="quarterly") == []


def test_nothing_is_found_in_twenty_councils_in_which_nothing_was_planted():
    records = check(
        parse(as_tables([clean(seed) for seed in range(20)])), directorates=[DIRECTORATE], as_at=AS_AT
    )
    held = known.in_force(records.tables["observations"], AS_AT)
    assert patterns.found(held, records.tables["measures"], scheme.load().patterns).empty


@pytest.mark.parametrize("seed", range(50))
def test_a_count_that_falls_within_the_year_is_found(seed):
    rng = np.random.default_rng(seed)
    years = np.cumsum(rng.uniform(20, 60, (1, 3, 4)), axis=2).reshape(1, 12)
    at = int(rng.choice([n for n in range(12) if n % 4 == 3]))
    years[0, at] = years[0, at - 1] - rng.uniform(2, 10)
    more = {"unit": "number", "decimals": 0, "frequency": "quarterly"}
    assert found(years, accumulation="year-to-date", **more) == [("series.falls-in-year", "m000", at)]


@pytest.mark.parametrize("unit", ["%", "£", "rate per 1,000"])
def test_only_counts_must_grow_within_the_year(unit):
    values = [[50.0, 40.0, 30.0, 20.0]]
    assert found(values, unit=unit, accumulation="year-to-date", frequency="quarterly") == []


@pytest.mark.parametrize("seed", range(50))
def test_values_carried_forward_are_found_at_the_last_of_them(seed):
    values = chance(100 + seed)
    at = int(np.random.default_rng(seed).integers(5, 43))
    values[0, at + 1 : at + 5] = values[0, at]
    assert found(values) == [("series.copied", "m000", at + 4)]


@pytest.mark.parametrize("seed", range(50))
def test_a_whole_year_that_repeats_the_year_before_is_found(seed):
    values = chance(200 + seed)
    values[0, 36:48] = values[0, 24:36]
    assert found(values) == [("series.copied", "m000", 47)]


def test_small_counts_constants_and_values_at_the_end_of_their_scale_are_not_copied():
    counts = np.random.default_rng(5).poisson(2.0, (SERIES, 48)).astype(float)
    assert found(counts, unit="number", decimals=0) == []
    few = np.round(chance(12, level=60, sigma=12))
    few[0, 20:25] = few[0, 20]
    assert found(few, unit="number", decimals=0) == []
    assert found(np.full((1, 48), 71.3)) == []
    full = np.minimum(chance(6, 20, level=100, sigma=2), 100.0)
    assert found(full) == []


@pytest.mark.parametrize("seed", range(50))
def test_values_rounded_to_fives_most_of_the_time_are_found(seed):
    values = chance(300 + seed, length=40, level=400, sigma=60).round()
    guessed = np.random.default_rng(seed).random(40) < 0.7
    values = np.where(guessed, np.round(values / 5) * 5, values)
    assert found(values, unit="number", decimals=0) == [("series.digits", "m000", 39)]


def test_sums_of_money_few_values_and_a_coarser_last_digit_are_not_held_against_their_digits():
    fives = np.round(chance(7, length=48, level=400, sigma=60) / 5) * 5
    assert found(fives, unit="£", decimals=0) == []
    assert found(fives[:, :29], unit="number", decimals=0) == []
    assert found(chance(8, 20).round(0), decimals=1) == []


def test_the_order_of_rows_does_not_matter():
    values = chance(9)
    values[0, 10:14] = values[0, 9]
    held, about = frames(values)
    rules = scheme.load().patterns
    shuffled = held.sample(frac=1, random_state=1)
    first, second = (patterns.found(rows, about, rules) for rows in (held, shuffled))
    pd.testing.assert_frame_equal(first, second)
    assert len(first) == 1


@pytest.mark.parametrize(("by", "is_doubted"), [(9.0, True), (1.0, False)])
def test_a_revision_beyond_the_usual_move_is_doubted_and_one_within_it_is_not(by, is_doubted):
    held, about = frames(chance(10, level=400.0))
    held = held.assign(state="final", denominator=np.nan, end=pd.NaT)
    usual = patterns.usual_move(held, about, scheme.load().patterns)["mean"]
    assert 2 < usual["m000"] < 5
    revised = pd.DataFrame(
        {"measure_id": ["m000"], "period": ["2020-04"], "old": [400.0], "difference": [by]}
    )
    revised = revised.assign(new=400.0 + by, new_file="o.csv", new_sheet="", new_row=14)
    assert len(beyond_noise(revised, held, about, scheme.load())) == is_doubted


def broken(values, at, **more):
    """What is found where the definition changed before the value numbered `at`."""
    held, about = frames(np.atleast_2d(values), **more)
    about = about.assign(
        definition_from=held["period"].iloc[at], source_file="m.csv", source_sheet="", source_row=2
    )
    return breaks.level_breaks(held, about, periods.parse_quarter("2022-23 Q4"), scheme.load())


def stepped(at, by=25.0):
    values = chance(13)
    values[0, at:] += by
    return values


def test_a_level_that_moved_with_the_definition_is_told_with_both_levels():
    (row,) = broken(stepped(42), 42).to_dict("records")
    assert (row["rule"], row["severity"], row["column"]) == ("series.level-break", "note", "definition_from")
    said = re.fullmatch(r"about ([0-9.]+), as before; chance does not explain it", row["expected"])
    told = [float(row["got"]), float(said[1])]
    assert told == pytest.approx([stepped(42)[0, 42:].mean(), stepped(42)[0, 36:42].mean()], abs=0.11)


@pytest.mark.parametrize(
    ("values", "at", "more"),
    [
        (chance(14, SERIES), 42, {}),
        (stepped(46), 46, {}),
        (stepped(42)[:, 36:], 6, {}),
        (stepped(42), 30, {}),
        (np.full((1, 48), 70.0) + np.repeat([0.0, 25.0], [42, 6]), 42, {}),
        (stepped(42), 42, {"accumulation": "rolling"}),
    ],
    ids=["no move", "two values after", "too few moves", "elsewhere", "constant", "rolling"],
)
def test_no_level_is_said_to_break_without_enough_to_tell_it_from(values, at, more):
    assert broken(values, at, **more).empty


def test_a_pattern_is_a_doubt_with_the_period_on_which_it_was_found():
    values = chance(11)
    values[0, 20:25] = values[0, 20]
    held, about = frames(values)
    rows = patterns.found(held, about, scheme.load().patterns)
    seen = SimpleNamespace(findings=rows, known=held, measures=about)
    told = doubts._of_series(seen, "copied")
    assert told[["measure_id", "code", "period"]].to_numpy().tolist() == [["m000", "copied", "2021-04"]]
