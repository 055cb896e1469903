"""Draft text for the Annual Governance Statement: paragraphs whose every number leads to where it is shown on the page."""

from __future__ import annotations

from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual import year_words
from pmf_lib.workbook.pages.annual.review import proposals
from pmf_lib.workbook.pages.annual.told import PLACES, Told, is_after_year
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, callout, link, paragraphs, phrase
from pmf_lib.workbook.pieces.words import counted, plural, sentence

DRAFT = (
    "Draft; not the statement. It is offered to whoever writes the Annual Governance Statement, who weighs it with other sources of "
    "assurance. Each number leads to where it is shown."
)
NO_DRAFT = (
    "No text is drafted from published figures: they show nothing of how the council governs its performance."
)
TOO_EARLY = "No text is drafted: the framework came into force after the year that is reviewed."


def draft(book: Book, told: Told) -> Html:
    """The draft, as paragraphs; none where the council's own records were not seen, or the framework was not yet in force."""
    if not book.has_own_records:
        return paragraphs(NO_DRAFT)
    if is_after_year(book):
        return paragraphs(TOO_EARLY)
    return blocks(callout(DRAFT), paragraphs(*texts(book, told)), *_planned(book, told))


def texts(book: Book, told: Told) -> list[Html]:
    """The paragraphs of the draft."""
    return [
        phrase(_framework(book), " ", year_words.own_review(told), " ", year_words.dated(book)),
        phrase(_tested(book, told), " ", year_words.duties(told), " ", _limits(book, told)),
        year_words.bodies(told),
        year_words.done(told)
        if told.actions is None
        else phrase(year_words.done(told), " ", year_words.outcomes(told)),
        year_words.followed(told),
    ]


def _framework(book: Book) -> Html:
    framework = book.framework
    return phrase(
        f"In {book.quarter.financial_year.label} the council managed its performance by its {framework.title} ({framework.edition}), in "
        f"force since {date_words(framework.in_force.from_date)}."
    )


def _tested(book: Book, told: Told) -> Html:
    """How the framework was tested over the year, and how much of that from issued papers."""
    issued = sum(one.paper is not None for one in told.year.quarters)
    of = link(sentence(counted(issued, "quarter", in_words=True)), PLACES["quarters"])
    papers = (
        phrase(" ", of, f" {plural(issued, 'is', 'are')} told from what was issued at the time.")
        if issued
        else ""
    )
    return phrase(
        "Its duties were tested each quarter against the council's own records, by declared rules, in each directorate and for the council "
        "as a whole.",
        papers,
    )


def _limits(book: Book, told: Told) -> Html:
    said = year_words.silent(book, told)
    return phrase(
        f"{said} " if said else "", "What limits these tests is said ", link("below", PLACES["limits"]), "."
    )


def _planned(book: Book, told: Told) -> list[Html]:
    found = proposals(book, told)
    return [paragraphs("For the year to come it is proposed to:"), bullets(found)] if found else []
