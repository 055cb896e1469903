"""The reference cases of `tests/vectors/banding.json`: bands, ranks, change, intervals beside a benchmark."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pmf_lib.performance.benchmark import against, band, rank
from pmf_lib.performance.direction import direction

FILE = Path(__file__).parents[1] / "vectors" / "banding.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
POLARITY = {
    "Low": "lower",
    "High": "higher",
    "HighIsGood": "higher",
    "LowIsGood": "lower",
    "NoJudgement": "none",
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
    series = pd.DataFrame({"measure_id": "a", "ordinal": given["years"], "value": given["values"]})
    series["value_in_period"] = series["value"]
    points = series[["measure_id", "ordinal"]].assign(segment=0, point_type="")
    latest = series["ordinal"].max()
    row = {"measure_id": "a", "ordinal": latest, "kind": "calendar_year", "decimals": 0, "polarity": "higher"}
    rows = pd.DataFrame([row | {"first_ordinal": np.nan}])
    return direction(rows, series, points)["change_short"].item()


def ci_vs_reference(given):
    values, half = np.array(given["values"], dtype=float), given["ci_half_width"]
    way = np.full(len(values), POLARITY[given["polarity"]])
    found = against(values - half, values + half, np.array(given["benchmark"], dtype=float), way)
    return [word.capitalize() for word in found]


RULES = {"quartile": quartile, "rank": ranks, "change": change, "ci_vs_reference": ci_vs_reference}


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["id"]) for vector in VECTORS])
def test_a_comparison_gives_the_published_answer(vector):
    assert RULES[vector["rule"]](vector["input"]) == vector["expected"]
