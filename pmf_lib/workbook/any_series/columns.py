"""Which columns of a file are meant: those that were named, or those with an obvious name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pmf_lib.errors import ParameterError, listed, near_miss, quoted, unknown
from pmf_lib.records import cells

DATES = ("date", "period", "month", "quarter", "week", "term", "financial year", "year", "time", "day")
VALUES = ("value", "figure", "result", "number", "count", "rate", "percentage")
NUMBER = cells.Asked("value", "number", needed=False, default=None, choices=())
"""A column of numbers in which empty cells and marks such as '-' say that there is none."""


@dataclass(frozen=True)
class Asked:
    """What was asked of a file: names of its columns (None: not given), and how its series are read."""

    by: str | None = None
    date: str | None = None
    value: str | None = None
    target: str | None = None
    """A column's name, or a number that is the target of every series."""
    polarity: str = "none"
    rebase: tuple[str, ...] = ()
    """Times from which limits are calculated anew, as the file writes them."""


@dataclass(frozen=True)
class Columns:
    """The columns in use ('' where there is none), and the target that all series share (NaN: none)."""

    date: str
    value: str
    by: str
    target: str
    target_of_all: float


def chosen(names: list[str], asked: Asked) -> Columns:
    """The columns meant among `names`.

    Raises
    ------
    ParameterError
        A column that was named is not there, one that was not named has no obvious name, or its name is there twice.

    >>> chosen(["Month", "Area", "Value"], Asked(by="area", target="95%"))
    Columns(date='Month', value='Value', by='Area', target='', target_of_all=95.0)
    """
    level = math.nan if asked.target is None or _found(asked.target, names) else _number(asked.target)
    target = asked.target if math.isnan(level) else None
    return Columns(
        date=_named("date", asked.date, names) if asked.date else _obvious("date", DATES, names),
        value=_named("value", asked.value, names) if asked.value else _obvious("value", VALUES, names),
        by=_named("by", asked.by, names) if asked.by else "",
        target=_named("target", target, names, " A number such as 95 may be given too.") if target else "",
        target_of_all=level,
    )


def _number(text: str) -> float:
    """The number that a text says; NaN where it says none."""
    return float(cells.parse_column(pd.Series([text.strip()], dtype="str"), NUMBER).typed.iloc[0])


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _found(name: str, names: list[str]) -> str:
    """The file's own name for a column, whatever its case; '' where there is none."""
    same = [name] if name in names else [own for own in names if _plain(own) == _plain(name)]
    return same[0] if same else ""


def _named(role: str, name: str, names: list[str], more: str = "") -> str:
    own = _found(name, names)
    if not own:
        said = unknown("column of the file", quoted(name), _shown(names))
        raise ParameterError(f"--{role}: {said}{more}")
    return _once(role, own, names)


def _obvious(role: str, usual: tuple[str, ...], names: list[str]) -> str:
    """The file's column with the first of the usual names."""
    for name in usual:
        own = _found(name, names)
        if own:
            return _once(role, own, names)
    hints = [hint for name in usual if (hint := near_miss(name, _shown(names)))]
    raise ParameterError(
        f"No column has a name such as {listed(usual[:4])}. The file's columns: {listed(_shown(names))}."
        f"{hints[0] if hints else ''} Say with --{role} which one is meant."
    )


def _once(role: str, name: str, names: list[str]) -> str:
    if names.count(name) > 1:
        raise ParameterError(f"--{role}: column '{quoted(name)}' is there twice. Rename one of the two.")
    return name


def _shown(names: Iterable[str]) -> list[str]:
    return [quoted(name) for name in names if name]
