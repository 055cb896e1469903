"""Pieces on the golden thread: where it breaks, how far it reaches into services, and the thread itself to read."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from pmf_lib.assurance import thread
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import date_words
from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import answers
from pmf_lib.workbook.pages.lived.clause_tables import who_answers
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.outline import outline
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, number, sentence

FROM_OUTSIDE = "Published figures show no plans, objectives or conversations, so the golden thread can't be followed in them."
NAMED_AT_MOST = 3
"""Kinds of break that a title names."""
NOT_KNOWN = "not known"
HERE = {
    "service_without_plan": "no plan in force",
    "service_without_conversations": "no conversations recorded",
    "conversations_not_held": "not all staff had a conversation",
    "conversations_adrift": "conversations that lead to no objective",
}
"""Kinds of break of a service, as the row of that service says them."""
UNKNOWN = "What is not known, and counts neither as a break nor as in order:"


def breaks(book: Book, measures: pd.DataFrame | None = None) -> Html:
    """Every break of the thread, by kind, from above down; then what is not known.

    `measures` are the unit's rated measures (`results.rated`); they are rated here where none are given.
    """
    if not book.has_own_records:
        return paragraphs(FROM_OUTSIDE)
    seen = _evidence(book, measures)
    found, unknown = thread.breaks(seen), thread.unknown(seen)
    made = table(
        _told_of_breaks(book, found),
        title=breaks_title(book, found, unknown),
        subtitle=f"Places where a way that should go on does not, from {_top(book)} to conversation; records of "
        f"{book.quarter.words} as they stood on {date_words(book.as_at)}",
        columns={
            "subject": "Where",
            "condition": "What was found",
            **({} if book.unit else {"unit": "Directorate"}),
            "service": "Service",
            "post": "Owner",
            "place": Column("Where it is recorded", missing="no row"),
        },
        group="part",
        empty=_no_breaks(book, unknown),
    )
    return blocks(made, *([paragraphs(UNKNOWN), bullets(unknown)] if unknown else []))


def _told_of_breaks(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """The breaks with their unit, part (the kind and how many there are), place and post in words."""
    counts = found["kind"].value_counts()
    return _with_units(book, found).assign(
        part=[f"{sentence(_called(book, kind, counts[kind]))} ({counts[kind]})" for kind in found["kind"]],
        place=evidence.place_of(found),
        post=who_answers(found["owner"], _directors(book, found)),
    )


def breaks_title(book: Book, found: pd.DataFrame, unknown: list[str]) -> str:
    """How many breaks, and of which kinds, from above down."""
    if found.empty:
        return "No break of the golden thread was found" + (" in what was sent" if unknown else "")
    counts = found["kind"].value_counts(sort=False)
    said = [
        f"{count_word(counts[kind])} {_called(book, kind, counts[kind])}"
        for kind in thread.KINDS
        if kind in counts
    ]
    rest = sum(counts[kind] for kind in list(counts.index)[NAMED_AT_MOST:])
    kinds = [*said[:NAMED_AT_MOST], *([counted(rest, "more", "more", in_words=True)] if rest else [])]
    return f"The golden thread breaks in {counted(len(found), 'place', in_words=True)}: {listing(kinds)}"


def _no_breaks(book: Book, unknown: list[str]) -> str:
    """That nothing breaks, and what a directorate's page does not look at."""
    if unknown:
        return "Nothing that was sent shows a break; what is not known stands below."
    nodes = book.framework.markers_word
    of_council = (
        f" Whether all {nodes} have measures, objectives and an owner is told of the whole council, in the report to the "
        "Audit Committee."
    )
    return f"Every way that the records name goes on, both up and down.{of_council if book.unit else ''}"


def reach(book: Book, measures: pd.DataFrame | None = None) -> Html:
    """How far the thread reaches into each service, with how many of its staff had a conversation."""
    if not book.has_own_records:
        return paragraphs(FROM_OUTSIDE)
    seen = _evidence(book, measures)
    found = thread.reach(seen)
    kinds = thread.breaks(seen).groupby(["directorate", "service"])["kind"].agg(list).rename("kinds")
    shown = _with_units(book, found.join(kinds, on=["directorate", "service"]))
    return table(
        shown.assign(**_told(book, seen, shown)),
        title=reach_title(book, found),
        subtitle=f"One row per service, {book.quarter.words}; conversations of the newest year that should be complete by "
        f"{date_words(book.as_at)}, else of the newest recorded",
        columns={
            "service": "Service",
            "state": Column("Thread", "tag", verdict="thread"),
            "led": f"Objectives that lead up to the {_top(book)}",
            "nodes": f"{sentence(book.framework.markers_word)} served",
            "measures_n": Column("Measures kept", "number", decimals=0),
            "held": "Conversations with staff",
            "linked": "Of these, with an objective",
            "breaks": Column("What breaks it", missing="nothing found"),
        },
        group="" if book.unit else "unit",
        empty="No service is named in the measures, plans or conversations of this unit. Name the service of each measure.",
    )


def reach_title(book: Book, found: pd.DataFrame) -> str:
    """In how many services the thread is unbroken, in how many it breaks, and of how many nothing is known."""
    counts = found["state"].value_counts().reindex(thread.STATES, fill_value=0)
    if found.empty or counts["unknown"] == len(found):
        return f"Nothing is known of how far the golden thread reaches into {_services(len(found))}"
    said = f"The golden thread runs unbroken from {_top(book)} to conversation in {_whole(counts['whole'], len(found))}"
    more = [
        *([f"it breaks in {count_word(counts['broken'])}"] if counts["broken"] else []),
        *([f"of {count_word(counts['unknown'])} it is not known"] if counts["unknown"] else []),
    ]
    return "; ".join([said, *([listing(more)] if more else [])])


def _whole(count: int, services: int) -> str:
    """In how many of the services.

    >>> _whole(2, 3), _whole(0, 3), _whole(3, 3), _whole(1, 1)
    ('two of three services', 'none of three services', 'all three services', 'the one service')
    """
    if count == services:
        return f"all {counted(count, 'service', in_words=True)}" if count > 1 else "the one service"
    return f"{count_word(count) if count else 'none'} of {counted(services, 'service', in_words=True)}"


def _services(count: int) -> str:
    return f"any of {counted(count, 'service')}" if count > 1 else "services"


def _told(book: Book, seen: Evidence, found: pd.DataFrame) -> dict[str, Any]:
    """The cells that say several numbers, or kinds of break, in words."""
    has_plans = {"plans", "objectives"} <= seen.sent
    rows = found.to_dict("records")
    return {
        "led": [
            _of(row["objectives_reaching_n"], row["objectives_n"]) if has_plans else NOT_KNOWN for row in rows
        ],
        "nodes": [number(row["nodes_n"]) if has_plans else NOT_KNOWN for row in rows],
        "held": [
            f"held {_of(row['held_n'], row['staff_n'])} for {row['year']}" if row["year"] else NOT_KNOWN
            for row in rows
        ],
        "linked": [_of(row["linked_n"], row["held_n"]) if row["year"] else NOT_KNOWN for row in rows],
        "breaks": [_kinds(book, row["kinds"]) for row in rows],
    }


def _of(part: float, whole: float) -> str:
    """A part of a whole as a cell says it.

    >>> _of(58.0, 146.0), _of(float("nan"), 146.0), _of(0, 0)
    ('58 of 146', 'not told of 146', 'none')
    """
    return f"{number(part, missing='not told')} of {number(whole)}" if whole else "none"


def _kinds(book: Book, kinds: Any) -> str:
    """Kinds of break in a service, with how many of each; nothing where there is none."""
    if not isinstance(kinds, list):
        return ""
    counts = {kind: kinds.count(kind) for kind in kinds}
    said = [HERE.get(kind) or f"{count_word(n)} {_called(book, kind, n)}" for kind, n in counts.items()]
    return sentence(listing(said))


def tree(book: Book, measures: pd.DataFrame | None = None) -> Html:
    """The thread to read from above down, folded; for the whole council down to the directorates' objectives, with counts."""
    if not book.has_own_records:
        return paragraphs(FROM_OUTSIDE)
    found = thread.tree(_evidence(book, measures))
    items = _gathered(
        [(int(row["depth"]), _line(book, row)) for row in _shown(book, found).to_dict("records")]
    )
    return details(
        f"The golden thread of {book.unit_name if book.unit else 'the whole council'}, from the {_top(book)} down",
        "Each thing stands in full under the first that it hangs from; in later places it is only named. Where the thread breaks, "
        "the line says so.",
        outline(
            items, empty="Nothing of this unit hangs from the framework, and it has no objective or measure."
        ),
    )


def _shown(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """Rows that the page shows: of the whole council no measures, and no objectives of services and teams."""
    is_detail = (found["kind"] == "measure") | found["level"].isin(["service", "team"]) & (
        found["kind"] == "objective"
    )
    return found if book.unit else found[~is_detail | found["is_break"]]


def _line(book: Book, row: dict[Any, Any]) -> str:
    """A thing with what it is, what breaks there, and how much hangs from it where that is not shown."""
    what = _what(book, row)
    said = f"{what}: {row['title']}".removesuffix(f": {what.removeprefix('Objective of ')}")
    if row["note"] == thread.ABOVE:
        return f"{said} ({thread.ABOVE})"
    below = {"objective": row["objectives_n"], "measure": row["measures_n"]}
    counts = listing(counted(count, kind) for kind, count in below.items() if count)
    said += f" ({counts} below)" if counts and not book.unit and row["kind"] == "objective" else ""
    return f"{said.rstrip('.')}. Broken here: {row['note']}" if row["is_break"] else said


def _what(book: Book, row: dict[Any, Any]) -> str:
    """What a thing is called, and whose it is: the service's, the directorate's, or the council's."""
    if row["kind"] != "objective":
        return sentence(row["level"] if row["kind"] == "node" else row["kind"])
    whose = row["service"] or _names(book).get(row["unit"], row["unit"])
    return f"Objective of {whose}" if whose else f"Objective of the {row['level']}"


def _gathered(items: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines, those of measures that stood above gathered into one where several follow each other."""
    runs = groupby(
        items,
        key=lambda item: (item[0], item[1].startswith("Measure: ") and item[1].endswith(f"({thread.ABOVE})")),
    )
    made: list[tuple[int, str]] = []
    for (depth, is_again), run in runs:
        lines = list(run)
        made += (
            [(depth, f"{counted(len(lines), 'measure')} ({thread.ABOVE})")]
            if is_again and len(lines) > 1
            else lines
        )
    return made


def _evidence(book: Book, measures: pd.DataFrame | None) -> Evidence:
    return results.evidence(book, results.rated(book).measures if measures is None else measures)


def _top(book: Book) -> str:
    """What the top of the framework is called, such as its vision or aim."""
    return book.framework.levels[0].singular


def _called(book: Book, kind: str, count: int) -> str:
    """What one or several breaks of a kind are called, in the framework's words."""
    one, many = thread.KINDS[kind]
    words = {"node": book.framework.marker_word, "nodes": book.framework.markers_word}
    return (one if count == 1 else many).format(**words)


def _names(book: Book) -> dict[str, str]:
    return {one.id: one.name for one in book.council.directorates}


def _with_units(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the name of their directorate; one that the council does not list keeps its id."""
    return rows.assign(unit=rows["directorate"].map(_names(book)).fillna(rows["directorate"]).astype("str"))


def _directors(book: Book, rows: pd.DataFrame) -> pd.Series[str]:
    """The post that answers for each row's directorate, else for the whole council."""
    posts = {one.id: one.director for one in book.council.directorates}
    return rows["directorate"].map(posts).fillna(answers.whole(book))
