"""Faults of one kind on one measure told once: how many there are, in which rows, and what the first of them says."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pmf_lib.records.findings import said
from pmf_lib.records.rules import JUDGED, RULES

FROM = 3
"""So many faults of one kind are told together; fewer stand each by itself."""
RUNS_AT_MOST = 8
SAME = ("rule", "severity", "table", "source_file", "source_sheet", "column", "measure_id", "mend")
"""Faults are of one kind where all of these are the same."""
MANY = {
    "value.differs": "{} values differ from what numerator and denominator give.",
    "value.unit-slip": "{} values lie a power of ten away from where they should.",
    "period.not-ended": "{} values were recorded before their period ended.",
    "measure.left-out": "{} rows speak of a measure whose own row was left out.",
    "measure.unknown": "{} rows speak of a measure that does not exist.",
}
"""Rule → the sentence for many; others are counted before what their rule means."""


def together(found: pd.DataFrame) -> pd.DataFrame:
    """The first fault of each kind, in the order given.

    Returns
    -------
    DataFrame
        `found` with fewer rows, ``n`` (faults told by the row) and ``rows`` ('row 7', 'rows 12 to 53').
    """
    found = found.reset_index(drop=True)
    kind = found.groupby(list(SAME), sort=False).ngroup()
    count = kind.map(kind.value_counts())
    alone = count < FROM
    kind = kind.mask(alone, -1 - pd.Series(range(len(found)), found.index))
    rows = found["source_row"].groupby(kind, sort=False).agg(rows_words)
    first = found[~kind.duplicated()]
    at = kind.loc[first.index]
    return first.assign(
        n=count.mask(alone, 1).loc[first.index].astype("int64"), rows=at.map(rows).astype("str")
    )


def counted(found: pd.DataFrame) -> pd.Series[str]:
    """How many faults a row of `together` tells and of what, ahead of what the first says; '' where it tells one."""
    meant = {name: rule.meaning for name, rule in {**RULES, **JUDGED}.items()}
    many = [
        MANY.get(rule, "{} rows: " + meant[rule]).format(f"{n:,}") + " The first: " if n > 1 else ""
        for rule, n in zip(found["rule"], found["n"], strict=True)
    ]
    return pd.Series(many, found.index, dtype="str")


def worded(found: pd.DataFrame) -> pd.Series[str]:
    """One line a row of `together`: file, rows and column, how many, what was got, what was expected, how to mend it."""
    sheet = (", sheet '" + found["source_sheet"] + "'").where(found["source_sheet"] != "", "")
    column = (", column '" + found["column"] + "'").where(found["column"] != "", "")
    measure = (" of " + found["measure_id"]).where((found["n"] > 1) & (found["measure_id"] != ""), "")
    return (
        found["source_file"]
        + sheet
        + ", "
        + found["rows"]
        + measure
        + column
        + ": "
        + counted(found)
        + said(found)
    )


def rows_words(rows: Iterable[int]) -> str:
    """Rows by number, those that follow each other as one.

    >>> rows_words([7]), rows_words([12, 13, 14]), rows_words([12, 15, 13, 30])
    ('row 7', 'rows 12 to 14', 'rows 12 to 13, 15, 30')
    """
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1][1:] = [row]
        else:
            runs.append([row])
    told = ", ".join(" to ".join(str(end) for end in run) for run in runs[:RUNS_AT_MOST])
    more = f", and more up to {runs[-1][-1]}" if len(runs) > RUNS_AT_MOST else ""
    return ("row " if len(runs) == len(runs[0]) == 1 else "rows ") + told + more
