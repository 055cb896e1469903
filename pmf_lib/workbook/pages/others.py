"""How others stand: a unit's latest results beside the country's, the region's and other authorities'.

A latest value that is surely wrong, and so kept off its chart, is compared with nobody's.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.compared import SIDES, compared
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.named import MEASURE, with_names
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, listing, number, out_of, plural
from pmf_lib.workbook.pieces.words import sentence as sentence_case

WORST_FIRST = {"worse": 0, "same": 1, "better": 2, "": 3}


def beside(book: Book, rated: pd.DataFrame) -> pd.DataFrame:
    """One row per measure that can be compared: the worse first, and of these the furthest from the country first."""
    found = compared(rated[~off_chart(rated)], book.table("comparators"))
    order = found.assign(order=found["than_country"].map(WORST_FIRST), apart=_apart(found))
    return order.sort_values(["order", "apart", "title"], kind="stable").reset_index(drop=True)


def off_chart(rated: pd.DataFrame) -> pd.Series[bool]:
    """Measures whose latest value is surely wrong; none, where the results do not say."""
    return rated.get("is_off_chart", pd.Series(False, rated.index)).astype(bool)


def _apart(found: pd.DataFrame) -> pd.Series[float]:
    """How far a result is from the country's, as a share of the country's; below nought is worse."""
    gap = (found["last_value"] - found["country_value"]) * found["polarity"].map(SIDES).astype(float)
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


def _has_group(found: pd.DataFrame) -> bool:
    return bool(found["group_value"].notna().any())


def _country(found: pd.DataFrame) -> str:
    named = found.loc[found["country"] != "", "country"]
    return named.iloc[0] if len(named) else "the country"


def _medians(found: pd.DataFrame) -> list[str]:
    """The median of other authorities, and of how many; '' where there are none."""
    return [
        f"{number(median, int(decimals))} ({n})" if n else ""
        for median, decimals, n in found[["others_median", "decimals", "others_n"]].itertuples(index=False)
    ]


def _left_out(rated: pd.DataFrame) -> str:
    """How many latest values are compared with nobody's, and why."""
    count = int(off_chart(rated).sum())
    said = f"{counted(count, 'latest value', in_words=True)} that {plural(count, 'seems', 'seem')} to be in another unit"
    return f". {sentence_case(said)} {plural(count, 'is', 'are')} left out" if count else ""


def others(book: Book, rated: pd.DataFrame) -> Html:
    """The table of `beside`."""
    found = with_names(book.schemes.verdicts, beside(book, rated))
    words = {"better": "Better", "worse": "Worse", "same": "The same", "": "–"}
    return table(
        found.assign(side=found["than_country"].map(words), median=_medians(found)),
        title=sentence(found).rstrip(".") or "No measure can be set beside others",
        subtitle="Each measure's latest result beside others' for the same period: the worse first, by how far they are from "
        f"the country's figure, as a share of it. The differences are described, not tested{_left_out(rated)}",
        source="The comparators of the records; a missing authority is not counted.",
        columns={
            "measure": MEASURE,
            "last_period": Column("Period", "period"),
            "last_value": Column("Here", "number", decimals="decimals"),
            "country_value": Column("Country", "number", decimals="decimals"),
            "region_value": Column("Region", "number", decimals="decimals"),
            **(
                {"group_value": Column("Similar group", "number", decimals="decimals")}
                if _has_group(found)
                else {}
            ),
            "median": Column("Median of others (how many)", "number"),
            "side": f"Than {_country(found)}",
        },
        empty="No figure of others is recorded for the latest period of any measure here.",
    )
