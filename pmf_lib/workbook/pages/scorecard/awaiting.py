"""Pieces of page 5: what awaits a decision of the management team, of Cabinet, of Overview and Scrutiny, each apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pmf_lib.assurance.escalation import awaiting as rules
from pmf_lib.assurance.escalation.loop import LOOP_COLUMNS
from pmf_lib.assurance.escalation.rules import LEVEL_WORDS, often
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import sent
from pmf_lib.workbook.pages.scorecard.ask_words import IT, ask
from pmf_lib.workbook.pieces.markup import (
    Html,
    Words,
    blocks,
    bullets,
    details,
    link,
    paragraphs,
    phrase,
    summary_list,
)
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, day, listing, plural, sentence
from pmf_lib.workbook.results import BOARD, MEASURES, NothingRecordedError, collected

ASKED = ("cmt", "cabinet", "scrutiny")
"""The bodies that this page is for; each is told of, also where nothing awaits it."""
BELOW = ("service", "directorate")
PUBLISHED = "Published figures ask nobody for a decision."
PLACE = "#decisions-awaited"
"""Address of the section in the page."""
FIRST = 3
"""So many asks of a body stand in full; the table has them all."""


@dataclass(frozen=True)
class Waits:
    """What awaits a decision (`pmf_lib.assurance.escalation.awaiting`), and what is not known of it."""

    rows: pd.DataFrame
    unknown: tuple[str, ...] = ()
    """Sentences about what nobody sent, or what is not in the run."""
    is_known: bool = True
    """Is anything known of what was raised?"""
    loop: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["measure_id", "reached_level"]))
    """The closed loops of missed measures, as their boards' notebooks recorded them."""

    @property
    def above(self) -> pd.DataFrame:
        """What awaits a decision of bodies above the directorates."""
        return self.rows[~self.rows["level"].isin(BELOW)]

    def of(self, *levels: str) -> pd.DataFrame:
        """What awaits a decision of these levels."""
        return self.rows[self.rows["level"].isin(levels)]


def awaited(book: Book) -> Waits:
    """What awaits a decision, from the records of escalations and the closed loops that the boards' notebooks recorded."""
    loops, missing = _loops(book)
    scheme, known = book.schemes.escalation, sent(book)
    is_known = book.has_own_records and "escalations" in known
    steps, meetings = book.whole("escalations"), book.whole("meetings")
    rows = rules.awaited(steps if is_known else steps.head(0), meetings, loops, scheme, book.as_at)
    unknown = [
        f"Nobody sent the table of {name}, so nothing is known of {of}."
        for name, of in OF.items()
        if name not in known
    ]
    if missing:
        unknown.append(
            f"No results of the {plural(len(missing), 'board', 'boards')} of {listing(missing)} are in this page."
        )
    return Waits(
        _by_title(book, _with_misses(rows, loops)),
        tuple(unknown) if book.has_own_records else (),
        is_known,
        loops,
    )


OF = {
    "escalations": "what was raised, and of what awaits a decision",
    "actions": "what came of decisions",
}
"""Table of records → of what nothing is known where nobody sent it."""


def _loops(book: Book) -> tuple[pd.DataFrame, list[str]]:
    """The closed loops of the directorates whose boards' notebooks ended well, and the names of the others."""
    try:
        found = collected(book, "loop")
    except NothingRecordedError:
        everybody = [one.name for one in book.council.directorates]
        return pd.DataFrame(columns=[*LOOP_COLUMNS, "directorate"], dtype="str"), everybody
    return found["loop"], list(found.missing)


def _with_misses(rows: pd.DataFrame, loops: pd.DataFrame) -> pd.DataFrame:
    """The same rows; what was raised about a measure says, too, in how many quarters running it missed its target."""
    if "running_n" not in loops:
        return rows
    known = loops.drop_duplicates("measure_id").set_index("measure_id")["running_n"]
    told = rows["measure_id"].map(known).astype("float64").fillna(0).astype("int64")
    return rows.assign(running_n=rows["running_n"].where(rows["running_n"] > 0, told))


def _by_title(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows; what is about a measure goes by the measure's title."""
    measures = book.whole("measures")
    titles = dict(zip(measures["measure_id"], measures["title"], strict=True))
    named = rows["measure_id"].map(titles).astype("object").fillna(rows["title"])
    return rows.assign(title=named.astype("str"))


def said(waits: Waits) -> Words:
    """How many decisions await which body, in one sentence that leads to them; empty of published figures."""
    if not waits.is_known:
        return waits.unknown[0] if waits.unknown else ""
    rows = waits.above
    if rows.empty:
        return f"Nothing that was raised awaits a decision of {listing((LEVEL_WORDS[level] for level in ASKED), 'or')}."
    counts = {level: int((rows["level"] == level).sum()) for level in dict.fromkeys(rows["level"])}
    told = [f"{counted(n, 'decision', in_words=True)} of {LEVEL_WORDS[level]}" for level, n in counts.items()]
    n, late = len(rows), int(rows["is_overdue"].sum())
    return phrase(link(sentence(listing(told)), PLACE), f" {plural(n, 'is', 'are')} awaited{_late(n, late)}.")


def _late(n: int, late: int) -> str:
    """How many of so many are overdue, as the end of a sentence.

    >>> _late(1, 1), _late(3, 3), _late(3, 1), _late(3, 0)
    ('; it is overdue', '; all are overdue', '; one is overdue', '')
    """
    if not late:
        return ""
    who = ("it" if n == 1 else "all") if n == late else count_word(late)
    return f"; {who} {plural(late if n > late else n, 'is', 'are')} overdue"


def asked(book: Book, waits: Waits) -> Html:
    """What each body is asked, as sentences; all of it stands in the table below."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    others = [level for level in dict.fromkeys(waits.rows["level"]) if level not in (*ASKED, *BELOW)]
    if not waits.is_known:
        return bullets(waits.unknown)
    if waits.rows["level"].isin(BELOW).all():
        return blocks(paragraphs(said(waits)), bullets(waits.unknown))
    pairs: list[tuple[str, Words]] = [
        (sentence(LEVEL_WORDS[level]), _of_body(waits.of(level))) for level in (*ASKED, *others)
    ]
    return blocks(summary_list(pairs), bullets(waits.unknown))


def _of_body(rows: pd.DataFrame) -> Html:
    """What one body is asked, the first of it in full."""
    if rows.empty:
        return phrase("Nothing awaits its decision.")
    lines = [ask(row) for row in rows.head(FIRST).to_dict("records")]
    more = len(rows) - len(lines)
    if more:
        lines.append(f"And {count_word(more)} more, in the table below.")
    return phrase(lines[0]) if len(lines) == 1 else bullets(lines)


def shown(book: Book, waits: Waits) -> Html:
    """Every escalation and missed measure that awaits a decision, by level, with the days since when and by when."""
    if not waits.is_known:
        return Html("")
    above = waits.above
    return blocks(_listed(book, above) if len(above) else Html(""), _below(book, waits))


def _listed(book: Book, rows: pd.DataFrame) -> Html:
    lines = rows.to_dict("records")
    return table(
        rows.assign(
            body=[sentence(LEVEL_WORDS[level]) for level in rows["level"]],
            name=pd.Series([_name(book, one) for one in lines], rows.index, dtype="object"),
            ask=[ask(one, IT) for one in lines],
            often=[_often(book, one) for one in lines],
        ),
        title=_title(rows),
        subtitle=f"Whole council, as at {day(book.as_at)}; at each level what is overdue comes first, then what has waited longest",
        source="Escalations, meetings and actions as recorded, and the directorates' boards; the rules are printed at the end.",
        columns={
            "name": Column("About", "html"),
            "ask": "What is asked",
            "often": Column("Missed", missing="–"),
            "since": Column("Since", "date", missing="an earlier quarter"),
            "due_on": Column("Due by", "date", missing="no day set"),
        },
        group="body",
    )


def _name(book: Book, row: Mapping[Any, Any]) -> Html:
    """What it is about, leading to the measure's place on its directorate's page."""
    known = {one.id for one in book.council.directorates}
    if row["measure_id"] and row["directorate"] in known:
        return link(row["title"], f"../{row['directorate']}/{MEASURES}.html#measure-{row['measure_id']}")
    return phrase(row["title"])


def _often(book: Book, row: Mapping[Any, Any]) -> str:
    return often(row["running_n"], book.schemes.escalation.counted) if row["running_n"] else ""


def _title(rows: pd.DataFrame) -> str:
    """How many things await a decision, and how many are overdue."""
    n, late = len(rows), int(rows["is_overdue"].sum())
    tail = _late(n, late) or f"; {'it is not' if n == 1 else 'none is'} overdue"
    return f"{sentence(counted(n, 'thing', in_words=True))} {plural(n, 'awaits', 'await')} a decision{tail}"


def _below(book: Book, waits: Waits) -> Html:
    """How many await the directorates' own boards, with links to their pages."""
    rows = waits.of(*BELOW)
    if rows.empty:
        return Html("")
    whose = [one for one in book.council.directorates if (rows["directorate"] == one.id).any()]
    links = [link(one.name, f"../{one.id}/{BOARD}.html") for one in whose]
    parts = [part for one in links for part in ("; ", one)][1:]
    n = len(rows)
    head = f"{sentence(count_word(n))} more {plural(n, 'awaits', 'await')} a decision in the directorates"
    return paragraphs(phrase(f"{head}: see the board's page of ", *parts, ".") if parts else f"{head}.")


def rule(book: Book) -> Html:
    """By when a decision is due and what is raised to whom; nothing of published figures."""
    if not book.has_own_records:
        return Html("")
    scheme = book.schemes.escalation
    days = counted(scheme.decide_within_days, "day")
    return details(
        "By when a decision is due, and what is raised to whom",
        "What was raised is to be decided on by the next meeting of the level that it was raised to or, where no meeting is "
        f"known, within {days}. {scheme.words}",
    )


def raised_to(waits: Waits, measures: pd.Series[str]) -> pd.Series[str]:
    """How high each of these measures was raised in this run of misses; '' where it was not, or nothing is known of it."""
    reached = waits.loop.drop_duplicates("measure_id").set_index("measure_id")["reached_level"]
    words = {level: sentence(name) for level, name in LEVEL_WORDS.items()}
    return measures.map(reached).map(words).astype("object").fillna("").astype("str")


def of_them(waits: Waits, shown: pd.DataFrame) -> str:
    """How many of these measures are among the decisions awaited, as the end of a title; nothing where that is not known."""
    if not waits.is_known or shown.empty:
        return ""
    count = int(shown["measure_id"].isin(waits.above["measure_id"]).sum())
    if len(shown) == 1:
        return f"; it is {'' if count else 'not '}among the decisions awaited above"
    return f"; {count_word(count) if count else 'none'} of them {plural(count or 1, 'is', 'are')} among the decisions awaited above"
