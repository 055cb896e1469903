"""Clause tests of approvals and reviews: who approved what, who considered it before, when the framework was reviewed."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from pmf_lib.assurance.checks.common import holds_words, in_force, in_words, names_any, told
from pmf_lib.assurance.checks.minutes import NAMES, portfolios
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import months_after, nothing_known
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.periods import date_words


@clause_test
def approval_is_recorded(
    evidence: Evidence, *, kind: str, per: str, subject: str = "", body: str = "", each: str = ""
) -> Answer:
    """A thing of the kind was approved (by this body) for the year, or for this edition of the framework.

    With `each` it is asked of every portfolio that approvals or portfolio meetings name. An approval is for the year where the
    days for which it holds say so; without a last day, where it begins in the year or the twelve months before the as-at date.
    """
    told("per", per, ("year", "edition"))
    told("each", each, ("", "portfolio"))
    approvals = _decided(evidence)
    if approvals.empty:
        return nothing_known()
    found = approvals[(approvals["kind"] == kind) & (approvals["stage"] == "approved")]
    found = found[holds_words(found["subject"], subject) & found["body"].isin([body] if body else NAMES)]
    found = _for_year(evidence, found) if per == "year" else _of_framework(evidence, found)
    by = f" by {NAMES[body]}" if body else ""
    of = f"the year {evidence.quarter.financial_year.label}" if per == "year" else "this edition"
    words = f"No approval{by} for {of} is recorded."
    if each:
        asked = pd.DataFrame({"subject": portfolios(evidence)}, dtype="str")
        return looked_at(
            found, exceptions(asked[~asked["subject"].isin(found["portfolio"])], words), len(asked)
        )
    what = subject or f"Approval of the {kind}"
    asked = pd.DataFrame({"subject": [what[0].upper() + what[1:]]})
    return looked_at(found, exceptions(asked[:0] if len(found) else asked, words), 1)


@clause_test
def considered_before_approved(evidence: Evidence, *, kind: str, first: str, then: str) -> Answer:
    """Each edition that the second body approved was considered by the first before that day.

    Of the kind 'framework', only editions of this framework are asked.
    """
    rows = _decided(evidence)
    rows = rows[rows["kind"] == kind]
    rows = _of_framework(evidence, rows) if kind == "framework" else rows
    looked = rows[(rows["body"] == first) & rows["stage"].isin(["considered", "recommended", "approved"])]
    earliest = looked.groupby("edition")["decided_on"].min().rename("looked_on")
    approved = rows[(rows["body"] == then) & (rows["stage"] == "approved")].merge(
        earliest, on="edition", how="left"
    )
    late = approved[~(approved["looked_on"] < approved["decided_on"])]
    late = in_words(late, "decided_on", "looked_on")
    late = late.assign(
        subject=late["subject"] + ", edition " + late["edition"],
        when=("considered it on " + late["looked_on"] + ", not before").where(
            late["looked_on"] != "", "never considered it"
        ),
    )
    words = f"{NAMES[then]} approved it on {{decided_on}}; {NAMES[first]} {{when}}."
    return looked_at(approved, exceptions(late, words), approved["edition"].nunique())


@clause_test
def framework_review_is_recorded(evidence: Evidence, *, months: int = 12, with_plan: str = "") -> Answer:
    """A review of the framework was closed within so many months; or `with_plan`, within them of the newest version of that plan.

    A framework younger than that, or a plan whose newest version is, may still be reviewed: it is not yet due.
    """
    registers = evidence.kept("registers")
    begun = _newest_version(evidence, with_plan) if with_plan else evidence.framework.in_force.from_date
    if registers.empty or begun is None:
        return nothing_known()
    reviews, due = _reviews(evidence, registers), months_after(begun, months)
    closed = reviews["closed_on"]
    middle = begun if with_plan else evidence.as_at
    first, last = months_after(middle, -months), due if with_plan else evidence.as_at
    within = closed.between(pd.Timestamp(first), pd.Timestamp(last))
    if within.any():
        return looked_at(reviews[within], exceptions(pd.DataFrame(), ""), 1)
    if due >= evidence.as_at:
        return nothing_known(due)
    of = "the newest plan's day" if with_plan else "the as-at date"
    newest = (
        f"the last was closed on {date_words(closed.max().date())}" if len(closed) else "nor is any other"
    )
    rows = pd.DataFrame({"subject": [evidence.framework.title]})
    words = f"No review within {months} months of {of}, {date_words(middle)}, is recorded; {newest}."
    return Answer(1, exceptions(rows, words))


def _reviews(evidence: Evidence, registers: pd.DataFrame) -> pd.DataFrame:
    """Reviews of this framework that were closed by the as-at date."""
    of_ours = registers["framework"].isin(["", evidence.framework.id])
    reviews = registers[(registers["register"] == "framework-reviews") & of_ours]
    return reviews[reviews["closed_on"] <= pd.Timestamp(evidence.as_at)]


def _decided(evidence: Evidence) -> pd.DataFrame:
    """Steps of approvals taken by the as-at date."""
    approvals = evidence.kept("approvals")
    return approvals[approvals["decided_on"] <= pd.Timestamp(evidence.as_at)]


def _for_year(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Approvals that are for the quarter's financial year."""
    begins = rows["valid_from"].fillna(rows["decided_on"])
    year, end = evidence.quarter.financial_year, pd.Timestamp(evidence.quarter.end)
    since = min(year.start, months_after(evidence.as_at, -12) + timedelta(days=1))
    is_new = begins.between(pd.Timestamp(since), pd.Timestamp(year.end))
    holds = (begins <= end) & (rows["valid_to"] >= end)
    return rows[holds.where(rows["valid_to"].notna(), is_new)]


def _of_framework(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Steps about this framework; a step that names nothing by its id is taken for one."""
    return rows[names_any(rows, "subjects", {evidence.framework.id}) | (rows["subjects"] == "")]


def _newest_version(evidence: Evidence, level: str) -> date | None:
    """The day of the newest version, by the as-at date, of the plan of this level in force."""
    plans = evidence.kept("plans")
    plans = in_force(plans[(plans["level"] == level) & (plans["kind"] == "main")], evidence.as_at)
    if plans.empty:
        return None
    refreshed = plans["refreshed_on"].where(plans["refreshed_on"] <= pd.Timestamp(evidence.as_at))
    return pd.Timestamp(refreshed.fillna(plans["valid_from"]).max()).date()
