"""Direction of travel as pages tell it: against the period before and against a year before, or why neither is given."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.direction import year_steps
from pmf_lib.periods import FREQUENCIES, Period, parse
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.named import MEASURE, with_names
from pmf_lib.workbook.pieces.markup import Html, details
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, number, sentence

HEAD = "Direction of travel"
JOINED = {"better": "than", "worse": "than", "not_tested": "against", "no_comparison": "with"}
"""What stands between a direction's word and what it is compared with; else 'on'."""
SHORT, LONG = ("short", "value_in_period"), ("long", "value")
"""Each direction with the column of the series that it compares."""


def words(verdicts: Verdicts, row: pd.Series, series: pd.DataFrame) -> str:
    """Both directions of one measure as a sentence, each with its change; why there is none where none is given.

    Parameters
    ----------
    verdicts
        The words in force.
    row
        A rated measure.
    series
        ``Rated.series``.
    """
    if not row["period"]:
        return "Not given: no period of it fell due this quarter."
    now = parse(row["period"], FREQUENCIES[row["frequency"]])
    mine = series[series["measure_id"] == row["measure_id"]].set_index("period")
    if pd.isna(row["value"]):
        return f"Not given: there is no value for {_said(now)}."
    year = int(year_steps(pd.Series([now.kind])).iloc[0])
    is_total = bool((mine["value"] != mine["value_in_period"]).get(now.label, False))
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
    return "the total since 1 April a year before" if is_total else f"the same {now.kind} a year before"


def _against(
    verdicts: Verdicts, row: pd.Series, mine: pd.DataFrame, then: Period, of: tuple[str, str, str]
) -> str:
    """One direction: its word, what it is compared with, and the change or the reason why there is none."""
    name, column, what = of
    code = str(row[f"direction_{name}"])
    said = f"{verdicts.get('direction', code).word.lower()} {JOINED.get(code, 'on')} {what}"
    if code == "no_comparison":
        return f"{said} ({_why_none(row, mine, then, column)})"
    return f"{said} ({number(row[f'change_{name}'], int(row['decimals']), signed=True)})"


def _why_none(row: pd.Series, mine: pd.DataFrame, then: Period, column: str) -> str:
    if pd.isna(mine[column].get(then.label)):
        return f"there is no value for {_said(then)}"
    begun = str(row["definition_from"])
    if begun and then.ordinal < parse(begun, then.kind).ordinal:
        return "its definition changed between"
    return (
        "its target changed between" if pd.notna(mine[column].get(row["period"])) else "no value of its own"
    )


def _said(period: Period) -> str:
    return period.words.replace("Quarter", "quarter", 1)


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
