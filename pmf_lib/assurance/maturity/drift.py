"""Drift: is the framework lived more or less than a quarter and a year ago, from the same records as they stood then?

Like is compared with like: a group's level now and then is told from those duties alone that were tested at both times. A
duty that is tested now and was not then, or the other way round, is no drift; it is counted apart.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.maturity.embedding import by_group
from pmf_lib.assurance.maturity.rules import LEVELS, EmbeddingScheme

MOVES = ("worse", "better", "same", "not_known")
"""How a level stands to an earlier one; not known where either of them is not known."""
TESTED = ("met", "partly", "not_met")
"""Results of a duty that was tested."""
_PLACE = {level: place for place, level in enumerate(LEVELS)}
_COUNTS = ("both_n", "new_n", "gone_n")


def moved(now: pd.Series[str], before: pd.Series[str]) -> pd.Series[str]:
    """How each level stands to the earlier one.

    >>> moved(
    ...     pd.Series(["lived", "partly", "lived", "lived"]), pd.Series(["partly", "partly", "not_shown", ""])
    ... ).tolist()
    ['better', 'same', 'not_known', 'not_known']
    """
    steps = before.map(_PLACE).astype("float64") - now.map(_PLACE).astype("float64")
    made = pd.Series("same", now.index, dtype="str").mask(steps > 0, "better").mask(steps < 0, "worse")
    return made.mask(steps.isna(), "not_known")


def beside(
    groups: pd.DataFrame,
    clauses: pd.DataFrame,
    quarter: pd.DataFrame,
    year: pd.DataFrame,
    scheme: EmbeddingScheme,
    *keys: str,
) -> pd.DataFrame:
    """How each group stands to the quarter before and to the same quarter of the year before, by the duties tested at both times.

    Parameters
    ----------
    groups
        One row per group (and unit), as from `pmf_lib.assurance.maturity.embedding.by_group`.
    clauses
        One row per clause (and unit), as from `pmf_lib.assurance.maturity.embedding.by_clause`.
    quarter, year
        The same clauses of the earlier quarters, told by the same rules from what was known at the same lag after their end.
    scheme
        From where on a group is not lived.
    keys
        Columns that tell units apart.

    Returns
    -------
    DataFrame
        The same rows with, for each of quarter and year: before_* and now_* (levels then and now over the duties tested at
        both times; empty where there is none), since_* (`MOVES`), both_n_* (those duties), new_n_* (tested now and not then),
        gone_n_* (tested then and not now; both zero where nothing was tested then).
    """
    found = groups
    for name, earlier in (("quarter", quarter), ("year", year)):
        one = _since(clauses, earlier, scheme, [*keys, "group"]).add_suffix(f"_{name}")
        found = found.merge(one, left_on=[*keys, "group"], right_index=True, how="left")
        for level in (f"now_{name}", f"before_{name}"):
            found[level] = found[level].astype("object").fillna("").astype("str")
        counts = [f"{count}_{name}" for count in _COUNTS]
        found[counts] = found[counts].fillna(0).astype(int)
        found[f"since_{name}"] = moved(found[f"now_{name}"], found[f"before_{name}"])
    return found.set_axis(groups.index)


def of_clauses(clauses: pd.DataFrame, earlier: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Duties that were tested at both times and show more or less than they did, those that fell first.

    Parameters
    ----------
    clauses, earlier
        One row per clause (and unit), as from `pmf_lib.assurance.maturity.embedding.by_clause`, now and of an earlier quarter.
    keys
        Columns that tell units apart.

    Returns
    -------
    DataFrame
        One row per duty that moved: keys, clause, group, what, test, level, before (the earlier level), since (worse or better; a met
        duty on evidence too old to show anything stands as if partly met, as it does in its group), failed and population
        (now), failed_before and population_before.
    """
    by = [*keys, "clause"]
    then = {"level": "before", "failed": "failed_before", "population": "population_before"}
    found = _tested(clauses).merge(_tested(earlier)[[*by, *then]].rename(columns=then), on=by)
    now, before = (found[name].replace({"not_shown": "partly"}) for name in ("level", "before"))
    found = found.assign(since=moved(now, before))
    fell = found[found["since"].isin(["worse", "better"])]
    fell = fell.sort_values("since", key=lambda since: since.map(MOVES.index), kind="stable")
    columns = ["group", "what", "test", "level", "before", "since"]
    counts = ["failed", "population", "failed_before", "population_before"]
    return fell[[*by, *columns, *counts]].reset_index(drop=True)


def _tested(clauses: pd.DataFrame) -> pd.DataFrame:
    """Duties that were tested."""
    return clauses[clauses["is_duty"] & clauses["result"].isin(TESTED)]


def _since(
    clauses: pd.DataFrame, earlier: pd.DataFrame, scheme: EmbeddingScheme, by: list[str]
) -> pd.DataFrame:
    """By group: now and before (levels over the duties tested at both times) and the counts of duties."""
    now, then = _tested(clauses), _tested(earlier)
    ids = [*by[:-1], "clause"]
    keys = pd.MultiIndex.from_frame(now[ids]), pd.MultiIndex.from_frame(then[ids])
    both, also = keys[0].isin(keys[1]), keys[1].isin(keys[0])
    levels = {
        name: by_group(rows, scheme, *by[:-1]).set_index(by)["level"]
        for name, rows in (("now", now[both]), ("before", then[also]))
    }
    counts = {
        "both_n": now[both].groupby(by).size(),
        "new_n": now[~both].groupby(by).size() * (len(then) > 0),
        "gone_n": then[~also].groupby(by).size(),
    }
    return pd.DataFrame({**levels, **counts})
