"""The golden thread as a graph: what there is, and what leads to what, from above down."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import pandas as pd

from pmf_lib.assurance.checks.common import in_force, kept_measures, last_day
from pmf_lib.assurance.checks.objectives import served
from pmf_lib.assurance.checks.registers import PLEDGE, of_year
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.once import once
from pmf_lib.performance import scorecard
from pmf_lib.records.many import exploded
from pmf_lib.records.schema import PROVENANCE, TABLES

Key = tuple[str, str]
"""Kind and id of a thing: ``("objective", "obj-potholes")``."""
Edges = Iterator[tuple[Key, Key]]
SERVICE = ["directorate", "service"]
COLUMNS = ("id", "title", "level", "owner", "unit", "service", *PROVENANCE)
COUNTS = ("staff_n", "held_n", "linked_n")


@once
def graph(evidence: Evidence) -> nx.DiGraph:
    """The thread of the whole council, whatever the unit: the way up from a service leads through the plans of others.

    Nodes are pairs of kind and id. Kinds: ``node`` (of the framework, standing in the quarter's year), ``pledge`` (of the
    year, where the framework has that level and the council keeps them), ``objective`` (of a plan in force), ``measure`` (kept)
    and ``conversation`` (a service's counts of this year or the one before). Each has kind, title, level (a node's level in the
    framework's words, an objective's level of planning, a conversation's year), owner, unit, service, source_file, source_sheet,
    source_row;
    a conversation has staff_n, held_n and linked_n too.

    Edges lead from above down: node to node; node to pledge, pledge to objective; node to the objectives that serve it,
    objective to the objectives below it; objective or node to measure; a service's objectives to its conversations, where any
    of these had an objective in it (which one, nobody records). A table that nobody sent adds nothing.

    Examples
    --------
    Every way from the top to a conversation: ``nx.has_path(made, ("node", "aim"), ("conversation", "c: Bins: 2024-25"))``.
    """
    made = nx.DiGraph()
    things = {
        "node": _nodes(evidence),
        "pledge": _pledges(evidence),
        "objective": objectives(evidence).rename(columns={"objective_id": "id"}),
        "measure": kept_measures(evidence).rename(columns={"measure_id": "id"}),
        "conversation": conversations(evidence),
    }
    for kind, rows in things.items():
        made.add_nodes_from(_things(kind, rows))
    made.add_edges_from(pair for pair in _edges(evidence) if pair[0] in made and pair[1] in made)
    return made


def known(evidence: Evidence, name: str) -> bool:
    """Did anybody send this table?"""
    return name in evidence.sent and name in evidence.tables


def rows_of(evidence: Evidence, name: str) -> pd.DataFrame:
    """A table with every unit's rows; none where nobody sent it."""
    if known(evidence, name):
        return evidence.of_council(name)
    return evidence.tables.get(name, pd.DataFrame(columns=[*TABLES[name].columns, *PROVENANCE])).iloc[:0]


@once
def objectives(evidence: Evidence) -> pd.DataFrame:
    """Objectives of plans in force of the whole council, each with its plan's level, directorate and service.

    In force on the as-at date, or on the last day of the quarter's financial year where that is past. One that was
    delivered before that year began is done with, though its plan goes on.
    """
    plans = in_force(rows_of(evidence, "plans"), last_day(evidence.quarter, evidence.as_at))
    rows = rows_of(evidence, "objectives")
    is_done = rows["delivered_on"] < pd.Timestamp(evidence.quarter.financial_year.start)
    return rows[~is_done].merge(plans[["plan_id", "level", *SERVICE]], on="plan_id")


@once
def conversations(evidence: Evidence) -> pd.DataFrame:
    """Counts of conversations of this year and the one before, of all services, with an `id` and a `title` each."""
    year = evidence.quarter.financial_year
    rows = rows_of(evidence, "conversations")
    rows = rows[rows["year"].isin([year.label, year.shift(-1).label])]
    said = rows["directorate"].astype("str") + ": " + rows["service"] + ": " + rows["year"]
    return rows.assign(id=said, title="Conversations of " + rows["service"], level=rows["year"], owner="")


def has_pledges(evidence: Evidence) -> bool:
    """Does the framework know pledges, and does anybody in the council keep them?"""
    registers = rows_of(evidence, "registers")
    return asks_pledges(evidence) and bool((registers["register"] == "pledges").any())


def asks_pledges(evidence: Evidence) -> bool:
    """Has the framework a level of pledges?"""
    return any(level.id == PLEDGE for level in evidence.framework.levels)


def _nodes(evidence: Evidence) -> pd.DataFrame:
    """Nodes of the framework that stand in the quarter's year, in document order."""
    year, rows = evidence.quarter.financial_year.label, evidence.framework.nodes_frame()
    rows = rows[[node.years.covers(year) for node in evidence.framework.nodes]]
    blank = dict.fromkeys(("owner", *SERVICE, *PROVENANCE[:2]), "")
    named = rows.assign(title=evidence.named_nodes(rows), level=rows["level_word"], source_row=0, **blank)
    return named.rename(columns={"node": "id"})


@once
def _pledges(evidence: Evidence) -> pd.DataFrame:
    """Pledges of the quarter's year, of all units."""
    rows = rows_of(evidence, "registers")
    rows = rows[(rows["register"] == "pledges") & asks_pledges(evidence)]
    rows = of_year(rows, evidence.framework, evidence.quarter.financial_year, evidence.as_at)
    return rows.rename(columns={"entry_id": "id"})


def _things(kind: str, rows: pd.DataFrame) -> Iterator[tuple[Key, dict[str, object]]]:
    """Each row as a node of the graph with its attributes."""
    more = COUNTS if kind == "conversation" else ()
    told = rows.drop(columns="unit", errors="ignore").rename(columns={"directorate": "unit"})
    for row in told.reindex(columns=[*COLUMNS, *more], fill_value="").to_dict("records"):
        yield (kind, str(row["id"])), {"kind": kind, **{str(name): cell for name, cell in row.items()}}


def _edges(evidence: Evidence) -> Edges:
    """Every link that a row names, whether or not what it names is there."""
    yield from ((("node", one.parent), ("node", one.id)) for one in evidence.framework.nodes)
    rows, pledges = objectives(evidence), _pledges(evidence)
    yield from _pairs(served(rows, evidence), ("node", "node"), ("objective", "objective_id"))
    yield from _pairs(rows, ("objective", "parent"), ("objective", "objective_id"))
    yield from _pairs(exploded(rows, "measures"), ("objective", "objective_id"), ("measure", "measures"))
    yield from _pairs(_linked(evidence), ("node", "node"), ("measure", "measure_id"))
    yield from _pairs(exploded(pledges, "nodes"), ("node", "nodes"), ("pledge", "id"))
    yield from _pairs(exploded(pledges, "objectives"), ("pledge", "id"), ("objective", "objectives"))
    held = conversations(evidence)
    led = rows[rows["service"] != ""].merge(held[held["linked_n"] > 0][[*SERVICE, "id"]], on=SERVICE)
    yield from _pairs(led, ("objective", "objective_id"), ("conversation", "id"))


def _pairs(rows: pd.DataFrame, above: Key, below: Key) -> Edges:
    """One edge per row; `above` and `below` are the kind of thing and the column with its id."""
    for high, low in zip(rows[above[1]], rows[below[1]], strict=True):
        yield (above[0], str(high)), (below[0], str(low))


def _linked(evidence: Evidence) -> pd.DataFrame:
    """Links of all measures to this framework that hold in the quarter's year."""
    links = evidence.of_council("links")
    return scorecard.in_force(links, evidence.framework.id, evidence.quarter.financial_year)
