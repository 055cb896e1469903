"""Crosswalks: what of one framework, or edition, stands in another, ``parameters/crosswalks/<old>_<new>.yml``.

One row a pair, or a thing that only one of the two has. A crosswalk is whole: every node that measures may link to and every
group of clauses of either framework stands in it, so that nothing is gained or lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from pmf_lib import policy, settings
from pmf_lib.errors import LISTED_AT_MOST, PolicyError, near_miss
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.framework.load import ids, load
from pmf_lib.framework.model import Framework
from pmf_lib.framework.parts import Text

Kind = Literal["node", "group", "clause"]
Relation = Literal["kept", "changed", "lost", "gained"]
SIDES = ("old", "new")


class Row(policy.Policy):
    """One pair of things, or a thing that only one of the frameworks has."""

    kind: Kind
    old: str = ""
    """Id of the node, group or clause in the older framework; empty: it was gained."""
    new: str = ""
    """Id in the newer one; empty: it was lost."""
    relation: Relation
    note: str = ""


class CrosswalkFile(policy.Policy):
    """``parameters/crosswalks/<old>_<new>.yml``."""

    version: int
    dated: date
    source: Text
    old: Text
    new: Text
    rows: tuple[Row, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Crosswalk:
    """A crosswalk with both its frameworks, checked."""

    written: CrosswalkFile
    old: Framework
    new: Framework

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, in the file's order."""
        return self.written.rows


def of(framework_id: str) -> tuple[Crosswalk, ...]:
    """The crosswalks that lead to or from this framework, those that lead to it first.

    >>> [(one.old.id, one.new.id) for one in of("wpf-2009")]
    [('wpf-2009', 'pmf-2022-25')]

    Raises
    ------
    PolicyError
        One of the files is not in order.
    """
    named = [path for path in paths() if framework_id in path.stem.split("_")]
    found = [read(path) for path in named]
    return tuple(sorted(found, key=lambda one: one.new.id != framework_id))


def paths() -> list[Path]:
    """The files of all crosswalks."""
    return sorted((settings.root() / "parameters" / "crosswalks").glob("*.yml"))


def read(path: Path) -> Crosswalk:
    """The crosswalk in this file, checked against both frameworks.

    Raises
    ------
    PolicyError
        The file's name is not that of its frameworks, a row names what a framework doesn't have, says two things at once or
        is written twice, or something of a framework stands in no row. All faults are told, at most ten.
    """
    written = policy.load(path, CrosswalkFile)
    for side in SIDES:
        _refuse_unknown(path, side, getattr(written, side))
    found = Crosswalk(written, load(written.old), load(written.new))
    faults = list(_faults(found, path))
    if faults:
        more = len(faults) - LISTED_AT_MOST
        shown = faults[:LISTED_AT_MOST] + ([f"and {more} more"] if more > 0 else [])
        raise PolicyError(f"'{path.name}' in '{path.parent}':\n  " + "\n  ".join(shown))
    return found


def known(framework: Framework, kind: Kind) -> list[str]:
    """Ids of everything of this kind in a framework, in its order."""
    if kind == "node":
        return [node.id for node in framework.nodes]
    groups = {clause.group for clause in framework.clauses}
    return (
        [group for group in GROUPS if group in groups]
        if kind == "group"
        else [one.id for one in framework.clauses]
    )


def _refuse_unknown(path: Path, side: str, name: str) -> None:
    if name not in ids():
        raise PolicyError(
            f"'{path.name}' in '{path.parent}': '{side}' names '{name}', which is no framework."
            f"{near_miss(name, ids())} Frameworks are the folders of parameters/frameworks."
        )


def _faults(found: Crosswalk, path: Path) -> Iterator[str]:
    wanted = f"{found.old.id}_{found.new.id}"
    if path.stem != wanted:
        yield f"it is of '{found.old.id}' and '{found.new.id}': call the file '{wanted}.yml'."
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(found.rows, start=1):
        same = (row.kind, row.old, row.new)
        said = [*_unknown(found, row), *_ends(row), *(["it is written twice."] if same in seen else [])]
        seen.add(same)
        yield from (f"row {number}: {fault}" for fault in said)
    yield from _left_out(found)


def _unknown(found: Crosswalk, row: Row) -> Iterator[str]:
    for side in SIDES:
        framework, named = getattr(found, side), getattr(row, side)
        there = known(framework, row.kind)
        if named and named not in there:
            yield f"'{named}' is no {row.kind} of '{framework.id}'.{near_miss(named, there)}"


def _ends(row: Row) -> Iterator[str]:
    """What was lost has no new end, what was gained no old one, and what stands in both has two."""
    wanted = {"lost": (True, False), "gained": (False, True)}.get(row.relation, (True, True))
    if (bool(row.old), bool(row.new)) != wanted:
        ends = {"lost": "'old' alone", "gained": "'new' alone"}.get(row.relation, "both 'old' and 'new'")
        yield f"it says '{row.relation}', which names {ends}."


def _left_out(found: Crosswalk) -> Iterator[str]:
    """What stands in no row: nodes that measures may link to (of levels that the document fills), and groups."""
    for side in SIDES:
        framework = getattr(found, side)
        named = {(row.kind, getattr(row, side)) for row in found.rows}
        nodes = [("node", node.id) for node in framework.linkable]
        groups = [("group", group) for group in known(framework, "group")]
        for kind, name in [*nodes, *groups]:
            if (kind, name) not in named:
                yield f"{kind} '{name}' of '{framework.id}' stands in no row. Say where it went or came from."
