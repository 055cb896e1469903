"""What the records say of meetings: who met on what day, and what was on the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.checks.common import directorates
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.model import Framework
from pmf_lib.once import once
from pmf_lib.periods import date_words, parse_quarter
from pmf_lib.records.cells import looked_up

BOARDS = ("directorate-board", "strategic-board")
"""Bodies that an agenda of the framework is for."""
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "full-council": "Full Council",
        "cabinet": "Cabinet",
        "audit-committee": "Audit Committee",
        "scrutiny": "Scrutiny",
        "cmt": "Management team",
        "strategic-board": "Strategic board",
        "directorate-board": "Directorate board",
        "service-meeting": "Service meeting",
        "portfolio-meeting": "Portfolio meeting",
        "partnership": "Partnership",
    }
)
"""Body, as records write it → what pages call it."""
BARE = ("full-council", "cabinet", "audit-committee", "scrutiny")
"""Bodies that a sentence names without an article."""
OF_MEETING = ("body", "directorate", "portfolio", "held_on", "published_on")


@once
def held(evidence: Evidence, *bodies: str) -> pd.DataFrame:
    """One row per meeting held by the as-at date, of these bodies (of all, where none is named).

    Columns: those of the table of meetings.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings.
    """
    meetings = _meetings(evidence, "held", bodies)
    return meetings[meetings["held_on"] <= pd.Timestamp(evidence.as_at)]


@once
def to_come(evidence: Evidence, *bodies: str) -> pd.DataFrame:
    """One row per meeting planned for the as-at date or a later day, of these bodies (of all, where none is named).

    Columns: those of the table of meetings.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings.
    """
    meetings = _meetings(evidence, "planned", bodies)
    return meetings[meetings["held_on"] >= pd.Timestamp(evidence.as_at)]


def _meetings(evidence: Evidence, state: str, bodies: tuple[str, ...]) -> pd.DataFrame:
    """Meetings in this state, of these bodies (of all, where none is named)."""
    meetings = evidence.kept("meetings")
    return meetings[(meetings["state"] == state) & meetings["body"].isin(bodies or NAMES)]


@once
def heard(evidence: Evidence, *bodies: str, item: str = "") -> pd.DataFrame:
    """One row per item of the agenda of a meeting held, of these bodies; only of this kind, where one is named.

    Columns: those of the agenda, and of its meeting body, directorate, portfolio, held_on, published_on. The source row is
    the agenda's.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    agenda = evidence.kept("agenda")
    wanted = agenda[agenda["item"] == item] if item else agenda
    return wanted.merge(held(evidence, *bodies)[["meeting_id", *OF_MEETING]], on="meeting_id")


def began(meetings: pd.DataFrame) -> pd.Timestamp | None:
    """The day of the first of these meetings; of the time before nothing is known. None where there is none."""
    return None if meetings.empty else pd.Timestamp(meetings["held_on"].min())


def named(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with `who` (such as "Directorate board of Children's Services") and `owner` (the post that leads it).

    `rows` need a `body`, and may have a `directorate` and a `portfolio`.
    """
    whole = {name: rows.get(name, pd.Series("", rows.index)) for name in ("directorate", "portfolio")}
    units = directorates(evidence).set_index("directorate")
    unit = looked_up(whole["directorate"], units["title"])
    unit = whole["portfolio"].where(whole["portfolio"] != "", unit)
    who = looked_up(rows["body"], NAMES) + (" of " + unit).where(unit != "", "")
    return rows.assign(who=who, owner=looked_up(whole["directorate"], units["owner"]))


def portfolios(evidence: Evidence) -> list[str]:
    """Portfolios that meetings of portfolios or approvals name, in alphabetical order; of a table not sent nothing is known."""
    found: set[str] = set()
    if "meetings" in evidence.sent:
        meetings = evidence.tables["meetings"]
        found |= set(meetings.loc[meetings["body"] == "portfolio-meeting", "portfolio"])
    if "approvals" in evidence.sent:
        found |= set(evidence.tables["approvals"]["portfolio"])
    return sorted(found - {""})


def days(rows: pd.DataFrame) -> list[str]:
    """The day of each row's meeting, in words."""
    return [date_words(day) for day in rows["held_on"].dt.date]


def in_sentence(body: str) -> str:
    """A body within a sentence.

    >>> in_sentence("cabinet"), in_sentence("cmt")
    ('Cabinet', 'the management team')
    """
    return NAMES[body] if body in BARE else f"the {NAMES[body].lower()}"


def item_title(framework: Framework, item: str) -> str:
    """What an item of an agenda is called: by the framework's own agenda, where it has the item."""
    titles = {one.id: one.title for agenda in framework.agendas for one in agenda.items}
    return titles.get(item, item.replace("-", " ").capitalize())


def reported_on(rows: pd.DataFrame) -> pd.Series:
    """The day for which each item counts: the last of the quarter that it reports on, or the day of its meeting."""
    ends = {label: pd.Timestamp(parse_quarter(label).end) for label in rows["quarter"].unique() if label}
    return pd.to_datetime(rows["quarter"].map(ends)).fillna(rows["held_on"])
