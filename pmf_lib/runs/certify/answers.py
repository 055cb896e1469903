"""What an auditor answered: each answer held against what it may be, and against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pmf_lib.assurance.certification.rules import CertificationScheme
from pmf_lib.assurance.certification.sample import sample_size
from pmf_lib.records.posts import ADDRESS, TITLE_AND_NAME
from pmf_lib.runs.certify import layout
from pmf_lib.runs.certify.filled import QUOTED, Fault, Filled, day_of, number_of
from pmf_lib.runs.certify.layout import ANSWERS, NOT_POSSIBLE, SHEET, Answer

SIGNS = ("=", "+", "-", "@")
"""With what a formula may begin."""


def faults(filled: Filled, scheme: CertificationScheme, received: date) -> Iterator[Fault]:
    """What is wrong with the answers of a worksheet, answer by answer and then together."""
    for answer in ANSWERS:
        if said := _of_one(answer, filled.answers[answer.column], received):
            yield Fault(SHEET, filled.cells[answer.column], f"'{answer.label}': {said}")
    for column, said in (*_of_posts(filled), *_of_days(filled), *_of_method(filled, scheme)):
        label = next(each.label for each in ANSWERS if each.column == column)
        yield Fault(SHEET, filled.cells[column], f"'{label}': {said}")


def _of_one(answer: Answer, text: str, received: date) -> str:
    """What is wrong with one answer by itself; '' where nothing is."""
    if not text:
        return f"nothing there, expected {_expected(answer)}. Fill it in." if answer.needed else ""
    if answer.kind == "choice" and text.lower() not in answer.choices:
        return f"got '{text[:QUOTED]}', expected {_expected(answer)}. Choose one."
    if answer.kind == "number" and text.lower() != NOT_POSSIBLE and number_of(text) != number_of(text):
        return f"got '{text[:QUOTED]}', expected {_expected(answer)}. Correct it."
    if answer.kind == "post" and (re.search(ADDRESS, text) or re.search(TITLE_AND_NAME, text)):
        return "got a person or an e-mail address, expected a post, such as 'Principal Internal Auditor'. Write the post."
    if answer.kind in ("post", "text") and text.startswith(SIGNS):
        return f"begins with '{text[0]}', which a spreadsheet takes for a formula. Begin with a word."
    return _of_day(text, answer, received) if answer.kind == "date" else ""


def _of_day(text: str, answer: Answer, received: date) -> str:
    day = day_of(text)
    if day is None:
        return f"got '{text[:QUOTED]}', expected {_expected(answer)}. Correct it."
    if day > received and answer.column != "valid_to":
        return f"got {day}, expected a day that is not yet to come when this is received, {received}. Correct it."
    return ""


def _expected(answer: Answer) -> str:
    if answer.choices:
        return "one of " + ", ".join(answer.choices)
    return {
        "date": "a day, such as 2024-11-15",
        "number": f"a number or '{NOT_POSSIBLE}'",
        "post": "a post",
    }.get(answer.kind, "a text")


def _of_posts(filled: Filled) -> Iterator[tuple[str, str]]:
    """Preparer and reviewer are two posts, and neither answers for the measure."""
    by, reviewer = (filled.answers[name].casefold() for name in ("certified_by", "verified_by"))
    owner = filled.sealed[layout.OWNER].casefold()
    if by and by == reviewer:
        yield (
            "verified_by",
            "got the post that prepared it, expected another one. Have another post review it.",
        )
    for column, post in (("certified_by", by), ("verified_by", reviewer)):
        if owner and post == owner:
            yield (
                column,
                "got the post that answers for the measure, expected one that does not. Nobody certifies their own figures.",
            )


def _of_days(filled: Filled) -> Iterator[tuple[str, str]]:
    concluded, reviewed, until = (
        day_of(filled.answers[name]) for name in ("certified_on", "verified_on", "valid_to")
    )
    if concluded and reviewed and reviewed < concluded:
        yield (
            "verified_on",
            f"got {reviewed}, expected a day on or after the conclusion, {concluded}. Correct one of the two.",
        )
    if concluded and until and until < concluded:
        yield (
            "valid_to",
            f"got {until}, expected a day on or after the conclusion, {concluded}. Correct one of the two.",
        )


def _of_method(filled: Filled, scheme: CertificationScheme) -> Iterator[tuple[str, str]]:
    """Answers that the method asks for because of another one."""
    answers = {name: text.lower() for name, text in filled.answers.items()}
    if answers["definition_followed"] == "no" and not answers["deviation_changes"]:
        yield "deviation_changes", "nothing there, and the definition is not followed. Say yes or no."
    if answers["definition_followed"] == "yes" and answers["deviation_changes"]:
        yield (
            "deviation_changes",
            f"got '{answers['deviation_changes']}', and the definition is followed. Empty one of the two.",
        )
    if answers["controls"] in ("strong", "moderate", "weak"):
        asked = sample_size(int(filled.sealed[layout.POPULATION]), answers["controls"], scheme)
        if asked > len(filled.drawn) and answers["documentation"] != "no":
            yield (
                "controls",
                (
                    f"got '{answers['controls']}', for which {asked} cases are asked, and {len(filled.drawn)} were drawn for "
                    f"'{filled.sealed[layout.DRAWN_FOR]}'. Draw again with --controls {answers['controls']} and the same seed "
                    f"({filled.sealed[layout.SEED]}): these cases stay, and more are added."
                ),
            )
