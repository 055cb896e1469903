"""What rows of different tables say of each other: names that lead nowhere, dates and figures that do not fit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError, listed
from pmf_lib.periods import FREQUENCIES
from pmf_lib.records import faults, findings, goals, plausible, posts
from pmf_lib.records.arranged import checked as arranged
from pmf_lib.records.arranged.leads import NOTHING, Named
from pmf_lib.records.cells import looked_up
from pmf_lib.records.parse import Records, attributed, reconciled, without
from pmf_lib.records.quality.known import in_force
from pmf_lib.records.schema import MEASURES, TABLES
from pmf_lib.records.slips import DEFAULT, SlipRules, as_findings, unit_slips

SCALE_FROM, SCALE_WITHIN = 3, 0.05
"""Values from which a measure is said to be on another scale, and how near they lie to one power of ten (decimal logarithm)."""
Nodes = Mapping[str, Collection[str]]
"""Framework id → ids of its nodes."""


def check(
    records: Records,
    *,
    directorates: Collection[str],
    nodes: Nodes | None = None,
    named: Named = NOTHING,
    slips: SlipRules = DEFAULT,
    as_at: date | None = None,
) -> Records:
    """Records without the rows that lead nowhere, and with findings on rows that do not fit together.

    Parameters
    ----------
    records
        As `pmf_lib.records.parse.parse` gives them.
    directorates
        Ids of the council's directorates.
    nodes
        Ids of the nodes of each framework that links may point to; links of other frameworks are not checked.
    named
        Items of agendas that a framework in use asks for, beside those of the founding ones, and clauses that may be varied.
    slips
        When a value or a target counts as a unit slip.
    as_at
        Values are judged as they were in force at this day (none: as recorded last): a later row is not judged and
        judges none, and neither is one that was replaced by then. A meeting still planned for a day before it is asked about.
    """
    every = _directorates(records)
    tables, parts = dict(records.tables), [records.findings]

    def leave(name: str, found: pd.DataFrame) -> None:
        tables[name] = without(tables[name], found).reset_index(drop=True)
        parts.append(found)

    for name, found in _astray(tables, set(every.index), directorates, nodes or {}):
        leave(name, found)
    for name, found in arranged.amiss(tables, records.tables, nodes or {}, named, as_at):
        leave(name, found)
    leave("observations", values_off(tables["observations"], tables["measures"], slips, as_at))
    held = in_force(tables["observations"], as_at or date.max)
    for name, found in implausible(tables, held, parts[-1], slips).items():
        leave(name, found)
    found = _attributed(parts, every, directorates)
    return reconciled(dataclasses.replace(records, tables=tables, findings=found))


def unknown_directorates(measures: pd.DataFrame, directorates: Collection[str]) -> pd.DataFrame:
    """Measures of a directorate that the council does not have."""
    rows = measures[~measures["directorate"].isin(list(directorates))]
    expected = f"a directorate of the council: {listed(directorates)}"
    return faults.unknown_name(
        "directorate.unknown", "measures", rows, "directorate", expected=expected, known=directorates
    )


def unknown_measures(
    name: str, table: pd.DataFrame, known: Collection[str], left_out: Collection[str]
) -> pd.DataFrame:
    """Rows whose measure does not exist, or whose measure's own row was left out."""
    lost = table[~table["measure_id"].isin(list(known)) & (table["measure_id"] != "")]
    because = lost["measure_id"].isin(list(left_out))
    expected = "the id of a measure in the table 'measures'"
    return findings.gathered(
        [
            faults.unknown_name(
                "measure.unknown", name, lost[~because], "measure_id", expected=expected, known=known
            ),
            faults.measure_left_out(name, lost[because]),
        ]
    )


def unknown_nodes(links: pd.DataFrame, nodes: Nodes) -> pd.DataFrame:
    """Links to a node that their framework does not have."""
    parts = []
    for framework, ids in nodes.items():
        rows = links[(links["framework"] == framework) & ~links["node"].isin(list(ids))]
        expected = f"the id of a node of the framework '{framework}'"
        parts.append(faults.unknown_name("node.unknown", "links", rows, "node", expected=expected, known=ids))
    return findings.gathered(parts)


def upside_down(targets: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Targets whose lower limit is above the upper one."""
    return faults.lower_above_upper(targets[targets["lower"] > targets["upper"]])


def recorded_early(observations: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Values recorded before their period ended; an estimate may be."""
    ends = _ends(observations, measures)
    early = (observations["recorded_at"] < ends) & (observations["state"] != "estimated")
    return faults.recorded_early(observations[early], ends[early])


def other_kind(comparators: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Comparators whose period is not of their measure's frequency, so that nothing is ever compared with them."""
    kinds = _kinds(comparators, measures)
    pairs = pd.Series(list(zip(comparators["period"], kinds, strict=True)), comparators.index, dtype="object")
    rows = comparators[~pairs.map({pair: _is_of(*pair) for pair in set(pairs)}).astype(bool)]
    frequency = _frequencies(rows, measures)
    return findings.found(
        "period.other-kind",
        "comparators",
        rows,
        column="period",
        got=rows["period"],
        expected="a period of the measure's frequency, " + frequency,
        mend="The row is kept but compared with nothing. Send the comparator for the measure's own periods.",
    )


def values_off(
    observations: pd.DataFrame, measures: pd.DataFrame, rules: SlipRules, as_at: date | None = None
) -> pd.DataFrame:
    """Values in force that have slipped by a power of ten, else those that numerator and denominator contradict."""
    observations = in_force(observations, as_at or date.max)
    computed = computed_value(observations, measures)
    scales = other_scales(observations, computed)
    slips = unit_slips(observations, measures, computed, rules)
    slips = slips[~observations.loc[slips.index, "measure_id"].isin(scales.index)]
    differs = value_differs(observations.drop(index=slips.index), measures)
    scaled = looked_up(differs["measure_id"], scales)
    differs = differs.assign(mend=differs["mend"].mask(scaled != "", scaled))
    return findings.gathered([as_findings(observations, slips), differs])


def other_scales(observations: pd.DataFrame, computed: pd.Series) -> pd.Series[str]:
    """measure_id → what to look at, where all values lie the same power of ten away from numerator and denominator.

    Then it is no slip of one value: the measure's unit is another than the values', and one correction mends all.
    """
    ratio = observations["value"] / computed.where(computed != 0)
    logs = pd.Series(np.log10(ratio.where(ratio > 0)), observations.index)
    apart = logs.groupby(observations["measure_id"]).agg(["count", "min", "max"])
    power = apart["min"].round()
    near = ((apart["min"] - power).abs() < SCALE_WITHIN) & ((apart["max"] - power).abs() < SCALE_WITHIN)
    power = power[near & (power != 0) & (apart["count"] >= SCALE_FROM)].astype("int64")
    said: pd.Series[str] = power.map(faults.other_scale).astype("str")
    return said


def implausible(
    tables: Mapping[str, pd.DataFrame], held: pd.DataFrame, off: pd.DataFrame, rules: SlipRules = DEFAULT
) -> dict[str, pd.DataFrame]:
    """Values and targets that can hardly be so; of a row that is told already (`off`) or a target that slipped nothing more.

    `held` is the observations in force.
    """
    measures, targets = tables["measures"], tables["targets"]
    below = plausible.below_nought(held, measures, targets)
    rest = held.drop(index=[*off.index, *below.index], errors="ignore")
    slipped = goals.slipped(targets, measures, rules)
    stretched = goals.stretch_worse(targets.drop(index=slipped.index), measures)
    fit = targets.drop(index=targets.index[targets["measure_id"].isin(slipped["measure_id"])])
    return {
        "observations": findings.gathered(
            [below[~below.index.isin(off.index)], goals.other_scale(rest, fit, measures, rules)]
        ),
        "targets": findings.gathered([slipped, goals.wrong_year(targets, held, measures), stretched]),
    }


def computed_value(observations: pd.DataFrame, measures: pd.DataFrame) -> pd.Series:
    """What numerator and denominator give, in the measure's unit; NaN where they give nothing."""
    factors = measures.set_index("measure_id")["unit"].map(unit_factor)
    share = observations["numerator"] / observations["denominator"].where(observations["denominator"] > 0)
    return share * observations["measure_id"].map(factors).astype("float64")


def value_differs(observations: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Values that are further from numerator/denominator than rounding to the measure's decimals explains."""
    computed = computed_value(observations, measures)
    decimals = observations["measure_id"].map(measures.set_index("measure_id")["decimals"]).astype("float64")
    allowed = 0.5 * 10.0**-decimals + 1e-9 * computed.abs().clip(lower=1.0)
    differs = (observations["value"] - computed).abs() > allowed
    return faults.value_differs(observations[differs], computed[differs])


def unit_factor(unit: str) -> float:
    """What numerator/denominator is multiplied by to give the unit.

    >>> unit_factor("%"), unit_factor("rate per 10,000"), unit_factor("days")
    (100.0, 10000.0, 1.0)
    """
    unit = plausible.usual_unit(unit) or unit
    if "%" in unit or re.search(r"\bper ?cent", unit.lower()):
        return 100.0
    per = re.search(r"\bper ([0-9][0-9,]*)", unit.lower())
    return float(per[1].replace(",", "")) if per else 1.0


FITS: tuple[tuple[str, Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]], ...] = (
    ("targets", upside_down),
    ("targets", goals.changed_unapproved),
    ("observations", recorded_early),
    ("comparators", other_kind),
    ("measures", plausible.unusual_units),
    *((name, partial(posts.persons, name)) for name in MEASURES if name in posts.COLUMNS),
)
"""Checks of one table against the measures, in order."""


def _astray(
    tables: dict[str, pd.DataFrame], named: Collection[str], directorates: Collection[str], nodes: Nodes
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table and findings on rows that lead nowhere or do not fit their measure; `tables` is read anew for each.

    `named` is every measure that some row of the table of measures named.
    """
    yield "measures", unknown_directorates(tables["measures"], directorates)
    known = set(tables["measures"]["measure_id"])
    for name in (name for name, table in TABLES.items() if "measure_id" in table.points_to):
        yield name, unknown_measures(name, tables[name], known, set(named) - known)
    yield "links", unknown_nodes(tables["links"], nodes)
    for name, fits in FITS:
        yield name, fits(tables[name], tables["measures"])
    yield from arranged.astray(tables, directorates)


def _directorates(records: Records) -> pd.Series:
    """measure_id → directorate, also of measures whose own row was left out (known from its findings)."""
    named = records.findings[records.findings["table"] == "measures"]
    both = pd.concat([records.tables["measures"], named])[["measure_id", "directorate"]]
    return both.drop_duplicates("measure_id").set_index("measure_id")["directorate"]


def _attributed(parts: list[pd.DataFrame], every: pd.Series, directorates: Collection[str]) -> pd.DataFrame:
    """All findings in order, each with its measure's directorate (nothing where the council has no such)."""
    before, *new = parts
    later = attributed(findings.gathered(new), every)
    found = findings.in_order(findings.gathered([before, later]))
    return found.assign(
        directorate=found["directorate"].where(found["directorate"].isin(list(directorates)), "")
    )


def _frequencies(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.Series:
    """The frequency of each row's measure."""
    return looked_up(rows["measure_id"], measures.set_index("measure_id")["frequency"])


def _kinds(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.Series:
    """The kind of period that each row's measure has."""
    return looked_up(_frequencies(rows, measures), FREQUENCIES)


def _ends(observations: pd.DataFrame, measures: pd.DataFrame) -> pd.Series:
    """The last day of each observation's period."""
    pairs = list(zip(observations["period"], _kinds(observations, measures), strict=True))
    ends = {pair: periods.parse(*pair).end for pair in set(pairs)}
    return pd.Series([ends[pair] for pair in pairs], observations.index, dtype="datetime64[us]")


def _is_of(label: str, kind: str) -> bool:
    """Is the label one of this kind of period?"""
    try:
        return periods.parse(label, kind).kind == kind
    except ParameterError:
        return False
