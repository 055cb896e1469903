"""Two pictures of the council's measures: change and reach together, and how far values lie from their targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.performance.capability import just_changed
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pages.shared import named
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.words import count_word, counted, out_of, plural, sentence


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
        title=grid_title(tested),
        subtitle="Number of measures by change and by whether the target can be met as things run (where the process has "
        f"just changed: over old and new points), {book.quarter.words}.{_untested(len(rated) - len(tested))}",
        source="Recorded results of the directorates.",
        alt=charts.alt_grid(tested),
        data=charts.data_grid(tested),
    )


def grid_title(tested: pd.DataFrame) -> str:
    """How many of the measures drawn get worse, or are not expected to meet their target though they did not just change.

    >>> rows = {
    ...     "variation": ["worsening_low", "no_real_change"],
    ...     "capability": ["hit_and_miss", "not_expected"],
    ... }
    >>> grid_title(pd.DataFrame(rows))
    'Two of two measures tested for change get worse, or are not expected to meet their target'
    """
    is_worse = tested["variation"].isin(sentences.WORSENING)
    is_stuck = (tested["capability"] == "not_expected") & ~just_changed(tested["variation"])
    asks = int((is_worse | is_stuck).sum())
    said = plural(
        asks or 1,
        "gets worse, or is not expected to meet its target",
        "get worse, or are not expected to meet their target",
    )
    return f"{out_of(asks, len(tested), 'measure')} tested for change {said}"


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


def none_missed(rated: pd.DataFrame) -> str:
    """What is said where no measure misses its target: no all-clear where there is no target to miss, or no status."""
    count = sentences.count(rated, "state", sentences.RATED)
    if count:
        who = f"None of {count_word(count)} measures with a status misses"
        return f"{who if count > 1 else 'The one measure with a status does not miss'} its target"
    if rated[["target", "lower", "upper"]].isna().to_numpy().all():
        return "No measure has a target to miss"
    return "No measure has a status, so none is said to meet or to miss a target"


def misses(book: Book, rated: pd.DataFrame) -> Html:
    """Each measure that is missed or near beside its target, the worst first; in words where there is none.

    Before the name of one whose figures page 1 says not to rely on stands that verdict.
    """
    shown = rated[rated["state"].isin(["missed", "near"])]
    if shown.empty:
        return paragraphs(f"{none_missed(rated)}.")
    warning = f"{book.schemes.verdicts.get('reliance', 'do_not_rely').word}: "
    shown = shown.assign(title=[_marked(row, warning) for row in shown.to_dict("records")])
    drawn, said = charts.bullets(shown), charts.alt_bullets(shown)
    made = zip(drawn, said, charts.data_bullets(shown), strict=True)
    return blocks(*(_beside_targets(book, shown, warning, one) for one in made))


def _marked(row: Mapping[Any, Any], warning: str) -> str:
    return f"{warning if named.is_doubted(row) else ''}{row['title']}"


def _beside_targets(
    book: Book, shown: pd.DataFrame, warning: str, made: tuple[Figure, str, pd.DataFrame]
) -> Html:
    drawn, said, data = made
    first = str(data["Measure"].iloc[0]).removeprefix(warning) if len(data) else ""
    count = (
        out_of(len(data), len(shown), "measure")
        if len(data) < len(shown)
        else sentence(counted(len(data), "measure", in_words=True))
    )
    worst = f", first: {first}" if first else ""
    return figure(
        drawn,
        title=f"{count} on the wrong side of {plural(len(data), 'its target', 'their targets')}{worst}",
        subtitle=f"Value, target (at least or at most so much), tolerance and the value a year before, {book.quarter.words}; "
        f"{charts.bullet_order(shown)}",
        source="Recorded results of the directorates.",
        alt=said,
        data=data,
    )
