"""What awaits a decision, and of which level: what was raised and not decided on, what ought to have come to it, and what changed nothing.

Frames in, frames out. The days that are left, and the levels, are those of ``parameters/schemes/escalation.yml``.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.checks.escalation import MEETS_AS
from pmf_lib.assurance.escalation.answers import SPENT
from pmf_lib.assurance.escalation.loop import is_decided
from pmf_lib.assurance.escalation.rules import EscalationScheme, rank

KINDS = ("decide", "deferred", "raise", "again")
"""What is asked: a decision on what was raised; one that was put off; to take up what was never raised so high; to decide
anew, as what was done changed nothing for the better."""
COLUMNS = (
    *("level", "kind", "measure_id", "about", "title", "directorate", "raised_by", "raised_on"),
    *("since", "due_on", "is_overdue", "running_n", "reached_level", "effect"),
)
NOT_RAISED = ("never", "lapsed", "too_low")


def awaited(
    steps: pd.DataFrame, meetings: pd.DataFrame, loop: pd.DataFrame, scheme: EscalationScheme, as_at: date
) -> pd.DataFrame:
    """Everything that awaits a decision of some level, over all units.

    Parameters
    ----------
    steps
        Steps of escalations as they stood on the as-at date.
    meetings
        Meetings as they stood, held or planned; without rows where none is known.
    loop
        The closed loop of every missed measure (`pmf_lib.assurance.escalation.loop.closed_loop`) with its `directorate`.
    scheme, as_at
        The rules, and the only today.

    Returns
    -------
    DataFrame
        One row per thing that awaits a decision: `COLUMNS`. The highest level first; at each level what is overdue, then what
        has waited longest. ``since`` is the day from which it waits: raised, put off, to be raised by (NaT where that was in an
        earlier quarter), or the last action done. ``due_on`` is NaT where the rules name no day.
    """
    parts = [undecided(steps, meetings, scheme, as_at), unraised(loop), spent(loop)]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    order = rows.assign(height=-rank(rows["level"]), late=~rows["is_overdue"].astype(bool))
    order = order.sort_values(["height", "late", "since", "title"], kind="stable", na_position="first")
    return rows.loc[order.index, list(COLUMNS)].reset_index(drop=True)


def undecided(
    steps: pd.DataFrame, meetings: pd.DataFrame, scheme: EscalationScheme, as_at: date
) -> pd.DataFrame:
    """Steps raised by the as-at date on which nothing is decided, or that were put off; one that another step follows waits no more."""
    known = steps[steps["raised_on"] <= pd.Timestamp(as_at)]
    is_off = is_decided(known, as_at) & (known["outcome"] == "deferred")
    waits = (~is_decided(known, as_at) | is_off) & ~known["escalation_id"].isin(known["follows"])
    rows, off = known[waits], is_off[waits]
    due = decide_by(rows, meetings, scheme).mask(off)
    made = pd.DataFrame(
        {
            "level": rows["to_level"],
            "kind": off.map({True: "deferred", False: "decide"}).astype("str"),
            "since": rows["raised_on"].mask(off, rows["decided_on"]),
            "due_on": due,
            "is_overdue": due < pd.Timestamp(as_at),
        }
    )
    own = rows[["measure_id", "about", "title", "directorate", "raised_by", "raised_on"]]
    return _filled(pd.concat([made, own], axis=1))


def decide_by(
    steps: pd.DataFrame, meetings: pd.DataFrame, scheme: EscalationScheme
) -> pd.Series[pd.Timestamp]:
    """The day by which each step is to be decided on: the next meeting of its level after it was raised (or the day on which the
    level looked at it), else so many days after it was raised.
    """
    left = steps["raised_on"] + pd.Timedelta(days=scheme.decide_within_days)
    own = pd.DataFrame({"body": steps["to_level"].replace(MEETS_AS), "raised_on": steps["raised_on"]})
    own["unit"] = steps["directorate"].where(own["body"].isin(MEETS_AS.values()), "")
    met = meetings.loc[meetings["state"] != "cancelled", ["body", "directorate", "held_on"]]
    met = met.assign(unit=met["directorate"].where(met["body"].isin(MEETS_AS.values()), ""))
    pairs = own.reset_index(names="at").merge(met, on=["body", "unit"])
    after = pairs[pairs["held_on"] > pairs["raised_on"]]
    following = after.groupby("at")["held_on"].min().reindex(steps.index)
    return following.fillna(steps["received_on"]).fillna(left)


def unraised(loop: pd.DataFrame) -> pd.DataFrame:
    """Missed measures that ought to have come to a level by the as-at date, and were not raised, or not so high, or too long ago."""
    rows = loop[loop["escalation"].isin(NOT_RAISED)].drop_duplicates("measure_id")
    days = pd.to_datetime(rows["asked_by"])
    own = rows[["measure_id", "title", "directorate", "running_n", "reached_level"]]
    made = own.assign(
        level=rows["asked_level"], kind="raise", about="measure", since=days, due_on=days, is_overdue=True
    )
    return _filled(made)


def spent(loop: pd.DataFrame) -> pd.DataFrame:
    """Missed measures that were raised and decided on, and of which all that was done changed nothing for the better."""
    answered = loop.loc[~loop["stands"].isin(SPENT), "measure_id"]
    rows = loop[~loop["measure_id"].isin(answered)]
    rows = rows.assign(done_on=pd.to_datetime(rows["done_on"])).sort_values("done_on", kind="stable")
    rows = rows.drop_duplicates("measure_id", keep="last")
    own = rows[["measure_id", "title", "directorate", "running_n", "reached_level", "effect"]]
    level = rows["reached_level"].where(rows["reached_level"] != "", "directorate")
    made = own.assign(level=level, kind="again", about="measure", since=rows["done_on"], is_overdue=False)
    return _filled(made)


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every column of `COLUMNS`, empty where nothing is said."""
    days = {name: pd.to_datetime(rows.get(name, pd.Series(pd.NaT, rows.index))) for name in _DAYS}
    texts = {
        name: rows.get(name, pd.Series("", rows.index)).astype("object").fillna("").astype("str")
        for name in COLUMNS
        if name not in (*_DAYS, "is_overdue", "running_n")
    }
    count = rows.get("running_n", pd.Series(0, rows.index)).fillna(0).astype("int64")
    made = pd.DataFrame(texts | days, index=rows.index)
    late = rows["is_overdue"].fillna(value=False).astype(bool)
    return made.assign(is_overdue=late, running_n=count)[list(COLUMNS)]


_DAYS = ("raised_on", "since", "due_on")
