"""The warm process of one command: started at once, started again where it ends or hangs, let go with the command.

Nothing rests on it: an item that can't be forked starts cold, and the first reason is said.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pmf_lib import settings
from pmf_lib.runs.warm import wire
from pmf_lib.runs.warm.client import ColdError, Forked, RefusedError, Server

PRIVATE = "pmf-"
"""How the private folders of a command begin, before its process number."""
MOST_STARTS = 3
PROVISIONER = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "pmf-warm"}


class Warm:
    """The warm process as a run uses it, from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}
        self._server: Server | None = None
        self._starts = 0
        self._why = wire.why_cold()
        self._is_said = False

    def start(self) -> None:
        """Start warming up; it is not waited for."""
        with self._lock:
            self._begin()

    def hold(self, council: str, framework: str, snapshot: str) -> None:
        """What every item of the run reads: held ready from the next start on, and now if there is a process."""
        self._held = {"council": council, "framework": framework, "snapshot": snapshot}
        try:
            server = self._ready()
            Forked(server.address, _ask("hold", (json.dumps(self._held),), self._environment()), ()).wait()
        except ColdError as why:
            self._say(why)

    def child(self, order: Path, environment: Mapping[str, str], files: Sequence[int]) -> Forked:
        """A process for this order.

        Raises
        ------
        ColdError
            None can be forked.
        """
        server = self._ready()
        own = {
            **self._environment(),
            **environment,
            **wire.SINGLE,
            **PROVISIONER,
            wire.ADDRESS: server.address,
        }
        try:
            return Forked(server.address, _ask("item", (str(order),), own), files)
        except RefusedError as why:
            self._say(why)
            raise
        except ColdError as why:
            self._say(why)
            self._drop(server)
            raise

    def close(self) -> None:
        """Let it go."""
        with self._lock:
            self._starts = MOST_STARTS
            server, self._server = self._server, None
        if server:
            server.close()
            shutil.rmtree(Path(server.address).parent, ignore_errors=True)

    def _ready(self) -> Server:
        with self._lock:
            self._begin()
            server = self._server
        if server is None:
            raise ColdError(self._why)
        try:
            server.wait_until_ready()
        except ColdError:
            self._drop(server)
            raise
        return server

    def _begin(self) -> None:
        """Start one where there is none that lives."""
        if self._why or (self._server and self._server.is_alive()):
            return
        if self._server:
            _end(self._server)
            self._server = None
        if self._starts == MOST_STARTS:
            self._why = f"the warm process ended {MOST_STARTS} times"
            return
        self._starts += 1
        folder = Path(tempfile.mkdtemp(prefix=f"{PRIVATE}{os.getpid()}-"))
        try:
            self._server = Server(folder, self._environment(), settings.root(), self._held)
        except (ColdError, OSError) as why:
            self._why = str(why)
            shutil.rmtree(folder, ignore_errors=True)

    def _drop(self, server: Server) -> None:
        """One that refused or hangs is of no more use."""
        with self._lock:
            if self._server is server:
                self._server = None
        _end(server)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PMF_HOME": str(settings.root()),
            "PMF_STORE": str(settings.store()),
            **wire.SINGLE,
        }

    def _say(self, why: ColdError) -> None:
        """Once a command."""
        if not self._is_said:
            logging.getLogger(__name__).warning("Items start cold: %s.", why)
        self._is_said = True


def _end(server: Server) -> None:
    """It, and its folder."""
    server.end()
    shutil.rmtree(Path(server.address).parent, ignore_errors=True)


@contextmanager
def warming() -> Iterator[Warm]:
    """A warm process for the time of a ``with``."""
    warm = Warm()
    warm.start()
    try:
        yield warm
    finally:
        warm.close()


def _ask(kind: wire.Kind, arguments: tuple[str, ...], environment: Mapping[str, str]) -> wire.Ask:
    return wire.Ask(kind, arguments, str(settings.root()), dict(environment))
