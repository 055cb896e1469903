"""The early decision looks at every file that planning a run reads, and at none that can't be told."""

import json
import sys

import pytest
from workspace import Workspace

from pmf_lib import council as councils
from pmf_lib.council import Council
from pmf_lib.runs import unchanged

OPENED = """
import json, os, sys
opened = set()
sys.addaudithook(lambda what, of: opened.add(os.fspath(of[0])) if what == "open" and isinstance(of[0], (str, os.PathLike)) else None)
from pathlib import Path
from pmf_lib import council, settings
from pmf_lib.runs import plan, unchanged
asked = unchanged.asked({})
plan.plan(plan.read_request(asked.run_file, {}))
read = {Path(path).resolve() for path in opened}
before = unchanged.before(asked, council.load("sample"))
known = {(asked.homes[name.split(":")[0]] / name.split(":", 1)[1]).resolve() for name in before.inputs}
own = {path for path in read if path.is_relative_to(settings.root()) and not path.is_relative_to(settings.store())}
print(json.dumps([len(own), sorted(map(str, own - known))]))
"""


def test_every_file_that_planning_a_run_opens_is_looked_at(workspace: Workspace) -> None:
    done = workspace.call(sys.executable, "-c", OPENED)
    assert done.code == 0, done.said
    count, missed = json.loads(done.out)
    assert count > 50
    assert missed == []


def council_with(**records: object) -> Council:
    found = councils.load("sample")
    return found.model_copy(update={"records": found.records.model_copy(update=records)})


@pytest.mark.parametrize(
    "records",
    [
        {"databases": ("one",)},
        {"locations": ("one",)},
        {"sources": ("homelessness",)},
    ],
)
def test_of_records_that_are_no_files_nothing_is_kept_in_mind(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, records: dict[str, object]
) -> None:
    monkeypatch.delenv("PMF_PUBLISHED", raising=False)
    asked = unchanged.asked({})
    assert unchanged.before(asked, councils.load("sample")) is not None
    assert unchanged.before(asked, council_with(**records)) is None


def test_published_files_and_returns_are_looked_at(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = workspace.home / "elsewhere"
    (published / "homelessness").mkdir(parents=True)
    (published / "homelessness" / "x.csv").touch()
    monkeypatch.setenv("PMF_PUBLISHED", str(published))
    council = council_with(sources=("homelessness",))
    assert council.returns is not None
    receipt = workspace.home / council.returns.folder / "2024-25-q2" / "childrens" / "2024-10-01.json"
    receipt.parent.mkdir(parents=True, exist_ok=True)
    receipt.touch()
    before = unchanged.before(unchanged.asked({}), council)
    assert before is not None
    assert {"published:homelessness/x.csv", f"root:{receipt.relative_to(workspace.home).as_posix()}"} <= set(
        before.inputs
    )
