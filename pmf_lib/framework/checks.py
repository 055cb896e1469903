"""What must hold between the parts of a framework; each fault names the file, the node and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from pmf_lib.errors import LISTED_AT_MOST, PolicyError, near_miss
from pmf_lib.framework import clause_checks
from pmf_lib.framework.files import Level, Node
from pmf_lib.framework.model import Framework


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def check(framework: Framework) -> Framework:
    """The framework itself, when it holds together.

    Raises
    ------
    PolicyError
        It does not; at most ten faults are listed.
    """
    found = faults(framework)
    if found:
        more = len(found) - LISTED_AT_MOST
        shown = found[:LISTED_AT_MOST] + ([f"and {more} more"] if more > 0 else [])
        raise PolicyError(f"Framework '{framework.id}' does not hold together:\n  " + "\n  ".join(shown))
    return framework


def faults(framework: Framework) -> list[str]:
    """Every fault as a sentence, in the order of `CHECKS`."""
    return [fault for look in CHECKS for fault in look(framework)]


def _repeated_ids(framework: Framework) -> Iterator[str]:
    kinds: dict[str, Sequence[_HasId]] = {
        "framework.yml: level": framework.levels,
        "framework.yml: open point": framework.open_points,
        "thread.yml: node": framework.nodes,
        "assumptions.yml: assumption": framework.assumptions,
        "alignment.yml: table": framework.alignment,
        "commitments.yml: promise": framework.promises,
        "commitments.yml: value": framework.values,
        "framework.yml: section": framework.sections,
        "clauses: clause": framework.clauses,
        "timetable.yml: activity": framework.timetable,
        "bodies.yml: body": framework.bodies,
        "bodies.yml: agenda": framework.agendas,
    }
    for what, parts in kinds.items():
        for again in _again(part.id for part in parts):
            yield f"{what} '{again}' is written twice. Give each its own id, or take one out."


def _levels(framework: Framework) -> Iterator[str]:
    above: list[str] = []
    for level in framework.levels:
        for parent in level.parents:
            if parent not in above:
                yield (
                    f"framework.yml: level '{level.id}' hangs from '{parent}', which is no level above it."
                    f"{near_miss(parent, above)} List levels from the top down."
                )
        above.append(level.id)
        if not level.open and not any(node.level == level.id for node in framework.nodes):
            yield (
                f"framework.yml: level '{level.id}' has no node in thread.yml. "
                "Write its nodes, or say 'open: true'."
            )
    if not any(level.links for level in framework.levels):
        yield "framework.yml: no level says 'links: true', so no measure could link to this framework. Mark one."


def _places(framework: Framework) -> Iterator[str]:
    """Each node's level and parent are there and fit."""
    levels = {level.id: level for level in framework.levels}
    nodes = {node.id: node for node in framework.nodes}
    for node in framework.nodes:
        if node.level not in levels:
            yield (
                f"thread.yml: node '{node.id}' is at level '{node.level}', which framework.yml does not list."
                f"{near_miss(node.level, levels)} Levels: {', '.join(levels)}."
            )
        else:
            yield from _parent(node, levels[node.level], nodes)


def _parent(node: Node, level: Level, nodes: dict[str, Node]) -> Iterator[str]:
    wanted = " or ".join(f"'{parent}'" for parent in level.parents)
    if not level.parents and node.parent:
        yield f"thread.yml: node '{node.id}' is at the top level '{level.id}'; take its parent '{node.parent}' out."
    elif level.parents and not node.parent:
        yield f"thread.yml: node '{node.id}' has no parent. Name a node of level {wanted}."
    elif node.parent and node.parent not in nodes:
        yield (
            f"thread.yml: node '{node.id}' names the parent '{node.parent}', which is no node."
            f"{near_miss(node.parent, nodes)} Name a node of level {wanted}."
        )
    elif node.parent and nodes[node.parent].level not in level.parents:
        yield (
            f"thread.yml: node '{node.id}' hangs from '{node.parent}' of level '{nodes[node.parent].level}'. "
            f"Name a node of level {wanted}."
        )


def _cycles(framework: Framework) -> Iterator[str]:
    parents = {node.id: node.parent for node in framework.nodes}
    for node in framework.nodes:
        seen, here = [node.id], node.parent
        while here in parents and here not in seen:
            seen.append(here)
            here = parents[here]
        if here == node.id and node.id == min(seen):
            yield (
                f"thread.yml: nodes {' → '.join([*seen, here])} hang from each other in a circle. "
                "Mend one of their parents."
            )


def _numbers(framework: Framework) -> Iterator[str]:
    for level in framework.levels:
        nodes = [node for node in framework.nodes if node.level == level.id]
        numbers = {node.number for node in nodes if node.number is not None}
        if not numbers:
            continue
        for node in nodes:
            if node.number is None:
                yield f"thread.yml: node '{node.id}' has no number, though others of level '{level.id}' have."
        for gap in sorted(set(range(1, max(numbers) + 1)) - numbers):
            yield (
                f"thread.yml: level '{level.id}' has no number {gap} (it runs to {max(numbers)}). "
                "Add the node, or number the others without a gap."
            )
        yield from _same_number(nodes, level)


def _same_number(nodes: list[Node], level: Level) -> Iterator[str]:
    """Two nodes may share a number only in different years."""
    for place, node in enumerate(nodes):
        for other in nodes[place + 1 :]:
            if node.number is not None and node.number == other.number and _overlap(node, other):
                yield (
                    f"thread.yml: nodes '{node.id}' and '{other.id}' are both number {node.number} of level "
                    f"'{level.id}' in the same year. Renumber one, or end the earlier with 'valid_to'."
                )


def _overlap(one: Node, other: Node) -> bool:
    last = "9999-00"
    return one.years.valid_from <= (other.years.valid_to or last) and other.years.valid_from <= (
        one.years.valid_to or last
    )


def _sources(framework: Framework) -> Iterator[str]:
    for node in framework.nodes:
        if not node.source:
            yield f"thread.yml: node '{node.id}' has no source. Name the document's section, as in 'source: \"3.1\"'."


def _alignment(framework: Framework) -> Iterator[str]:
    nodes = {node.id: node for node in framework.nodes}
    for table in framework.alignment:
        where = f"alignment.yml: table '{table.id}'"
        if table.statements_of not in nodes:
            yield (
                f"{where}: 'statements_of' names '{table.statements_of}', which is no node of thread.yml."
                f"{near_miss(table.statements_of, nodes)}"
            )
            continue
        statements = {text.casefold(): text for text in nodes[table.statements_of].statements}
        for number, row in enumerate(table.rows, start=1):
            for node in row.nodes:
                if node not in nodes:
                    yield (
                        f"{where}, row {number}: '{node}' is no node of thread.yml.{near_miss(node, nodes)} "
                        "Write the node's id."
                    )
            if row.statement.casefold() not in statements:
                yield (
                    f"{where}, row {number}: '{row.statement}' is no statement of node '{table.statements_of}'."
                    f"{near_miss(row.statement, statements.values())}"
                )


def _assumptions(framework: Framework) -> Iterator[str]:
    """Every assumption named is there, and every one there is named."""
    made = {assumption.id for assumption in framework.assumptions}
    used = set()
    for where, wanted in _named(framework):
        used.add(wanted)
        if wanted not in made:
            yield (
                f"{where} names the assumption '{wanted}', which assumptions.yml does not hold."
                f"{near_miss(wanted, sorted(made))} Write it there: text, made_by, made_on, reason."
            )
    for idle in sorted(made - used):
        yield f"assumptions.yml: nothing names the assumption '{idle}'. Name it where it is used, or take it out."


def _named(framework: Framework) -> Iterator[tuple[str, str]]:
    """Where an assumption is named, and its id."""
    places = [("framework.yml: in_force", framework.in_force.assumption)]
    places += [(f"framework.yml: level '{level.id}'", level.assumption) for level in framework.levels]
    places += [
        (f"framework.yml: open point '{point.id}'", point.assumption) for point in framework.open_points
    ]
    places += [(f"thread.yml: node '{node.id}'", node.assumption) for node in framework.nodes]
    places += [(f"thread.yml: parent of '{node.id}'", node.parent_assumption) for node in framework.nodes]
    return ((where, wanted) for where, wanted in places if wanted)


def _dates(framework: Framework) -> Iterator[str]:
    force = framework.in_force
    if force.to_date and force.to_date < force.from_date:
        yield f"framework.yml: in_force ends on {force.to_date}, before it begins on {force.from_date}."
    if framework.superseded_by and framework.status != "superseded":
        yield "framework.yml: 'superseded_by' is given, but status is 'in force'. Say 'status: superseded'."
    if framework.superseded_by == framework.id:
        yield "framework.yml: the framework is superseded by itself. Name the later framework's id."


def _agendas(framework: Framework) -> Iterator[str]:
    for agenda in framework.agendas:
        where = f"bodies.yml: agenda '{agenda.id}'"
        for again in _again(item.id for item in agenda.items):
            yield f"{where}: item '{again}' is written twice. Give each its own id."
        if [item.number for item in agenda.items] != list(range(1, len(agenda.items) + 1)):
            yield f"{where}: items are not numbered 1 to {len(agenda.items)} in order. Renumber them."


def _route(framework: Framework) -> Iterator[str]:
    for again in _again(framework.reporting_route):
        yield f"bodies.yml: reporting_route names '{again}' twice. Name each level once."


def _again(ids: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(ids).items() if times > 1]


CHECKS: tuple[Callable[[Framework], Iterator[str]], ...] = (
    _repeated_ids,
    _levels,
    _places,
    _cycles,
    _numbers,
    _sources,
    _alignment,
    _assumptions,
    _dates,
    _agendas,
    _route,
    *clause_checks.CHECKS,
)
