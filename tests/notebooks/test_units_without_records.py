"""A directorate that has sent nothing yet still gets its pages, and they say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from workspace import REPOSITORY, Workspace

from pmf_lib.records.schema import ARRANGEMENTS

NOTEBOOKS = sorted(path.stem for path in (REPOSITORY / "notebooks").glob("[1234]_*.ipynb"))
SILENT = "resources"
PARTS = {"objectives": "plan_id", "agenda": "meeting_id"}
"""Table whose rows belong to another's, and by which id."""


def cells(notebook: str) -> list[str]:
    found = nbformat.read(REPOSITORY / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    return [cell.source for cell in found if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def silent(make_workspace: Callable[..., Workspace]) -> Workspace:
    """The sample council without anything from one directorate."""
    own = make_workspace("silent")
    gone: set[str] = set()

    def without(rows: list[dict[str, str]]) -> None:
        gone.update(row["measure_id"] for row in rows if row.get("directorate") == SILENT)
        rows[:] = [row for row in rows if row["measure_id"] not in gone]

    for table in ("measures", "links", "observations", "targets", "comparators", "commentary", "forecasts"):
        own.change(table, without)
    silence_arrangements(own)
    return own


def silence_arrangements(own: Workspace) -> None:
    """Leave out the directorate's rows, with what hangs from its plans and meetings."""
    gone: set[str] = set()

    def without(rows: list[dict[str, str]]) -> None:
        gone.update(
            row[key]
            for row in rows
            for key in PARTS.values()
            if row.get("directorate") == SILENT and key in row
        )
        rows[:] = [row for row in rows if row.get("directorate") != SILENT and gone.isdisjoint(row.values())]

    for table in ("plans", "meetings", *(name for name in ARRANGEMENTS if name not in ("plans", "meetings"))):
        own.change(table, without)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_each_notebook_runs_for_a_directorate_that_has_sent_nothing(
    silent: Workspace, notebook: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PMF_HOME", str(silent.home))
    monkeypatch.setenv("PMF_STORE", str(silent.store))
    recorded: dict[str, Any] = {}
    monkeypatch.setattr("pmf_lib.workbook.scraps._glue", recorded.__setitem__)
    names: dict[str, Any] = {}
    parameters, *rest = cells(notebook)
    exec(parameters, names)
    names["directorate"] = SILENT
    for source in rest:
        exec(source, names)
    assert recorded["page"]["value"]["headline"].startswith(("No ", "Nothing was received"))
    assert {payload["schema"] for payload in recorded.values()} == set(names["book"].sidecar.emits)
