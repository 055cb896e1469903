"""What each picture shows, in a sentence or two, for a reader who does not see it; computed from the same numbers."""

from __future__ import annotations

import math
from itertools import pairwise
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
from pmf_lib.workbook.charts.fan import Ahead, fan_of, fan_words
from pmf_lib.workbook.charts.track import Point, Track, charted, track, varies
from pmf_lib.workbook.pieces import words

NAMED = 3
"""Periods or measures that a sentence names before it says how many more there are."""
SPELT_OUT = 3
"""Kinds of signal that are told one by one."""
NO_RESULTS = "There are no results to draw."


def alt_xmr(points: pd.DataFrame, rated_row: Any, ahead: pd.DataFrame | None = None) -> str:
    """An XmR chart in words: time covered, latest result, mean and limits, target, signals, what is missing, and the forecast."""
    shown, facts = charted(points, rated_row)
    return of_chart(shown, facts, fan_of(shown, facts, ahead))


def of_chart(shown: Track, facts: Facts, fan: list[Ahead]) -> str:
    """An XmR chart of points made ready, in words."""
    if not shown.known:
        return NO_RESULTS
    said = [
        _covered(shown, facts),
        _levels(shown, facts),
        *_signals(shown, facts),
        *_interruptions(shown, facts),
        *fan_words(fan, facts),
    ]
    return " ".join(said)


def _covered(shown: Track, facts: Facts) -> str:
    often = SPAN_WORDS.get(facts.frequency, "Results")
    known = shown.known
    if any(np.isnat(day) for point in known for day in (point.start, point.end)):
        first, last = (facts.period(known[at].period, in_sentence=True) for at in (0, -1))
        return f"{often}, {first}." if first == last else f"{often}, {first} to {last}."
    return f"{often}, {span_words(min(point.start for point in known), max(point.end for point in known))}."


def _levels(shown: Track, facts: Facts) -> str:
    """Latest, mean, limits and target as one sentence."""
    latest, end = shown.known[-1], shown.points[-1]
    parts = [
        f"latest {facts.said(latest.value)} ({facts.period(latest.period, in_sentence=True)}"
        f"{', not yet final' if latest.hollow else ''})"
    ]
    if not math.isnan(end.mean):
        parts.append(f"mean {facts.number(end.mean)}")
    if not math.isnan(end.upl - end.lpl):
        trial, own = "trial " if facts.limits == "trial" else "", _own(shown.segments[-1])
        parts.append(f"{trial}limits{own} {shown.limit(end.lpl, facts)} to {shown.limit(end.upl, facts)}")
    parts += [f"target {facts.aims}"] if facts.aims else []
    return words.sentence(", ".join(parts)) + "."


def _own(part: list[Point]) -> str:
    """Whose limits they are where each point has its own, or each season; '' where all have the same."""
    if varies(point.upl - point.lpl for point in part):
        return " at the last point"
    return " in its season" if varies(point.mean for point in part) else ""


def _signals(shown: Track, facts: Facts) -> list[str]:
    """A sentence a kind of signal, in the order of the rules; or that there is none, or why none is sought."""
    known = shown.known
    if all(math.isnan(point.upl) for point in known):
        return [f"No limits are drawn. {facts.variation_why}".strip()]
    said = [
        _signal(facts, found, kind, up)
        for kind in ("outside", "trend", "two_in_three", "shift")
        for up in (True, False)
        if len(found := _in_runs(known, kind, up))
    ]
    if len(said) > SPELT_OUT:
        return _signals_by_change(known, facts)
    return said or ["No point is a special cause."]


def _signals_by_change(known: list[Point], facts: Facts) -> list[str]:
    """Special causes by what they say of the process, where naming each kind would take too long."""
    said = []
    for change in dict.fromkeys(point.special for point in known if point.special):
        found = [point for point in known if point.special == change]
        fired = {point.point_type for point in found}
        kinds = words.listing(RULE_WORDS[kind] for kind in RULE_WORDS if kind in fired)
        last = facts.period(found[-1].period, in_sentence=True)
        count = words.sentence(words.counted(len(found), "point", in_words=True))
        said.append(f"{count} {POINT_WORDS[change]} ({kinds}), the last in {last}.")
    return said


def _is_upward(point: Point) -> bool:
    """Whether a trend's point rises, or any other point lies above the mean."""
    return point.rises > 0 if point.point_type == "trend" else point.value > point.mean


def _in_runs(known: list[Point], kind: str, up: bool) -> list[tuple[int, Point]]:
    """The points of one kind and way, each with its run: points on end, in one segment, at which the rule fired that way."""
    found: list[tuple[int, Point]] = []
    run, before = 0, None
    for point in known:
        is_this_way = _is_upward(point) == up
        has_fired = is_this_way and (point.point_type == kind or kind in point.fired.split("; "))
        run += has_fired and before != point.segment
        before = point.segment if has_fired else None
        if is_this_way and point.point_type == kind:
            found.append((run, point))
    return found


def _signal(facts: Facts, found: list[tuple[int, Point]], kind: str, up: bool) -> str:
    side, way = ("upper", "above") if up else ("lower", "below")
    where = {
        "outside": f"{way} the {side} limit",
        "trend": f"in a {'rising' if up else 'falling'} trend",
        "two_in_three": f"near or beyond the {side} limit (two in three)",
        "shift": f"{way} the mean in a shift",
    }[kind]
    changes = [POINT_WORDS[change] for change in dict.fromkeys(point.special for _, point in found)]
    count = words.sentence(words.counted(len(found), "point", in_words=True))
    return f"{count} {where} {_when(facts, found)}: {words.listing(changes)}."


def _when(facts: Facts, found: list[tuple[int, Point]]) -> str:
    """Few points by their periods; else each run by its first and last, or how many runs and the last of them."""
    named = [facts.period(point.period, in_sentence=True) for _, point in found]
    if len(named) <= NAMED:
        return f"in {words.listing(named)}"
    runs = dict.fromkeys(run for run, _ in found)
    spans = [_span(facts, [point for one, point in found if one == run]) for run in runs]
    if len(spans) == 1:
        return spans[0]
    if len(spans) <= NAMED:
        return f"in {words.count_word(len(spans))} runs ({'; '.join(spans)})"
    return f"in {words.count_word(len(spans))} runs, the last {spans[-1]}"


def _span(facts: Facts, run: list[Point]) -> str:
    first, last = (facts.period(run[at].period, in_sentence=True) for at in (0, -1))
    return f"in {first}" if len(run) == 1 else f"between {first} and {last}"


def _interruptions(shown: Track, facts: Facts) -> list[str]:
    """Where limits were calculated anew, and periods without a value."""
    begun = [facts.period(first.period, in_sentence=True) for first in shown.firsts]
    why = "; the definition changed" if any(first.begins for first in shown.firsts) else ""
    why += f" (decision: {words.listing(shown.decisions.values())})" if shown.decisions else ""
    said = [f"Limits were calculated anew from {words.listing(begun)}{why}."] if begun else []
    ends = shown.known[0].ordinal, shown.known[-1].ordinal
    inside = [point for point in shown.points if ends[0] <= point.ordinal <= ends[1]]
    skipped = sum(max(two.ordinal - one.ordinal, 1) - 1 for one, two in pairwise(inside))
    missing = len(inside) - len(shown.known) + (skipped if facts.kind != "window" else 0)
    if missing:
        verb = "has" if missing == 1 else "have"
        said.append(f"{words.sentence(words.counted(missing, 'period', in_words=True))} {verb} no value.")
    return said


def alt_small_multiples(points: pd.DataFrame, rated: pd.DataFrame) -> list[str]:
    """A wall in words, one text a picture: what each panel shows, in the order drawn."""
    return [of_wall(page) for page in panels(points, rated)]


def of_wall(page: list[tuple[Track, Facts]]) -> str:
    """One picture of a wall in words."""
    count = words.sentence(words.counted(len(page), "control chart", in_words=True))
    return f"{count} over the same months. " + " ".join(_panel(*panel) for panel in page)


def _panel(shown: Track, facts: Facts) -> str:
    if not shown.known:
        return f"{facts.title}: no value."
    last = shown.known[-1]
    found = [("status", facts.state)] if facts.state in RATINGS else []
    found += [
        (kind, code)
        for kind, code in (("variation", facts.variation), ("capability", facts.capability))
        if code not in ("", "not_tested")
    ]
    verdicts = "".join(f", {verdict(*one).word.lower()}" for one in found)
    target = f", target {facts.aims}" if facts.aims else ""
    when = facts.period(last.period, in_sentence=True)
    return f"{facts.title}: {facts.said(last.value)} in {when}{target}{verdicts}."


def alt_lines(
    series: pd.DataFrame, comparators: pd.DataFrame, rated_row: Any, *, council: str = "Council"
) -> str:
    """A line with comparators in words: the council's first and latest result, each comparator's latest, the target."""
    facts = Facts.of(rated_row)
    own = track(series, facts.kind, provisional=facts.provisional, definition_from=facts.definition_from)
    if not own.known:
        return NO_RESULTS
    first, last = own.known[0], own.known[-1]
    latest = f"{council} {facts.said(last.value)} in {facts.period(last.period, in_sentence=True)}"
    latest += " (not yet final)" if last.hollow else ""
    if len(own.known) > 1:
        latest += f", from {facts.number(first.value)} in {facts.period(first.period, in_sentence=True)}"
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
