"""Pieces of page 5: how the plan is doing by Cabinet portfolio, as the council's file declares them."""

from __future__ import annotations

import pandas as pd

from pmf_lib.council import Portfolio
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.performance.portfolios import SEVERAL, portfolio_of
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pages.scorecard.counts import counts, counts_heads
from pmf_lib.workbook.pages.shared import heard
from pmf_lib.workbook.pages.shared.named import DASHES, with_dashes
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import Collected

NONE, MANY = "No portfolio", "More than one portfolio"
NAMED = 5
"""So many measures without a portfolio are named."""


def shown(book: Book, collected: Collected) -> Html:
    """One row a portfolio, with its holder; then what belongs to none, or to several, and the total."""
    declared = book.council.portfolios
    if not declared:
        return paragraphs(_undeclared(book))
    rated = collected["rated_measures"]
    measures = with_portfolio(book, rated)
    rows = _rows(declared, measures)
    total = counts(heard.part(book, collected) or "Whole council", rated) | {"holder": "–"}
    frame = with_dashes(pd.DataFrame([*rows, total]), list(sentences.RATED))
    return blocks(
        table(
            with_dashes(frame, ["improving_n", "worsening_n"], ("tested_n",)),
            title=title(pd.DataFrame(rows[: len(declared)])),
            subtitle=f"Number of measures by state and by real change, {book.quarter.words}. Each measure counts once; {DASHES}",
            source=_source(book),
            columns=_columns(book),
            totals=1,
        ),
        paragraphs(_homeless(measures)),
    )


def with_portfolio(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """The same measures, each with its portfolio (`pmf_lib.performance.portfolios`)."""
    services = book.whole("measures").set_index("measure_id")["service"]
    known = rated.assign(service=rated["measure_id"].map(services).astype("object").fillna("").astype("str"))
    return known.assign(portfolio=portfolio_of(known, declared(book)))


def declared(book: Book) -> pd.DataFrame:
    """What the council's portfolios name: portfolio, by, name; of nodes those of the book's framework.

    Raises
    ------
    PolicyError
        A portfolio names a node that the framework does not have.
    """
    framework = book.framework.id
    nodes = [one.id for one in book.framework.nodes]
    rows = []
    for one in book.council.portfolios:
        own = [(what, name) for what, name in one.claims if what != "node"]
        own += [("node", name) for name in one.nodes.get(framework, ())]
        for what, name in own:
            if what == "node" and name not in nodes:
                place = f"parameters/councils/{book.council.id}.yml, portfolio '{one.id}', 'nodes'"
                raise PolicyError(unknown(f"node of {framework}", name, nodes, f"Mend it in {place}."))
            rows.append((one.id, what, name))
    return pd.DataFrame(rows, columns=["portfolio", "by", "name"], dtype="str")


def _rows(portfolios: tuple[Portfolio, ...], measures: pd.DataFrame) -> list[dict[str, object]]:
    """A row of counts a portfolio, then those of measures that belong to several, and to none."""
    rows = [
        counts(one.name, measures[measures["portfolio"] == one.id]) | {"holder": one.holder}
        for one in portfolios
    ]
    rest = [(MANY, measures["portfolio"] == SEVERAL), (NONE, measures["portfolio"] == "")]
    return rows + [counts(name, measures[own]) | {"holder": "–"} for name, own in rest if own.any()]


def title(rows: pd.DataFrame) -> str:
    """How many portfolios have a measure that misses its target, and which has most of them.

    >>> title(pd.DataFrame({"name": ["Place", "Care"], "met": [2, 1], "near": 0, "missed": [1, 4]}))
    'Both portfolios have a measure that misses its target; Care has most of them: four'
    >>> title(pd.DataFrame({"name": ["Place", "Care"], "met": [2, 1], "near": 0, "missed": [1, 0]}))
    'One of two portfolios has a measure that misses its target'
    """
    missed = rows["missed"].astype(int)
    hit, n, most = int((missed > 0).sum()), len(rows), int(missed.max())
    if not int(rows[["met", "near", "missed"]].to_numpy().sum()):
        return "No portfolio has a measure with a status against its target"
    whole = {1: "The one portfolio", 2: "Both portfolios"}.get(
        n, f"All {counted(n, 'portfolio', in_words=True)}"
    )
    head = whole if hit == n else out_of(hit, n, "portfolio")
    said = f"{head} {plural(hit or 1, 'has', 'have')} a measure that misses its target"
    first = rows.loc[missed == most, "name"].tolist()
    if hit < 2 or len(first) > 1:
        return said
    return f"{said}; {first[0]} has most of them: {count_word(most)}"


def _homeless(measures: pd.DataFrame) -> str:
    """How many measures belong to no portfolio, and which."""
    bare = measures.loc[measures["portfolio"] == "", "title"].sort_values().tolist()
    if not bare:
        return (
            f"Each of the {counted(len(measures), 'measure')} belongs to a portfolio."
            if len(measures)
            else ""
        )
    named = listing(f"“{one}”" for one in bare) if len(bare) <= NAMED else ""
    said = f"{sentence(counted(len(bare), 'measure', in_words=True))} {plural(len(bare), 'belongs', 'belong')} to no portfolio"
    return (
        f"{said}: {named}."
        if named
        else f"{said}, so no member of Cabinet answers for {plural(len(bare), 'it', 'them')} here."
    )


def _columns(book: Book) -> dict[str, Column | str]:
    heads = counts_heads(book.schemes.verdicts)
    return {
        "name": "Portfolio",
        "holder": Column("Held by", missing="no post named"),
        **{name: Column(head, "number", decimals=0) for name, head in heads.items()},
    }


def _source(book: Book) -> str:
    made_up = " (made up)" if book.council.evidence == "made-up" else ""
    return f"Portfolios{made_up}: the council's file; recorded results of the directorates."


def _undeclared(book: Book) -> str:
    """Why nothing is shown by portfolio, and what to do."""
    if not book.has_own_records:
        return "Who holds which portfolio is not part of the published figures, so nothing is shown by portfolio."
    return (
        "The council's file declares no Cabinet portfolios, so nothing is shown by portfolio. Declare them under 'portfolios' in "
        f"parameters/councils/{book.council.id}.yml."
    )
