"""Direction of travel in words: which way on which period, by how much, or why it is not given."""

import numpy as np
import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.workbook.pages.measures import travel

WORDS = verdicts.load()
ROW = {
    "measure_id": "m", "title": "Visits", "unit": "%", "frequency": "quarterly", "period": "2024-25 Q2", "value": 95.0,
    "decimals": 1, "definition_from": "", "direction_short": "worse", "direction_long": "no_real_change",
    "change_short": 9.5, "change_long": -0.25,
}  # fmt: skip


def series(**values: float) -> pd.DataFrame:
    """Quarters as reported, by names such as q2_2024."""
    found = {f"{name[3:]}-{int(name[5:]) + 1:02d} Q{name[1]}": value for name, value in values.items()}
    value = list(found.values())
    held = {"period": list(found), "value": value, "value_in_period": value, "segment": 0.0}
    return pd.DataFrame({"measure_id": "m", **held})


HELD = series(q2_2023=95.25, q1_2024=85.5, q2_2024=95.0)


def told(held: pd.DataFrame = HELD, *, is_total: bool = False, **given: object) -> str:
    return travel.words(WORDS, pd.Series(ROW | given), held, is_total=is_total)


def test_both_directions_stand_with_their_changes_and_in_the_words_in_force() -> None:
    assert told() == (
        "Worse than the quarter before (+9.5); no real change on the same quarter a year before (−0.3)."
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("better", "Better than the quarter before (+9.5);"),
        ("up", "Up on the quarter before (+9.5);"),
        ("down", "Down on the quarter before (+9.5);"),
        ("not_tested", "Change not tested against the quarter before (+9.5);"),
    ],
)
def test_each_direction_has_its_own_word(code: str, said: str) -> None:
    assert told(direction_short=code).startswith(said)


NONE = {"direction_long": "no_comparison", "change_long": float("nan")}


@pytest.mark.parametrize(
    ("given", "held", "why"),
    [
        ({}, series(q1_2024=85.5, q2_2024=95.0), "there is no value for quarter 2, July to September 2023"),
        ({"definition_from": "2024-25 Q1"}, HELD, "its definition changed between"),
        ({"definition_from": "2022-23 Q1"}, HELD, "its target changed between"),
        ({}, HELD, "its target changed between"),
    ],
)
def test_a_direction_that_is_not_given_says_why(
    given: dict[str, object], held: pd.DataFrame, why: str
) -> None:
    said = told(held, **NONE, **given)
    assert said.endswith(f"; no comparison with the same quarter a year before ({why}).")


def test_without_a_value_or_a_period_that_fell_due_no_direction_is_given() -> None:
    assert told(value=float("nan")) == "Not given: there is no value for quarter 2, July to September 2024."
    assert told(period="") == "Not given: no period of it fell due this quarter."


def test_a_total_since_april_is_compared_with_the_total_a_year_before() -> None:
    assert "on the total since 1 April a year before" in told(is_total=True)
    assert "on the same quarter a year before" in told(HELD.assign(value_in_period=np.nan))


UNTESTED = {"direction_long": "not_tested"}


@pytest.mark.parametrize(
    ("given", "held", "said"),
    [
        ({}, HELD, "the same quarter a year before (−0.3)."),
        ({}, HELD.assign(segment=[0.0, 1, 1]), "before (−0.3; its limits begin anew between)."),
        ({}, HELD.assign(segment=[np.nan, 1, 1]), "the same quarter a year before (−0.3)."),
        (
            {"is_total": True},
            HELD,
            "the total since 1 April a year before (−0.3; its chart tests single periods, not totals).",
        ),
    ],
)
def test_a_change_that_a_chart_cannot_test_says_why(
    given: dict[str, bool], held: pd.DataFrame, said: str
) -> None:
    assert told(held, **UNTESTED, **given).endswith(said)


@pytest.mark.parametrize(
    ("frequency", "period", "what"),
    [
        ("annual", "2023-24", "Worse than the year before (+9.5)."),
        ("multi-year", "2021-04..2024-03", "Worse than the window that ended a year before (+9.5)."),
    ],
)
def test_where_both_directions_are_one_it_is_said_once(frequency: str, period: str, what: str) -> None:
    given = {"frequency": frequency, "period": period, "direction_long": "worse", "change_long": 9.5}
    held = pd.DataFrame({"measure_id": "m", "period": [period], "value": [95.0], "value_in_period": [95.0]})
    assert told(held, **given) == what
