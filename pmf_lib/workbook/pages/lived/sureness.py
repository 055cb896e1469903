"""How sure page 3 is: what its levels rest on, what the words mean, what could not be tested, and the rules in force."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.clauses import UNTESTED
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import claims
from pmf_lib.workbook.pages.lived.embedding import share_of
from pmf_lib.workbook.pages.lived.group_levels import resting as table_of
from pmf_lib.workbook.pages.lived.untested import asked_without_test
from pmf_lib.workbook.pages.shared import evidence, rules
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details
from pmf_lib.workbook.pieces.words import counted, listing, plural, sentence

TRACE = "A test of records shows that something was written down, not that it was done well."
RISEN = "stronger evidence than a service's own word, since a second post checked the rows."
FALLEN = "weaker evidence than their test declares, since the rows name no minute or document."


def sureness(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """How sure we are: what the tests rest on, what could not be tested, and what the claims rest on."""
    if not book.has_own_records:
        return bullets(
            [
                "Published figures show results. Whether arrangements are lived would show in the council's own records."
            ]
        )
    said = bullets(
        [
            *_rests_on(book, clauses),
            *_moved(clauses),
            *_aged(clauses),
            *_untested(clauses),
            *_idle(clauses),
            *_varied(clauses),
            *asked_without_test(book),
            claims.standing(book, groups),
            TRACE,
        ]
    )
    resting = details("What each level rests on", table_of(book, groups, clauses))
    return blocks(said, resting, details("What the words mean", meanings(book)))


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


def _moved(clauses: pd.DataFrame) -> list[str]:
    """How many tested duties rest on other evidence than their tests declare, since their own rows say so."""
    tested = clauses[clauses["is_duty"] & (clauses["rows_say"] != "")]
    risen = int(tested["rows_say"].str.startswith("A second post").sum())
    fallen = len(tested) - risen
    return [
        f"{sentence(counted(count, 'duty', 'duties', in_words=True))} {plural(count, 'rests', 'rest')} on {why}"
        for count, why in ((risen, RISEN), (fallen, FALLEN))
        if count
    ]


def _aged(clauses: pd.DataFrame) -> list[str]:
    old = clauses[clauses["is_duty"] & (clauses["aged"] != "")]
    return [f"“{what}”: {aged}" for what, aged in zip(old["what"], old["aged"], strict=True)]


def _untested(clauses: pd.DataFrame) -> list[str]:
    bare = clauses[clauses["result"] == "no_evidence"]
    return [f"“{what}” could not be tested: the records hold nothing to test it on." for what in bare["what"]]


def _idle(clauses: pd.DataFrame) -> list[str]:
    """What nothing arose for, and why."""
    idle = clauses[clauses["is_duty"] & (clauses["result"] == "not_applicable")]
    return [
        f"“{what}”: {why[0].lower()}{why[1:]}" for what, why in zip(idle["what"], idle["why"], strict=True)
    ]


def _varied(clauses: pd.DataFrame) -> list[str]:
    """What is done in another way by a recorded decision, and why."""
    varied = clauses[clauses["result"] == "varied"]
    return [
        f"“{what}” is not judged here. {why}" for what, why in zip(varied["what"], varied["why"], strict=True)
    ]


def meanings(book: Book) -> Html:
    """What each level means, under the scheme in force."""
    scheme, word = book.schemes.embedding, book.schemes.verdicts
    partly = f"{book.schemes.clauses.partly_up_to_pct:g}"
    weak = listing((kind.word.lower() for kind in scheme.kinds if kind.cap == "on_paper"), "or")
    strong = "; ".join(f"{kind.word.lower()} ({kind.means})" for kind in scheme.kinds if kind.cap == "lived")
    said = {
        "lived": f"every duty of the group is met, each on evidence of one of these kinds: {strong}.",
        "on_paper": f"every duty is met, but some of it rests on a {weak}, which shows what is written and not what is done.",
        "partly": f"some duty is not fully met or could not be tested. A duty is partly met with exceptions in up to {partly} "
        "per cent of what was tested, and not met beyond.",
        "not_lived": f"{scheme.not_lived_from_pct:g} per cent or more of the duties tested are not met.",
        "observed": "the framework asks no duty here, nothing arose that one is about, or published figures alone were seen; nothing can fail.",
        "not_shown": "nothing could be tested. This is never taken for a pass.",
    }
    levels = [f"{word.get('embedding', code).word}: {text}" for code, text in said.items()]
    without = {
        "not_due": "what the framework asks by a day that has not gone by has no level.",
        "not_applicable": "what it asks on an occasion that did not arise, as the records show, has no level and is no pass; where "
        "that is not known, it is no evidence.",
        "varied": "what a unit does in another way, by a recorded decision that says why and is in force, is not judged there and "
        "is no pass.",
    }
    return bullets([*levels, *(f"{word.get('clause', code).word}: {text}" for code, text in without.items())])


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
