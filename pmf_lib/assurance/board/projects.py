"""Open projects and benefits on the unit's register: how each is rated, when it was last looked at, and what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.checks.common import is_older, last_looked_on
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import date_words

PROJECTS = ("entry_id", "title", "owner", "rating", "looked_on", "is_old", "source_file", "source_row")
ALARMING = ("red", "amber")


def open_projects(evidence: Evidence, scheme: BoardScheme) -> pd.DataFrame:
    """The projects that are open on the as-at date, and whether their ratings are too old to be relied on.

    Returns
    -------
    DataFrame
        One row per project, as registered: entry_id, title, owner, rating (or ''), looked_on (the last day on which it began
        or was reviewed; NaT where none is recorded), is_old (that day lies further back than
        `BoardScheme.projects_reviewed_within_months`, or there is none), source_file, source_row.

    Raises
    ------
    NotSentError
        Nobody sent the table of registers.
    """
    rows = _open(evidence, "projects")
    looked = last_looked_on(rows, evidence.as_at, "opened_on")
    old = is_older(looked, scheme.projects_reviewed_within_months, evidence.as_at) | looked.isna()
    return rows.assign(looked_on=looked, is_old=old)[list(PROJECTS)].reset_index(drop=True)


def projects_words(evidence: Evidence, scheme: BoardScheme) -> str:
    """The open projects in a sentence: those rated red or amber and those not looked at are named, the others counted."""
    rows = open_projects(evidence, scheme)
    if rows.empty:
        return "The register holds no open project."
    named = rows["is_old"] | rows["rating"].isin(ALARMING)
    if (~named).sum() == 1:
        named = named | ~named
    said = [f"“{one['title']}”, {rating_words(one)}" for one in rows[named].to_dict("records")]
    rest = rows.loc[~named, "rating"].value_counts(sort=False)
    said += [f"{'each' if n == len(rows) else n} {_rated(str(rating))}" for rating, n in rest.items()]
    return f"{len(rows)} open project{'s' if len(rows) > 1 else ''}: {'; '.join(said)}."


def rating_words(one: Mapping[Any, Any]) -> str:
    """How a project is rated, and of an old rating when anybody last looked.

    >>> old = {"rating": "green", "is_old": True, "looked_on": pd.Timestamp("2008-04-01")}
    >>> rating_words(old), rating_words({**old, "is_old": False})
    ('rated green on 1 April 2008 and not looked at since', 'rated green')
    """
    rated = _rated(one["rating"])
    if not one["is_old"]:
        return rated
    if pd.isna(one["looked_on"]):
        return f"{rated}, and nobody says when it was looked at"
    day = date_words(one["looked_on"].date())
    return (
        f"{rated} on {day} and not looked at since"
        if one["rating"]
        else f"{rated}, and not looked at since {day}"
    )


def benefits_words(evidence: Evidence) -> str:
    """What was planned of each open benefit and how much of it is achieved, in a sentence."""
    rows = _open(evidence, "benefits")
    if rows.empty:
        return "The register holds no open benefit."
    return f"{'; '.join(_benefit(one) for one in rows.to_dict('records'))}."


def _benefit(one: Mapping[Any, Any]) -> str:
    """How much of one benefit is achieved."""
    planned = (
        "what is planned is not recorded"
        if pd.isna(one["planned"])
        else f"{one['planned']:,g} {one['unit']}".strip()
    )
    if pd.isna(one["achieved"]):
        return f"“{one['title']}”: {planned}" + (
            "" if pd.isna(one["planned"]) else " planned, nothing recorded as achieved"
        )
    if pd.isna(one["planned"]):
        return f"“{one['title']}”: {one['achieved']:,g} {one['unit']}".strip() + f" achieved; {planned}"
    return f"“{one['title']}”: {one['achieved']:,g} of {planned} achieved"


def _open(evidence: Evidence, register: str) -> pd.DataFrame:
    """Entries of a register that had not ended by the as-at date; one that tells no first day counts as begun."""
    rows, today = evidence.kept("registers"), pd.Timestamp(evidence.as_at)
    is_open = ~(rows["opened_on"] > today) & ~(rows["closed_on"] <= today)
    return rows[(rows["register"] == register) & is_open]


def _rated(rating: str) -> str:
    return f"rated {rating}" if rating else "not rated"
