"""The ladder of evidence: what a result rests on as its own rows tell it, and how old they are.

A test declares the kind of evidence that it rests on. Its rows may raise that, where a second post checked them, or lower
it, where they name no minute; and they age. The rules are in ``parameters/schemes/embedding.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.assurance.maturity.rules import ORDER, EmbeddingScheme
from pmf_lib.periods import date_words
from pmf_lib.records.schema import PROVENANCE

FACTS = ("rows_n", "checked_n", "referenced_n", "newest_on", "age_months")
SAID_OF_ROWS = ("reference", "entered_by", "verified_by", "verified_on", "recorded_at")
"""Columns of rows that say by whom they were checked, where they can be seen, and when they were entered."""
ONCE = "edition"
"""The period of what is asked once in an edition of the framework: what was done once has not gone stale by it."""


def facts(rows: pd.DataFrame | None, as_at: date) -> dict[str, object]:
    """What rows that a test looked at say of themselves.

    Returns
    -------
    dict
        rows_n (rows, each once), checked_n (checked by a post other than the one that entered them, by the as-at date),
        referenced_n (name a minute or document), newest_on (the last day by the as-at date on which one was entered or
        checked; none where there is no row), age_months (whole months from then to the as-at date). Rows of tables that
        do not say such things count as none.
    """
    if rows is None or rows.empty or not set(SAID_OF_ROWS) <= set(rows):
        return dict(zip(FACTS, (0, 0, 0, pd.NaT, np.nan), strict=True))
    first, now = _firsts(rows), np.datetime64(as_at)
    verified, entered = (
        rows[name].to_numpy(dtype="datetime64[us]")[first] for name in ("verified_on", "recorded_at")
    )
    checked = verified[by_another(rows).to_numpy()[first] & (verified <= now)]
    days = np.concatenate([entered[entered <= now], checked])
    newest = pd.Timestamp(days.max()) if len(days) else None
    named = sum(str(cell).strip() != "" for cell in rows["reference"].to_numpy()[first])
    age = _months(newest, pd.Timestamp(as_at)) if newest else np.nan
    return dict(zip(FACTS, (len(first), len(checked), named, newest or pd.NaT, age), strict=True))


def rests_on(results: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """What each result rests on, told by its rows.

    Parameters
    ----------
    results
        One row per clause, with `test` and the columns `FACTS`; a result without them keeps the declared kind.
    scheme
        What each test declares, what a check or a missing minute does to each kind, and how many rows are enough.

    Returns
    -------
    DataFrame
        The same index: declared and rests_on (codes of kinds), rows_say (why the two differ, as a sentence; else empty).

    Raises
    ------
    PolicyError
        The scheme does not say what a test rests on.

    Source: a choice of this workbook, docs/methods/embedding.md.
    """
    told = with_facts(results)
    declared = told["test"].map(lambda test: scheme.basis(test).rests_on).astype("str")
    some = told["rows_n"] > 0
    bare = some & ~_is_enough(told["referenced_n"], told["rows_n"], scheme)
    fallen = _moved(declared, {kind.code: kind.unreferenced for kind in scheme.kinds}, bare)
    seen = some & _is_enough(told["checked_n"], told["rows_n"], scheme)
    risen = _moved(fallen, {kind.code: kind.checked for kind in scheme.kinds}, seen)
    say = _say(told, "checked_n", risen != fallen, "A second post checked {n} of the {rows} rows looked at.")
    bare_say = _say(
        told,
        "referenced_n",
        fallen != declared,
        "Of the {rows} rows looked at {n} name a minute or document.",
    )
    joined = (bare_say + " " + say).str.strip()
    return pd.DataFrame({"declared": declared, "rests_on": risen, "rows_say": joined}, index=results.index)


def ages(results: pd.DataFrame, kinds: pd.Series[str], scheme: EmbeddingScheme) -> pd.DataFrame:
    """The best level that each result's evidence allows at its age.

    Parameters
    ----------
    results
        One row per clause, with `period` and the columns `FACTS`.
    kinds
        What each rests on (`rests_on`), under the same index.
    scheme
        For how many months each kind is good, and what it shows beyond.

    Returns
    -------
    DataFrame
        The same index: age_cap (a level; empty where the evidence is not too old), aged (in words; else empty). What is
        asked once in an edition does not age, nor does a kind that is looked at anew in each quarter.
    """
    told = with_facts(results)
    good = kinds.map({kind.code: kind.good_for_months for kind in scheme.kinds}).astype("float64")
    asked = told["period"] != ONCE
    old, very_old = asked & (told["age_months"] > good), asked & (told["age_months"] > 2 * good)
    cap = pd.Series("", results.index, dtype="str").mask(old, scheme.old).mask(very_old, scheme.very_old)
    words = {kind.code: kind.word.lower() for kind in scheme.kinds}
    said = [
        f"Its newest row is of {date_words(day.date())}; a {words[kind]} is good for {int(months)} months."
        if is_old
        else ""
        for day, kind, months, is_old in zip(told["newest_on"], kinds, good, old, strict=True)
    ]
    return pd.DataFrame(
        {"age_cap": cap, "aged": pd.Series(said, results.index, dtype="str")}, index=results.index
    )


def weaker(levels: pd.Series[str], caps: pd.Series[str]) -> pd.Series[str]:
    """Of each level and its cap the one that shows less; an empty cap caps nothing.

    >>> weaker(pd.Series(["lived", "on_paper", "lived"]), pd.Series(["on_paper", "lived", ""])).tolist()
    ['on_paper', 'on_paper', 'lived']
    """
    places = {level: place for place, level in enumerate(ORDER)} | {"": -1}
    return levels.where(caps.map(places) <= levels.map(places), caps)


def with_facts(results: pd.DataFrame) -> pd.DataFrame:
    """The same results with the columns of `FACTS` and `period`, where they lack them as if nothing was said of rows."""
    made = results.reindex(columns=[*dict.fromkeys([*results.columns, *FACTS, "period"])])
    counts = {name: made[name].fillna(0).astype(int) for name in ("rows_n", "checked_n", "referenced_n")}
    days = pd.to_datetime(made["newest_on"]), made["age_months"].astype("float64")
    return made.assign(
        **counts,
        newest_on=days[0],
        age_months=days[1],
        period=made["period"].astype("object").fillna("").astype("str"),
    )


def _is_enough(part: pd.Series[int], whole: pd.Series[int], scheme: EmbeddingScheme) -> pd.Series[bool]:
    return 100 * part >= scheme.enough_pct * whole


def _moved(kinds: pd.Series[str], to: Mapping[str, str], where: pd.Series[bool]) -> pd.Series[str]:
    """The kinds, each moved to another one where the rows ask for it and there is one to move to."""
    other = kinds.map(to).fillna("").astype("str")
    return kinds.mask(where & (other != ""), other)


def _say(told: pd.DataFrame, column: str, where: pd.Series[bool], words: str) -> pd.Series[str]:
    said = [words.format(n=n, rows=rows) for n, rows in zip(told[column], told["rows_n"], strict=True)]
    return pd.Series(said, told.index, dtype="str").where(where, "")


def _firsts(rows: pd.DataFrame) -> list[int]:
    """The places of rows, each source row once: where it stands first."""
    key = [name for name in PROVENANCE if name in rows] or list(SAID_OF_ROWS)
    told = list(zip(*(rows[name].tolist() for name in key), strict=True))
    places = {one: len(told) - place - 1 for place, one in enumerate(reversed(told))}
    return sorted(places.values())


def by_another(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that a post other than the one that entered them is said to have checked."""
    checked, entered = (
        [str(cell).strip().casefold() for cell in rows[name].tolist()]
        for name in ("verified_by", "entered_by")
    )
    found = [one not in ("", other) for one, other in zip(checked, entered, strict=True)]
    return pd.Series(found, rows.index, dtype=bool)


def _months(then: pd.Timestamp, now: pd.Timestamp) -> float:
    """Whole months from one day to a later one."""
    return float((now.year - then.year) * 12 + now.month - then.month - (now.day < then.day))
