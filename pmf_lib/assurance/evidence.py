"""What a test of the arrangements may look at, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from string import Formatter

import pandas as pd

from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.council import Council
from pmf_lib.framework.model import Framework
from pmf_lib.performance.scorecard import in_force
from pmf_lib.performance.spc.options import DEFAULT, XmrOptions
from pmf_lib.periods import Period
from pmf_lib.records.quality.doubts import period_words
from pmf_lib.records.schema import ARRANGEMENTS

EXCEPTION_COLUMNS = (
    *("subject", "condition", "owner", "source_file", "source_sheet", "source_row"),
    *("is_past", "row_is"),
)


def _not_rated(_: Period) -> pd.DataFrame:
    return pd.DataFrame(columns=["measure_id", "state"], dtype="str")


class NotSentError(Exception):
    """A test asked for a table of arrangements that nobody sent."""


@dataclass(frozen=True)
class Evidence:
    """The records of one unit (a directorate, or the whole council) as they stood at a date.

    `rated` is one row per measure (`pmf_lib.performance.rate`), `findings` one row per fault in the records.
    """

    tables: Mapping[str, pd.DataFrame]
    rated: pd.DataFrame
    findings: pd.DataFrame
    framework: Framework
    quarter: Period
    as_at: date
    is_own: bool = True
    """Are these the council's own records? Published figures show little of its arrangements."""
    council: Council | None = None
    directorate: str = ""
    """Id of the directorate; empty for the whole council."""
    sent: frozenset[str] = frozenset()
    """Tables that somebody sent, with rows or without; of any other nothing is known."""
    reliance: pd.Series[str] = field(default_factory=lambda: pd.Series(dtype="str"))
    """How far each measure's figures can be relied on (code), by measure_id."""
    rated_in: Callable[[Period], pd.DataFrame] = _not_rated
    """Measures with the state that they were rated in for an earlier quarter, each as its own report could know it."""
    whole: Callable[[str], pd.DataFrame] | None = None
    """A table with every unit's rows; None: the unit is the whole council."""
    charts: XmrOptions = DEFAULT
    """How control charts are read."""
    set_aside: pd.DataFrame | None = None
    """Values that are surely wrong and kept off the control charts (measure_id, period)."""
    escalation: EscalationScheme | None = None
    """The declared rules of escalation; None: none are declared, and nothing is asked by them."""

    def kept(self, name: str) -> pd.DataFrame:
        """A table of arrangements, the unit's rows as they stood on the as-at date.

        Raises
        ------
        NotSentError
            Nobody sent it, so nothing is known of it; the clause's result is then *no evidence*.
        """
        if name not in self.sent:
            raise NotSentError(name)
        return self.tables[name]

    def of_council(self, name: str) -> pd.DataFrame:
        """A table with every unit's rows, for what leads out of this one, such as to the plan above.

        Raises
        ------
        NotSentError
            It is a table of arrangements, and nobody sent it.
        """
        own = self.kept(name) if name in ARRANGEMENTS else self.tables[name]
        return self.whole(name) if self.whole else own

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row per measure that is kept today."""
        measures = self.tables["measures"]
        retired = self.rated.loc[self.rated["state"] == "retired", "measure_id"]
        return measures[~measures["measure_id"].isin(retired)]

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row per link to this framework that holds in the quarter's financial year."""
        return in_force(self.tables["links"], self.framework.id, self.quarter.financial_year)

    def named_nodes(self, rows: pd.DataFrame) -> pd.Series:
        """Number and title of each row's `node`, as a reader knows it."""
        names = {
            node.id: f"{node.number}. {node.title}" if node.number else node.title
            for node in self.framework.nodes
        }
        return rows["node"].map(names)

    def in_words(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        """The same rows, the periods of this column in plain English."""
        labels = rows[column].astype(str)
        return rows.assign(**{column: period_words(labels, rows["measure_id"], self.tables["measures"])})

    def rated_as(self, *states: str) -> pd.DataFrame:
        """Rated measures in these states."""
        return self.rated[self.rated["state"].isin(states)]


@dataclass(frozen=True)
class Answer:
    """What a test found: how many it applied to, and one row per exception with its source row.

    `due` is the day by which the thing is asked, where that day has not gone by: nothing can be tested before. `unknown`
    names the table that nobody sent, where the test looked for one. `idle` says why the occasion of the thing did not arise,
    where that is known: nothing was to be tested, and nothing is missing. `varied` says by which decision the unit does the thing in
    another way. `rows` are those of arrangements that it looked at, as
    they say by whom they were checked, where they can be seen and how old they are; None where it rests on no such rows.
    """

    population: int
    exceptions: pd.DataFrame
    due: date | None = None
    unknown: str = ""
    rows: pd.DataFrame | None = None
    idle: str = ""
    varied: str = ""

    @cached_property
    def failed(self) -> int:
        """Distinct subjects with an exception."""
        return int(self.exceptions["subject"].nunique())


_NONE = pd.DataFrame({name: pd.Series(dtype=object) for name in EXCEPTION_COLUMNS})
"""No exception at all, with its columns."""


def looked_at(rows: pd.DataFrame, failed: pd.DataFrame, population: int | None = None) -> Answer:
    """The answer of a test that looked at these rows: it applied to each of them, or to `population` subjects behind them."""
    return Answer(len(rows) if population is None else population, failed, rows=rows)


def nothing_arose(sentence: str) -> Answer:
    """The answer where it is known that the occasion of the thing did not arise; the sentence says why, as one goes on.

    >>> nothing_arose("no measure missed its target in the quarter").idle
    'no measure missed its target in the quarter'
    """
    return Answer(0, exceptions(pd.DataFrame(), ""), idle=sentence)


def or_nothing_arose(answer: Answer, is_known: bool, sentence: str) -> Answer:
    """The same answer; where it applied to nothing, and it is known that nothing could be, `nothing_arose`."""
    is_idle = is_known and answer.population == 0 and not answer.due
    return replace(nothing_arose(sentence), rows=answer.rows) if is_idle else answer


def exceptions(rows: pd.DataFrame, condition: str) -> pd.DataFrame:
    """Rows as exceptions; `condition` is a sentence that may name the rows' columns in braces.

    `rows` needs a `title` (or `subject`) and keeps owner, source row, `is_past` (it lies in the past, so that it can't be
    made good) and `row_is` (what the source row is, where it is of another thing than was looked for) where it has them.
    """
    if rows.empty:
        return _NONE.copy(deep=False)
    named = sorted({name for _, name, _, _ in Formatter().parse(condition) if name})
    records = rows[named].to_dict("records") if named else [{}] * len(rows)
    made = {
        "subject": rows["subject"] if "subject" in rows else rows["title"],
        "condition": [
            condition.format(**{str(key): value for key, value in record.items()}) for record in records
        ],
        "owner": rows.get("owner", ""),
        "source_file": rows.get("source_file", ""),
        "source_sheet": rows.get("source_sheet", ""),
        "source_row": rows.get("source_row", 0),
        "is_past": rows.get("is_past", False),
        "row_is": rows.get("row_is", ""),
    }
    return pd.DataFrame(made).reset_index(drop=True)
