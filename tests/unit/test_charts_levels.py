"""The picture of levels: every cell has its word, nothing is told by colour alone, and its words and numbers agree."""

import pandas as pd
import pytest
from test_charts_made_up import HOSTILE, contrast, faults_of, words_of

from pmf_lib import verdicts
from pmf_lib.workbook.charts import alt_levels, data_levels, level_matrix
from pmf_lib.workbook.pieces.figure import svg

CODES = verdicts.load().codes("embedding")


def cells(units: tuple[str, ...] = ("North", "South"), note: str = "1 of 2 met") -> pd.DataFrame:
    rows = [(f"group {code}", unit, code, note) for code in CODES for unit in units]
    return pd.DataFrame(
        [*rows, ("last", units[0], "", "not asked")], columns=["group", "unit", "level", "note"]
    )


def test_every_level_is_said_in_a_word_with_its_note():
    figure = level_matrix(cells())
    said = words_of(figure)
    for code in CODES:
        assert verdicts.load().get("embedding", code).word in said
    assert "not asked" in said
    assert faults_of(figure) == []


def test_long_and_hostile_names_stay_in_their_place():
    figure = level_matrix(
        cells((HOSTILE, "Adult Social Care, Public Health and Hub", "C", "D", "Whole council"))
    )
    assert faults_of(figure) == []


def test_a_long_word_in_the_name_of_one_of_six_units_is_written_smaller_and_not_cut():
    six = ("Streets and Neighbourhoods", "Adult Care", "C", "D", "E", "Whole council")
    assert "Neighbourhoods" in words_of(level_matrix(cells(six)))


def test_the_picture_in_words_counts_cells_and_names_the_worst():
    said = alt_levels(cells())
    assert said.startswith("6 groups of clauses in 2 units: 2 lived, 2 on paper, 2 partly lived, 2 not lived")
    assert said.endswith("Not lived: group not_lived in North; group not_lived in South.")
    assert alt_levels(cells().iloc[:0]) == "No group of clauses is asked of any unit."


def test_the_table_has_a_row_a_group_and_a_column_a_unit_in_the_order_given():
    table = data_levels(cells(("South", "North")))
    assert list(table) == ["What is asked", "South", "North"]
    assert table.iloc[0].tolist() == ["Group lived", "Lived, 1 of 2 met", "Lived, 1 of 2 met"]
    assert table.iloc[-1, 1] == "not asked"


def test_nothing_to_show_is_a_sentence():
    assert "no clauses to show" in words_of(level_matrix(cells().iloc[:0]))


def test_the_same_cells_give_the_same_bytes():
    assert svg(level_matrix(cells())) == svg(level_matrix(cells()))


@pytest.mark.parametrize("code", CODES)
def test_words_and_rims_can_be_told_from_their_ground(code: str):
    found = verdicts.load().get("embedding", code)
    assert contrast(found.text, found.background) >= 4.5
    assert contrast(found.mark, "#FFFFFF") >= 3
