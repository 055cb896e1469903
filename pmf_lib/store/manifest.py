"""The manifest of a run: which items were expected, and what became of each.

A council page reads directorates' results through it alone, so that it can say when one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pmf_lib.errors import StoreError
from pmf_lib.store.files import read_json, write_json

Outcome = Literal["waiting", "ok", "failed", "timed out", "out of memory", "killed", "not run"]
SCHEMA_VERSION = 1


class Item(BaseModel):
    """One notebook executed for one unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    notebook: str
    stage: Literal["directorate", "council", "annual"]
    title: str
    key: str
    """Hash of everything the item depends on; an item of the same key is not run again."""
    outcome: Outcome = "waiting"
    path: str = ""
    """Executed notebook, relative to the manifest."""
    sha256: str = ""
    page_sha256: str = ""
    """Hashes of the executed notebook and of its page."""
    headline: str = ""
    message: str = ""
    """What went wrong, in words."""

    @property
    def id(self) -> str:
        """Unit and notebook, as a person writes it."""
        return f"{self.unit}/{self.notebook}"


class Manifest(BaseModel):
    """A run: its content key, what it was asked, and its items in the order of the plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    run_id: str
    council: str
    framework: str
    quarter: str
    as_at: str
    edition: str
    exemption: str = ""
    """Paragraphs of Schedule 12A under which the exempt edition is closed to the public."""
    snapshot: str
    baseline: str = ""
    """Id of the issued run that the pages are compared with; empty where none was issued before."""
    issued: str = ""
    """Ids of the issued runs that the annual review reads, with a space between them; empty where there is none."""
    policy: str
    """Hash of framework, schemes, sources, decisions and the council's own file."""
    code: str
    items: tuple[Item, ...]

    @property
    def is_complete(self) -> bool:
        """Did every item end well?"""
        return all(item.outcome == "ok" for item in self.items)

    def stage(self, stage: str) -> tuple[Item, ...]:
        """Items of one stage."""
        return tuple(item for item in self.items if item.stage == stage)

    def with_item(self, done: Item) -> Manifest:
        """The same manifest with this item's outcome in it."""
        items = tuple(done if item.id == done.id else item for item in self.items)
        return self.model_copy(update={"items": items})


def write(path: Path, manifest: Manifest) -> None:
    """Write a manifest, atomically."""
    write_json(path, manifest.model_dump(mode="json"))


def read(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    StoreError
        It is not there, or not one of this version.
    """
    try:
        return Manifest.model_validate(read_json(path))
    except FileNotFoundError:
        raise StoreError(
            f"There is no manifest at '{path}'. Run `pmf run` first, or leave 'inputs' empty."
        ) from None
    except ValueError as error:
        raise StoreError(f"'{path}' is not a manifest of version {SCHEMA_VERSION}: {error}") from None


def newest_complete(runs: Path, wanted: dict[str, str], units: Iterable[str] = ()) -> Path | None:
    """The manifest last written whose parameters are `wanted` and whose directorate items all ended well.

    A run of some directorates alone is not complete: every one of `units` must be in it.
    """
    needed = set(units)
    found = [path for path in runs.glob("*/manifest.json") if _answers(path, wanted, needed)]
    return max(found, key=lambda path: (path.stat().st_mtime, path.parent.name), default=None)


def _answers(path: Path, wanted: dict[str, str], units: set[str]) -> bool:
    try:
        manifest = read(path)
    except StoreError:  # of another version: it answers nothing today
        return False
    same = all(getattr(manifest, name) == value for name, value in wanted.items())
    directorates = manifest.stage("directorate")
    covered = bool(directorates) and units <= {item.unit for item in directorates}
    return same and covered and all(item.outcome == "ok" for item in directorates)
