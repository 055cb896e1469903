"""Stretch targets, and targets that change: what is in force for which period, who approved it, what is compared."""

from datetime import date

import pandas as pd
import pytest
from drawn import SCHEME, cases, rated, targets
from test_spec_direction import drawn_values

from pmf_lib.periods import parse_quarter

STRETCH = """
| polarity | value | target | stretch | state  | said                                                |
|----------|-------|--------|---------|--------|-----------------------------------------------------|
| higher   | 98    | 95     | 98      | met    | 3.0 above; met, and the stretch target of 98.0% too |
| higher   | 97.9  | 95     | 98      | met    | the stretch target of 98.0% is not reached          |
| lower    | 8     | 10     | 8       | met    | 2.0 below; met, and the stretch target of 8.0% too  |
| lower    | 9     | 10     | 8       | met    | the stretch target of 8.0% is not reached           |
| higher   | 94    | 95     | 98      | near   |                                                     |
| higher   | 80    | 95     | 98      | missed |                                                     |
"""


@pytest.mark.parametrize("case", cases(STRETCH))
def test_a_stretch_target_is_told_beside_the_target_and_changes_no_state(case):
    given = {"target": case["target"], "stretch": float(case["stretch"])}
    row = rated({"2024-25 Q2": case["value"]}, given, polarity=case["polarity"])
    assert row["state"] == case["state"]
    assert row["stretch"] == float(case["stretch"])
    assert ("stretch" in row["why"]) == ("said" in case)
    assert case.get("said", "") in row["why"]


def changed(first="2024-25 Q1", second="2024-25 Q2", before=80.0, after=85.0, **more):
    """A target of 80 from one period on and of 85 from another on."""
    approved = {"approved_by": "Cabinet", "approved_on": pd.Timestamp("2024-07-03")} | more
    return pd.concat(
        [
            targets(from_period=first, target=before),
            targets(from_period=second, target=after, source_row=3, **approved),
        ],
        ignore_index=True,
    )


def test_a_target_changed_within_the_year_is_said_to_be_with_who_approved_it():
    row = rated({"2024-25 Q2": 86.0}, goals=changed())
    assert row["target"] == 85
    assert row["why"] == (
        "86.0% against a target of 85.0%: 1.0 above. The target was changed from 80.0% to 85.0% "
        "from Quarter 2, July to September 2024, approved by Cabinet on 3 July 2024."
    )


@pytest.mark.parametrize("missing", [{"approved_by": ""}, {"approved_on": pd.NaT}])
def test_a_change_without_approval_is_said_to_have_none(missing):
    row = rated({"2024-25 Q2": 86.0}, goals=changed(**missing))
    assert row["why"].endswith("July to September 2024, and no approval of the change is recorded.")


IN_FORCE = """
| first      | second     | period rated | target | said |
|------------|------------|--------------|--------|------|
| 2024-25 Q1 | 2024-25 Q2 | 2024-25 Q1   | 80     | no   |
| 2024-25 Q1 | 2024-25 Q2 | 2024-25 Q2   | 85     | yes  |
| 2024-25 Q1 | 2024-25 Q2 | 2024-25 Q3   | 85     | yes  |
| 2023-24    | 2024-25 Q2 | 2024-25 Q2   | 85     | yes  |
| 2023-24    | 2024-25    | 2024-25 Q2   | 85     | no   |
| 2023-24 Q2 | 2024-25 Q1 | 2024-25 Q2   | 85     | no   |
| 2023-24 Q1 | 2023-24 Q2 | 2024-25 Q2   | 85     | no   |
"""


@pytest.mark.parametrize("case", cases(IN_FORCE))
def test_the_target_of_the_period_counts_and_only_a_change_within_its_year_is_told(case):
    row = rated(
        {case["period rated"]: 90.0},
        goals=changed(case["first"], case["second"]),
        quarter=parse_quarter(case["period rated"]),
        as_at=date(2025, 3, 1),
    )
    assert row["target"] == case["target"]
    assert ("was changed" in row["why"]) == (case["said"] == "yes")


def test_a_row_that_repeats_the_target_is_no_change():
    row = rated({"2024-25 Q2": 86.0}, goals=changed(after=80.0))
    assert "was changed" not in row["why"]


def test_a_range_that_was_changed_is_told_with_both_ranges():
    goals = changed().assign(target=float("nan"), lower=[10.0, 12.0], upper=[15.0, 18.0])
    row = rated({"2024-25 Q2": 13.0}, goals=goals, polarity="range")
    assert "changed from a range of 10.0 to 15.0% to a range of 12.0 to 18.0% from Quarter 2" in row["why"]


ACROSS = """
| first      | second     | scheme             | short         | long          |
|------------|------------|--------------------|---------------|---------------|
| 2020-21    | 2024-25 Q2 | change-within-year | no_comparison | no_comparison |
| 2020-21    | 2024-25 Q1 | change-within-year | worse         | worse         |
| 2020-21    | 2023-24 Q4 | change-within-year | worse         | no_comparison |
| 2020-21    | 2024-25 Q1 | any-change         | worse         | no_comparison |
| 2020-21    | 2023-24 Q1 | any-change         | worse         | worse         |
"""


@pytest.mark.parametrize("case", cases(ACROSS))
def test_no_direction_is_given_across_a_change_of_target(case):
    scheme = SCHEME.model_copy(update={"no_direction_across": case["scheme"]})
    row = rated(drawn_values({"value": 10}), goals=changed(case["first"], case["second"]), scheme=scheme)
    assert (row["direction_short"], row["direction_long"]) == (case["short"], case["long"])


ANNUAL = """
| unit            | polarity | old | of old | new | of new | long           |
|-----------------|----------|-----|--------|-----|--------|----------------|
| %               | higher   | 100 | 200    | 120 | 200    | better         |
| %               | lower    | 100 | 200    | 120 | 200    | worse          |
| %               | none     | 100 | 200    | 120 | 200    | up             |
| %               | higher   | 100 | 200    | 110 | 200    | no_real_change |
| %               | higher   | 10  | 20     | 12  | 20     | no_real_change |
| %               | higher   | 100 | 200    |     |        | not_tested     |
| rate per 10,000 | lower    | 65  | 50000  | 40  | 50000  | better         |
| rate per 10,000 | lower    | 65  | 50000  | 55  | 50000  | no_real_change |
| days            | lower    | 65  | 50     | 40  | 50     | not_tested     |
"""
SCALE = {"%": 100.0, "rate per 10,000": 10_000.0, "days": 1.0}


def yearly(case, **more):
    """An annual measure's figures for two years, from their counts."""
    counts = [case.get(name, "nan") for name in ("old", "of old", "new", "of new")]
    old, of_old, new, of_new = map(float, counts)
    seen = pd.DataFrame(
        {
            "period": ["2022-23", "2023-24"],
            "value": [SCALE[case["unit"]] * old / of_old, SCALE[case["unit"]] * new / of_new],
            "numerator": [old, new],
            "denominator": [of_old, of_new],
            "recorded_at": pd.Timestamp("2024-05-01"),
            "state": "final",
        }
    )
    seen["value"] = seen["value"].fillna(55.0)
    about = {"frequency": "annual", "unit": case["unit"], "polarity": case["polarity"]}
    return rated({}, seen=seen, quarter=parse_quarter("2023-24 Q4"), as_at=date(2024, 5, 20), **about, **more)


@pytest.mark.parametrize("case", cases(ANNUAL))
def test_annual_figures_are_compared_by_the_interval_of_their_difference(case):
    row = yearly(case)
    assert row["direction_long"] == row["direction_short"] == case["long"]


def test_annual_figures_are_not_compared_across_a_change_of_definition_or_of_target():
    case = {"unit": "%", "polarity": "higher", "old": 100, "of old": 200, "new": 120, "of new": 200}
    scheme = SCHEME.model_copy(update={"no_direction_across": "any-change"})
    goals = changed("2022-23", "2023-24", before=50.0, after=55.0)
    assert yearly(case, definition_from="2023-24")["direction_long"] == "no_comparison"
    assert yearly(case, goals=goals, scheme=scheme)["direction_long"] == "no_comparison"
    assert yearly(case, goals=goals)["direction_long"] == "better"
