"""A directorate's performance board: what its agenda owes the year, when it meets, and what lies behind each item.

Frames in, frames out. What a framework asks of the board (a duty, a minimum) can be overdue; its examples of frequency, and
what it only mentions, are observations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.checks.agendas import OFTEN
from pmf_lib.assurance.checks.minutes import began, heard, held, item_title, reported_on, to_come
from pmf_lib.assurance.checks.turns import (
    Span,
    counted,
    in_each,
    in_year,
    next_due,
    spans,
    this_year,
    year,
)
from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.model import Framework
from pmf_lib.periods import containing, date_words

BODY = "directorate-board"
STATES = ("overdue", "due_next", "covered", "unknown")
"""How an item stands, the most pressing first."""
ASKED = ("item", "number", "title", "text", "times", "per", "force", "frequency", "example")
AGENDA = ("item", "number", "title", "asks", "force", "example", "last_on", "year_n", "state", "basis", "why")
MEETINGS = ("meeting_id", "held_on", "time_given", "items_n")
NEEDED = ("meetings", "agenda")
"""Tables without which nothing is known of an agenda."""


def asked_of_board(framework: Framework) -> pd.DataFrame:
    """What the framework wants on the agenda of a directorate's board: one row per item, its agenda's first, then its clauses'.

    Returns
    -------
    DataFrame
        item, number (on the framework's own agenda, else 0), title, text (the framework's words, or ''), times, per
        (``quarter`` or ``year``), force, frequency (the agenda's example, or ''), example (that in the text's words).
        An item that an agenda and a clause ask for has the agenda's number and the asking that binds more.
    """
    own = [
        {**one.model_dump(), "item": one.id, "example": one.frequency_words}
        | {"times": agenda.minimum_a_year, "per": "year", "force": "minimum"}
        for agenda in framework.agendas
        for one in agenda.items
    ]
    blank = {"number": 0, "text": "", "frequency": "", "example": ""}
    told = [
        {**blank, **one.parameters, "title": item_title(framework, str(one.parameters["item"]))}
        | {"force": one.force}
        for one in framework.clauses
        if one.check == "item_was_on_agenda" and one.parameters.get("body") == BODY
    ]
    rows = pd.DataFrame([*own, *told], columns=list(ASKED))
    first = rows.drop_duplicates("item").set_index("item")
    binds = rows.assign(free=~rows["force"].isin(BINDING)).sort_values(["free", "per"], kind="stable")
    strict = binds.drop_duplicates("item").set_index("item")[["times", "per", "force"]]
    return first.drop(columns=["times", "per", "force"]).join(strict).reset_index()[list(ASKED)]


def agenda_due(evidence: Evidence, scheme: BoardScheme) -> pd.DataFrame:
    """How each item stands that the framework wants on the board's agenda.

    Parameters
    ----------
    evidence
        The records of one directorate as they stood at a date.
    scheme
        When the end of the year is near.

    Returns
    -------
    DataFrame
        One row per item in the framework's order: item, number, title, asks (how often, and how strongly it is asked),
        force (how strongly alone), example (the text's example of frequency, or ''), last_on (day of the last meeting that heard it), year_n (meetings of
        the financial year that heard it), state (one of `STATES`), basis (what the state rests on: ``duty``, ``minimum``,
        ``example``, ``mentioned``, or ''), why (a sentence). Where the table of meetings or of the agenda was not
        sent, or no agenda of the board is recorded, every item is ``unknown``.

    Source
    ------
    The clause tests `item_was_on_agenda` and `agenda_is_covered`, whose turns these are; the end of the year is a choice of
    this workbook, docs/methods/board.md.
    """
    wanted = asked_of_board(evidence.framework)
    asks = [_asks(one) for one in wanted.to_dict("records")]
    wanted = wanted.assign(asks=pd.Series(asks, wanted.index, dtype="str"))
    if why := nothing_recorded(evidence):
        never = pd.Series(pd.NaT, wanted.index, dtype="datetime64[us]")
        return wanted.assign(last_on=never, year_n=0, state="unknown", basis="", why=why)[list(AGENDA)]
    had = heard(evidence, BODY).drop_duplicates(["meeting_id", "item"])
    since = began(held(evidence, BODY))
    this = had[this_year(evidence).holds(had["held_on"])]
    made = wanted.assign(
        last_on=wanted["item"].map(had.groupby("item")["held_on"].max()).astype("datetime64[us]"),
        year_n=wanted["item"].map(this["item"].value_counts()).fillna(0).astype(int),
    )
    turns = [
        _turn(evidence, scheme, one, had[had["item"] == one["item"]], since)
        for one in made.to_dict("records")
    ]
    told = pd.DataFrame(turns, columns=["state", "basis", "why"], index=made.index, dtype="str")
    return made.join(told)[list(AGENDA)]


def nothing_recorded(evidence: Evidence) -> str:
    """Why nothing is known of the board's agenda, in a sentence; '' where something is."""
    unsent = [name for name in NEEDED if name not in evidence.sent]
    if unsent:
        names = {"meetings": "meetings", "agenda": "agenda items"}
        return f"Nobody sent the table of {' or of '.join(names[name] for name in unsent)}, so nothing is known of it."
    if held(evidence, BODY).empty:
        return "No meeting of this board is recorded, so nothing is known of it."
    if heard(evidence, BODY).empty:
        return "No agenda of this board is recorded, so nothing is known of it."
    return ""


def next_meeting(evidence: Evidence) -> date | None:
    """The day of the board's first meeting that is planned for the as-at date or later, where one is recorded already."""
    if "meetings" not in evidence.sent:
        return None
    days = to_come(evidence, BODY)["held_on"]
    return None if days.empty else pd.Timestamp(days.min()).date()


def meetings_of_year(evidence: Evidence) -> pd.DataFrame:
    """The board's meetings in the quarter's financial year, up to the as-at date.

    Returns
    -------
    DataFrame
        One row per meeting held, the oldest first: meeting_id, held_on, time_given, items_n (on its agenda).

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    met = held(evidence, BODY)
    met = met[this_year(evidence).holds(met["held_on"])].sort_values("held_on", kind="stable")
    counts = evidence.kept("agenda")["meeting_id"].value_counts()
    found = met.assign(items_n=met["meeting_id"].map(counts).fillna(0).astype(int))
    return found[list(MEETINGS)].reset_index(drop=True)


def _asks(one: Mapping[Any, Any]) -> str:
    """How often, and how strongly, an item is asked; of what binds nobody only what it is."""
    if one["force"] not in BINDING:
        return str(one["force"])
    if one["per"] == "quarter" and one["times"] == 1:
        return f"each quarter ({one['force']})"
    return f"{counted(int(one['times']))} {'each quarter' if one['per'] == 'quarter' else 'a year'} ({one['force']})"


Turn = tuple[str, str, str]
"""State, basis and why."""


def _turn(
    evidence: Evidence,
    scheme: BoardScheme,
    one: Mapping[Any, Any],
    had: pd.DataFrame,
    since: pd.Timestamp | None,
) -> Turn:
    """How one item stands: what binds first, then the text's example."""
    if one["force"] not in BINDING:
        return _mentioned(evidence, one)
    if one["per"] == "quarter":
        bound = _of_quarter(evidence, one, had, since)
    else:
        bound = _of_year(evidence, scheme, one, had, since)
    if bound[0] != "covered" or one["frequency"] not in OFTEN:
        return bound
    return _of_example(evidence, one, had) or bound


def _of_quarter(
    evidence: Evidence, one: Mapping[Any, Any], had: pd.DataFrame, since: pd.Timestamp | None
) -> Turn:
    """An item that each quarter asks for: the newest whole quarter may be heard until the next has ended."""
    asked = spans("quarter", evidence.as_at)
    start = pd.Timestamp.max if since is None else since
    turns = in_each(asked, reported_on(had), int(one["times"]), start, may_wait=True)
    missed = turns[turns["is_missed"]]
    newest = asked[-1]
    said = f" It was not on the agenda for {_listed(missed['words'])}." if len(missed) else ""
    if (turns["span"] == len(asked) - 1).any():
        return "covered", one["force"], f"{newest.words} is covered.{said}"
    if (missed["span"] == len(asked) - 2).any() and not _heard_after(had, newest.last):
        return _overdue(evidence, one, had, f"{said.strip()} {_often(one)}")
    due = date_words(next_due(asked))
    return "due_next", one["force"], f"{newest.words} is to be covered by {due}.{said}"


def _of_year(
    evidence: Evidence,
    scheme: BoardScheme,
    one: Mapping[Any, Any],
    had: pd.DataFrame,
    since: pd.Timestamp | None,
) -> Turn:
    """An item that the year asks for."""
    whole, window, force = evidence.quarter.financial_year, year(evidence), one["force"]
    asked = pd.DataFrame({"item": [one["item"]], "since": [since]})
    turn = in_year(evidence, asked, had, int(one["times"])).iloc[0]
    minimum = f"{counted(int(one['times']))} is asked"
    if turn["state"] == "missed" and not _heard_after(had, window.last):
        seen = f"It was {counted(int(turn['n']))} on the agenda {window.words}; {minimum}."
        return _overdue(evidence, one, had, seen)
    if one["year_n"] >= one["times"] or evidence.as_at > whole.end:
        return "covered", force, f"What {whole.label} asks is covered."
    seen = f"It was {counted(int(one['year_n']))}" if one["year_n"] else "Not yet"
    left = f"{seen} on the agenda in {whole.label}; {minimum} by {date_words(whole.end)}."
    is_near = (whole.end - evidence.as_at).days <= scheme.year_end_near_days
    return "overdue" if is_near else "due_next", force, left


def _overdue(evidence: Evidence, one: Mapping[Any, Any], had: pd.DataFrame, seen: str) -> Turn:
    """An item that missed its turn: that no agenda ever had it and how often it is asked, else what was `seen`."""
    never = _never(evidence, had)
    return "overdue", one["force"], f"{never} {_often(one)}" if never else seen


def _often(one: Mapping[Any, Any]) -> str:
    return f"It is asked {one['asks'].split(' (')[0]}."


def _never(evidence: Evidence, had: pd.DataFrame) -> str:
    """That no agenda ever had the item, where none had."""
    met = heard(evidence, BODY).drop_duplicates("meeting_id")["held_on"]
    if len(had) or met.empty:
        return ""
    where = f"on none of the {len(met)} agendas" if len(met) > 1 else "not on the one agenda"
    return f"It is {where} recorded since {date_words(met.min().date())}."


def _of_example(evidence: Evidence, one: Mapping[Any, Any], had: pd.DataFrame) -> Turn | None:
    """An item whose turn has come by the text's example of frequency, which binds nobody; None where it has not."""
    span = _span_of(OFTEN[one["frequency"]], next_meeting(evidence) or evidence.as_at)
    if span.holds(had["held_on"]).any():
        return None
    why = f"Not yet on the agenda in {span.words}; the text's example is: {one['example']}."
    return "due_next", "example", why


def _mentioned(evidence: Evidence, one: Mapping[Any, Any]) -> Turn:
    """An item that the framework mentions and asks of nobody."""
    label = evidence.quarter.financial_year.label
    if one["year_n"]:
        return "covered", "mentioned", f"It was on the agenda in {label}."
    why = f"Not yet on the agenda in {label}; the framework mentions it and does not oblige the board to it."
    return "due_next", "mentioned", why


def _span_of(kind: str, day: date) -> Span:
    """The month, quarter or half of a financial year that holds a day."""
    if kind != "half":
        return Span.of(containing(kind, day))
    quarter = containing("quarter", day)
    first = quarter if quarter.ordinal % 2 == 0 else quarter.shift(-1)
    half = Span.of(first, first.shift(1))
    months = [containing("month", one).words for one in (half.first, half.last)]
    return replace(half, words=f"the half-year {months[0]} to {months[1]}")


def _heard_after(had: pd.DataFrame, day: date) -> bool:
    return bool((had["held_on"] > pd.Timestamp(day)).any())


def _listed(words: pd.Series[str]) -> str:
    """Words as a sentence lists them."""
    each = words.tolist()
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
