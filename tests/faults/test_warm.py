"""The warm process killed, stopped or of no use at any moment: nothing is lost, nothing runs on, and the pages are the same."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tiny import Case, Undisturbed, stray, tiny, view
from workspace import wait_for

from pmf_lib.runs.warm import wire

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(wire.why_cold()), reason="nothing is forked on this system"),
]
WAITS = """
import os, time
from pathlib import Path

def wait(info):
    home = Path(os.environ["PMF_HOME"])
    if (home / "wait").exists() and get_ipython().user_ns.get("directorate") == "childrens":
        (home / "kernel.pid").write_text(str(os.getpid()))
        deaf = (home / "deaf").exists() and sum(range(10**13))
        while (home / "wait").exists():
            time.sleep(0.05)

get_ipython().events.register("pre_run_cell", wait)
"""
"""Unaltered notebooks, one of which takes as long as the test wants it to; `deaf`, it does not even let go of Python's lock."""
SERVER = "pmf_lib.runs.warm.server"
SECONDS = 120.0


def first(folder: Path) -> dict[str, str]:
    """The environment in which Python looks here first for what it imports."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), *os.environ.get("PYTHONPATH", "").split()])}


class Held(Case):
    """A run of the tiny council in the midst of a long cell."""

    running: subprocess.Popen[str]
    kernel: psutil.Process
    server: psutil.Process
    family: list[psutil.Process]

    def go_on(self) -> None:
        (self.workspace.home / "wait").unlink()

    def ended(self) -> tuple[int, str]:
        _, err = self.running.communicate(timeout=SECONDS)
        return self.running.returncode, err

    def is_whole(self) -> None:
        """Its pages are to the byte those of a run that nobody disturbed, and nothing is left of it."""
        shown = view(self.workspace)
        assert {
            name: shown.get(name) == content for name, content in self.whole.view.items()
        } == dict.fromkeys(self.whole.view, True)
        self.holds()


@pytest.fixture
def hold(whole: Undisturbed, tmp_path: Path) -> Iterator[Callable[..., Held]]:
    """Start the run, with these arguments, and wait for its long cell."""
    started: list[Held] = []

    def start(*arguments: str, deaf: bool = False) -> Held:
        profile = tmp_path / "ipython" / "profile_default" / "startup" / "wait.py"
        profile.parent.mkdir(parents=True)
        profile.write_text(WAITS)
        case = Held(tiny(tmp_path / "workspace", IPYTHONDIR=str(tmp_path / "ipython")), whole)
        home = case.workspace.home
        (home / "wait").touch()
        if deaf:
            (home / "deaf").touch()
        case.running = case.workspace.start("run", *arguments)
        case.kernel = psutil.Process(int(wait_for(home / "kernel.pid", case.running)))
        case.family = psutil.Process(case.running.pid).children(recursive=True)
        case.server = next(process for process in case.family if SERVER in " ".join(process.cmdline()))
        started.append(case)
        return case

    yield start
    for case in started:
        for process in [case.server, case.kernel]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        case.running.kill()
        case.running.communicate()


def are_gone(processes: list[psutil.Process], seconds: float = 10.0) -> bool:
    """Are they all, within some seconds?"""
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def test_the_items_and_kernels_of_a_run_are_forked_from_one_warm_process(hold: Callable[..., Held]) -> None:
    case = hold()
    assert case.kernel.ppid() == case.server.pid
    assert case.server.ppid() == case.running.pid
    case.go_on()
    code, err = case.ended()
    assert (code, "cold" in err) == (0, False), err
    case.is_whole()


def test_the_warm_process_killed_in_the_midst_of_a_cell_costs_time_alone(hold: Callable[..., Held]) -> None:
    case = hold()
    under = case.server.children()
    case.server.kill()
    assert are_gone([*under, case.kernel])
    case.go_on()
    code, err = case.ended()
    assert code == 0, err
    assert "Traceback" not in err
    case.is_whole()
    case.struck()
    case.mended()


def test_the_warm_process_stopped_in_the_midst_of_a_cell_costs_time_alone(hold: Callable[..., Held]) -> None:
    """Nobody says any more how a child ended, and nobody forks the next."""
    case = hold()
    case.server.suspend()
    case.go_on()
    code, err = case.ended()
    assert code == 0, err
    assert "did not answer" in err
    assert "Traceback" not in err
    assert are_gone(case.family)
    case.is_whole()


def test_an_item_past_its_time_is_stopped_though_the_warm_process_hangs(hold: Callable[..., Held]) -> None:
    case = hold("--timeout", "8", "--item", "childrens/1_page")
    case.server.suspend()
    code, err = case.ended()
    assert code == 6
    assert "timed out" in err
    assert "Traceback" not in err
    assert are_gone(case.family)
    case.go_on()
    case.struck()
    case.mended()


@pytest.mark.parametrize("deaf", [False, True])
def test_the_command_killed_leaves_nothing_running(hold: Callable[..., Held], deaf: bool) -> None:
    case = hold(deaf=deaf)
    case.running.kill()
    assert are_gone(case.family)
    code, err = case.ended()
    assert (code, err.count("Traceback")) == (-9, 0), err
    case.go_on()
    case.struck()
    case.mended()


def test_command_and_warm_process_killed_at_once_leave_nothing_running(hold: Callable[..., Held]) -> None:
    case = hold(deaf=True)
    case.running.kill()
    case.server.kill()
    assert are_gone(case.family)
    case.go_on()
    case.ended()
    case.struck()
    case.mended()
    assert stray() == []


def test_an_interrupted_command_stops_at_once(hold: Callable[..., Held]) -> None:
    case = hold()
    case.running.send_signal(signal.SIGINT)
    code, err = case.ended()
    assert code == 130
    assert "Traceback" not in err
    assert are_gone(case.family, 0.5)
    assert case.workspace.half_written() == []
    case.go_on()
    case.struck()
    case.mended()


def test_a_command_killed_while_its_process_warms_up_leaves_nothing_running_and_says_nothing(
    whole: Undisturbed, tmp_path: Path
) -> None:
    case = Case(tiny(tmp_path / "workspace"), whole)
    running = case.workspace.start("run")
    while running.poll() is None and not (family := psutil.Process(running.pid).children()):
        time.sleep(0.01)
    running.kill()
    _, err = running.communicate(timeout=60)
    assert err == ""
    assert are_gone(family, 30)
    case.struck()
    case.mended()


def test_a_system_without_a_safe_fork_starts_everything_cold_and_says_so_once(
    whole: Undisturbed, tmp_path: Path
) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text("import os\nvars(os).pop('pidfd_open')\n")
    case = Case(tiny(tmp_path / "workspace", **first(tmp_path / "path")), whole)
    done = case.workspace.pmf("run")
    assert done.code == 0, done.said
    assert done.err.count("Items start cold: this system has no safe fork.") == 1
    assert view(case.workspace) == whole.view
    logs = [path.read_text() for path in case.workspace.store.glob("runs/*/items/*/*/log.txt")]
    assert all("It starts cold: this system has no safe fork." in log for log in logs)
    case.holds()
