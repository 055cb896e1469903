"""Where a defect is planted: a council, one of its units, what the clause tells its test, and chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from lived_council import Lived
from lived_measures import Measure
from lived_shape import Service, Shape

NEVER = pd.NaT


@dataclass(frozen=True)
class Planted:
    """A council with one defect, and what the test must say of it."""

    lived: Lived
    unit: str
    subjects: tuple[str, ...]
    """What the test may call it: its title, or its title and id where titles are alike."""
    row: int = 0
    """The source row that it must name; 0 where there is none."""


@dataclass(frozen=True)
class Ground:
    """What a planting function works with."""

    lived: Lived
    unit: str
    """The unit whose papers the clause is answered in; '' for the council."""
    told: Mapping[str, Any]
    """What the clause tells the test."""
    rng: np.random.Generator

    @property
    def shape(self) -> Shape:
        return self.lived.shape

    @property
    def as_at(self) -> pd.Timestamp:
        return pd.Timestamp(self.shape.as_at)

    def own(self, table: str) -> pd.DataFrame:
        """The unit's rows of a table."""
        return self.lived.own(table, self.unit)

    def choose(self, rows: pd.DataFrame) -> pd.Series:
        """One of these rows."""
        return rows.iloc[int(self.rng.integers(len(rows)))]

    def one_of(self, *options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def service(self) -> Service:
        return self.one_of(*self.shape.of(self.unit))

    def ago(self, months: int, most: int = 200) -> pd.Timestamp:
        """A day more than so many months before the as-at date."""
        return pd.Timestamp(self.shape.before(months, int(self.rng.integers(1, most))))

    def ahead(self) -> pd.Timestamp:
        """A day after the as-at date."""
        return self.as_at + timedelta(days=int(self.rng.integers(1, 100)))

    def put(self, table: str, rows: pd.Series | int, **cells: Any) -> Ground:
        """The same ground; of this row (by its source row), or of the rows of a mask, some cells changed."""
        frame = self.lived.tables[table].copy()
        where = rows if isinstance(rows, pd.Series) else frame["source_row"] == rows
        for name, value in cells.items():
            is_day = str(frame[name].dtype).startswith("datetime")
            frame.loc[where, name] = pd.Timestamp(value) if is_day and not pd.isna(value) else value
        return replace(self, lived=self.lived.put(**{table: frame}))

    def drop(self, table: str, rows: pd.Series | int) -> Ground:
        """The same ground without a row, or the rows of a mask."""
        frame = self.lived.tables[table]
        where = rows if isinstance(rows, pd.Series) else frame["source_row"] == rows
        return replace(self, lived=self.lived.put(**{table: frame[~where].reset_index(drop=True)}))

    def having(self, **tables: pd.DataFrame) -> Ground:
        """The same ground with whole tables changed."""
        return replace(self, lived=self.lived.put(**tables))

    def named(self, *subjects: str, row: Any = 0) -> Planted:
        return Planted(self.lived, self.unit, subjects, int(row))

    def at(self, row: pd.Series) -> Planted:
        """The planted defect, at an entry with a title."""
        return self.named(row["title"], f"{row['title']} ({row.iloc[0]})", row=row["source_row"])

    def at_service(self, service: Service) -> Planted:
        return self.named(service.name, f"{service.name} ({service.directorate})")

    def at_measure(self, measure: str) -> Planted:
        """The defect at a measure, named by its title; its row is that of the value that was rated."""
        rated = self.lived.rated.set_index("measure_id").loc[measure]
        return self.named(rated["title"], row=rated["source_row"])

    def red(self) -> Measure:
        """A measure of the unit that misses its target."""
        own = [each for each in self.lived.figures.reds if self.unit in ("", each.service.directorate)]
        return self.one_of(*own)

    def at_node(self, node: str, row: Any = 0) -> Planted:
        return self.named(node_title(self.shape, node), row=row)


Plant = Callable[[Ground], Planted]


def node_title(shape: Shape, node: str) -> str:
    """A node as readers know it."""
    found = next(one for one in shape.framework.nodes if one.id == node)
    return f"{found.number}. {found.title}" if found.number else found.title


def in_force(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Plans in force on a day."""
    now = pd.Timestamp(day)
    return rows[(rows["valid_from"] <= now) & (rows["valid_to"].isna() | (rows["valid_to"] >= now))]
