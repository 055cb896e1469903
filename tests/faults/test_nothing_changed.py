"""Nothing changed: nothing is loaded or done. Anything changed, in what a run read or in what it left: it is planned anew."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import DIRECTORATES, ITEMS, PAGE, SUM, Undisturbed, ledger_lines, view
from workspace import VIEW, Workspace

pytestmark = pytest.mark.slow
BLOCKED = """
import sys
for name in ("pandas", "pydantic", "yaml", "papermill"):
    sys.modules[name] = None
from pmf_lib.cli import main
main()
"""
"""The command where what is slow to load can't be loaded at all: whatever needs it fails."""


@pytest.fixture
def own(whole: Undisturbed, tmp_path: Path) -> Workspace:
    return whole.workspace.copied(tmp_path / "workspace")


def decided_early(own: Workspace, *arguments: str) -> bool:
    done = own.call(sys.executable, "-c", BLOCKED, "run", *arguments)
    if done.code == 0:
        assert {line.split()[1] for line in done.err.splitlines()} == ITEMS
        assert {line.split()[0] for line in done.err.splitlines()} == {"kept"}
        assert done.out == f"\nOpen the site: {own.home / 'outputs' / 'index.html'}\n"
    return done.code == 0


def test_the_second_run_loads_and_does_nothing_and_leaves_no_line(own: Workspace, whole: Undisturbed) -> None:
    before = ledger_lines(own)
    assert decided_early(own)
    assert decided_early(own, "--jobs", "1")
    assert decided_early(own, "parameters/runs/sample.yml")
    assert ledger_lines(own) == before
    assert view(own) == whole.view


@pytest.mark.parametrize("option", [("--again",), ("--plan",), ("--directorate", "childrens"), ("--item", "childrens/nothing"),
                                    ("--as-at", "2024-11-20")])  # fmt: skip
def test_who_asks_for_something_else_is_not_answered_early(own: Workspace, option: tuple[str, ...]) -> None:
    assert not decided_early(own, *option)


def test_an_item_of_a_run_that_holds_is_kept_at_once(own: Workspace) -> None:
    one = f"childrens/{PAGE}"
    done = own.call(sys.executable, "-c", BLOCKED, "run", "--only", one)
    assert (done.code, done.err) == (0, f"     kept  {one}\n"), done.said
    change("data/sample/observations.csv")(own)
    assert own.call(sys.executable, "-c", BLOCKED, "run", "--only", one).code != 0


def test_in_json_the_manifest_is_the_same_however_it_was_decided(own: Workspace) -> None:
    early = own.call(sys.executable, "-c", BLOCKED, "run", "--json")
    assert early.code == 0, early.said
    assert [json.loads(line)["event"] for line in early.err.splitlines()] == ["kept"] * len(ITEMS)
    shutil.rmtree(own.home / "outputs")
    planned = own.pmf("run", "--json")
    assert (planned.code, planned.out) == (0, early.out), planned.said
    assert {f"{item['unit']}/{item['notebook']}" for item in json.loads(early.out)["items"]} == ITEMS


def change(name: str) -> Callable[[Workspace], None]:
    def changed(own: Workspace) -> None:
        path = next(own.home.glob(name))
        path.write_bytes(path.read_bytes() + b"\n")

    return changed


def add(name: str) -> Callable[[Workspace], None]:
    def added(own: Workspace) -> None:
        path = own.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    return added


def remove(name: str) -> Callable[[Workspace], None]:
    def removed(own: Workspace) -> None:
        path = next(own.home.glob(name))
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return removed


def cut_the_ledger(own: Workspace) -> None:
    path = own.store / "ledger.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


CHANGES = {
    "a row": change("data/sample/observations.csv"),
    "a new table": add("data/sample/risks2.csv"),
    "a table gone": remove("data/sample/commentary.csv"),
    "a scheme": change("parameters/schemes/status.yml"),
    "a decision": add("parameters/decisions/measures/sample/x.yml"),
    "the lock": change("requirements.lock"),
    "a sidecar": change(f"notebooks/{PAGE}.yml"),
    "a notebook": change(f"notebooks/{PAGE}.ipynb"),
    "the words": change("GLOSSARY.md"),
    "an issued paper": add("store/issued/sample/pmf-2022-25/2024-25-q1/full/v1/issue.json"),
    "a stored page": change("store/runs/*/items/childrens/*/page.html"),
    "a stored notebook": change("store/runs/*/items/childrens/*/notebook.ipynb"),
    "a manifest": remove("store/runs/*/manifest.json"),
    "the snapshot": change("store/snapshots/*/observations.parquet"),
    "the ledger": cut_the_ledger,
    "a page of the site": change(f"{VIEW}/council/*.html"),
    "the site": remove("outputs"),
    "another run's view": add("outputs/sample/pmf-2022-25/2024-25-q1/full/manifest.json"),
    "the index": change("outputs/index.html"),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_change_of_anything_is_noticed(own: Workspace, changed: Callable[[Workspace], None]) -> None:
    changed(own)
    assert not decided_early(own)


def test_what_was_noticed_and_mended_is_decided_early_again(own: Workspace, whole: Undisturbed) -> None:
    shutil.rmtree(own.home / "outputs")
    done = own.pmf("run")
    assert done.code == 0, done.said
    assert view(own) == whole.view
    assert decided_early(own)


def test_another_run_in_the_same_store_does_not_stand_in_the_way_for_good(own: Workspace) -> None:
    other = ("--quarter", "2024-25 Q1", "--as-at", "2024-08-15")
    for arguments in (other, (), ()):
        assert own.pmf("run", *arguments).code == 0
    assert decided_early(own)
    assert decided_early(own, *other)


def told_why(own: Workspace, *arguments: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Item → what has changed for it, each with its files."""
    done = own.pmf("status", "--why", "--json", *arguments)
    assert done.code == 0, done.said
    return {
        one["item"]: [(cause["what"], cause["files"]) for cause in one["causes"]]
        for one in json.loads(done.out)
    }


BELOW = ("items of directorates are made anew", [f"childrens/{PAGE}"])
ALL_BELOW = ("items of directorates are made anew", [f"childrens/{PAGE}", f"resources/{PAGE}"])


def test_why_nothing_is_made_anew_and_why_everything_is(own: Workspace) -> None:
    assert told_why(own) == {item: [] for item in ITEMS}
    assert told_why(own, "--as-at", "2024-11-20") == {item: [("no earlier run", [])] for item in ITEMS}


def test_why_a_directorates_row_concerns_it_and_the_council(own: Workspace) -> None:
    def retitle(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["directorate"] == "childrens")["title"] = "Another title"

    own.change("measures", retitle)
    file = ["data/sample/measures.csv"]
    assert told_why(own) == {
        f"childrens/{PAGE}": [("measures of childrens changed", file)],
        f"resources/{PAGE}": [],
        f"council/{SUM}": [("records changed", file), BELOW],
    }
    done = own.pmf("status", "--why")
    assert f"     kept  resources/{PAGE}\n" in done.out
    assert "           measures of childrens changed: 'data/sample/measures.csv'\n" in done.out


@pytest.mark.parametrize(
    ("name", "what", "concerns"),
    [
        ("parameters/schemes/status.yml", "policy changed", ITEMS),
        ("requirements.lock", "code changed", ITEMS),
        (f"notebooks/{PAGE}.ipynb", "its notebook changed", DIRECTORATES),
        (f"notebooks/{PAGE}.yml", "its notebook changed", DIRECTORATES),
    ],
)
def test_why_names_the_file_that_changed(own: Workspace, name: str, what: str, concerns: set[str]) -> None:
    path = own.home / name
    path.write_text(
        path.read_text(encoding="utf-8").replace("Does it end well?", "Does it?") + "\n", encoding="utf-8"
    )
    found = told_why(own)
    assert {item for item, causes in found.items() if (what, [name]) in causes} == concerns
    assert ALL_BELOW in found[f"council/{SUM}"]


def test_why_a_stored_page_that_was_altered_is_made_anew(own: Workspace) -> None:
    change("store/runs/*/items/childrens/*/page.html")(own)
    found = told_why(own)
    assert [what for what, _ in found[f"childrens/{PAGE}"]] == ["what was made no longer holds"]
    assert found[f"resources/{PAGE}"] == []


def test_options_of_a_request_without_why_are_refused(own: Workspace) -> None:
    done = own.pmf("status", "--quarter", "2024-25 Q1")
    assert done.code == 2
    assert "--why" in done.err
