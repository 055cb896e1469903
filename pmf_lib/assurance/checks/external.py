"""Clause tests of what others said: sources of assurance, and the answers to what was recommended."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import (
    YEAR,
    by,
    directorates,
    holds_words,
    in_words,
    is_older,
    named,
    told,
)
from pmf_lib.assurance.checks.occasions import is_kept
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import months_after
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.periods import date_words
from pmf_lib.records.schema.words import ASSURANCE_KINDS, BODIES, LINES


@clause_test
def assurance_covers(
    evidence: Evidence, *, months: int, subject: str = "", line: str = "", each: str = ""
) -> Answer:
    """A source of assurance on this subject (of this line) was reported within so many months.

    Asked once of the unit; with `each` of every directorate, by sources that are about the directorate itself.
    """
    reports = evidence.kept("assurances")
    reports = reports[holds_words(reports["subject"], subject)]
    if line:
        reports = reports[reports["line"] == told("line", line, LINES)]
    reports = reports.assign(reported_on=by(reports["reported_on"], evidence.as_at))
    reports = reports[reports["reported_on"].notna()]
    asked = _asked(evidence, told("each", each, ("", "directorate")), subject or f"{line} assurance")
    newest = _newest(reports, each)
    asked = asked.assign(last=newest.reindex(asked["directorate"]).to_numpy())
    bare = asked[asked["last"].isna() | is_older(asked["last"], months, evidence.as_at)]
    bare = in_words(bare, "last").assign(
        when=lambda rows: ("the last was of " + rows["last"]).where(rows["last"] != "", "none is recorded")
    )
    bare = bare.assign(what=f"on '{subject}'" if subject else f"of the {line} line")
    words = f"No source {{what}} was reported within {months} months; {{when}}."
    return looked_at(reports, exceptions(bare, words), len(asked))


@clause_test
def recommendation_is_answered(
    evidence: Evidence, *, months: int, kinds: tuple[str, ...] = (), made_by: str = "", subject: str = ""
) -> Answer:
    """Each recommendation was answered, and what was accepted was carried out by its day.

    Tested are those that were made more than so many months before the as-at date: of these kinds of assurance, by this
    body, from a source whose subject holds these words. What was carried out late is told for a year.
    """
    asked = _recommended(evidence, kinds, made_by, subject)
    asked = named(asked[is_older(asked["raised_on"], months, evidence.as_at)], "recommendation_id")
    answer = looked_at(asked, _unanswered(evidence, asked))
    tables = ("recommendations", "assurances") if kinds or subject else ("recommendations",)
    since = date_words(months_after(evidence.as_at, -months))
    said_none = f"no such recommendation is recorded of before {since}"
    return or_nothing_arose(answer, is_kept(evidence, *tables), said_none)


def _unanswered(evidence: Evidence, asked: pd.DataFrame) -> pd.DataFrame:
    """Recommendations without an answer, accepted and not carried out by their day, or carried out late."""
    today, done = _today(evidence), by(asked["done_on"], evidence.as_at)
    awaited = (asked["response"] == "awaited") | ~(asked["responded_on"].fillna(asked["raised_on"]) <= today)
    accepted = ~awaited & asked["response"].isin(["accepted", "partly"]) & (asked["due_on"] < today)
    undone = accepted & done.isna()
    late = accepted & (done > asked["due_on"]) & ~is_older(done, YEAR, evidence.as_at)
    said = in_words(asked, "raised_on", "due_on", "done_on")
    accepted_by = "It was accepted, to be carried out by {due_on}, and"
    found = [
        exceptions(said[awaited], "It was made on {raised_on}, and no answer is recorded."),
        exceptions(said[undone], f"{accepted_by} is not recorded as done."),
        exceptions(said[late].assign(is_past=True), f"{accepted_by} done on {{done_on}}."),
    ]
    return pd.concat(found, ignore_index=True)


def _today(evidence: Evidence) -> pd.Timestamp:
    return pd.Timestamp(evidence.as_at)


def _asked(evidence: Evidence, each: str, title: str) -> pd.DataFrame:
    """Who is asked: every directorate, or the unit once."""
    if each:
        return directorates(evidence)
    return pd.DataFrame({"directorate": [""], "title": [title[:1].upper() + title[1:]]})


def _newest(reports: pd.DataFrame, each: str) -> pd.Series[pd.Timestamp]:
    """By directorate (or for the unit, under '') the day of the newest report."""
    whose = reports["directorate"] if each else pd.Series("", reports.index)
    return reports["reported_on"].groupby(whose).max()


def _recommended(evidence: Evidence, kinds: tuple[str, ...], made_by: str, subject: str) -> pd.DataFrame:
    rows = evidence.kept("recommendations")
    if made_by:
        rows = rows[rows["made_by"] == told("made_by", made_by, BODIES)]
    if not kinds and not subject:
        return rows
    sources = evidence.of_council("assurances")
    if kinds:
        sources = sources[sources["kind"].isin([told("kinds", kind, ASSURANCE_KINDS) for kind in kinds])]
    sources = sources[holds_words(sources["subject"], subject)]
    return rows[rows["assurance_id"].isin(sources["assurance_id"])]
