"""What the records put under an item of a board's agenda: one short sentence an item, counted from the unit's own rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.checks.common import by, plans_in_force, still_open
from pmf_lib.assurance.checks.turns import months_after, this_year
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.periods import date_words

RATED = ("met", "near", "missed")
IMPROVING = ("improving_high", "improving_low")


@dataclass(frozen=True)
class Behind:
    """What a sentence may be made from: the evidence, the rules, and how many hot issues there are."""

    evidence: Evidence
    scheme: BoardScheme
    issues_n: int = 0


def brings(behind: Behind, items: pd.Series[str]) -> pd.Series[str]:
    """The sentence of each item, of the same index; '' where the records hold nothing for it, or nobody sent them."""
    return pd.Series([_said(behind, item) for item in items], items.index, dtype="str")


def _said(behind: Behind, item: str) -> str:
    try:
        return SENTENCES[item](behind) if item in SENTENCES else ""
    except NotSentError as unsent:
        return f"Nobody sent the table of {unsent}, so nothing is known of it."


def _n(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> _n(1, "risk"), _n(0, "risk")
    ('1 risk', '0 risks')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def _missed(part: int, whole: int, noun: str) -> str:
    """How many of so many miss their target.

    >>> _missed(0, 3, "measure"), _missed(2, 9, "measure")
    ('none of 3 measures with a status misses its target', '2 of 9 measures with a status miss their target')
    """
    misses = "miss their target" if part > 1 else "misses its target"
    return f"{part or 'none'} of {_n(whole, noun)} with a status {misses}"


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
    """How many open risks were last looked at before the months that the rules leave."""
    evidence = behind.evidence
    open_still = still_open(evidence.kept("risks"), evidence.as_at, "closed_on")
    if open_still.empty:
        return "The register holds no open risk."
    looked = pd.concat([open_still["raised_on"], by(open_still["reviewed_on"], evidence.as_at)], axis=1)
    since = months_after(evidence.as_at, -behind.scheme.risks_reviewed_within_months)
    old = int((looked.max(axis=1) < pd.Timestamp(since)).sum())
    if not old:
        return f"{_n(len(open_still), 'open risk')}; reviewed since {date_words(since)}."
    return f"{old} of {_n(len(open_still), 'open risk')} not reviewed since {date_words(since)}."


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
    return f"{late or 'None'} of {_n(len(open_still), 'open recommendation')} overdue."


def projects(behind: Behind) -> str:
    """How many projects are open, and how many rated red or amber."""
    evidence = behind.evidence
    rows = evidence.kept("registers")
    rows = still_open(rows[rows["register"] == "projects"], evidence.as_at, "closed_on", start="opened_on")
    if rows.empty:
        return "The register holds no open project."
    bad = int(rows["rating"].isin(["red", "amber"]).sum())
    return f"{bad or 'None'} of {_n(len(rows), 'open project')} rated red or amber."


def workforce(behind: Behind) -> str:
    """How many staff have had their performance conversation of the year."""
    evidence = behind.evidence
    rows = evidence.kept("conversations")
    rows = rows[rows["year"] == evidence.quarter.financial_year.label]
    if rows.empty:
        return "No conversations of the year are recorded."
    held, staff = int(rows["held_n"].sum()), int(rows["staff_n"].sum())
    return f"Performance conversations held with {held} of {staff} staff."


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
    """How many successes the register holds of the year, and measures that really improve."""
    evidence = behind.evidence
    rows = evidence.kept("registers")
    rows = rows[(rows["register"] == "successes")]
    n = int(this_year(evidence).holds(rows["opened_on"].fillna(rows["closed_on"])).sum())
    counted = _n(n, "success", "successes") if n else "No success"
    return f"{counted} recorded in the year. {better(behind)}"


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
