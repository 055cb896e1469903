"""Pieces of page 6: who assures what, where are the gaps?"""

from __future__ import annotations

from math import ceil
from typing import Any

import pandas as pd

from pmf_lib.assurance.lines import AssuranceMap
from pmf_lib.assurance.lines.cells import IN_FORCE
from pmf_lib.assurance.lines.rules import LINES
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.assured import assurance_words, weakest
from pmf_lib.workbook.pages.assured.assurance_sources import in_full
from pmf_lib.workbook.pages.assured.assured import READ, asks_table, labels, mapped, months, nouns
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, headline, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, lowered, plural, sentence

__all__ = [
    "READ",
    "findings",
    "found",
    "grids",
    "how",
    "in_full",
    "mapped",
    "page_headline",
    "recorded",
    "topics",
]

FOR_WHOM = "for the Head of Internal Audit's consideration"
SHORT = {"substantial": "substantial", "reasonable": "reasonable", "limited": "◆ limited", "none": "▲ no assurance", "not-stated": "not stated"}  # fmt: skip
"""Conclusion → what a cell of the grid says."""
ONLY_OWN = "only attestations and this run's own levels are known"
READING = "How much assurance each line gives, what was concluded (the worst, where several did) and how old the newest is"
FIRST = "How much, the worst conclusion, and the newest's age; grey is not known"
ROWS_AT_MOST = 12
"""Rows of a picture: a taller one would not fit a side of paper with its title."""
KINDS = ("risk", "node", "group")
KIND_HEADS = {"group": "What the framework asks", "risk": "Principal risks"}
NO_TOPIC = "No topic is proposed: every area has the assurance that it asks for."


def page_headline(book: Book, found: AssuranceMap) -> str:
    """How the areas stand."""
    return assurance_words.headline(book, found)


def found(book: Book, found: AssuranceMap) -> Html:
    """The grid of what matters most, and what else the map shows in short lines under it."""
    if not found.is_sent:
        return bullets(assurance_words.unsent(book))
    shown = weakest.weakest(found)
    grid = [] if shown.empty else [_picture(shown, found, weakest.title(found), FIRST)]
    return blocks(*grid, bullets(weakest.lines(found)))


def grids(book: Book, found: AssuranceMap) -> Html:
    """What is on the map, then the grid of each kind of area, what matters most first; of a kind without any source a sentence."""
    kinds = [kind for kind in KINDS if (found.areas["kind"] == kind).any()]
    return blocks(
        paragraphs(*assurance_words.held(book, found)),
        *_no_risk(found),
        *(_grid(book, found, kind) for kind in kinds),
    )


def _grid(book: Book, found: AssuranceMap, kind: str) -> Html:
    areas = found.areas[found.areas["kind"] == kind]
    head = KIND_HEADS.get(kind, sentence(book.framework.markers_word))
    stands = assurance_words.standing(areas, *nouns(book, kind))
    if (areas["standing"] == "unknown").all():
        said = f"{stands}, so every cell is grey."
        return blocks(
            headline(head, level=3), paragraphs(said), details("What each asks for", asks_table(areas, head))
        )
    title = stands if found.is_sent else f"{head}: {ONLY_OWN}"
    subtitle = f"{READING}; {book.quarter.words}, the largest gap times risk first"
    return blocks(headline(head, level=3), *_pictures(areas, found, [title, f"{head}, continued"], subtitle))


def _pictures(areas: pd.DataFrame, found: AssuranceMap, titles: list[str], subtitle: str) -> list[Html]:
    """The grid in as many pictures of one height as sides of paper ask for; `titles`: of the first, and of those after it."""
    each = ceil(len(areas) / ceil(len(areas) / ROWS_AT_MOST))
    return [
        _picture(areas.iloc[at : at + each], found, titles[at > 0], f"{subtitle}{_from_to(areas, at, each)}")
        for at in range(0, len(areas), each)
    ]


def _from_to(areas: pd.DataFrame, at: int, each: int) -> str:
    """Which rows of a grid in several pictures one has; '' of a grid in one."""
    return f": {at + 1} to {min(at + each, len(areas))} of {len(areas)}" if each < len(areas) else ""


def _picture(areas: pd.DataFrame, found: AssuranceMap, title: str, subtitle: str) -> Html:
    """A grid of these areas, described in words and with its table."""
    shown = grid_cells(areas, found.cells)
    return figure(
        charts.assurance_grid(shown),
        title=title,
        subtitle=subtitle,
        source="The tables of assurances and attestations, and this run's own levels.",
        alt=charts.alt_assurance(shown),
        data=charts.data_assurance(shown),
    )


def _no_risk(found: AssuranceMap) -> list[Html]:
    if (found.areas["kind"] == "risk").any():
        return []
    bare = (
        "No principal risk stands on the registers."
        if found.has_risks
        else "Nobody sent the table of risks, so no principal risk is known."
    )
    return [paragraphs(bare)]


def grid_cells(areas: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """One row per area and column of the grid: area, column, code, said and note."""
    label = dict(zip(areas["area"], labels(areas), strict=True))
    lines = cells[cells["area"].isin(label)]
    made = pd.DataFrame([_cell(row) for row in lines.to_dict("records")])
    ends = [
        pd.DataFrame({"area": areas["area"], "column": column, "code": codes, "said": "", "note": ""})
        for column, codes in (
            ("Asks for", areas["required"]),
            (
                "Comes to",
                areas["provided"].replace("", "nothing").mask(areas["standing"] == "unknown", "unknown"),
            ),
        )
    ]
    every = pd.concat([ends[0], made, ends[1]], ignore_index=True)
    order = {area: at for at, area in enumerate(label)}
    ordered = every.sort_values("area", key=lambda names: names.map(order), kind="stable")
    return ordered.assign(area=ordered["area"].map(label)).reset_index(drop=True)


def _cell(row: dict[Any, Any]) -> dict[str, str]:
    """A line's cell: how much, what was concluded, how far it reaches and how old it is."""
    if row["state"] != IN_FORCE:
        return {
            "area": row["area"],
            "column": LINES[row["line"]],
            "code": row["state"],
            "said": "",
            "note": "",
        }
    reach = (
        f"{row['reached_n']} of {row['parts_n']}, " if row["reach"] == "part" and row["parts_n"] > 1 else ""
    )
    part = "in part, " if row["reach"] == "part" and not reach else reach
    return {
        "area": row["area"],
        "column": LINES[row["line"]],
        "code": row["amount"],
        "said": SHORT[row["conclusion"]],
        "note": f"{part}{months(row['age_months'])}",
    }


def findings(book: Book, found: AssuranceMap) -> Html:
    """Gaps, weak controls, conflicts and overlaps, those that ask most first."""
    shown = found.findings
    return table(
        shown,
        title=_findings_title(shown),
        subtitle=f"{book.quarter.words}, whole council; by kind, then by points missing times what is asked",
        source="The tables of assurances, attestations and risks; recorded results of the directorates.",
        columns={
            "kind": Column("What it is", "tag", verdict="map"),
            "sentence": "What the map shows",
            "why": "Why",
        },
        row_head="sentence",
        empty="No gap, conflict or overlap is seen.",
    )


def _findings_title(rows: pd.DataFrame) -> str:
    known = int((rows["kind"] != "unknown").sum())
    said = f"{sentence(counted(known, 'finding', in_words=True))} of the map"
    rest = sum(len(cell.split("; ")) for cell in rows.loc[rows["kind"] == "unknown", "areas"])
    more = f"of {rest} {plural(rest, 'area')} no source is recorded" if rest else ""
    return f"{said}; {more}" if known and more else sentence(more) or said


def topics(book: Book, found: AssuranceMap) -> Html:
    """What the second line might review next, and why."""
    if not book.has_own_records:
        return paragraphs("Published figures propose no topic for review.")
    if not found.is_sent:
        return paragraphs(f"No topic is proposed: {lowered(assurance_words.UNSENT)}. {assurance_words.SEND}")
    shown = found.topics
    return table(
        shown.assign(topic=[sentence(name.strip("“”")) for name in shown["title"]]),
        title=f"{sentence(counted(len(shown), 'topic', in_words=True))} for review, {FOR_WHOM}",
        subtitle="By points missing times what is asked; among equals the higher risk first. A proposal of the second line, not a plan of internal audit",
        columns={
            "rank": Column("Rank", "number", decimals=0),
            "topic": "Topic",
            "required": Column("Asks for", "tag", verdict="amount"),
            "why": "Why",
        },
        row_head="topic",
        empty=NO_TOPIC,
    )


def how(book: Book) -> Html:
    """The rules of the map."""
    return bullets(assurance_words.rules(book))


def recorded(found: AssuranceMap) -> pd.DataFrame:
    """One row per area and line, as it is recorded: the cell, with what its area asks for and comes to."""
    areas = found.areas[["area", "kind", "title", "required", "provided", "standing", "weight"]]
    order = {area: at for at, area in enumerate(found.areas["area"])}
    rows = found.cells.merge(areas, on="area")
    ordered = rows.sort_values("area", key=lambda names: names.map(order), kind="stable")
    return ordered.drop(columns=["newest_on"]).reset_index(drop=True)
