"""A short series beside its comparators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.numbers import half_up_each
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, area, blank_area
from pmf_lib.workbook.charts.axes import End, Mark
from pmf_lib.workbook.charts.data import comparator_lines
from pmf_lib.workbook.charts.facts import Facts
from pmf_lib.workbook.charts.track import Track, track

PLOT, LEFT, RIGHT, FOOT = 2.3, 0.62, 1.7, 0.34
OTHERS = (("D", (0, (5, 2))), ("^", (0, (1.2, 1.4))), ("s", (0, (6, 2, 1, 2))), ("v", (0, (3, 1.5))))
"""Shape and line of each comparator: told apart without colour, and named at its end."""
MANY = 5
"""From so many single authorities on, their middle half is drawn as a band."""
DOTS = (0, (1.2, 1.6))
POINT, SMALLEST_POINT, ROOM_FOR_POINTS = 6.4, 2.2, 320.0
OTHERS_POINT = 4.6
"""Points grow smaller where many would run into a thick line."""


@look.style()
def line_with_comparators(
    series: pd.DataFrame, comparators: pd.DataFrame, rated_row: object, *, council: str = "Council"
) -> Figure:
    """A short series in blue with comparators in grey, each named at its end, and the target if there is one.

    Regions, countries, medians and neighbours are drawn by name, at most four; a few single authorities as thin lines,
    many as a band that holds their middle half.

    Parameters
    ----------
    series
        The measure's series: one row per period.
    comparators
        Table of comparators: one row per measure, period and authority (other measures' rows are left alone).
    rated_row
        The measure's row of rated measures.
    council
        How the council's own line is named.
    """
    facts = Facts.of(rated_row)
    own = track(series, facts.kind, provisional=facts.provisional, definition_from=facts.definition_from)
    if not own.known:
        return look.nothing("No results to draw: no period has a value.")
    lines = comparator_lines(series, comparators, facts, council)
    return _chart(own, lines, facts, council)


def _chart(own: Track, lines: pd.DataFrame, facts: Facts, council: str) -> Figure:
    ends = _ends(own, lines, facts, council)
    marks = list(_key(own, lines))
    shown = [*lines.loc[lines["is_named"], "value"], *_crowd(lines).to_numpy().ravel()]
    scale = parts.scale_of(
        [*(end.value for end in ends), *(point.value for point in own.known), *shown], facts
    )
    left = max(LEFT, scale.width / 72 + 0.2)
    right = min(max(RIGHT, parts.widest_end(ends, look.BODY) / 72 + 0.16), look.WIDTH / 2)
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL)
    top = FOOT + PLOT + 0.12 + 0.2 * bool(facts.axis_words)
    figure = look.sheet(top + key)
    across = own.span[0], own.span[1] - own.step * 0.35
    ax = area(
        figure,
        left,
        FOOT,
        look.WIDTH - left - right,
        PLOT,
        xlim=across,
        ylim=(scale.low, scale.high),
    )
    ax.name_up(scale.ticks, look.BODY)
    _draw_others(ax, lines, joined=facts.kind != "window")
    _draw_own(ax, own, facts)
    ax.name_across(parts.period_ticks(own, facts, ax.width, look.BODY), look.BODY)
    parts.draw_ends(ax, ends, look.BODY)
    parts.name_unit(figure, facts, FOOT + PLOT + 0.08)
    parts.draw_key(blank_area(figure, 0.02, top, look.WIDTH - 0.02, key), marks, look.SMALL)
    return figure


def _named(lines: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Comparators that are drawn by name, in the order of `comparator_lines`."""
    kept = lines[lines["is_named"] & lines["value"].notna()]
    return ((str(name), part) for name, part in kept.groupby("authority", sort=False))


def _crowd(lines: pd.DataFrame, by: str = "x") -> pd.DataFrame:
    """Other authorities as they are drawn, indexed by time: each by its line, or the middle half of many.

    One odd return among many authorities would otherwise flatten every line of the picture.
    """
    others = lines[~lines["is_named"]]
    if others["authority"].nunique() < MANY:
        return others.pivot_table(index=by, columns="authority", values="value", aggfunc="first", sort=False)
    values = others.groupby(by)["value"]
    return pd.DataFrame({share: values.quantile(share) for share in (0.25, 0.75)})


def _draw_others(ax: Area, lines: pd.DataFrame, *, joined: bool) -> None:
    """Others behind the council's own line; points of overlapping windows are not joined."""
    crowd = _crowd(lines)
    if lines.loc[~lines["is_named"], "authority"].nunique() >= MANY:
        ax.fill_between(crowd.index, crowd[0.25], crowd[0.75], color=look.BAND, linewidth=0, zorder=1.6)
    else:
        thin: dict[str, Any] = {
            "color": look.CONTEXT,
            "linewidth": 0.5,
            "marker": ".",
            "markersize": 2.5,
            "zorder": 1.8,
        }
        for values in crowd.to_numpy(dtype=float).T:
            ax.plot(crowd.index, values, linestyle="-" if joined else "none", **thin)
    for (shape, line), (_, part) in zip(OTHERS, _named(lines), strict=False):
        size = max(SMALLEST_POINT, min(OTHERS_POINT, ROOM_FOR_POINTS / len(part)))
        Mark("", look.CONTEXT, shape=shape, line=line if joined else "", size=size).draw(
            ax, part["x"], part["value"], zorder=2.5
        )


def _draw_own(ax: Area, own: Track, facts: Facts) -> None:
    for value in facts.targets.values():
        ax.hlines(value, *ax.xlim, color=look.TEXT, linewidth=1.6, linestyle=DOTS, zorder=2.1)
    blue = look.SERIES[0]
    ax.plot(*own.line, color=blue, linewidth=2.2, zorder=3)
    size = max(SMALLEST_POINT, min(POINT, ROOM_FOR_POINTS / len(own.known)))
    for hollow in (False, True):
        part = [point for point in own.known if point.hollow is hollow]
        x, y = [point.x for point in part], [point.value for point in part]
        if part:
            Mark("", blue, shape="o", hollow=hollow, size=size).draw(ax, x, y, zorder=4)


def _ends(own: Track, lines: pd.DataFrame, facts: Facts, council: str) -> list[End]:
    latest = own.known[-1].value
    ends = [_end(council, latest, facts, "bold", look.SERIES[0])]
    ends += [_end(name, float(part["value"].iloc[-1]), facts) for name, part in _named(lines)]
    return ends + [
        End(value, f"{name} {facts.number(value)}", colour=look.TEXT) for name, value in facts.targets.items()
    ]


def _end(
    name: str, value: float, facts: Facts, weight: str = "normal", colour: str = look.SECOND_TEXT
) -> End:
    """A line's name, shortened so that its value always shows."""
    room = look.WIDTH * 36 - 60 - look.width_of(shown := facts.number(value), look.BODY, weight)
    return End(value, f"{look.fitted(name, room, look.BODY, lines=1, weight=weight)} {shown}", weight, colour)


def _key(own: Track, lines: pd.DataFrame) -> Iterator[Mark]:
    if any(point.hollow for point in own.known):
        yield Mark("Not yet final", look.SERIES[0], shape="o", hollow=True, size=6.4)
    others = lines.loc[~lines["is_named"], "authority"].nunique()
    if others >= MANY:
        yield Mark(f"Middle half of {others} other authorities", look.BAND, shape="s", size=8)
    elif others:
        yield Mark(f"Other authorities ({others})", look.CONTEXT, shape=".", line="-", width=0.5, size=3)


def data_lines(
    series: pd.DataFrame, comparators: pd.DataFrame, rated_row: object, *, council: str = "Council"
) -> pd.DataFrame:
    """The table behind a line with comparators, in the measure's unit: one row per period, one column per line drawn.

    Of many single authorities it has what the picture has, the ends of their middle half.
    """
    facts = Facts.of(rated_row)
    points = track(series, facts.kind).points
    periods = pd.Index([point.period for point in points], name="period", dtype="str")
    own = pd.Series([point.value for point in points], periods, dtype=float, name=council)
    lines = comparator_lines(series, comparators, facts, council)
    named = [
        part.set_index("period")[["value"]].set_axis([name], axis="columns") for name, part in _named(lines)
    ]
    crowd = _crowd(lines, "period")
    count = lines.loc[~lines["is_named"], "authority"].nunique()
    ends = {0.25: f"Lower quartile of {count} others", 0.75: f"Upper quartile of {count} others"}
    drawn = [own.to_frame(), *named, crowd.rename(columns=ends)]
    table = pd.concat([line.reindex(own.index) for line in drawn], axis=1)
    table = table.apply(half_up_each, decimals=facts.decimals)
    table.columns = [facts.heading(str(name)) for name in table.columns]
    table.insert(0, "Period", [facts.period(label) for label in table.index])
    return table.reset_index(drop=True)
