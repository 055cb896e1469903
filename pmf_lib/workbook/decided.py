"""What people decided about measures, as a run obeys it: which rebases hold on its records, and their words."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.decisions import Measures, Rebase
from pmf_lib.errors import ParameterError
from pmf_lib.performance import rebases as holding
from pmf_lib.performance.series import series
from pmf_lib.periods import FREQUENCIES, Period, date_words, parse
from pmf_lib.records.faults import number_words
from pmf_lib.records.quality.known import in_force
from pmf_lib.workbook.book import Book

UNIT_SLIP = "value.unit-slip"
SLIP_KEYS = ["source_file", "source_sheet", "source_row", "measure_id", "got"]
COLUMNS = ("measure_id", "period", "by", "dated", "why", "decision", "file")


def rebases(book: Book) -> pd.DataFrame:
    """Every rebase decided about a measure of the unit; for the council all of them, also of measures that it does not have.

    Returns
    -------
    DataFrame
        One row per decision: measure_id, period (as written), by, dated, why, decision (who, when and why in words), file, title (of the
        measure, or its id), period_words, and problem and says as `pmf_lib.performance.rebases.judged` gives them.
    """
    measures, observations = book.snapshot.table("measures"), book.snapshot.table("observations")
    found = judged(
        book.decided,
        measures,
        observations,
        book.snapshot.table("findings"),
        quarter=book.quarter,
        as_at=book.as_at,
        least=book.schemes.xmr.refuse_below,
    )
    return found if book.unit is None else found[found["directorate"] == book.unit.id].reset_index(drop=True)


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
    frame = pd.DataFrame([_row(file, one) for file, one in decided.rebases], columns=list(COLUMNS))
    about = measures[measures["measure_id"].isin(frame["measure_id"])]
    rows = observations[observations["measure_id"].isin(about["measure_id"])]
    values = series(rows, about, as_at, set_aside=slips(findings, rows, as_at))
    values = values[values["end"] <= pd.Timestamp(quarter.end)]
    found = holding.judged(frame, measures, values, least=least)
    named = about.set_index("measure_id")
    return found.assign(
        title=found["measure_id"].map(named["title"]).fillna(found["measure_id"]).astype(object),
        directorate=found["measure_id"].map(named["directorate"]).fillna("").astype(object),
        period_words=_period_words(found, named["frequency"]),
    )


def slips(findings: pd.DataFrame, observations: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Values in force that seem to be in the wrong unit until somebody mends them: measure_id, period, value.

    A row of a spreadsheet may hold several periods, so it is the value, too, that says which was found.
    """
    found = findings.loc[findings["rule"] == UNIT_SLIP, SLIP_KEYS]
    rows = in_force(observations, as_at)
    rows = rows.assign(got=number_words(rows["value"].fillna(0.0)))
    return found.merge(rows, on=SLIP_KEYS)[["measure_id", "period", "value"]]


def _row(file: str, one: Rebase) -> tuple[object, ...]:
    words = f"{one.by}, {date_words(one.dated)}: {one.why}"
    return one.measure, one.period, one.by, one.dated, one.why, words, file


def _period_words(found: pd.DataFrame, frequency: pd.Series) -> pd.Series:
    """Each period in words; as it is written where it is none of the measure's."""
    kinds = found["measure_id"].map(frequency).map(FREQUENCIES)
    words = [_in_words(label, kind) for label, kind in zip(found["period"], kinds, strict=True)]
    return pd.Series(words, found.index, dtype=object)


def _in_words(label: str, kind: object) -> str:
    try:
        return parse(label, kind if isinstance(kind, str) else None).words
    except ParameterError:
        return label
