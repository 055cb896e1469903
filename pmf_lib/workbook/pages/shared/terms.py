"""Words of the glossary in a page's prose, each with a link to its meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from pmf_lib.workbook.pieces.markup import Html, link, phrase
from pmf_lib.workbook.pieces.words import slug

PLACE = "../../../../../glossary.html"
"""The glossary, from a report (outputs/council/framework/quarter/edition/unit/)."""
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "arrangements": "arrangement",
        "proposed assurance rating": "assurance rating",
        "assurance rating": "assurance rating",
        "attestation": "attestation",
        "clauses": "clause",
        "clause": "clause",
        "content key": "content key",
        "claimed": "claim",
        "embedded": "embedding",
        "exceptions": "exception",
        "findings": "finding",
        "finding": "finding",
        "force": "force (of a clause)",
        "golden thread": "break (of the golden thread)",
        "issued": "issued",
        "coverage of the year": "coverage of the year",
        "level": "level (of embedding)",
        "lived": "embedding",
        "management response": "management response",
        "responses": "management response",
        "observations": "observation",
        "re-performed": "re-performance",
        "snapshot": "snapshot",
        "duties": "force (of a clause)",
        "duty": "force (of a clause)",
    }
)
"""Words as prose has them → the word of GLOSSARY.md that says what they mean."""
_ANY = re.compile(rf"\b({'|'.join(sorted(map(re.escape, TERMS), key=len, reverse=True))})\b", re.IGNORECASE)


def address(word: str) -> str:
    """Where the glossary says what a word means.

    >>> address("assurance rating")
    '../../../../../glossary.html#assurance-rating'
    """
    return f"{PLACE}#{slug(word)}"


def linked(text: str) -> Html:
    """The text, each word of the glossary linked where it first stands in it.

    >>> linked("The finding of a clause is a finding.").markup.count("<a ")
    2
    """
    seen: set[str] = set()
    parts: list[str | Html] = []
    for part in _ANY.split(text):
        word = TERMS.get(part.lower(), "")
        is_first = bool(word) and word not in seen
        seen.add(word)
        parts.append(link(part, address(word)) if is_first else part)
    return phrase(*parts)
