"""A filled worksheet becomes one row of the table of certifications, in the council's inbox or in a CSV file that is named."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pmf_lib import council as councils
from pmf_lib.assurance.certification.category import ASKED, categories
from pmf_lib.assurance.certification.rules import CATEGORY_WORDS, CertificationScheme
from pmf_lib.assurance.certification.sample import drawn
from pmf_lib.errors import RecordsError
from pmf_lib.periods import parse_quarter
from pmf_lib.records.collect import collect
from pmf_lib.records.returns.book import number_text
from pmf_lib.records.returns.sheets import workbook_bytes
from pmf_lib.records.returns.take import Asked, Taken, take
from pmf_lib.records.returns.template import Whose, form
from pmf_lib.records.schema import TABLES
from pmf_lib.runs.certify import answers, layout
from pmf_lib.runs.certify.cases import Cases
from pmf_lib.runs.certify.draw import nodes_of, scheme
from pmf_lib.runs.certify.filled import Fault, Filled, number_of, read, unanswered
from pmf_lib.runs.plan import Request
from pmf_lib.store import files

TABLE = "certifications"
LISTED_AT_MOST = 100


@dataclass(frozen=True)
class Concluded:
    """One row of the table of certifications as text, with the rule's category, its reason, and whether the value is estimated."""

    row: dict[str, str]
    category: str
    why: str
    is_estimated: bool

    @property
    def words(self) -> str:
        """What was concluded, in a sentence or two."""
        own = self.row["category"]
        said = f"By the rule: {CATEGORY_WORDS[self.category]}, since {self.why}."
        estimated = (
            f" The value worked out again, {self.row['recalculated']}, is estimated from the cases tested."
        )
        other = (
            f" You recorded {CATEGORY_WORDS[own]}: it counts by the rule."
            if own and own != self.category
            else ""
        )
        return said + (estimated if self.is_estimated else "") + other


def concluded(content: bytes, file: str, received: date, cases: Cases | None = None) -> Concluded:
    """Read a filled worksheet to its end; where the list of cases is given, draw from it again and compare.

    Raises
    ------
    RecordsError
        It is no worksheet, what was drawn was changed, or an answer is missing or can't be so; each fault by file, sheet and cell.
    """
    filled, rules = read(content, file), scheme()
    faults = [
        *filled.faults,
        *unanswered(filled),
        *answers.faults(filled, rules, received),
        *_no_value(filled),
        *(_redrawn(filled, cases) if cases else ()),
    ]
    if faults:
        raise RecordsError(_worded(filled.name, faults))
    row = _row(filled)
    found = _by_rule(row, rules)
    return Concluded(row, found["category"], found["why"], is_estimated=_is_estimated(filled))


def to_inbox(done: Concluded, request: Request, file: str, received: date, received_by: str = "") -> Taken:
    """Take the row as a return of the measure's directorate, with a receipt of its own kind.

    Raises
    ------
    RecordsError
        The worksheet is of another council, or its measure is gone.
    SettingsError
        The council's file does not say where returns are kept.
    """
    council, nodes = councils.load(request.council), nodes_of(request)
    _refuse_other(done, council.id)
    measures = collect(council, nodes=nodes).tables["measures"].set_index("measure_id")["directorate"]
    name = done.row["measure_id"]
    if name not in measures.index:
        raise RecordsError(f"The measure '{name}' of this worksheet is no longer in the table of measures.")
    quarter = parse_quarter(request.quarter)
    whose = Whose(council, council.directorate(str(measures[name])), quarter, nodes)
    frame = pd.DataFrame([{column: done.row.get(column, "") for column in TABLES[TABLE].columns}])
    asked = Asked(council, quarter, nodes, received, received_by, whose.directorate.id, kind="certification")
    return take(workbook_bytes(form(whose, {TABLE: frame})), f"{Path(file).stem}.xlsx", asked)


def to_csv(done: Concluded, path: Path) -> None:
    """Append the row to a CSV file of the table, which is begun if it is not there.

    Raises
    ------
    RecordsError
        The file there has other columns.
    """
    columns = list(TABLES[TABLE].columns)
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    header = next(csv.reader(io.StringIO(before)), columns)
    if sorted(header) != sorted(columns):
        raise RecordsError(
            f"{path.name} has not the columns of the table of certifications. Name another file, or a new one."
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    if not before:
        writer.writeheader()
    writer.writerow({name: done.row.get(name, "") for name in header})
    files.write_text(path, before + ("" if not before or before.endswith("\n") else "\n") + out.getvalue())


def _worded(name: str, faults: list[Fault]) -> str:
    lines = [f"{name}, sheet '{one.sheet}', {_at(one.cell)}: {one.message}" for one in faults]
    more = [f"and {len(lines) - LISTED_AT_MOST} more"] if len(lines) > LISTED_AT_MOST else []
    return "\n".join(
        [
            *lines[:LISTED_AT_MOST],
            *more,
            "Nothing was taken. Mend these cells, save the worksheet, and collect it again.",
        ]
    )


def _at(cell: str) -> str:
    return f"cell {cell}" if cell[-1:].isdigit() else cell


def _refuse_other(done: Concluded, council: str) -> None:
    if done.row["council"] != council:
        raise RecordsError(
            f"The worksheet is of the council '{done.row['council'][:40]}', expected '{council}'. Name its own run file with --run."
        )


def _no_value(filled: Filled) -> Iterator[Fault]:
    """A value that is neither given nor can be estimated, though documents are there; not where a value found can't be read."""
    found = [said[layout.FOUND] for said in filled.sample.values()]
    if any(text and math.isnan(number_of(text)) for text in found):
        return
    if filled.answers["recalculated"] or filled.answers["documentation"] != "yes" or _is_estimated(filled):
        return
    yield Fault(
        layout.SHEET, filled.cells["recalculated"],
        f"'Value recalculated': nothing there, and it can't be estimated, since not every case has a value listed and a value found. "
        f"Enter the value, or '{layout.NOT_POSSIBLE}'.",
    )  # fmt: skip


def _redrawn(filled: Filled, cases: Cases) -> Iterator[Fault]:
    """What was drawn, held against what the same seed draws from the list."""
    sealed, ids = filled.sealed, [case for _, case, _ in filled.drawn.values()]
    if cases.digest != sealed[layout.LIST_DIGEST]:
        yield Fault(
            layout.SHEET,
            "'What was drawn'",
            f"{cases.name} is not the list that was drawn from. Give that list.",
        )
    elif drawn(cases.figures, int(sealed[layout.COUNT]), int(sealed[layout.SEED])) != ids:
        yield Fault(
            layout.DRAWN, "column B", "these are not the cases that the seed draws from the list. Draw again."
        )


def _is_estimated(filled: Filled) -> bool:
    return not filled.answers["recalculated"] and math.isfinite(_estimate(filled))


def _estimate(filled: Filled) -> float:
    """The value reported times what the cases add up to as found, over what they add up to as listed; NaN if it can't be told."""
    listed = np.array([number_of(filled.drawn[number][2]) for number in filled.sample])
    found = np.array([number_of(said[layout.FOUND]) for said in filled.sample.values()])
    total = listed.sum() if len(listed) else math.nan
    if not math.isfinite(total) or not total:
        return math.nan
    return number_of(filled.sealed[layout.REPORTED]) * float(found.sum()) / float(total)


def _row(filled: Filled) -> dict[str, str]:
    said, sealed = dict(filled.answers), filled.sealed
    results = [case[layout.RESULT].lower() for case in filled.sample.values()]
    codes = {word: code for code, word in layout.CATEGORIES.items()}
    value = number_of(said["recalculated"]) if said["recalculated"] else _estimate(filled)
    return said | {
        "council": sealed[layout.COUNCIL_ID],
        "measure_id": sealed[layout.MEASURE_ID],
        "period": sealed[layout.PERIOD],
        "population_n": sealed[layout.POPULATION],
        "sample_n": str(sum(bool(result) for result in results)),
        "errors_n": str(sum(result in (layout.DIFFERS, layout.NO_DOCUMENT) for result in results)),
        "reported": sealed[layout.REPORTED],
        "recalculated": number_text(round(value, 6)) if math.isfinite(value) else "",
        "controls": said["controls"].lower(),
        "category": codes.get(said["category"].lower(), ""),
        "seed": sealed[layout.SEED],
        "reference": f"Worksheet {filled.name}; list of cases {sealed[layout.LIST]}, SHA-256 {sealed[layout.LIST_DIGEST][:16]}",
        "origin": "keyed",
        "entered_by": said["certified_by"],
        "recorded_at": said["certified_on"][:10],
    }  # fmt: skip


def _by_rule(row: Mapping[str, str], rules: CertificationScheme) -> dict[str, str]:
    texts = ("documentation", "definition_followed", "deviation_changes", "controls")
    cells = {name: row[name].lower() if name in texts else number_of(row[name]) for name in ASKED}
    found = categories(pd.DataFrame([cells]), rules)
    return {name: str(found[name].iloc[0]) for name in ("category", "why")}
