"""A unit's measures as rated for the quarter, and what pages and records add to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from pmf_lib.once import once
from pmf_lib.performance.rate import Rated, rate
from pmf_lib.performance.scorecard import VARIATIONS, marker_card
from pmf_lib.periods import FREQUENCIES, Period, parse
from pmf_lib.workbook import decided, reliance
from pmf_lib.workbook.book import Book


@once
def rated(book: Book) -> Rated:
    """The unit's measures, rated for the quarter; change is told of series that still run."""
    found = _rate(book)
    measures = still_running(found.measures, book.quarter)
    return replace(found, measures=measures if book.has_own_records else as_found(measures))


def as_found(measures: pd.DataFrame) -> pd.DataFrame:
    """The same measures; of figures that others publish none is awaited or late, it is not in their files."""
    absent = measures["state"].isin(["awaited", "late"])
    why = "No figure for " + measures["period"] + " is in the publisher's files as found."
    return measures.assign(
        state=measures["state"].mask(absent, "not_published"),
        why=measures["why"].mask(absent, why),
        rule=measures["rule"].mask(absent, "status.not-published"),
    )


WHY_QUIET = {
    "retired": "It is no longer kept, so its chart says nothing of today.",
    "not_defined": "It has no written definition, so nobody can say what its chart shows.",
}


def still_running(measures: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The same measures; no change or reach is told of one that is retired, not defined, or long without a value.

    A series whose last value is older than the quarter before says nothing of today.
    """
    ends = [
        parse(label, FREQUENCIES[often]).end if label else quarter.end for label, often in _last(measures)
    ]
    old = pd.Series(ends, index=measures.index, dtype=object) < quarter.shift(-1).start
    tested = ~measures["variation"].isin(VARIATIONS["not_tested_n"])
    quiet = tested & (old | measures["state"].isin(["retired", "not_defined"]))
    why = (
        measures["state"]
        .map(WHY_QUIET)
        .fillna("Its last value is too old, so its chart says nothing of today.")
    )
    return measures.assign(
        variation=measures["variation"].mask(quiet, "not_suited"),
        variation_why=measures["variation_why"].mask(quiet, why),
        capability=measures["capability"].mask(quiet, "not_tested"),
        capability_why=measures["capability_why"].mask(quiet, why),
    )


def _last(measures: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(measures["last_period"], measures["frequency"], strict=True)


def _rate(book: Book) -> Rated:
    return rate(
        book.table("measures"),
        book.table("observations"),
        book.table("targets"),
        quarter=book.quarter,
        as_at=book.as_at,
        scheme=book.schemes.status,
        options=book.schemes.xmr,
        annual=book.schemes.benchmark,
        rebase=decided.held(book),
        set_aside=slips(book),
    )


def slips(book: Book) -> pd.DataFrame:
    """Values in force that seem to be in the wrong unit until somebody mends them: measure_id, period, value."""
    return decided.slips(book.findings, book.table("observations"), book.as_at)


def with_nodes(book: Book, measures: pd.DataFrame) -> pd.DataFrame:
    """Rated measures, each with the nodes of the framework that it is linked to (`nodes`: ids joined by ``; ``)."""
    links = book.links
    joined = links.groupby("measure_id")["node"].agg("; ".join) if len(links) else pd.Series(dtype=str)
    return measures.assign(nodes=measures["measure_id"].map(joined).astype(object).fillna("").astype(str))


def told(book: Book, measures: pd.DataFrame, relied: reliance.Quality) -> pd.DataFrame:
    """Rated measures as they are recorded: `with_nodes`, `reliance` (a verdict's code), and `is_off_chart`."""
    verdict = measures["measure_id"].map(relied.measures.set_index("measure_id")["reliance"])
    return with_nodes(book, measures).assign(
        reliance=verdict.astype("str"), is_off_chart=is_off_chart(book, measures)
    )


def is_off_chart(book: Book, measures: pd.DataFrame) -> pd.Series[bool]:
    """Whether the latest value of each measure is surely wrong, and so kept off its control chart (`slips`)."""
    wrong = pd.MultiIndex.from_frame(slips(book)[["measure_id", "period"]])
    latest = pd.MultiIndex.from_frame(measures[["measure_id", "last_period"]])
    return pd.Series(latest.isin(wrong), measures.index)


def card(book: Book, measures: pd.DataFrame) -> pd.DataFrame:
    """The marker card: one row per node that measures link to, in the framework's order."""
    nodes = book.framework.nodes_frame(linkable=True)
    made = marker_card(measures, book.links, nodes)
    return made.assign(number=made["node"].map(nodes.set_index("node")["number"]))
