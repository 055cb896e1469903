"""Results of a unit: the same pure functions, whether a directorate's notebook records them or a council page asks.

A council page takes them from the run's recorded items, through the manifest; where there is none, it computes them
here and says so. A test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance import clauses, embedding
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.errors import ParameterError, StoreError
from pmf_lib.performance.rate import Rated, rate
from pmf_lib.performance.scorecard import VARIATIONS, marker_card
from pmf_lib.periods import FREQUENCIES, Period, parse
from pmf_lib.records.reads import tables_sent
from pmf_lib.store import identity, places
from pmf_lib.store import manifest as manifests
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import decided, outturns, reliance, scraps
from pmf_lib.workbook.book import Book

QUALITY = "1_data_quality"
MEASURES = "2_measures_against_markers"
EMBEDDING = "3_pmf_embedding"
ASKED = ("council", "framework", "quarter", "as_at", "edition")


@dataclass(frozen=True)
class Collected:
    """Directorates' results as a council page has them: where from, and which directorates are missing."""

    frames: dict[str, pd.DataFrame]
    is_recorded: bool
    missing: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def rated(book: Book) -> Rated:
    """The unit's measures, rated for the quarter; change is told of series that still run."""
    found = _rate(book)
    measures = still_running(found.measures, book.quarter)
    return replace(found, measures=measures if book.has_own_records else as_found(measures))


def as_found(measures: pd.DataFrame) -> pd.DataFrame:
    """The same measures; of figures that others publish none is awaited or late, it is not in their files."""
    absent = measures["state"].isin(["awaited", "late"])
    why = "No figure for " + measures["period"] + " is in the publisher's files as found."
    return measures.assign(
        state=measures["state"].mask(absent, "not_published"),
        why=measures["why"].mask(absent, why),
        rule=measures["rule"].mask(absent, "status.not-published"),
    )


WHY_QUIET = {
    "retired": "It is no longer kept, so its chart says nothing of today.",
    "not_defined": "It has no written definition, so nobody can say what its chart shows.",
}


def still_running(measures: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The same measures; no change or reach is told of one that is retired, not defined, or long without a value.

    A series whose last value is older than the quarter before says nothing of today.
    """
    ends = [
        parse(label, FREQUENCIES[often]).end if label else quarter.end for label, often in _last(measures)
    ]
    old = pd.Series(ends, index=measures.index, dtype=object) < quarter.shift(-1).start
    tested = ~measures["variation"].isin(VARIATIONS["not_tested_n"])
    quiet = tested & (old | measures["state"].isin(["retired", "not_defined"]))
    why = (
        measures["state"]
        .map(WHY_QUIET)
        .fillna("Its last value is too old, so its chart says nothing of today.")
    )
    return measures.assign(
        variation=measures["variation"].mask(quiet, "not_suited"),
        variation_why=measures["variation_why"].mask(quiet, why),
        capability=measures["capability"].mask(quiet, "not_tested"),
        capability_why=measures["capability_why"].mask(quiet, why),
    )


def _last(measures: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(measures["last_period"], measures["frequency"], strict=True)


def _rate(book: Book) -> Rated:
    return rate(
        book.table("measures"),
        book.table("observations"),
        book.table("targets"),
        quarter=book.quarter,
        as_at=book.as_at,
        scheme=book.schemes.status,
        options=book.schemes.xmr,
        annual=book.schemes.benchmark,
        rebase=decided.held(book),
        set_aside=slips(book),
    )


def slips(book: Book) -> pd.DataFrame:
    """Values in force that seem to be in the wrong unit until somebody mends them: measure_id, period, value."""
    return decided.slips(book.findings, book.table("observations"), book.as_at)


def with_nodes(book: Book, measures: pd.DataFrame) -> pd.DataFrame:
    """Rated measures, each with the nodes of the framework that it is linked to (`nodes`: ids joined by ``; ``)."""
    links = book.links
    joined = links.groupby("measure_id")["node"].agg("; ".join) if len(links) else pd.Series(dtype=str)
    return measures.assign(nodes=measures["measure_id"].map(joined).astype(object).fillna("").astype(str))


def told(book: Book, measures: pd.DataFrame, relied: reliance.Quality) -> pd.DataFrame:
    """Rated measures as they are recorded: `with_nodes`, `reliance` (a verdict's code), and `is_off_chart`.

    The last is whether the latest value is surely wrong and kept off its control chart (`slips`).
    """
    found = measures[["measure_id", "last_period"]].merge(
        slips(book).rename(columns={"period": "last_period"}).drop_duplicates(["measure_id", "last_period"]),
        on=["measure_id", "last_period"],
        how="left",
    )
    verdict = measures["measure_id"].map(relied.measures.set_index("measure_id")["reliance"])
    return with_nodes(book, measures).assign(
        reliance=verdict.astype("str"), is_off_chart=found["value"].notna().to_numpy()
    )


def _told(book: Book) -> pd.DataFrame:
    measures = rated(book).measures
    return told(book, measures, reliance.quality(book, measures))


def card(book: Book, measures: pd.DataFrame) -> pd.DataFrame:
    """The marker card: one row per node that measures link to, in the framework's order."""
    nodes = book.framework.nodes_frame(linkable=True)
    made = marker_card(measures, book.links, nodes)
    return made.assign(number=made["node"].map(nodes.set_index("node")["number"]))


def arrangements(book: Book, measures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and exceptions of the framework's clauses for the book's unit."""
    level = "directorate" if book.unit else "council"
    asked = clauses.asked_in(book.framework.clauses, level)
    return clauses.results(asked, evidence(book, measures), book.schemes.clauses)


def evidence(book: Book, measures: pd.DataFrame) -> Evidence:
    """What the clause tests may look at."""
    return Evidence(
        {name: book.table(name) for name in book.sidecar.reads},
        measures,
        book.findings,
        book.framework,
        book.quarter,
        book.as_at,
        is_own=book.has_own_records,
        council=book.council,
        directorate=book.unit.id if book.unit else "",
        sent=tables_sent(book.snapshot.table("reads")),
        whole=cache(book.whole),
        charts=book.schemes.xmr,
        set_aside=slips(book),
        escalation=book.schemes.escalation,
        reliance=reliance.quality(book, measures).measures.set_index("measure_id")["reliance"],
        rated_in=cache(lambda quarter: rated(_as_reported(book, quarter)).measures),
    )


def _as_reported(book: Book, quarter: Period) -> Book:
    """The book of an earlier quarter, as its own report could know it: at the same lag after its end."""
    return replace(book, quarter=quarter, as_at=quarter.end + (book.as_at - book.quarter.end))


def shown(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """Clause results, each with what it rests on and the level that it shows."""
    return embedding.by_clause(found, book.schemes.embedding)


def levels(book: Book, found: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """The level of each group of clauses, from clause results (`keys`: such as the unit)."""
    return embedding.by_group(shown(book, found), book.schemes.embedding, *keys)


def _arrangements(book: Book) -> pd.DataFrame:
    return arrangements(book, rated(book).measures)[0]


def _exceptions(book: Book) -> pd.DataFrame:
    return arrangements(book, rated(book).measures)[1]


@dataclass(frozen=True)
class Result:
    """What a directorate's notebook records for the council stage: which notebook, and how it is computed."""

    notebook: str
    make: Callable[[Book], pd.DataFrame]


RESULTS: dict[str, Result] = {
    "quality": Result(QUALITY, lambda book: reliance.quality(book, rated(book).measures).measures),
    "rated_measures": Result(MEASURES, _told),
    "outturns": Result(MEASURES, lambda book: outturns.outturns(book, rated(book)).measures),
    "arrangements": Result(EMBEDDING, _arrangements),
    "exceptions": Result(EMBEDDING, _exceptions),
    "embedding": Result(EMBEDDING, lambda book: levels(book, _arrangements(book))),
}
"""Scrap name → result."""


def collected(book: Book, *names: str) -> Collected:
    """Every directorate's results of these names (all, where none is named), each row with its `directorate`.

    A directorate of which one of them is not there is missing, and none of its results is read: a page speaks of
    the same directorates throughout.
    """
    wanted = names or tuple(RESULTS)
    path = _manifest_path(book)
    if path is None:
        return Collected(_computed(book, wanted), is_recorded=False)
    run = manifests.read(path)
    _refuse_other(book, run)
    done = _recorded(run, wanted)
    if not done:
        raise StoreError(
            "No directorate's notebooks ended well, so there is nothing for a council page to speak of."
        )
    missing = [one.name for one in book.council.directorates if one.id not in done]
    return Collected(_stacked(done, wanted), is_recorded=True, missing=tuple(missing))


def _recorded(run: Manifest, wanted: tuple[str, ...]) -> dict[str, dict[str, pd.DataFrame]]:
    """Unit → result → frame, of the units whose notebooks all ended well."""
    needed = {RESULTS[name].notebook for name in wanted}
    ended = {(item.unit, item.notebook): item for item in run.stage("directorate") if item.outcome == "ok"}
    units = dict.fromkeys(item.unit for item in run.stage("directorate"))
    return {
        unit: {
            name: frame
            for notebook in sorted(needed)
            for name, frame in _scraps(run, ended[unit, notebook], wanted)
        }
        for unit in units
        if all((unit, notebook) in ended for notebook in needed)
    }


def _manifest_path(book: Book) -> Path | None:
    """The named run's manifest, else the newest complete one for these parameters, records, policy and code, else none."""
    named = book.parameters["inputs"]
    if named:
        return places.run_folder(named) / "manifest.json"
    same = {name: book.parameters[name] for name in ASKED}
    root = settings.root()
    now = {
        "snapshot": book.snapshot.id,
        "policy": identity.policy_digest(
            root, book.council.id, frameworks.digest(book.framework), book.as_at
        ),
        "code": identity.code_digest(root),
    }
    units = [one.id for one in book.council.directorates]
    return manifests.newest_complete(places.runs(), {**same, **now}, units)


def _refuse_other(book: Book, run: Manifest) -> None:
    """A run of another quarter, council or state of the records says nothing of what this page is about."""
    asked = {name: book.parameters[name] for name in (*ASKED, "snapshot") if book.parameters[name]}
    others = [
        f"{name} '{getattr(run, name)}', not '{value}'"
        for name, value in asked.items()
        if getattr(run, name) != value
    ]
    if others:
        raise ParameterError(
            f"inputs '{run.run_id}' is a run of {'; '.join(others)}. "
            "Name a run of what the page is asked of, or leave 'inputs' empty."
        )


def _scraps(run: Manifest, item: Item, wanted: tuple[str, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    notebook = places.run_folder(run.run_id) / item.path
    if content_hash(notebook) != item.sha256:
        raise StoreError(
            f"The recorded notebook of {item.unit} was altered after its run. Run it again: `pmf run --again`."
        )
    names = [name for name in wanted if RESULTS[name].notebook == item.notebook]
    for name, frame in scraps.read(notebook, dict.fromkeys(names, 1)).items():
        if isinstance(frame, pd.DataFrame):
            yield name, frame


def _computed(book: Book, wanted: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    units = {one.id: book.of(one) for one in book.council.directorates}
    made = {unit: {name: RESULTS[name].make(of) for name in wanted} for unit, of in units.items()}
    return _stacked(made, wanted)


def _stacked(done: dict[str, dict[str, pd.DataFrame]], wanted: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """One frame per result over all directorates, in the council's order."""
    return {
        name: _one_frame([found[name].assign(directorate=unit) for unit, found in done.items()])
        for name in wanted
    }


def _one_frame(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames one under the other; those without rows lend their columns only when all are so."""
    filled = [frame for frame in frames if not frame.empty] or frames[:1]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
