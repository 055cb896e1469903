"""What bears on the failures of arrangements: the open risks that name what failed, the worst first.

Pure: frames in, frames out.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pmf_lib.assurance.checks.common import still_open
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.records.many import exploded

ROW = ["source_file", "source_sheet", "source_row"]
OF = {
    "measures": "measure_id",
    "targets": "measure_id",
    "observations": "measure_id",
    "objectives": "objective_id",
}
"""Tables whose rows an exception may stand on → the id of what failed there."""
NAMED_BY = {"measure_id": "measures", "objective_id": "objectives"}
"""Id of what failed → the column in which a risk names it."""


def risks_behind(records: Evidence, exceptions: pd.DataFrame) -> pd.DataFrame:
    """Open threats that failed themselves, or that name a measure or objective that did.

    Parameters
    ----------
    records
        The whole council's.
    exceptions
        One row per exception: source_file, source_sheet, source_row, and others, which are not looked at.

    Returns
    -------
    DataFrame
        One row per risk, the highest score first: the columns of the table of risks, and score (likelihood times impact; 0
        where either is unknown), is_own (it failed itself).

    Raises
    ------
    NotSentError
        Nobody sent the table of risks.
    """
    risks = still_open(records.kept("risks"), records.as_at, "closed_on")
    risks = risks[risks["kind"] == "threat"]
    failed = failed_ids(records, exceptions)
    own = _standing_on(risks, exceptions)
    named = [_names(risks, column, failed[of]) for of, column in NAMED_BY.items()]
    score = (risks["likelihood"] * risks["impact"]).fillna(0)
    told = risks.assign(score=score, is_own=own)[own | named[0] | named[1]]
    return told.sort_values(["score", "title"], ascending=[False, True], kind="stable").reset_index(drop=True)


def failed_ids(records: Evidence, exceptions: pd.DataFrame) -> dict[str, set[str]]:
    """Ids of the measures and objectives on whose rows exceptions stand."""
    found: dict[str, set[str]] = {of: set() for of in NAMED_BY}
    for name, of in OF.items():
        rows = records.tables.get(name)
        if rows is not None:
            found[of] |= set(rows.loc[_standing_on(rows, exceptions), of])
    return found


def _standing_on(rows: pd.DataFrame, exceptions: pd.DataFrame) -> pd.Series[bool]:
    """Which rows an exception names as its own."""
    there = exceptions[exceptions["source_row"].fillna(0).astype("int64") > 0]
    keys = pd.MultiIndex.from_frame(there[ROW].astype({"source_row": "int64"}))
    return pd.Series(pd.MultiIndex.from_frame(rows[ROW]).isin(keys), rows.index)


def _names(risks: pd.DataFrame, column: str, wanted: Iterable[str]) -> pd.Series[bool]:
    """Which risks name one of these."""
    pairs = exploded(risks, column)
    return pd.Series(risks.index.isin(pairs.index[pairs[column].isin(list(wanted))]), risks.index)
