"""What was changed after it was reported: the value in force then, and now."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.quality.known import dated, in_force
from pmf_lib.records.quality.patterns import shown, usual_move
from pmf_lib.records.quality.scheme import QualityScheme

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


def far(
    changes: pd.DataFrame, known: pd.DataFrame, measures: pd.DataFrame, scheme: QualityScheme
) -> pd.DataFrame:
    """The revisions by more than the last digit, and by more than the scheme's share of the earlier value or the usual move.

    Parameters
    ----------
    changes
        As `revisions` gives them: measure_id, old and difference are used.
    known, measures
        Observations in force (`known.in_force`), from which the usual move is told, and the table of records.
    scheme
        From which share of the earlier value on, and how many moves are enough.
    """
    decimals = changes["measure_id"].map(measures.set_index("measure_id")["decimals"]).astype("float64")
    size = changes["difference"].abs()
    usual = changes["measure_id"].map(usual_move(known, measures, scheme.patterns)["mean"])
    much = (size * 100 > changes["old"].abs() * scheme.revised_by_pct) | (size > usual.astype("float64"))
    off: pd.DataFrame = changes[much & (size > 1.0001 * 10.0**-decimals)]
    return off.assign(decimals=decimals[off.index])


def beyond_noise(
    changes: pd.DataFrame, known: pd.DataFrame, measures: pd.DataFrame, scheme: QualityScheme
) -> pd.DataFrame:
    """The same (`far`) as findings of the rule 'series.revised', each on the row now in force, with its `period`."""
    off = far(changes, known, measures, scheme)
    found = findings.found(
        "series.revised",
        "observations",
        off.rename(columns={f"new_{name}": f"source_{name}" for name in ("file", "sheet", "row")}),
        column="value",
        got=shown(off["new"], off["decimals"]),
        expected="about " + shown(off["old"], off["decimals"]) + ", as first reported",
        mend="Say why it was changed, or send the right value.",
    )
    return found.assign(period=off["period"])


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
