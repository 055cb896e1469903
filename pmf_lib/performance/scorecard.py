"""The marker card: each node of the framework with its measures counted by state, variation and capability."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from pmf_lib import periods
from pmf_lib.performance import capability
from pmf_lib.performance.frames import complete
from pmf_lib.performance.status import STATES
from pmf_lib.periods import Period

VARIATIONS = {
    "improving_n": ("improving_high", "improving_low"),
    "worsening_n": ("worsening_high", "worsening_low"),
    "no_real_change_n": ("no_real_change",),
    "neither_n": ("neither_high", "neither_low"),
    "not_tested_n": ("too_few_points", "not_suited"),
}
CAPABILITIES = {
    "consistently_meets_n": capability.CODES[0],
    "hit_and_miss_n": capability.CODES[1],
    "not_expected_n": capability.CODES[2],
    "capability_not_tested_n": capability.CODES[3],
}


class Node(Protocol):
    """What a marker card needs of a framework's node."""

    @property
    def id(self) -> str:
        """Its id in links."""
        ...

    @property
    def title(self) -> str:
        """Its words."""
        ...


def marker_card(
    rated_measures: pd.DataFrame,
    links: pd.DataFrame,
    nodes: Iterable[Node] | pd.DataFrame,
    *,
    framework: str | None = None,
    year: Period | str | None = None,
) -> pd.DataFrame:
    """Count the measures linked to each node. A measure that is linked to several nodes is counted in each.

    Parameters
    ----------
    rated_measures
        ``Rated.measures``.
    links
        Table of records; links to other measures and nodes are passed over.
    nodes
        In framework order: objects with `id` and `title`, or a frame with columns node (or id) and title.
    framework, year
        Count only links of this framework, and those in force in this financial year (such as '2024-25').

    Returns
    -------
    DataFrame
        One row per node, in the order given: node, title, n_measures; one count per state (columns of that name,
        which add up to n_measures); improving_n, worsening_n, no_real_change_n, neither_n, not_tested_n (of
        variation); consistently_meets_n, hit_and_miss_n, not_expected_n, capability_not_tested_n; direct_n,
        proxy_n. A node without measures has zeros.

    Source
    ------
    Walsall PMF 2022–25 (markers of success).
    """
    card = _nodes(nodes)
    linked = in_force(links, framework, year)[["node", "measure_id", "directness"]]
    linked = linked.drop_duplicates(["node", "measure_id"])
    rows = linked.merge(rated_measures[["measure_id", "state", "variation", "capability"]], on="measure_id")
    flags = _flags(rows).groupby(rows["node"]).sum()
    counts = flags.reindex(card["node"], fill_value=0).astype(int).reset_index(drop=True)
    return pd.concat([card, counts], axis=1)


def in_force(links: pd.DataFrame, framework_id: str | None, year: Period | str | None) -> pd.DataFrame:
    """The links of this framework that hold in this financial year.

    Parameters
    ----------
    links
        Table of records; `valid_from` and `valid_to` are the first and the last year of a link, '' where it is open.
    framework_id, year
        The framework, and the financial year or its label ('2024-25'); None: all of them.

    Returns
    -------
    DataFrame
        The rows of `links` that hold, in the order given, with every column of the table and a fresh index.

    Raises
    ------
    ParameterError
        `year` is not the label of a financial year.

    >>> links = pd.DataFrame({"framework": "a", "node": ["x", "y"], "valid_to": ["2023-24", ""]})
    >>> in_force(links, "a", "2024-25")["node"].tolist()
    ['y']
    """
    rows = complete(links, "links")
    if framework_id is not None:
        rows = rows[rows["framework"] == framework_id]
    if year is None:
        return rows.reset_index(drop=True)
    span = periods.parse(year, "year") if isinstance(year, str) else year
    begun = [not label or periods.parse(label).start <= span.end for label in rows["valid_from"]]
    open_ = [not label or periods.parse(label).end >= span.start for label in rows["valid_to"]]
    holds = pd.Series(begun, rows.index, dtype=bool) & pd.Series(open_, rows.index, dtype=bool)
    return rows[holds].reset_index(drop=True)


def _nodes(nodes: Iterable[Node] | pd.DataFrame) -> pd.DataFrame:
    if isinstance(nodes, pd.DataFrame):
        ids = nodes["node"] if "node" in nodes.columns else nodes["id"]
        return pd.DataFrame({"node": ids.to_numpy(), "title": nodes["title"].to_numpy()}, dtype="str")
    pairs = [(node.id, node.title) for node in nodes]
    return pd.DataFrame(pairs, columns=["node", "title"], dtype="str")


def _flags(rows: pd.DataFrame) -> pd.DataFrame:
    """One column per count, 1 where the row counts in it."""
    found = {"n_measures": rows["state"].notna()}
    found |= {code: rows["state"] == code for code in STATES}
    found |= {name: rows["variation"].isin(codes) for name, codes in VARIATIONS.items()}
    found |= {name: rows["capability"] == code for name, code in CAPABILITIES.items()}
    found |= {"direct_n": rows["directness"] == "direct", "proxy_n": rows["directness"] == "proxy"}
    return pd.DataFrame(found).astype(int)
