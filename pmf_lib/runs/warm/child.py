"""What the fork server's child becomes: an item, or a kernel that ipykernel's launcher would have started."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from pmf_lib.runs.warm import wire

KERNEL = ("-m", "ipykernel_launcher", "-f")
"""How a Python kernel's command goes on after its interpreter; the connection file comes last."""
NEUTRAL = frozenset({"-Xfrozen_modules=off"})
"""Options of the interpreter that change nothing of what a kernel does."""
C = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
"""The system call's word for: when the parent dies (Linux, prctl(2))."""


def clean(ask: wire.Ask, files: list[int]) -> None:
    """A session, files, folder, environment and randomness of its own."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
    for file in files:
        if file > 2:
            os.close(file)
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        signal.signal(number, handler)
    os.chdir(ask.cwd)
    os.environ.clear()
    os.environ.update(ask.environment)
    time.tzset()
    tempfile.tempdir = None
    _reseed()


def _reseed() -> None:
    """No two children draw the same numbers."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy:
        numpy.random.seed()


def be(ask: wire.Ask) -> int:
    """Do what was asked; its exit code."""
    return {"item": _item, "kernel": _kernel}[ask.kind](ask.arguments)


def _item(arguments: tuple[str, ...]) -> int:
    """As ``python -m pmf_lib.runs.item``."""
    from pmf_lib.runs import item

    return item.alone(Path(arguments[0]), os.getppid())


def _kernel(arguments: tuple[str, ...]) -> int:
    """As ipykernel's launcher, with the server as the parent that it does not outlive."""
    from ipykernel.kernelapp import IPKernelApp

    C.prctl(
        PR_SET_PDEATHSIG, signal.SIGKILL
    )  # a cell that holds Python's lock lets no thread look for the parent
    sys.argv = ["ipykernel_launcher", *arguments]
    app: Any = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(list(arguments))
    app.start()
    return 0


def kernel_arguments(command: list[str]) -> tuple[str, ...]:
    """What a kernel's command says to the launcher; nothing where it is not one that can be forked.

    >>> kernel_arguments([sys.executable, "-m", "ipykernel_launcher", "-f", "k.json"])
    ('-f', 'k.json')
    >>> kernel_arguments(["Rscript", "-f", "k.json"])
    ()
    """
    if not command or not _is_this_python(command[0]):
        return ()
    rest = [part for part in command[1:] if part not in NEUTRAL]
    return tuple(rest[2:]) if tuple(rest[:3]) == KERNEL else ()


def _is_this_python(program: str) -> bool:
    return Path(program).absolute() == Path(sys.executable).absolute()


def last_words(error: BaseException) -> int:
    """Tell what went wrong, where the child's log is, and nothing of one that ends as it wants to; its exit code."""
    code = error.code if isinstance(error, SystemExit) else error
    if code is None or isinstance(code, int):
        return code or 0
    traceback.print_exception(error)
    return 1


def leave(code: int) -> None:
    """End at once: nothing of the server's is to be finished by its child."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        os._exit(code)
