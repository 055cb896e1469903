"""Direction of travel, drawn: better or worse, real or not, against the period before and a year before."""

import pandas as pd
import pytest
from drawn import AS_AT, MEASURE, SCHEME, cases, observations, pick, rated

from pmf_lib import verdicts
from pmf_lib.performance.direction import CODES
from pmf_lib.performance.rate import rate
from pmf_lib.periods import parse

NOW = parse("2024-25 Q2")
STEADY = [50.0, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51, 50, 52]
LABELS = [NOW.shift(step).label for step in range(-len(STEADY), 1)]


def drawn_values(case):
    """Fourteen steady quarters before the value; 'before' and 'year_before' replace their own quarters."""
    values = dict(zip(LABELS, [*STEADY, case["value"]], strict=True))
    return values | {
        NOW.shift(step).label: case[name]
        for name, step in (("before", -1), ("year_before", -4))
        if name in case
    }


TRAVEL = """
| polarity | year_before | before | value | short          | long           |
|----------|-------------|--------|-------|----------------|----------------|
| higher   | 49          | 52     | 51    | no_real_change | no_real_change |
| higher   | 49          | 52     | 90    | better         | better         |
| higher   | 49          | 52     | 10    | worse          | worse          |
| lower    | 49          | 52     | 90    | worse          | worse          |
| lower    | 49          | 52     | 10    | better         | better         |
| none     | 49          | 52     | 90    | up             | up             |
| range    | 49          | 52     | 10    | down           | down           |
| higher   | 55          | 90     | 50    | worse          | no_real_change |
| higher   | 90          | 52     | 50    | no_real_change | worse          |
| higher   | 49          | 90     | 90    | no_real_change | better         |
| higher   | 49          | 90     | 92    | no_real_change | better         |
| higher   | 49          | 92     | 90    | no_real_change | better         |
| higher   | 49          | 90     | 150   | better         | better         |
| higher   | 49          | 52     | 52.04 | no_real_change | no_real_change |
"""


@pytest.mark.parametrize("case", cases(TRAVEL))
def test_a_change_counts_only_outside_common_cause_and_by_polarity(case):
    row = rated(drawn_values(case), polarity=case["polarity"])
    assert (row["direction_short"], row["direction_long"]) == (case["short"], case["long"])


UNTESTED = """
| frequency       | earlier          | now              | short         | long          |
|-----------------|------------------|------------------|---------------|---------------|
| quarterly       | 2024-25 Q1       | 2024-25 Q2       | not_tested    | no_comparison |
| quarterly       | 2023-24 Q2       | 2024-25 Q2       | no_comparison | not_tested    |
| quarterly       | 2023-24 Q3       | 2024-25 Q2       | no_comparison | no_comparison |
| quarterly       | 2023-24 Q2       | 2024-25 Q1       | no_comparison | no_comparison |
| academic-annual | 2022/23          | 2023/24          | not_tested    | not_tested    |
| multi-year      | 2020-10..2023-09 | 2021-10..2024-09 | not_tested    | not_tested    |
"""


@pytest.mark.parametrize("case", cases(UNTESTED))
def test_a_series_without_limits_is_not_tested_and_a_missing_period_not_compared(case):
    row = rated({case["earlier"]: 80.0, case["now"]: 90.0}, **pick(case, "frequency"))
    assert (row["direction_short"], row["direction_long"]) == (case["short"], case["long"])


def test_changes_are_those_of_the_figures_as_reported():
    row = rated({"2023-24 Q2": 80.04, "2024-25 Q1": 85.05, "2024-25 Q2": 90.06})
    assert (row["change_short"], row["change_long"]) == (5.0, 10.1)


def test_year_to_date_values_are_compared_by_the_period_alone_and_by_the_same_date_last_year():
    values = {"2023-24 Q1": 10, "2023-24 Q2": 22, "2024-25 Q1": 15, "2024-25 Q2": 25}
    row = rated(values, accumulation="year-to-date", unit="number", decimals=0)
    assert (row["change_short"], row["change_long"]) == (-5, 3)


def test_the_codes_are_those_of_the_verdict_words():
    assert set(CODES) == set(verdicts.load().codes("direction"))


BREAKS = """
| definition_from | short          | long          | n_points |
|-----------------|----------------|---------------|----------|
|                 | worse          | worse         | 15       |
| 2021-22 Q3      | worse          | worse         | 12       |
| 2024-25 Q1      | not_tested     | no_comparison | 2        |
| 2024-25 Q2      | no_comparison  | no_comparison | 1        |
| 2026-27 Q1      | worse          | worse         | 15       |
"""


@pytest.mark.parametrize("case", cases(BREAKS))
def test_nothing_is_compared_across_a_break_of_definition(case):
    row = rated(drawn_values({"value": 10}), definition_from=str(case.get("definition_from", "")))
    found = (row["direction_short"], row["direction_long"], str(row["n_points"]))
    assert found == (case["short"], case["long"], case["n_points"])


MONTHS = [parse("2024-09", "month").shift(step).label for step in range(-29, 1)]
NOISE = [48.0, 51, 52, 50, 50.0, 49, 51, 49, 52, 50]


def monthly(values, rebase=None, **more):
    """The rated row of thirty months to September 2024; its limits begin anew at `rebase`."""
    found = rate(
        pd.DataFrame([MEASURE | {"frequency": "monthly", "due_days": 30} | more]),
        observations(dict(zip(MONTHS, values, strict=True))),
        pd.DataFrame(),
        quarter=NOW,
        as_at=AS_AT,
        scheme=SCHEME,
        rebase=pd.DataFrame({"measure_id": ["a"], "period": [rebase]}) if rebase else None,
    )
    return found.measures.iloc[0]


def test_a_total_of_the_year_is_not_tested_by_the_chart_of_single_months():
    """Totals of six months to September; the last month alone lies far above the others."""
    alone = [100.0 + at % 3 for at in range(29)] + [190.0]
    totals = [sum(alone[at - at % 12 : at + 1]) for at in range(30)]
    row = monthly(totals, accumulation="year-to-date", unit="number", decimals=0)
    assert (row["variation"], row["direction_short"]) == ("improving_high", "better")
    assert (row["direction_long"], row["change_long"]) == ("not_tested", 88)


@pytest.mark.parametrize(
    ("rebase", "short", "long"),
    [
        (None, "no_real_change", "no_real_change"),
        ("2023-12", "no_real_change", "not_tested"),
        ("2023-09", "no_real_change", "no_real_change"),
    ],
)
def test_across_a_decision_to_begin_limits_anew_no_change_is_called_real(rebase, short, long):
    values = [*NOISE, *NOISE, *NOISE]
    values[17], values[29] = 50.0, 50.1  # September of both years
    row = monthly(values, rebase)
    assert (row["direction_short"], row["direction_long"]) == (short, long)
    assert row["change_long"] == pytest.approx(0.1)


def test_a_change_from_a_value_kept_off_the_chart_is_not_tested():
    values = dict(zip(LABELS, [*STEADY, 90.0], strict=True))
    found = rate(
        pd.DataFrame([MEASURE]),
        observations(values),
        pd.DataFrame(),
        quarter=NOW,
        as_at=AS_AT,
        scheme=SCHEME,
        set_aside=pd.DataFrame({"measure_id": ["a"], "period": [LABELS[-5]]}),
    )
    row = found.measures.iloc[0]
    assert (row["direction_short"], row["direction_long"]) == ("better", "not_tested")
