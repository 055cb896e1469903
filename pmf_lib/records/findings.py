"""Findings: one row per fault in the council's records, and the sentence for the person who sent the row.

A finding is data: the rule that fired, where, what was got, what was expected and how to mend it. What a cell held is
quoted as it came (shortened), never acted on; pages escape it when they show it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pmf_lib.errors import near_miss
from pmf_lib.records.rules import JUDGED, RULES
from pmf_lib.records.schema import FINDING_COLUMNS, PROVENANCE, TABLES

QUOTED_AT_MOST = 80
RESEND = "Correct the cell and send the file again."

Text = str | pd.Series
"""One text for all rows, or one a row."""


def none() -> pd.DataFrame:
    """No findings, typed.

    >>> len(none()), list(none().columns)[:3]
    (0, ['rule', 'severity', 'table'])
    """
    return _NONE.copy()


def found(
    rule: str,
    table: str,
    rows: pd.DataFrame,
    *,
    column: str = "",
    got: Text = "",
    expected: Text,
    mend: Text = RESEND,
) -> pd.DataFrame:
    """Findings of one rule: one row per row of `rows` (with provenance), under the same index; `schema.FINDING_COLUMNS`."""
    if rows.empty:
        return none()
    severity = (RULES.get(rule) or JUDGED[rule]).severity
    said = {"rule": rule, "severity": severity, "table": table, "column": column}
    frame = rows[list(PROVENANCE)].assign(**said, got=got, expected=expected, mend=mend)
    frame["got"] = _shortened(frame["got"].astype("str"))
    frame["measure_id"] = rows["measure_id"]
    frame["directorate"] = ""
    return frame[list(FINDING_COLUMNS)].astype(_TYPES)


def gathered(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings of `parts`, each under the index of its row."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled) if filled else none()


def in_order(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings by table, file, sheet, row and column, numbered afresh."""
    by = ["table", *PROVENANCE, "column", "rule", "measure_id"]
    ordered = findings.sort_values(
        by, key=lambda column: column.map(list(TABLES).index) if column.name == "table" else column
    )
    return ordered.reset_index(drop=True)


def leaves_out(findings: pd.DataFrame) -> pd.Series:
    """True where the finding's row was left out: every error, and the warnings whose rule says so."""
    rules = [name for name, rule in RULES.items() if rule.severity == "error" or rule.leaves_out]
    return findings["rule"].isin(rules)


def worded(findings: pd.DataFrame) -> pd.Series:
    """One sentence or two a finding: file, row and column, what was got, what was expected, how to mend it.

    >>> row = pd.DataFrame({"source_file": ["data/x/targets.csv"], "source_sheet": [""], "source_row": [12]})
    >>> row["measure_id"] = "missed-bins"
    >>> worded(
    ...     bad_cell("cell.number", "targets", row, "target", got="n.a.n", expected="a number such as 12.5")
    ... )[0]
    "data/x/targets.csv, row 12, column 'target': got 'n.a.n', expected a number such as 12.5. Correct the cell and send the file again."
    """
    sheet = _where(findings["source_sheet"], ", sheet '{}'")
    column = _where(findings["column"], ", column '{}'")
    row = findings["source_row"].astype("str")
    return findings["source_file"] + sheet + ", row " + row + column + ": " + said(findings)


def said(findings: pd.DataFrame) -> pd.Series:
    """What was got, what was expected, how to mend it: the sentence without the place."""
    got = _where(findings["got"], "got '{}'").where(findings["got"] != "", "nothing there")
    return got + ", expected " + findings["expected"] + ". " + findings["mend"]


def bad_cell(
    rule: str, table: str, rows: pd.DataFrame, column: str, *, got: Text, expected: Text, hint: Text = ""
) -> pd.DataFrame:
    """A cell that can't be read as its column asks; `hint` (a near miss) comes before the mend."""
    hints = hint if isinstance(hint, pd.Series) else pd.Series(hint, rows.index, dtype="str")
    mend = (hints + " " + RESEND).str.strip()
    return found(rule, table, rows, column=column, got=got, expected=expected, mend=mend)


def too_many_cells(table: str, rows: pd.DataFrame, more: pd.Series) -> pd.DataFrame:
    """Rows with more cells than the header."""
    return found(
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
    return found(
        "row.merged",
        table,
        rows,
        got=areas,
        expected="cells that stand alone, so that each row and column has its own value",
        mend="Unmerge the cells, fill in each of them, and send the file again.",
    )


def spreadsheet_error(table: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Cells whose formula failed."""
    return found(
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
    return found(
        "row.too-few-cells",
        table,
        rows,
        got="cells missing at the end: " + fewer.astype("str"),
        expected="as many cells as the header names",
        mend="The missing cells were read as empty. See whether the file was cut short, and send it again.",
    )


def no_value(rows: pd.DataFrame, got: Text) -> pd.DataFrame:
    """Observations without a value that are not suppressed."""
    return found(
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
    return found(
        "target.none",
        "targets",
        rows,
        column="target",
        expected="a target, or a lower and an upper limit",
        mend="Fill in the target, or mark the measure 'monitor_only'.",
    )


def repeated_key(table: str, rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Rows that repeat an earlier one (`first`, under the same index) word for word."""
    return found(
        "key.repeated",
        table,
        rows,
        got=_key_words(table, rows),
        expected=TABLES[table].grain + ", and " + _row_words(first) + " says the same",
        mend="The second row was left out. Take it out of the file.",
    )


def conflicting_key(table: str, rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Rows that have the key of an earlier one (`first`, under the same index) and say something else."""
    return found(
        "key.conflict",
        table,
        rows,
        got=_key_words(table, rows),
        expected=TABLES[table].grain + ", and " + _row_words(first) + " has this key with other content",
        mend="The first row was kept and this one left out. Keep the one that is right, and send the file again.",
    )


def other_directorate(table: str, rows: pd.DataFrame, owner: Text, sender: pd.Series) -> pd.DataFrame:
    """Rows of a directorate's return (`sender`) that speak of another directorate's measure (`owner`)."""
    return found(
        "directorate.other",
        table,
        rows,
        column="directorate" if table == "measures" else "measure_id",
        got=rows["measure_id"] + " of " + owner,
        expected="a measure of " + sender + ", whose return this is",
        mend="The row was left out. Take it out; the directorate that keeps the measure sends it.",
    )


def superseded(table: str, rows: pd.DataFrame, newer: pd.DataFrame, changes: Text) -> pd.DataFrame:
    """Rows whose key a later return (`newer`, under the same index) gives again with other content (`changes`)."""
    return found(
        "row.superseded",
        table,
        rows,
        got=_key_words(table, rows),
        expected="what the later return says in " + _row_words(newer) + " (" + changes + ")",
        mend="The later row is in force. Nothing is to be done, unless the earlier one was right: then send it again.",
    )


def control_differs(table: str, place: pd.DataFrame, got: Text, expected: Text) -> pd.DataFrame:
    """A return's own count or sum that is not what was read (`place`: one row with provenance)."""
    return found(
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
    names = sorted(known)
    hint = rows[column].map({name: near_miss(name, names).strip() for name in rows[column].unique()})
    return bad_cell(rule, table, rows, column, got=rows[column], expected=expected, hint=hint.astype("str"))


def measure_left_out(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose measure is in the file of measures, in a row that was left out."""
    return found(
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
    return found(
        "target.range",
        "targets",
        rows,
        column="lower",
        got=number_words(rows["lower"]),
        expected="a lower limit of at most " + number_words(rows["upper"]) + ", the upper limit",
    )


def recorded_early(rows: pd.DataFrame, ended: pd.Series) -> pd.DataFrame:
    """Observations recorded before their period ended (`ended`: the period's last day)."""
    return found(
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
    return found(
        "value.differs",
        "observations",
        rows,
        column="value",
        got=number_words(rows["value"]),
        expected=number_words(computed) + ", from numerator and denominator " + parts,
        mend="See which of the three is wrong, and send the row again with the date on which it was corrected.",
    )


_TYPES = {name: "int64" if name == "source_row" else "str" for name in FINDING_COLUMNS}
_NONE = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _TYPES.items()})


def _shortened(texts: pd.Series) -> pd.Series:
    """At most `QUOTED_AT_MOST` characters of each text, on one line and without control characters."""
    texts = texts.str.replace(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", regex=True)
    return texts.where(texts.str.len() <= QUOTED_AT_MOST, texts.str.slice(0, QUOTED_AT_MOST - 1) + "…")


def _where(texts: pd.Series, form: str) -> pd.Series:
    """`form` around each text, nothing around an empty one."""
    before, after = form.split("{}")
    return (before + texts + after).where(texts != "", "")


def _key_words(table: str, rows: pd.DataFrame) -> pd.Series:
    """The key of each row in words, such as ``measure_id missed-bins, period 2024-07``."""
    words = pd.Series("", rows.index, dtype="str")
    for name in TABLES[table].key:
        cell = rows[name]
        text = cell.dt.strftime("%Y-%m-%d") if cell.dtype.kind == "M" else cell.astype("str")
        words = words + (", " if name != TABLES[table].key[0] else "") + name + " " + text
    return words


def _row_words(first: pd.DataFrame) -> pd.Series:
    return "row " + first["source_row"].astype("str") + " of " + first["source_file"]


def number_words(numbers: pd.Series) -> pd.Series:
    """Numbers with at most six decimals and no trailing zeros."""
    return numbers.map(lambda number: f"{number:.6f}".rstrip("0").rstrip(".")).astype("str")
