"""How each kind of break is found: where a clause test looks at the same link, its exceptions are the breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import networkx as nx
import pandas as pd

from pmf_lib.assurance.checks.common import declared_services, named, plans_in_force, services
from pmf_lib.assurance.checks.measures import measure_is_linked, node_has_measures
from pmf_lib.assurance.checks.objectives import node_has_objective, objective_has_measure
from pmf_lib.assurance.checks.people import conversations_are_held, conversations_link_objectives
from pmf_lib.assurance.checks.planning import plan_is_in_force
from pmf_lib.assurance.checks.registers import entry_has_objective
from pmf_lib.assurance.evidence import Answer, Evidence, NotSentError, exceptions
from pmf_lib.assurance.thread.asked import asked_percent, day_of_year
from pmf_lib.assurance.thread.graph import SERVICE, Key, has_pledges, known, objectives
from pmf_lib.once import once
from pmf_lib.records.schema import PROVENANCE

PLACE = list(PROVENANCE)
NEVER = "No conversation with its staff was ever recorded."


@once
def own_objectives(evidence: Evidence) -> pd.DataFrame:
    """The unit's objectives of plans in force, each with `subject`, level, directorate and service."""
    evidence.kept("objectives")  # raises
    rows = objectives(evidence)
    return named(rows[rows["plan_id"].isin(plans_in_force(evidence)["plan_id"])], "objective_id")


@once
def silent_services(evidence: Evidence) -> pd.DataFrame:
    """Services that left no plan and no conversation of any year, where anybody sent these.

    Of services that keep a measure, and of those that the council's file names.
    """
    sent = [evidence.kept(name)[SERVICE] for name in ("plans", "conversations") if known(evidence, name)]
    units = pd.concat([services(evidence), declared_services(evidence)]).drop_duplicates(SERVICE)
    units = units.reset_index(drop=True).astype("str")
    return units[~among(units, pd.concat(sent))] if sent else units.iloc[:0]


def is_bare(evidence: Evidence) -> bool:
    """Is the unit in neither the measures, the plans nor the conversations, of what was sent?"""
    sent = [evidence.kept(name) for name in ("plans", "conversations") if known(evidence, name)]
    return evidence.measures.empty and bool(sent) and all(rows.empty for rows in sent)


def among(units: pd.DataFrame, others: pd.DataFrame) -> pd.Series[bool]:
    """Which rows' directorate and service are among those of others."""
    is_there = pd.MultiIndex.from_frame(units[SERVICE]).isin(pd.MultiIndex.from_frame(others[SERVICE]))
    return pd.Series(is_there, index=units.index, dtype=bool)


def leads_up(made: nx.DiGraph, key: Key) -> bool:
    """Does any way lead up from this thing to a node of the framework?"""
    return any(kind == "node" for kind, _ in nx.ancestors(made, key))


def circles(made: nx.DiGraph) -> list[list[Key]]:
    """Objectives that lead to each other in a circle, or one to itself."""
    found = nx.strongly_connected_components(made)
    return [sorted(one) for one in found if len(one) > 1 or any(made.has_edge(key, key) for key in one)]


def _node_without_measure(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    if not known(evidence, "links"):
        raise NotSentError("links")
    return node_has_measures(evidence).exceptions


def _node_without_objective(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    return node_has_objective(evidence).exceptions


def _node_without_owner(evidence: Evidence, made: nx.DiGraph) -> pd.DataFrame:
    """Nodes that objectives serve, none of which names a post."""
    nodes = [
        ("node", one.id) for one in evidence.framework.linkable_in(evidence.quarter.financial_year.label)
    ]
    served = {key: [made.nodes[one] for one in made[key] if one[0] == "objective"] for key in nodes}
    bare = [
        (
            made.nodes[key]["title"],
            len(each),
            *(each[0].get(name, "") for name in PLACE),
            _other_rows(each),
        )
        for key, each in served.items()
        if each and not any(one["owner"] for one in each)
    ]
    said = "Objectives of plans in force that serve it: {n}{more}. None of them names a post that answers for it."
    return exceptions(pd.DataFrame(bare, columns=["subject", "n", *PLACE, "more"]), said)


def _other_rows(things: list[dict[str, Any]]) -> str:
    """The rows of all but the first, as a sentence adds them; '' where there is one alone.

    >>> _other_rows([{"source_file": "o.csv", "source_row": n} for n in (88, 96, 155)])
    ' (the others in o.csv, rows 96, 155)'
    """
    by_file: dict[str, list[str]] = {}
    for one in things[1:]:
        by_file.setdefault(str(one["source_file"]), []).append(str(one["source_row"]))
    said = [
        f"{file}, {'rows' if len(rows) > 1 else 'row'} {', '.join(rows)}" for file, rows in by_file.items()
    ]
    return f" (the others in {'; '.join(said)})" if said else ""


def _pledge_without_objective(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    if not has_pledges(evidence):
        raise NotSentError("registers")
    return _placed(entry_has_objective(evidence, register="pledges"), evidence.kept("registers"))


def _objectives_in_circle(evidence: Evidence, made: nx.DiGraph) -> pd.DataFrame:
    """One row per circle that an objective of the unit is in, under its first one."""
    rows = own_objectives(evidence).set_index("objective_id", drop=False)
    rounds = [[one for _, one in each] for each in circles(made)]
    firsts = [
        (next(one for one in each if one in rows.index), each) for each in rounds if {*each} & {*rows.index}
    ]
    found = rows.loc[[first for first, _ in firsts]].assign(
        round=[", ".join(made.nodes["objective", one]["title"] for one in each) for _, each in firsts]
    )
    return _told(found, "It leads back to itself, so it hangs from nothing: {round}.")


def _objective_parent_gone(evidence: Evidence, made: nx.DiGraph) -> pd.DataFrame:
    """Objectives that name one above which is not in the records, or in no plan in force."""
    rows = own_objectives(evidence)
    gone = rows[(rows["parent"] != "") & ~rows["parent"].isin(_ids(made, "objective"))]
    titles = evidence.of_council("objectives").set_index("objective_id")["title"]
    above = gone["parent"].map(titles[~titles.index.duplicated()]).astype("str")
    why = ("It serves '" + above + "', which is in no plan in force.").where(
        gone["parent"].isin(titles.index), "It serves '" + gone["parent"] + "', which is no objective here."
    )
    return _told(gone.assign(why=why), "{why}")


def _objective_adrift(evidence: Evidence, made: nx.DiGraph) -> pd.DataFrame:
    """Objectives from which no way leads up, save those of which another break says why."""
    rows = own_objectives(evidence)
    is_led = rows["objective_id"].map(lambda one: leads_up(made, ("objective", one))).astype(bool)
    is_round = rows["objective_id"].isin([one for each in circles(made) for _, one in each])
    there = rows["parent"].isin(_ids(made, "objective"))
    adrift = rows[~is_led & ~is_round & (there | (rows["parent"] == ""))]
    why = pd.Series("It names no objective above and no part of the framework.", index=adrift.index)
    why = why.mask(adrift["parent"] != "", "The objective above it leads to no part of the framework either.")
    return _told(adrift.assign(why=why), "{why}")


def _objective_without_measure(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    return _placed(objective_has_measure(evidence), own_objectives(evidence))


def _measure_adrift(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    if not known(evidence, "links"):
        raise NotSentError("links")
    return _placed(measure_is_linked(evidence), evidence.measures)


def _service_without_plan(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    """Services that left some record, and have no plan in force."""
    return _of_services(evidence, plan_is_in_force(evidence, level="service").exceptions)


def _plan_without_objective(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    """Plans of services, in force, in which no objective stands."""
    plans = plans_in_force(evidence, "service", "main")
    bare = named(plans, "plan_id")[~plans["plan_id"].isin(evidence.kept("objectives")["plan_id"])]
    return _told(bare, "It holds no objective, so nothing leads from it up or down.")


def _service_without_conversations(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    """Services that told of earlier years alone, and those that left some record and never one of conversations."""
    held = _held(evidence).exceptions
    units = services(evidence)
    never = exceptions(units[~among(units, evidence.kept("conversations"))], NEVER)
    return _of_services(evidence, pd.concat([held[held["source_row"] == 0], never], ignore_index=True))


def _conversations_not_held(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    return _placed(_held(evidence), evidence.kept("conversations"))


def _conversations_adrift(evidence: Evidence, _: nx.DiGraph) -> pd.DataFrame:
    percent = asked_percent(evidence.framework, conversations_link_objectives.__name__)
    return _placed(conversations_link_objectives(evidence, percent=percent), evidence.kept("conversations"))


@once
def _held(evidence: Evidence) -> Answer:
    """How many of its staff each service held conversations with, by the share and the day that the framework asks."""
    percent = asked_percent(evidence.framework, conversations_are_held.__name__)
    return conversations_are_held(evidence, percent=percent, by=day_of_year(evidence.framework))


def _placed(answer: Answer, rows: pd.DataFrame) -> pd.DataFrame:
    """A test's exceptions that came with a row, each with the directorate and the service of that row."""
    whose = rows[[*PLACE, *SERVICE]].drop_duplicates(PLACE)
    found = answer.exceptions[answer.exceptions["source_row"].isin(whose["source_row"])]
    return found.astype({"source_row": int}).merge(whose, on=PLACE)


def _of_services(evidence: Evidence, found: pd.DataFrame) -> pd.DataFrame:
    """Exceptions of services, each with its directorate, without those of which nothing at all is known."""
    units = services(evidence)
    units = units[~among(units, silent_services(evidence))]
    return found.merge(units, left_on="subject", right_on="title")


def _told(rows: pd.DataFrame, said: str) -> pd.DataFrame:
    """Rows as exceptions, each with its directorate and service."""
    return exceptions(rows, said).assign(**{name: rows[name].to_numpy() for name in SERVICE})


def _ids(made: nx.DiGraph, kind: str) -> list[str]:
    return [one for of, one in made if of == kind]


FINDERS: Mapping[str, Callable[[Evidence, nx.DiGraph], pd.DataFrame]] = MappingProxyType(
    {
        "node_without_measure": _node_without_measure,
        "node_without_objective": _node_without_objective,
        "node_without_owner": _node_without_owner,
        "pledge_without_objective": _pledge_without_objective,
        "objectives_in_circle": _objectives_in_circle,
        "objective_parent_gone": _objective_parent_gone,
        "objective_adrift": _objective_adrift,
        "objective_without_measure": _objective_without_measure,
        "measure_adrift": _measure_adrift,
        "service_without_plan": _service_without_plan,
        "plan_without_objective": _plan_without_objective,
        "service_without_conversations": _service_without_conversations,
        "conversations_not_held": _conversations_not_held,
        "conversations_adrift": _conversations_adrift,
    }
)
"""Kind of break → how it is found."""
