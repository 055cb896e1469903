"""Benchmarks against what others have published: Oflog's distances, LAIT's whole release, Fingertips' verdicts."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pmf_lib.performance.benchmark import BenchmarkOptions, against, standing, wilson

pytestmark = [pytest.mark.published, pytest.mark.slow]

AS_PUBLISHED = BenchmarkOptions(rounding="none", least_authorities=4)
RELEASE = "bds_long_0_2025-07-22_79dd99b.parquet"
FIRST_OTHER, FIRST_NEW = 970, 980
"""Numbers of England (970) and of the regions (from 980); every other number is an authority's."""
ENGLAND = "E92000001"
JUDGED = ("Better", "Similar", "Worse", "Higher", "Lower")
PROGRAMME = ("children__obese_reception", "children__obese_year6")
TRIED = np.geomspace(50, 200_000, 200)
"""Denominators tried for each authority."""


def text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce")


def test_medians_and_distances_are_those_that_oflog_published(published):
    rows = text(published / "adult_social_care/ASC_data.csv")
    frame = pd.DataFrame(
        {
            "measure_id": rows["Code"],
            "period": rows["Financial year"],
            "value": numbers(rows["Value"]),
            "polarity": "none",
        }
    )
    found = standing(frame, options=AS_PUBLISHED)
    known = frame["value"].notna()
    assert known.sum() == 6078
    np.testing.assert_allclose(found["median"][known], numbers(rows["MEDIAN"])[known], atol=1e-7)
    np.testing.assert_allclose(
        found["distance_mad"][known], numbers(rows["MADs_from_median"])[known], atol=1e-7
    )
    assert (numbers(rows["MADs_from_median"]).isna() == ~known).all()


@pytest.fixture(scope="module")
def release(published) -> pd.DataFrame:
    """Every authority's figure of every measure and year in the newest release."""
    rows = pd.read_parquet(published / "lait" / RELEASE)
    rows = rows[~rows["LA Number"].between(FIRST_OTHER, FIRST_NEW + 10)]
    known = text(published / "lait/lait_data_dictionary.csv").drop_duplicates("Measure_short")
    polarity = (
        known.set_index("Measure_short")["Polarity"].map({"High": "higher", "Low": "lower"}).fillna("none")
    )
    return pd.DataFrame(
        {
            "measure_id": rows["Short Desc"],
            "period": rows["Years"],
            "authority": rows["LA and Regions"],
            "value": numbers(rows["Values"]),
            "polarity": rows["Short Desc"].map(polarity).fillna("none"),
        }
    ).reset_index(drop=True)


def by_hand(rows: pd.DataFrame) -> tuple[list[str], list[int]]:
    """Bands and ranks of one measure and year by the standard library alone, in decimals."""
    values = [Decimal(f"{value:.9f}") for value in rows["value"]]
    higher = rows["polarity"].iloc[0] == "higher"
    cuts = statistics.quantiles(values, n=4, method="inclusive")
    bands = [
        "DCBA"[bisect_left(cuts, value)] if higher else "ABCD"[bisect_left(cuts, value)] for value in values
    ]
    best = sorted(values, reverse=higher)
    return bands, [1 + best.index(value) for value in values]


def test_the_release_publishes_no_bands_and_ours_are_those_of_its_tools_rule(release, published):
    columns = pd.read_parquet(published / "lait" / RELEASE).columns
    assert not [name for name in columns if "quart" in name.lower() or "band" in name.lower()]
    found = release.join(standing(release, options=AS_PUBLISHED))
    judged = found[found["value"].notna() & (found["polarity"] != "none")]
    checked = 0
    for _, rows in judged.groupby(["measure_id", "period"]):
        if len(rows) >= AS_PUBLISHED.least_authorities:
            bands, ranks = by_hand(rows)
            checked += len(rows)
            same = [ours == theirs for ours, theirs in zip(rows["band"], bands, strict=True)]
            assert all(same), rows[~np.array(same)]
            assert rows["rank"].tolist() == ranks
    assert checked == 328_272


def test_of_every_authority_in_the_release_only_those_with_a_figure_are_counted(release):
    found = release.join(standing(release, options=AS_PUBLISHED))
    counted = release.dropna(subset=["value"]).groupby(["measure_id", "period"]).size()
    ours = found[found["n"] > 0].groupby(["measure_id", "period"])["n"]
    pd.testing.assert_series_equal(ours.first(), counted, check_names=False)
    assert ours.min().equals(ours.max())
    assert (found.loc[found["value"].isna(), "n"] == 0).all()


def compared_with_england(path: Path) -> pd.DataFrame:
    """Rows that carry a verdict, with England's figure for the same thing and period (quintiles are held against all)."""
    keys = ["indicator", "measure", "unit", "inequality", "period"]
    rows = text(path).assign(value=lambda frame: numbers(frame["value"]))
    rows = rows[~rows["inequality"].str.contains("quintile")]
    england = rows[rows["area_code"] == ENGLAND].drop_duplicates(keys)[[*keys, "value"]]
    rows = rows[rows["area_code"] != ENGLAND].drop_duplicates([*keys, "area_code"])
    both = rows.merge(england.rename(columns={"value": "england"}), on=keys).dropna(
        subset=["value", "england"]
    )
    said = both["compared_to_England"].str.removesuffix(" 99.8")
    return both.assign(said=said)[said.isin(JUDGED)].reset_index(drop=True)


def test_no_published_verdict_lies_on_the_other_side_of_england(published):
    checked = against_the_side = 0
    for path in sorted((published / "fingertips").glob("*.csv")):
        rows = compared_with_england(path)
        rows = rows[rows["said"] != "Similar"]
        if rows.empty:
            continue
        above = rows["value"] > rows["england"]
        good = pd.crosstab(rows["said"].isin(["Better", "Higher"]), above).to_numpy()
        checked += len(rows)
        against_the_side += min(np.trace(good), len(rows) - np.trace(good)) if good.shape == (2, 2) else 0
    assert checked == 29_329
    assert against_the_side == 0


@pytest.mark.parametrize("name", PROGRAMME)
def test_wilson_intervals_give_the_published_verdicts_of_years_left_out(name, published):
    """Counts are not in the files: each authority's denominator is fitted to all its other years' verdicts."""
    rows = compared_with_england(published / f"fingertips/{name}.csv")
    rows = rows[rows["inequality"] == "NA"]
    rows = rows[rows.groupby("area_code")["period"].transform("size") >= 4].reset_index(drop=True)
    share, england = rows["value"].to_numpy()[:, None] / 100, rows["england"].to_numpy()[:, None] / 100
    lower, upper = wilson(share * TRIED, np.broadcast_to(TRIED, (len(rows), len(TRIED))))
    said = against(lower, upper, england, np.array([["lower"]]))
    agrees = said == rows["said"].str.lower().to_numpy()[:, None]
    code, _ = pd.factorize(rows["area_code"])
    total = np.zeros((code.max() + 1, len(TRIED)))
    np.add.at(total, code, agrees)
    without = total[code] - agrees
    best = without == without.max(axis=1, keepdims=True)
    middle = np.array([np.flatnonzero(line)[line.sum() // 2] for line in best])
    left_out = agrees[np.arange(len(rows)), middle].mean()
    assert left_out >= 0.92
    assert total.max(axis=1).sum() / len(rows) >= 0.985
