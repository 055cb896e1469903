"""Tests that share a run stay with one worker: otherwise each worker would make the run anew."""

import os

import pytest


@pytest.mark.xdist_group("kept-together")
def test_the_group_of_a_test_is_heard(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("tests are not shared out here; pytest -n 2 --dist loadgroup does that")
    assert request.node.nodeid.endswith("@kept-together")
