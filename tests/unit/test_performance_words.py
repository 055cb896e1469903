"""Ranges as they can be shown, and no internal code in what a reader sees."""

import math

import pytest

from pmf_lib import periods, verdicts
from pmf_lib.performance import status_words
from pmf_lib.performance.spc import words as spc_words
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.words import brief, possible
from pmf_lib.records import schema
from pmf_lib.workbook.charts.facts import Facts


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "shown"),
    [
        (88.5, 97.25, "%", (88.5, 97.25)),
        (88.5, 104.2, "%", (88.5, 100.0)),
        (-3.0, 12.0, "%", (0.0, 12.0)),
        (-3.0, 104.0, "%", (0.0, 100.0)),
        (-3.0, 104.0, "number", (0.0, 104.0)),
        (-3.0, 104.0, "% of the index of 2015", (0.0, 104.0)),
        (-3.0, 104.0, "% of pupils", (0.0, 100.0)),
        (5.0, 104.0, "days", (5.0, 104.0)),
    ],
)
def test_a_range_is_shown_within_what_is_possible(lower, upper, unit, shown):
    assert possible(lower, upper, unit) == shown


@pytest.mark.parametrize("unit", ["%", "£", "number", "", "€", "rate per 10,000"])
@pytest.mark.parametrize("value", [9_999_999, 12_345_678, -96_179_373, 2e15])
def test_a_sentence_and_its_picture_write_large_figures_in_millions_alike(unit, value):
    in_picture = Facts.of({"unit": unit, "decimals": 0}).brief(value)
    assert ("m" in in_picture) == ("m" in brief(value, 0, unit))


def test_an_open_end_stays_open():
    lower, upper = possible(math.nan, 104.0, "%")
    assert (math.isnan(lower), upper) == (True, 100.0)
    assert all(math.isnan(end) for end in possible(math.nan, math.nan, "days"))


def test_every_way_of_reading_two_in_three_has_its_words():
    known = XmrOptions.model_fields["two_in_three"].annotation.__args__
    assert set(spc_words.TWO_IN_THREE) == set(known)
    assert not any(code in words for code, words in spc_words.TWO_IN_THREE.items())


def test_every_frequency_and_accumulation_is_said_in_words():
    said = {status_words.FREQUENCY_WORDS.get(code, code) for code in periods.FREQUENCIES}
    assert said == {
        *(
            "monthly",
            "quarterly",
            "termly",
            "annual",
            "academic-year",
            "calendar-year",
            "weekly",
            "multi-year",
        )
    }
    assert set(status_words.BASIS_WORDS) == set(schema.ACCUMULATIONS)
    assert set(status_words._WORDS) | {"not_published"} == set(verdicts.load().codes("status", "absence"))
