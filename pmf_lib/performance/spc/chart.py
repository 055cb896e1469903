"""XmR control charts over many series at once, after Making Data Count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmf_lib.performance.spc import rules
from pmf_lib.performance.spc.given import check_names
from pmf_lib.performance.spc.given import ways as ways_of
from pmf_lib.performance.spc.laney import CHARTS
from pmf_lib.performance.spc.limits import USABLE, Held, Limits, held_points
from pmf_lib.performance.spc.limits import limits as limits_of
from pmf_lib.performance.spc.options import DEFAULT, XmrOptions
from pmf_lib.performance.spc.rows import Places, Rows, firsts, in_order, placed, segments
from pmf_lib.performance.spc.rules import Flags, Real, Whole
from pmf_lib.performance.spc.words import BEYOND, SUMMARY_COLUMNS, described

XMR = "xmr"
LIMIT_KINDS = ("final", "trial", "none")
IMPROVEMENTS = ("", "improving", "worsening", "neutral")
TEXTS = {"point_type": rules.POINT_TYPES, "fired": rules.FIRED_TEXTS, "improvement": IMPROVEMENTS}
"""What the codes of these columns stand for."""
LIMIT_COLUMNS = ("mean", "lpl", "upl", "lower_near", "upper_near")
SIGNALS = ("side", "trend_direction", *rules.RULES, *TEXTS, "signal_way")
TAKEN = {*LIMIT_COLUMNS, *SIGNALS, *SUMMARY_COLUMNS, "last_order"}
"""Names that the answer gives to columns of its own."""


@dataclass(frozen=True)
class Xmr:
    """What `xmr` found: `points`, one row per input row, and `summary`, one row per series."""

    points: pd.DataFrame
    summary: pd.DataFrame


def xmr(
    frame: pd.DataFrame,
    *,
    options: XmrOptions = DEFAULT,
    by: str = "measure_id",
    order: str = "ordinal",
    value: str = "value",
    polarity: str | pd.Series[str] | None = None,
    rebase: pd.DataFrame | None = None,
    seasons: pd.Series[int] | None = None,
    unsuited: str = "unsuited",
) -> Xmr:
    """Control limits, rules and variation of every series of a long frame.

    Limits are mean ± 2.66 × mean moving range, each segment on its own; moving ranges above 3.267 times their mean
    are screened out first (unless switched off, or nothing would be left). Missing values are skipped in limits and
    rules; the moving range across a gap is not used; an infinite value refuses its segment. Rules: outside the limits,
    trend, two in three, shift; the first in that order names the point, and every one that fired is listed. The frame is
    not changed; row order is free.

    Parameters
    ----------
    frame, by, order, value, unsuited
        One row per series and period: columns `by`, `order`, `value`, and optionally a column named `unsuited`
        with the reason why a series is not suited ('' where it is); for p′ and u′ charts also counts ('p', 'u' or ''),
        numerator and denominator of the period alone. Where `order` holds whole numbers alone (be they floats), a step of
        more than one is a gap; dates and text are only put in order.
    options
        How limits are set and rules are read.
    polarity
        'higher', 'lower', 'range' or 'none': a column of `frame`, or a Series by series id. None: no way is better.
    rebase
        Columns `by` and `order`: a new segment begins at that point (or the first one after it).
    seasons
        Seasons in a year by series id. Where the time of the year moves a series (`seasonal`), each value is held against
        the mean and limits of its own season. None: no season is looked for.

    Returns
    -------
    Xmr
        ``points``, one row per input row, sorted: `by`, `order`, `value`, segment (0 on; one more at each rebase), mean,
        lpl, upl, lower_near, upper_near (in the value's unit, with what the season adds; NaN without limits), side
        (−1, 0, 1), trend_direction (−1, 0, 1), outside, trend, two_in_three, shift (bool), point_type (a rule,
        'common_cause', or '' where there is no value or no limits), fired (rules joined by '; '), improvement
        ('improving', 'worsening', 'neutral' or ''), signal_way (−1, 0, 1: the way of the rule that names the point).
        ``summary``, one row per series, of its last segment: `by`, n_points, mean, lpl, upl, lower_near, upper_near (at
        its last point, in the value's unit), limits ('final', 'trial', 'none'), variation (a code of verdicts.yml),
        variation_why, signals (rules that fired at the last point), constant (bool), refused (the reason, or ''), notes,
        segment, is_seasonal, season_low, season_high (how far the limits of other seasons lie below and above those),
        chart ('xmr', 'p-prime', 'u-prime'), last_order.

    Raises
    ------
    ParameterError
        A column is missing or of the wrong kind, a row lacks its series or point in time, a series has two rows for one
        point in time, or a polarity is not known.

    Source
    ------
    NHS England, Making Data Count; facts of NHSRplotthedots 0.2.2.

    Examples
    --------
    >>> chart = xmr(pd.DataFrame({"measure_id": "a", "ordinal": range(13), "value": [4.0, 6.0] * 6 + [5.0]}))
    >>> chart.summary[["n_points", "limits", "variation"]].values.tolist()
    [[13, 'final', 'no_real_change']]
    """
    check_names((by, order, value), TAKEN)
    rows = in_order(frame, by, order, value)
    segment = segments(rows, rebase, by, order)
    start = firsts(rows.series, segment)
    group = np.cumsum(start) - 1
    places = placed(rows, group, frame, seasons, options)
    reasons = _reasons(frame, unsuited, rows, group, start)
    held = _held(rows, places, group, start)
    limits = limits_of(held, reasons != "", options)
    ways = ways_of(polarity, frame, rows.ids, by)
    signals = _signals(held, limits, ways[rows.series[rows.has]], options)
    lines = {name: places.lines(height[group]) for name, height in limits.heights().items()}
    points = _points(rows, segment, lines, signals)
    last = _last_rows(rows)
    found = _ends(points, last, ways).assign(**_of_segment(limits, reasons, group[last], options))
    summary = described(found.assign(**_circumstances(rows, places, last, frame)), options)
    time = frame[order].take(rows.source).array
    named = pd.Series(rows.ids).array
    points.insert(0, by, named.take(rows.series))
    points.insert(1, order, time)
    summary.insert(0, by, named)
    summary.insert(len(summary.columns) - 4, "last_order", time.take(last))
    return Xmr(points.rename(columns={"value": value}), summary)


def _reasons(
    frame: pd.DataFrame, unsuited: str, rows: Rows, group: Whole, start: Flags
) -> NDArray[np.object_]:
    """By segment: why it is not suited, or ''."""
    found = np.full(int(start.sum()), "", dtype=object)
    found[group[rows.is_beyond]] = BEYOND
    if unsuited in frame.columns:
        said = frame[unsuited].take(rows.source[start]).to_numpy(dtype=object, na_value="")
        found = np.where(said == "", found, said)
    return found


def _held(rows: Rows, places: Places, group: Whole, start: Flags) -> Held:
    """The points that have a value; where time is no whole number, no gap can be seen."""
    is_centred = np.zeros(int(start.sum()), dtype=bool)
    if places.is_laney is not None:
        is_centred[group[places.is_laney]] = True
    place = rows.when if rows.times is None else np.arange(len(rows.when))
    has = rows.has
    return held_points(places.adjusted[has], places.size[has], place[has], group[has], is_centred)


def _signals(held: Held, limits: Limits, ways: Whole, options: XmrOptions) -> dict[str, Any]:
    """Rules at every point that has a value: flags, and codes of what names the point."""
    tolerance = held.tolerance[held.group]
    reach = limits.reach[held.group]
    away = held.value - limits.mean[held.group]
    side = rules.sign(away, tolerance)
    beyond, close = np.abs(away) > reach + tolerance, np.abs(away) > reach * 2 / 3 + tolerance
    if options.two_in_three == "nhsr-0.2.2":
        close = close & ~beyond
    allowed = np.isfinite(reach)
    trend = rules.trend_trigger(held.value, options.trend_n, held.start, tolerance)
    trend = rules.backfill(trend, options.trend_n, held.start) * allowed
    shift = rules.shift_trigger(side, options.shift_n, held.start)
    shift = rules.backfill(shift, options.shift_n, held.start)
    two = rules.two_in_three(close, side, held.start) & close
    fired = {"outside": beyond, "trend": trend != 0, "two_in_three": two, "shift": shift != 0}
    code = rules.fired_code(fired)
    kind = np.where(allowed, rules.KIND_OF_FIRED[code], rules.UNTYPED)
    way = np.where(kind == rules.RULES.index("trend"), trend, side) * (kind < rules.COMMON_CAUSE)
    texts = {"point_type": kind, "fired": code, "improvement": improvement(way, way * ways)}
    return {"side": side, "trend_direction": trend, **fired, **texts, "signal_way": way}


def _ends(points: pd.DataFrame, last: Whole, ways: Whole) -> pd.DataFrame:
    """One row per series: its last point."""
    end = points[[*LIMIT_COLUMNS, "segment", "fired", "point_type", "signal_way"]].take(last)
    end = end.rename(columns={"fired": "signals", "signal_way": "way"}).reset_index(drop=True)
    return end.assign(better=end["way"] * ways)


def _of_segment(
    limits: Limits, reasons: NDArray[np.object_], group: Whole, options: XmrOptions
) -> dict[str, Any]:
    """What is known of the last point's segment, by series."""
    names = ("n_points", "refused", "is_constant", "is_unscreened", "gaps")
    found = {name: getattr(limits, name)[group] for name in names}
    is_trial = found["n_points"] < options.trial_limits_below
    kind = np.where(found["refused"] != USABLE, 2, is_trial.astype(np.int64))
    return {**found, "reason": reasons[group], "limits": pd.array(LIMIT_KINDS, dtype="str").take(kind)}


def _circumstances(rows: Rows, places: Places, last: Whole, frame: pd.DataFrame) -> dict[str, Any]:
    """By series: how far seasons lie below and above that of the last point, and the kind of chart of its last segment."""
    low = high = np.zeros(len(last))
    if places.added is not None:
        first = np.flatnonzero(rows.start)
        own = places.added[last]
        low, high = (
            np.minimum.reduceat(places.added, first) - own,
            np.maximum.reduceat(places.added, first) - own,
        )
    kind = np.full(len(last), XMR, dtype=object)
    if places.is_laney is not None:
        is_laney = places.is_laney[last]
        kind[is_laney] = frame["counts"].take(rows.source[last[is_laney]]).map(CHARTS)
    return {
        "is_seasonal": high > low,
        "season_low": low,
        "season_high": high,
        "chart": pd.array(kind, dtype="str"),
    }


def improvement(way: Whole, better: Whole) -> Whole:
    """Places in `IMPROVEMENTS`: a special cause (`way` is not 0) is better (1), worse (−1) or neither (0)."""
    return np.where(way == 0, 0, np.where(better > 0, 1, np.where(better < 0, 2, 3)))


def _points(rows: Rows, segment: Whole, lines: dict[str, Real], signals: dict[str, Any]) -> pd.DataFrame:
    """All rows with their lines; a row without a value fires nothing and shows as a gap."""
    gap = {"point_type": rules.UNTYPED}
    found: dict[str, Any] = {"value": rows.value, "segment": segment, **lines}
    for name, at_held in signals.items():
        column = np.full(len(rows.has), gap.get(name, 0), dtype=at_held.dtype)
        column[rows.has] = at_held
        found[name] = pd.array(TEXTS[name], dtype="str").take(column) if name in TEXTS else column
    return pd.DataFrame(found, copy=False)


def _last_rows(rows: Rows) -> Whole:
    """Place of each series' last row that has a value (of its last row, if none has)."""
    first = np.flatnonzero(rows.start)
    if not len(first):
        return first
    place = np.arange(len(rows.has))
    last = np.maximum.reduceat(np.where(rows.has, place, -1), first)
    ends = np.append(first[1:], len(rows.has)) - 1
    return np.where(last >= 0, last, ends)
