"""Cells of a table: what a column is, and how each kind of value becomes markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from pmf_lib import verdicts
from pmf_lib.verdicts import Verdict
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import Html, escape, link, tag

Kind = Literal["text", "number", "date", "period", "tag", "link", "html"]
Cells = list[str]


@dataclass(frozen=True)
class Column:
    """How one column of a frame is shown.

    Without a `kind`, numbers and dates are told by the frame's own type and anything else is text.
    """

    head: str
    kind: Kind | None = None
    unit: str = ""
    """Shown under the head: one unit a column."""
    decimals: int | str | None = None
    """Of a number: so many, or the name of the column that says how many in each row; None shows it as recorded.

    A text among numbers (a range) or a piece of a page stands as it is."""
    signed: bool = False
    """A change: rises carry a plus sign."""
    verdict: str = ""
    """Of a tag whose cells are codes: the kind of verdict (status, variation, capability, direction, clause)."""
    href: str = ""
    """Of a link: the column that holds the address."""
    missing: str = words.NOTHING
    """What an empty cell says."""


def kinded(column: Column, values: pd.Series | None) -> Column:
    """The column with its kind told from the frame's type, where the caller did not say."""
    if column.kind is not None or values is None:
        return column
    kind: Kind = "text"
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        kind = "number"
    elif pd.api.types.is_datetime64_any_dtype(values):
        kind = "date"
    return replace(column, kind=kind)


def cells(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    """One cell's markup a row of `frame`, for this column."""
    return _MAKERS[column.kind or "text"](frame, name, column)


def _numbers(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    places = frame[column.decimals] if isinstance(column.decimals, str) else [column.decimals] * len(frame)
    return [
        _said(value, column.missing)
        if isinstance(value, (str, Html))
        else escape(
            words.number(
                value, None if words.is_missing(to) else to, signed=column.signed, missing=column.missing
            )
        )
        for value, to in zip(frame[name], places, strict=True)
    ]


def _dates(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    return [escape(words.day(value, missing=column.missing)) for value in frame[name]]


def _periods(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    known = {label: escape(words.period(label, missing=column.missing)) for label in frame[name].unique()}
    return [known[label] for label in frame[name]]


def _texts(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    return [_said(value, column.missing) for value in frame[name]]


def _said(value: Any, missing: str) -> str:
    """A cell's markup: a piece of a page as it is, a yes or no in words, anything else escaped."""
    if isinstance(value, Html):
        return value.markup
    if words.is_missing(value):
        return escape(missing)
    if value is True or value is False:
        return "Yes" if value else "No"
    return escape(value)


def _tags(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    known = verdicts.load() if column.verdict else None

    def shown(value: Any) -> str:
        if isinstance(value, Verdict):
            return tag(value).markup
        if known is None or words.is_missing(value):
            return _said(value, column.missing)
        return tag(known.get(column.verdict, str(value))).markup

    return [shown(value) for value in frame[name]]


def _links(frame: pd.DataFrame, name: str, column: Column) -> Cells:
    addresses = frame[column.href].astype(str) if column.href else [""] * len(frame)
    return [
        link(str(value), address).markup
        if address and not words.is_missing(value)
        else _said(value, column.missing)
        for value, address in zip(frame[name], addresses, strict=True)
    ]


_MAKERS: Mapping[str, Callable[[pd.DataFrame, str, Column], Cells]] = {
    "text": _texts,
    "number": _numbers,
    "date": _dates,
    "period": _periods,
    "tag": _tags,
    "link": _links,
    "html": _texts,
}
