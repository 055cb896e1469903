"""What `pmf status --why` tells: which items the next run of a request would keep, and what has changed for the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from pmf_lib.errors import listed
from pmf_lib.runs import unchanged
from pmf_lib.runs.keys import TABLE
from pmf_lib.runs.plan import COUNCIL_UNIT, Plan, Request, plan
from pmf_lib.runs.unchanged import Asked
from pmf_lib.store.basis import Basis, CannotTellError, differing
from pmf_lib.store.manifest import Item

NONE_BEFORE, NOT_TOLD = "no earlier run", "the files of that run can't be looked at now"


@dataclass(frozen=True)
class Cause:
    """One thing that has changed, in words, and the files that it lies in."""

    what: str
    files: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Both as a line says them."""
        return self.what + (f": {listed(self.files)}" if self.files else "")


@dataclass(frozen=True)
class Told:
    """One item: the causes for which it would be made anew; none: it would be kept."""

    item: str
    causes: tuple[Cause, ...] = ()


def why(asked: Asked, request: Request) -> list[Told]:
    """Each item of the request, with what has changed since its last whole run."""
    last = unchanged.last(asked)
    if last and unchanged.still(last, asked):
        return [Told(item) for item in last.items]
    now = plan(request)
    found = list[Told]()
    for item in now.manifest.items:
        found.append(
            Told(item.id, tuple(_causes(item, now, last, asked, found)) if last else (Cause(NONE_BEFORE),))
        )
    return found


def text(found: Iterable[Told]) -> str:
    """A line an item, and a line a cause."""
    lines = []
    for one in found:
        lines.append(f"{'made anew' if one.causes else 'kept':>9}  {one.item}")
        lines += [f"{'':>11}{cause.words}" for cause in one.causes]
    return "\n".join(lines)


def as_json(found: Iterable[Told]) -> str:
    """The same as JSON, one object an item."""
    return json.dumps(
        [{"kept": not one.causes, **asdict(one)} for one in found], indent=2, ensure_ascii=False
    )


def _causes(item: Item, now: Plan, last: Basis, asked: Asked, done: list[Told]) -> Iterable[Cause]:
    """What has changed of that on which one item depends; else what of the item itself no longer holds."""
    before, parts = last.parts.get(item.id), now.parts[item.id]
    if before is None:
        return [Cause(NONE_BEFORE)]
    read, made = _changed(last, asked)
    changed = [name for name in differing(before, parts) if name != "items"]
    again = [one.item for one in done if one.causes and not one.item.startswith(f"{COUNCIL_UNIT}/")]
    below = (
        [Cause("items of directorates are made anew", tuple(again))]
        if item.unit == COUNCIL_UNIT and again
        else []
    )
    own = [
        name
        for name in made
        if name.endswith((f"/items/{item.id}/notebook.ipynb", f"/items/{item.id}/page.html"))
    ]
    spoilt = [Cause("what was made no longer holds", tuple(own))] if own else []
    return [*(_cause(name, item, read) for name in changed), *below, *spoilt]


def _changed(last: Basis, asked: Asked) -> tuple[list[str], list[str]]:
    """Files that the last run read and files that it left, where they are not what they were."""
    try:
        read, made = unchanged.changed(last, asked)
    except CannotTellError:
        return [NOT_TOLD], []
    return read, made


def _cause(part: str, item: Item, files: list[str]) -> Cause:
    """One part of an item's key in words, with the changed files that it may rest on."""
    table = part.removeprefix(TABLE)
    if table != part:
        whose = f" of {item.unit}" if table != "reads" else ", or what was read of it,"
        return Cause(f"{table}{whose} changed", _plain(_of_table(files, table)))
    what, belongs = _PARTS[part]
    return Cause(what, _plain(name for name in files if belongs(name, item)))


def _of_table(files: list[str], table: str) -> list[str]:
    """Files of records: those named like the table, else all of them."""
    records = [name for name in files if _is_record(name)]
    return [name for name in records if PurePosixPath(name).stem == table] or records


def _plain(files: Iterable[str]) -> tuple[str, ...]:
    """Files as a person finds them: under the workbook's root, or under the home that is named."""
    return tuple(sorted(name.removeprefix("root:").replace("package:", "pmf_lib/") for name in files))


def _is_notebook(name: str, item: Item) -> bool:
    return name in (f"root:notebooks/{item.notebook}.ipynb", f"root:notebooks/{item.notebook}.yml")


def _is_code(name: str) -> bool:
    return name.startswith(("package:", "root:notebooks/")) or name == "root:requirements.lock"


def _is_asked(name: str) -> bool:
    return name.startswith(("given:", "root:parameters/runs/", "store:issued/"))


def _is_policy(name: str) -> bool:
    return name.startswith("root:parameters/") and not _is_asked(name)


def _is_record(name: str) -> bool:
    return not (_is_code(name) or _is_asked(name) or _is_policy(name) or name == "root:GLOSSARY.md")


_PARTS: Mapping[str, tuple[str, Callable[[str, Item], bool]]] = {
    "notebook": ("its notebook changed", _is_notebook),
    "code": ("code changed", lambda name, _: _is_code(name)),
    "policy": ("policy changed", lambda name, _: _is_policy(name)),
    "request": ("what is asked changed", lambda name, _: _is_asked(name)),
    "records": ("records changed", lambda name, _: _is_record(name)),
}
"""Part of a key → what is said of it, and which changed files it may rest on."""
