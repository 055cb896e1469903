"""All control charts of a unit side by side, to be read before they are read one by one."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.rate import Rated
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, details, paragraphs
from pmf_lib.workbook.pieces.words import counted, lowered, plural

NOTHING = (
    "No series here is long and regular enough for a control chart, so there are none to set side by side."
)
CHANGES = (*sentences.WORSENING, *sentences.NEITHER, *sentences.IMPROVING)
ORDER_WORDS = "real changes for the worse first, then other changes, then missed, near and met. Each chart has a scale of its own"
STATES = ("missed", "near", "met")


def charted(result: Rated) -> pd.DataFrame:
    """The measures tested for change by a control chart: real changes for the worse first, then missed, near, met and the rest."""
    rated = result.measures
    is_tested = rated["variation"].isin(sentences.TESTED)
    drawn = rated[is_tested & rated["measure_id"].isin(result.points["measure_id"])]
    order = {
        "change": drawn["variation"].map(_ranks(CHANGES)).fillna(len(CHANGES)),
        "status": drawn["state"].map(_ranks(STATES)).fillna(len(STATES)),
    }
    return drawn.assign(**order).sort_values(["change", "status", "title"], kind="stable", ignore_index=True)


def _ranks(codes: tuple[str, ...]) -> dict[str, int]:
    return {code: rank for rank, code in enumerate(codes)}


def wall(book: Book, result: Rated) -> Html:
    """Every control chart of the unit, small, on one time axis, folded under their number; in words where there is none."""
    rated = charted(result)
    if rated.empty:
        return paragraphs(NOTHING)
    first, pictures = 1, []
    for drawn, said, data in charts.control_walls(result.points, rated):
        part = rated.iloc[first - 1 : first - 1 + len(data)]
        pictures.append(
            figure(
                drawn,
                title=f"{_place(first, len(data), len(rated))}: {title(part)}",
                subtitle=f"{book.unit_name}, {book.quarter.words}: {ORDER_WORDS}",
                source="The rows named under each measure's own picture below.",
                alt=said,
                data=data,
            )
        )
        first += len(data)
    return details(f"{counted(len(rated), 'control chart')} side by side", *pictures)


def title(part: pd.DataFrame) -> str:
    """What the charts of one picture show: real changes, else how many of what has not changed misses its target.

    >>> title(pd.DataFrame({"variation": ["no_real_change"] * 2, "state": ["missed", "met"]}))
    'none of these 2 series shows a real change; 1 misses its target'
    """
    if sentences.count(part, "variation", CHANGES):
        said = sentences.changes_title(part)
        return lowered(said)
    missed = sentences.count(part, "state", ("missed",))
    misses = f"; {missed} {plural(missed, 'misses its', 'miss their')} target" if missed else ""
    return f"{plural(len(part), 'this series shows', f'none of these {len(part)} series shows')} {plural(len(part), 'no', 'a')} real change{misses}"


def _place(first: int, count: int, of: int) -> str:
    if count == of:
        return counted(of, "chart")
    last = first + count - 1
    return f"{plural(count, 'Chart', 'Charts')} {first}{f' to {last}' if count > 1 else ''} of {of}"
