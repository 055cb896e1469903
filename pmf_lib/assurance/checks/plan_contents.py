"""Clause tests of what plans hold: their parts, their measures, and what their objectives connect."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pmf_lib.assurance.checks.common import (
    blanks,
    kept_measures,
    named,
    names_any,
    plans_in_force,
    told,
)
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.performance import scorecard
from pmf_lib.records.schema import TABLES
from pmf_lib.records.schema.words import PLAN_KINDS

PART_WORDS = {
    "resources": "the resources that it needs",
    "finance_link": "the medium term financial strategy",
    "workforce": "the workforce",
    "customers": "who its customers are",
    "equalities": "equalities",
    "future_demand": "demand to come",
    "strategies": "the council's other strategies",
    "interdependencies": "other services and directorates",
    "risks": "risks and opportunities",
    "health_safety": "health and safety",
    "drivers": "what drives it from outside",
    "consultation": "whom it was consulted with",
    "climate": "climate change",
}
"""Parts that plans hold (columns of the table), in words."""
WITH = {"outcomes": "leads to the framework", "promises": "tracks a promise", "targets": "has a target"}
"""What the measures of a plan's objectives are asked to do, in words."""


@clause_test
def plan_has_part(evidence: Evidence, *, parts: tuple[str, ...], level: str = "") -> Answer:
    """Each plan in force (of the level, where given) says something under each of these parts.

    An overview on a page stands beside its plan and is not asked.
    """
    words = {told("parts", part, PART_WORDS): PART_WORDS[part] for part in parts}
    plans = _proper(plans_in_force(evidence, level))
    bare = named(plans, "plan_id").assign(missing=blanks(plans, words))
    return looked_at(plans, exceptions(bare[bare["missing"] != ""], "It says nothing of {missing}."))


@clause_test
def plan_has_measures(evidence: Evidence, *, of: str, level: str = "") -> Answer:
    """Each plan in force (of the level, where given) holds a measure of the kind asked for, by its objectives.

    Of outcomes: the measure, or its objective, leads to a node of the framework; of promises: the measure, or its objective,
    tracks one; of targets: the measure has one. A measure that is not kept counts for nothing, and an overview on a page
    stands beside its plan and is not asked.
    """
    is_asked, word = _IS_WITH[told("of", of, WITH)], WITH[of]
    plans = _proper(plans_in_force(evidence, level))
    objectives = evidence.kept("objectives")
    objectives = objectives[names_any(objectives, "measures", set(kept_measures(evidence)["measure_id"]))]
    served = objectives.loc[is_asked(objectives, evidence), "plan_id"]
    bare = named(plans, "plan_id")[~plans["plan_id"].isin(served)]
    return looked_at(plans, exceptions(bare, f"None of its objectives has a measure that {word}."))


@clause_test
def plan_connects(evidence: Evidence, *, level: str, kind: str, to: tuple[str, ...]) -> Answer:
    """Each objective of such a plan fills all of these columns; a plan without objectives fails once itself."""
    words = {told("to", column, TABLES["objectives"].columns): column.replace("_", " ") for column in to}
    plans = plans_in_force(evidence, level, told("kind", kind, PLAN_KINDS))
    objectives = evidence.kept("objectives")
    objectives = objectives[objectives["plan_id"].isin(plans["plan_id"])]
    loose = named(objectives, "objective_id").assign(missing=blanks(objectives, words))
    bare = named(plans, "plan_id")[~plans["plan_id"].isin(objectives["plan_id"])]
    failed = [
        exceptions(loose[loose["missing"] != ""], "It leaves empty: {missing}."),
        exceptions(bare, "It holds no objective."),
    ]
    return looked_at(objectives, pd.concat(failed, ignore_index=True), len(objectives) + len(bare))


def _proper(plans: pd.DataFrame) -> pd.DataFrame:
    return plans[plans["kind"] != "overview"]


def _with_outcome(objectives: pd.DataFrame, evidence: Evidence) -> pd.Series[bool]:
    """Objectives that serve a node of the framework, themselves or by a measure that is kept."""
    year = evidence.quarter.financial_year
    links = scorecard.in_force(evidence.of_council("links"), evidence.framework.id, year)
    own = (objectives["framework"] == evidence.framework.id) & (objectives["nodes"] != "")
    return own | _names_kept(objectives, links["measure_id"], evidence)


def _with_promise(objectives: pd.DataFrame, evidence: Evidence) -> pd.Series[bool]:
    measures = evidence.of_council("measures")
    tracking = measures.loc[measures["promise"] != "", "measure_id"]
    return (objectives["promise"] != "") | _names_kept(objectives, tracking, evidence)


def _with_target(objectives: pd.DataFrame, evidence: Evidence) -> pd.Series[bool]:
    targets = evidence.of_council("targets").dropna(subset=["target", "lower", "upper"], how="all")
    return _names_kept(objectives, targets["measure_id"], evidence)


def _names_kept(objectives: pd.DataFrame, measures: pd.Series[str], evidence: Evidence) -> pd.Series[bool]:
    """Objectives that name one of these measures, and it is kept."""
    kept = set(kept_measures(evidence)["measure_id"])
    return names_any(objectives, "measures", kept.intersection(measures))


_IS_WITH: dict[str, Callable[[pd.DataFrame, Evidence], pd.Series[bool]]] = {
    "outcomes": _with_outcome,
    "promises": _with_promise,
    "targets": _with_target,
}
