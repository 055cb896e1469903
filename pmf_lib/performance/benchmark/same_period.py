"""Others' figures for the very period of the council's latest one; those of any other period are never used."""

from __future__ import annotations

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.numbers import decimals_of
from pmf_lib.performance.frames import complete
from pmf_lib.periods import FREQUENCIES

SINGLE = {
    "country": ("country", "country_value"),
    "region": ("region", "region_value"),
    "neighbours": ("group", "group_value"),
    "median": ("median_of", "published_median"),
}
"""Kind of comparator of which there is one a measure → the columns of its name and its figure."""


def held(comparators: pd.DataFrame, council: str, closed: tuple[str, ...]) -> pd.DataFrame:
    """Comparators with a figure, without the council's own and closed authorities."""
    known = complete(comparators, "comparators").dropna(subset=["value"])
    return known[~known["authority"].isin([*closed, *([council] if council else [])])]


def of_same_period(rated: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The rows of `known` for each measure's latest period, where the council has a figure; in an order of their own."""
    latest = rated.loc[rated["last_value"].notna(), ["measure_id", "last_period"]]
    same = known.merge(latest, left_on=["measure_id", "period"], right_on=["measure_id", "last_period"])
    order = ["measure_id", "authority_kind", "authority"]
    return same.drop(columns="last_period").sort_values(order, ignore_index=True)


def singles(same: pd.DataFrame, measures: pd.Series[str]) -> pd.DataFrame:
    """Name and figure of country, region, group and published median: one row per measure, in the order given."""
    found: dict[str, pd.Series] = {}
    for kind, (name, value) in SINGLE.items():
        rows = same[same["authority_kind"] == kind].drop_duplicates("measure_id").set_index("measure_id")
        found[name] = measures.map(rows["authority"]).astype(object).fillna("").astype("str")
        found[value] = measures.map(rows["value"]).astype(float)
    return pd.DataFrame(found, index=measures.index)


def country_decimals(known: pd.DataFrame, measures: pd.Series[str]) -> pd.Series[float]:
    """With how many decimals the country's figures of each measure are published, over all periods (NaN: there are none)."""
    country = known[known["authority_kind"] == "country"]
    decimals = pd.Series(decimals_of(country["value"].to_numpy(dtype=float)), country.index)
    return measures.map(decimals.groupby(country["measure_id"]).max()).astype(float)


def latest_elsewhere(rated: pd.DataFrame, known: pd.DataFrame, same: pd.DataFrame) -> pd.Series[str]:
    """The others' latest period, where none of theirs is for the council's; '' elsewhere (index of `rated`).

    Of a measure for which other authorities have figures theirs counts, else that of anyone.
    """
    has_same = rated["measure_id"].isin(_of_authorities(same)["measure_id"].unique())
    asked = rated[rated["last_value"].notna() & ~has_same]
    rows = known[known["measure_id"].isin(asked["measure_id"])]
    named = _of_authorities(rows)["measure_id"].unique()
    elsewhere = rows[(rows["authority_kind"] == "authority") | ~rows["measure_id"].isin(named)]
    lacking = asked["measure_id"].isin(named) | ~asked["measure_id"].isin(same["measure_id"].unique())
    wanted = asked.loc[lacking, ["measure_id", "frequency"]]
    latest = _latest(elsewhere.merge(wanted, on="measure_id")[["measure_id", "period", "frequency"]])
    return rated["measure_id"].map(latest).astype(object).fillna("").astype("str")


def _of_authorities(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["authority_kind"] == "authority"]


def _latest(rows: pd.DataFrame) -> pd.Series[str]:
    """The latest period of each measure that is of its frequency, by measure_id."""
    each = rows.drop_duplicates()
    ends = [_end(label, kind) for label, kind in zip(each["period"], each["frequency"], strict=True)]
    dated = each.assign(end=pd.Series(ends, each.index, dtype="datetime64[s]")).dropna(subset=["end"])
    last: pd.Series[str] = dated.sort_values(["end", "period"]).groupby("measure_id")["period"].last()
    return last


def _end(label: str, frequency: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(periods.parse(label, FREQUENCIES.get(frequency)).end)
    except ParameterError:
        return None
