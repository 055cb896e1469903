"""Status, drawn: how a value is rated, and why a measure has no rating."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import SCHEME, cases, pick, rated, rated_together, targets

from pmf_lib import verdicts
from pmf_lib.performance.status import STATES
from pmf_lib.periods import parse_quarter

VECTORS = Path(__file__).parents[1] / "vectors"
DIRECTION = SCHEME.model_copy(update={"method": "with-direction"})


def vectors(file, wanted):
    found = json.loads((VECTORS / f"{file}.json").read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(vector, id=vector["id"]) for vector in found if vector["rule"] in wanted]


RATING = """
| polarity | decimals | value | target | lower | upper | tolerance | tolerance_kind | state  |
|----------|----------|-------|--------|-------|-------|-----------|----------------|--------|
| higher   | 1        | 95.0  | 95     |       |       | 2         | amount         | met    |
| higher   | 1        | 97.3  | 95     |       |       | 2         | amount         | met    |
| higher   | 1        | 93.0  | 95     |       |       | 2         | amount         | near   |
| higher   | 1        | 92.9  | 95     |       |       | 2         | amount         | missed |
| higher   | 1        | 94.9  | 95     |       |       | 0         | amount         | missed |
| lower    | 0        | 12    | 15     |       |       | 2         | amount         | met    |
| lower    | 0        | 17    | 15     |       |       | 2         | amount         | near   |
| lower    | 0        | 18    | 15     |       |       | 2         | amount         | missed |
| higher   | 1        | 90.0  | 100    |       |       | 10        | per-cent       | near   |
| higher   | 1        | 89.9  | 100    |       |       | 10        | per-cent       | missed |
| lower    | 1        | 110.0 | 100    |       |       | 10        | per-cent       | near   |
| lower    | 1        | 110.1 | 100    |       |       | 10        | per-cent       | missed |
| higher   | 1        | −11   | −10    |       |       | 10        | per-cent       | near   |
| higher   | 1        | −11.1 | −10    |       |       | 10        | per-cent       | missed |
| lower    | 0        | 0     | 0      |       |       | 10        | per-cent       | met    |
| lower    | 0        | 1     | 0      |       |       | 10        | per-cent       | missed |
| higher   | 1        | 95.0  | 100    |       |       |           |                | near   |
| higher   | 1        | 94.9  | 100    |       |       |           |                | missed |
| higher   | 1        | 1.0   | 1.1    |       |       | 0.1       | amount         | near   |
| higher   | 3        | 0.273 | 0.3    |       |       | 9         | per-cent       | near   |
| range    | 0        | 10    |        | 10    | 15    | 2         | amount         | met    |
| range    | 0        | 15    |        | 10    | 15    | 2         | amount         | met    |
| range    | 0        | 8     |        | 10    | 15    | 2         | amount         | near   |
| range    | 0        | 7     |        | 10    | 15    | 2         | amount         | missed |
| range    | 0        | 17    |        | 10    | 15    | 2         | amount         | near   |
| range    | 0        | 18    |        | 10    | 15    | 2         | amount         | missed |
| range    | 1        | 9.0   |        | 10    | 20    | 10        | per-cent       | near   |
| range    | 1        | 22.0  |        | 10    | 20    | 10        | per-cent       | near   |
| range    | 1        | 22.1  |        | 10    | 20    | 10        | per-cent       | missed |
| range    | 0        | 99    |        | 10    |       | 2         | amount         | met    |
| range    | 0        | 17    |        |       | 15    | 2         | amount         | near   |
| higher   | 2        | 2.675 | 2.68   |       |       | 0         | amount         | met    |
| higher   | 0        | 94.5  | 95     |       |       | 0         | amount         | met    |
| higher   | 0        | 94.49 | 95     |       |       | 0         | amount         | missed |
| lower    | 0        | −0.5  | −1     |       |       | 0         | amount         | met    |
| higher   | 0        | −2    | 0      |       |       | 2         | amount         | near   |
| higher   | 0        | −3    | 0      |       |       | 2         | amount         | missed |
| lower    | 1        | −9.0  | −10    |       |       | 10        | per-cent       | near   |
| lower    | 1        | −8.9  | −10    |       |       | 10        | per-cent       | missed |
| range    | 1        | −11.0 |        | −10   | −5    | 10        | per-cent       | near   |
| range    | 1        | −4.4  |        | −10   | −5    | 10        | per-cent       | missed |
| range    | 1        | −0.1  |        | 0     | 20    | 10        | per-cent       | missed |
| range    | 1        | −1.0  |        | 0     | 20    | 2         | amount         | near   |
"""


@pytest.fixture(scope="module")
def ratings():
    drawn = [case for values, *_ in cases(RATING) for case in values]
    given = [
        {
            "values": {"2024-25 Q2": case["value"]},
            "target": pick(case, "target", "lower", "upper", "tolerance", "tolerance_kind"),
            "measure": pick(case, "polarity", "decimals"),
        }
        for case in drawn
    ]
    found = rated_together(given)
    return [(case, row["state"]) for case, row in zip(drawn, found, strict=True)]


@pytest.mark.parametrize("case", cases(RATING))
def test_a_value_is_rated_by_polarity_target_and_tolerance(case, ratings):
    found = [state for drawn, state in ratings if drawn == case]
    assert found == [case["state"]]


STATE = """
| definition | retired_from | monitor_only | polarity | state of value | value | target | as at      | frequency       | state          |
|------------|--------------|--------------|----------|----------------|-------|--------|------------|-----------------|----------------|
| counted    |              | no           | higher   | final          | 96    | 95     | 2024-11-15 | quarterly       | met            |
| none       | 2024-25      | yes          | higher   | suppressed     | 96    | 95     | 2024-11-15 | quarterly       | not_defined    |
| counted    | 2024-25 Q2   | yes          | higher   | suppressed     | 96    | 95     | 2024-11-15 | quarterly       | retired        |
| counted    | 2024-25      | no           | higher   | final          |       |        | 2024-11-15 | annual          | retired        |
| counted    | 2024-25 Q3   | no           | higher   | final          | 96    | 95     | 2024-11-15 | quarterly       | met            |
| counted    |              | yes          | higher   | suppressed     | 96    | 95     | 2024-11-15 | quarterly       | monitor_only   |
| counted    |              | no           | none     | final          | 96    | 95     | 2024-11-15 | quarterly       | monitor_only   |
| counted    |              | no           | higher   | suppressed     | 96    |        | 2024-11-15 | quarterly       | suppressed     |
| counted    |              | no           | higher   | final          | 96    |        | 2024-11-15 | quarterly       | target_missing |
| counted    |              | no           | range    | final          | 96    | 95     | 2024-11-15 | quarterly       | target_missing |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | quarterly       | late           |
| counted    |              | no           | higher   | final          |       |        | 2024-10-31 | quarterly       | late           |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | annual          | not_due        |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | calendar-annual | not_due        |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | academic-annual | late           |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | termly          | late           |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-30 | monthly         | late           |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | weekly          | late           |
| counted    |              | no           | higher   | final          |       | 95     | 2024-10-31 | multi-year      | not_due        |
"""


@pytest.mark.parametrize("case", cases(STATE))
def test_every_measure_is_in_the_first_state_that_holds(case):
    row = rated(
        {"2024-25 Q2": case["value"]} if "value" in case else {},
        pick(case, "target") or None,
        as_at=date.fromisoformat(case["as at"]),
        state=case["state of value"],
        definition=case["definition"].replace("none", ""),
        monitor_only=case["monitor_only"] == "yes",
        **pick(case, "retired_from", "polarity", "frequency"),
    )
    assert row["state"] == case["state"]
    assert row["why"].endswith(".")
    assert row["rule"].startswith("status.")


PERIOD = """
| frequency       | observed         | period           |
|-----------------|------------------|------------------|
| monthly         |                  | 2024-09          |
| quarterly       |                  | 2024-25 Q2       |
| termly          |                  | 2023/24 Summer   |
| weekly          |                  | 2024-W39         |
| academic-annual |                  | 2023/24          |
| annual          | 2023-24          |                  |
| calendar-annual | 2023             |                  |
| multi-year      | 2021-10..2024-09 | 2021-10..2024-09 |
| multi-year      | 2021-07..2024-06 |                  |
"""


@pytest.mark.parametrize("case", cases(PERIOD))
def test_a_quick_measure_is_rated_for_the_last_period_of_its_frequency_that_ends_in_the_quarter(case):
    values = {case["observed"]: 1.0} if "observed" in case else {}
    assert rated(values, frequency=case["frequency"])["period"] == case.get("period", "")


BASIS = """
| frequency | accumulation | basis        | state          |
|-----------|--------------|--------------|----------------|
| quarterly | in-period    | in-period    | met            |
| quarterly | year-to-date | year-to-date | met            |
| quarterly | year-to-date | in-period    | target_missing |
| quarterly | in-period    | year-to-date | target_missing |
| quarterly | rolling      | in-period    | met            |
| quarterly | rolling      | year-to-date | target_missing |
"""


@pytest.mark.parametrize("case", cases(BASIS))
def test_a_value_is_rated_only_against_a_target_for_the_same_stretch_of_time(case):
    row = rated(
        {"2024-25 Q2": 96.0},
        {"target": 95.0, "basis": case["basis"], "from_period": "2024-25 Q2"},
        **pick(case, "frequency", "accumulation"),
    )
    assert row["state"] == case["state"]
    assert ("but the target is for" in row["why"]) == (case["state"] == "target_missing")


@pytest.mark.parametrize("basis", ["in-period", "year-to-date"])
@pytest.mark.parametrize("accumulation", ["in-period", "year-to-date"])
def test_a_financial_year_is_both_the_period_and_the_year_to_date(basis, accumulation):
    row = rated(
        {"2023-24": 96.0},
        {"target": 95.0, "basis": basis},
        quarter=parse_quarter("2023-24 Q4"),
        frequency="annual",
        accumulation=accumulation,
    )
    assert row["state"] == "met"


PROFILE = """
| accumulation | period rated | first row of the profile | second row | state          |
|--------------|--------------|--------------------------|------------|----------------|
| year-to-date | 2024-25 Q2   | 2024-25 Q1               | 2024-25 Q2 | met            |
| year-to-date | 2024-25 Q2   | 2024-25 Q1               | 2024-25 Q3 | target_missing |
| year-to-date | 2024-25 Q2   | 2023-24 Q2               |            | target_missing |
| year-to-date | 2024-25 Q4   | 2024-25                  |            | met            |
| year-to-date | 2024-25 Q4   | 2024-25                  | 2024-25 Q3 | met            |
| year-to-date | 2024-25 Q1   | 2024-25                  |            | target_missing |
| year-to-date | 2024-25 Q4   | 2023-24                  |            | target_missing |
| year-to-date | 2023-24      | 2020-21                  |            | met            |
"""


@pytest.mark.parametrize("case", cases(PROFILE))
def test_a_target_for_the_year_to_date_holds_for_its_own_day_alone(case):
    label = case["period rated"]
    given = [case.get(name) for name in ("first row of the profile", "second row")]
    goals = pd.concat(
        [targets(target=95.0, basis="year-to-date", from_period=row, source_row=9) for row in given if row]
    )
    row = rated(
        {label: 96.0},
        quarter=parse_quarter(label if "Q" in label else "2023-24 Q4"),
        as_at=date(2025, 5, 15),
        frequency="quarterly" if "Q" in label else "annual",
        accumulation=case["accumulation"],
        goals=goals,
    )
    assert row["state"] == case["state"]
    if case["state"] == "target_missing":
        assert "there is no profile for Quarter" in row["why"]
        assert (np.isnan(row["target"]), row["target_file"], row["target_row"]) == (True, "", 0)


def test_the_rest_of_a_target_that_is_not_carried_forward_is_not_shown_either():
    row = rated(
        {"2024-25 Q2": 96.0},
        {"target": 95.0, "tolerance": 3.0, "basis": "year-to-date", "from_period": "2024-25 Q1"},
        accumulation="year-to-date",
    )
    assert row[["tolerance", "lower", "upper"]].isna().all()
    assert row["capability"] == "not_tested"


FROM = """
| from_period | state          |
|-------------|----------------|
| 2024-25 Q2  | met            |
| 2024-25 Q1  | met            |
| 2024-25     | met            |
| 2024-25 Q3  | target_missing |
| 2025-26     | target_missing |
"""


@pytest.mark.parametrize("case", cases(FROM))
def test_a_target_holds_from_its_first_period_on(case):
    row = rated({"2024-25 Q2": 96.0}, {"target": 95.0, "from_period": case["from_period"]})
    assert row["state"] == case["state"]


COLOURS = {"green": "met", "amber": "near", "red": "missed"}


@pytest.mark.parametrize("vector", vectors("rag", {"more", "less"}))
def test_a_tolerance_per_cent_gives_the_published_colour(vector):
    given = vector["input"]
    row = rated(
        {"2024-25 Q2": float(given["actual"])},
        {"target": given["target"], "tolerance": given["variance_pct"], "tolerance_kind": "per-cent"},
        polarity={"more": "higher", "less": "lower"}[vector["rule"]],
    )
    assert row["state"] == COLOURS[vector["expected"]["rag"]]


@pytest.mark.parametrize("vector", vectors("rag", {"goal_post"}))
def test_a_range_without_tolerance_gives_the_published_colour(vector):
    given = vector["input"]
    reach = given["target"] * given["variance_pct"] / 100
    bounds = {"lower": given["target"] - reach, "upper": given["target"] + reach, "tolerance": 0.0}
    row = rated({"2024-25 Q2": float(given["actual"])}, bounds, polarity="range")
    assert row["state"] == COLOURS[vector["expected"]["rag"]]
    assert (row["state"] == "met") == vector["expected"]["in_range"]


@pytest.mark.parametrize("vector", vectors("council_published", {"rag_with_direction"}))
def test_the_with_direction_scheme_gives_the_published_colour(vector):
    given = vector["input"]
    row = rated(
        {"2023-24 Q2": given["same_quarter_last_year"], "2024-25 Q2": given["actual"]},
        {"target": given["target"], "tolerance": 10, "tolerance_kind": "per-cent"},
        scheme=DIRECTION,
        polarity=given["polarity"],
    )
    assert row["state"] == COLOURS[vector["expected"]]
    assert row["rule"] == "status.with-direction"


WITH_DIRECTION = """
| polarity | year_before | value | target | tolerance | tolerance_kind | state  |
|----------|-------------|-------|--------|-----------|----------------|--------|
| higher   | 80          | 96    | 95     | 2         | amount         | met    |
| higher   | 99          | 93    | 95     | 2         | amount         | met    |
| higher   | 92          | 92    | 95     | 2         | amount         | near   |
| higher   | 92.1        | 92    | 95     | 2         | amount         | missed |
| higher   |             | 92    | 95     | 2         | amount         | missed |
| lower    | 19          | 18    | 15     | 2         | amount         | near   |
| lower    | 17          | 18    | 15     | 2         | amount         | missed |
| lower    | 5           | 4     | 0      | 10        | per-cent       | near   |
| higher   | −13         | −12   | −10    | 10        | per-cent       | near   |
| higher   | −12         | −11   | −10    | 10        | per-cent       | met    |
"""


@pytest.mark.parametrize("case", cases(WITH_DIRECTION))
def test_with_direction_a_miss_that_is_no_worse_than_a_year_before_is_near(case):
    values = {
        label: case[name]
        for label, name in (("2023-24 Q2", "year_before"), ("2024-25 Q2", "value"))
        if name in case
    }
    given = pick(case, "target", "tolerance", "tolerance_kind")
    row = rated(values, given, scheme=DIRECTION, polarity=case["polarity"])
    assert row["state"] == case["state"]


def test_the_with_direction_scheme_says_what_it_compared():
    row = rated({"2023-24 Q2": 85.0, "2024-25 Q2": 89.0}, {"target": 100}, scheme=DIRECTION)
    assert row["why"] == (
        "89.0% against a target of 100.0%: 11.0 below, outside the tolerance of 5.0, 5% of the target "
        "(the scheme's default), and no worse than a year before (85.0%)."
    )


def test_the_states_are_those_of_the_verdict_words():
    assert set(STATES) == set(verdicts.load().codes("status", "absence"))


def test_a_provisional_value_is_rated_and_marked():
    row = rated({"2024-25 Q2": 96.0}, {"target": 95.0}, state="provisional")
    assert (row["state"], bool(row["provisional"])) == ("met", True)
