"""Certification on pages: counted in a sentence; only what failed, has expired or is recorded otherwise stands one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pmf_lib.assurance.certification.rules import CATEGORY_WORDS
from pmf_lib.assurance.certification.standing import STANDINGS, standings
from pmf_lib.records.reads import tables_sent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs, tag
from pmf_lib.workbook.pieces.tables import Column, table

TABLE = "certifications"
PUBLISHED = (
    "No figure here is certified: these are published figures, and the cases behind them are not at hand."
)
UNSENT = "Nobody sent the table of certifications, so it is not known whether any measure was tested against the cases behind it."
NOTHING = "No measure is kept here, so there is none to certify."
BARE = "So nothing here shows whether each case was counted as the definition says."
MEANING = "A measure is certified where a sample of its cases was tested against their documents and its value worked out again."
ASKED = {
    "failed": "Mend what the auditor found, and have it tested anew",
    "expired": "Have it tested anew",
    "differs": "Look at the worksheet again, and record the category that holds",
}
"""Mark → what is asked about it; the gravest first."""
MARKED = {
    "failed": ("failed", "failed"),
    "expired": ("has expired", "have expired"),
    "differs": ("is recorded otherwise than the rule gives", "are recorded otherwise than the rule gives"),
}
"""Mark → what a title says of one and of several."""
OTHERS = {key: MARKED[key] for key in ("failed", "expired")} | {
    "never": ("was never tested", "were never tested")
}
"""Standing that is no certificate → what the sentence says of one and of several."""


def standing_of(book: Book, measures: pd.DataFrame) -> pd.DataFrame:
    """How each of these measures stands.

    Parameters
    ----------
    book
        Its sidecar reads measures and certifications.
    measures
        One row per measure: measure_id; one that is retired by its ``state`` is not counted.

    Returns
    -------
    DataFrame
        One row per measure: `pmf_lib.assurance.certification.standing.COLUMNS`, title, owner, and mark (a key of `ASKED`, or '').
    """
    kept = measures[measures["state"] != "retired"] if "state" in measures else measures
    about = book.whole("measures")[["measure_id", "title", "owner"]]
    rows = kept[["measure_id"]].drop_duplicates().merge(about, on="measure_id")
    found = standings(rows, book.whole(TABLE), book.as_at, book.schemes.certification)
    return found.merge(rows, on="measure_id").assign(mark=_mark(found))


def sentence(book: Book, measures: pd.DataFrame) -> str:
    """How many of these measures are certified, or why nobody can say."""
    return _unknown(book) or counted(standing_of(book, measures))


def failed(book: Book, measures: pd.DataFrame) -> Html:
    """What failed, has expired, or is recorded in another category than the rule gives, one by one; or why nobody can say."""
    said = _unknown(book)
    return paragraphs(said) if said else _listed(book, standing_of(book, measures))


def shown(book: Book, measures: pd.DataFrame) -> Html:
    """The sentence and what it means; under it, only where there are any, those that are marked one by one."""
    if said := _unknown(book):
        return paragraphs(said)
    stands = standing_of(book, measures)
    means = BARE if (stands["standing"] == "never").all() else MEANING
    said_first = paragraphs(f"{counted(stands)} {means}" if len(stands) else NOTHING)
    return blocks(said_first, _listed(book, stands)) if (stands["mark"] != "").any() else said_first


def counted(stands: pd.DataFrame) -> str:
    """How many of these measures are certified, failed, have expired or were never tested.

    >>> rows = ["certified"] * 2 + ["qualified", "failed", "expired"] + ["never"] * 29
    >>> counted(pd.DataFrame({"standing": rows}))
    'Three of 34 measures are certified, one of them with qualification; one failed, one has expired and 29 were never tested.'
    >>> (
    ...     counted(pd.DataFrame({"standing": ["never"] * 4})),
    ...     counted(pd.DataFrame({"standing": ["qualified"] * 2})),
    ... )
    ('None of four measures is certified: four were never tested.', 'All 2 measures are certified with qualification.')
    """
    counts = {code: int((stands["standing"] == code).sum()) for code in STANDINGS}
    good = counts["certified"] + counts["qualified"]
    rest = words.listing(_said(counts, OTHERS))
    if not len(stands):
        return NOTHING
    head = f"{_head(good, len(stands))}{_with_qualification(counts['qualified'], good)}"
    return f"{head}{'; ' if good else ': '}{rest}." if rest else f"{head}."


def title(marks: pd.Series) -> str:
    """The finding over the table of those that are marked.

    >>> title(pd.Series(["failed", "failed", "expired"])), title(pd.Series([""]))
    ('Two certifications failed and one has expired', 'No certification failed or has expired')
    """
    counts = {code: int((marks == code).sum()) for code in ASKED}
    first, *more = list(_said(counts, MARKED)) or [""]
    if not first:
        return "No certification failed or has expired"
    count = next(number for number in counts.values() if number)
    noun = words.plural(count, "certification")
    number, _, rest = first.partition(" ")
    return words.sentence(words.listing([f"{number} {noun} {rest}", *more]))


def _said(counts: Mapping[str, int], verbs: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for code, (one, many) in verbs.items():
        if count := counts[code]:
            yield f"{words.count_word(count)} {words.plural(count, one, many)}"


def _head(good: int, whole: int) -> str:
    if whole == 1:
        return f"The one measure here is {'certified' if good else 'not certified'}"
    if good == whole:
        return f"All {whole:,} measures are certified"
    return f"{words.out_of(good, whole, 'measure')} {words.plural(good or 1, 'is', 'are')} certified"


def _with_qualification(some: int, good: int) -> str:
    if not some:
        return ""
    return " with qualification" if some == good else f", {words.count_word(some)} of them with qualification"


def _unknown(book: Book) -> str:
    """Why nothing can be told of certification; '' where something can."""
    if not book.has_own_records:
        return PUBLISHED
    return "" if TABLE in tables_sent(book.snapshot.table("reads")) else UNSENT


def _mark(stands: pd.DataFrame) -> pd.Series:
    marks = stands["standing"].where(stands["standing"].isin(["failed", "expired"]), "")
    is_good = stands["standing"].isin(["certified", "qualified"])
    return marks.mask(is_good & _is_other(stands), "differs")


def _is_other(stands: pd.DataFrame) -> pd.Series:
    """Did the auditor record another category than the rule gives?"""
    recorded = stands["recorded_category"]
    return (recorded != "") & (recorded != stands["category"])


def _listed(book: Book, stands: pd.DataFrame) -> Html:
    order = {code: at for at, code in enumerate(ASKED)}
    rows = stands[stands["mark"] != ""]
    rows = rows.assign(rank=rows["mark"].map(order)).sort_values(["rank", "title"], kind="stable")
    tags = [tag(book.schemes.verdicts.get("certification", code)) for code in rows["standing"]]
    how = [blocks(one, paragraphs(text)) for one, text in zip(tags, _why(rows), strict=True)]
    owner = rows["owner"].mask(rows["mark"] == "differs", rows["certified_by"])
    return table(
        rows.assign(how=pd.Series(how, rows.index, dtype="object"), what=rows["mark"].map(ASKED).astype("str"), post=owner),
        title=title(rows["mark"]),
        subtitle=f"{book.unit_name}, as at {words.day(book.as_at)}. By the newest certification of each measure; the gravest first",
        columns={
            "title": "Measure",
            "how": Column("How it stands", "html"),
            "period": Column("Period tested", "period"),
            "certified_on": Column("Concluded on", "date"),
            "what": "What is asked",
            "post": Column("Of whom", missing="the director"),
        },
        source="Table of certifications; each category is worked out again by the rule",
        empty="None failed, none has expired, and each stands in the category that the rule gives.",
    )  # fmt: skip


def _why(rows: pd.DataFrame) -> list[str]:
    """Of each that is marked: the category with its reason, or until when it held; and what the auditor recorded instead."""
    category = rows["category"].map(CATEGORY_WORDS).astype("str")
    held = "It held until " + rows["valid_to"].map(words.day).astype("str") + "."
    said = (category.map(words.sentence) + ": " + rows["why"] + ".").mask(rows["mark"] == "expired", held)
    recorded = rows["recorded_category"].map(CATEGORY_WORDS).astype("str")
    other = " The auditor recorded it as " + recorded + "; it counts by the rule."
    return list(said + other.where(_is_other(rows), ""))
