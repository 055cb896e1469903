"""The store: atomic files, a ledger that shows tampering, manifests that say what is missing."""

import json
import multiprocessing
from pathlib import Path

import pytest

from pmf_lib.errors import StoreError
from pmf_lib.store import files, identity, ledger, manifest
from pmf_lib.store.manifest import Item, Manifest


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.write_json(path, {"a": float("nan")})
    assert files.read_json(path) == {"a": 1}
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_block_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    folder = tmp_path / "view"
    with files.replaced_folder(folder) as beside:
        (beside / "old.txt").write_text("old")

    def broken() -> None:
        with files.replaced_folder(folder) as beside:
            (beside / "new.txt").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert [found.name for found in tmp_path.iterdir()] == ["view"]
    assert [found.name for found in folder.iterdir()] == ["old.txt"]


def test_a_finished_block_replaces_the_folder_whole(tmp_path: Path) -> None:
    folder = tmp_path / "view"
    for name in ("old", "new"):
        with files.replaced_folder(folder) as beside:
            (beside / name).write_text(name)
    assert [found.name for found in folder.iterdir()] == ["new"]
    assert [found.name for found in tmp_path.iterdir()] == ["view"]


def test_the_ledger_keeps_what_was_appended_in_order(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": 1}, {"n": 2}])
    ledger.append(path, [{"n": 3}])
    assert [entry["n"] for entry in ledger.entries(path)] == [1, 2, 3]
    assert ledger.verify(path) == 3


@pytest.mark.parametrize("tamper", ["change", "drop", "swap", "insert"])
def test_a_ledger_that_was_tampered_with_is_found_out(tmp_path: Path, tamper: str) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": number} for number in range(4)])
    lines = path.read_text().splitlines()
    if tamper == "change":
        lines[1] = lines[1].replace('"n": 1', '"n": 9')
    elif tamper == "drop":
        del lines[1]
    elif tamper == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines.insert(2, json.dumps({"n": 7, "previous": "0" * 64, "hash": "0" * 64}))
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(StoreError, match="the chain breaks here"):
        ledger.verify(path)


def test_a_half_written_line_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": 1}])
    with path.open("a") as stream:
        stream.write('{"n": 2, "prev')
    with pytest.raises(StoreError, match="line 2 is not complete"):
        ledger.verify(path)


def test_a_last_line_that_was_whole_once_is_not_taken_for_a_half_written_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": 1}, {"n": 2}])
    path.write_bytes(path.read_bytes()[:-20])
    assert (ledger.state(path).line, ledger.state(path).why) == (2, "unreadable")


def test_a_line_that_a_killed_command_left_half_written_is_mended_by_the_next_entry(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": 1}])
    with path.open("a") as stream:
        stream.write('{"n": 2, "prev')
    torn = path.read_bytes()
    ledger.append(path, [{"n": 3}])
    assert ledger.verify(path) == 3
    one, mended, three = ledger.entries(path)
    assert (one["n"], three["n"]) == (1, 3)
    assert (mended["kind"], mended["line"], mended["why"]) == ("mended", 2, "unfinished")
    assert (tmp_path / "damaged" / mended["set_aside"]).read_bytes() == torn
    assert sorted(found.name for found in tmp_path.iterdir() if found.name[0] == ".") == []


def test_lines_after_a_break_are_still_known_once_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": number} for number in range(5)])
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    assert [entry["n"] for entry in ledger.entries(path)] == [0, 2, 3, 4]
    ledger.append(path, [{"n": 5}])
    assert [entry.get("n") for entry in ledger.entries(path)] == [0, 2, 3, 4, None, 5]
    assert ledger.verify(path) == 3


@pytest.mark.parametrize("left", [0, 1, 3])
def test_lines_cut_from_the_end_are_missed(tmp_path: Path, left: int) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": number} for number in range(4)])
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:left]))
    with pytest.raises(StoreError, match=f"line {left + 1} is missing"):
        ledger.verify(path)
    ledger.append(path, [{"n": 9}])
    assert ledger.verify(path) == left + 2
    assert ledger.state(path).entries[-2]["why"] == "cut"


def test_a_ledger_written_anew_with_a_chain_of_its_own_is_found_out(tmp_path: Path) -> None:
    path, other = tmp_path / "ledger.jsonl", tmp_path / "other" / "ledger.jsonl"
    ledger.append(path, [{"outcome": "failed"}])
    ledger.append(other, [{"outcome": "ok"}])
    path.write_bytes(other.read_bytes())
    with pytest.raises(StoreError, match="written anew"):
        ledger.verify(path)


def test_a_line_that_the_disk_has_no_room_for_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"n": 1}])
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        ledger.append(path, [{"n": 2}])
    assert path.read_bytes() == before


def test_a_ledger_whose_last_line_end_was_taken_off_goes_on_in_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, [{"text": "an odd line end\u2028within"}])
    path.write_bytes(path.read_bytes().rstrip())
    ledger.append(path, [{"n": 2}])
    assert ledger.verify(path) == 2


def test_a_folder_that_was_put_aside_when_its_writer_was_killed_comes_back(tmp_path: Path) -> None:
    for name in (
        ".view.abcdefgh.old",
        ".view.abcdefgh.part",
        ".other.abcdefgh.old",
        "other",
        ".ipynb_checkpoints",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name.txt").write_text(name)
    (tmp_path / ".a.json.abcdefgh.part").write_text("half")
    files.sweep(tmp_path)
    assert sorted(found.name for found in tmp_path.iterdir()) == [".ipynb_checkpoints", "other", "view"]
    assert (tmp_path / "view" / "name.txt").read_text() == ".view.abcdefgh.old"


def test_a_folder_that_can_t_be_put_in_its_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "view").mkdir()
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name.endswith(".part"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), files.replaced_folder(tmp_path / "view"):
        pass
    assert [found.name for found in tmp_path.iterdir()] == ["view"]


def _append(path: Path, who: int) -> None:
    for number in range(10):
        ledger.append(path, [{"who": who, "n": number}])


def test_two_writers_at_once_keep_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append, args=(path, who)) for who in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ledger.verify(path) == 20


def item(unit: str = "adults", outcome: str = "ok") -> Item:
    return Item(unit=unit, notebook="2_x", stage="directorate", title="X", key=f"k/{unit}", outcome=outcome)


def run(*items: Item, **changes: str) -> Manifest:
    asked = {
        "run_id": "r1", "council": "sample", "framework": "f", "quarter": "2024-25 Q2", "as_at": "2024-11-15",
        "edition": "full", "snapshot": "s", "policy": "p", "code": "c",
    }  # fmt: skip
    return Manifest(**{**asked, **changes}, items=items)


def test_a_manifest_survives_the_round_trip(tmp_path: Path) -> None:
    manifest.write(tmp_path / "manifest.json", run(item()))
    assert manifest.read(tmp_path / "manifest.json") == run(item())


def test_only_a_manifest_whose_directorates_all_ended_well_is_taken(tmp_path: Path) -> None:
    manifest.write(tmp_path / "a" / "manifest.json", run(item("one"), item("two", "failed"), run_id="a"))
    wanted = {"council": "sample", "quarter": "2024-25 Q2"}
    assert manifest.newest_complete(tmp_path, wanted) is None
    manifest.write(tmp_path / "b" / "manifest.json", run(item("one"), item("two"), run_id="b"))
    assert manifest.newest_complete(tmp_path, wanted) == tmp_path / "b" / "manifest.json"
    assert manifest.newest_complete(tmp_path, {**wanted, "quarter": "2024-25 Q1"}) is None


def test_a_missing_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Run `pmf run` first"):
        manifest.read(tmp_path / "manifest.json")


def test_the_digest_of_files_heeds_names_and_content_but_no_times_or_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    before = identity.files_digest(tmp_path, ["*.py"])
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    assert identity.files_digest(tmp_path, ["*.py"]) == before
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    assert identity.files_digest(tmp_path, ["*.py"]) != before
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert identity.files_digest(tmp_path, ["*.py"]) != before


def test_the_code_s_digest_heeds_the_cells_of_official_notebooks_and_no_outputs(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"

    def cell(source: str, *outputs: str) -> dict[str, object]:
        return {"cell_type": "code", "source": [source], "metadata": {"tags": []}, "outputs": list(outputs)}

    files.write_json(folder / "2_x.ipynb", {"cells": [cell("a = 1")]})
    files.write_text(folder / "2_x.yml", "title: X\n")
    before = identity.code_digest(tmp_path)
    files.write_json(folder / "2_x.ipynb", {"cells": [cell("a = 1", "shown")]})
    files.write_json(folder / "copy of 2_x.ipynb", {"cells": [cell("b = 2")]})
    assert identity.code_digest(tmp_path) == before
    files.write_json(folder / "2_x.ipynb", {"cells": [cell("a = 2")]})
    assert identity.code_digest(tmp_path) != before
