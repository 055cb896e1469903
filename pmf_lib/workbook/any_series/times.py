"""Where each row of any file stands in time: by its periods, by its days, or by its order alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError, quoted
from pmf_lib.periods import Period
from pmf_lib.records import cells
from pmf_lib.workbook.any_series.rows import Faults, fault, without

KINDS = ("quarter", "year", *(kind for kind in periods.EXAMPLES if kind not in ("quarter", "year")))
"""Kinds of period, in the order in which a label that could be of two kinds is read."""
DAYS, ORDER, DAY = ("monthly", "weekly", "day"), "order", "2024-07-31"
WEEK = 7
UNSEEN = "Periods that are missing cannot be seen, and no season is looked for."
WORDS = {
    **{kind: f"{kind.replace('_', ' ')}s" for kind in periods.EXAMPLES},
    "year": "financial years",
    "window": "windows of several months",
    "monthly": "days, one a month",
    "weekly": "days, whole weeks apart",
    "day": f"days at uneven distances, taken one after the other. {UNSEEN}",
    ORDER: f"no periods or days that can be read (such as '2024-25 Q2', '2024-07' or '{DAY}'), so rows are taken in "
    f"the order of the file. {UNSEEN}",
}
"""Each way of reading time, as a sentence says it."""
PER_YEAR = {**periods.STEPS_A_YEAR, "monthly": 12, "weekly": periods.STEPS_A_YEAR["week"] * WEEK}
"""How far running numbers go in a year, where they tell gaps; weekly series are counted in days."""


@dataclass(frozen=True)
class Times:
    """How a file tells time: the column, and the key of `WORDS`."""

    column: str
    read_as: str

    @property
    def tells_gaps(self) -> bool:
        """Do running numbers say how far apart two rows are?"""
        return self.read_as not in ("day", ORDER)

    @property
    def scale(self) -> int:
        """How far running numbers go from one period to the next."""
        return WEEK if self.read_as == "weekly" else 1

    @property
    def unit(self) -> str:
        """What one period is called."""
        return {"monthly": "month", "weekly": "week"}.get(self.read_as, self.read_as.replace("_", " "))

    def period(self, label: str) -> Period | None:
        """What a label stands for (a day as a period of its own); None where it is not written as the others."""
        day = "month" if self.read_as == "monthly" else "day"
        return _day(label, day) if self.read_as in DAYS else _period(label, self.read_as)

    def place(self, period: Period) -> int:
        """The running number of a period, for all series of the file."""
        return period.start.toordinal() if self.read_as in ("weekly", "day") else period.ordinal


def placed(rows: pd.DataFrame, column: str) -> tuple[pd.DataFrame, Times, Faults]:
    """Rows with their place in time, how it was read, and the labels that are not written as most others are.

    Labels are read as the kind of period, or as days, that more than half of them are; there being none, rows keep their
    order.

    Returns
    -------
    tuple
        The rows that can be read, with: at (the place in time, a running number), time (what no two rows of a series
        share), period (the label as pictures show it), start and end (NaT where unknown); the way of reading; the faults.
    """
    read_as = _read_as(rows)
    if read_as == ORDER:
        at = pd.Series(np.arange(len(rows)), rows.index)
        unknown = pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
        more = {"time": rows["label"], "period": rows["label"], "start": unknown, "end": unknown}
        return rows.assign(at=at, **more), Times(column, ORDER), fault(rows["row"].head(0), column, "", "")
    times = Times(column, read_as)
    found = {label: times.period(label) for label in rows["label"].unique()}
    unread = rows["label"].map({label: period is None for label, period in found.items()}).astype(bool)
    faults = fault(rows.loc[unread, "row"], column, rows.loc[unread, "label"], _expected(read_as))
    return _dated(without(rows, faults), found, times), times, faults


def place_of(label: str, times: Times) -> int:
    """The place in time of a label that is given beside the file.

    Raises
    ------
    ParameterError
        It is not written as the labels of the file are.
    """
    period = times.period(label)
    if period is None:
        raise ParameterError(
            f"--rebase got '{quoted(label)}', expected {_expected(times.read_as)} in column '{quoted(times.column)}'."
        )
    return times.place(period)


def _dated(rows: pd.DataFrame, found: dict[str, Period | None], times: Times) -> pd.DataFrame:
    known = {label: period for label, period in found.items() if period is not None}
    at = rows["label"].map({label: times.place(period) for label, period in known.items()}).astype("int64")
    starts, ends = (
        rows["label"].map({label: getattr(period, end) for label, period in known.items()})
        for end in ("start", "end")
    )
    names = {label: period.label if period.kind != "day" else label for label, period in known.items()}
    dates = {"start": starts.astype("datetime64[us]"), "end": ends.astype("datetime64[us]")}
    return rows.assign(at=at, time=at, period=rows["label"].map(names), **dates)


def _read_as(rows: pd.DataFrame) -> str:
    """The way of reading that more than half of the rows allow."""
    count = rows["label"].value_counts()
    readers: dict[str, Callable[[str], Period | None]] = {
        kind: partial(_period, kind=kind) for kind in KINDS
    } | {"day": _day}
    fits = {
        name: sum(n for label, n in count.items() if read(str(label)) is not None)
        for name, read in readers.items()
    }
    best = max(fits, key=lambda name: fits[name])
    if 2 * fits[best] <= len(rows):
        return ORDER
    return _days_as(rows) if best == "day" else best


def _days_as(rows: pd.DataFrame) -> str:
    """Months where all days are the same of their month, or its last; weeks where all are whole weeks apart."""
    found = rows.assign(day=pd.to_datetime(rows["label"].map(_iso)))
    found = found[found["day"].notna()].sort_values(["series", "day"])
    if len(found["day"].dt.day.unique()) == 1 or found["day"].dt.is_month_end.all():
        return "monthly"
    apart = found.groupby("series")["day"].diff().dt.days.fillna(0)
    return "weekly" if (apart % WEEK == 0).all() else "day"


def _period(label: str, kind: str) -> Period | None:
    try:
        return periods.parse(label, kind)
    except ParameterError:
        return None


def _day(label: str, kind: str = "day") -> Period | None:
    day = _iso(label)
    if day is None:
        return None
    return periods.containing("month", day) if kind == "month" else Period(day, day, "day")


def _iso(label: str) -> date | None:
    """A day written as YYYY-MM-DD, with midnight or without."""
    if not cells.is_date(label):
        return None
    try:
        return date.fromisoformat(label[:10])
    except ValueError:
        return None


def _expected(read_as: str) -> str:
    if read_as in DAYS:
        return f"a day such as '{DAY}', as in most rows"
    return f"a {read_as.replace('_', ' ')} such as '{periods.EXAMPLES[read_as]}', as in most rows"
