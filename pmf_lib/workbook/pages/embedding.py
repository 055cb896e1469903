"""Pieces of page 3: is the framework lived here? What is asked, what the records show, and what they rest on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import embedding
from pmf_lib.assurance.clauses import UNTESTED
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import evidence, rules
from pmf_lib.workbook.pages.untested import asked_without_test
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence

WHOLE = "Whole council"
"""The unit of what is asked of the council as a whole."""
GAPS_AT_MOST = 3
IS = {
    "not_lived": ("is not lived", "are not lived"),
    "partly": ("is partly lived", "are partly lived"),
    "not_shown": ("could not be shown", "could not be shown"),
    "on_paper": ("is on paper only", "are on paper only"),
    "lived": ("is lived", "are lived"),
}
"""What is said of one group and of several, the worst first."""
UNCLAIMED = (
    "Nobody has claimed a level yet: no attestation is recorded. So nothing can be shown as only claimed, and a gap on "
    "this page lies between what the framework asks and what the records show."
)
TRACE = "A test of records shows that something was written down, not that it was done well."


def page_headline(book: Book, groups: pd.DataFrame) -> str:
    """How many groups of duties stand at each level, the worst first."""
    asked = groups[groups["duties_n"] > 0]
    if not book.has_own_records:
        return "Published figures can't show whether the framework is lived here"
    if asked.empty:
        return "The framework asks no duty of this unit that a test looks at"
    if (asked["level"] == "not_shown").all():
        return "No duty could be tested here: nothing shows whether the framework is lived"
    if len(asked) > 1 and (asked["level"] == asked["level"].iloc[0]).all():
        return f"All {counted(len(asked), 'group', in_words=True)} of duties {IS[asked['level'].iloc[0]][1]} here"
    return (
        f"Of {counted(len(asked), 'group', in_words=True)} of duties asked here, {standing(asked['level'])}"
    )


def standing(levels: pd.Series[str]) -> str:
    """How many groups stand at each level, the worst first.

    >>> standing(pd.Series(["on_paper", "not_lived", "on_paper"]))
    'one is not lived and two are on paper only'
    """
    counts = {level: int((levels == level).sum()) for level in IS}
    return listing(f"{count_word(count)} {IS[level][count > 1]}" for level, count in counts.items() if count)


def found(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Each group of clauses with its level, what it was told from and what it rests on."""
    duties, met = int(groups["duties_n"].sum()), int(groups["met_n"].sum())
    return table(
        groups.assign(
            name=groups["group"].map(sentence),
            met=[_met(row) for row in groups.to_dict("records")],
            failing=groups["group"].map(_failing(clauses)).astype(object).fillna(""),
            rests=kind_words(book, groups["rests_on"]),
        ),
        title=f"{share_of(met, duties, 'duty asked here that has a test', 'duties asked here that have a test')} "
        f"{plural(met, 'is', 'are')} fully met" + _not_tested(duties - int(groups["tested_n"].sum()))
        if book.has_own_records
        else "What published figures can show of each group of clauses",
        subtitle=f"Groups of the framework's clauses that are asked of this unit and have a test, {book.quarter.words}",
        source=f"{book.framework.title}; the clauses and their tests are listed below.",
        columns={
            "name": "What is asked",
            "level": Column("Lived?", "tag", verdict="embedding", missing="not yet due"),
            "met": "Duties fully met",
            "failing": Column("Not fully met", missing="–"),
            "rests": Column("Weakest evidence", missing="none"),
        },
        empty="No clause of this framework that is asked of a directorate has a test.",
    )


def _met(row: dict[Any, Any]) -> str:
    """Duties met, of those asked; how many could not be tested."""
    if row["duties_n"] == 0:
        return "no duty is asked"
    if row["tested_n"] == 0:
        return f"none tested of {row['duties_n']}"
    untested = row["duties_n"] - row["tested_n"]
    more = f"; {untested} not tested" if untested else ""
    return f"{row['met_n']} of {row['duties_n']}{more}"


def share_of(part: int, whole: int, one: str, many: str = "") -> str:
    """A share as a sentence begins with it, said plainly where it is the whole.

    >>> share_of(2, 9, "duty", "duties"), share_of(9, 9, "duty", "duties"), share_of(1, 1, "duty", "duties")
    ('Two of 9 duties', 'All 9 duties', 'The one duty')
    """
    if part < whole or whole == 0:
        return out_of(part, whole, one, many)
    return f"The one {one}" if whole == 1 else f"All {counted(whole, one, many)}"


def _not_tested(count: int) -> str:
    return f"; {count_word(count)} could not be tested" if count else ""


def _failing(clauses: pd.DataFrame) -> dict[str, str]:
    """Group → every duty of it that is not fully met."""
    failed = clauses[clauses["is_duty"] & clauses["result"].isin(["partly", "not_met"])]
    joined = failed.groupby("group")["what"].agg("; ".join)
    return dict(zip(joined.index.astype(str), joined, strict=True))


def _asks(clauses: pd.DataFrame) -> dict[str, str]:
    """Clause → what the framework asks by it."""
    return dict(zip(clauses["clause"], clauses["what"], strict=True))


def kind_words(book: Book, codes: pd.Series[str]) -> pd.Series[str]:
    """What pages call these kinds of evidence."""
    scheme = book.schemes.embedding
    return codes.map({kind.code: kind.word for kind in scheme.kinds}).astype(object).fillna("")


def meanings(book: Book) -> Html:
    """What each level means, under the scheme in force."""
    scheme, word = book.schemes.embedding, book.schemes.verdicts
    partly = f"{book.schemes.clauses.partly_up_to_pct:g}"
    weak = listing((kind.word.lower() for kind in scheme.kinds if kind.cap == "on_paper"), "or")
    said = {
        "lived": "every duty of the group is met, on evidence that does not rest on anybody's word.",
        "on_paper": f"every duty is met, but some of it rests on a {weak}, which shows what is written and not what is done.",
        "partly": f"some duty is not fully met or could not be tested. A duty is partly met with exceptions in up to {partly} "
        "per cent of what was tested, and not met beyond.",
        "not_lived": f"{scheme.not_lived_from_pct:g} per cent or more of the duties tested are not met.",
        "observed": "the framework asks no duty here, or published figures alone were seen; nothing can fail.",
        "not_shown": "nothing could be tested. This is never taken for a pass.",
    }
    levels = [f"{word.get('embedding', code).word}: {text}" for code, text in said.items()]
    due = "what the framework asks by a day that has not gone by has no level."
    return bullets([*levels, f"{word.get('clause', 'not_due').word}: {due}"])


def gaps(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """The three widest gaps between what is asked and what the records show."""
    return bullets(
        gap_sentences(book, embedding.widest(groups), clauses),
        numbered=True,
        empty="No gap can be told from published figures, since the council's own records were not seen."
        if not book.has_own_records
        else "There is no gap: every duty asked here that has a test is lived.",
    )


def gap_sentences(book: Book, gaps: pd.DataFrame, clauses: pd.DataFrame) -> list[str]:
    """The first three of these gaps (as from `embedding.widest`), each in a sentence or two."""
    asks, shown = _asks(clauses), gaps.head(GAPS_AT_MOST)
    if not book.has_own_records:
        return []
    kinds = kind_words(book, shown["rests_on"])
    return [
        f"{_named(row)}. “{asks[row['worst']]}”: {_shown(row, kind)}."
        for row, kind in zip(shown.to_dict("records"), kinds, strict=True)
    ]


def _named(row: dict[Any, Any]) -> str:
    """The group, how it stands, and the unit where the page speaks of several."""
    said = f"{sentence(row['group'])} {IS[row['level']][0]}"
    return f"{said} {within(row['unit'])}" if "unit" in row else said


def within(unit: str) -> str:
    """Where something holds, as a sentence says it.

    >>> within("Resources"), within(WHOLE)
    ('in Resources', 'for the whole council')
    """
    return "for the whole council" if unit == WHOLE else f"in {unit}"


def _shown(row: dict[Any, Any], kind: str) -> str:
    """What the records show of the clause that is furthest from what is asked."""
    if row["population"] == 0:
        return "the records hold nothing that this could be tested on"
    if row["failed"] == 0 and row["population"] == 1:
        return f"it is in order, but it rests on a {kind.lower()}"
    if row["failed"] == 0:
        return f"all {row['population']} are in order, but it rests on a {kind.lower()}"
    return f"not so for {row['failed']} of {row['population']}"


def sureness(book: Book, clauses: pd.DataFrame) -> Html:
    """How sure we are: what the tests rest on, what could not be tested, and that nobody has claimed a level."""
    if not book.has_own_records:
        return bullets(
            [
                "Published figures show results. Whether arrangements are lived would show in the council's own records."
            ]
        )
    said = bullets(
        [*_rests_on(book, clauses), *_untested(clauses), *asked_without_test(book), UNCLAIMED, TRACE]
    )
    return blocks(said, details("What the words mean", meanings(book)))


def _rests_on(book: Book, clauses: pd.DataFrame) -> list[str]:
    """How many duties rest on each kind of evidence, and what it allows at most."""
    tested = clauses[clauses["is_duty"] & ~clauses["result"].isin(UNTESTED)]
    scheme, words = book.schemes.embedding, book.schemes.verdicts
    counts = {kind: int((tested["rests_on"] == kind.code).sum()) for kind in scheme.kinds}
    return [
        f"{share_of(count, len(tested), 'tested duty', 'tested duties')} {plural(count, 'rests', 'rest')} on: "
        f"{kind.word.lower()} ({kind.means}). At best: {words.get('embedding', kind.cap).word.lower()}."
        for kind, count in counts.items()
        if count
    ]


def _untested(clauses: pd.DataFrame) -> list[str]:
    bare = clauses[clauses["result"] == "no_evidence"]
    return [f"“{what}” could not be tested: the records hold nothing to test it on." for what in bare["what"]]


def appendix(book: Book) -> Html:
    """How the page was made: the rules in force, what is assumed, and faults of the records."""
    scheme = book.schemes.embedding
    rule = (
        f"Levels: a group is not lived where at least {scheme.not_lived_from_pct:g} per cent of its tested duties are not "
        f"met, partly lived where one is not fully met or could not be tested. The weakest evidence sets the best level "
        f"that it may reach. {scheme.source} (Dated {date_words(scheme.dated)}.)"
    )
    return blocks(
        bullets([rules.clause_rule(book), rule]),
        details("What is assumed", evidence.assumptions(book)),
        evidence.faults(book),
    )
