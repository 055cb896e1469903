"""First screen of the annual review: did the framework work this year, and what should change?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from pmf_lib.assurance.review import course
from pmf_lib.assurance.review.duties import GROUP
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual import year_words
from pmf_lib.workbook.pages.annual.told import PLACES, READ, Told, is_after_year, told
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.scorecard import scorecard
from pmf_lib.workbook.pages.shared import evidence, heard
from pmf_lib.workbook.pages.year.cycle_words import body_words
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, callout, link, paragraphs, phrase
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered
from pmf_lib.workbook.results import Collected

__all__ = ["READ", "page", "page_headline", "summary", "to_change", "told"]

NAMED_AT_MOST = 2
NOT_THAT_REVIEW = (
    "It feeds the yearly review of internal control and the Annual Governance Statement; it is neither of them, and gives no "
    "opinion."
)
PUBLISHED = (
    "Published figures can't show whether the framework worked: of plans, meetings, escalations, actions and recommendations they "
    "tell nothing. The council's own records were not seen, so no duty is followed over the year, nothing is proposed, and no "
    "text is drafted."
)


def page_headline(book: Book, collected: Collected, told: Told) -> str:
    """How many duties held over the year, and how many fell or were never met."""
    of = heard.part(book, collected)
    said = _headline(book, told)
    return f"{of}: {lowered(said)}" if of else said


def page(book: Book, collected: Collected, told: Told) -> dict[str, Any]:
    """Facts of the page: those of any page, its period the year."""
    facts = evidence.page(book, page_headline(book, collected, told), scorecard.notes(book, collected))
    year = book.quarter.financial_year
    return {**facts, "quarter_words": f"Year {year.label}, {year.words}"}


def _headline(book: Book, told: Told) -> str:
    if not book.has_own_records:
        return "Published figures can't show whether the framework worked this year"
    if is_after_year(book):
        return "The framework came into force after this year, so it can't have worked in it"
    counts = course.counts(told.duties)
    tested = sum(counts.values()) - counts["never"] - counts["not_asked"]
    if not tested:
        return "No duty could be tested in any quarter: nothing shows whether the framework worked this year"
    parts = {
        "never": "could never be tested",
        "fell": "fell",
        "weak": "stayed weak in some unit",
        "wavered": "moved and came back",
        "rose": "rose",
    }
    rest = [f"{count_word(counts[code])} {verb}" for code, verb in parts.items() if counts[code]]
    head = f"{_share(counts['held'], tested)} held whenever tested this year"
    return f"{head}; {listing(rest)}" if rest else head


def _share(held: int, tested: int) -> str:
    """How many of the duties that could be tested.

    >>> _share(1, 1), _share(4, 4), _share(3, 4)
    ('The one duty', 'All 4 duties', '3 of 4 duties')
    """
    if held < tested:
        return f"{held} of {counted(tested, 'duty', 'duties')}"
    return f"All {tested} duties" if tested > 1 else "The one duty"


def summary(book: Book, told: Told) -> Html:
    """What the year showed: the duties, the cycle, the actions, the recommendations, the framework's own review."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    said = [
        *([] if is_after_year(book) else [year_words.duties(told)]),
        year_words.bodies(told),
        year_words.outcomes(told),
        year_words.followed(told),
        phrase(year_words.own_review(told), " ", year_words.dated(book)),
    ]
    return blocks(*_too_early(book), *_silent(book, told), bullets(said), paragraphs(NOT_THAT_REVIEW))


def _silent(book: Book, told: Told) -> list[Html]:
    said = year_words.silent(book, told)
    return [callout(said, "warning")] if said else []


def _too_early(book: Book) -> list[Html]:
    if not is_after_year(book):
        return []
    since = date_words(book.framework.in_force.from_date)
    return [
        callout(
            f"The framework came into force on {since}, after the year that is reviewed here. Its duties were not yet "
            "asked, so none is followed over the year; what is told below is what the records hold.",
            "warning",
        )
    ]


def to_change(book: Book, told: Told) -> Html:
    """What the year's results give reason to change, what falls or fails first; proposals, for people to decide on."""
    if not book.has_own_records:
        return paragraphs("Nothing is proposed from published figures.")
    if is_after_year(book):
        return paragraphs("Nothing is proposed: the framework was not yet in force.")
    return bullets(
        proposals(book, told),
        numbered=True,
        empty="Nothing of what could be tested gives a reason to change the framework, or how it is lived.",
    )


def proposals(book: Book, told: Told) -> list[Html]:
    """One sentence a proposal, each leading to what it rests on."""
    return [
        *_of_review(book, told),
        *_of_duties(told),
        *_of_bodies(told),
        *_of_actions(told),
        *_of_recommendations(told),
    ]


def _of_review(book: Book, told: Told) -> Iterator[Html]:
    late = told.own_review[told.own_review["is_duty"] & told.own_review["result"].isin(["not_met", "partly"])]
    if len(late):
        yield _proposal(
            "Put right what the framework asks about its own review: ",
            _named(_quoted(late["what"])),
            "review",
        )


def _of_duties(told: Told) -> Iterator[Html]:
    rows = told.duties[told.duties["group"] != GROUPS[GROUP]]
    for code, ask in (
        ("fell", "Find out why it fell, and mend it: "),
        (
            "weak",
            "Change how it is done, or what is asked, since no quarter that could be tested shows it fully met: ",
        ),
    ):
        found = rows[rows["course"] == code].sort_values(f"{code}_n", ascending=False, kind="stable")
        if len(found):
            yield _proposal(ask, _named(_where(told, found, code)), "course")
    never = rows[(rows["course"] == "never") | (rows["dark_n"] > 0)]
    if len(never):
        yield _proposal(
            "Keep the records by which it can be tested, or ask it no more: ",
            _named(_quoted(never["what"])),
            "course",
        )


def _where(told: Told, found: pd.DataFrame, code: str) -> list[str]:
    """Each duty with the units in which it took that course."""
    own = told.courses[told.courses["course"] == code].groupby("clause")["unit"].agg(list)
    return [f"“{row['what']}” ({_units(own[row['clause']])})" for row in found.to_dict("records")]


def _units(names: list[str]) -> str:
    """Units as a bracket names them; of many, how many they are."""
    shown = [lowered(name) if name == WHOLE else name for name in names]
    return counted(len(shown), "unit", in_words=True) if len(shown) > NAMED_AT_MOST else listing(shown)


def _of_bodies(told: Told) -> Iterator[Html]:
    if told.bodies is None:
        return
    bare = told.bodies[told.bodies["outlook"] == "not_covered"]
    if len(bare):
        names = [body_words(told.records, row["body"], row["unit"]) for row in bare.to_dict("records")]
        yield _proposal("Plan next year's agenda so that each item comes up once: ", _named(names), "cycle")


def _of_actions(told: Told) -> Iterator[Html]:
    for rows, column, codes, ask in (
        (
            told.outcomes,
            "effect",
            ("no_change", "worse"),
            "Ask whether to go on with actions that changed nothing for the better: ",
        ),
        (told.actions, "state", ("overdue",), "Carry out, or give up, what is overdue: "),
    ):
        if titles := _titles(rows, column, *codes):
            yield _proposal(ask, _named(_quoted(titles)), "actions")


def _of_recommendations(told: Told) -> Iterator[Html]:
    if titles := _titles(told.recommendations, "state", "overdue", "awaited", "no_day"):
        yield _proposal(
            "Answer, or carry out, what others recommended: ", _named(_quoted(titles)), "recommendations"
        )


def _titles(rows: pd.DataFrame | None, column: str, *codes: str) -> list[str]:
    """Titles of the rows with one of these codes; none where nobody sent the table."""
    return [] if rows is None else rows.loc[rows[column].isin(codes), "title"].tolist()


def _proposal(ask: str, named: Words, place: str) -> Html:
    return phrase(ask, named, ". ", link("On what this rests", PLACES[place]), ".")


def _named(titles: Iterable[str]) -> str:
    """The first titles, and how many more."""
    shown = list(dict.fromkeys(titles))
    more = len(shown) - NAMED_AT_MOST
    said = shown[:NAMED_AT_MOST]
    return listing([*said, counted(more, "more", "more", in_words=True)] if more > 0 else said)


def _quoted(titles: Iterable[object]) -> list[str]:
    return [f"“{title}”" for title in titles]
