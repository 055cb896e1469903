"""Statuses of many hundred drawn cases, each worked out by hand in exact fractions from the scheme's words."""

import math
import random
from fractions import Fraction

import pytest
from drawn import SCHEME, rated_together

DIRECTION = SCHEME.model_copy(update={"method": "with-direction"})
CASES = 250


def half_up(value, decimals):
    """Half away from zero."""
    scaled = abs(value) * 10**decimals
    found = Fraction(math.floor(scaled + Fraction(1, 2)), 10**decimals)
    return found if value >= 0 else -found


def short(case, value):
    """How far `value` is on the wrong side."""
    if case["polarity"] == "higher":
        return case["target"] - value
    if case["polarity"] == "lower":
        return value - case["target"]
    return max(case["lower"] - value, value - case["upper"])


def state(case, method):
    value, before = (half_up(case[name], case["decimals"]) for name in ("value", "before"))
    base = case.get("target")
    if case["polarity"] == "range":
        base = case["lower"] if value < case["lower"] else case["upper"]
    reach = case["tolerance"]
    if case["tolerance_kind"] == "per-cent":
        reach = case["tolerance"] * abs(base) / 100
    is_within = short(case, value) <= reach
    if method == "tolerance":
        return "met" if short(case, value) <= 0 else "near" if is_within else "missed"
    is_better = short(case, value) <= short(case, before)
    return "met" if is_within else "near" if is_better else "missed"


def drawn(seed):
    draw = random.Random(seed)
    case = {
        "polarity": draw.choice(["higher", "lower", "range"]),
        "decimals": draw.choice([0, 1]),
        "value": Fraction(draw.randint(-400, 400), 20),
        "before": Fraction(draw.randint(-400, 400), 20),
        "tolerance": Fraction(draw.choice([0, 5, 10, 20, 100]), 10),
        "tolerance_kind": draw.choice(["amount", "per-cent"]),
    }
    if case["polarity"] == "range":
        lower = Fraction(draw.randint(-150, 150), 10)
        return case | {"lower": lower, "upper": lower + Fraction(draw.randint(0, 60), 10)}
    near = draw.choice([case["value"], Fraction(0), Fraction(draw.randint(-200, 200), 10)])
    return case | {"target": near + draw.choice([0, case["tolerance"], -case["tolerance"]])}


def asked(case):
    aims = {name: float(case[name]) for name in ("target", "lower", "upper", "tolerance") if name in case}
    return {
        "values": {"2023-24 Q2": float(case["before"]), "2024-25 Q2": float(case["value"])},
        "target": aims | {"tolerance_kind": case["tolerance_kind"]},
        "measure": {"polarity": case["polarity"], "decimals": float(case["decimals"])},
    }


@pytest.mark.parametrize("scheme", [SCHEME, DIRECTION], ids=["tolerance", "with-direction"])
def test_every_case_has_the_status_worked_out_by_hand(scheme):
    cases = [drawn(seed) for seed in range(CASES)]
    found = [row["state"] for row in rated_together([asked(case) for case in cases], scheme=scheme)]
    expected = [state(case, scheme.method) for case in cases]
    wrong = [case for case, here, there in zip(cases, found, expected, strict=True) if here != there]
    assert wrong == []
    assert min(expected.count(one) for one in ("met", "near", "missed")) > CASES / 20
