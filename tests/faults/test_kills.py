"""Killed without warning, at seeded moments: an item's process, the one it is forked from, the coordinator, or all; and told to stop by Ctrl-C.

`PMF_MOMENTS=20 pytest tests/faults/test_kills.py` tries twenty moments a kind.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tiny import DIRECTORATES, MOMENTS, Case, Undisturbed, tiny, tried, view

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills processes by POSIX signals"),
]
Strike = Callable[[subprocess.Popen[str]], None]
SERVER = "pmf_lib.runs.warm.server"


def family(running: subprocess.Popen[str], *, deep: bool = True) -> list[psutil.Process]:
    """What the command has started by now."""
    try:
        return psutil.Process(running.pid).children(recursive=deep)
    except psutil.Error:
        return []


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def warm(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """The process that the items and their kernels are forked from, if there is one by now."""
    return [process for process in family(running, deep=False) if SERVER in said(process)]


def said(process: psutil.Process) -> str:
    """How it was started; a forked one as that which it was forked from."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def items(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """Processes of items and their kernels, an item before its kernel."""
    found = [process for process in family(running) if process not in warm(running)]
    return sorted(found, key=lambda process: (process.create_time(), process.pid))


def a_child(running: subprocess.Popen[str]) -> None:
    """The process of one item; where none is at work yet, the next one that is started."""
    while not items(running) and running.poll() is None:
        time.sleep(0.01)
    kill(items(running)[:1])


def the_warm_process(running: subprocess.Popen[str]) -> None:
    """That the items and their kernels are forked from; where there is none yet, once it is started."""
    while running.poll() is None and not warm(running):
        time.sleep(0.01)
    kill(warm(running))


def the_coordinator(running: subprocess.Popen[str]) -> None:
    running.kill()


def both(running: subprocess.Popen[str]) -> None:
    """The coordinator and everything under it, kernels too."""
    under = family(running)
    running.kill()
    kill(under)


def ctrl_c(running: subprocess.Popen[str]) -> None:
    """As a terminal sends it: to everything in the foreground."""
    os.killpg(running.pid, signal.SIGINT)


STRIKES: dict[str, Strike] = {
    "kill of a child": a_child,
    "kill of the warm process": the_warm_process,
    "kill of the coordinator": the_coordinator,
    "kill of both": both,
    "Ctrl-C": ctrl_c,
}
ENDS = {
    "kill of a child": {0, 6},
    "kill of the warm process": {0},
    "kill of the coordinator": {0, -9},
    "kill of both": {0, -9},
    "Ctrl-C": {0, 130},
}


@pytest.mark.parametrize(
    ("kind", "moment"),
    [
        (kind, moment)
        for kind in STRIKES
        for moment in range(MOMENTS if kind != "Ctrl-C" else (MOMENTS + 1) // 2)
    ],
)
def test_struck_at_any_moment_nothing_is_lost_and_the_same_command_mends_it(
    whole: Undisturbed, tmp_path: Path, kind: str, moment: int
) -> None:
    case = Case(tiny(tmp_path / "workspace"), whole, kind)
    delay = random.Random(f"{kind} {moment}").uniform(0.4, whole.seconds)
    running = case.workspace.start("run", alone=True)
    time.sleep(delay)
    STRIKES[kind](running)
    _, err = running.communicate(timeout=60)
    assert running.returncode in ENDS[kind], err
    assert "Traceback" not in err
    case.struck()
    case.mended()


def test_what_a_killed_command_left_in_the_view_is_cleared_by_the_next_one(
    whole: Undisturbed, tmp_path: Path
) -> None:
    case = Case(whole.workspace.copied(tmp_path / "workspace"), whole).struck()
    outputs = case.workspace.home / "outputs"
    folder = next(outputs.glob("*/*/*/full"))
    folder.rename(folder.with_name(".full.abcdefgh.old"))
    (folder.parent / ".full.abcdefgh.part").mkdir()
    (folder.parent / ".full.abcdefgh.part" / "half.html").write_text("half")
    (outputs / ".index.html.abcdefgh.part").write_text("half")
    (case.workspace.store / "snapshots" / ".0123.abcdefgh.part").mkdir()
    (outputs / ".gitkeep").touch()
    case.mended()
    assert (outputs / ".gitkeep").exists()


def test_a_run_of_a_directorate_that_failed_before_makes_the_councils_page_anew_even_if_it_is_killed_between(
    whole: Undisturbed, tmp_path: Path
) -> None:
    """The council's page of an incomplete set must not be kept once the set is complete."""
    case = Case(tiny(tmp_path / "workspace"), whole)
    running = case.workspace.start("run", alone=True)
    a_child(running)
    running.communicate(timeout=60)
    early = next(iter(DIRECTORATES - case.struck().before))
    alone = case.workspace.pmf("run", "--item", early)
    assert f"ok  {early}" in alone.err
    case.struck()
    again = case.mended()
    assert "ok  council/5_sum" in again.err


def test_two_different_runs_at_once_both_end_well_and_the_ledgers_chain_holds(
    whole: Undisturbed, tmp_path: Path
) -> None:
    case = Case(tiny(tmp_path / "workspace"), whole, "two different runs at once")
    other = ("--quarter", "2024-25 Q1", "--as-at", "2024-08-15")
    both_at_once = [case.workspace.start("run", *arguments) for arguments in ((), other)]
    ends = [(running.communicate(timeout=120), running.returncode) for running in both_at_once]
    assert [code for _, code in ends] == [0, 0], ends
    case.holds()
    shown = view(case.workspace)
    assert {name for name in whole.view if name != "index.html"} <= set(shown)
    assert [name for name in whole.view if name != "index.html" and shown[name] != whole.view[name]] == []
    assert b"2024-25-q1" in shown["index.html"]
    assert b"2024-25-q2" in shown["index.html"]
    tried(case.kind, moments_n=1)


def test_the_same_run_started_twice_at_once_is_done_once(whole: Undisturbed, tmp_path: Path) -> None:
    case = Case(tiny(tmp_path / "workspace"), whole, "the same run twice at once")
    twice = [case.workspace.start("run") for _ in range(2)]
    ends = [(running.communicate(timeout=120)[1], running.returncode) for running in twice]
    assert sorted(code for _, code in ends) == [0, 6], ends
    assert any("Another `pmf run` is at work on this very run." in said for said, _ in ends)
    case.struck()
    case.mended()
