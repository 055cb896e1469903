"""How the year ends for a unit's measures at their present pace, with the service's own forecast beside."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pmf_lib.performance.forecast import Forecasts, beside, forecast
from pmf_lib.performance.rate import Rated
from pmf_lib.workbook.book import Book

NOT_DEFINED = "It has no written definition, so nobody can say what the year's figure would be."
FIGURES = ("outturn", "low", "high", "chance", "needed")


def outturns(book: Book, found: Rated) -> Forecasts:
    """Forecasts of the year's figures; their measures have the columns of `forecast` and of `beside`.

    Values that are surely wrong are no part of them, as they are none of the control charts (`found.series`). Of a measure
    that nobody has defined nothing is forecast.
    """
    measures = book.table("measures")
    made = forecast(
        measures, found.series, book.table("targets"), quarter=book.quarter, options=book.schemes.forecast
    )
    undefined = found.measures.loc[found.measures["state"] == "not_defined", "measure_id"]
    rows = _silenced(made.measures, made.measures["measure_id"].isin(undefined))
    rows = rows.join(beside(rows, book.table("forecasts"), measures, book.quarter))
    paths = made.paths[~made.paths["measure_id"].isin(undefined)].reset_index(drop=True)
    return replace(made, measures=rows, paths=paths)


def _silenced(rows: pd.DataFrame, which: pd.Series[bool]) -> pd.DataFrame:
    """Forecasts without those of some measures, and why."""
    texts = {"refused": NOT_DEFINED, "why": NOT_DEFINED, "needed_words": ""}
    blank = {name: rows[name].mask(which) for name in FIGURES}
    said = {name: rows[name].mask(which, text) for name, text in texts.items()}
    return rows.assign(**blank, **said, beats_naive=rows["beats_naive"] & ~which)
