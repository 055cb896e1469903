"""The golden thread as rows in reading order, for a nested list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import networkx as nx
import pandas as pd

from pmf_lib.assurance.evidence import Evidence
from pmf_lib.assurance.thread.breaks import breaks
from pmf_lib.assurance.thread.finders import circles
from pmf_lib.assurance.thread.graph import Key, graph
from pmf_lib.records.schema import PROVENANCE
from pmf_lib.records.schema.words import PLAN_LEVELS

TREE = (
    *("depth", "kind", "level", "title", "unit", "service"),
    *("note", "is_break", "objectives_n", "measures_n"),
)
ABOVE = "see above"
KINDS = ("node", "pledge", "objective", "measure")
"""Kinds that the tree shows, in the order in which they hang from one thing."""
_TOP: Key = ("", "")
"""What everything hangs from that hangs from nothing else."""


def tree(evidence: Evidence) -> pd.DataFrame:
    """The thread of a unit to read from above down: one row per place in the tree.

    Of a directorate, only the framework's nodes and others' objectives from which anything of it hangs. Each thing stands in
    full under the first that it hangs from, and with the note 'see above' in later places. It hangs from the lowest that lead
    to it: an objective below another one is not named again under the node that both serve. What hangs from nothing comes
    last, at depth 0.

    Returns
    -------
    DataFrame
        depth (0 is the top), kind (``node``, ``pledge``, ``objective`` or ``measure``), level (of a node: what the framework calls
        it; of an objective: its level of planning), title, unit (id of the directorate) and service ('' where it is of none),
        note (what breaks there, 'see above', or ''), is_break, objectives_n and measures_n (how many of the unit's hang from
        it, at whatever depth).
    """
    made = graph(evidence)
    own = _own(evidence, made)
    shown = _reduced(made.subgraph(_shown(made, own)))
    notes = _notes(evidence, made)
    rows = [
        {
            **{name: made.nodes[key][name] for name in ("kind", "level", "title", "unit", "service")},
            **_below(shown, key, own),
            "depth": depth,
            "note": ABOVE if is_again else notes.get(key, ""),
            "is_break": not is_again and key in notes,
        }
        for key, depth, is_again in _walk(shown, _order(made))
    ]
    return pd.DataFrame(rows, columns=list(TREE)).astype({"depth": int, "is_break": bool})


def _own(evidence: Evidence, made: nx.DiGraph) -> set[Key]:
    """Things of the unit: its own objectives, measures and pledges; of the whole council all that the tree shows."""
    things = made.nodes.data("unit")
    return {key for key, unit in things if key[0] in KINDS and evidence.directorate in ("", unit)}


def _shown(made: nx.DiGraph, own: set[Key]) -> set[Key]:
    """Things of the unit and what they hang from; a measure brings others' objectives only where no objective of the unit has it."""
    has = {key: set(made.predecessors(key)) for key in own}
    lone = {key for key, above in has.items() if key[0] != "measure" or not above & own}
    nodes = {one for above in has.values() for one in above if one[0] == "node"}
    return own.union(nodes, *(nx.ancestors(made, key) for key in lone | nodes))


def _reduced(made: nx.DiGraph) -> nx.DiGraph:
    """The same things without the ways that a longer way makes needless, and without circles."""
    plain = nx.DiGraph(made)
    for each in circles(made):
        plain.remove_edges_from(list(made.subgraph(each).edges))
    reduced = nx.transitive_reduction(plain)
    reduced.add_node(_TOP)
    reduced.add_edges_from([(_TOP, key) for key, above in plain.in_degree() if above == 0])
    return reduced


def _order(made: nx.DiGraph) -> Callable[[Key], tuple[int, int, int]]:
    """How things are sorted under one: by kind, objectives by level of planning, then as the records have them."""
    places = {key: place for place, key in enumerate(made)}
    ranks = {level: rank for rank, level in enumerate(PLAN_LEVELS)}
    return lambda key: (KINDS.index(key[0]), ranks.get(made.nodes[key]["level"], 0), places[key])


def _walk(shown: nx.DiGraph, order: Callable[[Key], tuple[int, int, int]]) -> Iterator[tuple[Key, int, bool]]:
    """Each place of each thing in reading order: its depth, and whether it stood above."""
    steps = nx.dfs_labeled_edges(shown, _TOP, sort_neighbors=lambda keys: iter(sorted(keys, key=order)))
    depth = -2
    for _, key, step in steps:
        depth += {"forward": 1, "reverse": -1, "nontree": 0}[step]
        if key != _TOP and step != "reverse":
            yield key, depth + (step == "nontree"), step == "nontree"


def _below(shown: nx.DiGraph, key: Key, own: set[Key]) -> dict[str, int]:
    """How many of the unit's objectives and measures hang from a thing."""
    kinds = [kind for kind, _ in nx.descendants(shown, key) & own]
    return {"objectives_n": kinds.count("objective"), "measures_n": kinds.count("measure")}


def _notes(evidence: Evidence, made: nx.DiGraph) -> dict[Key, str]:
    """What breaks at which thing, in words; breaks of a service stand at none."""
    things = {key: made.nodes[key] for key in made if key[0] in KINDS}
    titles = {thing["title"]: key for key, thing in things.items() if key[0] == "node"}
    places = {
        tuple(thing[name] for name in PROVENANCE): key for key, thing in things.items() if key[0] != "node"
    }
    notes: dict[Key, str] = {}
    for subject, said, *place in breaks(evidence)[["subject", "condition", *PROVENANCE]].to_numpy():
        key = places.get(tuple(place)) if place[-1] else titles.get(subject)
        if key:
            notes[key] = f"{notes.get(key, '')} {said}".strip()
    return notes
