"""A warm server as its owner and its users see it: start it, ask it for a child, wait for the child's end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from pmf_lib.runs.warm import wire

START = "import sys; sys.path[:] = filter(None, sys.path); from pmf_lib.runs.warm.server import main; main(*sys.argv[1:])"
"""As Jupyter starts a kernel: nothing is imported from the folder it is started in, and no flag forbids that to its children."""
READY_SECONDS = 120.0
GOING_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.5
SILENT_SECONDS = 5.0
"""How long a server may take to say that a child has ended."""
GONE = -int(signal.SIGKILL)
"""Exit code of a child whose server is gone: nobody can tell how it ended, and it goes too."""


class ColdError(Exception):
    """No child can be forked; the message says why, and whoever asked starts a process of their own."""


class RefusedError(ColdError):
    """The server is well and will not fork this child."""


class StaleError(RefusedError):
    """It will fork none any more: the library is another by now. It ends with the last of its children."""


class Forked:
    """A forked child, with as much of `subprocess.Popen` as its users need.

    Raises
    ------
    RefusedError
        The server will not.
    ColdError
        It does not answer in time, or is not there.
    """

    stdin = stdout = stderr = None

    def __init__(self, address: str, ask: wire.Ask, files: Sequence[int]) -> None:
        self.returncode: int | None = None
        self.is_lost = False
        """Did its server go before it?"""
        self.kernels: list[int] = []
        """Process numbers of the kernels that it started."""
        self.seen: dict[int, psutil.Process] = {}
        """It and its kernels, by number, as they were when first looked at: a number may be given again."""
        self._read = b""
        self._silent_since: float | None = None
        self._connection = _asked(address, ask, files)
        self.pid = self._first()

    def _first(self) -> int:
        """The number of the process, or why there is none."""
        answer = self._hear(wire.ANSWER_SECONDS)
        if "pid" in answer:
            return int(answer["pid"])
        self._connection.close()
        if "refused" in answer:
            raise (StaleError if answer.get("stale") else RefusedError)(str(answer["refused"]))
        raise ColdError("the warm process did not answer")

    def poll(self, seconds: float = 0.0) -> int | None:
        """Its exit code once it has ended, waiting for it at most so long."""
        until = time.monotonic() + seconds
        while self.returncode is None:
            heard = self._hear(min(until - time.monotonic(), LOOK_EVERY_SECONDS))
            self._take(heard)
            if not heard:
                self._look_for_itself()
                if time.monotonic() >= until:
                    break
        return self.returncode

    def _take(self, heard: Mapping[str, Any]) -> None:
        self.kernels += [int(heard["kernel"])] if "kernel" in heard else []
        if "code" in heard:
            self._end(int(heard["code"]))

    def _look_for_itself(self) -> None:
        """A child that ended, and whose server does not say so for long: the server hangs."""
        if self.returncode is not None or not _has_ended(self.pid):
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = time.monotonic()
        elif time.monotonic() - self._silent_since > SILENT_SECONDS:
            self._lose()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code.

        Raises
        ------
        subprocess.TimeoutExpired
            It has not ended by then.
        """
        code = self.poll(timeout if timeout is not None else 1e9)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _end(self, code: int) -> None:
        self.returncode = code
        self._connection.close()

    def _hear(self, seconds: float) -> dict[str, Any]:
        """The next message, or nothing by then; a connection that was closed ends the child."""
        until = time.monotonic() + seconds
        while b"\n" not in self._read:
            if not wire.has_more(self._connection, until - time.monotonic()) or not self._more():
                return {}
        first, _, self._read = self._read.partition(b"\n")
        return dict(json.loads(first))

    def _more(self) -> bool:
        """Read on; False once nothing more can come."""
        try:
            content = self._connection.recv(65536)
        except OSError:
            content = b""
        self._read += content
        if not content:
            self._lose()
        return bool(content)

    def _lose(self) -> None:
        self.is_lost = True
        self._end(GONE)


def _has_ended(pid: int) -> bool:
    """Is the process gone, or only waiting for its parent to take note?"""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _asked(address: str, ask: wire.Ask, files: Sequence[int]) -> socket.socket:
    """The connection over which this child has been asked for."""
    try:
        connection = wire.connect(address)
    except OSError as error:
        raise ColdError(f"the warm process is not there ({error.strerror or error})") from None
    try:
        content = ask.written()
        sent = socket.send_fds(connection, [content], files)
        if sent < len(content):  # whoever has heard all may have answered and gone by now
            connection.sendall(content[sent:])
    except OSError as error:
        connection.close()
        raise ColdError(f"the warm process did not answer ({error.strerror or error})") from None
    return connection


class Server:
    """A warm server that this process owns; it ends with it."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], cwd: Path, held: Mapping[str, str]
    ) -> None:
        self.address = str(folder / "s")
        if not wire.fits(folder / "s"):
            raise ColdError("the folder for temporary files has too long a name for a socket")
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-c", START, self.address, json.dumps(dict(held))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, **wire.SINGLE},
            cwd=cwd,
            start_new_session=True,
        )
        self._is_ready = False
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Is the process there?"""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Until it has the stack imported.

        Raises
        ------
        ColdError
            It ended, or takes too long.
        """
        with self._lock:
            if not self._is_ready and not self._says_ready():
                raise ColdError("the warm process could not be started")
            self._is_ready = True

    def _says_ready(self) -> bool:
        said = self._process.stdout
        return bool(said and wire.has_more(said, READY_SECONDS) and said.readline() == b"ready\n")

    def close(self) -> None:
        """Let it go; end it where it does not go by itself, or is not ready to hear of it."""
        if not self._is_ready:
            self.end()
        self._let_go()
        try:
            self._process.wait(GOING_SECONDS)
        except subprocess.TimeoutExpired:
            self.end()

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
