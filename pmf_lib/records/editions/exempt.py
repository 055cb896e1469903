"""Exempt measures left out of the records, with every row and word that tells of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmf_lib.records.editions.naming import IN_WORDS, UNNAMED, Names, columns, is_needed
from pmf_lib.records.schema import TABLES
from pmf_lib.records.schema.evidence import RECORDED

Tables = Mapping[str, pd.DataFrame]
WHERE_IT_BELONGS = frozenset({"parent", "follows", "plan_id", "meeting_id", "framework"})
"""Columns that say where a row belongs, not what it is about."""
ABOUT_THEMSELVES = frozenset({"measures", "plans", "meetings", "agenda", "conversations", "attestations"})
"""Tables whose rows are about something even where they point to nothing."""


def without_exempt(tables: Tables) -> tuple[dict[str, pd.DataFrame], Names]:
    """The tables without exempt measures and all that tells of them, and the names by which they are known.

    A row of a measure that is gone goes; so does one whose key or whose needed words name it, and one that was about such
    things and about nothing else, in every version recorded. A public measure stays, whatever its words. Elsewhere references are dropped, and a text that need
    not be there and names one is emptied. What pointed to a row that went is treated alike, until nothing more goes.
    """
    measures = tables["measures"]
    exempt, rest = measures[measures["exempt"]], measures[~measures["exempt"]]
    names = Names.of(exempt["measure_id"], exempt["title"], [*rest["measure_id"], *rest["title"]])
    kept = {name: frame.copy() for name, frame in tables.items()}
    kept["measures"] = rest.assign(**{name: names.unsaid(rest[name]) for name in columns("measures", "text")})
    gone = {"measures": frozenset(exempt["measure_id"])}
    while True:
        before = {name: len(frame) for name, frame in kept.items()}
        kept = {name: _left(name, frame, names, gone) for name, frame in kept.items()}
        gone = {name: _ids(name, tables[name]) - _ids(name, frame) for name, frame in kept.items()}
        if before == {name: len(frame) for name, frame in kept.items()}:
            return {name: _unnamed_files(frame, names) for name, frame in kept.items()}, names


def _left(name: str, frame: pd.DataFrame, names: Names, gone: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """What is left of one table."""
    if frame.empty:
        return frame
    left, lost = _without_references(name, frame, names, gone)
    words = columns(name, *IN_WORDS, "id")
    named = {column: names.in_texts(left[column]) for column in words}
    optional = [column for column in words if not is_needed(name, column)]
    left = left.assign(**{column: left[column].mask(named[column], "") for column in optional})
    must = pd.DataFrame(
        {column: named[column] for column in words if column not in optional}, index=left.index
    )
    return _without_keys(
        name, left, must.any(axis=1) | _is_about_gone(name, frame, gone) | _is_empty(name, left, lost)
    )


def _without_references(
    name: str, frame: pd.DataFrame, names: Names, gone: Mapping[str, frozenset[str]]
) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """The rows without references to what is gone, and which rows had one."""
    left, lost = frame, pd.Series(False, frame.index)
    every = frozenset[str]().union(*gone.values())
    for column in columns(name, "ids"):
        to = TABLES[name].points_to.get(column, "")
        told = names.without(frame[column], gone.get(to, frozenset()) if to else every)
        lost |= told.str.count(";").ne(frame[column].str.count(";")) | (told.eq("") & frame[column].ne(""))
        left = left.assign(**{column: told})
    for column, to in TABLES[name].points_to.items():
        if column in columns(name, "id") and not is_needed(name, column):
            points = frame[column].isin(gone.get(to, frozenset()))
            lost |= points & (column not in WHERE_IT_BELONGS)
            left = left.assign(**{column: left[column].mask(points, "")})
    return left, lost


def _is_about_gone(name: str, frame: pd.DataFrame, gone: Mapping[str, frozenset[str]]) -> pd.Series[bool]:
    """Rows of a measure that is gone, and rows that belong to a row that is gone."""
    found = pd.Series(False, frame.index)
    for column, to in TABLES[name].points_to.items():
        if column == "measure_id" or (column in columns(name, "id") and is_needed(name, column)):
            found |= frame[column].isin(gone.get(to, frozenset()))
    return found


def _is_empty(name: str, left: pd.DataFrame, lost: pd.Series[bool]) -> pd.Series[bool]:
    """Rows that lost a reference and point to nothing any more."""
    if name in ABOUT_THEMSELVES:
        return pd.Series(False, left.index)
    about = [column for column in _pointing(name) if column not in WHERE_IT_BELONGS]
    return lost & (left[about] == "").all(axis=1)


def _pointing(name: str) -> list[str]:
    return [*columns(name, "ids"), *(one for one in TABLES[name].points_to if one in columns(name, "id"))]


def _without_keys(name: str, frame: pd.DataFrame, goes: pd.Series[bool]) -> pd.DataFrame:
    """The rows without those that go, and without other versions of them."""
    key = [column for column in TABLES[name].key if column != RECORDED]
    if RECORDED in TABLES[name].key and name != "observations":
        keys = pd.MultiIndex.from_frame(frame[key])
        goes = goes | keys.isin(keys[goes.to_numpy()])
    return frame[~goes]


def _ids(name: str, frame: pd.DataFrame) -> frozenset[str]:
    """Ids by which other tables point to this one."""
    return frozenset(frame[TABLES[name].key[0]].astype("str"))


def _unnamed_files(frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The rows with no file or sheet that names what is exempt."""
    said = {
        name: frame[name].mask(names.in_texts(frame[name]), UNNAMED)
        for name in ("source_file", "source_sheet")
    }
    return frame.assign(**said)
