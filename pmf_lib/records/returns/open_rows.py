"""The arrangements that a directorate is sent back to bring up to date: what is still open of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pmf_lib.periods import Period
from pmf_lib.records.schema import RECORDED
from pmf_lib.records.standing import standing

ENDS: Mapping[str, tuple[str, ...]] = {
    "plans": (),
    "meetings": (),
    "escalations": ("decided_on",),
    "actions": ("done_on", "stopped_on"),
    "risks": ("closed_on",),
    "recommendations": ("done_on",),
    "registers": ("closed_on",),
}
"""Table that is sent filled → columns of which one tells that a row has ended; plans end by their last day, and of meetings
only those still planned are open."""


def open_rows(
    tables: Mapping[str, pd.DataFrame], directorate: str, quarter: Period
) -> dict[str, pd.DataFrame]:
    """The directorate's own rows as recorded last, without those that ended, plans over by the quarter's first day, and meetings
    of which it is known whether they were held.

    The day of recording is left empty: a row that comes back as it was sent says nothing new.
    """
    return {name: _open(name, tables[name], directorate, quarter) for name in ENDS if len(tables[name])}


def _open(name: str, rows: pd.DataFrame, directorate: str, quarter: Period) -> pd.DataFrame:
    own = standing(name, rows[rows["directorate"] == directorate], date.max)
    goes_on = own[list(ENDS[name])].isna().all(axis=1)
    if name == "plans":
        goes_on = own["valid_to"].isna() | (own["valid_to"] >= pd.Timestamp(quarter.start))
    if name == "meetings":
        goes_on = own["state"] == "planned"
    sent: pd.DataFrame = own[goes_on].copy()
    sent[RECORDED] = pd.Series(pd.NaT, sent.index, dtype="datetime64[us]")
    return sent
