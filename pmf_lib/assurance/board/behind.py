"""What the records put under an item of a board's agenda: one short sentence an item, counted from the unit's own rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.board.beside_others import beside_words, of_finance
from pmf_lib.assurance.board.plan_parts import parts_words
from pmf_lib.assurance.board.projects import benefits_words, projects_words
from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.checks.common import (
    by,
    is_older,
    last_looked_on,
    plans_in_force,
    services,
    still_open,
)
from pmf_lib.assurance.checks.turns import months_after, this_year
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.periods import date_words

RATED = ("met", "near", "missed")
IMPROVING = ("improving_high", "improving_low")
MOST_NAMED = 3
"""So many successes are named, and the others counted."""
NO_TABLE = "These records hold no table for it."


@dataclass(frozen=True)
class Behind:
    """What a sentence may be made from: the evidence, the rules, how many hot issues there are, and others' figures.

    `benchmark` is one row per measure (`pmf_lib.performance.benchmark`); None: nobody asked how measures stand beside others.
    """

    evidence: Evidence
    scheme: BoardScheme
    issues_n: int = 0
    benchmark: pd.DataFrame | None = None


def brings(behind: Behind, items: pd.Series[str]) -> pd.Series[str]:
    """The sentence of each item, of the same index; where the records hold no table for it or nobody sent it, that is said."""
    return pd.Series([_said(behind, item) for item in items], items.index, dtype="str")


def _said(behind: Behind, item: str) -> str:
    return _told(SENTENCES[item], behind) if item in SENTENCES else NO_TABLE


def _told(say: Callable[[Behind], str], behind: Behind) -> str:
    try:
        return say(behind)
    except NotSentError as unsent:
        return f"Nobody sent the table of {unsent}, so nothing is known of it."


def _n(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> _n(1, "risk"), _n(0, "risk")
    ('1 risk', '0 risks')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def _missed(part: int, whole: int, noun: str, many: str = "") -> str:
    """How many of so many miss their target.

    >>> _missed(0, 3, "measure"), _missed(2, 9, "measure")
    ('none of 3 measures with a status misses its target', '2 of 9 measures with a status miss their target')
    >>> _missed(0, 1, "measure")
    'the one measure with a status does not miss its target'
    """
    if whole == 1:
        return f"the one {noun} with a status {'misses' if part else 'does not miss'} its target"
    misses = "miss their target" if part > 1 else "misses its target"
    return f"{part or 'none'} of {_n(whole, noun, many)} with a status {misses}"


def _share(part: int, whole: int, noun: str) -> str:
    """So many of so many, up to the verb.

    >>> _share(1, 1, "open risk"), _share(1, 4, "open risk"), _share(4, 4, "open risk")
    ('The one open risk was', '1 of 4 open risks was', 'All 4 open risks were')
    """
    if part == whole:
        return f"The one {noun} was" if whole == 1 else f"All {whole} {noun}s were"
    return f"{part} of {whole} {noun}s {'was' if part == 1 else 'were'}"


def results(behind: Behind) -> str:
    """How many of the quarter's measures miss their target, and how many figures are late."""
    rated = behind.evidence.rated
    against, late = rated[rated["state"].isin(RATED)], int((rated["state"] == "late").sum())
    if against.empty:
        return "No measure has a status in the quarter."
    missed = int((against["state"] == "missed").sum())
    tail = f"; {_n(late, 'figure')} not sent" if late else ""
    return f"The quarter's results: {_missed(missed, len(against), 'measure')}{tail}."


def risks(behind: Behind) -> str:
    """How many open risks were reviewed (or raised) within the months that the rules leave."""
    evidence = behind.evidence
    open_still = still_open(evidence.kept("risks"), evidence.as_at, "closed_on")
    if open_still.empty:
        return "The register holds no open risk."
    months, today = behind.scheme.risks_reviewed_within_months, evidence.as_at
    since = _first_day(months, today)
    n, old = len(open_still), int(is_older(last_looked_on(open_still, today), months, today).sum())
    reviewed = by(open_still["reviewed_on"], today) >= pd.Timestamp(since)
    if old:
        return f"{_share(old, n, 'open risk')} not reviewed since {date_words(since)}."
    how = "reviewed" if reviewed.all() else "raised or reviewed"
    return f"{_share(n, n, 'open risk')} {how} since {date_words(since)}."


def _first_day(months: int, day: date) -> date:
    """The first day that does not lie more than so many months before a day (`is_older`).

    >>> _first_day(3, date(2024, 11, 15)), _first_day(3, date(2025, 5, 31))
    (datetime.date(2024, 8, 15), datetime.date(2025, 3, 1))
    """
    first = months_after(day, -months)
    return first if months_after(first, months) == day else first + timedelta(days=1)


def plans(behind: Behind) -> str:
    """How many plans in force were not reviewed since the quarter's end."""
    evidence = behind.evidence
    rows = plans_in_force(evidence)
    if rows.empty:
        return "No plan in force is recorded."
    seen = by(rows["reviewed_on"], evidence.as_at) > pd.Timestamp(evidence.quarter.end)
    bare = int((~seen).sum())
    if not bare:
        return f"{_n(len(rows), 'plan')} in force, reviewed since the quarter's end."
    return f"{bare} of {_n(len(rows), 'plan')} in force not reviewed since the quarter's end."


def recommendations(behind: Behind) -> str:
    """How many recommendations are open, and how many of them overdue."""
    evidence = behind.evidence
    open_still = still_open(evidence.kept("recommendations"), evidence.as_at, "done_on")
    open_still = open_still[open_still["response"] != "rejected"]
    if open_still.empty:
        return "No recommendation is open."
    late = int((open_still["due_on"] < pd.Timestamp(evidence.as_at)).sum())
    if len(open_still) == 1:
        return f"The one open recommendation is {'' if late else 'not '}overdue."
    return f"{late or 'None'} of {len(open_still)} open recommendations overdue."


def projects(behind: Behind) -> str:
    """The open projects, how they are rated, and which nobody has looked at lately."""
    return projects_words(behind.evidence, behind.scheme)


def benefits(behind: Behind) -> str:
    """How much of what was planned as a benefit is achieved."""
    return benefits_words(behind.evidence)


def transformation(behind: Behind) -> str:
    """The open projects, and what they brought."""
    return f"{projects(behind)} {benefits(behind)}"


def finance(behind: Behind) -> str:
    """The measures linked to the framework by the perspective of finance, and which of them miss their target."""
    own = of_finance(behind.evidence)
    if own.empty:
        return "No measure is linked to the framework as one of finance."
    against, late = own[own["state"].isin(RATED)], int((own["state"] == "late").sum())
    tail = f"; {_n(late, 'figure')} not sent" if late else ""
    if against.empty:
        return f"No measure of finance has a status in the quarter{tail}."
    missed = against.loc[against["state"] == "missed", "title"]
    said = _missed(len(missed), len(against), "measure of finance", "measures of finance")
    names = f": {'; '.join(missed)}" if len(missed) else ""
    return f"{said[:1].upper()}{said[1:]}{names}{tail}."


def value_for_money(behind: Behind) -> str:
    """The measures of finance, how these and the others stand beside others' figures, and the benefits."""
    beside = beside_words(behind.benchmark, list(of_finance(behind.evidence)["measure_id"]))
    return " ".join(filter(None, [finance(behind), beside, _told(benefits, behind)]))


def equalities_health_safety(behind: Behind) -> str:
    """How many plans in force leave out equalities, or health and safety."""
    return parts_words(behind.evidence)


def workforce(behind: Behind) -> str:
    """How many staff have had their performance conversation of the year, and until when the year runs."""
    evidence = behind.evidence
    rows = evidence.kept("conversations")
    year = evidence.quarter.financial_year
    rows = rows[rows["year"] == year.label]
    goes_on = evidence.as_at <= year.end
    runs = f"the year {'runs' if goes_on else 'ran'} to {date_words(year.end)}"
    told = rows.dropna(subset=["held_n", "staff_n"])
    if told.empty:
        return f"No performance conversation of {year.label} is recorded; {runs}."
    held, staff = int(told["held_n"].sum()), int(told["staff_n"].sum())
    so_far = " so far" if goes_on else ""
    silent = _silent(pd.concat([services(evidence), rows]), told)
    gap = f"; {_n(silent, 'service')} did not say" if silent else ""
    return f"Performance conversations of {year.label} held with {held:,} of {staff:,} staff{so_far}{gap}; {runs}."


def _silent(units: pd.DataFrame, told: pd.DataFrame) -> int:
    """How many services there are without a row among those that told."""
    keys = ["directorate", "service"]
    every, said = (pd.MultiIndex.from_frame(rows[keys].astype("str")).unique() for rows in (units, told))
    return len(every.difference(said))


def figures(behind: Behind) -> str:
    """How many measures should not be relied on, or only with care."""
    reliance = behind.evidence.reliance
    never, careful = (int((reliance == code).sum()) for code in ("do_not_rely", "with_care"))
    if not never + careful:
        return "No figure is in doubt."
    parts = {"not to be relied on": never, "to be relied on only with care": careful}
    return "; ".join(f"{_n(n, 'measure')} {words}" for words, n in parts.items() if n) + "."


def customers(behind: Behind) -> str:
    """How many customer measures miss their target."""
    rated = behind.evidence.rated
    own = rated[rated["customer_measure"] & rated["state"].isin(RATED)]
    if own.empty:
        return "No customer measure has a status in the quarter."
    return f"{_missed(int((own['state'] == 'missed').sum()), len(own), 'customer measure')}.".capitalize()


def better(behind: Behind) -> str:
    """Measures that really improve, to learn from."""
    titles = behind.evidence.rated.loc[behind.evidence.rated["variation"].isin(IMPROVING), "title"]
    if titles.empty:
        return "No measure shows a real change for the better."
    return f"Really improving: {'; '.join(titles)}."


def successes(behind: Behind) -> str:
    """The successes that the register holds of the year; what really improves stands under the item that learns from it."""
    evidence = behind.evidence
    rows = evidence.kept("registers")
    rows = rows[rows["register"] == "successes"]
    own = rows[this_year(evidence).holds(rows["opened_on"].fillna(rows["closed_on"]))]
    if own.empty:
        return "No success is recorded in the year."
    shown = "; ".join(f"“{title}”" for title in own["title"].iloc[:MOST_NAMED])
    more = f"; and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
    return f"{_n(len(own), 'success', 'successes')} recorded in the year: {shown}{more}."


def hot(behind: Behind) -> str:
    """How many hot issues the page lists."""
    return f"{_n(behind.issues_n, 'hot issue')}, listed below." if behind.issues_n else "No hot issue."


SENTENCES: Mapping[str, Callable[[Behind], str]] = MappingProxyType(
    {
        "performance-information": results,
        "performance-report": results,
        "customer-satisfaction": customers,
        "service-planning": plans,
        "plan-review": plans,
        "programmes-and-projects": projects,
        "transformation": transformation,
        "financial-management": finance,
        "value-for-money": value_for_money,
        "equalities-health-safety": equalities_health_safety,
        "workforce-planning": workforce,
        "risk-management": risks,
        "inspection": recommendations,
        "recommendations": recommendations,
        "service-showcase": better,
        "learning": better,
        "successes": successes,
        "directorate-specific": hot,
        "escalation": hot,
        "data-quality": figures,
    }
)
"""Item of an agenda → what the records say of it."""
