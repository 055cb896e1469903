"""What each picture shows, in a sentence or two, for a reader who does not see it; computed from the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.capability import CODES as CAPABILITIES
from pmf_lib.performance.status import RATINGS
from pmf_lib.workbook.charts.data import (
    POINT_WORDS,
    RULE_WORDS,
    VARIATION_GROUPS,
    comparator_lines,
    grid_cells,
    group_word,
    panels,
)
from pmf_lib.workbook.charts.facts import SPAN_WORDS, Facts, span_words, verdict
from pmf_lib.workbook.charts.fan import fan_of, fan_words
from pmf_lib.workbook.charts.track import Track, charted, track
from pmf_lib.workbook.pieces import words

NAMED = 3
"""Periods or measures that a sentence names before it says how many more there are."""
SPELT_OUT = 3
"""Kinds of signal that are told one by one."""
NO_RESULTS = "There are no results to draw."


def alt_xmr(points: pd.DataFrame, rated_row: Any, ahead: pd.DataFrame | None = None) -> str:
    """An XmR chart in words: time covered, latest result, mean and limits, target, signals, what is missing, and the forecast."""
    shown, facts = charted(points, rated_row)
    if shown.known.empty:
        return NO_RESULTS
    said = [
        _covered(shown, facts),
        _levels(shown, facts),
        *_signals(shown, facts),
        *_interruptions(shown, facts),
        *fan_words(fan_of(shown, facts, ahead), facts),
    ]
    return " ".join(said)


def _covered(shown: Track, facts: Facts) -> str:
    often = SPAN_WORDS.get(facts.frequency, "Results")
    known = shown.known
    if known[["start", "end"]].isna().to_numpy().any():
        first, last = (facts.period(known["period"].iloc[at], in_sentence=True) for at in (0, -1))
        return f"{often}, {first}." if first == last else f"{often}, {first} to {last}."
    return f"{often}, {span_words(known['start'].min(), known['end'].max())}."


def _levels(shown: Track, facts: Facts) -> str:
    """Latest, mean, limits and target as one sentence."""
    latest, end = shown.known.iloc[-1], shown.frame.iloc[-1]
    parts = [
        f"latest {facts.said(latest['value'])} ({facts.period(latest['period'], in_sentence=True)}"
        f"{', not yet final' if latest['hollow'] else ''})"
    ]
    if pd.notna(end["mean"]):
        parts.append(f"mean {facts.number(end['mean'])}")
    if pd.notna(end["lpl"]) and pd.notna(end["upl"]):
        trial = "trial " if facts.limits == "trial" else ""
        own = " at the last point" if _varies(shown.segments[-1]["upl"] - shown.segments[-1]["lpl"]) else ""
        own = " in its season" if not own and _varies(shown.segments[-1]["mean"]) else own
        parts.append(
            f"{trial}limits{own} {shown.limit(end['lpl'], facts)} to {shown.limit(end['upl'], facts)}"
        )
    parts += [f"target {facts.aims}"] if facts.aims else []
    return words.sentence(", ".join(parts)) + "."


def _varies(heights: pd.Series[float]) -> bool:
    """Does a line differ from point to point?"""
    return not np.allclose(heights, heights.iloc[-1], rtol=1e-9, atol=0.0, equal_nan=True)


def _signals(shown: Track, facts: Facts) -> list[str]:
    """A sentence a kind of signal, in the order of the rules; or that there is none, or why none is sought."""
    known = shown.known
    if known["upl"].isna().all():
        return [f"No limits are drawn. {facts.variation_why}".strip()]
    upward = _upward(known)
    said = [
        _signal(facts, found, kind, up)
        for kind in ("outside", "trend", "two_in_three", "shift")
        for up in (True, False)
        if len(found := _in_runs(known, kind, upward == up))
    ]
    if len(said) > SPELT_OUT:
        return _signals_by_change(known, facts)
    return said or ["No point is a special cause."]


def _signals_by_change(known: pd.DataFrame, facts: Facts) -> list[str]:
    """Special causes by what they say of the process, where naming each kind would take too long."""
    special = known[known["special"] != ""]
    said = []
    for change, found in special.groupby("special", sort=False):
        kinds = words.listing(RULE_WORDS[kind] for kind in RULE_WORDS if kind in set(found["point_type"]))
        last = facts.period(found["period"].iloc[-1], in_sentence=True)
        count = words.sentence(words.counted(len(found), "point", in_words=True))
        said.append(f"{count} {POINT_WORDS[str(change)]} ({kinds}), the last in {last}.")
    return said


def _upward(known: pd.DataFrame) -> pd.Series[bool]:
    """Whether a trend's point rises, and any other point lies above the mean."""
    rises = known["trend_direction"] if "trend_direction" in known else known["value"].diff()
    return (rises > 0).where(known["point_type"] == "trend", known["value"] > known["mean"])


def _in_runs(known: pd.DataFrame, kind: str, is_this_way: pd.Series[bool]) -> pd.DataFrame:
    """The points of one kind and way, each with its `run`: points on end, in one segment, at which the rule fired that way."""
    named = known["point_type"] == kind
    fired = (named | known["fired"].str.split("; ").map(lambda rules: kind in rules)) & is_this_way
    begins = ~fired.shift(fill_value=False) | (known["segment"] != known["segment"].shift())
    return known.assign(run=(fired & begins).cumsum())[named & is_this_way]


def _signal(facts: Facts, found: pd.DataFrame, kind: str, up: bool) -> str:
    side, way = ("upper", "above") if up else ("lower", "below")
    where = {
        "outside": f"{way} the {side} limit",
        "trend": f"in a {'rising' if up else 'falling'} trend",
        "two_in_three": f"near or beyond the {side} limit (two in three)",
        "shift": f"{way} the mean in a shift",
    }[kind]
    changes = [POINT_WORDS[change] for change in dict.fromkeys(found["special"])]
    count = words.sentence(words.counted(len(found), "point", in_words=True))
    return f"{count} {where} {_when(facts, found)}: {words.listing(changes)}."


def _when(facts: Facts, found: pd.DataFrame) -> str:
    """Few points by their periods; else each run by its first and last, or how many runs and the last of them."""
    named = [facts.period(label, in_sentence=True) for label in found["period"]]
    if len(named) <= NAMED:
        return f"in {words.listing(named)}"
    spans = [_span(facts, run) for _, run in found.groupby("run")]
    if len(spans) == 1:
        return spans[0]
    if len(spans) <= NAMED:
        return f"in {words.count_word(len(spans))} runs ({'; '.join(spans)})"
    return f"in {words.count_word(len(spans))} runs, the last {spans[-1]}"


def _span(facts: Facts, run: pd.DataFrame) -> str:
    first, last = (facts.period(run["period"].iloc[at], in_sentence=True) for at in (0, -1))
    return f"in {first}" if len(run) == 1 else f"between {first} and {last}"


def _interruptions(shown: Track, facts: Facts) -> list[str]:
    """Where limits were calculated anew, and periods without a value."""
    firsts = [part.iloc[0] for part in shown.segments[1:]]
    begun = [facts.period(first["period"], in_sentence=True) for first in firsts]
    why = "; the definition changed" if any(first["begins"] for first in firsts) else ""
    why += f" (decision: {words.listing(shown.decisions.values())})" if shown.decisions else ""
    said = [f"Limits were calculated anew from {words.listing(begun)}{why}."] if begun else []
    inside = shown.frame.iloc[shown.known.index[0] : shown.known.index[-1] + 1]
    skipped = inside["ordinal"].diff().fillna(1).clip(lower=1) - 1
    missing = int(inside["value"].isna().sum() + (skipped.sum() if facts.kind != "window" else 0))
    if missing:
        verb = "has" if missing == 1 else "have"
        said.append(f"{words.sentence(words.counted(missing, 'period', in_words=True))} {verb} no value.")
    return said


def alt_small_multiples(points: pd.DataFrame, rated: pd.DataFrame) -> list[str]:
    """A wall in words, one text a picture: what each panel shows, in the order drawn."""
    return [
        f"{words.sentence(words.counted(len(page), 'control chart', in_words=True))} over the same months. "
        + " ".join(_panel(*panel) for panel in page)
        for page in panels(points, rated)
    ]


def _panel(shown: Track, facts: Facts) -> str:
    if shown.known.empty:
        return f"{facts.title}: no value."
    last = shown.known.iloc[-1]
    found = [("status", facts.state)] if facts.state in RATINGS else []
    found += [
        (kind, code)
        for kind, code in (("variation", facts.variation), ("capability", facts.capability))
        if code not in ("", "not_tested")
    ]
    verdicts = "".join(f", {verdict(*one).word.lower()}" for one in found)
    target = f", target {facts.aims}" if facts.aims else ""
    when = facts.period(last["period"], in_sentence=True)
    return f"{facts.title}: {facts.said(last['value'])} in {when}{target}{verdicts}."


def alt_lines(
    series: pd.DataFrame, comparators: pd.DataFrame, rated_row: Any, *, council: str = "Council"
) -> str:
    """A line with comparators in words: the council's first and latest result, each comparator's latest, the target."""
    facts = Facts.of(rated_row)
    own = track(series, facts.kind, provisional=facts.provisional, definition_from=facts.definition_from)
    if own.known.empty:
        return NO_RESULTS
    first, last = own.known.iloc[0], own.known.iloc[-1]
    latest = f"{council} {facts.said(last['value'])} in {facts.period(last['period'], in_sentence=True)}"
    latest += " (not yet final)" if last["hollow"] else ""
    if len(own.known) > 1:
        latest += (
            f", from {facts.number(first['value'])} in {facts.period(first['period'], in_sentence=True)}"
        )
    lines = comparator_lines(series, comparators, facts, council)
    named = lines[lines["is_named"] & lines["value"].notna()].drop_duplicates("authority", keep="last")
    others = [
        f"{row.authority} {facts.number(row.value)} in {facts.period(row.period, in_sentence=True)}"
        for row in named.itertuples()
    ]
    parts = [latest, *others, *([f"target {facts.aims}"] if facts.aims else [])]
    return f"{_covered(own, facts)} {'; '.join(parts)}."


def alt_grid(rated: pd.DataFrame) -> str:
    """A grid in words: measures in each cell that holds any, row by row."""
    cells = grid_cells(rated)
    if cells.empty:
        return "No measure has both a variation and a capability."
    said = []
    for group in VARIATION_GROUPS:
        row = cells[cells["variation_group"] == group]
        counts = row["capability"].value_counts()
        held = [
            f"{counts[code]:,} {verdict('capability', code).word.lower()}"
            for code in CAPABILITIES
            if code in counts
        ]
        if held:
            said.append(f"{group_word(group)} {len(row):,}: {words.listing(held)}.")
    return (
        f"{words.sentence(words.counted(len(cells), 'measure'))} by change and by whether the target can be met. "
        + " ".join(said)
    )
