"""What senders counted and summed themselves, held against what was read from their returns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib.records import faults, findings
from pmf_lib.records.parse import Records
from pmf_lib.records.raw import Raw
from pmf_lib.records.reads import OF_RETURNS, READ_COLUMNS
from pmf_lib.records.returns.read import Totals

NOT_STATED = (math.nan, math.nan)
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Delivery:
    """A return that is part of the records: its file, whose it is, when it came, its rows, and both sides of its control.

    ``read`` and ``stated``: by table, rows and the sum of their figures; stated is NaN where nobody said.
    """

    label: str
    directorate: str
    day: date
    raw: Raw
    read: Mapping[str, Totals]
    stated: Mapping[str, Totals] | None
    quarter: str
    number: int
    """Which one of its day it is."""
    hides: bool = False
    """Does it hold a number that is not to be shown?"""

    @property
    def order(self) -> tuple[date, str, str, int]:
        """What returns are sorted by: a later one is in force over those before."""
        return self.day, self.quarter, self.directorate, self.number

    def stated_of(self, table: str) -> Totals:
        """What the sender says of one table."""
        return self._told((self.stated or {}).get(table, NOT_STATED), table)

    def read_of(self, table: str) -> Totals:
        """What was read of one table."""
        return self._told(self.read[table], table)

    def _told(self, totals: Totals, table: str) -> Totals:
        """No sum of what holds numbers that are not shown: less the others, it would tell them."""
        return (totals[0], math.nan) if self.hides and table == "observations" else totals


def held_against(records: Records, deliveries: Iterable[Delivery]) -> Records:
    """Records with the returns' statements in their reads, findings where they differ, and each fault with its sender."""
    deliveries = [dataclasses.replace(one, hides=one.label in records.hiding) for one in deliveries]
    if not deliveries:
        return records
    reads = _reads(records.reads, deliveries)
    found = findings.gathered([records.findings, *map(_differing, deliveries)])
    senders = {one.label: one.directorate for one in deliveries}
    told = found["source_file"].map(senders).astype("object")
    found["directorate"] = told.where(told.notna(), found["directorate"]).astype("str")
    return dataclasses.replace(records, reads=reads, findings=findings.in_order(found))


def _reads(reads: pd.DataFrame, deliveries: list[Delivery]) -> pd.DataFrame:
    """Reads with one row per table of each return, also where it held no row."""
    said = pd.DataFrame(
        [
            (table, one.label, one.directorate, one.day.isoformat(), *one.stated_of(table))
            for one in deliveries
            for table in one.read
        ],
        columns=["table", "source_file", *OF_RETURNS],
    )
    own = reads.drop(columns=list(OF_RETURNS)).merge(said, on=["table", "source_file"], how="outer")
    whole = dict.fromkeys(("rows_read", "rows_kept", "rows_left_out"), "int64")
    texts = dict.fromkeys(("table", "source_file", "directorate", "delivered"), "str")
    none = {"control_total": 0.0, "directorate": "", "delivered": "", "is_sent": False}
    own = own.fillna({**dict.fromkeys(whole, 0), **none})
    order = {name: at for at, name in enumerate(reads["table"].unique())}
    own = own.astype({**whole, **texts, "is_sent": "bool"}).sort_values(
        ["table", "delivered", "source_file"],
        key=lambda column: column.map(order) if column.name == "table" else column,
    )
    return own[list(READ_COLUMNS)].reset_index(drop=True)


def _differing(one: Delivery) -> pd.DataFrame:
    """A finding for each table whose rows or sum are not what the sender says."""
    parts = [findings.none()]
    for table in one.read:
        read, stated = one.read_of(table), one.stated_of(table)
        if any(_differ(said, got) for said, got in zip(stated, read, strict=True)):
            place = pd.DataFrame({"source_file": [one.label], "source_sheet": [table], "source_row": [1]})
            place["measure_id"] = ""
            said = f"{_words(stated)}, as the cover says"
            parts.append(faults.control_differs(table, place, _words(read), said))
    return findings.gathered(parts)


def _differ(said: float, got: float) -> bool:
    return not math.isnan(said) and abs(said - got) > TOLERANCE * max(1.0, abs(got))


def _words(totals: Totals) -> str:
    rows, total = ("?" if math.isnan(each) else f"{each:,.6f}".rstrip("0").rstrip(".") for each in totals)
    return f"{rows} rows with a sum of {total}"
