"""Is the framework lived? From results of clauses to a level for each group of them, capped by the kind of evidence.

A level never says more than its evidence can: a list that names every owner shows what is written down, not what is
done. Only duties and minimum requirements give a level; other clauses inform. Nothing is averaged: a group is told by
counts of distinct clauses. What is not yet due has no level and counts in none. Nobody claims a level yet, so a gap lies between what is asked and what the records show.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from pmf_lib.assurance.clauses import BINDING, UNTESTED
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.policy import Policy

Level = Literal["lived", "on_paper", "partly", "not_lived", "observed", "not_shown"]
LEVELS = ("lived", "on_paper", "partly", "not_lived")
"""What a tested duty may show, the best first."""
UNKNOWN = ("observed", "not_shown")
"""Nothing of a duty is known: only observations were made, or nothing could be tested."""
OF_RESULT = {
    "met": "lived",
    "partly": "partly",
    "not_met": "not_lived",
    "observation": "observed",
    "no_evidence": "not_shown",
    "not_due": "",
}
WIDEST = ("not_lived", "partly", "not_shown", "on_paper")
"""Levels that leave a gap to what is asked, the widest first."""
COUNTS = ("duties_n", "tested_n", "met_n", "partly_n", "not_met_n", "observed_n", "clauses_n")


class EvidenceKind(Policy):
    """A kind of evidence and the best level that a duty may reach on it alone."""

    code: str
    word: str
    cap: Level
    means: str


class Basis(Policy):
    """What a test rests on (the code of a kind of evidence), and how one of its exceptions is mended."""

    rests_on: str
    mend: str


class EmbeddingScheme(Policy):
    """``parameters/schemes/embedding.yml``: kinds of evidence with their caps, and what each test rests on."""

    version: int
    dated: date
    source: str
    not_lived_from_pct: float = Field(gt=0, le=100)
    kinds: tuple[EvidenceKind, ...] = Field(min_length=1)
    """The strongest first."""
    tests: dict[str, Basis]

    @model_validator(mode="after")
    def _holds_together(self) -> EmbeddingScheme:
        caps = [(*LEVELS, *UNKNOWN).index(kind.cap) for kind in self.kinds]
        if caps != sorted(caps):
            raise ValueError("a weaker kind of evidence has a higher cap than a stronger one; order 'kinds'")
        for test, basis in self.tests.items():
            if basis.rests_on not in self.codes:
                raise ValueError(unknown(f"kind of evidence (test '{test}')", basis.rests_on, self.codes))
        return self

    @property
    def codes(self) -> list[str]:
        """Codes of the kinds of evidence, the strongest first."""
        return [kind.code for kind in self.kinds]

    def kind(self, code: str) -> EvidenceKind:
        """The kind of evidence of this code."""
        return self.kinds[self.codes.index(code)]

    def basis(self, test: str) -> Basis:
        """What this test rests on; raises PolicyError where the scheme does not say."""
        if test not in self.tests:
            mend = "Add it under 'tests' in parameters/schemes/embedding.yml."
            raise PolicyError(unknown("test of the embedding scheme", test, self.tests, mend))
        return self.tests[test]


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
        The same rows with rests_on (code of a kind of evidence), is_duty (flag) and level (a verdict of the kind
        ``embedding``; empty of what is not yet due): the result's own level, or the cap of its evidence where that is
        lower.

    Raises
    ------
    PolicyError
        The scheme does not say what a test rests on.

    Source: a choice of this workbook, docs/methods/embedding.md.
    """
    rests_on = results["test"].map(lambda test: scheme.basis(test).rests_on).astype(str)
    caps = rests_on.map({kind.code: kind.cap for kind in scheme.kinds})
    levels = results["result"].map(OF_RESULT)
    is_duty = results["force"].isin(BINDING)
    seen = levels.where(is_duty | levels.isin(["not_shown", ""]), "observed")
    return results.assign(rests_on=rests_on, is_duty=is_duty, level=seen.mask(seen == "lived", caps))


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
        One row per group in the order in which its first clause stands: keys, group, level (empty where nothing is due
        yet), clauses_n, duties_n (without those not yet due), tested_n (duties that could be tested), met_n, partly_n, not_met_n (which add up to tested_n), observed_n
        (clauses that were tested and can only be observed), rests_on (the weakest evidence of a tested duty, else of
        what was observed; a code or empty), worst (the clause furthest from what is asked; among equals the one on the weakest evidence; or empty), failed and
        population (subjects with an exception, and tested, of that clause).
    """
    by = [*keys, "group"]
    counted = clauses[by].join(_flags(clauses)).groupby(by, sort=False).sum().astype(int)
    made = counted.assign(level=_level(counted, _weakest_cap(clauses, by, scheme), scheme))
    told = made.join(_rests_on(clauses, by, scheme)).join(_worst(clauses, by, scheme)).reset_index()
    told = told.assign(rests_on=told["rests_on"].fillna(""), worst=told["worst"].fillna(""))
    counts = {name: told[name].fillna(0).astype(int) for name in ("failed", "population")}
    return told.assign(**counts)[[*by, "level", *COUNTS, "rests_on", "worst", "failed", "population"]]


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
            "partly_n": tested & (level == "partly"),
            "not_met_n": tested & (level == "not_lived"),
            "observed_n": level == "observed",
        },
        index=clauses.index,
    )


def _level(counted: pd.DataFrame, caps: pd.Series, scheme: EmbeddingScheme) -> np.ndarray:
    """The first that holds: nothing due, nothing known, not lived, partly lived, else what the weakest evidence allows."""
    tested, bad = counted["tested_n"], counted["not_met_n"]
    holds = [
        counted["due_n"] == 0,
        (tested == 0) & (counted["observed_n"] > 0),
        tested == 0,
        (bad > 0) & (100 * bad >= scheme.not_lived_from_pct * tested),
        counted["met_n"] < counted["duties_n"],
    ]
    return np.select(holds, ["", "observed", "not_shown", "not_lived", "partly"], caps.reindex(counted.index))


def _weakest_cap(clauses: pd.DataFrame, by: list[str], scheme: EmbeddingScheme) -> pd.Series:
    """The cap of the weakest evidence among a group's duties that were tested."""
    tested = clauses[clauses["is_duty"] & ~clauses["result"].isin(UNTESTED)]
    return _weakest(tested, by, scheme).map({kind.code: kind.cap for kind in scheme.kinds})


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
