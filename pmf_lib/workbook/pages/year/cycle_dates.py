"""The year in dates: the framework's timetable, and what comes before a body each quarter, against the records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance import cycle as frames
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.charts.year import month_words
from pmf_lib.workbook.pages.lived.embedding import share_of
from pmf_lib.workbook.pages.year.cycle_words import quoted, year_words
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, day, listing, plural, sentence

QUARTERS = tuple(f"Quarter {number}" for number in range(1, 5))
STATE = {"recorded": "recorded", "missed": "not recorded", "awaited": "to come", "unknown": "not known"}
MANY = 8
"""Items of a timetable from which a table of streams by quarters comes before the list."""


def timetable(book: Book, records: Evidence) -> Html:
    """The year's calendar: what the timetable has in which quarter, and what comes up each quarter, against the records."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    rows = frames.year_calendar(records)
    dates, turns = rows[rows["kind"] == "timetable"], rows[rows["kind"] == "cycle"]
    parts = [*_dates(records, dates), *([_turns(records, turns)] if len(turns) else [])]
    if not parts:
        return paragraphs(
            "The framework has no timetable of the year, and asks nothing of a body here each quarter."
        )
    return blocks(*parts)


def _dates(records: Evidence, dates: pd.DataFrame) -> list[Html]:
    """The timetable: a list of few items; of many, how each stream stands in each quarter, then the list."""
    if dates.empty:
        return []
    if dates["state"].eq("unknown").all():
        return [paragraphs(_untold(dates))]
    if len(dates) < MANY:
        return [_listed(records, dates, _dates_words(records, dates))]
    every = _listed(records, dates, f"The timetable of {year_words(records)}, item by item")
    return [_streams(records, dates), details("Each item of the timetable", every)]


def _untold(dates: pd.DataFrame) -> str:
    count = counted(len(dates), "item", in_words=True)
    return " ".join(
        [f"What became of the {count} of the framework's timetable is not known.", *dates["note"].unique()]
    )


def _dates_words(records: Evidence, dates: pd.DataFrame) -> str:
    """How many items whose time has gone by are recorded, and which are not."""
    due, when = dates[dates["state"].isin(["recorded", "missed"])], day(records.as_at)
    dark, missed = int((dates["state"] == "unknown").sum()), due.loc[due["state"] == "missed", "what"]
    if due.empty:
        return (
            f"What became of the timetable up to {when} is not known"
            if dark
            else f"No item of the timetable was due by {when}"
        )
    kept, many = len(due) - len(missed), len(due) > 1
    which = f"{'items' if many else 'item'} of the timetable that {'were' if many else 'was'} due"
    said = [
        f"{share_of(kept, len(due), which, which)} by {when} {plural(max(kept, 1), 'is', 'are')} recorded"
    ]
    said += [f"{quoted(missed)} {plural(len(missed), 'is', 'are')} not"] if kept and len(missed) else []
    said += [f"of {count_word(dark)} more nothing is known"] if dark else []
    return "; ".join(said)


PUBLISHED = (
    "Published figures can't show what became of the framework's timetable, or of what comes up each quarter."
)
EXAMPLES = "Dates of the timetable are examples: one without a record is an observation, and no failure"


def _streams(records: Evidence, dates: pd.DataFrame) -> Html:
    """Streams down, quarters across: how many items are recorded of how many."""
    counts = pd.crosstab([dates["stream"], dates["quarter"]], dates["state"])
    counts = counts.reindex(columns=list(STATE), fill_value=0).reset_index()
    counts = counts.assign(said=[_cell(row) for row in counts.to_dict("records")])
    cells = counts.pivot_table(index="stream", columns="quarter", values="said", aggfunc="first")
    return table(
        cells.rename(columns=_quarter).reindex(dates["stream"].unique()).reset_index(),
        title=_dates_words(records, dates),
        subtitle=f"Items of the framework's timetable by stream and quarter of {year_words(records)}. {EXAMPLES}",
        source="The council's register of events.",
        columns={"stream": "Stream", **{name: Column(name, missing="none") for name in QUARTERS}},
    )


def _quarter(label: str) -> str:
    """A quarter of the year that the page is about.

    >>> _quarter("2009-10 Q3")
    'Quarter 3'
    """
    return f"Quarter {label[-1]}"


def _cell(counts: Mapping[Any, int]) -> str:
    """How one stream stands in one quarter.

    >>> _cell({"recorded": 2, "missed": 1, "awaited": 0, "unknown": 0})
    '2 of 3 recorded'
    """
    due = counts["recorded"] + counts["missed"]
    rest = [f"{counts[code]} {STATE[code]}" for code in ("awaited", "unknown") if counts[code]]
    return ", ".join([*([f"{counts['recorded']} of {due} recorded"] if due else []), *rest])


def _listed(records: Evidence, dates: pd.DataFrame, title: str) -> Html:
    """Items of the timetable one by one."""
    pairs = zip(dates["month"], dates["quarter"], strict=True)
    when = [month_words(month) if month else _quarter(quarter) for month, quarter in pairs]
    return table(
        dates.assign(when=when, said=dates["state"].map(STATE)),
        title=title,
        subtitle=f"{year_words(records)}; in the document's words. {EXAMPLES}",
        columns={
            "what": "Item",
            "when": "When",
            "said": "In the records",
            **({"last_on": Column("Last recorded on", "date")} if dates["last_on"].notna().any() else {}),
            **({"note": Column("What the records say", missing="–")} if dates["note"].any() else {}),
        },
        group="stream",
    )


def _turns(records: Evidence, turns: pd.DataFrame) -> Html:
    """What comes before a body each quarter: items down, quarters across."""
    if turns["state"].eq("unknown").all():
        return paragraphs(
            f"Of what is asked for each quarter nothing is known. {listing(turns['note'].unique())}"
        )
    cells = turns.assign(
        at=turns["quarter"].map(_quarter),
        said=turns["last_on"].map(day).where(turns["state"] == "recorded", turns["state"].map(TURN)),
    )
    wide = cells.pivot_table(
        index=["stream", "what"], columns="at", values="said", aggfunc="first", sort=False
    )
    return table(
        wide.reindex(columns=list(QUARTERS)).reset_index(),
        title=_turns_words(records, turns),
        subtitle=f"Items asked for each quarter, and the day of the last meeting that had it for that quarter of {year_words(records)}. "
        f"{LOOKS_BACK}",
        source="Minutes, as the tables of meetings and agendas record them.",
        columns={"what": "Item", **{name: name for name in QUARTERS}},
        group="stream",
    )


LOOKS_BACK = (
    "The duties themselves are tested over the last four quarters that have ended, also of the year before; the newest of them "
    "counts there once it was heard, or the next has ended"
)
TURN = {"missed": "not heard", "awaited": "may still come", "unknown": "not known"}


def _turns_words(records: Evidence, turns: pd.DataFrame) -> str:
    """How many turns of the quarterly cycle that can be told of were missed."""
    known = turns[turns["state"].isin(["recorded", "missed"])]
    missed = known[known["state"] == "missed"]
    if known.empty:
        return "Of what is asked for each quarter nothing can be told yet"
    if missed.empty:
        return "What is asked for each quarter came up in each that can be told of"
    items = missed.drop_duplicates(["stream", "what"])["what"]
    when = year_words(records)
    if len(items) > 1:
        said = sentence(counted(len(items), "item", in_words=True))
        return f"{said} asked for each quarter missed at least one of {when} so far"
    own = known.merge(missed[["stream", "what"]].drop_duplicates())
    return f"{quoted(items)} {_of_quarters(len(missed), len(own))} of {when} so far"


def _of_quarters(missed: int, told: int) -> str:
    """How many quarters an item missed of those that can be told of.

    >>> _of_quarters(1, 3), _of_quarters(2, 2), _of_quarters(1, 1)
    ('missed one of three quarters', 'missed each of two quarters', 'missed the one quarter')
    """
    if missed < told:
        return f"missed {count_word(missed)} of {count_word(told)} quarters"
    return "missed the one quarter" if told == 1 else f"missed each of {count_word(told)} quarters"
