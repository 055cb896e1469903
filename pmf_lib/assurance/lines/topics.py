"""Topics for the second line's review, by gap and risk: proposals for the Head of Internal Audit's consideration."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.lines.rules import AssuranceMapScheme

TOPICS = ("rank", "area", "title", "weight", "required", "provided", "why")
ALSO = {
    "control": "what was found there is weak",
    "conflict": "sources disagree",
    "stale": "a source has gone stale",
}
"""Kinds of finding that say more about a topic."""


def topics(areas: pd.DataFrame, findings: pd.DataFrame, scheme: AssuranceMapScheme) -> pd.DataFrame:
    """The areas with the largest gap times risk.

    Parameters
    ----------
    areas
        As from `cells.against`, the heaviest first.
    findings
        As from `pmf_lib.assurance.lines.findings.findings`.
    scheme
        How many topics at most.

    Returns
    -------
    DataFrame
        One row per topic: rank (from 1), area, title, weight (points missing times the rank of what is asked), required, provided (''
        for nothing known) and why, in words.
    """
    shown = areas[areas["weight"] > 0].head(scheme.topics_at_most).reset_index(drop=True)
    why = [_why(row, findings) for row in shown.to_dict("records")]
    made = shown.assign(
        rank=pd.Series(range(1, len(shown) + 1), shown.index, dtype="int64"),
        title=shown["name"],
        why=pd.Series(why, dtype="str"),
    )
    return made[list(TOPICS)]


def _why(area: dict[Any, Any], findings: pd.DataFrame) -> str:
    """What is asked and why, what there is, and what else the map shows of it."""
    has = "no source is recorded" if area["standing"] == "unknown" else f"it has {area['provided'] or 'none'}"
    here = [area["area"] in listed.split("; ") for listed in findings["areas"]]
    kinds = {kind for kind, is_here in zip(findings["kind"], here, strict=True) if is_here}
    also = [words for kind, words in ALSO.items() if kind in kinds]
    return f"{area['why']} {has[:1].upper()}{has[1:]}{''.join(f'; {words}' for words in also)}."
