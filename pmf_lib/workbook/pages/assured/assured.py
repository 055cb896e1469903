"""The assurance map of a book: records and recorded results put together for `pmf_lib.assurance.lines`."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines import WHOLE, AssuranceMap, Given, assurance_map
from pmf_lib.workbook import evidenced
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import WHOLE as WHOLE_NAME
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, sentence
from pmf_lib.workbook.results import Collected

READ = ("rated_measures", "embedding")
"""Recorded results that the map rests on."""
TABLES = ("assurances", "attestations", "risks")
LEVELS = ["group", "unit", "level", "tested_n", "met_n"]


def mapped(book: Book, collected: Collected, groups: pd.DataFrame | None = None) -> AssuranceMap:
    """The map of the book's council; `groups`: levels of groups in each unit by its name, where they are there already."""
    sent = evidenced.sent(book)
    tables = {name: book.whole(name) if name in sent else None for name in TABLES}
    return assurance_map(
        Given(
            framework=book.framework,
            council=book.council,
            quarter=book.quarter,
            as_at=book.as_at,
            scheme=book.schemes.assurance_map,
            links=book.links,
            rated=collected["rated_measures"][["measure_id", "state"]],
            measures=book.whole("measures"),
            groups=_levels(book, collected) if groups is None else by_id(book, groups),
            is_own=book.has_own_records,
            **tables,
        )
    )


def _levels(book: Book, collected: Collected) -> pd.DataFrame:
    """The levels that the directorates recorded, and the council's own, which are told here."""
    found, _ = evidenced.arrangements(book, collected["rated_measures"])
    own = evidenced.levels(book, found).assign(unit=WHOLE)
    units = collected["embedding"].rename(columns={"directorate": "unit"})
    return pd.concat([units[LEVELS], own[LEVELS]], ignore_index=True)


def by_id(book: Book, groups: pd.DataFrame) -> pd.DataFrame:
    """Levels by the id of their directorate, of levels by its name."""
    ids = {one.name: one.id for one in book.council.directorates} | {WHOLE_NAME: WHOLE}
    return groups.assign(unit=groups["unit"].map(ids))[LEVELS]


def months(count: float) -> str:
    """How old something is, in few words.

    >>> months(0), months(1), months(11)
    ('this month', '1 month', '11 months')
    """
    if not count:
        return "this month"
    return f"{int(count)} {'month' if count == 1 else 'months'}"


def nouns(book: Book, kind: str) -> tuple[str, str]:
    """What one area of a kind is called, and several."""
    return {
        "group": ("group of clauses", "groups of clauses"),
        "node": (book.framework.marker_word, book.framework.markers_word),
        "risk": ("principal risk", "principal risks"),
    }[kind]


def kind_words(book: Book, kind: str, count: int) -> str:
    """How many areas of a kind there are, as a sentence says it."""
    return counted(count, *nouns(book, kind), in_words=True)


def labels(areas: pd.DataFrame) -> list[str]:
    """What each area is called where its kind is plain; followed by its id where two are called alike."""
    names = pd.Series([sentence(name.strip("“”")) for name in areas["name"]], areas.index, dtype="str")
    alike = names.duplicated(keep=False)
    return names.where(~alike, names + " (" + areas["key"] + ")").tolist()


def asks_table(areas: pd.DataFrame, head: str) -> Html:
    """How much assurance each area asks for, and why."""
    return table(
        areas.assign(label=labels(areas)),
        title=f"{head}: how much assurance each asks for, and why",
        columns={"label": "Area", "required": Column("Asks for", "tag", verdict="amount"), "why": "Why"},
    )
