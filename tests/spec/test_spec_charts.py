"""The rules of a control chart, drawn: where points lie in sigma, and every rule that fires at each.

Before the points drawn stand twelve that set the limits; the last two of them lie on the mean, so that no run or trend
comes from before, except one that begins on the mean.
"""

import pandas as pd
import pytest
from drawn import cases

from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.rules import RULES

BEFORE = [0.5, -0.5] * 5 + [0.0, 0.0]
SIGMA = 2.66 * (9 * 1 + 0.5 + 0) / 11 / 3
"""A third of the way to the limit: 2.66 mean moving ranges."""
LETTERS = {"O": "outside", "T": "trend", "2": "two_in_three", "S": "shift"}

DRAWN = """
| points in sigma                       | mode       | n | rules that fire                      |
|---------------------------------------|------------|---|--------------------------------------|
| 3.01                                  | mdc-2023   | 7 | O                                    |
| −3.01                                 | mdc-2023   | 7 | O                                    |
| 2.99                                  | mdc-2023   | 7 | .                                    |
| 3                                     | mdc-2023   | 7 | .                                    |
| 0.5 −1 −.8 −.6 −.4 −.2 .1 .3          | mdc-2023   | 7 | . T T T T T T T                      |
| 0.5 −1 −.8 −.6 −.4 −.2 .1             | mdc-2023   | 7 | . . . . . . .                        |
| 0.5 −1 −.8 −.6 −.4 −.2 .1             | mdc-2023   | 6 | . T T T T T T                        |
| −0.5 1 .8 .6 .4 .2 −.1 −.3            | mdc-2023   | 7 | . T T T T T T T                      |
| 0.5 −1 −.8 −.6 −.4 −.4 −.2 .1 .3      | mdc-2023   | 7 | . . . . . . . . .                    |
| 0.5 −1 −.8 −.6 −.4 −.2 .1 .3 .5 .2    | mdc-2023   | 7 | . T T T T T T T T .                  |
| .1 .2 .3 .4 .5 .6 −.1                 | mdc-2023   | 7 | T T T T T T .                        |
| 1 .5 1 .5 1 .5 1                      | mdc-2023   | 7 | S S S S S S S                        |
| 1 .5 1 .5 1 .5                        | mdc-2023   | 7 | . . . . . .                          |
| 1 .5 1 .5 1 .5                        | mdc-2023   | 6 | S S S S S S                          |
| −1 −.5 −1 −.5 −1 −.5 −1 −.5 .5        | mdc-2023   | 7 | S S S S S S S S .                    |
| 1 .5 1 0 1 .5 1 .5                    | mdc-2023   | 7 | . . . . . . . .                      |
| 1 .5 1 −.1 1 .5 1 .5                  | mdc-2023   | 7 | . . . . . . . .                      |
| 2.4 2.3                               | mdc-2023   | 7 | . .                                  |
| 0.3 2.4 2.3                           | mdc-2023   | 7 | . 2 2                                |
| 2.4 0.3 2.3                           | mdc-2023   | 7 | 2 . 2                                |
| 2.4 2.3 0.3                           | mdc-2023   | 7 | 2 2 .                                |
| −2.4 −0.3 −2.3                        | mdc-2023   | 7 | 2 . 2                                |
| 2.4 −0.2 2.3                          | mdc-2023   | 7 | . . .                                |
| 2.4 0 2.3                             | mdc-2023   | 7 | . . .                                |
| 2.4 0.3 0.4 2.3                       | mdc-2023   | 7 | . . . .                              |
| 2 2 2                                 | mdc-2023   | 7 | . . .                                |
| 2.01 0.1 2.01                         | mdc-2023   | 7 | 2 . 2                                |
| 0.5 2.4 3.4 −0.5                      | mdc-2023   | 7 | . 2 O2 .                             |
| 0.5 2.4 3.4 −0.5                      | nhsr-0.2.2 | 7 | . . O .                              |
| 3.4 3.5 2.4                           | mdc-2023   | 7 | O2 O2 2                              |
| 3.4 3.5 2.4                           | nhsr-0.2.2 | 7 | O O .                                |
| 3.4 2.4 2.5 −0.5                      | nhsr-0.2.2 | 7 | O 2 2 .                              |
| 3.4 3.5 0.3                           | mdc-2023   | 7 | O2 O2 .                              |
| .5 1 1.5 2 2.5 2.9 3.5                | mdc-2023   | 7 | TS TS TS TS T2S T2S OT2S             |
| .5 1 1.5 2 2.5 2.9 3.5                | nhsr-0.2.2 | 7 | TS TS TS TS T2S T2S OTS              |
| 3.5 2.9 2.5 2 1.5 1 .5                | mdc-2023   | 7 | OT2S T2S T2S TS TS TS TS             |
| .6 .5 .4 .3 .2 .1 −.1 0 .1 .2 .3 .4 .5 | mdc-2023  | 7 | T T T T T T T T T T T T T            |
"""


def drawn(case):
    heights = [float(point.replace("−", "-")) for point in case["points in sigma"].split()]
    values = [*BEFORE, *(height * SIGMA for height in heights)]
    frame = pd.DataFrame({"measure_id": "a", "ordinal": range(len(values)), "value": values})
    n = int(case["n"])
    options = XmrOptions(two_in_three=case["mode"], shift_n=n, trend_n=n, fix_after_n=len(BEFORE))
    polarity = pd.Series({"a": "higher"})
    return xmr(frame, options=options, polarity=polarity).points.iloc[len(BEFORE) :]


@pytest.mark.parametrize("case", cases(DRAWN))
def test_at_each_point_fire_the_rules_that_are_drawn(case):
    points = drawn(case)
    expected = [
        [LETTERS[letter] for letter in cell if letter != "."] for cell in case["rules that fire"].split()
    ]
    assert [text.split("; ") if text else [] for text in points["fired"]] == expected
    assert [[rule for rule in RULES if row[rule]] for _, row in points.iterrows()] == expected


@pytest.mark.parametrize("case", cases(DRAWN))
def test_the_first_rule_that_fires_names_the_point(case):
    first = [LETTERS.get(cell[0], "common_cause") for cell in case["rules that fire"].split()]
    assert drawn(case)["point_type"].tolist() == first


WAY = """
| points in sigma              | mode     | n | improvement of the last point |
|------------------------------|----------|---|-------------------------------|
| 3.01                         | mdc-2023 | 7 | improving                     |
| −3.01                        | mdc-2023 | 7 | worsening                     |
| 0.5 −1 −.8 −.6 −.4 −.3 −.2 −.1 | mdc-2023 | 7 | improving                   |
| −0.5 1 .8 .6 .4 .3 .2 .1     | mdc-2023 | 7 | worsening                     |
| 2.4 0.3 2.3                  | mdc-2023 | 7 | improving                     |
| −1 −.5 −1 −.5 −1 −.5 −1      | mdc-2023 | 7 | worsening                     |
| 1 −1 0.5                     | mdc-2023 | 7 | none                          |
"""


@pytest.mark.parametrize("case", cases(WAY))
def test_a_trend_improves_by_where_it_goes_and_any_other_rule_by_its_side_of_the_mean(case):
    found = drawn(case)["improvement"].iloc[-1]
    assert found == case["improvement of the last point"].replace("none", "")


def test_every_rule_of_the_library_is_drawn():
    assert set(LETTERS.values()) == set(RULES)
    assert all(letter in DRAWN.split("rules that fire")[1] for letter in LETTERS)
