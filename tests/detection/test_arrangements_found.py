"""Every clause test finds its defect, wherever it lies, names nothing else, and is quiet about a council in which none is."""

from __future__ import annotations

from collections import defaultdict

import pytest
from lived_companions import COMPANIONS, ON_ANOTHER_DAY
from lived_council import Lived, lived
from lived_detect import (
    ALLOWED,
    BATCHES,
    OF_TROUBLE,
    PLANTS,
    SEEDS,
    calls,
    clean_findings,
    companions,
    look,
    outcomes,
)
from minuted import FRAMEWORKS

from pmf_lib.assurance.checks import TESTS


def assert_clean(of: Lived) -> None:
    found = clean_findings(of)
    assert found.empty, found.to_dict("records")


def test_every_test_has_a_defect_that_is_planted_and_every_test_is_asked_by_a_clause() -> None:
    assert set(PLANTS) == set(TESTS) == {call.test for call in calls()}


def test_every_call_finds_its_defect_and_names_nothing_else() -> None:
    """Every third call, each in one of three councils; all calls, over fifty seeds: below."""
    for number, call in enumerate(calls()[::3]):
        seen = look(call, number % 3)
        assert (seen.found, seen.elsewhere) == (1, ()), f"seed {number % 3}: {call.name}: {seen.elsewhere}"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_nothing_is_found_in_a_council_in_which_the_framework_is_lived(framework: str) -> None:
    assert_clean(lived(0, framework))


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_every_call_finds_its_defect_and_names_nothing_else_over_more_seeds(seeds: range) -> None:
    seen = outcomes(seeds).values()
    assert not [line for one in seen for line in one.elsewhere]
    assert not [f"{one.call.name}: {one.found} of {one.planted}" for one in seen if one.found < len(seeds)]


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_nothing_is_found_in_more_councils_in_which_the_framework_is_lived(framework: str) -> None:
    for seed in range(SEEDS):
        assert_clean(lived(seed, framework))


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_council_that_takes_up_what_is_amiss_shows_only_what_it_does_not_hide(framework: str) -> None:
    """The targets missed and the figure that can't be relied on; what was done about them is all in order."""
    for seed in range(min(SEEDS, 5)):
        of = lived(seed, framework, True)
        found = clean_findings(of)
        assert set(found["test"]) <= set(ALLOWED), found.to_dict("records")
        missed = found.loc[found["test"] == "target_is_met", "subject"]
        assert set(missed) == {each.title for each in of.figures.reds}


@pytest.mark.slow
def test_a_defect_is_named_by_other_tests_only_where_it_is_theirs_too() -> None:
    """A call of each test in one council, every other call asked of every unit."""
    strange = defaultdict(set)
    first = {one.test: one for one in reversed(calls())}
    for call in (one for one in first.values() if one.test not in ON_ANOTHER_DAY):
        for other, unit, subject in companions(call, 0):
            if other.test not in COMPANIONS.get(call.test, ()):
                strange[call.name].add(f"{other.name}, {unit or 'council'}: {subject}")
    assert not strange, dict(strange)


def test_companions_are_tests() -> None:
    named = {*COMPANIONS, *ON_ANOTHER_DAY, *(test for tests in COMPANIONS.values() for test in tests)}
    assert named <= set(TESTS)


def test_only_tests_of_what_is_amiss_are_planted_in_troubled_councils() -> None:
    assert set(OF_TROUBLE) <= set(TESTS)
