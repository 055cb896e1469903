"""Words of page 6: its headline, what it found, and the rules of the map."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines import AssuranceMap
from pmf_lib.assurance.lines.rules import LINES, AssuranceMapScheme
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.assured.assured import kind_words
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered, plural, sentence

UNSENT = "Nobody sent the table of assurances, so it is not known who assures what"
PUBLISHED = "Published figures can't show who assures what"
SEND = (
    "Enter each source of assurance in the table of assurances: audits, inspections, reviews and peer challenges, with what they "
    "looked at, how far, and what they concluded."
)


def headline(book: Book, found: AssuranceMap) -> str:
    """How many areas have the assurance that they ask for, how many have less, and of how many nothing is recorded."""
    if not book.has_own_records:
        return PUBLISHED
    if not found.is_sent:
        return UNSENT
    return standing(found.areas)


def standing(areas: pd.DataFrame, one: str = "area", many: str = "areas") -> str:
    """How the areas stand, in one sentence; `one` and `many` say what they are.

    >>> standing(pd.DataFrame({"standing": ["enough", "over", "gap", "unknown", "unknown"]}))
    'Of 5 areas two have the assurance that they ask for, one has less, and of two no source is recorded'
    >>> standing(pd.DataFrame({"standing": ["enough", "over"]}), "risk", "risks")
    'Both risks have the assurance that they ask for'
    >>> standing(pd.DataFrame({"standing": ["unknown"]})), standing(pd.DataFrame({"standing": ["gap"]}))
    ('Of the one area no source of assurance is recorded', 'The one area has less assurance than it asks for')
    """
    count = len(areas)
    gap, unknown = (int((areas["standing"] == name).sum()) for name in ("gap", "unknown"))
    enough = count - gap - unknown
    every = {1: f"the one {one}", 2: f"both {many}"}.get(count, f"all {count} {many}")
    have, they_ask = plural(count, "has", "have"), plural(count, "it asks", "they ask")
    if unknown == count:
        return f"Of {every} no source of assurance is recorded"
    if enough == count:
        return f"{sentence(every)} {have} the assurance that {they_ask} for"
    if gap == count:
        return f"{sentence(every)} {have} less assurance than {they_ask} for"
    return f"Of {count} {many} {_mixed(enough, gap, unknown)}"


def _mixed(enough: int, gap: int, unknown: int) -> str:
    """How many have enough and how many less, and of how many nothing is recorded."""
    asks = plural(enough or 1, "has the assurance that it asks for", "have the assurance that they ask for")
    has, less = f"{_none(enough)} {asks}", f"{_none(gap)} {plural(gap or 1, 'has', 'have')} less"
    return f"{has}, {less}, and of {_none(unknown)} no source is recorded" if unknown else f"{has} and {less}"


def _none(count: int) -> str:
    return count_word(count) if count else "none"


def unsent(book: Book) -> list[str]:
    """That no source is known, and what to do about it where the council can."""
    why = UNSENT if book.has_own_records else "Published figures hold no reports of audits or inspections"
    return [f"{why}; every cell that rests on one is grey.", *([SEND] if book.has_own_records else [])]


def held(book: Book, found: AssuranceMap) -> list[str]:
    """What is on the map: its areas and recorded sources, and sources that stand nowhere on it."""
    if not found.is_sent:
        return []
    counts = found.areas["kind"].value_counts()
    rows = listing(kind_words(book, kind, int(counts.get(kind, 0))) for kind in ("group", "node", "risk"))
    sources = int((found.sources["made_of"] == "recorded").sum())
    known = counted(sources, "recorded source", in_words=True)
    return [
        f"The map has {rows}. {sentence(known)} of assurance {plural(sources, 'is', 'are')} known.",
        *_nameless(found),
    ]


def _nameless(found: AssuranceMap) -> list[str]:
    """Recorded sources that stand nowhere on the map."""
    rows = found.nameless
    if rows.empty:
        return []
    names = "; ".join(f"“{subject}”" for subject in rows["subject"])
    count = len(rows)
    what = f"{sentence(counted(count, 'recorded source', in_words=True))} {plural(count, 'names', 'name')} no group, node, measure or risk of this map"
    return [f"{what} and {plural(count, 'stands', 'stand')} nowhere on it: {names}."]


def rules(book: Book) -> list[str]:
    """The rules of the map with their options, as pages print them."""
    own = book.schemes.assurance_map
    return [
        f"{own.source.rstrip('.')} (dated {date_words(own.dated)}).",
        _rows(own),
        _asked(own),
        _given(own),
        _aged(own),
        f"More than asked: at least {own.over_by_points} points above it, from two lines that looked in the same period. Conflict: sources in "
        f"force on the same part of an area conclude {own.conflict_from_steps} or more steps apart (substantial, reasonable, limited, none).",
        _own_run(book),
        f"At most {own.topics_at_most} topics are proposed: points missing, times what is asked (low 1, medium 2, high 3).",
    ]


def _rows(own: AssuranceMapScheme) -> str:
    of = own.principal
    up = f", and any open threat with a score of {of.from_score} or more" if of.from_score else ""
    levels = f"open threats of the {listing(of.levels)} {plural(len(of.levels), 'register')}{up}"
    return f"Principal risks: {levels if of.levels else up.removeprefix(', and ')}."


def _asked(own: AssuranceMapScheme) -> str:
    of = own.required
    return (
        f"Asked for: high from a risk score of {of.high_from_score}, medium from {of.medium_from_score}, else low; of a group with a duty "
        f"or minimum requirement {of.binding_group}, of another {of.other_group}; one level more where {of.raised_from_pct:g}% of the rated measures "
        "miss their target, or of the tested duties are not fully met."
    )


def _given(own: AssuranceMapScheme) -> str:
    each = [
        f"{name.lower()} {of.low}, {of.medium} and {of.high}"
        for line, name in LINES.items()
        for of in (own.points.of(line),)
    ]
    needed = own.needed
    return (
        f"Points for low, medium and high: {'; '.join(each)}. Low asks for {needed.low}, medium for {needed.medium}, high for {needed.high}. A line that "
        "reaches only part of an area counts one step lower."
    )


def _aged(own: AssuranceMapScheme) -> str:
    each = [
        f"{name.lower()} {of.lower_after_months} and {of.stale_after_months}"
        for line, name in LINES.items()
        for of in (own.decay.of(line),)
    ]
    return f"Months after which a source counts one step lower, and for nothing: {'; '.join(each)}. One whose next is overdue counts for nothing."


def _own_run(book: Book) -> str:
    own, ran = book.schemes.assurance_map, book.council.assurance
    by = f" ({ran.run_by})" if ran.run_by else ""
    said = listing(
        f"{level.replace('_', ' ')} {told}" for level, told in own.run_concludes.model_dump().items()
    )
    return (
        f"This run counts in the {LINES[ran.line].lower()}{by} with at most {own.run_amount} for groups of clauses: {said}. Attestations count in the first "
        f"line with {own.attestation_amount}. Neither makes a control weak: {lowered('Pages 3 and 7 tell of them')}."
    )
