"""The numbers of each picture as a frame: what is drawn, and what the table behind the picture shows.

Functions named ``data_*`` give the table behind a picture: headings as people read them with the unit, one row a mark.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up_each
from pmf_lib.performance.status import RATINGS, shortfall
from pmf_lib.workbook.charts.facts import Facts, read_period, verdict
from pmf_lib.workbook.charts.fan import Ahead, fan_of, with_fan
from pmf_lib.workbook.charts.track import Point, Track, charted, track

NO_GAPS = "No measure has both a value and a target to compare."
EPOCH = date(1970, 1, 1).toordinal()
PANELS = 10
"""Panels of a wall that fit one printed page with their heading."""
NAMED_KINDS = ("country", "region", "neighbours", "median")
NAMED_AT_MOST = 4
LINE_COLUMNS = ["authority", "authority_kind", "period", "x", "value", "is_named"]
VARIATION_GROUPS = {
    "improving": ("improving_high", "improving_low"),
    "no_real_change": ("no_real_change",),
    "worsening": ("worsening_high", "worsening_low"),
    "neither": ("neither_high", "neither_low"),
    "too_few_points": ("too_few_points",),
    "not_suited": ("not_suited",),
}
"""Variation without its direction: group and codes, in the order of the grid's rows."""
RULE_WORDS = {
    "outside": "outside the limits",
    "trend": "trend",
    "two_in_three": "two in three near a limit",
    "shift": "shift",
}

POINT_WORDS = {"improving": "better than usual", "worsening": "worse than usual", "neutral": "not as usual"}
"""Special cause → what is said of a point that is one. What it says of the series, its last point alone decides."""


def comparator_lines(
    series: pd.DataFrame, comparators: pd.DataFrame, facts: Facts, council: str = ""
) -> pd.DataFrame:
    """Comparators of one measure, placed in time beside its series; the council itself is left out.

    Returns
    -------
    DataFrame
        One row per authority and period within the time of `series`: authority, authority_kind, period, x (the
        period's middle in days since 1970), value, is_named (a region, country, group or median, at most four; else
        up to three single authorities). Sorted: countries, regions, neighbours, medians, authorities; then by time.
    """
    rows = _of_measure(comparators, series)
    rows = rows[rows["authority"] != council].copy()
    if rows.empty:
        return pd.DataFrame(columns=LINE_COLUMNS).astype({"value": float, "x": float, "is_named": bool})
    rows["x"] = [_middle(label, facts.kind) for label in rows["period"]]
    rows["value"] = pd.to_numeric(rows["value"]).astype(float).replace([np.inf, -np.inf], np.nan)
    first, last = track(series, facts.kind).span
    rows = rows[rows["x"].between(first, last)]
    rows["rank"] = rows["authority_kind"].map({kind: at for at, kind in enumerate(NAMED_KINDS)}).fillna(9)
    rows = rows.sort_values(["rank", "authority", "x"], kind="stable")
    rows["is_named"] = rows["authority"].isin(_named(rows))
    return rows[LINE_COLUMNS].reset_index(drop=True)


def _of_measure(comparators: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    if comparators.empty or "measure_id" not in comparators or "measure_id" not in series:
        return comparators
    return comparators[comparators["measure_id"].isin(series["measure_id"].unique())]


def _named(rows: pd.DataFrame) -> list[str]:
    """Authorities that get a name: groups first; single ones only where there is no group and they are few."""
    known = rows[rows["value"].notna()]
    groups = known.loc[known["authority_kind"] != "authority", "authority"].unique()
    if len(groups):
        return [str(name) for name in groups[:NAMED_AT_MOST]]
    single = known["authority"].unique()
    return [str(name) for name in single] if len(single) < NAMED_AT_MOST else []


def _middle(label: object, kind: str | None) -> float:
    """The middle of a period in days since 1970; NaN where the label is no period."""
    period = read_period(label, kind)
    if period is None:
        return float("nan")
    return (period.start.toordinal() + period.end.toordinal() + 1) / 2 - EPOCH


def gaps_to_target(rated: pd.DataFrame) -> pd.DataFrame:
    """How far each rated value lies from its target, worst first.

    Returns
    -------
    DataFrame
        One row per measure that is met, near or missed: the columns of `rated`, distance (positive is better than
        the target) and counted_in ('tolerances' where every measure has a tolerance, else '% of target'). A distance
        that cannot be counted (a target of nought) is NaN and stands last.
    """
    rows = rated[rated["state"].isin(RATINGS) & rated["value"].notna()].reset_index(drop=True)
    if rows.empty:
        return rows.assign(distance=pd.Series(dtype=float), counted_in=pd.Series(dtype=str))
    better = -shortfall(rows, rows["value"])
    base = _base(rows)
    per_cent = rows["tolerance_kind"] == "per-cent"
    tolerance = rows["tolerance"].where(~per_cent, rows["tolerance"] * base / 100)
    in_tolerances = bool((tolerance > 0).all())
    step = tolerance if in_tolerances else base / 100
    rows["distance"] = (better / step.where(step > 0)).replace([np.inf, -np.inf], np.nan)
    rows["counted_in"] = "tolerances" if in_tolerances else "% of target"
    return rows.sort_values("distance", kind="stable", ignore_index=True)


def _base(rows: pd.DataFrame) -> pd.Series[Any]:
    """The size of the target, or of the nearer end of a range."""
    below = (rows["value"] - rows["lower"]).abs() <= (rows["upper"] - rows["value"]).abs()
    end = rows["lower"].where(below | rows["upper"].isna(), rows["upper"]).fillna(rows["lower"])
    return rows["target"].where(rows["polarity"] != "range", end).abs()


def grid_cells(rated: pd.DataFrame) -> pd.DataFrame:
    """Measures by variation and capability.

    Returns
    -------
    DataFrame
        One row per measure with both verdicts, in the order given: variation_group (a key of `VARIATION_GROUPS`),
        capability (code), title.
    """
    groups = {code: group for group, codes in VARIATION_GROUPS.items() for code in codes}
    cells = rated[["capability", "title"]].assign(variation_group=rated["variation"].map(groups))
    return cells[cells["variation_group"].notna() & (cells["capability"] != "")].reset_index(drop=True)


def group_word(group: str) -> str:
    """The word of a variation without its direction.

    >>> group_word("improving"), group_word("neither")
    ('Improving', 'Neither better nor worse')
    """
    return verdict("variation", VARIATION_GROUPS[group][0]).word.split(",")[0]


def data_xmr(points: pd.DataFrame, rated_row: Any, ahead: pd.DataFrame | None = None) -> pd.DataFrame:
    """The table behind an XmR chart: one row per period with result, mean, limits (in the unit) and signal in words.

    Periods forecast follow, with the forecast and its range.
    """
    shown, facts = charted(points, rated_row)
    return of_chart(shown, facts, fan_of(shown, facts, ahead))


def of_chart(shown: Track, facts: Facts, fan: list[Ahead]) -> pd.DataFrame:
    """The table behind an XmR chart of points made ready."""
    names = {"Result": "value", "Mean": "mean", "Lower limit": "lpl", "Upper limit": "upl"}
    numbers = {
        facts.heading(name): half_up_each([getattr(point, column) for point in shown.points], facts.decimals)
        for name, column in names.items()
    }
    labels = [facts.period(point.period) for point in shown.points]
    signals = [_signal_words(point) for point in shown.points]
    table = pd.DataFrame({"Period": labels, **numbers, "Signal": signals})
    return with_fan(table, fan, facts)


def _signal_words(point: Point) -> str:
    said = "; ".join(RULE_WORDS.get(rule, rule) for rule in point.fired.split("; ") if rule)
    said = said or RULE_WORDS.get(point.point_type, "")
    parts = [
        said,
        POINT_WORDS.get(point.special, "") if said else "",
        "not yet final" if point.hollow else "",
    ]
    return ", ".join(part for part in parts if part)


def panels(points: pd.DataFrame, rated: pd.DataFrame) -> list[list[tuple[Track, Facts]]]:
    """Points and facts of each measure in the order given, a list a picture."""
    of = dict(list(points.groupby("measure_id", sort=False))) if len(points) else {}
    rows = [charted(of.get(row["measure_id"], points.iloc[:0]), row) for _, row in rated.iterrows()]
    return [rows[first : first + PANELS] for first in range(0, len(rows), PANELS)]


def data_small_multiples(points: pd.DataFrame, rated: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables behind a wall, one a picture: one row per measure, its numbers as text since their units differ."""
    return [of_wall(page) for page in panels(points, rated)]


def of_wall(page: list[tuple[Track, Facts]]) -> pd.DataFrame:
    """The table behind one picture of a wall."""
    return pd.DataFrame([_panel_row(*panel) for panel in page])


def _panel_row(shown: Track, facts: Facts) -> dict[str, str]:
    last = shown.known[-1]._asdict() if shown.known else {}
    limits = shown.points[-1]._asdict() if shown.points else {}
    return {
        "Measure": facts.named,
        "Period": facts.period(last.get("period", "")),
        "Latest": facts.number(last.get("value")),
        "Mean": facts.number(limits.get("mean")),
        "Limits": _limits(limits, facts),
        "Target": facts.aims or "none",
        "Variation": verdict("variation", facts.variation).word if facts.variation else "",
        "Target as things run": verdict("capability", facts.capability).word if facts.capability else "",
    }


def _limits(row: dict[Any, Any], facts: Facts) -> str:
    """Both limits; in words where there are none."""
    ends = [row.get(name) for name in ("lpl", "upl")]
    return "none" if pd.isna(ends).any() else " to ".join(facts.number(end) for end in ends)


def data_grid(rated: pd.DataFrame) -> pd.DataFrame:
    """The table behind a grid: one row per measure with its variation and its capability in words."""
    cells = grid_cells(rated)
    return pd.DataFrame(
        {
            "Measure": cells["title"],
            "Change": [group_word(group) for group in cells["variation_group"]],
            "Can the target be met?": [verdict("capability", code).word for code in cells["capability"]],
        }
    )
