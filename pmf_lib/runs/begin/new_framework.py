"""Begin a framework of one's own: from the commented template, or from one that is here."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.errors import ParameterError, unknown
from pmf_lib.framework import placeholders
from pmf_lib.runs.begin.new import refuse_bad_id, refuse_existing
from pmf_lib.store.files import folder_beside, write_text

TEMPLATE = Path(frameworks.__file__).parent / "template"
HEAD = "framework.yml"
KEYS, KEYS_FILE = "# KEYS\n", "clauses/keys.txt"
"""A line of the template's files of clauses, and the file that stands in its place: what each key of a clause means."""


@dataclass(frozen=True)
class Begun:
    """The folder of a new framework, and what to do next."""

    folder: Path
    words: str
    """What was written, in a sentence."""
    steps: tuple[str, ...]


def begin(framework_id: str, title: str = "", after: str = "") -> Begun:
    """Write ``parameters/frameworks/<id>/`` whole, or nothing of it: from the template, or `after` a framework that is here.

    Raises
    ------
    ParameterError
        The id is not one or is taken, the title is none, or there is no framework to begin from.
    PolicyError
        The framework to begin from does not hold together.
    """
    refuse_bad_id("framework", framework_id, "northborough-2025")
    _refuse_bad_title(title)
    if after and after not in frameworks.ids():
        raise ParameterError(unknown("framework", after, frameworks.ids(), "List: `pmf framework list`."))
    home = settings.root() / "parameters" / "frameworks"
    refuse_existing([home / framework_id])
    with _whole(home / framework_id) as folder:
        _copy(home / after if after else TEMPLATE, folder)
        _name(folder / HEAD, framework_id, title)
    return _begun(home / framework_id, after)


@contextmanager
def _whole(place: Path) -> Iterator[Path]:
    """A folder out of sight to be filled, which is put in its place once what it holds can be read as a framework."""
    beside = folder_beside(place)
    try:
        folder = beside / place.name
        yield folder
        frameworks.read(folder)
        folder.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy(source: Path, folder: Path) -> None:
    """The files of a framework; an earlier reading of another document is not this one's."""
    keys = (TEMPLATE / KEYS_FILE).read_text(encoding="utf-8")
    for path in sorted(source.rglob("*.yml")):
        text = path.read_text(encoding="utf-8").replace(KEYS, keys)
        write_text(folder / path.relative_to(source), text)


def _name(head: Path, framework_id: str, title: str) -> None:
    """Its own id, and its own title where one is given, in place of those that came with the file."""
    text = _replaced(head.read_text(encoding="utf-8"), "id", json.dumps(framework_id))
    write_text(head, _replaced(text, "title", json.dumps(title, ensure_ascii=False)) if title else text)


def _replaced(text: str, key: str, value: str) -> str:
    r"""The file's text with a key's value, on however many lines, replaced.

    >>> _replaced("id: a\ntitle: >-\n  One\n  two\nstatus: b\n", "title", "Three")
    'id: a\ntitle: Three\nstatus: b\n'
    """
    whole = re.compile(rf"^{key}:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
    put: Callable[[re.Match[str]], str] = lambda found: f"{key}: {value}\n"
    return whole.sub(put, text, count=1)


def _refuse_bad_title(title: str) -> None:
    if title and (not title.isprintable() or not title.strip()):
        raise ParameterError(f"--title got {title!r}, expected the document's title on one line.")


def _begun(folder: Path, after: str) -> Begun:
    name = folder.name
    count = len(list(folder.rglob("*.yml")))
    words = sum(placeholders.left(frameworks.load(name)).values())
    what = (
        f"with the words of '{after}', which bear no mark"
        if after
        else f"with {words} texts marked '{placeholders.MARK}'"
    )
    steps = (
        "Put your own document's words in their place, framework.yml and thread.yml first: docs/own-framework.md.",
        f"pmf framework show {name}: reads it, names what does not fit together, and counts what is left of the template.",
        f"pmf run --framework {name}: the sample council's pages under it, once data/sample/links.csv leads measures to it.",
    )
    return Begun(folder, f"{count} files {what}.", steps)
