"""Sentences of the year that several parts of the annual review say, each number leading to where it is shown."""

from __future__ import annotations

from collections.abc import Mapping

from pmf_lib.assurance.review import actions, course, recommendations
from pmf_lib.assurance.review.duties import past_review
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual.told import PLACES, Told, is_silent
from pmf_lib.workbook.pieces.markup import Html, Words, link, phrase
from pmf_lib.workbook.pieces.words import count_word, counted, plural, sentence

Said = Mapping[str, tuple[str, str]]
"""Code → what a sentence says of one and of several."""
COURSE: Said = {
    "held": ("was fully met whenever it could be tested", "were fully met whenever they could be tested"),
    "fell": ("fell in some unit", "fell in some unit"),
    "weak": ("stayed weak in some unit", "stayed weak in some unit"),
    "wavered": ("moved and came back", "moved and came back"),
    "rose": ("rose", "rose"),
    "never": ("could never be tested", "could never be tested"),
}
BODIES: Said = {
    "covered": ("heard every item", "heard every item"),
    "not_covered": ("did not hear every item", "did not hear every item"),
    "can_be_covered": ("can still hear every item", "can still hear every item"),
    "unknown": ("left no record to tell by", "left no record to tell by"),
}
OUTCOMES: Said = {
    "better": (
        "was followed by a real change for the better",
        "were followed by a real change for the better",
    ),
    "no_change": ("was followed by no real change", "were followed by no real change"),
    "worse": ("was followed by a change for the worse", "were followed by a change for the worse"),
}
FOLLOWED: Said = {
    "done_in_time": ("was carried out in time", "were carried out in time"),
    "done_late": ("was carried out late", "were carried out late"),
    "open": ("is accepted and not yet due", "are accepted and not yet due"),
    "overdue": ("is overdue", "are overdue"),
    "awaited": ("has no answer", "have no answer"),
    "no_day": ("was accepted without a day", "were accepted without a day"),
    "rejected": ("was rejected", "were rejected"),
}
DONE: Said = {
    "done_in_time": ("was done in time", "were done in time"),
    "done_late": ("was done late", "were done late"),
    "under_way": ("is under way", "are under way"),
    "overdue": ("is overdue", "are overdue"),
    "stopped": ("was stopped", "were stopped"),
}
REVIEWED: Said = {"met": ("is met", "are met"), "bad": ("is not fully met", "are not fully met")}
NOT_SENT = "Nobody sent the table of {}, so it can't be told {}."


def number(count: int, place: str, words: str = "") -> Html:
    """A count in words, with what is counted, leading to where it is shown."""
    return link(f"{count_word(count)} {words}".strip(), PLACES[place])


def shared(noun: tuple[str, str], among: str, counts: Mapping[str, int], said: Said, place: str) -> Html:
    """A sentence of how many of a whole are what, each number leading to its place; plain where all are one thing.

    `noun`: what is counted, one and several; `among`: what they have in common, after the noun.
    """
    there = {code: counts[code] for code in said if counts.get(code, 0)}
    whole = sum(there.values())
    if len(there) == 1:
        verbs = said[next(iter(there))]
        return phrase(link(_all(whole, noun), PLACES[place]), f"{among} {verbs[whole > 1]}.")
    parts = [phrase(number(count, place), f" {said[code][count > 1]}") for code, count in there.items()]
    return phrase("Of ", number(whole, place, noun[1]), f"{among}, ", listed(parts), ".")


def listed(parts: list[Html]) -> Html:
    """Parts of a sentence with commas and an 'and' between them."""
    between: list[Words] = [piece for part in parts[:-1] for piece in (part, ", ")]
    return phrase(*between[:-1], " and ", parts[-1])


def _all(count: int, noun: tuple[str, str]) -> str:
    """The whole, as a sentence begins with it.

    >>> _all(1, ("duty", "duties")), _all(2, ("duty", "duties")), _all(5, ("duty", "duties"))
    ('The one duty', 'Both duties', 'All five duties')
    """
    heads = {1: f"The one {noun[0]}", 2: f"Both {noun[1]}"}
    return heads.get(count, f"All {count_word(count)} {noun[1]}")


def duties(told: Told) -> Html:
    """How many duties took which course over the year."""
    counts = course.counts(told.duties)
    if not sum(counts.values()) - counts["not_asked"] - counts["never"]:
        return phrase("No duty of the framework could be tested in any quarter.")
    return shared(("duty", "duties"), " with a test and asked in the year", counts, COURSE, "course")


def bodies(told: Told) -> Html:
    """How many bodies heard in the year what they were to hear."""
    if told.bodies is None:
        return phrase(NOT_SENT.format("meetings or of agendas", "whether the year was covered"))
    if told.bodies.empty:
        return phrase("The framework names no items for the agenda of any body.")
    counts = {str(code): int(count) for code, count in told.bodies["outlook"].value_counts().items()}
    return shared(("body", "bodies"), " with items to hear in the year", counts, BODIES, "cycle")


def outcomes(told: Told) -> Html:
    """What came after the actions that were done."""
    if told.outcomes is None:
        return phrase(NOT_SENT.format("actions", "whether actions worked"))
    counts = actions.outcomes(told.outcomes)
    rest = counts["too_early"] + counts["not_testable"]
    later = (
        phrase(" Of ", number(rest, "actions", "more"), " nothing can be told, or not yet.") if rest else ""
    )
    if not sum(counts[code] for code in actions.JUDGED):
        return phrase("No action that was done in the year or the one before can be judged.", later)
    among = " done in the year or the one before that can be judged"
    return phrase(shared(("action", "actions"), among, counts, OUTCOMES, "actions"), later)


def done(told: Told) -> Html:
    """How many actions were in hand in the year, and where they stand."""
    if told.actions is None:
        return phrase(NOT_SENT.format("actions", "what was done about what was missed"))
    if told.actions.empty:
        return phrase("No action was in hand in the year.")
    return shared(
        ("action", "actions"), " in hand in the year", actions.counts(told.actions), DONE, "actions"
    )


def followed(told: Told) -> Html:
    """How many recommendations of the year were answered and carried out."""
    rows = told.recommendations
    if rows is None:
        return phrase(NOT_SENT.format("recommendations", "whether recommendations were followed up"))
    if rows.empty:
        return phrase("No recommendation was made in the year, or open when it began.")
    new = int(rows["is_new"].sum())
    made = (
        " (made in the year)"
        if new == len(rows)
        else f" ({count_word(new)} made in the year, the rest open when it began)"
    )
    noun = ("recommendation of others", "recommendations of others")
    return shared(noun, made, recommendations.counts(rows), FOLLOWED, "recommendations")


def own_review(told: Told) -> Html:
    """How many of the duties about the framework's own review are met."""
    found = told.own_review[told.own_review["is_duty"]]["result"]
    met, bad = int((found == "met").sum()), int(found.isin(["partly", "not_met"]).sum())
    if not met + bad:
        return phrase("Of what the framework asks about its own review, no duty could be tested.")
    rest = int(found.isin(["no_evidence", "not_due"]).sum())
    more = sentence(counted(rest, "more", "more", in_words=True))
    later = f" {more} could not be tested, or {plural(rest, 'is', 'are')} not yet due." if rest else ""
    among = " about the framework's own review that could be tested"
    return phrase(shared(("duty", "duties"), among, {"met": met, "bad": bad}, REVIEWED, "review"), later)


def silent(book: Book, told: Told) -> str:
    """Since when nothing is recorded, where the records break off before the year was over; '' where they do not."""
    if told.last_recorded is None or not is_silent(book, told):
        return ""
    return (
        f"No record of plans, meetings, actions or the like was made after {date_words(told.last_recorded)}, so the year is known only up to then. A duty that "
        "fell after it may have been met without a record; ask for the missing records before anything is concluded from it."
    )


def dated(book: Book) -> Html:
    """Whether the framework is past the review date that it sets itself."""
    review = book.framework.review
    if review is None:
        return phrase("The framework sets no date for its own review.")
    due, late = date_words(review.due), past_review(book.framework, book.as_at)
    if not late:
        return phrase(
            "The date that it sets for its review, ", link(due, PLACES["review"]), ", has not gone by."
        )
    return phrase(
        "It is past its review date, ", link(due, PLACES["review"]), f", by {counted(late, 'day')}."
    )
