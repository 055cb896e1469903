"""Drift: is the framework lived more or less than a quarter and a year ago, from the same records as they stood then?"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.maturity.rules import LEVELS

MOVES = ("worse", "better", "same", "not_known")
"""How a level stands to an earlier one; not known where either of them is not known."""
_PLACE = {level: place for place, level in enumerate(LEVELS)}


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


def beside(groups: pd.DataFrame, quarter: pd.DataFrame, year: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """The level of each group beside that of the quarter before and of the same quarter of the year before.

    Parameters
    ----------
    groups
        One row per group (and unit), as from `pmf_lib.assurance.maturity.embedding.by_group`.
    quarter, year
        The same of the earlier quarters, told by the same rules from what was known at the same lag after their end.
    keys
        Columns that tell units apart.

    Returns
    -------
    DataFrame
        The same rows with before_quarter and before_year (levels; empty where there is none), since_quarter and since_year
        (`MOVES`).
    """
    by = [*keys, "group"]
    found = groups
    for name, earlier in (("quarter", quarter), ("year", year)):
        then = earlier[[*by, "level"]].rename(columns={"level": f"before_{name}"})
        found = found.merge(then, on=by, how="left")
        found[f"before_{name}"] = found[f"before_{name}"].astype("object").fillna("").astype("str")
        found[f"since_{name}"] = moved(found["level"], found[f"before_{name}"])
    return found.set_axis(groups.index)


def of_clauses(clauses: pd.DataFrame, earlier: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Duties that show more or less than they did, those that fell first.

    Parameters
    ----------
    clauses, earlier
        One row per clause (and unit), as from `pmf_lib.assurance.maturity.embedding.by_clause`, now and of an earlier quarter.
    keys
        Columns that tell units apart.

    Returns
    -------
    DataFrame
        One row per duty that moved: keys, clause, group, what, level, before (the earlier level), since (worse or better),
        failed and population (now), failed_before and population_before.
    """
    by = [*keys, "clause"]
    then = {"level": "before", "failed": "failed_before", "population": "population_before"}
    found = clauses[clauses["is_duty"]].merge(earlier[[*by, *then]].rename(columns=then), on=by)
    found = found.assign(since=moved(found["level"], found["before"]))
    fell = found[found["since"].isin(["worse", "better"])]
    fell = fell.sort_values("since", key=lambda since: since.map(MOVES.index), kind="stable")
    columns = [
        "group",
        "what",
        "level",
        "before",
        "since",
        "failed",
        "population",
        "failed_before",
        "population_before",
    ]
    return fell[[*by, *columns]].reset_index(drop=True)
