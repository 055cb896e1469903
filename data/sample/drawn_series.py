"""Made-up series of results, drawn by seed: one row per measure and period, and what was recorded later.

Each measure draws from random streams of its own, derived from its id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

import numpy as np
from catalogue import Catalogue, Measure, Revision
from numpy.typing import NDArray

from pmf_lib import periods
from pmf_lib.periods import Period

SCALES = {"%": 100, "rate per 10,000": 10_000, "rate per 100,000": 100_000}
"""What numerator over denominator is multiplied by; other units are plain means."""

Row = dict[str, str]
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def stream(measure_id: str, purpose: str) -> np.random.Generator:
    """The random stream of one measure and purpose, and of no other."""
    return np.random.Generator(
        np.random.PCG64(int(sha256(f"{measure_id}/{purpose}".encode()).hexdigest(), 16))
    )


class Draws:
    """The random numbers of one measure, one for each of its periods."""

    def __init__(self, measure: Measure, steps: list[Period], catalogue: Catalogue) -> None:
        begin = catalogue.drawn_from.get(measure.kind)
        self.measure_id, self.size = measure.id, len(steps)
        self.before = max(0, measure.period(begin).ordinal - steps[0].ordinal) if begin else 0

    def __call__(self, purpose: str, draw: Draw) -> NDArray[np.float64]:
        forwards = draw(stream(self.measure_id, purpose), self.size - self.before)
        backwards = draw(stream(self.measure_id, f"{purpose} before"), self.before)
        return np.concatenate([backwards[::-1], forwards])


def normal(source: np.random.Generator, size: int) -> NDArray[np.float64]:
    return source.standard_normal(size)


def days_early(source: np.random.Generator, size: int) -> NDArray[np.float64]:
    return source.integers(0, 5, size).astype(float)


def span(measure: Measure, catalogue: Catalogue) -> list[Period]:
    """The periods for which the measure has returns, oldest first."""
    first = measure.period(measure.story.first or catalogue.first[measure.kind])
    last = (
        measure.period(measure.story.last)
        if measure.story.last
        else periods.last_ended(measure.kind, catalogue.through)
    )
    return [first.shift(step) for step in range(last.ordinal - first.ordinal + 1)]


def levels(measure: Measure, steps: list[Period], draws: Draws) -> NDArray[np.float64]:
    """The story as numbers, one per period: level, changes, season and noise; pinned periods as they are pinned."""
    story, ordinals = measure.story, np.array([period.ordinal for period in steps])
    values = story.level + story.noise * draws("noise", normal)
    if story.step:
        values += story.step.by * (ordinals >= measure.period(story.step.since).ordinal)
    if story.drift:
        values += story.drift.by * np.maximum(ordinals - measure.period(story.drift.since).ordinal + 1, 0)
    if story.season:
        middles = np.array([(period.start + (period.end - period.start) / 2).month for period in steps])
        values += story.season.amount * np.cos((middles - story.season.peak) * np.pi / 6)
    pinned = [story.pinned.get(period.label, value) for period, value in zip(steps, values, strict=True)]
    return np.maximum(pinned, story.least)


def denominators(measure: Measure, draws: Draws) -> NDArray[np.float64]:
    """Whole numbers about the story's base; zeros where the measure is no ratio."""
    noise = draws("denominator", normal)
    return np.round(measure.story.base * (1 + measure.story.base_noise * noise))


def parts(measure: Measure, level: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is counted in each period: a ratio's numerator, a whole count, or the amount itself."""
    if measure.story.model == "amount":
        return level
    if measure.story.model == "count":
        return np.round(level)
    above = np.round(level * below / SCALES.get(measure.unit, 1))
    return np.minimum(above, below) if measure.unit == "%" else above


def to_date(amounts: NDArray[np.float64], steps: list[Period]) -> NDArray[np.float64]:
    """Sums since 1 April of each period's financial year."""
    years = np.array([period.financial_year.ordinal for period in steps])
    return np.array([amounts[: at + 1][years[: at + 1] == years[at]].sum() for at in range(len(steps))])


def reported(measure: Measure, above: float, below: float) -> Row:
    """Value, numerator and denominator as the service would write them."""
    if measure.story.model == "ratio":
        value = above / below * SCALES.get(measure.unit, 1)
        return {
            "value": f"{value:.{measure.decimals}f}",
            "numerator": f"{above:.0f}",
            "denominator": f"{below:.0f}",
        }
    places = 0 if measure.story.model == "count" else measure.decimals + 1
    return {"value": f"{above:.{places}f}", "numerator": "", "denominator": ""}


def recorded_on(measure: Measure, steps: list[Period], draws: Draws) -> list[date]:
    """When each value came in: on a working day of the week before it was due, or late where the story says so."""
    before = draws("recorded", days_early).astype(int)
    due = [period.end + timedelta(days=measure.due_days) for period in steps]
    usual = np.busday_offset(np.array(due, "datetime64[D]"), -before, roll="backward").tolist()
    late = measure.story.late_days
    return [
        due_on + timedelta(days=late[period.label]) if period.label in late else day
        for period, due_on, day in zip(steps, due, usual, strict=True)
    ]


def series(measure: Measure, catalogue: Catalogue) -> list[Row]:
    """One row per period: as first recorded."""
    steps = span(measure, catalogue)
    draws = Draws(measure, steps, catalogue)
    below = denominators(measure, draws)
    above = parts(measure, levels(measure, steps, draws), below)
    if measure.accumulation == "year-to-date":
        above, below = to_date(above, steps), to_date(below, steps)
    dates = recorded_on(measure, steps, draws)
    return [
        {"measure_id": measure.id, "period": period.label, "recorded_at": f"{day}"}
        | _stated(measure, period.label, reported(measure, float(top), float(base)))
        for period, day, top, base in zip(steps, dates, above, below, strict=True)
        if period.label not in measure.story.skip
    ]


def _stated(measure: Measure, label: str, figures: Row) -> Row:
    state = measure.story.states.get(label, "final")
    hidden = dict.fromkeys(figures, "") if state == "suppressed" else figures
    return _slipped(measure, label, hidden) | {"state": state}


def _slipped(measure: Measure, label: str, figures: Row) -> Row:
    """The figures with their value in the wrong unit, where the story says so."""
    factor = measure.story.slips.get(label)
    return figures if factor is None else figures | {"value": f"{float(figures['value']) * factor:.4g}"}


def revised(measure: Measure, rows: list[Row]) -> list[Row]:
    """The later values for periods already reported."""
    by_period = {row["period"]: row for row in rows}
    return [_revised(measure, by_period[change.period], change) for change in measure.story.revisions]


def _revised(measure: Measure, row: Row, change: Revision) -> Row:
    below = float(row["denominator"] or 0)
    level = np.array([float(row["value"]) + change.by])
    figures = reported(measure, float(parts(measure, level, np.array([below]))[0]), below)
    return row | figures | {"recorded_at": f"{change.day}", "state": "final"}
