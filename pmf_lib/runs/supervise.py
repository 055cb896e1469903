"""A child process an item, watched by a thread: time, memory, and how it ended, whatever became of it.

A process pool breaks whole when one worker is killed; here each item stands alone, and the rest finish.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from pmf_lib.runs import children
from pmf_lib.runs.children import Child
from pmf_lib.runs.item import NOTEBOOK, PAGE, RESULT
from pmf_lib.runs.plan import Order
from pmf_lib.runs.warm.owner import PRIVATE, Warm
from pmf_lib.store import files, identity, places
from pmf_lib.store.files import read_json, write_json
from pmf_lib.store.manifest import Item, Outcome

LOOK_EVERY_SECONDS = 0.2
LARGEST_LOG_BYTES = 20 * 2**20
KEPT_LOG_BYTES = 2**20
ORDER, LOG = "order.json", "log.txt"


@dataclass(frozen=True)
class Limits:
    """What one item may use."""

    seconds: float = 900.0
    memory_bytes: int = 4 * 2**30


@dataclass(frozen=True)
class Ending:
    """How an item ended, and what it took (for the ledger alone)."""

    item: Item
    seconds: float
    peak_bytes: int


def supervise(
    order: Order, run_id: str, limits: Limits, stop: threading.Event, warm: Warm | None = None
) -> Ending:
    """Do one order in a child process and put its folder in place; once `stop` is set, end it and leave no trace.

    The child is forked from the `warm` process, if there is one that can; else it is a process of its own.
    """
    final = places.item_folder(run_id, order.item.unit, order.item.notebook)
    folder = files.folder_beside(final)
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(
            prefix=f"{PRIVATE}{os.getpid()}-", ignore_cleanup_errors=True
        ) as private:
            write_json(folder / ORDER, _content(order, run_id, folder, private))
            stopped, peak = _done(folder, private, limits, stop, warm)
        item = _ended(order.item, folder, final, run_id, stopped)
        if not stop.is_set():
            _put(folder, final)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Ending(item, time.monotonic() - started, peak)


def _content(order: Order, run_id: str, folder: Path, private: str) -> dict[str, object]:
    return {
        "notebook": order.item.notebook,
        "parameters": order.parameters,
        "run_id": run_id,
        "folder": str(folder),
        "private": private,
        "parent": os.getpid(),
    }


def _done(
    folder: Path, private: str, limits: Limits, stop: threading.Event, warm: Warm | None
) -> tuple[str, int]:
    """Have the order done; why it was stopped, and its peak of memory.

    Where the warm process went before its child, the child goes too, and the order is done once more, by a process of
    its own.
    """
    child = children.start(folder / ORDER, folder / LOG, private, warm)
    stopped, peak = _watch(child, folder / LOG, limits, stop)
    if child.is_lost and not stopped and not stop.is_set() and not (folder / RESULT).exists():
        child = children.start(folder / ORDER, folder / LOG, private, None)
        stopped, peak = _watch(child, folder / LOG, limits, stop)
    return stopped, peak


def _watch(child: Child, log: Path, limits: Limits, stop: threading.Event) -> tuple[str, int]:
    """Wait for the child; why it was stopped ('' when it ended by itself) and the memory that it took at its peak.

    Whoever was seen is remembered: of a child that was killed its kernel could no longer be asked for.
    """
    deadline, peak, family = time.monotonic() + limits.seconds, 0, children.family(child)
    try:
        while (code := child.poll(LOOK_EVERY_SECONDS)) is None:
            family |= children.family(child)
            peak = max(peak, children.memory(family))
            if time.monotonic() > deadline:
                return "timed out", peak
            if peak > limits.memory_bytes:
                return "out of memory", peak
            if log.stat().st_size > LARGEST_LOG_BYTES:
                return "too much said", peak
            if stop.is_set():
                return "killed", peak
        return "killed" if code < 0 and not child.is_lost else "", peak
    finally:
        children.end(family | children.family(child))
        child.wait()


def _ended(item: Item, folder: Path, final: Path, run_id: str, stopped: str) -> Item:
    """The item with its outcome."""
    if stopped:
        outcome, message = _STOPPED[stopped]
        return item.model_copy(update={"outcome": outcome, "message": message})
    if not (folder / RESULT).exists():
        return item.model_copy(update={"outcome": "failed", "message": _broke(folder)})
    result = read_json(folder / RESULT)
    path = (final / NOTEBOOK).relative_to(places.run_folder(run_id)).as_posix()
    found = {
        "outcome": result["outcome"],
        "headline": result["headline"],
        "message": result["message"],
        "path": path,
    }
    hashes = {"sha256": _hash(folder / NOTEBOOK), "page_sha256": _hash(folder / PAGE)}
    return item.model_copy(update={**found, **hashes})


def _hash(path: Path) -> str:
    """Hash of a file's content; nothing when it was never made."""
    return identity.content_hash(path) if path.exists() else ""


def _broke(folder: Path) -> str:
    """The last line of the log: the program itself stopped."""
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"The program itself stopped: {lines[-1] if lines else 'no word of why'}. The whole log lies beside the item."


def _put(folder: Path, final: Path) -> None:
    """The folder in its place, without the order, the end of an endless log, and what a stopped child never finished."""
    stopped = [] if (folder / RESULT).exists() else [folder / NOTEBOOK, folder / PAGE]
    for left in (folder / ORDER, *folder.glob(".*"), *stopped):
        left.unlink(missing_ok=True)
    if (folder / LOG).stat().st_size > KEPT_LOG_BYTES:
        os.truncate(folder / LOG, KEPT_LOG_BYTES)
    files.put(folder, final)


def clear_private() -> None:
    """Private folders of commands that are no more (they were killed)."""
    for left in Path(tempfile.gettempdir()).glob(f"{PRIVATE}*-*"):
        pid = left.name.removeprefix(PRIVATE).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


_STOPPED: dict[str, tuple[Outcome, str]] = {
    "timed out": ("timed out", "It took longer than the time allowed and was stopped."),
    "out of memory": ("out of memory", "It needed more memory than allowed and was stopped."),
    "killed": ("killed", "Its process was ended from outside before it could finish."),
    "too much said": (
        "failed",
        f"What it prints came to more than {LARGEST_LOG_BYTES // 2**20} MB and it was stopped. Print less.",
    ),
}
