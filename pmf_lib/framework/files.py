"""What each file of ``parameters/frameworks/<id>/`` holds: one ``*File`` model a file, unknown keys refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from pmf_lib.errors import ParameterError
from pmf_lib.framework.parts import (
    Activity,
    Agenda,
    Alignment,
    Assumption,
    Body,
    Commitment,
    Id,
    OpenPoint,
    Section,
    Source,
    Text,
)
from pmf_lib.periods import parse
from pmf_lib.policy import Policy


def _financial_year(text: str) -> str:
    try:
        return parse(text, "year").label if text else ""
    except ParameterError as error:
        raise ValueError(str(error)) from None


Year = Annotated[str, AfterValidator(_financial_year)]
ReportLevel = Literal["service", "directorate", "cmt", "cabinet", "scrutiny"]
"""A level at which records of meetings can show that the report on a quarter was heard; the first first, as a rule."""


class Years(Policy):
    """The financial years in which a node stands; an empty end is open.

    >>> Years(valid_from="2022-23").covers("2024-25"), Years(valid_to="2022-23").covers("2024-25")
    (True, False)
    """

    valid_from: Year = ""
    valid_to: Year = ""

    def covers(self, year: str) -> bool:
        """Does the node stand in this financial year?"""
        return self.valid_from <= year <= (self.valid_to or year)


class Considered(Policy):
    """A body that the document says considered or was asked to approve the framework, and when."""

    body: Text
    dated: date | None = None
    what: Text
    words: str = ""
    source: Text


class InForce(Policy):
    """From when to when the framework is in force, and the document's own words for it."""

    from_date: date
    to_date: date | None = None
    words: str = ""
    source: Text
    assumption: str = ""


class Review(Policy):
    """When the framework's own review falls due, and the document's own words for it."""

    due: date
    words: Text
    source: Text


class Level(Policy):
    """A level of the thread: what its nodes are called, which levels they hang from, whether measures link here."""

    id: Id
    singular: Text
    plural: Text
    parents: tuple[str, ...] = ()
    links: bool = False
    open: bool = False
    """The document names no nodes of this level; a council brings its own."""
    open_words: str = ""
    yearly_words: str = ""
    """The document's words where nodes of this level follow the year."""
    assumption: str = ""
    source: Text


class Node(Policy):
    """One node of the thread: its title in the document's words, its parent and where it is written."""

    id: Id
    level: str
    number: int | None = Field(default=None, ge=1)
    title: Text
    parent: str = ""
    source: str = ""
    statements: tuple[str, ...] = ()
    years: Years = Years()
    assumption: str = ""
    """Assumption that supplies the node's title; empty when the title is the document's."""
    parent_assumption: str = ""
    """Assumption that supplies the node's parent; empty when the document says it."""


class FrameworkFile(Policy):
    """``framework.yml``: identity, dates, levels, and what the document leaves open."""

    id: Id
    title: Text
    council: Text
    edition: Text
    status: Literal["in force", "superseded"]
    superseded_by: str = ""
    status_note: str = ""
    in_force: InForce
    review: Review | None = None
    considered: tuple[Considered, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = ()
    """The document's sections; where they are listed, a clause can name no other."""
    levels: tuple[Level, ...] = Field(min_length=1)
    open_points: tuple[OpenPoint, ...] = ()


class ThreadFile(Policy):
    """``thread.yml``: the nodes in document order."""

    nodes: tuple[Node, ...] = Field(min_length=1)


class AssumptionsFile(Policy):
    """``assumptions.yml``: local assumptions, kept apart from the document's own words."""

    assumptions: tuple[Assumption, ...] = ()


class AlignmentFile(Policy):
    """``alignment.yml``: tables that align the thread with another plan."""

    alignment: tuple[Alignment, ...] = ()


class CommitmentsFile(Policy):
    """``commitments.yml``: promises and values."""

    promises: tuple[Commitment, ...] = ()
    values: tuple[Commitment, ...] = ()


class TimetableFile(Policy):
    """``timetable.yml``: the example activities of the year."""

    timetable: tuple[Activity, ...] = ()


class BodiesFile(Policy):
    """``bodies.yml``: bodies, board agendas, and the way of a quarter's report."""

    bodies: tuple[Body, ...] = ()
    agendas: tuple[Agenda, ...] = ()
    reporting_route: tuple[ReportLevel, ...] = Field(default=get_args(ReportLevel), min_length=1)
    """Levels that hear the report on a quarter, the first first; where none is written, all of them in the order of their list."""
