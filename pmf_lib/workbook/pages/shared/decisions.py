"""Decisions about measures as pages tell them: beside the chart, in the rules, and listed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from pmf_lib.decisions import CONFIRMED, CONTRADICTS, UNCHANGED
from pmf_lib.performance.spc.rebases import WAITS
from pmf_lib.periods import date_words
from pmf_lib.workbook import decided
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, Words, phrase
from pmf_lib.workbook.pieces.tables import table
from pmf_lib.workbook.pieces.words import count_word, counted, plural, sentence
from pmf_lib.workbook.prompts import LAPSED

NEVER = "never by itself"
BOTH_STAND = "Words and figures differ, as {by} confirmed on {day} after reading both. Both stand here as they were sent."
HELD = "Held back until a person has read it beside its figures."
HELD_AGAIN = (
    "Held back until a person has read it beside its figures again, since one or the other has changed."
)


def rule(book: Book) -> str:
    """When limits begin anew, and how many decisions of it there are for the unit's measures."""
    found = decided.rebases(book)
    head = f"Segments: one begins where a measure's definition changes, or by a decision that is written down, {NEVER}."
    day = date_words(book.as_at)
    if found.empty:
        return f"{head} No such decision is known by {day}."
    hold = int((found["problem"] == "").sum())
    rest = len(found) - hold
    others = f", and {count_word(rest)} that {plural(rest, 'does', 'do')} not" if rest else ""
    said = f"{counted(hold, 'decision', in_words=True)} that {plural(hold, 'holds', 'hold')}{others}"
    return f"{head} Known by {day}: {said}."


def listed(book: Book) -> Html:
    """Every rebase decided about the unit's measures: who, when, why, where it is written, and whether it holds."""
    found = decided.rebases(book)
    hold = found["problem"] == ""
    says = ("Limits begin anew from " + found["period_words"] + ".").where(hold, _refused(found))
    count = int(hold.sum())
    return table(
        found.assign(says_so=says),
        title=f"{sentence(counted(count, 'decision', in_words=True))} to begin limits anew {plural(count, 'holds', 'hold')} here"
        if count
        else "No decision to begin limits anew holds here",
        subtitle=f"As known on {date_words(book.as_at)}; a later decision is not known yet",
        columns={
            "title": "Measure",
            "decision": "Who decided, when and why",
            "says_so": "What follows",
        },
        empty="Nobody has decided that limits are to begin anew for a measure of this page.",
    )


def _refused(found: pd.DataFrame) -> pd.Series:
    """Why a decision does not hold, how to mend it, and in which file."""
    head = pd.Series("It is not obeyed. ", found.index).mask(found["problem"] == WAITS, "")
    return head + found["says"] + " " + found["mend"] + " File: " + found["file"]


def beside(book: Book) -> dict[str, str]:
    """Measure → what was decided about its chart, to stand beside it."""
    found = decided.rebases(book)
    hold = found["problem"] == ""
    said = "From " + found["period_words"] + ", by decision of " + found["decision"] + "."
    said = said.where(hold, "Decided by " + found["decision"] + ". " + found["says"])
    return {str(name): " ".join(rows) for name, rows in said.groupby(found["measure_id"], sort=False)}


def service(said: Mapping[str, str], asked: pd.DataFrame, leads_to: Words) -> dict[str, Words]:
    """What a measure's own page shows of the service's words.

    Parameters
    ----------
    said
        The service's words under their head; nothing where it said nothing.
    asked
        Prompts about them, as `prompts.prompts` gives them, without those that were settled.
    leads_to
        Where the words can be read that are held back.
    """
    by_prompt = asked.drop_duplicates("prompt").set_index("prompt").to_dict("index")
    doubted, again = by_prompt.get(CONTRADICTS), by_prompt.get(UNCHANGED)
    shown: dict[str, Words] = dict(said)
    if doubted and doubted["answer"] != CONFIRMED:
        head = next(iter(said), "The service says")
        return {head: phrase(HELD_AGAIN if doubted["answer"] == LAPSED else HELD, " See ", leads_to, ".")}
    if doubted:
        shown["The figures show"] = f"{doubted['shown'].rstrip('.')}. {_confirmed(BOTH_STAND, doubted)}"
    if again and again["answer"] == CONFIRMED:
        shown["The quarter before"] = _confirmed(
            "The service said the same but for dates and numbers, as {by} confirmed on {day}.", again
        )
    return shown


def _confirmed(form: str, answer: Mapping[Hashable, object]) -> str:
    words = form.format(by=answer["by"], day=date_words(pd.Timestamp(str(answer["dated"])).date()))
    return " ".join(filter(None, [words, str(answer["note"])]))
