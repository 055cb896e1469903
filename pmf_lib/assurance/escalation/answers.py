"""What answers a missed measure: its actions, and which of them are still in hand."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.evidence import Evidence

SPENT = ("no_change", "worse")
"""What came after an action that is done and no longer in hand: nothing changed for the better, and the target is missed."""


def answers(evidence: Evidence, missed: pd.DataFrame) -> pd.DataFrame:
    """Actions that answer each missed measure, and whether they are in hand still.

    An action is spent where it is done, enough is known to judge it, what was expected of it was to show by now, and the
    measure did not change for the better. Where no rules are declared no action can be judged, and none is spent.

    Returns
    -------
    DataFrame
        One row per missed measure and action: `loop.answering`, with effect and why ('' where it is not done, or the
        action was not to move this measure; as in `pmf_lib.assurance.escalation.effects`), and is_in_hand.

    Raises
    ------
    NotSentError
        Nobody sent the table of actions.
    """
    steps = evidence.tables.get("escalations", pd.DataFrame(columns=["escalation_id", "measure_id"]))
    named = loop.answering(missed, evidence.kept("actions"), steps, evidence.as_at)
    rows = named.merge(_told(evidence, named), on=["action_id", "measure_id"], how="left")
    rows = rows.assign(**rows[["effect", "why"]].astype("object").fillna("").astype("str"))
    return rows.assign(is_in_hand=~rows["effect"].isin(SPENT))


def _told(evidence: Evidence, named: pd.DataFrame) -> pd.DataFrame:
    """What came of these actions: action_id, measure_id, effect, why."""
    columns = ["action_id", "measure_id", "effect", "why"]
    if evidence.escalation is None or named.empty:
        return pd.DataFrame(columns=columns, dtype="str")
    told = loop.effects_of(evidence, evidence.escalation)
    return told.loc[told["action_id"].isin(named["action_id"]), columns]
