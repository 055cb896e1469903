"""Can a unit's figures be relied on? The records of a book, judged by the scheme in force, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from pmf_lib.assurance.certification.findings import other_category
from pmf_lib.assurance.certification.rules import INACCURATE
from pmf_lib.assurance.certification.standing import standings
from pmf_lib.once import once
from pmf_lib.periods import date_words
from pmf_lib.records import findings, goals
from pmf_lib.records.quality import claims, doubts, known, measures, patterns, repeated, revisions
from pmf_lib.records.quality.doubts import Seen
from pmf_lib.workbook import absent, prompts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.words import count_word

DIRECTOR = absent.DIRECTOR


@dataclass(frozen=True)
class Quality:
    """What was found of a unit's figures."""

    measures: pd.DataFrame
    """The scrap 'quality': one row per measure (`pmf_lib.records.quality.measures.COLUMNS`)."""
    mend: pd.DataFrame
    """One row per thing to mend: who, what, by when."""
    seen: Seen
    """What both were told from."""
    since: date
    """Since when revisions are looked for."""
    since_words: str
    """The same in words, with why."""
    prompts: pd.DataFrame = field(default_factory=prompts.none)
    """What is asked about the commentary, with answers (`prompts.prompts`); what was settled is no longer in `seen`."""


@once
def quality(book: Book, rated: pd.DataFrame) -> Quality:
    """The quality of the unit's figures (`rated`: its measures, rated for the quarter)."""
    scheme, since = book.schemes.quality, _since(book)
    seen = _seen(book, rated, since)
    asked_about = prompts.prompts(book, seen)
    settled = seen.contradictions["measure_id"].isin(prompts.settled(asked_about)["measure_id"])
    seen = replace(seen, contradictions=seen.contradictions[~settled])
    judged = doubts.verdicts(seen, doubts.doubts(seen, scheme), scheme)
    return Quality(
        measures.by_measure(seen, judged),
        _mend(book, seen),
        seen,
        since,
        _since_words(book, since),
        asked_about,
    )


def _seen(book: Book, rated: pd.DataFrame, since: date) -> Seen:
    """What the quality of the unit's figures is told from, with revisions since that day."""
    scheme, quarter, as_at = book.schemes.quality, book.quarter, book.as_at
    about, values, commentary = (book.table(name) for name in ("measures", "observations", "commentary"))
    in_force = known.in_force(values, as_at)
    states = rated.set_index("measure_id")["state"]
    patterned = patterns.found(in_force, about, scheme.patterns)
    return Seen(
        measures=about,
        known=in_force,
        due=known.values_due(about, values, quarter=quarter, as_at=as_at, quarters=scheme.due_quarters),
        findings=pd.concat([book.findings, patterned, _otherwise_certified(book)], ignore_index=True),
        contradictions=claims.contradictions(
            commentary, in_force, about, states, quarter=quarter, words=scheme.words
        ),
        revisions=revisions.revisions(values, about, since=since, as_at=as_at),
        states=states,
        quarter=quarter,
        as_at=as_at,
        is_own=book.has_own_records,
        targets=goals.rated_against(rated, book.table("targets")),
        unchanged=repeated.unchanged(commentary, about, quarter=quarter, words=scheme.words),
        failed=_failed(book),
        later=values[values["recorded_at"].dt.normalize() > pd.Timestamp(as_at)],
    )


def _otherwise_certified(book: Book) -> pd.DataFrame:
    """Certifications recorded in another category than the rule gives."""
    if "certifications" not in book.sidecar.reads:
        return findings.none()
    return other_category(book.table("certifications"), book.schemes.certification)


def _failed(book: Book) -> pd.DataFrame | None:
    """Measures whose newest certification failed, and whether it was inaccurate; None where the notebook reads none."""
    if "certifications" not in book.sidecar.reads:
        return None
    about, rows = book.table("measures"), book.table("certifications")
    stands = standings(about, rows, book.as_at, book.schemes.certification)
    failed = stands[stands["standing"] == "failed"]
    return failed[["measure_id", "period"]].assign(is_inaccurate=failed["category"] == INACCURATE)


def _mend(book: Book, seen: Seen) -> pd.DataFrame:
    """What is to be mended; of a unit of which nothing was received, first that it sends its records."""
    returns = book.council.returns
    director = absent.director(book.unit) if book.unit else absent.DIRECTOR
    mend = measures.to_mend(seen, director=director, return_days=returns.due_days if returns else None)
    asked = absent.request(book)
    return pd.concat([asked, mend], ignore_index=True) if len(asked) else mend


def _since(book: Book) -> date:
    """The issued run's day, else that of the report so many quarters before."""
    if book.baseline is not None:
        return book.baseline.as_at
    return known.report_before(book.quarter, book.as_at, book.schemes.quality.revised_quarters)


def _since_words(book: Book, since: date) -> str:
    if book.baseline is not None:
        return f"{date_words(since)}, the day of {book.baseline.name}"
    quarters = book.schemes.quality.revised_quarters
    return f"{date_words(since)} ({count_word(quarters)} quarters back, as no issued report is compared with)"
