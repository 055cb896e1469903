"""Which period of each measure a quarter's report rates, and the last result known by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.performance.frames import complete
from pmf_lib.periods import Period

RESULT_TYPES = {
    "value": "float",
    "state": "str",
    "value_in_period": "float",
    "ordinal": "float",
    "source_file": "str",
    "source_sheet": "str",
    "source_row": "float",
}
RATED, AWAITED, NEITHER = 2, 1, 0
"""How a period stands in a report: to be rated (or late), not yet due, or no part of it."""
SHORTEST_QUARTERS = (0, 90, 181, 273)
"""Fewest days in 0, 1, 2 and 3 quarters on end."""


def due_periods(measures: pd.DataFrame, rows: pd.DataFrame, quarter: Period, as_at: date) -> pd.DataFrame:
    """The period that each measure is rated for.

    The latest of its own frequency that ended by the quarter's end, and either ended within the quarter and has a
    result or is past due, or fell due since a report made equally long after the previous quarter. If there is none:
    the latest that ended within the quarter and is awaited; else, of a measure that was reported before, the last that
    fell due if it never came: it stays late until it does. Quarters are not equally long, so that two of them may fall
    due between two reports and none before the next; the second is then left to the next, and no quarter is skipped.

    Parameters
    ----------
    measures, rows
        The table of measures, and what `series` gives (windows are due only where one was observed).
    quarter, as_at
        The reporting quarter, and the only "today".

    Returns
    -------
    DataFrame
        One row per measure, in the order given: measure_id, kind, period ('' where none is rated or awaited), start,
        end, due_on (datetime64); overdue, overdue_on: of a measure never reported yet, the last one that fell due ('' and NaT else).

    Source
    ------
    docs/methods/status.md.
    """
    wanted = complete(measures, "measures", ["measure_id", "frequency", "due_days"])
    wanted["kind"] = wanted["frequency"].map(periods.FREQUENCIES)
    since = quarter.shift(-1).end + (as_at - quarter.end)
    found = _with_standing(_candidates(wanted, rows, quarter, since), quarter, since, as_at)
    chosen = _latest(found[found["standing"] > NEITHER], ["standing", "end", "start"])
    fallen = _latest(found[found["fallen"]], ["end", "start"])
    missed = fallen[fallen["recorded_at"].isna() & ~fallen.index.isin(chosen.index)]
    reported = missed["measure_id"].isin(rows.loc[rows["value"].notna(), "measure_id"])
    chosen, missed = pd.concat([chosen, missed[reported]]), missed[~reported]
    missed = missed.rename(columns={"period": "overdue", "due_on": "overdue_on"})
    due = wanted[["measure_id", "kind"]].join(chosen[["period", "start", "end", "due_on"]])
    due = due.join(missed[["overdue", "overdue_on"]])
    return due.assign(period=due["period"].fillna(""), overdue=due["overdue"].fillna(""))


def _candidates(wanted: pd.DataFrame, rows: pd.DataFrame, quarter: Period, since: date) -> pd.DataFrame:
    """One row per measure and period that may matter: place (of the measure), period, start, end, due_on, counts_on, recorded_at."""
    fixed = pd.DataFrame(list(_ended(wanted, quarter, since)), columns=["kind", "period", "start", "end"])
    came = rows[rows["value"].notna() | (rows["state"] == "suppressed")]
    came = came[["measure_id", "kind", "period", "start", "end", "recorded_at"]]
    given = wanted.rename_axis("place").reset_index()[["place", "measure_id", "kind", "due_days"]]
    held = given.merge(fixed.astype({"start": "datetime64[us]", "end": "datetime64[us]"}), on="kind")
    held = held.merge(came[["measure_id", "period", "recorded_at"]], on=["measure_id", "period"], how="left")
    windows = came[(came["kind"] == "window") & (came["end"] <= pd.Timestamp(quarter.end))]
    found = pd.concat([held, given.merge(windows, on=["measure_id", "kind"])], ignore_index=True)
    found["due_on"] = found["end"] + pd.to_timedelta(found["due_days"], unit="D")
    return found.assign(counts_on=_counts_on(found, (since - quarter.shift(-1).end).days))


def _counts_on(found: pd.DataFrame, lag: int) -> pd.Series[pd.Timestamp]:
    """The due date; for a slow quarterly measure no sooner than every quarter of it is due as many reports on."""
    slow = found[(found["kind"] == "quarter") & (found["due_days"] > lag)]
    if slow.empty:
        return found["due_on"]
    earliest = [
        periods.parse(label).shift(_quarters_on(days - lag) - 1).end + timedelta(days=lag + 1)
        for label, days in zip(slow["period"], slow["due_days"], strict=True)
    ]
    not_before = pd.Series(earliest, slow.index, dtype="datetime64[us]").reindex(found.index)
    return found["due_on"].where(~(not_before > found["due_on"]), not_before)


def _quarters_on(days: float) -> int:
    """In how many quarters so many days have always passed (`days` of 1 and more)."""
    years, rest = divmod(days, 365)
    return int(years) * 4 + next((n for n, fewest in enumerate(SHORTEST_QUARTERS) if rest <= fewest), 4)


def _ended(
    wanted: pd.DataFrame, quarter: Period, since: date
) -> Iterator[tuple[str, str, pd.Timestamp, pd.Timestamp]]:
    """Periods of each kind that ended by the quarter's end, back to one that every measure had due before `since`."""
    for kind, days in wanted.groupby("kind")["due_days"].max().drop("window", errors="ignore").items():
        oldest = min(quarter.start, since - timedelta(days=int(days)))
        period = periods.last_ended(str(kind), quarter.end)
        while True:
            yield period.kind, period.label, pd.Timestamp(period.start), pd.Timestamp(period.end)
            if period.end < oldest:
                break
            period = period.shift(-1)


def _with_standing(found: pd.DataFrame, quarter: Period, since: date, as_at: date) -> pd.DataFrame:
    inside, came = found["end"] >= pd.Timestamp(quarter.start), found["recorded_at"].notna()
    fallen = _fallen(found, as_at)
    rated = (inside & (came | fallen)) | (fallen & ~_fallen(found, since))
    return found.assign(fallen=fallen, standing=np.select([rated, inside], [RATED, AWAITED], NEITHER))


def _fallen(found: pd.DataFrame, day: date) -> pd.Series[bool]:
    """Was the due date past on this day, or was it the day itself and the result had come?"""
    today = pd.Timestamp(day)
    came = found["recorded_at"].dt.normalize() <= today
    fallen: pd.Series[bool] = (found["counts_on"] < today) | ((found["counts_on"] == today) & came)
    return fallen


def _latest(found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The last row of each measure in this order, by the measure's place."""
    ordered = found.sort_values(["place", *by]).drop_duplicates("place", keep="last")
    return ordered.set_index("place")


def with_results(due: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """`due` with the result of its period (value, state, …) and the last result known (last_period, …)."""
    keys = ["measure_id", "period"]
    now = due.merge(rows[keys + list(RESULT_TYPES)], on=keys, how="left")
    held = rows[rows["value"].notna()].drop_duplicates("measure_id", keep="last")
    columns = ["measure_id", "period", "value", "source_file", "source_row"]
    last = held[columns].rename(columns={name: f"last_{name}" for name in columns[1:]})
    now = now.merge(last, on="measure_id", how="left")
    names = ("state", "source_file", "source_sheet", "last_period", "last_source_file")
    return now.assign(**{name: now[name].fillna("") for name in names})
