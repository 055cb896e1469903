"""Made-up councils, one for each seed, in whose figures nothing is to be found; and how a series is put in its place.

A clean series swings to and fro, by a random distance, and each season lies above its level in one year and below it in the
next. So no run, no trend, no point far out and no wave of the year can arise, by construction and without asking any rule.
Where a story needs chance, it takes `normal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from clean_records import raw_table
from numpy.typing import NDArray

from pmf_lib import periods
from pmf_lib.periods import FREQUENCIES, Period
from pmf_lib.records.schema import TABLES

DIRECTORATE = "resources"
QUARTER = periods.parse_quarter("2024-25 Q2")
AS_AT = date(2024, 11, 15)
FIRST = {
    "monthly": "2021-10",
    "quarterly": "2018-19 Q3",
    "termly": "2016/17 Autumn",
    "annual": "2018-19",
    "academic-annual": "2018/19",
}
SEASONS = {"monthly": 12, "quarterly": 4, "termly": 3, "annual": 1, "academic-annual": 1}
SCALES = {"%": 100.0, "rate per 100,000": 100_000.0}

Numbers = NDArray[np.float64]
Row = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of measure: unit, frequency, and about which level it lies, by how much it swings."""

    name: str
    unit: str
    frequency: str
    polarity: str
    decimals: int
    level: float
    swing: float
    base: int = 0
    """Denominator; 0: the value stands alone."""
    accumulation: str = "in-period"
    due_days: int = 30


KINDS = (
    Kind("missed-bins", "rate per 100,000", "monthly", "lower", 1, 80, 6, 880_000),
    Kind("reviews-in-time", "%", "monthly", "higher", 1, 76, 2.2, 900),
    Kind("days-to-decide", "days", "monthly", "lower", 1, 24, 2),
    Kind("cost-per-hour", "£", "monthly", "lower", 2, 22.5, 0.8),
    Kind("satisfaction", "%", "quarterly", "higher", 1, 71, 3),
    Kind("visits", "number", "quarterly", "higher", 0, 41_000, 2_500),
    Kind("homes-since-april", "number", "quarterly", "higher", 0, 60, 9, accumulation="year-to-date"),
    Kind("spent-since-april", "£m", "quarterly", "higher", 1, 12, 1.5, accumulation="year-to-date"),
    Kind("sickness-twelve-months", "days", "monthly", "lower", 1, 10, 0.3, accumulation="rolling"),
    Kind("attendance", "%", "termly", "higher", 1, 92, 0.8, 52_000),
    Kind("attainment", "%", "academic-annual", "higher", 1, 61, 1.5, 3_600, due_days=60),
    Kind("residents-survey", "%", "annual", "higher", 0, 68, 3, due_days=150),
)
CHARTED = tuple(
    kind.name
    for kind in KINDS
    if kind.frequency in ("monthly", "quarterly") and kind.accumulation == "in-period"
)
"""Kinds whose series suit a control chart, with 24 points and more."""


@dataclass(frozen=True)
class Measure:
    """One measure of one council: its own row, its figures, target and commentary, before they become tables."""

    id: str
    kind: Kind
    steps: tuple[Period, ...]
    figures: Numbers
    base: Numbers
    recorded: tuple[date, ...]
    target: float | None
    about: Row = field(default_factory=dict)
    """Cells of its row of ``measures`` that are not as usual."""
    text: str = ""
    state: dict[str, str] = field(default_factory=dict)
    slips: dict[str, float] = field(default_factory=dict)
    """Period → how many times too large the value was sent."""
    later: tuple[tuple[str, date, float], ...] = ()
    """Second values: period, when recorded, the value."""
    twice: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def sigma(self) -> float:
        return self.kind.swing


def clean(seed: int) -> list[Measure]:
    """One council's measures, different for each seed."""
    rng = np.random.default_rng([2024, seed])
    return [_measure(f"s{seed:03d}-{kind.name}", kind, rng) for kind in KINDS]


def _measure(measure_id: str, kind: Kind, rng: np.random.Generator) -> Measure:
    kind = _scaled(kind, rng)
    first = periods.parse(FIRST[kind.frequency], FREQUENCIES[kind.frequency])
    last = periods.last_ended(first.kind, QUARTER.end)
    steps = tuple(first.shift(step) for step in range(last.ordinal - first.ordinal + 1))
    base = np.round(kind.base * rng.uniform(0.95, 1.05, len(steps)))
    recorded = tuple(step.end + timedelta(days=int(rng.integers(5, kind.due_days + 1))) for step in steps)
    values = kind.level + kind.swing * swings(len(steps), SEASONS[kind.frequency], rng)
    return Measure(measure_id, kind, steps, values, base, recorded, _goal(kind, kind.level))


def _scaled(kind: Kind, rng: np.random.Generator) -> Kind:
    """The kind at another size; a percentage keeps below 100."""
    size = rng.uniform(0.85, 1.0) if kind.unit == "%" else rng.uniform(0.6, 1.6)
    return replace(kind, level=kind.level * size, swing=kind.swing * size)


def _goal(kind: Kind, level: float) -> float:
    """A target in the middle of the series, for a year to date half a year's worth."""
    return level * (2 if kind.accumulation == "year-to-date" else 1)


def swings(size: int, seasons: int, rng: np.random.Generator) -> Numbers:
    """To and fro, by 0.5 to 1 each time; the sides change places from year to year."""
    year, season = np.divmod(np.arange(size), seasons)
    return rng.uniform(0.5, 1.0, size) * (-1.0) ** (year + season + rng.integers(0, 2))


def normal(measure: Measure, rng: np.random.Generator) -> Measure:
    """The same measure with noise of chance about its level; `sigma` is its standard deviation."""
    noise = measure.kind.swing * rng.standard_normal(len(measure.steps))
    return replace(measure, figures=measure.kind.level + noise)


def as_tables(councils: Iterable[list[Measure]]) -> dict[str, pd.DataFrame]:
    """Raw tables of text, as files would be read; councils share them and know nothing of each other."""
    every = [measure for measures in councils for measure in measures]
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    rows["measures"] = [_about(measure) for measure in every]
    rows["links"] = [_link(measure) for measure in every]
    rows["observations"] = [row for measure in every for row in _observations(measure)]
    rows["targets"] = [_target(measure) for measure in every if measure.target is not None]
    rows["commentary"] = [_commentary(measure) for measure in every]
    return {name: raw_table(name, rows[name]) for name in TABLES}


def _about(measure: Measure) -> Row:
    kind = measure.kind
    return {
        "measure_id": measure.id,
        "title": f"Measure, called {kind.name}",
        "definition": "How it is counted",
        "directorate": DIRECTORATE,
        "owner": "Head of Service",
        "unit": kind.unit,
        "decimals": str(kind.decimals),
        "polarity": kind.polarity,
        "frequency": kind.frequency,
        "accumulation": kind.accumulation,
        "roll_up": "sum" if kind.unit in ("number", "£m") else "mean",
        "due_days": str(kind.due_days),
    } | measure.about


def _link(measure: Measure) -> Row:
    return {
        "framework": "pmf-2022-25",
        "node": "marker-01",
        "measure_id": measure.id,
        "reason": "It speaks for it",
    }


def _commentary(measure: Measure) -> Row:
    text = measure.text or "Two posts were filled in the quarter, and the work plan stands."
    return {"measure_id": measure.id, "quarter": QUARTER.label, "text": text, "post": "Head of Service"}


def _target(measure: Measure) -> Row:
    kind = measure.kind
    year_to_date = kind.accumulation == "year-to-date"
    first = QUARTER.label if year_to_date else FIRST[kind.frequency]
    return {
        "measure_id": measure.id,
        "from_period": first,
        "target": f"{measure.target:.6f}",
        "basis": "year-to-date" if year_to_date else "in-period",
        "approved_by": "Cabinet",
        "approved_on": "2024-03-20",
        "reference": "Minute 1",
    }


def _observations(measure: Measure) -> Iterator[Row]:
    values, base = shown(measure)
    for step, value, below, day in zip(measure.steps, values, base, measure.recorded, strict=True):
        if step.label in measure.left_out:
            continue
        row = _slipped(measure, _observation(measure, step.label, value, below, day))
        yield row
        if step.label in measure.twice:
            yield dict(row)
    below_of = dict(zip((step.label for step in measure.steps), base, strict=True))
    for label, day, value in measure.later:
        yield _observation(measure, label, value, below_of[label], day)


def shown(measure: Measure) -> tuple[Numbers, Numbers]:
    """Values and denominators as reported: since April, where the measure says so."""
    if measure.kind.accumulation != "year-to-date":
        return measure.figures, measure.base
    years = np.array([step.financial_year.ordinal for step in measure.steps])
    sums = [
        measure.figures[: at + 1][years[: at + 1] == year].round(measure.kind.decimals).sum()
        for at, year in enumerate(years)
    ]
    return np.array(sums), measure.base


def _observation(measure: Measure, label: str, value: float, below: float, day: date) -> Row:
    row = {"measure_id": measure.id, "period": label, "recorded_at": f"{day}"}
    if measure.state.get(label) == "suppressed":
        return row | {"state": "suppressed"}
    above = np.round(value * below / SCALES.get(measure.kind.unit, 1.0))
    value = above / below * SCALES.get(measure.kind.unit, 1.0) if below else value
    parts = {"numerator": f"{above:.0f}", "denominator": f"{below:.0f}"} if below else {}
    return (
        row
        | parts
        | {"value": f"{value:.{measure.kind.decimals}f}", "state": measure.state.get(label, "final")}
    )


def _slipped(measure: Measure, row: Row) -> Row:
    """The row with its value in the wrong unit, where the measure says so."""
    times = measure.slips.get(row["period"], 1.0)
    return row | {"value": f"{float(row['value']) * times:.8g}"} if times != 1.0 else row
