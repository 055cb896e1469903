"""Pieces of page 1: can these figures be relied on, who must mend what by when?"""

from __future__ import annotations

import pandas as pd

from pmf_lib.periods import date_words
from pmf_lib.records.cells import looked_up
from pmf_lib.records.quality.doubts import UNJUDGED
from pmf_lib.workbook.absent import is_silent, left_out, left_out_words, silent_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, paragraphs, tag
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered, out_of, plural, sentence
from pmf_lib.workbook.reliance import Quality

WORST_FIRST = {"do_not_rely": 0, "with_care": 1, "rely": 2, "not_judged": 3}


def page_headline(book: Book, quality: Quality) -> str:
    """How many measures should not be relied on, and how many with care."""
    if is_silent(book):
        return NOTHING_RECEIVED
    said, lost = _headline(quality), left_out_words(book)
    return f"{said}; {lowered(lost)}" if lost else said


def _headline(quality: Quality) -> str:
    judged, bad, care = _counts(quality)
    if not judged:
        return NOTHING_TO_RELY_ON.get(_only_reason(quality), NOTHING_HERE)
    if not bad and not care:
        return f"{'The one measure' if judged == 1 else f'All {judged} measures'} here can be relied on, as far as records can show"
    tail = f"{count_word(care)} {'more ' if bad else ''}only with care" if care else ""
    if not bad:
        return (
            f"{out_of(care, judged, 'measure')} can be relied on only with care; no figure need be set aside"
        )
    head = f"{out_of(bad, judged, 'measure')} should not be relied on"
    return f"{head}; {tail}" if tail else head


NOTHING_RECEIVED = "Nothing was received from this unit, so nothing can be told of its figures"
NOTHING_HERE = "No figure is recorded here yet, so there is nothing to rely on"
NOTHING_TO_RELY_ON = {
    "suppressed": "Each figure here is suppressed, so there is nothing to rely on",
    "retired": "Every measure here is retired, so there is nothing to rely on",
    "mixed": "Each figure here is suppressed, or of a measure that is retired or awaits its first value: "
    "there is nothing to rely on",
}
"""Why nothing is judged → the headline; without any reason, or where only no value has come, `NOTHING_HERE`."""


def _only_reason(quality: Quality) -> str:
    """Why no measure of the unit is judged: the one reason of all, else that there are several; '' of no measure."""
    whys = list(unjudged(quality))
    return "mixed" if len(whys) > 1 else whys[0] if whys else ""


def unjudged(quality: Quality) -> dict[str, int]:
    """How many measures are not judged, by why (`doubts.UNJUDGED`)."""
    rows = quality.measures[quality.measures["reliance"] == "not_judged"]
    counts = {why: int((rows["reasons"] == says).sum()) for why, says in UNJUDGED.items()}
    return {why: count for why, count in counts.items() if count}


UNJUDGED_WORDS = {"retired": "retired", "suppressed": "suppressed", "no_value": "without any value"}


def measures_counted(quality: Quality) -> str:
    """How many measures are judged and, where any are not, how many and why: '34 measures, and 1 retired'."""
    judged = counted(_counts(quality)[0], "measure")
    others = [f"{count:,} {UNJUDGED_WORDS[why]}" for why, count in unjudged(quality).items()]
    return f"{judged}, and {listing(others)}" if others else judged


def _counts(quality: Quality) -> tuple[int, int, int]:
    """Measures judged, not to be relied on, and to be relied on with care."""
    found = quality.measures["reliance"]
    return (
        int((found != "not_judged").sum()),
        int((found == "do_not_rely").sum()),
        int((found == "with_care").sum()),
    )


def found(book: Book, quality: Quality) -> Html:
    """Which measures are not there, which figures should not be relied on, why, and who mends them by when."""
    if said := silent_words(book):
        return paragraphs(said)
    lost = _left_out(book, quality)
    return blocks(lost, _doubted(book, quality)) if lost else _doubted(book, quality)


def _left_out(book: Book, quality: Quality) -> Html | None:
    """Measures that are on no page because their own row can't be read, with what is asked; none where there are none."""
    lost = left_out(book)
    if lost.empty:
        return None
    asked = quality.mend[quality.mend["measure_id"].isin(lost["measure_id"]) & (quality.mend["title"] != "")]
    return table(
        _in_one_cell(asked),
        title=left_out_words(book),
        subtitle="None of their figures is on any page until it is mended",
        columns={
            "title": Column("Measure", missing="not known"),
            "what": "What is asked",
            "post": "Of whom",
            "by": Column("By", "date"),
        },
        empty="Their rows are listed at the foot of this page.",
    )


def _doubted(book: Book, quality: Quality) -> Html:
    """Figures that should not be relied on; the gravest first."""
    judged, bad, care = _counts(quality)
    shown = quality.measures[quality.measures["reliance"].isin(["do_not_rely", "with_care"])]
    shown = worst_first(_with_menders(shown, quality))
    asked = {"post": Column("Who mends it", missing="nothing to mend"), "by": Column("By", "date")}
    tags = [tag(book.schemes.verdicts.get("reliance", code)) for code in shown["reliance"]]
    why = [blocks(*both) for both in zip(tags, shown["reasons"], strict=True)]
    return table(
        shown.assign(why=pd.Series(why, shown.index, dtype="object")),
        title=_found_title(bad, care) if judged else "No figure could be judged",
        subtitle=f"{book.unit_name}, {book.quarter.words}; the gravest first",
        columns={
            "title": "Measure",
            "why": Column("Rely on it?", "html"),
            **(asked if book.has_own_records else {}),
        },
        empty="Nothing that the records can show speaks against any figure here. What they can't show is said below."
        if judged
        else "No figure is here to be judged.",
    )


def _found_title(bad: int, care: int) -> str:
    """The finding over the first table.

    >>> _found_title(6, 1), _found_title(0, 2)
    ('Six measures should not be relied on, and one only with care', 'Two measures are to be relied on only with care')
    """
    if not bad and not care:
        return "No figure need be doubted"
    if not bad:
        return sentence(
            f"{counted(care, 'measure', in_words=True)} {plural(care, 'is', 'are')} to be relied on only with care"
        )
    head = sentence(f"{counted(bad, 'measure', in_words=True)} should not be relied on")
    return f"{head}, and {count_word(care)} only with care" if care else head


def worst_first(measures: pd.DataFrame) -> pd.DataFrame:
    """Measures in the order of their verdicts, the gravest first."""
    rank = measures["reliance"].map(WORST_FIRST)
    return measures.assign(rank=rank).sort_values(["rank", "title"], kind="stable")


def _with_menders(measures: pd.DataFrame, quality: Quality) -> pd.DataFrame:
    """Measures with the post that mends something of them, and by when."""
    if quality.mend.empty:
        return measures.assign(post="", by=pd.Series(pd.NaT, measures.index))
    first = (
        quality.mend.sort_values("by", kind="stable").drop_duplicates("measure_id").set_index("measure_id")
    )
    ids = measures["measure_id"]
    return measures.assign(post=looked_up(ids, first["post"]), by=pd.to_datetime(ids.map(first["by"])))


def sureness(book: Book, quality: Quality) -> Html:
    """How sure we are: what these tests can't show, and where they could not be made."""
    seen = quality.seen
    if seen.known.empty:
        return paragraphs("No value is recorded, so there was nothing to test.")
    parts = seen.known["numerator"].notna() & seen.known["denominator"].notna()
    counts = seen.known["measure_id"].value_counts()
    least = book.schemes.quality.slips.others_at_least
    short = int((seen.measures["measure_id"].map(counts).fillna(0) <= least).sum())
    said = [
        "Clean records are not yet true ones: whether each case was counted as the definition says only a test of the cases "
        "can show (a certification, told below).",
        f"{int(parts.sum()):,} of {counted(len(parts), 'value')} could be worked out again from numerator and denominator; of "
        "the others only the series itself can tell.",
    ]
    if short:
        said.append(
            f"{sentence(counted(short, 'series', 'series', in_words=True))} {plural(short, 'has', 'have')} {count_word(least)} values or "
            "fewer: too few to tell whether one of them is a power of ten out."
        )
    if book.has_own_records:
        said.append("Whether a value came late is told by the day that its row says it was recorded.")
    return bullets(said)


def asked(book: Book, quality: Quality) -> Html:
    """Who mends what, by when."""
    if not book.has_own_records:
        return paragraphs(
            "Nobody is asked for anything: these are published figures, and the faults told here are in the publishers' files."
        )
    mend = quality.mend
    made = table(
        _in_one_cell(mend.sort_values(["by", "post", "title"], kind="stable")),
        title=_asked_title(mend),
        subtitle="By the next quarter's return; a post answers for its own measures, the director for what has no owner",
        columns={
            "title": Column("Measure", missing="not known"),
            "what": "What is asked",
            "post": "Of whom",
            **({} if len(set(mend["by"])) == 1 else {"by": Column("By", "date")}),
        },
        empty="No value that is counted is missing, every measure is described, and no row holds a fault."
        if len(quality.measures)
        else NOTHING_RECEIVED + ".",
    )
    return blocks(made, evidence.one_list())


def _asked_title(mend: pd.DataFrame) -> str:
    """How many things are asked of how many posts, and by when the last."""
    if mend.empty:
        return "Nothing needs mending"
    things = counted(len(mend), "thing", in_words=True)
    posts = counted(mend["post"].nunique(), "post", in_words=True)
    last = date_words(mend["by"].max().date())
    return sentence(f"{things} {plural(len(mend), 'is', 'are')} asked of {posts} by {last}")


def _in_one_cell(mend: pd.DataFrame) -> pd.DataFrame:
    """Things to mend with their place under them."""
    cells = [
        paragraphs(what, f"Where: {place}" if place else "")
        for what, place in zip(mend["what"], mend["place"], strict=True)
    ]
    return mend.assign(what=pd.Series(cells, mend.index, dtype="object"))
