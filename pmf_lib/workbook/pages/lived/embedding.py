"""Pieces of page 3: is the framework lived here? What is asked, what the records show, and what they rest on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.maturity import embedding
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, bullets
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence

WHOLE = "Whole council"
"""The unit of what is asked of the council as a whole."""
GAPS_AT_MOST = 3
NOTHING_AROSE = "nothing arose"
NOT_YET_DUE = "not yet due"
VARIED = "varied by decision"
"""What is said of a group without a level."""
IS = {
    "not_lived": ("is not lived", "are not lived"),
    "partly": ("is partly lived", "are partly lived"),
    "not_shown": ("could not be shown", "could not be shown"),
    "on_paper": ("is on paper only", "are on paper only"),
    "observed": ("was only observed", "were only observed"),
    "lived": ("is lived", "are lived"),
}
"""What is said of one group and of several, the worst first."""


def page_headline(book: Book, groups: pd.DataFrame) -> str:
    """How many groups of duties stand at each level, the worst first; or why nothing can be told."""
    asked = groups[groups["duties_n"] > 0]
    if bare := _nothing_told(book, groups, asked):
        return bare
    if len(asked) > 1 and (asked["level"] == asked["level"].iloc[0]).all():
        return f"All {counted(len(asked), 'group', in_words=True)} of duties {IS[asked['level'].iloc[0]][1]} here"
    return f"Of {counted(len(asked), 'group', in_words=True)} of duties asked here, {standing(asked['level'])}{_claimed(asked)}{_weakest(asked)}"


def _nothing_told(book: Book, groups: pd.DataFrame, asked: pd.DataFrame) -> str:
    """Why no group has a level that could be told, or ''."""
    if not book.has_own_records:
        return "Published figures can't show whether the framework is lived here"
    if asked.empty:
        return _nothing_asked(groups)
    if (asked["level"] == "not_shown").all():
        return "No duty could be tested here: nothing shows whether the framework is lived"
    return (
        "Nothing was received from this unit, so nothing shows that the framework is lived here"
        * _is_silent(book)
    )


def _nothing_asked(groups: pd.DataFrame) -> str:
    """Why no duty is to be judged here: where it is for several reasons, none is told for all."""
    idle, varied = (int(groups[name].sum()) for name in ("idle_n", "varied_n"))
    if varied:
        others = "for others nothing arose" if idle else "no other is due"
        return f"No duty is judged here: {varied_words(varied)}, and {others}"
    if idle:
        return "Nothing arose here that a duty of the framework asks for"
    return "The framework asks no duty of this unit that a test looks at"


def _is_silent(book: Book) -> bool:
    """Has the unit no row in any table that the page reads?"""
    return book.unit is not None and all(book.table(name).empty for name in book.sidecar.reads)


def _weakest(asked: pd.DataFrame) -> str:
    """The group with the widest gap to what is asked, where there is any."""
    wide = embedding.widest(asked)
    return "" if wide.empty else f"; the weakest is “{sentence(wide['group'].iloc[0])}”"


def _claimed(asked: pd.DataFrame) -> str:
    """How many of these groups are claimed to be more than the records show, where any is."""
    above = int((asked["claim_gap"] == "claimed_above").sum()) if "claim_gap" in asked else 0
    return f"; {count_word(above)} {plural(above, 'is', 'are')} claimed to be more" if above else ""


def standing(levels: pd.Series[str]) -> str:
    """How many groups stand at each level, the worst first.

    >>> standing(pd.Series(["on_paper", "not_lived", "on_paper"]))
    'one is not lived and two are on paper only'
    """
    counts = {level: int((levels == level).sum()) for level in IS}
    return listing(f"{count_word(count)} {IS[level][count > 1]}" for level, count in counts.items() if count)


def without_level(row: dict[Any, Any]) -> str:
    """Why a group has no level: nothing arose, its duties are varied by decision, or none of them is due yet."""
    return NOTHING_AROSE if row["idle_n"] else VARIED if row["varied_n"] else NOT_YET_DUE


def share_of(part: int, whole: int, one: str, many: str = "") -> str:
    """A share as a sentence begins with it, said plainly where it is the whole.

    >>> share_of(2, 9, "duty", "duties"), share_of(9, 9, "duty", "duties"), share_of(1, 1, "duty", "duties")
    ('Two of nine duties', 'All nine duties', 'The one duty')
    """
    if part < whole or whole == 0:
        return out_of(part, whole, one, many)
    return f"The one {one}" if whole == 1 else f"All {counted(whole, one, many, in_words=True)}"


def _asks(clauses: pd.DataFrame) -> dict[str, str]:
    """Clause → what the framework asks by it."""
    return dict(zip(clauses["clause"], clauses["what"], strict=True))


def kind_words(book: Book, codes: pd.Series[str]) -> pd.Series[str]:
    """What pages call these kinds of evidence."""
    scheme = book.schemes.embedding
    return codes.map({kind.code: kind.word for kind in scheme.kinds}).astype(object).fillna("")


def gaps(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """The three widest gaps between what is asked and what the records show."""
    return bullets(
        gap_sentences(book, embedding.widest(groups), clauses),
        numbered=True,
        empty="No gap can be told from published figures, since the council's own records were not seen."
        if not book.has_own_records
        else f"There is no gap: every duty asked here that is judged is lived.{beside(groups)}",
    )


def beside(groups: pd.DataFrame) -> str:
    """How many duties are set aside by decision, as a sentence after what is said of the others."""
    count = int(groups["varied_n"].sum())
    return f" {sentence(varied_words(count))}." if count else ""


def varied_words(count: int) -> str:
    """How many duties are done in another way by a recorded decision.

    >>> varied_words(1), varied_words(2)
    ('one is varied by decision', 'two are varied by decision')
    """
    return f"{count_word(count)} {plural(count, 'is', 'are')} varied by decision"


def gap_sentences(book: Book, gaps: pd.DataFrame, clauses: pd.DataFrame) -> list[str]:
    """The first three of these gaps (as from `embedding.widest`), each in a sentence or two."""
    asks, shown = _asks(clauses), gaps.head(GAPS_AT_MOST)
    nouns = dict(
        zip(
            clauses["clause"],
            audit_findings.nouns(clauses, book.framework, book.schemes.embedding),
            strict=True,
        )
    )
    if not book.has_own_records:
        return []
    rests = zip(kind_words(book, shown["rests_on"]), _aged(shown, clauses), strict=True)
    return [
        f"{_named(row)}. “{asks[row['worst']]}”: {_shown(row, _but(kind, aged), nouns[row['worst']])}."
        for row, (kind, aged) in zip(shown.to_dict("records"), rests, strict=True)
    ]


def _aged(groups: pd.DataFrame, clauses: pd.DataFrame) -> list[str]:
    """How old the evidence of each group's worst clause is, where its age is what keeps it back; else ''."""
    keys = ["unit", "clause"] if "unit" in groups else ["clause"]
    rows = groups.rename(columns={"worst": "clause"})[keys].merge(
        clauses[[*keys, "aged"]], on=keys, how="left"
    )
    return rows["aged"].fillna("").tolist()


def _but(kind: str, aged: str) -> str:
    """Why what is in order is no more than that: how old its evidence is, else what it rests on.

    >>> (
    ...     _but("Keyed rows", ""),
    ...     _but("Minutes", "Its newest row is of 1 May 2023; minutes are good for 12 months."),
    ... )
    ('it rests on a keyed rows', 'the newest row is of 1 May 2023; minutes are good for 12 months')
    """
    return f"the {aged.removeprefix('Its ').rstrip('.')}" if aged else f"it rests on a {kind.lower()}"


def _named(row: dict[Any, Any]) -> str:
    """The group, how it stands, and the unit where the page speaks of several."""
    said = f"“{sentence(row['group'])}” {IS[row['level']][0]}"
    return f"{said} {within(row['unit'])}" if "unit" in row else said


def within(unit: str) -> str:
    """Where something holds, as a sentence says it.

    >>> within("Resources"), within(WHOLE)
    ('in Resources', 'for the whole council')
    """
    return "for the whole council" if unit == WHOLE else f"in {unit}"


def _shown(row: dict[Any, Any], but: str, noun: str) -> str:
    """What the records show of the clause that is furthest from what is asked."""
    if row["population"] == 0:
        return "the records hold nothing that this could be tested on"
    if row["failed"] == 0 and row["population"] == 1:
        return f"it is in order, but {but}"
    if row["failed"] == 0:
        return f"all {row['population']:,} {noun} are in order, but {but}".replace("  ", " ")
    return f"not so for {audit_findings.share(row['failed'], row['population'], noun)}"
