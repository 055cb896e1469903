"""Atomic writing: a reader sees the old file or the new one, never half of either.

What is under way has a name that starts with a dot and ends in ``.part``, and what it replaces one in ``.old``; a
process that is killed leaves these behind, and `sweep` clears them under the lock that guards their folder.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pmf_lib.errors import RunError

PART, OLD = ".part", ".old"
LOCK_SECONDS = 60.0


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside `path`, flush to disk, and rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends, atomically."""
    write_bytes(path, text.replace("\r\n", "\n").encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write JSON with sorted keys, atomically; not-a-number is refused."""
    write_text(path, canonical_json(content, indent=2) + "\n")


def canonical_json(content: Any, indent: int | None = None) -> str:
    """One text for one content: sorted keys, no not-a-number, dates as ISO text.

    >>> canonical_json({"b": 1, "a": [None, "é"]})
    '{"a": [null, "é"], "b": 1}'
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=indent, default=str
    )


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def replaced_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary sibling folder that becomes `path` if the block ends well; a failed block leaves no trace."""
    beside = folder_beside(path)
    try:
        yield beside
        put(beside, path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def folder_beside(path: Path) -> Path:
    """A fresh folder beside `path`, to be filled and then `put` in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART))


def put(beside: Path, path: Path) -> None:
    """Put the folder `beside` where `path` is; the old folder goes once the new one stands, and comes back if it can't."""
    old = beside.with_name(beside.name.removesuffix(PART) + OLD)
    beside.chmod(0o755)
    if path.exists():
        path.rename(old)
    try:
        beside.rename(path)
    except BaseException:
        if old.exists():
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Clear what a killed process left unfinished in `folder`; an old folder whose place is empty goes back to it.

    Only whoever holds the lock that guards the folder may do so: nobody else is at work in it then.
    """
    for old in folder.glob(f".*{OLD}"):
        place = old.with_name(old.name[1:].rsplit(".", 2)[0])
        if not place.exists():
            old.rename(place)
    for left in [*folder.glob(f".*{PART}"), *folder.glob(f".*{OLD}")]:
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path` (a file or folder, there or not); it is let go also when its holder is killed.

    Raises
    ------
    RunError
        Another command holds it for longer than a minute.
    """
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise RunError(
            f"Another `pmf` command has been at work on '{path.name}' for {LOCK_SECONDS:.0f} seconds. "
            "Wait until it is done, or end it first."
        ) from None
    try:
        yield
    finally:
        lock.release()
