"""Clauses: what a framework asks, one a row, in one file a group, ``clauses/<group>.yml``.

What each key means: ``docs/frameworks.md``. What is written for both frameworks: ``docs/clauses.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from pmf_lib.framework.parts import Force, Id, Text
from pmf_lib.policy import Policy

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "planning": "planning",
        "cycle": "planning cycle",
        "thread": "golden thread",
        "measures-and-data-quality": "measures and data quality",
        "roles-and-reporting": "roles and reporting",
        "boards": "performance boards",
        "escalation": "escalation",
        "risk": "risk",
        "external": "external review and comparison",
        "people-and-values": "people and values",
        "review": "review of the framework",
    }
)
"""Group → what pages call it, in the order of pages."""
FILES: Mapping[str, str] = MappingProxyType({f"{group}.yml": group for group in GROUPS})
"""Name of a group's file → the group."""
CHECKED = ("test", "partly")
"""Ways of checking that name a test."""
Key = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
Parameter = str | int | float | tuple[str, ...]


class WrittenClause(Policy):
    """One clause as its file writes it; the file's name gives the group."""

    id: Id
    source: Text
    """Sections of the document, with a comma and a space between them."""
    who: str = ""
    """Who is to do it, only where the text names somebody."""
    what: Text
    """One sentence in this workbook's words: what would be seen if it were so."""
    force: Force
    side: Literal["enabler", "outcome"] = "enabler"
    """An arrangement that helps, or what the arrangements are to bring about."""
    unit: Literal["council", "directorate", "service", "board"]
    """Of what unit it is asked."""
    period: Literal["month", "quarter", "year", "edition"]
    """How often it is asked."""
    how: Literal["test", "partly", "attestation", "information"]
    """A test over the records answers it, wholly or in part; only a person can; or it asks nothing."""
    check: str = ""
    """Name of the test."""
    parameters: dict[Key, Parameter] = Field(default_factory=dict)
    """What the test is told; several clauses may share a test."""

    @property
    def sections(self) -> list[str]:
        """The sections that the clause was read from.

        >>> WrittenClause(
        ...     id="a",
        ...     source="3.2, 3.3",
        ...     what="b",
        ...     force="duty",
        ...     unit="council",
        ...     period="year",
        ...     how="attestation",
        ... ).sections
        ['3.2', '3.3']
        """
        return self.source.split(", ")


class Clause(WrittenClause):
    """One duty or mechanism of the framework, with the group that it belongs to."""

    group: str
    """One of `GROUPS`, as attestations name it too."""

    @property
    def group_words(self) -> str:
        """What pages call the group."""
        return GROUPS[self.group]

    @property
    def file(self) -> str:
        """The file of the framework's folder in which the clause is written."""
        return f"clauses/{self.group}.yml"


class GroupFile(Policy):
    """``clauses/<group>.yml``: the clauses of one group."""

    clauses: tuple[WrittenClause, ...] = Field(min_length=1)
