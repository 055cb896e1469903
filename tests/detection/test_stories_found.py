"""Each story that may lie in a council's figures is found by its own rule, and nothing else is found."""

from __future__ import annotations

from pathlib import Path

import chance
import detect
import pytest
from stories import MENDED, STORIES, planted
from story_council import AS_AT, CHARTED, QUARTER, clean

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("PMF_HOME", str(ROOT))


def assert_all_found(story: str, seeds: range) -> None:
    seen = detect.outcome(STORIES[story], seeds)
    assert (seen.planted, seen.found) == (len(seeds), len(seeds))
    assert seen.elsewhere.empty, seen.elsewhere.to_string()


@pytest.mark.parametrize("story", STORIES)
def test_a_planted_story_is_found_by_its_rule_and_nothing_else_is(story):
    assert_all_found(story, range(100, 103))


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_a_planted_story_is_found_by_its_rule_and_nothing_else_is_over_fifty_seeds(story):
    assert_all_found(story, range(50))


def test_nothing_is_found_in_twenty_councils_in_which_nothing_was_planted():
    found = detect.clean_findings(range(20))
    assert found.empty, found.to_string()


def test_clean_councils_differ_and_all_their_measures_are_rated():
    first, second = clean(1), clean(2)
    assert [measure.target for measure in first] != [measure.target for measure in second]
    rated = detect.look([first]).rated
    assert set(rated["state"]) <= {"met", "near", "missed"}
    assert (rated["n_points"] >= 24).sum() >= len(CHARTED)


def test_a_unit_slip_that_was_mended_leaves_no_fault():
    made = [planted(MENDED, seed) for seed in range(20)]
    found = detect.look([council for council, _ in made]).findings
    assert found[found["detector"] != "revision"].empty, found.to_string()
    assert set(found["measure_id"]) <= {where.measure_id for _, where in made}


def test_a_story_that_is_not_planted_is_not_found():
    """The detector must be able to say no: the truth of one council is held against another's findings."""
    for name in ("unit slip", "late", "real improvement", "change within noise"):
        story = STORIES[name]
        made = [detect.planted(story, seed) for seed in range(3)]
        clean_ones = detect.look([clean(seed) for seed in range(3)])
        found = [detect._is_found(story, where, clean_ones) for _, where in made]
        assert found == [name == "change within noise"] * 3


def test_every_planted_story_has_a_mutator_and_is_told_in_the_guide():
    guide = (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8").lower()
    assert len(STORIES) == 16
    assert [name for name in STORIES if name not in guide] == []
    assert (QUARTER.label, f"{AS_AT}") == ("2024-25 Q2", "2024-11-15")


def test_noise_alone_seldom_signals_and_a_large_step_nearly_always_does():
    """Measured, not asserted to be nothing: a chart that never answered noise would not answer a change."""
    noise, small, large = (chance.signals(42, size, series=400)["any"] for size in (0.0, 1.0, 4.0))
    assert 0.5 < noise < 6
    assert noise < small < 70
    assert large > 97
