"""Each area of the assurance map with every source of it: what was looked at, what its age leaves, and where it was read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.lines import AssuranceMap
from pmf_lib.assurance.lines.rules import LINES
from pmf_lib.assurance.lines.sources import ATTESTED, OWN_RUN, RECORDED
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.assured.assured import asks_table, labels, months
from pmf_lib.workbook.pages.shared.evidence import place_of
from pmf_lib.workbook.pieces.markup import Html, blocks, details
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, out_of

ONE_ROW = ("area", "line", "made_of", "scope", "conclusion", "amount", "counts", "aged")
"""Attestations, and levels of the run, that are alike in these stand in one row of an area."""


def in_full(book: Book, found: AssuranceMap) -> Html:
    """Each area that has a source, with every source of it; then what each area asks for and why."""
    shown = sourced(book, found)
    made = table(
        shown,
        title=_title(shown, len(found.areas)),
        subtitle="How much each gives on the as-at date, after its age; attestations and this run's levels that say the same stand in one row",
        source="Files and rows as named; this run's levels are told on page 3 of each directorate and on page 7.",
        columns={
            "who": "Who, and what was looked at",
            "line": "Line",
            "counts": Column("How much", "tag", verdict="amount"),
            "conclusion": Column("Concluded", "tag", verdict="conclusion"),
            "reach": "Reaches",
            "ended_on": Column("Looked at until", "date"),
            "place": "Read from",
        },
        group="group",
        empty="No source of assurance is recorded of any area.",
    )
    asked = asks_table(found.areas, "Every area")
    return blocks(made, details("What each area asks for, and why", asked))


def _title(shown: pd.DataFrame, count: int) -> str:
    with_source = int(shown["group"].nunique())
    return (
        f"{out_of(with_source, count, 'area')} {'has' if with_source < 2 else 'have'} a source of assurance"
    )


def sourced(book: Book, found: AssuranceMap) -> pd.DataFrame:
    """One row per area and source, areas and lines in the order of the grid.

    Columns: group (the area's name), who, line, amount, counts (a verdict of the kind ``amount``), conclusion, reach, ended_on and
    place; attestations and levels of the run that say the same of an area are one row.
    """
    rows = _pairs(found)
    whose = {one.id: one.name for one in book.council.directorates}
    rows = rows.assign(
        counts=[_counts(row) for row in rows.to_dict("records")],
        aged=[_aged(row) for row in rows.to_dict("records")],
        place=place_of(rows),
    )
    alone = rows["made_of"] == RECORDED
    singles = rows[alone].assign(who=[_who(row, whose) for row in rows[alone].to_dict("records")])
    made = pd.concat([singles, _together(rows[~alone])], ignore_index=True)
    names = dict(zip(found.areas["area"], labels(found.areas), strict=True))
    ordered = made.sort_values(["_area", "_line", "_made"], kind="stable").reset_index(drop=True)
    return ordered.assign(
        group=ordered["area"].map(names).astype("str"),
        line=ordered["line"].map(LINES).astype("str"),
        reach=[_reach(row) for row in ordered.to_dict("records")],
    )


def _pairs(found: AssuranceMap) -> pd.DataFrame:
    """One row per area and source, with how many parts of the area it reaches and has."""
    reached = found.reached.groupby(["source", "area"], sort=False)["is_complete"].sum()
    rows = reached.rename("reached_n").reset_index().merge(found.sources, on="source")
    rows = rows.merge(found.cells.drop_duplicates("area")[["area", "parts_n"]], on="area")
    areas = {area: at for at, area in enumerate(found.areas["area"])}
    lines = {line: at for at, line in enumerate(LINES)}
    made = {RECORDED: 0, ATTESTED: 1, OWN_RUN: 2}
    return rows.assign(
        _area=rows["area"].map(areas).astype("int64"),
        _line=rows["line"].map(lines).astype("int64"),
        _made=rows["made_of"].map(made).astype("int64"),
    )


def _together(rows: pd.DataFrame) -> pd.DataFrame:
    """Attestations and levels of the run, those of an area that say the same as one row."""
    made = rows.groupby(list(ONE_ROW), sort=False, as_index=False).agg(
        sources_n=("source", "size"),
        provider=("provider", lambda names: "; ".join(dict.fromkeys(names))),
        reached_n=("reached_n", "sum"),
        place=("place", _places),
        **{name: (name, "max") for name in ("parts_n", "ended_on", "age_months", "_area", "_line", "_made")},
    )
    return made.assign(who=[_who_together(row) for row in made.to_dict("records")])


def _places(places: pd.Series[str]) -> str:
    """Where rows of a kind were read: one file with its rows, or each by itself.

    >>> _places(pd.Series(["attestations.csv, row 3", "attestations.csv, row 5", ""]))
    'attestations.csv, rows 3 and 5'
    >>> _places(pd.Series(["a.csv, row 3"])), _places(pd.Series(["a.csv, row 3", "b.csv, row 5"]))
    ('a.csv, row 3', 'a.csv, row 3; b.csv, row 5')
    """
    read = [place for place in dict.fromkeys(places) if place]
    files = {place.rpartition(", row ")[0] for place in read}
    if len(files) != 1 or len(read) == 1:
        return "; ".join(read)
    return f"{files.pop()}, rows {listing(place.rpartition(', row ')[2] for place in read)}"


def _who(row: dict[Any, Any], whose: dict[str, str]) -> str:
    """Who gave it, about what, and what was looked at."""
    where = whose.get(row["directorate"], row["directorate"])
    of = f", {where}" if where and where.casefold() not in row["subject"].casefold() else ""
    scope = f": {row['scope']}" if row["scope"] else ""
    return f"{row['provider']}, {row['subject']}{of}{scope}"


def _who_together(row: dict[Any, Any]) -> str:
    """How many attest it, or of how many units the run told it."""
    if row["made_of"] == ATTESTED:
        return f"{counted(row['sources_n'], 'attestation')}: {_claim(row)} ({row['provider']})"
    by = "" if row["provider"] == "This workbook's own run" else f" ({row['provider']})"
    return f"This workbook's own run{by}: the records of {counted(row['sources_n'], 'unit')}"


def _counts(row: dict[Any, Any]) -> str:
    """What counts of it, as a verdict of the kind ``amount``."""
    return "nothing" if row["is_replaced"] else str(row["amount_now"]) or "stale"


def _aged(row: dict[Any, Any]) -> str:
    """What was recorded, and what its age or a later one made of it; '' where it counts as recorded."""
    lowered = f"one step lower at {months(row['age_months'])}" if row["is_lowered"] else ""
    why = "replaced by a later one" if row["is_replaced"] else row["why_stale"] or lowered
    return f"recorded as {row['amount']}: {why}" if why else ""


def _reach(row: dict[Any, Any]) -> str:
    """How far it reaches into the area, and what its age did."""
    reached, parts = int(row["reached_n"]), int(row["parts_n"])
    reach = "the whole" if reached >= parts else f"{reached} of {parts}" if reached else "a part"
    return "; ".join(part for part in (reach, row["aged"]) if part)


def _claim(row: dict[Any, Any]) -> str:
    """What one attestation claims, or several do."""
    return str(row["scope"]) if row["sources_n"] == 1 else str(row["scope"]).replace("claims", "claim", 1)
