"""What a run was made from is told apart by names and bytes alone; what can't be read can't be told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pmf_lib.store import basis, ledger
from pmf_lib.store.basis import CannotTellError

PLACES = ("root:parameters/**", "root:notebooks/*.yml", "root:lock", "root:gone")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (
        "parameters/schemes/a.yml",
        "notebooks/1.yml",
        "notebooks/1.ipynb",
        "notebooks/own/2.yml",
        "lock",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


def looked_at(root: Path) -> basis.Files:
    return basis.looked_at(PLACES, {"root": root})


def test_places_take_in_files_patterns_and_whole_folders(root: Path) -> None:
    (root / "parameters" / "__pycache__").mkdir()
    (root / "parameters" / "__pycache__" / "x").touch()
    assert list(looked_at(root)) == ["root:lock", "root:notebooks/1.yml", "root:parameters/schemes/a.yml"]


def test_times_are_not_heeded_and_bytes_are(root: Path) -> None:
    before = looked_at(root)
    os.utime(root / "lock", (0, 0))
    assert looked_at(root) == before
    (root / "lock").write_text("lock\r\n", encoding="utf-8")
    assert basis.differing(before, looked_at(root)) == ["root:lock"]


def test_a_file_that_comes_and_one_that_goes_are_noticed(root: Path) -> None:
    before = looked_at(root)
    (root / "gone").touch()
    (root / "parameters/schemes/a.yml").rename(root / "parameters/schemes/b.yml")
    changed = ["root:gone", "root:parameters/schemes/a.yml", "root:parameters/schemes/b.yml"]
    assert basis.differing(before, looked_at(root)) == changed


def test_a_folder_that_leads_elsewhere_and_a_home_that_is_not_there_can_t_be_told(root: Path) -> None:
    with pytest.raises(CannotTellError):
        basis.looked_at(["published:**"], {"root": root})
    (root / "parameters" / "elsewhere").symlink_to(root / "notebooks", target_is_directory=True)
    with pytest.raises(CannotTellError):
        looked_at(root)


@pytest.mark.parametrize("content", ["", "[]", '{"run_id": "x"}', '{"unknown": 1}'])
def test_a_basis_that_can_t_be_read_is_none(tmp_path: Path, content: str) -> None:
    place = tmp_path / "x.json"
    place.write_text(content, encoding="utf-8")
    assert basis.load(place) is None


def lines(path: Path, *kinds: str) -> None:
    ledger.append(path, [{"kind": kind, "run_id": "x"} for kind in kinds])


def test_what_the_ledger_says_after_a_mark_is_known_and_held_to_its_chain(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    lines(path, "run")
    mark = ledger.mark(path)
    assert mark is not None
    assert ledger.since(path, mark) == []
    lines(path, "issued", "item")
    found = ledger.since(path, mark)
    assert found is not None
    assert [line["kind"] for line in found] == ["issued", "item"]


@pytest.mark.parametrize("old", ['"run"', '"issued"', '"item"'])
def test_a_ledger_that_was_changed_before_or_after_a_mark_does_not_hold(tmp_path: Path, old: str) -> None:
    path = tmp_path / "ledger.jsonl"
    lines(path, "run")
    mark = ledger.mark(path)
    assert mark is not None
    lines(path, "issued", "item")
    path.write_text(path.read_text(encoding="utf-8").replace(old, '"other"'), encoding="utf-8")
    assert ledger.since(path, mark) is None
    assert ledger.mark(path) is None


def test_lines_cut_after_a_mark_are_missed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    lines(path, "run")
    mark = ledger.mark(path)
    assert mark is not None
    lines(path, "item")
    path.write_bytes(path.read_bytes()[: mark.size])
    assert ledger.since(path, mark) is None


def test_the_decision_needs_nothing_that_is_slow_to_load() -> None:
    code = (
        "import sys; import pmf_lib.cli, pmf_lib.cli.runs, pmf_lib.runs.unchanged; "
        "slow = {'pandas', 'numpy', 'pydantic', 'yaml', 'papermill', 'nbformat', 'rich', 'filelock', 'psutil'}; "
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
