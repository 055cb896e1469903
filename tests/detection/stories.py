"""One mutator for each planted story: it puts the story into a clean council, choosing measure, period and size by seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from story_council import AS_AT, CHARTED, QUARTER, Measure, clean, normal, shown

IN_PERIOD = (*CHARTED, "attendance", "attainment", "residents-survey", "sickness-twelve-months")
SINCE_APRIL = ("homes-since-april", "spent-since-april")
ALL = (*IN_PERIOD, *SINCE_APRIL)
SINCE = date(2024, 5, 15)
"""The report two quarters before: revisions are looked for from here on."""


@dataclass(frozen=True)
class Planted:
    """A story in its place."""

    measure_id: str
    period: str = ""
    code: str = ""
    """The answer that is right, where the story has several; else the story's own."""


@dataclass(frozen=True)
class Story:
    """How a story is planted, and what finds it."""

    name: str
    detector: str
    """Kind of finding: rule, state, variation, capability, revision or commentary."""
    code: str
    """What the detector must answer."""
    plant: Callable[[Measure, np.random.Generator], tuple[Measure, Planted]]
    within: tuple[str, ...] = ALL
    """Kinds of measures in which it may be planted."""
    follows: tuple[str, ...] = ()
    """What else the story may rightly cause at the same measure."""


def planted(story: Story, seed: int) -> tuple[list[Measure], Planted]:
    """A council with the story in one of its measures."""
    rng = np.random.default_rng([len(story.name), ord(story.name[0]), seed])
    council = clean(seed)
    kind = str(rng.choice(story.within))
    at = next(place for place, measure in enumerate(council) if measure.kind.name == kind)
    council[at], where = story.plant(council[at], rng)
    return council, where


def better(measure: Measure) -> float:
    """The sign of a change for the better."""
    return 1.0 if measure.kind.polarity == "higher" else -1.0


def latest(measure: Measure) -> str:
    return measure.steps[-1].label


# ---- what the figures do --------------------------------------------------------------------------------------------


def _stepped(measure: Measure, rng: np.random.Generator, way: float) -> tuple[Measure, int]:
    """Noise of chance, and a step of five to seven standard deviations eight to ten periods before the end."""
    made, length = normal(measure, rng), int(rng.integers(8, 11))
    values = made.figures.copy()
    values[-length:] += way * rng.uniform(5, 7) * measure.sigma
    return replace(made, figures=values), length


def _changed(name: str, side: float) -> Callable[[Measure, np.random.Generator], tuple[Measure, Planted]]:
    def plant(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
        made, length = _stepped(measure, rng, side * better(measure))
        end = "high" if side * better(measure) > 0 else "low"
        return made, Planted(measure.id, measure.steps[-length].label, f"{name}_{end}")

    return plant


def within_noise(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The last two values lie at the two ends of what is usual: a change that only looks like one."""
    values, swing = measure.figures.copy(), measure.kind.swing * rng.uniform(0.9, 1.0)
    way = np.sign(values[-1] - measure.kind.level)
    values[-2:] = measure.kind.level + swing * np.array([-way, way])
    return replace(measure, figures=values), Planted(measure.id, latest(measure))


def out_of_reach(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    far = better(measure) * rng.uniform(5, 7) * measure.sigma
    return replace(normal(measure, rng), target=measure.kind.level + far), Planted(measure.id)


def always_met(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    far = better(measure) * rng.uniform(5, 7) * measure.sigma
    return replace(normal(measure, rng), target=measure.kind.level - far), Planted(measure.id)


def hit_and_miss(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    target = measure.kind.level + rng.uniform(-1, 1) * measure.sigma
    return replace(normal(measure, rng), target=target), Planted(measure.id)


# ---- what is there and what is not ----------------------------------------------------------------------------------


def late(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    due = measure.steps[-1].end + timedelta(days=measure.kind.due_days)
    days = int(rng.integers(0, (AS_AT - due).days))
    kind = replace(measure.kind, due_days=measure.kind.due_days + days)
    if kind.frequency == "quarterly":
        kind = measure.kind  # a slower one is rated for the quarter before
    return replace(measure, kind=kind, left_out=(latest(measure),)), Planted(measure.id, latest(measure))


def awaited(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    first = (AS_AT - measure.steps[-1].end).days
    kind = replace(measure.kind, due_days=first + int(rng.integers(1, 40)))
    return replace(measure, kind=kind, left_out=(latest(measure),)), Planted(measure.id, latest(measure))


def suppressed(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    return replace(measure, state={latest(measure): "suppressed"}), Planted(measure.id, latest(measure))


def revised(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """A value that was known at the report two quarters before, sent once more since."""
    known = [at for at, day in enumerate(measure.recorded) if day <= SINCE]
    at = int(rng.choice(known[-6:]))
    day = SINCE + timedelta(days=int(rng.integers(1, (AS_AT - SINCE).days + 1)))
    by = max(measure.kind.swing * rng.uniform(0.2, 0.5), 1.5 * 10.0**-measure.kind.decimals)
    value = float(measure.figures[at]) + rng.choice([-1, 1]) * by
    label = measure.steps[at].label
    return replace(measure, later=((label, day, value),)), Planted(measure.id, label)


def target_missing(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    return replace(measure, target=None), Planted(measure.id)


def monitor_only(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    target = measure.target if rng.random() < 0.5 else None
    return replace(measure, about={"monitor_only": "yes"}, target=target), Planted(measure.id)


# ---- what is wrong with the records ---------------------------------------------------------------------------------


def definition_break(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The level moves with the definition by five to nine swings; the change is no news of the service."""
    recent = [at for at, step in enumerate(measure.steps) if step.end >= QUARTER.shift(-7).end]
    at = int(rng.choice(recent[1:]))
    label, by = measure.steps[at].label, rng.choice([-1, 1]) * rng.uniform(5, 9) * measure.kind.swing
    values = measure.figures + np.where(np.arange(len(measure.steps)) >= at, by, 0.0)
    made = replace(measure, figures=values, about={"definition_from": label}, target=measure.kind.level + by)
    return made, Planted(measure.id, label)


CLAIMS = {
    "better": ("It improved again this quarter.", "The new rota works and results are getting better."),
    "worse": ("It got worse this quarter.", "Results have deteriorated, as in other councils."),
    "met": ("The new rota works and we met the target.", "The target was met once more."),
    "missed": (
        "Staff were ill and we missed the target.",
        "We are short of the target, as in other councils.",
    ),
}
SURE = 0.75
"""Part of the swing by which the latest value moves, so that no rounding hides it."""


def contradicted(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The text claims the opposite of what the latest two values (and quarters), or the value and its target, show."""
    values, way = measure.figures.copy(), rng.choice([-1.0, 1.0])
    to_and_fro = np.array([-way, way] * 3)
    values[-6:] = measure.kind.level + SURE * measure.kind.swing * better(measure) * to_and_fro
    claim = str(rng.choice(["worse", "missed"] if way > 0 else ["better", "met"]))
    text = str(rng.choice(CLAIMS[claim]))
    return replace(measure, figures=values, text=text), Planted(measure.id, QUARTER.label)


def unit_slip(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """One value is sent a hundred or a thousand times too large or too small; by ten where no year to date spans as much."""
    at = int(rng.integers(len(measure.steps) // 2, len(measure.steps)))
    by_ten = [0.1, 10] if measure.kind.accumulation == "in-period" else []
    factor = float(rng.choice([0.001, 0.01, *by_ten, 100, 1000]))
    label = measure.steps[at].label
    return replace(measure, slips={label: factor}), Planted(measure.id, label)


def mended_slip(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    """The same, and the right value was sent within two months of it."""
    made, where = unit_slip(measure, rng)
    at = [step.label for step in measure.steps].index(where.period)
    day = min(AS_AT, measure.recorded[at] + timedelta(days=int(rng.integers(1, 60))))
    return replace(made, later=((where.period, day, float(shown(measure)[0][at])),)), where


def doubled(measure: Measure, rng: np.random.Generator) -> tuple[Measure, Planted]:
    label = measure.steps[int(rng.integers(len(measure.steps)))].label
    return replace(measure, twice=(label,)), Planted(measure.id, label)


MENDED = Story("mended unit slip", "revision", "revised", mended_slip, (*CHARTED, *SINCE_APRIL))
"""It leaves no fault behind, only a revision where the report before had told it."""
STORIES: Mapping[str, Story] = {
    story.name: story
    for story in (
        Story(
            "real improvement", "variation", "improving", _changed("improving", 1), CHARTED, ("capability",)
        ),
        Story(
            "real deterioration",
            "variation",
            "worsening",
            _changed("worsening", -1),
            CHARTED,
            ("capability",),
        ),
        Story("change within noise", "variation", "no_real_change", within_noise, CHARTED),
        Story(
            "target not expected to be met",
            "capability",
            "not_expected",
            out_of_reach,
            CHARTED,
            ("variation",),
        ),
        Story("always met", "capability", "consistently_meets", always_met, CHARTED, ("variation",)),
        Story("hit and miss", "capability", "hit_and_miss", hit_and_miss, CHARTED, ("variation",)),
        Story("late", "state", "late", late, ALL),
        Story("awaited", "state", "awaited", awaited, ("attendance", "attainment")),
        Story("revised", "revision", "revised", revised, IN_PERIOD),
        Story("suppressed", "state", "suppressed", suppressed, ALL),
        Story("target missing", "state", "target_missing", target_missing, ALL),
        Story("monitor only", "state", "monitor_only", monitor_only, ALL),
        Story(
            "definition break", "rule", "series.definition-break", definition_break, CHARTED, ("capability",)
        ),
        Story(
            "commentary that contradicts its series", "rule", "commentary.contradicts", contradicted, CHARTED
        ),
        Story("unit slip", "rule", "value.unit-slip", unit_slip, (*CHARTED, *SINCE_APRIL)),
        Story("doubled row", "rule", "key.repeated", doubled, ALL),
    )
}
