"""Clause tests of agendas: which items came before a body, how often, and whether a board covered its year."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import told
from pmf_lib.assurance.checks.minutes import (
    BOARDS,
    began,
    heard,
    held,
    in_sentence,
    item_title,
    named,
    reported_on,
)
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import (
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
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.framework.parts import AgendaItem

OFTEN = {"monthly": "month", "quarterly": "quarter", "twice a year": "half"}
"""Frequencies that can be counted → the spans of the year in each of which the item is to come up."""
BOARD = ["body", "directorate"]


@clause_test
def item_was_on_agenda(
    evidence: Evidence, *, body: str, item: str, times: int, per: str, panel: str = ""
) -> Answer:
    """The item was before the body so many times in the year, or for each whole quarter of the twelve months before the as-at date.

    A report counts for the quarter that it is on, where it says so; the newest quarter may still be reported on until the
    next has ended. Where no agenda is recorded for the unit, nothing is known.
    """
    told("per", per, ("quarter", "year"))
    met = of_panel(held(evidence, body), panel)
    since = began(met if len(met) else held(evidence))
    if since is None or heard(evidence).empty:
        return nothing_known()
    had = of_panel(heard(evidence, body, item=item), panel).drop_duplicates(["meeting_id", "quarter"])
    who = f"{in_sentence(body)} ({panel})" if panel else in_sentence(body)
    about = {"title": item_title(evidence.framework, item), "owner": _leader(evidence, body)}
    if per == "year":
        asked = pd.DataFrame({"body": [body], "since": since})
        had = had.drop_duplicates("meeting_id")
        turns = in_year(evidence, asked, had, times).assign(**about)
        turns = turns.assign(had=turns["n"].map(counted))
        words = f"It was {{had}} on the agenda of {who} {year(evidence).words}; {counted(times)} is asked."
        return answer_of_year(evidence, turns, words, had)
    return _of_quarters(evidence, met, had, times=times, since=since, who=who, about=about)


@clause_test
def agenda_is_covered(evidence: Evidence, *, agenda: str, times: int = 1, per: str = "year") -> Answer:
    """Each board has had every item of the framework's agenda within the year.

    The year is the quarter's financial year once it is over, until then the twelve months before the as-at date. An item that
    is still to come in the financial year and came in the one before is not yet due.
    """
    told("per", per, ("year",))
    items = pd.DataFrame([(one.id, one.title) for one in _items(evidence, agenda)], columns=["item", "title"])
    asked = _boards(evidence).merge(items[["item"]], how="cross")
    had = heard(evidence, *BOARDS).drop_duplicates(["meeting_id", "item"])
    if had.empty:
        return nothing_known()
    turns = named(evidence, in_year(evidence, asked, had, times).merge(items, on="item"))
    turns = _whose(evidence, turns.assign(had=turns["n"].map(counted)))
    words = f"It was {{had}} on the agenda {year(evidence).words}; the minimum is {counted(times)}."
    return answer_of_year(evidence, turns, words, had)


@clause_test
def agenda_keeps_frequency(evidence: Evidence, *, agenda: str) -> Answer:
    """Each item came up in as many months, quarters or halves of the year before the as-at date as the text's example says.

    Only frequencies that can be counted are asked.
    """
    items = [one for one in _items(evidence, agenda) if one.frequency in OFTEN]
    had = heard(evidence, *BOARDS)
    boards = _boards(evidence)
    if had.empty or not items or boards.empty:
        return nothing_known()
    kept = []
    for body, unit, since in zip(boards["body"], boards["directorate"], boards["since"], strict=True):
        own = had[(had["body"] == body) & (had["directorate"] == unit)]
        kept += [{"body": body, "directorate": unit} | _kept(evidence, own, since, item) for item in items]
    turns = pd.DataFrame(kept)
    turns = _whose(evidence, named(evidence, turns[turns["of"] > 0]))
    seldom = turns[turns["n"] < turns["of"]]
    failed = exceptions(seldom, "It came up in {n} of {of} {spans}; the text's example is: {example}.")
    return looked_at(of_year(evidence, had), failed, len(turns))


def _of_quarters(
    evidence: Evidence,
    met: pd.DataFrame,
    had: pd.DataFrame,
    *,
    times: int,
    since: pd.Timestamp,
    who: str,
    about: dict[str, str],
) -> Answer:
    """The quarters for which the item came up less often than asked, with how often the body met in each."""
    asked = spans("quarter", evidence.as_at)
    turns = in_each(asked, reported_on(had), times, since, may_wait=True).assign(**about)
    if turns.empty:
        return nothing_known(next_due(asked))
    turns = turns.assign(
        subject=turns["title"] + ", " + turns["words"],
        had=turns["n"].map(counted),
        met=[counted(int(asked[n].holds(met["held_on"]).sum())) for n in turns["span"]],
        is_past=True,
    )
    words = f"It was {{had}} on the agenda for that quarter, in which {who} met {{met}}; {counted(times)} is asked."
    return looked_at(of_year(evidence, had), exceptions(turns[turns["is_missed"]], words), len(turns))


def of_panel(rows: pd.DataFrame, panel: str) -> pd.DataFrame:
    """Those of meetings, or of items of them, that are this panel's; all, where none is named."""
    return rows[rows["portfolio"].str.casefold() == panel.casefold()] if panel else rows


def _leader(evidence: Evidence, body: str) -> str:
    """The post that leads the body, where it is a directorate's own."""
    own = pd.DataFrame({"body": [body], "directorate": evidence.directorate})
    return str(named(evidence, own)["owner"].iloc[0]) if body in BOARDS else ""


def _items(evidence: Evidence, agenda: str) -> tuple[AgendaItem, ...]:
    """Items of one of the framework's agendas.

    Raises
    ------
    PolicyError
        It has no such agenda.
    """
    known = {one.id: one for one in evidence.framework.agendas}
    if agenda not in known:
        mend = f"Agendas stand in parameters/frameworks/{evidence.framework.id}/bodies.yml."
        raise PolicyError(unknown("agenda", agenda, known, mend))
    return known[agenda].items


def _boards(evidence: Evidence) -> pd.DataFrame:
    """One row per board that has met: body, directorate, and since when its meetings are recorded."""
    met = held(evidence, *BOARDS)
    return met.groupby(BOARD)["held_on"].min().rename("since").reset_index()


def _whose(evidence: Evidence, turns: pd.DataFrame) -> pd.DataFrame:
    """The same rows, each subject its item, followed by the board where several are asked."""
    whose = "" if evidence.directorate else ", " + turns["who"]
    return turns.assign(subject=turns["title"] + whose)


def _kept(evidence: Evidence, had: pd.DataFrame, since: pd.Timestamp, item: AgendaItem) -> dict[str, object]:
    """In how many spans of the year (n) of those that can be told of (of) the item came up at a board."""
    kind = OFTEN[item.frequency]
    days = had.loc[had["item"] == item.id, "held_on"]
    turns = in_each(spans(kind, evidence.as_at), days, 1, since)
    return {
        "title": item.title,
        "n": int((~turns["is_missed"]).sum()),
        "of": len(turns),
        "spans": {"half": "half-years"}.get(kind, f"{kind}s"),
        "example": item.frequency_words,
    }
