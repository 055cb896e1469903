"""Faults written into the rules and limits on purpose: the tests of the rules find every one of them."""

import json
import subprocess
import sys
from pathlib import Path

import mutants
import pytest

ROOT = Path(mutants.__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    """Mutant → the first test that fails on it."""
    ran = subprocess.run(
        [sys.executable, mutants.__file__],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def test_the_source_as_it_stands_passes(found):
    assert found[mutants.NONE] == ""


@pytest.mark.parametrize("mutant", [name for name in mutants.MUTANTS if name != mutants.NONE])
def test_a_fault_is_found(found, mutant):
    assert found[mutant] != "", f"no test found this change: {mutants.MUTANTS[mutant]}"


def test_there_is_a_fault_for_every_rule_and_for_the_limits():
    kinds = {name.partition(":")[0] for name in mutants.MUTANTS if name != mutants.NONE}
    assert kinds == {"outside", "trend", "two in three", "shift", "precedence", "limits"}
