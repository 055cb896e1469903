"""How much of a framework's text is held as clauses, and how much of that can be tested: counts for `pmf clauses --coverage`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.checks.common import counted
from pmf_lib.assurance.clauses import STANDINGS, standing
from pmf_lib.framework import Framework
from pmf_lib.framework.clauses import WrittenClause
from pmf_lib.framework.dispositions import KINDS, Disposition
from pmf_lib.framework.parts import Force


@dataclass(frozen=True)
class Coverage:
    """Counts of one framework's clauses; those by force, by way of checking and by standing each add up to `clauses_n`."""

    framework: str
    clauses_n: int
    by_force: dict[str, int]
    by_how: dict[str, int]
    by_standing: dict[str, int]
    tests_there_n: int
    """Distinct tests that its clauses name and that are there."""
    tests_awaited_n: int
    """Distinct tests that its clauses name and that are still to come."""
    requirements_n: int
    """Requirements of the first reading that have a disposition."""
    by_disposition: dict[str, int]
    """Of these, by disposition, without 'new'; they add up to `requirements_n`."""
    new_n: int
    """Clauses that no requirement had."""
    activities_n: int
    """Activities of the example timetable, which are no clauses."""


def coverage(framework: Framework, dispositions: Sequence[Disposition]) -> Coverage:
    """Counts over the framework's clauses and the dispositions of its first reading."""
    clauses = framework.clauses
    named = {clause.check for clause in clauses if clause.check}
    rows = [row for row in dispositions if row.requirement]
    return Coverage(
        framework=framework.id,
        clauses_n=len(clauses),
        by_force=_counts((clause.force for clause in clauses), get_args(Force)),
        by_how=_counts(
            (clause.how for clause in clauses), get_args(WrittenClause.model_fields["how"].annotation)
        ),
        by_standing=_counts(map(standing, clauses), STANDINGS),
        tests_there_n=len(named & set(TESTS)),
        tests_awaited_n=len(named - set(TESTS)),
        requirements_n=len(rows),
        by_disposition=_counts((row.disposition for row in rows), [kind for kind in KINDS if kind != "new"]),
        new_n=len({clause for row in dispositions if row.disposition == "new" for clause in row.clauses}),
        activities_n=len(framework.timetable),
    )


def unaccounted(dispositions: Iterable[Disposition], requirements: Iterable[str]) -> list[str]:
    """Ids of requirements without a disposition, and of dispositions without a requirement."""
    return sorted({row.requirement for row in dispositions if row.requirement} ^ set(requirements))


def as_json(found: Coverage) -> dict[str, Any]:
    """The counts as plain values."""
    return asdict(found)


def text(found: Coverage) -> str:
    """The counts as lines to read."""
    return "\n".join(
        [
            f"{found.framework}: {counted(found.clauses_n, 'clause')}",
            f"  by force: {_line(found.by_force)}",
            f"  by way of checking: {_line(found.by_how)}",
            f"  today: {_line({STANDINGS[code]: n for code, n in found.by_standing.items()})}",
            f"  distinct tests: {found.tests_there_n} there, {found.tests_awaited_n} still to come",
            f"  first reading: {counted(found.requirements_n, 'requirement')}, {_line(found.by_disposition)}; "
            f"{counted(found.new_n, 'clause')} {'is' if found.new_n == 1 else 'are'} new",
            f"  example timetable: {_activities(found.activities_n)}",
        ]
    )


def _activities(number: int) -> str:
    """So many activities.

    >>> _activities(1), _activities(14)
    ('1 activity', '14 activities')
    """
    return "1 activity" if number == 1 else f"{number} activities"


def _counts(values: Iterable[str], order: Iterable[str]) -> dict[str, int]:
    """How often each of these values stands, in their order."""
    counted = Counter(values)
    return {value: counted[value] for value in order}


def _line(counts: dict[str, int]) -> str:
    """The counts in a line.

    >>> _line({"duty": 3, "example": 0})
    'duty 3, example 0'
    """
    return ", ".join(f"{name} {count}" for name, count in counts.items())
