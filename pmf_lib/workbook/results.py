"""Results of a unit as notebooks record them, and as a council page collects them: the same functions for both.

A council page takes them from the run's recorded items, through the manifest; where there is none, it computes them
here and says so. A test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib import settings, sidecar
from pmf_lib.errors import ParameterError, StoreError
from pmf_lib.store import identity, places
from pmf_lib.store import manifest as manifests
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import looped, outturns, reliance, scraps
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import (
    arrangements,
    before,
    claimed,
    drifted,
    evidence,
    levels,
    matured,
    rated_in,
    shown,
)
from pmf_lib.workbook.rated import as_found, card, rated, slips, still_running, told, with_nodes

__all__ = (
    "RESULTS",
    "Collected",
    "Result",
    "arrangements",
    "as_found",
    "before",
    "card",
    "claimed",
    "collected",
    "drifted",
    "evidence",
    "levels",
    "matured",
    "rated",
    "shown",
    "slips",
    "still_running",
    "told",
    "with_nodes",
)

QUALITY = "1_data_quality"
MEASURES = "2_measures_against_markers"
EMBEDDING = "3_pmf_embedding"
BOARD = "4_performance_board"
ASKED = ("council", "framework", "quarter", "as_at", "edition", "exemption")


class NothingRecordedError(StoreError):
    """A run is there, and not one directorate's notebook of it ended well that holds what is asked for."""


@dataclass(frozen=True)
class Collected:
    """Directorates' results as a council page has them: where from, and which directorates are missing."""

    frames: dict[str, pd.DataFrame]
    is_recorded: bool
    missing: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def _rated(book: Book) -> pd.DataFrame:
    """The unit's measures as rated for the book's quarter, once for all results that rest on them."""
    return rated_in(book)(book.quarter)


def _told(book: Book) -> pd.DataFrame:
    measures = _rated(book)
    return told(book, measures, reliance.quality(book, measures))


def _lived(book: Book, *wanted: str) -> dict[str, pd.DataFrame]:
    """The results of the third notebook that are wanted, from clauses that are tested once."""
    found, failed = arrangements(book, _rated(book))
    made = {"arrangements": found, "exceptions": failed}
    if "embedding" in wanted:
        made["embedding"] = matured(book, found)
    return {name: made[name] for name in wanted}


def _loop(book: Book) -> pd.DataFrame:
    return looped.closed_loop(book, evidence(book, _rated(book)))


@dataclass(frozen=True)
class Result:
    """What a directorate's notebook records for the council stage: which notebook, and how it is computed."""

    notebook: str
    make: Callable[[Book], pd.DataFrame]


RESULTS: dict[str, Result] = {
    "quality": Result(QUALITY, lambda book: reliance.quality(book, _rated(book)).measures),
    "rated_measures": Result(MEASURES, _told),
    "outturns": Result(MEASURES, lambda book: outturns.outturns(book, rated(book)).measures),
    "arrangements": Result(EMBEDDING, lambda book: _lived(book, "arrangements")["arrangements"]),
    "exceptions": Result(EMBEDDING, lambda book: _lived(book, "exceptions")["exceptions"]),
    "embedding": Result(EMBEDDING, lambda book: _lived(book, "embedding")["embedding"]),
    "loop": Result(BOARD, _loop),
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
        raise NothingRecordedError(
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
    same = {name: book.parameters.get(name, "") for name in ASKED}
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
    asked = {name: book.parameters[name] for name in (*ASKED, "snapshot") if book.parameters.get(name)}
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
    emits = sidecar.load(item.notebook).emits
    versions = {name: emits[name] for name in wanted if RESULTS[name].notebook == item.notebook}
    for name, frame in scraps.read(notebook, versions).items():
        if isinstance(frame, pd.DataFrame):
            yield name, frame


def _computed(book: Book, wanted: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    units = {one.id: book.of(one) for one in book.council.directorates}
    return _stacked({unit: _made(of, wanted) for unit, of in units.items()}, wanted)


def _made(book: Book, wanted: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """A unit's wanted results; those of the third notebook together, since each rests on the same tests."""
    lived = [name for name in wanted if RESULTS[name].notebook == EMBEDDING]
    others = {name: RESULTS[name].make(book) for name in wanted if name not in lived}
    return others | (_lived(book, *lived) if lived else {})


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
