"""Taking a return: read it with suspicion, check it against all records, keep it, and say what was taken and what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, RecordsError, unknown
from pmf_lib.periods import Period, parse_quarter
from pmf_lib.records.check import Nodes
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records
from pmf_lib.records.returns import inbox
from pmf_lib.records.returns.book import Book, opened
from pmf_lib.records.returns.control import Delivery
from pmf_lib.records.returns.inbox import Receipt
from pmf_lib.records.returns.marked import cells, faults, shown_name, worded_by_cell
from pmf_lib.records.returns.read import Content, Cover, delivered, measures_of, read_content, read_cover
from pmf_lib.records.returns.sheets import workbook_bytes
from pmf_lib.records.returns.template import Whose, form
from pmf_lib.store import files

SHOWN = 80
CERTIFICATIONS = "certifications"


@dataclass(frozen=True)
class Asked:
    """For whom a return is collected, when it came, and what the command line says of it ('' where nothing)."""

    council: Council
    quarter: Period
    nodes: Nodes
    received: date
    received_by: str = ""
    directorate: str = ""
    kind: inbox.Kind = "return"


@dataclass(frozen=True)
class Taken:
    """A return as taken: its receipt, its faults in its sender's terms, and the copy to be mended ('' if none).

    ``faults``: the findings (`pmf_lib.records.schema.FINDING_COLUMNS`) with ``cell`` and ``message``. ``changes``: sentences
    about older rows that it supersedes. ``is_new``: False where the very same workbook had been taken before.
    """

    receipt: Receipt
    faults: pd.DataFrame
    changes: tuple[str, ...]
    to_mend: str
    is_new: bool = True


@dataclass(frozen=True)
class _Came:
    """One workbook on its way in: its bytes and name, whose it is, what it holds, and what it will be kept as."""

    content: bytes
    name: str
    whose: Whose
    cover: Cover
    held: Content
    stem: str
    kind: str

    @property
    def kept_as(self) -> str:
        return self.stem + self.kind

    @property
    def label(self) -> str:
        whose = self.whose
        return inbox.label_of(whose.council, whose.quarter, whose.directorate.id, self.kept_as)


def take(content: bytes, file: str, asked: Asked) -> Taken:
    """Take one filled workbook; its good rows are part of the council's records from now on.

    Raises
    ------
    RecordsError
        It can't be read at all, or is not of this council.
    ParameterError
        It names no directorate of the council, and none was given.
    """
    name = shown_name(file)
    book = opened(content, name)
    cover = read_cover(book)
    whose = _whose(cover, book, asked)
    before = _before(content, asked, whose)
    if before:
        return Taken(before, _no_faults(), (), "", is_new=False)
    held = read_content(book, name)
    _refuse_own_certifications(held, name, asked.kind)
    stem = inbox.next_name(asked.council, whose.quarter, whose.directorate.id, asked.received)
    came = _Came(content, name, whose, cover, held, stem, book.kind)
    records = _checked(came, asked)
    found = records.findings[records.findings["source_file"] == came.label].reset_index(drop=True)
    receipt = _receipt(came, asked, records, len(found))
    inbox.keep(asked.council, receipt, content)
    to_mend = _write_to_mend(came, found, records) if len(found) else ""
    places = came.held.places
    told = found.assign(cell=cells(found, places), message=worded_by_cell(found, name, places))
    return Taken(receipt, told, _changes(records, came.label), to_mend)


def _refuse_own_certifications(held: Content, name: str, kind: inbox.Kind) -> None:
    """A directorate certifies none of its own measures: certifications come from an auditor's worksheet."""
    rows = held.raw.get(CERTIFICATIONS)
    if kind == "return" and rows is not None and len(rows):
        raise RecordsError(
            f"{name}, sheet '{CERTIFICATIONS}': got {len(rows)} filled {'row' if len(rows) == 1 else 'rows'}, expected none in the "
            "return of a directorate, since nobody certifies their own figures. Empty the sheet and send the return again; an "
            "auditor's worksheet is collected with 'pmf certify collect'."
        )


def _whose(cover: Cover, book: Book, asked: Asked) -> Whose:
    """Council, directorate and quarter from the plain block on the cover; the command line's directorate goes first."""
    council = asked.council
    if cover.council and cover.council != council.id:
        raise RecordsError(
            f"{book.name} is a return of the council '{cover.council[:SHOWN]}', expected '{council.id}'. Collect it with "
            "that council's run file (--run)."
        )
    wanted = asked.directorate or cover.directorate
    options = [one.id for one in council.directorates]
    if not wanted:
        raise ParameterError(
            f"{book.name} does not say on its cover ('Directorate id') which directorate it is from. "
            f"Give it with --directorate, one of: {', '.join(options)}."
        )
    if wanted not in options:
        mend = "Correct it on the cover, or give --directorate."
        raise ParameterError(f"{book.name}: {unknown('directorate', wanted[:SHOWN], options, mend)}")
    return Whose(council, council.directorate(wanted), _quarter(cover, book, asked), asked.nodes)


def _quarter(cover: Cover, book: Book, asked: Asked) -> Period:
    if not cover.quarter:
        return asked.quarter
    try:
        return parse_quarter(cover.quarter[:SHOWN])
    except ParameterError as error:
        raise RecordsError(f"{book.name}, sheet 'Cover', 'Quarter': {error}") from None


def _before(content: bytes, asked: Asked, whose: Whose) -> Receipt | None:
    """The receipt of the very same workbook, if it has been taken and is the last of its kind, directorate and quarter."""
    same = (asked.kind, whose.quarter.label, whose.directorate.id)
    receipts = (one.receipt for one in inbox.kept(asked.council))
    own = [one for one in receipts if (one.kind, one.quarter, one.directorate) == same]
    return own[-1] if own and own[-1].sha256 == inbox.digest(content) else None


def _checked(came: _Came, asked: Asked) -> Records:
    """All records with this return among them, as the next run will read them."""
    directorate = came.whose.directorate.id
    raw = {
        name: frame.assign(source_file=pd.Series(came.label, frame.index, dtype="str"))
        for name, frame in delivered(came.held.raw, asked.received, directorate).items()
    }
    place = came.whose.quarter.label, inbox.number_of(came.stem)
    own = Delivery(came.label, directorate, asked.received, raw, came.held.read, came.cover.stated, *place)
    every = [*inbox.deliveries(asked.council), own]
    return collect(asked.council, nodes=asked.nodes, returns=every)


def _receipt(came: _Came, asked: Asked, records: Records, faults_found: int) -> Receipt:
    reads = records.reads[records.reads["source_file"] == came.label].set_index("table")
    by = asked.received_by or (asked.council.returns.collected_by if asked.council.returns else "")
    stated = {
        str(name): None if math.isnan(total) else total for name, total in reads["stated_total"].items()
    }
    return Receipt(
        council=asked.council.id,
        kind=asked.kind,
        quarter=came.whose.quarter.label,
        directorate=came.whose.directorate.id,
        received=asked.received,
        received_by=by,
        file=came.name,
        kept_as=came.kept_as,
        sha256=inbox.digest(came.content),
        rows_read=int(reads["rows_read"].sum()),
        rows_kept=int(reads["rows_kept"].sum()),
        rows_left_out=int(reads["rows_left_out"].sum()),
        rows_unfilled=came.held.unfilled,
        findings=faults_found,
        control_totals={str(name): float(total) for name, total in reads["control_total"].items()},
        stated_totals=stated,
        notes=came.held.notes,
        measures=tuple(sorted(measures_of(came.held.raw) & _owned(came, records))),
    )


def _owned(came: _Came, records: Records) -> set[str]:
    measures = records.tables["measures"]
    return set(measures.loc[measures["directorate"] == came.whose.directorate.id, "measure_id"])


def _write_to_mend(came: _Came, found: pd.DataFrame, records: Records) -> str:
    """The marked-up copy, written anew from the text that was read; its path under the root."""
    whose = came.whose
    copy = form(whose, came.held.sheets, records, faults(found))
    folder = settings.outputs() / "returns" / whose.council.id / whose.quarter.path / whose.directorate.id
    path = folder / f"{came.stem}-to-mend.xlsx"
    files.write_bytes(path, workbook_bytes(copy))
    return path.relative_to(settings.root()).as_posix()


def _changes(records: Records, label: str) -> tuple[str, ...]:
    """What the return says otherwise than was known before."""
    found = records.findings
    mine = found[(found["rule"] == "row.superseded") & found["expected"].str.contains(label, regex=False)]
    return tuple(
        mine["got"] + ": " + mine["expected"].str.extract(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")[0].fillna("")
    )


def _no_faults() -> pd.DataFrame:
    return pd.DataFrame(columns=["table", "severity", "cell", "message"])
