"""What `pmf clauses --coverage` tells: counts of a framework's clauses, and what became of each requirement of its first reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance import coverage
from pmf_lib.errors import PolicyError, listed
from pmf_lib.framework import dispositions, first_reading
from pmf_lib.framework.dispositions import FILE, Disposition


@dataclass(frozen=True)
class Account:
    """One framework's counts beside its first reading."""

    counts: coverage.Coverage
    dispositions: tuple[Disposition, ...]
    unaccounted: tuple[str, ...] | None
    """Requirements without a disposition, and dispositions without a requirement; None: the list itself is not at hand."""


def account(name: str) -> Account:
    """The counts of one framework; beside the list of requirements, where that is at hand."""
    found = frameworks.load(name)
    rows = dispositions.load(found)
    path = settings.requirements()
    missed = coverage.unaccounted(rows, first_reading.requirements(path, rows)) if path else None
    return Account(coverage.coverage(found, rows), rows, None if missed is None else tuple(missed))


def as_json(found: Account) -> dict[str, Any]:
    """The counts as plain values, with each requirement's disposition."""
    rows = [row.model_dump(mode="json") for row in found.dispositions if row.requirement]
    unaccounted = None if found.unaccounted is None else list(found.unaccounted)
    return coverage.as_json(found.counts) | {"unaccounted": unaccounted, "requirements": rows}


def text(found: Account) -> str:
    """The counts as lines to read."""
    return f"{coverage.text(found.counts)}\n  {_accounted(found)}"


def check(found: Account) -> None:
    """Every requirement of the first reading has a disposition.

    Raises
    ------
    PolicyError
        One has none, or a disposition is of no requirement.
    """
    if found.unaccounted:
        raise PolicyError(
            f"'{FILE}' of framework '{found.counts.framework}' and the first reading don't hold the same requirements: "
            f"{listed(found.unaccounted)}. Give each requirement one row."
        )


def _accounted(found: Account) -> str:
    count = found.counts.requirements_n
    if not count:
        return "no first reading is recorded"
    if found.unaccounted is None:
        return f"accounted for: {count} requirements by {FILE}; the list of the first reading is not at hand to compare"
    if found.unaccounted:
        return f"not accounted for: {listed(found.unaccounted)}"
    return f"accounted for: each of the {count} requirements of the first reading, once"
