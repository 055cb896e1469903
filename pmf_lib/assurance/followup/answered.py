"""What management answered to recommendations: accepted with an action, a post and a day, or rejected with a reason."""

from __future__ import annotations

import pandas as pd

KEYS = ["unit_id", "clause"]
SAYS = ("answer", "action", "owner", "due_on")


def answered(listed: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The same list with these answers; the last about a clause of a unit counts, and what is closed takes none.

    Parameters
    ----------
    listed
        As from `pmf_lib.assurance.followup.chain.followed`.
    answers
        One row per answer, the oldest first: unit_id, clause, answer (accepted or rejected), action (of what is rejected: why), owner (the
        post that answers), due_on (the day accepted; none where it is rejected).

    Returns
    -------
    DataFrame
        The rows of `listed`. What is rejected keeps the day asked for: the duty stands until it is met.
    """
    newest = answers.drop_duplicates(KEYS, keep="last").set_index(KEYS)
    keys = pd.MultiIndex.from_frame(listed[KEYS])
    found = newest.reindex(keys).set_axis(listed.index)[list(SAYS)]
    holds = pd.Series(keys.isin(newest.index), listed.index) & (listed["state"] != "closed")
    days = pd.to_datetime(found["due_on"]).astype("datetime64[us]").fillna(listed["asked_by"])
    said = found.assign(due_on=days)
    return listed.assign(**{name: listed[name].mask(holds, said[name]) for name in SAYS})
