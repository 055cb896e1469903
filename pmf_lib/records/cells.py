"""From text to typed cells: one step per kind of column, over a whole column at once.

Nothing is guessed. A cell that can't be read as its column asks is marked as faulty, with what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from pmf_lib import periods
from pmf_lib.errors import ParameterError, listed, near_miss
from pmf_lib.periods import FREQUENCIES
from pmf_lib.records.schema import ID_PATTERN, SEPARATOR, TYPES

_TYPES: Mapping[str, Any] = TYPES

ID_MEANING = "an id of at most 40 lower case letters, digits and hyphens, such as 'missed-bins'"
SUPPRESSED_MARKS = ("c", "x", "low", "*")
"""Marks that say: there is a value, and it may not be shown."""
EMPTY_MARKS = (
    "-",
    "–",
    "—",
    ".",
    "..",
    "...",
    "…",
    ":",
    "z",
    "u",
    "na",
    "n/a",
    "n.a.",
    "nan",
    "none",
    "null",
)
"""Marks that say: there is no value."""
SPREADSHEET_ERRORS = (
    *("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
    *("Err:502", "Err:504", "Err:508", "Err:522"),
)
"""What a spreadsheet shows where a formula failed."""
MISSING: Mapping[str, Any] = MappingProxyType({"number": np.nan, "date": pd.NaT, "flag": False})
"""Kind of column → what stands in an empty cell; text of any kind stays empty."""
YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
WHOLE = frozenset(
    {
        *("decimals", "due_days", "number", "likelihood", "impact"),
        *("staff_n", "held_n", "linked_n", "development_n", "mid_year_n"),
    }
)
"""Number columns that hold whole numbers."""

_DIGITS = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
_NUMBER = rf"[+-]? ?{_DIGITS}(?:[eE][+-]?[0-9]{{1,3}}| ?%)?|(?:[+-]? ?£|£ ?[+-]) ?{_DIGITS}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00(?::00(?:\.0+)?)?)?"


@dataclass(frozen=True)
class Asked:
    """What a column asks of its cells; `period_kinds` holds each row's kind of period ('' for any)."""

    name: str
    kind: str
    needed: bool
    default: Any
    choices: tuple[str, ...]
    period_kinds: pd.Series | None = None
    own_kind_only: bool = True
    """Is a period of another kind than the row's a fault?"""

    @classmethod
    def of(cls, name: str, column: pa.Column) -> Asked:
        """From the schema's metadata."""
        said: dict[str, Any] = column.metadata or {}
        return cls(name, said["kind"], said["needed"], said["default"], said["choices"])


@dataclass(frozen=True)
class Parsed:
    """A column, typed (a faulty cell's is missing), which cells are faulty, the rule, and what was expected."""

    typed: pd.Series
    faulty: pd.Series
    rule: str
    expected: str | pd.Series
    hint: str | pd.Series = ""
    is_blank: bool = False
    """Is every cell empty, as in most optional columns?"""


def parse_column(cells: pd.Series, asked: Asked) -> Parsed:
    """Type one column of stripped text, each text once; empty cells get the column's default, or stay missing."""
    if (cells == "").all():
        return _all_empty(cells, asked)
    if asked.period_kinds is not None:
        return _parsed(cells, asked)
    place, texts = pd.factorize(cells)
    each = _parsed(pd.Series(texts, dtype="str", name=cells.name), asked)
    typed, faulty = (one.take(place).set_axis(cells.index) for one in (each.typed, each.faulty))
    expected, hint = (
        one.take(place).set_axis(cells.index) if isinstance(one, pd.Series) else one
        for one in (each.expected, each.hint)
    )
    return Parsed(typed, faulty, each.rule, expected, hint)


def _parsed(cells: pd.Series, asked: Asked) -> Parsed:
    empty, parsed = cells == "", STEPS[asked.kind](cells, asked)
    values = parsed.typed
    if asked.default is not None:
        values = values.mask(empty, asked.default)
    return Parsed(
        values.astype(_TYPES[asked.kind]), parsed.faulty & ~empty, parsed.rule, parsed.expected, parsed.hint
    )


def _all_empty(cells: pd.Series, asked: Asked) -> Parsed:
    value = MISSING.get(asked.kind, "") if asked.default is None else asked.default
    typed = pd.Series(value, cells.index, dtype=_TYPES[asked.kind], name=cells.name)
    return Parsed(typed, _nowhere(cells), "cell.empty", "", is_blank=True)


def looked_up(names: pd.Series, texts: Mapping[str, str] | pd.Series) -> pd.Series:
    """The text that stands for each name, '' where there is none; where a name stands twice, the first row's holds."""
    known = _first_of_each(texts) if isinstance(texts, pd.Series) else texts
    found = [known.get(name, "") for name in names.tolist()]
    return pd.Series(found, names.index, dtype="str", name=names.name).fillna("")


def _first_of_each(texts: pd.Series) -> dict[str, str]:
    first = texts[~texts.index.duplicated()]
    return dict(zip(first.index, first, strict=True))


def in_file(rows: pd.DataFrame) -> pd.Series[str]:
    """The file of each row and, of a workbook, its sheet.

    >>> in_file(pd.DataFrame({"source_file": ["a.csv", "b.xlsx"], "source_sheet": ["", "Agenda"]})).tolist()
    ['a.csv', 'b.xlsx, sheet Agenda']
    """
    told = rows["source_sheet"] if "source_sheet" in rows else pd.Series("", rows.index)
    sheets = told.astype("object").fillna("").astype("str")
    return rows["source_file"] + (", sheet " + sheets).where(sheets != "", "")


def is_suppressed(cells: pd.Series) -> pd.Series:
    """True where a cell is a mark of suppression, such as ``c`` or ``[c]``."""
    return _mark(cells).isin(SUPPRESSED_MARKS)


def is_date(text: str) -> bool:
    """Whether a text is written as a day (YYYY-MM-DD, with midnight or without)."""
    return re.fullmatch(_DATE, text) is not None


def is_mark(cells: pd.Series) -> pd.Series:
    """True where a cell of a number column says in a mark that no number is given."""
    return _mark(cells).isin((*SUPPRESSED_MARKS, *EMPTY_MARKS))


def _mark(cells: pd.Series) -> pd.Series:
    """Marks without their square brackets, in lower case."""
    return cells.str.lower().str.replace(r"^\[(.*)\]$", r"\1", regex=True)


def _text(cells: pd.Series, asked: Asked) -> Parsed:
    return Parsed(cells, _nowhere(cells), "cell.empty", "text")


def _id(cells: pd.Series, asked: Asked) -> Parsed:
    faulty = ~cells.str.fullmatch(ID_PATTERN)
    hint = looked_up(cells, {cell: _slug_hint(cell) for cell in cells[faulty].unique()})
    return Parsed(cells, faulty, "cell.id", ID_MEANING, hint)


def _ids(cells: pd.Series, asked: Asked) -> Parsed:
    """Ids parted by semicolons, commas or line ends, each once, as ``a; b``."""
    listed_ids = looked_up(cells, {cell: _joined(cell, r"[;,\n]") for cell in cells.unique()})
    one = rf"(?:{ID_PATTERN})"
    faulty = ~listed_ids.str.fullmatch(f"{one}(?:{SEPARATOR}{one})*")
    return Parsed(
        listed_ids, faulty, "cell.id", "ids parted by semicolons, such as 'missed-bins; bus-delays'"
    )


def _posts(cells: pd.Series, asked: Asked) -> Parsed:
    """Posts parted by semicolons or line ends, each once; a post may have a comma in it."""
    values = looked_up(cells, {cell: _joined(cell, r"[;\n]") for cell in cells.unique()})
    return Parsed(values, _nowhere(cells), "cell.empty", "posts parted by semicolons")


def _joined(cell: str, parting: str) -> str:
    parts = (" ".join(part.split()) for part in re.split(parting, cell))
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def _slug_hint(cell: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-")[:40]
    return f"Did you mean '{slug}'?" if slug else ""


def _choice(cells: pd.Series, asked: Asked) -> Parsed:
    """Words of a closed list, whatever their case."""
    known = {choice.lower(): choice for choice in asked.choices}
    values = looked_up(cells.str.lower(), known)
    faulty = values == ""
    near = {cell: near_miss(cell.lower(), known).strip() for cell in cells[faulty].unique()}
    hint = looked_up(cells, near)
    return Parsed(values, faulty, "cell.choice", f"one of {listed(asked.choices)}", hint)


def _number(cells: pd.Series, asked: Asked) -> Parsed:
    """Numbers with thousands separators, a leading £, a trailing % (all dropped) or a proper minus sign."""
    plain = cells.str.replace("\u2212", "-").str.replace(r"[\u00a0\u2007\u2009\u202f]", " ", regex=True)
    shaped = plain.str.fullmatch(_NUMBER)
    bare = plain.where(shaped, "nan").str.replace(r"[£%, ]", "", regex=True)
    values = pd.Series([float(text) for text in bare], cells.index, dtype="float64")
    faulty = ~values.abs().lt(np.inf)
    if asked.name in WHOLE:
        faulty |= values != values.round()
    if not asked.needed and faulty.any():
        faulty &= ~is_mark(cells)
    expected = "a whole number such as 2" if asked.name in WHOLE else "a number such as 12.5"
    return Parsed(values.mask(faulty), faulty, "cell.number", expected)


def _date(cells: pd.Series, asked: Asked) -> Parsed:
    shaped = cells.str.fullmatch(_DATE)
    values = pd.to_datetime(cells.where(shaped, "").str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    return Parsed(
        values, values.isna(), "cell.date", "a date as YYYY-MM-DD, such as 2024-11-15 for 15 November 2024"
    )


def _flag(cells: pd.Series, asked: Asked) -> Parsed:
    words = cells.str.lower()
    return Parsed(words.isin(YES), ~words.isin((*YES, *NO)), "cell.flag", "yes or no")


def _period(cells: pd.Series, asked: Asked) -> Parsed:
    """Canonical labels; a label is read as the row's own kind first, since '2010-11' may be a year or a month."""
    kinds = asked.period_kinds if asked.period_kinds is not None else pd.Series("", cells.index, dtype="str")
    pairs = list(zip(cells, kinds, strict=True))
    labels = {pair: _label(*pair, asked.own_kind_only) for pair in set(pairs)}
    values = pd.Series([labels[pair] for pair in pairs], cells.index, dtype="str")
    meanings = {kind: _period_meaning(kind, asked.own_kind_only) for kind in kinds.unique()}
    expected = looked_up(kinds, meanings)
    return Parsed(values, values == "", "cell.period", expected)


def _label(text: str, kind: str, own_kind_only: bool) -> str:
    """The canonical label, or nothing where the text is no period (of this kind)."""
    for attempt in (kind or None,) if own_kind_only else (kind or None, None):
        try:
            return periods.parse(text, attempt).label
        except (ParameterError, ValueError, OverflowError):  # a year that no calendar has
            continue
    return ""


def _period_meaning(kind: str, own_kind_only: bool) -> str:
    if not kind or not own_kind_only:
        return "a period such as " + ", ".join(
            f"'{periods.EXAMPLES[each]}'" for each in ("quarter", "month", "year")
        )
    words = {name: frequency for frequency, name in FREQUENCIES.items()}
    return f"a period of the kind {words[kind]}, such as '{periods.EXAMPLES[kind]}'"


def _nowhere(cells: pd.Series) -> pd.Series:
    return pd.Series(False, cells.index)


STEPS: Mapping[str, Callable[[pd.Series, Asked], Parsed]] = MappingProxyType(
    {
        "text": _text,
        "id": _id,
        "ids": _ids,
        "posts": _posts,
        "choice": _choice,
        "number": _number,
        "date": _date,
        "flag": _flag,
        "period": _period,
    }
)
