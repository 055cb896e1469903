"""Carry out a plan: stage after stage, items side by side, the manifest and the ledger kept by one coordinator.

An item is done once the ledger says so; the manifest is what the ledger says of one run, and is made anew from it when
the run is started again. So a coordinator may be killed at any moment: what the ledger has is kept, the rest is done.
"""

from __future__ import annotations

import getpass
import os
import platform
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pmf_lib.errors import RunError
from pmf_lib.runs import carried, cluster
from pmf_lib.runs.item import PAGE
from pmf_lib.runs.means import Means
from pmf_lib.runs.plan import STAGES, Order, Plan
from pmf_lib.runs.supervise import Ending, clear_private, supervise
from pmf_lib.store import files, ledger, manifest, places
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest

RECORDED = ("outcome", "path", "sha256", "page_sha256", "headline", "message")
"""What the ledger keeps of an item's end."""
Tell = Callable[[Item, str], None]
"""Called with an item and 'started', 'kept' or its outcome."""


def carry_out(plan: Plan, tell: Tell, means: Means, *, again: bool = False) -> Manifest:
    """Do what the plan says and return the manifest as it ended.

    Items of the same key that ended well before are kept, unless `again`; those of an earlier run are carried over from
    it. A failed item stops no other; the council stage runs on what there is, and its pages say what is missing.
    """
    path = places.run_folder(plan.manifest.run_id) / "manifest.json"
    with _alone(path.parent):
        return _carried_out(plan, path, tell, means, again=again)


def _carried_out(plan: Plan, path: Path, tell: Tell, means: Means, *, again: bool) -> Manifest:
    now = _with_kept(plan, path, again)
    ledger.append(places.ledger(), [_run_entry("started", now)])
    now = now if again else _with_carried(plan, now)
    manifest.write(path, now)
    for stage in STAGES:
        now = _stage(plan.stage(stage), now, path, tell, means)
    ledger.append(places.ledger(), [{**_run_entry("run", now), "manifest_sha256": content_hash(path)}])
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
        _clear(folder)
        yield
        _clear(folder)
    finally:
        lock.release()


def _clear(folder: Path) -> None:
    """What a killed command left of this run: once at the start, once when its last child has gone too."""
    for place in (folder, *folder.glob("items/*/")):
        files.sweep(place)
    with files.locked(places.snapshots()):
        files.sweep(places.snapshots())
    clear_private()


def _with_carried(plan: Plan, now: Manifest) -> Manifest:
    """The manifest with the directorates' items that an earlier run has made under the same keys, carried over from it."""
    done = {item.id for item in now.items if item.outcome == "ok"}
    before = carried.earlier(ledger.entries(places.ledger()), now.run_id)
    lines = []
    for order in plan.stage("directorate"):
        found = before.get(order.item.key) if order.item.id not in done else None
        item = carried.carried(order, now, found, list(plan.read)) if found else None
        if found and item:
            now = now.with_item(item)
            lines.append({**_item_entry(Ending(item, 0.0, 0), now), "carried_from": found.run_id})
    if lines:
        ledger.append(places.ledger(), lines)
    return now


def _stage(orders: Iterable[Order], now: Manifest, path: Path, tell: Tell, means: Means) -> Manifest:
    """Do the orders of one stage that are not done yet."""
    kept = {item.id: item for item in now.items if item.outcome == "ok"}
    open_orders = []
    for order in orders:
        if order.item.id in kept:
            tell(kept[order.item.id], "kept")
        else:
            open_orders.append(order)
    for ending in _side_by_side(open_orders, now.run_id, tell, means):
        now = now.with_item(ending.item)
        ledger.append(places.ledger(), [_item_entry(ending, now)])
        manifest.write(path, now)
        tell(ending.item, ending.item.outcome)
    return now


def _side_by_side(orders: list[Order], run_id: str, tell: Tell, means: Means) -> Iterator[Ending]:
    """Endings as they come, here or from the cluster's workers."""
    if means.workers is None:
        yield from _here(orders, run_id, tell, means)
        return
    for order in orders:
        tell(order.item, "started")
    yield from cluster.endings(means.workers, orders, run_id, means.limits)


def _here(orders: list[Order], run_id: str, tell: Tell, means: Means) -> Iterator[Ending]:
    """Endings as they come, so many items at a time; an interruption ends the items under way."""
    stop = threading.Event()

    def one(order: Order) -> Ending:
        tell(order.item, "started")
        return supervise(order, run_id, means.limits, stop, means.warm)

    with ThreadPoolExecutor(max_workers=means.jobs) as pool:
        try:
            for future in as_completed([pool.submit(one, order) for order in orders]):
                yield future.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _with_kept(plan: Plan, path: Path, again: bool) -> Manifest:
    """The plan's manifest with what earlier starts of the same run have done, if its files still hold.

    A council page that was made before one of its directorates is made again after it. What this plan does not ask
    for stays as it ended.
    """
    asked = {order.item.key for order in plan.orders}
    before = _recorded(plan.manifest)
    kept = {key: item for key, item in before.items() if _stays(item, path, key in asked, again)}
    if any(order.item.key not in kept for order in plan.stage("directorate")):
        kept = _directorates(kept)
    items = tuple(kept.get(item.key, item) for item in plan.manifest.items)
    return plan.manifest.model_copy(update={"items": items})


def _recorded(run: Manifest) -> dict[str, Item]:
    """Key → item as the ledger last has it; no council page that is older than one of its directorates."""
    items, found = {item.id: item for item in run.items}, dict[str, Item]()
    for line in ledger.entries(places.ledger()):
        if line.get("kind") != "item" or line["run_id"] != run.run_id or line["item"] not in items:
            continue
        item = items[line["item"]].model_copy(update={name: line[name] for name in RECORDED})
        found = {**(_directorates(found) if item.stage == "directorate" else found), item.key: item}
    return found


def _directorates(items: dict[str, Item]) -> dict[str, Item]:
    return {key: item for key, item in items.items() if item.stage == "directorate"}


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
    return {
        "kind": "item",
        "item": item.id,
        "key": item.key,
        **item.model_dump(include=set(RECORDED)),
        **took,
        **who_and_when(now),
    }


def _run_entry(kind: str, now: Manifest) -> dict[str, Any]:
    count = {"items": len(now.items), "ok": sum(item.outcome == "ok" for item in now.items)}
    on_what = now.model_dump(
        include={"council", "framework", "quarter", "as_at", "edition", "snapshot", "policy", "code"}
    )
    return {"kind": kind, **on_what, **count, **who_and_when(now)}


def who_and_when(now: Manifest) -> dict[str, str]:
    """Times, hosts and people live here alone."""
    return {
        "run_id": now.run_id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": _who(),
        "host": platform.node(),
    }


def _who() -> str:
    """The user's name, or number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
