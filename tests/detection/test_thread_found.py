"""Each kind of break of the golden thread is found where it was planted, alone, or with what rightly follows from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from lived_council import lived
from lived_detect import BATCHES, PLANTS, SEEDS
from lived_ground import Ground, Planted

from pmf_lib.assurance import thread

PLEDGED = "wpf-2009"
NOT_PLEDGED = "pmf-2022-25"


def nobody_owns(ground: Ground) -> Planted:
    """Every objective that serves one node names no post."""
    node = str(ground.one_of(*ground.shape.nodes))
    served = ground.lived.tables["objectives"]["nodes"].str.split("; ").map(lambda nodes: node in nodes)
    return ground.put("objectives", served.astype(bool), owner="").at_node(node)


def in_circle(ground: Ground) -> Planted:
    """A directorate's objective is put under one of its own services'."""
    above = f"top-{ground.unit}"
    rows = ground.own("objectives").set_index("objective_id", drop=False)
    below = ground.choose(rows[(rows["parent"] == above) & ~rows["plan_id"].str.endswith("-before")])
    circle = rows.loc[sorted([above, below["objective_id"]])]
    put = ground.put("objectives", int(rows.loc[above, "source_row"]), parent=below["objective_id"])
    return put.named(*circle["title"], row=0)


def parent_gone(ground: Ground) -> Planted:
    """Under one that nobody knows, or that was of the year before."""
    rows = ground.own("objectives")
    row = ground.choose(rows[rows["parent"].ne("") & ~rows["plan_id"].str.endswith("-before")])
    parent = ground.one_of("obj-nowhere", f"top-{ground.unit}-done")
    return ground.put("objectives", int(row["source_row"]), parent=parent).at(row)


def adrift(ground: Ground) -> Planted:
    """No objective above, and no node of this framework."""
    rows = ground.own("objectives")
    row = ground.choose(rows[rows["parent"].ne("") & ~rows["plan_id"].str.endswith("-before")])
    return ground.put("objectives", int(row["source_row"]), parent="", nodes="").at(row)


def empty_plan(ground: Ground) -> Planted:
    """A service's plan without any objective."""
    plans = ground.own("plans")
    plan = ground.choose(plans[(plans["level"] == "service") & ~plans["plan_id"].str.endswith("-before")])
    return ground.drop("objectives", ground.lived.tables["objectives"]["plan_id"] == plan["plan_id"]).at(plan)


def no_conversations(ground: Ground) -> Planted:
    """A service tells of none since the last whole year, or never told of any."""
    service, rows = ground.service(), ground.lived.tables["conversations"]
    own = (rows["directorate"] == service.directorate) & (rows["service"] == service.name)
    if ground.rng.random() < 0.5:
        own &= rows["year"] == ground.shape.this_year.shift(-1).label
    return ground.drop("conversations", own).at_service(service)


def fewer_held(ground: Ground) -> Planted:
    """Fewer than all staff, in the last whole year."""
    year = ground.shape.this_year.shift(-1).label
    rows = ground.own("conversations")
    row = ground.choose(rows[rows["year"] == year])
    held = float(ground.rng.integers(1, row["staff_n"]))
    put = ground.put("conversations", int(row["source_row"]), held_n=held, linked_n=held)
    return put.named(row["service"], f"{row['service']} ({row['directorate']})", row=row["source_row"])


Kind = tuple[Callable[[Ground], Planted], str, bool, tuple[str, ...]]
KINDS: dict[str, Kind] = {
    "node_without_measure": (PLANTS["node_has_measures"], NOT_PLEDGED, True, ("measure_adrift",)),
    "node_without_objective": (PLANTS["node_has_objective"], NOT_PLEDGED, True, ()),
    "node_without_owner": (nobody_owns, NOT_PLEDGED, True, ("node_without_owner",)),
    "pledge_without_objective": (PLANTS["entry_has_objective"], PLEDGED, True, ()),
    "objectives_in_circle": (in_circle, NOT_PLEDGED, False, ()),
    "objective_parent_gone": (parent_gone, NOT_PLEDGED, False, ()),
    "objective_adrift": (adrift, NOT_PLEDGED, False, ()),
    "objective_without_measure": (PLANTS["objective_has_measure"], NOT_PLEDGED, False, ()),
    "measure_adrift": (PLANTS["measure_is_linked"], NOT_PLEDGED, False, ()),
    "service_without_plan": (PLANTS["plan_is_in_force"], NOT_PLEDGED, False, ("objective_parent_gone",)),
    "plan_without_objective": (empty_plan, NOT_PLEDGED, False, ()),
    "service_without_conversations": (no_conversations, NOT_PLEDGED, False, ()),
    "conversations_not_held": (fewer_held, NOT_PLEDGED, False, ()),
    "conversations_adrift": (PLANTS["conversations_link_objectives"], NOT_PLEDGED, False, ()),
}
"""Kind of break → what plants it, in which framework's council, is it asked of the whole council, and what may follow from it."""
TOLD = {
    "pledge_without_objective": {"register": "pledges"},
    "service_without_plan": {"level": "service"},
    "conversations_adrift": {"percent": 100},
}
WHEREVER = ("objectives_in_circle", "service_without_plan", "node_without_owner")
"""Kinds whose row depends on the records around them."""


def found(kind: str, seed: int) -> tuple[Planted, pd.DataFrame]:
    plant, framework, is_whole, _ = KINDS[kind]
    of, rng = lived(seed, framework), np.random.default_rng([seed, *map(ord, kind)])
    unit = "" if is_whole else str(rng.choice(of.shape.units))
    planted = plant(Ground(of, unit, TOLD.get(kind, {}), rng))
    return planted, thread.breaks(planted.lived.evidence(unit))


def assert_break_is_found(kind: str, seed: int) -> None:
    planted, rows = found(kind, seed)
    own = rows[(rows["kind"] == kind) & rows["subject"].isin(planted.subjects)]
    assert len(own) == 1, f"seed {seed}, {kind}: {rows[['kind', 'subject', 'condition']].to_numpy().tolist()}"
    assert kind in WHEREVER or own["source_row"].iloc[0] == planted.row, f"seed {seed}, {kind}"
    others = rows.drop(own.index)
    assert set(others["kind"]) <= set(KINDS[kind][3]), f"seed {seed}, {kind}: {others['condition'].tolist()}"


def test_every_kind_of_break_is_planted() -> None:
    assert set(KINDS) == set(thread.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_break_is_the_one_that_is_found(kind: str) -> None:
    assert_break_is_found(kind, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_planted_breaks_are_the_ones_that_are_found_over_more_seeds(seeds: range) -> None:
    for seed in seeds:
        for kind in KINDS:
            assert_break_is_found(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("framework", [PLEDGED, NOT_PLEDGED])
def test_the_thread_is_whole_in_more_councils_in_which_the_framework_is_lived(framework: str) -> None:
    for seed in range(min(SEEDS, 10)):
        of = lived(seed, framework)
        for unit in of.units:
            evidence = of.evidence(unit)
            assert thread.breaks(evidence).empty
            assert (thread.reach(evidence)["state"] == "whole").all()
            assert thread.unknown(evidence) == []
