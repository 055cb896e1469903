"""Target capability, drawn: limits against the target."""

import numpy as np
import pandas as pd
import pytest
from drawn import NUMBERS, cases, observations, pick, rated, targets

from pmf_lib import verdicts
from pmf_lib.performance.capability import CODES, capability
from pmf_lib.periods import parse

ROW = {
    "unit": "%",
    "decimals": 0,
    "limits": "final",
    "constant": "no",
    "refused": "",
    "basis": "in-period",
    "kind": "quarter",
    "polarity": "higher",
    "variation": "no_real_change",
    "variation_why": "",
}
DRAWN = """
| polarity | lpl | upl | mean | target | lower | upper | limits | constant | basis        | capability         |
|----------|-----|-----|------|--------|-------|-------|--------|----------|--------------|--------------------|
| higher   | 5   | 7   | 6    | 4      |       |       | final  | no       | in-period    | consistently_meets |
| higher   | 1   | 3   | 2    | 4      |       |       | final  | no       | in-period    | not_expected       |
| higher   | 1   | 5   | 3    | 4      |       |       | final  | no       | in-period    | hit_and_miss       |
| higher   | 4   | 7   | 5    | 4      |       |       | final  | no       | in-period    | hit_and_miss       |
| higher   | 0   | 10  | 5    | 10     |       |       | final  | no       | in-period    | hit_and_miss       |
| lower    | 1   | 3   | 2    | 4      |       |       | final  | no       | in-period    | consistently_meets |
| lower    | 5   | 7   | 6    | 4      |       |       | trial  | no       | in-period    | not_expected       |
| range    | 11  | 14  | 12   |        | 10    | 15    | final  | no       | in-period    | consistently_meets |
| range    | 9   | 14  | 12   |        | 10    | 15    | final  | no       | in-period    | hit_and_miss       |
| range    | 16  | 18  | 17   |        | 10    | 15    | final  | no       | in-period    | not_expected       |
| range    | 16  | 18  | 17   |        | 10    |       | final  | no       | in-period    | consistently_meets |
| range    | 16  | 18  | 17   | 17     |       |       | final  | no       | in-period    | not_tested         |
| none     | 16  | 18  | 17   | 17     |       |       | final  | no       | in-period    | not_tested         |
| higher   | 5   | 7   | 6    |        |       |       | final  | no       | in-period    | not_tested         |
| higher   | 5   | 7   | 6    | 4      |       |       | final  | no       | year-to-date | not_tested         |
| higher   |     |     |      | 4      |       |       | none   | no       | in-period    | not_tested         |
| higher   | 100 | 100 | 100  | 100    |       |       | final  | yes      | in-period    | consistently_meets |
| lower    | 5   | 5   | 5    | 4      |       |       | final  | yes      | in-period    | not_expected       |
"""


def frame(case):
    row = dict.fromkeys(NUMBERS, np.nan) | ROW | case
    return pd.DataFrame([row | {"constant": row["constant"] == "yes"}])


@pytest.mark.parametrize("case", cases(DRAWN))
def test_limits_are_held_against_the_target(case):
    found = capability(frame(case)).iloc[0]
    assert found["capability"] == case["capability"]
    assert found["capability_why"].endswith(".")
    assert ("on trial" in found["capability_why"]) == (case["limits"] == "trial")


def test_the_reason_gives_the_target_and_the_limits():
    found = capability(frame({"lpl": 81.234, "upl": 96.75, "mean": 90.0, "target": 95.0}))
    assert found["capability_why"].item() == (
        "As the process runs, the target of 95% will be met at some times and missed at others: "
        "the limits run from 81.2% to 96.8%."
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (80.0, "all meet the target of 80%"),
        (95.0, "lie on both sides of the target of 95%"),
        (99.0, "all miss the target of 99%"),
    ],
)
def test_of_a_process_that_has_just_changed_the_reason_holds_back(target, said):
    case = {"lpl": 81.234, "upl": 96.75, "mean": 90.0, "target": target, "variation": "worsening_low"}
    why = "The last point lies below the lower limit. 1 period is missing."
    found = capability(frame({**case, "variation_why": why})).iloc[0]
    assert found["capability_why"] == (
        f"The limits over all points, those before the change and since, run from 81.2% to 96.8% and {said}. But the "
        "process has just changed: the last point lies below the lower limit. Find the cause before relying on this."
    )
    assert (
        found["capability"] == capability(frame({**case, "variation": "no_real_change"}))["capability"].item()
    )


def test_only_the_last_segment_decides():
    now = parse("2024-25 Q2")
    values = [50.0, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51, 50]
    labels = [now.shift(step).label for step in range(-25, 1)]
    series = dict(zip(labels, [*values, *[value + 40 for value in values]], strict=True))
    from drawn import AS_AT, MEASURE, QUARTER, SCHEME

    from pmf_lib.performance.rate import rate

    given = (pd.DataFrame([MEASURE]), observations(series), targets(target=80.0))
    more = {"quarter": QUARTER, "as_at": AS_AT, "scheme": SCHEME}
    rebase = pd.DataFrame({"measure_id": ["a"], "period": [now.shift(-12).label]})
    assert rate(*given, **more).measures["capability"].item() == "not_expected"
    assert rate(*given, **more, rebase=rebase).measures["capability"].item() == "consistently_meets"


def test_a_year_to_date_target_is_not_tested():
    labels = [parse("2024-25 Q2").shift(step).label for step in range(-13, 1)]
    totals = {label: 10.0 * (int(label[-1])) + step % 2 for step, label in enumerate(labels)}
    row = rated(
        totals,
        {"target": 20.0, "basis": "year-to-date"},
        accumulation="year-to-date",
        unit="number",
        **pick({}, "polarity"),
    )
    assert row["capability"] == "not_tested"
    assert row["limits"] == "final"


def test_the_codes_are_those_of_the_verdict_words():
    assert set(CODES) == set(verdicts.load().codes("capability"))
