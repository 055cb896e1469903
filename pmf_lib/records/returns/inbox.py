"""Where collected returns are kept: each workbook as it came, never overwritten, and a receipt beside it.

    <folder>/<quarter>/<directorate>/<day received>[-<n>].xlsx, and .json

The receipt is written last: a workbook without one was not taken to its end, and is not read.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from pmf_lib import policy, settings
from pmf_lib.council import Council, Returns
from pmf_lib.errors import RecordsError, SettingsError
from pmf_lib.periods import Period, parse_quarter
from pmf_lib.records.returns.book import opened
from pmf_lib.records.returns.control import Delivery
from pmf_lib.records.returns.read import delivered, read_content, read_cover
from pmf_lib.store import files

Kind = Literal["return", "certification"]
"""What a workbook is: a directorate's return, or the row of an auditor's worksheet, which is nobody's return."""


class Receipt(policy.Policy):
    """What is known of one return: whose it is, when and how it came, and what was read from it on that day."""

    council: str
    kind: Kind = "return"
    quarter: str
    directorate: str
    received: date
    received_by: str
    file: str
    """The name that it came under; only ever shown."""
    kept_as: str
    sha256: str
    rows_read: int
    rows_kept: int
    rows_left_out: int
    rows_unfilled: int
    findings: int
    control_totals: dict[str, float]
    stated_totals: dict[str, float | None]
    notes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    """The measures in it that were its sender's on that day: its rows of them stay when they move."""

    @property
    def period(self) -> Period:
        """The quarter as a period."""
        return parse_quarter(self.quarter)


@dataclass(frozen=True)
class Kept:
    """One return in the inbox."""

    receipt: Receipt
    path: Path
    label: str
    """Its path as reports print it."""
    number: int
    """Which one of its day it is."""

    @property
    def order(self) -> tuple[date, str, str, int]:
        """What returns are sorted by: a later one is in force over those before."""
        return self.receipt.received, self.receipt.quarter, self.receipt.directorate, self.number


def policy_of(council: Council) -> Returns:
    """What the council's file says about returns.

    Raises
    ------
    SettingsError
        It says nothing.
    """
    if council.returns is None:
        raise SettingsError(
            f"parameters/councils/{council.id}.yml does not say where returns are kept. Add, for example: "
            f"returns: {{folder: data/returns/{council.id}, due_days: 20, collected_by: Performance Manager}}"
        )
    return council.returns


def kept(council: Council) -> list[Kept]:
    """Every return that was taken, in the order of the days received; none where the folder is not there yet.

    Raises
    ------
    RecordsError
        A receipt can't be read, or its workbook is gone.
    """
    if council.returns is None:
        return []
    home = settings.root() / council.returns.folder
    found = [_kept(path, council.returns.folder, home) for path in sorted(home.glob("*/*/*.json"))]
    return sorted(found, key=lambda one: one.order)


def without_receipt(council: Council) -> list[str]:
    """Workbooks that lie in the inbox and were not taken to their end."""
    home = settings.root() / policy_of(council).folder
    books = [path for path in sorted(home.glob("*/*/*")) if path.suffix in (".xlsx", ".ods")]
    return [path.relative_to(home).as_posix() for path in books if not path.with_suffix(".json").exists()]


def deliveries(council: Council, as_at: date | None = None) -> list[Delivery]:
    """Every return that had been received by a day (by now, if none is given), as it was kept.

    Raises
    ------
    RecordsError
        A workbook is not the one that was received.
    """
    return [_delivery(one) for one in kept(council) if as_at is None or one.receipt.received <= as_at]


def next_name(council: Council, quarter: Period, directorate: str, day: date) -> str:
    """What a return received on this day will be kept as, without its ending."""
    folder = _folder(council, quarter, directorate)
    taken = {path.stem for path in folder.glob(f"{day.isoformat()}*")}
    number = 1
    while _stem(day, number) in taken:
        number += 1
    return _stem(day, number)


def label_of(council: Council, quarter: Period, directorate: str, name: str) -> str:
    """How records name a return of this file name."""
    return f"{policy_of(council).folder}/{quarter.path}/{directorate}/{name}"


def keep(council: Council, receipt: Receipt, content: bytes) -> Path:
    """Keep a workbook and its receipt; neither may be there yet.

    Raises
    ------
    RecordsError
        Another command has just taken a return of the same name.
    """
    path = _folder(council, receipt.period, receipt.directorate) / receipt.kept_as
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise RecordsError(
            f"'{receipt.kept_as}' has just been taken by another command. Collect again."
        ) from None
    files.write_json(path.with_suffix(".json"), json.loads(receipt.model_dump_json()))
    return path


def _kept(path: Path, folder: str, home: Path) -> Kept:
    where = f"{folder}/{path.relative_to(home).as_posix()}"
    try:
        receipt = Receipt.model_validate(files.read_json(path))
    except (OSError, ValueError, ValidationError) as error:
        raise RecordsError(f"{where} is no receipt of a return. Put it back from a copy.") from error
    book = path.with_name(Path(receipt.kept_as).name)
    if not book.is_file():
        raise RecordsError(f"{where} speaks of '{receipt.kept_as}', which is gone. Put it back from a copy.")
    label = f"{folder}/{book.relative_to(home).as_posix()}"
    return Kept(receipt, book, label, number_of(path.stem))


def _delivery(one: Kept) -> Delivery:
    content = one.path.read_bytes()
    if digest(content) != one.receipt.sha256:
        raise RecordsError(
            f"{one.label} is not what was received on {one.receipt.received.isoformat()}: its content has changed. "
            "Put it back from a copy, or collect the changed workbook as a return of its own."
        )
    book = opened(content, one.label)
    held, said = read_content(book, one.label), one.receipt
    raw = delivered(held.raw, said.received, said.directorate, said.measures)
    stated = read_cover(book).stated
    return Delivery(
        one.label, said.directorate, said.received, raw, held.read, stated, said.quarter, one.number
    )


def _folder(council: Council, quarter: Period, directorate: str) -> Path:
    return settings.root() / policy_of(council).folder / quarter.path / council.directorate(directorate).id


def _stem(day: date, number: int) -> str:
    return day.isoformat() if number == 1 else f"{day.isoformat()}-{number}"


def number_of(stem: str) -> int:
    """Which one of its day a return is, from what it is kept as."""
    rest = stem[len("2024-09-30-") :]
    return int(rest) if rest.isdecimal() else 1


def digest(content: bytes) -> str:
    """The sha256 of a workbook's bytes."""
    return sha256(content).hexdigest()
