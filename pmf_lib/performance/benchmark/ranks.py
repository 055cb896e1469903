"""Places from the best, ties shared: 1, 2, 2, 4."""

from __future__ import annotations

import numpy as np

from pmf_lib.performance.benchmark.figures import SIGNS, Flags, Real, Whole


def places(group: Whole, worse: Real, counted: Flags) -> tuple[Whole, Whole]:
    """Each figure's place in its group, and with how many others it shares it.

    Parameters
    ----------
    group, worse
        The group's number, and a figure that grows as things get worse; none is missing.
    counted
        Figures that are placed against; the others get a place among them and push nobody down.

    Returns
    -------
    tuple of arrays
        Place (1 and one more for each counted figure that is strictly better) and the number of counted others on
        the same figure.

    >>> place, ties = places(np.zeros(4, int), np.array([3.0, 1, 3, 4]), np.ones(4, bool))
    >>> place.tolist(), ties.tolist()
    ([2, 1, 2, 4], [1, 0, 1, 0])
    """
    order = np.lexsort((worse, group))
    group_first = _first(group[order])
    run = np.cumsum(group_first | _first(worse[order])) - 1
    held = counted[order].astype(np.int64)
    before = np.cumsum(held) - held
    run_start = np.flatnonzero(group_first | _first(worse[order]))
    group_start = np.flatnonzero(group_first)[np.cumsum(group_first) - 1]
    place, ties = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    place[order] = before[run_start][run] - before[group_start] + 1
    ties[order] = np.bincount(run, weights=held).astype(np.int64)[run] - held if len(order) else held
    return place, ties


def _first(values: Real | Whole) -> Flags:
    """Where a sorted array's value is not the one before."""
    found = np.ones(len(values), dtype=bool)
    found[1:] = values[1:] != values[:-1]
    return found


def rank(values: Real, polarity: str) -> Real:
    """The places of one list of figures; NaN for a missing one, and for all where neither way is best.

    For an analyst's own lists; pages use `standing`, which ranks every measure and period at once.

    Source: Department for Education, Local Authority Interactive Tool (ranks).

    >>> rank(np.array([10.0, 20, np.nan, 20, 30]), "higher").tolist()
    [4.0, 2.0, nan, 2.0, 1.0]
    """
    found = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    if polarity in SIGNS:
        worse = -SIGNS[polarity] * values[known]
        found[known] = places(np.zeros(len(worse), np.int64), worse, np.ones(len(worse), bool))[0]
    return found
