"""Where each recommendation of a report stands against the list of the last issued one.

Each duty or minimum requirement that is not fully met in a unit raises one recommendation. A list holds every one that was
ever raised, those that are closed too: so one that comes back is known, and none is lost when a quarter is skipped. A
report that takes the place of an issued one of the same quarter counts nothing twice: it stands against the list of the quarter before,
and keeps the days asked for and the answers given since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

TEXTS = (
    "id",
    "unit_id",
    "unit",
    "clause",
    "what",
    "state",
    "was",
    "why",
    "raised_in",
    "counted_in",
    "answer",
    "action",
    "owner",
    "closed_in",
)
DAYS = ("asked_by", "due_on")
COLUMNS = (*TEXTS, "raised_n", *DAYS)
"""Columns of a list; grain: one row per recommendation ever raised."""
STATES = ("overdue", "reopened", "new", "open", "not_known", "varied", "closed")
"""Where one may stand, what asks most of a reader first."""
UNSETTLED = ("overdue", "reopened", "new", "open")
"""States of what is raised by the report itself."""
NO_ANSWER = "none"
NOT_ASKED = "The framework no longer asks this of the unit as a duty."
NO_UNIT = "The council's file no longer names this unit."
NOT_READ = "No results of this unit are in this report."


@dataclass(frozen=True)
class Asked:
    """The report that asks: its quarter and day, the quarter of the list it stands against ('' for none), and what is there.

    `units` are those of the council, id → name; `read` those of which results were read; `clauses` the ids of duties and minimum
    requirements of the framework.
    """

    quarter: str
    last: str
    as_at: date
    units: Mapping[str, str]
    read: Collection[str]
    clauses: Collection[str]


def nothing() -> pd.DataFrame:
    """A list without a row."""
    kinds = {**dict.fromkeys(TEXTS, "str"), "raised_n": "int64", **dict.fromkeys(DAYS, "datetime64[us]")}
    return pd.DataFrame(columns=list(COLUMNS)).astype(kinds)


def followed(last: pd.DataFrame, raised: pd.DataFrame, results: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Every recommendation of the last list and of this report, and where it stands.

    Parameters
    ----------
    last
        The last issued list (`COLUMNS`), with management's answers (`pmf_lib.assurance.followup.answered`).
    raised
        One row per duty or minimum requirement that is not fully met in a unit: id, unit_id, unit, clause, what, owner (posts), by
        (the day asked for).
    results
        One row per duty or minimum requirement and unit that this report answers: id, result (a clause verdict), why.
    asked
        Which report it is.

    Returns
    -------
    DataFrame
        One row per recommendation, as `STATES` order them, then by their days: id, unit_id, unit (its name), clause, what (the
        framework asks), state (one of `STATES`), was (its state before this quarter; '' for none), why (a sentence), raised_in
        (quarter in which it was first raised), raised_n (in how many quarters), counted_in (the last of them), asked_by (the day asked
        for), due_on (the day that counts: what management accepted, else what was asked for), answer (accepted, rejected or none),
        action (or why it was rejected), owner (the post that answered, else those asked), closed_in (quarter).
    """
    ids = pd.Index(dict.fromkeys([*raised["id"], *last["id"]]), name="id", dtype="str")
    before, now = last.set_index("id").reindex(ids), raised.set_index("id").reindex(ids)
    before[list(TEXTS[1:])] = before[list(TEXTS[1:])].fillna("")
    told = results.set_index("id").reindex(ids)[["result", "why"]].fillna("")
    was = before["was" if asked.last == asked.quarter else "state"]
    rows = _named(before, now, asked).assign(was=was, is_raised=ids.isin(raised["id"]), result=told["result"])
    asked_again = _asked_again(rows, before, now, asked)
    stood = rows.join(asked_again).assign(state=lambda of: _states(of, before["state"], asked))
    done = stood.assign(
        why=_why(stood, told["why"], asked), closed_in=_closed_in(stood, before["closed_in"], asked)
    )
    return _ordered(done.reset_index())


def _named(before: pd.DataFrame, now: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Unit, clause and words, as they are called today."""
    names = ["unit_id", "unit", "clause", "what"]
    rows = now[names].fillna(before[names])
    return rows.assign(unit=rows["unit_id"].map(asked.units).fillna(rows["unit"]))


def _asked_again(rows: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """How often and when it was raised, by when it is asked for, and what was answered: anew where it comes for the first time, or back."""
    is_counted = before["counted_in"] == asked.quarter
    counts = rows["is_raised"] & ~is_counted
    anew = counts & rows["was"].isin(["", "closed"])
    is_answered = ~anew & ~before["answer"].isin(["", NO_ANSWER])
    days = pd.to_datetime(now["by"]).astype("datetime64[us]")
    return pd.DataFrame(
        {
            "raised_in": before["raised_in"].mask(before["raised_in"] == "", asked.quarter),
            "raised_n": before["raised_n"].fillna(0).astype("int64") + counts.astype("int64"),
            "counted_in": before["counted_in"].mask(counts, asked.quarter),
            "asked_by": before["asked_by"].mask(anew, days),
            "due_on": before["due_on"].mask(anew, days),
            "answer": before["answer"].where(is_answered, NO_ANSWER),
            "action": before["action"].where(is_answered, ""),
            "owner": before["owner"].where(is_answered | ~rows["is_raised"], now["owner"].fillna("")),
        }
    )


def _states(rows: pd.DataFrame, last: pd.Series[str], asked: Asked) -> pd.Series[str]:
    """Where each stands; one that was closed stays so until it is raised again or, in a version put right, was not closed."""
    raised, came_back = rows["is_raised"], rows["was"] == "closed"
    rules = {
        "new": raised & (rows["was"] == ""),
        "reopened": raised & came_back,
        "overdue": raised & (rows["due_on"] < pd.Timestamp(asked.as_at)),
        "open": raised,
        "closed": (rows["result"] == "met") | (came_back & (last == "closed")),
        "varied": rows["result"] == "varied",
    }
    made = np.select(list(rules.values()), list(rules), default="not_known")
    return pd.Series(made, rows.index, dtype="str")


def _why(rows: pd.DataFrame, told: pd.Series[str], asked: Asked) -> pd.Series[str]:
    """What the test says; where there is no result, why."""
    reasons = {
        NO_UNIT: ~rows["unit_id"].isin(list(asked.units)),
        NOT_ASKED: ~rows["clause"].isin(list(asked.clauses)),
        NOT_READ: ~rows["unit_id"].isin(list(asked.read)),
    }
    bare = np.select(list(reasons.values()), list(reasons), default=NOT_ASKED)
    return told.where((rows["result"] != "") | (rows["state"] != "not_known"), pd.Series(bare, rows.index))


def _closed_in(rows: pd.DataFrame, before: pd.Series[str], asked: Asked) -> pd.Series[str]:
    """The quarter in which it was closed; what was closed before this quarter keeps it, whatever was found since."""
    came_back = rows["was"] == "closed"
    return before.where(came_back, asked.quarter).where(came_back | (rows["state"] == "closed"), "")


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as `STATES` order them, then by their days, each as it came."""
    ranked = rows.assign(_rank=rows["state"].map({state: place for place, state in enumerate(STATES)}))
    ordered = ranked.sort_values(["_rank", "due_on"], kind="stable").reset_index(drop=True)
    return ordered[list(COLUMNS)].astype(nothing().dtypes.to_dict())
