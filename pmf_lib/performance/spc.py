"""XmR control charts over many series at once, after Making Data Count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance import rules, spc_rows, spc_words
from pmf_lib.performance.laney import CHARTS
from pmf_lib.performance.limits import Held, held_points
from pmf_lib.performance.limits import limits as limits_of
from pmf_lib.performance.rules import Flags, Real, Whole
from pmf_lib.performance.spc_options import DEFAULT, XmrOptions

HIGHER_IS_BETTER = {"higher": 1, "lower": -1}
XMR = "xmr"
LIMIT_COLUMNS = ("mean", "lpl", "upl", "lower_near", "upper_near")


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
    rules; the moving range across a gap is not used. Rules: outside the limits, trend, two in three, shift; the first
    in that order names the point, and every one that fired is listed. The frame is not changed; row order is free.

    Parameters
    ----------
    frame, by, order, value, unsuited
        One row per series and period: columns `by`, `order`, `value`, and optionally a column named `unsuited`
        with the reason why a series is not suited ('' where it is); for p′ and u′ charts also counts ('p', 'u' or ''),
        numerator and denominator of the period alone. Where `order` is a whole number, a step of more
        than one is a gap.
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
        ``points``, one row per input row, sorted: `by`, `order`, `value`, segment, mean, lpl, upl, lower_near,
        upper_near (in the value's unit, with what the season adds), side (−1, 0, 1), trend_direction (−1, 0, 1), outside, trend, two_in_three,
        shift (bool), point_type (a rule, 'common_cause', or '' where there is no value or no limits), fired (rules
        joined by '; '), improvement ('improving', 'worsening', 'neutral' or '').
        ``summary``, one row per series, of its last segment: `by`, n_points, mean, lpl, upl, lower_near, upper_near (at
        its last point), limits ('final', 'trial', 'none'), is_seasonal, season_low, season_high (how far the limits of
        other seasons lie below and above those), chart ('xmr', 'p-prime', 'u-prime'), variation (a code of verdicts.yml), variation_why, signals (rules that fired at the last
        point), constant (bool), refused (the reason, or ''), notes, last_order.

    Raises
    ------
    ParameterError
        A column is missing, or a series has two rows for one point in time.

    Source
    ------
    NHS England, Making Data Count; facts of NHSRplotthedots 0.2.2.

    Examples
    --------
    >>> chart = xmr(pd.DataFrame({"measure_id": "a", "ordinal": range(13), "value": [4.0, 6.0] * 6 + [5.0]}))
    >>> chart.summary[["n_points", "limits", "variation"]].values.tolist()
    [[13, 'final', 'no_real_change']]
    """
    rows = spc_rows.in_order(frame, by, order, value, unsuited)
    segment = spc_rows.segments(rows, rebase, by, order)
    group = spc_rows.numbered(rows["series"].to_numpy(), segment)
    rows = spc_rows.placed(rows, group, seasons, options)
    held = held_points(rows, group)
    limits = limits_of(held, _first_reason(rows["unsuited"], group), options)
    ways = _ways(polarity, frame, rows, by)
    at_held = _signals(held, limits, ways[rows["has_value"].to_numpy()], options)
    lines = _lines(rows, group, limits)
    points = _points(rows, segment, lines, at_held)
    at = _last_rows(rows)
    end = points.take(at).assign(better=points["signal_way"].take(at) * ways[at])
    summary = _summary(end, limits.take(group[at]), _circumstances(rows, at), options)
    renamed = {"by": by, "order": order, "value": value}
    return Xmr(points.rename(columns=renamed), summary.rename(columns=renamed))


def _circumstances(rows: pd.DataFrame, at: Whole) -> pd.DataFrame:
    """By series: how far seasons lie below and above that of the last point, and the kind of chart of its last segment."""
    last = rows.take(at).reset_index(drop=True)
    added = rows.groupby("series")["added"]
    ends = pd.DataFrame({"season_low": added.min(), "season_high": added.max()})
    ends = ends.reset_index(drop=True).sub(last["added"], axis=0)
    ends = ends.assign(is_seasonal=ends["season_high"] > ends["season_low"])
    return ends.assign(chart=np.where(last["is_laney"], last["counts"].map(CHARTS), XMR))


def _signals(held: Held, limits: pd.DataFrame, ways: Whole, options: XmrOptions) -> pd.DataFrame:
    """Rules at every point that has a value."""
    line = {name: limits[name].to_numpy()[held.group] for name in LIMIT_COLUMNS}
    allowed = (limits["limits"] != "none").to_numpy()[held.group]
    side = rules.sign(held.value - line["mean"], held.tolerance)
    beyond = _beyond(held, line["lpl"], line["upl"])
    close = _beyond(held, line["lower_near"], line["upper_near"])
    if options.two_in_three == "nhsr-0.2.2":
        close = close & ~beyond
    rising = rules.trend_trigger(held.value, options.trend_n, held.start, held.tolerance)
    trend = rules.backfill(rising, options.trend_n, held.start) * allowed
    shift = rules.backfill(
        rules.shift_trigger(side, options.shift_n, held.start), options.shift_n, held.start
    )
    fired = {
        "outside": beyond,
        "trend": trend != 0,
        "two_in_three": rules.two_in_three(close, side, held.start) & close,
        "shift": shift != 0,
    }
    kind = rules.point_type(fired, allowed)
    way = np.where(kind == "trend", trend, side)
    return pd.DataFrame(
        {
            "side": side,
            "trend_direction": trend,
            **fired,
            "point_type": kind,
            "fired": rules.fired_text(fired),
            "improvement": improvement(kind, way * ways, way != 0),
            "signal_way": np.where(np.isin(kind, ["common_cause", ""]), 0, way),
        }
    )


def _beyond(held: Held, lower: Real, upper: Real) -> Flags:
    return (held.value > upper + held.tolerance) | (held.value < lower - held.tolerance)


def improvement(kind: Any, better: Any, special: Any) -> Any:
    """'improving', 'worsening' or 'neutral' where a rule fired (`better` is 1, −1 or 0), else ''."""
    special = special & ~np.isin(kind, ["common_cause", ""])
    texts = np.select([better > 0, better < 0], ["improving", "worsening"], "neutral").astype(object)
    return np.where(special, texts, "")


def _points(rows: pd.DataFrame, segment: Whole, lines: pd.DataFrame, at_held: pd.DataFrame) -> pd.DataFrame:
    """All rows with their lines; a row without a value fires nothing and shows as a gap."""
    empty = {"side": 0, "trend_direction": 0, "point_type": "", "fired": "", "improvement": ""}
    empty |= dict.fromkeys(rules.RULES, False) | {"signal_way": 0}
    found = at_held.set_axis(np.flatnonzero(rows["has_value"])).reindex(range(len(rows)))
    found = pd.DataFrame({name: found[name].where(rows["has_value"], gap) for name, gap in empty.items()})
    found = found.astype(dict(at_held.dtypes))
    points = pd.concat([rows[["by", "order", "value"]].assign(segment=segment), lines, found], axis=1)
    return points.astype(dict.fromkeys(("point_type", "fired", "improvement"), "str"))


def _lines(rows: pd.DataFrame, group: Whole, limits: pd.DataFrame) -> pd.DataFrame:
    """Mean and limits of each row in the value's unit."""
    heights = limits[list(LIMIT_COLUMNS)].take(group).reset_index(drop=True)
    return heights.mul(rows["unit"], axis=0).add(rows["centre"] + rows["added"], axis=0)


def _first_reason(unsuited: pd.Series[str], group: Whole) -> list[str]:
    return unsuited.groupby(group).first().tolist()


def _ways(polarity: str | pd.Series[str] | None, frame: pd.DataFrame, rows: pd.DataFrame, by: str) -> Whole:
    """1, −1 or 0 for each row: is a higher value better, worse, or neither?"""
    if polarity is None:
        return np.zeros(len(rows), dtype=np.int64)
    if isinstance(polarity, str):
        polarity = frame.drop_duplicates(by).set_index(by)[polarity]
    ways = rows["by"].map(polarity).map(HIGHER_IS_BETTER).astype(float).fillna(0)
    return ways.to_numpy().astype(np.int64)


def _last_rows(rows: pd.DataFrame) -> Whole:
    """Place of each series' last row that has a value (of its last row, if none has)."""
    place = pd.Series(np.arange(len(rows)), dtype=np.int64)
    last = place.where(rows["has_value"], -1).groupby(rows["series"]).max()
    ends = place.groupby(rows["series"]).max()
    return last.where(last >= 0, ends).to_numpy(dtype=np.int64)


def _summary(
    end: pd.DataFrame, limits: pd.DataFrame, more: pd.DataFrame, options: XmrOptions
) -> pd.DataFrame:
    """One row per series: its last point, in that point's segment."""
    found, end = limits.reset_index(drop=True), end.reset_index(drop=True)
    found = found.assign(
        by=end["by"],
        last_order=end["order"],
        segment=end["segment"],
        signals=end["fired"].where(found["refused"] == "", ""),
        point_type=end["point_type"],
        way=end["signal_way"],
        better=end["better"],
        **end[list(LIMIT_COLUMNS)],
        **more,
    )
    return spc_words.described(found, options)
