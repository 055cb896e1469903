"""Where the year will end: expected outturns beside their targets, how likely each is met, and what that would take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.performance.forecast import Forecasts, coverage, known, make
from pmf_lib.performance.forecast.words import chance_shown
from pmf_lib.performance.series import OVERLAPPING, REFUSED
from pmf_lib.performance.words import exact
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.outturns import NOT_DEFINED
from pmf_lib.workbook.pages.shared.named import MEASURE, TARGET, with_aims, with_names
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, escape, paragraphs, text
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, number, out_of, plural
from pmf_lib.workbook.results import MEASURES

NO_OWN = "No service says in this quarter where its year will end."
LIKELIEST = 5
"""Misses that the council's page names at least."""
REASONS = {
    make.NOT_BETTER: "the same periods of the year before tell as much",
    make.TOO_SHORT.split("{")[0]: "too few values, or too wide a gap",
    make.TOO_BROKEN: "too few values, or too wide a gap",
    known.ONE_A_YEAR: "one value a year",
    OVERLAPPING: "overlapping windows",
    known.WEEKLY: "weekly values",
    REFUSED: "figures for the year to date that can't be taken apart",
    known.NOTHING_KNOWN: "no value",
    known.RETIRED: "no longer kept at the year's end",
    known.NO_ROLL_UP: "no rule how periods make a year",
    known.NO_DENOMINATORS: "denominators missing",
    known.YEAR_BROKEN: "a value of this year missing",
    known.OUT_OF_DATE: "no recent value",
    NOT_DEFINED: "not defined",
}
"""How a reason begins → its few words."""
BESIDE = {
    "agrees": "within the range",
    "more_hopeful": "more hopeful than the range",
    "less_hopeful": "less hopeful than the range",
    "higher": "above the range",
    "lower": "below the range",
}
ABOUT = ["measure_id", "title", "directorate", "unit", "decimals", "polarity", "last_value", "last_period"]
EXPECTED = Column("Expected, range", "number")
CHANCE = "Chance of meeting it"


def joined(told: pd.DataFrame, outturns: pd.DataFrame) -> pd.DataFrame:
    """One row per measure of `told`: what it is, and its forecast with the target for the year's end; the likeliest miss first."""
    about = [*ABOUT, *(["reliance"] if "reliance" in told else [])]
    rows = told[about].merge(outturns.drop(columns="directorate", errors="ignore"), on="measure_id")
    return rows.sort_values(["chance", "title"], kind="stable", na_position="last", ignore_index=True)


def headline(rows: pd.DataFrame) -> str:
    """How many targets for the year's end are likelier missed than met (`rows` as `joined` gives them).

    >>> headline(pd.DataFrame({"refused": "", "chance": [0.1, 0.9, float("nan")]}))
    'One of two year-end targets is likelier to be missed than met, at the present pace'
    """
    given = rows[rows["refused"] == ""]
    if given.empty:
        return "No year-end figure can be forecast"
    held = int(given["chance"].notna().sum())
    if not held:
        return f"The year's figure of {counted(len(given), 'measure')} is forecast; none has a target to be held against"
    missed = int((given["chance"] < 0.5).sum())
    is_are = plural(max(missed, 1), "is", "are")
    return f"{out_of(missed, held, 'year-end target')} {is_are} likelier to be missed than met, at the present pace"


def silent(rows: pd.DataFrame) -> str:
    """Of how many measures nothing is forecast, and why; '' where something is of every one.

    >>> silent(pd.DataFrame({"refused": ["", "Weekly values are not forecast.", "Anything else."]}))
    'Nothing is forecast for 2 of 3 measures: other reasons (1) and weekly values (1).'
    """
    why = rows.loc[rows["refused"] != "", "refused"].map(_reason)
    if why.empty:
        return ""
    counts = sorted(why.value_counts().items(), key=lambda pair: (-pair[1], pair[0]))
    told = listing(f"{words} ({count})" for words, count in counts)
    of = "any" if len(why) == len(rows) else number(len(why), 0)
    return f"Nothing is forecast for {of} of {counted(len(rows), 'measure')}: {told}."


def _reason(refused: str) -> str:
    found = (words for start, words in REASONS.items() if refused.startswith(start))
    return next(found, "other reasons")


def chance_said(row: Mapping[Any, Any]) -> str:
    """The chance of the target in words and their per cent; '' without a target.

    >>> chance_said({"chance": 0.047, "method": "level"}), chance_said({"chance": 0.001, "method": "level"})
    ('about 1 in 20 (5%)', 'less than 1 in 100')
    >>> chance_said({"chance": 0.0, "method": "complete"})
    'missed: the year is complete'
    """
    chance = row["chance"]
    if pd.isna(chance):
        return ""
    if row["method"] == make.COMPLETE:
        return f"{'met' if chance >= 0.5 else 'missed'}: the year is complete"
    return chance_shown(chance)


def expected(row: Mapping[Any, Any]) -> Html:
    """The expected outturn over its range.

    >>> expected({"outturn": 93.36, "low": 92.0, "high": 94.75, "decimals": 1}).plain
    '93.4 (92.0 to 94.8)'
    """
    value, *ends = (number(row[name], int(row["decimals"])) for name in ("outturn", "low", "high"))
    if row["low"] == row["high"]:
        return text(value)
    between = " to ".join(ends)
    return Html(f'{escape(value)} <span class="pmf-unit">{escape(between)}</span>', f"{value} ({between})")


def _own(row: Mapping[Any, Any]) -> str:
    """What the service expects, and whether that agrees."""
    if row["own_says"] not in BESIDE:
        return ""
    return f"{exact(row['own'], int(row['decimals']))}: {BESIDE[row['own_says']]}"


def _worded(book: Book, rows: pd.DataFrame, pages: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The rows that have a forecast, with the cells of their table."""
    given = rows[rows["refused"] == ""].reset_index(drop=True)
    records = given.to_dict("records")
    cells: dict[str, list[Any]] = {
        "expected": [expected(row) for row in records],
        "chance_said": [chance_said(row) for row in records],
        "own_said": [_own(row) for row in records],
    }
    return with_aims(with_names(book.schemes.verdicts, given.assign(**cells), pages))


def shown(book: Book, told: pd.DataFrame, made: Forecasts) -> Html:
    """Every forecast of a unit, the likelier met folded; then why there is none of the others, and how far to trust them."""
    rows = joined(told, made.measures)
    given = _worded(book, rows)
    missed = given["chance"] < 0.5
    rest = given[~missed]
    made_tables = [_forecasts(book, given[missed], headline(rows))] if missed.any() or given.empty else []
    if len(rest):
        folded = details(_rest(rest), _forecasts(book, rest, _rest(rest)))
        made_tables += [folded] if made_tables else [paragraphs(f"{headline(rows)}."), folded]
    own_records = book.has_own_records and len(rows)
    nobody = NO_OWN if own_records and (rows["own_says"] == "none").all() else ""
    return blocks(*made_tables, paragraphs(*filter(None, [silent(rows), back_tested(made), nobody])))


def _rest(rest: pd.DataFrame) -> str:
    """What forecasts tell that no likely miss goes with.

    >>> _rest(pd.DataFrame({"chance": [0.9, 0.5, float("nan")]}))
    '2 year-end targets are likely to be met; 1 forecast has no target'
    """
    met, bare = int(rest["chance"].notna().sum()), int(rest["chance"].isna().sum())
    said = [
        f"{counted(met, 'year-end target')} {plural(met, 'is', 'are')} likely to be met" if met else "",
        f"{counted(bare, 'forecast')} {plural(bare, 'has', 'have')} no target" if bare else "",
    ]
    return "; ".join(filter(None, said))


def _forecasts(book: Book, given: pd.DataFrame, title: str) -> Html:
    """These forecasts as a table, in the order given."""
    own = {"own_said": Column("The service expects", missing="–")} if (given["own_said"] != "").any() else {}
    return table(
        given,
        title=title,
        subtitle=f"{book.unit_name}, {book.quarter.financial_year.words}: the likeliest miss first, those without a target last. "
        f"The range is meant to hold {book.schemes.forecast.interval_pct:g} of 100 outturns",
        source="Forecasts from each measure's own series, tested on its own past.",
        columns={
            "measure": MEASURE,
            "expected": EXPECTED,
            "aim": TARGET,
            "chance_said": Column(CHANCE, missing="–"),
            "needed_words": Column("What the rest of the year would have to bring", missing="–"),
            **own,
        },
        empty="A forecast needs a monthly, quarterly or termly series that is long enough, and must beat what the same "
        "periods brought a year before.",
    )


def back_tested(made: Forecasts) -> str:
    """How often the ranges held what came, when the forecasts shown were made from earlier times; '' where none was tested."""
    pooled = coverage(made).set_index("group").loc["shown"]
    if not pooled["folds"]:
        return ""
    return (
        f"Made again from {number(pooled['folds'], 0)} earlier times in these series, the ranges held what then came "
        f"{number(pooled['coverage_pct'], 0)} times in 100."
    )


def _likeliest(rows: pd.DataFrame) -> pd.DataFrame:
    """The first few that are likelier missed than met, and all that are told with the same chance as the last of them."""
    missed = rows[rows["chance"] < 0.5]
    told = missed["chance"].map(chance_shown)
    return missed[told.isin(told.head(LIKELIEST))]


def over_all(book: Book, told: pd.DataFrame, outturns: pd.DataFrame) -> Html:
    """The council in two sentences, and the likeliest misses by name."""
    rows = joined(told, outturns)
    said = bullets(filter(None, [f"{headline(rows)}.", silent(rows)]))
    pages = {one.id: f"../{one.id}/{MEASURES}.html" for one in book.council.directorates}
    worst = _worded(book, _likeliest(rows), pages)
    if worst.empty:
        return said
    count = plural(len(worst), "The likeliest miss", f"The {count_word(len(worst))} likeliest misses")
    return blocks(
        said,
        table(
            worst,
            title=f"{count} of year-end targets",
            subtitle=f"{book.quarter.financial_year.words}, whole council; each name leads to its directorate's page",
            columns={
                "measure": MEASURE,
                "expected": EXPECTED,
                "aim": TARGET,
                "chance_said": CHANCE,
                "needed_words": Column("What the rest of the year would have to bring", missing="–"),
            },
        ),
    )
