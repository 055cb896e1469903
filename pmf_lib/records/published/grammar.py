"""The closed grammar of ``parameters/sources/*.yml``: how a published file, as it came, becomes observations.

A *column* is a pattern (regular expression, any case) looked for in the file's headers, or ``cells:<pattern>``: the
leftmost column with a cell that the pattern fits, for columns without a header. A *filter* is column → value or
values, compared exactly, or ``like:<pattern>``, which the whole cell must fit. The page that explains every key is
``docs/sources.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pmf_lib import policy, settings
from pmf_lib.records.published.labels import STYLES
from pmf_lib.records.published.readers import READERS

BY_CELLS = "cells:"
"""Start of a column that is known by what its cells hold."""
LIKE = "like:"
"""Start of a filter's value that is a pattern."""


def _compiled(pattern: str) -> str:
    """The pattern itself, refused where it is not a regular expression."""
    try:
        re.compile(pattern.removeprefix(BY_CELLS).removeprefix(LIKE))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiled)]
Wanted = Annotated[str, AfterValidator(lambda text: _compiled(text) if text.startswith(LIKE) else text)]
Filter = Mapping[Pattern, Wanted | tuple[Wanted, ...]]
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
    not_before: Literal["", "saved"] = ""
    """'saved': a workbook that was saved again later, as a corrected re-issue is, was not known before that day."""
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


class Neighbours(policy.Policy):
    """Authorities to compare with, as a published list of neighbours names them."""

    file: str
    """The list, under the folder of published files."""
    reader: str
    """What reads it: one of `readers.READERS`."""
    of: str
    """The council's own code in the list."""
    column: Pattern
    """Column of the tables that holds such codes."""
    names: Pattern = ""
    """Column of the tables that holds their names, where the list gives none."""

    @model_validator(mode="after")
    def _known(self) -> Neighbours:
        if self.reader not in READERS:
            raise ValueError(f"'{self.reader}' is not a registered reader; known: {', '.join(READERS)}")
        return self


class Authority(policy.Policy):
    """Which rows are the council's own, and which it is compared with."""

    own: Filter
    comparators: tuple[Comparator, ...] = ()
    neighbours: Neighbours | None = None


class Beside(policy.Policy):
    """A column of the council's own row that tells somebody else's figure, such as the median of all."""

    name: str
    kind: Literal["authority", "neighbours", "region", "country", "median"]
    value: Pattern


class Rescale(policy.Policy):
    """Some of a source's files tell the measure in another unit: times `by` brings it back to the others'."""

    files: str
    """Glob on the file's name."""
    by: float
    reason: str


class Measure(policy.Policy):
    """One measure: a column, a sum of columns, or a numerator over a denominator; of the rows that pass `where`."""

    measure_id: Id
    where: Filter = Field(default_factory=dict)
    unit: Filter = Field(default_factory=dict)
    """What the file's own columns must say of every row kept; anything else stops the reading."""
    value: Pattern = ""
    sum: Pattern = ""
    """All columns that fit, added up; blank ones count for nothing."""
    numerator: Pattern = ""
    denominator: Pattern = ""
    scale: float = 1
    rescale: tuple[Rescale, ...] = ()
    blank: Literal["missing", "zero"] = "missing"
    """What a blank cell means; 'zero' where the publisher leaves out zeros."""
    beside: tuple[Beside, ...] = ()
    period: Labels | None = None
    compare: bool = True
    """False for counts, which say nothing beside those of a larger place."""

    @model_validator(mode="after")
    def _has_value(self) -> Measure:
        figures = (self.value, self.sum, self.numerator)
        if bool(self.numerator) != bool(self.denominator) or not any(figures):
            raise ValueError("say 'value' or 'sum', or 'numerator' and 'denominator', or these and 'value'")
        if self.sum and (self.value or self.numerator):
            raise ValueError("'sum' stands alone: leave out 'value', 'numerator' and 'denominator'")
        return self


class Spread(policy.Policy):
    """A long table made wide: a column of `names` becomes headers over the column of `values`."""

    names: Pattern
    values: Pattern


class Table(policy.Policy):
    """One table of the files: its sheet (workbooks only), its header, and the measures it holds."""

    files: str = ""
    """Instead of the source's, where the tables of a source are in different files."""
    sheet: Pattern = ""
    header: Header | None = None
    where: Filter = Field(default_factory=dict)
    spread: Spread | None = None
    recorded_at: RecordedAt | None = None
    """Instead of the source's."""
    measures: tuple[Measure, ...] = Field(min_length=1)


class Source(policy.Policy):
    """``parameters/sources/<id>.yml``."""

    title: str
    publisher: str
    licence: str
    attribution: str
    files: str = ""
    """Glob under the folder of published files; each file that fits is one delivery."""
    where: Filter = Field(default_factory=dict)
    authority: Authority
    period: Period
    recorded_at: RecordedAt | None = None
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

    @model_validator(mode="after")
    def _said_somewhere(self) -> Source:
        for key in ("files", "recorded_at"):
            if not getattr(self, key) and not all(getattr(table, key) for table in self.tables):
                raise ValueError(f"say '{key}' once for the source, or in each of its tables")
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
