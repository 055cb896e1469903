"""The fork server: imports the stack once, runs no notebook and no thread, and forks a clean child for each that is asked for.

`main` is its whole life (see `pmf_lib.runs.warm.client.START`). It says ``ready`` on its standard output, or why it is not, and
lives as long as its standard input is open: whoever started it is its owner, and it does not outlive them.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pmf_lib.runs.warm import child as children
from pmf_lib.runs.warm import preload, wire

LIFE = 0
"""Standard input: open as long as the owner lives."""
Signature = dict[str, tuple[int, int]]


@dataclass
class Child:
    """A forked child: its process, as a number and as a descriptor that tells its end, and who asked for it."""

    pid: int
    ended: int
    client: socket.socket

    def say(self, **content: object) -> None:
        """Tell whoever asked; one who is gone need not be told."""
        with contextlib.suppress(OSError):
            self.client.sendall(wire.line(content))

    def kill(self) -> None:
        """End it and its group."""
        for end in (os.kill, os.killpg):  # it may not have a group yet
            with contextlib.suppress(OSError):
                end(self.pid, signal.SIGKILL)


class ForkServer:
    """Listens, forks, and tells each client how its child ended."""

    def __init__(self, listener: socket.socket, started: Mapping[str, str]) -> None:
        self.listener = listener
        self.children: dict[int, Child] = {}
        self.environments = (started, dict(os.environ))
        """As it was started, and as the stack's imports have left it."""
        self.sources = sources()
        self.is_stale = False
        self.selector = selectors.DefaultSelector()
        self.selector.register(LIFE, selectors.EVENT_READ)
        self.selector.register(listener, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the owner is gone; each child sees that its server is gone, and ends too."""
        while self._step():
            continue

    def _step(self) -> bool:
        """Do what has come up; False once the owner is gone, or the library another and the last child gone."""
        ready = [key.fileobj for key, _ in self.selector.select()]
        for child in list(self.children.values()):
            if child.ended in ready:
                self._bury(child)
            elif child.client in ready:
                self._heard(child)
        if self.listener in ready:
            self._answer()
        return LIFE not in ready and (not self.is_stale or bool(self.children))

    def _heard(self, child: Child) -> None:
        """A client says nothing after it has asked: it is gone, and its child goes with it."""
        self.selector.unregister(child.client)
        child.kill()

    def _bury(self, child: Child) -> None:
        _, status = os.waitpid(child.pid, 0)
        child.say(code=os.waitstatus_to_exitcode(status))
        self._forget(child)
        del self.children[child.pid]

    def _forget(self, child: Child) -> None:
        self.selector.unregister(child.ended)
        with contextlib.suppress(KeyError):
            self.selector.unregister(child.client)
        os.close(child.ended)
        child.client.close()

    def _answer(self) -> None:
        """Hear one client out, and fork or refuse."""
        client, _ = self.listener.accept()
        client.settimeout(wire.ASK_SECONDS)
        try:
            ask, files = _received(client)
        except (OSError, ValueError, KeyError, TypeError):
            client.close()
            return
        try:
            self._forked_or_refused(client, ask, files)
        finally:
            _close(files)

    def _forked_or_refused(self, client: socket.socket, ask: wire.Ask, files: list[int]) -> None:
        refused = self._why_not(ask)
        if refused:
            _answered(client, {"refused": refused, "stale": self.is_stale})
        elif ask.kind == "hold":
            preload.records(json.loads(ask.arguments[0]))
            gc.freeze()
            _answered(client, {"pid": os.getpid()}, {"code": 0})
        else:
            self._fork(client, ask, files)

    def _fork(self, client: socket.socket, ask: wire.Ask, files: list[int]) -> None:
        try:
            pid = os.fork()
        except OSError as error:
            _answered(client, {"refused": f"the system gives no process ({error.strerror or error})"})
            return
        if pid == 0:
            self._become(ask, files, client)
        child = Child(pid, os.pidfd_open(pid), client)
        asker = self.children.get(_peer(client))
        if asker:
            asker.say(kernel=pid)
        self.children[pid] = child
        self.selector.register(child.ended, selectors.EVENT_READ)
        self.selector.register(client, selectors.EVENT_READ)
        child.say(pid=pid)

    def _why_not(self, ask: wire.Ask) -> str:
        """Why no child is forked for this; '' where one is."""
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            return f"the warm process has {threads} threads, and a fork of it would not be clean"
        self.is_stale = sources() != self.sources
        if self.is_stale:
            return "the library has changed since the warm process imported it"
        other = wire.difference(ask.environment, *self.environments)
        return f"the warm process was started with another {other}" if other else ""

    def _become(self, ask: wire.Ask, files: list[int], client: socket.socket) -> None:
        """In the child: let go of everything of the server's, and be what was asked for. Never returns."""
        code = 1
        try:
            self.listener.close()
            self.selector.close()
            for other in self.children.values():
                os.close(other.ended)
                other.client.close()
            client.close()
            children.clean(ask, files)
            code = children.be(ask)
        except (
            BaseException
        ) as error:  # a child that falls back into the server's loop would serve as its twin
            code = children.last_words(error)
        finally:
            children.leave(code)


def sources() -> Signature:
    """The library's modules as they lie on disk: size and time of change of each that is imported."""
    named = [
        (name, getattr(module, "__file__", None))
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "pmf_lib"
    ]
    return {name: _signature(path) for name, path in named if path}


def _signature(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


def _received(client: socket.socket) -> tuple[wire.Ask, list[int]]:
    """The line of one client, and the descriptors that come with its first part."""
    content, files, _, _ = socket.recv_fds(client, 65536, 3)
    try:
        while content and not content.endswith(b"\n") and len(content) < wire.LONGEST:
            content += client.recv(65536)
        return wire.asked(content), files
    except BaseException:
        _close(files)
        raise


def _close(files: list[int]) -> None:
    for file in files:
        os.close(file)


def _answered(client: socket.socket, *content: Mapping[str, object]) -> None:
    """Tell one client, and have done with it; one who is gone need not be told."""
    with client, contextlib.suppress(OSError):
        client.sendall(b"".join(map(wire.line, content)))


def _peer(client: socket.socket) -> int:
    """The process at the other end."""
    found = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(found[:4], sys.byteorder)


def main(address: str, held: str) -> None:
    """Listen, warm up with what is to be held (a JSON object, see `preload.records`), say so, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = dict(os.environ)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    preload.warm_up(json.loads(held))
    gc.collect()
    gc.freeze()
    server = ForkServer(listener, started)
    try:
        os.write(1, b"ready\n")
        server.serve()
    except BrokenPipeError:  # its owner is gone already
        pass
    finally:
        shutil.rmtree(Path(address).parent, ignore_errors=True)
