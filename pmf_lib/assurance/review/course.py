"""The course of each duty over a year's quarters: did it fall, rise, hold, stay weak, or was it never tested?

Compared are results (met, partly met, not met) of the quarters in which a duty could be tested. A quarter without a test moves
nothing and hides nothing: a duty that could be tested before and can't be any more is told apart, and one that never could is
no pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from pmf_lib.assurance.clauses import BINDING

RANKS: Mapping[str, int] = MappingProxyType({"met": 0, "partly": 1, "not_met": 2})
"""Results of a duty that was tested → how far it is from what is asked."""
COURSES = ("fell", "weak", "wavered", "rose", "held", "never", "not_asked")
"""What became of a duty over the year; over several units the first of these that holds in any of them."""
UNTOLD = ("never", "not_asked")
DUTY = ["unit", "clause"]
HEAD = ["what", "source", "group"]


def over_year(found: pd.DataFrame, quarters: Sequence[str]) -> pd.DataFrame:
    """The course of each duty in each unit.

    Parameters
    ----------
    found
        One row per quarter, unit and clause: quarter (label), and what `pmf_lib.assurance.clauses.results` gives.
    quarters
        Labels of the year's quarters, the first first.

    Returns
    -------
    DataFrame
        One row per unit and clause that is a duty or a minimum, in the order in which they first stand: unit, clause, what,
        source, group (as last told), one column per quarter (the result; '' where there is none), tested_n (quarters in which
        it was tested), first and last (results of the first and the last of them, or ''), course (one of `COURSES`), is_dark
        (tested before, and without evidence in the last quarter).
    """
    duties = found[found["force"].isin(BINDING)]
    wide = _by_quarter(duties, quarters)
    ranks = wide.apply(lambda column: column.map(RANKS)).astype("float64")
    first, last = ranks.bfill(axis=1).iloc[:, 0], ranks.ffill(axis=1).iloc[:, -1]
    words = {rank: code for code, rank in RANKS.items()}
    made = wide.assign(
        tested_n=ranks.notna().sum(axis=1),
        first=first.map(words).fillna("").astype("str"),
        last=last.map(words).fillna("").astype("str"),
        course=_courses(ranks, first, last, (wide == "no_evidence").any(axis=1)),
        is_dark=(wide[quarters[-1]] == "no_evidence") & last.notna(),
    )
    heads = duties.drop_duplicates(DUTY, keep="last").set_index(DUTY)[HEAD]
    return heads.join(made).reindex(made.index).reset_index()


def by_clause(courses: pd.DataFrame) -> pd.DataFrame:
    """The course of each duty over all units, the worst first.

    Parameters
    ----------
    courses
        As from `over_year`.

    Returns
    -------
    DataFrame
        One row per clause: clause, what, source, group, units_n (of which it is asked), fell_n and rose_n (units in which it did),
        weak_n (in which it was never fully met), dark_n (in which it can't be tested any more), tested_n (the most quarters in
        which any unit was tested), course (the first of `COURSES` that holds in any unit).
    """
    place = {course: number for number, course in enumerate(COURSES)}
    flags = {f"{name}_n": courses["course"] == name for name in ("fell", "rose", "weak")}
    rows = courses.assign(place=courses["course"].map(place), dark_n=courses["is_dark"], **flags)
    told = rows.groupby("clause", sort=False).agg(
        **{name: (name, "first") for name in HEAD},
        units_n=("unit", "nunique"),
        **{name: (name, "sum") for name in (*flags, "dark_n")},
        tested_n=("tested_n", "max"),
        place=("place", "min"),
    )
    counts = dict.fromkeys(["units_n", *flags, "dark_n", "tested_n"], int)
    made = told.astype(counts).assign(course=told["place"].map(dict(enumerate(COURSES))).astype("str"))
    return made.sort_values("place", kind="stable").drop(columns="place").reset_index()


def counts(duties: pd.DataFrame) -> dict[str, int]:
    """How many duties took each course (`by_clause`), in the order of `COURSES`; they add up to all duties."""
    found = duties["course"].value_counts()
    return {course: int(found.get(course, 0)) for course in COURSES}


def _by_quarter(duties: pd.DataFrame, quarters: Sequence[str]) -> pd.DataFrame:
    """By unit and clause: one column per quarter with the result, '' where there is none."""
    order = pd.MultiIndex.from_frame(duties[DUTY].drop_duplicates())
    one = duties.drop_duplicates([*DUTY, "quarter"], keep="last")
    wide = one.pivot_table(index=DUTY, columns="quarter", values="result", aggfunc="first", sort=False)
    every = wide.reindex(index=order, columns=list(quarters)).astype("object")
    return every.fillna("").astype("str").rename_axis(columns=None)


def _courses(
    ranks: pd.DataFrame, first: pd.Series[float], last: pd.Series[float], is_bare: pd.Series[bool]
) -> pd.Series[str]:
    """One of `COURSES` a row; `is_bare`: some quarter had no evidence."""
    most, least = ranks.max(axis=1), ranks.min(axis=1)
    cases = {
        "never": first.isna() & is_bare,
        "not_asked": first.isna(),
        "fell": last > first,
        "rose": last < first,
        "wavered": most > least,
        "weak": most > 0,
    }
    found = np.select(list(cases.values()), list(cases), "held")
    return pd.Series(found, ranks.index, dtype="str")
