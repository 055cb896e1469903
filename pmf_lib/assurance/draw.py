"""Clauses drawn by a seed, to be read beside the document's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from pmf_lib.framework import Framework
from pmf_lib.framework.clauses import CHECKED, Clause

Drawn = tuple[Framework, Clause]


def draw(frameworks: Iterable[Framework], count: int, seed: int) -> list[Drawn]:
    """So many clauses over these frameworks (all, where there are fewer), each with the same chance.

    Each clause is sorted by a digest of the seed and its own name, so the same seed draws the same clauses on any machine,
    and a clause that is added or taken out changes no more than its own place.
    """
    every = [(framework, clause) for framework in frameworks for clause in framework.clauses]
    return sorted(every, key=lambda drawn: _lot(seed, *drawn))[:count]


def as_json(drawn: Iterable[Drawn]) -> list[dict[str, Any]]:
    """Each clause drawn as plain values, with its framework and the headings of its sections."""
    return [
        {
            "framework": framework.id,
            "id": clause.id,
            "group": clause.group,
            "sections": {name: _headings(framework)[name] for name in clause.sections},
            "force": clause.force,
            "side": clause.side,
            "who": clause.who,
            "what": clause.what,
            "unit": clause.unit,
            "period": clause.period,
            "how": clause.how,
            "test": clause.check,
            "parameters": dict(clause.parameters),
        }
        for framework, clause in drawn
    ]


def text(drawn: Sequence[Drawn]) -> str:
    """Each clause drawn as a paragraph to read."""
    return "\n\n".join(f"{at}. {_paragraph(*one)}" for at, one in enumerate(drawn, start=1))


def _lot(seed: int, framework: Framework, clause: Clause) -> str:
    return sha256(f"{seed}/{framework.id}/{clause.id}".encode()).hexdigest()


def _paragraph(framework: Framework, clause: Clause) -> str:
    headings = _headings(framework)
    sections = "; ".join(f"{name} {headings[name]}".strip() for name in clause.sections)
    lines = {
        "section": sections,
        "force": clause.force if clause.side == "enabler" else f"{clause.force}, {clause.side} side",
        "who": clause.who or "the text names nobody",
        "what": clause.what,
        "asked": f"of the {clause.unit}, for each {clause.period}",
        "test": _test(clause),
    }
    return "\n".join(
        [f"{framework.id} {clause.id}", *(f"   {name:<8}{said}" for name, said in lines.items())]
    )


def _test(clause: Clause) -> str:
    """How the clause is checked, with what its test is told."""
    if clause.how not in CHECKED:
        return {"attestation": "none; only a person can tell", "information": "none; nothing is asked"}[
            clause.how
        ]
    told = ", ".join(f"{name}: {_value(value)}" for name, value in clause.parameters.items())
    return f"{clause.check} ({told})" + (", which sees a part" if clause.how == "partly" else "")


def _value(value: object) -> str:
    return " + ".join(value) if isinstance(value, tuple) else str(value)


def _headings(framework: Framework) -> dict[str, str]:
    """Section → its heading as printed; a framework that lists no sections has none."""
    named = {section.id: section.title for section in framework.sections}
    return {name: named.get(name, "") for clause in framework.clauses for name in clause.sections}
