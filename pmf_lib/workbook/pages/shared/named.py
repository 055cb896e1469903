"""What tables of measures share: a measure's name with its unit and a warning, its target, and which come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.performance.words import exact
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pieces.markup import Html, escape, link, tag, text
from pmf_lib.workbook.pieces.tables import Column
from pmf_lib.workbook.pieces.words import NOTHING, number, period

MEASURE = Column("Measure", "html")
LATEST = Column("Latest", "number")
TARGET = Column("Target", "number", decimals="decimals")


def with_names(
    verdicts: Verdicts, rated: pd.DataFrame, pages: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The same rows with `measure`, the title over its unit.

    A measure whose figures page 1 says not to rely on bears that verdict. `pages` (directorate → address of its page)
    makes the name a link.
    """
    rows = rated.to_dict("records")
    names = pd.Series([_name(verdicts, row, pages) for row in rows], index=rated.index, dtype=object)
    return rated.assign(measure=names)


def with_aims(rated: pd.DataFrame) -> pd.DataFrame:
    """The same rows with `latest`, the last value over its period, and `aim`, the target or both ends of the range."""
    rows = rated.to_dict("records")
    latest = pd.Series([_latest(row) for row in rows], index=rated.index, dtype=object)
    aims = pd.Series([_aim(row) for row in rows], index=rated.index, dtype=object)
    return rated.assign(latest=latest, aim=aims)


def with_dashes(counts: pd.DataFrame, names: list[str], of: tuple[str, ...] = ()) -> pd.DataFrame:
    """The same rows with a dash for each nought of `names` where those and `of` are all nought: nothing could be judged.

    >>> with_dashes(pd.DataFrame({"met": [0, 0], "missed": [2, 0]}), ["met", "missed"])["met"].tolist()
    [0, '–']
    """
    judged = counts[[*names, *of]]
    is_bare = (judged == 0).all(axis=1)
    return counts.assign(**{name: counts[name].astype(object).mask(is_bare, NOTHING) for name in names})


def state_heads(verdicts: Verdicts, states: list[str]) -> dict[str, Column]:
    """A column for each state, which counts the measures that are in it."""
    return {code: Column(verdicts.get("status", code).word, "number", decimals=0) for code in states}


DASHES = "a dash where none could be rated or tested"


def _name(verdicts: Verdicts, row: Mapping[Any, Any], pages: Mapping[str, str] | None) -> Html:
    title = row["title"]
    name = link(title, f"{pages[row['directorate']]}#measure-{row['measure_id']}") if pages else text(title)
    unit = _under(unit_left(title, row["unit"]))
    doubt = f" {tag(verdicts.get('reliance', 'do_not_rely')).markup}" if is_doubted(row) else ""
    return Html(f"{name.markup}{unit}{doubt}", title)


def unit_left(title: str, unit: str) -> str:
    """What a measure's title leaves to be said of its unit: a mere number needs none, and none is said twice.

    >>> (
    ...     unit_left("Suspensions, per 100 pupils", "per 100 pupils"),
    ...     unit_left("Entrants, per 100,000", "per 100,000 people"),
    ... )
    ('', 'people')
    """
    base = unit.removeprefix("rate ")
    is_first = title.lower().startswith(f"{unit.lower()} ")
    if unit in ("number", "count") or is_first or (base.startswith("per ") and base in title):
        return ""
    words = base.split(" ")
    for count in range(len(words) - 1, 0, -1):
        if f" {title}".lower().endswith(f" {' '.join(words[:count])}".lower()):
            return " ".join(words[count:])
    return unit


def _under(words: str) -> str:
    return f' <span class="pmf-unit">{escape(words)}</span>' if words else ""


def _latest(row: Mapping[Any, Any]) -> Html:
    """The last value known over its period."""
    value = number(row["last_value"], int(row["decimals"]))
    return Html(f"{escape(value)}{_under(period(row['last_period'], missing=''))}", value)


def is_doubted(row: Mapping[Any, Any]) -> bool:
    """Whether page 1 says not to rely on its figures; of results recorded without that verdict it isn't known.

    >>> is_doubted({"reliance": "do_not_rely"}), is_doubted({"title": "recorded before"})
    (True, False)
    """
    return row.get("reliance") == "do_not_rely"


def _aim(row: Mapping[Any, Any]) -> Any:
    """The target as a cell shows it.

    >>> range_row = {"polarity": "range", "lower": 2.0, "upper": 4.0, "decimals": 0, "target": float("nan")}
    >>> (
    ...     _aim(range_row),
    ...     _aim({**range_row, "upper": float("nan")}),
    ...     _aim({"polarity": "higher", "target": 95.0}),
    ... )
    ('2 to 4', '2 or more', 95.0)
    """
    if row["polarity"] != "range":
        return row["target"]
    ends = [
        None if pd.isna(row[end]) else exact(row[end], int(row["decimals"])) for end in ("lower", "upper")
    ]
    low, high = ends
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less" if high else None
