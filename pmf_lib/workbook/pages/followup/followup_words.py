"""Words about recommendations: what became of those of the last issued report, and how many stand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from pmf_lib.assurance.followup.chain import NO_ANSWER, STATES
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import small
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.raised import Kept

PUBLISHED = "Published figures raise no recommendation, and nobody is asked to follow any up."
NO_PAPER = "No report was issued before this one"
NO_LIST = "The last issued paper kept no list of recommendations"
WORDS = {
    "closed": "closed",
    "open": "open",
    "overdue": "overdue",
    "varied": "varied by decision",
    "not_known": "not known",
    "reopened": "reopened",
    "new": "new",
}
"""State → how a sentence says it, in the order in which it tells what became of earlier ones."""


def said(book: Book, followed: pd.DataFrame, kept: Kept | None) -> str:
    """What became of the recommendations that stood in the last issued list, how many are new, and how many came back."""
    new = int((followed["state"] == "new").sum())
    if kept is None:
        return _first(book, new)
    head = _became(followed, _whose(book, kept))
    back = int((followed["state"] == "reopened").sum())
    came = f" and {count_word(back)} {plural(back, 'has', 'have')} come back after {plural(back, 'it was', 'they were')} closed"
    fresh = f"{count_word(new) if new else 'none'} {plural(new or 1, 'is', 'are')} new"
    return f"{_instead(book, kept)}{head}; {fresh}{came if back else ''}."


def _first(book: Book, new: int) -> str:
    """There is no earlier list: no report was issued, or none of them kept one."""
    if book.baseline is None:
        if not new:
            return f"{NO_PAPER}, and this one raises no recommendation."
        its = f"its {counted(new, 'recommendation', in_words=True)} {plural(new, 'is', 'are all')} new"
        return f"{NO_PAPER}: {its}."
    if not new:
        return f"{NO_LIST}, and this report raises none."
    return f"{NO_LIST}, so the {count_word(new)} of this report {plural(new, 'counts', 'count')} as new."


def _instead(book: Book, kept: Kept) -> str:
    """Where the last paper kept no list, whose list is followed."""
    if book.baseline is None or kept.paper.run_id == book.baseline.run_id:
        return ""
    return f"{NO_LIST}; that of {kept.paper.name} is followed. "


def _whose(book: Book, kept: Kept) -> str:
    """Which recommendations are told of; of a paper issued again, those that stood before its quarter."""
    to = " to this unit" if book.unit else ""
    if kept.paper.quarter == book.quarter:
        return f"{to} that stood before this quarter"
    return f" of the last issued report{to}"


def _became(followed: pd.DataFrame, whose: str) -> str:
    """Of those that stood then, how many are in each state now."""
    stood = followed.loc[~followed["was"].isin(["", "closed"]), "state"]
    counts = {state: int((stood == state).sum()) for state in WORDS if (stood == state).any()}
    if not counts:
        return f"No recommendation{whose} was left to follow"
    if len(stood) == 1:
        return f"The one recommendation{whose} is {WORDS[stood.iloc[0]]}"
    if len(counts) == 1:
        every = "Both" if len(stood) == 2 else f"All {count_word(len(stood))}"
        return f"{every} recommendations{whose} are {WORDS[stood.iloc[0]]}"
    (state, count), *others = counts.items()
    first = f"{count_word(count)} {plural(count, 'is', 'are')} {WORDS[state]}"
    rest = [f"{count_word(count)} {WORDS[state]}" for state, count in others]
    return f"Of {counted(len(stood), 'recommendation', in_words=True)}{whose} {listing([first, *rest])}"


def title(followed: pd.DataFrame) -> str:
    """How many recommendations stand, and how: what asks most first."""
    stands = followed.loc[followed["state"] != "closed", "state"]
    counts = {state: int((stands == state).sum()) for state in STATES if (stands == state).any()}
    head = f"{sentence(counted(len(stands), 'recommendation', in_words=True))} {plural(len(stands), 'stands', 'stand')}"
    if stands.empty:
        return "No recommendation stands"
    if len(counts) == 1:
        of = plural(len(stands), "and it is", "all of them")
        return f"{head}, {of} {WORDS[stands.iloc[0]]}"
    return f"{head}: {listing(f'{count_word(count)} {WORDS[state]}' for state, count in counts.items())}"


def none_stands(followed: pd.DataFrame) -> str:
    """Why no recommendation stands."""
    if followed.empty:
        return "This report raises no recommendation, and none stood before it."
    return "Every recommendation that was raised so far is closed."


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with since (when and how often raised), said (what management answered, and by whom) and cite (the id, set small)."""
    told = rows.to_dict("records")
    return rows.assign(
        since=pd.Series([_since(row) for row in told], rows.index, dtype="str"),
        said=pd.Series([_said(row) for row in told], rows.index, dtype="str"),
        cite=pd.Series([small(row["id"]) for row in told], rows.index, dtype="object"),
    )


def _since(row: Mapping[Hashable, object]) -> str:
    """When it was raised first, in how many quarters if several, and when what came back was closed.

    >>> _since({"raised_in": "2024-25 Q1", "raised_n": 1, "state": "new", "closed_in": ""})
    '2024-25 Q1'
    >>> _since({"raised_in": "2024-25 Q1", "raised_n": 2, "state": "reopened", "closed_in": "2024-25 Q2"})
    '2024-25 Q1, in two quarters; closed in 2024-25 Q2'
    """
    times = int(str(row["raised_n"]))
    often = f", in {count_word(times)} quarters" if times > 1 else ""
    closed = f"; closed in {row['closed_in']}" if row["state"] == "reopened" else ""
    return f"{row['raised_in']}{often}{closed}"


def _said(row: Mapping[Hashable, object]) -> str:
    """What management answered, or whose answer is awaited.

    >>> answered = {"answer": "accepted", "owner": "Head of Bins", "action": "Set targets"}
    >>> _said(answered), _said({"answer": "none", "owner": "Head of Bins", "action": ""})
    ('Accepted by Head of Bins: Set targets', 'None yet; asked of Head of Bins')
    """
    owner = str(row["owner"])
    if row["answer"] == NO_ANSWER:
        return f"None yet; asked of {owner}" if owner else "None yet"
    return f"{sentence(str(row['answer']))} by {owner}: {row['action']}"
