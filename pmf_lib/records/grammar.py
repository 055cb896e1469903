"""The closed grammar of ``parameters/sources/*.yml``: how a published file, as it came, becomes observations.

A *column* is a pattern (regular expression, any case) looked for in the file's headers, or ``cells:<pattern>``: the
leftmost column with a cell that the pattern fits, for columns without a header. A *filter* is column → value or
values. The page that explains every key is ``docs/sources.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pmf_lib import policy, settings
from pmf_lib.records.labels import STYLES

BY_CELLS = "cells:"
"""Start of a column that is known by what its cells hold."""


def _compiled(pattern: str) -> str:
    """The pattern itself, refused where it is not a regular expression."""
    try:
        re.compile(pattern.removeprefix(BY_CELLS))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiled)]
Filter = Mapping[Pattern, str | tuple[str, ...]]
Kind = Literal["month", "quarter", "year", "academic_year", "calendar_year", "term", "week", "window"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class Header(policy.Policy):
    """Header rows from the topmost one with a cell like `first` to the next with a cell like `last`, joined."""

    first: Pattern
    last: Pattern = ""


class Labels(policy.Policy):
    """How the file writes a period (`style`, see `labels.STYLES`) and the kind that is meant."""

    style: str
    kind: Kind

    @model_validator(mode="after")
    def _known(self) -> Labels:
        if self.style not in STYLES:
            raise ValueError(f"'{self.style}' is not a style of labels; known: {', '.join(STYLES)}")
        return self


class Period(Labels):
    """Where a row's period stands: in a column, or once for the whole file in its name."""

    column: Pattern = ""
    file_name: Pattern = ""

    @model_validator(mode="after")
    def _one_place(self) -> Period:
        if bool(self.column) == bool(self.file_name):
            raise ValueError("say either 'column' or 'file_name'")
        return self


class Cell(policy.Policy):
    """The first cell of a sheet that fits a pattern; what its first group caught is read."""

    sheet: Pattern = ""
    pattern: Pattern


class RecordedAt(policy.Policy):
    """When the figures became known; one way only, and a reason where the file itself does not say."""

    file_name: Pattern = ""
    cell: Cell | None = None
    given: date | None = None
    days_after_period: int | None = Field(default=None, ge=0, le=2000)
    reason: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> RecordedAt:
        ways = (self.file_name, self.cell, self.given, self.days_after_period is not None)
        if sum(map(bool, ways)) != 1:
            raise ValueError("say exactly one of 'file_name', 'cell', 'given', 'days_after_period'")
        if (self.given or self.days_after_period is not None) and not self.reason:
            raise ValueError("say in 'reason' why this date holds, as the file does not carry it")
        return self


class Comparator(policy.Policy):
    """Rows of somebody else, under the name that pages show."""

    name: str
    kind: Literal["authority", "neighbours", "region", "country", "median"]
    where: Filter


class Authority(policy.Policy):
    """Which rows are the council's own, and which it is compared with."""

    own: Filter
    comparators: tuple[Comparator, ...] = ()


class Measure(policy.Policy):
    """One measure: a column, or a numerator over a denominator, times `scale`; of the rows that pass `where`."""

    measure_id: Id
    where: Filter = Field(default_factory=dict)
    value: Pattern = ""
    numerator: Pattern = ""
    denominator: Pattern = ""
    scale: float = 1
    period: Labels | None = None
    compare: bool = True
    """False for counts, which say nothing beside those of a larger place."""

    @model_validator(mode="after")
    def _has_value(self) -> Measure:
        if bool(self.numerator) != bool(self.denominator) or not (self.value or self.numerator):
            raise ValueError("say 'value', or 'numerator' and 'denominator', or all three")
        return self


class Table(policy.Policy):
    """One table of the files: its sheet (workbooks only), its header, and the measures it holds."""

    sheet: Pattern = ""
    header: Header | None = None
    measures: tuple[Measure, ...] = Field(min_length=1)


class Source(policy.Policy):
    """``parameters/sources/<id>.yml``."""

    title: str
    publisher: str
    licence: str
    attribution: str
    files: str
    """Glob under the folder of published files; each file that fits is one delivery."""
    where: Filter = Field(default_factory=dict)
    authority: Authority
    period: Period
    recorded_at: RecordedAt
    tables: tuple[Table, ...] = Field(min_length=1)
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _measures_once(self) -> Source:
        ids = [measure.measure_id for table in self.tables for measure in table.measures]
        twice = sorted({measure_id for measure_id in ids if ids.count(measure_id) > 1})
        if twice:
            raise ValueError(f"measures are described twice: {', '.join(twice)}")
        return self


def load(source_id: str) -> Source:
    """Read the source of this id from ``parameters/sources``.

    Raises
    ------
    SettingsError
        There is no such file.
    PolicyError
        The file says something that the grammar does not know.
    """
    return policy.load(settings.root() / "parameters" / "sources" / f"{source_id}.yml", Source)


def caught(pattern: str, text: str) -> str:
    r"""What a pattern's first group catches in a text (all of the match, if it has none); '' where it does not fit.

    >>> caught(r"_(\d{6})", "LA_202412.xlsx"), caught("x", "LA")
    ('202412', '')
    """
    found = re.search(pattern, text, re.I)
    if not found:
        return ""
    return found[1] if found.re.groups else found[0]
