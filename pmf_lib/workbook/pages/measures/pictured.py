"""The picture of one measure, and the sentence over it: an XmR chart where the series earns one, else a line beside others."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.performance.rate import Rated
from pmf_lib.performance.words import brief, possible
from pmf_lib.periods import FREQUENCIES, TERMS, parse
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import others, sentences
from pmf_lib.workbook.pages.shared.named import unit_left
from pmf_lib.workbook.pieces import tables
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, paragraphs
from pmf_lib.workbook.pieces.words import number


def picture(book: Book, result: Rated, row: pd.Series, paths: pd.DataFrame) -> Html:
    """An XmR chart where the series earns one, with its forecast (of `paths`), else a line with whom it is compared with."""
    points = result.points[result.points["measure_id"] == row["measure_id"]]
    series = result.series[result.series["measure_id"] == row["measure_id"]]
    if series["value"].notna().sum() == 0:
        return paragraphs("No value is recorded yet, so there is nothing to draw.")
    if row["limits"] != "none" and len(points):
        ahead = paths[paths["measure_id"] == row["measure_id"]]
        fig, alt, data = charts.control_chart(points, row, ahead)
    else:
        fig, alt, data = _line(book, series, row)
    subtitle = ", ".join(filter(None, [row["title"], unit_left(row["title"], row["unit"]), book.unit_name]))
    return figure(
        fig,
        title=picture_title(row, points),
        subtitle=subtitle,
        source=_source(row),
        alt=alt,
        data=data,
        columns=_with_decimals(data, int(row["decimals"])),
    )


Drawn = tuple[Figure, str, pd.DataFrame]
"""A picture, what it shows in words, and the table behind it."""


def _line(book: Book, series: pd.DataFrame, row: pd.Series) -> Drawn:
    """The series as a line, with whom it is compared with."""
    rows, council = book.table("comparators"), others.council(book)
    rows = rows[rows["measure_id"] == row["measure_id"]]
    return (
        charts.line_with_comparators(series, rows, row, council=council),
        charts.alt_lines(series, rows, row, council=council),
        charts.data_lines(series, rows, row, council=council),
    )


def _with_decimals(data: pd.DataFrame, decimals: int) -> dict[str, tables.Column]:
    """The columns of the table behind a picture, every number with the measure's decimals."""
    return {str(name): tables.Column(str(name), decimals=decimals) for name in data.columns}


CHANGE_WORDS = {
    "improving": "A real improvement",
    "worsening": "A real worsening",
    "neither": "A real change, neither better nor worse",
    "no": "No real change",
}


def picture_title(row: pd.Series, points: pd.DataFrame) -> str:
    """What the picture shows, as a sentence: the latest result of one period, and the rule that fired or the usual range.

    `points` are those of the measure's control chart (period, value, lpl, upl, decision), in order of time.
    """
    decimals = int(row["decimals"])
    if row["variation"] not in sentences.TESTED:
        value = brief(row["last_value"], decimals, "£" if row["unit"] == "£" else "")
        return f"Latest {value} {_in_period(row, row['last_period'])}; {_beside_year_before(row)}"
    known = points[points["value"].notna()]
    last = known.iloc[-1]
    latest = f"latest {number(last['value'], decimals)} {_in_period(row, last['period'])}{_alone(row, last)}"
    head = CHANGE_WORDS[row["variation"].split("_")[0]]
    if row["variation"] != "no_real_change":
        return f"{head}: {latest}; {sentences.rule_words(row['variation_why'])}"
    limits = last["lpl"], last["upl"]
    low, high = possible(*limits, row["unit"]) if known["value"].min() >= 0 else limits
    return (
        f"{head}{_since(row, known)}: {latest}, usually {number(low, decimals)} to {number(high, decimals)}"
    )


YEARLY = {
    "better": "better than a year before",
    "worse": "worse than a year before",
    "up": "higher than a year before",
    "down": "lower than a year before",
    "no_real_change": "no real change on a year before",
}
"""Direction over a year → what a picture without control limits shows."""


def _beside_year_before(row: pd.Series) -> str:
    """What an annual comparison tells where there is no control chart; of an older result than the one due, nothing."""
    is_due = row["last_period"] == row["period"]
    return YEARLY.get(str(row["direction_long"]), "change not tested") if is_due else "change not tested"


def _in_period(row: pd.Series, label: str) -> str:
    """In which period, as a part of a sentence."""
    kind = FREQUENCIES[row["frequency"]]
    said = parse(label, kind).words
    the = "the " if kind == "week" else ""
    return f"in {the}{said[0].lower() if said.startswith(('Quarter', *TERMS)) else said[0]}{said[1:]}"


def _alone(row: pd.Series, last: pd.Series) -> str:
    """That a result is of its period alone, where what was reported is the total since April."""
    reported, own = (number(value, row["decimals"]) for value in (row["last_value"], last["value"]))
    is_total = row["last_period"] == last["period"] and reported != own
    return f" alone ({reported} since 1 April)" if is_total else ""


def _since(row: pd.Series, known: pd.DataFrame) -> str:
    """From when limits begin anew by decision, which may hide a change of level before."""
    begun = known.loc[known["decision"] != "", "period"]
    return f" since limits began anew {_in_period(row, begun.iloc[-1])}" if len(begun) else ""


def _source(row: pd.Series) -> str:
    return f"{row['last_file']}, row {int(row['last_row'])} (latest value)."
