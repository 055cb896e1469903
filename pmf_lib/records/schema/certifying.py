"""The table of certifications: what an auditor found who went from a measure's figure to the cases behind it."""

from __future__ import annotations

import pandera.pandas as pa

from pmf_lib.records.schema import words
from pmf_lib.records.schema.base import column
from pmf_lib.records.schema.evidence import optional_date, optional_text, table


def _count(doc: str) -> pa.Column:
    return column("number", doc, needed=False, checks=[pa.Check.ge(0)])


def _figure(doc: str) -> pa.Column:
    return column("number", doc, needed=False)


def _answer(doc: str, *, needed: bool = True) -> pa.Column:
    return column("choice", doc, choices=words.YES_NO, needed=needed)


CERTIFICATIONS = table(
    "certifications",
    "measure, period",
    ("measure_id", "period"),
    {
        "measure_id": column("id", "The measure", to="measures"),
        "period": column("period", "The period whose value was looked at"),
        "population_n": _count("Cases behind the value"),
        "sample_n": _count("Cases drawn and tested"),
        "errors_n": _count("Of these, cases that do not agree with their documents, or have none"),
        "reported": _figure("The value as reported"),
        "recalculated": _figure("The value as worked out again; empty if that could not be done"),
        "documentation": _answer("Was the documentation of the cases there?"),
        "definition_followed": _answer("Were the cases counted as the definition says?"),
        "deviation_changes": _answer(
            "If not: does that change the value by more than the tolerance of the method?", needed=False
        ),
        "controls": column("choice", "Controls over the way of the figures", choices=words.CONTROLS),
        "category": column(
            "choice",
            "Category that the auditor recorded; it is worked out again by the rule",
            choices=words.CERTIFICATES,
            needed=False,
        ),
        "seed": column("number", "Number that the draw of the sample started from", needed=False),
        "certified_by": column("text", "Post (never a name) that tested it; not the measure's owner"),
        "certified_on": column("date", "When it was concluded"),
        "valid_to": optional_date("Until when it holds; if empty, as long as the method says"),
        "remarks": optional_text("What the auditor adds, in a sentence"),
    },
)
