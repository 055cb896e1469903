"""Clause tests of decisions: what items led to, what decisions rested on, and whether reports were published."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import told
from pmf_lib.assurance.checks.minutes import (
    began,
    days,
    heard,
    held,
    in_sentence,
    item_title,
    named,
    reported_on,
)
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import (
    Span,
    answer_of_year,
    counted,
    in_each,
    in_year,
    next_due,
    nothing_known,
    of_year,
    spans,
    year,
)
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.periods import date_words


@clause_test
def item_led_somewhere(evidence: Evidence, *, body: str) -> Answer:
    """Each item of the body's meetings in the quarter led to something: it was at least noted."""
    rows = _of_quarter(evidence, body)
    empty = rows[rows["outcome"] == "none"]
    return looked_at(rows, exceptions(empty, "No outcome of it is recorded."))


@clause_test
def decision_rests_on_report(evidence: Evidence) -> Answer:
    """Each decision recorded of a meeting in the quarter names the report that was before the meeting."""
    rows = _of_quarter(evidence)
    rows = rows[rows["decision"].str.strip() != ""]
    bare = rows[rows["report"].str.strip() == ""]
    return looked_at(rows, exceptions(bare, "No report is named that this decision rests on: {decision}"))


@clause_test
def agenda_has_outcome(evidence: Evidence, *, body: str, item: str, outcome: str) -> Answer:
    """At each board that had the item in the year, it had this outcome at least once."""
    rows = heard(evidence, body, item=item)
    rows = rows[year(evidence).holds(rows["held_on"])].sort_values("held_on")
    rows = rows.assign(had=rows["outcome"] == outcome)
    boards = rows.groupby(["body", "directorate", "portfolio"])["had"].agg(["any", "size"]).reset_index()
    never = named(evidence, boards[~boards["any"]])
    never = never.assign(
        came=never["size"].map(counted), subject=item_title(evidence.framework, item) + ", " + never["who"]
    )
    words = f"It came up {{came}} {year(evidence).words}, and the outcome was never '{outcome}'."
    return looked_at(rows, exceptions(never, words), len(boards))


@clause_test
def report_is_published(evidence: Evidence, *, body: str, item: str, per: str) -> Answer:
    """The body's papers with this item were published by the as-at date, for each quarter of the year before it, or once in the year.

    A report counts for the quarter that it is on; the newest may be published until the next quarter has ended.
    """
    told("per", per, ("quarter", "year"))
    since = began(held(evidence, body))
    if since is None or heard(evidence).empty:
        return nothing_known()
    rows = heard(evidence, body, item=item)
    out = rows[rows["published_on"] <= pd.Timestamp(evidence.as_at)]
    out = out.drop_duplicates(["meeting_id", "quarter"])
    title = item_title(evidence.framework, item)
    if per == "year":
        asked = pd.DataFrame({"body": [body], "since": since})
        turns = in_year(evidence, asked, out, 1).assign(title=title)
        never = f"No papers of {in_sentence(body)} with it were published {year(evidence).words}."
        return answer_of_year(evidence, turns, never, out)
    return _published_each_quarter(evidence, title, rows, out, since)


def _published_each_quarter(
    evidence: Evidence, title: str, rows: pd.DataFrame, out: pd.DataFrame, since: pd.Timestamp
) -> Answer:
    """Whether the item was published for each quarter, of all `rows` that were heard those that are `out`."""
    asked = spans("quarter", evidence.as_at)
    turns = in_each(asked, reported_on(out), 1, since, may_wait=True)
    if turns.empty:
        return nothing_known(next_due(asked))
    missed = turns[turns["is_missed"]]
    missed = missed.assign(subject=title + ", " + missed["words"], what=_papers(rows, missed, asked))
    by = date_words(evidence.as_at)
    failed = exceptions(missed, f"{{what}}; no publication by {by} is recorded.")
    return looked_at(of_year(evidence, out), failed, len(turns))


def _papers(rows: pd.DataFrame, missed: pd.DataFrame, asked: list[Span]) -> list[str]:
    """Of each quarter missed, when the item was before the body."""
    on = [rows[asked[n].holds(reported_on(rows))] for n in missed["span"]]
    return [
        f"It was before the body on {', '.join(days(one))}" if len(one) else "It was not on the agenda"
        for one in on
    ]


def _of_quarter(evidence: Evidence, *bodies: str) -> pd.DataFrame:
    """Items of these bodies' meetings held in the quarter, each named by its title and its meeting."""
    rows = heard(evidence, *bodies)
    rows = named(evidence, rows[Span.of(evidence.quarter).holds(rows["held_on"])])
    titles = [
        title or item_title(evidence.framework, item)
        for title, item in zip(rows["title"], rows["item"], strict=True)
    ]
    number = rows["number"].astype(int).astype(str)
    when = pd.Series(days(rows), rows.index, dtype="str")
    return rows.assign(
        subject="Item "
        + number
        + ", "
        + pd.Series(titles, rows.index, dtype="str")
        + ": "
        + rows["who"]
        + ", "
        + when
    )
