"""What a command takes: seconds, seconds of processors, and memory, with everything that it starts."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

LOOK_EVERY_SECONDS = 0.2
AT_MOST_A_TWENTIETH = 20
"""The look itself takes time of a processor; it waits so many times as long as it took."""
ORPHANS_MAY_TAKE_SECONDS = 30.0
TOLD = 3000
ADOPT = 36
"""``PR_SET_CHILD_SUBREAPER``: whoever loses its parent becomes a child of this process, so that it is counted too."""


@dataclass(frozen=True)
class Taken:
    """What one command took."""

    seconds: float
    cpu_seconds: float
    """Of all its processes, also those that it left behind."""
    peak_bytes: int
    """The most that its family held at once; memory that processes share counts once (PSS, where the kernel tells it)."""
    worker_bytes: int
    """The most that any one process which it started held (RSS)."""


@dataclass
class _Watch:
    """Looks at the family until it is told to stop."""

    root: int
    stop: threading.Event = field(default_factory=threading.Event)
    peak: int = 0
    worker: int = 0

    def run(self) -> None:
        wait = 0.02
        while not self.stop.wait(wait):
            began = time.perf_counter()
            self._look()
            wait = max(LOOK_EVERY_SECONDS, AT_MOST_A_TWENTIETH * (time.perf_counter() - began))

    def _look(self) -> None:
        family = psutil.Process().children(recursive=True)
        self.peak = max(self.peak, sum(_share(process.pid) for process in family))
        self.worker = max([self.worker, *(_held(one) for one in family if one.pid != self.root)])


def taken(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> Taken:
    """Run a command to its end.

    Raises
    ------
    RuntimeError
        It ended badly, or left processes that never end; the end of what it said is told.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    before, began = _cpu_of_children(), time.perf_counter()
    with log.open("ab") as said:
        child = subprocess.Popen(  # noqa: S603 - the benchmark's own commands
            command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
    watch = _Watch(child.pid)
    looks = threading.Thread(target=watch.run)
    looks.start()
    code = child.wait()
    seconds = time.perf_counter() - began
    left = _orphans()
    watch.stop.set()
    looks.join()
    if code or left:
        words = log.read_text(encoding="utf-8", errors="replace")[-TOLD:]
        raise RuntimeError(f"{' '.join(command)} ended with {code} and left {left} processes:\n{words}")
    return Taken(seconds, _cpu_of_children() - before, watch.peak, watch.worker)


def _orphans() -> int:
    """Wait for whoever the command left behind; how many had to be ended."""
    deadline = time.monotonic() + ORPHANS_MAY_TAKE_SECONDS
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return 0
    left = psutil.Process().children(recursive=True)
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    return len(left)


def _cpu_of_children() -> float:
    """Seconds of processors of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _share(pid: int) -> int:
    """A process's memory with its share of what it has in common with others; all of it where the kernel does not tell."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
        return 0
    except FileNotFoundError:
        return _held_by(pid)
    except OSError:
        return 0


def _held_by(pid: int) -> int:
    try:
        return _held(psutil.Process(pid))
    except psutil.Error:
        return 0


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
