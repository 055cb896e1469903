"""What limits the evidence of the committee's paper: what was not looked at, what it rests on, what could not be tested."""

from __future__ import annotations

import pandas as pd

from pmf_lib.periods import date_words
from pmf_lib.records.reads import tables_sent
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import claims, sureness
from pmf_lib.workbook.pages.lived.embedding import WHOLE, within
from pmf_lib.workbook.pages.lived.untested import without_test
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural
from pmf_lib.workbook.results import Collected

WHY_DOUBTED = "Each directorate's page on data quality says why."


def limits(book: Book, found: pd.DataFrame, groups: pd.DataFrame, collected: Collected) -> Html:
    """What limits the evidence: what was not looked at, what it rests on, and what could not be tested in which unit."""
    beside = without_test(book.framework.clauses)
    said = [
        *unsent(book),
        *(
            [f"Beside the clauses with a test stand {beside}; none of them is taken for a pass."]
            if beside
            else []
        ),
        sureness.TRACE,
        "What rests on a list, or on what services keyed about themselves and nobody checked, is taken to be in place on paper at best.",
        claims.standing(book, groups),
        *council_s_own(book, groups),
        *reliance(collected),
    ]
    return bullets([*said, *_untested(found), *_varied(found)])


def next_steps(book: Book) -> Html:
    """What comes next: the next return, the report on it, and when the framework itself is due for review."""
    if not book.has_own_records:
        return paragraphs("The same will be asked of the next figures that are published.")
    following = book.quarter.shift(1)
    said = [
        f"The next returns are due on {date_words(book.next_return)}; the report on {following.words} follows up each "
        "recommendation of this one."
    ]
    review = book.framework.review
    if review:
        past = book.framework.is_past_review(book.as_at)
        said.append(
            f"The framework itself {'was' if past else 'is'} due for review by {date_words(review.due)}{'; none is recorded' if past else ''}."
        )
    return bullets(said)


def council_s_own(book: Book, groups: pd.DataFrame) -> list[str]:
    """That the council claims nothing of what is asked of it as a whole, where attestations were sent and none is its own."""
    own = groups[(groups["unit"] == WHOLE) & (groups["claim_gap"] == "no_claim")]
    if own.empty or (groups.loc[groups["unit"] == WHOLE, "claimed"] != "").any() or not book.has_own_records:
        return []
    asked = counted(len(own), "group", in_words=True)
    return [
        f"Nobody attests anything of the council as a whole: no attestation is its own, so its {asked} of duties "
        f"{plural(len(own), 'stands', 'stand')} without a claim."
    ]


def unsent(book: Book) -> list[str]:
    """Which tables of arrangements nobody sent, in one sentence; none where all were sent."""
    sent = tables_sent(book.snapshot.table("reads"))
    bare = [name for name in ARRANGEMENTS if name not in sent]
    if not bare:
        return []
    if len(bare) == len(ARRANGEMENTS):
        return [
            "Nobody sent any table of arrangements, so only what leaves a trace in the measures' own tables was tested: "
            f"of {listing(bare)} nothing is known."
        ]
    return [
        f"Nobody sent the {plural(len(bare), 'table', 'tables')} of {listing(bare)}, so nothing is known of what would stand there."
    ]


def reliance(collected: Collected) -> list[str]:
    """Of how many of the measures that could be judged the figures can't simply be relied on, where that was looked at."""
    if "quality" not in collected.frames:
        return []
    codes = collected["quality"]["reliance"]
    judged = int((codes != "not_judged").sum())
    bad, care = int((codes == "do_not_rely").sum()), int((codes == "with_care").sum())
    said = (
        f"{_of_judged(bad, judged)} {plural(bad or 1, 'has', 'have')} figures that should not be relied on, and "
        f"{count_word(care) if care else 'none'} {plural(care or 1, 'is', 'are')} to be read with care"
        if judged
        else "Of no measure could it be judged whether its figures can be relied on"
    )
    return [f"{said}{_not_judged(len(codes) - judged) if judged else ''}. {WHY_DOUBTED}"]


def _of_judged(bad: int, judged: int) -> str:
    if judged == 1 and bad:
        return "The one measure that could be judged"
    return f"{out_of(bad, judged, 'measure')} that could be judged"


def _not_judged(count: int) -> str:
    return f"; {count_word(count)} more could not be judged" if count else ""


def _varied(found: pd.DataFrame) -> list[str]:
    """What is done in another way by a recorded decision, where and why."""
    rows = found[found["result"] == "varied"]
    return [
        f"“{what}” is not judged {listing(within(unit) for unit in same['unit'])}. {why}"
        for (what, why), same in rows.groupby(["what", "why"], sort=False)
    ]


def _untested(found: pd.DataFrame) -> list[str]:
    """What could be tested in no unit of which it is asked, in one sentence, and what could not be in some."""
    bare = found.assign(bare=found["result"] == "no_evidence").groupby("what", sort=False)["bare"]
    never = bare.all()
    everywhere = [f"“{what}”" for what in never.index[never]]
    some = found[(found["result"] == "no_evidence") & ~found["what"].map(never)]
    said = [f"In no unit is there any evidence of: {'; '.join(everywhere)}."] if everywhere else []
    return said + [
        f"{what}: no evidence in {'; '.join(rows['unit'])}."
        for what, rows in some.groupby("what", sort=False)
    ]
