"""Carry out a plan: stage after stage, items side by side, the manifest and the ledger kept by one coordinator."""

from __future__ import annotations

import getpass
import platform
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pmf_lib.errors import RunError
from pmf_lib.runs.item import PAGE
from pmf_lib.runs.plan import STAGES, Order, Plan
from pmf_lib.runs.supervise import Ending, Limits, supervise
from pmf_lib.store import ledger, manifest, places
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest

Tell = Callable[[Item, str], None]
"""Called with an item and 'started', 'kept' or its outcome."""


def carry_out(plan: Plan, tell: Tell, *, jobs: int, limits: Limits, again: bool = False) -> Manifest:
    """Do what the plan says and return the manifest as it ended.

    Items of the same key that ended well before are kept, unless `again`. A failed item stops no other; the council
    stage runs on what there is, and its pages say what is missing.
    """
    path = places.run_folder(plan.manifest.run_id) / "manifest.json"
    with _alone(path.parent):
        return _carried_out(plan, path, tell, jobs=jobs, limits=limits, again=again)


def _carried_out(plan: Plan, path: Path, tell: Tell, *, jobs: int, limits: Limits, again: bool) -> Manifest:
    now = _with_kept(plan, path, again) if path.exists() else plan.manifest
    manifest.write(path, now)
    for stage in STAGES:
        now = _stage(plan.stage(stage), now, path, tell, jobs=jobs, limits=limits)
    ledger.append(places.ledger(), [_run_entry(now)])
    return now


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One coordinator a run: a second one would undo the first one's manifest. What a killed one left lying goes."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            "Another `pmf run` is at work on this very run. Wait until it is done, or end it first."
        ) from None
    try:
        for left in folder.glob("items/*/.*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()


def _stage(
    orders: Iterable[Order], now: Manifest, path: Path, tell: Tell, *, jobs: int, limits: Limits
) -> Manifest:
    """Do the orders of one stage that are not done yet."""
    kept = {item.id: item for item in now.items if item.outcome == "ok"}
    open_orders = []
    for order in orders:
        if order.item.id in kept:
            tell(kept[order.item.id], "kept")
        else:
            open_orders.append(order)
    for ending in _side_by_side(open_orders, now.run_id, tell, jobs, limits):
        now = now.with_item(ending.item)
        manifest.write(path, now)
        ledger.append(places.ledger(), [_item_entry(ending, now)])
        tell(ending.item, ending.item.outcome)
    return now


def _side_by_side(
    orders: list[Order], run_id: str, tell: Tell, jobs: int, limits: Limits
) -> Iterator[Ending]:
    """Endings as they come, `jobs` items at a time; an interruption ends the items under way."""
    stop = threading.Event()

    def one(order: Order) -> Ending:
        tell(order.item, "started")
        return supervise(order, run_id, limits, stop)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            for future in as_completed([pool.submit(one, order) for order in orders]):
                yield future.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _with_kept(plan: Plan, path: Path, again: bool) -> Manifest:
    """The plan's manifest with what an earlier start of the same run has done, if its files still hold.

    A council page that was made before one of its directorates is made again after it. What this plan does not ask
    for stays as it ended.
    """
    asked = {order.item.key for order in plan.orders}
    before = {item.key: item for item in manifest.read(path).items}
    kept = {key: item for key, item in before.items() if _stays(item, path, key in asked, again)}
    if any(order.item.key not in kept for order in plan.stage("directorate")):
        kept = {key: item for key, item in kept.items() if item.stage == "directorate"}
    items = tuple(kept.get(item.key, item) for item in plan.manifest.items)
    return plan.manifest.model_copy(update={"items": items})


def _stays(item: Item, path: Path, asked: bool, again: bool) -> bool:
    """Is there nothing to do for this item?"""
    if asked and (again or item.outcome != "ok"):
        return False
    return item.outcome != "ok" or _holds(item, path)


def _holds(item: Item, path: Path) -> bool:
    """Are the executed notebook and its page still there, unaltered?"""
    notebook = path.parent / item.path
    kept = ((notebook, item.sha256), (notebook.with_name(PAGE), item.page_sha256))
    return all(file.is_file() and content_hash(file) == sha256 for file, sha256 in kept)


def _item_entry(ending: Ending, now: Manifest) -> dict[str, Any]:
    item = ending.item
    took = {"seconds": round(ending.seconds, 3), "peak_bytes": ending.peak_bytes}
    what = {
        "kind": "item",
        "item": item.id,
        "outcome": item.outcome,
        "sha256": item.sha256,
        "page_sha256": item.page_sha256,
        "message": item.message,
    }
    return {**what, **took, **_who_and_when(now)}


def _run_entry(now: Manifest) -> dict[str, Any]:
    count = {"items": len(now.items), "ok": sum(item.outcome == "ok" for item in now.items)}
    on_what = now.model_dump(
        include={"council", "framework", "quarter", "as_at", "edition", "snapshot", "policy", "code"}
    )
    return {"kind": "run", **on_what, **count, **_who_and_when(now)}


def _who_and_when(now: Manifest) -> dict[str, str]:
    """Times, hosts and people live here alone."""
    return {
        "run_id": now.run_id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "host": platform.node(),
    }
