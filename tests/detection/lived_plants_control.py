"""Defects of escalations, actions, registers, assurance and recommendations, one function for each test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
from lived_ground import NEVER, Ground, Plant, Planted
from lived_measures import Measure, steps
from lived_meetings import step_id

LEVELS = ("directorate", "cmt", "cabinet")


def _step(ground: Ground, measure: Measure, number: int) -> pd.Series:
    """A step of the escalation of the quarter's miss."""
    rows = ground.lived.tables["escalations"].set_index("escalation_id", drop=False)
    return rows.loc[step_id(measure, ground.shape.quarter, number)]


def red_is_escalated(ground: Ground) -> Planted:
    """Raised with nobody, not as high as asked, or late."""
    red, rows = ground.red(), ground.lived.tables["escalations"]
    top = min(red.missed, len(LEVELS)) - 1
    is_first = red.missed <= len(LEVELS)  # what was raised as high for an earlier quarter of the run counts
    how = ground.one_of("never", *(["late"] if is_first else []), *(["too low"] if top else []))
    if how == "never":
        return ground.drop("escalations", rows["measure_id"] == red.id).at_measure(red.id)
    row = _step(ground, red, top)
    if how == "late":
        raised = pd.Timestamp(ground.shape.quarter.end) + timedelta(days=53)
        when = {"raised_on": raised, "received_on": raised, "decided_on": raised}
        return ground.put("escalations", int(row["source_row"]), **when).named(
            red.title, row=row["source_row"]
        )
    high = (rows["measure_id"] == red.id) & (rows["to_level"] == LEVELS[top])
    below = _step(ground, red, top - 1)
    return ground.drop("escalations", high).named(red.title, row=below["source_row"])


def escalation_passes_level(ground: Ground) -> Planted:
    """From the service straight to the level above."""
    red = ground.red()
    row, level = _step(ground, red, 0), str(ground.one_of("cmt", "cabinet"))
    title, where = row["title"], int(row["source_row"])
    return ground.put("escalations", where, to_level=level).named(
        title, f"{title} ({row['escalation_id']})", row=_lowest(ground, red, row, level)
    )


def _lowest(ground: Ground, red: Measure, row: pd.Series, level: str) -> int:
    """The row of the chain's lowest step past the directorate."""
    follows = [_step(ground, red, number) for number in range(1, min(red.missed, len(LEVELS)))]
    heights = {"cmt": 1, "cabinet": 2}
    steps = [(heights[level], int(row["source_row"]))]
    steps += [(heights[one["to_level"]], int(one["source_row"])) for one in follows]
    return min(steps)[1]


def escalation_is_decided(ground: Ground) -> Planted:
    """Looked at, and no day or no decision recorded."""
    rows = ground.own("escalations")
    rows = rows[rows["to_level"] == ground.told["to"]] if ground.told.get("to") else rows
    row = ground.choose(rows)
    cells = ground.one_of({"decided_on": NEVER}, {"outcome": "none"}, {"outcome": ""})
    title = row["title"]
    return ground.put("escalations", int(row["source_row"]), **cells).named(
        title, f"{title} ({row['escalation_id']})", row=row["source_row"]
    )


def _action(ground: Ground, name: str) -> pd.Series:
    return ground.lived.tables["actions"].set_index("action_id", drop=False).loc[name]


def red_has_action(ground: Ground) -> Planted:
    """None, one given up, or one that names no post or no day."""
    red = ground.red()
    row = _action(ground, f"act-{red.id}")
    where = int(row["source_row"])
    if ground.rng.random() < 0.5:
        half = ground.one_of({"owner": ""}, {"due_on": NEVER})
        return ground.put("actions", where, **half).named(red.title, row=where)
    if ground.rng.random() < 0.5:
        return ground.drop("actions", where).at_measure(red.id)
    return ground.put("actions", where, stopped_on=ground.ago(0, 40)).at_measure(red.id)


def action_is_done_in_time(ground: Ground) -> Planted:
    """Not done by its day, or done after it."""
    rows = ground.own("actions")
    row, days = ground.choose(rows), int(ground.rng.integers(1, 100))
    when: dict[str, Any] = {"due_on": ground.as_at - timedelta(days=days + 1), "done_on": NEVER}
    if ground.rng.random() < 0.5:
        when["done_on"] = when["due_on"] + timedelta(days=int(ground.rng.integers(1, days + 1)))
    return ground.put("actions", int(row["source_row"]), **when).at(row)


def action_had_effect(ground: Ground) -> Planted:
    """Nothing moved after it, or it moved to the worse."""
    stepped = [each for each in ground.lived.figures.stepped if each.service.directorate == ground.unit]
    red = ground.one_of(*stepped)
    rows, by = ground.lived.tables["observations"], ground.one_of(6, 12) * red.better
    later = [one.label for one in steps(ground.shape, red) if red.stepped_on and one.start > red.stepped_on]
    after = (rows["measure_id"] == red.id) & rows["period"].isin(later)
    changed = rows.assign(value=rows["value"].mask(after, rows["value"] - by))
    lived = replace(ground.lived.put(observations=changed), earlier={})
    row = _action(ground, f"did-{red.id}")
    return replace(ground, lived=lived).named(row["title"], row=row["source_row"])


def assurance_covers(ground: Ground) -> Planted:
    """The last look was too long ago, is still to come, or never was."""
    told, rows = ground.told, ground.lived.tables["assurances"]
    wanted = rows["subject"].str.casefold().str.contains(told.get("subject", ""), regex=False)
    if told.get("line"):
        wanted &= rows["line"] == told["line"]
    what = told.get("subject") or f"{told.get('line')} assurance"
    title = what[:1].upper() + what[1:]
    if told.get("each"):
        wanted &= rows["directorate"] == ground.unit
        title = ground.shape.council.directorate(ground.unit).name
    day = ground.one_of(None, ground.ago(int(told["months"])), ground.ahead())
    left = (
        ground.drop("assurances", wanted)
        if day is None
        else ground.put("assurances", wanted, reported_on=day)
    )
    return left.named(title)


def recommendation_is_answered(ground: Ground) -> Planted:
    """Not answered, answered on a day to come, or accepted and not done by its day."""
    told, rows, sources = ground.told, ground.own("recommendations"), ground.lived.tables["assurances"]
    if told.get("made_by"):
        rows = rows[rows["made_by"] == told["made_by"]]
    if told.get("kinds"):
        rows = rows[
            rows["assurance_id"].isin(sources.loc[sources["kind"].isin(told["kinds"]), "assurance_id"])
        ]
    if told.get("subject"):
        about = sources["subject"].str.casefold().str.contains(told["subject"], regex=False)
        rows = rows[rows["assurance_id"].isin(sources.loc[about, "assurance_id"])]
    row = ground.choose(rows)
    late = {"response": "accepted", "due_on": ground.as_at - timedelta(days=int(ground.rng.integers(1, 60)))}
    cells = ground.one_of(
        {"response": "awaited"}, {"responded_on": ground.ahead()}, late | {"done_on": NEVER}
    )
    return ground.put("recommendations", int(row["source_row"]), **cells).at(row)


def register_has_entry(ground: Ground) -> Planted:
    """None since the period began: all that were are older, or were never entered."""
    told, rows = ground.told, ground.lived.tables["registers"]
    wanted = rows["register"] == told["register"]
    wanted &= rows["directorate"] == ground.unit if ground.unit else pd.Series(True, rows.index)
    for column in ("party", "title"):
        wanted &= rows[column].str.casefold().str.contains(told.get(column, "").casefold(), regex=False)
    old = ground.ago(13)
    ends = {"opened_on": old - timedelta(days=20), "closed_on": old}
    left = (
        ground.put("registers", wanted, **ends)
        if ground.rng.random() < 0.5
        else ground.drop("registers", wanted)
    )
    return left.named(f"Register of {told['register']}")


def _entry(ground: Ground) -> pd.Series:
    rows = ground.own("registers")
    return ground.choose(rows[rows["register"] == ground.told["register"]])


def entry_is_closed_in_time(ground: Ground) -> Planted:
    """Still open, or closed after its day."""
    row = _entry(ground)
    due = ground.as_at - timedelta(days=int(ground.rng.integers(40, 200)))
    closed = ground.one_of(NEVER, ground.ahead(), due + timedelta(days=int(ground.rng.integers(1, 39))))
    return ground.put("registers", int(row["source_row"]), due_on=due, closed_on=closed).at(row)


def entry_is_reviewed(ground: Ground) -> Planted:
    row = _entry(ground)
    day = ground.one_of(NEVER, ground.ago(int(ground.told["months"]), 60), ground.ahead())
    return ground.put("registers", int(row["source_row"]), reviewed_on=day).at(row)


def entry_has_objective(ground: Ground) -> Planted:
    """None, an unknown one, or one of a plan that has ended."""
    row = _entry(ground)
    done = ground.choose(
        ground.lived.tables["objectives"].query("plan_id.str.endswith('-before')", engine="python")
    )["objective_id"]
    named = ground.one_of("", "obj-nowhere", done)
    return ground.put("registers", int(row["source_row"]), objectives=named).at(row)


def node_has_pledge(ground: Ground) -> Planted:
    """No pledge, one that names no node, or one that ended before the year."""
    rows = ground.lived.tables["registers"]
    row = ground.choose(rows[rows["register"] == "pledges"])
    end = pd.Timestamp(ground.shape.quarter.financial_year.start) - timedelta(days=1)
    cells = ground.one_of({}, {"nodes": ""}, {"due_on": end, "opened_on": end - timedelta(days=300)})
    where = int(row["source_row"])
    left = ground.put("registers", where, **cells) if cells else ground.drop("registers", where)
    return left.at_node(row["nodes"])


def contract_covers_performance(ground: Ground) -> Planted:
    rows = ground.own("registers")
    row = ground.choose(rows[rows["register"] == "contracts"])
    return ground.put("registers", int(row["source_row"]), performance_terms=ground.one_of("no", "")).at(row)


def document_is_in_force(ground: Ground) -> Planted:
    """Not on the register, ended, past its review, or not yet in force."""
    rows, titles = ground.own("registers"), tuple(ground.told["documents"])
    rows = rows[(rows["register"] == "documents") & rows["title"].str.startswith(titles)]
    row = ground.choose(rows)
    where = int(row["source_row"])
    title = next(one for one in titles if row["title"].startswith(f"{one} "))
    unit = {"service": row["service"], "board": f"Board of {_name(ground)}"}.get(
        ground.told.get("each", ""), ""
    )
    subject = f"{unit}: {title}" if unit else title
    how = ground.one_of(
        {"closed_on": ground.ago(0, 100)}, {"due_on": ground.ago(0, 100)}, {"opened_on": ground.ahead()}, {}
    )
    if not how or "opened_on" in how:
        left = ground.put("registers", where, **how) if how else ground.drop("registers", where)
        return left.named(subject)
    return ground.put("registers", where, **how).named(subject, row=where)


def _name(ground: Ground) -> str:
    return ground.shape.council.directorate(ground.unit).name if ground.unit else ""


def training_reached_staff(ground: Ground) -> Planted:
    """Fewer than planned for, or nobody says how many."""
    rows = ground.lived.tables["registers"]
    rows = rows[(rows["register"] == "training") & rows["title"].str.contains(ground.told["title"])]
    row = ground.choose(rows)
    count = ground.one_of(float("nan"), float(ground.rng.integers(0, row["planned"])))
    return ground.put("registers", int(row["source_row"]), achieved=count).at(row)


PLANTS: dict[str, Plant] = {
    each.__name__: each
    for each in (
        *(red_is_escalated, escalation_passes_level, escalation_is_decided, red_has_action),
        *(action_is_done_in_time, action_had_effect, assurance_covers, recommendation_is_answered),
        *(register_has_entry, entry_is_closed_in_time, entry_is_reviewed, entry_has_objective),
        *(node_has_pledge, contract_covers_performance, document_is_in_force, training_reached_staff),
    )
}
"""Test → what plants its defect."""
