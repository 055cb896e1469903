"""The first side of page 7: what it is about, what failed, what the committee is asked, and questions worth putting."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.clauses import UNTESTED
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.compared import Compared
from pmf_lib.workbook.pages.committee import committee_words
from pmf_lib.workbook.pages.committee.committee_tables import worst_in
from pmf_lib.workbook.pages.lived import answers, findings
from pmf_lib.workbook.pages.lived.embedding import within
from pmf_lib.workbook.pages.shared import changes, heard, terms
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, link, paragraphs, phrase
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered
from pmf_lib.workbook.results import Collected

AIM = (
    "To tell the committee whether the arrangements of the {framework} are effective and embedded; how services perform is for "
    "Cabinet and Scrutiny. "
)
AIM_PUBLISHED = (
    "To tell what published figures can and can't show of the arrangements of the {framework}. The council's own records were "
    "not seen. "
)
ORDER = ("first", "second", "third", "fourth", "fifth")
"""How a question names the failure above that it is about."""
UNREAD = (
    "Ask again once the results of {units} are in: a paper on part of the council says nothing of the rest"
)


def aim(book: Book, collected: Collected, clauses: pd.DataFrame) -> Html:
    """What the paper is for, and, before all, whose results are not in it; of published figures, how much they show."""
    own = book.has_own_records
    said = (AIM if own else AIM_PUBLISHED).format(framework=book.framework.title)
    seen = "" if own else f"{committee_words.looked_at(clauses)} "
    limits = link("What limits this.", "#review")
    return blocks(*_incomplete(book, collected), paragraphs(phrase(terms.linked(said + seen), limits)))


def _incomplete(book: Book, collected: Collected) -> list[Html]:
    """That the set behind the paper is not whole, where it isn't."""
    if not collected.missing:
        return []
    of = lowered(heard.part(book, collected))
    return [
        paragraphs(
            f"This paper is from an incomplete set. It speaks {of}: no results of {listing(collected.missing)} are in it, so it can't "
            "be taken for the whole council."
        )
    ]


def failures(book: Book, found: pd.DataFrame, clauses: pd.DataFrame, most: int) -> Html:
    """The first failures of arrangements, each with the unit where it is worst and a link to its finding; how many more."""
    failed = clauses[clauses["is_failed"]]
    if failed.empty or not book.has_own_records:
        return paragraphs(_no_failure(book, clauses))
    shown = failed.head(most)
    head = phrase(f"{committee_words.weakest_title(len(failed))}", _first(len(failed), len(shown)), ":")
    return blocks(
        paragraphs(head), bullets((_failure(book, found, row) for _, row in shown.iterrows()), numbered=True)
    )


def _no_failure(book: Book, clauses: pd.DataFrame) -> str:
    if not book.has_own_records:
        return "No failure can be told from published figures, and nobody is asked for anything."
    return committee_words.none_weak(clauses)


def _first(count: int, shown: int) -> Words:
    """Which of them stand here, and where the others do."""
    if count == shown:
        return ", the weakest first"
    more = count_word(count - shown)
    return phrase(
        f"; here are the {count_word(shown)} weakest, and ",
        link(f"{more} more below", "#weakest"),
    )


def _failure(book: Book, found: pd.DataFrame, row: pd.Series) -> Html:
    """One failure: what is asked, where it is worst, and of how many of what it is not so there."""
    worst = worst_in(found, row["clause"])
    [of] = audit_findings.nouns(row.to_frame().T, book.framework, book.schemes.embedding)
    share = audit_findings.share(worst["failed"], worst["population"], of)
    others = int(row["failed_units"]) - 1
    more = f", and in {counted(others, 'more unit', in_words=True)}" if others else ""
    said = f" {committee_words.RESULTS[worst['result']]} {within(worst['unit'])} ({share}){more}."
    return phrase(link(f"{row['what']}:", f"#{findings.place(row['clause'])}"), said)


def changed(book: Book, arrangements: pd.DataFrame, found: Compared | None) -> Html:
    """What changed since the last issued paper, in a line; `found` as from `changes.of_clauses`.

    Nothing where there was no paper, which the line on recommendations says.
    """
    if book.baseline is None:
        return paragraphs()
    said = changes.in_a_line(book, arrangements, found)
    each = phrase(" ", link("Each change.", "#what-changed-since-the-last-issued-paper")) if found else ""
    return paragraphs(phrase(said, each))


def asked(book: Book, collected: Collected, clauses: pd.DataFrame) -> Html:
    """What the committee is asked to do, numbered."""
    told = [one for one in (_noted(book, clauses), *_mending(book, clauses), *_rest(collected)) if one]
    return blocks(paragraphs("That the committee:"), bullets(told, numbered=True))


def _noted(book: Book, clauses: pd.DataFrame) -> Words:
    if not book.has_own_records:
        return "notes that arrangements can't be assured from published figures, for want of the council's own records."
    rated = phrase("notes the ", link("proposed rating", "#rating"), " and what it rests on")
    if clauses["result"].isin(UNTESTED).all():
        return phrase(rated, "; nothing could be tested on the records that came.")
    weak = clauses["is_failed"].any()
    return phrase(rated, "." if weak else "; no weakness was found in what could be tested.")


def _mending(book: Book, clauses: pd.DataFrame) -> list[Words]:
    """Who is asked to mend what failed."""
    failed = int(clauses["is_failed"].sum())
    if not failed or not book.has_own_records:
        return []
    weak = counted(failed, "weakness", "weaknesses", in_words=True)
    head = f"asks {who(book, clauses)} to say by its next meeting how the "
    return [phrase(head, link(weak, "#decide"), " will be mended, and by when.")]


def _rest(collected: Collected) -> list[Words]:
    """That the units which are not in the paper are to be heard of."""
    return (
        [lowered(UNREAD.format(units=listing(collected.missing))).replace("ask", "asks", 1) + "."]
        if collected.missing
        else []
    )


def who(book: Book, clauses: pd.DataFrame) -> str:
    """Who answers for the weaknesses: directors for their units, and a post for the council as a whole."""
    failed, of_whole = clauses[clauses["is_failed"]], answers.whole(book)
    post = of_whole if of_whole.startswith("the ") else f"the {of_whole}"
    if not failed["in_directorates"].any():
        return post
    more = f", and {post} for the council as a whole," if failed["in_whole"].any() else ""
    return f"the directors of the units named{more}"


def questions(book: Book, clauses: pd.DataFrame, found: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Questions worth putting, one for each of the first failures above, by the first exception in the unit named there."""
    failed = clauses.loc[clauses["is_failed"], "clause"].head(book.schemes.committee.questions_at_most)
    return bullets(
        [
            _question(number, clause, _cases(clause, found, exceptions))
            for number, clause in zip(ORDER, failed, strict=False)
        ],
        empty="No question arises from a failed test. The committee may ask for the records on which the clauses without "
        "evidence could be tested.",
    )


def _cases(clause: str, found: pd.DataFrame, exceptions: pd.DataFrame) -> pd.DataFrame:
    """The exceptions of a clause in the unit where it is worst."""
    is_there = exceptions["unit"] == str(worst_in(found, clause)["unit"])
    return exceptions[is_there & (exceptions["clause"] == clause)]


def _question(number: str, clause: str, cases: pd.DataFrame) -> Html:
    """What is asked of one failure."""
    return phrase(
        "On the ", link(number, f"#{findings.place(clause)}"), f", {committee_words.question(cases)}"
    )
