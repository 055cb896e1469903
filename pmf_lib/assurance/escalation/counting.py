"""Which steps of escalations count for a missed measure, and which were raised so many quarters back that they have lapsed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.escalation.rules import EscalationScheme, rank
from pmf_lib.periods import Period, containing, parse_quarter


def told(missed: pd.DataFrame, escalations: pd.DataFrame, quarter: Period, as_at: date) -> pd.DataFrame:
    """Steps about a missed measure, raised by the as-at date: with running_n, rank, and back (for how many quarters ago)."""
    rows = escalations[escalations["raised_on"] <= pd.Timestamp(as_at)]
    rows = rows.merge(missed[["measure_id", "running_n"]], on="measure_id")
    back = [quarter.ordinal - parse_quarter(label).ordinal for label in quarter_of(rows)]
    return rows.assign(back=pd.Series(back, rows.index, dtype="int64"), rank=rank(rows["to_level"]))


def counting(steps: pd.DataFrame, scheme: EscalationScheme) -> pd.DataFrame:
    """Steps for a quarter of the measure's run that still count."""
    within = steps["running_n"].clip(upper=scheme.stands_for_quarters)
    return steps[(steps["back"] >= 0) & (steps["back"] < within)]


def lapsed(steps: pd.DataFrame, scheme: EscalationScheme) -> pd.DataFrame:
    """By measure the highest of the steps before those that count, where the run is as long: measure_id, lapsed (its rank),
    lapsed_level, lapsed_on, just_lapsed (the highest rank that counted until the quarter before).
    """
    most = scheme.stands_for_quarters
    rows = steps[(steps["back"] >= most) & (steps["running_n"] >= most)]
    top = rows.sort_values(["rank", "raised_on"]).drop_duplicates("measure_id", keep="last")
    newly = rows[rows["back"] == most].groupby("measure_id")["rank"].max()
    names = {"rank": "lapsed", "to_level": "lapsed_level", "raised_on": "lapsed_on"}
    found = top[["measure_id", *names]].rename(columns=names)
    return found.assign(just_lapsed=found["measure_id"].map(newly).astype("float64"))


def quarter_of(escalations: pd.DataFrame) -> pd.Series[str]:
    """The quarter whose results gave rise to each step; where none is told, the last that had ended when it was raised."""
    guessed = [containing("quarter", day.date()).shift(-1).label for day in escalations["raised_on"]]
    told = escalations["quarter"].fillna("").astype("str")
    return told.where(told != "", pd.Series(guessed, escalations.index, dtype="str"))
