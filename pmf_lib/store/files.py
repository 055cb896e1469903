"""Atomic writing: a reader sees the old file or the new one, never half of either."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside `path`, flush to disk, and rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield beside
        beside.chmod(0o755)
        _swap(beside, path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(beside: Path, path: Path) -> None:
    """Put `beside` where `path` is; the old folder goes once the new one stands."""
    if not path.exists():
        beside.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
    path.replace(old)
    beside.rename(path)
    shutil.rmtree(old, ignore_errors=True)
