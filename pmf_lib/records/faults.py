"""The faults that reading records can find, each worded once for the person who sent the row."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pmf_lib.errors import near_miss
from pmf_lib.records import findings
from pmf_lib.records.findings import RESEND, Text


def bad_cell(
    rule: str, table: str, rows: pd.DataFrame, column: str, *, got: Text, expected: Text, hint: Text = ""
) -> pd.DataFrame:
    """A cell that can't be read as its column asks; `hint` (a near miss) comes before the mend."""
    if rows.empty:
        return findings.none()
    hints = hint if isinstance(hint, pd.Series) else pd.Series(hint, rows.index, dtype="str")
    mend = (hints + " " + RESEND).str.strip()
    return findings.found(rule, table, rows, column=column, got=got, expected=expected, mend=mend)


def too_many_cells(table: str, rows: pd.DataFrame, more: pd.Series) -> pd.DataFrame:
    """Rows with more cells than the header."""
    return findings.found(
        "row.too-many-cells",
        table,
        rows,
        got="cells beyond the header: " + more.astype("str"),
        expected="as many cells as the header names",
        mend="Clear the cells beyond the header (in a CSV put text that holds a comma in double quotation marks), "
        "and send the file again.",
    )


def merged(table: str, rows: pd.DataFrame, areas: Text) -> pd.DataFrame:
    """Rows with a cell that is merged with others (`areas`)."""
    return findings.found(
        "row.merged",
        table,
        rows,
        got=areas,
        expected="cells that stand alone, so that each row and column has its own value",
        mend="Unmerge the cells, fill in each of them, and send the file again.",
    )


def spreadsheet_error(table: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Cells whose formula failed."""
    return findings.found(
        "cell.error",
        table,
        rows,
        column=column,
        got=rows[column],
        expected="a value; this is a spreadsheet's error",
        mend="Mend the formula, or type the value, and send the file again.",
    )


def too_few_cells(table: str, rows: pd.DataFrame, fewer: pd.Series) -> pd.DataFrame:
    """Rows with fewer cells than the header."""
    return findings.found(
        "row.too-few-cells",
        table,
        rows,
        got="cells missing at the end: " + fewer.astype("str"),
        expected="as many cells as the header names",
        mend="The missing cells were read as empty. See whether the file was cut short, and send it again.",
    )


def no_value(rows: pd.DataFrame, got: Text) -> pd.DataFrame:
    """Observations without a value that are not suppressed."""
    return findings.found(
        "value.none",
        "observations",
        rows,
        column="value",
        got=got,
        expected="a number such as 12.5, or the state 'suppressed'",
        mend="The row was left out. Send it again when the value is known.",
    )


def no_target(rows: pd.DataFrame) -> pd.DataFrame:
    """Targets without any number."""
    return findings.found(
        "target.none",
        "targets",
        rows,
        column="target",
        expected="a target, or a lower and an upper limit",
        mend="Fill in the target, or mark the measure 'monitor_only'.",
    )


def control_differs(table: str, place: pd.DataFrame, got: Text, expected: Text) -> pd.DataFrame:
    """A return's own count or sum that is not what was read (`place`: one row with provenance)."""
    return findings.found(
        "control.differs",
        table,
        place,
        got=got,
        expected=expected,
        mend="Look for a number that is stored as text, hidden or filtered rows, and rows far below the others; "
        "then send the file again.",
    )


def unknown_name(
    rule: str, table: str, rows: pd.DataFrame, column: str, *, expected: str, known: Iterable[str]
) -> pd.DataFrame:
    """Cells that name something which is not there; a near miss is suggested."""
    if rows.empty:
        return findings.none()
    names = sorted(known)
    hint = rows[column].map({name: near_miss(name, names).strip() for name in rows[column].unique()})
    return bad_cell(rule, table, rows, column, got=rows[column], expected=expected, hint=hint.astype("str"))


def measure_left_out(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose measure is in the file of measures, in a row that was left out."""
    return findings.found(
        "measure.left-out",
        table,
        rows,
        column="measure_id",
        got=rows["measure_id"],
        expected="a measure whose own row can be read",
        mend="Mend the row of the measure first; this row will then be read.",
    )


def lower_above_upper(rows: pd.DataFrame) -> pd.DataFrame:
    """Targets whose range is upside down."""
    return findings.found(
        "target.range",
        "targets",
        rows,
        column="lower",
        got=number_words(rows["lower"]),
        expected="a lower limit of at most " + number_words(rows["upper"]) + ", the upper limit",
    )


def recorded_early(rows: pd.DataFrame, ended: pd.Series) -> pd.DataFrame:
    """Observations recorded before their period ended (`ended`: the period's last day)."""
    return findings.found(
        "period.not-ended",
        "observations",
        rows,
        column="recorded_at",
        got=rows["recorded_at"].dt.strftime("%Y-%m-%d"),
        expected="a date on or after "
        + ended.dt.strftime("%Y-%m-%d")
        + ", when "
        + rows["period"]
        + " ended",
        mend="Correct the date or the period, or give the state 'estimated'.",
    )


def value_differs(rows: pd.DataFrame, computed: pd.Series) -> pd.DataFrame:
    """Observations whose value is not what numerator and denominator give (`computed`)."""
    parts = number_words(rows["numerator"]) + " and " + number_words(rows["denominator"])
    return findings.found(
        "value.differs",
        "observations",
        rows,
        column="value",
        got=number_words(rows["value"]),
        expected=number_words(computed) + ", from numerator and denominator " + parts,
        mend="See which of the three is wrong, and send the row again with the date on which it was corrected.",
    )


def other_scale(power: int) -> str:
    """How to mend values that all lie a power of ten away from what numerator and denominator give.

    >>> other_scale(2)
    "All values of the measure are 100 times what numerator and denominator give: its unit or its values are on another scale. Correct the measure's unit, or send the values again in it."
    """
    times = f"{10 ** abs(power):,}"
    said = f"{times} times what" if power > 0 else f"one {times}th of what"
    return (
        f"All values of the measure are {said} numerator and denominator give: its unit or its values are on another "
        "scale. Correct the measure's unit, or send the values again in it."
    )


def number_words(numbers: pd.Series) -> pd.Series:
    """Numbers with at most six decimals and no trailing zeros."""
    return numbers.map(lambda number: f"{number:.6f}".rstrip("0").rstrip(".")).astype("str")
