"""Who answers for what the records show, where no owner is named: the same post in findings, tables and requests."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records.arranged.leads import with_units
from pmf_lib.records.reads import tables_sent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import WHOLE

MANAGEMENT = "the council's management team"
"""Who is asked where the council's file names no post for the whole council."""
ROW = ["source_file", "source_sheet", "source_row"]


def whole(book: Book) -> str:
    """The post that answers for the council as a whole."""
    return book.council.chief or MANAGEMENT


def posts(book: Book, rows: pd.DataFrame) -> pd.Series[str]:
    """The post that answers for each exception's unit (of `unit` where the frame names several): empty where none does.

    Of the whole council, the director whose directorate keeps the row; else the post that answers for the whole council.
    """
    units = rows["unit"] if "unit" in rows else pd.Series(book.unit.name if book.unit else WHOLE, rows.index)
    directors = {one.name: one.director for one in book.council.directorates}
    of_rows = _keepers(book, rows[units == WHOLE])
    named = units.map(directors | {WHOLE: whole(book)}).astype(object)
    return named.mask(units.index.isin(of_rows.index), of_rows).fillna("")


def _keepers(book: Book, rows: pd.DataFrame) -> pd.Series[str]:
    """The directors of those directorates whose rows these are, where that is known."""
    rows = rows[rows["source_row"].fillna(0) > 0]
    kept = _places(book) if len(rows) else rows
    if kept.empty:
        return pd.Series(dtype=object)
    directors = {one.id: one.director for one in book.council.directorates if one.director}
    keys = pd.MultiIndex.from_frame(kept[ROW])
    whose = pd.Series(kept["directorate"].map(directors).to_numpy(), keys).dropna()
    found = pd.MultiIndex.from_frame(rows[ROW]).map(whose[~whose.index.duplicated()].to_dict())
    return pd.Series(found, rows.index, dtype=object).dropna()


def _places(book: Book) -> pd.DataFrame:
    """Where each row of an arrangement that names its directorate stands."""
    sent = tables_sent(book.snapshot.table("reads"))
    tables = [book.table(name) for name in with_units() if name in sent]
    named = [table[[*ROW, "directorate"]] for table in tables]
    return pd.concat(named) if named else pd.DataFrame()
