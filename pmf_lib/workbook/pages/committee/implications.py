"""Implications of what failed, one by one: what the records say of each, and a plain sentence where they say nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd

from pmf_lib.assurance.bearing import risks_behind
from pmf_lib.assurance.checks.common import blanks, objectives_in_force, plans_in_force
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import registered
from pmf_lib.workbook.pages.lived import findings
from pmf_lib.workbook.pieces.markup import Html, Words, link, paragraphs, phrase, summary_list
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.template import Implication

PUBLISHED = (
    "No implication can be told from published figures: they say nothing of plans, risks, staff or money."
)
NOTHING = "The records say nothing of it."
UNSENT = "Nobody sent the table of {name}, so nothing is known of it."
PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "financial": {
            "resources": "the resources that they need",
            "finance_link": "the medium term financial strategy",
        },
        "staffing": {"workforce": "their workforce"},
        "inequalities": {"equalities": "equalities needs and access"},
        "climate": {"climate": "climate change"},
        "consultation": {"consultation": "whom they were consulted with"},
    }
)
"""Implication → parts that plans hold, each with its words."""


def shown(book: Book, records: Evidence, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Each implication of the council's template, with the findings that bear on it.

    `clauses` as from `committee.by_clause`; `exceptions` of every unit.
    """
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    failed = clauses[clauses["is_failed"]]
    cases = exceptions[exceptions["clause"].isin(failed["clause"])]
    scheme = book.schemes.committee
    return summary_list(
        (one.heading, _told(one, records, failed, cases, scheme.named_at_most)) for one in scheme.implications
    )


def _told(one: Implication, records: Evidence, failed: pd.DataFrame, cases: pd.DataFrame, most: int) -> Html:
    """What the records say of one implication; that they say nothing, where they don't."""
    said = [_or_unsent(partial(tell, records, cases, most)) for tell in TELL[one.id]]
    said += [_parts(records, one.id)] if one.id in PARTS else []
    bearing = _bearing(failed[failed["group_id"].isin(one.groups)])
    return paragraphs(*(dict.fromkeys(said) or [NOTHING]), *bearing)


def _or_unsent(tell: Callable[[], str]) -> str:
    """A sentence, or that nobody sent the table which it would be told from."""
    try:
        return tell()
    except NotSentError as error:
        return UNSENT.format(name=error)


def _parts(records: Evidence, wanted: str) -> str:
    """How many plans in force have no part on what this implication is about."""
    return _or_unsent(lambda: _lacking(plans_in_force(records), PARTS[wanted]))


def _lacking(plans: pd.DataFrame, parts: Mapping[str, str]) -> str:
    """How many plans have no part on one thing or another.

    >>> plans = pd.DataFrame({"kind": ["main", "main", "overview"], "climate": ["section 4", "", ""]})
    >>> _lacking(plans, {"climate": "climate change"})
    'One of two plans in force has no part on climate change.'
    """
    rows = plans[plans["kind"] != "overview"]
    if rows.empty:
        return "No plan in force is recorded."
    bare = {words: int((blanks(rows, {name: words}) != "").sum()) for name, words in parts.items()}
    said = [
        f"{out_of(count, len(rows), 'plan')} in force {plural(count, 'has', 'have')} no part on {words}."
        for words, count in bare.items()
        if count
    ]
    whole = "The one plan in force has" if len(rows) == 1 else f"Each of {len(rows)} plans in force has"
    return " ".join(said) or f"{whole} a part on {listing(parts.values())}."


def _bearing(failed: pd.DataFrame) -> list[Words]:
    """Which findings bear on it, with links to them."""
    if failed.empty:
        return []
    links = [
        link(what, f"#{findings.place(clause)}")
        for clause, what in zip(failed["clause"], failed["what"], strict=True)
    ]
    parts = [part for one in links for part in ("; ", one)][1:]
    head = f"{sentence(counted(len(failed), 'finding', in_words=True))} {plural(len(failed), 'bears', 'bear')} on it: "
    return [phrase(head, *parts, ".")]


def _risks(records: Evidence, cases: pd.DataFrame, most: int) -> str:
    """The open risks behind what failed, the highest first."""
    rows = risks_behind(records, cases)
    if rows.empty:
        return "No open risk names a measure or objective that failed."
    named = [_risk(row) for row in rows.head(most).to_dict("records")]
    more = len(rows) - len(named)
    head = f"{sentence(counted(len(rows), 'open risk', in_words=True))} {plural(len(rows), 'stands', 'stand')} behind what failed"
    return f"{head}{', the highest first' if len(rows) > 1 else ''}: {'; '.join(named)}{f'; and {count_word(more)} more' if more else ''}."


def _risk(row: Mapping[Any, Any]) -> str:
    """A risk with its score and owner."""
    scored = f"likelihood {row['likelihood']:g}, impact {row['impact']:g}" if row["score"] else "not scored"
    return f"{row['title']} ({scored}; {row['owner'] or 'no owner is named'})"


def _resourced(records: Evidence, *_: object) -> str:
    """How many objectives lack money or people, or were never looked at for it."""
    rows = objectives_in_force(records)
    short, unknown = (
        int(rows["resourced"].isin(codes).sum()) for codes in (["no", "partly"], ["not-assessed"])
    )
    if rows.empty:
        return "No objective in force is recorded."
    head = f"{out_of(short, len(rows), 'objective')} {plural(short or 1, 'lacks', 'lack')} money or people, in whole or part"
    return f"{head}{f'; of {count_word(unknown)} nobody said' if unknown else ''}."


def _budget(records: Evidence, *_: object) -> str:
    """Whether a budget in force is recorded as approved."""
    rows = records.kept("approvals")
    day = pd.Timestamp(records.as_at)
    rows = rows[(rows["kind"] == "budget") & (rows["stage"] == "approved") & (rows["decided_on"] <= day)]
    rows = rows[~(rows["valid_from"] > day) & ~(rows["valid_to"] < day)].sort_values("decided_on")
    if rows.empty:
        return "No approval of the year's budget is recorded."
    return f"{rows['subject'].iloc[-1]} was approved on {date_words(rows['decided_on'].iloc[-1].date())}."


TELL: Mapping[str, tuple[Callable[[Evidence, pd.DataFrame, int], str], ...]] = MappingProxyType(
    {
        "risk": (_risks,),
        "financial": (_resourced, _budget),
        "legal": (registered.obligations,),
        "staffing": (registered.conversations, registered.training),
        "inequalities": (),
        "climate": (),
        "consultation": (registered.consultations,),
    }
)
"""Implication → what else tells of it."""
