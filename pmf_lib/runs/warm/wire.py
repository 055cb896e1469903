"""What server and client say to each other over a Unix socket: one JSON object a line, the first with file descriptors.

A client connects, asks (`Ask`) and hears ``{"pid": …}`` or ``{"refused": …}``; then, as it comes, ``{"kernel": …}`` for each
kernel that the child started, and at the end ``{"code": …}``. Whoever closes the connection ends the child.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal

ADDRESS = "PMF_WARM"
"""Names the socket of a server that is there, for whatever runs below it."""
ANSWER_SECONDS = 30.0
"""How long a server may take to answer; one that takes longer hangs."""
ASK_SECONDS = 5.0
"""How long a client may take to ask once it is heard: nobody else is heard meanwhile."""
LONGEST = 2**20
LONGEST_ADDRESS = 100
"""A Unix socket's path is cut off beyond this."""
OWN = frozenset({
    ADDRESS, "PMF_STORE", "JUPYTER_RUNTIME_DIR", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_", "COLUMNS", "LINES", "MPLBACKEND",
    "JUPYTER_DEFAULT_PROVISIONER_NAME", "PYDEVD_USE_FRAME_EVAL", "PYDEVD_DISABLE_FILE_VALIDATION", "PYTEST_CURRENT_TEST", "FORCE_COLOR", "CLICOLOR",
})  # fmt: skip
"""What a child may have otherwise than its server: it is read when it is needed, not when a library is imported."""
OWN_PREFIXES = ("JPY_", "TERM", "GIT_")
SINGLE = {
    **dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    ),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What keeps libraries from starting threads of their own when they are imported: items run side by side already."""


Kind = Literal["item", "kernel", "hold"]


@dataclass(frozen=True)
class Ask:
    """What is asked for: a child, and where and in what environment it runs; or that the server hold records ready."""

    kind: Kind
    arguments: tuple[str, ...]
    cwd: str
    environment: dict[str, str]

    def written(self) -> bytes:
        """One line."""
        return line(asdict(self))


def line(content: Mapping[str, Any]) -> bytes:
    """One message."""
    return json.dumps(content).encode("utf-8") + b"\n"


def asked(content: bytes) -> Ask:
    """What a client wrote."""
    found = json.loads(content)
    return Ask(found["kind"], tuple(found["arguments"]), found["cwd"], dict(found["environment"]))


def why_cold() -> str:
    """Why nothing can be forked on this system; '' where it can."""
    if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
        return "this system has no safe fork"
    return ""


def difference(wanted: Mapping[str, str], *server: Mapping[str, str]) -> str:
    """Names of variables that are wanted otherwise than the server was started with, or has since; '' where none matters.

    Libraries set some of their own when they are imported: there, and maybe where the child is asked for.

    >>> difference({"LANG": "C", "PWD": "/b"}, {"LANG": "C", "PWD": "/a"}), difference({}, {"TZ": "UTC"})
    ('', 'TZ')
    >>> difference({"SPARK_LOCAL_IP": "127.0.0.1"}, {}, {"SPARK_LOCAL_IP": "127.0.0.1"})
    ''
    """
    names = sorted(
        name
        for name in set(wanted).union(*server)
        if name not in OWN
        and not name.startswith(OWN_PREFIXES)
        and wanted.get(name) not in [one.get(name) for one in server]
    )
    return ", ".join(names)


def connect(address: str) -> socket.socket:
    """A connection to the server at this address.

    Raises
    ------
    OSError
        There is none.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(ANSWER_SECONDS)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


def has_more(source: socket.socket | IO[bytes], seconds: float) -> bool:
    """Is there anything to be read, or an end to be seen, within these seconds? However many files are open."""
    looked = select.poll()
    looked.register(source, select.POLLIN)
    return bool(looked.poll(max(seconds, 0.0) * 1000))


def fits(address: Path) -> bool:
    """Can a socket have this path?"""
    return len(os.fsencode(address)) <= LONGEST_ADDRESS
