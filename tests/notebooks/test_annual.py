"""The annual review's notebook runs by hand, unaltered, and finds what was planted in the sample council's year."""

import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from workspace import Done, Workspace

from pmf_lib import sidecar
from pmf_lib.workbook import scraps

NAME = "8_annual_review"
pytestmark = pytest.mark.slow


def run(own: Workspace, *parameters: str) -> Done:
    """Plain papermill in the notebook's own folder, in a workspace in which nothing was ever recorded."""
    command = (sys.executable, "-m", "papermill", f"{NAME}.ipynb", str(own.home / "out.ipynb"), *parameters)
    return own.call(*command, cwd=own.home / "notebooks", without=("PMF_HOME",))


@pytest.fixture(scope="module")
def recorded(make_workspace: Callable[..., Workspace]) -> dict[str, Any]:
    """What the notebook records, run as it stands."""
    own = make_workspace("annual")
    done = run(own)
    assert done.code == 0, done.said
    return scraps.read(own.home / "out.ipynb", sidecar.load(NAME).emits)


def test_it_says_that_nothing_was_recorded_and_whose_year_it_is(recorded: dict[str, Any]) -> None:
    page = recorded["page"]
    assert "recomputed" in {banner["kind"] for banner in page["banners"]}
    assert page["quarter_words"] == "Year 2023-24, April 2023 to March 2024"
    assert "duties held whenever tested this year" in page["headline"]


def test_what_was_planted_fell_and_each_duty_is_counted_once(recorded: dict[str, Any]) -> None:
    """Cabinet approved a revision on 14 May 2024 that Audit Committee had not considered."""
    duties = recorded["annual_review"]
    assert isinstance(duties, pd.DataFrame)
    assert duties["clause"].is_unique
    courses = duties.set_index("clause")["course"]
    assert courses["audit-before-cabinet"] == "fell"
    assert courses["council-plan"] == "held"


def test_another_quarter_than_the_years_last_is_refused_in_words(
    make_workspace: Callable[..., Workspace],
) -> None:
    done = run(make_workspace("not_last"), "-p", "quarter", "2023-24 Q3", "-p", "as_at", "2024-02-14")
    assert done.code != 0
    assert "quarter '2023-24 Q3' is not the last of its year" in done.err
