"""The analysts' ground: the starter runs with and without a run, and an opened copy says what the run said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from workspace import BIN, REPOSITORY, Done, Recovery, Workspace

from pmf_lib import sidecar
from pmf_lib.workbook import scraps, tidy

STARTER = "notebooks/analysis/starter.ipynb"
ITEMS = ("resources/2_measures_against_markers", "council/5_council_scorecard")


def with_starter(own: Workspace) -> Workspace:
    (own.home / STARTER).parent.mkdir(exist_ok=True)
    shutil.copyfile(REPOSITORY / STARTER, own.home / STARTER)
    return own


def quiet_copy(recovery: Recovery, tmp_path: Path) -> Workspace:
    """The workspace that was mended, without what had hurt it."""
    return Workspace(recovery.workspace.copied(tmp_path / "workspace").home)


def run_all(own: Workspace, path: Path) -> tuple[Done, Path]:
    """As Jupyter's Run All: the workspace is found from the notebook's own folder."""
    done = own.call(str(BIN / "jupyter-execute"), str(path), "--output=ran", without=("PMF_HOME",))
    return done, path.with_name("ran.ipynb")


def outputs(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_starter_runs_where_nothing_was_ever_run_and_says_what_to_do(
    make_workspace: Callable[..., Workspace],
) -> None:
    own = with_starter(make_workspace("starter"))
    done, ran = run_all(own, own.home / STARTER)
    assert done.code == 0, done.said
    said = outputs(ran)
    assert "no run with these parameters" in said
    assert "`pmf run`" in said
    assert said.count("image/png") == 3
    assert "Warning" not in said


@pytest.mark.slow
def test_the_starter_reads_what_a_run_recorded(recovery: Recovery, tmp_path: Path) -> None:
    own = with_starter(quiet_copy(recovery, tmp_path))
    done, ran = run_all(own, own.home / STARTER)
    assert done.code == 0, done.said
    assert tidy.RECORDED in outputs(ran)


@pytest.mark.slow
@pytest.mark.parametrize("item", ITEMS)
def test_an_opened_copy_run_by_hand_records_what_its_item_recorded(
    recovery: Recovery, tmp_path: Path, item: str
) -> None:
    own = quiet_copy(recovery, tmp_path)
    opened = own.pmf("open", item)
    assert opened.code == 0, opened.said
    path = Path(opened.out.splitlines()[0].removeprefix("Your copy: "))
    done, ran = run_all(own, path)
    assert done.code == 0, done.said
    unit, name = item.split("/")
    recorded = next(own.store.glob(f"runs/*/items/{unit}/{name}/notebook.ipynb"))
    assert_same(scraps.read(ran, sidecar.load(name).emits), scraps.read(recorded, sidecar.load(name).emits))


def assert_same(got: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert set(got) == set(wanted)
    for name, content in wanted.items():
        if isinstance(content, pd.DataFrame):
            pd.testing.assert_frame_equal(got[name], content, obj=name)
        else:
            assert got[name] == content
