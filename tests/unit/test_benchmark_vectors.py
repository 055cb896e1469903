"""The reference cases of `tests/vectors/banding.json`: bands, ranks, change, intervals beside a benchmark."""

import json
import statistics
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from pmf_lib.performance.benchmark import BenchmarkOptions, against, band, rank, standing
from pmf_lib.performance.direction import direction
from pmf_lib.performance.spc import xmr

FILE = Path(__file__).parents[1] / "vectors" / "banding.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
POLARITY = {
    "Low": "lower",
    "High": "higher",
    "HighIsGood": "higher",
    "LowIsGood": "lower",
    "NoJudgement": "none",
    "-": "none",
    None: "none",
}
BANDS = {"outside": "Error", "": None}


def quartile(given):
    points = [given["bands"][name] for name in ("0%", "25%", "50%", "75%", "100%")]
    value = np.array([given["value"]], dtype=float)
    found = band(value, np.array([points], dtype=float).T, np.array([POLARITY[given["polarity"]]])).item()
    return BANDS.get(found, found)


def ranks(given):
    found = rank(np.array(given["values"], dtype=float), POLARITY[given["polarity"]])
    return [None if np.isnan(place) else int(place) for place in found]


def change(given):
    values = np.array(given["values"], dtype=float)
    series = pd.DataFrame({"measure_id": "a", "ordinal": given["years"], "value": values})
    series["value_in_period"] = series["value"]
    latest = series["ordinal"].max()
    row = {"measure_id": "a", "ordinal": latest, "kind": "calendar_year", "decimals": 6, "polarity": "higher"}
    rows = pd.DataFrame([row | {"first_ordinal": np.nan}])
    found = direction(rows, series, xmr(series).points)["change_short"].item()
    return None if np.isnan(found) else found


def ci_vs_reference(given):
    values, half = np.array(given["values"], dtype=float), given["ci_half_width"]
    way = np.full(len(values), POLARITY[given["polarity"]])
    found = against(values - half, values + half, np.array(given["benchmark"], dtype=float), way)
    return [word.capitalize() for word in found]


RULES = {"quartile": quartile, "rank": ranks, "change": change, "ci_vs_reference": ci_vs_reference}


BOUNDS = {"even": [0, 25, 50, 75, 100], "one missing": [10, 20, np.nan, 40, 50], "all one": [5, 5, 5, 5, 5]}
FURTHER = """
even          10   lower  A
even          10   higher D
even          30   higher C
even          60   higher B
even          80   higher A
even          25   lower  A
even          25   higher D
even          75   lower  C
even          75   higher B
even         100   lower  D
even         100   higher A
even           0   higher D
even         110   higher outside
even         110   lower  outside
even         nan   higher -
even         nan   lower  -
even          10   none   -
even          10   range  -
one_missing   15   lower  A
one_missing   25   lower  outside
one_missing   35   higher outside
one_missing   45   lower  D
one_missing    5   higher outside
one_missing   55   lower  outside
one_missing   20   higher D
all_one        5   lower  A
all_one        5   higher D
"""
"""The same tool's other cases, and some that follow from its rule: bounds, figure, which way is best, band."""


@pytest.mark.parametrize("case", FURTHER.strip().splitlines())
def test_a_quarter_holds_its_upper_bound_and_the_lowest_one_its_lower(case):
    name, value, way, expected = case.split()
    bounds = np.array([BOUNDS[name.replace("_", " ")]], dtype=float).T
    assert (band(np.array([float(value)]), bounds, np.array([way])).item() or "-") == expected


@pytest.mark.parametrize(
    ("values", "way", "expected"),
    [
        ([10, 20, 20, 30, 40], "higher", [5, 3, 3, 2, 1]),
        ([10, 20, 20, 30, 40], "lower", [1, 2, 2, 4, 5]),
        ([7, 7, 7], "higher", [1, 1, 1]),
        ([], "higher", []),
        ([np.nan, np.nan, np.nan], "lower", [None] * 3),
        ([10, 20], "none", [None] * 2),
        ([-1, 0, -0.5], "higher", [3, 1, 2]),
    ],
)
def test_places_are_shared_and_the_next_ones_left_out(values, way, expected):
    found = rank(np.array(values, dtype=float), way)
    assert [None if np.isnan(place) else place for place in found] == expected


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("lower", ["worse", "similar", "similar", "better"]),
        ("higher", ["better", "similar", "similar", "worse"]),
        ("none", ["higher", "similar", "similar", "lower"]),
        ("range", ["higher", "similar", "similar", "lower"]),
    ],
)
def test_an_interval_that_holds_the_reference_or_ends_on_it_is_similar(way, expected):
    values, reference = np.array([4.0, 3, 2, 1]), np.array([1.0, 2, 3, 4])
    ways = np.full(4, way)
    assert against(values - 1.1, values + 1.1, reference, ways).tolist() == expected
    touching = against(reference, reference + 2, reference, ways)
    assert touching.tolist() == ["similar"] * 4
    missing = against(np.full(4, np.nan), values, reference, ways)
    assert missing.tolist() == [""] * 4


def quartile_by_hand(values, share):
    """R's default way (type 7), figure by figure."""
    place = (len(values) - 1) * share
    below = int(place)
    above = min(below + 1, len(values) - 1)
    ordered = sorted(values)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


@settings(max_examples=80, deadline=None)
@drawn(st.lists(st.integers(-30, 30), min_size=4, max_size=40), st.sampled_from(["higher", "lower"]))
def test_bands_and_distances_are_those_worked_out_by_hand(values, way):
    frame = pd.DataFrame(
        {"measure_id": "a", "period": "2024", "value": np.array(values, float), "polarity": way}
    )
    found = standing(frame, options=BenchmarkOptions(least_authorities=4))
    quarters = [quartile_by_hand(values, share) for share in (0.25, 0.5, 0.75)]
    middle = statistics.median(values)
    mad = statistics.median(abs(value - middle) for value in values)
    letters = "ABCD" if way == "lower" else "DCBA"
    assert found["band"].tolist() == [letters[sum(value > bound for bound in quarters)] for value in values]
    assert found["mad"].tolist() == [mad] * len(values)
    expected = [(value - middle) / mad if mad else np.nan for value in values]
    np.testing.assert_allclose(found["distance_mad"], expected)


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["id"]) for vector in VECTORS])
def test_a_comparison_gives_the_published_answer(vector):
    assert RULES[vector["rule"]](vector["input"]) == vector["expected"]
