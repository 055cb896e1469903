"""Commentary is read with the precision that the guide to methods states, on the half on which no phrase was chosen."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import measure

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "methods" / "commentary.md"
ROW = re.compile(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|.*$", re.MULTILINE)


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("PMF_HOME", str(ROOT))


@pytest.fixture
def halves():
    rows = measure.labelled()
    return {half: measure.measured(rows[rows["half"] == half]) for half in ("even", "odd")}


def test_the_figures_of_the_guide_are_those_measured(halves):
    """Labelled, said and right by class, the odd half first, as the page has them."""
    stated = [(name, *map(int, counts)) for name, *counts in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    counted = [
        (str(name), *map(int, row))
        for half in ("odd", "even")
        for name, row in zip(
            halves[half].index, halves[half][["labelled", "said", "right"]].to_numpy(), strict=True
        )
    ]
    assert stated == counted


def test_what_is_said_of_the_half_not_seen_is_nearly_always_right(halves):
    said, right = (halves["odd"].drop("unchanged")[name].sum() for name in ("said", "right"))
    assert said >= 25
    assert right / said >= 0.9


def test_both_halves_hold_every_class(halves):
    assert all((table["labelled"] >= 15).all() for table in halves.values())


def test_two_readers_agree_on_what_the_texts_claim():
    assert measure.agreement().round(4).to_dict() == {
        "says_direction": 0.9875,
        "says_target": 1.0,
        "unchanged": 1.0,
    }


def test_no_label_is_left_blank_and_both_sets_are_of_the_same_comments():
    first, second = measure.labelled(), measure.labelled("labels_b.csv")
    assert list(first["comment_id"]) == list(second["comment_id"])
    assert len(first) == 240
    assert not (first[list(measure.LABELS)] == "").any(axis=None)
