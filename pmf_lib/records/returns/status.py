"""Who has sent what: one entry a directorate, with what is late, faulty or awaited, and whom to chase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pmf_lib.council import Council, Directorate
from pmf_lib.periods import Period, date_words
from pmf_lib.records.check import Nodes
from pmf_lib.records.collect import collect
from pmf_lib.records.returns import inbox
from pmf_lib.records.returns.awaited import awaited
from pmf_lib.records.returns.inbox import Kept
from pmf_lib.records.returns.template import due_on

NO_OWNER = "no owner named"


@dataclass(frozen=True)
class Standing:
    """How one directorate stands in a quarter.

    ``received``: days of its returns; ``days_late`` of the first (negative: early; of none: so far). ``rows`` and
    ``faults`` are the last return's. ``awaited``: figures not there; ``chase``: post → measures whose figure is overdue.
    """

    directorate: str
    name: str
    director: str
    due: date
    received: tuple[date, ...]
    days_late: int
    rows: int
    faults: int
    awaited: int
    overdue: int
    chase: dict[str, tuple[str, ...]]

    @property
    def words(self) -> str:
        """Received when, and how that stands to the due date."""
        if not self.received:
            late = f", {self.days_late} days overdue" if self.days_late > 0 else ""
            return f"nothing received{late}"
        when = "on time" if self.days_late <= 0 else f"{self.days_late} days late"
        return f"{date_words(self.received[0])}, {when}"

    def as_json(self) -> dict[str, Any]:
        """Plain content, dates as ISO text."""
        plain = {
            **self.__dict__,
            "due": self.due.isoformat(),
            "received": [day.isoformat() for day in self.received],
        }
        return {**plain, "chase": {post: list(measures) for post, measures in self.chase.items()}}


def standing(council: Council, quarter: Period, as_at: date, nodes: Nodes) -> list[Standing]:
    """How each directorate stands in a quarter on a day, in the council's order.

    Raises
    ------
    SettingsError
        The council's file does not say where returns are kept.
    RecordsError
        Records can't be read at all.
    """
    inbox.policy_of(council)
    returns = [one for one in inbox.kept(council) if one.receipt.kind == "return"]
    came = [one for one in returns if one.receipt.received <= as_at]
    records = collect(council, nodes=nodes, as_at=as_at)
    faults = records.findings["source_file"].value_counts()
    waiting = awaited(records, quarter, as_at)
    mine = [one for one in came if one.receipt.quarter == quarter.label]
    return [
        _standing(each, (due_on(council, quarter), as_at), _of(each, mine), faults, _rows_of(each, waiting))
        for each in council.directorates
    ]


def _of(directorate: Directorate, returns: Iterable[Kept]) -> list[Kept]:
    return [one for one in returns if one.receipt.directorate == directorate.id]


def _rows_of(directorate: Directorate, waiting: pd.DataFrame) -> pd.DataFrame:
    return waiting[waiting["directorate"] == directorate.id]


def _standing(
    directorate: Directorate,
    days: tuple[date, date],
    returns: list[Kept],
    faults: pd.Series,
    waiting: pd.DataFrame,
) -> Standing:
    """One directorate; `days`: when its return is due, and the day on which it is looked at."""
    due, as_at = days
    overdue = waiting[waiting["due_on"] < as_at]
    first = returns[0].receipt.received if returns else as_at
    return Standing(
        directorate=directorate.id,
        name=directorate.name,
        director=directorate.director,
        due=due,
        received=tuple(one.receipt.received for one in returns),
        days_late=(first - due).days,
        rows=returns[-1].receipt.rows_read if returns else 0,
        faults=int(faults.get(returns[-1].label, 0)) if returns else 0,
        awaited=len(waiting),
        overdue=len(overdue),
        chase=_chase(overdue),
    )


def _chase(overdue: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Post → measures, in order."""
    found: dict[str, list[str]] = {}
    for post, measure in zip(overdue["owner"], overdue["measure_id"], strict=True):
        measures = found.setdefault(post or NO_OWNER, [])
        if measure not in measures:
            measures.append(measure)
    return {post: tuple(measures) for post, measures in sorted(found.items())}
