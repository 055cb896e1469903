"""How far the framework is lived in each unit: the committee's picture of groups by units, and its widest gaps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import embedding
from pmf_lib.assurance.clauses import standing
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import embedding as pages
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.tables import table
from pmf_lib.workbook.pieces.words import counted, plural, sentence
from pmf_lib.workbook.results import Collected


def units(book: Book) -> list[str]:
    """Names of the council's units, the whole council last."""
    return [*(one.name for one in book.council.directorates), pages.WHOLE]


def lived(book: Book, collected: Collected, groups: pd.DataFrame) -> Html:
    """How far each group of duties is lived in each unit, as a picture; its words are in `in_words`.

    Where nothing could be tested a picture would show nothing, and a sentence says so.
    """
    cells = level_cells(book, collected, groups)
    with_duties = groups.loc[(groups["duties_n"] > 0) | (groups["level"] == ""), "group"]
    shown = cells[cells["group"].isin(with_duties)]
    if shown["level"].isin(SHOWS_NOTHING).all():
        return paragraphs(f"{_untold(book)}. {charts.alt_levels(shown)} What was seen of each is told below.")
    return figure(
        charts.level_matrix(shown),
        title=_lived_title(book, groups),
        subtitle="Groups of the framework's duties by unit, with the number fully met of those asked",
        alt=charts.alt_levels(shown),
        data=None,
    )


SHOWS_NOTHING = ("", "not_shown", "observed")
"""Levels of what was not asked, could not be tested, or was seen and not judged."""


def _untold(book: Book) -> str:
    if book.has_own_records:
        return "Nothing could be tested, so these records can't show whether the framework is lived"
    return "Published figures can't show whether the framework is lived"


def in_words(book: Book, collected: Collected, groups: pd.DataFrame) -> Html:
    """The picture as a table, with the groups of which no duty is asked."""
    return table(
        charts.data_levels(level_cells(book, collected, groups)),
        title="How far each group of clauses is lived in each unit",
        subtitle=f"{book.quarter.words}; the numbers are duties fully met of those asked. What the words mean is said below",
    ) + details("What the words mean", pages.meanings(book))


def level_cells(book: Book, collected: Collected, groups: pd.DataFrame) -> pd.DataFrame:
    """One row per group with a test and unit, groups in their order: group, unit, level (empty: not asked), note."""
    tested = [clause.group_words for clause in book.framework.clauses if standing(clause) == "has_test"]
    order = list(dict.fromkeys(tested))
    grid = pd.MultiIndex.from_product([order, units(book)], names=["group", "unit"]).to_frame(index=False)
    notes = groups.assign(note=[_level_note(row) for row in groups.to_dict("records")])
    cells = grid.merge(notes[["group", "unit", "level", "note"]], on=["group", "unit"], how="left")
    absent = cells["unit"].isin(collected.missing).map({True: "not read", False: "not asked"})
    return cells.assign(level=cells["level"].fillna(""), note=cells["note"].fillna(absent))


def _level_note(row: dict[Any, Any]) -> str:
    """What stands under the level; of what has none, that it is not yet due."""
    if not row["level"]:
        return "not yet due"
    if row["tested_n"]:
        return f"{row['met_n']} of {row['duties_n']} met"
    if row["observed_n"]:
        return f"{row['observed_n']} of {row['clauses_n']} seen" if row["duties_n"] else "no duty"
    return "not tested"


def _lived_title(book: Book, groups: pd.DataFrame) -> str:
    """How many groups of duties stand at each level, each taken in the unit where it is weakest."""
    asked = groups[groups["duties_n"] > 0]
    places = {level: place for place, level in enumerate(pages.IS)}
    worst = asked.sort_values("level", key=lambda levels: levels.map(places)).drop_duplicates("group")
    return f"{sentence(counted(len(worst), 'group', in_words=True))}, each where weakest: {pages.standing(worst['level'])}"


def gaps(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """The three widest gaps, each group where it is widest, and how many duties more are not fully met."""
    widest = embedding.widest(groups).drop_duplicates("group")
    said = pages.gap_sentences(book, widest, clauses)
    if not said:
        return paragraphs(
            "No gap can be told from published figures." if not book.has_own_records else "There is no gap."
        )
    failed = clauses.loc[clauses["is_failed"], "clause"]
    more = len(set(failed) - set(widest["worst"].head(pages.GAPS_AT_MOST)))
    rest = f" ({counted(more, 'more duty', 'more duties', in_words=True)} {plural(more, 'is', 'are')} not fully met)"
    head = f"The {counted(len(said), 'widest gap', in_words=True)}"
    return blocks(paragraphs(f"{head}{rest if more else ''}:"), bullets(said, numbered=True))
