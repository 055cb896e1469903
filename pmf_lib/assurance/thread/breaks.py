"""Breaks of the golden thread: a way that should go on and does not, both up and down; and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import networkx as nx
import pandas as pd

from pmf_lib.assurance.evidence import EXCEPTION_COLUMNS, Evidence, NotSentError, exceptions
from pmf_lib.assurance.thread.finders import FINDERS, is_bare, silent_services
from pmf_lib.assurance.thread.graph import (
    SERVICE,
    asks_pledges,
    graph,
    has_pledges,
    known,
    objectives,
)
from pmf_lib.once import once
from pmf_lib.records.schema import PROVENANCE

BREAKS = ("kind", *EXCEPTION_COLUMNS[:3], *SERVICE, *PROVENANCE)
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "node_without_measure": ("{node} without a measure", "{nodes} without a measure"),
        "node_without_objective": ("{node} without an objective", "{nodes} without an objective"),
        "node_without_owner": ("{node} that nobody owns", "{nodes} that nobody owns"),
        "pledge_without_objective": ("pledge without an objective", "pledges without an objective"),
        "objectives_in_circle": ("circle of objectives", "circles of objectives"),
        "objective_parent_gone": (
            "objective under one that is not in force",
            "objectives under one that is not in force",
        ),
        "objective_adrift": ("objective that leads to no {node}", "objectives that lead to no {node}"),
        "objective_without_measure": ("objective without a measure", "objectives without a measure"),
        "measure_adrift": ("measure that leads to no {node}", "measures that lead to no {node}"),
        "service_without_plan": ("service without a plan in force", "services without a plan in force"),
        "plan_without_objective": ("plan without an objective", "plans without an objective"),
        "service_without_conversations": (
            "service without conversations",
            "services without conversations",
        ),
        "conversations_not_held": (
            "service where not all staff had a conversation",
            "services where not all staff had a conversation",
        ),
        "conversations_adrift": (
            "service with conversations that lead to no objective",
            "services with conversations that lead to no objective",
        ),
    }
)
"""Kind of break → what one and what several are called, from above down; `node` is what the framework calls such a node."""
OF_COUNCIL = ("node_without_measure", "node_without_objective", "node_without_owner")
"""Kinds that are asked of the whole council alone: no directorate serves every node."""
NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "links": "which measures lead to the framework",
        "plans": "which plans are in force",
        "objectives": "what is to be reached and what it leads to",
        "conversations": "whether objectives reach the people who deliver them",
    }
)
"""Table → what nobody knows without it."""
NO_PLEDGES = "Nobody keeps a register of pledges, so nothing is known of what was promised for the year."
NOTHING = "No measure, plan or conversation of it is recorded, so nothing is known of its thread."
NO_OBJECTIVES = "No plan in force holds an objective, so nothing is known of what serves the framework."


@once
def breaks(evidence: Evidence) -> pd.DataFrame:
    """Where the thread breaks: one row per kind of break and subject, in the order of `KINDS`, the subjects in record order.

    Nodes of the framework are asked of the whole council alone, since no directorate serves every one of them. Of a table that
    nobody sent, and of a service that left no record at all, nothing is a break: `unknown` names them.

    Returns
    -------
    DataFrame
        kind (code of `KINDS`), subject, condition (a sentence), owner (a post, '' where none is named), directorate and service
        (id and name, '' where it is of none), source_file, source_sheet, source_row (0 where no row came).
    """
    made = graph(evidence)
    asked = [kind for kind in KINDS if not evidence.directorate or kind not in OF_COUNCIL]
    found = [_found(evidence, made, kind) for kind in asked]
    filled = [one for one in found if not one.empty] or found[:1]
    return pd.concat(filled, ignore_index=True).astype({"source_row": int})


def unknown(evidence: Evidence) -> list[str]:
    """What is not known of the thread, as sentences: tables that nobody sent, and services that left no record."""
    said = [
        f"Nobody sent the table of {name}, so nothing is known of {what}."
        for name, what in NEEDED.items()
        if not known(evidence, name)
    ]
    if is_bare(evidence):
        said.append(NOTHING)
    if asks_pledges(evidence) and not has_pledges(evidence):
        said.append(NO_PLEDGES)
    if known(evidence, "plans") and known(evidence, "objectives") and objectives(evidence).empty:
        said.append(NO_OBJECTIVES)
    bare = "; ".join(silent_services(evidence)["title"])
    why = "no plan and no conversation of it was ever recorded, so nothing is known of its thread."
    return [*said, f"{bare}: {why}"] if bare else said


def _found(evidence: Evidence, made: nx.DiGraph, kind: str) -> pd.DataFrame:
    """The breaks of one kind; none where a table that it needs was not sent."""
    try:
        rows = FINDERS[kind](evidence, made)
    except NotSentError:
        rows = exceptions(pd.DataFrame(), "")
    return rows.assign(kind=kind).reindex(columns=list(BREAKS), fill_value="")
