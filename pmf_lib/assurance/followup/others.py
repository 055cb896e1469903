"""What others recommended (auditors, inspectors, scrutiny), and where each of their recommendations stands."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

STATES = ("overdue", "reopened", "open", "declined", "done")
"""Where one may stand, what asks most of a reader first."""
COLUMNS = ("recommendation_id", "what", "by_whom", "directorate", "state", "due_on", "done_on", "owner")


def others(
    rows: pd.DataFrame, history: pd.DataFrame, providers: pd.Series[str], bodies: dict[str, str], as_at: date
) -> pd.DataFrame:
    """Recommendations that others had made by a day, and where each stands.

    Parameters
    ----------
    rows
        The table of recommendations, as it stood on the day.
    history
        The same table with every row that had been recorded by then.
    providers
        Source of assurance → who gave it.
    bodies
        Id of a body → its words.
    as_at
        The day.

    Returns
    -------
    DataFrame
        One row per recommendation, as `STATES` order them, then by their days: recommendation_id, what, by_whom (empty where nobody
        is named), directorate, state (done; declined: answered with no; reopened: an earlier row called it done and this one doesn't; overdue;
        open), due_on, done_on, owner.
    """
    now = pd.Timestamp(as_at)
    made = rows[rows["raised_on"] <= now].reset_index(drop=True)
    is_done = made["done_on"] <= now
    was_done = history.loc[history["done_on"] <= now, "recommendation_id"]
    rules = {
        "done": is_done,
        "declined": made["response"] == "rejected",
        "reopened": made["recommendation_id"].isin(was_done),
        "overdue": made["due_on"] < now,
    }
    source = made["assurance_id"].map(providers).astype("object").fillna("")
    told = made.assign(
        state=np.select(list(rules.values()), list(rules), default="open"),
        what=made["title"],
        by_whom=source.where(source != "", made["made_by"].map(bodies).astype("object").fillna("")),
    )
    ranked = told.assign(_rank=told["state"].map({state: place for place, state in enumerate(STATES)}))
    return ranked.sort_values(["_rank", "due_on"], kind="stable").reset_index(drop=True)[list(COLUMNS)]
