"""Results of a unit: series that have ended say nothing of today; nothing to collect is said."""

from typing import Any, cast

import pandas as pd
import pytest

from pmf_lib.errors import ParameterError, StoreError
from pmf_lib.periods import parse_quarter
from pmf_lib.store import manifest, places
from pmf_lib.store.manifest import Manifest
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.results import as_found, collected, still_running

QUARTER = parse_quarter("2024-25 Q2")


def measure(
    last_period: str, state: str = "met", frequency: str = "monthly", variation: str = "improving_high"
) -> pd.DataFrame:
    row = {"state": state, "frequency": frequency, "last_period": last_period, "variation": variation}
    return pd.DataFrame([{**row, "variation_why": "w", "capability": "hit_and_miss", "capability_why": "w"}])


@pytest.mark.parametrize(
    ("last_period", "state", "frequency", "kept"),
    [
        ("2024-09", "met", "monthly", True),
        ("2024-04", "late", "monthly", True),
        ("2024-03", "late", "monthly", False),
        ("2024-25 Q1", "awaited", "quarterly", True),
        ("2023-24 Q4", "late", "quarterly", False),
        ("2023-24 Q1", "late", "quarterly", False),
        ("2024-09", "retired", "monthly", False),
        ("2024-09", "not_defined", "monthly", False),
    ],
)
def test_change_is_told_only_of_series_that_still_run(
    last_period: str, state: str, frequency: str, kept: bool
) -> None:
    told = still_running(measure(last_period, state, frequency), QUARTER).iloc[0]
    assert told["variation"] == ("improving_high" if kept else "not_suited")
    assert told["capability"] == ("hit_and_miss" if kept else "not_tested")


def test_a_series_that_was_never_tested_keeps_its_own_reason() -> None:
    told = still_running(measure("2020-21", "late", "annual", "not_suited"), QUARTER).iloc[0]
    assert (told["variation"], told["variation_why"]) == ("not_suited", "w")


def test_no_measures_are_no_trouble() -> None:
    assert still_running(measure("2024-09").iloc[:0], QUARTER).empty


def test_figures_of_others_are_never_late_but_not_published():
    rows = pd.concat(
        [measure("2024-25 Q1", state) for state in ("late", "awaited", "met")], ignore_index=True
    )
    found = as_found(rows.assign(period="2024-25 Q2", why="w", rule="r"))
    assert found["state"].tolist() == ["not_published", "not_published", "met"]
    assert found["why"].tolist()[1:] == [
        "No figure for 2024-25 Q2 is in the publisher's files as found.",
        "w",
    ]
    assert found["rule"].tolist() == ["status.not-published", "status.not-published", "r"]


ASKED = {
    "council": "sample",
    "framework": "pmf-2022-25",
    "quarter": "2024-25 Q2",
    "as_at": "2024-11-15",
    "edition": "full",
    "snapshot": "0" * 16,
}
OTHERS = {
    "council": "other",
    "framework": "other",
    "quarter": "2024-25 Q1",
    "as_at": "2024-11-16",
    "edition": "public",
    "snapshot": "1" * 16,
}


class Page:
    """A council page's book, as far as the run that it takes its results from matters."""

    def __init__(self, **parameters: str) -> None:
        self.parameters = {**ASKED, "inputs": "0123456789ab", **parameters}


@pytest.fixture
def empty_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run in the store without any item."""
    monkeypatch.setenv("PMF_STORE", str(tmp_path))
    run = Manifest(run_id="0123456789ab", policy="p", code="c", items=(), **ASKED)
    manifest.write(places.run_folder(run.run_id) / "manifest.json", run)


@pytest.mark.usefixtures("empty_run")
@pytest.mark.parametrize("name", OTHERS)
def test_a_page_takes_no_results_of_a_run_that_was_asked_something_else(name: str) -> None:
    page = cast("Book", Page(**{name: OTHERS[name]}))
    with pytest.raises(
        ParameterError,
        match=f"inputs '0123456789ab' is a run of {name} '{ASKED[name]}', not '{OTHERS[name]}'",
    ):
        collected(page)


@pytest.mark.usefixtures("empty_run")
@pytest.mark.parametrize("snapshot", [ASKED["snapshot"], ""])
def test_a_run_of_what_the_page_asks_is_read_with_or_without_a_named_snapshot(snapshot: str) -> None:
    with pytest.raises(StoreError, match="No directorate's notebooks ended well"):
        collected(cast("Book", Page(snapshot=snapshot)))
