"""What is compared with the last issued run, result by result, and the sentence that says how much of it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pmf_lib.performance.compare import CAUSES, LISTED
from pmf_lib.workbook.compared import Compared, Shape
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered, out_of, plural, sentence

WORST_FIRST = {
    "status": ("missed", "near", "met"),
    "clause": ("not_met", "partly", "met"),
    "reliance": ("do_not_rely", "with_care", "rely"),
}
"""Verdicts that can be told better or worse, the worst first."""


def _as_it_is(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Kind:
    """How results of one kind are compared and shown."""

    scrap: str
    one: str
    """What a row is, such as 'measure'."""
    head: str
    """The facet that the sentence counts, its column, and what it is called."""
    column: str
    said: str
    keys: tuple[str, ...]
    title: str
    """The column that names a row to a reader."""
    facets: Mapping[str, tuple[str, ...]]
    verdicts: Mapping[str, str] = field(default_factory=dict)
    """Facet → kind of verdict."""
    shape: Shape = _as_it_is
    """What is added to a frame before it is compared."""


def _latest(rated: pd.DataFrame) -> pd.DataFrame:
    """Rated measures with the value that a page shows of each (`result`) and its period (`of`): the last one known."""
    own = rated["value"].notna()
    return rated.assign(
        result=rated["value"].where(own, rated["last_value"]),
        of=rated["period"].where(own, rated["last_period"]),
    )


MEASURES = Kind(
    scrap="rated_measures",
    one="measure",
    head="Status",
    column="state",
    said="status",
    keys=("measure_id",),
    title="title",
    facets={
        "Status": ("state",),
        "Value": ("result", "of"),
        "Target": ("target", "lower", "upper", "tolerance", "tolerance_kind", "stretch"),
        "Real change": ("variation",),
        "Target as things run": ("capability",),
    },
    verdicts={"Status": "status", "Real change": "variation", "Target as things run": "capability"},
    shape=_latest,
)
CLAUSES = Kind(
    scrap="arrangements",
    one="arrangement",
    head="Result",
    column="result",
    said="result",
    keys=("clause",),
    title="what",
    facets={"Result": ("result",)},
    verdicts={"Result": "clause"},
)
QUALITY = Kind(
    scrap="quality",
    one="measure",
    head="Reliance",
    column="reliance",
    said="verdict on whether their figures can be relied on",
    keys=("measure_id",),
    title="title",
    facets={"Reliance": ("reliance",)},
    verdicts={"Reliance": "reliance"},
)


def said(kind: Kind, found: Compared) -> str:
    """How many rows changed since which issued run, for better or worse, why, what else moved, and what came or went."""
    changed = found.changes[found.changes["facet"] == kind.head]
    since, of = f"Since {found.baseline.name}, was issued", len(found.now)
    if changed.empty:
        return f"{since}, none of {counted(of, kind.one, in_words=True)} changed {kind.said}.{_others(found, kind)}{_listed(found, kind)}"
    head = lowered(out_of(len(changed), of, kind.one))
    return f"{since}, {head} changed {kind.said}{_ways(kind, found)}.{_whys(changed['cause'])}{_listed(found, kind)}"


def _others(found: Compared, kind: Kind) -> str:
    """What else changed, where nothing changed of what the sentence counts."""
    others = found.changes[~found.changes["facet"].isin([kind.head, LISTED])]
    moved_on = moved_on_only(others["facet"], others["cause"])
    touched = len(others[~moved_on].drop_duplicates(list(kind.keys)))
    figures = f" {sentence(counted(int(moved_on.sum()), 'figure', in_words=True))} moved on to a new period."
    more = f" {sentence(counted(touched, kind.one, in_words=True))} changed otherwise."
    return (figures if moved_on.any() else "") + (
        f"{more}{_whys(others.loc[~moved_on, 'cause'])}" if touched else ""
    )


def _listed(found: Compared, kind: Kind) -> str:
    """How many rows the issued run did not have, and how many are gone since."""
    rows = found.changes[found.changes["facet"] == LISTED]
    gone = sum(row is None for row in rows_of(kind, found.now, rows))
    new = len(rows) - gone
    parts = [
        f"{counted(count, kind.one, in_words=True)} {plural(count, 'is', 'are')} {what}"
        for count, what in ((new, "new"), (gone, "no longer listed"))
        if count
    ]
    return f" {sentence(listing(parts))}." if parts else ""


def moved_on_only(facets: pd.Series[str], causes: pd.Series[str]) -> pd.Series[bool]:
    """Values and targets that are of a later period, and nothing more."""
    return facets.isin(["Value", "Target"]) & (causes == "period")


def _ways(kind: Kind, found: Compared) -> str:
    """How many went to a better and to a worse verdict, where both can be told so."""
    moved = ranks(kind, found)
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    counts = {"to a better one": up, "to a worse one": down, "otherwise": len(moved) - up - down}
    parts = [f"{count_word(n)} {way}" for way, n in counts.items() if n] if up + down else []
    return f", {listing(parts)}" if parts else ""


def ranks(kind: Kind, found: Compared) -> pd.Series[float]:
    """Of each row that changed its verdict: above nought for the better, below for the worse, missing where neither."""
    order = {code: at for at, code in enumerate(WORST_FIRST[kind.verdicts[kind.head]])}
    changed = found.changes[found.changes["facet"] == kind.head]
    then, now = (lookup(kind, frame, changed, kind.column).map(order) for frame in (found.before, found.now))
    return now.astype(float) - then.astype(float)


def _whys(causes: pd.Series[str]) -> str:
    counts = {
        word: int(causes.str.split("; ").map(lambda codes, c=code: c in codes).sum())
        for code, word in CAUSES.items()
    }
    most_first = sorted(((n, word) for word, n in counts.items() if n), key=lambda pair: -pair[0])
    return f" Why: {listing(f'{word} ({n})' for n, word in most_first)}." if most_first else ""


def rows_of(kind: Kind, frame: pd.DataFrame, wanted: pd.DataFrame) -> list[Row | None]:
    """The frame's row for each row that is wanted; None where it has none."""
    unique = frame.drop_duplicates(list(kind.keys))
    there = dict(zip(_index(kind, unique), unique.to_dict("records"), strict=True))
    return [there.get(key) for key in _index(kind, wanted)]


def _index(kind: Kind, frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(zip(*(frame[name] for name in kind.keys), strict=True))


def lookup(kind: Kind, frame: pd.DataFrame, wanted: pd.DataFrame, column: str) -> pd.Series:
    """One cell for each row that is wanted; None where the frame has no such row."""
    cells = [row[column] if row else None for row in rows_of(kind, frame, wanted)]
    return pd.Series(cells, wanted.index, dtype=object)
