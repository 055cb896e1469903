"""p′ and u′ charts: worked out again number by number, chosen where numbers are small or uneven, and only there."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.errors import ParameterError
from pmf_lib.performance.capability import capability
from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions

ABOVE = [3, 5, 2, 9, 30, 4, 1, 6, 8, 3, 25, 2, 5, 7]
BELOW = [12, 20, 11, 40, 130, 19, 10, 26, 35, 14, 99, 9, 23, 31]


def frame(above: Any, below: Any, counts: str, scale: float) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"measure_id": "a", "ordinal": range(len(above)), "numerator": above, "denominator": below}
    )
    return rows.assign(value=scale * rows["numerator"] / rows["denominator"], counts=counts)


def by_hand(
    above: list[int], below: list[int], counts: str, scale: float
) -> list[tuple[float, float, float]]:
    """Laney's limits, one number after another, without screening."""
    overall = sum(above) / sum(below)
    spread = overall * (1 - overall) if counts == "p" else overall
    errors = [math.sqrt(spread / size) for size in below]
    z = [(a / b - overall) / error for a, b, error in zip(above, below, errors, strict=True)]
    moving = [abs(new - old) for old, new in itertools.pairwise(z)]
    sigma_z = sum(moving) / len(moving) / 1.128
    return [
        (scale * overall, scale * (overall - 3 * error * sigma_z), scale * (overall + 3 * error * sigma_z))
        for error in errors
    ]


@pytest.mark.parametrize(("counts", "scale", "chart"), [("p", 100, "p-prime"), ("u", 10_000, "u-prime")])
def test_limits_are_those_of_the_paper_for_every_denominator(counts: str, scale: float, chart: str):
    found = xmr(frame(ABOVE, BELOW, counts, scale), options=XmrOptions(screen=False))
    expected = np.array(by_hand(ABOVE, BELOW, counts, scale))
    np.testing.assert_allclose(found.points[["mean", "lpl", "upl"]], expected, rtol=2e-3)
    assert found.summary["chart"].tolist() == [chart]
    assert "follow each denominator" in found.summary["variation_why"].iloc[0]
    assert found.summary["upl"].iloc[0] == found.points["upl"].iloc[-1]


def test_a_share_of_few_cases_is_no_signal_where_the_plain_chart_sees_one():
    below = [200] * 13 + [8]
    above = [20, 27, 14, 22, 17, 25, 18, 13, 24, 19, 26, 16, 21, 2]
    plain = xmr(frame(above, below, "p", 100), options=XmrOptions(laney="never")).points.iloc[-1]
    found = xmr(frame(above, below, "p", 100)).points.iloc[-1]
    assert plain["point_type"] == "outside"
    assert found["point_type"] == "common_cause"


@pytest.mark.parametrize(
    ("above", "below", "counts"),
    [
        pytest.param(
            [40, 42, 39, 44, 41, 40, 43, 42, 38, 41, 40, 42, 43], [100] * 13, "p", id="large and even"
        ),
        pytest.param(ABOVE, BELOW, "", id="an average"),
        pytest.param(ABOVE, [*BELOW[:-1], np.nan], "p", id="a denominator is missing"),
        pytest.param(ABOVE, [*BELOW[:-1], 0], "u", id="a denominator of nought"),
        pytest.param(ABOVE, [*BELOW[:-1], np.inf], "u", id="an infinite denominator"),
        pytest.param([*ABOVE[:-1], -1], BELOW, "u", id="fewer than no cases"),
        pytest.param([*ABOVE[:-1], 32], BELOW, "p", id="more cases than there are"),
        pytest.param([0] * 14, BELOW, "u", id="never a case"),
    ],
)
def test_the_plain_chart_stays_where_it_is_earned(above: list[int], below: list[float], counts: str):
    rows = frame(above, below, counts, 100)
    rows["value"] = rows["value"].where(np.isfinite(rows["value"]), 5.0)
    found = xmr(rows)
    plain = xmr(rows.drop(columns="counts"))
    assert found.summary["chart"].tolist() == ["xmr"]
    pd.testing.assert_frame_equal(found.points, plain.points)


def test_a_missing_value_needs_no_denominator():
    rows = frame(ABOVE, BELOW, "p", 100)
    rows.loc[5, ["value", "numerator", "denominator"]] = np.nan
    assert xmr(rows).summary["chart"].tolist() == ["p-prime"]


def test_counts_without_their_numerators_are_refused_in_words():
    with pytest.raises(ParameterError, match="no column 'numerator'"):
        xmr(frame(ABOVE, BELOW, "p", 100).drop(columns="numerator"))


cases = st.integers(1, 60).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))


@settings(max_examples=60, deadline=None)
@given(st.lists(cases, min_size=8, max_size=20), st.sampled_from(["p", "u"]))
def test_any_counts_are_charted_as_worked_out_by_hand(drawn: list[tuple[int, int]], counts: str):
    above, below = zip(*drawn, strict=True)
    rows = frame(above, below, counts, 100)
    always = XmrOptions(screen=False, laney_small=1e6)
    found = xmr(rows, options=always)
    overall = sum(above) / sum(below)
    if overall == 0 or (counts == "p" and overall == 1):
        assert found.summary["chart"].item() == "xmr"
        return
    expected = np.array(by_hand(list(above), list(below), counts, 100))
    assert found.summary["chart"].item() == {"p": "p-prime", "u": "u-prime"}[counts]
    if found.summary["refused"].item() == "":
        np.testing.assert_allclose(found.points["mean"], expected[:, 0], atol=1e-9)
        reach = found.points["upl"] - found.points["mean"]
        np.testing.assert_allclose(reach, (expected[:, 2] - expected[:, 0]) * 2.66 * 1.128 / 3, atol=1e-6)


def test_each_segment_has_its_own_overall_share():
    above, below = ABOVE * 2, BELOW * 2
    above[14:] = [a + round(b / 2) for a, b in zip(ABOVE, BELOW, strict=True)]
    found = xmr(frame(above, below, "p", 100), rebase=pd.DataFrame({"measure_id": ["a"], "ordinal": [14]}))
    means = found.points.groupby("segment")["mean"].first()
    assert means[0] == pytest.approx(100 * sum(ABOVE) / sum(BELOW))
    assert means[1] == pytest.approx(100 * sum(above[14:]) / sum(BELOW))


@pytest.mark.parametrize(
    ("counts", "scale", "polarity"), [("p", 100, "higher"), ("p", 100, "lower"), ("u", 1000, "lower")]
)
def test_rounding_of_one_steady_share_is_no_signal_and_misses_no_target(
    counts: str, scale: float, polarity: str
):
    below = np.array([30, 120, 60, 240] * 6)
    rows = frame(below * 2 // 3, below, counts, scale)
    sent = rows.assign(value=rows["value"].round(1))
    found = xmr(sent, polarity=pd.Series({"a": polarity})).summary
    assert found[["variation", "constant", "chart"]].to_numpy().tolist() == [["no_real_change", True, "xmr"]]
    given_ = found.assign(target=sent["value"].iloc[0], lower=np.nan, upper=np.nan, polarity=polarity)
    told = capability(given_.assign(basis="in-period", unit="%", decimals=1))
    assert told["capability"].tolist() == ["consistently_meets"]


@pytest.mark.parametrize("share", [0.664, 0.5049])
def test_rounded_shares_of_a_steady_process_fire_as_seldom_as_unrounded_ones(share: float):
    rng = np.random.default_rng(7)
    below = rng.integers(2_000, 9_000, (40, 36))
    above = rng.binomial(below, share)
    rows = pd.concat(
        [
            frame(a, b, "p", 100).assign(measure_id=f"{n}")
            for n, (a, b) in enumerate(zip(above, below, strict=True))
        ]
    )
    exact, sent = xmr(rows).points, xmr(rows.assign(value=rows["value"].round())).points
    both = exact["fired"].eq(sent["fired"])
    assert both.mean() > 0.99
    np.testing.assert_allclose(sent["mean"][both], exact["mean"][both])


def test_a_share_that_its_counts_do_not_give_is_charted_as_it_was_sent():
    rows = frame(ABOVE, BELOW, "p", 100)
    rows["value"] = rows["value"].round(1)
    rows.loc[13, "value"] = 95.0
    assert xmr(rows).points["fired"].iloc[13].startswith("outside")


@pytest.mark.parametrize("size", [1, 1_000, 1_000_000])
def test_shares_that_are_equal_but_for_the_machines_rounding_lie_on_one_side_of_nothing(size: int):
    below = np.array([3, 9, 21, 30, 6, 12, 27, 15] * 3) * size
    above = below // 3
    above[[3, 10]] += [1, -1]
    found = xmr(frame(above, below, "p", 100)).points
    assert found["side"].drop([3, 10]).tolist() == [0] * 22
