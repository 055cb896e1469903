"""How cells of a return look: dark on light, borders besides colour, wrapped text, the same in print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pmf_lib.records.schema import TYPES

BLUE, RED, PALE, GREY = "#12436D", "#942514", "#F6D7D2", "#505A5F"
_TOP = {"valign": "top", "text_wrap": True}
_CELL = {**_TOP, "locked": False, "border": 1, "border_color": "#B1B4B6"}
_KINDS: dict[str, dict[str, Any]] = {
    "number": {"align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "period": {"num_format": "@"},
    **{kind: {"num_format": "@"} for kind in ("id", "ids", "posts")},
    "text": {"num_format": "@"},
    "help": {"locked": True, "italic": True, "font_color": GREY, "num_format": "@"},
}
LINE, MOST_LINES = 15, 12


def height(texts: Iterable[tuple[str, float]]) -> int:
    """The height of a row whose cells hold these texts in columns of these widths, wrapped.

    >>> height([("short", 20), ("x" * 50, 20)])
    45
    """
    lines = [len(part) // max(int(width), 1) + 1 for text, width in texts for part in text.split("\n")]
    return LINE * min(max(lines, default=1), MOST_LINES)


class Formats:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        add = book.add_format
        self.title = add({"bold": True, "font_size": 18, "font_color": BLUE, "valign": "top"})
        self.heading = add({"bold": True, "font_size": 13, "valign": "top"})
        self.label = add({**_TOP, "bold": True, "border": 1})
        self.value = add({**_TOP, "border": 1, "num_format": "@"})
        self.number = add({**_TOP, "border": 1, "num_format": "#,##0.######", "align": "right"})
        self.text = add(_TOP)
        self.notice = add({**_TOP, "bold": True, "border": 2, "font_color": RED})
        self.link = add({**_TOP, "underline": 1, "font_color": BLUE})
        head = {**_TOP, "bold": True, "locked": True, "border": 1}
        self.header = add({**head, "bg_color": BLUE, "font_color": "#FFFFFF"})
        self.help_header = add({**head, "italic": True, "font_color": GREY})
        self._cells = {
            (kind, marked): add({**_CELL, **_KINDS.get(kind, {}), **(_MARK if marked else {})})
            for kind in (*TYPES, "help")
            for marked in (False, True)
        }

    def cell(self, kind: str, *, marked: bool = False) -> Any:
        """The format of a cell of this kind; a marked one has a thick border and a fill."""
        return self._cells[kind, marked]


_MARK = {"bg_color": PALE, "border": 5, "border_color": RED, "bold": True}
