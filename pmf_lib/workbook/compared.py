"""What changed since the issued run: today's results and that run's, and the steps between them, one input at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.decisions import COUNCIL
from pmf_lib.performance import compare
from pmf_lib.performance.compare import Step
from pmf_lib.records.quality.known import in_force
from pmf_lib.records.schema import PROVENANCE
from pmf_lib.records.snapshot import Snapshot
from pmf_lib.store import identity
from pmf_lib.workbook.baseline import Baseline, opened
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.results import RESULTS

Make = Callable[[Book], pd.DataFrame]
Shape = Callable[[pd.DataFrame], pd.DataFrame]
OWN = "clause_results"
"""The scrap in which the report to the Audit Committee keeps the clauses of every unit, the council as a whole among them."""
VALUES = {"value": "period", "last_value": "last_period"}
"""Columns of rated measures that hold a value, and those that say its period."""
PERIOD_IN_KEY = r"^measure_id .+, period ([^,]+)"
"""Where a fault that quotes the key of its row says the row's period."""


@dataclass(frozen=True)
class Compared:
    """The issued run's frame, today's, and `changes`: one row per key and facet that differs, with its cause."""

    baseline: Baseline
    before: pd.DataFrame
    now: pd.DataFrame
    changes: pd.DataFrame


def compared(
    book: Book,
    name: str,
    now: pd.DataFrame,
    *,
    keys: Sequence[str],
    facets: Mapping[str, Sequence[str]],
    shape: Shape,
    missing: Sequence[str] = (),
) -> Compared | None:
    """Results of this name (a recorded scrap) beside those of the book's baseline; None where there are none.

    `keys` and `facets` are those of `compare.changes`; `shape` adds the columns that they need to each frame. Rows of the
    council as a whole (`COUNCIL`) are compared where both runs have them. Of directorates whose results are `missing` nothing is told.
    """
    before = _before(book, name, now)
    if book.baseline is None or before is None:
        return None
    has_own = "directorate" in before and COUNCIL in set(before["directorate"])
    gone = [*missing, *([] if has_own else [COUNCIL])]
    found = [
        (causes, _without(shape(_told(book, frame)), gone))
        for causes, frame in steps(book, book.baseline, _maker(name, with_own=has_own), before, now)
    ]
    before, now = (_without(shape(frame), gone) for frame in (_told(book, before), now))
    return Compared(book.baseline, before, now, compare.changes(before, found, keys=keys, facets=facets))


def _before(book: Book, name: str, now: pd.DataFrame) -> pd.DataFrame | None:
    """What the baseline recorded: the unit's rows, or every directorate's, and the council's own where today's has them."""
    frame = book.baseline.frame(name) if book.baseline else None
    if (
        book.baseline is None
        or frame is None
        or "directorate" not in now
        or COUNCIL not in set(now["directorate"])
    ):
        return frame
    every = book.baseline.council_frame(OWN)
    own = [] if every is None else [every[every["unit"] == book.unit_name].assign(directorate=COUNCIL)]
    return pd.concat([frame, *own], ignore_index=True)


def _without(frame: pd.DataFrame, gone: Sequence[str]) -> pd.DataFrame:
    """The rows of other directorates than these."""
    return frame[~frame["directorate"].isin(gone)] if "directorate" in frame else frame


def _told(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """Results without the values that are not to be shown any more, whatever was issued; those of other kinds as they are."""
    values = {value: period for value, period in VALUES.items() if value in frame}
    return frame.assign(
        **{value: frame[value].mask(_withheld(book, frame, period)) for value, period in values.items()}
    )


def _withheld(book: Book, frame: pd.DataFrame, period: str) -> pd.Series[bool]:
    """Rows of a measure and period that today's records call suppressed, or that its publisher has withdrawn."""
    newest = in_force(book.snapshot.table("observations"), date.max)
    hidden = newest["state"] == "suppressed"
    own = book.has_own_records
    listed = pd.MultiIndex.from_frame(newest.loc[hidden if own else ~hidden, ["measure_id", "period"]])
    found = pd.MultiIndex.from_frame(frame[["measure_id", period]]).isin(listed)
    return pd.Series(found == own, frame.index)


def steps(
    book: Book, baseline: Baseline, make: Make, before: pd.DataFrame, now: pd.DataFrame
) -> Iterator[Step]:
    """From the baseline's results to today's, in the order of `compare.CAUSES`; a step that changes nothing is left out.

    Where this workbook can no longer read the baseline's records, the causes can't be told apart.
    """
    old = opened(baseline)
    if old is None:
        yield ("unknown",), now
        return
    then = replace(book, snapshot=old, quarter=baseline.quarter, as_at=baseline.as_at, recorded=set())
    rules = changed_rules(book, baseline)
    if rules:
        yield rules, make(then)
    then = replace(then, snapshot=_with(old, "targets", book.snapshot.table("targets")))
    if old.partitions["targets"] != book.snapshot.partitions["targets"]:
        yield ("target",), make(then)
    if baseline.as_at != book.as_at:
        yield ("date" if baseline.quarter == book.quarter else "period",), make(_later(then, book))
    yield ("data",), make(_same_periods(book, baseline, old))
    yield ("period",), now


def changed_rules(book: Book, baseline: Baseline) -> tuple[str, ...]:
    """Which of policy and code are not what they were when the baseline was run."""
    root = settings.root()
    today = {
        "policy": identity.policy_digest(
            root, book.council.id, frameworks.digest(book.framework), book.as_at
        ),
        "code": identity.code_digest(root),
    }
    return tuple(name for name, digest in today.items() if getattr(baseline.manifest, name) != digest)


def _later(then: Book, book: Book) -> Book:
    """The earlier records, as they were known at their own date, looked at on today's."""
    known = _known(then.snapshot, then.as_at)
    return replace(
        then, snapshot=_with(then.snapshot, "observations", known), as_at=book.as_at, recorded=set()
    )


def _same_periods(book: Book, baseline: Baseline, old: Snapshot) -> Book:
    """Today's records for the earlier quarter, of the periods alone that had a value then."""
    had = pd.MultiIndex.from_frame(_known(old, baseline.as_at)[["measure_id", "period"]])
    seen = book.snapshot.table("observations")
    same = seen[pd.MultiIndex.from_frame(seen[["measure_id", "period"]]).isin(had)].reset_index(drop=True)
    found = book.snapshot.table("findings")
    earlier = _of_periods(found, had, seen, same) | _found_before(found, old)
    if baseline.quarter == book.quarter:
        earlier |= ~_tells_period(found, seen)
    snapshot = _with(book.snapshot, "observations", same)
    snapshot = _with(snapshot, "findings", found[earlier].reset_index(drop=True))
    return replace(book, snapshot=snapshot, quarter=baseline.quarter, recorded=set())


def _of_periods(
    found: pd.DataFrame, had: pd.MultiIndex, seen: pd.DataFrame, same: pd.DataFrame
) -> pd.Series[bool]:
    """Faults that are not of a value of another period than these (`seen`: observations, `same`: of the periods alone).

    The period of a row that was left out is told where the fault quotes its key.
    """
    kept, read = (_places(found).isin(_places(rows)) for rows in (same, seen))
    keyed = pd.MultiIndex.from_arrays([found["measure_id"], _period_in_key(found)]).isin(had)
    return (found["table"] != "observations") | kept | (~read & keyed)


def _tells_period(found: pd.DataFrame, seen: pd.DataFrame) -> pd.Series[bool]:
    """Faults of which it is known for which period they are: of rows that were kept, or that quote their key."""
    return (_period_in_key(found) != "") | _places(found).isin(_places(seen))


def _period_in_key(found: pd.DataFrame) -> pd.Series[str]:
    return found["got"].str.extract(PERIOD_IN_KEY)[0].fillna("")


def _places(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[[*PROVENANCE, "measure_id"]])


def _found_before(found: pd.DataFrame, old: Snapshot) -> pd.Series[bool]:
    """Faults that the earlier records held already, wherever their row stands now."""
    names = ["rule", "table", "source_file", "column", "got", "measure_id"]
    before = pd.MultiIndex.from_frame(old.table("findings")[names])
    return pd.Series(pd.MultiIndex.from_frame(found[names]).isin(before), found.index)


def _known(snapshot: Snapshot, as_at: date) -> pd.DataFrame:
    """Observations that were known at this date."""
    seen = snapshot.table("observations")
    return seen[seen["recorded_at"] <= pd.Timestamp(as_at)].reset_index(drop=True)


def _with(snapshot: Snapshot, name: str, frame: pd.DataFrame) -> Snapshot:
    """The same snapshot with another table in it."""
    return replace(snapshot, tables={**snapshot.tables, name: frame})


def _maker(name: str, *, with_own: bool = False) -> Make:
    """How a recorded result is computed for a unit, or for all directorates one under the other, and the council after them."""
    make = RESULTS[name].make

    def made(book: Book) -> pd.DataFrame:
        if book.unit or name == "rated_measures":  # rated measure by measure: no need to go by directorate
            return make(book)
        units = {one.id: book.of(one) for one in book.council.directorates} | (
            {COUNCIL: book} if with_own else {}
        )
        frames = [make(of).assign(directorate=unit) for unit, of in units.items()]
        filled = [frame for frame in frames if not frame.empty] or frames[:1]
        return pd.concat(filled, ignore_index=True)

    return made
