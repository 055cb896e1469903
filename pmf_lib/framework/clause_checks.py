"""What must hold of a framework's clauses; each fault names the file, the clause and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pmf_lib.errors import near_miss
from pmf_lib.framework.clauses import CHECKED, Clause
from pmf_lib.framework.model import Framework

BINDING = ("duty", "minimum")


def _ways(framework: Framework) -> Iterator[str]:
    """A test is named where there is one to be asked, and nowhere else; what asks nothing can't be a duty."""
    for clause in framework.clauses:
        if clause.how in CHECKED and not clause.check:
            yield (
                f"{_where(clause)} says 'how: {clause.how}' and names no test. Name it under 'check', or say "
                "'how: attestation'."
            )
        if clause.how not in CHECKED and (clause.check or clause.parameters):
            yield (
                f"{_where(clause)} says 'how: {clause.how}', which no test answers. Take 'check' and 'parameters' out, or "
                "say 'how: test'."
            )
        if clause.how == "information" and clause.force in BINDING:
            yield (
                f"{_where(clause)} is a {clause.force} that is only 'information'. Say how it is checked: test, partly or "
                "attestation."
            )


def _sources(framework: Framework) -> Iterator[str]:
    """Every section that a clause cites is one of the document's, where the framework lists them."""
    known = [section.id for section in framework.sections]
    for clause in framework.clauses:
        for section in clause.sections:
            if known and section not in known:
                yield (
                    f"{_where(clause)} cites the section '{section}', which framework.yml does not list."
                    f"{near_miss(section, known)} Add it to 'sections' there; several are written with a comma and a space "
                    "between them."
                )


def _agendas(framework: Framework) -> Iterator[str]:
    known = [agenda.id for agenda in framework.agendas]
    for clause in framework.clauses:
        agenda = clause.parameters.get("agenda")
        if agenda is not None and agenda not in known:
            yield (
                f"{_where(clause)}: parameter 'agenda' names '{agenda}', which is no agenda of bodies.yml."
                f"{near_miss(str(agenda), known)} Agendas: {', '.join(known) or 'none'}."
            )


def _asked_twice(framework: Framework) -> Iterator[str]:
    """One question written as two clauses would be counted twice."""
    seen: dict[str, Clause] = {}
    for clause in (one for one in framework.clauses if one.check):
        asked = f"{clause.check} {clause.unit} {sorted(clause.parameters.items())}"
        if asked in seen:
            yield (
                f"{_where(clause)} asks what clause '{seen[asked].id}' asks: the same test of the same unit with the same "
                "parameters. Make one clause of both, or say in 'parameters' how they differ."
            )
        seen.setdefault(asked, clause)


def _where(clause: Clause) -> str:
    return f"{clause.file}: clause '{clause.id}'"


CHECKS: tuple[Callable[[Framework], Iterator[str]], ...] = (_ways, _sources, _agendas, _asked_twice)
