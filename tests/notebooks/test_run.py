"""Official notebooks run every way that a person runs them, and say the same each time."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from workspace import BIN, REPOSITORY, Done, Reader, Recovery, Workspace

from pmf_lib import sidecar
from pmf_lib.workbook import scraps

SIDECARS = {
    path.stem: path
    for path in sorted((REPOSITORY / "notebooks").glob("*.yml"))
    if sidecar.load(path.stem).stage != "annual"
}
"""Notebooks of a quarter that is not its year's last; the annual one is tried in `test_annual`."""
COUNCIL = [name for name in SIDECARS if sidecar.load(name).stage == "council"]
DIRECTORATE = [name for name in SIDECARS if name not in COUNCIL]
UNIT = "adults-health"
"""The directorate that notebooks report on by default."""
FOUND = ("PMF_HOME",)
"""Left out of the environment: the notebook finds its workspace from the folder that it is run in."""


def papermill_from_the_root(own: Workspace, name: str) -> tuple[Done, Path]:
    out = own.home / f"root-{name}.ipynb"
    command = (sys.executable, "-m", "papermill", f"notebooks/{name}.ipynb", str(out))
    return own.call(*command, cwd=own.home, without=FOUND), out


def papermill_from_its_folder(own: Workspace, name: str) -> tuple[Done, Path]:
    out = own.home / f"folder-{name}.ipynb"
    command = (sys.executable, "-m", "papermill", f"{name}.ipynb", str(out))
    return own.call(*command, cwd=own.home / "notebooks", without=FOUND), out


def run_all(own: Workspace, name: str) -> tuple[Done, Path]:
    """As Jupyter's Run All: the notebook's own folder, nothing injected."""
    out = own.home / "notebooks" / f"all-{name}.ipynb"
    command = (str(BIN / "jupyter-execute"), f"notebooks/{name}.ipynb", f"--output=all-{name}")
    return own.call(*command, cwd=own.home, without=FOUND), out


WAYS = {way.__name__: way for way in (papermill_from_the_root, papermill_from_its_folder, run_all)}
ALONE = "papermill_from_its_folder"
"""This way runs in a workspace of its own, in which nothing was ever recorded."""
TRIED = [
    *(("papermill_from_the_root", name) for name in SIDECARS),
    *((ALONE, name) for name in (DIRECTORATE[0], COUNCIL[-1])),
    *(("run_all", name) for name in (DIRECTORATE[-1], COUNCIL[-1])),
]
"""Every notebook in one way; of the other ways a notebook of each stage, the council's last where nothing is recorded."""


@dataclass(frozen=True)
class Ran:
    """What each way gave, and what `pmf run` had recorded."""

    recorded: dict[str, Path]
    by_hand: dict[tuple[str, str], tuple[Done, Path]]


@pytest.fixture(scope="module")
def ran(recovery: Recovery, make_workspace: Callable[..., Workspace], tmp_path_factory: Any) -> Ran:
    """What is tried, two at a time."""
    beside = Workspace(recovery.workspace.copied(tmp_path_factory.mktemp("by_hand") / "workspace").home)
    jobs = {(way, name): make_workspace("bare") if way == ALONE else beside for way, name in TRIED}
    with ThreadPoolExecutor(max_workers=2) as pool:
        started = {job: pool.submit(WAYS[job[0]], own, job[1]) for job, own in jobs.items()}
        by_hand = {job: future.result() for job, future in started.items()}
    run = next(iter((beside.store / "runs").iterdir()))
    units = {name: "council" if name in COUNCIL else UNIT for name in SIDECARS}
    recorded = {name: run / "items" / unit / name / "notebook.ipynb" for name, unit in units.items()}
    return Ran(recorded, by_hand)


def scraps_of(path: Path, name: str) -> dict[str, Any]:
    return scraps.read(path, sidecar.load(name).emits)


def assert_same(got: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert set(got) == set(wanted)
    for name, content in wanted.items():
        if isinstance(content, pd.DataFrame):
            assert len(content) > 0 or name == "exceptions"
            assert_frame_equal(got[name], content, obj=name)
        else:
            assert got[name] == content


def without_banners(found: dict[str, Any]) -> dict[str, Any]:
    page = {key: value for key, value in found["page"].items() if key != "banners"}
    return {**found, "page": page}


def banner_kinds(found: dict[str, Any]) -> set[str]:
    return {banner["kind"] for banner in found["page"]["banners"]}


@pytest.mark.slow
@pytest.mark.parametrize(("way", "name"), TRIED)
def test_a_notebook_run_by_hand_records_what_the_run_recorded(ran: Ran, way: str, name: str) -> None:
    done, path = ran.by_hand[way, name]
    assert done.code == 0, done.said
    got, wanted = scraps_of(path, name), scraps_of(ran.recorded[name], name)
    computed_here = way == ALONE and name in COUNCIL
    assert banner_kinds(got) == banner_kinds(wanted) | ({"recomputed"} if computed_here else set())
    assert_same(without_banners(got), without_banners(wanted))


@pytest.mark.slow
def test_council_pages_of_a_run_never_say_that_they_were_computed_here(ran: Ran) -> None:
    for name in COUNCIL:
        assert "recomputed" not in banner_kinds(scraps_of(ran.recorded[name], name))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "parameter", "value", "words"),
    [
        (DIRECTORATE[0], "directorat", "childrens", "'directorat' is not a known parameter"),
        (COUNCIL[0], "Quarter", "2024-25 Q1", "'Quarter' is not a known parameter"),
    ],
)
def test_a_parameter_that_is_nearly_right_fails_in_words_under_plain_papermill(
    make_workspace: Callable[..., Workspace], name: str, parameter: str, value: str, words: str
) -> None:
    """Papermill itself only warns: the default would be reported under another's name."""
    own = make_workspace("slip")
    command = (
        sys.executable,
        "-m",
        "papermill",
        f"notebooks/{name}.ipynb",
        "out.ipynb",
        "-p",
        parameter,
        value,
    )
    done = own.call(*command, without=FOUND)
    assert done.code != 0
    assert words in done.err
    assert f"Did you mean '{parameter.lower() if parameter != 'directorat' else 'directorate'}'?" in done.err
    assert not (own.store / "snapshots").exists()


@pytest.mark.slow
def test_a_parameter_given_by_hand_is_heeded(make_workspace: Callable[..., Workspace]) -> None:
    own, name = make_workspace("heeded"), "2_measures_against_markers"
    command = (sys.executable, "-m", "papermill", f"notebooks/{name}.ipynb", "out.ipynb", "-p", "directorate")
    done = own.call(*command, "resources", without=FOUND)
    assert done.code == 0, done.said
    found = scraps_of(own.home / "out.ipynb", name)
    assert found["page"]["unit"] == "Resources and Transformation"
    assert set(found["rated_measures"]["directorate"]) == {"resources"}


def test_one_directorates_notebook_runs_from_the_command_to_its_page(
    make_workspace: Callable[..., Workspace],
) -> None:
    """The quick one: one item, end to end, in a workspace of its own."""
    own, name = make_workspace("quick"), "2_measures_against_markers"
    done = own.pmf("run", "--directorate", "resources", "--item", f"resources/{name}")
    assert done.code == 0, done.said
    assert f"Open the site: {own.home / 'outputs' / 'index.html'}" in done.out
    page = Reader(own.page("resources", name))
    assert page.faults == []
    assert "Resources and Transformation" in page.text
    assert "script" not in page.tags
    items = own.manifest()["items"]
    outcomes = {f"{item['unit']}/{item['notebook']}": item["outcome"] for item in items}
    assert outcomes.pop(f"resources/{name}") == "ok"
    assert set(outcomes.values()) == {"waiting"}
    assert own.half_written() == []
    assert own.still_running() == []
    executed = json.loads(
        (next(own.store.glob("runs/*/items/resources/*/notebook.ipynb"))).read_text("utf-8")
    )
    assert "papermill" not in executed["metadata"]
