"""Pieces of page 4: what came of actions, the closed loop of each missed measure, and the risks behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance.board import results as board_loop
from pmf_lib.assurance.escalation.answers import SPENT
from pmf_lib.assurance.escalation.effects import JUDGED
from pmf_lib.assurance.escalation.rules import level_words
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.board.board_pack import (
    PUBLISHED,
    Pack,
    has_status,
    idle_actions,
    measure_link,
    not_sent,
)
from pmf_lib.workbook.pages.measures.reach import none_missed
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, day, number, out_of, plural, sentence

OUTCOMES: Mapping[str, str] = {
    "noted": "noted",
    "agreed": "agreed",
    "challenged": "challenged",
    "action": "action",
    "referred": "referred on",
    "deferred": "deferred",
}
"""Outcome as records write it → what pages call it."""
CLOSED = {
    "name": Column("Missed measure", "html"),
    "running": Column("Quarters running", "number", decimals=0),
    "asked": Column("To be raised to", missing="nobody yet"),
    "escalation": Column("Raised as asked?", "tag", verdict="escalation"),
    "raised": Column("Highest level, and when", missing="nobody"),
    "decided": Column("Decision", missing="none is recorded"),
    "acted": Column("Action", missing="none is recorded"),
    "stands": Column("Stands", "tag", verdict="loop"),
}
"""Columns of the closed loop."""
OPEN = ("not_escalated", "not_decided", "no_action", "overdue")
"""Where the first open link of a loop is somebody's to close now."""
LINKS = "an escalation, a decision, or an action in time"
IDLE = "no action in hand: what was done changed nothing for the better"
ALONE = "A shift after an action is no proof that the action brought it about; none after it is a reason to ask whether to go on."


def idle(book: Book, told: Pack) -> Html:
    """Actions that changed nothing, then those that worked, and how many can't be told of."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    if said := not_sent(told.records, "actions"):
        return bullets(said)
    found = told.effects
    judged = found[found["effect"].isin(JUDGED)]
    worked = judged[judged["effect"] == "better"]
    rest = judged[~judged["action_id"].isin(worked["action_id"])]
    return blocks(
        _effects(book, rest, _idle_title(told), _idle_empty(found)),
        bullets([*_worked(worked), *_not_told(found)]),
        paragraphs(ALONE if len(judged) else ""),
    )


def _idle_title(told: Pack) -> str:
    judged = told.effects[told.effects["effect"].isin(JUDGED)]["action_id"].nunique()
    bad = idle_actions(told.effects)
    if not judged:
        return "No action that was done can be judged yet"
    if not bad:
        whole = {1: "The one action", 2: "Both actions"}.get(judged, f"All {judged} actions")
        return (
            f"{whole} that can be judged {plural(judged, 'was', 'were')} followed by a change for the better"
        )
    head = out_of(bad, judged, "action") if judged > 1 else "The one action"
    return f"{head} that can be judged changed nothing for the better"


def _idle_empty(found: pd.DataFrame) -> str:
    if found.empty:
        return "No action of this directorate that was to move a measure was done in this financial year or the one before."
    return "What was done and can be told of is listed below."


def _effects(book: Book, rows: pd.DataFrame, title: str, empty: str) -> Html:
    shown = rows.assign(
        about=pd.Series(
            [measure_link(one, name) for one, name in zip(rows["measure_id"], rows["measure"], strict=True)],
            rows.index,
            dtype="object",
        )
    )
    return table(
        shown,
        title=title,
        subtitle=f"{book.unit_name}: actions done since {date_words(book.quarter.financial_year.shift(-1).start)}, by the control "
        "chart of the results before each",
        columns={
            "title": "Action",
            "about": Column("Was to move", "html"),
            "done_on": Column("Done on", "date"),
            "effect": Column("Since then", "tag", verdict="effect"),
            "why": "What the results say",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty=empty,
    )


def _worked(worked: pd.DataFrame) -> list[str]:
    """Successes belong to the board too."""
    return [
        f"It worked: “{row['title']}”. {row['measure']}: {row['why']}" for row in worked.to_dict("records")
    ]


def _not_told(found: pd.DataFrame) -> list[str]:
    """How many actions it is too early to tell of, and how many can't be told of."""
    told = found.drop_duplicates("action_id")
    told = told[~told["action_id"].isin(found.loc[found["effect"].isin(JUDGED), "action_id"])]
    early, never = (int((told["effect"] == code).sum()) for code in ("too_early", "not_testable"))
    words = {"it is too early to tell": early, "nothing can be told": never}
    return [
        f"Of {counted(count, 'action', in_words=True)} done {said}." for said, count in words.items() if count
    ]


def closed(book: Book, told: Pack) -> Html:
    """Each missed measure from red to what came of it."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    if said := not_sent(told.records, "escalations", "actions"):
        return bullets(said)
    rows = told.closed
    return table(
        _closed_rows(book, rows),
        title=_closed_title(rows, told),
        subtitle=f"{book.unit_name}, {book.quarter.words}: red, escalation, decision, action, and whether the results shifted "
        "since. A measure with several actions has a row for each",
        source="Escalations and actions as recorded; the rules of escalation are printed at the end.",
        columns=CLOSED,
        empty=f"{none_missed(told.records.rated)}.",
    )


def _closed_rows(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what their cells say."""
    lines = rows.to_dict("records")
    return rows.assign(
        name=_column(rows, [measure_link(one["measure_id"], one["title"]) for one in lines]),
        asked=_column(rows, [_asked(one) for one in lines]),
        raised=_column(rows, [_raised(one) for one in lines]),
        running=_column(rows, [_running(book, one["running_n"]) for one in lines]),
        decided=_column(rows, [_decided(one) for one in lines]),
        acted=_column(rows, [_acted(one) for one in lines]),
    )


def _column(rows: pd.DataFrame, cells: list[Any]) -> pd.Series:
    return pd.Series(cells, rows.index, dtype="object")


def _running(book: Book, quarters: int) -> Any:
    """In how many quarters running; no more are counted than one after the last that the rules ask for."""
    return f"{quarters} or more" if quarters >= book.schemes.escalation.counted else quarters


def _asked(one: Mapping[Any, Any]) -> str:
    """The level that the rules ask for, by when, and when it was raised to it or higher."""
    if not one["asked_level"]:
        return ""
    by = f"by {day(one['asked_by'])}" if pd.notna(one["asked_by"]) else "in an earlier quarter"
    when = f"; raised on {day(one['answered_on'])}" if pd.notna(one["answered_on"]) else ""
    return f"{_level(one['asked_level'])} {by}{when}"


def _raised(one: Mapping[Any, Any]) -> str:
    return f"{_level(one['reached_level'])}, {day(one['reached_on'])}" if one["reached_level"] else ""


def _level(code: str) -> str:
    return str(level_words(pd.Series([code])).iloc[0])


def _decided(one: Mapping[Any, Any]) -> str:
    """What became of it, in the record's own words where it has some."""
    if not one["outcome"]:
        return ""
    words = f": “{one['decision']}”" if one["decision"] else ""
    return f"{OUTCOMES.get(one['outcome'], one['outcome'])}{words}, {day(one['decided_on'])}"


def _acted(one: Mapping[Any, Any]) -> str:
    if not one["action_id"]:
        return ""
    due = f"due on {day(one['due_on'])}" if pd.notna(one["due_on"]) else "without a day"
    when = f"done on {day(one['done_on'])}" if pd.notna(one["done_on"]) else due
    return f"{one['action']}; {when}"


def _closed_title(rows: pd.DataFrame, told: Pack) -> str:
    """How many of the missed measures have a link that is open now, and of how many no action is in hand."""
    if rows.empty:
        return "No loop is open" if has_status(told.records) else "No loop can be told of"
    missed = rows["measure_id"].nunique()
    gaps, spent = _open_n(rows)
    if gaps:
        more = f"; {count_word(spent)} more {plural(spent, 'has', 'have')} {IDLE}" if spent else ""
        return f"{_of_missed(gaps, missed)} {plural(gaps, 'lacks', 'lack')} {LINKS}{more}"
    if spent:
        return f"{_of_missed(spent, missed)} {plural(spent, 'has', 'have')} {IDLE}"
    return f"{_of_missed(missed, missed)} {plural(missed, 'has', 'have')} an escalation, a decision and an action"


def _of_missed(part: int, missed: int) -> str:
    if part < missed:
        return out_of(part, missed, "missed measure")
    whole = {1: "The one missed measure", 2: "Both missed measures"}
    return whole.get(missed, f"All {missed} missed measures")


def _open_n(rows: pd.DataFrame) -> tuple[int, int]:
    """Missed measures with a link that is open now, and others of which all that was done changed nothing."""
    gaps = set(rows.loc[rows["stands"].isin(OPEN), "measure_id"])
    answered = set(rows.loc[~rows["stands"].isin(SPENT), "measure_id"])
    return len(gaps), len(set(rows["measure_id"]) - answered - gaps)


def risks(book: Book, told: Pack) -> Html:
    """The open risks behind each missed measure, and missed measures that no risk names."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    try:
        rows = board_loop.risk_links(told.records)
    except NotSentError:
        return bullets(not_sent(told.records, "risks"))
    bare = rows.loc[rows["risk_id"] == "", "title"]
    named = rows[rows["risk_id"] != ""]
    return blocks(
        bullets([f"No open risk names “{title}”, which misses its target." for title in bare]),
        details(_risks_words(named), _risks(book, named, _risks_title(told, rows, len(bare))))
        if len(named)
        else paragraphs(_risks_title(told, rows, len(bare)) + "."),
    )


def _risks_words(named: pd.DataFrame) -> str:
    measures, n = named["measure_id"].nunique(), named["risk_id"].nunique()
    return sentence(
        f"{counted(n, 'open risk', in_words=True)} {plural(n, 'names', 'name')} {counted(measures, 'missed measure', in_words=True)}"
    )


def _risks_title(told: Pack, rows: pd.DataFrame, bare: int) -> str:
    missed = rows["measure_id"].nunique()
    if not missed:
        return none_missed(told.records.rated)
    if bare:
        return f"{out_of(bare, missed, 'missed measure')} {plural(bare, 'stands', 'stand')} in no register of risk"
    return "Every missed measure is named by an open risk"


def _risks(book: Book, rows: pd.DataFrame, title: str) -> Html:
    shown = rows.assign(
        name=_column(
            rows, [measure_link(one["measure_id"], one["title"]) for one in rows.to_dict("records")]
        ),
        height=_column(rows, [number(score) if pd.notna(score) else "" for score in rows["score"]]),
    )
    return table(
        shown,
        title=title,
        subtitle=f"{book.unit_name}, as at {date_words(book.as_at)}; score: likelihood × impact, 25 at most",
        columns={
            "name": Column("Missed measure", "html"),
            "risk": "Risk",
            "height": Column("Score", missing="not scored"),
            "looked_on": Column("Last looked at", "date"),
            "response": Column("What is done about it", missing="nothing is recorded"),
            "owner": Column("Owner", missing="no owner named"),
        },
    )
