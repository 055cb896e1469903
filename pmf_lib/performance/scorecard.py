"""The marker card (balanced scorecard): the measures of each node of the framework, counted.

Counts by state, variation, capability, reliance and directness each add up to the measures. A measure linked to several
nodes is counted in each (`marker_card`, `by_perspective`) and once in the total (`card_total`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from pmf_lib import periods
from pmf_lib.performance import capability
from pmf_lib.performance.frames import complete, typed
from pmf_lib.performance.status import RATINGS, STATES
from pmf_lib.periods import Period
from pmf_lib.records.schema import PERSPECTIVES

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
AXES = (
    ("worsening_n", "neither_n", "improving_n", "no_real_change_n", "not_tested_n"),
    ("not_expected_n", "hit_and_miss_n", "consistently_meets_n", "capability_not_tested_n"),
)
"""Counts of both verdicts, what asks for most first."""
RELIANCE = ("rely", "with_care", "do_not_rely", "not_judged")
"""Can a measure's figures be relied on? Each has a count of that name with ``_n``."""
WANTED = ["measure_id", "state", "variation", "capability", "reliance"]


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
        ``Rated.measures``; with a column `reliance` (codes of verdicts.yml) where data quality was judged.
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
        which add up to n_measures); rated_n (met, near or missed: what a status covers); improving_n, worsening_n,
        no_real_change_n, neither_n, not_tested_n (of variation); consistently_meets_n, hit_and_miss_n,
        not_expected_n, capability_not_tested_n; stuck_n (not expected to meet the target, and the process has not just
        changed); rely_n, with_care_n, do_not_rely_n, not_judged_n (of reliance);
        direct_n, proxy_n. A node without measures has zeros.

    Source
    ------
    Walsall PMF 2022–25 (markers of success); R. Kaplan and D. Norton, "The balanced scorecard: measures that drive
    performance", Harvard Business Review, 1992 (perspectives).
    """
    card = _nodes(nodes)
    rows = _linked(rated_measures, links, framework, year)
    flags = _flags(rows).groupby(rows["node"]).sum()
    counts = flags.reindex(card["node"], fill_value=0).astype(int).reset_index(drop=True)
    return pd.concat([card, counts], axis=1)


def card_total(
    rated_measures: pd.DataFrame,
    links: pd.DataFrame,
    nodes: Iterable[Node] | pd.DataFrame,
    *,
    framework: str | None = None,
    year: Period | str | None = None,
) -> pd.DataFrame:
    """Count every measure that is linked to any of these nodes, once.

    A measure is direct in the total where any of its links is. Parameters as for `marker_card`.

    Returns
    -------
    DataFrame
        One row: the counts of `marker_card`.
    """
    rows = _linked(rated_measures, links, framework, year)
    rows = rows[rows["node"].isin(_nodes(nodes)["node"])]
    once = rows.sort_values("directness", kind="stable").drop_duplicates("measure_id")
    return _flags(once).sum().astype(int).to_frame().T


def by_perspective(
    rated_measures: pd.DataFrame,
    links: pd.DataFrame,
    nodes: Iterable[Node] | pd.DataFrame,
    *,
    framework: str | None = None,
    year: Period | str | None = None,
) -> pd.DataFrame:
    """Count the measures of each node by the side of the scorecard from which they see it.

    Parameters as for `marker_card`.

    Returns
    -------
    DataFrame
        One row per node and perspective that a measure is linked by, in framework order and the order of
        `PERSPECTIVES`: node, title, perspective, and the counts of `marker_card`, which add up to the node's.
    """
    card = _nodes(nodes)
    rows = _linked(rated_measures, links, framework, year)
    flags = _flags(rows).groupby([rows["node"], rows["perspective"]]).sum()
    every = pd.MultiIndex.from_product([card["node"], PERSPECTIVES], names=["node", "perspective"])
    counts = flags.reindex(every[every.isin(flags.index)]).astype(int).reset_index()
    return card.merge(counts, on="node", how="inner")


def two_axes(rated_measures: pd.DataFrame) -> pd.DataFrame:
    """Count measures by both verdicts, variation and capability, beside their status.

    Parameters
    ----------
    rated_measures
        One row per measure: measure_id, state, variation, capability. Each counts once.

    Returns
    -------
    DataFrame
        One row per pair of verdicts that a measure has: variation_n and capability_n (names of the counts of
        `marker_card`), n_measures, met, near, missed, without (no status), which add up to n_measures. In the order
        worsening, neither, improving, no real change, not tested; within it the target furthest from reach first.
    """
    groups = {code: name for name, codes in VARIATIONS.items() for code in codes}
    reach = {code: name for name, code in CAPABILITIES.items()}
    rows = pd.DataFrame(
        {
            "variation_n": pd.Categorical(rated_measures["variation"].map(groups), AXES[0], ordered=True),
            "capability_n": pd.Categorical(rated_measures["capability"].map(reach), AXES[1], ordered=True),
            "n_measures": 1,
            **{code: (rated_measures["state"] == code).to_numpy().astype(int) for code in RATINGS},
        }
    )
    found = rows.groupby(["variation_n", "capability_n"], observed=True).sum().reset_index()
    return found.assign(without=found["n_measures"] - found[list(RATINGS)].sum(axis=1)).astype(
        {"variation_n": "str", "capability_n": "str"}
    )


def proxies(
    rated_measures: pd.DataFrame,
    links: pd.DataFrame,
    nodes: Iterable[Node] | pd.DataFrame,
    *,
    framework: str | None = None,
    year: Period | str | None = None,
) -> pd.DataFrame:
    """Name the measures that stand near what a node asks, not for it. Parameters as for `marker_card`.

    Returns
    -------
    DataFrame
        One row per link by proxy, in framework order, then by measure_id: node, title (of the node), measure_id,
        reason.
    """
    rows = _linked(rated_measures, links, framework, year)
    rows = rows[rows["directness"] == "proxy"].sort_values("measure_id", kind="stable")
    return _nodes(nodes).merge(rows[["node", "measure_id", "reason"]], on="node", how="inner")


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


def _linked(
    rated_measures: pd.DataFrame, links: pd.DataFrame, framework: str | None, year: Period | str | None
) -> pd.DataFrame:
    """One row per node and measure linked to it, with what is counted of the measure."""
    held = in_force(links, framework, year)[["node", "measure_id", "perspective", "reason", "directness"]]
    held = held.drop_duplicates(["node", "measure_id"])
    rated = typed(rated_measures, dict.fromkeys(WANTED, "str"), {"reliance": "not_judged"})
    return held.merge(rated, on="measure_id")


def _flags(rows: pd.DataFrame) -> pd.DataFrame:
    """One column per count, 1 where the row counts in it."""
    found = {"n_measures": rows["state"].notna()}
    found |= {code: rows["state"] == code for code in STATES}
    found |= {"rated_n": rows["state"].isin(RATINGS)}
    found |= {name: rows["variation"].isin(codes) for name, codes in VARIATIONS.items()}
    found |= {name: rows["capability"] == code for name, code in CAPABILITIES.items()}
    is_settled = ~capability.just_changed(rows["variation"])
    found |= {"stuck_n": (rows["capability"] == CAPABILITIES["not_expected_n"]) & is_settled}
    found |= {f"{code}_n": rows["reliance"] == code for code in RELIANCE}
    found |= {"direct_n": rows["directness"] == "direct", "proxy_n": rows["directness"] == "proxy"}
    return pd.DataFrame(found).astype(int)
