"""The closed loop finds each break of it, wherever it lies: what was raised, how high, how soon, and what came of the action."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from lived_council import ESCALATION, Lived, lived
from lived_detect import BATCHES
from lived_ground import Ground
from lived_measures import Measure, steps
from lived_meetings import step_id

from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.escalation import loop

FRAMEWORK = "pmf-2022-25"
TOPS = ("directorate", "cmt", "cabinet")
STATES = ("never", "too_low", "late", "in_time")


def ground(seed: int) -> tuple[Ground, Measure]:
    """A council with two measures that miss their targets, and one of them by chance."""
    of, rng = lived(seed, FRAMEWORK, True), np.random.default_rng([seed, 5])
    return Ground(of, "", {}, rng), of.figures.reds[int(rng.integers(2))]


def asked(of: Lived) -> pd.DataFrame:
    """What the rules asked of each measure that misses its target, by measure."""
    evidence = of.evidence()
    missed = loop.running(evidence, ESCALATION.counted)
    rows = loop.asked(missed, of.tables["escalations"], ESCALATION, of.shape.quarter, of.shape.as_at)
    return rows.set_index("measure_id")


FITS = {"never": range(1, 5), "too_low": range(2, 5), "late": range(1, 4), "in_time": range(1, 5)}
"""State → how long a run of misses it can befall: what was raised as high for an earlier quarter of the run is never late."""


def in_state(at: Ground, red: Measure, state: str) -> Lived:
    """The council with the measure's escalation in this state."""
    rows = at.lived.tables["escalations"]
    own, top = rows["measure_id"] == red.id, min(red.missed, len(TOPS)) - 1
    if state == "never":
        return at.drop("escalations", own).lived
    if state == "too_low":
        return at.drop("escalations", own & (rows["to_level"] == TOPS[top])).lived
    if state == "late":
        late = pd.Timestamp(at.shape.quarter.end) + timedelta(days=int(at.rng.integers(52, 56)))
        where = rows["escalation_id"] == step_id(red, at.shape.quarter, top)
        return at.put("escalations", where, raised_on=late, decided_on=late).lived
    return at.lived


def assert_state(seed: int, state: str) -> int:
    """Only the planted measure is in this state, the other one in time. 0 where both runs are too short or too long for it."""
    at, _ = ground(seed)
    fitting = [each for each in at.lived.figures.reds if each.missed in FITS[state]]
    if not fitting:
        return 0
    red = at.one_of(*fitting)
    found = asked(in_state(at, red, state))["state"]
    assert found[red.id] == state, f"seed {seed}: {red.id} is {found[red.id]}, not {state}"
    assert set(found.drop(red.id)) <= {"in_time"}, f"seed {seed}: {found.to_dict()}"
    return 1


def skip(at: Ground, red: Measure) -> tuple[Lived, str]:
    """The measure's first step of the quarter goes past a level; of two levels too many the first is missing."""
    row = at.lived.tables["escalations"].set_index("escalation_id").loc[step_id(red, at.shape.quarter, 0)]
    level = at.one_of("cmt", "cabinet")
    return at.put("escalations", int(row["source_row"]), to_level=level).lived, step_id(
        red, at.shape.quarter, 0
    )


def assert_skip_is_found(seed: int) -> None:
    at, red = ground(seed)
    assert loop.skipped(at.lived.tables["escalations"], ESCALATION).empty
    made, step = skip(at, red)
    found = loop.skipped(made.tables["escalations"], ESCALATION)
    assert found[["escalation_id", "missing_level"]].to_numpy().tolist() == [[step, "directorate"]], (
        f"seed {seed}"
    )


EFFECTS = {"better": 6.0, "worse": -6.0, "no_change": 0.0}


def after_action(seed: int, effect: str) -> tuple[Lived, str]:
    """A council whose first action was followed by this effect, planted in the measure's series."""
    at = Ground(lived(seed, FRAMEWORK, True), "", {}, np.random.default_rng([seed, 7]))
    measure = at.one_of(*at.lived.figures.stepped)
    size = float(at.rng.uniform(0.8, 1.5)) * EFFECTS[effect] - 6.0
    rows = at.lived.tables["observations"]
    later = [
        one.label
        for one in steps(at.shape, measure)
        if pd.Timestamp(one.start) > pd.Timestamp(measure.stepped_on)
    ]
    moved = (rows["measure_id"] == measure.id) & rows["period"].isin(later)
    value = rows["value"].mask(moved, rows["value"] + size * measure.better)
    return at.lived.put(observations=rows.assign(value=value)), f"did-{measure.id}"


def effects_of(of: Lived) -> pd.Series:
    """By action what came after it, of a whole council."""
    evidence = replace(of.evidence(), escalation=ESCALATION)
    return loop.effects_of(evidence, ESCALATION).set_index("action_id")["effect"]


def assert_effect(seed: int, effect: str) -> None:
    of, action = after_action(seed, effect)
    found = effects_of(of)
    assert found[action] == effect, f"seed {seed}: {action} is {found[action]}, not {effect}"
    assert set(found.drop(action)) <= {"better"}, f"seed {seed}: {found.to_dict()}"


def early(seed: int) -> None:
    """An action done so lately that fewer results came after it than are needed."""
    at = Ground(lived(seed, FRAMEWORK, True), "", {}, np.random.default_rng([seed, 9]))
    measure = at.one_of(*(one for one in at.lived.figures.measures if one.frequency == "quarterly"))
    row = at.choose(at.lived.tables["actions"])
    ends = [one.end for one in steps(at.shape, measure)]
    done = ends[-int(at.rng.integers(2, 6))]
    made = at.put("actions", int(row["source_row"]), measures=measure.id, done_on=done).lived
    assert effects_of(made)[row["action_id"]] == "too_early", f"seed {seed}"


def breaks(at: Ground, red: Measure) -> dict[str, Lived]:
    """Each link of the loop broken in turn, where it can be."""
    action = at.lived.tables["actions"].set_index("action_id").loc[f"act-{red.id}"]
    steps_of = at.lived.tables["escalations"]["measure_id"] == red.id
    where, late = int(action["source_row"]), at.as_at - timedelta(days=int(at.rng.integers(1, 90)))
    done = steps(at.shape, red)[-9].end
    long_ago = {"raised_on": done - timedelta(days=90), "due_on": done, "done_on": done, "expected_by": done}
    return {
        "under_way": at.lived,
        "not_escalated": at.drop("escalations", steps_of).lived,
        "not_decided": at.put("escalations", steps_of, decided_on=pd.NaT).lived,
        "no_action": at.drop("actions", where).lived,
        "overdue": at.put("actions", where, due_on=late).lived,
        "no_change": at.put("actions", where, **long_ago).lived,
    }


def assert_loop_stands(seed: int) -> None:
    at, red = ground(seed)
    for stands, made in breaks(at, red).items():
        rows = loop.closed_loop(made.evidence(), ESCALATION).set_index("measure_id")["stands"]
        assert rows[red.id] == stands, f"seed {seed}: {red.id} stands at {rows[red.id]}, not at {stands}"
        assert set(rows.drop(red.id)) <= {"under_way"}, f"seed {seed}: {rows.to_dict()}"
        assert_action_in_hand(seed, made, red, is_in_hand=stands not in ("no_action", "no_change"))


def assert_action_in_hand(seed: int, made: Lived, red: Measure, *, is_in_hand: bool) -> None:
    """The duty that a missed measure has an action fails of this measure where none is in hand, and of no other."""
    evidence = replace(made.evidence(), escalation=ESCALATION)
    found = TESTS["red_has_action"](evidence).exceptions["subject"].tolist()
    titles = evidence.rated.set_index("measure_id")["title"]
    assert found == ([] if is_in_hand else [titles[red.id]]), f"seed {seed}: {red.id}, {found}"


def assert_all_is_found(seed: int) -> None:
    """Whatever is planted in the council of this seed."""
    assert_loop_stands(seed)
    assert_skip_is_found(seed)
    early(seed)
    for effect in EFFECTS:
        assert_effect(seed, effect)


@pytest.mark.parametrize("state", STATES)
def test_an_escalation_is_found_in_the_state_in_which_it_was_planted(state: str) -> None:
    assert any(assert_state(seed, state) for seed in range(3))


def test_a_step_past_a_level_is_the_one_that_is_found() -> None:
    assert_skip_is_found(0)


@pytest.mark.parametrize("effect", EFFECTS)
def test_what_came_after_an_action_is_told(effect: str) -> None:
    assert_effect(0, effect)


def test_the_loop_stands_at_the_link_that_was_broken() -> None:
    assert_loop_stands(0)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_states_skipped_levels_effects_and_broken_links_are_found_over_more_seeds(seeds: range) -> None:
    planted = dict.fromkeys(STATES, 0)
    for seed in seeds:
        assert_all_is_found(seed)
        for state in STATES:
            planted[state] += assert_state(seed, state)
    assert min(planted.values()) > 0
