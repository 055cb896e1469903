"""Sections of a framework as a finding cites them: which were read, of which document, in words."""

from __future__ import annotations

from pmf_lib.framework.model import Framework

OF_REPORT = "report"
"""How the id of a section begins that stands in the report that came with the framework."""


def cites(framework: Framework) -> dict[str, str]:
    """Clause → the sections that it was read from and their document, in words."""
    return {clause.id: cite(framework, clause.sections) for clause in framework.clauses}


def cite(framework: Framework, sections: list[str]) -> str:
    """Sections as a reader finds them: the framework's own first, then those of the report that came with it."""
    whole = f"{framework.title} {framework.edition}".strip()
    own = [one for one in sections if not one.startswith(OF_REPORT)]
    others = [one.removeprefix(OF_REPORT).strip() for one in sections if one.startswith(OF_REPORT)]
    said = [f"{_sections(own)} of the {whole}"] if own else []
    return " and ".join([*said, *([f"{_sections(others)} of the report on the {whole}"] if others else [])])


def _sections(names: list[str]) -> str:
    """Sections as a sentence names them.

    >>> _sections(["3.2"]), _sections(["2.1", "3.2", "5 process 7"]), _sections(["title page"])
    ('section 3.2', 'sections 2.1, 3.2 and 5 (process 7)', 'the title page')
    """
    numbered = [_numbered(*name.partition(" ")) for name in names if name[0].isdigit()]
    bare = [f"the {name}" for name in names if not name[0].isdigit()]
    head = [f"section{'' if len(numbered) == 1 else 's'} {_and(numbered)}"] if numbered else []
    return _and([*head, *bare])


def _numbered(number: str, _: str, part: str) -> str:
    return f"{number} ({part})" if part else number


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
