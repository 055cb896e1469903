"""XmR charts: one at column width, and a wall of them on the same time axis.

Orange and blue mean worsening and improving here, so the results themselves are grey.
Source: after NHS England's Making Data Count.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.performance.status import RATINGS
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import badges, look, signals
from pmf_lib.workbook.charts.area import Area, area, blank_area
from pmf_lib.workbook.charts.axes import End, Mark, Scale
from pmf_lib.workbook.charts.data import panels
from pmf_lib.workbook.charts.facts import Facts, verdict
from pmf_lib.workbook.charts.fan import Ahead, draw_fan, fan_ends, fan_heights, fan_key, fan_of
from pmf_lib.workbook.charts.track import Point, Track, charted, varies

PLOT = 2.3
"""Inches of height of a single chart's axes."""
LEFT, RIGHT, FOOT = 0.62, 1.45, 0.34
PANEL_WIDTH, PANEL_GAP = 3.22, 0.26
PANEL = 0.8
PANEL_HEAD, PANEL_FOOT = 0.6, 0.24
DOTS = (0, (1.2, 1.6))


def xmr_chart(points: pd.DataFrame, rated_row: object, ahead: pd.DataFrame | None = None) -> Figure:
    """One XmR chart: results, mean, limits and target, each named at its end; special causes by shape and colour.

    A forecast of the periods left opens as a fan after the last result.

    Parameters
    ----------
    points
        One measure's `xmr` points joined with period, start and end, one row per period.
    rated_row
        The measure's row of rated measures (a Series or a mapping).
    ahead
        The measure's rows of a forecast's paths, if there is one.
    """
    shown, facts = charted(points, rated_row)
    return drawn(shown, facts, fan_of(shown, facts, ahead))


@look.style()
def drawn(shown: Track, facts: Facts, fan: list[Ahead]) -> Figure:
    """An XmR chart of points made ready."""
    if not shown.known:
        return look.nothing("No results to draw: no period has a value.")
    return _chart(shown, facts, fan)


def _chart(shown: Track, facts: Facts, fan: list[Ahead]) -> Figure:
    ends = [*_ends(shown, facts), *fan_ends(fan, facts)]
    marks = [*signals.key(shown), *signals.kind(facts), *fan_key(fan)]
    scale = parts.scale_of([*_heights(shown, facts), *fan_heights(fan)], facts)
    left = max(LEFT, scale.width / 72 + 0.2)
    right = max(RIGHT, parts.widest_end(ends, look.BODY) / 72 + 0.16)
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL)
    breaks = 0.2 * bool(shown.breaks)
    top = FOOT + PLOT + 0.12 + breaks + 0.2 * bool(facts.axis_words)
    strip = badges.height(facts)
    figure = look.sheet(top + key + strip)
    across = shown.span[0], max([shown.span[1], *(one.x + shown.step / 4 for one in fan)])
    room = look.WIDTH - left - right
    ax = area(figure, left, FOOT, room, PLOT, xlim=across, ylim=(scale.low, scale.high))
    ax.name_up(_ticks(scale, shown.possible(facts)), look.BODY)
    _draw(ax, shown, facts)
    draw_fan(ax, shown, fan)
    ax.name_across(parts.period_ticks(shown, facts, ax.width, look.BODY), look.BODY)
    parts.draw_ends(ax, ends, look.BODY)
    _name_breaks(ax, shown, left * 72)
    parts.name_unit(figure, facts, FOOT + PLOT + 0.08 + breaks)
    parts.draw_key(blank_area(figure, 0.02, top, look.WIDTH - 0.02, key), marks, look.SMALL)
    badges.draw_badges(blank_area(figure, 0, top + key, look.WIDTH, strip), facts)
    return figure


def _ticks(scale: Scale, possible: tuple[float, float]) -> list[tuple[float, str]]:
    """The ticks of the value axis where a value is possible."""
    return [(tick, words) for tick, words in scale.ticks if possible[0] <= tick <= possible[1]]


def small_multiples(points: pd.DataFrame, rated: pd.DataFrame) -> list[Figure]:
    """A wall of XmR charts in the order given (sort the worst first), ten a picture.

    Each panel bears its verdicts: rings as in `xmr_chart`, and the words of the change and of the status. All panels of a wall cover the same months; each has its own scale, which its mean, limits and target name.

    Parameters
    ----------
    points
        `xmr` points of all measures with measure_id, one row per measure and period.
    rated
        Rated measures, one row each, in the order wanted; a measure without a value is drawn as an empty panel.
    """
    return [wall(page) for page in panels(points, rated)]


@look.style()
def wall(page: list[tuple[Track, Facts]]) -> Figure:
    """One picture of a wall, of points made ready."""
    marks = list(_wall_key(page))
    letters = look.fitted(badges.letters_said(facts for _, facts in page), look.WIDTH * 72 - 4, look.SMALL)
    rows = parts.key_height(marks, look.WIDTH * 72, look.SMALL) + 0.08
    key = rows + 0.15 * (letters.count("\n") + 1) * bool(letters)
    row = PANEL_HEAD + PANEL + PANEL_FOOT
    height = key + row * math.ceil(len(page) / 2)
    figure = look.sheet(height)
    words = blank_area(figure, 0, 0, look.WIDTH, height)
    parts.draw_key(words, marks, look.SMALL)
    words.text(2, (height - rows) * 72 + 2, letters, va="top", fontsize=look.SMALL, color=look.SECOND_TEXT)
    span = _span([shown for shown, _ in page])
    for at, (shown, facts) in enumerate(page):
        left, top = (at % 2) * (PANEL_WIDTH + PANEL_GAP), height - key - row * (at // 2)
        _panel_head(words, (left * 72 + 2, top * 72), shown, facts)
        _panel(figure, (left + 0.03, top - PANEL_HEAD - PANEL), shown, facts, span)
    return figure


def _span(tracks: list[Track]) -> tuple[float, float]:
    """The months that all panels of a wall cover, in days."""
    spans = [shown.span for shown in tracks if shown.points] or [(0.0, 1.0)]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _panel(
    figure: Figure, corner: tuple[float, float], shown: Track, facts: Facts, span: tuple[float, float]
) -> None:
    """One panel of a wall; `corner` is the lower left of its axes, in inches."""
    ends = _ends(shown, facts, short=True)
    right = min(max(parts.widest_end(ends, look.SMALL) / 72 + 0.04, 1.05), PANEL_WIDTH * 0.6)
    scale = parts.scale_of(_heights(shown, facts), facts, room=0.1)
    room = PANEL_WIDTH - 0.03 - right
    ax = area(figure, *corner, room, PANEL, xlim=span, ylim=(scale.low, scale.high))
    if not shown.known:
        ax.note(ax.width / 2, ax.height / 2, "No results to draw", ha="center", color=look.SECOND_TEXT)
    else:
        _draw(ax, shown, facts, size=0.7)
    ax.name_across(parts.year_ticks(*span, ax.width, look.SMALL), look.SMALL)
    parts.draw_ends(ax, ends, look.SMALL)


def _panel_head(ax: Area, corner: tuple[float, float], shown: Track, facts: Facts) -> None:
    """A panel's title, and under it its verdicts and latest result; `corner` is the upper left, in points."""
    left, top = corner
    width = PANEL_WIDTH * 72 - 4
    title = look.fitted(facts.named, width, look.SMALL, weight="bold")
    ax.text(left, top - 1, title, va="top", fontsize=look.SMALL, fontweight="bold", linespacing=1.15)
    middle = top - 11.5 - 10.8 * (1 + title.count("\n"))
    start = badges.draw_rings(ax, left, middle, facts)
    room = left + width - start - 4
    said = [look.drawable(words) for words in _latest_words(shown, facts)]
    said = [words for words in said if look.width_of(words, look.SMALL) <= room] or said[-1:]
    fits = look.fitted(said[0], room, look.SMALL, lines=1)
    ax.text(start, middle, fits, va="center", fontsize=look.SMALL, color=look.SECOND_TEXT)


def _latest_words(shown: Track, facts: Facts) -> list[str]:
    """Change, status, latest value and its period; then the same without the period, where room is short."""
    if not shown.known:
        return ["No value"]
    last = shown.known[-1]
    change = verdict("variation", facts.variation).word if facts.variation else ""
    status = verdict("status", facts.state).word if facts.state in RATINGS else ""
    latest = facts.brief(last.value)
    ways = (f"{latest}, {facts.period(last.period)}", latest)
    return [" · ".join(part for part in (change, status, way) if part) for way in ways]


def _draw(ax: Area, shown: Track, facts: Facts, size: float = 1.0) -> None:
    """Limits, target, line and points, from back to front."""
    for part in shown.segments:
        for name, dashes in (("mean", "-"), ("lpl", signals.DASHES), ("upl", signals.DASHES)):
            ax.plot(
                *_level(part, name, shown.step / 2),
                color=look.OUTLINE,
                linewidth=1.0,
                linestyle=dashes,
                zorder=2,
            )
    _draw_targets(ax, shown, facts)
    for x_break in shown.breaks:
        ax.vlines(x_break, *ax.ylim, color=look.CONTEXT, linewidth=0.8, zorder=1.9)
    ax.plot(*shown.line, color=look.CONTEXT, linewidth=1.3 * size, zorder=3)
    low, high = ax.xlim
    apart = ax.width * shown.step / (high - low)
    dot = float(np.clip(1.1 * apart, 2.0, signals.DOT * size))
    for mark, group in signals.marked(shown, size * max(dot / (signals.DOT * size), signals.CROWDED), dot):
        x, y = [point.x for point in group], [point.value for point in group]
        mark.draw(ax, x, y, zorder=4 + bool(mark.words), clip_on=False)


def _draw_targets(ax: Area, shown: Track, facts: Facts) -> None:
    """The target, or both ends of a range and a band between them; from where the present definition begins."""
    since = [max(shown.since, ax.xlim[0]), ax.xlim[1]]
    aims = list(facts.targets.values())
    for value in aims:
        ax.plot(since, [value, value], color=look.TEXT, linewidth=1.6, linestyle=DOTS, zorder=2.1)
    if len(aims) > 1:
        ax.fill_between(since, aims[0], aims[1], color=look.PALE, linewidth=0, zorder=1)


def _level(part: list[Point], name: str, half: float) -> tuple[list[float], list[float]]:
    """A line of a segment from half a step before it to half a step after; in steps where each point has its own."""
    x, heights = [point.x for point in part], [getattr(point, name) for point in part]
    if not varies(heights):
        return [x[0] - half, x[-1] + half], [heights[-1]] * 2
    edges = [x[0] - half, *((one + two) / 2 for one, two in itertools.pairwise(x)), x[-1] + half]
    return np.repeat(edges, 2)[1:-1].tolist(), np.repeat(heights, 2).tolist()


def _wall_key(page: list[tuple[Track, Facts]]) -> Iterator[Mark]:
    """Every look of a wall's panels, once."""
    tracks = [shown for shown, _ in page]
    yield Mark("Result", look.CONTEXT, shape="o", line="-", size=5)
    if any(not math.isnan(point.mean) for shown in tracks for point in shown.points):
        yield Mark("Mean", look.OUTLINE, line="-", width=1.0)
    if any(not math.isnan(point.upl) for shown in tracks for point in shown.points):
        yield Mark("Limits", look.OUTLINE, line=signals.DASHES, width=1.0)
    if any(facts.targets for _, facts in page):
        yield Mark("Target", look.TEXT, line=DOTS, width=1.6)
    for words in dict.fromkeys(words for shown in tracks for words in shown.breaks.values()):
        yield Mark(words, look.CONTEXT, shape="|", hollow=True, size=9)
    yield from {mark.words: mark for shown in tracks for mark in signals.key(shown)}.values()


def _heights(shown: Track, facts: Facts) -> list[float]:
    """Everything that the scale has to hold."""
    return [
        *(height for point in shown.points for height in (point.value, point.mean, point.lpl, point.upl)),
        *facts.targets.values(),
    ]


def _ends(shown: Track, facts: Facts, *, short: bool = False) -> list[End]:
    """What stands at the right: the latest result, the last segment's mean and limits, and the target."""
    ends = _process_ends(shown, facts, short=short)
    for name, value in facts.targets.items():
        said = facts.brief(value) if short else facts.number(value)
        ends.append(End(value, f"{name} {said}", colour=look.TEXT))
    if not short and shown.known:
        latest = shown.known[-1].value
        ends.append(End(latest, f"Latest {facts.number(latest)}", "bold", look.TEXT))
    return ends


def _name_breaks(ax: Area, shown: Track, left: float) -> None:
    """Say above the area, which begins at `left`, where limits were calculated anew and why, unless words would run into each other."""
    free = -math.inf
    for x_break, said in shown.breaks.items():
        at = ax.point(x_break, 0)[0]
        room = 2 * min(at, look.WIDTH * 72 - left - at) - 4
        words = _break_words(said, shown.decisions.get(x_break), room)
        half = look.width_of(words, look.SMALL) / 2
        if at - half > free:
            ax.note(at, ax.height + 3, words, ha="center", fontsize=look.SMALL, color=look.SECOND_TEXT)
            free = at + half + 6


def _break_words(said: str, why: str | None, room: float) -> str:
    """What stands above a break: with the whole decision or none of it, since half a reason is none."""
    whole = f"{said}: {why}" if why else said
    fits = look.fitted(whole, room, look.SMALL, lines=1)
    is_whole = not why or fits == look.drawable(whole)
    return fits if is_whole else look.fitted(f"{said} by decision", room, look.SMALL, lines=1)


def _process_ends(shown: Track, facts: Facts, *, short: bool) -> list[End]:
    """Mean and limits of the last segment; said once where they are one and the same."""
    if not shown.points:
        return []
    limit = "" if short else " limit"
    trial = " trial" if facts.limits == "trial" else ""
    last = shown.points[-1]
    if last.lpl == last.upl:
        return [End(last.mean, f"Mean and{trial} limits {shown.limit(last.mean, facts, brief=short)}")]
    named = {"Mean": last.mean, f"Upper{trial}{limit}": last.upl, f"Lower{trial}{limit}": last.lpl}
    return [
        End(value, f"{name} {shown.limit(value, facts, brief=short)}")
        for name, value in named.items()
        if not math.isnan(value)
    ]
