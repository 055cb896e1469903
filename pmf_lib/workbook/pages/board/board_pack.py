"""What page 4 speaks of, computed once, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pmf_lib.assurance.board import agenda as board
from pmf_lib.assurance.board import results as board_loop
from pmf_lib.assurance.board.behind import RATED
from pmf_lib.assurance.board.issues import hot_issues
from pmf_lib.assurance.escalation import effects
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.looped import closed_loop
from pmf_lib.workbook.pieces.markup import Html, link

PUBLISHED = "Published figures can't show this: it would stand in the council's own records."
TABLE_WORDS = {
    "escalations": "escalations",
    "actions": "actions",
    "risks": "risks",
    "meetings": "meetings",
    "agenda": "agenda items",
    "registers": "registers",
}
"""Table of records → what a sentence calls it."""


@dataclass(frozen=True)
class Pack:
    """What the page speaks of, computed once; frames as `pmf_lib.assurance` gives them, empty where nothing is known."""

    records: Evidence
    agenda: pd.DataFrame
    issues: pd.DataFrame
    closed: pd.DataFrame
    """The closed loop of each missed measure."""
    effects: pd.DataFrame
    """What came after each action that was done lately."""


def pack(book: Book, records: Evidence) -> Pack:
    """The board's pack, from the unit's evidence."""
    return Pack(
        records=records,
        agenda=board.agenda_due(records, book.schemes.board),
        issues=hot_issues(records, book.schemes.board),
        closed=closed_loop(book, records),
        effects=_effects(book, records),
    )


def _effects(book: Book, records: Evidence) -> pd.DataFrame:
    try:
        return board_loop.effects_lately(records, book.schemes.escalation)
    except NotSentError:
        return pd.DataFrame(columns=list(effects.COLUMNS), dtype="str")


def idle_actions(found: pd.DataFrame) -> int:
    """Actions done after which none of their figures moved for the better, though enough is known to tell."""
    judged = found[found["effect"].isin(effects.JUDGED)]
    worked = judged.loc[judged["effect"] == "better", "action_id"]
    return int(judged.loc[~judged["action_id"].isin(worked), "action_id"].nunique())


def knows_issues(told: Pack) -> bool:
    """Is enough known to say that nothing is hot: a measure with a status, escalations and actions?"""
    return has_status(told.records) and not not_sent(told.records, "escalations", "actions")


def has_status(records: Evidence) -> bool:
    """Whether any measure has a status, so that one could be missed."""
    return bool(records.rated["state"].isin(RATED).any())


def not_sent(records: Evidence, *tables: str) -> list[str]:
    """A sentence for each of these tables that nobody sent."""
    return [
        f"Nobody sent the table of {TABLE_WORDS[name]}, so nothing is known of it here."
        for name in tables
        if name not in records.sent
    ]


def measure_link(measure_id: str, title: str) -> Html:
    """A measure's title, leading to its place on page 2."""
    return link(title, f"2_measures_against_markers.html#measure-{measure_id}")
