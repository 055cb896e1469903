"""A tiny council, whose whole run takes seconds: two directorates, a page each and one of the council that reads them.

After every fault the same is asked of it (`Case.mended`): nothing done is lost, nothing half-written looks whole, the
same command mends it, the store holds, nothing runs on, and the pages are those of a run that nobody disturbed.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from hurt_notebooks import PARAMETERS, remove_all, write
from workspace import VIEW, Done, Workspace, make

MOMENTS = int(os.environ.get("PMF_MOMENTS", "1"))
"""Seeded moments at which each kind of kill is tried; Ctrl-C at half as many."""
more_of_the_same = pytest.mark.skipif(
    MOMENTS < 10, reason="more of the same kind; PMF_MOMENTS=20 tries it too"
)
UNITS = ("childrens", "resources")
PAGE, SUM = "1_page", "5_sum"
DIRECTORATES = frozenset(f"{unit}/{PAGE}" for unit in UNITS)
ITEMS = DIRECTORATES | {f"council/{SUM}"}
SUMMED = """
from pmf_lib.store import manifest, places
run = manifest.read(places.run_folder(inputs) / "manifest.json")
ended = sorted(item.id + " " + item.outcome for item in run.stage("directorate"))
from pmf_lib import workbook
from pmf_lib.workbook.pages.shared import evidence
book = workbook.start("5_sum", vars())
book.record("page", evidence.page(book, "; ".join(ended)))
"""
"""A council page that says how each directorate ended, so that one made too early can be told."""


def tiny(home: Path, **env: str) -> Workspace:
    """A workspace with the tiny council in the sample's place."""
    own = make(home, TMPDIR=private_folder(), **env)
    _two_directorates(own.home / "parameters" / "councils" / "sample.yml")
    _few_records(own)
    remove_all(own.home / "notebooks")
    write(own.home / "notebooks", PAGE, "")
    council = {name: kind for name, kind in PARAMETERS.items() if name != "directorate"}
    given = {**council, "inputs": ("path", "")}
    write(own.home / "notebooks", SUM, "", end=SUMMED, stage="council", parameters=given)
    return own


def _two_directorates(path: Path) -> None:
    council = yaml.safe_load(path.read_text(encoding="utf-8"))
    council["directorates"] = [one for one in council["directorates"] if one["id"] in UNITS]
    council.pop("portfolios", None)
    path.write_text(yaml.safe_dump(council), encoding="utf-8")


def _few_records(own: Workspace) -> None:
    """Two measures a directorate, and of every other table what belongs to them."""
    kept: set[str] = set()

    def keep_two(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for unit in UNITS for row in [r for r in rows if r["directorate"] == unit][:2]]
        kept.update(row["measure_id"] for row in rows)

    def keep_theirs(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if row.get("measure_id") in kept]

    own.change("measures", keep_two)
    for path in sorted((own.home / "data" / "sample").glob("*.csv")):
        if path.stem != "measures":
            own.change(path.stem, keep_theirs)


@cache
def private_folder() -> str:
    """The temporary folder of this process's tiny councils: others may be at work beside them (its name is short: sockets)."""
    made = tempfile.mkdtemp(prefix="tiny-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@dataclass(frozen=True)
class Undisturbed:
    """A run that nobody disturbed: its workspace (copy it), every file of its view, and the seconds that it took."""

    workspace: Workspace
    view: dict[str, bytes]
    seconds: float


def undisturbed(home: Path) -> Undisturbed:
    """Run the tiny council once, in peace."""
    own = tiny(home)
    started = time.monotonic()
    done = own.pmf("run")
    assert done.code == 0, done.said
    return Undisturbed(own, view(own), time.monotonic() - started)


@dataclass
class Case:
    """One fault: what the ledger called done when it struck, and what came of it."""

    workspace: Workspace
    whole: Undisturbed
    kind: str = ""
    """Under which the case is counted in the table of faults."""
    before: set[str] = field(default_factory=set)

    def struck(self) -> Case:
        """Remember what was done, and see that nothing half-written looks whole."""
        assert self.workspace.still_running() == []
        self.before = done_items(self.workspace)
        tried(self.kind, false_n=len(self.false_successes()))
        assert not self.false_successes(), self.false_successes()
        return self

    def false_successes(self) -> list[str]:
        """What the view or the store calls whole and is not what an undisturbed run makes, to the byte."""
        shown, own = view(self.workspace), self.workspace
        halves = [
            name for name, content in shown.items() if not _is_honest(name, content, shown, self.whole.view)
        ]
        called = [
            item for item in self.before if _page(own, item) != self.whole.view[f"{_IN_VIEW}/{item}.html"]
        ]
        council = {f"council/{SUM}"} - (self.before if self.before >= DIRECTORATES else set())
        return [*halves, *(set(called) - council)]

    def mended(self, *arguments: str) -> Done:
        """The same command makes it whole, and keeps what was done."""
        again = self.workspace.pmf("run", *arguments)
        assert again.code == 0, again.said
        assert "Traceback" not in again.said
        kept = set(re.findall(r"kept  (\S+)", again.err))
        tried(self.kind, moments_n=1, lost_n=len(self.lost(kept)))
        assert not self.lost(kept), f"done, and done again: {self.lost(kept)}"
        differences = _differences(view(self.workspace), self.whole.view)
        assert not differences, differences
        self.holds()
        return again

    def lost(self, kept: set[str]) -> set[str]:
        """What was done and not kept; a council page that was made on an incomplete set has to be made again."""
        made_early = set() if kept >= DIRECTORATES else {f"council/{SUM}"}
        return self.before - kept - made_early

    def holds(self) -> None:
        """The store holds; nothing runs on; nothing unfinished lies about."""
        verified = self.workspace.here("verify", env=self.workspace.environment)
        assert verified.code == 0, verified.said
        assert self.workspace.still_running() == []
        assert self.workspace.half_written() == []
        assert stray() == []

    def broken(self) -> str:
        """What `pmf verify` says of a store that does not hold; nothing when it does."""
        verified = self.workspace.here("verify", env=self.workspace.environment)
        assert verified.code in (0, 7), verified.said
        assert "Traceback" not in verified.said
        return verified.err


TRIED: dict[str, dict[str, int]] = {}
"""Kind of fault → how often it was tried and mended, what was lost, what was called whole and was not."""


def tried(kind: str, **counts: int) -> None:
    """Count a fault in the table, which is printed when all is done (see `conftest.py`)."""
    row = TRIED.setdefault(kind, {"moments_n": 0, "lost_n": 0, "false_n": 0}) if kind else {}
    for name, count in counts.items():
        row[name] = row.get(name, 0) + count


_IN_VIEW = VIEW.removeprefix("outputs/")


def view(own: Workspace) -> dict[str, bytes]:
    """Every file of the view, by its name."""
    folder = own.home / "outputs"
    files = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return {name: path.read_bytes() for name, path in files.items() if not f"/{name}".count("/.")}


def done_items(own: Workspace) -> set[str]:
    """Items that the ledger last calls well ended; a council page that is older than a directorate's counts no more."""
    found: dict[str, str] = {}
    for line in ledger_lines(own):
        if line.get("kind") == "item":
            old = {} if line["item"] in DIRECTORATES else found
            found = {**{item: how for item, how in found.items() if item in DIRECTORATES}, **old}
            found[line["item"]] = line["outcome"]
    return {item for item, outcome in found.items() if outcome == "ok"}


def ledger_lines(own: Workspace) -> list[dict[str, Any]]:
    """Every line of the ledger that can be read."""
    path, found = own.store / "ledger.jsonl", []
    for line in path.read_text(encoding="utf-8").split("\n") if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _page(own: Workspace, item: str) -> bytes:
    recorded = next(own.store.glob(f"runs/*/items/{item}/page.html"), None)
    return recorded.read_bytes() if recorded else b""


def _is_honest(name: str, content: bytes, shown: dict[str, bytes], whole: dict[str, bytes]) -> bool:
    """Is it what an undisturbed run makes, or does it say that something is missing?"""
    if whole.get(name) == content or not name.startswith(_IN_VIEW):
        return True
    says = (b"could not be made", b'"outcome": "', b"Incomplete set", b" killed", b" failed")
    return name.endswith((".ipynb", "measures.csv", ".xlsx")) or any(words in content for words in says)


def _differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]


def stray() -> list[str]:
    """Private folders in the temporary folder whose command is no more."""
    found = Path(private_folder()).glob("pmf-*-*")
    ours = [path for path in found if path.name.split("-")[1].isdigit()]
    return [path.name for path in ours if not psutil.pid_exists(int(path.name.split("-")[1]))]
