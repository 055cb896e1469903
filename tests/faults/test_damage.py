"""Damage from outside: a full disk, folders that can't be written, files of the store changed, cut or lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from tiny import (
    DIRECTORATES,
    ITEMS,
    Case,
    Undisturbed,
    done_items,
    ledger_lines,
    more_of_the_same,
    tiny,
    view,
)
from workspace import BIN, Workspace

pytestmark = pytest.mark.slow
needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="only an administrator of Linux may mount a small disk, or give up the right to write everywhere",
)
MINE = ("--bounding-set=-dac_override,-dac_read_search",)


def more(*values: object) -> list[object]:
    """Values that are tried only where more moments are asked for."""
    return [pytest.param(value, marks=more_of_the_same) for value in values]


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Callable[[int], None]]:
    """A disk of this size at `place`, with what lies there on it; yields what gives it another size."""
    before = place.with_name(f"{place.name}-before")
    place.mkdir(parents=True, exist_ok=True)
    place.rename(before)
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], check=False
    )
    if made.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        shutil.copytree(before, place, dirs_exist_ok=True)
        yield (
            lambda size: (
                subprocess.run(["mount", "-o", f"remount,size={size}k", str(place)], check=True) and None
            )
        )
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def case(whole: Undisturbed, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    """A workspace in which nothing was run yet."""
    return Case(
        tiny(tmp_path / "workspace"),
        whole,
        request.node.name.split("[")[0].removeprefix("test_").split("_is_")[0],
    )


@pytest.fixture
def ran(whole: Undisturbed, tmp_path: Path) -> Case:
    """A workspace whose run is done, to be spoilt."""
    return Case(whole.workspace.copied(tmp_path / "workspace"), whole)


@needs_root
@pytest.mark.parametrize("kilobytes", [*more(4, 24), 60, *more(100)])
def test_a_store_on_a_full_disk_ends_in_a_sentence_and_goes_on_once_there_is_room(
    case: Case, kilobytes: int
) -> None:
    case.kind = "full disk under the store"
    with small_disk(case.workspace.store, kilobytes) as resize:
        done = case.workspace.pmf("run")
        assert done.code in (3, 6), done.said
        assert "Traceback" not in done.err
        assert re.search(r"disk is not full|No space left", done.err)
        assert case.workspace.half_written() == []
        case.struck()
        resize(20_000)
        case.mended()


@needs_root
@pytest.mark.parametrize("kilobytes", [*more(4), 48])
def test_outputs_on_a_full_disk_keep_what_they_showed_and_the_run_is_kept(case: Case, kilobytes: int) -> None:
    case.kind = "full disk under the outputs"
    with small_disk(case.workspace.home / "outputs", kilobytes) as resize:
        done = case.workspace.pmf("run")
        assert done.code == 3, done.said
        assert "the disk is not full" in done.err
        assert view(case.workspace).keys() <= {"glossary.html"}
        assert case.workspace.half_written() == []
        assert done_items(case.struck().workspace) == ITEMS
        resize(20_000)
        again = case.mended()
        assert again.err.count("kept") == len(ITEMS)


@needs_root
@pytest.mark.parametrize("place", ["outputs", "store"])
def test_a_folder_that_is_not_ours_to_write_ends_in_a_sentence(case: Case, place: str) -> None:
    case.kind = f"read-only {place}"
    folder = case.workspace.home / place
    folder.mkdir(exist_ok=True)
    folder.chmod(0o500)
    done = case.workspace.call("setpriv", *MINE, str(BIN / "pmf"), "run")
    folder.chmod(0o755)
    assert done.code == 3, done.said
    assert "yours to write" in done.err
    assert done_items(case.struck().workspace) == (ITEMS if place == "outputs" else set())
    case.mended()


def lines_of(own: Workspace) -> list[str]:
    return (own.store / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def write_lines(own: Workspace, lines: list[str]) -> None:
    (own.store / "ledger.jsonl").write_text("".join(lines), encoding="utf-8")


def change_a_line(lines: list[str]) -> None:
    lines[2] = lines[2].replace('"outcome": "ok"', '"outcome": "killed"')


def take_a_line_out(lines: list[str]) -> None:
    del lines[2]


def cut_the_last_line_short(lines: list[str]) -> None:
    lines[-1] = lines[-1][:50]


def cut_a_line_short(lines: list[str]) -> None:
    lines[2] = lines[2][:50] + "\n"


def cut_the_end(lines: list[str]) -> None:
    del lines[-2:]


def empty_it(lines: list[str]) -> None:
    lines.clear()


LEDGER = {
    change_a_line: ("line 3: the chain breaks here", 1),
    take_a_line_out: ("line 3: the chain breaks here", 1),
    cut_the_last_line_short: ("line 5 is not complete", 3),
    cut_a_line_short: ("line 3 is not complete", 1),
    cut_the_end: ("line 4 is missing", 2),
    empty_it: ("line 1 is missing", 0),
}  # fmt: skip
"""How the ledger is hurt; what is said of it, and how many items can be kept at least."""


@pytest.mark.parametrize(
    "hurt",
    [change_a_line, cut_the_last_line_short, *more(take_a_line_out, cut_a_line_short, cut_the_end, empty_it)],
    ids=lambda hurt: hurt.__name__,
)
def test_a_ledger_that_was_hurt_is_named_and_set_aside_and_the_run_goes_on(
    ran: Case, hurt: Callable[[list[str]], None]
) -> None:
    said, kept = LEDGER[hurt]
    lines = lines_of(ran.workspace)
    hurt(lines)
    write_lines(ran.workspace, lines)
    damaged = (ran.workspace.store / "ledger.jsonl").read_bytes()
    assert f"The first broken link: 'ledger.jsonl', {said}" in ran.broken()
    again = ran.workspace.pmf("run")
    assert again.code == 0, again.said
    assert "the damaged ledger is kept as" in again.err
    assert again.err.count("kept  ") >= kept
    ran.holds()
    assert view(ran.workspace) == ran.whole.view
    aside = list((ran.workspace.store / "damaged").iterdir())
    assert [path.read_bytes() for path in aside] == [damaged]
    assert "The ledger was once damaged" in ran.workspace.pmf("verify").out
    aside[0].write_bytes(b"")
    if damaged:
        assert "not as it was set aside" in ran.broken()
    third = ran.workspace.pmf("run")
    assert (third.code, third.err.count("kept  ")) == (0, len(ITEMS)), third.said


def recorded(own: Workspace, file: str) -> Path:
    return next(own.store.glob(f"runs/*/{file}"))


def garbage(path: Path) -> None:
    path.write_text("{half", encoding="utf-8")


def flattered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"It went well", b"It went best"))


def better(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["items"][0]["headline"] = "All is well"
    path.write_text(json.dumps(content), encoding="utf-8")


def gone(path: Path) -> None:
    path.unlink()


RUN = {
    "a manifest that is half written": ("manifest.json", garbage, "missing or cannot be read", 3),
    "a manifest that is lost": ("manifest.json", gone, "missing or cannot be read", 3),
    "a manifest that was changed": ("manifest.json", better, "not as it was when the run ended", 3),
    "a page that was changed": ("items/childrens/1_page/page.html", flattered, "was changed after its run", 1),
    "a page that is lost": ("items/childrens/1_page/page.html", gone, "is missing", 1),
    "a notebook that was changed": ("items/resources/1_page/notebook.ipynb", flattered, "was changed after its run", 1),
}  # fmt: skip


ALIKE = ("a manifest that is lost", "a page that is lost", "a notebook that was changed")
"""Kinds that go the way of another one in the list."""


@pytest.mark.parametrize(
    "kind",
    [*(kind for kind in RUN if kind not in ALIKE), *more(*ALIKE)],
)
def test_a_run_that_was_hurt_is_named_and_the_same_command_mends_it(ran: Case, kind: str) -> None:
    file, hurt, said, kept = RUN[kind]
    ran.kind = kind
    hurt(recorded(ran.workspace, file))
    broken = ran.broken()
    assert "The first broken link: " in broken
    assert file in broken.splitlines()[0]
    assert said in broken
    assert ran.workspace.pmf("status").code == 0
    again = ran.mended()
    assert again.err.count("kept  ") == kept


def test_a_snapshot_that_was_changed_is_named_set_aside_and_frozen_anew(ran: Case) -> None:
    ran.kind = "a snapshot that was changed"
    ran.struck()
    path = next(ran.workspace.store.glob("snapshots/*/observations.parquet"))
    frame = pd.read_parquet(path)
    frame.loc[0, "value"] = 99.9
    frame.to_parquet(path, index=False)
    assert "The first broken link: 'snapshots/" in (broken := ran.broken())
    assert "table 'observations'" in broken
    again = ran.mended()
    assert "no longer holds what was frozen" in again.err
    assert "was once damaged and made anew" in ran.workspace.pmf("verify").out
    assert any(line.get("kind") == "set aside" for line in ledger_lines(ran.workspace))


def test_a_snapshot_of_records_that_are_no_more_stays_broken_until_it_is_put_back(ran: Case) -> None:
    path = next(ran.workspace.store.glob("snapshots/*/targets.parquet"))
    content = path.read_bytes()
    path.write_bytes(content[:100])
    ran.workspace.change("commentary", lambda rows: rows.clear())
    assert ran.workspace.pmf("run").code == 0
    assert "'targets.parquet' is missing or cannot be read" in ran.broken()
    path.write_bytes(content)
    ran.holds()


def test_verify_names_the_first_broken_link_and_counts_the_others(ran: Case) -> None:
    for item in DIRECTORATES:
        gone(recorded(ran.workspace, f"items/{item}/page.html"))
    garbage(ran.workspace.store / "ledger.jsonl")
    assert "1 more broken" not in ran.broken()
    assert "'ledger.jsonl', line 1 is not complete" in ran.broken().splitlines()[0]
    verified = ran.workspace.pmf("verify", "--json")
    assert verified.code == 7
    facts = json.loads(verified.out)
    assert facts["holds"] is False
    assert [len(check["faults"]) > 0 for check in facts["checks"]][:4] == [True, False, False, True]
    assert facts["checks"][0]["faults"][0]["mend"].startswith("Put it back from a copy")
