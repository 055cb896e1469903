"""Recommendations of the year: those that assurers and bodies made, and those that the papers themselves raised.

A recommendation is of the year where it was made in it, or was still open when it began. What was done after its day is done
late; what was accepted and is past its day without being done is overdue. No answer is no acceptance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.periods import Period

STATES = ("overdue", "awaited", "no_day", "done_late", "open", "rejected", "done_in_time")
"""Where a recommendation stands, what asks for something first."""
OPEN = ("overdue", "awaited", "no_day", "open")
"""Of these something is still to come."""
COLUMNS = (
    *(
        "recommendation_id",
        "title",
        "directorate",
        "owner",
        "priority",
        "raised_on",
        "responded_on",
        "response",
    ),
    *("due_on", "done_on", "state", "is_new"),
)
CLOSED = "closed"


def of_year(recommendations: pd.DataFrame, year: Period, as_at: date) -> pd.DataFrame:
    """The recommendations of the year, as they stand on the as-at date, what asks for something first.

    Parameters
    ----------
    recommendations
        The table of records, as it stood on the as-at date.
    year, as_at
        The financial year, and the only today.

    Returns
    -------
    DataFrame
        One row per recommendation: `COLUMNS`. ``state`` is one of `STATES`; ``is_new`` tells those made in the year from those
        that were open when it began. What was made, answered or done after the as-at date has not happened.
    """
    today, first = pd.Timestamp(as_at), pd.Timestamp(year.start)
    rows = recommendations[recommendations["raised_on"] <= min(today, pd.Timestamp(year.end))]
    done = rows["done_on"].where(rows["done_on"] <= today)
    answered = rows["responded_on"].where(rows["responded_on"] <= today)
    is_answered = (rows["response"] != "awaited") & ~(rows["responded_on"] > today)
    cases = {
        "done_late": done > rows["due_on"],
        "done_in_time": done.notna(),
        "awaited": ~is_answered,
        "rejected": rows["response"] == "rejected",
        "no_day": rows["due_on"].isna(),
        "overdue": rows["due_on"] < today,
    }
    state = pd.Series(np.select(list(cases.values()), list(cases), "open"), rows.index, dtype="str")
    ended = done.where(state != "rejected", answered)
    told = rows.assign(done_on=done, responded_on=answered, state=state, is_new=rows["raised_on"] >= first)
    kept = told[told["is_new"] | ~(ended < first)]
    order = kept["state"].map(STATES.index).sort_values(kind="stable").index
    return kept.loc[order, list(COLUMNS)].reset_index(drop=True)


def counts(found: pd.DataFrame) -> dict[str, int]:
    """How many recommendations stand at each state (`of_year`), in the order of `STATES`; they add up to all."""
    there = found["state"].value_counts()
    return {state: int(there.get(state, 0)) for state in STATES}


def raised(lists: pd.DataFrame, quarters: Sequence[str]) -> pd.DataFrame:
    """What the papers themselves recommended in the year, as the newest of them tells it.

    Parameters
    ----------
    lists
        One row per issued paper and recommendation ever raised: quarter (the paper's), and the columns of
        `pmf_lib.assurance.followup.chain`.
    quarters
        Labels of the year's quarters.

    Returns
    -------
    DataFrame
        One row per recommendation raised or closed in the year, or unsettled when the newest paper was issued: that paper's row,
        and is_new (raised in the year), in the paper's order.
    """
    newest = lists[lists["quarter"] == lists["quarter"].max()]
    is_new = newest["raised_in"].isin(list(quarters))
    is_of_year = is_new | newest["closed_in"].isin(list(quarters)) | (newest["state"] != CLOSED)
    kept: pd.DataFrame = newest.assign(is_new=is_new)[is_of_year]
    return kept.reset_index(drop=True)
