"""A council in which the framework is lived: all its tables, and what they show of each unit; different for each seed.

Nothing is amiss in it. A *troubled* one misses two targets and keeps a figure that can't be relied on, and takes up each as it
ought to be. Its tables are typed, as reading would have left them, and stand as on the as-at date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import lived_measures as measured
import lived_meetings as met
import lived_plans as planned
import lived_registers as kept
import pandas as pd
from lived_measures import Figures, figures
from lived_shape import Shape, shape
from minuted import rows

from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.performance.rate import rate
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.periods import Period
from pmf_lib.policy import load
from pmf_lib.records.findings import none
from pmf_lib.records.keys import PART_OF
from pmf_lib.records.schema import ARRANGEMENTS, TABLES
from pmf_lib.settings import root

SCHEMES = root() / "parameters" / "schemes"
STATUS = load(SCHEMES / "status.yml", StatusScheme)
ESCALATION = load(SCHEMES / "escalation.yml", EscalationScheme)
FLAGS = [name for name, spec in TABLES["measures"].columns.items() if spec.metadata["kind"] == "flag"]


class Tables(Mapping[str, pd.DataFrame]):
    """A unit's tables, narrowed once somebody looks at them; they remember at which somebody did."""

    def __init__(self, of: Lived, unit: str, seen: set[str]) -> None:
        self.of, self.unit, self.seen = of, unit, seen

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.seen.add(name)
        return self.of.own(name, self.unit)

    def __iter__(self) -> Iterator[str]:
        return iter(self.of.tables)

    def __len__(self) -> int:
        return len(self.of.tables)


LOOKED_AT = ("rated", "findings", "reliance", "as_at")


class Watched(Evidence):
    """Evidence that notes which of its parts a test looks at, beside tables."""

    def __getattribute__(self, name: str) -> Any:
        if name in LOOKED_AT:
            object.__getattribute__(self, "tables").seen.add(name)
        return object.__getattribute__(self, name)


@dataclass(frozen=True)
class Lived:
    """A council's tables, and what the rating says of its measures."""

    shape: Shape
    figures: Figures
    tables: Mapping[str, pd.DataFrame]
    rated: pd.DataFrame
    reliance: pd.Series
    findings: pd.DataFrame
    earlier: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Measures as rated for earlier quarters, once somebody asked."""

    narrow: dict[tuple[str, str], tuple[list[pd.DataFrame], pd.DataFrame]] = field(default_factory=dict)
    """Unit and table → the tables from which it was narrowed, and its rows."""

    def put(self, **changed: pd.DataFrame) -> Lived:
        """The same council with some tables changed, rated as before."""
        return replace(self, tables={**self.tables, **changed})

    def rated_again(self, measure: str, **changed: pd.DataFrame) -> Lived:
        """The same council with some tables changed, this measure rated anew."""
        tables = {**self.tables, **changed}
        own = {
            name: frame[frame["measure_id"] == measure].reset_index(drop=True)
            for name, frame in tables.items()
            if name in ("measures", "observations", "targets")
        }
        anew = rating(own, self.shape, self.shape.quarter)
        rest = self.rated["measure_id"] != measure
        rated = pd.concat([self.rated[rest], anew], ignore_index=True).astype(self.rated.dtypes)
        return replace(self, tables=tables, rated=rated, earlier={})

    def own(self, name: str, unit: str) -> pd.DataFrame:
        """A table's rows of a directorate, or all of them."""
        if not unit:
            return self.tables[name]
        sources = [self.tables[one] for one in (name, *rests_on(name))]
        before, rows = self.narrow.get((unit, name), ([], self.tables[name]))
        if len(before) != len(sources) or any(a is not b for a, b in zip(before, sources, strict=True)):
            rows = narrowed(self.tables, name, unit)
            self.narrow[unit, name] = (sources, rows)
        return rows

    def rated_in(self, quarter: Period) -> pd.DataFrame:
        """Measures as rated for an earlier quarter."""
        if quarter.label not in self.earlier:
            self.earlier[quarter.label] = rating(self.tables, self.shape, quarter)
        return self.earlier[quarter.label]

    def evidence(self, unit: str = "", seen: set[str] | None = None) -> Evidence:
        """What clause tests see of a directorate, or of the whole council."""
        seen = set() if seen is None else seen
        measures = self.own("measures", unit)["measure_id"]
        return Watched(
            Tables(self, unit, seen),
            self.rated[self.rated["measure_id"].isin(measures)].reset_index(drop=True),
            self.findings[self.findings["directorate"] == unit].reset_index(drop=True),
            self.shape.framework,
            self.shape.quarter,
            self.shape.as_at,
            council=self.shape.council,
            directorate=unit,
            sent=frozenset(self.tables),
            whole=Tables(self, "", seen).__getitem__,
            escalation=ESCALATION,
            reliance=self.reliance[self.reliance.index.isin(measures)],
            rated_in=self.rated_in,
        )

    @cached_property
    def units(self) -> list[str]:
        """Every unit whose papers answer clauses: the directorates, and '' for the council."""
        return [*self.shape.units, ""]


def rests_on(name: str) -> tuple[str, ...]:
    """The table that says whose each row of a table is, where it isn't the row itself."""
    if name in PART_OF:
        return (PART_OF[name][0],)
    return () if "directorate" in TABLES[name].columns else ("measures",)


def narrowed(tables: Mapping[str, pd.DataFrame], name: str, unit: str) -> pd.DataFrame:
    """A directorate's rows of a table: by directorate, by the plan or meeting that they are of, or by their measure."""
    frame = tables[name]
    if name in PART_OF:
        whole, key = PART_OF[name]
        own = frame[key].isin(narrowed(tables, whole, unit)[key])
    elif "directorate" in frame and (name in ARRANGEMENTS or name == "measures"):
        own = frame["directorate"] == unit
    else:
        own = frame["measure_id"].isin(narrowed(tables, "measures", unit)["measure_id"])
    return frame[own].reset_index(drop=True)


def rating(tables: Mapping[str, pd.DataFrame], of: Shape, quarter: Period) -> pd.DataFrame:
    """Measures as rated for a quarter, as its own report could know them."""
    known = [tables[name] for name in ("measures", "observations", "targets")]
    as_at = quarter.end + (of.as_at - of.quarter.end)
    return rate(*known, quarter=quarter, as_at=as_at, scheme=STATUS).measures


@lru_cache(maxsize=8)
def lived(seed: int, framework: str, is_troubled: bool = False) -> Lived:
    """The council of a seed."""
    whole = shape(seed, framework, is_troubled=is_troubled)
    made = figures(whole)
    tables = {name: typed(name, found) for name, found in _rows(made).items()}
    rated = rating(tables, whole, whole.quarter)
    judged = pd.Series("rely", index=rated["measure_id"], dtype="str")
    if made.doubtful:
        judged[made.doubtful] = "do_not_rely"
    return Lived(whole, made, tables, rated, judged, none())


def typed(name: str, found: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a table, typed."""
    frame = rows(name, found)
    return frame.astype(dict.fromkeys(FLAGS, bool)) if name == "measures" else frame


def _rows(made: Figures) -> dict[str, list[dict[str, object]]]:
    of, meetings = made.shape, met.meeting_rows(made.shape)
    sources = kept.assurance_rows(of)
    return {
        "measures": measured.measure_rows(made),
        "links": made.links,
        "observations": measured.observation_rows(made),
        "targets": measured.target_rows(made),
        **measured.said_rows(made),
        "plans": planned.plan_rows(of),
        "objectives": planned.objective_rows(made),
        "conversations": planned.conversation_rows(of),
        "meetings": meetings,
        "agenda": met.agenda_rows(of, meetings),
        "escalations": met.escalation_rows(made),
        "actions": met.action_rows(made),
        "risks": planned.risk_rows(made),
        "assurances": sources,
        "recommendations": kept.recommendation_rows(of, sources),
        "approvals": kept.approval_rows(of),
        "registers": kept.register_rows(made),
        "attestations": kept.attestation_rows(of),
    }
