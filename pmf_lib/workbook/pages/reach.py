"""Two pictures of the council's measures: change and reach together, and how far values lie from their targets."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import sentences
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.words import counted, plural, sentence


def grid(book: Book, rated: pd.DataFrame) -> Html:
    """Variation × capability of the tested measures as a picture, with its counts; in words where no target is tested."""
    tested = rated[rated["variation"].isin(sentences.TESTED)]
    if tested.empty:
        return paragraphs("No series is long and regular enough to be placed on this grid.")
    if not sentences.count(tested, "capability", tuple(sentences.REACH)):
        return paragraphs(
            f"No target of {_these(len(tested))} can be tested, so there is no reach to set beside change."
        )
    return figure(
        charts.variation_capability_grid(tested),
        title=f"Where {_these(len(tested))} {plural(len(tested), 'stands', 'stand')}",
        subtitle="Number of measures by change and by whether the target can be met as things run (where the process has "
        f"just changed: as it ran before), {book.quarter.words}.{_untested(len(rated) - len(tested))}",
        source="Recorded results of the directorates.",
        alt=charts.alt_grid(tested),
        data=charts.data_grid(tested),
    )


def _these(count: int) -> str:
    return f"the {counted(count, 'measure')} tested for change"


def _untested(count: int) -> str:
    """How many measures the picture leaves out."""
    has = plural(count, "has a series", "have series")
    return (
        f" {counted(count, 'more measure')} {has} that the test does not suit, or too few points"
        if count
        else ""
    )


def misses(book: Book, rated: pd.DataFrame) -> Html:
    """Each measure that is missed or near beside its target, the worst first; in words where there is none."""
    shown = rated[rated["state"].isin(["missed", "near"])]
    if shown.empty:
        return paragraphs("No measure with a status lies on the wrong side of its target.")
    drawn, said = charts.bullets(shown), charts.alt_bullets(shown)
    made = zip(drawn, said, charts.data_bullets(shown), strict=True)
    return blocks(*(_beside_targets(book, *one) for one in made))


def _beside_targets(book: Book, drawn: Figure, said: str, data: pd.DataFrame) -> Html:
    first = data["Measure"].iloc[0] if len(data) else ""
    count = counted(len(data), "measure", in_words=True)
    worst = f", first: {first}" if first else ""
    return figure(
        drawn,
        title=f"{sentence(count)} on the wrong side of {plural(len(data), 'its target', 'their targets')}{worst}",
        subtitle=f"Value, target, tolerance and the value a year before, {book.quarter.words}, missed before near, each "
        "from the furthest to the nearest",
        source="Recorded results of the directorates.",
        alt=said,
        data=data,
    )
