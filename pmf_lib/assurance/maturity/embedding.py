"""Is the framework lived? From results of clauses to a level for each group of them, capped by the kind of evidence.

A level never says more than its evidence can: a list that names every owner shows what is written down, not what is
done. Evidence is as good as its own rows say (`pmf_lib.assurance.maturity.ladder`), and it ages. Only duties and minimum requirements
give a level; other clauses inform. Nothing is averaged: a group is told by counts of distinct clauses. What is not yet due,
and what nothing arose for, has no level and counts in none. Claims stand beside the levels in `pmf_lib.assurance.maturity.claims`, earlier quarters in `drift`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.assurance.clauses import BINDING, UNTESTED
from pmf_lib.assurance.maturity import ladder
from pmf_lib.assurance.maturity.rules import LEVELS, ORDER, EmbeddingScheme

OF_RESULT = {
    "met": "lived",
    "partly": "partly",
    "not_met": "not_lived",
    "observation": "observed",
    "no_evidence": "not_shown",
    "not_due": "",
    "not_applicable": "",
    "varied": "",
}
WIDEST = ("not_lived", "partly", "not_shown", "on_paper")
"""Levels that leave a gap to what is asked, the widest first."""
COUNTS = (
    "duties_n",
    "tested_n",
    "met_n",
    "partly_n",
    "not_met_n",
    "observed_n",
    "clauses_n",
    "aged_n",
    "idle_n",
    "varied_n",
)
SIDE_COUNTS = (
    "duties_n",
    "tested_n",
    "met_n",
    "partly_n",
    "not_met_n",
    "observed_n",
    "doubted_n",
    "clauses_n",
)
SIDES = ("enabler", "outcome")
"""The arrangements, and what they are to bring about."""
NOT_DUE = "not_due"
"""How counts name the levels of what is not yet due, which are empty."""
IDLE = "idle"
"""How counts name the levels of groups in which nothing arose, which are empty too."""
VARIED = "varied"
"""How counts name the levels of groups whose duties are done in another way by decision, which are empty too."""


def by_clause(results: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """Clause results of one unit or more, each with what it rests on and the level that it shows.

    Parameters
    ----------
    results
        One row per clause (and unit), as from `pmf_lib.assurance.clauses.results`.
    scheme
        What each test rests on, and what each kind of evidence can show.

    Returns
    -------
    DataFrame
        The same rows with declared (the kind of evidence that the test declares), rests_on (the kind that the rows looked at
        come to; a code), rows_say (why the two differ, in words), age_cap and aged (in words, where the evidence is too
        old), is_duty (flag) and level (a verdict of the kind ``embedding``; empty of what is not yet due or did not arise): the result's own
        level, or the cap of its evidence or of its age where that is lower.

    Raises
    ------
    PolicyError
        The scheme does not say what a test rests on.

    Source: a choice of this workbook, docs/methods/embedding.md.
    """
    rows = results.reset_index(drop=True)
    told = rows.join(ladder.rests_on(rows, scheme))
    told = told.join(ladder.ages(rows, told["rests_on"], scheme))
    levels = told["result"].map(OF_RESULT)
    is_duty = told["force"].isin(BINDING)
    seen = levels.where(is_duty | levels.isin(["not_shown", ""]), "observed")
    caps = ladder.weaker(
        told["rests_on"].map({kind.code: kind.cap for kind in scheme.kinds}), told["age_cap"]
    )
    is_capped = (told["age_cap"] != "") & (seen == "lived")
    words = told["aged"].where(is_capped, "")
    made = told.assign(is_duty=is_duty, level=seen.mask(seen == "lived", caps), aged=words)
    return made.set_axis(results.index)


def by_group(clauses: pd.DataFrame, scheme: EmbeddingScheme, *keys: str) -> pd.DataFrame:
    """The level of each group of clauses.

    Parameters
    ----------
    clauses
        One row per clause, as from `by_clause`.
    scheme
        Caps of kinds of evidence, and from where on a group is not lived.
    keys
        Columns that part the groups further, such as the unit.

    Returns
    -------
    DataFrame
        One row per group in the order in which its first clause stands: keys, group, level (empty where nothing is due yet,
        nothing arose or all is varied), clauses_n, duties_n (without those not yet due, those that nothing arose for and those
        varied by decision), tested_n (duties that could be tested), met_n, partly_n, not_met_n (which add up to tested_n),
        observed_n (clauses that were tested and can only be observed), aged_n (duties met on evidence that is too old), idle_n
        (duties that nothing arose for), varied_n (duties varied by decision), rests_on (the weakest evidence of a tested duty,
        else of what was observed; a code or empty), worst (the clause furthest from what is asked; among equals the one on the
        weakest evidence; or empty), failed and population (subjects with an exception, and tested, of that clause).
    """
    by = [*keys, "group"]
    counted = _counted(clauses, by)
    made = counted.assign(level=_level(counted, _weakest_level(clauses, by), scheme))
    told = made.join(_rests_on(clauses, by, scheme)).join(_worst(clauses, by, scheme)).reset_index()
    told = told.assign(rests_on=told["rests_on"].fillna(""), worst=told["worst"].fillna(""))
    counts = {name: told[name].fillna(0).astype(int) for name in ("failed", "population")}
    return told.assign(**counts)[[*by, "level", *COUNTS, "rests_on", "worst", "failed", "population"]]


def by_side(clauses: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """The enabler side beside the outcome side: the arrangements, and what they are to bring about.

    Parameters
    ----------
    clauses
        One row per clause with its `side`, as from `by_clause`.
    keys
        Columns that part them further, such as the unit.

    Returns
    -------
    DataFrame
        Two rows per key, enabler before outcome: keys, side, duties_n, tested_n, met_n, partly_n, not_met_n (which add up to
        tested_n), observed_n (clauses that can only be observed), doubted_n (those of them with exceptions), clauses_n. A
        side without a clause has zeros.
    """
    by = [*keys, "side"]
    counted = _counted(clauses, by).reset_index()
    units = counted[list(keys)].drop_duplicates() if keys else pd.DataFrame(index=[0])
    grid = units.merge(pd.DataFrame({"side": SIDES}), how="cross")
    found = grid.merge(counted, on=by, how="left")
    return found.assign(**{name: found[name].fillna(0).astype(int) for name in SIDE_COUNTS})[
        [*by, *SIDE_COUNTS]
    ]


def distribution(groups: pd.DataFrame, key: str) -> pd.DataFrame:
    """How many stand at each level: of each group over units, or of each unit over groups. Nothing is averaged.

    Parameters
    ----------
    groups
        One row per group and unit, as from `by_group`.
    key
        The column whose values are told one a row: ``group`` (then units are counted) or the unit's (then groups are).

    Returns
    -------
    DataFrame
        One row per value of the key, in the order in which it first stands: the key, lived, on_paper, partly, not_lived,
        observed, not_shown, not_due, idle (nothing arose), varied (done in another way by decision; counts, which add up to
        all_n), all_n.
    """
    columns = [*ORDER, NOT_DUE, IDLE, VARIED]
    levels = (
        groups["level"].replace({"": NOT_DUE}).mask(is_varied(groups), VARIED).mask(is_idle(groups), IDLE)
    )
    order = list(dict.fromkeys(groups[key]))
    counts = pd.crosstab(groups[key], levels).reindex(index=order, columns=columns, fill_value=0).astype(int)
    made = counts.assign(all_n=counts.sum(axis=1)).rename_axis(index=key, columns=None)
    return made.reset_index()


def is_idle(groups: pd.DataFrame) -> pd.Series[bool]:
    """Groups without a level in which nothing arose that a duty asks for."""
    return (groups["level"] == "") & (groups["idle_n"] > 0)


def is_varied(groups: pd.DataFrame) -> pd.Series[bool]:
    """Groups without a level of which a duty is done in another way by decision."""
    return (groups["level"] == "") & (groups["varied_n"] > 0)


def widest(groups: pd.DataFrame) -> pd.DataFrame:
    """Groups that leave a gap between what the framework asks and what the records show, the widest first.

    Not lived comes before partly lived, then what could not be shown, then what is only on paper; within a level the
    larger share of exceptions. A group of which no duty is asked leaves no gap.
    """
    rank = groups["level"].map({level: place for place, level in enumerate(WIDEST)})
    share = groups["failed"] / groups["population"].clip(lower=1)
    ranked = groups.assign(_rank=rank, _share=share)[rank.notna() & (groups["duties_n"] > 0)]
    ordered = ranked.sort_values(["_rank", "_share"], ascending=[True, False], kind="stable")
    return ordered.drop(columns=["_rank", "_share"]).reset_index(drop=True)


def _counted(clauses: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sums of the flags, by these columns in the order in which they first stand."""
    rows = clauses.reset_index(drop=True)
    return rows[by].join(_flags(rows)).groupby(by, sort=False).sum().astype(int)


def _flags(clauses: pd.DataFrame) -> pd.DataFrame:
    """One flag per count, so that a group's counts are sums."""
    level = clauses["level"]
    duty = clauses["is_duty"] & (level != "")
    failed = level.isin(["partly", "not_lived"])
    tested = duty & (clauses["result"].isin(["met", "partly", "not_met"]))
    return pd.DataFrame(
        {
            "clauses_n": True,
            "due_n": level != "",
            "duties_n": duty,
            "tested_n": tested,
            "met_n": tested & ~failed,
            "shown_n": tested & level.isin(LEVELS) & ~failed,
            "partly_n": tested & (level == "partly"),
            "not_met_n": tested & (level == "not_lived"),
            "aged_n": tested & (clauses["aged"] != ""),
            "observed_n": level == "observed",
            "idle_n": clauses["is_duty"] & (clauses["result"] == "not_applicable"),
            "varied_n": clauses["is_duty"] & (clauses["result"] == "varied"),
            "doubted_n": (level == "observed") & (clauses["failed"] > 0),
        },
        index=clauses.index,
    )


def _level(counted: pd.DataFrame, weakest: pd.Series, scheme: EmbeddingScheme) -> np.ndarray:
    """The first that holds: nothing due, nothing arose or all varied, nothing known, not lived, partly lived, else what the weakest evidence allows."""
    tested, bad = counted["tested_n"], counted["not_met_n"]
    without = counted["idle_n"] + counted["varied_n"]
    is_bare = (without > 0) & (counted["duties_n"] + counted["observed_n"] == 0)
    holds = [
        (counted["due_n"] == 0) | is_bare,
        (tested == 0) & (counted["observed_n"] > 0),
        (tested == 0) | ((counted["shown_n"] == 0) & (counted["met_n"] == tested)),
        (bad > 0) & (100 * bad >= scheme.not_lived_from_pct * tested),
        counted["shown_n"] < counted["duties_n"],
    ]
    return np.select(
        holds, ["", "observed", "not_shown", "not_lived", "partly"], weakest.reindex(counted.index)
    )


def _weakest_level(clauses: pd.DataFrame, by: list[str]) -> pd.Series:
    """The weakest level among a group's duties that were tested."""
    tested = clauses[clauses["is_duty"] & ~clauses["result"].isin(UNTESTED)]
    places = tested.assign(place=tested["level"].map({level: place for place, level in enumerate(ORDER)}))
    return places.groupby(by, sort=False)["place"].max().map(dict(enumerate(ORDER)))


def _rests_on(clauses: pd.DataFrame, by: list[str], scheme: EmbeddingScheme) -> pd.Series:
    """The weakest evidence among tested duties; of a group without any, among its observations."""
    seen = clauses[~clauses["result"].isin(UNTESTED)]
    duties, others = (_weakest(seen[seen["is_duty"] == flag], by, scheme) for flag in (True, False))
    return duties.combine_first(others).rename("rests_on")


def _weakest(clauses: pd.DataFrame, by: list[str], scheme: EmbeddingScheme) -> pd.Series:
    places = clauses.assign(place=clauses["rests_on"].map(scheme.codes.index))
    return places.groupby(by, sort=False)["place"].max().map(dict(enumerate(scheme.codes)))


def _worst(clauses: pd.DataFrame, by: list[str], scheme: EmbeddingScheme) -> pd.DataFrame:
    """Each group's duty with the widest gap (among equals on the weakest evidence), and its subjects that failed."""
    duties = clauses[clauses["is_duty"] & clauses["level"].isin(WIDEST)]
    rank = duties["level"].map({level: place for place, level in enumerate(WIDEST)})
    share = duties["failed"] / duties["population"].clip(lower=1)
    weak = duties["rests_on"].map(scheme.codes.index)
    order = duties.assign(_rank=rank, _share=share, _weak=weak, worst=duties["clause"]).sort_values(
        ["_rank", "_share", "_weak"], ascending=[True, False, False], kind="stable"
    )
    return order.drop_duplicates(by).set_index(by)[["worst", "failed", "population"]]
