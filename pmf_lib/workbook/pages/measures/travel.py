"""Direction of travel as pages tell it: against the period before and against a year before, or why neither is given."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.direction import year_steps
from pmf_lib.performance.rate import Rated
from pmf_lib.periods import FREQUENCIES, Period, parse
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared.named import MEASURE, with_names
from pmf_lib.workbook.pieces.markup import Html, details
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, number, sentence

HEAD = "Direction of travel"
JOINED = {"better": "than", "worse": "than", "not_tested": "against", "no_comparison": "with"}
"""What stands between a direction's word and what it is compared with; else 'on'."""
SHORT, LONG = ("short", "value_in_period"), ("long", "value")
"""Each direction with the column of the series that it compares."""


TOTAL_BEFORE = "the total since 1 April a year before"
NEW_LIMITS = "its limits begin anew between"
TOTALS = "its chart tests single periods, not totals"


def each(book: Book, found: Rated) -> list[str]:
    """`words` of every rated measure."""
    kept = book.table("measures").set_index("measure_id")["accumulation"]
    keys = ["measure_id", "period"]
    held = found.series.merge(found.points[[*keys, "segment"]], "left", keys)
    return [
        words(
            book.schemes.verdicts,
            row,
            held[held["measure_id"] == row["measure_id"]],
            is_total=kept.get(row["measure_id"]) == "year-to-date",
        )
        for _, row in found.measures.iterrows()
    ]


def words(verdicts: Verdicts, row: pd.Series, series: pd.DataFrame, *, is_total: bool = False) -> str:
    """Both directions of one measure as a sentence, each with its change; why there is none, or none tested.

    Parameters
    ----------
    verdicts
        The words in force.
    row
        A rated measure.
    series
        Its rows of ``Rated.series``, with the segment of its chart in which each lies.
    is_total
        Is it kept for the year to date?
    """
    if not row["period"]:
        return "Not given: no period of it fell due this quarter."
    now = parse(row["period"], FREQUENCIES[row["frequency"]])
    mine = series.set_index("period")
    if pd.isna(row["value"]):
        return f"Not given: there is no value for {now.words_within}."
    year = int(year_steps(pd.Series([now.kind])).iloc[0])
    long = _against(verdicts, row, mine, now.shift(-year), (*LONG, _year_before(now, is_total=is_total)))
    if year == 1 or now.kind == "window":
        return sentence(f"{long}.")
    short = _against(verdicts, row, mine, now.shift(-1), (*SHORT, f"the {now.kind} before"))
    return sentence(f"{short}; {long}.")


def _year_before(now: Period, *, is_total: bool) -> str:
    if now.kind.endswith("year"):
        return "the year before"
    if now.kind == "window":
        return "the window that ended a year before"
    return TOTAL_BEFORE if is_total else f"the same {now.kind} a year before"


def _against(
    verdicts: Verdicts, row: pd.Series, mine: pd.DataFrame, then: Period, of: tuple[str, str, str]
) -> str:
    """One direction: its word, what it is compared with, and the change or the reason why there is none."""
    name, column, what = of
    code = str(row[f"direction_{name}"])
    said = f"{verdicts.get('direction', code).word.lower()} {JOINED.get(code, 'on')} {what}"
    if code == "no_comparison":
        return f"{said} ({_why_none(row, mine, then, column)})"
    change = number(row[f"change_{name}"], int(row["decimals"]), signed=True)
    why = _why_untested(row, mine, then, what) if code == "not_tested" else ""
    return f"{said} ({'; '.join(filter(None, [change, why]))})"


def _why_untested(row: pd.Series, mine: pd.DataFrame, then: Period, what: str) -> str:
    """Why a chart can't say whether a change is real; '' where the measure has none that could."""
    ends = [mine["segment"].get(label) for label in (row["period"], then.label)]
    if pd.isna(ends).any():
        return ""
    if what == TOTAL_BEFORE:
        return TOTALS
    return NEW_LIMITS if ends[0] != ends[1] else ""


def _why_none(row: pd.Series, mine: pd.DataFrame, then: Period, column: str) -> str:
    if pd.isna(mine[column].get(then.label)):
        return f"there is no value for {then.words_within}"
    begun = str(row["definition_from"])
    if begun and then.ordinal < parse(begun, then.kind).ordinal:
        return "its definition changed between"
    return (
        "its target changed between" if pd.notna(mine[column].get(row["period"])) else "no value of its own"
    )


def listed(book: Book, rated: pd.DataFrame) -> Html:
    """Both directions of every measure as a folded table."""
    made = table(
        with_names(book.schemes.verdicts, rated),
        title=f"{HEAD} of each measure",
        subtitle=f"Change of the value of {book.quarter.words} on the period before (each period alone) and on a year before (as "
        "reported), and whether it is real",
        columns={
            "measure": MEASURE,
            "period": Column("Period", "period"),
            "change_short": Column("On the period before", "number", decimals="decimals", signed=True),
            "direction_short": Column("Direction", "tag", verdict="direction"),
            "change_long": Column("On a year before", "number", decimals="decimals", signed=True),
            "direction_long": Column("Direction, a year", "tag", verdict="direction"),
        },
        empty="No measure is recorded here.",
    )
    return details(f"{HEAD} of {counted(len(rated), 'measure')}", made)
