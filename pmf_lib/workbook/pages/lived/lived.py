"""How far the framework is lived in each unit: the committee's picture of groups by units, and its widest gaps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.clauses import standing
from pmf_lib.assurance.maturity import embedding
from pmf_lib.assurance.maturity.rules import ORDER
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import claims, sureness
from pmf_lib.workbook.pages.lived import embedding as pages
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
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
        subtitle="Groups of the framework's duties by unit, with the number fully met; or a claim that differs",
        alt=charts.alt_levels(shown),
        data=None,
    )


CLAIMED = {
    "claimed_above": "claimed higher",
    "only_claimed": "only claimed",
    "evidenced_above": "claimed lower",
}
"""What stands under a level in the picture, where the claim is another."""
SHOWS_NOTHING = ("", "not_shown", "observed")
"""Levels of what was not asked, could not be tested, or was seen and not judged."""


def _untold(book: Book) -> str:
    if book.has_own_records:
        return "Nothing could be tested, so these records can't show whether the framework is lived"
    return "Published figures can't show whether the framework is lived"


def in_words(book: Book, collected: Collected, groups: pd.DataFrame) -> Html:
    """The picture as a table, with the groups of which no duty is asked, and every claim that differs in its own word."""
    in_full = level_cells(book, collected, groups).assign(note=lambda cells: cells["long"])
    return table(
        charts.data_levels(in_full),
        title="How far each group of clauses is lived in each unit",
        subtitle=f"{book.quarter.words}; the numbers are duties fully met of those asked; claims are named where the records show another level",
    ) + details("What the words mean", sureness.meanings(book))


def level_cells(book: Book, collected: Collected, groups: pd.DataFrame) -> pd.DataFrame:
    """One row per group with a test and unit, groups in their order: group, unit, level (empty: not asked), note, long."""
    tested = [clause.group_words for clause in book.framework.clauses if standing(clause) == "has_test"]
    order = list(dict.fromkeys(tested))
    grid = pd.MultiIndex.from_product([order, units(book)], names=["group", "unit"]).to_frame(index=False)
    counts = pd.Series([_level_note(row) for row in groups.to_dict("records")], groups.index, dtype="object")
    short = groups["claim_gap"].map(CLAIMED).fillna("")
    long = counts.str.cat(_claims(book, groups), sep=", ").str.removesuffix(", ")
    notes = groups.assign(note=short.where(short != "", counts), long=long)
    cells = grid.merge(notes[["group", "unit", "level", "note", "long"]], on=["group", "unit"], how="left")
    absent = cells["unit"].isin(collected.missing).map({True: "not read", False: "not asked"})
    filled = {name: cells[name].fillna(absent) for name in ("note", "long")}
    return cells.assign(level=cells["level"].fillna(""), **filled)


def _claims(book: Book, groups: pd.DataFrame) -> pd.Series[str]:
    """What is claimed of each group, where it is not what the records show; that it is only claimed."""
    told = claims.with_words(book, groups)
    named = "claimed " + told["claim"].str.lower()
    shown = named.mask(told["claim_gap"] == "only_claimed", "only claimed")
    return shown.where(told["claim_gap"].isin(claims.DIFFER), "")


def _level_note(row: dict[Any, Any]) -> str:
    """What stands under the level; of what has none, why. What was not tested is told from what failed."""
    untested, failed = row["duties_n"] - row["tested_n"], row["tested_n"] - row["met_n"]
    if not row["level"]:
        return pages.without_level(row)
    if row["tested_n"] and untested:
        return f"{row['met_n']} met{f', {failed} not' if failed else ''}, {untested} untested"
    if row["tested_n"]:
        return f"{row['met_n']} of {row['duties_n']} met"
    if (row["idle_n"] or row["varied_n"]) and not row["duties_n"]:
        return pages.without_level(row)
    if row["observed_n"]:
        return f"{row['observed_n']} of {row['clauses_n']} seen" if row["duties_n"] else "no duty"
    return "not tested"


def _lived_title(book: Book, groups: pd.DataFrame) -> str:
    """How many groups of duties stand at each level, each taken in the unit where it is weakest."""
    asked = groups[groups["duties_n"] > 0]
    places = {level: place for place, level in enumerate(pages.IS)}
    worst = asked.sort_values("level", key=lambda levels: levels.map(places)).drop_duplicates("group")
    return f"{sentence(counted(len(worst), 'group', in_words=True))}, each where weakest: {pages.standing(worst['level'])}"


def gaps(book: Book, groups: pd.DataFrame, found: pd.DataFrame) -> Html:
    """The three widest gaps between claim and evidence, each group where it is widest; without claims, to what is asked.

    `found`: the results of the clauses in each unit.
    """
    if not book.has_own_records:
        return paragraphs("No gap can be told from published figures.")
    said, of = claims.short_gaps(book, groups, found), "between claim and records"
    if not said:
        widest = embedding.widest(groups).drop_duplicates("group")
        shown = embedding.by_clause(found, book.schemes.embedding)
        said, of = pages.gap_sentences(book, widest, shown), "to what is asked"
    if not said:
        return paragraphs(f"There is no gap in what is judged.{pages.beside(groups)}")
    head = f"The {counted(len(said), 'widest gap', in_words=True)} {of}{_more(groups)}:"
    return blocks(paragraphs(head), bullets(said, numbered=True))


def _more(groups: pd.DataFrame) -> str:
    """How many claims over all units are higher than the records show, and how many lower, of those that can be compared."""
    compared = groups[groups["claim_gap"].isin(claims.COMPARED)]
    above, below = (int((compared["claim_gap"] == gap).sum()) for gap in ("claimed_above", "evidenced_above"))
    if compared.empty:
        return ""
    of = out_of(above, len(compared), "claim")
    lower = f" and {count_word(below) if below else 'none'} lower"
    return f" ({of[0].lower()}{of[1:]} that can be compared {plural(above or 1, 'is', 'are')} higher{lower})"


def spread(book: Book, groups: pd.DataFrame) -> Html:
    """How many units stand at each level, a row a group; nothing is averaged."""
    shown = embedding.distribution(groups, "group")
    words = {code: book.schemes.verdicts.get("embedding", code).word for code in ORDER}
    return table(
        shown.assign(name=shown["group"].map(sentence)),
        title=_spread_title(shown)
        if book.has_own_records
        else "What published figures show of each group over units",
        subtitle="Number of units, the whole council among them, at each level of each group of clauses; the counts of a row add "
        "up to the units asked",
        columns={
            "name": "What is asked",
            **{code: Column(word, "number", decimals=0) for code, word in words.items()},
            "not_due": Column("Not yet due", "number", decimals=0),
            "idle": Column("Nothing arose", "number", decimals=0),
            "varied": Column("Varied", "number", decimals=0),
            "all_n": Column("Units asked", "number", decimals=0),
        },
    )


def _spread_title(spread: pd.DataFrame) -> str:
    """How many groups are lived in every unit of which they are asked, in some of them and in none."""
    without = spread["not_due"] + spread["idle"] + spread["varied"]
    due = spread[spread["all_n"] > without]
    if due.empty:
        return "No group of clauses is asked yet"
    every = int((due["lived"] == due["all_n"] - without[due.index]).sum())
    none = int((due["lived"] == 0).sum())
    counts = {"every unit that is asked": every, "some": len(due) - every - none, "none": none}
    first, *rest = [(count, where) for where, count in counts.items() if count]
    head = f"{count_word(first[0])} {plural(first[0], 'is', 'are')} lived in {first[1]}"
    said = [head, *(f"{count_word(count)} in {where}" for count, where in rest)]
    return f"Of {counted(len(due), 'group', in_words=True)} of clauses, {listing(said)}"
