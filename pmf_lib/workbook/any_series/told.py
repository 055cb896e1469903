"""What control charts of a file say: as text for people, and as plain JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pmf_lib import verdicts
from pmf_lib.errors import quoted
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.performance.spc.words import TWO_IN_THREE
from pmf_lib.performance.words import number
from pmf_lib.workbook.any_series.chart import BY, Charted
from pmf_lib.workbook.any_series.rows import FAULT_COLUMNS, fault_lines
from pmf_lib.workbook.any_series.times import WORDS, Times
from pmf_lib.workbook.charts.data import RULE_WORDS
from pmf_lib.workbook.pieces.words import counted

SERIES_KEYS = (
    *(BY, "n_points", "limits", "mean", "lpl", "upl", "lower_near", "upper_near", "refused", "constant"),
    *("is_seasonal", "season_low", "season_high", "variation", "variation_why", "notes", "target"),
    *("capability", "capability_why", "every", "last_period", "last_value"),
)
POINT_KEYS = (
    *("row", "label", "order", "value", "segment", "mean", "lpl", "upl", "lower_near", "upper_near", "side"),
    *("trend_direction", "point_type", "improvement"),
)
BETTER = {
    "higher": "Higher is better.",
    "lower": "Lower is better.",
    "none": "Neither higher nor lower is better.",
}
NO_POLARITY = "Say with --polarity whether higher or lower is better; without it no target is tested."


def text(found: Charted) -> str:
    """The whole of it for people, safe for a terminal."""
    words = verdicts.load()
    parts = [
        "\n".join(_head(found)),
        *(_series_text(row, words, found.times) for row in found.series.itertuples()),
    ]
    return "\n\n".join(parts)


def _head(found: Charted) -> list[str]:
    rows = counted(len(found.points), "row")
    left_out = found.faults["row"].nunique()
    lines = [
        f"{quoted(found.name)}: {counted(len(found.series), 'series', 'series')}, {rows}",
        f"Time: column '{quoted(found.columns.date)}' holds {WORDS[found.times.read_as]}".rstrip(".") + ".",
        f"Options: {options_words(found.options)}. {BETTER[found.asked.polarity]}",
    ]
    if found.asked.rebase:
        labels = ", ".join(quoted(label) for label in found.asked.rebase)
        lines.append(f"Limits are calculated anew from: {labels} (as the command asks).")
    if found.asked.target and found.asked.polarity == "none":
        lines.append(NO_POLARITY)
    if left_out:
        lines.append(f"Left out: {counted(left_out, 'row')} that cannot be read.")
        lines += [f"  {line}" for line in fault_lines(found.faults)]
    return lines


def options_words(options: XmrOptions) -> str:
    """How limits were set and rules were read.

    >>> options_words(XmrOptions(seasonal_f=None, fix_after_n=12)).split("; ")[2:4]
    ['limits by the first 12 points of each segment', 'trial limits under 13 points, none under 8']
    """
    season = "no season is looked for"
    if options.seasonal_f is not None:
        season = f"a season is marked from F {options.seasonal_f:g} and p {options.seasonal_p:g}"
    parts = [
        f"two in three by {TWO_IN_THREE[options.two_in_three]} ({options.two_in_three}), trend {options.trend_n}, "
        f"shift {options.shift_n}",
        f"moving ranges {'screened' if options.screen else 'not screened'}",
        f"limits by the first {options.fix_after_n} points of each segment" if options.fix_after_n else "",
        f"trial limits under {options.trial_limits_below} points, none under {options.refuse_below}",
        season,
    ]
    return "; ".join(part for part in parts if part)


def _series_text(row: Any, words: verdicts.Verdicts, times: Times) -> str:
    variation = words.get("variation", row.variation).word
    lines = [
        quoted(row.series),
        f"  {_points(row, times)}, {_limits(row)}",
        f"  Variation: {variation}. {row.variation_why}",
    ]
    if row.last_period:
        lines.append(
            f"  Last point: {quoted(row.last_period)}, {_number(row.last_value, row.decimals)}{_rules(row)}"
        )
    if not math.isnan(row.target):
        lines.append(f"  Target: {words.get('capability', row.capability).word}. {row.capability_why}")
    return "\n".join(lines)


def _points(row: Any, times: Times) -> str:
    """How many points, and how far apart where that is more than one period."""
    every = f", one every {row.every} {times.unit}s" if row.every > 1 else ""
    return f"{counted(row.n_points, 'point')}{every}"


def _limits(row: Any) -> str:
    """Mean and limits; why there are none is said by the variation."""
    if row.limits == "none":
        return "no limits"
    mean, lower, upper = (_number(value, row.decimals + 1) for value in (row.mean, row.lpl, row.upl))
    season = ", for the season of the last point" if row.is_seasonal else ""
    return f"mean {mean}, limits {lower} to {upper} ({row.limits}{season})"


def _number(value: float, decimals: int) -> str:
    """A number to these decimals, or with three figures where that would leave none of a small one."""
    return f"{value:.3g}" if 0 < abs(value) < 10.0**-decimals else number(value, decimals)


def _rules(row: Any) -> str:
    """The rules that fired at the last point; without limits none is read."""
    if row.limits == "none":
        return ""
    fired = [RULE_WORDS[rule] for rule in row.signals.split("; ") if rule]
    return f"; rules: {', '.join(fired)}" if fired else "; no rule fired"


def facts(found: Charted) -> dict[str, Any]:
    """The whole of it as plain values in a fixed order; a number that is missing is None."""
    words = verdicts.load()
    points = dict(list(found.points.groupby(BY, sort=False)))
    return {
        "file": found.name,
        "options": _options(found),
        "faults": [_plain(row, FAULT_COLUMNS) for row in found.faults.to_dict("records")],
        "series": [
            _series_facts(row, words)
            | {"points": [_point(point) for point in points[row[BY]].to_dict("records")]}
            for row in found.series.to_dict("records")
        ],
    }


def _options(found: Charted) -> dict[str, Any]:
    columns, asked = found.columns, found.asked
    return {
        "date": columns.date,
        "value": columns.value,
        "by": columns.by or None,
        "target": columns.target or _value(columns.target_of_all),
        "polarity": asked.polarity,
        "rebase": list(asked.rebase),
        "time": found.times.read_as,
        "gaps_are_seen": found.times.tells_gaps,
        "chart": found.options.model_dump(mode="json"),
    }


def _series_facts(row: dict[Any, Any], words: verdicts.Verdicts) -> dict[str, Any]:
    said = {
        "signals": [rule for rule in row["signals"].split("; ") if rule],
        "variation_word": words.get("variation", row["variation"]).word,
        "capability_word": words.get("capability", row["capability"]).word,
    }
    return _plain(row, SERIES_KEYS) | said


def _point(row: dict[Any, Any]) -> dict[str, Any]:
    return _plain(row, POINT_KEYS) | {"fired": [rule for rule in row["fired"].split("; ") if rule]}


def _plain(row: dict[Any, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: _value(row[key]) for key in keys}


def _value(value: Any) -> Any:
    """A value that JSON can hold."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain
