"""Limits that begin anew by decision: the level before and since, for as long as a chart may hide the step between."""

from __future__ import annotations

import pandas as pd

from pmf_lib.periods import FREQUENCIES, containing, date_words, parse
from pmf_lib.workbook import decided
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared.named import MEASURE, with_names
from pmf_lib.workbook.pieces.markup import Html, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, number, plural, sentence


def steps(book: Book, rated: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Every rebase that holds, with the mean of its chart before and since.

    Parameters
    ----------
    book
        The unit and its decisions.
    rated, points
        Rated measures, and the points of their control charts.

    Returns
    -------
    DataFrame
        One row per decision that holds: the columns of `decided.held`; decimals, unit; before and since (means of the segment that
        ended and of the one that began, in the measure's unit); is_recent (decided at most so many quarters ago as the
        scheme says).
    """
    held = decided.held(book)
    held = held[held["measure_id"].isin(rated["measure_id"])].reset_index(drop=True)
    of = rated.set_index("measure_id")[["decimals", "unit", "frequency"]]
    held = held.join(of, on="measure_id")
    begun = _segments(points)
    at = [_found(begun, row) for _, row in held.iterrows()]
    last = containing("quarter", book.as_at).shift(-book.schemes.xmr.rebase_open_quarters)
    return held.drop(columns="frequency").assign(
        before=pd.Series([one[0] for one in at], held.index, dtype=float),
        since=pd.Series([one[1] for one in at], held.index, dtype=float),
        is_recent=[containing("quarter", day).ordinal >= last.ordinal for day in held["dated"]],
    )


def _segments(points: pd.DataFrame) -> pd.DataFrame:
    """Segments of charts in order of time: measure_id, ordinal (of the first point), since and before (means of it and of the one before)."""
    means = points.groupby(["measure_id", "segment"], sort=False).agg({"ordinal": "min", "mean": "mean"})
    found = means.reset_index().sort_values("ordinal").rename(columns={"mean": "since"})
    return found.assign(before=found.groupby("measure_id", sort=False)["since"].shift())


def _found(begun: pd.DataFrame, one: pd.Series) -> tuple[float, float]:
    """Mean before and since of the segment that a decision began, the first from its period on (two decisions may begin one)."""
    first = parse(one["period"], FREQUENCIES[one["frequency"]]).ordinal
    rows = begun[(begun["measure_id"] == one["measure_id"]) & (begun["ordinal"] >= first)]
    return (float("nan"), float("nan")) if rows.empty else (rows["before"].iloc[0], rows["since"].iloc[0])


def shown(book: Book, rated: pd.DataFrame, points: pd.DataFrame) -> Html:
    """Where a decision took a step of level out of the real changes: mean before and since, who, when and why."""
    rows = steps(book, rated, points)
    if rows.empty:
        day = date_words(book.as_at)
        return paragraphs(f"Nobody has decided by {day} that limits of a measure of this page begin anew.")
    count = rows["measure_id"].nunique()
    has = plural(count, "has", "have")
    return table(
        with_names(book.schemes.verdicts, rows),
        title=f"{sentence(counted(count, 'measure', in_words=True))} {has} limits that begin anew by decision",
        subtitle="A step of level at such a point is not told as a real change, so the means before and since stand here",
        columns={
            "measure": MEASURE,
            "period_words": "From",
            "before": Column("Mean before", "number", decimals="decimals"),
            "since": Column("Mean since", "number", decimals="decimals"),
            "decision": "Who decided, when and why",
        },
    )


def means_words(row: pd.Series) -> str:
    """The step in a sentence.

    >>> means_words(pd.Series({"before": 57.66, "since": 72.9, "decimals": 1}))
    'The mean was 57.7 before and is 72.9 since.'
    """
    before, since = (number(row[name], int(row["decimals"])) for name in ("before", "since"))
    return f"The mean was {before} before and is {since} since."
