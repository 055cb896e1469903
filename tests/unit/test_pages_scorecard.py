"""The council's page says of whom it can't speak."""

from types import SimpleNamespace

import pandas as pd

from pmf_lib.council import load
from pmf_lib.workbook.pages import scorecard
from pmf_lib.workbook.results import Collected

COUNCIL = load("sample")
BOOK = SimpleNamespace(council=COUNCIL)
IDS = [one.id for one in COUNCIL.directorates]


def collected(*heard: str, missing: tuple[str, ...] = ()) -> Collected:
    frames = {"rated_measures": pd.DataFrame({"directorate": list(heard)})}
    return Collected(frames, is_recorded=True, missing=missing)


def test_a_directorate_without_any_measure_is_named_on_top() -> None:
    said = scorecard.notes(BOOK, collected(*IDS[1:]))
    assert said == {
        "silent": f"No measure of {COUNCIL.directorates[0].name} is recorded, so this page can't speak of it."
    }


def test_one_whose_results_are_missing_is_not_called_silent_too() -> None:
    said = scorecard.notes(BOOK, collected(*IDS[1:], missing=(COUNCIL.directorates[0].name,)))
    assert list(said) == ["incomplete"]


def test_a_whole_set_needs_no_notice() -> None:
    assert scorecard.notes(BOOK, collected(*IDS)) == {}
