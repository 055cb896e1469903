"""Does the store hold together? Each check follows one kind of link and returns what is broken as data; `verify_words` words it.

ledger → each run's manifest → its items' notebooks and pages → its snapshot's content against its id → issued papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from pmf_lib.errors import StoreError
from pmf_lib.records import snapshot
from pmf_lib.records.schema import VERSION
from pmf_lib.runs.item import PAGE
from pmf_lib.store import damaged, issued, ledger, manifest
from pmf_lib.store.files import read_json
from pmf_lib.store.identity import content_hash
from pmf_lib.store.ledger import Entry
from pmf_lib.store.manifest import Item, Manifest


@dataclass(frozen=True)
class Fault:
    """One broken link: its kind (a key of `verify_words.WORDS`), the file under the store, and what the words need."""

    kind: str
    file: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """One kind of link: how many there are, and which are broken (`faults`)."""

    what: str
    """What is linked, in the singular."""
    held: str
    """What holds of each when nothing is broken."""
    count: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Store:
    """What the checks look at: the folder, what its ledger holds, and the manifests that can be read."""

    folder: Path
    state: ledger.State
    entries: tuple[Entry, ...]
    runs: Mapping[str, Manifest]
    at_work: tuple[str, ...]
    """Ids of runs that a command is at work on: they are not held against the ledger now."""

    @property
    def settled(self) -> dict[str, Manifest]:
        """Runs that nobody is at work on."""
        return {name: run for name, run in self.runs.items() if name not in self.at_work}


Check = Callable[[Store], Checked]


def look(folder: Path) -> Store:
    """Read the ledger and every manifest once."""
    path = folder / "ledger.jsonl"
    places = sorted(found for found in folder.glob("runs/*/") if found.name[0] != ".")
    read = {place.name: _manifest(place) for place in places}
    runs = {name: run for name, run in read.items() if run is not None}
    at_work = tuple(place.name for place in places if _is_at_work(place))
    return Store(folder, ledger.state(path), tuple(ledger.entries(path)), runs, at_work)


def check_ledger(store: Store) -> Checked:
    """Each line is chained to the one before, and the last one is there."""
    now = store.state
    faults = [Fault(f"line {now.why}", "ledger.jsonl", {"line": now.line})] if now.why else []
    return Checked("ledger line", "each chained to the one before", len(now.entries), tuple(faults))


def check_damaged(store: Store) -> Checked:
    """What was set aside is still there for whoever asks."""
    kept = [entry for entry in store.state.entries if entry.get("kind") in (ledger.MENDED, damaged.KIND)]
    faults = [
        Fault("aside", f"damaged/{entry['set_aside']}") for entry in kept if not _is_kept(store.folder, entry)
    ]
    return Checked("damaged file", "each set aside as it was found", len(kept), tuple(faults))


def check_manifests(store: Store) -> Checked:
    """Each run that the ledger knows has its manifest, as it was when the run was last closed."""
    closed = last_of_runs(store.entries)
    faults = [
        fault for name in sorted({*closed, *store.runs}) for fault in _manifest_faults(store, name, closed)
    ]
    return Checked("run", "each with its manifest as the ledger has it", len(store.runs), tuple(faults))


def check_items(store: Store) -> Checked:
    """Each item is what the ledger says of it, and its notebook and page are what was recorded."""
    lines = {(line["run_id"], line["item"]): line for line in store.entries if line.get("kind") == "item"}
    done = [
        (name, item) for name, run in store.settled.items() for item in run.items if item.outcome != "waiting"
    ]
    faults = [
        fault for name, item in done for fault in _item_faults(store, name, item, lines.get((name, item.id)))
    ]
    return Checked("item", "each with notebook and page as recorded", len(done), tuple(faults))


def check_snapshots(store: Store) -> Checked:
    """Each snapshot holds what its id says, and each run's snapshot is there."""
    there = snapshots(store)
    broken = [
        Fault("snapshot", f"snapshots/{name}", {"why": why})
        for name in there
        if (why := _damage(store, name))
    ]
    missing = [
        Fault("snapshot missing", f"snapshots/{run.snapshot}", {"run": name})
        for name, run in store.settled.items()
        if run.snapshot not in there
    ]
    return Checked("snapshot", "each holding what its id says", len(there), (*broken, *missing))


def check_issued(store: Store) -> Checked:
    """Each issued paper is whole and unaltered, and the ledger knows of it."""
    count, broken = issued.verify(store.entries)
    faults = [Fault(f"issued {one.why}", one.file) for one in broken]
    return Checked("issued paper", "each as it was issued", count, tuple(faults))


CHECKS: tuple[Check, ...] = (
    check_ledger,
    check_damaged,
    check_manifests,
    check_items,
    check_snapshots,
    check_issued,
)


def _manifest(place: Path) -> Manifest | None:
    try:
        return manifest.read(place / "manifest.json")
    except StoreError:
        return None


def _is_at_work(place: Path) -> bool:
    if not (place / "run.lock").exists():
        return False
    try:
        with FileLock(place / "run.lock", timeout=0):
            return False
    except Timeout:
        return True


def last_of_runs(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Run id → the line that last started or closed it."""
    return {entry["run_id"]: entry for entry in entries if entry.get("kind") in ("started", "run")}


def _manifest_faults(store: Store, name: str, closed: Mapping[str, Entry]) -> Iterator[Fault]:
    file, line = f"runs/{name}/manifest.json", closed.get(name, {})
    if name in store.at_work:
        return
    if name not in store.runs:
        if line.get("kind") == "run" or _has_items(store, name):
            yield Fault("manifest", file)
    elif store.runs[name].run_id != name:
        yield Fault("manifest elsewhere", file, {"run": store.runs[name].run_id})
    elif line.get("kind") == "run" and line.get("manifest_sha256") not in (
        None,
        content_hash(store.folder / file),
    ):
        yield Fault("manifest changed", file)


def _has_items(store: Store, name: str) -> bool:
    return any(line.get("kind") == "item" and line["run_id"] == name for line in store.entries)


def _item_faults(store: Store, name: str, item: Item, line: Entry | None) -> Iterator[Fault]:
    home, recorded = f"runs/{name}", {"outcome", "sha256", "page_sha256"}
    if line is None:
        yield Fault("item unknown", f"{home}/manifest.json", {"item": item.id})
    elif any(line[key] != value for key, value in item.model_dump(include=recorded).items()):
        yield Fault("item differs", f"{home}/manifest.json", {"item": item.id})
    page = Path(item.path).with_name(PAGE).as_posix() if item.path else ""
    for path, expected in ((item.path, item.sha256), (page, item.page_sha256)):
        if expected:
            yield from _file_faults(store.folder, f"{home}/{path}", expected)


def _file_faults(folder: Path, file: str, expected: str) -> Iterator[Fault]:
    if not (folder / file).is_file():
        yield Fault("file missing", file)
    elif content_hash(folder / file) != expected:
        yield Fault("file changed", file)


def snapshots(store: Store) -> list[str]:
    """Ids of the snapshots that are there."""
    return sorted(path.name for path in store.folder.glob("snapshots/*/") if path.name[0] != ".")


def is_of_another_version(store: Store, name: str) -> bool:
    """Was it frozen by a workbook that wrote records otherwise? This one can't check it then."""
    try:
        content = read_json(store.folder / "snapshots" / name / snapshot.MANIFEST)
        return bool(content["schema_version"] != VERSION)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _damage(store: Store, name: str) -> str:
    """What is wrong with a snapshot, in words; nothing when it holds."""
    if is_of_another_version(store, name):
        return ""
    try:
        snapshot.read(name, store.folder)
    except StoreError as error:
        return str(error)
    return ""


def _is_kept(folder: Path, entry: Entry) -> bool:
    path = folder / "damaged" / Path(entry["set_aside"]).name
    if entry["kind"] == damaged.KIND:
        return path.exists()
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == entry["sha256"]
