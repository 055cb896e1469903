"""Each kind of finding of the assurance map is found where it was planted, wherever it lies, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assured_council import assured
from assured_detect import NAMES, PLANTS, fared, planted
from lived_detect import BATCHES, SEEDS

from pmf_lib.assurance.lines.findings import KINDS

QUICK = {name: at % 3 for at, name in enumerate(PLANTS)}


def test_every_kind_of_finding_is_planted() -> None:
    assert {kind for name, seed in QUICK.items() for kind in planted(name, seed).kinds} == set(KINDS)


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_finding_is_the_one_that_is_found(name: str) -> None:
    seen = fared(name, [QUICK[name]])
    assert (seen.found, seen.elsewhere) == (1, ())


@pytest.mark.parametrize("framework", NAMES)
def test_nothing_is_found_where_everything_is_assured_as_far_as_it_asks_for(framework: str) -> None:
    assert assured(0, framework).found == set()


def test_what_was_not_planted_is_not_told_as_found() -> None:
    told = planted("gap", QUICK["gap"])
    clean = assured(QUICK["gap"], NAMES[QUICK["gap"] % len(NAMES)])
    assert not replace(told, of=clean).is_found


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_planted_findings_are_the_ones_that_are_found_over_more_seeds(seeds: range) -> None:
    seen = [fared(name, seeds) for name in PLANTS]
    assert not [line for one in seen for line in one.elsewhere]
    assert not [f"{one.name}: {one.found} of {one.planted}" for one in seen if one.found < one.planted]


@pytest.mark.slow
@pytest.mark.parametrize("framework", NAMES)
def test_nothing_is_found_in_more_councils_in_which_everything_is_assured(framework: str) -> None:
    for seed in range(min(SEEDS, 20)):
        assert assured(seed, framework).found == set(), seed
