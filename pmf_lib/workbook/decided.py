"""What people decided about measures, as a run obeys it: which rebases hold on its records, and their words."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.decisions import Measures, Rebase
from pmf_lib.errors import ParameterError
from pmf_lib.performance.series import series
from pmf_lib.performance.spc import rebases as holding
from pmf_lib.periods import FREQUENCIES, Period, date_words, parse
from pmf_lib.records.cells import looked_up
from pmf_lib.records.faults import number_words
from pmf_lib.records.quality.known import in_force
from pmf_lib.records.quality.told import UNIT_SLIP
from pmf_lib.workbook.book import Book

SLIP_KEYS = ["source_file", "source_sheet", "source_row", "measure_id", "got"]
_SLIPS = {"measure_id": "str", "period": "str", "value": "float64"}
COLUMNS = ("measure_id", "period", "by", "dated", "why", "decision", "file")
TEXTS = tuple(name for name in COLUMNS if name != "dated")
_JUDGED = {
    **{name: "str" if name in TEXTS else "object" for name in COLUMNS},
    **dict.fromkeys(("problem", "says", "mend", "title", "directorate", "period_words"), "str"),
}


def rebases(book: Book) -> pd.DataFrame:
    """Every rebase decided about a measure of the unit; for the council all of them, also of measures that it does not have.

    Returns
    -------
    DataFrame
        One row per decision: measure_id, period (as written), by, dated, why, decision (who, when and why in words), file, title (of the
        measure, or its id), period_words, and problem, says and mend as `pmf_lib.performance.spc.rebases.judged` gives them.
    """
    measures, observations = book.snapshot.table("measures"), book.snapshot.table("observations")
    decided = book.decided
    if book.unit is not None:
        measures = measures[measures["directorate"] == book.unit.id]
        decided = decided.of(frozenset(measures["measure_id"]))
    return judged(
        decided,
        measures,
        observations,
        book.snapshot.table("findings"),
        quarter=book.quarter,
        as_at=book.as_at,
        least=book.schemes.xmr.refuse_below,
    )


def held(book: Book) -> pd.DataFrame:
    """Those of `rebases` that hold."""
    found = rebases(book)
    return found[found["problem"] == ""]


def judged(
    decided: Measures,
    measures: pd.DataFrame,
    observations: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    quarter: Period,
    as_at: date,
    least: int,
) -> pd.DataFrame:
    """The same on tables of records, with each measure's directorate ('' where there is no such measure)."""
    if not decided.rebases:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _JUDGED.items()})
    rows = [_row(file, one) for file, one in decided.rebases]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(TEXTS, "str"))
    about = measures[measures["measure_id"].isin(frame["measure_id"])]
    own = observations[observations["measure_id"].isin(about["measure_id"])]
    values = series(own, about, as_at, set_aside=slips(findings, own, as_at))
    values = values[values["end"] <= pd.Timestamp(quarter.end)]
    return _told(holding.judged(frame, measures, values, least=least), about)


def _told(found: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """The same rows with title (of the measure, or its id), directorate and period_words."""
    named, ids = about.set_index("measure_id"), found["measure_id"]
    title, unit, often = (looked_up(ids, named[name]) for name in ("title", "directorate", "frequency"))
    words = [
        _in_words(label, kind) for label, kind in zip(found["period"], often.map(FREQUENCIES), strict=True)
    ]
    return found.assign(
        title=title.mask(title == "", ids),
        directorate=unit,
        period_words=pd.Series(words, found.index, dtype="str"),
    )


def faults(found: pd.DataFrame) -> list[str]:
    """Those of `judged` that do not hold, a sentence or two each: the file, what is wrong with it, and how to mend it."""
    wrong = found[found["problem"] != ""]
    return list(wrong["file"] + ": " + wrong["says"] + " " + wrong["mend"])


def slips(findings: pd.DataFrame, observations: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Values in force that seem to be in the wrong unit until somebody mends them: measure_id, period, value.

    A row of a spreadsheet may hold several periods, so it is the value, too, that says which was found.
    """
    found = findings.loc[findings["rule"] == UNIT_SLIP, SLIP_KEYS]
    if found.empty:
        return pd.DataFrame({"measure_id": [], "period": [], "value": []}).astype(_SLIPS)
    rows = in_force(observations, as_at)
    rows = rows.assign(got=number_words(rows["value"].fillna(0.0)))
    return found.merge(rows, on=SLIP_KEYS)[["measure_id", "period", "value"]]


def _row(file: str, one: Rebase) -> tuple[object, ...]:
    words = f"{one.by}, {date_words(one.dated)}: {one.why}"
    return one.measure, one.period, one.by, one.dated, one.why, words, file


def _in_words(label: str, kind: object) -> str:
    """A period in words; as it is written where it is none of its measure's."""
    try:
        return parse(label, kind if isinstance(kind, str) else None).words
    except ParameterError:
        return label
