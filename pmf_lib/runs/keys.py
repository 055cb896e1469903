"""What each item of a run depends on, and its key: an item of the same key says the same, in whatever run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pmf_lib import settings
from pmf_lib.records import seen
from pmf_lib.records.snapshot import Snapshot
from pmf_lib.sidecar import Sidecar
from pmf_lib.store import identity
from pmf_lib.store.manifest import Item, Manifest

Parts = dict[str, str]
"""What an item depends on → digest of it."""
RUN_ALONE = ("snapshot", "inputs")
"""Parameters that say which run it is, and nothing of what is asked."""
TABLE = "table "
"""Start of the names of those parts that are of the records."""


@dataclass(frozen=True)
class Ground:
    """What all items of a run stand on: the run as asked, its records, and the digest of the library."""

    run: Manifest
    snapshot: Snapshot
    library: str


def of_directorate(ground: Ground, item: Item, sidecar: Sidecar, given: Mapping[str, str]) -> Parts:
    """What a directorate's item depends on: its notebook, the code, the policy, what is asked, and the rows that it sees.

    A page that is compared with an issued run says whether the code has changed since: it depends on all of that.
    """
    records = seen.digests(ground.snapshot, item.unit, sidecar.reads, sidecar.reads_whole)
    return {
        **_always(ground, item, given),
        "code": ground.run.code if given.get("baseline") else ground.library,
        **{f"{TABLE}{name}": digest for name, digest in records.items()},
    }


def of_council(ground: Ground, item: Item, given: Mapping[str, str], below: Iterable[Item]) -> Parts:
    """What an item of a later stage depends on: all records, and the items of the stage before."""
    run, keys = ground.run, {one.id: one.key for one in below}
    own = {"code": run.code, "records": run.snapshot, "items": identity.digest(keys)}
    return {**_always(ground, item, given), **own}


def key(item: Item, parts: Parts) -> str:
    """The key of an item that depends on this."""
    return identity.digest([item.id, parts])


def _always(ground: Ground, item: Item, given: Mapping[str, str]) -> Parts:
    asked = {name: value for name, value in given.items() if name not in RUN_ALONE}
    return {
        "notebook": identity.notebook_digest(settings.root(), item.notebook),
        "policy": ground.run.policy,
        "request": identity.digest(asked),
    }
