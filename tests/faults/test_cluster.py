"""Items on a cluster's workers: the same pages to the byte, though a worker dies; and every way of not being ready is told."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from test_warm import WAITS
from tiny import Case, Undisturbed, tiny, view
from workspace import Done, Workspace, wait_for

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills processes by POSIX signals"),
]
Started = subprocess.Popen[str]


class Cluster:
    """A scheduler, and workers of a workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.running: list[Started] = []
        self.scheduler = self._start(
            dict(os.environ), "dask_scheduler", "--no-dashboard", "--host", "127.0.0.1", "--port", "0",
            "--scheduler-file", str(folder / "scheduler.json"),
        )  # fmt: skip
        wait_for(folder / "scheduler.json", self.scheduler)

    @property
    def address(self) -> str:
        import json

        return str(json.loads((self.folder / "scheduler.json").read_text())["address"])

    def worker(self, own: Workspace, **env: str) -> Started:
        """One that does one item at a time; it is there when this returns."""
        name = f"worker-{len(self.running)}"
        made = self._start(
            {**own.environment, **env}, "dask_worker", self.address, "--no-dashboard", "--no-nanny",
            "--nthreads", "1", "--name", name, "--local-directory", str(self.folder / name),
        )  # fmt: skip
        log, until = self._log(made), time.monotonic() + 120
        while "Registered to:" not in log.read_text():
            assert made.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        return made

    def _start(self, environment: dict[str, str], module: str, *arguments: str) -> Started:
        with (self.folder / f"{len(self.running)}.log").open("w") as log:
            made = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *arguments], stdout=log, stderr=log,
                env=environment, cwd=environment.get("PMF_HOME", "."), text=True, start_new_session=True,
            )  # fmt: skip
        self.running.append(made)
        return made

    def _log(self, of: Started) -> Path:
        return self.folder / f"{self.running.index(of)}.log"

    def end(self) -> None:
        for one in self.running:
            one.send_signal(signal.SIGTERM)
        for one in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(20)
            one.kill()
            one.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


@pytest.fixture
def case(whole: Undisturbed, tmp_path: Path) -> Case:
    """A tiny council with one item that takes as long as the test wants it to."""
    profile = tmp_path / "ipython" / "profile_default" / "startup" / "wait.py"
    profile.parent.mkdir(parents=True)
    profile.write_text(WAITS)
    return Case(tiny(tmp_path / "workspace", IPYTHONDIR=str(tmp_path / "ipython")), whole)


def said(done: Done) -> str:
    assert "Traceback" not in done.said
    return done.err


def test_two_workers_do_a_run_to_the_same_byte(case: Case, cluster: Cluster) -> None:
    for _ in range(2):
        cluster.worker(case.workspace)
    done = case.workspace.pmf("run", "--cluster", cluster.address)
    assert done.code == 0, done.said
    assert "Traceback" not in done.said
    assert view(case.workspace) == case.whole.view
    logs = [path.read_text() for path in case.workspace.store.glob("runs/*/items/*/*/log.txt")]
    assert "cold" not in "".join(logs)
    cluster.end()
    case.struck()
    case.mended()


def test_a_worker_killed_in_the_midst_of_an_item_costs_time_alone(case: Case, cluster: Cluster) -> None:
    workers = [cluster.worker(case.workspace) for _ in range(2)]
    (case.workspace.home / "wait").touch()
    running = case.workspace.start("run", "--cluster", cluster.address)
    kernel = psutil.Process(int(wait_for(case.workspace.home / "kernel.pid", running)))
    above = {one.pid for one in kernel.parents()}
    struck = next(one for one in workers if one.pid in above)
    family = psutil.Process(struck.pid).children(recursive=True)
    struck.kill()
    struck.wait()
    assert psutil.wait_procs(family, timeout=20)[1] == []
    (case.workspace.home / "wait").unlink()
    _, err = running.communicate(timeout=180)
    assert running.returncode == 0, err
    assert "Traceback" not in err
    assert view(case.workspace) == case.whole.view
    cluster.end()
    case.struck()
    case.mended()


def test_an_item_on_which_every_worker_dies_is_told_and_made_by_the_next_run(
    case: Case, cluster: Cluster
) -> None:
    """Dask gives up what was on a worker that died too often; the run ends, and the next one makes it whole."""
    own, kernel = case.workspace, case.workspace.home / "kernel.pid"
    (own.home / "wait").touch()
    cluster.worker(own)
    running = own.start("run", "--cluster", cluster.address)
    until = time.monotonic() + 240
    while running.poll() is None and time.monotonic() < until:
        if kernel.exists() and (pid := kernel.read_text()):
            kernel.unlink()
            with contextlib.suppress(psutil.Error):
                above = {one.pid for one in psutil.Process(int(pid)).parents()}
                next(one for one in cluster.running if one.pid in above).kill()
            cluster.worker(own)
        time.sleep(0.1)
    out, err = running.communicate(timeout=10)
    assert running.returncode == 6, err
    assert "Every worker that took it was ended from outside" in err
    assert "Traceback" not in out + err
    (own.home / "wait").unlink()
    cluster.end()
    case.struck()
    case.mended()


@pytest.mark.parametrize("strike", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_ended_is_gone_on_with_by_the_next(
    case: Case, cluster: Cluster, strike: signal.Signals
) -> None:
    cluster.worker(case.workspace)
    (case.workspace.home / "wait").touch()
    running = case.workspace.start("run", "--cluster", cluster.address)
    wait_for(case.workspace.home / "kernel.pid", running)
    running.send_signal(strike)
    _, err = running.communicate(timeout=60)
    assert running.returncode in (130, -9), err
    assert "Traceback" not in err
    (case.workspace.home / "wait").unlink()
    again = case.workspace.pmf("run", "--cluster", cluster.address)
    assert again.code == 0, again.said
    assert view(case.workspace) == case.whole.view
    cluster.end()
    case.struck()
    case.mended()


def test_a_scheduler_that_dies_ends_the_run_in_words(case: Case, cluster: Cluster) -> None:
    cluster.worker(case.workspace)
    (case.workspace.home / "wait").touch()
    running = case.workspace.start("run", "--cluster", cluster.address)
    wait_for(case.workspace.home / "kernel.pid", running)
    cluster.scheduler.kill()
    _, err = running.communicate(timeout=180)
    assert running.returncode == 6, err
    assert "Traceback" not in err
    assert "--cluster: the scheduler is gone." in err
    (case.workspace.home / "wait").unlink()
    cluster.end()
    case.struck()
    case.mended()


def test_a_worker_with_other_code_is_refused_in_words(case: Case, cluster: Cluster, tmp_path: Path) -> None:
    other = case.workspace.copied(tmp_path / "other")
    notebook = next((other.home / "notebooks").glob("1_*.ipynb"))
    notebook.write_text(notebook.read_text().replace("It went well", "It went better"))
    cluster.worker(other, PMF_STORE=str(case.workspace.store))
    done = case.workspace.pmf("run", "--cluster", cluster.address)
    assert done.code == 6
    assert f"A worker's workspace ('{other.home}') holds other code than the coordinator's." in said(done)
    assert "Start workers in the workspace, at the same state of its code" in done.err


def test_a_worker_with_another_store_is_refused_in_words(
    case: Case, cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    cluster.worker(case.workspace, PMF_STORE=str(tmp_path / "store"))
    done = case.workspace.pmf("run", "--cluster", cluster.address)
    assert done.code == 6
    assert f"A worker's store ('{tmp_path / 'store'}') does not hold run " in said(done)


NOT_READY: dict[str, tuple[Callable[[Cluster], str], str]] = {
    "no workers": (lambda cluster: cluster.address, "has no workers. Start workers in the workspace"),
    "no address": (lambda cluster: "somewhere", "--cluster: 'somewhere' is not the address of a Dask scheduler. Write its host and port"),
    "no port": (lambda cluster: "tcp://127.0.0.1:1", "--cluster: no Dask scheduler answers at 'tcp://127.0.0.1:1'"),
    "no kind": (lambda cluster: "carrier-pigeon://x:1", "--cluster: 'carrier-pigeon://x:1' is not the address of a Dask scheduler."),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_READY)
def test_what_is_not_ready_is_told_in_words(whole: Undisturbed, cluster: Cluster, what: str) -> None:
    address, words = NOT_READY[what]
    done = whole.workspace.pmf("run", "--again", "--cluster", address(cluster))
    assert done.code == 6, done.said
    assert words in said(done)


def test_without_dask_it_is_told_how_to_install_it(whole: Undisturbed, tmp_path: Path) -> None:
    (tmp_path / "distributed.py").write_text("raise ImportError('not here')\n")
    path = os.pathsep.join([str(tmp_path), *os.environ.get("PYTHONPATH", "").split()])
    own = Workspace(whole.workspace.home, {**whole.workspace.env, "PYTHONPATH": path})
    done = own.pmf("run", "--again", "--cluster", "tcp://127.0.0.1:1")
    assert done.code == 6
    assert "--cluster needs Dask. Install it: pip install 'distributed>=2025.1'." in said(done)
