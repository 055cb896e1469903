"""From typed cells (Parquet, databases) to the text that a careful person would have written into a CSV file.

Numbers keep every digit they have, a whole one has no decimal point, nothing is said of what is missing. A timestamp
in a column of dates is the day that it fell on, in England where it carries a zone.

Cells of returns are written by `returns.book.text_of`, as a spreadsheet shows them (at most 15 digits, so that 0.1 + 0.2 is
0.3), and those of published files by `published.books.text_of`, as they come: their sources quote them so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

from pmf_lib.errors import RecordsError
from pmf_lib.records.schema import Table

ZONE = "Europe/London"
WHOLE_BELOW = 1e15
"""Beyond this a float's own way of writing is shorter, and as exact."""


def texts(columns: Mapping[str, Sequence[Any]], where: str, table: Table) -> list[list[str]]:
    """Rows of text from columns of typed cells (in the order of `columns`, which are the table's).

    Raises
    ------
    RecordsError
        A cell holds what no cell of a CSV file could: a list, a record, or bytes that are no text.
    """
    kinds = {name: (table.columns[name].metadata or {})["kind"] for name in columns}
    written = [
        list(_column(name, cells, _dated if kinds[name] == "date" else _text, where))
        for name, cells in columns.items()
    ]
    return [list(row) for row in zip(*written, strict=True)]


def _column(name: str, cells: Sequence[Any], write: Callable[[Any], str], where: str) -> Iterable[str]:
    for number, cell in enumerate(cells, start=1):
        try:
            yield write(cell)
        except (TypeError, UnicodeDecodeError, OverflowError):
            raise RecordsError(
                f"{where}, row {number}, column '{name}': holds {type(cell).__name__}, expected text, a number, a "
                "date, or true or false. Give the column as one of these."
            ) from None


def _text(cell: Any) -> str:
    """One cell, whatever its column.

    >>> [_text(cell) for cell in (None, True, 12, 12.0, 0.1, Decimal("12.50"), "x", date(2024, 11, 15))]
    ['', 'yes', '12', '12', '0.1', '12.50', 'x', '2024-11-15']
    """
    if isinstance(cell, str):
        return cell
    for kind, write in _WRITERS:
        if isinstance(cell, kind):
            return write(cell)
    raise TypeError(type(cell).__name__)


def _dated(cell: Any) -> str:
    """One cell of a column of dates.

    >>> from datetime import UTC
    >>> _dated(datetime(2024, 7, 1, 9, 30)), _dated(datetime(2024, 6, 30, 23, 30, tzinfo=UTC))
    ('2024-07-01', '2024-07-01')
    """
    if not isinstance(cell, datetime):
        return _text(cell)
    local = cell.astimezone(_zone()) if cell.tzinfo else cell
    return local.date().isoformat()


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo(ZONE)


def _float(number: float) -> str:
    if isnan(number):
        return ""
    return str(int(number)) if abs(number) < WHOLE_BELOW and number == int(number) else repr(number)


def _decimal(number: Decimal) -> str:
    return "" if number.is_nan() else format(number, "f")


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (bool, lambda flag: "yes" if flag else "no"),
    (int, str),
    (float, _float),
    (Decimal, _decimal),
    (datetime, lambda moment: moment.isoformat(sep=" ")),
    (date, date.isoformat),
    (bytes, lambda content: content.decode("utf-8")),
)
