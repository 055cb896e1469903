"""Decisions about measures as commands write them: a rebase, and an answer to what page 1 asks about a commentary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pmf_lib import settings, sidecar
from pmf_lib.decisions import Comment, Measures, Rebase, about_measures
from pmf_lib.decisions.about_measures import Decided, Kept
from pmf_lib.errors import ParameterError, listed, unknown
from pmf_lib.performance.spc.rebases import WAITS
from pmf_lib.periods import date_words, parse_date, parse_quarter
from pmf_lib.records.parse import Records
from pmf_lib.records.snapshot import load as load_snapshot
from pmf_lib.runs.plan import Request
from pmf_lib.store import files
from pmf_lib.store.manifest import Manifest
from pmf_lib.workbook import decided, prompts, reliance, results
from pmf_lib.workbook.book import Book, opened, schemes


@dataclass(frozen=True)
class Written:
    """The file of a decision, and what is to be said of it."""

    path: Path
    note: str


def rebase(run: Manifest, **content: object) -> Written:
    """Write down a decision to begin the limits of a measure anew, or to take one back (`content`: keys of `decisions.Rebase`).

    Raises
    ------
    ParameterError
        On the run's records it can't hold: no such measure, no such period, or nothing lies before it. Or it takes back what
        does not stand on its day.
    PolicyError
        A key is missing or of the wrong kind.
    """
    made = about_measures.made(run.council, Rebase, **content)
    path = about_measures.path(run.council, made)
    return _put(run, path, made, _taken_back(run, made) if made.withdrawn else _begun(run, path, made))


def _begun(run: Manifest, path: Path, made: Rebase) -> str:
    """What the run's records say of a rebase: nothing where it holds, else why it waits."""
    snapshot = load_snapshot(run.snapshot, settings.store())
    found = decided.judged(
        Measures((Kept(path.as_posix(), made),)),
        snapshot.table("measures"),
        snapshot.table("observations"),
        snapshot.table("findings"),
        quarter=parse_quarter(run.quarter),
        as_at=parse_date(run.as_at),
        least=schemes().xmr.refuse_below,
    ).iloc[0]
    if found["problem"] not in ("", WAITS):
        raise ParameterError(f"{found['says']} Nothing was written.")
    return str(found["says"])


def _taken_back(run: Manifest, made: Rebase) -> str:
    """Whose rebase is taken back. Whether it still holds on the records does not matter; it must stand."""
    standing = [one for _, one in about_measures.known(run.council, made.dated).rebases]
    before = next((one for one in standing if one.about == made.about), None)
    if before is None:
        pairs = [f"{one.measure} ({one.period})" for one in standing]
        there = f"There stand: {listed(pairs)}." if pairs else "None stands at all."
        raise ParameterError(
            f"No rebase of '{made.measure}' from '{made.period}' stands on {date_words(made.dated)}, so none can be "
            f"withdrawn. {there} Nothing was written."
        )
    return f"Taken back: the decision of {before.by}, {date_words(before.dated)}."


def comment(run: Manifest, measure: str, prompt: str, **answer: object) -> Written:
    """Write down a person's answer to what the run's page 1 asks about a measure's commentary.

    Raises
    ------
    ParameterError
        The run knows no such measure, its page asks nothing of the kind, or the answer is dated before the run's records.
    PolicyError
        A key is missing or of the wrong kind.
    """
    book = _book(run, measure)
    asked = reliance.quality(book, results.rated(book).measures).prompts
    row = asked[(asked["measure_id"] == measure) & (asked["prompt"] == prompt)]
    if row.empty:
        raise ParameterError(_not_asked(run, measure, prompt, asked))
    read = {"read": row["read"].iloc[0], "quarter": run.quarter}
    made = about_measures.made(run.council, Comment, measure=measure, prompt=prompt, **read, **answer)
    if made.dated < parse_date(run.as_at):
        raise ParameterError(
            f"'{made.dated.isoformat()}' lies before the run's as-at date, {run.as_at}: nobody can have read its pages then."
        )
    return _put(run, about_measures.path(run.council, made), made, prompts.words(made.model_dump()))


def _not_asked(run: Manifest, measure: str, prompt: str, asked: pd.DataFrame) -> str:
    pairs = [f"{row.measure_id} ({row.prompt})" for row in asked.itertuples()]
    there = (
        f"Its directorate's page asks about {listed(pairs)}."
        if pairs
        else "Its directorate's page asks nothing."
    )
    return f"Run {run.run_id} asks nothing about '{measure}' of the kind '{prompt}'. {there}"


def _book(run: Manifest, measure: str) -> Book:
    """Page 1's book of the measure's directorate, on the run's own records."""
    known = load_snapshot(run.snapshot, settings.store()).table("measures").set_index("measure_id")
    if measure not in known.index:
        raise ParameterError(unknown("measure of this run", measure, known.index))
    page = sidecar.load(results.QUALITY)
    asked = {**run.model_dump(include=set(page.parameters)), "directorate": known.loc[measure, "directorate"]}
    return opened(page, page.checked(asked))


def _put(run: Manifest, path: Path, made: Decided, says: str) -> Written:
    """The file, and from which day on runs obey it."""
    files.write_text(settings.root() / path, about_measures.text(made))
    known = (
        ""
        if made.dated <= parse_date(run.as_at)
        else f" This run is as at {date_words(parse_date(run.as_at))}."
    )
    from_then = f"Runs as at {date_words(made.dated)} or later obey it.{known}"
    return Written(path, " ".join(filter(None, [says, from_then])))


def faults(request: Request, records: Records) -> list[str]:
    """What is wrong with the decisions about a council's measures, a sentence each, on the records as they are now."""
    quarter, as_at = parse_quarter(request.quarter), parse_date(request.as_at)
    known = about_measures.known(request.council, as_at)
    measures = records.tables["measures"]
    found = decided.judged(
        known, measures, records.tables["observations"], records.findings,
        quarter=quarter, as_at=as_at, least=schemes().xmr.refuse_below,
    )  # fmt: skip
    return [
        *decided.faults(found),
        *(
            f"{file}: {unknown('measure', one.measure, measures['measure_id'], 'Mend it there.')}"
            for file, one in known.comments
            if one.measure not in set(measures["measure_id"])
        ),
    ]
