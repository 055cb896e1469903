"""A council of one's own begins with one command, and overwrites nothing."""

from __future__ import annotations

import pytest
from workspace import Workspace

from pmf_lib import council as councils
from pmf_lib.records.collect import collect
from pmf_lib.records.schema import TABLES

UNITS = ("--directorate", "adults", "Adult Social Care", "Director of Adult Social Care",
         "--directorate", "places", "Places", "Director of Places")  # fmt: skip
COUNCIL = ("new", "council", "northborough", "--name", "Northborough: Borough Council", *UNITS)


def test_a_new_council_can_be_checked_at_once(workspace: Workspace) -> None:
    done = workspace.here(*COUNCIL, "--quarter", "2025-26 Q1")
    assert done.code == 0, done.said
    made = councils.load("northborough")
    assert (made.name, made.evidence) == ("Northborough: Borough Council", "own")
    assert made.directorate("places").director == "Director of Places"
    records = collect(made)
    assert {name: len(table) for name, table in records.tables.items()} == dict.fromkeys(TABLES, 0)
    assert records.findings.empty


def test_its_run_reads_records_45_days_after_the_quarter(workspace: Workspace) -> None:
    workspace.here(*COUNCIL, "--quarter", "2025-26 Q1")
    text = (workspace.home / "parameters" / "runs" / "northborough.yml").read_text(encoding="utf-8")
    assert "quarter: 2025-26 Q1" in text
    assert "as_at: '2025-08-14'" in text


def test_nothing_is_overwritten(workspace: Workspace) -> None:
    workspace.here(*COUNCIL, "--quarter", "2025-26 Q1")
    again = workspace.here(*COUNCIL, "--quarter", "2025-26 Q2")
    assert again.code == 2
    assert "'parameters/councils/northborough.yml' is there already" in again.err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"northborough": "North Borough"}, "got 'North Borough', expected at most 40 lower case letters"),
        ({"northborough": "../../etc"}, "expected at most 40 lower case letters"),
        ({"adults": "Adults!"}, "The council's directorates 0 id: got 'Adults!'"),
    ],
)
def test_an_id_that_is_none_is_refused(workspace: Workspace, changed: dict[str, str], said: str) -> None:
    done = workspace.here(*(changed.get(word, word) for word in COUNCIL), "--quarter", "2025-26 Q1")
    assert (done.code, said in done.err) == (2, True), done.said
    assert not list((workspace.home / "data").glob("north*"))
