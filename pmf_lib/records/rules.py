"""The closed list of rules that reading records may fire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """What a rule finds; an error leaves the row out, a warning keeps it unless `leaves_out` says otherwise.

    A note is no fault: something to know when reading the figures.
    """

    severity: Literal["error", "warning", "note"]
    meaning: str
    leaves_out: bool = False


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "row.too-many-cells": Rule("error", "The row has more cells than the header."),
        "row.merged": Rule("error", "A cell of the row is merged with others."),
        "row.too-few-cells": Rule("warning", "The row is cut short; its missing cells were read as empty."),
        "cell.error": Rule("error", "A cell holds a spreadsheet's error, such as '#REF!'."),
        "cell.empty": Rule("error", "A cell that is needed is empty."),
        "cell.id": Rule("error", "An id is not in lower case letters, digits and hyphens."),
        "cell.choice": Rule("error", "A word is not one of the column's closed list."),
        "cell.number": Rule("error", "A cell is not a number."),
        "cell.limits": Rule("error", "A number is outside the column's limits."),
        "cell.date": Rule("error", "A cell is not a date."),
        "cell.flag": Rule("error", "A cell is neither yes nor no."),
        "cell.period": Rule("error", "A cell is not a period, or not of the kind that the column asks for."),
        "value.none": Rule("warning", "The value is missing and not suppressed.", leaves_out=True),
        "target.none": Rule("warning", "The row of a target holds no target, lower or upper."),
        "directorate.other": Rule("error", "A directorate's return speaks of what is another directorate's."),
        "frequency.other": Rule("error", "A directorate's return gives a measure another frequency."),
        "key.repeated": Rule("warning", "The row is there twice, word for word.", leaves_out=True),
        "key.conflict": Rule("error", "Two rows have the same key and differ; the first was kept."),
        "row.superseded": Rule(
            "warning",
            "A later return says otherwise of the same key, or the measure moved to another directorate.",
            leaves_out=True,
        ),
        "control.differs": Rule("warning", "A return's own count or sum is not what was read from it."),
        "measure.unknown": Rule("error", "The row speaks of a measure that does not exist."),
        "measure.left-out": Rule("error", "The row speaks of a measure whose own row was left out."),
        "directorate.unknown": Rule("error", "The council has no such directorate."),
        "node.unknown": Rule("error", "The framework has no such node."),
        "entry.unknown": Rule("error", "The row belongs to an entry of another table that does not exist."),
        "link.unknown": Rule("warning", "The row names an entry of another table that does not exist."),
        "service.unknown": Rule("warning", "The service keeps no measure, and is not in the conversations."),
        "agenda.unknown": Rule("warning", "The item is none that a framework asks a meeting to look at."),
        "variation.void": Rule(
            "warning",
            "A declared variation counts for nothing: it lacks its reason, body or clauses, or is of one service.",
        ),
        "edition.published-before": Rule(
            "note",
            "A figure that the public edition would leave out stands in an earlier public paper already.",
        ),
        "entry.twice": Rule("warning", "Two entries under different ids say the same."),
        "dates.order": Rule("warning", "Two dates of the row are in the wrong order."),
        "dates.to-come": Rule("warning", "Something is said to have happened after the row was entered."),
        "meeting.no-result": Rule(
            "warning", "A meeting stands as planned for a day that is over: nobody says whether it was held."
        ),
        "count.over": Rule("warning", "More are counted than there are."),
        "share.over-hundred": Rule("warning", "A figure in per cent is over 100."),
        "evidence.self-verified": Rule("warning", "The row was checked by the post that entered it."),
        "certification.own": Rule(
            "warning", "A measure was certified by the post that answers for it: it counts as never tested."
        ),
        "target.range": Rule("error", "The bottom of a target's range is above its top."),
        "period.other-kind": Rule("warning", "A comparator's period is not of its measure's frequency."),
        "period.not-ended": Rule("warning", "The value was recorded before its period ended."),
        "value.differs": Rule("warning", "The value is not what numerator and denominator give."),
        "value.unit-slip": Rule(
            "warning",
            "The value lies a power of ten away from what numerator and denominator give, or from its own series.",
        ),
        "value.below-nought": Rule("warning", "The value is below nought, where none of the measure can be."),
        "value.other-scale": Rule(
            "warning", "The values look like fractions and the target like per cents, or the other way round."
        ),
        "target.slip": Rule(
            "warning", "The target lies a power of ten away from the measure's earlier targets."
        ),
        "target.later": Rule(
            "warning",
            "The target begins after every period reported, and meanwhile that of an earlier year is used.",
        ),
        "target.changed-unapproved": Rule(
            "warning", "The target was changed within the year, and no approval of the change is recorded."
        ),
        "target.stretch-worse": Rule("warning", "The stretch target is worse than the target itself."),
        "unit.unusual": Rule(
            "warning", "The unit is not written as everywhere else, such as 'percent' for '%'."
        ),
        "post.person": Rule(
            "warning", "A person is named, or an e-mail address, where only a post should be."
        ),
    }
)
"""Every rule that reading records may fire, in the order of reading."""

JUDGED: Mapping[str, Rule] = MappingProxyType(
    {
        "commentary.contradicts": Rule(
            "warning", "The commentary and its figures are to be read side by side."
        ),
        "commentary.unchanged": Rule(
            "note", "The commentary is that of the quarter before, but for dates and numbers."
        ),
        "certification.category": Rule(
            "warning", "A certification is recorded in another category than the rule gives."
        ),
        "series.falls-in-year": Rule("warning", "A count since 1 April is below the one before in the year."),
        "series.copied": Rule("warning", "Values repeat earlier ones more often than chance gives."),
        "series.digits": Rule("warning", "Values end in 0 or 5 far more often than chance gives."),
        "series.level-break": Rule(
            "note", "The level moved where the definition changed, by more than chance explains."
        ),
        "series.revised": Rule(
            "note", "A value was changed after it was reported, by more than noise explains."
        ),
        "series.definition-break": Rule(
            "note", "The definition changed within the quarters shown: values before are not compared."
        ),
    }
)
"""Rules that compare records with each other as at a day: no part of reading, so no snapshot holds what they find."""
