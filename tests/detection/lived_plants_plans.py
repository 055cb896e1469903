"""Defects of plans, objectives, conversations and risks, one function for each test."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
from lived_ground import NEVER, Ground, Plant, Planted, in_force

from pmf_lib.periods import Period

SEVERAL = "; "


def _plans(ground: Ground, *, kind: str = "", is_proper: bool = False) -> pd.DataFrame:
    """The unit's plans in force, of the level and kind that the clause names."""
    plans = in_force(ground.own("plans"), ground.shape.plan_day)
    if level := ground.told.get("level", ""):
        plans = plans[plans["level"] == level]
    if kind:
        plans = plans[plans["kind"] == kind]
    return plans[plans["kind"] != "overview"] if is_proper else plans


def _long_ago(ground: Ground, *months_and_days: int) -> pd.Timestamp:
    """A day longer ago than so many months before the day on which plans are looked at."""
    return ground.ago(*months_and_days) - (ground.as_at - pd.Timestamp(ground.shape.plan_day))


def plan_is_in_force(ground: Ground) -> Planted:
    """Never made, ended, or yet to begin."""
    plan = ground.choose(_plans(ground, kind=ground.told.get("kind", "main")))
    plans = ground.lived.tables["plans"]
    own = plans["plan_id"].isin([plan["plan_id"], f"{plan['plan_id']}-before"])
    how, row = ground.one_of("gone", "ended", "ahead"), int(plan["source_row"])
    if how == "gone":
        ground, row = ground.drop("plans", own), 0
    elif how == "ended":
        ground = ground.put("plans", row, valid_to=max(_long_ago(ground, 0, 30), plan["valid_from"]))
    else:
        ground = ground.put("plans", row, valid_from=ground.ahead())
    units = {one.id: one.name for one in ground.shape.council.directorates}
    title = plan["service"] or units.get(plan["directorate"], ground.shape.council.name)
    return ground.named(title, row=row)


def plan_has_parent(ground: Ground) -> Planted:
    """No parent, an unknown one, one of the same level, or one that has ended."""
    plan = ground.choose(_plans(ground))
    above = [] if plan["level"] == "directorate" else [f"plan-{ground.unit}-before"]
    parent = ground.one_of("", "plan-nowhere", plan["plan_id"], *above)
    return ground.put("plans", int(plan["source_row"]), parent=parent).at(plan)


def plan_is_checked(ground: Ground) -> Planted:
    plan, months = ground.choose(_plans(ground)), int(ground.told["months"])
    day = ground.one_of(NEVER, _long_ago(ground, months), ground.ahead())
    begun = plan["valid_from"]
    if begun > pd.Timestamp(ground.shape.plan_day) - pd.DateOffset(months=months):
        begun -= pd.DateOffset(years=1)
    return ground.put("plans", int(plan["source_row"]), reviewed_on=day, valid_from=begun).at(plan)


def plan_is_refreshed(ground: Ground) -> Planted:
    plan, months = ground.choose(_plans(ground)), int(ground.told["months"])
    day = ground.one_of(NEVER, _long_ago(ground, months), ground.ahead())
    begun = plan["valid_from"] - pd.DateOffset(years=ground.one_of(1, 2))
    return ground.put("plans", int(plan["source_row"]), refreshed_on=day, valid_from=begun).at(plan)


def plan_starts_in(ground: Ground) -> Planted:
    """In another month."""
    plans = in_force(ground.own("plans"), ground.shape.plan_day)
    plan = ground.choose(plans[plans["level"].isin(ground.told["levels"])])
    months = ground.rng.permutation([month for month in range(1, 13) if month != ground.told["month"]])
    days = [pd.Timestamp(plan["valid_from"].year - 1, int(month), 1) for month in months]
    return ground.put("plans", int(plan["source_row"]), valid_from=days[0]).at(plan)


def plan_spans(ground: Ground) -> Planted:
    """Too short by a day or by years, or without an end."""
    plan = ground.choose(_plans(ground, kind="main"))
    left = (plan["valid_to"] - pd.Timestamp(ground.shape.plan_day)).days
    days = int(ground.rng.integers(1, max(left, 2)))
    short = [plan["valid_to"] - timedelta(days=days), plan["valid_to"] - timedelta(days=1)]
    end = ground.one_of(NEVER, *(short if left > 0 else []))
    return ground.put("plans", int(plan["source_row"]), valid_to=end).at(plan)


def plan_is_published(ground: Ground) -> Planted:
    plan = ground.choose(_plans(ground, kind="main"))
    day = ground.one_of(NEVER, _long_ago(ground, int(ground.told["months"])), ground.ahead())
    return ground.put("plans", int(plan["source_row"]), published_on=day).at(plan)


def plan_is_approved(ground: Ground) -> Planted:
    """By nobody, by another body, on no day, or on a day to come."""
    plan = ground.choose(_plans(ground, kind="main"))
    cells = ground.one_of(
        {"approved_by": ""}, {"approved_by": "cmt"}, {"approved_on": NEVER}, {"approved_on": ground.ahead()}
    )
    return ground.put("plans", int(plan["source_row"]), **cells).at(plan)


def plan_has_part(ground: Ground) -> Planted:
    plan = ground.choose(_plans(ground, is_proper=True))
    cells = {ground.one_of(*ground.told["parts"]): ground.one_of("", " ")}
    return ground.put("plans", int(plan["source_row"]), **cells).at(plan)


def plan_has_measures(ground: Ground) -> Planted:
    """Of promises and targets: its measures are such as have none. Of outcomes: it has no measure at all."""
    plan = ground.choose(_plans(ground, is_proper=True))
    own = ground.lived.tables["objectives"]["plan_id"] == plan["plan_id"]
    watched = [each.id for each in ground.lived.figures.measures if each.is_watched]
    bare = {"measures": str(ground.one_of(*watched)), "promise": ""}
    cells = {"outcomes": {"measures": ""}, "promises": bare, "targets": bare}[ground.told["of"]]
    return ground.put("objectives", own, **cells).at(plan)


def plan_connects(ground: Ground) -> Planted:
    """An objective that leaves one of the columns empty, or a plan without objectives."""
    plan = ground.choose(_plans(ground, kind=ground.told["kind"]))
    objectives = ground.own("objectives")
    own = objectives[objectives["plan_id"] == plan["plan_id"]]
    if ground.rng.random() < 0.2:
        whole = ground.lived.tables["objectives"]["plan_id"] == plan["plan_id"]
        return ground.drop("objectives", whole).at(plan)
    row = ground.choose(own)
    return ground.put("objectives", int(row["source_row"]), **{ground.one_of(*ground.told["to"]): ""}).at(row)


def _objective(ground: Ground, is_done: bool = False) -> pd.Series:
    """An objective of a plan in force, or one of the year before that went through the whole cycle."""
    objectives = ground.own("objectives")
    if is_done:
        return ground.choose(objectives[objectives["acted_on"].notna()])
    return ground.choose(objectives[objectives["plan_id"].isin(_plans(ground)["plan_id"])])


def objective_is_specific(ground: Ground) -> Planted:
    row = _objective(ground)
    cells = ground.one_of({"specific": ""}, {"owner": ""}, {"specific": "", "owner": ""})
    return ground.put("objectives", int(row["source_row"]), **cells).at(row)


def objective_has_measure(ground: Ground) -> Planted:
    """None, or one that nobody keeps."""
    row = _objective(ground)
    return ground.put("objectives", int(row["source_row"]), measures=ground.one_of("", "nobodys")).at(row)


def objective_is_achievable(ground: Ground) -> Planted:
    row = _objective(ground)
    cells = ground.one_of({"achievable": ""}, {"resourced": "no"}, {"resourced": "not-assessed"})
    return ground.put("objectives", int(row["source_row"]), **cells).at(row)


def objective_is_time_based(ground: Ground) -> Planted:
    """No day, one after the plan's end, or one before it was planned."""
    row = _objective(ground)
    ends = ground.lived.tables["plans"].set_index("plan_id")["valid_to"][row["plan_id"]]
    days = timedelta(days=int(ground.rng.integers(1, 200)))
    day = ground.one_of(NEVER, ends + days, row["planned_on"] - days)
    return ground.put("objectives", int(row["source_row"]), due_on=day).at(row)


def objective_has_node(ground: Ground) -> Planted:
    """No node, an unknown one, or another framework's with no measure that would lead to this one's."""
    row = _objective(ground)
    cells = ground.one_of(
        {"nodes": ""}, {"nodes": "marker-99"}, {"framework": "other", "measures": ""}, {"framework": ""}
    )
    return ground.put("objectives", int(row["source_row"]), **cells).at(row)


def node_has_objective(ground: Ground) -> Planted:
    """Every objective that serves the node is made to serve another."""
    node, other = (str(one) for one in ground.rng.permutation(ground.shape.nodes)[:2])
    listed = ground.lived.tables["objectives"]["nodes"].str.split(SEVERAL)
    moved = listed.map(
        lambda each: SEVERAL.join(dict.fromkeys(other if one == node else one for one in each))
    )
    frame = ground.lived.tables["objectives"].assign(nodes=moved.astype("str"))
    return ground.having(objectives=frame).at_node(node)


BEFORE = {"delivered_on": "planned_on", "checked_on": "delivered_on", "acted_on": "checked_on"}


def objective_stage_is_dated(ground: Ground) -> Planted:
    """No day of the stage, or one before the stage before."""
    stage, row = ground.told["stage"], _objective(ground, is_done=True)
    day = NEVER
    if stage in BEFORE and ground.rng.random() < 0.5:
        day = row[BEFORE[stage]] - timedelta(days=int(ground.rng.integers(1, 40)))
    return ground.put("objectives", int(row["source_row"]), **{stage: day}).at(row)


def objective_names_influences(ground: Ground) -> Planted:
    row = _objective(ground, is_done=True)
    return ground.put("objectives", int(row["source_row"]), considered=ground.one_of("", " ")).at(row)


def _conversations(ground: Ground, year: Period) -> pd.Series:
    rows = ground.own("conversations")
    return ground.choose(rows[rows["year"] == year.label])


def conversations_are_held(ground: Ground) -> Planted:
    """Fewer than all in the last whole year, an unrecorded number, or no row of that year."""
    row = _conversations(ground, ground.shape.this_year.shift(-1))
    if ground.rng.random() < 0.3:
        told = ground.drop("conversations", int(row["source_row"]))
        return told.named(row["service"], f"{row['service']} ({row['directorate']})")
    held = ground.one_of(float("nan"), float(ground.rng.integers(0, row["staff_n"])))
    count = dict.fromkeys(("held_n", "linked_n", "development_n"), held)
    where, title = int(row["source_row"]), row["service"]
    return ground.put("conversations", where, **count).named(title, f"{title} ({ground.unit})", row=where)


def _fewer(column: str) -> Plant:
    def plant(ground: Ground) -> Planted:
        row = _conversations(ground, ground.shape.quarter.financial_year)
        count = ground.one_of(float("nan"), float(ground.rng.integers(0, row["held_n"])))
        where, title = int(row["source_row"]), row["service"]
        return ground.put("conversations", where, **{column: count}).named(title, row=where)

    return plant


def red_has_risk(ground: Ground) -> Planted:
    """The open risk no longer names the measure, or is closed."""
    measure = ground.red()
    risks = ground.lived.tables["risks"]
    listed = risks["measures"].str.split(SEVERAL)
    rest = listed.map(lambda each: SEVERAL.join(one for one in each if one != measure.id))
    return ground.having(risks=risks.assign(measures=rest.astype("str"))).at_measure(measure.id)


def risk_is_managed(ground: Ground) -> Planted:
    row = ground.choose(ground.own("risks"))
    old = {"reviewed_on": ground.one_of(NEVER, ground.ago(int(ground.told["months"])), ground.ahead())}
    return ground.put(
        "risks", int(row["source_row"]), **ground.one_of({"owner": ""}, {"response": ""}, old)
    ).at(row)


def risk_is_linked(ground: Ground) -> Planted:
    row = ground.choose(ground.own("risks"))
    return ground.put("risks", int(row["source_row"]), nodes="", measures="", objectives="").at(row)


def register_holds_risk(ground: Ground) -> Planted:
    """The risks asked for are closed, or were never there."""
    risks = ground.lived.tables["risks"]
    wanted = risks["directorate"] == ground.unit
    for column in ("level", "kind"):
        if said := ground.told.get(column, ""):
            wanted &= risks[column] == said
    told = (
        ground.drop("risks", wanted)
        if ground.rng.random() < 0.5
        else ground.put("risks", wanted, closed_on=ground.ago(0, 30))
    )
    return told.named("Register of risks")


PLANTS: dict[str, Plant] = {
    each.__name__: each
    for each in (
        *(plan_is_in_force, plan_has_parent, plan_is_checked, plan_is_refreshed, plan_starts_in, plan_spans),
        *(plan_is_published, plan_is_approved, plan_has_part, plan_has_measures, plan_connects),
        *(objective_is_specific, objective_has_measure, objective_is_achievable, objective_is_time_based),
        *(objective_has_node, node_has_objective, objective_stage_is_dated, objective_names_influences),
        *(conversations_are_held, red_has_risk, risk_is_managed, risk_is_linked, register_holds_risk),
    )
} | {
    "conversations_link_objectives": _fewer("linked_n"),
    "conversations_agree_development": _fewer("development_n"),
}
"""Test → what plants its defect."""
