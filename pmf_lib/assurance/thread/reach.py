"""How far the thread reaches into each service: from the framework's top to a conversation with staff."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from pmf_lib.assurance.checks.common import declared_services, plans_in_force
from pmf_lib.assurance.checks.people import newest_due
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.assurance.thread.asked import day_of_year
from pmf_lib.assurance.thread.breaks import NEEDED, breaks
from pmf_lib.assurance.thread.finders import among, silent_services
from pmf_lib.assurance.thread.graph import COUNTS, SERVICE, Key, conversations, graph, known, objectives

STATES = ("whole", "broken", "unknown")
"""States of a service's thread; their words are in ``parameters/schemes/verdicts.yml``."""
REACH = (
    *SERVICE,
    *("plans_n", "objectives_n", "objectives_reaching_n", "nodes_n", "measures_n"),
    *("year", *COUNTS, "breaks_n", "is_unbroken", "state"),
)


def reach(evidence: Evidence) -> pd.DataFrame:
    """How far the thread reaches into each service: one row per directorate and service, sorted by these.

    Services are those that keep a measure today, have a plan in force, or told of conversations this year or the one before, and
    those that the council's file names.

    Returns
    -------
    DataFrame
        directorate, service; plans_n (in force); objectives_n (of these plans), objectives_reaching_n (those to which a way
        leads from the framework's top); nodes_n (nodes that measures may link to, above its objectives); measures_n (kept);
        year, staff_n, held_n, linked_n (conversations of the newest year that is due, else of the newest recorded; empty where
        none is); breaks_n (breaks of the thread in it); is_unbroken (does a way lead from the top to a conversation?); state:
        ``broken`` where there is a break, ``whole`` where there is none and the way is unbroken, else ``unknown``.
    """
    made, own = graph(evidence), _of_unit(evidence, objectives(evidence))
    held, led = _newest(evidence), reached(evidence, made)
    counts = {
        "plans_n": _sizes(_plans(evidence)),
        "objectives_n": _sizes(own),
        "objectives_reaching_n": _sizes(own[_are_in(own["objective_id"], "objective", led)]),
        "nodes_n": _nodes_above(evidence, made, own),
        "measures_n": _sizes(evidence.measures),
        "breaks_n": _sizes(breaks(evidence)),
    }
    units = _units(evidence.measures, _plans(evidence), held, declared_services(evidence))
    found = units.join(pd.DataFrame(counts), on=SERVICE).fillna(0).astype(dict.fromkeys(counts, int))
    found = found.merge(held, on=SERVICE, how="left").fillna({"year": ""})
    found = found.assign(is_unbroken=_unbroken(evidence, found, led))
    return found.assign(state=_states(evidence, found))[list(REACH)]


def reached(evidence: Evidence, made: nx.DiGraph) -> set[Key]:
    """Everything to which a way leads from the framework's top (its vision or aim)."""
    tops = {("node", node.id) for node in evidence.framework.nodes if not node.parent}
    return tops.union(*(nx.descendants(made, top) for top in tops if top in made))


def _plans(evidence: Evidence) -> pd.DataFrame:
    """The unit's plans in force that are of a service; none where nobody sent the table."""
    rows = plans_in_force(evidence) if known(evidence, "plans") else pd.DataFrame(columns=SERVICE)
    return rows[rows["service"] != ""]


def _of_unit(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of services of the directorate asked, or of every one."""
    is_own = (rows["directorate"] == evidence.directorate) | (evidence.directorate == "")
    return rows[is_own & (rows["service"] != "")]


def _newest(evidence: Evidence) -> pd.DataFrame:
    """One row per service: its conversations of the newest year that is due, else of the newest year recorded."""
    due = newest_due(evidence.as_at, day_of_year(evidence.framework)).label
    rows = _of_unit(evidence, conversations(evidence))
    rows = rows.assign(is_due=rows["year"] == due).sort_values(["is_due", "year"], ascending=False)
    return rows.drop_duplicates(SERVICE)[[*SERVICE, "year", *COUNTS]]


def _units(*rows: pd.DataFrame) -> pd.DataFrame:
    """Every service that one of these names."""
    named = pd.concat(
        [each[SERVICE].astype("str") for each in rows if len(each)] or [pd.DataFrame(columns=SERVICE)]
    )
    named = named[named["service"] != ""].drop_duplicates()
    return named.sort_values(SERVICE, ignore_index=True)


def _sizes(rows: pd.DataFrame) -> pd.Series[int]:
    return rows.groupby(SERVICE).size()


def _are_in(ids: pd.Series[str], kind: str, keys: set[Key]) -> pd.Series[bool]:
    """Which of these ids are, as things of this kind, among the keys."""
    return ids.isin([one for of, one in keys if of == kind])


def _nodes_above(evidence: Evidence, made: nx.DiGraph, own: pd.DataFrame) -> pd.Series[int]:
    """To how many nodes that measures may link to the objectives of each service lead."""
    nodes = evidence.framework.linkable_in(evidence.quarter.financial_year.label)
    pairs = [(one.id, below) for one in nodes for _, below in nx.descendants(made, ("node", one.id))]
    served = pd.DataFrame(pairs, columns=["node", "objective_id"], dtype="str").merge(own, on="objective_id")
    return served.groupby(SERVICE)["node"].nunique()


def _unbroken(evidence: Evidence, units: pd.DataFrame, led: set[Key]) -> pd.Series[bool]:
    """To which services' conversations, of either year, a way leads from the top."""
    held = conversations(evidence)
    held = held[_are_in(held["id"], "conversation", led)]
    return among(units, held)


def _states(evidence: Evidence, units: pd.DataFrame) -> pd.Series[str]:
    """Broken where there is a break; whole where there is none, every table was sent and the way is unbroken."""
    is_told = all(known(evidence, name) for name in NEEDED) & ~among(units, silent_services(evidence))
    states = pd.Series("unknown", index=units.index).mask(units["is_unbroken"] & is_told, "whole")
    return states.mask(units["breaks_n"] > 0, "broken")
