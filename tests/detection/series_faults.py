"""One mutator for each rule that looks at a whole series: it plants the fault in a council in which nothing else is to be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from stories import SINCE, Planted, revised
from story_council import AS_AT, DIRECTORATE, QUARTER, Measure, as_tables, clean, normal

from pmf_lib.records.check import check
from pmf_lib.records.parse import parse
from pmf_lib.records.quality import breaks, known, patterns, scheme
from pmf_lib.records.quality.revisions import beyond_noise, revisions

MONTHLY = ("missed-bins", "reviews-in-time", "days-to-decide", "cost-per-hour")
LONG = (*MONTHLY, "satisfaction")

Plant = Callable[[Measure, np.random.Generator], tuple[Measure, Planted]]


@dataclass(frozen=True)
class SeriesFault:
    """What is planted, the rule that finds it, and the kinds of measures in which it may be planted."""

    name: str
    rule: str
    plant: Plant
    within: tuple[str, ...]


@dataclass(frozen=True)
class SeriesOutcome:
    """How one fault fared: planted, found once at its measure and period, and everything else that was found."""

    planted: int
    found: int
    elsewhere: pd.DataFrame


def falls_in_year(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """A quarter in which more is taken off the count than came to it."""
    figures = measure.figures.copy()
    at = int(rng.choice([at for at, step in enumerate(measure.steps) if at and step.start.month != 4]))
    figures[at] = -rng.uniform(0.1, 0.5) * measure.kind.level
    return replace(measure, figures=figures), Planted(measure.id, measure.steps[at].label)


def carried_forward(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The value of one period sent for the next five too, with the numbers behind it."""
    made = _fine(measure, rng)
    figures, base = made.figures.copy(), made.base.copy()
    at = int(rng.integers(2, len(figures) - 6))
    figures[at + 1 : at + 6], base[at + 1 : at + 6] = figures[at], base[at]
    if abs(figures[at + 6] - figures[at]) < 2 * 10.0**-made.kind.decimals:
        figures[at + 6] += made.sigma  # else chance makes the run longer
    return replace(made, figures=figures, base=base), Planted(measure.id, measure.steps[at + 5].label)


def year_repeated(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The latest twelve months are those of the year before."""
    made = _fine(measure, rng)
    figures, base = made.figures.copy(), made.base.copy()
    figures[-12:], base[-12:] = figures[-24:-12], base[-24:-12]
    return replace(made, figures=figures, base=base), Planted(measure.id, measure.steps[-1].label)


def rounded_to_fives(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """Three in four whole numbers are rounded to the nearest five: estimated, not counted."""
    figures = np.round(rng.normal(400, 60, len(measure.steps)))
    guessed = rng.random(len(figures)) < 0.75
    figures = np.where(guessed, np.round(figures / 5) * 5, figures)
    kind = replace(measure.kind, unit="days", decimals=0, base=0)
    made = replace(measure, kind=kind, figures=figures, base=np.zeros(len(figures)), target=400.0)
    return made, Planted(measure.id, measure.steps[-1].label)


def level_moved(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """With the definition the level moves, by seven to ten standard deviations."""
    made, at = normal(measure, rng), len(measure.steps) - int(rng.integers(3, 8))
    figures = made.figures.copy()
    figures[at:] += rng.choice([-1, 1]) * rng.uniform(7, 10) * made.sigma
    label = measure.steps[at].label
    return replace(made, figures=figures, about={"definition_from": label}), Planted(measure.id, "")


def revised_far(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """A value known at the report two quarters before, sent once more and further off than any usual move."""
    made, where = revised(measure, rng)
    ((label, day, value),) = made.later
    old = float(made.figures[[step.label for step in made.steps].index(label)])
    far = old + np.sign(value - old) * rng.uniform(2.5, 3.5) * made.kind.swing
    return replace(made, later=((label, day, far),)), where


def _fine(measure: Measure, rng: np.random.Generator) -> Measure:
    """Noise of chance, with so many cases behind it that every last digit tells."""
    return replace(normal(measure, rng), base=measure.base * 20)


FAULTS: Mapping[str, SeriesFault] = {
    fault.name: fault
    for fault in (
        SeriesFault("total that falls", "series.falls-in-year", falls_in_year, ("homes-since-april",)),
        SeriesFault("value carried forward", "series.copied", carried_forward, MONTHLY),
        SeriesFault("year repeated", "series.copied", year_repeated, MONTHLY),
        SeriesFault("rounded to fives", "series.digits", rounded_to_fives, MONTHLY),
        SeriesFault("level moved with definition", "series.level-break", level_moved, MONTHLY),
        SeriesFault("revised beyond noise", "series.revised", revised_far, LONG),
    )
}


def planted(fault: SeriesFault, seed: int) -> tuple[list[Measure], Planted]:
    """A council with the fault in one of its measures."""
    rng = np.random.default_rng([len(fault.name), seed])
    council = clean(seed)
    kind = str(rng.choice(fault.within))
    at = next(place for place, measure in enumerate(council) if measure.kind.name == kind)
    council[at], where = fault.plant(council[at], rng)
    return council, where


def found(councils: list[list[Measure]]) -> pd.DataFrame:
    """What every rule that looks at a series, or at one value of it, finds: rule, measure_id, period ('' of a measure's row)."""
    rules = scheme.load()
    records = check(parse(as_tables(councils)), directorates=[DIRECTORATE], slips=rules.slips, as_at=AS_AT)
    values, about = records.tables["observations"], records.tables["measures"]
    held = known.in_force(values, AS_AT)
    changes = revisions(values, about, since=SINCE, as_at=AS_AT)
    parts = [
        records.findings,
        patterns.found(held, about, rules.patterns),
        breaks.level_breaks(held, about, QUARTER, rules),
        beyond_noise(changes, held, about, rules),
    ]
    rows = pd.concat([part.drop(columns="period", errors="ignore") for part in parts], ignore_index=True)
    labels = values.set_index("source_row")["period"]
    period = rows["source_row"].map(labels).where(rows["table"] == "observations", "")
    return rows.assign(period=period)[["rule", "measure_id", "period", "got", "expected"]]


def outcome(fault: SeriesFault, seeds: range) -> SeriesOutcome:
    """Plant the fault once for each seed and see what is found."""
    made = [planted(fault, seed) for seed in seeds]
    rows = found([council for council, _ in made])
    wanted = [(fault.rule, where.measure_id, where.period) for _, where in made]
    told = pd.Series(list(zip(rows["rule"], rows["measure_id"], rows["period"], strict=True)), dtype="object")
    right = told.isin(wanted)
    return SeriesOutcome(len(made), int(told[right].nunique()), rows[~right.to_numpy(dtype=bool)])
