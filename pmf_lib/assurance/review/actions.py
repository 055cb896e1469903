"""Actions of the year, and what came after those that were done.

An action is of the year where it was in hand on some day of it. What came after one is told of those done in the year or in the
one before, since a figure needs time to show anything; a shift after an action is no proof that the action brought it about.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.periods import Period

STATES = ("overdue", "done_late", "under_way", "stopped", "done_in_time")
"""Where an action stands on the as-at date, what asks for something first."""
EFFECTS = ("better", "worse", "no_change", "too_early", "not_testable")
"""What is said of an action that was to move several measures: the first of these that holds of any."""
JUDGED = EFFECTS[:3]
COLUMNS = (
    "action_id",
    "title",
    "directorate",
    "owner",
    "raised_on",
    "due_on",
    "done_on",
    "stopped_on",
    "state",
)


def of_year(actions: pd.DataFrame, year: Period, as_at: date) -> pd.DataFrame:
    """The actions that were in hand in the year.

    Parameters
    ----------
    actions
        The table of records, as it stood on the as-at date.
    year, as_at
        The financial year, and the only today.

    Returns
    -------
    DataFrame
        One row per action: `COLUMNS`. ``state`` is one of `STATES`; an action without a day can't be late. What was done or
        stopped after the as-at date has not happened.
    """
    today, first = pd.Timestamp(as_at), pd.Timestamp(year.start)
    rows = actions[actions["raised_on"] <= min(today, pd.Timestamp(year.end))]
    done, stopped = (rows[name].where(rows[name] <= today) for name in ("done_on", "stopped_on"))
    cases = {
        "done_late": done > rows["due_on"],
        "done_in_time": done.notna(),
        "stopped": stopped.notna(),
        "overdue": rows["due_on"] < today,
    }
    state = pd.Series(np.select(list(cases.values()), list(cases), "under_way"), rows.index, dtype="str")
    ended = done.fillna(stopped)
    told = rows.assign(done_on=done, stopped_on=stopped, state=state)
    return told[~(ended < first)][list(COLUMNS)].reset_index(drop=True)


def counts(found: pd.DataFrame) -> dict[str, int]:
    """How many actions stand at each state (`of_year`), in the order of `STATES`; they add up to all."""
    there = found["state"].value_counts()
    return {state: int(there.get(state, 0)) for state in STATES}


def by_action(effects: pd.DataFrame) -> pd.DataFrame:
    """What came after each action that was done, over the measures that it was to move.

    Parameters
    ----------
    effects
        One row per action and measure, as from `pmf_lib.assurance.escalation.effects.effects`.

    Returns
    -------
    DataFrame
        One row per action, those that worked first: action_id, title, owner, done_on, measure, effect (the first of `EFFECTS`
        that holds of any measure), why (what the results of that measure say).
    """
    place = effects["effect"].map({effect: number for number, effect in enumerate(EFFECTS)})
    ordered = effects.assign(place=place).sort_values("place", kind="stable")
    columns = ["action_id", "title", "owner", "done_on", "measure", "effect", "why"]
    return ordered.drop_duplicates("action_id")[columns].reset_index(drop=True)


def outcomes(told: pd.DataFrame) -> dict[str, int]:
    """How many actions were followed by what (`by_action`), in the order of `EFFECTS`; they add up to all."""
    there = told["effect"].value_counts()
    return {effect: int(there.get(effect, 0)) for effect in EFFECTS}
