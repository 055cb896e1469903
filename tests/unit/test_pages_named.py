"""A measure's name over its unit, which is not said twice, and the title of its picture."""

import pandas as pd
import pytest

from pmf_lib.workbook.pages.named import unit_left
from pmf_lib.workbook.pages.one_by_one import picture_title

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
]


@pytest.mark.parametrize(("frequency", "period", "unit", "value", "variation", "said"), TITLES)
def test_a_picture_is_titled_by_its_latest_result_and_period_in_words(
    frequency: str, period: str, unit: str, value: float, variation: str, said: str
) -> None:
    row = {"frequency": frequency, "last_period": period, "unit": unit, "last_value": value}
    row |= {"variation": variation, "decimals": 0 if unit == "£" else 1, "lpl": 83.0, "upl": 92.0}
    assert picture_title(pd.Series(row), pd.Series([value])) == said
