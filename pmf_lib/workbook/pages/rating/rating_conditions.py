"""What the conditions of the proposed rating are called: of what they are told, what is amiss, how it would be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pmf_lib.assurance.rating.caps import DIRECTORATES, WORST
from pmf_lib.workbook.pieces.words import sentence

Pair = tuple[str, str]
"""One, and several."""


@dataclass(frozen=True)
class Said:
    """How one condition is told."""

    family: str
    """Conditions of one family are nested or akin; the one that weighs most speaks for them."""
    whole: Pair
    """All that there are."""
    amiss: Pair
    """What is said of those that are so."""
    those: Pair
    """What those are called."""
    mended: str
    """What would have to become of one of them."""
    mended_all: str = ""
    """The same of several, where the words are others."""


DUTY, GROUP = ("duty asked", "duties asked"), ("group of duties", "groups of duties")
OF_COUNCIL: Mapping[Pair, Pair] = MappingProxyType(
    {
        DUTY: ("duty asked of the council itself", "duties asked of the council itself"),
        GROUP: ("group of its own duties", "groups of its own duties"),
    }
)
"""What is asked of the council as a whole is not what is asked of its directorates, and is called so."""
NOT_LIVED, BETTER = ("is not lived", "are not lived"), "be followed by a better one on its subject"
CONCLUSION = ("conclusion of an independent assurer", "conclusions of independent assurers")
OF: Mapping[str, Said] = MappingProxyType(
    {
        "assurers_none": Said(
            "assurers",
            CONCLUSION,
            ("stands at no assurance", "stand at no assurance"),
            ("conclusion of no assurance", "conclusions of no assurance"),
            BETTER,
            "be followed by better ones on their subjects",
        ),
        "assurers_limited": Said(
            "assurers",
            CONCLUSION,
            ("stands at limited assurance or none", "stand at limited assurance or none"),
            ("conclusion of limited assurance or none", "conclusions of limited assurance or none"),
            BETTER,
            "be followed by better ones on their subjects",
        ),
        "duties_not_met": Said(
            "duties", DUTY, ("is not met", "are not met"), ("duty not met", "duties not met"), "be met"
        ),
        "duties_not_fully_met": Said(
            "duties",
            DUTY,
            ("is not fully met", "are not fully met"),
            ("duty not fully met", "duties not fully met"),
            "be met",
        ),
        "duties_in_doubt": Said(
            "duties",
            DUTY,
            (
                "is not met, or met only in part or on old evidence",
                "are not met, or met only in part or on old evidence",
            ),
            ("duty in doubt", "duties in doubt"),
            "be met, on newer evidence",
        ),
        "duties_untested": Said(
            "untested",
            DUTY,
            ("could not be tested", "could not be tested"),
            ("duty that could not be tested", "duties that could not be tested"),
            "be shown to be met",
        ),
        "key_groups_not_lived": Said(
            "groups",
            ("key group of duties", "key groups of duties"),
            NOT_LIVED,
            ("key group not lived", "key groups not lived"),
            "be lived, at least in part",
        ),
        "groups_not_lived": Said(
            "groups", GROUP, NOT_LIVED, ("group not lived", "groups not lived"), "be lived, at least in part"
        ),
        "groups_partly": Said(
            "groups",
            GROUP,
            ("is lived in part at best", "are lived in part at best"),
            ("group lived in part at best", "groups lived in part at best"),
            "have every tested duty met",
        ),
        "groups_on_paper": Said(
            "groups",
            GROUP,
            ("is not shown to be lived in full", "are not shown to be lived in full"),
            ("group not shown to be lived in full", "groups not shown to be lived in full"),
            "be shown to be lived",
        ),
        "groups_fell": Said(
            "fell",
            GROUP,
            ("fell since a year before", "fell since a year before"),
            ("group that fell", "groups that fell"),
            "be back where it was",
            "be back where they were",
        ),
        "certifications_failed": Said(
            "certified",
            ("measure tested by an auditor", "measures tested by auditors"),
            ("failed its certification", "failed their certification"),
            ("measure that failed its certification", "measures that failed their certification"),
            "be tested anew and pass",
        ),
        "measures_not_relied_on": Said(
            "figures",
            ("measure", "measures"),
            ("has figures that should not be relied on", "have figures that should not be relied on"),
            ("measure not to be relied on", "measures not to be relied on"),
            "have its data mended",
            "have their data mended",
        ),
        "recommendations_overdue": Said(
            "recommendations",
            ("recommendation of an assurer", "recommendations of assurers"),
            ("is overdue", "are overdue"),
            ("overdue recommendation", "overdue recommendations"),
            "be carried out",
        ),
        "tables_unsent": Said(
            "unsent",
            ("table of assurers' work", "tables of assurers' work"),
            ("was not sent", "were not sent"),
            ("table that nobody sent", "tables that nobody sent"),
            "be sent",
        ),
        DIRECTORATES: Said(
            "directorates",
            ("directorate", "directorates"),
            ("", ""),
            ("directorate rated so or worse", "directorates rated so or worse"),
            "be rated better",
        ),
        WORST: Said(
            "directorates",
            ("directorate", "directorates"),
            ("", ""),
            ("directorate rated worst", "directorates rated worst"),
            "be rated better",
        ),
    }
)
"""Condition → its words."""


def condition(of: str) -> str:
    """A condition by its name.

    >>> condition("duties_not_met")
    'Duties asked that are not met'
    """
    return sentence(f"{OF[of].whole[1]} that {OF[of].amiss[1]}")
