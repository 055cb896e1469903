"""What `pmf clauses` tells: the result of each clause that has a test, for every unit or for one, as pages compute them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmf_lib import council as councils
from pmf_lib import policy, settings, sidecar, verdicts
from pmf_lib.errors import ParameterError, unknown
from pmf_lib.reports.site import EVIDENCE
from pmf_lib.runs.plan import COUNCIL_UNIT, Request
from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book, opened
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.lived.untested import without_test
from pmf_lib.workbook.pieces.words import counted

NOTEBOOK = "7_audit_committee"
"""The notebook that looks at every unit's clauses; its declaration says what may be read."""
FIRST_RUN = "sample"


@dataclass(frozen=True)
class Listed:
    """Results of clauses (one row per unit and clause that has a test) and their exceptions, each with its unit's id."""

    book: Book
    results: pd.DataFrame
    exceptions: pd.DataFrame
    is_whole: bool
    """Is it every unit and every result?"""


def run_file(council: str = "", framework: str = "") -> str:
    """Name of the run's file that is of this council and framework, else of this council; where none is asked, the sample's.

    Raises
    ------
    ParameterError
        The council is not known, or no run's file is of it.
    """
    folder = settings.root() / "parameters" / "runs"
    names = sorted((path.stem for path in folder.glob("*.yml")), key=lambda name: (name != FIRST_RUN, name))
    runs = {name: policy.load(folder / f"{name}.yml", Request) for name in names}
    own = [name for name in names if council in ("", runs[name].council)]
    found = [name for name in own if framework in ("", runs[name].framework)] or own
    if not found:
        councils.load(council)
        raise ParameterError(
            f"No file of parameters/runs is of the council '{council}', so its quarter is not known. Write one, as "
            "parameters/runs/sample.yml shows."
        )
    return found[0]


def borrowed(name: str, request: Request, *, is_dated: bool) -> str:
    """That the quarter is another framework's, in a sentence, where no run's file is of this one; '' where one is, or days were given."""
    own = policy.load(settings.root() / "parameters" / "runs" / f"{name}.yml", Request)
    if is_dated or own.framework == request.framework:
        return ""
    return (
        f"No file of parameters/runs is of the framework '{request.framework}' with this council. Quarter {request.quarter} and as-at "
        f"date {request.as_at} come from {name}.yml, which is of '{own.framework}'; --quarter and --as-at name others."
    )


def listed(request: Request, unit: str = "", result: str = "") -> Listed:
    """Results of every unit, or of one directorate (or 'council'), computed now; only those with this result.

    Raises
    ------
    ParameterError
        The unit or the result is not known.
    """
    _check(request, unit, result)
    book = _book(request)
    found = {name: _looked_at(of) for name, of in _units(book, unit).items()}
    rows = pd.concat([one.assign(unit=name) for name, (one, _) in found.items()], ignore_index=True)
    cases = pd.concat([each.assign(unit=name) for name, (_, each) in found.items()], ignore_index=True)
    rows = rows[rows["result"] == result] if result else rows
    return Listed(book, rows.reset_index(drop=True), cases, is_whole=not (unit or result))


def as_json(found: Listed) -> str:
    """The results as JSON: what they are of, and one object per unit and clause with its exceptions."""
    asked = {name: found.book.parameters[name] for name in ("council", "framework", "quarter", "as_at")}
    evidence = found.book.council.evidence
    return json.dumps(
        {**asked, "evidence": evidence, "results": list(_objects(found))}, indent=2, ensure_ascii=False
    )


def text(found: Listed) -> str:
    """The results as lines to read, unit by unit; at the end how many there are of each."""
    units = found.results.groupby("unit", sort=False)
    parts = [_head(found.book), *("\n".join(_unit(found.book, str(name), rows)) for name, rows in units)]
    return "\n\n".join([*parts, _foot(found)])


def _check(request: Request, unit: str, result: str) -> None:
    """What can be refused before any record is read."""
    codes = verdicts.load().codes("clause")
    if result and result not in codes:
        raise ParameterError(unknown("result of a clause", result, codes))
    if unit not in ("", COUNCIL_UNIT):
        councils.load(request.council).directorate(unit)


def _book(request: Request) -> Book:
    declared = sidecar.load(NOTEBOOK)
    given = {name: value for name, value in request.model_dump().items() if name in declared.parameters}
    return opened(declared, declared.checked({**given, "baseline": ""}))


def _units(book: Book, unit: str) -> dict[str, Book]:
    """Unit → its book: every directorate and the council, or the one that is asked for."""
    if unit == COUNCIL_UNIT:
        return {unit: book}
    if unit:
        return {unit: book.of(book.council.directorate(unit))}
    return {one.id: book.of(one) for one in book.council.directorates} | {COUNCIL_UNIT: book}


def _looked_at(book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    return results.arrangements(book, results.rated(book).measures)


def _objects(found: Listed) -> Iterator[dict[str, Any]]:
    cases = dict(iter(found.exceptions.groupby(["unit", "clause"], sort=False)))
    for row in _plain(found.results):
        mine = cases.get((row["unit"], row["clause"]), found.exceptions.iloc[:0])
        unit = row.pop("unit")
        yield {"unit": unit, **row, "exceptions": _plain(mine.drop(columns=["unit", "clause"]))}


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: days as text, and nothing where a number or a day is not known."""
    dated = rows.select_dtypes("datetime")
    written = rows.assign(**{str(name): days.dt.strftime("%Y-%m-%d") for name, days in dated.items()})
    return list(json.loads(str(written.to_json(orient="records"))))


def _head(book: Book) -> str:
    label = EVIDENCE[book.council.evidence]
    asked = f"{book.council.name}, {book.framework.id}, {book.quarter.label}, as at {book.as_at.isoformat()}"
    return f"{asked}. {label}." if label else f"{asked}."


def _unit(book: Book, unit: str, rows: pd.DataFrame) -> Iterator[str]:
    names = {one.id: one.name for one in book.council.directorates} | {COUNCIL_UNIT: WHOLE}
    yield f"{names[unit]} ({unit})"
    for row in rows.to_dict("records"):
        word = book.schemes.verdicts.get("clause", row["result"]).word
        yield f"  {word:<19}{row['clause']}: {row['what']} ({row['force']}, {row['source']}). {row['why']}"


def _foot(found: Listed) -> str:
    words = found.book.schemes.verdicts
    counts = found.results["result"].value_counts()
    said = ", ".join(
        f"{counts[code]} {words.get('clause', code).word.lower()}"
        for code in words.codes("clause")
        if code in counts
    )
    total = f"{counted(len(found.results), 'result')}: {said}." if said else "No result of this kind."
    rest = without_test(found.book.framework.clauses) if found.is_whole else ""
    return f"{total} Beside these stand {rest}; none of them is taken for a pass." if rest else total
