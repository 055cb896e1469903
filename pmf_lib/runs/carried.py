"""Items carried over from an earlier run: what would be made anew of the same notebook, rules and rows is there already.

A directorate's item of the same key (`pmf_lib.runs.keys`) says the same in both runs but for three things: the id of its
snapshot among the notebook's parameters, the run's id, and the footer's list of what was read of every file, also of
other directorates'. These are put in their places; of a notebook or page that has another shape than expected nothing
is carried over, and it is made anew.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmf_lib.reports import chrome
from pmf_lib.runs.item import NOTEBOOK, PAGE, RESULT
from pmf_lib.runs.plan import Order
from pmf_lib.store import files, places
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest

LOG, FOOTED = "log.txt", "data_used"
SNAPSHOT = re.compile(r'^snapshot = "([0-9a-f]{16})"$')
"""The line of the notebook's parameters that names its snapshot."""
Rows = list[dict[str, Any]]


class OtherShapeError(Exception):
    """A notebook or a page is not of the shape that is known, so nothing of it is put in place."""


@dataclass(frozen=True)
class Earlier:
    """Where an item of a key last ended well: the ledger's line, and the folder in which it lies."""

    line: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """The run that it is of."""
        return str(self.line["run_id"])

    @property
    def notebook(self) -> Path:
        """Its executed notebook."""
        return places.run_folder(self.run_id) / str(self.line["path"])

    @property
    def page(self) -> Path:
        """Its page."""
        return self.notebook.with_name(PAGE)

    @property
    def holds(self) -> bool:
        """Are both still there, unaltered?"""
        kept = ((self.notebook, "sha256"), (self.page, "page_sha256"))
        return all(file.is_file() and content_hash(file) == self.line[name] for file, name in kept)


def earlier(lines: Iterable[Mapping[str, Any]], run_id: str) -> dict[str, Earlier]:
    """Key → where an item of it last ended well in another run than this one, as the ledger has it."""
    ended = (line for line in lines if line.get("kind") == "item" and line["run_id"] != run_id)
    return {line["key"]: Earlier(line) for line in ended if line.get("key") and line["outcome"] == "ok"}


def carried(order: Order, run: Manifest, found: Earlier, read: Rows) -> Item | None:
    """The item as it ended, its folder put in place for this run; None where it has to be made anew.

    `read` is what the footer lists: what was read of each file in this run.
    """
    if not found.holds:
        return None
    try:
        notebook, page = _for_run(found, run, read)
    except OtherShapeError:
        return None
    final = places.item_folder(run.run_id, order.item.unit, order.item.notebook)
    beside = files.folder_beside(final)
    try:
        files.write_text(beside / NOTEBOOK, notebook)
        files.write_text(beside / PAGE, page)
        for name in (RESULT, LOG):
            shutil.copyfile(found.notebook.with_name(name), beside / name)
        files.put(beside, final)
    except FileNotFoundError:
        return None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return _ended(order.item, run, final, str(found.line["headline"]))


def _ended(item: Item, run: Manifest, final: Path, headline: str) -> Item:
    notebook = final / NOTEBOOK
    ended = {
        "outcome": "ok",
        "headline": headline,
        "path": notebook.relative_to(places.run_folder(run.run_id)).as_posix(),
        "sha256": content_hash(notebook),
        "page_sha256": content_hash(final / PAGE),
    }
    return item.model_copy(update=ended)


def _for_run(found: Earlier, run: Manifest, read: Rows) -> tuple[str, str]:
    """Notebook and page as this run would make them."""
    text, page = (path.read_text(encoding="utf-8") for path in (found.notebook, found.page))
    held = json.loads(text)
    if _written(held) != text:
        raise OtherShapeError(found.notebook)
    before, old = held["metadata"]["pmf"]["page"][FOOTED], _snapshot(held)
    now = _written(_footed(held, before, read))
    now = _instead(now, f'snapshot = \\"{old}\\"', f'snapshot = \\"{run.snapshot}\\"')
    page = _instead(page, chrome.data_used(before).__html__(), chrome.data_used(read).__html__())
    now, page = (_instead(text, found.run_id, run.run_id) for text in (now, page))
    if old != run.snapshot and old in now + page:
        raise OtherShapeError(found.notebook)
    return now, page


def _snapshot(held: Mapping[str, Any]) -> str:
    """Id of the snapshot among the parameters that were filled in."""
    cells = [cell for cell in held["cells"] if "injected-parameters" in cell["metadata"].get("tags", ())]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    named = [match[1] for line in lines if (match := SNAPSHOT.match(line))]
    if len(named) != 1:
        raise OtherShapeError("no snapshot among the parameters")
    return named[0]


def _footed(held: Any, before: Rows, now: Rows) -> Any:
    """The same values with another list of what was read."""
    if isinstance(held, list):
        return [_footed(one, before, now) for one in held]
    if isinstance(held, dict):
        return {
            name: now if name == FOOTED and one == before else _footed(one, before, now)
            for name, one in held.items()
        }
    return held


def _instead(text: str, old: str, new: str) -> str:
    """The text with something else in the one place where something is."""
    if text.count(old) != 1:
        raise OtherShapeError(old)
    return text.replace(old, new)


def _written(held: Any) -> str:
    """A notebook's values as notebooks are written."""
    return json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True)
