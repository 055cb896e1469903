"""Findings: one row per fault in the council's records, and the sentence for the person who sent the row.

A finding is data: the rule that fired, where, what was got, what was expected and how to mend it. What a cell held is
quoted as it came (shortened), never acted on; pages escape it when they show it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

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
    return _NONE.copy(deep=False)  # a change of the copy never reaches the original


def found(
    rule: str,
    table: str,
    rows: pd.DataFrame,
    *,
    column: Text = "",
    got: Text = "",
    expected: Text,
    mend: Text = RESEND,
) -> pd.DataFrame:
    """Findings of one rule: one row per row of `rows` (with provenance), under the same index; `schema.FINDING_COLUMNS`.

    Of a row of the table of measures they keep the title and the owner: who is asked stands nowhere else once it is left out.
    """
    if rows.empty:
        return none()
    severity = (RULES.get(rule) or JUDGED[rule]).severity
    said = {"rule": rule, "severity": severity, "table": table, "column": column}
    frame = rows[list(PROVENANCE)].assign(**said, got=got, expected=expected, mend=mend)
    frame["got"] = _shortened(frame["got"].astype("str"))
    for name in ("measure_id", "directorate"):
        frame[name] = rows.get(name, "")
    for name in ("title", "owner"):
        frame[name] = rows[name] if table == "measures" and name in rows else ""
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
    return findings["rule"].isin(_LEAVE_OUT)


def worded(findings: pd.DataFrame) -> pd.Series:
    """One sentence or two a finding: file, row and column, what was got, what was expected, how to mend it.

    >>> from pmf_lib.records.faults import bad_cell
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


_LEAVE_OUT = [name for name, rule in RULES.items() if rule.severity == "error" or rule.leaves_out]
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
