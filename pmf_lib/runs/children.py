"""A process for one item, forked from the warm process or started cold; whoever watches it sees no difference."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import psutil

from pmf_lib import settings
from pmf_lib.runs.warm.client import ColdError
from pmf_lib.runs.warm.owner import Warm


class Child(Protocol):
    """An item's process."""

    pid: int
    is_lost: bool
    """Can nobody tell how it ended, since the warm process that it came from is gone?"""
    kernels: list[int]
    """Processes that it started and that are no children of its own."""
    seen: dict[int, psutil.Process]
    """It and its kernels, by number, as they were when first looked at."""

    def poll(self, seconds: float = 0.0) -> int | None:
        """Its exit code once it has ended, waiting for it at most so long."""

    def wait(self) -> int:
        """Its exit code."""


class Cold(subprocess.Popen[bytes]):
    """A process of its own, which imports everything anew."""

    is_lost = False

    def __init__(self, order: Path, environment: Mapping[str, str], log: int) -> None:
        self.kernels: list[int] = []
        self.seen: dict[int, psutil.Process] = {}
        super().__init__(
            [sys.executable, "-m", "pmf_lib.runs.item", str(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=settings.root(),
            start_new_session=True,
        )

    def poll(self, seconds: float = 0.0) -> int | None:
        """As `Child.poll`."""
        if not seconds:
            return super().poll()
        try:
            return super().wait(seconds)
        except subprocess.TimeoutExpired:
            return None


def start(order: Path, log: Path, private: str, warm: Warm | None) -> Child:
    """The child; its kernel's sockets and passing files lie in a private folder, gone with it however it ends.

    It has a session of its own: Ctrl-C reaches the coordinator alone, who ends what is under way.
    """
    own = {"JUPYTER_RUNTIME_DIR": private, "TMPDIR": private}
    with log.open("ab") as said, Path(os.devnull).open("rb") as nothing:
        if warm:
            try:
                return warm.child(order, own, [nothing.fileno(), said.fileno(), said.fileno()])
            except ColdError as why:
                said.write(f"It starts cold: {why}.\n".encode())
                said.flush()
        Path(private).mkdir(exist_ok=True)  # a child whose warm process is gone takes it away
        places = {"PMF_HOME": str(settings.root()), "PMF_STORE": str(settings.store())}
        return Cold(order, {**os.environ, **places, **own}, said.fileno())


def family(child: Child) -> set[psutil.Process]:
    """The child and everything that it started; whoever has the number of one that is gone is none of them."""
    found: set[psutil.Process] = set()
    for pid in (child.pid, *child.kernels):
        try:
            process = child.seen.setdefault(pid, psutil.Process(pid))
            found |= {process, *process.children(recursive=True)}
        except psutil.Error:
            continue
    return found


def memory(found: set[psutil.Process]) -> int:
    """Bytes that these processes hold."""
    total = 0
    for process in found:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def end(found: set[psutil.Process]) -> None:
    """Leave nothing running: a killed child's kernel would otherwise live on."""
    for process in found:
        try:
            process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        except psutil.Error:
            continue
