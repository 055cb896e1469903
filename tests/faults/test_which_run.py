"""Which run a request means: the same however it is written, another as soon as code, notebooks or policy differ."""

import json
import shutil
from pathlib import Path

import pytest
from workspace import Workspace

from pmf_lib.store import identity, manifest
from pmf_lib.store.manifest import Item, Manifest


def planned(own: Workspace, *arguments: str) -> Manifest:
    done = own.here("run", "--plan", "--json", *arguments)
    assert done.code == 0, done.said
    return Manifest.model_validate(json.loads(done.out))


@pytest.mark.slow
def test_directorates_in_any_order_and_written_twice_are_one_run(workspace: Workspace) -> None:
    one = planned(workspace, "--directorate", "resources", "--directorate", "childrens")
    other = planned(
        workspace, "--directorate", "childrens", "--directorate", "resources", "--directorate", "childrens"
    )
    assert one == other
    assert {item.unit for item in one.items} == {"childrens", "resources", "council"}
    every = [found for unit in ("adults-health", "childrens", "economy-environment", "resources")
             for found in ("--directorate", unit)]  # fmt: skip
    assert planned(workspace, *every) == planned(workspace) != one


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("notebooks/5_council_scorecard.ipynb", "Council scorecard", "Council score card"),
        pytest.param(
            "notebooks/5_council_scorecard.yml",
            "How is the plan doing?",
            "How is it doing?",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "parameters/schemes/clauses.yml",
            "partly_up_to_pct: 25",
            "partly_up_to_pct: 20",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "parameters/councils/sample.yml",
            "Sampleton Borough Council",
            "Sampleton Council",
            marks=pytest.mark.slow,
        ),
        ("data/sample/commentary.csv", "Two sites started later", "Three sites started later"),
        pytest.param("requirements.lock", "pandas==", "pandas== ", marks=pytest.mark.slow),
    ],
)
def test_a_change_of_anything_that_a_page_depends_on_makes_another_run(
    workspace: Workspace, path: str, old: str, new: str
) -> None:
    before, file = planned(workspace), workspace.home / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert planned(workspace).run_id != before.run_id


@pytest.mark.slow
def test_the_code_that_counts_is_the_code_that_runs_wherever_the_workspace_lies(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = planned(workspace)
    changed = tmp_path / "package"
    shutil.copytree(identity.PACKAGE, changed, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(identity, "PACKAGE", changed)
    assert planned(workspace).run_id == before.run_id
    with (changed / "performance" / "limits.py").open("a", encoding="utf-8") as stream:
        stream.write("# another constant\n")
    assert planned(workspace).run_id != before.run_id


def run_of(*units: str) -> Manifest:
    items = [
        Item(unit=unit, notebook="2_x", stage="directorate", title="X", key=unit, outcome="ok")
        for unit in units
    ]
    asked = dict.fromkeys(
        ("council", "framework", "quarter", "as_at", "edition", "snapshot", "policy", "code"), "x"
    )
    return Manifest(run_id="-".join(units), items=tuple(items), **asked)


def test_a_run_of_some_directorates_is_not_taken_for_the_councils(tmp_path: Path) -> None:
    some, every = tmp_path / "some" / "manifest.json", tmp_path / "every" / "manifest.json"
    manifest.write(every, run_of("one", "two"))
    manifest.write(some, run_of("two"))
    assert manifest.newest_complete(tmp_path, {"council": "x"}, ["one", "two"]) == every
    every.unlink()
    assert manifest.newest_complete(tmp_path, {"council": "x"}, ["one", "two"]) is None
