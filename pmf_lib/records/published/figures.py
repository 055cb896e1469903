"""Figures of a published table: value, numerator and denominator as text, and how firm each of them is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmf_lib.records.published.grammar import Measure, Source
from pmf_lib.records.published.grids import Grid


@dataclass(frozen=True)
class _Cells:
    """The columns that a measure is made of: which decide its state, and the number that they give."""

    deciding: pd.DataFrame
    number: pd.Series
    numerator: pd.Series
    denominator: pd.Series
    line: pd.Series


def figures(kept: Grid, measure: Measure, source: Source, scale: float) -> pd.DataFrame:
    """One row per row of the grid, same index: value, numerator, denominator, state and the file's row of the figure.

    State is final, suppressed or missing; a mark of suppression beats one of missing, and either beats a figure. What is
    neither number nor mark is passed on as found, to become a finding.
    """
    marks = (*source.missing, *source.suppressed)
    cells = _sum(kept, measure, marks) if measure.sum else _parts(kept, measure)
    state = _state(cells.deciding, source, measure)
    state = state.mask((cells.number == "") & (state == "final"), "missing")
    columns = {
        "value": _scaled(cells.number, scale),
        "numerator": cells.numerator,
        "denominator": cells.denominator,
    }
    shown = {name: text.mask((state != "final") | text.isin(marks), "") for name, text in columns.items()}
    return pd.DataFrame({**shown, "state": state, "source_row": cells.line})


def _parts(kept: Grid, measure: Measure) -> _Cells:
    """A value as it stands, or numerator over denominator."""
    blank = pd.Series("", index=kept.rows.index, dtype="str")
    above, below = (
        _read(kept, pattern, measure) if pattern else blank
        for pattern in (measure.numerator, measure.denominator)
    )
    if measure.value:
        value = _read(kept, measure.value, measure)
        line = kept.line([kept.column(measure.value)])
        return _Cells(value.to_frame(), value, above, below, line)
    line = kept.line([kept.column(measure.numerator)])
    return _Cells(pd.concat([above, below], axis=1), _ratio(above, below), above, below, line)


def _read(kept: Grid, pattern: str, measure: Measure) -> pd.Series:
    text: pd.Series = kept.rows[kept.column(pattern)].str.strip()
    return text.replace("", "0") if measure.blank == "zero" else text


def _sum(kept: Grid, measure: Measure, marks: Collection[str]) -> _Cells:
    """Columns added up; a row without any number is blank, a word that is no mark is passed on."""
    columns = kept.columns(measure.sum)
    text = kept.rows[columns].apply(lambda column: column.str.strip())
    numbers = text.apply(pd.to_numeric, errors="coerce")
    total = _as_text(numbers.sum(axis=1, min_count=1).round(9))
    stray = text.where(numbers.isna() & (text != "") & ~text.isin(marks)).bfill(axis=1).iloc[:, 0]
    number = total.where(stray.isna(), stray)
    blank = pd.Series("", index=text.index, dtype="str")
    deciding = text.mask((text == "").mul(number != "", axis=0), "0")
    return _Cells(deciding, number, blank, blank, kept.line(columns))


def _state(cells: pd.DataFrame, source: Source, measure: Measure) -> pd.Series:
    """Suppressed beats missing, and either beats a figure."""
    missing = cells.isin(["", *source.missing]).any(axis=1)
    state = pd.Series("final", index=cells.index, dtype="str").mask(missing, "missing")
    return state.mask(cells.isin(source.suppressed).any(axis=1), "suppressed")


def _ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Numerator over denominator as text; '' where the denominator is 0; what is no number is passed on as found."""
    above, below = (pd.to_numeric(part, errors="coerce") for part in (numerator, denominator))
    ratio = _as_text(above / below.where(below != 0))
    return ratio.mask(above.isna(), numerator).mask(below.isna(), denominator)


def _scaled(text: pd.Series, scale: float) -> pd.Series:
    """Numbers in their plainest form, times the scale; what is no number is passed on as found."""
    numbers = pd.to_numeric(text, errors="coerce") * scale
    return _as_text(numbers.round(9)).mask(numbers.isna(), text)


def _as_text(numbers: pd.Series) -> pd.Series:
    """Numbers without exponent or idle zeros; '' for none."""
    plain = [np.format_float_positional(number, trim="-") for number in numbers]
    return pd.Series(plain, index=numbers.index, dtype="str").mask(numbers.isna(), "")
