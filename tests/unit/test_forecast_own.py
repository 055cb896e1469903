"""The service's own forecast beside the range, and what the sample council's services expect of their year."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecast_made import QUARTER, held, measure

from pmf_lib.performance.forecast import ForecastOptions, beside, coverage, forecast
from pmf_lib.performance.series import series
from pmf_lib.records.schema import TABLES

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
SLIP = pd.DataFrame({"measure_id": ["mandatory-training"], "period": ["2024-08"]})
"""A planted unit slip, which checking the records finds."""


def said(low, high, own, **more):
    found = pd.DataFrame({"measure_id": ["a"], "low": [low], "high": [high]})
    told = {
        "measure_id": "a",
        "quarter": "2024-25 Q2",
        "year": "2024-25",
        "forecast": own,
        "basis": "As before.",
    }
    return beside(found, pd.DataFrame([told]), pd.DataFrame([measure(**more)]), QUARTER).iloc[0]


@pytest.mark.parametrize(
    ("own", "polarity", "code"),
    [
        (400, "higher", "agrees"),
        (450, "higher", "more_hopeful"),
        (450, "lower", "less_hopeful"),
        (450, "range", "higher"),
        (350, "higher", "less_hopeful"),
        (350, "lower", "more_hopeful"),
        (350, "none", "lower"),
    ],
)
def test_an_own_forecast_lies_within_the_range_or_is_more_or_less_hopeful(own, polarity, code):
    assert said(390, 410, own, polarity=polarity)["own_says"] == code


def test_figures_are_compared_as_the_measure_is_reported():
    assert said(390.4, 410.4, 411)["own_says"] == "agrees"
    assert said(390.4, 410.4, 412)["own_says"] == "more_hopeful"


def test_the_sentence_quotes_the_service_and_the_range():
    row = said(390, 434, 450)
    assert row["own_why"] == (
        "The service expects 450, which is more hopeful than the whole range at the present pace (390 to 434)."
    )
    assert (row["own"], row["own_basis"]) == (450, "As before.")


def test_without_an_own_forecast_or_a_range_nothing_is_compared():
    assert said(np.nan, np.nan, 450)["own_says"] == "not_compared"
    found = pd.DataFrame({"measure_id": ["a"], "low": [1.0], "high": [2.0]})
    none = beside(found, pd.DataFrame(), pd.DataFrame([measure()]), QUARTER).iloc[0]
    assert none["own_says"] == "none"
    other_year = pd.DataFrame(
        [{"measure_id": "a", "quarter": "2024-25 Q2", "year": "2025-26", "forecast": 2.0}]
    )
    assert beside(found, other_year, pd.DataFrame([measure()]), QUARTER).iloc[0]["own_says"] == "none"


# ---- the sample council -------------------------------------------------------------------------------------------


def read(table):
    text = {
        name: str for name, spec in TABLES[table].columns.items() if (spec.metadata or {})["kind"] != "number"
    }
    frame = pd.read_csv(SAMPLE / f"{table}.csv", dtype=text, keep_default_na=False, na_values={
        name: [""] for name in TABLES[table].columns if name not in text
    })  # fmt: skip
    days = [name for name, spec in TABLES[table].columns.items() if (spec.metadata or {})["kind"] == "date"]
    flags = [name for name, spec in TABLES[table].columns.items() if (spec.metadata or {})["kind"] == "flag"]
    frame = frame.assign(**{name: frame[name].eq("yes") for name in flags})
    return frame.assign(
        **{name: pd.to_datetime(frame[name].replace("", None)) for name in days}
    ).drop_duplicates()


@pytest.fixture(scope="module")
def sample():
    tables = {name: read(name) for name in ("measures", "observations", "targets", "forecasts")}
    rows = series(tables["observations"], tables["measures"], date(2024, 11, 15), set_aside=SLIP)
    found = forecast(tables["measures"], rows, tables["targets"], quarter=QUARTER)
    own = beside(found.measures, tables["forecasts"], tables["measures"], QUARTER)
    services = found.measures.merge(tables["measures"][["measure_id", "service"]], on="measure_id")["service"]
    return found, found.measures.join(own).assign(service=services)


def test_one_service_of_the_sample_is_too_hopeful_and_one_is_right(sample):
    _, rows = sample
    given = rows[(rows["own_says"] != "none") & (rows["refused"] == "")]
    says = given.groupby("service")["own_says"].agg(set)
    assert says["Waste and Street Scene"] == {"more_hopeful"}
    assert says["Adult Social Care"] == {"agrees"}
    counts = given["service"].value_counts()
    assert counts[["Waste and Street Scene", "Adult Social Care"]].tolist() == [6, 11]


def test_about_twenty_five_measures_of_the_sample_have_an_own_forecast(sample):
    _, rows = sample
    assert (rows["own_says"] != "none").sum() == 25


def test_ranges_of_the_sample_hold_about_as_many_outturns_as_they_promise(sample):
    found, _ = sample
    share = coverage(found).set_index("group")["coverage_pct"]
    assert share["all"] == pytest.approx(80, abs=4)
    assert share["shown"] == pytest.approx(80, abs=4)


EXAMPLES = ("people-into-work", "call-wait", "temporary-accommodation")


@pytest.mark.parametrize("measure_id", EXAMPLES)
def test_the_methods_page_quotes_the_sample_as_it_is(sample, measure_id):
    page = " ".join(
        (SAMPLE.parents[1] / "docs" / "methods" / "forecast.md").read_text(encoding="utf-8").split()
    )
    row = sample[1].set_index("measure_id").loc[measure_id]
    assert f"{row['why']} {row['own_why']}" in page


# ---- made-up series whose outturn is known -------------------------------------------------------------------------

SERIES = 150


def walks(rng, size):
    return 100 + np.cumsum(rng.normal(0, 2, size))


WORLDS = {
    "noise": lambda rng, size: 100 + rng.normal(0, 5, size),
    "a level that wanders": walks,
    "a wandering level in noise": lambda rng, size: (
        100 + np.cumsum(rng.normal(0, 1.5, size)) + rng.normal(0, 4, size)
    ),
    "a trend": lambda rng, size: 100 + 0.8 * np.arange(size) + rng.normal(0, 4, size),
    "a season": lambda rng, size: 100 + 10 * np.cos(np.arange(size) * np.pi / 2) + rng.normal(0, 4, size),
}


@pytest.mark.slow
def test_ranges_hold_about_as_many_outturns_as_they_promise_over_made_up_series():
    of, rows, truth = [], [], {}
    for at, (world, make) in enumerate(WORLDS.items()):
        rng = np.random.default_rng(20 + at)
        for number in range(SERIES):
            name = f"{world}/{number}"
            values = make(rng, 24)
            of.append(measure(name, roll_up="mean"))
            rows.append(held(list(values[:22]), of[-1]))
            truth[name] = values[20:].mean()
    found = forecast(
        pd.DataFrame(of), pd.concat(rows), pd.DataFrame(), quarter=QUARTER, options=ForecastOptions()
    )
    told = found.measures[found.measures["refused"] == ""]
    came = told["measure_id"].map(truth)
    held_it = came.between(told["low"], told["high"])
    share = coverage(found).set_index("group")["coverage_pct"]
    by_world = held_it.groupby(told["measure_id"].str.split("/").str[0]).mean() * 100
    assert 100 * held_it.mean() == pytest.approx(80, abs=4)
    assert share["all"] == pytest.approx(80, abs=5)
    assert by_world.between(70, 92).all()
