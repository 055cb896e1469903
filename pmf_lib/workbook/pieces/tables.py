"""Tables of a page, from a DataFrame: titled by their finding, readable by a screen reader, a keyboard and a printer.

>>> frame = pd.DataFrame({"measure": ["Visits", "<b>Calls</b>"], "value": [1234.5, None], "places": [1, 0]})
>>> shown = table(
...     frame,
...     title="Visits rose; no figure was sent for calls",
...     columns={"measure": "Measure", "value": Column("Value", "number", unit="%", decimals="places")},
... )
>>> shown
<table: Visits rose; no figure was sent for calls (2 rows)>
>>> "&lt;b&gt;Calls" in shown.markup, ">1,234.5<" in shown.markup
(True, True)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from pmf_lib.errors import ParameterError, unknown
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.cells import Cells, Column, cells, kinded
from pmf_lib.workbook.pieces.markup import (
    Html,
    blocks,
    bullets,
    callout,
    details,
    escape,
    headline,
    link,
    paragraphs,
    summary_list,
    tag,
    text,
)

__all__ = [
    "Column",
    "Html",
    "blocks",
    "bullets",
    "callout",
    "details",
    "headline",
    "link",
    "paragraphs",
    "summary_list",
    "table",
    "tag",
    "text",
]

LONG_TEXT = 40
"""Characters from which a column of text gets room to breathe."""
LONG_WORD = 24
"""Characters from which a word (a file's name, a path) may be broken anywhere."""
MANY_COLUMNS, MOST_COLUMNS = 8, 12
"""Columns from which a table is set smaller on paper, and from which its heads may be broken anywhere."""
EMPTY = "There is nothing to list here: no record answers this question for this unit and period."


Columns = Mapping[str, Column | str]


@dataclass(frozen=True)
class _Rows:
    """How rows are named, addressed, grouped and totalled."""

    head: str
    id: str
    group: str
    totals: int


def table(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    source: str = "",
    columns: Columns | None = None,
    row_head: str | None = None,
    row_id: str = "",
    group: str = "",
    totals: int = 0,
    empty: str = EMPTY,
) -> Html:
    """A table titled by its finding, one row per row of `frame`, in its order.

    Parameters
    ----------
    frame
        The rows, in the order in which they are shown; it is not changed.
    title
        The finding as a sentence.
    subtitle
        Measure, unit, place and period.
    source
        Where the figures come from.
    columns
        Frame column → `Column`, or its head alone; other columns are not shown. None shows them all.
    row_head
        The column that names the row (default: the first one shown).
    row_id
        The column that gives each row its address in the page, so that links can lead to it.
    group
        The column whose runs of equal values become headings between the rows.
    totals
        How many of the last rows are totals.
    empty
        The sentence shown instead of a table without rows: why, and what to do.

    Raises
    ------
    ParameterError
        A column named here is not in the frame, or a code is not a verdict.
    """
    shown = _columns(frame, columns)
    _require(frame, shown, row_id, group, row_head or "")
    place = "t-" + hashlib.sha256(f"{title}|{subtitle}|{list(shown)}".encode()).hexdigest()[:10]
    said = f"<table: {title} ({words.counted(len(frame), 'row')})>"
    if frame.empty:
        return Html(_nothing(title, empty), said)
    how = _Rows(row_head or next(iter(shown)), row_id, group, totals)
    parts = (_caption(place, title, subtitle), _head(shown), _body(frame, shown, how))
    return Html(_framed(place, _table_class(shown), "\n".join(parts), source), said)


def _nothing(title: str, empty: str) -> str:
    """What stands instead of a table without rows."""
    return (
        f'<div class="pmf-table">\n<p class="pmf-title">{escape(title)}</p>\n'
        f'<p class="pmf-empty">{escape(empty)}</p>\n</div>'
    )


def _framed(place: str, kind: str, inside: str, source: str) -> str:
    """A table in a region that scrolls by itself, with its source under it."""
    return (
        f'<div class="{kind}">\n'
        f'<div class="pmf-scroll" role="region" aria-labelledby="{place}" tabindex="0">\n'
        f"<table>\n{inside}\n</table>\n</div>\n{source_line(source)}</div>"
    )


def source_line(source: str) -> str:
    """The line under a table or picture that says where its figures come from."""
    return f'<p class="pmf-source">Source: {escape(source)}</p>\n' if source else ""


def _table_class(shown: Mapping[str, Column]) -> str:
    """How much a table is pressed together in print; tags take half a column more than figures."""
    columns_n = len(shown) + sum(column.kind == "tag" for column in shown.values()) // 2
    if columns_n >= MOST_COLUMNS:
        return "pmf-table pmf-wide pmf-widest"
    return "pmf-table pmf-wide" if columns_n >= MANY_COLUMNS else "pmf-table"


def _columns(frame: pd.DataFrame, columns: Columns | None) -> dict[str, Column]:
    given: Columns = {str(name): str(name) for name in frame.columns} if columns is None else columns
    return {
        name: kinded(column if isinstance(column, Column) else Column(column), frame.get(name))
        for name, column in given.items()
    }


def _require(frame: pd.DataFrame, shown: Mapping[str, Column], *others: str) -> None:
    decimals = [column.decimals for column in shown.values() if isinstance(column.decimals, str)]
    wanted = [*shown, *others, *decimals, *(column.href for column in shown.values())]
    for name in wanted:
        if name and name not in frame.columns:
            raise ParameterError(unknown("column of this table", name, frame.columns))


def _caption(place: str, title: str, subtitle: str) -> str:
    under = f'\n<span class="pmf-subtitle">{escape(subtitle)}</span>' if subtitle else ""
    return f'<caption><span class="pmf-title" id="{place}">{escape(title)}</span>{under}</caption>'


def _head(shown: Mapping[str, Column]) -> str:
    return "<thead>\n<tr>" + "".join(map(_head_cell, shown.values())) + "</tr>\n</thead>"


def _head_cell(column: Column) -> str:
    unit = f' <span class="pmf-unit">{escape(column.unit)}</span>' if column.unit else ""
    return f'<th scope="col"{_class(column)}>{escape(column.head)}{unit}</th>'


def _class(column: Column, values: Cells | None = None) -> str:
    name = {"number": "pmf-number", "date": "pmf-date", "period": "pmf-date", "tag": "pmf-verdict"}.get(
        column.kind or ""
    )
    name = name or _text_class(values or [])
    return f' class="{name}"' if name else ""


def _text_class(values: Cells) -> str:
    """What a column of text needs: to break anywhere where it holds file names, or room to breathe."""
    bare = [re.sub(r"<[^>]*>", "", value) for value in values]
    if any(len(word) > LONG_WORD for value in bare for word in value.split()):
        return "pmf-names"
    return "pmf-long" if any(len(value) > LONG_TEXT for value in bare) else ""


def _body(frame: pd.DataFrame, shown: Mapping[str, Column], how: _Rows) -> str:
    marked = [_marked(name == how.head, column, cells(frame, name, column)) for name, column in shown.items()]
    opens = _row_tags(frame, how)
    rows = [
        f"{start}{''.join(row)}</tr>" for start, row in zip(opens, zip(*marked, strict=True), strict=True)
    ]
    if not how.group:
        return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"
    return _grouped(rows, frame[how.group].tolist(), len(shown))


def _row_tags(frame: pd.DataFrame, how: _Rows) -> Cells:
    """Each row's opening tag, with its address in the page and whether it is a total."""
    ids = [f' id="{words.slug(str(value))}"' for value in frame[how.id]] if how.id else [""] * len(frame)
    kinds = [""] * (len(frame) - how.totals) + [' class="pmf-total"'] * how.totals
    return [f"<tr{name}{kind}>" for name, kind in zip(ids, kinds, strict=True)]


def _grouped(rows: Cells, labels: list[Any], width: int) -> str:
    """Rows in one body per run of equal labels, each under a heading of its own."""
    bodies = []
    for label, run in groupby(zip(labels, rows, strict=True), key=lambda pair: pair[0]):
        heading = f'<tr class="pmf-group"><th scope="rowgroup" colspan="{width}">{escape(label)}</th></tr>'
        bodies.append("<tbody>\n" + "\n".join([heading, *(row for _, row in run)]) + "\n</tbody>")
    return "\n".join(bodies)


def _marked(is_head: bool, column: Column, values: Cells) -> Cells:
    start, end = ('<th scope="row"', "</th>") if is_head else ("<td", "</td>")
    start = f"{start}{_class(column, values)}>"
    return [f"{start}{cell}{end}" for cell in values]
