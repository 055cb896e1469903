"""What became of the first reading of a framework's document: ``dispositions.csv``, one row a requirement or a new clause.

The first reading listed requirements one by one, with faults. Each has a disposition here, so that nothing is lost
without a word and every clause says where it came from.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import ValidationError

from pmf_lib.errors import LISTED_AT_MOST, PolicyError, near_miss, quoted
from pmf_lib.framework.load import home
from pmf_lib.framework.model import Framework
from pmf_lib.framework.parts import Text
from pmf_lib.policy import Policy

FILE = "dispositions.csv"
Kind = Literal["kept", "merged", "mended", "dropped as invented", "new"]
KINDS: tuple[str, ...] = get_args(Kind)
HEADS = ("requirement", "disposition", "clauses", "activities", "reason")


class Disposition(Policy):
    """What became of one requirement, or (kind `new`) a clause that no requirement had."""

    requirement: str
    """Id of the row of the first reading; empty for a new clause."""
    disposition: Kind
    clauses: tuple[str, ...]
    activities: tuple[str, ...]
    """Activities of the example timetable that the row became."""
    reason: Text


def load(framework: Framework) -> tuple[Disposition, ...]:
    """The dispositions of this framework, checked against its clauses; none where there is no such file.

    Raises
    ------
    PolicyError
        A column, disposition, clause or activity is unknown, a row says nothing or is written twice, or a clause comes
        from nowhere. All faults are told, at most ten.
    """
    path = home(framework.id) / FILE
    if not path.exists():
        return ()
    rows = read(path)
    found = list(faults(rows, framework))
    if found:
        more = len(found) - LISTED_AT_MOST
        shown = found[:LISTED_AT_MOST] + ([f"and {more} more"] if more > 0 else [])
        raise PolicyError(f"'{FILE}' of framework '{framework.id}':\n  " + "\n  ".join(shown))
    return tuple(rows)


def read(path: Path) -> list[Disposition]:
    """The rows as written; several clauses or activities stand with a semicolon between them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PolicyError(
            f"'{path.name}' is not a CSV file in UTF-8 ({error}). Save it as 'CSV UTF-8'."
        ) from None
    if not rows or tuple(rows[0]) != HEADS:
        got = quoted(", ".join(rows[0]) if rows else "")
        raise PolicyError(f"'{path.name}': got the columns '{got}', expected '{', '.join(HEADS)}'.")
    return [_row(cells, number, path) for number, cells in enumerate(rows[1:], start=2)]


def faults(rows: Sequence[Disposition], framework: Framework) -> Iterator[str]:
    """Every fault as a sentence with its row of the file."""
    clauses = {clause.id for clause in framework.clauses}
    activities = {activity.id for activity in framework.timetable}
    for number, row in enumerate(rows, start=2):
        yield from (f"row {number}: {said}" for said in _faults(row, clauses, activities))
    for again, times in Counter(row.requirement for row in rows if row.requirement).items():
        if times > 1:
            yield f"requirement '{again}' is disposed of {times} times. Keep one row."
    named = {clause for row in rows for clause in row.clauses}
    for orphan in sorted(clauses - named):
        yield f"clause '{orphan}' comes from no row. Name it in the row of its requirement, or add a row 'new'."


def _faults(row: Disposition, clauses: set[str], activities: set[str]) -> Iterator[str]:
    for what, named, known in (("clause", row.clauses, clauses), ("activity", row.activities, activities)):
        for one in named:
            if one not in known:
                yield f"'{one}' is no {what} of the framework.{near_miss(one, sorted(known))}"
    leads = bool(row.clauses or row.activities)
    if row.disposition == "dropped as invented" and leads:
        yield "dropped, and yet it names a clause. Say 'mended' if part of it was kept."
    if row.disposition != "dropped as invented" and not leads:
        yield f"{row.disposition}, and yet it names no clause. Name the clause, or say 'dropped as invented'."
    if (row.disposition == "new") == bool(row.requirement):
        yield "a row 'new' has no requirement, and every other row has one."


def _row(cells: list[str], number: int, path: Path) -> Disposition:
    if len(cells) != len(HEADS):
        raise PolicyError(
            f"'{path.name}', row {number}: got {len(cells)} cells, expected {len(HEADS)}. Put a text that holds commas in "
            "quotation marks."
        )
    requirement, disposition, clauses, activities, reason = (cell.strip() for cell in cells)
    try:
        return Disposition(
            requirement=requirement,
            disposition=disposition,
            clauses=_several(clauses),
            activities=_several(activities),
            reason=reason,
        )
    except ValidationError:
        if reason:
            said = f"got the disposition '{quoted(disposition)}', expected one of: {', '.join(KINDS)}."
            raise PolicyError(f"'{path.name}', row {number}: {said}{near_miss(disposition, KINDS)}") from None
        raise PolicyError(
            f"'{path.name}', row {number}: no reason is given. Say in a few words why."
        ) from None


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
