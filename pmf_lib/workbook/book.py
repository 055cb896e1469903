"""The context of one notebook: its checked parameters, its unit, and the tables that its sidecar declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from pmf_lib import council as councils
from pmf_lib import decisions, settings, sidecar, verdicts
from pmf_lib import framework as frameworks
from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.certification.rules import CertificationScheme
from pmf_lib.assurance.clauses import ClauseScheme
from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.assurance.lines.rules import AssuranceMapScheme
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.assurance.rating.rules import RatingScheme
from pmf_lib.council import Council, Directorate
from pmf_lib.editions import FULL, PUBLIC
from pmf_lib.errors import ParameterError, PmfError, unknown
from pmf_lib.framework import Framework
from pmf_lib.once import once
from pmf_lib.performance.benchmark import BenchmarkOptions, BenchmarkScheme
from pmf_lib.performance.forecast.options import ForecastOptions, ForecastScheme
from pmf_lib.performance.schemes import SpcScheme, StatusScheme
from pmf_lib.performance.scorecard import in_force
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import Period, parse_date, parse_quarter
from pmf_lib.policy import load
from pmf_lib.records.collect import collect
from pmf_lib.records.editions.made import of_edition
from pmf_lib.records.keys import PART_OF
from pmf_lib.records.quality.measures import next_return
from pmf_lib.records.quality.scheme import QualityScheme
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.records.seen import OBSERVATIONS, seen
from pmf_lib.records.snapshot import Snapshot, freeze
from pmf_lib.records.snapshot import load as load_snapshot
from pmf_lib.records.standing import standing
from pmf_lib.sidecar import Sidecar
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook import baseline, edition, scraps
from pmf_lib.workbook.baseline import Baseline
from pmf_lib.workbook.template import CommitteeScheme


@dataclass(frozen=True)
class Schemes:
    """The rules in force, from ``parameters/schemes``."""

    status: StatusScheme
    xmr: XmrOptions
    clauses: ClauseScheme
    embedding: EmbeddingScheme
    rating: RatingScheme
    escalation: EscalationScheme
    board: BoardScheme
    assurance_map: AssuranceMapScheme
    certification: CertificationScheme
    committee: CommitteeScheme
    quality: QualityScheme
    benchmark: BenchmarkOptions
    forecast: ForecastOptions
    verdicts: Verdicts


@dataclass(frozen=True)
class Book:
    """What a notebook works with. `unit` is its directorate, or None for the whole council."""

    sidecar: Sidecar
    parameters: Mapping[str, str]
    council: Council
    framework: Framework
    quarter: Period
    as_at: date
    unit: Directorate | None
    snapshot: Snapshot
    schemes: Schemes
    recorded: set[str] = field(default_factory=set)
    footed: pd.DataFrame | None = None
    """What was read of every file, of whatever unit: for the foot of the page alone, which each run tells anew. None: `reads`."""
    decided: decisions.Measures = field(default_factory=decisions.Measures)
    """What people decided about the council's measures, as known at the as-at date (`pmf_lib.workbook.decided`)."""
    looks_back: bool = False
    """Is this an earlier quarter than the one asked for, told again from today's records (`pmf_lib.workbook.evidenced`)?"""

    @once
    def table(self, name: str) -> pd.DataFrame:
        """One table of records, only the unit's rows of it.

        Raises
        ------
        PmfError
            The sidecar does not declare that the notebook reads it.
        """
        frame = self._read(name)
        if self.unit is None:
            return frame
        return frame[self._is_own(name, frame)].reset_index(drop=True)

    @once
    def whole(self, name: str) -> pd.DataFrame:
        """The same table with every unit's rows; one of arrangements as it stood on the as-at date.

        Of observations a directorate's page sees its own measures', and those of measures that its rows name.

        Raises
        ------
        PmfError
            The sidecar does not declare that the notebook reads it, or that a directorate's page reads it whole.
        """
        if self.sidecar.stage == "directorate" and name not in (OBSERVATIONS, *self.sidecar.reads_whole):
            raise PmfError(self._undeclared(name, "reads_whole", self.sidecar.reads_whole))
        return self._read(name)

    def _read(self, name: str) -> pd.DataFrame:
        """What the notebook sees of a table."""
        if name not in self.sidecar.reads:
            raise PmfError(self._undeclared(name, "reads", self.sidecar.reads))
        return _stood(self.snapshot, name, self.as_at) if name in ARRANGEMENTS else self.snapshot.table(name)

    def _undeclared(self, name: str, where: str, declared: Iterable[str]) -> str:
        mend = f"Declare it under '{where}' in notebooks/{self.sidecar.name}.yml."
        return unknown(f"table of {self.sidecar.name}", name, declared, mend)

    def _is_own(self, name: str, frame: pd.DataFrame) -> pd.Series[bool]:
        """Which rows are the unit's: by the plan or meeting that they are of, by their directorate, or by their measure."""
        if name in PART_OF:
            whole, key = PART_OF[name]
            return frame[key].isin(self.table(whole)[key])
        if name in ARRANGEMENTS and "directorate" in frame:
            return frame["directorate"] == (self.unit.id if self.unit else "")
        return frame["measure_id"].isin(self._own_measures)

    @property
    def links(self) -> pd.DataFrame:
        """The unit's links to the book's framework that hold in the quarter's financial year."""
        return in_force(self.table("links"), self.framework.id, self.quarter.financial_year)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Faults of the unit's records; for the council those that no directorate could be told of."""
        found = self.snapshot.table("findings")
        names = [one.id for one in self.council.directorates]
        mine = found["directorate"] == self.unit.id if self.unit else ~found["directorate"].isin(names)
        return found[mine].reset_index(drop=True)

    @property
    def unit_name(self) -> str:
        """The unit as pages call it."""
        return self.unit.name if self.unit else "Whole council"

    @property
    def has_own_records(self) -> bool:
        """Are the records the council's own? On published figures nothing is rated and nobody is asked for anything."""
        return self.council.evidence != "published"

    @property
    def next_return(self) -> date:
        """The day by which the next return is due, the first after the as-at date: what a page asks for is asked by then."""
        returns = self.council.returns
        return next_return(self.quarter, self.as_at, returns.due_days if returns else 0)

    @cached_property
    def baseline(self) -> Baseline | None:
        """The issued run that the page is compared with, as its unit sees it; None where none is named."""
        found = baseline.named(self.parameters.get("baseline", ""), self.unit.id if self.unit else "")
        if found is None or self.parameters.get("edition") != PUBLIC:
            return found
        return found.of_measures(self.snapshot.table("measures")["measure_id"])

    @cached_property
    def rated_before(self) -> dict[str, pd.DataFrame]:
        """Measures as rated for a quarter, by its label: each quarter is rated once for all that asks for it."""
        return {}

    @once
    def of(self, directorate: Directorate) -> Book:
        """The same book for one directorate, opened once: what was rated for it serves all that asks."""
        return replace(self, unit=directorate, recorded=set())

    def record(self, name: str, content: pd.DataFrame | Mapping[str, Any]) -> None:
        """Record a declared scrap, once; the run's council pages read it."""
        scraps.record(self.sidecar, self.recorded, name, content)

    @cached_property
    def _own_measures(self) -> pd.Series[str]:
        measures = self.snapshot.table("measures")
        unit = self.unit.id if self.unit else ""
        return measures.loc[measures["directorate"] == unit, "measure_id"]


@once
def _stood(snapshot: Snapshot, name: str, as_at: date) -> pd.DataFrame:
    """A table of arrangements as it stood on a day, once for the books of all units."""
    return standing(name, snapshot.table(name), as_at).reset_index(drop=True)


def start(notebook: str, names: Mapping[str, Any]) -> Book:
    """Begin a notebook: check its parameters, find or freeze its snapshot, open its book.

    Parameters
    ----------
    notebook
        File name without ``.ipynb``.
    names
        The notebook's own names, as ``vars()`` gives them; its parameters are picked out.

    Raises
    ------
    ParameterError
        A parameter is of the wrong kind, unknown, or nearly spelt like one.
    """
    declared = sidecar.load(notebook)
    _refuse_slips(declared, names)
    given = {name: names[name] for name in declared.parameters if name in names}
    return opened(declared, declared.checked(given))


def opened(declared: Sidecar, parameters: Mapping[str, str]) -> Book:
    """The book of checked parameters."""
    council = councils.load(parameters["council"])
    framework = frameworks.load(parameters["framework"])
    unit = parameters.get("directorate", "")
    as_at, shown = parse_date(parameters["as_at"]), parameters.get("edition", FULL)
    whole = snapshot_of(council, framework, parameters["snapshot"], as_at, shown)
    snapshot = seen(whole, unit, declared.reads, declared.reads_whole) if unit else whole
    return Book(
        sidecar=declared,
        parameters=parameters,
        council=council,
        framework=framework,
        quarter=parse_quarter(parameters["quarter"]),
        as_at=as_at,
        unit=council.directorate(unit) if unit else None,
        snapshot=snapshot,
        schemes=schemes(),
        footed=whole.table("reads"),
        decided=edition.decided(decisions.known(council.id, as_at), snapshot, shown),
    )


def snapshot_of(
    council: Council, framework: Framework, wanted: str, as_at: date, shown: str = FULL
) -> Snapshot:
    """The named snapshot, else one frozen now from the council's own sources, with the returns received by `as_at`.

    Raises
    ------
    ParameterError
        The named one holds the records of another edition than is `shown`.
    """
    if wanted:
        return edition.checked(load_snapshot(wanted, settings.store()), shown)
    nodes = {framework.id: [node.id for node in framework.linkable]}
    records = of_edition(collect(council, nodes=nodes, as_at=as_at), shown, council.id, as_at)
    return freeze(records, settings.store())


def schemes() -> Schemes:
    """Read the rules in force."""
    folder = settings.root() / "parameters" / "schemes"
    return Schemes(
        status=load(folder / "status.yml", StatusScheme),
        xmr=load(folder / "spc.yml", SpcScheme).options,
        clauses=load(folder / "clauses.yml", ClauseScheme),
        embedding=load(folder / "embedding.yml", EmbeddingScheme),
        rating=load(folder / "rating.yml", RatingScheme),
        escalation=load(folder / "escalation.yml", EscalationScheme),
        board=load(folder / "board.yml", BoardScheme),
        assurance_map=load(folder / "assurance_map.yml", AssuranceMapScheme),
        certification=load(folder / "certification.yml", CertificationScheme),
        committee=load(folder / "committee.yml", CommitteeScheme),
        quality=load(folder / "quality.yml", QualityScheme),
        benchmark=load(folder / "benchmark.yml", BenchmarkScheme).options,
        forecast=load(folder / "forecast.yml", ForecastScheme).options,
        verdicts=verdicts.load(),
    )


def _refuse_slips(declared: Sidecar, names: Mapping[str, Any]) -> None:
    for slip in declared.near_misses(names):
        raise ParameterError(unknown(f"parameter of {declared.name}", slip, declared.parameters))
