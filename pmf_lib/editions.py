"""Editions of a run's pages, and the law that the exempt one is closed to the public under.

*Full*: for the officers who run the council. *Public*: made from records from which what is exempt, and what would tell
of a few people, was left out. *Exempt*: all of it, for a part of a meeting from which the public is excluded; it names
the paragraphs of Schedule 12A under which it is closed.

Source: Local Government Act 1972, section 100A(4) and Schedule 12A, Part 1, paragraphs 1 to 7, for England, as substituted
by the Local Government (Access to Information) (Variation) Order 2006 (SI 2006/88).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pmf_lib.errors import ParameterError, expected, unknown

FULL, PUBLIC, EXEMPT = "full", "public", "exempt"
EDITIONS = (FULL, PUBLIC, EXEMPT)
ACT = "Schedule 12A to the Local Government Act 1972"
PARAGRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "1": "Information relating to any individual.",
        "2": "Information which is likely to reveal the identity of an individual.",
        "3": "Information relating to the financial or business affairs of any particular person (including the authority "
        "holding that information).",
        "4": "Information relating to any consultations or negotiations, or contemplated consultations or negotiations, in "
        "connection with any labour relations matter arising between the authority or a Minister of the Crown and "
        "employees of, or office holders under, the authority.",
        "5": "Information in respect of which a claim to legal professional privilege could be maintained in legal "
        "proceedings.",
        "6": "Information which reveals that the authority proposes (a) to give under any enactment a notice under or by "
        "virtue of which requirements are imposed on a person; or (b) to make an order or direction under any enactment.",
        "7": "Information relating to any action taken or proposed to be taken in connection with the prevention, "
        "investigation or prosecution of crime.",
    }
)
"""Paragraph of Part 1 of the Schedule → its words."""


def paragraphs(exemption: str) -> tuple[str, ...]:
    """The paragraphs that are named, in the law's order, once each.

    >>> paragraphs("3, 1")
    ('1', '3')
    >>> paragraphs("")
    ()

    Raises
    ------
    ParameterError
        One of them is not a paragraph of the Schedule.
    """
    named = {part.strip() for part in exemption.split(",") if part.strip()}
    for one in sorted(named - set(PARAGRAPHS)):
        raise ParameterError(unknown(f"paragraph of {ACT}", one, PARAGRAPHS))
    return tuple(one for one in PARAGRAPHS if one in named)


def checked_exemption(edition: str, exemption: str) -> str:
    """The exemption as it is written in a run: paragraphs in the law's order, or nothing.

    >>> checked_exemption("exempt", "3,1")
    '1, 3'

    Raises
    ------
    ParameterError
        The exempt edition names no paragraph, another edition names one, or one is not a paragraph of the Schedule.
    """
    named = paragraphs(exemption)
    if edition == EXEMPT and not named:
        wanted = f"the paragraph of {ACT} under which the exempt edition is closed to the public"
        raise ParameterError(
            expected("parameter 'exemption'", exemption, wanted, "3", f"Paragraphs: {_listed()}")
        )
    if edition != EXEMPT and named:
        raise ParameterError(
            f"parameter 'exemption': got '{exemption}', expected none in the {edition} edition. Only the exempt edition "
            f"is closed to the public under a paragraph of {ACT}: leave it empty, or ask for the exempt edition."
        )
    return ", ".join(named)


def legal_words(exemption: str) -> list[str]:
    """Each paragraph that is named, as a sentence with its own words; none where none is named.

    >>> legal_words("2")
    ['Paragraph 2 of Part 1 of Schedule 12A to the Local Government Act 1972: Information which is likely to reveal the identity of an individual.']
    """
    return [f"Paragraph {one} of Part 1 of {ACT}: {PARAGRAPHS[one]}" for one in paragraphs(exemption)]


def closed_words(exemption: str) -> str:
    """What every page of an exempt edition says of itself; '' where no paragraph is named.

    >>> closed_words("2")
    'Closed to the public. Paragraph 2 of Part 1 of Schedule 12A to the Local Government Act 1972: Information which is likely to reveal the identity of an individual.'
    """
    said = legal_words(exemption)
    return " ".join(["Closed to the public.", *said]) if said else ""


def _listed() -> str:
    return " ".join(f"{number}: {words}" for number, words in PARAGRAPHS.items())
