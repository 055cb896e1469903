"""Who assures what: areas by lines of assurance, how much and with what conclusion, against what the risk asks for.

How much assurance there is and what it concluded are two things and never made into one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmf_lib.assurance.lines import areas as rows
from pmf_lib.assurance.lines.cells import against, cells, worst_first
from pmf_lib.assurance.lines.findings import findings
from pmf_lib.assurance.lines.given import WHOLE, Given
from pmf_lib.assurance.lines.reach import reached
from pmf_lib.assurance.lines.rules import AssuranceMapScheme
from pmf_lib.assurance.lines.sources import RECORDED, sources
from pmf_lib.assurance.lines.told import Told
from pmf_lib.assurance.lines.topics import topics

__all__ = ["WHOLE", "AssuranceMap", "AssuranceMapScheme", "Given", "assurance_map"]


@dataclass(frozen=True)
class AssuranceMap:
    """The map of one council at one date."""

    areas: pd.DataFrame
    """One row per area, what matters most first (`cells.against`, `cells.worst_first`), with its name in sentences."""
    cells: pd.DataFrame
    """One row per area and line (`cells.cells`)."""
    sources: pd.DataFrame
    """One row per source (`sources.sources`)."""
    reached: pd.DataFrame
    """One row per source, area and part (`reach.reached`)."""
    findings: pd.DataFrame
    """One row per finding (`findings.findings`)."""
    topics: pd.DataFrame
    """Topics for review (`topics.topics`)."""
    is_sent: bool
    """Somebody sent the table of assurances."""
    has_risks: bool = True
    """Somebody sent the table of risks."""

    @property
    def nameless(self) -> pd.DataFrame:
        """Recorded sources that name no area of the map."""
        own = self.sources[self.sources["made_of"] == RECORDED]
        return own[~own["source"].isin(self.reached["source"])]


def assurance_map(given: Given) -> AssuranceMap:
    """The map, its findings and the topics for review, from what is known of the whole council."""
    made = rows.areas(given)
    parts = rows.parts(given, made)
    known = sources(given)
    reach = reached(given, known, parts)
    told = cells(made, parts, known, reach, given.scheme)
    ranked = worst_first(against(named(made), told, given.scheme))
    is_sent = given.assurances is not None
    whose = {one.id: one.name for one in given.council.directorates}
    told_from = Told(
        ranked,
        told,
        known,
        reach,
        given.scheme,
        is_sent,
        given.framework.markers_word,
        whose,
        is_own=given.is_own,
    )
    shown = findings(told_from)
    is_asked = is_sent and given.is_own
    asked = topics(ranked if is_asked else ranked.iloc[:0], shown, given.scheme)
    has_risks = given.risks is not None
    return AssuranceMap(ranked, told, known, reach, shown, asked, is_sent, has_risks)


def named(areas: pd.DataFrame) -> pd.DataFrame:
    """The same areas, each with its name in sentences: a group by its words, another by its title in quotation marks.

    >>> made = pd.DataFrame(
    ...     {"kind": ["group", "node"], "title": ["planning", "People are well"], "number": [None, 5.0]}
    ... )
    >>> named(made)["name"].tolist()
    ['planning', '“5. People are well”']
    """
    return areas.assign(
        name=pd.Series([_name(row) for row in areas.to_dict("records")], areas.index, dtype="str")
    )


def _name(row: dict[Any, Any]) -> str:
    if row["kind"] == "group":
        return str(row["title"])
    number = "" if pd.isna(row["number"]) else f"{int(row['number'])}. "
    return f"“{number}{row['title']}”"
