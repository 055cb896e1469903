"""The ledger: one line an item and a run — what, on what, by whom, with what outcome — chained by hash.

Times, hosts and people live here alone, so that a report depends on nothing but its content key. Each line holds the
hash of the line before; a line that was changed or taken out is found by `verify`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from pmf_lib.errors import StoreError
from pmf_lib.store.files import canonical_json

START = "0" * 64
LOCK_SECONDS = 60.0


def append(ledger: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add entries at the end, under a lock, each chained to the one before."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{ledger}.lock", timeout=LOCK_SECONDS):
        last = _last_hash(ledger)
        with ledger.open("a", encoding="utf-8", newline="\n") as stream:
            for entry in entries:
                line = _chained(entry, last)
                last = line["hash"]
                stream.write(canonical_json(line) + "\n")
            stream.flush()


def entries(ledger: Path) -> list[dict[str, Any]]:
    """Every entry, oldest first."""
    if not ledger.exists():
        return []
    lines = ledger.read_text(encoding="utf-8").splitlines()
    return [_parsed(line, number) for number, line in enumerate(lines, 1)]


def verify(ledger: Path) -> int:
    """The number of entries, once every link of the chain holds.

    Raises
    ------
    StoreError
        A line was changed, inserted or taken out; the message names the first.
    """
    last, found = START, entries(ledger)
    for number, line in enumerate(found, 1):
        entry = {key: value for key, value in line.items() if key not in ("hash", "previous")}
        if line.get("previous") != last or line.get("hash") != _chained(entry, last)["hash"]:
            raise StoreError(
                f"'{ledger.name}', line {number}: the chain breaks here; a line was changed or taken out."
            )
        last = line["hash"]
    return len(found)


def _chained(entry: Mapping[str, Any], previous: str) -> dict[str, Any]:
    plain = json.loads(canonical_json(dict(entry)))
    digest = hashlib.sha256((previous + canonical_json(plain)).encode("utf-8")).hexdigest()
    return {**plain, "previous": previous, "hash": digest}


def _last_hash(ledger: Path) -> str:
    found = entries(ledger)
    return str(found[-1]["hash"]) if found else START


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError:
        raise StoreError(f"Ledger, line {number} is not complete: '{line[:60]}'.") from None
    return parsed
