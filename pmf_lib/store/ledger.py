"""The ledger: one line an item and a run — what, on what, by whom, with what outcome — chained by hash.

Times, hosts and people live here alone, so that a report depends on nothing but its content key. Each line holds the
hash of the line before, and ``ledger.head.json`` says how many lines there are and how the last one ends: a line that
was changed, taken out or cut from the end is found.

A ledger that does not hold stops no run: the next entry sets the damaged file aside in ``damaged/``, keeps the lines
before the first broken link, and says so in an entry of kind ``mended``, which stays.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pmf_lib.errors import StoreError
from pmf_lib.store import files
from pmf_lib.store.files import canonical_json

START = "0" * 64
MENDED = "mended"
Why = Literal["", "unfinished", "unreadable", "changed", "cut"]
Entry = dict[str, Any]


@dataclass(frozen=True)
class State:
    """What a ledger holds up to its first broken link."""

    entries: tuple[Entry, ...]
    held: bytes
    """The lines of these entries, as they are written."""
    line: int = 0
    """Number of the first broken line; 0 when every link holds."""
    why: Why = ""

    @property
    def last(self) -> str:
        """Hash of the last line that holds."""
        return str(self.entries[-1]["hash"]) if self.entries else START


@dataclass(frozen=True)
class Mark:
    """How far a ledger went: the bytes of its lines, their sha256, how many they are, and the hash of the last."""

    size: int
    sha256: str
    lines: int
    last: str


def append(ledger: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add entries at the end, under a lock, each chained to the one before; a ledger that does not hold is mended first."""
    with files.locked(ledger):
        files.sweep(ledger.parent)
        now = state(ledger)
        if now.why:
            now = _mend(ledger, now)
        lines = _chain(entries, now.last)
        _write_on(ledger, now.held, _written(lines))
        last = lines[-1]["hash"] if lines else now.last
        files.write_json(_head(ledger), {"lines": len(now.entries) + len(lines), "hash": last})


def state(ledger: Path) -> State:
    """Read a ledger and follow its chain."""
    content, head = _content(ledger), _read_head(ledger)
    found: list[Entry] = []
    last, size = START, 0
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        entry, why = _link(line, last)
        if why == "unfinished" and number <= head.get("lines", 0):
            why = "unreadable"  # it was whole once: no command was ended while it wrote it
        if why:
            return State(tuple(found), content[:size], number, why)
        found.append(entry)
        last, size = entry["hash"], size + len(line)
    cut = not _reaches(found, head)
    return State(tuple(found), content, len(found) + 1 if cut else 0, "cut" if cut else "")


def mark(ledger: Path) -> Mark | None:
    """How far a ledger goes now; None where it does not hold."""
    now = state(ledger)
    return None if now.why else Mark(len(now.held), _sha(now.held), len(now.entries), now.last)


def since(ledger: Path, known: Mark) -> list[Entry] | None:
    """The entries after a mark, each chained to the one before; None where they, or what was known, do not hold."""
    content, head = _content(ledger), _read_head(ledger)
    found, last = list[Entry](), known.last
    if _sha(content[: known.size]) != known.sha256:
        return None
    for line in content[known.size :].splitlines(keepends=True):
        entry, why = _link(line, last)
        if why:
            return None
        found.append(entry)
        last = entry["hash"]
    return found if head == {"lines": known.lines + len(found), "hash": last} else None


def entries(ledger: Path) -> list[Entry]:
    """Every entry that can be read, oldest first; also those of a damaged ledger that was set aside, or will be."""
    now = state(ledger)
    found = [one for entry in now.entries for one in (*_set_aside(ledger, entry), entry)]
    return found + (_salvaged(_content(ledger), now.line) if now.why else [])


def verify(ledger: Path) -> int:
    """The number of entries, once every link of the chain holds.

    Raises
    ------
    StoreError
        A line was changed, inserted, taken out or cut from the end; the message names the first.
    """
    now = state(ledger)
    if now.why:
        raise StoreError(f"'{ledger.name}', line {now.line}{WORDS[now.why]}")
    return len(now.entries)


WORDS: Mapping[str, str] = {
    "unfinished": " is not complete: a command was ended while it wrote, or the disk was full.",
    "unreadable": " is not complete: somebody or something has changed the file.",
    "changed": ": the chain breaks here; a line was changed or taken out.",
    "cut": " is missing: lines were cut from the end, or the whole ledger was written anew.",
}
"""What is said of a line, after its number."""


def _mend(ledger: Path, now: State) -> State:
    """Keep the damaged file, and go on from the lines that hold with an entry that says so."""
    import logging

    content, head = _content(ledger), _read_head(ledger)
    digest = hashlib.sha256(content).hexdigest()
    aside = ledger.parent / "damaged" / f"{ledger.stem}-{digest[:12]}{ledger.suffix}"
    files.write_bytes(aside, content)
    what = {"line": now.line, "why": now.why, "set_aside": aside.name, "sha256": digest, "head": head}
    lines = _chain([{"kind": MENDED, **what}], now.last)
    held = now.held + _written(lines)
    files.write_bytes(ledger, held)
    logging.getLogger(__name__).warning(
        "The ledger's line %s%s It goes on from the lines before; the damaged ledger is kept as '%s'.",
        now.line, WORDS[now.why], aside,
    )  # fmt: skip
    return State((*now.entries, *lines), held)


def _link(line: bytes, last: str) -> tuple[Entry, Why]:
    """A line's entry, and why it does not follow the line before."""
    try:
        entry = json.loads(line)
        holds = entry["previous"] == last and _is_itself(entry)
    except (ValueError, KeyError, TypeError):
        return {}, "unreadable" if line.endswith(b"\n") else "unfinished"
    return entry, "" if holds else "changed"


def _is_itself(entry: Entry) -> bool:
    """Does the line say what its own hash says?"""
    plain = {key: value for key, value in entry.items() if key not in ("hash", "previous")}
    return bool(_hash(plain, entry["previous"]) == entry["hash"])


def _reaches(found: list[Entry], head: Entry) -> bool:
    """Does the chain reach what its head says, or has a mended entry owned up that it doesn't?"""
    if not head or any(entry.get("kind") == MENDED and entry["head"] == head for entry in found):
        return True
    number = head["lines"]
    return bool(number == 0 or (len(found) >= number and found[number - 1]["hash"] == head["hash"]))


def _set_aside(ledger: Path, entry: Entry) -> list[Entry]:
    """What a mended entry left out of the chain, as far as it can be read."""
    if entry.get("kind") != MENDED:
        return []
    content = _content(ledger.parent / "damaged" / Path(entry["set_aside"]).name)
    return _salvaged(content, entry["line"]) if _sha(content) == entry["sha256"] else []


def _salvaged(content: bytes, line: int) -> list[Entry]:
    """Entries from this line on that say what their own hash says."""
    found = []
    for text in content.splitlines()[line - 1 :]:
        try:
            entry = json.loads(text)
            found += [entry] if _is_itself(entry) else []
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _chain(entries: Iterable[Mapping[str, Any]], previous: str) -> list[Entry]:
    lines = []
    for entry in entries:
        plain = json.loads(canonical_json(dict(entry)))
        lines.append({**plain, "previous": previous, "hash": _hash(plain, previous)})
        previous = lines[-1]["hash"]
    return lines


def _hash(plain: Mapping[str, Any], previous: str) -> str:
    return _sha((previous + canonical_json(plain)).encode("utf-8"))


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(lines: Iterable[Entry]) -> bytes:
    return "".join(canonical_json(line) + "\n" for line in lines).encode("utf-8")


def _write_on(ledger: Path, held: bytes, more: bytes) -> None:
    """Write at the end, to the disk; what does not go on a full disk whole is taken back."""
    gap = b"\n" if held and not held.endswith(b"\n") else b""
    with ledger.open("ab", buffering=0) as stream:
        try:
            written = stream.write(gap + more)
            if written != len(gap + more):
                raise OSError(28, os.strerror(28), str(ledger))
            os.fsync(stream.fileno())
        except OSError:
            os.truncate(ledger, len(held))
            raise


def _head(ledger: Path) -> Path:
    return ledger.with_suffix(".head.json")


def _read_head(ledger: Path) -> Entry:
    """Number and hash of the last line known; empty when there is none that can be read."""
    try:
        head = json.loads(_head(ledger).read_bytes())
        return {"lines": int(head["lines"]), "hash": str(head["hash"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
