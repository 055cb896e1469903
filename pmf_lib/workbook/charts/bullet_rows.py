"""What bullets are drawn from, a row per measure on its axis, and the same in words and in numbers.

Percentages share their own axis. Other units are set to target = 100, which only a target above nought allows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.numbers import half_up_each
from pmf_lib.performance.status import RATINGS
from pmf_lib.workbook.charts.data import NO_GAPS, gaps_to_target
from pmf_lib.workbook.charts.facts import Facts, verdict
from pmf_lib.workbook.pieces import words

ROWS = 24
"""Rows that fit one printed page with their heading and source; more are shared out evenly."""
PERCENT, HUNDRED = "%", "target = 100"
NAMED = 3
"""Measures that a sentence names."""


def bullet_rows(rated: pd.DataFrame) -> pd.DataFrame:
    """What a row of bullets is drawn from, worst first: missed, near, met, and within each by distance from the target.

    Parameters
    ----------
    rated
        Rated measures; those without a status are left out.

    Returns
    -------
    DataFrame
        One row per measure that is met, near or missed: the columns of `rated`, axis ('%', 'target = 100', or '' where
        the target is nought, below nought or a range in another unit), and on that axis at, low and high (target, or the
        ends of a range), from and to (with the tolerance), and last_year (NaN where nothing is compared).
    """
    rows = gaps_to_target(rated)
    percent = rows["unit"] == "%"
    scaled = (rows["polarity"] != "range") & (rows["target"] > 0)
    axis = np.select([percent, scaled], [PERCENT, HUNDRED], "")
    factor = (100 / rows["target"].where(scaled)).where(~percent, 1.0)
    is_range = rows["polarity"] == "range"
    low, high = (rows["target"].where(~is_range, rows[name]) for name in ("lower", "upper"))
    below, above = (_tolerance(rows, end) for end in (low, high))
    drawn: dict[str, Any] = {
        "axis": axis,
        "at": rows["value"] * factor,
        "low": low * factor,
        "high": high * factor,
        "from": (low - below.where(rows["polarity"] != "lower", 0.0)) * factor,
        "to": (high + above.where(rows["polarity"] != "higher", 0.0)) * factor,
        "last_year": (rows["value"] - rows.get("change_long", pd.Series(np.nan, rows.index))) * factor,
        "rank": rows["state"].map({code: -at for at, code in enumerate(RATINGS)}),
    }
    return (
        rows.assign(**drawn)
        .sort_values(["rank", "distance"], kind="stable", ignore_index=True)
        .drop(columns="rank")
    )


def _tolerance(rows: pd.DataFrame, end: pd.Series[float]) -> pd.Series[float]:
    """The tolerance beyond a target or one end of a range as an amount; per cent is of that end, as `status` counts it."""
    is_share = rows["tolerance_kind"] == "per-cent"
    return rows["tolerance"].where(~is_share, rows["tolerance"] * end.abs() / 100).fillna(0.0)


def pages(rated: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The axis and the rows of each picture: percentages first."""
    rows = bullet_rows(rated)
    kinds = [(axis, rows[rows["axis"] == axis]) for axis in (PERCENT, HUNDRED)]
    return [(axis, found.iloc[part]) for axis, found in kinds for part in _shares(len(found))]


def _shares(count: int) -> list[slice]:
    """The rows of each picture."""
    pages = -(-count // ROWS)
    each = -(-count // pages) if pages else 1
    return [slice(first, first + each) for first in range(0, count, each)]


def left_out(rated: pd.DataFrame) -> str:
    """Which rated measures no axis holds, as a sentence; '' where all are drawn."""
    titles = bullet_rows(rated).loc[lambda rows: rows["axis"] == "", "title"].tolist()
    if not titles:
        return ""
    named = "; ".join([*titles[:NAMED], *([f"{len(titles) - NAMED} more"] if len(titles) > NAMED else [])])
    why = "a target of nought or below, or a range in a unit other than per cent, can't be set to 100"
    return f"Not drawn ({why}): {named}."


def alt_bullets(rated: pd.DataFrame) -> list[str]:
    """Bullets in words, one text a picture: counts by status, the worst by name, and what is not drawn."""
    drawn = pages(rated)
    if not drawn:
        return [left_out(rated) or NO_GAPS]
    said = [_alt(axis, rows) for axis, rows in drawn]
    return [*said[:-1], f"{said[-1]} {left_out(rated)}".strip()]


def _alt(axis: str, rows: pd.DataFrame) -> str:
    counts = rows["state"].value_counts()
    held = [
        f"{counts[code]:,} {verdict('status', code).word.lower()}"
        for code in reversed(RATINGS)
        if code in counts
    ]
    shown = words.sentence(words.counted(len(rows), "measure", in_words=True))
    on = "in per cent" if axis == PERCENT else "each on a scale where its target is 100"
    worst = [Facts.of(row) for _, row in rows.head(NAMED).iterrows()]
    named = "; ".join(f"{one.title} ({one.said(one.value)}, target {one.asked})" for one in worst)
    return f"{shown} against target, {on}, {_order(rows)}: {words.listing(held)}. On top: {named}."


def data_bullets(rated: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables behind bullets, one a picture: one row per measure, worst first; numbers as text, since units differ."""
    return [_table(axis, rows) for axis, rows in pages(rated)] or [
        pd.DataFrame({"Measure": [], "Status": []})
    ]


def bullet_order(rated: pd.DataFrame) -> str:
    """In which order bullets stand, and in what the distance from a target is counted."""
    return _order(gaps_to_target(rated))


def _order(rows: pd.DataFrame) -> str:
    step = "its own tolerance" if (rows["counted_in"] == "tolerances").all() else "per cent of its target"
    return f"missed before near and met, each from the furthest to the nearest, counted in {step}"


def _table(axis: str, rows: pd.DataFrame) -> pd.DataFrame:
    facts = [Facts.of(row) for _, row in rows.iterrows()]
    before = rows["value"] - rows.get("change_long", pd.Series(np.nan, rows.index))
    step = rows["counted_in"].iloc[0]
    table = pd.DataFrame(
        {
            "Measure": rows["title"].to_numpy(),
            "Unit": rows["unit"].to_numpy(),
            "Value": [one.number(one.value) for one in facts],
            "Target": [one.asked for one in facts],
            "A year before": [one.number(value) for one, value in zip(facts, before, strict=True)],
            "Status": [verdict("status", one.state).word for one in facts],
            f"Distance ({step}; below nought is worse)": half_up_each(rows["distance"], 1),
        }
    )
    return table if axis == PERCENT else table.assign(**{"Target = 100": half_up_each(rows["at"], 0)})
