"""A directorate is lost in mid-run, then the same command runs again: pages say what is missing, then are whole."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from workspace import VIEW, Reader, Recovery, Workspace

from pmf_lib import council as councils
from pmf_lib import sidecar

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills kernels by POSIX signals"),
]
DIRECTORATE = "2_measures_against_markers"
NOTEBOOKS = {one.name: one.stage for one in sidecar.all_sidecars() if one.stage != "annual"}
"""Notebooks of a quarter that is not its year's last."""
COUNCIL = [name for name, stage in NOTEBOOKS.items() if stage == "council"]
UNITS = {"directorate": [one.id for one in councils.load("sample").directorates], "council": ["council"]}
ITEMS = {f"{unit}/{name}" for name, stage in NOTEBOOKS.items() for unit in UNITS[stage]}
LOST = f"childrens/{DIRECTORATE}"
IN_VIEW = f"{VIEW.removeprefix('outputs/')}"


def ended(said: str) -> dict[str, str]:
    """Item → what the progress lines say of it."""
    found = re.findall(r"^ *(\w[\w ]*?)  ([\w-]+/\w+)", said, flags=re.MULTILINE)
    return {item: what for what, item in found}


def notices(page: str) -> str:
    return Reader(page).within("notices")


def test_a_killed_kernel_fails_its_item_alone_and_the_command_says_so(recovery: Recovery) -> None:
    outcomes = ended(recovery.hurt.err)
    assert recovery.hurt.code == 6
    assert outcomes.pop(LOST) == "killed"
    assert set(outcomes.values()) == {"ok"}
    assert set(outcomes) == ITEMS - {LOST}
    assert f"{LOST}: killed. The program that runs the notebook (its kernel) was gone" in recovery.hurt.err
    assert f"{LOST}: killed." in recovery.hurt_status


@pytest.mark.parametrize("notebook", COUNCIL)
def test_the_councils_pages_say_first_that_the_set_is_incomplete_and_who_is_missing(
    recovery: Recovery, notebook: str
) -> None:
    page = recovery.hurt_pages[f"{IN_VIEW}/council/{notebook}.html"]
    assert "Incomplete set." in notices(page)
    missing = "no results of Children's Services are in this page"
    assert re.search(missing, notices(page), re.IGNORECASE)
    assert page.index('id="notices"') < page.index("<main")
    assert Reader(page).faults == []


def test_in_the_place_of_the_lost_page_stands_one_that_says_what_happened(recovery: Recovery) -> None:
    page = Reader(recovery.hurt_pages[f"{IN_VIEW}/{LOST}.html"])
    assert "could not be made" in page.within("main")
    assert f"--item {LOST}" in page.within("main")
    assert "Children's Services" in Reader(recovery.hurt_pages["index.html"]).text


def test_the_same_command_does_only_what_is_missing_and_the_councils_pages_anew(recovery: Recovery) -> None:
    assert recovery.mended.code == 0, recovery.mended.said
    done = ended(recovery.mended.err)
    again = {LOST, *(f"council/{name}" for name in COUNCIL)}
    assert {item for item, what in done.items() if what == "ok"} == again
    assert set(done) == ITEMS
    assert {what for item, what in done.items() if item not in again} == {"kept"}


@pytest.mark.parametrize("notebook", COUNCIL)
def test_once_mended_the_councils_pages_are_complete(recovery: Recovery, notebook: str) -> None:
    page = recovery.workspace.page("council", notebook)
    assert "Incomplete" not in notices(page)
    assert "Computed here" not in notices(page)
    assert page != recovery.hurt_pages[f"{IN_VIEW}/council/{notebook}.html"]


def test_after_both_runs_nothing_is_left_running_or_half_written(recovery: Recovery) -> None:
    assert recovery.workspace.still_running() == []
    assert recovery.workspace.half_written() == []
    status = recovery.workspace.status()
    assert [(run["ok"], run["items"]) for run in status["runs"]] == [(len(ITEMS), len(ITEMS))]
    assert "the chain holds" in status["ledger"]


@pytest.fixture
def own(recovery: Recovery, tmp_path: Path) -> Workspace:
    """A copy of the mended run, to be spoilt."""
    return recovery.workspace.copied(tmp_path / "workspace")


def test_a_run_that_is_done_keeps_every_item_and_brings_back_a_view_that_was_deleted(own: Workspace) -> None:
    before = {path.name: path.read_bytes() for path in (own.home / VIEW).rglob("*.html")}
    shutil.rmtree(own.home / "outputs")
    done = own.pmf("run")
    assert done.code == 0
    assert set(ended(done.err).values()) == {"kept"}
    assert set(ended(done.err)) == ITEMS
    assert {path.name: path.read_bytes() for path in (own.home / VIEW).rglob("*.html")} == before
    assert (own.home / "outputs" / "index.html").exists()


def recorded(own: Workspace, unit: str, file: str) -> Path:
    return next(own.store.glob(f"runs/*/items/{unit}/{DIRECTORATE}/{file}"))


def flatter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "missed" in text.lower()
    path.write_text(text.replace("missed", "met").replace("Missed", "Met"), encoding="utf-8")


@pytest.mark.parametrize("file", ["notebook.ipynb", "page.html"])
def test_a_recorded_item_that_was_tampered_with_is_run_again(own: Workspace, file: str) -> None:
    path = recorded(own, "resources", file)
    before = path.read_bytes()
    flatter(path)
    item = f"resources/{DIRECTORATE}"
    done = own.pmf("run", "--item", item)
    assert done.code == 0
    assert ended(done.err) == {item: "ok"}
    assert path.read_bytes() == before
    assert own.page("resources", DIRECTORATE) == recorded(own, "resources", "page.html").read_text(
        encoding="utf-8"
    )


def test_a_council_page_refuses_a_recorded_notebook_that_was_altered_after_its_run(own: Workspace) -> None:
    flatter(recorded(own, "resources", "notebook.ipynb"))
    done = own.call(
        sys.executable, "-m", "papermill", "notebooks/5_council_scorecard.ipynb", str(own.home / "out.ipynb")
    )
    assert done.code != 0
    assert "The recorded notebook of resources was altered after its run." in done.err


def change_a_figure(lines: list[str]) -> None:
    lines[2] = lines[2].replace('"outcome": "', '"outcome": "un')


def take_a_line_out(lines: list[str]) -> None:
    del lines[1]


def cut_the_last_line_short(lines: list[str]) -> None:
    lines[-1] = lines[-1][:40]


@pytest.mark.parametrize("tamper", [change_a_figure, take_a_line_out, cut_the_last_line_short])
def test_a_ledger_that_was_tampered_with_is_told_by_status(
    own: Workspace, tamper: Callable[[list[str]], None]
) -> None:
    path = own.store / "ledger.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    tamper(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status = own.pmf("status")
    assert status.code == 7
    assert f"{len(ITEMS)} of {len(ITEMS)} items" in status.out
    assert re.search(r"line \d+(:| is) (the chain breaks here|not complete)", status.err)
    assert "Traceback" not in status.said


def test_another_store_leaves_the_views_of_the_first_one_readable(own: Workspace) -> None:
    moved = own.store.rename(own.home / "elsewhere")
    done = own.pmf(
        "run", "--quarter", "2024-25 Q1", "--as-at", "2024-08-15", "--item", f"resources/{DIRECTORATE}"
    )
    assert done.code == 0, done.said
    index = (own.home / "outputs" / "index.html").read_text(encoding="utf-8")
    assert f"{IN_VIEW}/{LOST}.html" in index
    assert "2024-25-q1" in index
    assert moved.exists()
