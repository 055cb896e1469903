"""One measure's points made ready for drawing: in order, placed in time, with what each point is told apart by."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.status import RATINGS
from pmf_lib.performance.words import is_share
from pmf_lib.workbook.charts.facts import Facts

NUMBERS = ("value", "mean", "lpl", "upl")
TEXTS = ("period", "point_type", "fired", "improvement", "state", "decision")
STEP_DAYS = {"week": 7.0, "month": 30.4, "quarter": 91.3, "term": 121.7, "window": 30.4}
YEAR_DAYS = 365.25
BREAKS = {True: "Definition changed", False: "Limits recalculated"}
WHOLE = 100.0
"""All of what a percentage is a share of."""
NOT_FIRM = ("provisional", "estimated")


@dataclass(frozen=True)
class Track:
    """Points of one measure, one row per period in order of time.

    ``frame`` has the columns of `xmr` points with infinite numbers and missing columns as NaN, and besides: ``x`` (the
    middle of the period, in days), ``special`` (improving, worsening, neutral or ''), ``hollow`` (not yet final) and
    ``begins`` (the first period of the present definition).
    ``step`` is the usual distance between two points, in days.
    """

    frame: pd.DataFrame
    step: float

    @property
    def known(self) -> pd.DataFrame:
        """The points that have a value."""
        return self.frame[self.frame["value"].notna()]

    @property
    def span(self) -> tuple[float, float]:
        """From half a step before the first point to half a step after the last."""
        x = self.frame["x"]
        return float(x.min()) - self.step / 2, float(x.max()) + self.step / 2

    @property
    def segments(self) -> list[pd.DataFrame]:
        """The points of each segment between two breaks."""
        return [part for _, part in self.frame.groupby("segment", sort=False)]

    @property
    def breaks(self) -> dict[float, str]:
        """Where limits were calculated anew, and the words for why."""
        firsts = [part.iloc[0] for part in self.segments[1:]]
        return {float(first["x"]) - self.step / 2: BREAKS[bool(first["begins"])] for first in firsts}

    @property
    def decisions(self) -> dict[float, str]:
        """Where limits were calculated anew by a recorded decision, and its words (column `decision` of the points)."""
        firsts = [part.iloc[0] for part in self.segments[1:]]
        return {
            float(first["x"]) - self.step / 2: str(first["decision"]) for first in firsts if first["decision"]
        }

    @property
    def since(self) -> float:
        """Where the present definition begins; the left end of the chart where it never changed."""
        begun = self.frame.loc[self.frame["begins"], "x"]
        return float(begun.max()) - self.step / 2 if len(begun) else self.span[0]

    def possible(self, facts: Facts) -> tuple[float, float]:
        """The least and the greatest value that can be, as far as the results tell: not below 0, a share not above 100."""
        known = [*self.known["value"], *facts.targets.values()]
        if not known or min(known) < 0:
            return -math.inf, math.inf
        return 0.0, WHOLE if is_share(facts.unit) and max(known) <= WHOLE else math.inf

    def limit(self, value: Any, facts: Facts, *, brief: bool = False) -> str:
        """A limit in words: as calculated, unless no result can lie there; `brief` where room is short."""
        least, most = self.possible(facts)
        if value > most:
            return f"above {facts.number(most, decimals=0)}"
        if value < least:
            return f"below {facts.number(least, decimals=0)}"
        return facts.brief(value) if brief else facts.number(value)

    @property
    def line(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The line through the values; a period that is not there breaks it, and so does a new definition."""
        x, y = self.frame["x"].to_numpy(), self.frame["value"].to_numpy()
        jumps = np.flatnonzero((self.frame["ordinal"].diff() > 1) | self.frame["begins"])
        return np.insert(x, jumps, np.nan), np.insert(y, jumps, np.nan)


def track(
    points: pd.DataFrame, kind: str | None = None, *, provisional: bool = False, definition_from: str = ""
) -> Track:
    """The points of one measure as a `Track`; `points` is not changed.

    Parameters
    ----------
    points
        `xmr` points joined with period, start and end; columns that are not there are empty.
    kind
        The measure's kind of period, for the distance between points when there is only one.
    provisional
        Whether the last value is not yet final.
    definition_from
        First period of the present definition ('' where it never changed).
    """
    frame = _whole(points).sort_values("ordinal", kind="stable").reset_index(drop=True)
    frame["x"] = _places(frame, kind)
    signal = ~frame["point_type"].isin(["", "common_cause"])
    frame["special"] = frame["improvement"].where(frame["improvement"] != "", "neutral").where(signal, "")
    frame["hollow"] = frame["state"].isin(NOT_FIRM)
    frame["begins"] = frame["period"].eq(definition_from) & (definition_from != "")
    last = frame["value"].last_valid_index()
    if provisional and last is not None:
        frame.loc[last, "hollow"] = True
    return Track(frame, _step(frame["x"], kind))


def charted(points: pd.DataFrame, row: Any) -> tuple[Track, Facts]:
    """A measure's points and facts for an XmR chart.

    The chart shows results in the period. A target that was rated against a value since 1 April is for another stretch
    of time, so it is left out of the facts.
    """
    facts = Facts.of(row)
    shown = track(points, facts.kind, provisional=facts.provisional, definition_from=facts.definition_from)
    due = shown.frame.loc[shown.frame["period"] == facts.period_due, "value"]
    apart = (due - facts.value).abs() > 0.51 * 10.0**-facts.decimals
    if facts.state in RATINGS and apart.any():
        return shown, replace(facts, target=math.nan, lower=math.nan, upper=math.nan)
    return shown, facts


def _whole(points: pd.DataFrame) -> pd.DataFrame:
    """A copy with every column that drawing reads; infinite numbers are missing."""
    frame = points.copy()
    for name in NUMBERS:
        numbers = pd.to_numeric(frame.get(name, pd.Series(np.nan, frame.index)))
        frame[name] = numbers.astype(float).where(numbers.abs() < math.inf)
    for name in TEXTS:
        frame[name] = frame.get(name, pd.Series("", frame.index)).fillna("").astype(str)
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame.get(name, pd.Series(pd.NaT, frame.index)))
    if "ordinal" not in frame:
        frame["ordinal"] = np.arange(len(frame))
    frame["segment"] = frame.get("segment", pd.Series(0, frame.index)).ffill().fillna(0)
    return frame


def _places(frame: pd.DataFrame, kind: str | None) -> pd.Series[Any]:
    """The middle of each period in days since 1970, or its ordinal in steps where the dates are not known."""
    if frame[["start", "end"]].isna().to_numpy().any():
        return frame["ordinal"].astype(float) * STEP_DAYS.get(kind or "", YEAR_DAYS)
    return (days(frame["start"]) + days(frame["end"]) + 1) / 2


def days(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Dates as days since 1970."""
    return (dates - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


def _step(x: pd.Series[Any], kind: str | None) -> float:
    apart = x.diff().dropna()
    if kind not in (None, "window") or apart.empty:
        return STEP_DAYS.get(kind or "", YEAR_DAYS)
    return float(apart.median())
