"""A measure's latest result beside those of others for the same period: described, not tested."""

from __future__ import annotations

import numpy as np
import pandas as pd

SIDES = {"higher": 1.0, "lower": -1.0}
"""Polarity → the sign of a difference that is better."""


def compared(rated: pd.DataFrame, comparators: pd.DataFrame) -> pd.DataFrame:
    """Latest results beside others' for the same period.

    Parameters
    ----------
    rated
        One row per measure: measure_id, last_period, last_value, polarity and more.
    comparators
        One row per measure, period and authority: authority, authority_kind, value.

    Returns
    -------
    DataFrame
        One row per measure that has anyone else's figure for its latest period. The columns of
        `rated`, and country (name), country_value, region_value, group_value (the average of a
        group, such as its nearest neighbours), others_median, others_n (authorities with a value), than_country
        (better, worse, same, or '' where neither way is better). Figures in the measure's unit.

    Source: the framework, section 1.2 (published data allow comparison with other authorities). A missing authority is
    not counted, and no difference is called real here.
    """
    latest = rated.loc[rated["last_value"].notna(), ["measure_id", "last_period"]]
    same = comparators.dropna(subset=["value"]).merge(
        latest, left_on=["measure_id", "period"], right_on=["measure_id", "last_period"]
    )
    found = latest[["measure_id"]].merge(_columns(same), on="measure_id")
    joined = rated.merge(found, on="measure_id")
    return joined.assign(than_country=_side(joined))


def _columns(same: pd.DataFrame) -> pd.DataFrame:
    """One row per measure: the figures of country, region and group, and the other authorities' median."""
    kind = same["authority_kind"]
    country = (
        same[kind == "country"]
        .groupby("measure_id")
        .agg(country=("authority", "first"), country_value=("value", "first"))
    )
    region = same[kind == "region"].groupby("measure_id").agg(region_value=("value", "first"))
    group = same[kind == "neighbours"].groupby("measure_id").agg(group_value=("value", "first"))
    others = same[kind == "authority"].groupby("measure_id")
    each = others.agg(others_median=("value", "median"), others_n=("value", "size"))
    table = country.join([region, group, each], how="outer").reset_index()
    return table.assign(country=table["country"].fillna(""), others_n=table["others_n"].fillna(0).astype(int))


def _side(joined: pd.DataFrame) -> pd.Series:
    """Better or worse than the country, rounded to the measure's decimals and judged by polarity."""
    step = 10.0 ** joined["decimals"].astype(float)
    gap = np.round((joined["last_value"] - joined["country_value"]) * step)
    signed = gap * joined["polarity"].map(SIDES).astype(float)
    words = np.select([signed > 0, signed < 0, signed == 0], ["better", "worse", "same"], default="")
    return pd.Series(words, index=joined.index)
