"""The issued run that a page is compared with: its recorded results and its records, read through what was issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from pmf_lib import settings
from pmf_lib.decisions import Response
from pmf_lib.errors import StoreError
from pmf_lib.periods import Period, parse_date, parse_quarter
from pmf_lib.records.snapshot import Snapshot
from pmf_lib.records.snapshot import load as load_snapshot
from pmf_lib.store import issued
from pmf_lib.store.issued import Paper
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import scraps


@dataclass(frozen=True)
class Baseline:
    """One issued run as a page sees it; `unit` is the page's directorate, or '' for the whole council."""

    paper: Paper
    unit: str = ""
    only: frozenset[str] | None = None
    """Measures that a public page may still speak of; None: all that the run reported."""

    def of_measures(self, ids: Iterable[str]) -> Baseline:
        """The same run, as far as it reported these measures."""
        return replace(self, only=frozenset(ids))

    @property
    def run_id(self) -> str:
        """Id of the run that was issued."""
        return self.paper.run_id

    @property
    def version(self) -> int:
        """In which version it was issued."""
        return self.paper.version

    @property
    def name(self) -> str:
        """As a sentence names it: 'version 1 of Quarter 1, April to June 2024'."""
        return self.paper.name

    @property
    def quarter(self) -> Period:
        """Its reporting quarter."""
        return parse_quarter(self.paper.quarter)

    @property
    def as_at(self) -> date:
        """Its only "today"."""
        return parse_date(self.paper.as_at)

    @cached_property
    def manifest(self) -> Manifest:
        """The run's manifest as it was issued."""
        return issued.run_of(self.paper)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The records of that run.

        Raises
        ------
        StoreError
            They are not in the store, do not hold, or were frozen with another version of the schema.
        """
        held = load_snapshot(self.manifest.snapshot, settings.store())
        if self.only is None:
            return held
        return replace(held, tables={name: self._shown(frame) for name, frame in held.tables.items()})

    def frame(self, name: str) -> pd.DataFrame | None:
        """A recorded frame of this scrap's name: the unit's, or every directorate's with its `directorate`.

        None where that run recorded no such thing (its notebooks were older).

        Raises
        ------
        StoreError
            A notebook is not as it was issued.
        """
        items = [item for item in self.manifest.stage("directorate") if self.unit in ("", item.unit)]
        found = [(item.unit, self._frame(item, name)) for item in items]
        frames = [frame.assign(directorate=unit) for unit, frame in found if frame is not None]
        filled = [frame for frame in frames if not frame.empty] or frames[:1]
        return pd.concat(filled, ignore_index=True) if filled else None

    def council_frame(self, name: str) -> pd.DataFrame | None:
        """The frame of this name that one of the council's own pages recorded, of every unit; None where none did.

        The report to the Audit Committee comes last among them and is looked at first.

        Raises
        ------
        StoreError
            A notebook is not as it was issued.
        """
        frames = (self._frame(item, name) for item in reversed(self.manifest.stage("council")))
        return next((frame for frame in frames if frame is not None), None)

    @cached_property
    def earlier(self) -> Baseline | None:
        """The issued run that this one was compared with in its turn; None where there was none."""
        found = named(self.manifest.baseline, self.unit)
        return found and replace(found, only=self.only)

    @property
    def responses(self) -> tuple[Response, ...]:
        """What management answered to the paper's findings, the oldest answer first; of every unit."""
        return self.paper.responses

    def _frame(self, item: Item, name: str) -> pd.DataFrame | None:
        issued.content(self.paper, item.path)
        held = _held(self.paper.folder / item.path).get(name)
        return self._shown(held) if isinstance(held, pd.DataFrame) else None

    def _shown(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that are about no measure, or about one that may be spoken of."""
        if self.only is None or "measure_id" not in frame:
            return frame
        return frame[frame["measure_id"].isin({*self.only, ""}) | frame["measure_id"].isna()]


def named(run_id: str, unit: str) -> Baseline | None:
    """The issued run of this id; none where no id is given.

    Raises
    ------
    StoreError
        No issued run has this id.
    """
    return Baseline(issued.named(run_id), unit) if run_id else None


def opened(baseline: Baseline) -> Snapshot | None:
    """The records of the issued run; none where this workbook can no longer read them."""
    try:
        return baseline.snapshot
    except StoreError:
        return None


@lru_cache(maxsize=64)
def _held(path: Path) -> dict[str, Any]:
    return scraps.held(path)
