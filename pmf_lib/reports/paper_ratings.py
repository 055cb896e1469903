"""What an issued page says of its assurance ratings: as proposed, confirmed, or overridden with what and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import shorten

import pandas as pd

from pmf_lib import verdicts
from pmf_lib.decisions import CONFIRMED_AS_PROPOSED, COUNCIL, Rating
from pmf_lib.periods import date_words
from pmf_lib.store.issued import Paper
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Columns, table
from pmf_lib.workbook.pieces.words import count_word, lowered, out_of, plural

STANDS = "second line; not an internal audit opinion"
LETTERS_OF_WHY = 100
"""Letters of the reason of an override that stand in the head of the page."""
COLUMNS: Columns = {
    "unit": "Unit",
    "proposed": "Proposed",
    "said": "What was decided",
    "preparer": "Prepared by",
    "reviewer": "Reviewed by",
    "confirmer": "Confirmed by",
    "dated": "On",
}


def facts(paper: Paper, proposed: Mapping[str, str], unit_name: Callable[[str], str]) -> list[dict[str, str]]:
    """One row for each unit that a page rates (`proposed`: unit → rating): what was decided, by whom, and when."""
    said = {one.unit: one for one in paper.ratings}
    return [
        {"unit": unit_name(unit), "proposed": word(code), **_decided(said.get(unit))}
        for unit, code in proposed.items()
    ]


def _decided(one: Rating | None) -> dict[str, str]:
    if one is None:
        return {"said": "Nobody confirmed or overrode it: it stands as proposed"}
    posts = {"preparer": one.preparer, "reviewer": one.reviewer, "confirmer": one.confirmer}
    return {"said": _answer(one), **posts, "dated": date_words(one.dated)}


def _answer(one: Rating) -> str:
    if one.answer == CONFIRMED_AS_PROPOSED:
        return f"Confirmed{f': {one.why}' if one.why else ''}"
    return f"Overridden: proposed {lowered(word(one.proposed))}, issued {lowered(word(one.issued))}, because {one.why}"


def headline(paper: Paper, proposed: Mapping[str, str]) -> str:
    """The council's rating as the head of an issued page says it; '' where the page rates nothing."""
    if COUNCIL not in proposed:
        return ""
    one = next((said for said in paper.ratings if said.unit == COUNCIL), None)
    if one is None:
        return f"{word(proposed[COUNCIL])}, as proposed: nobody confirmed or overrode it ({STANDS})"
    when = f"by the {one.confirmer} on {date_words(one.dated)}"
    if one.answer == CONFIRMED_AS_PROPOSED:
        return f"{word(one.issued)}. Confirmed {when} ({STANDS})"
    said = _answer(one.model_copy(update={"why": _in_short(one.why)})).rstrip(".")
    return f"{word(one.issued)}. {said}. Confirmed {when} ({STANDS})"


def _in_short(why: str) -> str:
    """A reason in as many letters as the head of a page has room for; the whole of it stands at the end.

    >>> _in_short("the one duty not met was mended in July")
    'the one duty not met was mended in July'
    >>> _in_short("one " * 40)
    'one one one one one one one one one one one one one one one one one one one … (in full at the end)'
    """
    return shorten(why, LETTERS_OF_WHY, placeholder=" … (in full at the end)")


def proposed(ratings: Mapping[str, str]) -> str:
    """The council's rating while nobody has decided on it; '' where none is proposed.

    >>> proposed({"council": "reasonable"}), proposed({})
    ('Reasonable, proposed only: no person has confirmed it (second line; not an internal audit opinion)', '')
    """
    code = ratings.get(COUNCIL, "")
    return f"{word(code)}, proposed only: no person has confirmed it ({STANDS})" if code else ""


def shown(rows: list[dict[str, str]]) -> Html:
    """The table of ratings at the end of an issued page; nothing where the page rates nothing."""
    if not rows:
        return Html("")
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").fillna("")
    decided = int((frame["confirmer"] != "").sum())
    over = int(frame["said"].str.startswith("Overridden").sum())
    told = f"{out_of(decided, len(rows), 'proposed rating')} {plural(decided or 1, 'was', 'were')} confirmed or overridden"
    more = f", {count_word(over)} of them overridden" if over else ""
    return table(frame, title=f"{told}{more}", subtitle=f"Assurance ratings: {STANDS}", columns=COLUMNS)


def word(code: str) -> str:
    """A rating in a word."""
    return verdicts.load().get("rating", code).word
