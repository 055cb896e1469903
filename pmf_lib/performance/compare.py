"""What changed between two runs, and why: one input is exchanged at a time, and what moves with it is its doing.

The steps are taken in a declared order: today's policy and code on the earlier records; then today's targets; the later
date (of a new quarter: part of the new period); today's records of the periods that had a value; and what is of a later
period. A change that shows in several steps has several causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

CAUSES = {
    "policy": "policy",
    "code": "code",
    "target": "target",
    "date": "later date",
    "data": "revised data",
    "period": "new period",
    "unknown": "cause not told apart",
}
"""Code → word, in the order of testing."""
LISTED = "listed"
"""What is said to have changed of a row that one of the two runs does not have."""
Step = tuple[tuple[str, ...], pd.DataFrame]
"""Causes that a step may have, and the frame after it."""


def changes(
    before: pd.DataFrame, steps: Sequence[Step], *, keys: Sequence[str], facets: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """What differs between `before` and the last step, with the causes of the steps in which it moved.

    Parameters
    ----------
    before
        One row per key, as recorded by the earlier run.
    steps
        In the order of testing: the causes that the step may have, and the same frame after it. The last is today's.
    keys
        Columns that name a row.
    facets
        What is compared → the columns that say it. A column that a frame lacks counts as empty there.

    Returns
    -------
    DataFrame
        One row per key and facet that differs, keys in the order of today's frame, then those that went: the keys,
        facet (`LISTED` alone where one run does not have the row), cause (codes joined by ``; ``).

    Source
    ------
    A choice of this workbook: docs/decisions/0008-papers.md.

    >>> was, now = (
    ...     pd.DataFrame({"id": ["a"], "state": ["met"]}),
    ...     pd.DataFrame({"id": ["a"], "state": ["near"]}),
    ... )
    >>> steps = [(("target",), was), (("period",), now)]
    >>> changes(was, steps, keys=["id"], facets={"status": ["state"]}).to_dict("records")
    [{'id': 'a', 'facet': 'status', 'cause': 'period'}]
    """
    frames = [before, *(frame for _, frame in steps)]
    rows = _all_keys([frames[-1], *frames], keys)
    said = [_said(frame, rows, keys, facets) for frame in frames]
    found = [
        rows.assign(facet=facet, cause=_causes(said, steps, facet))[_differs(said, facet)]
        for facet in (LISTED, *facets)
    ]
    listed = pd.concat(found).sort_index(kind="stable").reset_index(drop=True)
    return listed.astype({"facet": "str", "cause": "str"})


def _all_keys(frames: Sequence[pd.DataFrame], keys: Sequence[str]) -> pd.DataFrame:
    named = pd.concat([frame[list(keys)] for frame in frames if len(frame)] or [frames[0][list(keys)]])
    return named.drop_duplicates().reset_index(drop=True)


def _said(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str], facets: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """One text per facet and row, None where the frame has no such row."""
    columns = {facet: _texts(frame, names) for facet, names in facets.items()}
    own = frame[list(keys)].assign(**columns, **{LISTED: "yes"}).drop_duplicates(list(keys))
    return rows.merge(own, on=list(keys), how="left")[[LISTED, *facets]].astype(object)


def _texts(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series[str]:
    parts = [frame[name].map(_text) if name in frame else pd.Series("", frame.index) for name in names]
    joined = pd.Series("", frame.index, dtype=object)
    for part in parts:
        joined = joined + part + "\x1f"
    return joined


def _text(value: Any) -> str:
    """A cell as text: 1 and 1.0 are the same, and what is missing is empty."""
    if pd.isna(value):
        return ""
    return repr(float(value)) if isinstance(value, int | float) else str(value)


def _differs(said: Sequence[pd.DataFrame], facet: str) -> pd.Series[bool]:
    """Rows that both runs have and that say something else now; of `LISTED`, rows that only one of them has."""
    first, last = said[0], said[-1]
    both = first[LISTED].notna() & last[LISTED].notna()
    if facet == LISTED:
        return ~both & (first[LISTED].notna() | last[LISTED].notna())
    return both & (first[facet] != last[facet])


def _causes(said: Sequence[pd.DataFrame], steps: Sequence[Step], facet: str) -> pd.Series[str]:
    """Per row the causes of the steps in which the facet moved, each once, in the order of `CAUSES`."""
    moved = [said[at][facet].fillna("\x00") != said[at + 1][facet].fillna("\x00") for at in range(len(steps))]
    found = pd.Series("", said[0].index, dtype=object)
    for code in CAUSES:
        for (causes, _), rows in zip(steps, moved, strict=True):
            fresh = rows & (code in causes) & ~found.str.endswith(f"{code}; ")
            found = found.where(~fresh, found + f"{code}; ")
    return found.str.removesuffix("; ")
