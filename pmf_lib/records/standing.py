"""Arrangements as they were known at a day: of each entry the row recorded last on or before it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.records.schema import PROVENANCE, RECORDED, TABLES


def standing(name: str, rows: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """The rows of a table of arrangements in force at a day, under their own index.

    Parameters
    ----------
    name
        One of `pmf_lib.records.schema.ARRANGEMENTS`.
    rows
        Its rows, typed: one per key and day of recording.
    as_at
        A row recorded later is not known yet, and corrects nothing.

    Returns
    -------
    DataFrame
        One row per key without ``recorded_at``; the columns of the table.
    """
    known = rows[rows[RECORDED] <= pd.Timestamp(as_at)]
    by = [column for column in TABLES[name].key if column != RECORDED]
    ordered = known.sort_values([RECORDED, *PROVENANCE], kind="stable")
    return ordered.drop_duplicates(by, keep="last").sort_index()
