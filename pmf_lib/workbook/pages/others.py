"""How others stand: a unit's latest results beside the country's, the region's and other authorities'.

A latest value that is surely wrong, and so kept off its chart, is compared with nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.performance.benchmark import BenchmarkOptions, benchmark
from pmf_lib.performance.benchmark.figures import SIGNS
from pmf_lib.records.quality.known import in_force
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.named import MEASURE, with_names
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, number, out_of, plural
from pmf_lib.workbook.pieces.words import sentence as sentence_case

WORST_FIRST = {"worse": 0, "same": 1, "better": 2, "": 3}
SIDES = {"worse": "Worse", "same": "The same", "better": "Better", "": "–"}
TESTED = {
    "similar": "Within chance",
    **{way: f"{way.capitalize()}, beyond chance" for way in ("worse", "better", "higher", "lower")},
}
"""Verdict of a figure's interval → how it compares with the country."""


def beside(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """One row per measure that can be compared: the worse first, and of these the furthest from the country first."""
    found = told(book, rated)
    found = found[found["is_compared"]]
    order = found.assign(order=found["than_country"].map(WORST_FIRST), apart=_apart(found))
    return order.sort_values(["order", "apart", "title"], kind="stable").reset_index(drop=True)


def told(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """The benchmark of every measure whose latest value is on its chart, with the counts behind it where there are some."""
    rows = _with_counts(book, rated[~off_chart(rated)].reset_index(drop=True))
    return benchmark(rows, book.table("comparators"), options=options(book), council=council(book))


def options(book: Book) -> BenchmarkOptions:
    """The scheme in force, with who the authorities are as the council's own file says."""
    own = book.council.authorities
    return book.schemes.benchmark.model_copy(update={"authority_rows": own} if own else {})


def council(book: Book) -> str:
    """What the council is called in pictures and, if it is there, among its comparators."""
    return book.council.short_name or book.council.name


def _with_counts(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """Numerator and denominator of each latest value, and what they count."""
    latest = in_force(book.table("observations"), book.as_at).rename(columns={"period": "last_period"})
    names = book.table("measures")[["measure_id", "numerator_name", "denominator_name"]]
    counts = latest[["measure_id", "last_period", "numerator", "denominator"]]
    found = rated.merge(counts, on=["measure_id", "last_period"], how="left")
    return found.merge(names, on="measure_id", how="left")


def off_chart(rated: pd.DataFrame) -> pd.Series[bool]:
    """Measures whose latest value is surely wrong; none, where the results do not say."""
    return rated.get("is_off_chart", pd.Series(False, rated.index)).astype(bool)


def _apart(found: pd.DataFrame) -> pd.Series[float]:
    """How far a result is from the country's, as a share of the country's; below nought is worse."""
    gap = (found["last_value"] - found["country_value"]) * found["polarity"].map(SIGNS).astype(float)
    return gap / found["country_value"].abs()


def sentence(found: pd.DataFrame) -> str:
    """How many results are better and worse than the country's; nothing where none can be compared."""
    judged = found[found["than_country"] != ""]
    if judged.empty:
        return ""
    counts = judged["than_country"].value_counts()
    better, worse, same = (int(counts.get(side, 0)) for side in ("better", "worse", "same"))
    country = judged["country"].iloc[0]
    if worse == len(judged) > 1:
        return f"All {worse} latest results are worse than {country} for the same period."
    if not worse:
        return (
            f"No latest result is worse than {country} for the same period: {listing(_sides(better, same))}."
        )
    head = f"{out_of(worse, len(judged), 'latest result')} {plural(worse, 'is', 'are')} worse than {country} for the same period"
    return f"{listing([head, *_sides(better, same)])}."


def _sides(better: int, same: int) -> list[str]:
    return [f"{count} {word}" for count, word in ((better, "better"), (same, "the same")) if count]


def headline(found: pd.DataFrame) -> str:
    """The finding where nothing can be rated or tested; nothing where none can be compared either.

    >>> headline(pd.DataFrame({"than_country": ["worse", "better"], "country": "England"}))
    'One of 2 latest results is worse than England and 1 better; none can be rated against a target or tested for change'
    """
    said = sentence(found)
    if not said:
        return ""
    return f"{said.replace(' for the same period', '').rstrip('.')}; none can be rated against a target or tested for change"


def _country(found: pd.DataFrame) -> str:
    named = found.loc[found["country"] != "", "country"]
    return named.iloc[0] if len(named) else "the country"


def _distance(row: Mapping[Any, Any]) -> str:
    """Median absolute deviations from the median, by which way is better.

    >>> _distance({"distance_mad": -1.26, "polarity": "lower"})
    '1.3 better'
    """
    far = number(abs(row["distance_mad"]), 1, missing="")
    if far in ("", "0.0"):
        return far
    sign = SIGNS.get(row["polarity"])
    ways = ("below", "above") if sign is None else ("worse", "better")
    return f"{far} {ways[row['distance_mad'] * (sign or 1) > 0]}"


def _side(row: Mapping[Any, Any]) -> str:
    """Better or worse than the country; beyond chance or within it, where the counts behind a figure tell."""
    return TESTED.get(row["verdict"], SIDES[row["than_country"]])


def _left_out(rated: pd.DataFrame) -> str:
    """How many latest values are compared with nobody's, and why."""
    count = int(off_chart(rated).sum())
    said = f"{counted(count, 'latest value', in_words=True)} that {plural(count, 'seems', 'seem')} to be in another unit"
    return f". {sentence_case(said)} {plural(count, 'is', 'are')} left out" if count else ""


def others(book: Book, rated: pd.DataFrame) -> Html:
    """The table of `beside`, and the furthest behind others as a picture."""
    found = with_names(book.schemes.verdicts, beside(book, rated))
    rows = found.to_dict("records")
    shown = found.assign(
        side=[_side(row) for row in rows],
        place=["" if pd.isna(row["rank"]) else charts.rank_words(row) for row in rows],
        far=[_distance(row) for row in rows],
    )
    with_bands = bool((found["band"] != "").any())
    more = {
        "band": Column("Quarter", missing="–"),
        "far": Column("Distance from the median", "number"),
    }
    made = table(
        shown,
        title=sentence(found).rstrip(".") or "No measure can be set beside others",
        subtitle=_subtitle(book, found, with_bands) + _left_out(rated),
        source="The comparators of the records; a missing authority is not counted.",
        columns={
            "measure": MEASURE,
            "last_period": Column("Period", "period"),
            "last_value": Column("Here", "number", decimals="decimals"),
            "country_value": Column("Country", "number", decimals="decimals"),
            "side": f"Than {_country(found)}",
            "place": Column(f"Rank among {options(book).authority_rows}", "number"),
            **(more if with_bands else {}),
        },
        empty="No figure of others is recorded for the latest period of any measure here.",
    )
    return blocks(made, *_dots(book, found))


def _subtitle(book: Book, found: pd.DataFrame, with_bands: bool) -> str:
    """What the columns mean, and how far their differences are tested."""
    tested = int((found["verdict"] != "").sum())
    chance = (
        f"Beyond chance: outside the {book.schemes.benchmark.confidence_pct:g}% interval of the result here"
        f" ({counted(tested, 'measure')}); other differences are described, not tested"
        if tested
        else "The differences are described, not tested"
    )
    quarters = (
        ". Quarters: A the best, D the worst; the distance is in median absolute deviations"
        if with_bands
        else ""
    )
    return (
        "Each measure's latest result beside others' for the same period: the worse first, by how far they are from "
        f"the country's figure, as a share of it. {chance}{quarters}"
    )


def _dots(book: Book, found: pd.DataFrame) -> list[Html]:
    """Where the council stands among single authorities, the worst ranks first; nothing where too few have figures."""
    who, name = options(book), council(book)
    known = charts.dots_of(found, book.table("comparators"), who, name)
    if known.empty:
        return []
    return [
        figure(
            charts.quartile_dots(known, council=name),
            title=dots_title(known, who.authority_rows),
            subtitle=f"The worst ranks first, at most {charts.DOT_ROWS}; each row has a scale of its own",
            source="The comparators of the records, for the period of each latest result here.",
            alt=charts.alt_dots(known, council=name),
            data=charts.data_dots(known, council=name),
        )
    ]


def dots_title(known: pd.DataFrame, who: str) -> str:
    """How many of the measures drawn are the worst of all, else which ranks lowest."""
    last = int((known["rank"] + known["ties"] == known["n"]).sum())
    if last:
        return f"{out_of(last, len(known), 'figure drawn', 'figures drawn')} {plural(last, 'is', 'are')} the worst among {who}"
    first = known.iloc[0]
    return f"The lowest rank among {who} is {charts.rank_words(first)}: {first['title']}"
