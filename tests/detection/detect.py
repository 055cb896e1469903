"""What the workbook's rules say of councils: every finding with its measure, so that it can be held against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import pandas as pd
from stories import SINCE, Planted, Story, planted
from story_council import AS_AT, DIRECTORATE, QUARTER, Measure, as_tables, clean

from pmf_lib.performance.rate import rate
from pmf_lib.records.check import check
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.quality import breaks, claims, known, scheme
from pmf_lib.records.quality.revisions import revisions
from pmf_lib.workbook.book import Book, schemes
from pmf_lib.workbook.results import slips

COLUMNS = ("detector", "code", "measure_id", "period")
QUIET = {"state": {"met", "near", "missed"}, "variation": {"no_real_change"}, "capability": {"hit_and_miss"}}
"""Answers that are no finding; refusals to answer are none either."""
REFUSED = {"not_suited", "too_few_points", "not_tested"}


@dataclass(frozen=True)
class Seen:
    """All answers for some councils: `findings` (one row each, `COLUMNS`) and `rated` (one row per measure)."""

    findings: pd.DataFrame
    rated: pd.DataFrame


@dataclass(frozen=True)
class Outcome:
    """How one story fared over several seeds."""

    story: Story
    planted: int
    found: int
    elsewhere: pd.DataFrame
    """Findings that nobody planted."""

    @property
    def recall_pct(self) -> float:
        return 100 * self.found / self.planted


def look(councils: list[list[Measure]]) -> Seen:
    """Read, check, rate and judge councils; they share the tables and know nothing of each other."""
    records = check(
        parse(as_tables(councils)), directorates=[DIRECTORATE], slips=scheme.load().slips, as_at=AS_AT
    )
    tables, chosen = records.tables, schemes()
    rated = rate(
        *(tables[name] for name in ("measures", "observations", "targets")),
        quarter=QUARTER,
        as_at=AS_AT,
        scheme=chosen.status,
        options=chosen.xmr,
        set_aside=slips(
            cast(Book, SimpleNamespace(findings=records.findings, table=tables.get, as_at=AS_AT))
        ),
    ).measures
    parts = [_of_reading(records), _judged(records, rated), *(_answers(rated, name) for name in QUIET)]
    return Seen(pd.concat(parts, ignore_index=True), rated)


def _of_reading(records: Records) -> pd.DataFrame:
    """Findings of reading; the period is that of the row where it was kept, else part of what was got."""
    found = records.findings
    rows = records.tables["observations"].set_index("source_row")["period"]
    kept = found["source_row"].map(rows).where(found["table"] == "observations")
    named = found["got"].str.extract(r", period (.+?), recorded_at ")[0]
    return _frame("rule", found["rule"], found["measure_id"], kept.fillna(named))


def _judged(records: Records, rated: pd.DataFrame) -> pd.DataFrame:
    """Findings that belong to a quarter and a day: contradictions, breaks of definition, revisions."""
    tables, rules = records.tables, scheme.load()
    held = known.in_force(tables["observations"], AS_AT)
    states = rated.set_index("measure_id")["state"]
    said = claims.contradictions(
        tables["commentary"], held, tables["measures"], states, quarter=QUARTER, words=rules.words
    )
    broken = breaks.definition_breaks(tables["measures"], QUARTER, rules)
    since = tables["measures"].set_index("measure_id")["definition_from"]
    again = revisions(tables["observations"], tables["measures"], since=SINCE, as_at=AS_AT)
    return pd.concat(
        [
            _frame("rule", said["rule"], said["measure_id"], QUARTER.label),
            _frame("rule", broken["rule"], broken["measure_id"], broken["measure_id"].map(since)),
            _frame("revision", "revised", again["measure_id"], again["period"]),
        ]
    )


def _answers(rated: pd.DataFrame, detector: str) -> pd.DataFrame:
    """The answers of one column of the rating that say something."""
    rows = rated[~rated[detector].isin(QUIET[detector] | REFUSED)]
    return _frame(detector, rows[detector], rows["measure_id"], rows["period"])


def _frame(detector: str, code: pd.Series | str, ids: pd.Series, period: pd.Series | str) -> pd.DataFrame:
    made = pd.DataFrame({"measure_id": ids}).assign(detector=detector, code=code, period=period)
    return made[list(COLUMNS)].astype("str")


def outcome(story: Story, seeds: range) -> Outcome:
    """Plant the story once for each seed and see what is found."""
    made = [planted(story, seed) for seed in seeds]
    seen = look([council for council, _ in made])
    found = [_is_found(story, where, seen) for _, where in made]
    return Outcome(story, len(made), sum(found), _elsewhere(story, [where for _, where in made], seen))


def _is_found(story: Story, where: Planted, seen: Seen) -> bool:
    """Is the right answer given at the right measure (and period, where the rule names one)?"""
    code = where.code or story.code
    if code in QUIET.get(story.detector, ()):
        row = seen.rated.set_index("measure_id").loc[where.measure_id]
        return bool(row[story.detector] == code)
    found = seen.findings
    own = found[(found["measure_id"] == where.measure_id) & (found["detector"] == story.detector)]
    own = own[own["code"] == code]
    if story.detector in ("rule", "revision"):
        own = own[own["period"] == where.period]
    return len(own) == 1


def _elsewhere(story: Story, places: list[Planted], seen: Seen) -> pd.DataFrame:
    """Findings that are neither the planted one nor what follows from it at the same measure."""
    found = seen.findings
    right = {(where.measure_id, where.code or story.code) for where in places}
    own = found["measure_id"].isin([where.measure_id for where in places])
    expected = pd.Series(
        [pair in right for pair in zip(found["measure_id"], found["code"], strict=True)], found.index
    )
    return found[~expected.astype(bool) & ~(own & found["detector"].isin(story.follows))]


def clean_findings(seeds: range) -> pd.DataFrame:
    """What is found in councils in which nothing was planted."""
    return look([clean(seed) for seed in seeds]).findings
