"""Issued papers: each version of a quarter's papers as it went out, never written again.

    <store>/issued/<council>/<framework>/<quarter>/<edition>/vN/
        issue.json      who issued what, and the sha256 of every other file
        manifest.json   the run's manifest as it was
        items/<unit>/<notebook>/notebook.ipynb, page.html

What is issued is the paper that people have in hand and the baseline of the next one's "what changed".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pmf_lib.decisions import Check, Issue, Rating, Response
from pmf_lib.errors import StoreError, unknown
from pmf_lib.periods import parse_quarter
from pmf_lib.store import files, manifest, places
from pmf_lib.store.files import read_json
from pmf_lib.store.manifest import Manifest

FILE, MANIFEST, LEDGER_KIND = "issue.json", "manifest.json", "issued"
SCHEMA_VERSION = 1
READ_ONLY = 0o444


class Paper(BaseModel):
    """``issue.json``: one issued version, and what was decided about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    run_id: str
    council: str
    framework: str
    quarter: str
    as_at: str
    edition: str
    issue: Issue
    checks: tuple[Check, ...] = ()
    responses: tuple[Response, ...] = ()
    ratings: tuple[Rating, ...] = ()
    files: dict[str, str] = {}
    """Path in the version's folder → sha256."""

    @property
    def version(self) -> int:
        """1 for the first issue of this quarter's paper."""
        return self.issue.version

    @property
    def name(self) -> str:
        """The version as a sentence names it: 'version 1 of Quarter 1, April to June 2024'."""
        return f"version {self.version} of {parse_quarter(self.quarter).words}"

    @property
    def folder(self) -> Path:
        """Where it lies in the store."""
        versions = places.issued_versions(self.council, self.framework, self.quarter, self.edition)
        return versions / f"v{self.version}"


@dataclass(frozen=True)
class Broken:
    """One thing that does not hold: why (a key of `WORDS`), and the file under the store."""

    why: str
    file: str


WORDS: Mapping[str, str] = {
    "unreadable": "'{file}' is missing, cannot be read, or lies in another paper's place.",
    "missing": "'{file}' is missing from an issued paper.",
    "changed": "'{file}' is not as it was issued.",
    "added": "'{file}' was put into an issued paper afterwards.",
    "unknown": "'{file}': no line of the ledger says that it was issued, or the line says something else.",
    "lost": "'{file}': the ledger says that this paper was issued, and it is not there.",
}
"""Why → what is wrong."""
MEND = "Put it back from a copy of the store: an issued paper is not made again."
MENDS: Mapping[str, str] = {
    "unknown": "If its issue was interrupted, `pmf issue` of its run completes it. Otherwise somebody put it there.",
    "added": "Take it out: what was issued is what issue.json lists.",
}


def read(folder: Path) -> Paper:
    """The paper in a version's folder.

    Raises
    ------
    StoreError
        Its issue.json is missing or cannot be read, or says that it is another paper's.
    """
    try:
        paper = Paper.model_validate(read_json(folder / FILE))
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise StoreError(f"Issued paper '{_inside(folder)}' cannot be read: {said}. {MEND}") from None
    if paper.folder != folder:
        raise StoreError(f"Issued paper '{_inside(folder)}' says that it is {paper.name}. {MEND}")
    return paper


def versions(council: str, framework: str, quarter: str, edition: str) -> list[Paper]:
    """Every issued version of one paper, the oldest first."""
    return _papers(places.issued_versions(council, framework, quarter, edition))


def of_run(run_id: str) -> Paper | None:
    """The version in which this run was issued, if it was and can still be read."""
    return next((paper for paper in readable() if paper.run_id == run_id), None)


def readable() -> list[Paper]:
    """Every issued paper that can be read, by council, framework, edition and quarter, the oldest first."""
    found = [paper for folder in _folders(places.issued()) if (paper := _read(folder))]
    return sorted(found, key=lambda one: (one.council, one.framework, one.edition, *_age(one)))


def named(run_id: str) -> Paper:
    """The paper of this issued run.

    Raises
    ------
    StoreError
        No issued paper is of this run.
    """
    found = of_run(run_id)
    if found is None:
        issued = [paper.run_id for paper in readable()]
        raise StoreError(unknown("issued run", run_id, issued, "`pmf paper status` lists them."))
    return found


def before(
    than: Paper | None = None, /, *, council: str, framework: str, quarter: str, edition: str
) -> Paper | None:
    """What a run of this quarter is compared with: its newest issued version, else that of the last quarter issued.

    Only what is older `than` a paper counts, where one is given.
    """
    wanted = parse_quarter(quarter)
    found = [
        paper
        for place in sorted((places.issued() / council / framework).glob(f"*/{edition}/"))
        for paper in _papers(place)
        if parse_quarter(paper.quarter).start <= wanted.start and (than is None or _age(paper) < _age(than))
    ]
    return max(found, key=_age, default=None)


def write(paper: Paper, contents: Mapping[str, bytes]) -> Paper:
    """Put a version in its place, whole or not at all, and read-only; the paper with its files' hashes.

    Raises
    ------
    StoreError
        This version is there already.
    """
    folder = paper.folder
    whole = paper.model_copy(update={"files": {name: _sha(content) for name, content in contents.items()}})
    with files.locked(places.issued() / "issue"):
        files.sweep(folder.parent)
        if folder.exists():
            raise StoreError(f"There is a {paper.name}: what was issued is never written again.")
        with files.replaced_folder(folder) as beside:
            for name, content in contents.items():
                files.write_bytes(beside / name, content)
            files.write_json(beside / FILE, whole.model_dump(mode="json"))
            for path in _files(beside):
                path.chmod(READ_ONLY)
    return whole


def damaged() -> str:
    """What is wrong with the first issued paper that can't be read; '' when all can."""
    for folder in _folders(places.issued()):
        try:
            read(folder)
        except StoreError as error:
            return str(error)
    return ""


def newest(paper: Paper, papers: Iterable[Paper]) -> Paper | None:
    """The newest version of the same paper, where it is a later one."""
    same = ("council", "framework", "quarter", "edition")
    later = [
        other
        for other in papers
        if other.version > paper.version
        and all(getattr(other, name) == getattr(paper, name) for name in same)
    ]
    return max(later, key=lambda other: other.version, default=None)


def seal(paper: Paper) -> str:
    """Hash of issue.json, which holds the hash of every other file: what the ledger keeps of an issue."""
    return _sha((paper.folder / FILE).read_bytes())


def run_of(paper: Paper) -> Manifest:
    """The manifest of the run, as it was issued."""
    return manifest.read(paper.folder / MANIFEST)


def content(paper: Paper, name: str) -> bytes:
    """One file of the paper, once it holds.

    Raises
    ------
    StoreError
        It is missing, or not as it was issued.
    """
    path = paper.folder / name
    if not path.is_file() or _sha(path.read_bytes()) != paper.files.get(name):
        raise StoreError(f"{WORDS['changed'].format(file=_inside(path))} {MEND}")
    return path.read_bytes()


def verify(entries: Iterable[Mapping[str, Any]]) -> tuple[int, list[Broken]]:
    """How many papers were issued, and what of them does not hold against itself and these lines of the ledger."""
    lines = {_address(line): line for line in entries if line.get("kind") == LEDGER_KIND}
    there = {_address(paper): paper for paper in readable()}
    folders = _folders(places.issued())
    unreadable = set(folders) - {paper.folder for paper in there.values()}
    broken = [Broken("unreadable", _inside(folder / FILE)) for folder in sorted(unreadable)]
    broken += [fault for address in there for fault in _faults(there[address], lines.get(address))]
    gone = [_address_folder(address) for address in lines if address not in there]
    broken += [Broken("lost", _inside(folder)) for folder in gone if folder not in unreadable]
    return len({*folders, *gone}), broken


def _faults(paper: Paper, line: Mapping[str, Any] | None) -> Iterator[Broken]:
    there = {path.relative_to(paper.folder).as_posix(): path for path in _files(paper.folder)}
    for name, expected in paper.files.items():
        if name not in there:
            yield Broken("missing", _inside(paper.folder / name))
        elif _sha(there[name].read_bytes()) != expected:
            yield Broken("changed", _inside(there[name]))
    yield from (Broken("added", _inside(there[name])) for name in sorted({*there} - {*paper.files, FILE}))
    if line is None or line.get("issue_sha256") != seal(paper):
        yield Broken("unknown", _inside(paper.folder / FILE))


def _papers(place: Path) -> list[Paper]:
    return sorted((read(folder) for folder in _folders_in(place)), key=_age)


def _read(folder: Path) -> Paper | None:
    try:
        return read(folder)
    except StoreError:
        return None


def _folders(home: Path) -> list[Path]:
    return [folder for place in sorted(home.glob("*/*/*/*/")) for folder in _folders_in(place)]


def _folders_in(place: Path) -> list[Path]:
    return sorted(path for path in place.glob("v*/") if re.fullmatch(r"v[1-9]\d*", path.name))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _address(of: Paper | Mapping[str, Any]) -> tuple[Any, ...]:
    """What names a paper: council, framework, quarter, edition, version."""
    names = ("council", "framework", "quarter", "edition", "version")
    return tuple(of.get(name) if isinstance(of, Mapping) else getattr(of, name) for name in names)


def _address_folder(address: tuple[Any, ...]) -> Path:
    council, framework, quarter, edition, version = address
    return places.issued_versions(council, framework, quarter, edition) / f"v{version}"


def _age(paper: Paper) -> tuple[str, int]:
    """Later quarters come after earlier ones, later versions after earlier ones."""
    return parse_quarter(paper.quarter).start.isoformat(), paper.version


def _inside(path: Path) -> str:
    """The path under the store."""
    return path.relative_to(places.issued().parent).as_posix()


def _sha(content: bytes) -> str:
    return sha256(content).hexdigest()
