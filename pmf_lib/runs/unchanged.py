"""The early decision: has nothing changed since the last whole run of the same request? Then nothing is loaded, or done.

Everything that the run read is held against what it was, and everything that it left: parameters, code, notebooks and
lock, the records' files, the issued papers, the run's manifest, notebooks and pages, its snapshot, the site, the ledger.
Wherever that can't be told (records in a database, a file that can't be read), the answer is no, and the run is planned.

A run of which nothing had to be done leaves no line in the ledger.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmf_lib import settings
from pmf_lib.errors import SettingsError
from pmf_lib.store import basis, files, ledger
from pmf_lib.store.basis import Basis, CannotTellError, Files

if TYPE_CHECKING:
    from pmf_lib.council import Council
    from pmf_lib.runs.plan import Plan
    from pmf_lib.runs.site.publish import Published

DEFAULT_RUN = "parameters/runs/sample.yml"
CHANGES = ("council", "framework", "quarter", "as_at", "edition", "exemption", "baseline", "issued")
"""What a command line may ask for otherwise than its run's file."""
OTHERWISE = ("directorates", "only_plan", "again")
"""Options by which a command asks for something else than a whole run and its site, or some of its items."""
POLICY = ("root:parameters/**",)
CODE = ("package:**", "root:notebooks/*.yml", "root:notebooks/*.ipynb", "root:requirements.lock")
SITE = ("root:GLOSSARY.md",)
ISSUED = ("store:issued/*/*/*/*/v*/issue.json", "store:issued/*/*/*/*/v*/manifest.json")
VIEWS = "root:outputs/*/*/*/*"
OWN_ENDS = ("item", "started", "run")
"""Kinds of lines by which the ledger says that something was done in a run."""


@dataclass(frozen=True)
class Asked:
    """A whole run as it is asked for, before anything of it is read."""

    run_file: Path
    changes: Mapping[str, str]
    homes: basis.Homes

    @property
    def digest(self) -> str:
        """The same request, on the same settings, has the same digest."""
        root = self.homes["root"]
        inside = self.run_file.is_relative_to(root)
        file = self.run_file.relative_to(root).as_posix() if inside else self.run_file.as_posix()
        published = os.environ.get("PMF_PUBLISHED", "")
        return basis.digest([basis.SCHEMA_VERSION, sys.version, file, dict(self.changes), published])

    @property
    def place(self) -> Path:
        """Where the basis of its last whole run lies."""
        return basis.path(self.homes["store"], self.digest)


@dataclass(frozen=True)
class Before:
    """What there was to read before a run was planned; a run is made from it if it is there still when the run has ended."""

    asked: Asked
    places: tuple[str, ...]
    inputs: Files


def asked(options: Mapping[str, Any]) -> Asked | None:
    """The whole run that a command's options ask for, or some items of; None where they ask for something else."""
    if any(options.get(name) for name in OTHERWISE):
        return None
    try:
        root, store = settings.root(), settings.store()
    except SettingsError:  # whoever plans the run says so
        return None
    run_file = Path(options.get("run_file") or root / DEFAULT_RUN).absolute()
    homes = {"root": root, "store": store, "package": Path(__file__).parents[1], "given": run_file.parent}
    if published := os.environ.get("PMF_PUBLISHED"):
        homes["published"] = Path(published).expanduser().resolve()
    return Asked(run_file, {name: options[name] for name in CHANGES if options.get(name)}, homes)


def last(asked: Asked) -> Basis | None:
    """What the last whole run of this request was made from and left; None where there was none."""
    return basis.load(asked.place)


def wanted(found: Basis, items: Sequence[str]) -> tuple[str, ...]:
    """The items of a run that are asked for, in its order: all where none is named, none where one is not of that run."""
    if not set(items) <= set(found.items):
        return ()
    return tuple(item for item in found.items if item in items or not items)


def still(found: Basis, asked: Asked) -> bool:
    """Does all that the run read and left hold, and has nothing been done in it since?"""
    try:
        same = basis.looked_at((*found.read, *found.left), asked.homes) == {**found.inputs, **found.made}
    except CannotTellError:
        return False
    return same and _ledger_holds(found, asked)


def _ledger_holds(found: Basis, asked: Asked) -> bool:
    lines = ledger.since(asked.homes["store"] / "ledger.jsonl", ledger.Mark(**found.ledger))
    return lines is not None and not any(
        line.get("run_id") == found.run_id and line.get("kind") in OWN_ENDS for line in lines
    )


def manifest_file(found: Basis, asked: Asked) -> Path:
    """The run's manifest."""
    return asked.homes["store"] / "runs" / found.run_id / "manifest.json"


def site(found: Basis, asked: Asked) -> Path:
    """The index that people open."""
    home, _, inside = found.site.partition(":")
    return asked.homes[home] / inside


def before(asked: Asked | None, council: Council) -> Before | None:
    """Look at all that a run will read; None where it can't be known later whether that has changed."""
    places = _read(asked, council) if asked else None
    if asked is None or places is None:
        return None
    try:
        return Before(asked, places, basis.looked_at(places, asked.homes))
    except CannotTellError:
        return None


def keep(then: Before | None, plan: Plan, published: Published) -> None:
    """Keep what a run was made from and what it left, once it has ended well and is published; and only if what it read
    is what was there before it was planned.
    """
    if then is None:
        return
    made = _basis(then, plan, published)
    try:
        inputs = basis.looked_at(made.read, then.asked.homes)
        left = basis.looked_at(made.left, then.asked.homes)
    except CannotTellError:
        return
    if inputs == then.inputs and made.ledger:
        whole = replace(made, inputs=inputs, made=left)
        with suppress(
            OSError
        ):  # a full disk, say: the run has ended well, and the next one is planned in full
            files.write_json(then.asked.place, basis.as_json(whole))


def _basis(then: Before, plan: Plan, published: Published) -> Basis:
    run, mark = plan.manifest, ledger.mark(then.asked.homes["store"] / "ledger.jsonl")
    return Basis(
        run_id=run.run_id,
        site=_named(published.index, then.asked),
        note=published.note,
        items=tuple(item.id for item in run.items),
        read=then.places,
        left=_left(run.run_id, run.snapshot, published, then.asked),
        inputs={},
        made={},
        ledger=asdict(mark) if mark else {},
        parts=plan.parts,
    )


def _read(asked: Asked, council: Council) -> tuple[str, ...] | None:
    """Every place that a run of this council reads; None where one lies outside of files."""
    told = council.records
    if told.databases or told.locations or (told.sources and "published" not in asked.homes):
        return None
    return (
        *(*POLICY, *CODE, *SITE, *ISSUED, f"given:{asked.run_file.name}"),
        *(f"root:{folder}/*" for folder in told.folders),
        *([f"root:{council.returns.folder}/**"] if council.returns else []),
        *(["published:**"] if told.sources else []),
    )


def _left(run_id: str, snapshot: str, published: Published, asked: Asked) -> tuple[str, ...]:
    """Every place in which a run and its site lie."""
    run = f"store:runs/{run_id}"
    items = [f"{run}/items/*/*/{name}" for name in ("notebook.ipynb", "page.html")]
    site = [f"{_named(path, asked)}/**" for path in published.folders]
    pages = ["root:outputs/index.html", "root:outputs/glossary.html"]
    return (
        *(f"{run}/manifest.json", *items, f"store:snapshots/{snapshot}/*"),
        *(*site, *pages, f"{VIEWS}/manifest.json", f"{VIEWS}/paper.json"),
    )


def _named(path: Path, asked: Asked) -> str:
    return f"root:{path.relative_to(asked.homes['root']).as_posix()}"


def changed(found: Basis, asked: Asked) -> tuple[list[str], list[str]]:
    """Files that the run read, and files that it left, that are not what they were, by name.

    Raises
    ------
    CannotTellError
        That can't be told.
    """
    read = basis.differing(found.inputs, basis.looked_at(found.read, asked.homes))
    return read, basis.differing(found.made, basis.looked_at(found.left, asked.homes))
