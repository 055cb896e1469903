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
from pmf_lib.workbook.pages.shared.named import MEASURE, with_names
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, number, out_of, plural
from pmf_lib.workbook.pieces.words import sentence as sentence_case

SIDES = {"worse": "Worse (not tested)", "same": "The same", "better": "Better (not tested)", "": "–"}
TESTED = {
    "similar": "Within chance",
    **{way: f"{way.capitalize()}, beyond chance" for way in ("worse", "better", "higher", "lower")},
}
"""Verdict of a figure's interval → how it compares with the country."""
WORSE = (TESTED["worse"], SIDES["worse"])
WORST_FIRST = (*WORSE, TESTED["similar"], SIDES["same"], SIDES["better"], TESTED["better"])
"""The order of a table; what is neither better nor worse comes last."""


def beside(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """One row per measure that can be compared, with its `side`: in the order of `WORST_FIRST`, the furthest behind first."""
    found = told(book, rated)
    found = found[found["is_compared"]]
    side = found["verdict"].map(TESTED).fillna(found["than_country"].map(SIDES)).astype("str")
    rank = side.map({word: place for place, word in enumerate(WORST_FIRST)}).fillna(len(WORST_FIRST))
    order = found.assign(side=side, order=rank, apart=_apart(found))
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
    """How many results differ from the country's beyond chance, how many within it, how many can't be tested; or nothing."""
    said = "; ".join(filter(None, _parts(found)))
    return f"{said}." if said else ""


def _parts(found: pd.DataFrame) -> tuple[str, str]:
    """What is said of the results that are tested against the country, and of those that can't be."""
    judged = found[found["than_country"] != ""]
    is_tested = judged["verdict"] != ""
    return _tested(judged[is_tested]), _untested(judged[~is_tested], alone=not is_tested.any())


def _tested(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    counts = rows["verdict"].value_counts()
    better, worse, within = (int(counts.get(verdict, 0)) for verdict in ("better", "worse", "similar"))
    others = ((better, "better by more than chance"), (within, "within chance"))
    rest = [f"{count} {words}" for count, words in others if count]
    who = f"tested against {_country(rows)} for the same period"
    if worse == len(rows) > 1:
        return f"All {worse} latest results {who} are worse by more than chance"
    head = f"{out_of(worse, len(rows), 'latest result')} {who} {plural(worse or 1, 'is', 'are')} worse by more than chance"
    return listing([head, *rest]) if worse else f"{head}: {listing(rest)}"


def _untested(rows: pd.DataFrame, *, alone: bool) -> str:
    if rows.empty:
        return ""
    counts = rows["than_country"].value_counts()
    words = {"worse": "worse", "better": "better", "same": "the same"}
    sides = listing(f"{counts[side]} {word}" for side, word in words.items() if side in counts)
    who = (
        f"None of {counted(len(rows), 'latest result', in_words=True)} can be tested against {_country(rows)} for the same period"
        if alone
        else f"{len(rows)} more can't be tested"
    )
    return f"{who}: {sides}, as they stand"


def headline(found: pd.DataFrame) -> str:
    """The finding where nothing can be rated or tested for change; nothing where none can be compared either.

    >>> headline(
    ...     pd.DataFrame(
    ...         {"than_country": ["worse", "better"], "verdict": ["similar", ""], "country": "England"}
    ...     )
    ... )
    "None of one latest result tested against England is worse by more than chance: 1 within chance; 1 more can't be tested; none can be rated against a target or tested for change"
    """
    tested, untested = _parts(found)
    said = [tested, untested.partition(":")[0]] if tested else [untested]
    if not any(said):
        return ""
    shown = "; ".join(filter(None, said)).replace(" for the same period", "")
    return f"{shown}; none can be rated against a target or tested for change"


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


def _left_out(rated: pd.DataFrame) -> str:
    """How many latest values are compared with nobody's, and why."""
    count = int(off_chart(rated).sum())
    said = f"{counted(count, 'latest value', in_words=True)} that {plural(count, 'seems', 'seem')} to be in another unit"
    return f". {sentence_case(said)} {plural(count, 'is', 'are')} left out" if count else ""


def others(book: Book, rated: pd.DataFrame) -> Html:
    """What is worse than the country as a table, the furthest behind others as a picture, and the rest folded."""
    found = with_names(book.schemes.verdicts, beside(book, rated))
    rows = found.to_dict("records")
    shown = found.assign(
        place=[_rank(row) for row in rows],
        far=[_distance(row) for row in rows],
    )
    said = sentence(found).rstrip(".") or "No measure can be set beside others"
    is_worse = shown["side"].isin(WORSE)
    rest = shown[~is_worse]
    note = _left_out(rated)
    if is_worse.any() or shown.empty:
        first = _compared(book, shown[is_worse], said, note)
    else:
        first = paragraphs(f"{said}{note}.")
    folded = [details(_rest(rest), _compared(book, rest, _rest(rest)))] if len(rest) else []
    return blocks(first, *_dots(book, found), *folded)


def _rest(rest: pd.DataFrame) -> str:
    """How the results that are not worse than the country's stand.

    >>> _rest(pd.DataFrame({"side": ["Within chance", "Better (not tested)", "–"]}))
    'Three other results: 1 within chance, 1 better (not tested) and 1 of which neither is said'
    """
    counts = rest["side"].replace(SIDES[""], "of which neither is said").value_counts(sort=False)
    said = listing(f"{count} {str(side).lower().replace(',', '')}" for side, count in counts.items())
    return f"{sentence_case(counted(len(rest), 'other result', in_words=True))}: {said}"


def _compared(book: Book, shown: pd.DataFrame, title: str, note: str = "") -> Html:
    """These results beside others' as a table, in the order given."""
    with_bands = bool((shown["band"] != "").any())
    quarter = ", quarter" if with_bands else ""
    return table(
        shown,
        title=title,
        subtitle=_subtitle(book, shown, with_bands) + note,
        source="The comparators of the records; a missing authority is not counted.",
        columns={
            "measure": MEASURE,
            "last_period": Column("Period", "period"),
            "last_value": Column("Here", "number", decimals="decimals"),
            "country_value": Column("Country", "number", decimals="decimals"),
            "side": f"Than {_country(shown)}",
            "place": Column(f"Rank among {options(book).authority_rows}{quarter}", "number"),
            **({"far": Column("Distance from the median", "number")} if with_bands else {}),
        },
        empty="No figure of others is recorded for the latest period of any measure here.",
    )


def _rank(row: Mapping[Any, Any]) -> str:
    """The rank, and the quarter where there are authorities enough for one."""
    if pd.isna(row["rank"]):
        return ""
    return ", ".join(filter(None, [charts.rank_words(row), row["band"]]))


def _subtitle(book: Book, found: pd.DataFrame, with_bands: bool) -> str:
    """What the columns mean, and how far their differences are tested."""
    tested = int((found["verdict"] != "").sum())
    chance = (
        "Beyond chance: the country's figure, rounding allowed for, is outside the "
        f"{book.schemes.benchmark.confidence_pct:g}% interval of the result here ({counted(tested, 'measure')})"
    )
    quarters = "Quarters: A the best, D the worst; the distance is in median absolute deviations"
    what = (
        "Each measure's latest result beside others' for the same period: the worse first, those beyond chance before the "
        "others, by how far they are from the country's figure, as a share of it"
    )
    said = (what, chance if tested else "", _reasons(found), quarters if with_bands else "")
    return ". ".join(filter(None, said))


def _reasons(found: pd.DataFrame) -> str:
    """Why differences are not tested, each with how many."""
    why = found.loc[found["side"].isin((SIDES["worse"], SIDES["better"])), "verdict_why"]
    said = "; ".join(f"{reason} ({count})" for reason, count in why.value_counts().items())
    return f"Not tested here: {said}" if said else ""


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
