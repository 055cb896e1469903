"""Clause tests of figures: are they there, direct, to be relied on, and sent by services; and do they meet targets?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from pmf_lib.assurance.checks.common import (
    blanks,
    declared_services,
    kept_links,
    named,
    names_any,
    objectives_in_force,
    plans_in_force,
    still_open,
    told,
)
from pmf_lib.assurance.checks.measures import data_is_on_time
from pmf_lib.assurance.checks.occasions import RATED
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.performance.scorecard import VARIATIONS
from pmf_lib.records.cells import looked_up
from pmf_lib.records.many import exploded

NOT_RELIED = "do_not_rely"
"""The verdict on a measure that page 1 warns of (``parameters/schemes/verdicts.yml``)."""
_SERVICE = ["directorate", "service"]
ASKED_BY = ("provider", "external_framework")
_NONE_OUTSIDE = {
    "provider": "anybody outside who provides its figures",
    "external_framework": "a framework outside that asks for its figures",
}


@clause_test
def node_has_current_value(evidence: Evidence) -> Answer:
    """Each node has a measure with a figure for the newest period that has fallen due (or a suppressed one).

    Nodes of which no measure has yet fallen due are not asked.
    """
    rated = evidence.rated[evidence.rated["state"] != "retired"]
    due = rated[rated["due_on"] < pd.Timestamp(evidence.as_at)]
    due = due.assign(is_there=due["value"].notna() | (due["state"] == "suppressed"))
    links = evidence.links[["node", "measure_id"]].drop_duplicates()
    linked = links.merge(due[["measure_id", "is_there"]], on="measure_id")
    nodes = linked.groupby("node")["is_there"].agg(["any", "size"]).reset_index()
    bare = nodes[~nodes["any"]].assign(subject=evidence.named_nodes)
    said = "Measures of it whose figure has fallen due: {size}. None of these figures is there."
    return Answer(len(nodes), exceptions(bare, said))


@clause_test
def node_has_direct_measure(evidence: Evidence) -> Answer:
    """Each node with measures has one that measures the node itself, and not something near it."""
    links = kept_links(evidence)
    of_node = links.assign(is_direct=links["directness"] == "direct").groupby("node")
    nodes = of_node.agg(is_direct=("is_direct", "any"), n=("measure_id", "nunique")).reset_index()
    bare = nodes[~nodes["is_direct"]].assign(subject=evidence.named_nodes)
    return Answer(len(nodes), exceptions(bare, "Measures of it: {n}. None measures it directly."))


@clause_test
def measure_can_be_relied_on(evidence: Evidence) -> Answer:
    """No measure's figures are such that they should not be relied on, as page 1 judges them."""
    judged = _judged(evidence)
    doubtful = judged[judged["reliance"] == NOT_RELIED]
    return Answer(len(judged), exceptions(doubtful, "Its figures should not be relied on: see page 1."))


@clause_test
def doubtful_measure_has_action(evidence: Evidence) -> Answer:
    """Each measure that should not be relied on has an action that was begun and not stopped, whoever takes it."""
    judged = _judged(evidence)
    doubtful = judged[judged["reliance"] == NOT_RELIED]
    actions = evidence.of_council("actions")
    now = pd.Timestamp(evidence.as_at)
    actions = actions[(actions["raised_on"] <= now) & ~(actions["stopped_on"] <= now)]
    left = doubtful[~doubtful["measure_id"].isin(exploded(actions, "measures")["measures"])]
    naming = actions[names_any(actions, "measures", set(doubtful["measure_id"]))]
    said = "It should not be relied on, and no action is to mend that."
    clear = f"page 1 warns of no measure's figures, of {len(judged):,} that it judged"
    found = looked_at(naming, exceptions(left, said), len(doubtful))
    return or_nothing_arose(found, len(judged) > 0, clear)


@clause_test
def outside_data_is_on_time(evidence: Evidence, *, asked_by: str) -> Answer:
    """Each value that fell due, of measures with a provider (or an external framework), is there or suppressed."""
    column = told("asked_by", asked_by, ASKED_BY)
    measures = evidence.measures
    outside = measures.loc[measures[column] != "", "measure_id"]
    rated = evidence.rated[evidence.rated["measure_id"].isin(outside)]
    is_told = bool((evidence.of_council("measures")[column] != "").any())
    return or_nothing_arose(
        data_is_on_time(replace(evidence, rated=rated)),
        is_told and len(measures) > 0 and outside.empty,
        f"none of its measures names {_NONE_OUTSIDE[column]}",
    )


@clause_test
def service_has_forecast(evidence: Evidence) -> Answer:
    """Each service has forecast, for this year or the next, a measure that it does not keep for monitoring only."""
    year = evidence.quarter.financial_year
    given = evidence.kept("forecasts")
    given = given[given["year"].isin([year.label, year.shift(1).label])]
    given = given[given["quarter"] <= evidence.quarter.label]
    measures = _of_services(evidence)
    measures = measures[~measures["monitor_only"].astype(bool)]
    asked = measures.assign(has=measures["measure_id"].isin(given["measure_id"]))
    return _each_service(asked, "No forecast of any of its measures was given for this year or the next.")


@clause_test
def service_has_reported(evidence: Evidence, *, per: str) -> Answer:
    """Each service with a figure that fell due has sent figures or commentary since the period began.

    The period is the quarter or its year so far; what came is counted to the as-at date.
    """
    period = (
        evidence.quarter
        if told("per", per, ("quarter", "year")) == "quarter"
        else evidence.quarter.financial_year
    )
    since, now = pd.Timestamp(period.start), pd.Timestamp(evidence.as_at)
    observations, commentary = evidence.tables["observations"], evidence.tables["commentary"]
    sent = observations.loc[observations["recorded_at"].between(since, now), "measure_id"]
    said = commentary.loc[commentary["quarter"] == evidence.quarter.label, "measure_id"]
    rated = evidence.rated
    due = rated.loc[rated["due_on"].between(since, now, inclusive="left"), "measure_id"]
    measures = _of_services(evidence)
    owed = measures.loc[measures["measure_id"].isin(due), _SERVICE].drop_duplicates()
    asked = measures.merge(owed, on=_SERVICE)
    asked = asked.assign(has=asked["measure_id"].isin({*sent, *said}))
    found = _each_service(asked, f"Figures fell due, and nothing came from it since {period.words}.")
    is_known = bool(rated.loc[rated["measure_id"].isin(measures["measure_id"]), "due_on"].notna().any())
    return or_nothing_arose(found, is_known, f"no figure of its services fell due since {period.words} began")


@clause_test
def service_leaves_records(evidence: Evidence) -> Answer:
    """Each service that any of these names keeps a measure, has a plan in force and tells of its conversations.

    So does each that the council's file names. Of conversations: for this year or the one before. Of plans and conversations, a table that nobody sent is not asked for.
    """
    sent = [name for name in _SIDES if name in evidence.sent]
    if not sent:
        evidence.kept(next(iter(_SIDES)))  # raises
    sides = {"measures": _of_services(evidence)} | {name: _SIDES[name](evidence) for name in sent}
    held = {name: pd.MultiIndex.from_frame(rows[_SERVICE]).unique() for name, rows in sides.items()}
    known = [*sides.values(), declared_services(evidence)]
    units = pd.concat([rows[_SERVICE].astype("str") for rows in known]).drop_duplicates(ignore_index=True)
    own = pd.MultiIndex.from_frame(units)
    lacks = pd.DataFrame({name: own.isin(each) for name, each in held.items()}, index=units.index)
    missing = blanks(lacks.replace({True: "there", False: ""}), {name: _LACKS[name] for name in sides})
    bare = named(units.assign(title=units["service"], missing=missing), "directorate")
    return Answer(len(units), exceptions(bare[bare["missing"] != ""], "It has left no record of: {missing}."))


@clause_test
def record_has_owner(evidence: Evidence, *, tables: tuple[str, ...]) -> Answer:
    """Each row of these tables that is in force or open names a post that answers for it.

    Of plans and objectives: those in force; of actions and risks: those that are open. A table that nobody sent is not asked.
    """
    words = {told("tables", name, _OPEN): name.removesuffix("s") for name in tables}
    sent = [name for name in words if name in evidence.sent]
    if not sent:
        evidence.kept(tables[0])  # raises
    rows = {name: _OPEN[name](evidence).assign(what=words[name]) for name in sent}
    bare = [named(each, f"{words[name]}_id")[each["owner"] == ""] for name, each in rows.items()]
    found = [exceptions(each, "No post is named as the owner of this {what}.") for each in bare]
    return Answer(sum(map(len, rows.values())), pd.concat(found, ignore_index=True))


@clause_test
def measure_does_not_worsen(evidence: Evidence) -> Answer:
    """No measure really worsens, of those whose change could be told from chance."""
    rated = evidence.rated
    tested = rated[~rated["variation"].isin(VARIATIONS["not_tested_n"])]
    worse = tested[tested["variation"].isin(VARIATIONS["worsening_n"])]
    return Answer(len(tested), exceptions(worse, "It really worsens. {variation_why}"))


@clause_test
def target_is_met(evidence: Evidence) -> Answer:
    """Each measure that was rated against a target meets it, or comes near enough."""
    rated = evidence.rated_as(*RATED)
    missed = rated[rated["state"] == "missed"]
    return Answer(len(rated), exceptions(missed, "It misses its target. {why}"))


def _judged(evidence: Evidence) -> pd.DataFrame:
    """Measures kept today whose figures page 1 could judge, with their `reliance`."""
    measures = evidence.measures
    verdict = looked_up(measures["measure_id"], evidence.reliance)
    return measures.assign(reliance=verdict)[~verdict.isin(["", "not_judged"])]


def _of_services(evidence: Evidence) -> pd.DataFrame:
    """Measures kept today that a service is named for."""
    measures = evidence.measures
    return measures[measures["service"] != ""]


def _each_service(measures: pd.DataFrame, said: str) -> Answer:
    """Services of these measures, those as exceptions of which none `has` it."""
    units = measures.groupby(_SERVICE, sort=False)["has"].any().reset_index()
    units = named(units.assign(title=units["service"]), "directorate")
    return Answer(len(units), exceptions(units[~units["has"]], said))


def _plans_of_services(evidence: Evidence) -> pd.DataFrame:
    plans = plans_in_force(evidence)
    return plans[plans["service"] != ""]


def _conversations_lately(evidence: Evidence) -> pd.DataFrame:
    year = evidence.quarter.financial_year
    rows = evidence.kept("conversations")
    return rows[rows["year"].isin([year.label, year.shift(-1).label])]


Find = Callable[[Evidence], pd.DataFrame]
_SIDES: dict[str, Find] = {"plans": _plans_of_services, "conversations": _conversations_lately}
_LACKS = {"measures": "measures", "plans": "a plan in force", "conversations": "performance conversations"}
_OPEN: dict[str, Find] = {
    "plans": plans_in_force,
    "objectives": objectives_in_force,
    "actions": lambda evidence: still_open(evidence.kept("actions"), evidence.as_at, "done_on", "stopped_on"),
    "risks": lambda evidence: still_open(evidence.kept("risks"), evidence.as_at, "closed_on"),
}
"""Table → its rows that are in force or open."""
