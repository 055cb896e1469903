"""Pledges on a page: what the council promised for the year under the framework's outcomes, who delivers it, how far it is."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import pledges as rules
from pmf_lib.framework import Framework, Level
from pmf_lib.records.reads import tables_sent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.scorecard.pledge_words import standing, why
from pmf_lib.workbook.pages.shared.nodes import node_name
from pmf_lib.workbook.pieces.markup import Html, blocks, headline, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, day, listing, out_of, plural, sentence

NOTHING = Html("")
HOW = (
    "How far each pledge is, by declared rules: by its own figure or measure, and by what is delivered of the objectives "
    "(in brackets how far these are)"
)


STEPS = {"planned": "planned", "delivered": "delivered", "checked": "checked", "acted": "acted on"}
"""Stage of the objectives that deliver a pledge, as pages say it."""
COLUMNS = {
    "state": Column("How far", "tag", verdict="pledge"),
    "why": Column("Why"),
    "by": Column("Delivered by", missing="no plan"),
}
DUE = Column("Due", "date", missing="no day")


def shown(book: Book, rated: pd.DataFrame) -> Html:
    """The section on pledges; nothing where the framework has none."""
    level = rules.level(book.framework)
    if level is None:
        return NOTHING
    return blocks(headline(sentence(level.plural), level=3), _section(book, rated, level))


def said(book: Book, rated: pd.DataFrame) -> str:
    """How many pledges are in which state, in one sentence; empty where the framework has none, or none is known."""
    level = rules.level(book.framework)
    if level is None or "registers" not in tables_sent(book.snapshot.table("reads")):
        return ""
    found = _found(book, rated)
    return f"{standing(found['state'], level)}." if len(found) else ""


def _section(book: Book, rated: pd.DataFrame, level: Level) -> Html:
    if "registers" not in tables_sent(book.snapshot.table("reads")):
        return paragraphs(f"Nobody sent the table of registers, so nothing is known of {level.plural}.")
    found = _found(book, rated)
    return blocks(
        _listed(book, found, rated, level), paragraphs(_likeness(found, level)), _bare(book, found, level)
    )


def _found(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """The unit's pledges (`pmf_lib.assurance.pledges`); plans and objectives are the whole council's."""
    sent = tables_sent(book.snapshot.table("reads"))
    objectives = book.whole("objectives") if {"plans", "objectives"} <= sent else None
    return rules.pledges(
        book.table("registers"),
        book.whole("plans"),
        objectives,
        rated,
        framework=book.framework,
        quarter=book.quarter,
        as_at=book.as_at,
    )


def _listed(book: Book, found: pd.DataFrame, rated: pd.DataFrame, level: Level) -> Html:
    """One row a pledge, under the part of the framework that it makes real."""
    due = _due(found["due_on"], level)
    return table(
        _told(book, found, rated),
        title=standing(found["state"], level) if len(found) else f"No {level.singular} is known here",
        subtitle=f"{HOW}. {book.unit_name}, {book.quarter.words}{due}",
        source=f"The register of {level.plural}, plans and objectives; recorded results of the measures.",
        columns={
            "title": sentence(level.singular),
            **({} if book.unit else {"whose": Column("Directorate", missing="whole council")}),
            **COLUMNS,
            **({} if due else {"due_on": DUE}),
        },
        group="head",
        empty=_empty(book, level),
    )


def _told(book: Book, found: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """The same rows with head (the part of the framework), whose (the directorate's name), why and by (plans) in words."""
    names = {one.id: one.name for one in book.council.directorates}
    rows, measures = found.to_dict("records"), book.whole("measures")
    titles: dict[str, str] = dict(zip(measures["measure_id"], measures["title"], strict=True))
    states: dict[str, str] = dict(zip(rated["measure_id"], rated["state"], strict=True))
    return found.assign(
        head=[_head(book.framework, row["node"]) for row in rows],
        whose=found["directorate"].map(names).astype(object).fillna(""),
        why=[why(row, titles, states) for row in rows],
        by=[f"{row['plans']} ({STEPS[row['stage']]})" if row["plans"] else "" for row in rows],
    )


def _due(days: pd.Series[pd.Timestamp], level: Level) -> str:
    """The day by which all pledges are due, if it is one and the same: then no column is needed for it."""
    if len(days) < 2 or (days != days.iloc[0]).any():
        return ""
    return f"; all {level.plural} are due by {day(days.iloc[0])}"


def _empty(book: Book, level: Level) -> str:
    """Why there is no pledge to list."""
    year = book.quarter.financial_year.label
    whose = f"of {book.unit.name} " if book.unit else ""
    asks = "" if book.unit or not book.has_own_records else f" Enter those that were made for {year}."
    return f"No {level.singular} {whose}stands on the register for {year}.{asks}"


def _head(framework: Framework, node: str) -> str:
    """The part of the framework that a pledge makes real, as headings name it."""
    return node_name(framework, framework.node(node)) if node else "Leads to no part of the framework"


def _likeness(found: pd.DataFrame, level: Level) -> str:
    """How many pledges have neither measure nor figure of their own, so that only their objectives' measures tell of them."""
    bare, count = found[~found["is_own"]], len(found)
    if bare.empty:
        return ""
    said = _without(len(bare), count, level)
    if not bare["measures_n"].any():
        return f"{said}."
    its, it = ("its", "it") if len(bare) == 1 else ("their", "them")
    return f"{said}: the measures of {its} objectives stand near {it} and do not count what was promised."


def _without(bare: int, count: int, level: Level) -> str:
    """How many of the pledges have nothing of their own that counts them.

    >>> pledge = Level(id="pledge", singular="pledge", plural="pledges", source="2")
    >>> _without(1, 1, pledge), _without(2, 2, pledge)
    ('It has neither a measure nor a figure of its own', 'None of the two pledges has a measure or a figure of its own')
    >>> _without(2, 10, pledge)
    'Two of ten pledges have neither a measure nor a figure of their own'
    """
    if bare == count == 1:
        return "It has neither a measure nor a figure of its own"
    if bare == count:
        every = counted(count, level.singular, level.plural, in_words=True)
        return f"None of the {every} has a measure or a figure of its own"
    who = out_of(bare, count, level.singular, level.plural)
    return f"{who} {plural(bare, 'has', 'have')} neither a measure nor a figure of {plural(bare, 'its', 'their')} own"


def _bare(book: Book, found: pd.DataFrame, level: Level) -> Html:
    """Parts of the framework for which no pledge of the year is made; told of the whole council alone."""
    year = book.quarter.financial_year.label
    if book.unit or found.empty:
        return NOTHING
    bare = rules.without_pledge(book.framework, found, book.table("registers"), year)
    asked = [one for one in book.framework.linkable_in(year) if one.level in level.parents]
    words = listing(book.framework.level(one).plural for one in level.parents)
    if not bare:
        return paragraphs(f"Each of the {len(asked)} {words} has a {level.singular} for {year}.")
    names = [_head(book.framework, node) for node in bare]
    return paragraphs(f"No {level.singular} for {year} is made for {listing(names)}.")
