"""A latest result beside others', as a drawn table."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.performance.compared import compared
from pmf_lib.workbook.pages import others

TABLE = """
polarity  decimals  here   country  side
higher    1         90.0   85.0     better
higher    1         80.0   85.0     worse
lower     1         80.0   85.0     better
lower     1         90.0   85.0     worse
higher    1         85.04  85.0     same
higher    2         85.04  85.0     better
none      1         90.0   85.0     -
range     1         90.0   85.0     -
higher    0         90     nan      -
"""


def rated(here: float, polarity: str = "higher", decimals: float = 1) -> pd.DataFrame:
    row = {"measure_id": "m", "title": "M", "polarity": polarity, "decimals": decimals, "unit": "%"}
    return pd.DataFrame([{**row, "last_period": "2023-24", "last_value": here}])


def comparator(
    authority: str, kind: str, value: float, period: str = "2023-24", measure: str = "m"
) -> dict[str, object]:
    return {
        "measure_id": measure,
        "period": period,
        "authority": authority,
        "authority_kind": kind,
        "value": value,
    }


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:])
def test_better_or_worse_than_the_country_by_polarity(line: str) -> None:
    polarity, decimals, here, country, side = line.split()
    table = pd.DataFrame(
        [comparator("England", "country", float(country)), comparator("A", "authority", 1.0)]
    )
    found = compared(rated(float(here), polarity, float(decimals)), table)
    assert found["than_country"].tolist() == ["" if side == "-" else side]


def test_only_figures_of_the_same_period_and_measure_are_set_beside_it() -> None:
    table = pd.DataFrame(
        [
            comparator("England", "country", 1.0, period="2022-23"),
            comparator("England", "country", 2.0, measure="other"),
        ]
    )
    assert compared(rated(5.0), table).empty


def test_a_missing_authority_is_not_counted() -> None:
    table = pd.DataFrame(
        [comparator(name, "authority", value) for name, value in (("A", 1.0), ("B", np.nan), ("C", 4.0))]
    )
    found = compared(rated(5.0), table).iloc[0]
    assert (found["others_median"], found["others_n"], found["country"]) == (2.5, 2, "")


def test_the_average_of_a_group_is_not_an_authority() -> None:
    table = pd.DataFrame(
        [
            comparator("A", "authority", 1.0),
            comparator("B", "authority", 3.0),
            comparator("Ten statistical neighbours", "neighbours", 50.0),
            comparator("All", "median", 70.0),
        ]
    )
    found = compared(rated(5.0), table).iloc[0]
    assert (found["others_median"], found["others_n"], found["group_value"]) == (2.0, 2, 50.0)


def test_a_group_alone_is_shown_and_counts_no_authority() -> None:
    found = compared(rated(5.0), pd.DataFrame([comparator("Ten neighbours", "neighbours", 50.0)])).iloc[0]
    assert (found["group_value"], found["others_n"], found["than_country"]) == (50.0, 0, "")
    assert np.isnan(found["others_median"])


def test_the_caller_s_frames_are_left_alone_and_no_result_is_no_row() -> None:
    table = pd.DataFrame([comparator("England", "country", 1.0)])
    before = table.copy()
    assert compared(rated(np.nan), table).empty
    pd.testing.assert_frame_equal(table, before)


def test_the_sentence_counts_what_can_be_judged() -> None:
    found = pd.DataFrame({"than_country": ["worse", "better", "better", "same", ""], "country": "England"})
    assert others.sentence(found) == (
        "One of 4 latest results is worse than England for the same period, 2 better and 1 the same."
    )
    assert others.sentence(found.iloc[4:]) == ""
    assert (
        others.sentence(found.iloc[[0, 0]])
        == "All 2 latest results are worse than England for the same period."
    )


def book_of(*rows: dict[str, object]) -> SimpleNamespace:
    return SimpleNamespace(
        table=lambda name: pd.DataFrame(rows), schemes=SimpleNamespace(verdicts=verdicts.load())
    )


def test_the_worse_are_listed_by_how_far_they_are_from_the_country() -> None:
    here = {"near": 99.0, "far": 50.0, "small and far": 1.0, "best": 120.0, "better": 101.0}
    country = dict.fromkeys(here, 100.0) | {"small and far": 4.0}
    measures = pd.concat([rated(value).assign(measure_id=name, title=name) for name, value in here.items()])
    book = book_of(
        *(comparator("England", "country", value, measure=name) for name, value in country.items())
    )
    assert others.beside(book, measures)["title"].tolist() == [
        "small and far",
        "far",
        "near",
        "better",
        "best",
    ]
    assert "as a share of it" in others.others(book, measures.reset_index()).markup


def test_a_latest_value_that_is_surely_wrong_is_compared_with_nobodys() -> None:
    book = book_of(
        comparator("England", "country", 100.0), comparator("England", "country", 100.0, measure="n")
    )
    both = pd.concat([rated(5.0), rated(90.0).assign(measure_id="n", title="N")], ignore_index=True)
    shown = both.assign(is_off_chart=[True, False])
    assert others.beside(book, both)["title"].tolist() == ["M", "N"]
    assert others.beside(book, shown)["title"].tolist() == ["N"]
    assert (
        "One latest value that seems to be in another unit is left out" in others.others(book, shown).markup
    )
