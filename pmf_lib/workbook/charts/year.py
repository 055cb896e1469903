"""A body's year: the items of its agenda down, the months across, and a line at the day up to which records tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pmf_lib.periods import containing, parse
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.pieces import words

LABELS, COUNTS = 2.45, 0.75
"""Inches across: for the items' titles, and for how many meetings had each."""
ROW, HEAD, GAP = 0.27, 0.52, 0.1
"""Inches down: for an item, for the months' names, and above the key."""
NOTHING = "No meeting of this body is recorded, so its year can't be drawn."
UNKNOWN = "?"
MARKS = {
    "heard": Mark("on the agenda", look.SERIES[0], "o", size=9.5),
    "not_heard": Mark("met without it", look.OUTLINE, "o", hollow=True, size=6.5),
    "no_meeting": Mark("no meeting", look.OUTLINE, "_", size=7),
    "planned": Mark("meeting to come", look.OUTLINE, "D", hollow=True, size=5),
    "unknown": Mark("? not known", look.CONTEXT, "s", hollow=True, size=8),
}
"""Each told by its shape, the colour comes on top."""
SAID = {"not_heard": "not heard", "no_meeting": "no meeting", "to_come": "to come", "unknown": "not known"}


@look.style()
def year_matrix(calendar: pd.DataFrame, as_at: date) -> Figure:
    """Which item came before a body in which month; what is not known is grey, what is to come is empty.

    Parameters
    ----------
    calendar
        Rows of `pmf_lib.assurance.cycle.agenda_calendar` of one body and unit, in the order in which items are drawn.
    as_at
        The day up to which the records tell.
    """
    if calendar.empty:
        return look.nothing(NOTHING)
    items, months = _items(calendar), list(dict.fromkeys(calendar["month"]))
    marks = _key(calendar)
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL) + GAP
    rows = ROW * len(items)
    figure = look.sheet(key + rows + HEAD)
    ax = blank_area(figure, 0, key, look.WIDTH, rows + HEAD)
    _heads(ax, months, rows)
    for at, (_, item) in enumerate(calendar.groupby(["panel", "item"], sort=False)):
        _row(ax, item, (len(items) - at - 0.5) * ROW * 72)
    _as_at_line(ax, months, as_at, rows)
    parts.draw_key(blank_area(figure, 0.02, 0, look.WIDTH - 0.02, key - GAP), marks, look.SMALL)
    return figure


def _items(calendar: pd.DataFrame) -> pd.DataFrame:
    """One row per item: title, heard_n, held_n (meetings so far), months (those in which it came up, in words)."""
    is_heard = calendar["state"] == "heard"
    heard_in = calendar["month"].map(_month_name).where(is_heard, "")
    grouped = calendar.assign(heard_in=heard_in).groupby(["panel", "item"], sort=False)
    return grouped.agg(title=("title", "first"), heard_n=("on_agenda", "sum"), held_n=("held", "sum"))


def _key(calendar: pd.DataFrame) -> list[Mark]:
    """The marks that the picture has."""
    is_planned = (calendar["state"] == "to_come") & (calendar["planned"] > 0)
    found = {*calendar["state"], *(["planned"] if is_planned.any() else [])}
    marks = {code: mark for code, mark in MARKS.items() if code in found}
    if (calendar["on_agenda"] > 1).any():
        marks["heard"] = replace(
            marks["heard"], words=f"{marks['heard'].words} (at several meetings: how many)"
        )
    return list(marks.values())


def _width() -> float:
    """Points across for a month."""
    return (look.WIDTH - LABELS - COUNTS) * 72 / 12


def _centre(at: int) -> float:
    return LABELS * 72 + (at + 0.5) * _width()


def _heads(ax: Area, months: list[str], rows: float) -> None:
    """The months' names over their columns, the year under the first of each."""
    top = rows * 72
    for at, label in enumerate(months):
        year, name = label[:4], _month_name(label)[:3]
        _text(ax, _centre(at), top + 7, name, ha="center", colour=look.SECOND_TEXT, ground=look.WHITE)
        if at == 0 or months[at - 1][:4] != year:
            _text(ax, _centre(at), top + 18, year, ha="center", colour=look.SECOND_TEXT)
    for up, name in ((18, "Meetings"), (7, "with it")):
        _text(ax, look.WIDTH * 72 - 2, top + up, name, ha="right", colour=look.SECOND_TEXT)
    ax.hlines(top, 0, look.WIDTH * 72, color=look.OUTLINE, linewidth=0.8)


def _row(ax: Area, item: pd.DataFrame, middle: float) -> None:
    """One item: its title, a mark a month, and at how many meetings it was; in bold where it was at none."""
    heard, held = int(item["on_agenda"].sum()), int(item["held"].sum())
    weight = "normal" if heard else "bold"
    title = look.fitted(item["title"].iloc[0], LABELS * 72 - 10, look.SMALL, lines=1, weight=weight)
    _text(ax, 2, middle, title, fontweight=weight)
    said = f"{heard or 'none'} of {held}"
    _text(ax, look.WIDTH * 72 - 2, middle, said, ha="right", fontweight=weight)
    ax.hlines(middle - ROW * 36, 0, look.WIDTH * 72, color=look.BAND, linewidth=0.7, zorder=1)
    for at, cell in enumerate(item.to_dict("records")):
        _cell(ax, (_centre(at), middle), str(cell["state"]), int(cell["on_agenda"]), int(cell["planned"]))


def _cell(ax: Area, place: tuple[float, float], state: str, heard: int, planned: int) -> None:
    """The mark of one month; a number in it where several meetings had the item."""
    x, y = place
    if state == "unknown":
        corner, size = (x - _width() / 2 + 0.7, y - ROW * 36 + 0.7), (_width() - 1.4, ROW * 72 - 1.4)
        ax.add(Rectangle(corner, *size, facecolor=look.BAND, edgecolor=look.CONTEXT, linewidth=0.8))
        _text(ax, x, y, UNKNOWN, ha="center", colour=look.SECOND_TEXT)
    elif state == "to_come" and planned:
        MARKS["planned"].draw(ax, [x], [y], zorder=3)
    elif state == "no_meeting":
        ax.hlines(y, x - 3, x + 3, color=look.OUTLINE, linewidth=1.4, zorder=3)
    elif state in MARKS:
        MARKS[state].draw(ax, [x], [y], zorder=3)
    if heard > 1:
        _text(ax, x, y - 0.3, str(heard), ha="center", colour=look.WHITE, fontweight="bold", zorder=4)


def _text(
    ax: Area, x: float, y: float, said: str, *, colour: str = look.TEXT, ground: str = "", **more: Any
) -> None:
    box = {"facecolor": ground, "edgecolor": "none", "pad": 0.6} if ground else None
    more = {"va": "center_baseline", "fontsize": look.SMALL, "zorder": 3, **more}
    ax.text(x, y, said, color=colour, bbox=box, **more)


def _as_at_line(ax: Area, months: list[str], as_at: date, rows: float) -> None:
    """A line at the day, where it lies in the year; what is right of it is to come."""
    now = containing("month", as_at)
    if now.label not in months:
        return
    share = (as_at - now.start).days / ((now.end - now.start).days + 1)
    x = LABELS * 72 + (months.index(now.label) + share) * _width()
    ax.vlines(x, 0, rows * 72 + 24, color=look.SERIES[3], linewidth=1.4, linestyle=(0, (4, 2)), zorder=2)
    said = f"As at {words.day(as_at)}"
    middle = min(x, look.WIDTH * 72 - look.width_of(said, look.SMALL) / 2 - 2)
    _text(ax, middle, rows * 72 + 31, said, ha="center", colour=look.SECOND_TEXT)


def alt_year(calendar: pd.DataFrame, as_at: date) -> str:
    """The picture in words: how many items came up so far, which at every meeting, and which not at all."""
    if calendar.empty:
        return NOTHING
    items = _items(calendar)
    months = list(dict.fromkeys(calendar["month"]))
    head = (
        f"{words.sentence(words.counted(len(items), 'item', in_words=True))} by month, "
        f"{month_words(months[0])} to {month_words(months[-1])}, as at {words.day(as_at)}."
    )
    return " ".join([head, *_said_of(items), *_said_of_months(calendar)])


def _said_of(items: pd.DataFrame) -> Iterator[str]:
    """Items by how often they came up."""
    heard, held = items["heard_n"], items["held_n"]
    cases = {
        "At every meeting": (heard > 0) & (heard >= held),
        "At some": (heard > 0) & (heard < held),
        "At none": heard == 0,
    }
    for head, which in cases.items():
        named = [
            f"{one.title} ({one.heard_n} of {one.held_n})" if head == "At some" else str(one.title)
            for one in items[which].itertuples()
        ]
        if named:
            yield f"{head}: {'; '.join(named)}."


def _said_of_months(calendar: pd.DataFrame) -> Iterator[str]:
    """Months that are to come, had no meeting or are not known for every item alike."""
    heads = {"no_meeting": "No meeting in", "to_come": "To come", "unknown": "Not known"}
    alike = calendar.groupby("month", sort=False)["state"].agg(["min", "max"])
    for state, head in heads.items():
        named = [_month_name(str(month)) for month in alike.index[(alike == state).all(axis=1)]]
        if named:
            yield f"{head}{' ' if state == 'no_meeting' else ': '}{words.listing(named)}."


def data_year(calendar: pd.DataFrame) -> pd.DataFrame:
    """The table behind the picture: one row per item, one column per month, each cell in words."""
    said = [_said(cell) for cell in calendar.to_dict("records")]
    keys = ["panel", "item"]
    shown = calendar.assign(said=said, month=calendar["month"].map(month_words))
    wide = shown.pivot_table(index=keys, columns="month", values="said", aggfunc="first", sort=False)
    wide = wide[list(dict.fromkeys(shown["month"]))]
    items = _items(calendar).loc[wide.index]
    counts = items["heard_n"].astype(str) + " of " + items["held_n"].astype(str)
    table = wide.assign(**{"Meetings with it": counts}).rename_axis(columns=None)
    return table.reset_index(drop=True).assign(Item=items["title"].to_numpy())[["Item", *table.columns]]


def _said(cell: Mapping[Any, Any]) -> str:
    """One month of one item in words."""
    if cell["state"] == "heard":
        return "heard" if cell["on_agenda"] == 1 else f"heard at {cell['on_agenda']} meetings"
    return SAID[str(cell["state"])]


def month_words(label: str) -> str:
    """A month with its year: '2009-10' is October 2009 here, and no financial year."""
    return parse(label, "month").words


def _month_name(label: str) -> str:
    """A month's name without its year."""
    return month_words(label).split(" ")[0]
