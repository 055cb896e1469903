"""The council's own template of its Audit Committee's paper: headings, how much stands on the first side, implications."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from pmf_lib.policy import Policy
from pmf_lib.records.schema.words import CLAUSE_GROUPS

SectionId = Literal[
    "aim",
    "summary",
    "recommendations",
    "questions",
    "know",
    "decide",
    "respond",
    "review",
    "implications",
    "workpaper",
]
ImplicationId = Literal["risk", "financial", "legal", "staffing", "inequalities", "climate", "consultation"]


class Section(Policy):
    """One section of the paper: where links find it, and what it is called."""

    id: SectionId
    heading: str = Field(min_length=1)
    on_new_side: bool = False
    """Does it begin a side of paper?"""


class Implication(Policy):
    """One implication: which part of the records it looks at, and what it is called."""

    id: ImplicationId
    heading: str = Field(min_length=1)
    groups: tuple[str, ...] = ()
    """Groups of clauses whose findings bear on it."""

    @model_validator(mode="after")
    def _names_groups(self) -> Implication:
        unknown = [group for group in self.groups if group not in CLAUSE_GROUPS]
        if unknown:
            raise ValueError(
                f"'{unknown[0]}' is no group of clauses; expected some of {', '.join(CLAUSE_GROUPS)}"
            )
        return self


class CommitteeScheme(Policy):
    """``parameters/schemes/committee.yml``: the template of the Audit Committee's paper."""

    version: int
    dated: date
    source: str
    exceptions_at_most: int = Field(ge=1, le=5)
    questions_at_most: int = Field(ge=1, le=5)
    named_at_most: int = Field(ge=1, le=10)
    sections: tuple[Section, ...]
    implications: tuple[Implication, ...]

    @model_validator(mode="after")
    def _has_each_once(self) -> CommitteeScheme:
        """A section that is missing would leave its cell without a heading; an implication that is left out is not asked for."""
        named = [one.id for one in self.sections]
        wrong = [one for one in get_args(SectionId) if named.count(one) != 1]
        if wrong:
            raise ValueError(f"'sections' is to list each section once; look at: {', '.join(wrong)}")
        twice = [one.id for one in self.implications]
        if len(set(twice)) < len(twice):
            raise ValueError("'implications' is to list each implication once")
        return self

    def section(self, wanted: str) -> Section:
        """The section of this id.

        Raises
        ------
        KeyError
            There is no such section.
        """
        return {str(one.id): one for one in self.sections}[wanted]
