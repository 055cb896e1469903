"""What was changed after it was reported: the value in force then, and now."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.records.quality.known import dated, in_force

COLUMNS = (
    *("measure_id", "period", "old", "new", "difference", "old_recorded_at", "new_recorded_at"),
    *("old_file", "old_sheet", "old_row", "new_file", "new_sheet", "new_row"),
)
_NAMES = {
    "value": "{}",
    "recorded_at": "{}_recorded_at",
    "source_file": "{}_file",
    "source_sheet": "{}_sheet",
    "source_row": "{}_row",
}


def revisions(
    observations: pd.DataFrame, measures: pd.DataFrame, *, since: date, as_at: date
) -> pd.DataFrame:
    """Values in force that changed between two days: from what was in force on the first, or came first after it.

    A value that came after `since` and stayed as it came is no revision, and of one that is suppressed none is told.

    Parameters
    ----------
    observations, measures
        Tables of records.
    since, as_at
        The day of the report that is compared with, and the only "today".

    Returns
    -------
    DataFrame
        One row per measure and period whose value in force changed, by measure and time: `COLUMNS` (old, new and
        difference in the measure's unit; old is NaN where it was suppressed; where each was recorded, with its row).
    """
    old, new = _named(_first(observations, since), "old"), _named(in_force(observations, as_at), "new")
    both = old.merge(new, on=["measure_id", "period"])
    changed = both[both["new"].notna() & (both["old"] != both["new"])]
    changed = dated(changed.assign(difference=changed["new"] - changed["old"]), measures)
    return changed[list(COLUMNS)].reset_index(drop=True)


def _first(observations: pd.DataFrame, since: date) -> pd.DataFrame:
    """What was in force on this day and, where nothing was, what came first after it."""
    held = in_force(observations, since)
    later = observations[observations["recorded_at"].dt.normalize() > pd.Timestamp(since)]
    later = later.sort_values(["recorded_at", "source_file", "source_row"], kind="stable")
    later = later.assign(value=later["value"].mask(later["state"] == "suppressed"))
    both = pd.concat([held, later]) if len(later) else held
    return both.drop_duplicates(["measure_id", "period"])


def _named(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    names = {column: form.format(name) for column, form in _NAMES.items()}
    return rows[["measure_id", "period", *names]].rename(columns=names)
