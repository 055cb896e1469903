"""Plan, do, check, act: how far each objective has come, and whether its days are in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.checks.common import by, in_words, plans_in_force
from pmf_lib.assurance.evidence import Evidence

STAGES: Mapping[str, str] = MappingProxyType(
    {"plan": "planned_on", "do": "delivered_on", "check": "checked_on", "act": "acted_on"}
)
"""Stage of the planning cycle → the column of objectives with its day."""
MONTHS_BACK = 12
"""Plans that ended within so many months are looked at too, as the clauses do: last year's are delivered and checked in this one."""
DONE = {"planned_on": "planned", "delivered_on": "delivered", "checked_on": "checked", "acted_on": "acted on"}
CYCLE = (
    *("objective_id", "plan_id", "plan_from", "is_in_force", "title", "owner", "due_on", *STAGES.values()),
    *("stage", "is_in_order", "why", "source_file", "source_row"),
)


def planning_cycle(evidence: Evidence) -> pd.DataFrame:
    """Plan, do, check, act, dated in order: one row per objective of a plan in force, or that ended within `MONTHS_BACK`.

    Returns
    -------
    DataFrame
        objective_id, plan_id, plan_from (its plan's first day), is_in_force (is its plan in force on the as-at date?), title,
        owner, due_on, the days of `STAGES` (one after the as-at date is empty), stage (the last that was reached without a gap:
        a key of `STAGES`, or ''), is_in_order, why (what is amiss with the first stage that is out of order, or ''),
        source_file, source_row.

    Raises
    ------
    NotSentError
        Nobody sent the table of plans, or of objectives.
    """
    objectives, plans = evidence.kept("objectives"), plans_in_force(evidence, months=MONTHS_BACK)
    plans = plans.assign(
        plan_from=plans["valid_from"], is_in_force=plans["plan_id"].isin(plans_in_force(evidence)["plan_id"])
    )
    rows = objectives.merge(plans[["plan_id", "plan_from", "is_in_force"]], on="plan_id")
    rows = rows.assign(**{day: by(rows[day], evidence.as_at) for day in STAGES.values()})
    reached = rows[list(STAGES.values())].notna().cumprod(axis=1).sum(axis=1)
    why = _out_of_order(rows)
    made = rows.assign(stage=reached.map(dict(enumerate(["", *STAGES]))), is_in_order=why == "", why=why)
    return made[list(CYCLE)]


def stage_counts(cycle: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """How many objectives have come how far: one row per stage, from rows of `planning_cycle`; the counts add up.

    Columns: stage ('' for not planned, then `STAGES` in order), objectives_n, now_n (of them of plans in force), due_n (of them due
    before the as-at date, an objective without such a day is not), out_of_order_n.
    """
    rows = cycle.assign(
        is_due=cycle["due_on"] < pd.Timestamp(as_at), is_odd=~cycle["is_in_order"].astype(bool)
    )
    found = rows.groupby("stage").agg(
        objectives_n=("stage", "size"),
        now_n=("is_in_force", "sum"),
        due_n=("is_due", "sum"),
        out_of_order_n=("is_odd", "sum"),
    )
    every = found.reindex(pd.Index(["", *STAGES], name="stage"), fill_value=0)
    return every.astype(int).reset_index()


def _out_of_order(rows: pd.DataFrame) -> pd.Series[str]:
    """Of each objective the first stage that came without, or before, the one before it, in a sentence."""
    words, why = in_words(rows, *STAGES.values()), pd.Series("", rows.index, dtype="str")
    days = list(STAGES.values())
    for before, stage in pairwise(days):
        gap = rows[stage].notna() & rows[before].isna()
        turned = rows[stage] < rows[before]
        head = f"It was {DONE[stage]} on " + words[stage]
        said = (head + f", and no day is recorded on which it was {DONE[before]}.").where(gap, "")
        said = said.mask(turned, head + f", before it was {DONE[before]} on " + words[before] + ".")
        why = why.where(why != "", said)
    return why
