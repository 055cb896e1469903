"""The detail of page 1: each measure, what was changed, what was read, and the rules in force."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.editions import PUBLIC
from pmf_lib.numbers import half_up
from pmf_lib.periods import date_words
from pmf_lib.records.quality.breaks import definition_breaks, level_breaks
from pmf_lib.records.quality.doubts import NOT_JUDGED, Seen, period_words
from pmf_lib.records.quality.measures import control_totals
from pmf_lib.records.quality.revisions import beyond_noise
from pmf_lib.records.quality.scheme import QualityScheme
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.quality.quality import measures_counted, worst_first
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, headline, paragraphs, tag
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered, out_of, plural, sentence
from pmf_lib.workbook.reliance import Quality

COUNTS = {
    "due_n": "Due",
    "on_time_n": "On time",
    "late_n": "Late",
    "missing_n": "Missing",
    "left_out_n": "Left out",
    "repeated_n": "Twice",
    "inconsistent_n": "At odds",
    "revised_n": "Revised",
}
BEYOND = "Beyond noise"
REVISED: dict[str, Column | str] = {
    "period": Column("Period", "period"),
    "old": Column("Was", "number", decimals="decimals", missing="suppressed"),
    "new": Column("Is", "number", decimals="decimals", missing="suppressed"),
    "difference": Column("Difference", "number", decimals="decimals", signed=True),
    "unit": "Unit",
    "new_recorded_at": Column("Changed on", "date"),
}
"""Columns of the table of values that were changed."""
NO_MEASURE = "No measure is recorded here."
OF_PUBLISHERS = {"on_time_n": "There", "late_n": ""}
"""Of published figures lateness is not judged: all that came count as there."""


def each_measure(book: Book, quality: Quality) -> Html:
    """Every measure with its verdict and its counts, and the unit's totals."""
    if quality.measures.empty:
        return paragraphs(NO_MEASURE)
    heads = COUNTS if book.has_own_records else COUNTS | OF_PUBLISHERS
    measures = quality.measures.assign(missing_n=lambda rows: rows["due_n"] - rows["received_n"])
    total = {"title": f"All of {book.unit_name}", **{name: measures[name].sum() for name in COUNTS}}
    judged = worst_first(measures)
    judged = judged.assign(verdict=pd.Series(_verdicts(book, judged), judged.index, dtype="object"))
    shown = pd.concat([judged, pd.DataFrame([total])], ignore_index=True)
    parts = listing(heads[name].lower() for name in ("on_time_n", "late_n", "missing_n") if heads[name])
    return table(
        shown.assign(**{name: shown[name].mask(shown[name] == 0) for name in COUNTS}),
        title="Each measure in each dimension",
        subtitle=f"{measures_counted(quality)}. Numbers of values and rows; a dash is none. {sentence(parts)} add up to "
        "due; what is there twice is left out too",
        columns={
            "title": "Measure",
            "verdict": Column("Rely on it?", "html", missing=""),
            **{name: Column(head, "number", decimals=0) for name, head in heads.items() if head},
        },
        totals=1,
    )


def _verdicts(book: Book, measures: pd.DataFrame) -> list[Html]:
    """Each measure's verdict as a tag; where nothing is judged, with why."""
    pairs = zip(measures["reliance"], measures["reasons"], strict=True)
    tags = ((tag(book.schemes.verdicts.get("reliance", code)), code, why) for code, why in pairs)
    return [blocks(shown, why) if code == NOT_JUDGED else shown for shown, code, why in tags]


def revised(book: Book, quality: Quality) -> Html:
    """Values that were changed after they were reported, and the rows behind them."""
    seen = quality.seen
    if seen.known.empty:
        return paragraphs("No value is recorded, so none can have been changed.")
    far = beyond_noise(seen.revisions, seen.known, seen.measures, book.schemes.quality)
    shown = _revisions(seen, far.index)
    figures = table(
        shown,
        title=_revised_title(len(shown), len(far)),
        subtitle=f"Values as they were on {quality.since_words}, or came first after it, and in force on {date_words(book.as_at)}",
        columns=REVISED | ({"noted": Column(BEYOND, missing="no")} if len(far) else {}),
        group="title",
        empty="Each value that was in force then is in force now.",
    )
    if shown.empty:
        return figures
    asked = [f"{BEYOND}: {lowered(one)}" for one in far["mend"].unique() if book.has_own_records]
    return blocks(figures, *asked, details("The rows behind them", _rows_behind(shown)))


def _revisions(seen: Seen, far: pd.Index[Any]) -> pd.DataFrame:
    """The values changed, with title, unit and decimals of their measure, the difference, and whether it is noted (`far`)."""
    changes, about = seen.revisions, seen.measures.set_index("measure_id")
    shown = changes.assign(
        **{name: changes["measure_id"].map(about[name]) for name in ("title", "unit", "decimals")}
    )
    return shown.assign(
        difference=_as_reported(shown, "new") - _as_reported(shown, "old"),
        noted=pd.Series("yes", far, dtype="str").reindex(shown.index).fillna(""),
    )


def _as_reported(changes: pd.DataFrame, name: str) -> pd.Series:
    """Values rounded to their measure's decimals, so that a difference is that of the figures shown."""
    rounded = [half_up(value, int(to)) for value, to in zip(changes[name], changes["decimals"], strict=True)]
    return pd.Series(rounded, changes.index, dtype="float64")


def _revised_title(count: int, far: int) -> str:
    if not count:
        return "No value was changed after it was reported"
    beyond = f",{'' if count == 1 else f' {count_word(far)}'} by more than noise explains" if far else ""
    return sentence(
        f"{counted(count, 'value', in_words=True)} {plural(count, 'was', 'were')} changed after being reported{beyond}"
    )


def _rows_behind(changes: pd.DataFrame) -> Html:
    """Where each value was read, as it was and as it is."""
    places = {
        side: changes[f"{side}_file"] + ", row " + changes[f"{side}_row"].astype("str")
        for side in ("old", "new")
    }
    return table(
        changes.assign(**{f"{side}_place": place for side, place in places.items()}),
        title="Rows of the values that were changed",
        columns={"period": Column("Period", "period"), "old_place": "As it was", "new_place": "As it is"},
        group="title",
    )


def breaks(book: Book, quality: Quality) -> Html:
    """Changes of definition within the quarters shown: no fault, but values before are not compared."""
    if quality.measures.empty:
        return blocks(headline("Changes of definition", level=3), NO_MEASURE)
    seen, scheme = quality.seen, book.schemes.quality
    broken = definition_breaks(seen.measures, book.quarter, scheme)
    about = seen.measures.set_index("measure_id")["title"]
    moved = level_breaks(seen.known, seen.measures, book.quarter, scheme).set_index("measure_id")
    since = period_words(broken["got"], broken["measure_id"], seen.measures)
    level = {
        name: f" The level moved with it, from about {one['was']} to {one['got']}, by more than chance explains. {one['mend']}"
        for name, one in moved.iterrows()
    }
    listed = bullets(
        [
            f"{about[name]}: counted by its present definition since {words}; earlier values are not compared with later "
            f"ones.{level.get(name, '')}"
            for name, words in zip(broken["measure_id"], since, strict=True)
        ],
        empty=f"No definition changed in the last {count_word(scheme.break_quarters)} quarters.",
    )
    return blocks(headline("Changes of definition", level=3), listed)


SUM_OF_FIGURES = (
    "The sum of figures is a control total, to hold against the sender's own: pounds, counts and per cents are added "
    "together, so it measures nothing"
)


def read(book: Book) -> Html:
    """What was read beside what its sender stated; where nobody stated anything, why nothing is held against it."""
    found = control_totals(book.snapshot.table("reads"), book.unit.id if book.unit else "")
    stated = found[found["agrees"].notna()]
    return (
        _as_stated(stated) if len(stated) else paragraphs(_nothing_stated(book.parameters.get("edition", "")))
    )


def _as_stated(stated: pd.DataFrame) -> Html:
    off = int((stated["agrees"] != True).sum())  # noqa: E712 - cells hold True and False, the column is of objects
    return table(
        stated.assign(words=stated["agrees"].map({True: "Yes", False: "No"})),
        title=_read_title(len(stated), off),
        subtitle="Tables for which the sender stated how many rows there are, or what their figures sum to. "
        + SUM_OF_FIGURES,
        columns={
            "source_file": "File",
            "table": "Table",
            "delivered": Column("Delivered", missing="not said"),
            "rows_read": Column("Rows read", "number", decimals=0),
            "stated_rows": Column("Rows stated", "number", decimals=0),
            "control_total": Column("Sum of figures", "number", decimals=2),
            "stated_total": Column("Sum stated", "number", decimals=2),
            "words": "Do they agree?",
        },
    )


def _nothing_stated(edition: str) -> str:
    """Why nothing is held against what was read, and where that is listed."""
    if edition == PUBLIC:
        return "What senders stated is no part of the public edition, and sums of figures are none either."
    return (
        "No sender stated how much was sent, so nothing can be held against it. What was read of each file, with the sum of its "
        "figures, is listed at the foot of this page."
    )


def _read_title(stated: int, off: int) -> str:
    """Does what was read agree with what its senders stated?

    >>> _read_title(3, 0), _read_title(3, 1)
    ('Three tables were read as stated by the sender', 'One of three tables is not as its sender stated')
    """
    if not off:
        return sentence(
            f"{counted(stated, 'table was', 'tables were', in_words=True)} read as stated by the sender"
        )
    return f"{out_of(off, stated, 'table')} {plural(off, 'is', 'are')} not as {plural(off, 'its sender', 'their senders')} stated"


def rules(book: Book) -> Html:
    """The reasons for which a figure is doubted, as declared."""
    scheme = book.schemes.quality
    reasons = pd.DataFrame([one.model_dump() for one in scheme.reasons(is_own=book.has_own_records)])
    plain = {"period": "…", "count": "n", "Count": "So many", "of": "n"}
    return blocks(
        bullets(_thresholds(scheme)),
        details(
            "The reasons, and what each leads to",
            table(
                reasons.assign(says=[text.format(**plain) for text in reasons["says"]]),
                title="Reasons to doubt a figure, the gravest first",
                subtitle="The gravest that holds is the verdict; without any the figure can be relied on",
                columns={"says": "Reason", "verdict": Column("Leads to", "tag", verdict="reliance")},
            ),
        ),
    )


def _thresholds(scheme: QualityScheme) -> list[str]:
    """From where on something counts as late, revised, out by a power of ten, or worth asking about."""
    slips, patterns = scheme.slips, scheme.patterns
    return [
        f"A value is due so many days after its period's end as its measure says. Late often: {scheme.late_often_pct:g} per "
        f"cent of values or more. A good deal revised: by more than {scheme.revised_by_pct:g} per cent, "
        "or by more than the usual move from one period to the next.",
        f"A power of ten out: at least {slips.others_at_least} other values of the series lie together, this one far "
        "from them, and a power of ten brings it back; or numerator and denominator say so. A target, where it is a power of ten "
        "away from the earlier ones; fractions for per cents, where the last "
        f"{count_word(slips.other_scale_values)} values are about a hundredth of the target, or a hundred times as much.",
        f"Asked about, where chance gives as much in fewer than 1 of {1 / patterns.chance:,.0f} series: values that repeat "
        f"earlier ones; {patterns.digits_from} values or more that favour 0 and 5 as last digits; a level that moved with "
        f"the definition ({patterns.break_values} values on either side, {patterns.break_from} at least).",
        f"{scheme.source} Dated {date_words(scheme.dated)}.",
    ]
