"""Clause tests of approvals and reviews: who approved what, who considered it before, when the framework was reviewed."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from pmf_lib.assurance.checks.common import YEAR, holds_words, in_force, in_words, names_any, told
from pmf_lib.assurance.checks.minutes import NAMES, portfolios
from pmf_lib.assurance.checks.registers import is_register_kept
from pmf_lib.assurance.checks.registry import clause_test, seen_from_outside
from pmf_lib.assurance.checks.turns import months_after, nothing_known
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.periods import date_words


@clause_test
def approval_is_recorded(
    evidence: Evidence, *, kind: str, per: str, subject: str = "", body: str = "", each: str = ""
) -> Answer:
    """A thing of the kind was approved (by this body) for the year, or for this edition of the framework.

    An edition is what one framework's id stands for: a step that names that id counts, whatever version it writes beside it.
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
    """Each edition of a thing that the second body approved was considered by the first before that day.

    Steps are of one thing where they name the same ids, or without ids the same subject. Where none names an edition, each
    approval is asked for a consideration since the one before. Of the kind 'framework', only editions of this framework are asked.
    """
    rows = _of_kind(evidence, kind)
    looked = rows[(rows["body"] == first) & rows["stage"].isin(["considered", "recommended", "approved"])]
    approved = _looked_on(rows[(rows["body"] == then) & (rows["stage"] == "approved")], looked)
    late = approved[~(approved["looked_on"] < approved["decided_on"])]
    late = in_words(late, "decided_on", "looked_on")
    of = (", edition " + late["edition"]).where(late["edition"] != "", ", approved on " + late["decided_on"])
    late = late.assign(
        subject=late["subject"] + of,
        is_past=True,
        when=("considered it on " + late["looked_on"] + ", not before").where(
            late["looked_on"] != "", "never considered it"
        ),
    )
    words = f"{NAMES[then]} approved it on {{decided_on}}; {NAMES[first]} {{when}}."
    asked = approved.drop_duplicates(["about", "edition", "since"])
    return looked_at(approved, exceptions(late, words), len(asked))


@clause_test
def framework_review_is_recorded(evidence: Evidence, *, months: int = 12, with_plan: str = "") -> Answer:
    """A review of the framework was closed within so many months; or `with_plan`, within them of the newest version of that plan.

    A framework younger than that, or a plan whose newest version is, may still be reviewed: it is not yet due. Where nobody in
    the council keeps a register of reviews, nothing is known.
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
    if not is_register_kept(evidence, "framework-reviews"):
        return nothing_known()
    of = "the newest plan's day" if with_plan else "the as-at date"
    newest = (
        f"the last was closed on {date_words(closed.max().date())}" if len(closed) else "nor is any other"
    )
    rows = pd.DataFrame({"subject": [evidence.framework.title]})
    words = f"No review within {months} months of {of}, {date_words(middle)}, is recorded; {newest}."
    return Answer(1, exceptions(rows, words))


@seen_from_outside
def framework_is_reviewed(evidence: Evidence) -> Answer:
    """Once the framework's own review date has gone by, a review is recorded; until then it is not yet due.

    A review counts that was closed within the twelve months before that date, or since. Where nobody in the council keeps a
    register of reviews, nothing is known; published figures show none.
    """
    framework = evidence.framework
    if framework.review is None or not framework.is_past_review(evidence.as_at):
        return nothing_known(framework.review.due if framework.review else None)
    due = framework.review.due
    rows, words = pd.DataFrame({"subject": [framework.title]}), f"It was to be reviewed by {date_words(due)}"
    if not evidence.is_own:
        return Answer(1, exceptions(rows, f"{words}, and no review is recorded here."))
    reviews = _reviews(evidence, evidence.kept("registers"))
    done = reviews[reviews["closed_on"] >= pd.Timestamp(months_after(due, -YEAR))]
    if len(done):
        return looked_at(done, exceptions(rows[:0], ""), 1)
    if not is_register_kept(evidence, "framework-reviews"):
        return nothing_known()
    last = f"the last was closed on {date_words(reviews['closed_on'].max().date())}" if len(reviews) else ""
    return looked_at(reviews, exceptions(rows, f"{words}; {last or 'no review is recorded'}."), 1)


def _of_kind(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Steps of the kind, of 'framework' those of this one; `about` is the thing that they are of."""
    rows = _decided(evidence)
    rows = rows[rows["kind"] == kind]
    if kind == "framework":
        return _of_framework(evidence, rows).assign(about=evidence.framework.id)
    about = rows["subjects"].where(rows["subjects"] != "", rows["subject"].str.casefold())
    return rows.assign(about=about)


def _looked_on(approved: pd.DataFrame, looked: pd.DataFrame) -> pd.DataFrame:
    """Approvals with the first day on which their edition was looked at (looked_on), and since when it counts.

    That is the approval before, where no edition is named (since); NaT where it counts from the beginning.
    """
    keys = ["about", "edition"]
    approved = approved.sort_values("decided_on", kind="stable").reset_index(drop=True)
    before = approved.groupby(keys)["decided_on"].shift().where(approved["edition"] == "")
    approved = approved.assign(since=before)
    pairs = approved[[*keys, "since"]].reset_index()
    pairs = pairs.merge(looked[[*keys, "decided_on"]], on=keys)
    pairs = pairs[~(pairs["decided_on"] <= pairs["since"])]
    return approved.assign(looked_on=pairs.groupby("index")["decided_on"].min())


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
