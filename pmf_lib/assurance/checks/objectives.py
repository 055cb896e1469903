"""Clause tests of objectives: are they well made, do they lead to the framework, and did they go through the cycle?"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import (
    blanks,
    by,
    in_words,
    kept_measures,
    named,
    names_any,
    plans_in_force,
    told,
)
from pmf_lib.assurance.checks.occasions import is_dated
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.once import once
from pmf_lib.performance import scorecard
from pmf_lib.periods import date_words
from pmf_lib.records.many import exploded

NO_MEANS = {
    "no": "the means for it are not there",
    "not-assessed": "whether the means are there was not assessed",
}
BEFORE = {
    "planned_on": "",
    "delivered_on": "planned_on",
    "checked_on": "delivered_on",
    "acted_on": "checked_on",
}
"""Stage of the cycle → the stage before."""
STAGES = {
    "planned_on": "planned",
    "delivered_on": "delivered",
    "checked_on": "checked",
    "acted_on": "followed up",
}


@clause_test
def objective_is_specific(evidence: Evidence) -> Answer:
    """Each objective of a plan in force says what exactly will be done or be different, and who answers for it."""
    objectives = _objectives(evidence)
    vague = objectives.assign(
        missing=blanks(
            objectives,
            {"specific": "what exactly will be done or be different", "owner": "who answers for it"},
        )
    )
    return looked_at(objectives, exceptions(vague[vague["missing"] != ""], "It does not say: {missing}."))


@clause_test
def objective_has_measure(evidence: Evidence) -> Answer:
    """Each objective of a plan in force has a measure that is kept, whoever keeps it."""
    objectives = _objectives(evidence)
    kept = names_any(objectives, "measures", set(kept_measures(evidence)["measure_id"]))
    why = (
        pd.Series("None of its measures is kept today: ", index=objectives.index)
        + objectives["measures"]
        + "."
    )
    why = why.where(objectives["measures"] != "", "It names no measure.")
    return looked_at(objectives, exceptions(objectives.assign(why=why)[~kept], "{why}"))


@clause_test
def objective_is_achievable(evidence: Evidence) -> Answer:
    """Each objective of a plan in force says why it can be done, and means for it are there, or partly there."""
    objectives = _objectives(evidence)
    means = objectives["resourced"].map(NO_MEANS).fillna("").astype("str")
    why = pd.Series("it does not say why it can be done", index=objectives.index, dtype="str")
    why = why.where(objectives["achievable"].str.strip() == "", "")
    said = (why + "; " + means).str.strip("; ")
    said = said.str[:1].str.upper() + said.str[1:]
    return looked_at(objectives, exceptions(objectives.assign(said=said)[said != ""], "{said}."))


@clause_test
def objective_is_time_based(evidence: Evidence) -> Answer:
    """Each objective of a plan in force has a day by which it is due, within its plan and not before it was planned."""
    objectives = _objectives(evidence)
    due = objectives["due_on"]
    told_ = in_words(objectives, "due_on", "planned_on", "plan_ends")
    why = pd.Series("", index=objectives.index, dtype="str")
    late, early = due > objectives["plan_ends"], due < objectives["planned_on"]
    why = why.mask(
        late, "It is due on " + told_["due_on"] + ", after its plan ends on " + told_["plan_ends"] + "."
    )
    why = why.mask(
        early, "It is due on " + told_["due_on"] + ", before it was planned on " + told_["planned_on"] + "."
    )
    why = why.mask(due.isna(), "It names no day by which it is due.")
    return looked_at(objectives, exceptions(objectives.assign(why=why)[why != ""], "{why}"))


@clause_test
def objective_has_node(evidence: Evidence) -> Answer:
    """Each objective of a plan in force leads to a node of this framework; one that names another, by its measures."""
    objectives = _objectives(evidence)
    led = served(objectives, evidence)
    known = led[led["node"].isin([node.id for node in evidence.framework.nodes])]
    adrift = objectives[~objectives["objective_id"].isin(known["objective_id"])]
    return looked_at(objectives, exceptions(adrift, "It leads to no part of the framework."))


@clause_test
def node_has_objective(evidence: Evidence) -> Answer:
    """Each node that measures may link to, and that stands in the year, is served by an objective of a plan in force."""
    year = evidence.quarter.financial_year.label
    nodes = pd.DataFrame({"node": [node.id for node in evidence.framework.linkable_in(year)]}, dtype="str")
    objectives = _objectives(evidence)
    if objectives.empty:
        return Answer(0, exceptions(objectives, ""))
    bare = nodes[~nodes["node"].isin(served(objectives, evidence)["node"])].assign(
        subject=evidence.named_nodes
    )
    return looked_at(objectives, exceptions(bare, "No objective of a plan in force serves it."), len(nodes))


@clause_test
def objective_stage_is_dated(evidence: Evidence, *, stage: str, months: int = 0) -> Answer:
    """Each objective that has come to this stage says on what day, and not before the stage before.

    The stages: every objective is planned, delivered once it is due, checked once it was delivered, and acted on once it was
    checked; for the last two so many months are given. Of plans that were in force within the twelve months before the as-at
    date (or before the year's end, if that is past): those of the year before are delivered and checked in this one.
    """
    before = BEFORE[told("stage", stage, BEFORE)]
    objectives = _objectives(evidence, months=12)
    reached = objectives[_has_reached(objectives, stage, months, evidence)]
    why = _turned(reached, stage, before) if before else pd.Series("", index=reached.index, dtype="str")
    absent = by(reached[stage], evidence.as_at).isna()
    why = why.mask(absent, f"It should have been {STAGES[stage]}; no day of it is recorded.")
    found = looked_at(reached, exceptions(reached.assign(why=why)[why != ""], "{why}"))
    return or_nothing_arose(
        found,
        _is_told_before(objectives, stage, months, evidence),
        f"no objective of its plans was to be {STAGES[stage]} by {date_words(evidence.as_at)}",
    )


@clause_test
def objective_names_influences(evidence: Evidence) -> Answer:
    """Each objective that was checked by the as-at date names what may have influenced delivery.

    Of plans that were in force within the twelve months before the as-at date.
    """
    objectives = _objectives(evidence, months=12)
    checked = objectives[by(objectives["checked_on"], evidence.as_at).notna()]
    silent = in_words(checked, "checked_on")[checked["considered"].str.strip() == ""]
    said = "Its check on {checked_on} names nothing that may have influenced delivery."
    return or_nothing_arose(
        looked_at(checked, exceptions(silent, said)),
        _is_told_before(objectives, "acted_on", 0, evidence),
        f"no objective of its plans was to be checked by {date_words(evidence.as_at)}",
    )


@once
def _objectives(evidence: Evidence, months: int = 0) -> pd.DataFrame:
    """Objectives of plans in force, or in force within so many months before, with `subject` and `plan_ends`."""
    plans = plans_in_force(evidence, months=months)
    objectives = evidence.kept("objectives")
    ends = plans[["plan_id", "valid_to"]].rename(columns={"valid_to": "plan_ends"})
    return named(objectives.merge(ends, on="plan_id"), "objective_id")


def served(objectives: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """One row per objective and node that it serves: objective_id, node.

    An objective names the nodes of one framework; where that is another one, its measures lead to this one's.
    """
    is_own = objectives["framework"] == evidence.framework.id
    own = exploded(objectives[is_own], "nodes").rename(columns={"nodes": "node"})
    links = scorecard.in_force(
        evidence.of_council("links"), evidence.framework.id, evidence.quarter.financial_year
    )
    other = exploded(objectives[~is_own & (objectives["framework"] != "")], "measures")
    other = other.merge(links, left_on="measures", right_on="measure_id")
    return pd.concat([own[["objective_id", "node"]], other[["objective_id", "node"]]], ignore_index=True)


def _has_reached(objectives: pd.DataFrame, stage: str, months: int, evidence: Evidence) -> pd.Series[bool]:
    """Which objectives are to have this stage behind them."""
    if stage == "planned_on":
        return pd.Series(True, index=objectives.index)
    if stage == "delivered_on":
        return objectives["due_on"] < pd.Timestamp(evidence.as_at)
    return objectives[BEFORE[stage]] + pd.DateOffset(months=months) < pd.Timestamp(evidence.as_at)


def _is_told_before(objectives: pd.DataFrame, stage: str, months: int, evidence: Evidence) -> bool:
    """Are there objectives, each with its day, and did each take every stage before this one that it had come to?"""
    if objectives.empty or not is_dated(objectives, "due_on"):
        return False
    before = list(BEFORE)[: list(BEFORE).index(stage)]
    late = [
        _has_reached(objectives, each, months, evidence) & by(objectives[each], evidence.as_at).isna()
        for each in before
    ]
    return not any(each.any() for each in late)


def _turned(objectives: pd.DataFrame, stage: str, before: str) -> pd.Series[str]:
    """Which objectives took a stage before the one that comes first, as a sentence; empty where they did not."""
    said = in_words(objectives, stage, before)
    first = f"It was {STAGES[stage]} on " + said[stage]
    turned = first + f", before it was {STAGES[before]} on " + said[before] + "."
    return turned.where(objectives[stage] < objectives[before], "")
