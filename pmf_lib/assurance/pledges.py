"""Pledges: what a council promised for the year under its framework's outcomes, who delivers it, and how far it is.

Pure: frames in, one row per pledge out. What the rules are: ``docs/methods/pledges.md``.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.assurance.checks.common import by, in_force, last_day
from pmf_lib.assurance.checks.registers import PLEDGE, of_year
from pmf_lib.framework.model import Framework, Level
from pmf_lib.periods import Period
from pmf_lib.periods.period import containing
from pmf_lib.records.many import exploded

STATES = ("not_kept", "behind", "no_plan", "unknown", "on_course", "kept")
"""States of a pledge, what asks for most first; words and colours are in ``parameters/schemes/verdicts.yml``."""
STAGES = {"delivered": "delivered_on", "checked": "checked_on", "acted": "acted_on"}
"""Stage of an objective after it was planned → the day on which it was reached."""
RULES = {
    "closed-short": "not_kept",
    "closed-unsaid": "unknown",
    "closed-undone": "unknown",
    "closed": "kept",
    "reached": "kept",
    "overdue": "behind",
    "not-sent": "unknown",
    "in-no-plan": "no_plan",
    "objective-overdue": "behind",
    "measure-missed": "behind",
    "delivered": "on_course",
    "measure-met": "on_course",
    "partly-delivered": "on_course",
    "figure-short": "unknown",
    "near-measures": "unknown",
    "nothing-shown": "unknown",
}
"""Rule → the state that it gives; the first that fits holds."""
COLUMNS = (
    *("entry_id", "title", "directorate", "service", "owner", "node", "nodes_n", "year"),
    *("due_on", "closed_on", "reviewed_on", "planned", "achieved", "unit"),
    *("plans", "objectives_n", "delivered_n", "overdue_n", "stage"),
    *("measures", "is_own", "is_measured", "measures_n", "met_n", "near_n", "missed_n"),
    *("rule", "state", "source_file", "source_row"),
)


def level(framework: Framework) -> Level | None:
    """The framework's level of pledges; None where it has none."""
    return next((one for one in framework.levels if one.id == PLEDGE), None)


def pledges(
    registers: pd.DataFrame,
    plans: pd.DataFrame,
    objectives: pd.DataFrame | None,
    rated: pd.DataFrame,
    *,
    framework: Framework,
    quarter: Period,
    as_at: date,
) -> pd.DataFrame:
    """Each pledge of the quarter's year, with what delivers it and how far it is.

    A pledge of an earlier year stays while it is open. One of another framework, or of a year to come, is left out.

    Parameters
    ----------
    registers
        Entries as they stood on the as-at date, of every register; those of 'pledges' are read.
    plans, objectives
        The whole council's, as they stood; objectives are None where nobody sent plans or objectives.
    rated
        One row per measure: measure_id, state.
    framework, quarter, as_at
        Whose nodes pledges hang from, the reporting quarter, and the only today.

    Returns
    -------
    DataFrame
        One row per pledge, in the framework's order of nodes: the columns of `COLUMNS`. node is the first that it hangs
        from ('' where it names none); year the financial year in which it is due; plans the titles of plans in force that
        deliver it; stage the least advanced of their objectives' (planned or one of `STAGES`; '' where there is none);
        measures the ids named by the pledge itself, else by those objectives; is_own whether it has a measure or a figure
        of its own, is_measured whether it has a measure of its own; rule one of `RULES`, state one of `STATES`.

    Source
    ------
    Walsall Performance Framework 2009, section 2: "key actions which the council promises to deliver during the year
    ahead". The text gives no rule for how far a pledge is; these are the workbook's.
    """
    rows = _hung(of_year(_known(registers, as_at), framework, quarter.financial_year, as_at), framework)
    steps = _steps(rows, in_force(plans, last_day(quarter, as_at)), objectives, as_at)
    made = rows.join(_delivery(steps, as_at), on="entry_id").join(
        _measured(rows, steps, rated), on="entry_id"
    )
    is_measured = rows["measures"] != ""
    own = is_measured | rows["planned"].notna()
    made = _filled(made).assign(year=_years(made, quarter), is_own=own, is_measured=is_measured)
    rule = _rules(made, as_at, is_sent=objectives is not None)
    made = made.assign(rule=rule, state=rule.map(RULES).astype("str"))
    return made.sort_values(["place", "due_on", "title"], kind="stable")[list(COLUMNS)].reset_index(drop=True)


def without_pledge(
    framework: Framework, found: pd.DataFrame, registers: pd.DataFrame, year: str
) -> list[str]:
    """Ids of the nodes from which pledges hang and for which no pledge of the year is made, in the framework's order."""
    own = level(framework)
    parents = own.parents if own else ()
    entries = registers[registers["entry_id"].isin(found.loc[found["year"] >= year, "entry_id"])]
    served = set(exploded(entries[["nodes"]], "nodes")["nodes"])
    served |= {node.parent for node in framework.linkable_in(year) if node.level == PLEDGE}
    return [
        node.id for node in framework.linkable_in(year) if node.level in parents and node.id not in served
    ]


def _known(registers: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Entries of the register of pledges; a day after the as-at date is not known yet."""
    rows = registers[registers["register"] == "pledges"]
    return rows.assign(closed_on=by(rows["closed_on"], as_at), reviewed_on=by(rows["reviewed_on"], as_at))


def _hung(rows: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Each pledge with its first node in the framework's order (`node`, `place`) and how many it names (`nodes_n`)."""
    above = {node.id: node.parent if node.level == PLEDGE else node.id for node in framework.nodes}
    places = {node.id: place for place, node in enumerate(framework.nodes)}
    named = exploded(rows[["entry_id", "nodes"]], "nodes")
    named = named.assign(node=named["nodes"].map(above).astype("str")).dropna(subset=["node"])
    named = named.assign(place=named["node"].map(places)).dropna(subset=["place"])
    first = named.sort_values("place", kind="stable").drop_duplicates("entry_id").set_index("entry_id")
    count = named.groupby("entry_id")["node"].nunique()
    return rows.assign(
        node=rows["entry_id"].map(first["node"]).astype(object).fillna("").astype("str"),
        place=rows["entry_id"].map(first["place"]).fillna(len(places)).astype("int64"),
        nodes_n=rows["entry_id"].map(count).fillna(0).astype("int64"),
    )


def _steps(
    rows: pd.DataFrame, plans: pd.DataFrame, objectives: pd.DataFrame | None, as_at: date
) -> pd.DataFrame:
    """One row per pledge and objective of a plan in force that delivers it, with the plan's title."""
    named = exploded(rows[["entry_id", "objectives"]], "objectives").rename(
        columns={"objectives": "objective_id"}
    )
    now = plans[["plan_id", "title"]].rename(columns={"title": "plan"})
    wanted = ["objective_id", "plan_id", "measures", "due_on", *STAGES.values()]
    known = objectives if objectives is not None else pd.DataFrame(columns=wanted)
    found = named.merge(known[wanted], on="objective_id").merge(now, on="plan_id")
    return found.assign(**{day: by(pd.to_datetime(found[day]), as_at) for day in STAGES.values()})


def _delivery(steps: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """By pledge: plans, objectives_n, delivered_n, overdue_n and stage."""
    is_delivered = steps[list(STAGES.values())].notna().any(axis=1)
    reached = steps[list(STAGES.values())].notna().cumprod(axis=1).sum(axis=1)
    late = ~is_delivered & (pd.to_datetime(steps["due_on"]) < pd.Timestamp(as_at))
    counted = steps.assign(objectives_n=1, delivered_n=is_delivered, overdue_n=late, stage=reached)
    groups = counted.groupby("entry_id", sort=False)
    names = counted.drop_duplicates(["entry_id", "plan"]).groupby("entry_id", sort=False)["plan"]
    stages = dict(enumerate(["planned", *STAGES]))
    return (
        groups[["objectives_n", "delivered_n", "overdue_n"]]
        .sum()
        .assign(plans=names.agg("; ".join), stage=groups["stage"].min().map(stages))
    )


def _measured(rows: pd.DataFrame, steps: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """By pledge: its measures, the pledge's own before those of its objectives, and how many are met, near and missed."""
    own = exploded(rows[["entry_id", "measures"]], "measures")
    others = exploded(steps[["entry_id", "measures"]].astype("str").reset_index(drop=True), "measures")
    pairs = pd.concat([own, others[~others["entry_id"].isin(own["entry_id"])]]).drop_duplicates()
    pairs = pairs.merge(rated[["measure_id", "state"]], left_on="measures", right_on="measure_id", how="left")
    counts = {f"{code}_n": pairs["state"] == code for code in ("met", "near", "missed")}
    groups = pairs.assign(**counts, measures_n=1).groupby("entry_id", sort=False)
    return groups[["measures_n", *counts]].sum().assign(found=groups["measures"].agg("; ".join))


def _filled(made: pd.DataFrame) -> pd.DataFrame:
    """The same rows, noughts and empty texts where nothing delivers or measures a pledge."""
    made = made.drop(columns=["measures"]).rename(columns={"found": "measures"})
    counts = {name: made[name].fillna(0).astype("int64") for name in COLUMNS if name.endswith("_n")}
    texts = {
        name: made[name].astype(object).fillna("").astype("str") for name in ("plans", "stage", "measures")
    }
    return made.assign(**counts, **texts)


def _years(made: pd.DataFrame, quarter: Period) -> list[str]:
    """The financial year in which each is due, else in which it began, else that of the report."""
    days = made["due_on"].fillna(made["opened_on"]).fillna(pd.Timestamp(quarter.end))
    return [containing("year", day.date()).label for day in days]


def _rules(made: pd.DataFrame, as_at: date, *, is_sent: bool) -> pd.Series[str]:
    """The rule of each pledge: the first of `RULES` that fits. Measures of its objectives alone judge no pledge."""
    is_closed, is_counted = made["closed_on"].notna(), made["planned"].notna()
    is_measured = made["is_measured"]
    is_done = (made["delivered_n"] == made["objectives_n"]) & (made["objectives_n"] > 0)
    is_rated = made[["met_n", "near_n", "missed_n"]].sum(axis=1) > 0
    fits = {
        "closed-short": is_closed & (made["achieved"] < made["planned"]),
        "closed-unsaid": is_closed & is_counted & made["achieved"].isna(),
        "closed-undone": is_closed & ~is_counted & ~is_done,
        "closed": is_closed,
        "reached": made["achieved"] >= made["planned"],
        "overdue": made["due_on"] < pd.Timestamp(as_at),
        "not-sent": pd.Series(not is_sent, made.index),
        "in-no-plan": made["objectives_n"] == 0,
        "objective-overdue": made["overdue_n"] > 0,
        "measure-missed": is_measured & (made["missed_n"] > 0),
        "delivered": is_done,
        "measure-met": is_measured & is_rated,
        "partly-delivered": made["delivered_n"] > 0,
        "figure-short": made["achieved"].notna(),
        "near-measures": ~is_measured & is_rated,
    }
    found = np.select([fits[name].to_numpy(dtype=bool) for name in fits], list(fits), "nothing-shown")
    return pd.Series(found, made.index, dtype="str")
