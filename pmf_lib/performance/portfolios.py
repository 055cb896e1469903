"""Which Cabinet portfolio each measure belongs to, by what the council's file declares.

Pure: frames in, a series out. Each measure belongs to one portfolio at most, so that counts by portfolio add up.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.records.many import exploded

SEVERAL = "several"
"""What stands instead of a portfolio where the measure's nodes belong to more than one."""
RULES = ("service", "node", "directorate")
"""What a portfolio may name, the most particular first: the first that names a measure decides."""


def portfolio_of(measures: pd.DataFrame, declared: pd.DataFrame) -> pd.Series[str]:
    """The portfolio of each measure.

    Parameters
    ----------
    measures
        One row per measure: measure_id, service, nodes (ids joined by ``; ``), directorate.
    declared
        One row per thing that a portfolio names: portfolio (its id), by (one of `RULES`), name.

    Returns
    -------
    Series
        Under the index of `measures`: a portfolio's id; `SEVERAL` where it goes by its nodes and they belong to more than one; ''
        where no portfolio names it.

    >>> declared = pd.DataFrame(
    ...     [("place", "directorate", "streets"), ("safety", "service", "Wardens"), ("young", "node", "m1")],
    ...     columns=["portfolio", "by", "name"],
    ... )
    >>> measures = pd.DataFrame(
    ...     [
    ...         ("a", "Wardens", "m1", "streets"),
    ...         ("b", "Bins", "m1; m2", "streets"),
    ...         ("c", "Bins", "", "streets"),
    ...     ],
    ...     columns=["measure_id", "service", "nodes", "directorate"],
    ... )
    >>> portfolio_of(measures, declared).tolist()
    ['safety', 'young', 'place']
    """
    holders = {rule: _holders(declared, rule) for rule in RULES}
    found = measures["service"].map(holders["service"]).astype("object")
    found = found.fillna(_by_node(measures, holders["node"]))
    found = found.fillna(measures["directorate"].map(holders["directorate"]))
    return found.fillna("").astype("str")


def _holders(declared: pd.DataFrame, rule: str) -> dict[str, str]:
    """What is named by this rule → its portfolio."""
    rows = declared[declared["by"] == rule]
    return dict(zip(rows["name"], rows["portfolio"], strict=True))


def _by_node(measures: pd.DataFrame, holders: dict[str, str]) -> pd.Series[str]:
    """The portfolio of each measure's nodes, `SEVERAL` where there are more; under the index of `measures`."""
    pairs = exploded(measures[["measure_id", "nodes"]], "nodes")
    pairs = pairs.assign(portfolio=pairs["nodes"].map(holders).astype("object")).dropna(subset=["portfolio"])
    pairs = pairs.drop_duplicates(["measure_id", "portfolio"])
    groups = pairs.groupby("measure_id")["portfolio"]
    one = groups.first().mask(groups.size() > 1, SEVERAL)
    return measures["measure_id"].map(one).astype("object")
