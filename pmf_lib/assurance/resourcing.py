"""Whether the means are there for the objectives behind each measure, as the objectives' own rows say.

Pure: frames in, one row per measure out.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.checks.common import in_force, last_day
from pmf_lib.periods import Period
from pmf_lib.records.many import exploded

MEANS = ("no", "partly", "not-assessed", "yes", "none")
"""The means for a measure's objectives, the least first: not there, partly there, not assessed, there; and where no open
objective of a plan in force names the measure."""
SHORT = ("no", "partly", "not-assessed")
"""Of these nobody may take it that the means are there."""


def by_measure(
    rated: pd.DataFrame, plans: pd.DataFrame, objectives: pd.DataFrame, *, quarter: Period, as_at: date
) -> pd.DataFrame:
    """The means for the objectives behind each rated measure.

    Parameters
    ----------
    rated
        One row per measure: measure_id, and any other columns, which are kept.
    plans, objectives
        The whole council's, as they stood on the as-at date.
    quarter, as_at
        The reporting quarter, and the only today.

    Returns
    -------
    DataFrame
        One row per measure, in the same order: its columns, means (one of `MEANS`: the least of its objectives'), objectives_n
        (open objectives of plans in force that name it) and objectives (titles of those with the least means, joined by ``; ``).
    """
    pairs = open_objectives(plans, objectives, quarter=quarter, as_at=as_at)
    pairs = exploded(pairs, "measures").drop_duplicates(["objective_id", "measures"])
    pairs = pairs.assign(place=pairs["resourced"].map({code: n for n, code in enumerate(MEANS)}))
    groups = pairs.groupby("measures", sort=False)
    least = pairs[pairs["place"] == groups["place"].transform("min")]
    titles = least.groupby("measures", sort=False)["title"].agg("; ".join)
    place = rated["measure_id"].map(groups["place"].min()).fillna(MEANS.index("none")).astype("int64")
    return rated.assign(
        means=place.map(dict(enumerate(MEANS))).astype("str"),
        objectives_n=rated["measure_id"].map(groups.size()).fillna(0).astype("int64"),
        objectives=rated["measure_id"].map(titles).astype("object").fillna("").astype("str"),
    )


def open_objectives(
    plans: pd.DataFrame, objectives: pd.DataFrame, *, quarter: Period, as_at: date
) -> pd.DataFrame:
    """Objectives of plans in force that are not delivered yet: the columns of objectives."""
    day = last_day(quarter, as_at)
    now = in_force(plans, day)["plan_id"]
    is_open = ~(objectives["delivered_on"] <= pd.Timestamp(day))
    return objectives[objectives["plan_id"].isin(now) & is_open]


def counts(measures: pd.DataFrame) -> pd.DataFrame:
    """How many measures miss their target by the means for their objectives.

    Returns
    -------
    DataFrame
        One row per code of `MEANS` that a measure has, the least first: means, measures_n, rated_n (met, near or missed) and missed_n.
    """
    marked = measures.assign(
        measures_n=1,
        rated_n=measures["state"].isin(["met", "near", "missed"]).astype("int64"),
        missed_n=(measures["state"] == "missed").astype("int64"),
    )
    found = marked.groupby("means")[["measures_n", "rated_n", "missed_n"]].sum()
    return found.reindex([code for code in MEANS if code in found.index]).reset_index()
