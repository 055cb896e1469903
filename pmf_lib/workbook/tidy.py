"""Tidy frames for analysts: what the official pages rest on, one row a thing, with names in place of ids."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book

ABOUT = ("title", "directorate", "unit", "polarity")
COMPUTED_HERE = (
    "Computed here: no run with these parameters and today's records, policy and code is in the store. "
    "`pmf run` with the same quarter makes one; the figures are the same either way."
)
RECORDED = "Read from the recorded items of the run with these parameters."


@dataclass(frozen=True)
class Frames:
    """Results of the whole council.

    ``measures``: one row per measure, as in ``measures.csv``. ``series``: one row per measure and period, the value in
    force. ``observations``: one row per measure, period and day of recording, with every revision. ``links``: one row
    per node and measure. All have the measure's `ABOUT` (directorates by name) but links, which have the node's title.
    """

    measures: pd.DataFrame
    series: pd.DataFrame
    observations: pd.DataFrame
    links: pd.DataFrame
    note: str
    """Where the results are from, and what to do where no run has recorded them."""


def frames(book: Book) -> Frames:
    """The frames of a council book.

    Measures come from the run's recorded items where there are some for the book's parameters, else they are computed
    here by the same functions; `note` says which, and which directorates are missing.
    """
    found = results.collected(book, "rated_measures")
    measures = found["rated_measures"].assign(directorate=_names(book, found["rated_measures"]))
    about = measures.drop_duplicates("measure_id").set_index("measure_id")[list(ABOUT)]
    return Frames(
        measures=measures,
        series=results.rated(book).series.join(about, on="measure_id"),
        observations=book.table("observations").join(about, on="measure_id"),
        links=_titled(book),
        note=_note(found),
    )


def _names(book: Book, measures: pd.DataFrame) -> pd.Series[str]:
    return measures["directorate"].map({one.id: one.name for one in book.council.directorates})


def _titled(book: Book) -> pd.DataFrame:
    titles = book.framework.nodes_frame(linkable=True).set_index("node")["title"]
    return book.links.assign(node_title=book.links["node"].map(titles))


def _note(found: results.Collected) -> str:
    if not found.is_recorded:
        return COMPUTED_HERE
    missing = (
        f" Missing, because their items did not end well: {', '.join(found.missing)}."
        if found.missing
        else ""
    )
    return RECORDED + missing
