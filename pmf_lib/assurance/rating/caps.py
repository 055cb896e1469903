"""The best rating that each declared condition allows a unit, and how far it is from allowing another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.assurance.rating.rules import SCALE, UNABLE, Cap, RatingScheme

COUNTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "assurers_none": ("none_n", "none_n"),
        "duties_not_met": ("not_met_n", "asked_n"),
        "key_groups_not_lived": ("key_not_lived_n", "key_n"),
        "assurers_limited": ("limited_n", "limited_n"),
        "groups_not_lived": ("not_lived_n", "groups_n"),
        "duties_not_fully_met": ("not_full_n", "asked_n"),
        "groups_partly": ("partly_n", "groups_n"),
        "certifications_failed": ("failed_n", "certified_n"),
        "measures_not_relied_on": ("doubted_n", "measures_n"),
        "recommendations_overdue": ("overdue_n", "recommendations_n"),
        "groups_fell": ("fell_n", "groups_n"),
        "duties_in_doubt": ("in_doubt_n", "asked_n"),
        "groups_on_paper": ("paper_n", "groups_n"),
        "duties_untested": ("untested_n", "asked_n"),
        "tables_unsent": ("unsent_n", "tables_n"),
    }
)
"""Condition → what is counted, and of how many (columns of the facts)."""
COLUMNS = ("unit", "of", "n", "base", "counted", "cap", "starts", "less_n", "more_n")
DIRECTORATES, WORST = "directorates", "worst_directorate"
"""What the council's rows for its directorates' ratings are of."""
_SLACK = 1e-9
"""What binary arithmetic may add to a threshold that is met to the digit."""
Numbers = np.ndarray[Any, np.dtype[Any]]


def of_conditions(facts: pd.DataFrame, scheme: RatingScheme) -> pd.DataFrame:
    """One row per unit and condition, in the order of the scheme.

    Parameters
    ----------
    facts
        As from `pmf_lib.assurance.rating.facts.counted`.
    scheme
        Conditions with their thresholds.

    Returns
    -------
    DataFrame
        unit, of (the condition), n (how many), base (of how many), counted (n or pct), cap (the best rating that it allows), starts
        (the threshold of that cap, in the condition's own terms; empty where it holds nothing down), less_n (by how many less it
        would allow a better one; zero where it holds nothing down), more_n (how many more would make it allow less; empty
        where none can).

    >>> from pmf_lib.assurance.rating.rules import Cap
    >>> cap = Cap(of="duties_not_met", counted="pct", reasonable_from=5, limited_from=10)
    >>> counts = pd.DataFrame({"not_met_n": [1, 5, 0], "asked_n": [40, 40, 0]}, index=["A", "B", "C"])
    >>> _beside_thresholds(counts, (cap,))[["unit", "cap", "starts", "less_n", "more_n"]].to_numpy().tolist()
    [['A', 'substantial', nan, 0, 1.0], ['B', 'limited', 10.0, 2, nan], ['C', 'substantial', nan, 0, nan]]
    """
    return _beside_thresholds(facts, scheme.caps)


def _beside_thresholds(facts: pd.DataFrame, declared: Sequence[Cap]) -> pd.DataFrame:
    """Every unit's counts beside every condition's thresholds, each as a count."""
    columns = [COUNTED[cap.of] for cap in declared]
    n, base = (facts[[pair[at] for pair in columns]].to_numpy(dtype="float64").ravel() for at in (0, 1))
    of = np.tile([cap.of for cap in declared], len(facts))
    counted = np.tile([cap.counted for cap in declared], len(facts))
    steps = np.tile(
        [[np.nan if step is None else step for step in cap.steps.values()] for cap in declared],
        (len(facts), 1),
    )
    is_share = (counted == "pct")[:, None]
    least = np.ceil(np.where(is_share, steps * base[:, None] / 100, steps) - _SLACK)
    told = _told(n, steps, least)
    out_of_reach = (counted == "pct") & (n + told["more_n"] > base)
    rows = {
        "unit": np.repeat(facts.index.to_numpy(), len(declared)),
        "of": of,
        "n": n,
        "base": base,
        "counted": counted,
    }
    made = pd.DataFrame({**rows, **told}).astype({"n": "int64", "base": "int64", "less_n": "int64"})
    return made.assign(more_n=made["more_n"].mask(out_of_reach))[list(COLUMNS)]


def _told(n: Numbers, steps: Numbers, least: Numbers) -> dict[str, Numbers]:
    """What each count allows (cap), from which threshold on (starts), and how far it is from allowing another (less_n, more_n).

    `least` are the counts that reach the thresholds, the mildest first; a threshold that is not there is reached by none.
    """
    holds = (n[:, None] > 0) & (n[:, None] >= least)
    at = np.where(holds.any(axis=1), holds.shape[1] - 1 - holds[:, ::-1].argmax(axis=1), -1)
    row, is_held = np.arange(len(n)), at >= 0
    ahead = np.where(~holds & (n[:, None] < least), least - n[:, None], np.inf).min(axis=1)
    return {
        "cap": np.asarray(SCALE)[at + 1],
        "starts": np.where(is_held, steps[row, at], np.nan),
        "less_n": np.where(is_held, n - least[row, at] + 1, 0),
        "more_n": np.where(np.isinf(ahead), np.nan, ahead),
    }


def of_directorates(codes: pd.Series[str], whole: str, scheme: RatingScheme) -> pd.DataFrame:
    """What the directorates' ratings allow the council: a row of `DIRECTORATES` and one of `WORST`; none where it has none.

    The council is no better than what so many of them are rated, or worse (where it has fewer: all of them), and so many
    steps better than the worst of them at most. One that can't be rated counts as the scheme says. `n` is how many are rated so
    or worse, of `WORST` how many as the worst.
    """
    if codes.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    places = codes.replace({UNABLE: scheme.unable_counts_as}).map(SCALE.index).sort_values(ascending=False)
    holds = min(scheme.directorates_that_hold, len(places))
    rows = [(DIRECTORATES, holds, 0), (WORST, 1, scheme.steps_above_worst)]
    return pd.DataFrame([(whole, *_of_places(places, *row)) for row in rows], columns=list(COLUMNS))


def _of_places(places: pd.Series[int], of: str, holds: int, above: int) -> tuple[Any, ...]:
    """What so many of these places on the scale allow, the worst first; `above` is how many steps better it may be."""
    place = int(places.iloc[holds - 1])
    n, cap = int((places >= place).sum()), max(place - above, 0)
    return of, n, len(places), "n", SCALE[cap], holds, (n - holds + 1) * (cap > 0), np.nan


def lowest(caps: pd.DataFrame) -> pd.Series[str]:
    """Unit → the lowest of what its conditions allow."""
    places = caps["cap"].map(SCALE.index).groupby(caps["unit"], sort=False).max()
    return places.map(dict(enumerate(SCALE))).astype("str")
