"""A measure's name over its unit, which is not said twice, and the title of its picture."""

import pandas as pd
import pytest

from pmf_lib.workbook.pages.measures.pictured import picture_title
from pmf_lib.workbook.pages.shared.named import unit_left

CASES = """
Homes, per 1,000 households            | per 1,000 households     |
Children in care per 10,000 children   | rate per 10,000          |
First-time entrants, per 100,000       | per 100,000 aged 10 to 17 | aged 10 to 17
Staff engagement score                 | score out of 100         | out of 100
Children who enter the justice system  | rate per 100,000         | rate per 100,000
Children at high risk                  | number                   |
Young people in work                   | %                        | %
Days to fill a post                    | days                     |
Cases for each social worker           | cases                    |
Cost per day                           | days                     | days
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_a_unit_that_the_title_has_said_is_not_said_again(case: str) -> None:
    title, unit, left = (part.strip() for part in case.split("|"))
    assert unit_left(title, unit) == left


TITLES = [
    (
        "annual",
        "2023-24",
        "£",
        96179373,
        "not_suited",
        "Latest £96.2m in April 2023 to March 2024; change not tested",
    ),
    (
        "annual",
        "2023-24",
        "%",
        31.7,
        "not_suited",
        "Latest 31.7 in April 2023 to March 2024; change not tested",
    ),
    (
        *("termly", "2023/24 Summer", "%", 90.0, "no_real_change"),
        "No real change: latest 90.0 in summer term, April to August 2024, usually 83.0 to 92.0",
    ),
    (
        *("weekly", "2024-W31", "%", 90.0, "no_real_change"),
        "No real change: latest 90.0 in the week of 29 July 2024, usually 83.0 to 92.0",
    ),
    (
        *("quarterly", "2024-25 Q2", "%", 85.0, "worsening_low"),
        "A real worsening: latest 85.0 in quarter 2, July to September 2024; the last 7 or more points lie below the mean",
    ),
]
WHY = "The last 7 or more points lie below the mean. Trial limits: 12 points, fewer than 13."


@pytest.mark.parametrize(("frequency", "period", "unit", "value", "variation", "said"), TITLES)
def test_a_picture_is_titled_by_its_latest_result_and_period_in_words(
    frequency: str, period: str, unit: str, value: float, variation: str, said: str
) -> None:
    row = {"frequency": frequency, "last_period": period, "unit": unit, "last_value": value}
    row |= {"variation": variation, "decimals": 0 if unit == "£" else 1, "variation_why": WHY}
    row |= {"period": period, "direction_long": "not_tested"}
    assert picture_title(pd.Series(row), charted(period, value)) == said


@pytest.mark.parametrize(
    ("direction", "period", "said"),
    [
        ("better", "2023-24", "better than a year before"),
        ("down", "2023-24", "lower than a year before"),
        ("no_real_change", "2023-24", "no real change on a year before"),
        ("no_comparison", "2023-24", "change not tested"),
        ("better", "2024-25", "change not tested"),
    ],
)
def test_a_picture_without_limits_tells_the_annual_comparison_where_there_is_one(
    direction: str, period: str, said: str
) -> None:
    row = {"frequency": "annual", "last_period": "2023-24", "unit": "%", "last_value": 31.7, "decimals": 1}
    row |= {"variation": "not_suited", "variation_why": "", "period": period, "direction_long": direction}
    title = picture_title(pd.Series(row), charted("2023-24", 31.7))
    assert title == f"Latest 31.7 in April 2023 to March 2024; {said}"


def charted(period: str, *values: float, **given: object) -> pd.DataFrame:
    """The last points of a control chart, all of one period's name."""
    found = {"period": period, "value": list(values), "lpl": 83.0, "upl": 92.0, "decision": ""}
    return pd.DataFrame(found | given)


COUNTED = {
    "frequency": "quarterly", "last_period": "2024-25 Q2", "unit": "number", "decimals": 0, "last_value": 792.0,
    "variation": "no_real_change", "variation_why": "",
}  # fmt: skip


def test_of_a_total_since_april_the_title_tells_the_period_alone_beside_its_limits() -> None:
    points = charted("2024-25 Q2", 360.0, 432.0, lpl=322.6, upl=485.5)
    assert picture_title(pd.Series(COUNTED), points) == (
        "No real change: latest 432 in quarter 2, July to September 2024 alone (792 since 1 April), usually 323 to 486"
    )


def test_no_change_since_limits_began_anew_by_decision_is_told_as_just_that() -> None:
    points = charted("2024-25 Q2", 85.0, 86.0).assign(decision=["Board, 8 October 2024: one team", ""])
    said = picture_title(pd.Series(COUNTED | {"last_value": 86.0}), points)
    assert said.startswith(
        "No real change since limits began anew in quarter 2, July to September 2024: latest 86 in"
    )
