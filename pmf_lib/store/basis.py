"""What a whole run was made from and what it left, kept so that the next command can tell that nothing has changed.

    <store>/plans/<digest of the request>.json

Files are named by the home that they lie in and their path under it, as in ``root:parameters/schemes/status.yml``, and
told apart by the sha256 of their bytes, never by times. Places are patterns of such names: a file that comes or goes is
noticed like one that is changed. Only the standard library is used: this is asked before anything else is loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "plans"
SCHEMA_VERSION = 1
BESIDE = ("__pycache__", ".ipynb_checkpoints")
"""Folders of what programs keep for themselves."""
READERS_N = 2
"""Threads that hash: more than two gain nothing, since files are read one after the other."""
Homes = Mapping[str, Path]
"""Name of a home → its folder."""
Files = dict[str, str]
"""Name of a file (``home:path``) → sha256 of its bytes."""


class CannotTellError(Exception):
    """Something can't be read, or is of a kind that is not followed: whether it changed is not known."""


@dataclass(frozen=True)
class Basis:
    """One whole run: what it read, what it left, and what is said when nothing of either has changed."""

    run_id: str
    site: str
    """The index that people open, as ``home:path``."""
    note: str
    """What is to be said of the site beside it."""
    items: tuple[str, ...]
    """Its items (``unit/notebook``), in the order of the plan."""
    read: tuple[str, ...]
    left: tuple[str, ...]
    """Places that it read, and those that it left."""
    inputs: Files
    made: Files
    """The files in those places."""
    ledger: Mapping[str, Any]
    """How far the ledger went (`pmf_lib.store.ledger.Mark`)."""
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Item → what it depends on → digest of that."""
    schema_version: int = SCHEMA_VERSION


def path(store: Path, request: str) -> Path:
    """Where the basis of the last whole run of a request (its digest) lies."""
    return store / FOLDER / f"{request}.json"


def digest(content: object) -> str:
    """A short hash of plain content.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


def load(place: Path) -> Basis | None:
    """The basis that is kept there; None where there is none that can be read."""
    try:
        held = json.loads(place.read_bytes())
        found = Basis(**held)
    except (OSError, ValueError, TypeError):
        return None
    return found if found.schema_version == SCHEMA_VERSION else None


def as_json(basis: Basis) -> dict[str, Any]:
    """The same as plain values."""
    return asdict(basis)


def looked_at(places: Iterable[str], homes: Homes) -> Files:
    """Every file of these places with the hash of its bytes.

    Raises
    ------
    CannotTellError
        A file can't be read, or a folder leads elsewhere.
    """
    names = sorted({name for place in places for name in _names(place, homes)})
    try:
        return dict(zip(names, _hashed([_file(name, homes) for name in names]), strict=True))
    except OSError as error:
        raise CannotTellError(str(error)) from error


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names of files that are not what they were, have come or are gone.

    >>> differing({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "1"})
    ['b', 'c']
    """
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _names(place: str, homes: Homes) -> Iterator[str]:
    """Names of the files that a place takes in: a file, a pattern, or (``/**``) a folder with everything in it."""
    home, _, pattern = place.partition(":")
    if home not in homes:
        raise CannotTellError(f"'{place}' lies nowhere now.")
    if pattern.endswith("**"):
        paths: Iterable[str] = _under(homes[home] / pattern.removesuffix("**"))
    else:
        paths = (os.fspath(found) for found in homes[home].glob(pattern) if found.is_file())
    start = len(os.fspath(homes[home])) + 1
    yield from (f"{home}:{found[start:].replace(os.sep, '/')}" for found in paths)


def _under(folder: Path) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in BESIDE]
        if any(os.path.islink(os.path.join(place, name)) for name in folders):  # noqa: PTH114, PTH118 - a path each is slow
            raise CannotTellError(f"'{place}' holds a folder that leads elsewhere.")
        yield from (os.path.join(place, name) for name in files)  # noqa: PTH118


def _file(name: str, homes: Homes) -> Path:
    home, _, inside = name.partition(":")
    return homes[home] / inside


def _hashed(paths: Sequence[Path]) -> list[str]:
    """The sha256 of each file; large ones are hashed side by side, since hashing lets other threads go on."""
    found = [""] * len(paths)
    failed: list[OSError] = []

    def some(start: int) -> None:
        try:
            for at in range(start, len(paths), READERS_N):
                found[at] = _sha256(paths[at])
        except OSError as error:
            failed.append(error)

    _side_by_side(some)
    if failed:
        raise failed[0]
    return found


def _side_by_side(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(start,)) for start in range(1, READERS_N)]
    for thread in threads:
        thread.start()
    work(0)
    for thread in threads:
        thread.join()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
