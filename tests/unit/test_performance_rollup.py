"""Sums over periods and summaries: the reference cases of `tests/vectors`, and what they leave open."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import rated as rated_row
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.performance.rollup import attainment_pct, rolling_sum, share_pct, state_counts
from pmf_lib.workbook.pages.scorecard.counts import counts as row_of_counts

FOLDER = Path(__file__).parents[1] / "vectors"
HELD_ELSEWHERE = {"more", "less", "goal_post", "rag_with_direction"}
"""Rules of these files that `tests/spec/test_spec_status.py` holds."""
STATES = {"green": "met", "amber": "near", "red": "missed", "no_target": "target_missing"}
NOT_APPLICABLE = {"target not set": "target_missing", "data awaited": "awaited"}
"""What a council's "not applicable" means, in its words → our state."""
OUTCOMES = ("improving_or_static", "worsening", "no_trend")


def vectors(file, rule):
    found = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(vector, id=vector["id"]) for vector in found if vector["rule"] == rule]


def series(values, measure="a", ordinals=None):
    ordinals = range(len(values)) if ordinals is None else ordinals
    return pd.DataFrame({"measure_id": measure, "ordinal": ordinals, "value": values})


@pytest.mark.parametrize("file", ["rag", "council_published"])
def test_every_reference_case_is_held_by_a_test(file):
    found = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))["vectors"]
    assert {vector["rule"] for vector in found} <= HELD_ELSEWHERE | {"rolling_sum", "summary_counts"}


@pytest.mark.parametrize("vector", vectors("rag", "rolling_sum"))
def test_a_rolling_sum_gives_the_published_figures(vector):
    frame = series([float(value) for value in vector["input"]["actual"]])
    assert rolling_sum(frame, vector["input"]["window"]).tolist() == vector["expected"]


def summary(counts):
    """The row of counts that page 5 makes of so many measures in each state."""
    states = [state for state, count in counts.items() for _ in range(count)]
    return row_of_counts("Whole council", pd.DataFrame({"state": states, "variation": "not_suited"}))


def told_of_published_counts(given):
    """Published counts, told again by what page 5 counts with."""
    if "indicators" in given:
        row = summary({STATES[name]: given[name] for name in STATES})
        return {"total": row["n_measures"], "with_rag": row["met"] + row["near"] + row["missed"]}
    if "green_pct" in given:
        half = given["not_applicable_pct"] // 2
        rated = {state: given[f"{name}_pct"] for name, state in STATES.items() if f"{name}_pct" in given}
        row = summary(rated | dict.fromkeys(NOT_APPLICABLE.values(), half))
        assert row["without"] == given["not_applicable_pct"]
        unrated = [words for words, code in NOT_APPLICABLE.items() if summary({code: 1})["without"] == 1]
        return {"total_pct": row["n_measures"], "not_applicable_means": " or ".join(unrated)}
    share = share_pct(given["on_target"], given["actions_live"])
    row = rated_row({"2024-25 Q2": share}, {"target": given["standard_pct"]}, decimals=0.0)
    ways = [share_pct(given[name], given["outcomes"], 1) for name in OUTCOMES]
    return {"pct": share, "meets_standard": row["state"] == "met", "outcome_pct": ways}


@pytest.mark.parametrize("vector", vectors("council_published", "summary_counts"))
def test_a_published_summary_is_told_again(vector):
    assert told_of_published_counts(vector["input"]) == vector["expected"]


@pytest.mark.parametrize("vector", [*vectors("rag", "more"), *vectors("rag", "less")])
def test_a_value_is_told_in_per_cent_of_its_target_as_published(vector):
    given, way = vector["input"], {"more": "higher", "less": "lower"}[vector["rule"]]
    found = attainment_pct(given["actual"], given["target"], way)
    assert found == vector["expected"]["performance_pct"]


@pytest.mark.parametrize(
    ("value", "target", "way", "expected"),
    [
        (0, 0, "higher", 100),
        (-1, 0, "higher", 0),
        (0, 0, "lower", 100),
        (-11, -10, "higher", 90),
        (-11, -10, "lower", 110),
        (0, 50, "higher", 0),
        (150, 50, "lower", -100),
    ],
)
def test_a_share_of_a_target_of_nought_or_less_still_grows_as_things_get_better(value, target, way, expected):
    assert attainment_pct(value, target, way) == expected


def by_hand(frame, periods):
    known = dict(zip(frame["ordinal"], frame["value"], strict=True))
    first = frame["ordinal"].min()
    window = [range(max(at - periods + 1, first), at + 1) for at in frame["ordinal"]]
    return [sum(known.get(one, np.nan) for one in wanted) for wanted in window]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 9), st.none()), min_size=1, max_size=12),
    st.sets(st.integers(0, 11), max_size=4),
    st.integers(1, 5),
)
def test_a_rolling_sum_is_that_of_its_window_and_empty_where_a_period_is_missing(values, gone, periods):
    frame = series([np.nan if value is None else float(value) for value in values])
    frame = frame[~frame["ordinal"].isin(gone)].iloc[::-1]
    both = pd.concat([frame, frame.assign(measure_id="b", value=1.0)], ignore_index=True)
    found = rolling_sum(both, periods).head(len(frame))
    np.testing.assert_array_equal(found.to_numpy(), np.array(by_hand(frame, periods), dtype=float))


def test_states_add_up_to_the_total_and_nothing_has_no_share():
    counts = state_counts(pd.Series(["met", "late", "near", "late"]))
    assert counts.drop(["total", "rated"]).sum() == counts["total"] == 4
    assert counts["rated"] == 2
    assert np.isnan(share_pct(0, 0))
