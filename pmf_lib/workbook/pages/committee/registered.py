"""What the kept registers and the counts of conversations say, in a sentence each: obligations, training, consultations."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import by, still_open
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.workbook.pages.lived.embedding import share_of
from pmf_lib.workbook.pieces.words import counted, out_of, percent, plural

YEAR = 12


def obligations(records: Evidence, *_: object) -> str:
    """How many obligations to others stand open past their day."""
    rows = _entries(records, "obligations")
    if rows.empty:
        return "The register of obligations to others has no entry."
    due = rows[rows["due_on"] <= pd.Timestamp(records.as_at)]
    late = still_open(due, records.as_at, "closed_on", start="opened_on")
    if late.empty:
        return f"None of {counted(len(due), 'obligation', in_words=True)} to others whose day has gone by stands open."
    return (
        f"{out_of(len(late), len(due), 'obligation')} to others whose day has gone by {plural(len(late), 'stands', 'stand')} "
        f"open: {'; '.join(late['title'].head(3))}."
    )


def training(records: Evidence, *_: object) -> str:
    """How many entries of training the last twelve months brought."""
    rows = _of_year(records, "training")
    if rows.empty:
        return "No training is on the register in the last twelve months."
    held = int(by(rows["closed_on"], records.as_at).notna().sum())
    return f"{share_of(held, len(rows), 'entry of training', 'entries of training')} of the last twelve months {plural(held or 1, 'is', 'are')} finished."


def consultations(records: Evidence, *_: object) -> str:
    """How many consultations the last twelve months brought, and of how many it is said what came of them."""
    rows = _of_year(records, "consultations")
    if rows.empty:
        return "No consultation is on the register in the last twelve months."
    told = int((rows["outcome"] != "").sum())
    return f"{share_of(told, len(rows), 'consultation')} of the last twelve months {plural(told or 1, 'says', 'say')} what came of {plural(told or 1, 'it', 'them')}."


def conversations(records: Evidence, *_: object) -> str:
    """What share of staff had their performance conversation in the financial year so far."""
    rows = records.kept("conversations")
    rows = rows[rows["year"] == records.quarter.financial_year.label]
    staff, held = (float(rows[name].sum()) for name in ("staff_n", "held_n"))
    if not staff:
        return "No performance conversations of the year are counted yet."
    return f"{percent(100 * held / staff, 0)} of staff had their performance conversation in the year so far."


def _of_year(records: Evidence, register: str) -> pd.DataFrame:
    """Entries that were opened within twelve months before the as-at date."""
    rows, day = _entries(records, register), pd.Timestamp(records.as_at)
    return rows[(rows["opened_on"] <= day) & (rows["opened_on"] > day - pd.DateOffset(months=YEAR))]


def _entries(records: Evidence, register: str) -> pd.DataFrame:
    rows = records.kept("registers")
    return rows[rows["register"] == register]
