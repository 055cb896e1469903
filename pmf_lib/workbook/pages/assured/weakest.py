"""First screen of page 6: the grid of principal risks and of the areas that ask for something, and at most four lines under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pmf_lib.assurance.lines import AssuranceMap
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence

AREAS_AT_MOST, NAMED_AT_MOST = 8, 2
SHORT = 30
"""Letters of an area's name in a line; the grids' tables and the findings have the whole of it."""
ASKING = ("control", "conflict", "single_line")
"""Kinds of finding, besides too little, for which an area stands on the first screen."""
LEADS = {
    "control": "Found weak by those who looked",
    "conflict": "Told differently by two sources",
    "single_line": "High assurance from one line alone",
}
NOTHING_ELSE = "No weak control, conflict, single line, overlap or stale source is seen."


def weakest(found: AssuranceMap) -> pd.DataFrame:
    """The areas of the first grid: where something is missing, weak, disputed or rests on one line, then the other principal risks.

    What matters most first, as the map has it, and no more than `AREAS_AT_MOST`.
    """
    areas = found.areas
    asking = {
        area for kind in ASKING for cell in _of(found, kind)["areas"] for area in cell.split("; ") if area
    }
    is_asking = (areas["weight"] > 0) | areas["area"].isin(asking)
    shown = areas.assign(_place=is_asking.map({True: 0, False: 1}))[is_asking | (areas["kind"] == "risk")]
    ordered = shown.sort_values("_place", kind="stable").drop(columns="_place")
    return ordered.head(AREAS_AT_MOST).reset_index(drop=True)


def title(found: AssuranceMap) -> str:
    """What the area that lacks most has, as a sentence."""
    first: dict[Any, Any] = found.areas.iloc[0].to_dict()
    if not first["weight"]:
        return "No area has less assurance than it asks for"
    has = (
        "no source is recorded"
        if first["standing"] == "unknown"
        else f"comes to {first['provided'] or 'nothing'}"
    )
    return f"{sentence(brief(first['name']))} asks for {first['required']} and {has}"


def brief(name: str) -> str:
    """The number and first words of a long name; in quotation marks where it had them.

    >>> brief("planning")
    'planning'
    >>> brief("“15. Services and support is responsive to needs of different communities”")
    '“15. Services and support is…”'
    """
    bare = name.strip("“”")
    if len(bare) <= SHORT:
        return name
    cut = f"{bare[: SHORT + 1].rsplit(' ', 1)[0][:SHORT].rstrip(' ,;:.')}…"
    return f"“{cut}”" if name.startswith("“") else cut


def lines(found: AssuranceMap) -> list[str]:
    """What else the map shows: a short line a kind of finding, what is of too much and too old in one."""
    told = [line for kind in ASKING for line in _line(found, kind)]
    last = " ".join([*_over(found), *_stale(found)])
    return [*told, *([last] if last else [])] or [NOTHING_ELSE]


def _of(found: AssuranceMap, kind: str) -> pd.DataFrame:
    return found.findings[found.findings["kind"] == kind]


def _line(found: AssuranceMap, kind: str) -> Iterator[str]:
    rows = _of(found, kind)
    if len(rows):
        yield f"{LEADS[kind]}: {_named(rows)}."


def _over(found: AssuranceMap) -> Iterator[str]:
    rows = _of(found, "over")
    if len(rows):
        yield f"More than is asked: {_named(rows)}."


def _stale(found: AssuranceMap) -> Iterator[str]:
    count = len(_of(found, "stale"))
    if count:
        yield f"{sentence(counted(count, 'source', in_words=True))} {plural(count, 'is', 'are')} stale."


def _named(rows: pd.DataFrame) -> str:
    """The first areas by their first words, and how many more."""
    names = [brief(name) for name in rows["titles"]]
    more = len(names) - NAMED_AT_MOST
    return listing([*names[:NAMED_AT_MOST], *([f"{count_word(more)} more"] if more > 0 else [])])
