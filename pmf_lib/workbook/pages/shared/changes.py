"""What changed since the last issued run: a sentence, and a table value by value with the cause of each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pmf_lib.decisions import COUNCIL
from pmf_lib.performance.compare import CAUSES, LISTED
from pmf_lib.performance.words import quantity
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.compared import Compared, compared
from pmf_lib.workbook.pages.shared.change_words import (
    CLAUSES,
    MEASURES,
    QUALITY,
    Kind,
    Row,
    lookup,
    moved_on_only,
    ranks,
    rows_of,
    said,
)
from pmf_lib.workbook.pieces.markup import Html, blocks, details, escape, paragraphs, tag, text
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import (
    NOTHING,
    counted,
    is_missing,
    listing,
    plural,
    sentence,
)

NO_BASELINE = "No run has been issued before this one, so there is nothing to compare it with yet."
NOT_RECORDED = "The last issued run did not record this, so there is nothing to compare it with."


def measures(book: Book, rated: pd.DataFrame) -> Html:
    """What changed of the rated measures of the unit, or of all directorates."""
    return shown(book, MEASURES, of_measures(book, rated))


def clauses(book: Book, arrangements: pd.DataFrame) -> Html:
    """What changed of the results of the framework's clauses; of every unit where each row names its own (`unit`)."""
    return clauses_in_full(book, arrangements, of_clauses(book, arrangements))


def clauses_in_full(book: Book, arrangements: pd.DataFrame, found: Compared | None) -> Html:
    """The same, compared already (`of_clauses`)."""
    return shown(book, _by_unit(CLAUSES, _with_ids(book, arrangements)), found)


def of_clauses(book: Book, arrangements: pd.DataFrame, missing: Sequence[str] = ()) -> Compared | None:
    """The results of clauses beside those of the last issued run; None where there is nothing to compare with.

    `missing`: names of directorates whose results are not there; nothing is told of them.
    """
    rows = _with_ids(book, arrangements)
    return _found(book, _by_unit(CLAUSES, rows), rows, missing)


def in_a_line(book: Book, arrangements: pd.DataFrame, found: Compared | None) -> str:
    """The sentence about clauses alone, or why there is none; `found` as from `of_clauses`."""
    if found is None:
        return NOT_RECORDED if book.baseline else NO_BASELINE
    return said(_by_unit(CLAUSES, _with_ids(book, arrangements)), found)


def quality(book: Book, quality: pd.DataFrame) -> Html:
    """What changed in how far the measures' figures can be relied on."""
    return shown(book, QUALITY, _found(book, QUALITY, quality))


def of_measures(book: Book, rated: pd.DataFrame, missing: Sequence[str] = ()) -> Compared | None:
    """The rated measures beside those of the last issued run; None where there is nothing to compare with.

    `missing`: names of directorates whose results are not there; nothing is told of them.
    """
    return _found(book, MEASURES, rated, missing)


def shown(book: Book, kind: Kind, found: Compared | None) -> Html:
    """The sentence and the tables of one comparison, or why there is none."""
    if found is None:
        return paragraphs(NOT_RECORDED if book.baseline else NO_BASELINE)
    rows = worded(book, kind, found)
    moved_on = moved_on_only(rows["what"], rows["cause"])
    others = rows[~moved_on]
    tables = [_table(kind, others, found)] if len(others) else []
    return blocks(paragraphs(said(kind, found)), *tables, *_folded(kind, rows[moved_on]))


def headline(found: Compared | None) -> str:
    """The sentence about measures, for the index; nothing where there is nothing to compare with."""
    return said(MEASURES, found) if found else ""


def _found(book: Book, kind: Kind, now: pd.DataFrame, missing: Sequence[str] = ()) -> Compared | None:
    gone = [one.id for one in book.council.directorates if one.name in missing] if missing else []
    return compared(book, kind.scrap, now, keys=kind.keys, facets=kind.facets, shape=kind.shape, missing=gone)


def _with_ids(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the id of each unit (`directorate`), where they name it; the council as a whole is a unit of its own."""
    if "unit" not in rows:
        return rows
    ids = {name: unit for unit, name in _units(book).items()}
    return rows.assign(directorate=rows["unit"].map(ids))


def _units(book: Book) -> dict[str, str]:
    """Id of each unit → what pages call it."""
    return {one.id: one.name for one in book.council.directorates} | {COUNCIL: book.unit_name}


def _by_unit(kind: Kind, frame: pd.DataFrame) -> Kind:
    """The same kind, each row a test of one unit, named by it too, where the frame says it."""
    if "directorate" not in frame:
        return kind
    return replace(kind, keys=("directorate", *kind.keys), one="test")


def worded(book: Book, kind: Kind, found: Compared) -> pd.DataFrame:
    """One row per change: title, what, then, now (pieces of a page), why, cause, rank, directorate; the worse first."""
    rows = found.changes
    named = lookup(kind, found.now, rows, kind.title).fillna(lookup(kind, found.before, rows, kind.title))
    cells: dict[str, Any] = {
        side: [
            _cell(book.schemes.verdicts, kind, facet, row)
            for facet, row in zip(rows["facet"], there, strict=True)
        ]
        for side, there in (
            ("then", rows_of(kind, found.before, rows)),
            ("now", rows_of(kind, found.now, rows)),
        )
    }
    made = rows.assign(
        title=named,
        what=rows["facet"].replace({LISTED: f"{sentence(kind.one)} listed"}),
        why=[listing(CAUSES[code] for code in cell.split("; ")) for cell in rows["cause"]],
        rank=ranks(kind, found).reindex(rows.index),
        **cells,
    )
    if "directorate" in kind.keys:
        made["unit"] = made["directorate"].map(_units(book))
    worst = made.groupby(list(kind.keys))["rank"].transform("min").fillna(0.5)
    return made.assign(worst=worst).sort_values("worst", kind="stable").reset_index(drop=True)


def _cell(verdicts: Verdicts, kind: Kind, facet: str, row: Row | None) -> Html:
    if facet == LISTED or row is None:
        return text("no" if row is None else "yes")
    if facet in kind.verdicts:
        shown = _verdict(verdicts, kind.verdicts[facet], str(row[kind.facets[facet][0]]))
        beside = f" · {_value(row)}" if facet == kind.head and "Value" in kind.facets else ""
        return Html(shown.markup + escape(beside), shown.plain + beside)
    return text(_value(row) if facet == "Value" else _target(row))


def _verdict(verdicts: Verdicts, kind: str, code: str) -> Html:
    """The tag of a verdict; of one that is no longer known, its code."""
    known = verdicts.codes(*(("status", "absence") if kind == "status" else (kind,)))
    return tag(verdicts.get(kind, code)) if code in known else text(code or NOTHING)


def _value(row: Row) -> str:
    if is_missing(row["result"]):
        return NOTHING
    return f"{_amount(row, 'result')} ({row['of']})"


def _target(row: Row) -> str:
    ends = [
        f"{word} {_amount(row, name)}"
        for name, word in (("lower", "from"), ("upper", "to"))
        if not is_missing(row[name])
    ]
    aim = " ".join(ends) if is_missing(row["target"]) else _amount(row, "target")
    if not aim:
        return NOTHING
    bears = "" if is_missing(row["tolerance"]) else f", tolerance {row['tolerance']:g}"
    share = " per cent" if bears and row["tolerance_kind"] == "per-cent" else ""
    stretch = "" if is_missing(row.get("stretch")) else f", stretch target {_amount(row, 'stretch')}"
    return f"{aim}{bears}{share}{stretch}"


def _amount(row: Row, name: str) -> str:
    return quantity(float(row[name]), int(row["decimals"]), str(row["unit"]))


def _table(kind: Kind, rows: pd.DataFrame, found: Compared) -> Html:
    count = len(rows.drop_duplicates(list(kind.keys)))
    are = plural(count, "is", "are")
    return table(
        rows,
        title=f"{sentence(counted(count, kind.one, in_words=True))} {are} not as in {found.baseline.name}",
        subtitle="One row per change, what got worse first. Causes are tested in this order: "
        f"{listing(list(CAUSES.values())[:-1])}; several may hold",
        columns=_columns(kind),
    )


def _columns(kind: Kind) -> dict[str, Column | str]:
    return {
        "title": sentence(kind.one),
        **({"unit": "Unit"} if "directorate" in kind.keys else {}),
        "what": "What changed",
        "then": Column("Then", "html"),
        "now": Column("Now", "html"),
        "why": "Why",
    }


def _folded(kind: Kind, rows: pd.DataFrame) -> list[Html]:
    """Values and targets that are only of a later period, folded away."""
    if rows.empty:
        return []
    count = counted(len(rows), "figure")
    listed = table(
        rows, title=f"{count} of a new period", subtitle="In the issued run, and now", columns=_columns(kind)
    )
    return [details(f"{count} moved on to a new period", listed)]
