"""The records of an edition, with the scheme and what earlier public papers showed read from where they lie."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib import editions, settings
from pmf_lib.errors import StoreError
from pmf_lib.periods import parse_date
from pmf_lib.records import snapshot
from pmf_lib.records.editions import scheme
from pmf_lib.records.editions.public import public
from pmf_lib.records.parse import Records
from pmf_lib.store import issued
from pmf_lib.store.issued import Paper


def of_edition(records: Records, edition: str, council: str, as_at: date) -> Records:
    """Records as checked, made into those of this edition; the full and the exempt edition have all of them.

    Raises
    ------
    PolicyError
        ``parameters/schemes/disclosure.yml`` says something that is not understood.
    """
    if edition != editions.PUBLIC:
        return records
    return public(records, scheme.load(), as_at, shown_before(council, as_at))


def shown_before(council: str, as_at: date) -> pd.DataFrame | None:
    """Observations in the council's public papers issued on records as at this day or before; None where there are none.

    A paper whose records this workbook can no longer read is passed over: it shows no figure here.
    """
    papers = [
        paper
        for paper in issued.readable()
        if (paper.council, paper.edition) == (council, editions.PUBLIC) and parse_date(paper.as_at) <= as_at
    ]
    frames = [frame for frame in map(_observations, papers) if frame is not None]
    return pd.concat(frames, ignore_index=True) if frames else None


def _observations(paper: Paper) -> pd.DataFrame | None:
    try:
        return snapshot.load(issued.run_of(paper).snapshot, settings.store()).table("observations")
    except StoreError:
        return None
