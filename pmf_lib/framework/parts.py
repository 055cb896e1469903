"""The parts of a framework beside its golden thread: alignment, promises, timetable, bodies, board agenda.

Every part is optional; a file that is absent is an empty part. What each key means: ``docs/frameworks.md``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pmf_lib.policy import Policy

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Text = Annotated[str, Field(min_length=1)]
Force = Literal["duty", "minimum", "good practice", "example", "context"]
"""How strongly the text speaks; only a duty or a minimum can end as *not met*."""


class Source(Policy):
    """A document that the framework was read from, and where in it."""

    document: Text
    section: str = ""
    dated: date | None = None


class Assumption(Policy):
    """What the document leaves open and somebody local has filled in; labelled wherever it is used."""

    id: Id
    text: Text
    made_by: Text
    made_on: date
    reason: Text


class Section(Policy):
    """A section of the document: its number or name as clauses cite it, and its heading as printed."""

    id: Annotated[str, Field(pattern=r"^[^,]+$")]
    title: Text


class OpenPoint(Policy):
    """What the document leaves open, and the assumption that fills it (none: it stays open)."""

    id: Id
    text: Text
    source: Text
    assumption: str = ""


class Aligned(Policy):
    """An outcome of another plan, in that plan's words, and the perspective that it stands under."""

    title: Text
    perspective: str = ""


class AlignmentRow(Policy):
    """One row of an alignment table: a statement, the framework's nodes for it, the other plan's outcomes."""

    statement: Text
    nodes: tuple[str, ...] = Field(min_length=1)
    aligned: tuple[Aligned, ...] = ()
    note: str = ""


class Alignment(Policy):
    """A table of the document that aligns the framework's nodes with another plan's outcomes."""

    id: Id
    title: Text
    source: Text
    statements_of: str
    """The node whose statements head the rows."""
    heads: tuple[str, str, str, str]
    """The table's own column heads: statement, nodes, aligned outcomes, perspective."""
    rows: tuple[AlignmentRow, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()


class Commitment(Policy):
    """A promise or a value: its title in the document's words, and what the document says of it."""

    id: Id
    title: Text
    text: str = ""
    source: Text


class Activity(Policy):
    """One activity of the example timetable, in the quarter (1 is April to June) where the document places it.

    `what` and `stream` are in the document's words. `month` is 1 for January; 0 where the document names none.
    """

    id: Id
    stream: Text
    quarter: int = Field(ge=1, le=4)
    month: int = Field(default=0, ge=0, le=12)
    what: Text
    frequency: Literal["once", "monthly"] = "once"
    force: Literal["good practice", "example", "context"] = "example"
    """Never a duty: dates of a timetable are examples or indicative."""
    source: Text


class Body(Policy):
    """A body with a part in the framework; `duties` are in the document's words."""

    id: Id
    name: Text
    kind: Literal[
        "council", "executive", "committee", "scrutiny", "management", "board", "councillors", "unit", "staff"
    ]
    duties: tuple[str, ...] = ()
    source: Text


class AgendaItem(Policy):
    """One item of a performance board's core agenda, with the example frequency that the document prints."""

    id: Id
    number: int = Field(ge=1)
    title: Text
    text: Text
    frequency: Literal["monthly", "quarterly", "twice a year", "varied", "as required", "not given"]
    """How often, as an example; the minimum is `Agenda.minimum_a_year`."""
    frequency_words: str = ""
    source: Text


class Agenda(Policy):
    """The core agenda of one kind of board."""

    id: Id
    board: Text
    minimum_a_year: int = Field(ge=1)
    minimum_words: Text
    items: tuple[AgendaItem, ...] = Field(min_length=1)
    source: Text
