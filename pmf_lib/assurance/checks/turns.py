"""How often a thing came up, and whether its turn was missed: in each month or quarter, or once in the year.

Nothing is known of the time before the first meeting that is recorded, and the newest quarter may still be reported on
until the next has ended. What is not yet due is left out; a test that finds nothing else says by when it is due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.once import once
from pmf_lib.periods import STEPS_A_YEAR, Period, date_words, last_ended

COUNTED = {0: "not once", 1: "once", 2: "twice"}


@dataclass(frozen=True)
class Span:
    """Days from a first to a last, and what a page calls them."""

    first: date
    last: date
    words: str

    @classmethod
    def of(cls, *periods: Period) -> Span:
        """The days of neighbouring periods."""
        words = periods[0].words if len(periods) == 1 else f"{periods[0].words} and {periods[-1].words}"
        return cls(periods[0].start, periods[-1].end, words)

    def holds(self, days: pd.Series) -> pd.Series[bool]:
        """Which of these days lie in it; an empty day lies nowhere."""
        return days.between(pd.Timestamp(self.first), pd.Timestamp(self.last))


def nothing_known(due: date | None = None) -> Answer:
    """The answer where there is nothing to test, as yet (`due`: until that day) or at all."""
    return Answer(0, exceptions(pd.DataFrame(), ""), due)


def months_after(day: date, months: int) -> date:
    """The day so many months after this one (before it, if negative), or the last of its month where there is none.

    >>> months_after(date(2024, 8, 31), -6), months_after(date(2024, 11, 15), 12)
    (datetime.date(2024, 2, 29), datetime.date(2025, 11, 15))
    """
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


def counted(number: int) -> str:
    """A number of times in words.

    >>> counted(0), counted(2), counted(11)
    ('not once', 'twice', '11 times')
    """
    return COUNTED.get(number, f"{number} times")


def spans(kind: str, as_at: date) -> list[Span]:
    """The whole months, quarters or halves of the year before a day, the oldest first.

    >>> [span.words for span in spans("half", date(2009, 11, 13))][-1]
    'Quarter 1, April to June 2009 and Quarter 2, July to September 2009'
    """
    if kind != "half":
        last = last_ended(kind, as_at)
        return [Span.of(last.shift(step)) for step in range(1 - STEPS_A_YEAR[kind], 1)]
    quarter = last_ended("quarter", as_at)
    last = quarter if quarter.ordinal % 2 else quarter.shift(-1)
    return [Span.of(last.shift(step - 1), last.shift(step)) for step in (-2, 0)]


@once
def year(evidence: Evidence) -> Span:
    """The year that is looked at: the quarter's financial year once it is over, until then the twelve months before the as-at date."""
    whole, last = evidence.quarter.financial_year, evidence.as_at
    if last > whole.end:
        return Span(whole.start, whole.end, f"in {whole.label}")
    first = months_after(last, -12) + timedelta(days=1)
    return Span(first, last, f"from {date_words(first)} to {date_words(last)}")


def this_year(evidence: Evidence) -> Span:
    """The quarter's financial year."""
    return Span.of(evidence.quarter.financial_year)


def in_each(
    asked: Sequence[Span], seen: pd.Series, at_least: int, since: pd.Timestamp, *, may_wait: bool = False
) -> pd.DataFrame:
    """One row per span that can be told of: span (its place in `asked`), words, n (how often it was seen), is_missed.

    `seen` are the days on which it came up, `since` the day from which records tell. `may_wait`: the newest span may still
    be answered, so it counts only if it was.
    """
    n = [int(span.holds(seen).sum()) for span in asked]
    made = pd.DataFrame({"span": range(len(asked)), "words": [span.words for span in asked], "n": n})
    is_done = made["n"] >= at_least
    is_known = pd.Series([pd.Timestamp(span.first) >= since for span in asked], dtype=bool)
    if may_wait:
        is_known &= made["span"] < len(asked) - 1
    return made.assign(is_missed=~is_done)[is_done | is_known].reset_index(drop=True)


def in_year(evidence: Evidence, asked: pd.DataFrame, seen: pd.DataFrame, at_least: int) -> pd.DataFrame:
    """The things asked, each with n (how often it was seen in the year) and state: done, missed or open.

    `asked` holds key columns and `since` (the day from which records tell), `seen` the same keys and `held_on`. Until the
    financial year is over, what came up in the year before it but not in the last twelve months may still come: it is open.
    """
    whole, span = evidence.quarter.financial_year, year(evidence)
    keys = [name for name in asked.columns if name != "since"]
    before = _counted(asked, seen, keys, Span.of(whole.shift(-1)))
    n = _counted(asked, seen, keys, span)
    is_known = asked["since"] <= pd.Timestamp(span.first)
    may_come = (evidence.as_at <= whole.end) & (before >= at_least)
    state = pd.Series("missed", asked.index).mask(may_come | ~is_known, "open").mask(n >= at_least, "done")
    return asked.assign(n=n, state=state)


def of_year(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of meetings held in the year that is looked at."""
    return rows[year(evidence).holds(rows["held_on"])]


def answer_of_year(evidence: Evidence, turns: pd.DataFrame, condition: str, seen: pd.DataFrame) -> Answer:
    """The answer that turns of a year give: as long as nothing was missed and something is open, it is not yet due.

    `seen` are the rows on which they came up, of whatever year.
    """
    missed = turns[turns["state"] == "missed"]
    is_open = turns["state"] == "open"
    if missed.empty and is_open.any():
        return nothing_known(_due(evidence, turns[is_open]))
    return looked_at(of_year(evidence, seen), exceptions(missed, condition), int((~is_open).sum()))


def _due(evidence: Evidence, turns: pd.DataFrame) -> date:
    """The year's end; where that has gone by, twelve months after the records begin."""
    end = evidence.quarter.financial_year.end
    return end if evidence.as_at <= end else months_after(turns["since"].max().date(), 12)


def _counted(asked: pd.DataFrame, seen: pd.DataFrame, keys: list[str], span: Span) -> pd.Series[int]:
    """How often each thing asked was seen in the span."""
    rows = seen.loc[span.holds(seen["held_on"]), keys]
    n = Counter(_tuples(rows))
    return pd.Series([n[one] for one in _tuples(asked[keys])], asked.index, dtype=int)


def _tuples(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    return zip(*(rows[name].tolist() for name in rows.columns), strict=True)


def next_due(asked: Sequence[Span]) -> date:
    """The day by which the newest of these quarters must be reported on: the end of the next."""
    return last_ended("quarter", asked[-1].last).shift(1).end
