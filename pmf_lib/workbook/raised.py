"""The list of recommendations that the last issued paper kept, with what management answered since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmf_lib.assurance.followup.answered import answered
from pmf_lib.decisions import Response
from pmf_lib.workbook.baseline import Baseline

SCRAP = "raised"
"""The scrap in which the report to the Audit Committee keeps its list."""
ANSWERS = ("unit_id", "clause", "answer", "action", "owner", "due_on")


@dataclass(frozen=True)
class Kept:
    """The newest list that was issued, and the paper that kept it."""

    rows: pd.DataFrame
    paper: Baseline


def last(baseline: Baseline | None) -> Kept | None:
    """The list that the last issued paper kept, with its answers; else that of the newest paper before it that kept one.

    Answers of papers issued since then count too. None where no paper kept a list.

    Raises
    ------
    StoreError
        A paper is not as it was issued.
    """
    papers: list[Baseline] = []
    for paper in _backwards(baseline):
        papers.insert(0, paper)
        rows = paper.council_frame(SCRAP)
        if rows is not None:
            said = [response for one in papers for response in one.responses]
            return Kept(answered(rows, answers(said)), paper)
    return None


def _backwards(baseline: Baseline | None) -> Iterator[Baseline]:
    """The issued paper and those before it, each the one that the next was compared with."""
    while baseline is not None:
        yield baseline
        baseline = baseline.earlier


def answers(responses: Iterable[Response]) -> pd.DataFrame:
    """One row per response, in their order: unit_id, clause, answer, action (of what is rejected: why), owner, due_on."""
    rows: list[dict[str, Any]] = [
        {
            "unit_id": one.unit,
            "clause": one.about,
            "answer": one.answer,
            "action": one.action if one.answer == "accepted" else one.note,
            "owner": one.by,
            "due_on": pd.Timestamp(one.due) if one.due and one.answer == "accepted" else pd.NaT,
        }
        for one in responses
    ]
    kinds = {**dict.fromkeys(ANSWERS[:-1], "str"), "due_on": "datetime64[us]"}
    return pd.DataFrame(rows, columns=list(ANSWERS)).astype(kinds)
