"""Kernels from a warm process, for whatever starts kernels through jupyter_client: papermill, nbclient, JupyterLab.

The entry point is ``pmf-warm`` in ``jupyter_client.kernel_provisioners``. Below a run the server is the run's own; anywhere
else the first kernel starts cold, a server warms up beside it, and the next kernels are forked.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import pathlib
import shutil
import tempfile
import threading
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from pmf_lib.runs.warm import wire
from pmf_lib.runs.warm.child import kernel_arguments
from pmf_lib.runs.warm.client import ColdError, Forked, Server, StaleError

NAME = "pmf-warm"


class WarmProvisioner(LocalProvisioner):
    """A kernel that is forked where it can be, else started as always, with the reason in the log."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel that this command would start."""
        try:
            forked: Any = await asyncio.to_thread(forked_kernel, cmd, kwargs)
        except ColdError as why:
            self.log.info("The kernel starts cold: %s.", why)
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = forked, forked.pid, forked.pid
        self.cwd = kwargs.get("cwd") or pathlib.Path.cwd()
        return self.connection_info


def forked_kernel(command: list[str], how: dict[str, Any]) -> Forked:
    """The kernel of this command as a child of the warm process.

    Raises
    ------
    ColdError
        It can't be forked.
    """
    arguments = kernel_arguments(command)
    if not arguments:
        raise ColdError("its command is not that of this Python's own kernel")
    if how.get("stdin") or how.get("stdout") or how.get("stderr"):
        raise ColdError("its output goes to whoever starts it")
    environment = {**(how.get("env") or os.environ), **wire.SINGLE, "JPY_PARENT_PID": str(os.getpid())}
    ask = wire.Ask("kernel", arguments, str(how.get("cwd") or pathlib.Path.cwd()), environment)
    with pathlib.Path(os.devnull).open("rb") as nothing:
        return _forked(ask, [nothing.fileno(), 1, 2])


def _forked(ask: wire.Ask, files: list[int]) -> Forked:
    """From the run's own warm process, else from this process's own once it is ready."""
    named = os.environ.get(wire.ADDRESS)
    if named:
        return Forked(named, ask, files)
    try:
        return Forked(_OWN.address(), ask, files)
    except StaleError:
        _OWN.drop()
        raise


class _Own:
    """The warm process of a process that no run started, such as JupyterLab's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._before: list[Server] = []
        self._is_ready = False

    def address(self) -> str:
        """Its address; where it is not ready, it is started for the next kernel."""
        with self._lock:
            if self._server and self._is_ready and self._server.is_alive():
                return self._server.address
            if self._server is None or not self._server.is_alive():
                self._start()
        raise ColdError("the warm process is not ready yet")

    def drop(self) -> None:
        """It forks no more: the next kernel has another started. Kernels that it has forked keep it, as their work is theirs."""
        with self._lock:
            known = [*self._before, *([self._server] if self._server else [])]
            self._before = [server for server in known if server.is_alive()]
            self._server = None

    def close(self) -> None:
        """Let all go, with whatever they have forked."""
        self.drop()
        for server in self._before:
            server.close()
            shutil.rmtree(pathlib.Path(server.address).parent, ignore_errors=True)
        self._before = []

    def _start(self) -> None:
        if why := wire.why_cold():
            raise ColdError(why)
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"pmf-{os.getpid()}-"))
        self._is_ready = False
        try:
            self._server = Server(folder, os.environ, pathlib.Path.cwd(), {})
        except ColdError:
            folder.rmdir()
            raise
        threading.Thread(target=self._wait, args=(self._server,), daemon=True).start()

    def _wait(self, server: Server) -> None:
        try:
            server.wait_until_ready()
            self._is_ready = True
        except ColdError:
            self._is_ready = False


_OWN = _Own()
atexit.register(_OWN.close)
