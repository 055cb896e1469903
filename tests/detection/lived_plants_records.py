"""Defects of measures, figures, targets and links, one function for each test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
from lived_ground import NEVER, Ground, Plant, Planted
from lived_measures import Measure, steps

FINDING = {
    "rule": "value.unit-slip",
    "severity": "warning",
    "table": "observations",
    "source_file": "observations.csv",
    "source_sheet": "",
    "column": "value",
    "got": "0.9",
    "expected": "about 90",
    "mend": "Send it again",
    "title": "",
    "owner": "",
}


def _measure(ground: Ground, *places: int) -> Measure:
    """A measure of the unit that misses nothing and did not step, at one of these places in its service."""
    own = [each for each in _kept(ground, *places) if not each.missed and not each.stepped_on]
    return ground.one_of(*own)


def _kept(ground: Ground, *places: int) -> list[Measure]:
    """Measures of the unit, at one of these places in their service."""
    own = [each for each in ground.lived.figures.measures if ground.unit in ("", each.service.directorate)]
    return [each for each in own if each.place in (places or (1, 2, 3))]


def _row(ground: Ground, measure: Measure) -> pd.Series:
    return ground.lived.tables["measures"].set_index("measure_id", drop=False).loc[measure.id]


def _told(column: str, *values: object) -> Plant:
    """A measure leaves a column empty."""

    def plant(ground: Ground) -> Planted:
        row = _row(ground, _measure(ground))
        return ground.put("measures", int(row["source_row"]), **{column: ground.one_of(*values)}).at(row)

    return plant


def measure_is_linked(ground: Ground) -> Planted:
    """Its links are gone, of another framework, or of another year."""
    row = _row(ground, _measure(ground))
    own = ground.lived.tables["links"]["measure_id"] == row["measure_id"]
    year = ground.shape.quarter.financial_year
    cells = ground.one_of({}, {"framework": "other"}, {"valid_to": year.shift(-1).label, "valid_from": ""})
    left = ground.put("links", own, **cells) if cells else ground.drop("links", own)
    return left.at(row)


def measure_has_target(ground: Ground) -> Planted:
    """It has none, or one from a later period on."""
    measure = _measure(ground, 1, 2)
    targets = ground.lived.tables["targets"]
    own = targets["measure_id"] == measure.id
    later = steps(ground.shape, measure)[-1].shift(2).label
    changed = targets[~own].reset_index(drop=True)
    if ground.rng.random() < 0.5:
        changed = targets.assign(from_period=targets["from_period"].where(~own, later))
    lived = ground.lived.rated_again(measure.id, targets=changed)
    return replace(ground, lived=lived).at_measure(measure.id)


def target_is_approved(ground: Ground) -> Planted:
    """By nobody, on no day, or on a day to come."""
    measure = _measure(ground, 1, 2)
    rows = ground.lived.tables["targets"].set_index("measure_id").loc[measure.id]
    cells = ground.one_of({"approved_by": ""}, {"approved_on": NEVER}, {"approved_on": ground.ahead()})
    where = int(rows["source_row"])
    return ground.put("targets", where, **cells).named(measure.title, row=where)


def _absent(*places: int) -> Plant:
    """The newest figure of a measure was never sent."""

    def plant(ground: Ground) -> Planted:
        measure = ground.one_of(*_kept(ground, *places))
        gone = ground.lived.rated_again(measure.id, observations=_without_last(ground, [measure]))
        return replace(ground, lived=gone).named(measure.title)

    return plant


def _without_last(ground: Ground, measures: list[Measure]) -> pd.DataFrame:
    """Observations without the newest period of these measures."""
    rows = ground.lived.tables["observations"]
    last = {each.id: steps(ground.shape, each)[-1].label for each in measures}
    return rows[rows["measure_id"].map(last) != rows["period"]].reset_index(drop=True)


def node_has_current_value(ground: Ground) -> Planted:
    """Of no measure of a node is the newest figure there."""
    lived = ground.lived
    behind = {
        node: {row["measure_id"] for row in lived.figures.links if row["node"] == node}
        for node in ground.shape.nodes
    }
    alone = [one for one, ids in behind.items() if sum(other <= ids for other in behind.values()) == 1]
    node = str(ground.one_of(*alone))
    own = [each for each in lived.figures.measures if each.id in behind[node]]
    gone = _without_last(ground, own)
    for each in own:
        lived = lived.rated_again(each.id, observations=gone)
    return replace(ground, lived=lived).at_node(node)


def outside_data_is_on_time(ground: Ground) -> Planted:
    return _absent({"provider": 2, "external_framework": 3}[ground.told["asked_by"]])(ground)


def _of_node(table_cells: dict[str, object]) -> Plant:
    """All links of a node get these cells."""

    def plant(ground: Ground) -> Planted:
        node = str(ground.one_of(*ground.shape.nodes))
        own = ground.lived.tables["links"]["node"] == node
        return ground.put("links", own, **table_cells).at_node(node)

    return plant


def node_has_measures(ground: Ground) -> Planted:
    """Its measures are made to lead to another node."""
    node, other = (str(one) for one in ground.rng.permutation(ground.shape.nodes)[:2])
    own = ground.lived.tables["links"]["node"] == node
    return ground.put("links", own, node=other).at_node(node)


def node_has_customer_measure(ground: Ground) -> Planted:
    """Its links to measures for customers lead to another node instead."""
    node, other = (str(one) for one in ground.rng.permutation(ground.shape.nodes)[:2])
    links = ground.lived.tables["links"]
    customers = [each.id for each in ground.lived.figures.measures if each.place == 1]
    return ground.put(
        "links", (links["node"] == node) & links["measure_id"].isin(customers), node=other
    ).at_node(node)


def measures_of_both_kinds(ground: Ground) -> Planted:
    """All of one kind."""
    kept, gone = ground.rng.permutation(["quantitative", "qualitative"])
    every = ground.lived.tables["measures"]["measure_id"] != ""
    return ground.put("measures", every, evidence_kind=str(kept)).named(f"{gone} measures")


def promise_has_measures(ground: Ground) -> Planted:
    """The measures of one promise track another, or none."""
    first, second = ground.rng.permutation([one.title for one in ground.shape.framework.promises])[:2]
    own = ground.lived.tables["measures"]["promise"] == first
    return ground.put("measures", own, promise=ground.one_of("", str(second))).named(str(first))


def measure_is_compared(ground: Ground) -> Planted:
    """No figure of others for its newest period: none at all, none known, or an older one."""
    row = _row(ground, ground.one_of(*_kept(ground, 1)))
    own = ground.lived.tables["comparators"]["measure_id"] == row["measure_id"]
    cells = ground.one_of({}, {"value": float("nan")}, {"period": "2005-06"})
    left = ground.put("comparators", own, **cells) if cells else ground.drop("comparators", own)
    return left.at(row)


def framework_is_reviewed(ground: Ground) -> Planted:
    """The day of its review has gone by, and none of its reviews was closed."""
    registers = ground.lived.tables["registers"]
    ground = ground.put("registers", registers["register"] == "framework-reviews", closed_on=NEVER)
    review = ground.shape.framework.review
    late = review.due + timedelta(days=int(ground.rng.integers(1, 300))) if review else ground.shape.as_at
    shape = replace(ground.shape, as_at=late)
    return replace(ground, lived=replace(ground.lived, shape=shape)).named(ground.shape.framework.title)


def records_are_sound(ground: Ground) -> Planted:
    """One value that reading found doubtful, or left out."""
    measure = _measure(ground)
    number = int(ground.choose(ground.own("observations"))["source_row"])
    said = {"source_row": number, "directorate": ground.unit, "measure_id": measure.id}
    how = ground.one_of({}, {"severity": "error", "rule": "cell.empty"})
    row = pd.DataFrame([FINDING | said | how]).reindex(columns=ground.lived.findings.columns)
    found = row.astype(ground.lived.findings.dtypes)
    lived = replace(ground.lived, findings=found)
    return replace(ground, lived=lived).named(f"observations.csv, row {number}", row=number)


def missed_target_is_explained(ground: Ground) -> Planted:
    """No commentary, an empty one, or one on another quarter."""
    red = ground.red()
    own = ground.lived.tables["commentary"]["measure_id"] == red.id
    cells = ground.one_of({}, {"text": " "}, {"quarter": ground.shape.quarter.shift(-1).label})
    left = ground.put("commentary", own, **cells) if cells else ground.drop("commentary", own)
    return left.at_measure(red.id)


def measure_can_be_relied_on(ground: Ground) -> Planted:
    row = _row(ground, _measure(ground))
    judged = ground.lived.reliance.copy()
    judged[row["measure_id"]] = "do_not_rely"
    return replace(ground, lived=replace(ground.lived, reliance=judged)).at(row)


def doubtful_measure_has_action(ground: Ground) -> Planted:
    """The action was stopped, or never begun."""
    actions, doubtful = ground.lived.tables["actions"], ground.lived.figures.doubtful
    own = actions["measures"] == doubtful
    row = _row(ground, ground.lived.figures.by_id[doubtful])
    cells = ground.one_of({}, {"stopped_on": ground.ago(0, 40)}, {"raised_on": ground.ahead()})
    left = ground.put("actions", own, **cells) if cells else ground.drop("actions", own)
    return left.at(row)


def measure_does_not_worsen(ground: Ground) -> Planted:
    """It stepped to the worse eight to ten periods ago, by six times its swing, and its target is easier still."""
    measure = _measure(ground)
    since = [one.label for one in steps(ground.shape, measure)[-int(ground.rng.integers(8, 11)) :]]
    rows, targets = (ground.lived.tables[name] for name in ("observations", "targets"))
    down = (rows["measure_id"] == measure.id) & rows["period"].isin(since)
    easier = targets["target"] - 9 * measure.better
    lived = ground.lived.rated_again(
        measure.id,
        observations=rows.assign(value=rows["value"].mask(down, rows["value"] - 6 * measure.better)),
        targets=targets.assign(target=targets["target"].mask(targets["measure_id"] == measure.id, easier)),
    )
    return replace(ground, lived=lived).at_measure(measure.id)


def target_is_met(ground: Ground) -> Planted:
    """A target that is out of reach."""
    measure, targets = _measure(ground, 1, 2), ground.lived.tables["targets"]
    harder = targets["target"] + ground.rng.uniform(8, 20) * measure.better
    changed = targets.assign(target=targets["target"].mask(targets["measure_id"] == measure.id, harder))
    lived = ground.lived.rated_again(measure.id, targets=changed)
    return replace(ground, lived=lived).at_measure(measure.id)


PLANTS: dict[str, Plant] = {
    each.__name__: each
    for each in (
        *(measure_is_linked, measure_has_target, target_is_approved, node_has_current_value),
        *(outside_data_is_on_time, node_has_measures, node_has_customer_measure, measures_of_both_kinds),
        *(promise_has_measures, measure_is_compared, framework_is_reviewed, records_are_sound),
        *(missed_target_is_explained, measure_can_be_relied_on, doubtful_measure_has_action),
        *(measure_does_not_worsen, target_is_met),
    )
} | {
    "measure_has_owner": _told("owner", ""),
    "measure_has_definition": _told("definition", ""),
    "data_is_on_time": _absent(1, 2, 3),
    "node_has_direct_measure": _of_node({"directness": "proxy"}),
    "node_has_balanced_measures": _of_node({"perspective": "finance"}),
}
"""Test → what plants its defect."""
