"""The year that an annual page reviews: each quarter's results of clauses, from what was issued, else told from the records.

The year's last quarter is the page's own, through the run's recorded items. An earlier quarter is read from its issued run,
which the run's manifest names; where none was issued, or it recorded no such results, the same rules tell it from the same
records as they stood then, and the page says that it was computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pmf_lib.assurance import clauses
from pmf_lib.errors import ParameterError
from pmf_lib.periods import Period
from pmf_lib.store import issued
from pmf_lib.workbook.baseline import Baseline
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import arrangements, found_in
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.raised import SCRAP
from pmf_lib.workbook.results import Collected

RECORDED = "clause_results"
"""The scrap in which the committee's page records the results of every unit."""
NEEDED = ("unit", "clause", "group", "what", "force", "source", "result")


@dataclass(frozen=True)
class Quarter:
    """One quarter of the year, and the issued run that its results are told from; None: computed here, or the page's own."""

    period: Period
    paper: Baseline | None = None
    is_own: bool = False
    """Is it the quarter of the page itself?"""


@dataclass(frozen=True)
class Year:
    """The year's quarters, the first first, and the results of clauses in each."""

    quarters: tuple[Quarter, ...]
    found: pd.DataFrame
    """One row per quarter, unit and clause: quarter (label), unit (its name), and at least `NEEDED`."""
    exceptions: pd.DataFrame
    """Exceptions of the last quarter: one row each, with its unit."""
    raised: pd.DataFrame | None
    """What the issued papers recommended, each row with its quarter; None where none of them recorded it."""

    @property
    def labels(self) -> list[str]:
        """Labels of the quarters."""
        return [one.period.label for one in self.quarters]

    @property
    def last(self) -> pd.DataFrame:
        """Results of the year's last quarter."""
        return self.found[self.found["quarter"] == self.labels[-1]]


def year(book: Book, collected: Collected) -> Year:
    """The year that ends with the book's quarter; `collected`: rated_measures, arrangements and exceptions of directorates.

    Raises
    ------
    ParameterError
        The book's quarter is not the last of its year, or a run that 'issued' names is none of its earlier quarters.
    """
    _refuse_other_quarters(book)
    earlier = _earlier(book)
    found, exceptions = _own(book, collected)
    units = {one.name: book.of(one) for one in book.council.directorates} | {WHOLE: book}
    told = [_found(units, one) for one in earlier]
    quarters = (*(one for one, _ in told), Quarter(book.quarter, is_own=True))
    frames = zip(quarters, [*(frame for _, frame in told), found], strict=True)
    stacked = _one_frame([frame.assign(quarter=one.period.label) for one, frame in frames])
    return Year(quarters, stacked, exceptions, _raised(earlier))


def _refuse_other_quarters(book: Book) -> None:
    if book.quarter.end != book.quarter.financial_year.end:
        year = book.quarter.financial_year.label
        raise ParameterError(
            f"quarter '{book.quarter.label}' is not the last of its year. The annual review is made with the year's last "
            f"quarter: write '{year} Q4'."
        )


def _earlier(book: Book) -> list[Quarter]:
    """The year's earlier quarters, each with its issued run where one is named."""
    papers = {}
    for run_id in book.parameters.get("issued", "").split():
        paper = issued.named(run_id)
        papers[paper.quarter] = Baseline(paper)
    periods = [book.quarter.shift(-step) for step in (3, 2, 1)]
    for label in sorted(set(papers) - {one.label for one in periods}):
        raise ParameterError(
            f"issued '{papers[label].run_id}' is {papers[label].name}, which is no earlier quarter of "
            f"{book.quarter.financial_year.label}. Name issued runs of these, or leave 'issued' empty."
        )
    return [Quarter(one, papers.get(one.label)) for one in periods]


def _own(book: Book, collected: Collected) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and exceptions of the page's own quarter: the directorates' as collected, the council's tested here."""
    names = {one.id: one.name for one in book.council.directorates}
    frames = zip(arrangements(book, collected["rated_measures"]), ("arrangements", "exceptions"), strict=True)
    found, exceptions = (
        _one_frame(
            [
                collected[name]
                .assign(unit=collected[name]["directorate"].map(names))
                .drop(columns="directorate"),
                council.assign(unit=WHOLE),
            ]
        )
        for council, name in frames
    )
    return found, exceptions


def _found(units: Mapping[str, Book], quarter: Quarter) -> tuple[Quarter, pd.DataFrame]:
    """An earlier quarter, and its results of every unit (`units`: name → book); without its paper where that recorded none."""
    recorded = _issued(units[WHOLE], quarter.paper) if quarter.paper else None
    if recorded is not None:
        return quarter, recorded
    made = [found_in(of, quarter.period).assign(unit=name) for name, of in units.items()]
    return Quarter(quarter.period), _one_frame(made)


def _issued(book: Book, paper: Baseline) -> pd.DataFrame | None:
    """What the issued run recorded of clauses that the framework still has; None where it recorded none."""
    recorded = paper.council_frame(RECORDED)
    if recorded is None or not {*NEEDED} <= {*recorded.columns}:
        return None
    return recorded[recorded["clause"].isin([clause.id for clause in book.framework.clauses])]


def _raised(quarters: Iterable[Quarter]) -> pd.DataFrame | None:
    held = [(one.period.label, one.paper.council_frame(SCRAP)) for one in quarters if one.paper]
    frames = [frame.assign(quarter=label) for label, frame in held if frame is not None]
    return _one_frame(frames) if frames else None


def _one_frame(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames one under the other; those without rows lend their columns only when all are so."""
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True) if filled else clauses.no_results()
