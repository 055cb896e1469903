"""What every row of the tables of arrangements says of itself: when, by whom, checked by whom, and where it can be seen."""

from __future__ import annotations

from collections.abc import Mapping

import pandera.pandas as pa

from pmf_lib.records.schema import words
from pmf_lib.records.schema.base import Table, column

RECORDED = "recorded_at"


def evidence_columns() -> dict[str, pa.Column]:
    """Columns that end every table of arrangements."""
    return {
        "reference": column("text", "Document or minute in which it can be seen", needed=False),
        "origin": column(
            "choice",
            "Taken from a system, or keyed by hand?",
            choices=words.ORIGINS,
            default="keyed",
        ),
        "entered_by": column("text", "Post (never a name) that entered the row", needed=False),
        "verified_by": column("text", "Another post that checked the row", needed=False),
        "verified_on": column("date", "When it was checked", needed=False),
        RECORDED: column(
            "date", "When the row was entered; a later row of the same id corrects it from that day on"
        ),
    }


def table(name: str, grain: str, key: tuple[str, ...], columns: Mapping[str, pa.Column]) -> Table:
    """A table of arrangements: its own columns, then the evidence; it is keyed by day of recording too."""
    every = {**columns, **evidence_columns()}
    points_to = {
        name: (spec.metadata or {})["to"] for name, spec in every.items() if (spec.metadata or {})["to"]
    }
    return Table(name, f"one row per {grain} and date of recording", (*key, RECORDED), every, points_to)


def unit_columns() -> dict[str, pa.Column]:
    """Whose it is: a directorate and a service, or neither."""
    return {
        "directorate": column(
            "id", "Id of the directorate; empty if it is the whole council's", needed=False
        ),
        "service": column("text", "The service, written as in the table of measures", needed=False),
    }


def optional_date(doc: str) -> pa.Column:
    """A day that may not have come yet."""
    return column("date", doc, needed=False)


def optional_text(doc: str) -> pa.Column:
    """A text that may be empty."""
    return column("text", doc, needed=False)


def optional_id(doc: str, to: str) -> pa.Column:
    """The id of one row of another table."""
    return column("id", doc, needed=False, to=to)


def ids(doc: str, to: str = "") -> pa.Column:
    """Ids of rows of another table, parted by semicolons."""
    return column("ids", doc, needed=False, to=to)


def link_columns() -> dict[str, pa.Column]:
    """The framework, and the nodes and measures that the row speaks of."""
    return {
        "framework": column("id", "Id of the framework whose nodes are named", needed=False),
        "nodes": ids("Markers, outcomes or other nodes that it serves"),
        "measures": ids("Measures that it is about", "measures"),
    }
