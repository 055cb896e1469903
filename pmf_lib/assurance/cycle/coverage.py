"""How far a body has covered its year: what was heard, what can still be heard, and what no meeting is left for.

The measure is the minimum: each item once in the annual cycle. How often the text would have it is told beside, and fails
nobody here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.assurance.checks.common import directorates
from pmf_lib.assurance.cycle.agendas import agenda_calendar, asked_items
from pmf_lib.assurance.evidence import Evidence

CHANCES = ("heard", "can_be_heard", "none_left", "unknown")
"""What the year holds for an item of an agenda."""
OUTLOOKS = ("covered", "can_be_covered", "not_covered", "unknown")
"""What the year holds for a body: the worst of its items' chances, what is lost before what is not known."""
ITEM = ["body", "unit", "panel", "item"]
COVERAGE = (
    *("body", "unit", "items_n", "heard_n", "open_n", "lost_n", "unknown_n", "heard_pct"),
    *("meetings_n", "left_n", "left_in", "outlook"),
)


def item_chances(calendar: pd.DataFrame) -> pd.DataFrame:
    """What the year holds for each item: one row per body, unit and item, from rows of `agenda_calendar`, in their order.

    Returns
    -------
    DataFrame
        body, unit, panel, item, title, often, is_example, heard_n (meetings that had it), months_n (months in which it came
        up), last_month (``YYYY-MM`` of the last, or ''), meetings_n (held so far), left_n (meetings planned for days to come;
        where there are none, months not over in which the body has not met), left_in (``meeting`` or ``month``), chance:
        ``heard``; ``can_be_heard``; ``none_left`` (no meeting is left for it); ``unknown`` (none is left, and of some month
        nothing is known).
    """
    months = calendar.assign(
        **{f"is_{state}": calendar["state"] == state for state in ("heard", "to_come", "unknown")},
        heard_in=calendar["month"].where(calendar["state"] == "heard", ""),
    )
    found = months.groupby(ITEM, sort=False).agg(
        **{name: (name, "first") for name in ("title", "often", "is_example")},
        heard_n=("on_agenda", "sum"),
        months_n=("is_heard", "sum"),
        last_month=("heard_in", "max"),
        meetings_n=("held", "sum"),
        planned_n=("planned", "sum"),
        to_come_n=("is_to_come", "sum"),
        dark_n=("is_unknown", "sum"),
    )
    return _with_chance(found.reset_index())


def _with_chance(found: pd.DataFrame) -> pd.DataFrame:
    is_planned = found["planned_n"] > 0
    left = found["planned_n"].where(is_planned, found["to_come_n"])
    cases = [found["heard_n"] > 0, left > 0, found["dark_n"] > 0]
    chance = np.select(cases, ["heard", "can_be_heard", "unknown"], "none_left")
    left_in = is_planned.map({True: "meeting", False: "month"})
    made = found.assign(left_n=left, left_in=left_in, chance=pd.Series(chance, found.index, dtype="str"))
    return made.drop(columns=["planned_n", "to_come_n", "dark_n"])


def coverage(calendar: pd.DataFrame) -> pd.DataFrame:
    """How far each body has covered its year: one row per body and unit, from rows of `agenda_calendar`.

    Returns
    -------
    DataFrame
        body, unit, items_n (asked), of which heard_n, open_n (can still be heard), lost_n (no meeting is left) and unknown_n,
        heard_pct, meetings_n (held so far in the year), left_n and left_in (of the item for which
        most meetings are planned; where none is, of that with most months left), outlook: ``covered``;
        ``can_be_covered`` (all, if each item still open comes up); ``not_covered`` (an item is lost); ``unknown``.
    """
    items = item_chances(calendar)
    counts = dict(zip(("heard_n", "open_n", "none_n", "dark_n"), CHANCES, strict=True))
    told = items.drop(columns="heard_n").assign(
        **{name: items["chance"] == chance for name, chance in counts.items()}
    )
    found = told.groupby(ITEM[:2], sort=False).agg(
        items_n=("item", "size"),
        heard_n=("heard_n", "sum"),
        open_n=("open_n", "sum"),
        lost_n=("none_n", "sum"),
        unknown_n=("dark_n", "sum"),
        meetings_n=("meetings_n", "max"),
    )
    most = told.sort_values(["left_in", "left_n"], ascending=[True, False], kind="stable")
    left = most.drop_duplicates(ITEM[:2])[[*ITEM[:2], "left_n", "left_in"]]
    return _with_outlook(found.reset_index().merge(left, on=ITEM[:2]))[list(COVERAGE)]


def _with_outlook(found: pd.DataFrame) -> pd.DataFrame:
    cases = [found["heard_n"] == found["items_n"], found["lost_n"] > 0, found["unknown_n"] > 0]
    outlook = np.select(cases, ["covered", "not_covered", "unknown"], "can_be_covered")
    share = (100 * found["heard_n"] / found["items_n"]).astype(float)
    return found.assign(heard_pct=share, outlook=pd.Series(outlook, found.index, dtype="str"))


def council_coverage(evidence: Evidence) -> pd.DataFrame:
    """Coverage of every body that the framework asks anything of: one row per body and unit, bodies in its order.

    A board of which no meeting is recorded has its row too, with all its items unknown. Columns: those of `coverage`.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    found, keys = coverage(agenda_calendar(evidence)), ITEM[:2]
    every = _bodies(evidence).merge(found, on=keys, how="left")
    zeros = dict.fromkeys(["heard_n", "open_n", "lost_n", "meetings_n", "left_n"], 0)
    bare = every.assign(
        items_n=every["items_n"].fillna(every["asked_n"]), left_in=every["left_in"].fillna("")
    )
    bare = bare.fillna({**zeros, "outlook": "unknown"}).fillna({"unknown_n": bare["items_n"]})
    counts = dict.fromkeys([name for name in COVERAGE if name.endswith("_n")], int)
    return bare.astype(counts)[list(COVERAGE)]


def _bodies(evidence: Evidence) -> pd.DataFrame:
    """One row per body and unit that is asked for items, with how many (asked_n)."""
    asked = asked_items(evidence.framework).groupby("body", sort=False).size().rename("asked_n").reset_index()
    own = directorates(evidence)[["directorate"]].rename(columns={"directorate": "unit"})
    boards = asked[asked["body"] == "directorate-board"].merge(own, how="cross")
    others = asked[(asked["body"] != "directorate-board") & (evidence.directorate == "")].assign(unit="")
    return pd.concat([boards, others], ignore_index=True)
