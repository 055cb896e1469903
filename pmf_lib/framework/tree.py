"""A framework as plain text for ``pmf framework show``: the thread as a tree, alignment tables, notes at the foot."""

from __future__ import annotations

from textwrap import fill

from pmf_lib.framework import placeholders
from pmf_lib.framework.model import Framework, Level, Node
from pmf_lib.framework.parts import Alignment, AlignmentRow
from pmf_lib.periods import date_words

WIDTH = 100
STEP = "  "


def tree_text(framework: Framework) -> str:
    """The whole framework to read: heading, thread, open levels, alignment, assumptions, what stays open.

    Each node ends with its section in square brackets; a dagger marks an assumption, explained at the foot.
    """
    parts = [
        _heading(framework),
        _thread(framework),
        _level_notes(framework),
        _commitments(framework),
        *(_alignment(framework, table) for table in framework.alignment),
        _assumptions(framework),
        _open_points(framework),
        _sources(framework),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(framework: Framework) -> str:
    lines = [
        f"{framework.title} {framework.edition} ({framework.id})",
        f"{framework.council}. Status: {_status(framework)}",
        f"In force from {_in_force(framework)}",
        *_review(framework),
        *(_considered(framework)),
        *filter(None, [placeholders.note(framework)]),
    ]
    return "\n".join(_wrapped(line, hang=2) for line in lines)


def _status(framework: Framework) -> str:
    later = f" by {framework.superseded_by}" if framework.superseded_by else ""
    note = f" {framework.status_note}" if framework.status_note else ""
    return f"{framework.status}{later}.{note}"


def _in_force(framework: Framework) -> str:
    force = framework.in_force
    until = f" to {date_words(force.to_date)}" if force.to_date else ""
    if framework.status == "superseded" and not force.to_date:
        until = ", last day not known"
    return f"{date_words(force.from_date)}{until}{_dagger(framework, force.assumption)}"


def _review(framework: Framework) -> list[str]:
    review = framework.review
    if review is None:
        return ["Review: the document sets no date."]
    return [f'Review due by {date_words(review.due)} ("{review.words}").']


def _considered(framework: Framework) -> list[str]:
    return [
        f"{step.body}{', ' + date_words(step.dated) if step.dated else ''}: {step.what} [{step.source}]."
        for step in framework.considered
    ]


def _thread(framework: Framework) -> str:
    tops = [node for node in framework.nodes if not node.parent]
    return "\n".join(line for top in tops for line in _branch(framework, top, 0))


def _branch(framework: Framework, node: Node, depth: int) -> list[str]:
    below = [line for child in framework.children(node.id) for line in _branch(framework, child, depth + 1)]
    return [_wrapped(_node_line(framework, node), depth, hang=2), *_statements(node, depth + 1), *below]


def _node_line(framework: Framework, node: Node) -> str:
    word = _capital(framework.level(node.level).singular)
    number = f" {node.number}" if node.number is not None else ""
    assumed = _dagger(framework, node.assumption, "assumed")
    placed = _dagger(framework, node.parent_assumption, "place assumed")
    return f"{word}{number}: {node.title}{assumed}{placed} [{node.source}]"


def _statements(node: Node, depth: int) -> list[str]:
    return [_wrapped(f"… {text}", depth, hang=2) for text in node.statements]


def _level_notes(framework: Framework) -> str:
    """What the reader must know of a level: open, or following the year."""
    lines = [_open_level(framework, level) for level in framework.levels if level.open]
    lines += [_yearly(framework, level) for level in framework.levels if level.yearly_words]
    return "\n".join(_wrapped(line, hang=2) for line in lines)


def _open_level(framework: Framework, level: Level) -> str:
    parents = " or ".join(framework.level(parent).singular for parent in level.parents)
    words = f' ("{level.open_words}")' if level.open_words else ""
    under = f" under a {parents}" if parents else ""
    return (
        f"{_capital(level.plural)}: open level{under}{words}. The document names none; "
        f"a council's records bring its own [{level.source}]."
    )


def _yearly(framework: Framework, level: Level) -> str:
    spans = sorted({_span(node) for node in framework.nodes_at(level.id)} - {""})
    stand = f"; shown are those {', and '.join(spans)}" if spans else ""
    assumed = _dagger(framework, level.assumption)
    return (
        f'{_capital(level.plural)} follow the year ("{level.yearly_words}"){stand}{assumed} [{level.source}].'
    )


def _span(node: Node) -> str:
    """The years in which a node stands, in words.

    >>> _span(Node(id="a", level="b", title="c", years={"valid_from": "2022-23"}))
    'from 2022-23'
    """
    ends = (("from", node.years.valid_from), ("to", node.years.valid_to))
    return " ".join(f"{word} {year}" for word, year in ends if year)


def _commitments(framework: Framework) -> str:
    lines = [
        f"{word}: {'; '.join(part.title for part in parts)} [{parts[0].source}]."
        for word, parts in (("Promises", framework.promises), ("Values", framework.values))
        if parts
    ]
    return "\n".join(_wrapped(line, hang=2) for line in lines)


def _alignment(framework: Framework, table: Alignment) -> str:
    lines = [f"{table.title} [{table.source}]"]
    for number, row in enumerate(table.rows, start=1):
        lines += _alignment_row(framework, table, row, number)
    lines += [_wrapped(f"Note: {note}", 1, hang=2) for note in table.notes]
    return "\n".join(lines)


def _alignment_row(framework: Framework, table: Alignment, row: AlignmentRow, number: int) -> list[str]:
    nodes = "; ".join(framework.node(node).title for node in row.nodes)
    aligned = "; ".join(
        f"{item.title} ({item.perspective})" if item.perspective else item.title for item in row.aligned
    )
    lines = [_wrapped(f"{number:>2}. {row.statement}", 1, hang=4)]
    lines += [_wrapped(f"{table.heads[1]}: {nodes}", 3, hang=2)]
    lines += [_wrapped(f"{table.heads[2]}: {aligned}", 3, hang=2)] if aligned else []
    return lines + ([_wrapped(f"Note: {row.note}", 3, hang=2)] if row.note else [])


def _assumptions(framework: Framework) -> str:
    lines = ["Assumptions (not in the document)"] if framework.assumptions else []
    for number, made in enumerate(framework.assumptions, start=1):
        text = f"†{number} {made.text} Made by {made.made_by}, {date_words(made.made_on)}: {made.reason}"
        lines.append(_wrapped(text, 1, hang=3))
    return "\n".join(lines)


def _open_points(framework: Framework) -> str:
    lines = ["What the document leaves open"] if framework.open_points else []
    for point in framework.open_points:
        filled = _dagger(framework, point.assumption, "filled by an assumption") or " (stays open)"
        lines.append(_wrapped(f"- {point.text}{filled} [{point.source}]", 1, hang=2))
    return "\n".join(lines)


def _sources(framework: Framework) -> str:
    lines = [
        f"- {source.document}{', ' + source.section if source.section else ''}"
        f"{', ' + date_words(source.dated) if source.dated else ''}."
        for source in framework.sources
    ]
    return "\n".join(["Sources", *(_wrapped(line, 1, hang=2) for line in lines)])


def _dagger(framework: Framework, assumption: str, word: str = "assumed") -> str:
    """The mark of an assumption, numbered as at the foot; nothing where there is none."""
    if not assumption:
        return ""
    made = framework.assumption(assumption)
    return f" ({word} †{framework.assumptions.index(made) + 1})"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _wrapped(text: str, depth: int = 0, *, hang: int) -> str:
    margin = STEP * depth
    return fill(
        text,
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
