"""How a worksheet of certification is laid out: its sheets, the labels that it is read again by, and the answers that it asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from pmf_lib.assurance.certification.rules import CATEGORY_WORDS
from pmf_lib.records.schema import words

VERSION = "1"
SHEET, SAMPLE, DRAWN = "Worksheet", "Sample", "Drawn"
COUNCIL_ID, MEASURE_ID, PERIOD, REPORTED = (
    "Council id",
    "Measure id",
    "Period of the value",
    "Value as reported",
)
LIST, LIST_DIGEST, POPULATION = "List of cases", "SHA-256 of the list", "Cases in the list"
DRAWN_FOR, COUNT, SEED, OWNER = (
    "Controls assumed for the draw",
    "Cases drawn",
    "Seed of the draw",
    "Answers for the measure",
)
VERSION_ID, CHECK = "Worksheet version", "Check"
SEALED = (
    COUNCIL_ID,
    MEASURE_ID,
    PERIOD,
    REPORTED,
    LIST_DIGEST,
    POPULATION,
    DRAWN_FOR,
    COUNT,
    SEED,
    OWNER,
    VERSION_ID,
)
"""Labels of what was said when the sample was drawn: together with the cases drawn they are what `CHECK` is the hash of."""
NO, CASE, LISTED, RESULT, FOUND, NOTE = "No", "Case id", "Value listed", "Result", "Value found", "Note"
HEADER = (NO, CASE, LISTED, RESULT, FOUND, NOTE)
AGREES, DIFFERS, NO_DOCUMENT = "agrees", "differs", "no document"
RESULTS = (AGREES, DIFFERS, NO_DOCUMENT)
"""What became of a case; a case without a document counts as an error."""
NOT_POSSIBLE = "not possible"
CATEGORIES = dict(CATEGORY_WORDS)
"""Category → what the drop-down calls it."""


@dataclass(frozen=True)
class Answer:
    """One answer that the worksheet asks for: its label, the column of records that it becomes, and what it may hold."""

    label: str
    column: str
    kind: str
    """choice, number, date, post or text."""
    help: str
    choices: tuple[str, ...] = ()
    needed: bool = True


ANSWERS = (
    Answer("Documents there", "documentation", "choice", "Are the documents of the cases there to be tested?", words.YES_NO),
    Answer("Definition followed", "definition_followed", "choice", "Are the cases counted as the definition says?", words.YES_NO),
    Answer(
        "Departure changes the value", "deviation_changes", "choice",
        "Only if the definition is not followed: does that change the value by more than {tolerance} per cent?", words.YES_NO, needed=False,
    ),
    Answer("Controls", "controls", "choice", "How sure is the way of the figures, from the case to the report?", words.CONTROLS),
    Answer(
        "Value recalculated", "recalculated", "number",
        "The value as you work it out again; write 'not possible' if it can't be. Left empty, it is estimated from the values found.",
        needed=False,
    ),
    Answer(
        "Category", "category", "choice", "Your own conclusion, if you record one; the rule's is worked out when this is collected",
        tuple(CATEGORIES.values()), needed=False,
    ),
    Answer("Prepared by", "certified_by", "post", "Your post, never a name; not the post that answers for the measure"),
    Answer("Concluded on", "certified_on", "date", "The day of your conclusion, such as 2024-11-15"),
    Answer("Reviewed by", "verified_by", "post", "Another post, which looked at this worksheet"),
    Answer("Reviewed on", "verified_on", "date", "The day of the review"),
    Answer("Holds until", "valid_to", "date", "If empty, {months} months from the conclusion", needed=False),
    Answer("Remarks", "remarks", "text", "A sentence for the readers of the report; no person, no case", needed=False),
)  # fmt: skip


def check_of(sealed: dict[str, str], drawn: list[list[str]]) -> str:
    """The hash over what was said when the sample was drawn, and the cases (number, id, value listed)."""
    content = json.dumps([[sealed.get(label, "") for label in SEALED], drawn], ensure_ascii=False)
    return sha256(content.encode()).hexdigest()[:32]
