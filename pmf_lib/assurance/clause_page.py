"""The page that lists every clause, ``docs/clauses.md``, written from the frameworks' files, so that it can't lag behind."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence

from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.clauses import STANDINGS, ClauseScheme, standing
from pmf_lib.assurance.coverage import Coverage, coverage
from pmf_lib.framework import Framework
from pmf_lib.framework.clauses import CHECKED, GROUPS, Clause
from pmf_lib.framework.dispositions import Disposition

_INTRODUCTION = """# Clauses: what each framework asks, and how it is checked

This page is written from `parameters/frameworks/<id>/clauses/`; change those files, not this page. What their keys mean is
said in [frameworks](frameworks.md). Each clause is worded by this workbook and says what would be seen if it were so; the section says
where the document speaks of it. *Who* is filled only where the text names somebody.

## How strongly the text speaks

| force | the text says | can end as |
|---|---|---|
| duty | must, will, is responsible for, is required; or it lists a responsibility or describes a process as in place | met, partly met, not met |
| minimum | as a minimum, at least | met, partly met, not met |
| good practice | should, it is important or recommended that, the most successful do | observation |
| example | for example, examples of, indicative | observation |
| context | may, can, helps to, enables; outcomes promised of good management; history | observation |

A force is read from the text's own verb. Where the text gives no number (how often, how soon, what share), the number among a clause's
parameters is this workbook's reading, and a council may set its own. A clause of the *outcome* side tells of what the arrangements
are to bring about; all others are of the *enabler* side.

## How a clause is checked

| answer | means |
|---|---|
| test | a test over the records answers it |
| in part | a test sees a part of it, and the rest only a person can tell |
| to come | the test is specified below and is not there yet; the clause is counted, and never taken for a pass |
| a person | no record can show it: somebody attests it |
| information | nothing is asked; it is kept so that nothing of the document is lost |
"""


def markdown(frameworks: Sequence[tuple[Framework, Sequence[Disposition]]], scheme: ClauseScheme) -> str:
    """The whole of ``docs/clauses.md``, from each framework with its dispositions."""
    found = [coverage(framework, rows) for framework, rows in frameworks]
    parts = [_INTRODUCTION, _counts(found)]
    parts += [_framework(framework) for framework, _ in frameworks]
    parts += [_tests([framework for framework, _ in frameworks], scheme)]
    return "\n".join(parts)


def _counts(found: Sequence[Coverage]) -> str:
    """Both frameworks side by side."""
    lines: list[list[str]] = [
        ["clauses", *(str(one.clauses_n) for one in found)],
        *_rows("", [one.by_force for one in found]),
        *_rows("", [{STANDINGS[code]: n for code, n in one.by_standing.items()} for one in found]),
        ["distinct tests there", *(str(one.tests_there_n) for one in found)],
        ["distinct tests to come", *(str(one.tests_awaited_n) for one in found)],
        [
            "activities of the example timetable, which are no clauses",
            *(str(one.activities_n) for one in found),
        ],
        ["requirements of the first reading", *(str(one.requirements_n) for one in found)],
        *_rows("requirements ", [one.by_disposition for one in found]),
        ["clauses that the first reading had not", *(str(one.new_n) for one in found)],
    ]
    head = ["what", *(f"`{one.framework}`" for one in found)]
    what_became = "What became of each requirement is in `dispositions.csv` of the framework's folder.\n"
    return f"## In numbers\n\n{_grid(head, lines)}\n{what_became}"


def _rows(prefix: str, counts: Sequence[dict[str, int]]) -> list[list[str]]:
    return [[f"{prefix}{name}", *(str(one[name]) for one in counts)] for name in counts[0]]


def _framework(framework: Framework) -> str:
    parts = [f"## {framework.title} {framework.edition} (`{framework.id}`)\n"]
    for group, words in GROUPS.items():
        clauses = [clause for clause in framework.clauses if clause.group == group]
        if clauses:
            parts.append(f"### {words[:1].upper()}{words[1:]}\n\n{_clauses(clauses)}")
    return "\n".join(parts)


def _clauses(clauses: Iterable[Clause]) -> str:
    head = ("clause", "what it asks", "who", "force", "of each", "checked by", "section")
    return _grid(
        head,
        (
            (
                f"`{one.id}`",
                one.what,
                one.who,
                _force(one),
                f"{one.unit}, {one.period}",
                _check(one),
                one.source,
            )
            for one in clauses
        ),
    )


def _force(clause: Clause) -> str:
    return f"{clause.force} (outcome)" if clause.side == "outcome" else clause.force


def _check(clause: Clause) -> str:
    """How the clause is checked: its test with what it is told, or that a person is asked."""
    if clause.how not in CHECKED:
        return {"attestation": "a person", "information": "information"}[clause.how]
    told = ", ".join(f"{key} {_value(value)}" for key, value in clause.parameters.items())
    later = ", to come" if standing(clause) == "awaits_test" else ""
    head = "test" if clause.how == "test" else "in part"
    return f"{head}{later}: `{clause.check}`{f' ({told})' if told else ''}"


def _value(value: object) -> str:
    return " + ".join(value) if isinstance(value, tuple) else str(value)


def _tests(frameworks: Sequence[Framework], scheme: ClauseScheme) -> str:
    """Every distinct test that a clause names, with what must hold and how many clauses share it."""
    uses = [clause.check for framework in frameworks for clause in framework.clauses if clause.check]
    rows = (
        (f"`{name}`", _state(name), *_said(name, scheme), str(uses.count(name)))
        for name in dict.fromkeys(sorted(uses))
    )
    head = ("test", "state", "what must hold", "a clause tells it", "clauses")
    return (
        f"## Tests\n\nSeveral clauses may share a test, each with its own parameters.\n\n{_grid(head, rows)}"
    )


def _state(name: str) -> str:
    return "there" if name in TESTS else "to come"


def _said(name: str, scheme: ClauseScheme) -> tuple[str, str]:
    """What must hold, and the parameters with their meaning."""
    if name in TESTS:
        return (inspect.getdoc(TESTS[name]) or "").split("\n")[0], ""
    awaited = scheme.awaited[name]
    return awaited.asks, "; ".join(f"{key}: {meaning}" for key, meaning in awaited.parameters.items())


def _grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
