"""The reference cases of `tests/vectors` for control charts: rules, whole series, two-in-three modes, capability."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from spc_by_hand import Asked, charted

from pmf_lib.errors import ParameterError
from pmf_lib.performance.capability import capability
from pmf_lib.performance.spc import IMPROVEMENTS, improvement, rules, xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.rows import in_order, rebase_marks

FOLDER = Path(__file__).parents[1] / "vectors"
POLARITY = {"increase": "higher", "decrease": "lower", "neutral": "none"}
CAPABILITY = {
    "consistent_pass": "consistently_meets",
    "consistent_fail": "not_expected",
    "inconsistent": "hit_and_miss",
    None: "not_tested",
}
SPECIAL = {
    "Common Cause": ("common_cause", 0),
    "Above UCL": ("outside", 1),
    "Below LCL": ("outside", -1),
    "7 Point Trend (Increasing)": ("trend", 1),
    "7 Point Trend (Decreasing)": ("trend", -1),
    "2 in 3 Above CL": ("two_in_three", 1),
    "2 in 3 Below CL": ("two_in_three", -1),
    "7 Points Above CL": ("shift", 1),
    "7 Points Below CL": ("shift", -1),
}
IMPROVEMENT = {
    "special_cause_improvement": "improving",
    "special_cause_concern": "worsening",
    "special_cause_neutral_high": "neutral",
    "special_cause_neutral_low": "neutral",
    "common_cause": "",
}
MODES = {"mdc_2023": "mdc-2023", "nhsr_0_2_2": "nhsr-0.2.2"}


def vectors(file):
    return json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))["vectors"]


def cases(file, wanted=lambda vector: True):
    return [pytest.param(vector, id=vector["id"]) for vector in vectors(file) if wanted(vector)]


def first(count):
    start = np.zeros(count, dtype=bool)
    start[:1] = True
    return start


def close_and_side(given):
    close, side = (np.array(given[name], dtype=np.int64) for name in ("close_to_limits", "relative_to_mean"))
    return close == 1, side, first(len(side))


def limits_frame(given, polarity):
    row = {"mean": (given["lpl"] + given["upl"]) / 2, "lower": np.nan, "upper": np.nan, "constant": False}
    row |= {
        "limits": "final",
        "refused": "",
        "basis": "in-period",
        "kind": "month",
        "unit": "",
        "decimals": 0,
        "variation": "no_real_change",
        "variation_why": "",
    }
    target = np.nan if given["target"] is None else float(given["target"])
    return pd.DataFrame([row | given | {"target": target, "polarity": polarity}])


def capable(given, options):
    found = capability(limits_frame(given, POLARITY[options["improvement_direction"]]))
    return found["capability"].item()


def shift7_trigger(given, options):
    return rules.shift_trigger(np.array(given, dtype=np.int64), 7, first(len(given))).tolist()


def trend7_trigger(given, options):
    return rules.trend_trigger(np.array(given, dtype=float), 7, first(len(given))).tolist()


def part_of_seven_backfill(given, options):
    return np.abs(rules.backfill(np.array(given, dtype=np.int64), 7, first(len(given)))).tolist()


def two_in_three_window(given, options):
    return rules.two_in_three(*close_and_side(given)).astype(int).tolist()


def two_in_three_flag(given, options):
    close, side, start = close_and_side(given)
    return (rules.two_in_three(close, side, start) & close).astype(int).tolist()


def precedence(given, options):
    fired = {
        "outside": np.array(given["outside_limits"]) != 0,
        "trend": np.array(given["part_of_trend"]) != 0,
        "two_in_three": np.array(given["part_of_two_in_three"]) != 0,
        "shift": np.array(given["part_of_shift"]) != 0,
    }
    return named(fired)


def assurance_rebased(given, options):
    return capable({**given["groups"][-1], "target": given["target"]}, options)


def short_group(given, options):
    sizes = given["group_sizes"]
    frame = pd.DataFrame(
        {
            "measure_id": np.repeat(range(len(sizes)), sizes),
            "ordinal": np.concatenate([*map(np.arange, sizes)]),
        }
    )
    frame["value"] = frame["ordinal"] % 2 + 1.0
    found = xmr(frame, options=XmrOptions(trial_limits_below=given["threshold"], refuse_below=2))
    return (found.summary["limits"] == "trial").tolist()


def named(fired):
    return [rules.POINT_TYPES[kind] for kind in rules.KIND_OF_FIRED[rules.fired_code(fired)]]


def rebase_marker(given, options):
    frame = pd.DataFrame({"by": "a", "order": pd.to_datetime(given["dates"]), "value": 1.0})
    wanted = pd.DataFrame({"by": "a", "order": pd.to_datetime(given["rebase"])})
    rows = in_order(frame, "by", "order", "value")
    return rebase_marks(rows, wanted, "by", "order").astype(int).tolist()


def fix_after_n(given, options):
    try:
        XmrOptions(fix_after_n=given)
    except ParameterError:
        return "error"
    return "ok"


def point_type(given, options):
    _, way = SPECIAL[given]
    better = way * {"increase": 1, "decrease": -1, "neutral": 0}[options["improvement_direction"]]
    return IMPROVEMENTS[improvement(np.array([way]), np.array([better]))[0]]


RULES = {
    "shift7_trigger": shift7_trigger,
    "trend7_trigger": trend7_trigger,
    "part_of_seven_backfill": part_of_seven_backfill,
    "two_in_three_window": two_in_three_window,
    "two_in_three_flag": two_in_three_flag,
    "precedence": precedence,
    "assurance": capable,
    "assurance_rebased": assurance_rebased,
    "short_group": short_group,
    "rebase_marker": rebase_marker,
    "fix_after_n_validation": fix_after_n,
    "point_type": point_type,
}
EXPECTED = {
    "precedence": lambda expected: [SPECIAL[text][0] for text in expected],
    "assurance": CAPABILITY.get,
    "assurance_rebased": CAPABILITY.get,
    "point_type": IMPROVEMENT.get,
}


@pytest.mark.parametrize("vector", cases("ptd_rules"))
def test_a_rule_gives_the_published_answer(vector):
    rule = vector["rule"]
    found = RULES[rule](vector["input"], vector.get("options", {}))
    assert found == EXPECTED.get(rule, lambda same: same)(vector["expected"])


def chart_of(vector, mode="nhsr-0.2.2"):
    given, options = vector["input"], vector["options"]
    frame = pd.DataFrame(
        {"measure_id": "a", "ordinal": range(len(given["values"])), "value": given["values"]}
    )
    at = options.get("rebase_at_index")
    rebase = pd.DataFrame({"measure_id": "a", "ordinal": at}) if at else None
    chosen = XmrOptions(
        screen=options.get("screen_outliers", True),
        two_in_three=mode,
        refuse_below=2,
        fix_after_n=options.get("fix_after_n_points"),
    )
    way = POLARITY[options.get("improvement_direction", "increase")]
    return xmr(frame, options=chosen, polarity=pd.Series({"a": way}), rebase=rebase)


def signals(points):
    way = np.where(points["point_type"] == "trend", points["trend_direction"], points["side"])
    way = np.where(points["point_type"] == "common_cause", 0, way)
    return list(zip(points["point_type"], way.tolist(), strict=True))


@pytest.mark.parametrize("vector", cases("end_to_end"))
def test_a_whole_series_gives_the_reference_chart(vector):
    points, expected = chart_of(vector).points, vector["expected"]
    names = {"mean": "mean", "lpl": "lpl", "upl": "upl", "near_lpl": "lower_near", "near_upl": "upper_near"}
    for theirs, ours in names.items():
        if (
            None not in expected[theirs]
        ):  # a constant series has no limits in the reference; here they are its mean
            np.testing.assert_allclose(points[ours], expected[theirs], rtol=vector["tolerance"])
    assert points["segment"].tolist() == expected["group"]
    assert signals(points) == [SPECIAL[text] for text in expected["special_cause"]]
    assert points["improvement"].tolist() == [IMPROVEMENT[text] for text in expected["point_type"]]


@pytest.mark.parametrize("vector", cases("end_to_end"))
def test_a_whole_series_gives_the_reference_verdicts(vector):
    summary = chart_of(vector).summary.iloc[0]
    variation = summary["variation"].split("_")[0]
    word = {"improving": "improving", "worsening": "worsening", "neither": "neutral", "no": ""}[variation]
    assert word == IMPROVEMENT[vector["expected"]["variation_type"]]
    given = {name: summary[name] for name in ("lpl", "upl")} | {"target": vector["options"].get("target")}
    way = vector["options"].get("improvement_direction", "increase")
    assert capable(given, {"improvement_direction": way}) == CAPABILITY[vector["expected"]["assurance_type"]]


def by_position(sigma, mode):
    """Rules on points whose places are given in sigma."""
    at = np.array(sigma)
    beyond, close = np.abs(at) > 3, np.abs(at) > 2
    if mode == "nhsr-0.2.2":
        close &= ~beyond
    flags = rules.two_in_three(close, rules.sign(at), first(len(at))) & close
    fired = dict.fromkeys(rules.RULES, np.zeros(len(at), bool)) | {"outside": beyond, "two_in_three": flags}
    return named(fired)


@pytest.mark.parametrize("theirs", MODES)
@pytest.mark.parametrize(
    "vector", cases("mdc_two_in_three_2023", lambda vector: vector["rule"] == "two_in_three")
)
def test_two_in_three_on_places_in_sigma(vector, theirs):
    found = by_position(vector["input"]["sigma_position"], MODES[theirs])
    assert [kind.replace("common_cause", "none") for kind in found] == vector["expected"][theirs]


WHOLE = {vector["id"]: vector for vector in vectors("end_to_end")}
SAME_VALUES = {"icons-s5": "icons-s6", "icons-s7": "icons-s8", "icons-s9": "icons-s8"}
"""The source charts these values more than once, with another way of improving; the file of series holds them once."""


def whole_series():
    """Each whole series of the modes' file; one whose values no file holds is skipped by name."""
    wanted = [vector for vector in vectors("mdc_two_in_three_2023") if vector["rule"] != "two_in_three"]
    return [pytest.param(vector, id=vector["id"], marks=marks(vector["input"]["id"])) for vector in wanted]


def marks(name):
    is_held = SAME_VALUES.get(name, name) in WHOLE
    return [] if is_held else [pytest.mark.skip(reason=f"end_to_end.json holds no values of '{name}'")]


@pytest.mark.parametrize("theirs", MODES)
@pytest.mark.parametrize("vector", whole_series())
def test_two_in_three_on_a_whole_series(vector, theirs):
    name = vector["input"]["id"]
    whole = WHOLE.get(name) or WHOLE[SAME_VALUES[name]]
    found = signals(chart_of(whole, MODES[theirs]).points)
    assert found == [SPECIAL[text] for text in vector["expected"][f"{theirs}_special_cause"]]


@pytest.mark.parametrize("vector", whole_series())
def test_both_modes_differ_on_a_whole_series_where_the_file_says(vector):
    name = vector["input"]["id"]
    whole = WHOLE.get(name) or WHOLE[SAME_VALUES[name]]
    kinds = [chart_of(whole, mode).points["point_type"] for mode in MODES.values()]
    assert np.flatnonzero(kinds[0] != kinds[1]).tolist() == vector["expected"]["differs_at"]


@pytest.mark.parametrize("vector", cases("end_to_end"))
def test_a_whole_series_worked_out_by_hand_gives_the_reference_chart(vector):
    given, options = vector["input"], vector["options"]
    asked = Asked(
        screen=options.get("screen_outliers", True),
        two_in_three="nhsr-0.2.2",
        refuse_below=2,
        fix_after_n=options.get("fix_after_n_points"),
    )
    whens = [*range(len(given["values"]))]
    rows = charted(given["values"], whens, options.get("rebase_at_index") or (), asked)
    found = [
        (row["point_type"], row["trend_direction"] if row["point_type"] == "trend" else row["side"])
        for row in rows
    ]
    expected = [SPECIAL[text] for text in vector["expected"]["special_cause"]]
    assert [(kind, way if kind != "common_cause" else 0) for kind, way in found] == expected
