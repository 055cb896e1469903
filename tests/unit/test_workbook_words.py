"""Numbers and lists in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmf_lib.numbers import MINUS
from pmf_lib.workbook.pieces import words


@settings(deadline=None)
@given(st.decimals(-(10**12), 10**12, places=3), st.integers(0, 4))
def test_a_number_reads_back_as_itself_rounded(value: Decimal, decimals: int):
    read = Decimal(words.number(value, decimals).replace(",", "").replace(MINUS, "-"))
    assert abs(read - value) <= Decimal(5) / 10 ** (decimals + 1)


@settings(deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True), st.none() | st.integers(0, 4))
def test_every_number_can_be_written_and_none_has_a_hyphen_for_a_minus(value: float, decimals: int | None):
    said = words.number(value, decimals)
    assert said
    assert "-" not in said
    assert "e" not in said.lower()


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_mirrored_numbers_are_written_alike(value: float, decimals: int):
    assert words.number(value, decimals).lstrip(MINUS) == words.number(-value, decimals).lstrip(MINUS)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(11, 34, "11 of 34 measures"), (21, 34, "21 of 34 measures"), (1, 1, "One of one measure")],
)
def test_a_share_is_said_as_a_sentence_begins(part: int, whole: int, said: str):
    assert words.out_of(part, whole, "measure") == said


@settings(deadline=None)
@given(st.text())
def test_an_address_in_a_page_is_always_a_plain_word(text: str):
    place = words.slug(text)
    assert place[0].isalpha()
    assert place.replace("-", "").isalnum()
    assert place.isascii()
    assert words.slug(place) == place
