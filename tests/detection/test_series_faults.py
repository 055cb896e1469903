"""Each fault that only a whole series shows is found by its own rule, where it was planted, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from series_faults import FAULTS, found, outcome
from story_council import clean

from pmf_lib.records.rules import JUDGED

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("PMF_HOME", str(ROOT))


def assert_all_found(fault: str, seeds: range) -> None:
    seen = outcome(FAULTS[fault], seeds)
    assert (seen.planted, seen.found) == (len(seeds), len(seeds)), seen.elsewhere.to_string()
    assert seen.elsewhere.empty, seen.elsewhere.to_string()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_of_a_series_is_the_one_thing_found(fault):
    assert_all_found(fault, range(100, 105))


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_of_a_series_is_the_one_thing_found_over_fifty_seeds(fault):
    assert_all_found(fault, range(50))


def test_nothing_is_found_in_the_series_of_twenty_clean_councils():
    rows = found([clean(seed) for seed in range(20)])
    assert rows.empty, rows.to_string()


def test_every_rule_that_looks_at_a_series_has_a_mutator_here_or_a_story():
    told_elsewhere = {
        "commentary.contradicts",
        "commentary.unchanged",
        "series.definition-break",
        "certification.category",
    }
    assert {fault.rule for fault in FAULTS.values()} == set(JUDGED) - told_elsewhere
